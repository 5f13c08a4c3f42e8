#include <algorithm>
#include <functional>
#include <streambuf>

#include "tests/api/common.h"

namespace akyn::testing {
namespace {

std::string written(const Store& store, const std::string& text, ResultFormat format,
                    const ResultOptions& options = {}) {
  std::ostringstream out;
  Rows rows = store.prepare(kPrefix + text).select();
  write_results(out, rows, format, options);
  return out.str();
}

TEST_CASE("solutions are written in every format") {
  const Store store = offices();
  const std::string query = "SELECT ?who ?d { ?who :holds ?o . ?o :since ?d } ORDER BY ?d LIMIT 1";
  CHECK(written(store, query, ResultFormat::table, {.prefixes = {{"", kEx}}}) ==
        " who        │ d\n────────────┼────────────\n :jeenbekov │ 2017-11-24\n1 row\n");
  CHECK(written(store, query, ResultFormat::csv) == "who,d\r\nhttp://ex.org/jeenbekov,2017-11-24\r\n");
  CHECK(written(store, query, ResultFormat::tsv) ==
        "?who\t?d\n<http://ex.org/jeenbekov>\t\"2017-11-24\"^^<http://www.w3.org/2001/XMLSchema#date>\n");
  CHECK(written(store, query, ResultFormat::json).find("\"vars\":[\"who\",\"d\"]") != std::string::npos);
  CHECK(written(store, query, ResultFormat::xml).find("<uri>http://ex.org/jeenbekov</uri>") != std::string::npos);
}

TEST_CASE("answers of ASK") {
  std::ostringstream out;
  write_answer(out, true, ResultFormat::json);
  CHECK(out.str() == "{\"head\":{},\"boolean\":true}\n");
}

TEST_CASE("graphs are written in every format") {
  Store store = Store::in_memory();
  store.insert({ex("a"), ex("p"), ex("b"), ex("g")});
  const auto text = [&](RdfFormat format) {
    std::ostringstream out;
    Quads quads = store.match({}, {}, {});
    write_quads(out, quads, format, {.prefixes = {{"", kEx}}});
    return out.str();
  };
  CHECK(text(RdfFormat::nquads) == "<http://ex.org/a> <http://ex.org/p> <http://ex.org/b> <http://ex.org/g> .\n");
  CHECK(text(RdfFormat::trig).find(":a :p :b") != std::string::npos);
  CHECK(text(RdfFormat::automatic) == text(RdfFormat::trig));
  CHECK(error_of([&] { (void)text(RdfFormat::turtle); }) == ErrorCode::invalid_argument);
}

// Numbers as IRIs and as values.
Store numbers() {
  Store store = Store::in_memory();
  Transaction transaction = store.begin();
  for (int i = 0; i < 6000; ++i) transaction.insert(ex(std::to_string(i)), ex("number"), integer(i));
  transaction.commit();
  return store;
}

TEST_CASE("rows read in part are written from there on") {
  const Store store = numbers();
  Query query = store.prepare(kPrefix + "SELECT ?n ?who { ?who :number ?n } ORDER BY ?n");
  for (const int before : {0, 1, 20, 4095, 4096, 4097, 5999, 6000}) {
    CAPTURE(before);
    Rows rows = query.select();
    for (int i = 0; i < before; ++i) REQUIRE(rows.next());
    std::string expected = "n,who\r\n";
    for (int i = before; i < 6000; ++i) {
      expected += std::to_string(i) + ',' + kEx + std::to_string(i) + "\r\n";
    }
    std::ostringstream out;
    CHECK(write_results(out, rows, ResultFormat::csv) == static_cast<std::uint64_t>(6000 - before));
    CHECK(out.str() == expected);
    CHECK_FALSE(rows.next());
    CHECK(error_of([&] { (void)rows.current()[0]; }) == ErrorCode::invalid_argument);
  }
  Rows gone = query.select();
  const Rows taken = std::move(gone);
  std::ostringstream out;
  CHECK(write_results(out, gone, ResultFormat::tsv) == 0);  // NOLINT(bugprone-use-after-move)
  CHECK(out.str() == "\n");
}

// Takes so many bytes and then tells.
class Listener final : public std::streambuf {
 public:
  Listener(std::size_t bytes, std::function<void()> tell) : left_(bytes), tell_(std::move(tell)) {}
  [[nodiscard]] std::size_t writes() const { return writes_; }

 protected:
  std::streamsize xsputn(const char*, std::streamsize size) override {
    ++writes_;
    const auto bytes = static_cast<std::size_t>(size);
    if (left_ != 0 && bytes >= left_) tell_();
    left_ -= std::min(left_, bytes);
    return size;
  }
  int_type overflow(int_type c) override { return c; }

 private:
  std::size_t left_;
  std::function<void()> tell_;
  std::size_t writes_ = 0;
};

TEST_CASE("writing stops when the query is cancelled, and writes little at a time but not each row") {
  const Store store = numbers();
  CancelToken token;
  Query query = store.prepare(kPrefix + "SELECT * { ?who :number ?n }");
  query.cancel_with(token);
  Rows rows = query.select();
  Listener listener(1000, [&] { token.cancel(); });
  std::ostream out(&listener);
  CHECK(error_of([&] { write_results(out, rows, ResultFormat::json); }) == ErrorCode::cancelled);
  CHECK(listener.writes() < 10);

  token.reset();
  Rows again = query.select();
  Listener quiet(0, [] {});
  std::ostream all(&quiet);
  CHECK(write_results(all, again, ResultFormat::json) == 6000);
  CHECK(quiet.writes() < 30);
}

TEST_CASE("a value that a format cannot hold is an error, whoever reads on") {
  Store store = Store::in_memory();
  store.insert({ex("a"), ex("p"), literal("\x01")});
  store.insert({ex("b"), ex("p"), literal("b")});
  Rows rows = store.prepare("SELECT ?o { ?s ?p ?o } ORDER BY DESC(?s)").select();
  std::ostringstream out;
  CHECK(error_of([&] { write_results(out, rows, ResultFormat::xml); }) == ErrorCode::unsupported);
}

TEST_CASE("a stream that fails is an error") {
  const Store store = offices();
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  Rows rows = store.prepare("SELECT * { ?s ?p ?o }").select();
  CHECK(error_of([&] { write_results(out, rows, ResultFormat::csv); }) == ErrorCode::io);
}

}  // namespace
}  // namespace akyn::testing

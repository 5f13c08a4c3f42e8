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

TEST_CASE("a stream that fails is an error") {
  const Store store = offices();
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  Rows rows = store.prepare("SELECT * { ?s ?p ?o }").select();
  CHECK(error_of([&] { write_results(out, rows, ResultFormat::csv); }) == ErrorCode::io);
}

}  // namespace
}  // namespace akyn::testing

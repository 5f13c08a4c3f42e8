#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/api/common.h"

namespace akyn::testing {
namespace {

TEST_CASE("single changes, matching and counting") {
  Store store = Store::in_memory();
  CHECK(store.insert({ex("a"), ex("p"), integer(1)}));
  CHECK_FALSE(store.insert({ex("a"), ex("p"), integer(1)}));
  CHECK(store.insert({ex("a"), ex("p"), integer(1), ex("g")}));
  CHECK(store.insert({ex("b"), ex("p"), literal("x")}));

  CHECK(store.count() == 3);
  CHECK(store.count(ex("a")) == 2);
  CHECK(store.count({}, {}, integer(1), Graph::default_graph()) == 1);
  CHECK(store.count({}, {}, {}, ex("g")) == 1);
  CHECK(store.count({}, {}, {}, ex("nowhere")) == 0);
  CHECK(store.count(ex("unknown")) == 0);
  CHECK(all(store.match({}, {}, {}, ex("g"))) == std::vector<Quad>{{ex("a"), ex("p"), integer(1), ex("g")}});
  CHECK(all(store.match(ex("b"), {}, {})) == std::vector<Quad>{{ex("b"), ex("p"), literal("x")}});
  CHECK(store.graphs() == std::vector<Term>{ex("g")});

  CHECK(store.remove({ex("a"), ex("p"), integer(1), ex("g")}));
  CHECK_FALSE(store.remove({ex("a"), ex("p"), integer(1), ex("g")}));
  CHECK_FALSE(store.remove({ex("never"), ex("heard"), ex("of")}));
  CHECK(store.graphs().empty());
  CHECK_NOTHROW(store.verify());
}

TEST_CASE("terms stand only where RDF has them") {
  Store store = Store::in_memory();
  const auto code = [&](const Quad& quad) { return error_of([&] { store.insert(quad); }); };
  CHECK(code({literal("s"), ex("p"), ex("o")}) == ErrorCode::invalid_argument);
  CHECK(code({ex("s"), blank("p"), ex("o")}) == ErrorCode::invalid_argument);
  CHECK(code({ex("s"), ex("p"), Term()}) == ErrorCode::invalid_argument);
  CHECK(code({ex("s"), ex("p"), ex("o"), literal("g")}) == ErrorCode::invalid_argument);
  CHECK(code({Term(), ex("p"), ex("o")}) == ErrorCode::invalid_argument);
  CHECK(message_of([&] {
          store.insert({literal("s"), ex("p"), ex("o")});
        }) == "\"s\" cannot be the subject of a statement; that must be an IRI or a blank node");
  CHECK(store.count() == 0);
}

TEST_CASE("a store on disk keeps what was committed") {
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory / "facts.akyn";
  const Term fact = triple_term(ex("a"), ex("p"), lang_literal("x", "en", Direction::ltr));
  {
    Store store = Store::open(path);
    load_turtle(store, "@prefix n: <http://ex.org/> . n:a n:p \"01\"^^<http://www.w3.org/2001/XMLSchema#integer> .");
    store.insert({ex("r"), ex("q"), fact, ex("g")});
    Transaction lost = store.begin();
    lost.insert({ex("lost"), ex("p"), ex("o")});
  }
  Store store = Store::open(path, {.create_if_missing = false});
  CHECK(store.count() == 2);
  CHECK(store.prefixes() == std::map<std::string, std::string>{{"n", kEx}});
  CHECK(all(store.match(ex("r"), {}, {})) == std::vector<Quad>{{ex("r"), ex("q"), fact, ex("g")}});
  CHECK(column(store, "SELECT ?o { :a :p ?o }") == std::vector<std::string>{"01"});
  CHECK_NOTHROW(store.verify());
}

TEST_CASE("opening what is not there, or is no store") {
  const TemporaryDirectory directory;
  CHECK(error_of([&] { (void)Store::open(directory / "none", {.create_if_missing = false}); }) == ErrorCode::not_found);
  CHECK(error_of([&] { (void)Store::open(directory / "none", {.read_only = true}); }) == ErrorCode::not_found);
  directory.write("file", "text");
  CHECK(error_of([&] { (void)Store::open(directory / "file"); }) == ErrorCode::not_a_store);
  std::filesystem::create_directory(directory / "dir");
  directory.write("dir/letter.txt", "text");
  CHECK(error_of([&] { (void)Store::open(directory / "dir"); }) == ErrorCode::not_a_store);
}

TEST_CASE("a store opened for reading beside its writer") {
  const TemporaryDirectory directory;
  Store writer = Store::open(directory / "s");
  writer.insert({ex("a"), ex("p"), ex("o")});
  Store reader = Store::open(directory / "s", {.read_only = true});
  CHECK(reader.count() == 1);
  CHECK(error_of([&] { reader.insert({ex("b"), ex("p"), ex("o")}); }) == ErrorCode::read_only);
  CHECK(error_of([&] { reader.update("INSERT DATA { <http://ex.org/b> a <http://ex.org/c> }"); }) ==
        ErrorCode::read_only);
  CHECK(error_of([&] { (void)Store::open(directory / "s"); }) == ErrorCode::locked);
}

TEST_CASE("a store closes with the last of what it handed out") {
  const TemporaryDirectory directory;
  std::optional<Rows> rows;
  {
    Store store = Store::open(directory / "s");
    store.insert({ex("a"), ex("p"), ex("o")});
    rows = store.prepare("SELECT * { ?s ?p ?o }").select();
  }
  REQUIRE(rows->next());
  CHECK(rows->current()["s"] == ex("a"));
  rows.reset();
  CHECK(Store::open(directory / "s").count() == 1);
}

TEST_CASE("updates of a store") {
  Store store = offices();
  store.update(kPrefix + "DELETE { ?o :since ?d } INSERT { ?o :from ?d } WHERE { ?o :since ?d }");
  CHECK(store.count({}, ex("since")) == 0);
  CHECK(store.count({}, ex("from")) == 2);
  const std::uint64_t before = store.count();
  CHECK(error_of([&] { store.update(kPrefix + "INSERT DATA { :x :y :z } ; CREATE GRAPH :g ; LOAD :nowhere"); }));
  CHECK(store.count() == before);
  CHECK(error_of([&] { store.update("INSERT DATA { :x :y }"); }) == ErrorCode::syntax);
  store.update("INSERT DATA { n:x n:y n:z }", {.prefixes = {{"n", kEx}}});
  CHECK(store.count() == before + 1);
}

TEST_CASE("the library knows its version") {
  CHECK(version().find('.') != std::string_view::npos);
}

TEST_CASE(
    "a store says how its statements are spread, is optimized, copied and checked, and all of that can be ended") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory / "store");
  const std::string turtle =
      "@prefix : <http://example.org/> . :a a :Person ; :knows :b, :c . :b a :Person ; :knows :c . :c a :Place .";
  std::istringstream text(turtle);
  LoadOptions options;
  options.format = RdfFormat::turtle;
  store.load(text, options);
  const auto check_statistics = [](const StoreStatistics& statistics) {
    CHECK(statistics.statements == 6);
    CHECK(statistics.default_graph == 6);
    CHECK(statistics.graphs == 0);
    REQUIRE(statistics.predicates.size() == 2);
    for (const PredicateStatistics& predicate : statistics.predicates) {
      CHECK(predicate.statements == 3);
      CHECK(predicate.exact);
      CHECK(predicate.subjects == (predicate.predicate == iri("http://example.org/knows") ? 2 : 3));
      CHECK(predicate.objects == 2);
    }
    REQUIRE(statistics.classes.size() == 2);
    CHECK(statistics.classes[0].type == iri("http://example.org/Person"));
    CHECK(statistics.classes[0].statements == 2);
  };
  check_statistics(store.statistics());
  int calls = 0;
  WorkOptions counted;
  counted.on_progress = [&](const WorkProgress& progress) {
    CHECK(progress.done <= progress.total);
    ++calls;
    return true;
  };
  store.optimize(counted);
  store.verify(counted);
  CHECK(calls > 2);
  check_statistics(store.statistics());
  store.backup(directory / "copy");
  check_statistics(Store::open(directory / "copy").statistics());
  Store::restore(directory / "copy", directory / "restored", counted);
  check_statistics(Store::open(directory / "restored").statistics());
  CHECK(error_of([&] { Store::restore(directory / "copy", directory / "restored"); }) == ErrorCode::invalid_argument);
  WorkOptions cancelled;
  cancelled.on_progress = [](const WorkProgress& progress) { return progress.phase != "copying"; };
  CHECK(error_of([&] { Store::restore(directory / "copy", directory / "again", cancelled); }) == ErrorCode::cancelled);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "")) left.push_back(entry.path().filename());
  CHECK(std::find(left.begin(), left.end(), "again") == left.end());
  CHECK(std::none_of(left.begin(), left.end(), [](const std::string& name) { return name.starts_with("."); }));
  // A flipped byte in the backup is found before anything is made of it.
  for (const auto& entry : std::filesystem::directory_iterator(directory / "restored")) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto place = static_cast<std::streamoff>(entry.file_size() / 3);
    file.seekg(place);
    const char byte = static_cast<char>(file.get() ^ 0x55);
    file.seekp(place);
    file.put(byte);
  }
  try {
    Store::restore(directory / "restored", directory / "again");
    FAIL("restored");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::corruption);
    CHECK(std::string(error.what()).starts_with("backup '" + (directory / "restored").string() + "'"));
  }
  CHECK_FALSE(std::filesystem::exists(directory / "again"));

  WorkOptions ended;
  ended.on_progress = [](const WorkProgress&) { return false; };
  for (const bool optimize : {true, false}) {
    try {
      if (optimize) {
        store.optimize(ended);
      } else {
        store.verify(ended);
      }
      FAIL("went on");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::cancelled);
    }
  }
  check_statistics(store.statistics());
}

}  // namespace
}  // namespace akyn::testing

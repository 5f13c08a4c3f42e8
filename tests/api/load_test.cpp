#include <ranges>

#include "tests/api/common.h"
#include "tests/source/compress.h"

namespace akyn::testing {
namespace {

TEST_CASE("a file is loaded by its extension") {
  const TemporaryDirectory directory;
  Store store = Store::in_memory();
  const LoadReport report = store.load(directory.write("a.ttl", "@prefix n: <http://ex.org/> . n:a n:p 1, 2, 1 ."));
  CHECK(report.read == 3);
  CHECK(report.inserted == 2);
  CHECK(report.elapsed.count() >= 0);
  CHECK(store.load(directory / "a.ttl").inserted == 0);
  store.load(directory.write("b.trig", "@prefix n: <http://ex.org/> . n:g { n:a n:p 3 }"));
  store.load(directory.write("c.nt", "<http://ex.org/a> <http://ex.org/p> \"4\" .\n"));
  store.load(directory.write("d.nq", "<http://ex.org/a> <http://ex.org/p> \"5\" <http://ex.org/g> .\n"));
  CHECK(store.count() == 5);
  CHECK(store.count({}, {}, {}, ex("g")) == 2);
  CHECK(store.prefixes().at("n") == kEx);
}

TEST_CASE("compressed files and streams are loaded as what they hold") {
  const TemporaryDirectory directory;
  const std::string text = "@prefix n: <http://ex.org/> . n:a n:p 1, 2 .";
  Store store = Store::in_memory();
  CHECK(store.load(directory.write("a.ttl.gz", gzipped(text))).inserted == 2);
  CHECK(store.load(directory.write("b.ttl.zst", zstd_compressed(text))).read == 2);
  std::istringstream stream(gzipped(text));
  CHECK(store.load(stream, {.format = RdfFormat::turtle}).read == 2);

  const std::string cut = zstd_compressed("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n");
  const std::string message =
      message_of([&] { store.load(directory.write("cut.nt.zst", cut.substr(0, cut.size() - 3))); });
  CHECK(message.find("cut.nt.zst:") != std::string::npos);
  CHECK(message.find("error: the zstd data is cut short") != std::string::npos);
  CHECK(message_of([&] { store.load(directory.write("none.nt.gz", "")); }).ends_with("the gzip data is cut short"));
  CHECK(store.count() == 2);

  LoadOptions options;
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "<urn:a> <urn:b> \"" + std::to_string(i) + "\" .\n";
  const std::string packed = gzipped(many);
  std::uint64_t last = 0;
  options.on_progress = [&](const LoadProgress& progress) {
    CHECK(progress.total_bytes == packed.size());
    CHECK(progress.bytes <= packed.size());
    last = progress.bytes;
    return true;
  };
  CHECK(store.load(directory.write("many.nt.gz", packed), options).inserted == 20000);
  CHECK(last == packed.size());
}

TEST_CASE("options of a load") {
  const TemporaryDirectory directory;
  Store store = Store::in_memory();
  const std::filesystem::path file = directory.write("data.txt", "<a> <p> <b> .");
  store.load(file, {.format = RdfFormat::turtle, .base_iri = kEx, .graph_iri = kEx + "g"});
  CHECK(all(store.match({}, {}, {})) == std::vector<Quad>{{ex("a"), ex("p"), ex("b"), ex("g")}});
  CHECK(error_of([&] { store.load(file, {.format = RdfFormat::turtle, .graph_iri = "no iri"}); }) ==
        ErrorCode::invalid_argument);
  CHECK(error_of([&] { store.load(file, {.format = RdfFormat::turtle, .base_iri = "no iri"}); }) ==
        ErrorCode::invalid_argument);

  // Without a base, relative IRIs are relative to the file itself.
  Store other = Store::in_memory();
  other.load(directory.write("my file.ttl", "<> <http://ex.org/p> <x> ."));
  const Quad quad = all(other.match({}, {}, {})).at(0);
  CHECK(quad.subject.value().starts_with("file:///"));
  CHECK(quad.subject.value().ends_with("/my%20file.ttl"));
}

TEST_CASE("blank nodes of a file are new ones, in triple terms too") {
  const std::string text = "PREFIX : <http://ex.org/>\n_:akyn1 :p _:b . :r :says <<( _:akyn1 :p _:b )>> .";
  Store store = Store::in_memory();
  load_turtle(store, text);
  load_turtle(store, text);
  CHECK(store.count() == 4);
  CHECK(column(store, "SELECT (COUNT(*) AS ?n) { ?a :p ?b . :r :says <<( ?a :p ?b )>> }") ==
        std::vector<std::string>{"2"});
}

TEST_CASE("a load is all or nothing") {
  Store store = Store::in_memory();
  load_turtle(store, "@prefix old: <http://old.org/> . old:a old:b old:c .");
  const std::string message = message_of([&] {
    std::istringstream input("@prefix : <http://ex.org/> .\n:a :p 1 .\n:a :p \"unterminated .\n");
    store.load(input, {.format = RdfFormat::turtle, .source_name = "facts.ttl"});
  });
  CHECK(message.starts_with("facts.ttl:3:7: error: "));
  CHECK(message.find("3 | :a :p \"unterminated .") != std::string::npos);
  CHECK(store.count() == 1);
  CHECK(store.prefixes().size() == 1);
  CHECK_NOTHROW(store.verify());
}

TEST_CASE("a lenient load counts and tells what it skipped") {
  Store store = Store::in_memory();
  LoadOptions options;
  options.format = RdfFormat::turtle;
  options.source_name = "facts.ttl";
  options.lenient = true;
  std::vector<std::string> told;
  options.on_skipped = [&](const Error& mistake) { told.emplace_back(mistake.what()); };
  std::istringstream input("@prefix : <http://ex.org/> .\n:a :p 1 .\n:a x:p 2 .\n:a :p 3, 1968-12-06 .\n");
  const LoadReport report = store.load(input, options);
  CHECK(report.inserted == 2);
  CHECK(report.skipped == 2);
  REQUIRE(told.size() == 2);
  CHECK(told[0].starts_with("facts.ttl:3:4: error: unknown prefix 'x'"));
  CHECK(store.count(ex("a"), ex("p"), integer(1968)) == 0);

  // What is not a mistake in the text is an error still.
  std::istringstream cut(zstd_compressed("<urn:a> <urn:b> <urn:c> .\n").substr(0, 30));
  CHECK(error_of([&] { store.load(cut, options); }) == ErrorCode::syntax);
  CHECK(store.count() == 2);
}

TEST_CASE("facts from tables and JSON are loaded, from two sources as one fact") {
  Store store = Store::in_memory();
  LoadOptions options;
  options.format = RdfFormat::csv;
  options.base_iri = kEx;
  options.facts.columns = {{"what", "object"}};
  std::istringstream table(
      "subject,predicate,what,source,confidence\nKaldora,population,6.5 million,Herald,0.9\n"
      "Kaldora,population,6.5 million,Wire,0.8\n");
  store.load(table, options);
  options.format = RdfFormat::jsonl;
  const std::string line =
      R"({"subject": "Kaldora", "predicate": "population", "what": 6500000, "source": "Post", "confidence": 0.7})";
  for (int i = 0; i < 2; ++i) {
    std::istringstream lines(line);
    CHECK(store.load(lines, options).inserted == (i == 0 ? 4 : 0));
  }
  CHECK(store.count(ex("Kaldora"), ex("population"), integer(6'500'000)) == 1);
  CHECK(column(store, "SELECT ?c { :Kaldora :population ?n {| :confidence ?c |} } ORDER BY ?c") ==
        std::vector<std::string>{"0.7", "0.8", "0.9"});
  options.format = RdfFormat::csv;
  std::istringstream bad("subject,predicate,what\na,b\n");
  options.source_name = "facts.csv";
  CHECK(message_of([&] { store.load(bad, options); }).starts_with("facts.csv:2:1: error: this row has 2 cells"));
  CHECK_NOTHROW(store.verify());
}

TEST_CASE("converting needs no store") {
  const TemporaryDirectory directory;
  std::ostringstream out;
  ConvertOptions options;
  options.to = RdfFormat::ntriples;
  const LoadReport report =
      convert(directory.write("a.ttl.gz", gzipped("<urn:a> <urn:b> 'x'@EN, true .")), out, options);
  CHECK(report.inserted == 2);
  CHECK(out.str() ==
        "<urn:a> <urn:b> \"x\"@EN .\n<urn:a> <urn:b> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n");
  std::istringstream quads("<urn:a> <urn:b> <urn:c> <urn:g> .\n");
  options.input.format = RdfFormat::nquads;
  CHECK(error_of([&] { convert(quads, out, options); }) == ErrorCode::invalid_argument);
  options.to = RdfFormat::rdfxml;
  CHECK(error_of([&] { convert(quads, out, options); }) == ErrorCode::unsupported);
}

TEST_CASE("a load tells how far it is and can be cancelled") {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "<http://ex.org/a> <http://ex.org/p> \"" + std::to_string(i) + "\" .\n";
  Store store = Store::in_memory();
  LoadOptions options;
  options.format = RdfFormat::ntriples;
  std::uint64_t calls = 0;
  options.on_progress = [&](const LoadProgress& progress) {
    ++calls;
    CHECK(progress.bytes <= text.size());
    return false;
  };
  std::istringstream input(text);
  CHECK(error_of([&] { store.load(input, options); }) == ErrorCode::cancelled);
  CHECK(calls == 1);
  CHECK(store.count() == 0);

  const TemporaryDirectory directory;
  options.format = RdfFormat::automatic;
  options.on_progress = [&](const LoadProgress& progress) {
    CHECK(progress.total_bytes == text.size());
    return true;
  };
  CHECK(store.load(directory.write("many.nt", text), options).inserted == 50000);
}

TEST_CASE("files that cannot be loaded") {
  const TemporaryDirectory directory;
  Store store = Store::in_memory();
  CHECK(error_of([&] { store.load(directory / "none.ttl"); }) == ErrorCode::not_found);
  std::filesystem::create_directory(directory / "dir.ttl");
  CHECK(error_of([&] { store.load(directory / "dir.ttl"); }) == ErrorCode::invalid_argument);
  const std::string unknown = message_of([&] { store.load(directory.write("data.xyz", "")); });
  CHECK(unknown.find("'.xyz' is no known extension") != std::string::npos);
  CHECK(unknown.find("--format") != std::string::npos);
  CHECK(unknown.find(".trig") != std::string::npos);
  std::istringstream input("");
  CHECK(error_of([&] { store.load(input, {}); }) == ErrorCode::invalid_argument);
}

TEST_CASE("an appender puts statements and files into the store together, or not at all") {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory.write("a.ttl", "@prefix n: <http://ex.org/> . n:a n:p _:b, 1 .");
  Store store = Store::open(directory / "store");
  {
    Appender appender = store.append();
    appender.append(ex("x"), ex("p"), literal("text"), ex("g"));
    appender.load(file);
  }
  CHECK(store.count() == 0);
  {
    Appender appender = store.append({.memory = 1 << 20, .threads = 2});
    for (int i = 0; i < 100'000; ++i) appender.append({ex("s" + std::to_string(i % 1000)), ex("p"), integer(i)});
    appender.append(ex("s0"), ex("p"), integer(0));
    appender.append(blank("b"), ex("p"), blank("b"), ex("g"));
    CHECK(appender.load(file).read == 2);
    CHECK(error_of([&] { appender.append(literal("no subject"), ex("p"), ex("o")); }) == ErrorCode::invalid_argument);
    CHECK(store.count() == 0);
    const LoadReport report = appender.commit();
    CHECK(report.read == 100'004);
    CHECK(report.inserted == 100'003);
    CHECK(error_of([&] { appender.append(ex("a"), ex("b"), ex("c")); }) == ErrorCode::closed);
    CHECK(error_of([&] { appender.commit(); }) == ErrorCode::closed);
  }
  CHECK(store.count() == 100'003);
  CHECK(store.count(ex("s7"), ex("p")) == 100);
  CHECK(store.prefixes().at("n") == kEx);
  // A node of the store is that node; the file's and the program's have nothing in common.
  const Quad quad = all(store.match({}, {}, {}, ex("g"))).at(0);
  CHECK(quad.subject == quad.object);
  Appender appender = store.append();
  appender.append(quad);
  appender.append(quad.subject, ex("q"), ex("o"));
  appender.rollback();
  CHECK(error_of([&] { appender.commit(); }) == ErrorCode::closed);
  CHECK(store.count() == 100'003);
}

TEST_CASE("a range of quads is loaded") {
  Store store = Store::in_memory();
  std::vector<Quad> quads;
  for (int i = 0; i < 10; ++i) quads.push_back({ex("s"), ex("p"), integer(i % 5), {}});
  const LoadReport report = store.load(quads);
  CHECK(report.read == 10);
  CHECK(report.inserted == 5);
  CHECK(store.load(quads | std::views::filter([](const Quad&) { return false; })).read == 0);
}

TEST_CASE("thirty nights of loads are one store") {
  const TemporaryDirectory directory;
  Store store = Store::open(directory / "store");
  for (int night = 0; night < 30; ++night) {
    std::string text;
    for (int i = 0; i < 4000; ++i) {
      const std::string event = "<http://ex.org/event/" + std::to_string(night) + "/" + std::to_string(i) + ">";
      text += event + " <http://ex.org/place> <http://ex.org/place/" + std::to_string(i % 50) + "> .\n";
      text += event + " <http://ex.org/title> \"event " + std::to_string(i) + " of night " + std::to_string(night) +
              "\" .\n";
    }
    CHECK(store.load(directory.write("night.nt", text), {.memory = 1 << 22}).inserted == 8000);
  }
  CHECK(store.count() == 240'000);
  CHECK(store.count({}, ex("place"), ex("place/7")) == 30 * 80);
  CHECK_NOTHROW(store.verify());
}

TEST_CASE("loading within a transaction") {
  Store store = Store::in_memory();
  Transaction transaction = store.begin();
  transaction.insert(ex("a"), ex("p"), ex("o"));
  std::istringstream bad("<http://ex.org/b> <http://ex.org/p> <http://ex.org/o> . oops");
  CHECK(error_of([&] { transaction.load(bad, {.format = RdfFormat::turtle}); }) == ErrorCode::syntax);
  CHECK(transaction.count() == 1);
  std::istringstream good("@prefix n: <http://ex.org/> . n:b n:p n:o .");
  CHECK(transaction.load(good, {.format = RdfFormat::turtle}).inserted == 1);
  CHECK(transaction.prefixes().size() == 1);
  CHECK(store.count() == 0);
  transaction.commit();
  CHECK(store.count() == 2);
}

}  // namespace
}  // namespace akyn::testing

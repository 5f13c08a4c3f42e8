// The sub-commands: what they print where, and their exit codes, for good and bad input.

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <thread>

#include "tests/shell/process.h"

namespace akyn::testing {
namespace {

constexpr std::string_view kFacts = R"(@prefix : <http://ex.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:japarov :name "Sadyr Japarov" ; :since "2020-10-14"^^xsd:date .
:kyrgyzstan :population 6500000 .
)";

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

struct Loaded : Workplace {
  Loaded() {
    write("facts.ttl", kFacts);
    const Outcome outcome = akyn(*this, {"load", "s.akyn", "facts.ttl"});
    REQUIRE(outcome.code == 0);
    CHECK(outcome.out.empty());
    CHECK(outcome.err.starts_with("facts.ttl: 3 statements, 3 new, "));
  }
};

TEST_CASE("answers in every format, on standard output alone") {
  const Loaded place;
  const std::string query = "SELECT ?n { ?who :name ?n }";
  const auto answer = [&](const std::string& format) {
    const Outcome outcome = akyn(place, {"query", "s.akyn", query, "--format", format});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    return outcome.out;
  };
  CHECK(akyn(place, {"query", "s.akyn", query}).out == answer("table"));
  CHECK(answer("table") == " n\n───────────────\n Sadyr Japarov\n1 row\n");
  CHECK(answer("json") ==
        "{\"head\":{\"vars\":[\"n\"]},\"results\":{\"bindings\":[\n"
        "{\"n\":{\"type\":\"literal\",\"value\":\"Sadyr Japarov\"}}\n]}}\n");
  CHECK(answer("csv") == "n\r\nSadyr Japarov\r\n");
  CHECK(answer("tsv") == "?n\n\"Sadyr Japarov\"\n");
  CHECK(holds(answer("xml"), "<literal>Sadyr Japarov</literal>"));
  CHECK(akyn(place, {"query", "s.akyn", "ASK { :japarov ?p ?o }"}).out == "true\n");
  CHECK(akyn(place, {"query", "s.akyn", "SELECT ?p { :kyrgyzstan :population ?p }"}).out ==
        "       p\n─────────\n 6500000\n1 row\n");
  CHECK(akyn(place, {"query", "s.akyn", "CONSTRUCT WHERE { ?s :name ?n }", "--format", "ntriples"}).out ==
        "<http://ex.org/japarov> <http://ex.org/name> \"Sadyr Japarov\" .\n");
  CHECK(holds(akyn(place, {"query", "s.akyn", "DESCRIBE :kyrgyzstan"}).out, ":population 6500000"));
}

TEST_CASE("queries from files and from standard input, and data without a store") {
  const Loaded place;
  place.write("q.rq", "SELECT ?n { ?who :name ?n }");
  const std::string csv = "n\r\nSadyr Japarov\r\n";
  CHECK(akyn(place, {"query", "s.akyn", "--file", "q.rq", "--format", "csv"}).out == csv);
  CHECK(akyn(place, {"query", "s.akyn", "-", "--format", "csv"}, "SELECT ?n { ?who :name ?n }").out == csv);
  CHECK(akyn(place, {"query", "--data", "facts.ttl", "SELECT ?n { ?who :name ?n }", "--format", "csv"}).out == csv);
  CHECK(akyn(place, {"query", "--format", "csv", "--data", "facts.ttl", "--file", "q.rq"}).out == csv);
  CHECK(akyn(place, {"query", "SELECT ?n { ?who :name ?n }", "--format", "csv", "--data", "facts.ttl"}).out == csv);
  place.write("more.nt", "<http://ex.org/x> <http://ex.org/name> \"X\" .\n");
  CHECK(akyn(place,
             {"query", "--data", "facts.ttl", "more.nt", "SELECT (COUNT(*) AS ?c) { ?s :name ?n }", "--format", "csv"})
            .out == "c\r\n2\r\n");
}

TEST_CASE("updates, and what is in a store") {
  const Loaded place;
  Outcome outcome = akyn(place, {"update", "s.akyn", "INSERT DATA { :a :b :c . GRAPH :g { :a :b :d } }"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.empty());
  place.write("u.ru", "DELETE WHERE { :japarov ?p ?o }");
  CHECK(akyn(place, {"update", "s.akyn", "--file", "u.ru"}).code == 0);
  const auto line_of = [](const std::string& text, const std::string& start) {
    const std::size_t at = text.find(start);
    std::string line = at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
    line.erase(std::unique(line.begin(), line.end(), [](char a, char b) { return a == ' ' && b == ' '; }), line.end());
    return line;
  };
  const std::string stats = akyn(place, {"stats", "s.akyn"}).out;
  CHECK(line_of(stats, "statements") == "statements 3");
  CHECK(line_of(stats, "in the default graph") == "in the default graph 2");
  CHECK(line_of(stats, "named graphs") == "named graphs 1");
  CHECK(line_of(stats, "predicate") == "predicate statements subjects objects");
  // In two graphs, whose subjects may be the same.
  CHECK(line_of(stats, "<http://ex.org/b>") == "<http://ex.org/b> 2 ~2 ~2");
  CHECK(line_of(stats, "<http://ex.org/population>") == "<http://ex.org/population> 1 1 1");
  outcome = akyn(place, {"verify", "s.akyn"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err == "s.akyn: sound, 3 statements\n");
}

TEST_CASE("a store is optimized and copied") {
  const Loaded place;
  const std::string query = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o";
  const std::string answer = akyn(place, {"query", "s.akyn", query, "--format", "csv"}).out;
  Outcome outcome = akyn(place, {"optimize", "s.akyn"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.empty());
  CHECK(outcome.err.starts_with("s.akyn: optimized, "));
  CHECK(akyn(place, {"backup", "s.akyn", "copies/today.akyn"}).code == 0);
  for (const char* store : {"s.akyn", "copies/today.akyn"}) {
    CHECK(akyn(place, {"query", store, query, "--format", "csv"}).out == answer);
    CHECK(akyn(place, {"verify", store}).code == 0);
  }
  outcome = akyn(place, {"backup", "s.akyn", "copies/today.akyn"});
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("copies/today.akyn") != std::string::npos);
  outcome = akyn(place, {"restore", "copies/today.akyn", "again.akyn"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.starts_with("again.akyn: restored from copies/today.akyn, "));
  CHECK(akyn(place, {"query", "again.akyn", query, "--format", "csv"}).out == answer);
  CHECK(akyn(place, {"update", "again.akyn", "INSERT DATA { <urn:a> <urn:b> 1 }"}).code == 0);
  CHECK(akyn(place, {"query", "copies/today.akyn", query, "--format", "csv"}).out == answer);
  CHECK(akyn(place, {"restore", "copies/today.akyn", "slashed.akyn/"}).code == 0);
  CHECK(akyn(place, {"query", "slashed.akyn", query, "--format", "csv"}).out == answer);
  CHECK(akyn(place, {"backup", "s.akyn", "copies/slashed.akyn/"}).code == 0);
  CHECK(akyn(place, {"verify", "copies/slashed.akyn"}).code == 0);
  outcome = akyn(place, {"restore", "copies/today.akyn", "again.akyn"});
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("there is something there already") != std::string::npos);
  CHECK(akyn(place, {"restore", "copies/none.akyn", "other.akyn"}).code == 1);
  CHECK_FALSE(std::filesystem::exists(place.path() / "other.akyn"));
  for (const char* command : {"optimize", "backup"}) {
    CHECK(akyn(place, {command, "none.akyn", "copies/other.akyn"}).code != 0);
    CHECK_FALSE(std::filesystem::exists(place.path() / "none.akyn"));
  }
}

TEST_CASE("loading into a graph, with a base, in a format that is said, from standard input") {
  const Workplace place;
  CHECK(akyn(place,
             {"load", "s.akyn", "-", "--format", "turtle", "--graph", "http://ex.org/g", "--base", "http://ex.org/"},
             "<a> <p> <b> .")
            .code == 0);
  CHECK(akyn(place, {"query", "s.akyn", "SELECT * { GRAPH ?g { ?s ?p ?o } }", "--format", "csv"}).out ==
        "g,s,p,o\r\nhttp://ex.org/g,http://ex.org/a,http://ex.org/p,http://ex.org/b\r\n");
}

TEST_CASE("mistakes in a query") {
  const Loaded place;
  const auto mistake = [&](const std::string& query) {
    const Outcome outcome = akyn(place, {"query", "s.akyn", query});
    CHECK(outcome.code == 1);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  const std::string prefix = mistake("PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nSELECT ?x { ?x foa:name ?n }");
  CHECK(prefix.starts_with("query:2:16: error: "));
  CHECK(holds(prefix, "'foa'"));
  CHECK(holds(prefix, "did you mean 'foaf'?"));
  CHECK(holds(prefix, "\n2 | SELECT ?x { ?x foa:name ?n }\n"));
  CHECK(holds(prefix, "^"));
  const std::string string = mistake("SELECT ?x { ?x :name \"Sadyr }");
  CHECK(string.starts_with("query:1:22: error: "));
  CHECK(holds(string, "\n1 | SELECT ?x { ?x :name \"Sadyr }\n"));
  const std::string cut = mistake("SELECT ?x { ?x :name");
  CHECK(cut.starts_with("query:1:21: error: "));
  CHECK(holds(cut, "expected"));
  place.write("q.rq", "SELECT ?x {\n ?x ?y }}");
  CHECK(akyn(place, {"query", "s.akyn", "--file", "q.rq"}).err.starts_with("q.rq:2:"));
  CHECK(akyn(place, {"query", "s.akyn", "-"}, "SELECT").err.starts_with("stdin:1:"));
  CHECK(akyn(place, {"update", "s.akyn", "INSERT DATA { :a :b }"}).err.starts_with("update:1:"));
  CHECK(akyn(place, {"query", "s.akyn", "-"}, std::string_view("ASK { \0\x1B }", 10)).err ==
        "stdin:1:7: error: unexpected character U+0000\n"
        "1 | ASK { \\u0000\\u001B }\n"
        "  |       ^~~~~~\n");
}

TEST_CASE("mistakes in a file leave the store as it was") {
  const Loaded place;
  place.write("good.ttl", "@prefix : <http://ex.org/> .\n:x :y :z .\n");
  place.write("bad.ttl", "@prefix : <http://ex.org/> .\n:x :y \"unterminated .\n");
  Outcome outcome = akyn(place, {"load", "s.akyn", "good.ttl", "bad.ttl"});
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, "bad.ttl:2:7: error: "));
  CHECK(holds(outcome.err, "\n2 | :x :y \"unterminated .\n"));
  CHECK(akyn(place, {"query", "s.akyn", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv"}).out ==
        "n\r\n3\r\n");

  outcome = akyn(place, {"load", "new.akyn", "none.ttl"});
  CHECK(outcome.code == 1);
  CHECK(outcome.err == "akyn: none.ttl: no such file\n");
  CHECK_FALSE(std::filesystem::exists(place.path() / "new.akyn"));

  place.write("facts.xyz", "");
  outcome = akyn(place, {"load", "s.akyn", "facts.xyz"});
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, "--format"));
  std::filesystem::create_directory(place.path() / "dir.ttl");
  CHECK(holds(akyn(place, {"load", "s.akyn", "dir.ttl"}).err, "is a directory"));
}

TEST_CASE("stores that are none") {
  const Workplace place;
  Outcome outcome = akyn(place, {"query", "none.akyn", "ASK {}"});
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, "none.akyn"));
  CHECK_FALSE(std::filesystem::exists(place.path() / "none.akyn"));
  std::filesystem::create_directory(place.path() / "letters");
  place.write("letters/a.txt", "text");
  for (const Words& words : {Words{"query", "letters", "ASK {}"},
                             {"load", "letters", "letters/a.txt", "--format", "turtle"},
                             {"verify", "letters"},
                             {"letters"}}) {
    outcome = akyn(place, words);
    CHECK(outcome.code == 1);
    CHECK(holds(outcome.err, "letters"));
    CHECK(holds(outcome.err, "not"));
  }
  CHECK(std::distance(std::filesystem::directory_iterator(place.path() / "letters"), {}) == 1);
}

TEST_CASE("a store that another process holds open") {
  const Loaded place;
  Session holder(place, {"s.akyn"}, Session::Kind::pipes);
  holder.type("ASK {}\n\n");
  holder.wait_for("true");
  const Outcome outcome = akyn(place, {"update", "s.akyn", "INSERT DATA { :a :b :c }"});
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, std::to_string(holder.process())));
  // Reading goes on beside it.
  CHECK(akyn(place, {"query", "s.akyn", "ASK { :japarov ?p ?o }"}).out == "true\n");
  CHECK(holder.finish() == 0);
}

TEST_CASE("calls that are wrong exit with 2") {
  const Loaded place;
  for (const Words& words : {Words{"load"},
                             {"load", "s.akyn"},
                             {"query"},
                             {"query", "s.akyn"},
                             {"query", "s.akyn", "ASK {}", "more"},
                             {"query", "s.akyn", "ASK {}", "--format", "jsn"},
                             {"query", "s.akyn", "ASK {}", "--formt", "json"},
                             {"query", "s.akyn", "ASK {}", "--file", "q.rq"},
                             {"update", "s.akyn"},
                             {"qurey"},
                             {"verify"},
                             {"query", "s.akyn", "ASK {}", "--format", "turtle"},
                             {"query", "s.akyn", "DESCRIBE :a", "--format", "json"},
                             {"query", "s.akyn", "ASK {}", "--timeout", "soon"},
                             {"query", "s.akyn", "ASK {}", "--timeout", "-1"},
                             {"query", "s.akyn", "ASK {}", "--memory", "much"},
                             {"query", "s.akyn", "--data", "facts.ttl", "ASK {}"},
                             {"query", "--data", "facts.ttl", "s.akyn", "ASK {}"},
                             // An empty variable of a script's.
                             {"query", "", "ASK {}"},
                             {"load", "", "facts.ttl"},
                             {"update", "", "CLEAR ALL"},
                             {"verify", ""},
                             {""},
                             {"load", "s.akyn", "-"},
                             {"load", "s.akyn", "facts.ttl", "--format", "json"}}) {
    std::string call;
    for (const std::string& word : words) call += word + ' ';
    CAPTURE(call);
    const Outcome outcome = akyn(place, words);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_FALSE(outcome.err.empty());
  }
  CHECK(holds(akyn(place, {"query", "s.akyn", "ASK {}", "--format", "jsn"}).err, "did you mean 'json'?"));
  CHECK(holds(akyn(place, {"qurey"}).err, "did you mean the command 'query'?"));
  CHECK(akyn(place, {"qurey", "s.akyn", "ASK {}"}).err ==
        "akyn: too much: s.akyn ASK {}; did you mean the command 'query'?\nTry 'akyn --help'.\n");
  CHECK(holds(akyn(place, {"s.akyn", "ASK {}"}).err, "akyn query STORE QUERY"));
  for (const Words& words : {Words{"s.akyn", "stats"}, {"s.akyn", "query", "s.akyn", "ASK {}"}}) {
    const Outcome outcome = akyn(place, words);
    CHECK(outcome.code == 2);
    CHECK(holds(outcome.err, "the command comes first"));
  }
  CHECK(akyn(place, {"load", "s.akyn"}).err == "akyn load: FILE is required\nTry 'akyn load --help'.\n");
  const std::string no_format = akyn(place, {"load", "new.akyn", "-"}, "<urn:a> <urn:b> 1 .").err;
  CHECK(holds(no_format, "--format turtle"));
  CHECK_FALSE(holds(no_format, "::"));
  CHECK_FALSE(std::filesystem::exists(place.path() / "new.akyn"));
  CHECK(akyn(place, {"help"}).code == 2);  // not a new store of that name
}

TEST_CASE("what load says is kept: a file that went in with a wrong one is not reported") {
  const Workplace place;
  place.write("right.ttl", "<urn:a> <urn:b> 1 .\n");
  place.write("wrong.ttl", "<urn:a> <urn:b> .\n");
  Outcome outcome = akyn(place, {"load", "s.akyn", "right.ttl", "wrong.ttl"});
  CHECK(outcome.code == 1);
  CHECK_FALSE(holds(outcome.err, "right.ttl: 1 statement"));
  outcome = akyn(place, {"load", "s.akyn", "right.ttl", "right.ttl"});
  CHECK(outcome.code == 0);
  CHECK(holds(outcome.err, "right.ttl: 1 statement\nright.ttl: 1 statement\n"));
  CHECK(holds(outcome.err, "2 files: 2 statements, 1 new"));
}

TEST_CASE("a store that is dumped and loaded again is the same") {
  const Workplace place;
  place.write("all.trig", R"(PREFIX : <http://ex.org/>
:s :p [ :q 1.50, "x"@en-GB--ltr ], ( 1 [] ) ; :r :o {| :source :x ; :date "d" |} .
:g { _:b :p _:b , <<( :a :b _:b )>> . }
)");
  REQUIRE(akyn(place, {"load", "a.akyn", "all.trig"}).code == 0);
  for (const std::string format : {"nquads", "trig"}) {
    const Outcome dump = akyn(place, {"dump", "a.akyn", "--format", format});
    CHECK(dump.code == 0);
    CHECK(dump.err.empty());
    const std::string copy = format + ".akyn";
    REQUIRE(akyn(place, {"load", copy, "-", "--format", format}, dump.out).code == 0);
    const std::string ask =
        "ASK { :s :p [ :q 1.50, 'x'@en-GB--ltr ], ( 1 [] ) . :s :r :o {| :source :x ; :date 'd' |} "
        "GRAPH :g { ?b :p ?b, <<( :a :b ?b )>> } }";
    CHECK(akyn(place, {"query", copy, "PREFIX : <http://ex.org/> " + ask}).out == "true\n");
    CHECK(akyn(place, {"stats", copy}).out == akyn(place, {"stats", "a.akyn"}).out);
  }
  CHECK(holds(akyn(place, {"dump", "a.akyn", "--canonical"}).out, "\"x\"@en-gb--ltr"));
  CHECK(holds(akyn(place, {"dump", "a.akyn", "--format", "trig"}).out, ":r :o {|\n"));
  CHECK(akyn(place, {"dump", "a.akyn", "--format", "turtle"}).code == 1);  // it has a named graph
  CHECK(akyn(place, {"dump", "none.akyn"}).code == 1);
}

TEST_CASE("files are converted by their names or as said") {
  const Workplace place;
  place.write("a.ttl", "PREFIX x: <http://x/> x:s x:p \"a\", <rel> .");
  Outcome outcome = akyn(place, {"convert", "a.ttl", "a.nt", "--base", "http://b/"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.starts_with("a.nt: 2 statements, "));
  CHECK(place.read("a.nt") == "<http://x/s> <http://x/p> \"a\" .\n<http://x/s> <http://x/p> <http://b/rel> .\n");
  outcome = akyn(place, {"convert", "a.ttl", "--to", "turtle", "--base", "http://x/"});
  CHECK(outcome.out == "PREFIX x: <http://x/>\n\nx:s x:p \"a\", x:rel .\n");
  CHECK(akyn(place, {"convert", "-", "--format", "nt", "--to", "nq"}, "<a:s> <a:p> <a:o> .\n").out ==
        "<a:s> <a:p> <a:o> .\n");
  place.write("bad.ttl", "<a:s> <a:p> .");
  CHECK(akyn(place, {"convert", "bad.ttl", "bad.nt"}).code == 1);
  CHECK_FALSE(std::filesystem::exists(place.path() / "bad.nt"));
  CHECK_FALSE(std::filesystem::exists(place.path() / "bad.nt.part"));
  CHECK(akyn(place, {"convert", "a.ttl"}).code == 2);
  CHECK(akyn(place, {"convert", "a.ttl", "a.xyz"}).code == 2);
  CHECK(akyn(place, {"convert", "a.ttl", "--to", "rdfxml"}).code == 2);
}

TEST_CASE("converting into a link or a pipe leaves it what it is") {
  const Workplace place;
  place.write("a.nt", "<a:s> <a:p> <a:o> .\n");
  place.write("old.nq", "old");
  std::filesystem::create_symlink("old.nq", place.path() / "link.nq");
  CHECK(akyn(place, {"convert", "a.nt", "link.nq"}).code == 0);
  CHECK(std::filesystem::is_symlink(place.path() / "link.nq"));
  CHECK(place.read("old.nq") == "<a:s> <a:p> <a:o> .\n");
  const std::string command = "cd '" + place.path().string() +
                              "' && mkfifo pipe.nq && { timeout 20 cat pipe.nq > got & } && '" +
                              std::string(AKYN_PROGRAM) + "' convert a.nt pipe.nq 2> err; echo $? > code; wait";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(place.read("code") == "0\n");
  CHECK(std::filesystem::is_fifo(place.path() / "pipe.nq"));
}

TEST_CASE("a lenient load says what it skipped and succeeds") {
  const Workplace place;
  std::string text = "<a:s> <a:p> <a:o> .\n";
  for (int i = 0; i < 30; ++i) text += "<a:s> <a:p> oops .\n";
  place.write("some.nt", text);
  CHECK(akyn(place, {"load", "s.akyn", "some.nt"}).code == 1);
  const Outcome outcome = akyn(place, {"load", "s.akyn", "some.nt", "--lenient"});
  CHECK(outcome.code == 0);
  CHECK(holds(outcome.err, "some.nt:2:13: error: expected an object"));
  CHECK(holds(outcome.err, "some.nt:21:13: error: "));
  CHECK_FALSE(holds(outcome.err, "some.nt:22:13: error: "));
  CHECK(holds(outcome.err, "some.nt: more mistakes follow"));
  CHECK(holds(outcome.err, "some.nt: 1 statement, 1 new, 30 skipped, "));
}

TEST_CASE("extracted facts are loaded with a mapping, from a file or from flags") {
  const Workplace place;
  place.write("facts.csv", "head,rel,tail,source\nKaldora,population,6.5 million,Herald\n");
  place.write("facts.map", "# who says what\nbase = http://k/\ncolumn head = subject\ncolumn rel = predicate\n");
  CHECK(akyn(place, {"load", "a.akyn", "facts.csv", "--map", "facts.map", "--column", "tail=object"}).code == 0);
  CHECK(akyn(place, {"query", "a.akyn", "SELECT ?n ?s { :Kaldora :population ?n {| :source ?s |} }", "--format", "csv"})
            .out == "n,s\r\n6500000,http://k/Herald\r\n");
  const Outcome wrong = akyn(place, {"load", "a.akyn", "facts.csv", "--map", "facts.map"});
  CHECK(wrong.code == 1);
  CHECK(holds(wrong.err, "facts.csv:1:1: error: no column is the object (there are: head, rel, tail, source)"));
  place.write("facts.map", "base http://k/\n");
  CHECK(
      holds(akyn(place, {"load", "a.akyn", "facts.csv", "--map", "facts.map"}).err, "facts.map:1:1: error: expected"));
  CHECK(akyn(place, {"load", "a.akyn", "facts.csv", "--column", "tail"}).code == 2);
}

TEST_CASE("a first load that fails or is interrupted leaves nothing behind") {
  const Workplace place;
  place.write("wrong.ttl", "<urn:a> <urn:b> 1 . <urn:a> <urn:b> .\n");
  place.write("facts.xyz", "");
  std::filesystem::create_directory(place.path() / "mine");
  for (const Words& words : {Words{"load", "s.akyn", "wrong.ttl"},
                             {"load", "deep/er/s.akyn", "wrong.ttl"},
                             {"load", "s.akyn", "facts.xyz"},
                             {"load", "s.akyn", "wrong.ttl", "--graph", "no iri"},
                             {"load", "mine", "wrong.ttl"}}) {
    CHECK(akyn(place, words).code == 1);
    CHECK_FALSE(std::filesystem::exists(place.path() / "s.akyn"));
    CHECK_FALSE(std::filesystem::exists(place.path() / "deep"));
    CHECK(std::filesystem::is_empty(place.path() / "mine"));
  }
  {
    // It waits for its input, of which there is some.
    Session session(place, {"load", "s.akyn", "-", "--format", "turtle"}, Session::Kind::pipes);
    session.type("<urn:a> <urn:b> 1 .\n");
    while (!std::filesystem::exists(place.path() / "s.akyn" / "CURRENT")) std::this_thread::yield();
    kill(session.process(), SIGINT);
    CHECK(session.wait() == 130);
    CHECK_FALSE(std::filesystem::exists(place.path() / "s.akyn"));
  }
  place.write("none.ttl", "");
  CHECK(akyn(place, {"load", "s.akyn", "none.ttl"}).code == 0);
  CHECK(akyn(place, {"query", "s.akyn", "ASK {}"}).out == "true\n");
}

TEST_CASE("help and version") {
  const Workplace place;
  Outcome outcome = akyn(place, {"--version"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.starts_with("akyn "));
  outcome = akyn(place, {"--help"});
  CHECK(outcome.code == 0);
  CHECK(holds(outcome.out, "verify"));
}

TEST_CASE("descriptors that were closed are not taken by files of the store") {
  const Loaded place;
  const auto run = [&](const std::string& redirections) {
    const std::string command = "cd '" + place.path().string() + "' && echo 'ASK { ?s ?p ?o }' | '" +
                                std::string(AKYN_PROGRAM) + "' s.akyn " + redirections;
    return WEXITSTATUS(std::system(command.c_str()));
  };
  CHECK(run(">&- 2> err") == 1);
  CHECK(holds(place.read("err"), "standard output cannot be written"));
  CHECK(run("<&- > out 2> err") == 1);
  CHECK(holds(place.read("err"), "standard input cannot be read"));
  CHECK(run("> out 2>&-") == 0);
  CHECK(place.read("out") == "true\n");
  CHECK(akyn(place, {"verify", "s.akyn"}).code == 0);
}

TEST_CASE("answers that cannot be written are an error") {
  const Loaded place;
  for (const std::string call : {"query s.akyn 'ASK {}'", "s.akyn < q.rq", "--help", "stats s.akyn"}) {
    CAPTURE(call);
    place.write("q.rq", "ASK {}\n\nASK {}\n");
    const std::string command =
        "cd '" + place.path().string() + "' && '" + std::string(AKYN_PROGRAM) + "' " + call + " > /dev/full 2> err";
    CHECK(WEXITSTATUS(std::system(command.c_str())) == 1);
    CHECK_FALSE(holds(place.read("err"), "internal"));
  }
}

TEST_CASE("limits and plans") {
  const Loaded place;
  const std::string endless =
      "SELECT (COUNT(*) AS ?n) { ?a0 ?b0 ?c0 . ?a1 ?b1 ?c1 . ?a2 ?b2 ?c2 . ?a3 ?b3 ?c3 . ?a4 ?b4 ?c4 ."
      " ?a5 ?b5 ?c5 . ?a6 ?b6 ?c6 . ?a7 ?b7 ?c7 . ?a8 ?b8 ?c8 . ?a9 ?b9 ?c9 . ?aa ?ba ?ca . ?ab ?bb ?cb ."
      " ?ac ?bc ?cc . ?ad ?bd ?cd . ?ae ?be ?ce . ?af ?bf ?cf . ?ag ?bg ?cg . ?ah ?bh ?ch"
      " FILTER(STRLEN(CONCAT(STR(?a0), STR(?a1), STR(?a2), STR(?a3), STR(?a4), STR(?a5), STR(?a6), STR(?a7), STR(?a8),"
      " STR(?a9), STR(?aa), STR(?ab), STR(?ac), STR(?ad), STR(?ae), STR(?af), STR(?ag), STR(?ah))) < 0) }";
  const Outcome outcome = akyn(place, {"query", "s.akyn", endless, "--timeout", "0.05"});
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, "akyn: "));
  CHECK(holds(akyn(place, {"query", "s.akyn", "SELECT * { ?s :name ?o }", "--explain"}).out, "name"));
}

TEST_CASE("a search for paths that finds too little memory says what to write") {
  const Loaded place;
  std::string tree;
  for (int i = 0; i < 1'000; ++i) {
    const std::string node = "<urn:n" + std::to_string(i) + ">";
    tree += "<urn:n> <urn:p> " + node + " .\n";
    for (int j = 0; j < 20; ++j)
      tree += node + " <urn:p> <urn:n" + std::to_string(i) + '_' + std::to_string(j) + "> .\n";
  }
  place.write("tree.nt", tree);
  REQUIRE(akyn(place, {"load", "tree.akyn", "tree.nt"}).code == 0);
  const std::string query = "SELECT (COUNT(?p) AS ?n) { PATH ?p = ALL SHORTEST (<urn:n> <urn:p>+ ?x) }";
  const Outcome outcome = akyn(place, {"query", "tree.akyn", query, "--memory", "1M"});
  CHECK(outcome.code == 1);
  CHECK(
      holds(outcome.err,
            "query:1:28: error: the query needs more than its memory limit of 1 MiB for intermediate results; a search "
            "for paths keeps what it has reached: bind both ends, add MAX LENGTH, or ask for ANY SHORTEST\n"));
  CHECK(holds(akyn(place, {"query", "tree.akyn", query, "--memory", "100M"}).out, "21000"));
}

TEST_CASE("other endpoints are asked with leave only") {
  const Loaded place;
  const std::string query = "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }";
  CHECK(holds(akyn(place, {"query", "s.akyn", query}).err, "SERVICE is switched off"));
  CHECK(holds(akyn(place, {"query", "s.akyn", query, "--allow-service"}).err, "SERVICE <file:///etc/passwd>: "));
  CHECK(holds(akyn(place, {}, query).err, "SERVICE is switched off"));
  CHECK(holds(akyn(place, {"--allow-service"}, query).err, "SERVICE <file:///etc/passwd>: "));
  CHECK(holds(akyn(place, {"s.akyn", "--allow-service"}, query).err, "SERVICE <file:///etc/passwd>: "));
}

TEST_CASE("a reader that goes away ends the command quietly") {
  const Loaded place;
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "<http://ex.org/s> <http://ex.org/p> \"" + std::to_string(i) + "\" .\n";
  place.write("many.nt", many);
  const std::string command = "cd '" + place.path().string() + "' && { '" + std::string(AKYN_PROGRAM) +
                              "' query --data many.nt 'SELECT ?o { ?s ?p ?o }' --format csv 2> err; echo $? > code; } "
                              "| head -n 1 > first";
  CHECK(std::system(command.c_str()) == 0);
  CHECK(place.read("first") == "o\r\n");
  CHECK(place.read("err").empty());
  CHECK(place.read("code") == "0\n");
}

}  // namespace
}  // namespace akyn::testing

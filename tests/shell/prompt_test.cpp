// The prompt, with its input piped in and on a terminal.

#include <doctest/doctest.h>

#include <csignal>

#include "tests/shell/process.h"

namespace akyn::testing {
namespace {

constexpr std::string_view kFacts = "@prefix : <http://ex.org/> .\n:a :p 1 . :b :p 2 . :c :q \"x\" .\n";

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Joins that would take hours.
std::string endless_query() {
  std::string text = "SELECT (COUNT(*) AS ?n) {";
  std::string all;
  for (int i = 0; i < 30; ++i) {
    const std::string n = std::to_string(i);
    text += " ?s" + n + " ?p" + n + " ?o" + n + " .";
    all += (i == 0 ? "STR(?s" : ", STR(?s") + n + ")";
  }
  return text + " FILTER(STRLEN(CONCAT(" + all + ")) < 0) }";
}

// Types `input` into `akyn` without a store.
Outcome typed(const Workplace& place, std::string_view input) {
  place.write("facts.ttl", kFacts);
  return akyn(place, {}, input);
}

TEST_CASE("piped statements end at a semicolon, an empty line, or where the next one begins") {
  const Workplace place;
  const Outcome outcome = typed(place, R"(.load facts.ttl
.format csv
SELECT ?v {
  ?s :p ?v

  FILTER(?v > 1)
}
ASK { :a ?p ?o } ;
ASK { :nobody ?p ?o }
# a comment

PREFIX e: <http://ex.org/>
SELECT (COUNT(*) AS ?n)
{ ?s e:p ?o }
ORDER BY ?n
INSERT DATA { :d :p 3 }
SELECT ?v { :d :p ?v })");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "v\r\n2\r\ntrue\r\nfalse\r\nn\r\n2\r\nv\r\n3\r\n");
  CHECK(holds(outcome.err, "facts.ttl: 3 statements, 3 new"));
  CHECK(holds(outcome.err, "Done: 1 statement more."));
}

TEST_CASE("a mistake is reported and the session goes on; the exit code remembers") {
  const Workplace place;
  const Outcome outcome = typed(place, "ASK { ?s nope:p ?o }\nASK {}\n.lod x\n.load none.ttl\n.load -\n");
  CHECK(outcome.code == 1);
  CHECK(outcome.out == "true\n");
  CHECK(holds(outcome.err, "query:1:10: error: "));
  CHECK(holds(outcome.err, "Unknown command .lod; did you mean .load?"));
  CHECK(holds(typed(place, "help\n").out, ".rollback"));
  CHECK(typed(place, "quit\nASK {}\n").out.empty());
  CHECK(holds(outcome.err, "akyn: none.ttl: no such file"));
  CHECK(holds(outcome.err, ".load takes a file"));
}

TEST_CASE("a command after a PREFIX line of its own is a command") {
  const Workplace place;
  const Outcome outcome =
      typed(place, "PREFIX : <http://e/>\n.begin\nINSERT DATA { :a :p 1 }\n.rollback\nASK { :a :p 1 }\n");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "false\n");
}

TEST_CASE("commands that show or set work inside a statement, which goes on") {
  const Workplace place;
  const Outcome outcome = typed(place, R"(.load facts.ttl
SELECT ?v {
.format csv
  ?s :p ?v
  .prefixes
  .help
  FILTER(?v > 1)
}
SELECT (COUNT(*) AS ?n)
.timer on
.timer off
{ ?s ?p ?o }
)");
  CHECK(outcome.code == 0);
  CHECK(holds(outcome.out, "PREFIX : <http://ex.org/>\n"));
  CHECK(holds(outcome.out, ".rollback"));
  CHECK(outcome.out.ends_with("v\r\n2\r\nn\r\n3\r\n"));
  CHECK(holds(outcome.err, "The timer is off."));
}

TEST_CASE("commands that act wait for the statement before them to end") {
  const Workplace place;
  const Outcome outcome = akyn(place, {"s.akyn"}, R"(PREFIX : <http://ex.org/>
.begin
INSERT DATA { :a :p 1
.commit
.load none.ttl
}
.rollback
ASK { :a ?p ?o }
)");
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, ".commit cannot run inside a statement"));
  CHECK(holds(outcome.err, ".load cannot run inside a statement"));
  CHECK_FALSE(holds(outcome.err, "Committed."));
  CHECK(holds(outcome.err, "Done, not committed yet: 1 statement more."));
  CHECK(outcome.out == "false\n");
}

TEST_CASE("piped, .quit inside a statement says that it is not whole") {
  const Workplace place;
  const Outcome outcome = typed(place, "ASK { ?s ?p\n.quit\nASK {}\n");
  CHECK(outcome.code == 1);
  CHECK(outcome.out.empty());
  CHECK(holds(outcome.err, "query:1:12: error: unexpected end of query"));
}

TEST_CASE("lines of a statement that begin with a full stop are no commands") {
  const Workplace place;
  const Outcome outcome = typed(place, R"(PREFIX help: <http://ex.org/> PREFIX : <http://ex.org/>

INSERT DATA {
  :x :p 1
  .
  :x :p .5
  .help:y :p
.25
  .:quit :p """
.quit
"""
}
.format csv
SELECT (COUNT(*) AS ?n) {
  ?s :p ?v
  .?s :p ?v
  .filter(isLiteral(?v))
}
)");
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "n\r\n4\r\n");
}

TEST_CASE("transactions at the prompt") {
  const Workplace place;
  const Outcome outcome = akyn(place, {"s.akyn"}, R"(.format csv
PREFIX : <http://ex.org/>

.commit
.begin
.begin
INSERT DATA { :a :p 1 }
SELECT (COUNT(*) AS ?n) { ?s ?p ?o }
.rollback
SELECT (COUNT(*) AS ?n) { ?s ?p ?o }
.begin
INSERT DATA { :a :p 1 }
DELETE DATA { :never :heard :of }
.commit
.begin
INSERT DATA { :a :p 2 }
)");
  CHECK(outcome.out == "n\r\n1\r\nn\r\n0\r\n");
  CHECK(outcome.code == 1);
  CHECK(holds(outcome.err, "No transaction is open"));
  CHECK(holds(outcome.err, "A transaction is open already"));
  CHECK(holds(outcome.err, "Done, not committed yet: 1 statement more."));
  CHECK(holds(outcome.err, "The open transaction was rolled back"));
  CHECK(akyn(place, {"query", "s.akyn", "SELECT ?o { ?s ?p ?o }", "--format", "csv"}).out == "o\r\n1\r\n");
}

TEST_CASE("commands that show") {
  const Workplace place;
  const Outcome outcome = typed(place, R"(.load facts.ttl http://ex.org/g
.prefixes
.graphs
.timer on
.explain SELECT ?v {
  ?s :p ?v }
.format turtle
GARBAGE
.format nonsense
.help
.quit
ASK {}
)");
  CHECK(holds(outcome.out, "PREFIX : <http://ex.org/>\n"));
  CHECK(holds(outcome.out, "         0  the default graph\n         3  <http://ex.org/g>\n"));
  CHECK(holds(outcome.out, "http://ex.org/p"));
  CHECK(holds(outcome.out, ".rollback"));
  CHECK_FALSE(holds(outcome.out, "true"));
  CHECK(holds(outcome.err, " ms\n"));
  CHECK(holds(outcome.err, "unknown format 'nonsense'"));
}

TEST_CASE("a prompt on a new store keeps it when something was committed") {
  const Workplace place;
  CHECK(akyn(place, {"new.akyn"}, "ASK {}\n.begin\nINSERT DATA { <urn:a> <urn:b> 1 }\n.rollback\n").code == 0);
  CHECK_FALSE(std::filesystem::exists(place.path() / "new.akyn"));
  CHECK(akyn(place, {"new.akyn"}, "INSERT DATA { <urn:a> <urn:b> 1 }\n").code == 0);
  CHECK(akyn(place, {"new.akyn"}, "ASK { ?s ?p 1 }\n").out == "true\n");
}

TEST_CASE("a store opened for reading takes no updates") {
  const Workplace place;
  REQUIRE(akyn(place, {"s.akyn"}, "INSERT DATA { <http://ex.org/a> <http://ex.org/p> 1 }").code == 0);
  const Outcome outcome = akyn(place, {"--read-only", "s.akyn"}, "ASK { ?s ?p ?o }\nCLEAR ALL\n");
  CHECK(outcome.out == "true\n");
  CHECK(outcome.code == 1);
}

TEST_CASE("Ctrl-C ends piped input with 130, whatever it is doing") {
  const Workplace place;
  place.write("facts.ttl", kFacts);
  Session session(place, {}, Session::Kind::pipes);
  session.type(".load facts.ttl\nASK {}\n\n");
  session.wait_for("true");
  session.type(endless_query() + ";\n");
  kill(session.process(), SIGINT);
  CHECK(session.finish() == 130);
}

TEST_CASE("on a terminal: prompts, statements of several lines, Ctrl-C") {
  const Workplace place;
  place.write("facts.ttl", kFacts);
  Session session(place, {}, Session::Kind::terminal);
  session.wait_for("in memory");
  session.wait_for("akyn> ");
  session.type(".load facts.ttl\n");
  session.wait_for("3 new");
  session.wait_for("akyn> ");
  session.type("SELECT ?v { ?s :p ?v } ORDER BY ?v\n");
  session.wait_for("2 rows");
  session.wait_for("akyn> ");
  session.type("SELECT ?v\n");
  session.wait_for("...> ");
  session.type("{ ?s :q ?v }\n");
  session.wait_for("(Enter runs it) > ");
  session.type("LIMIT 5;\n");
  session.wait_for("1 row");
  session.wait_for("akyn> ");
  session.type(".begin\n");
  session.wait_for("akyn*> ");
  session.type(".rollback\n");
  session.wait_for("akyn> ");

  session.type("SELECT ?half {");
  session.wait_for("?half {");
  session.type("\x03");
  session.wait_for("^C");
  session.wait_for("akyn> ");

  // A paste, as terminals bracket it: statements and commands, line by line.
  session.type(
      "\x1B[200~.prefixes\nSELECT ?v {\n\n ?s :p ?v }\nLIMIT 1\nSELECT (COUNT(*) AS ?n)\n{ ?s ?p ?o }\x1B[201~");
  session.wait_for("{ ?s ?p ?o }");
  session.type("\n");
  session.wait_for("PREFIX : <http://ex.org/>");
  session.wait_for("1 row");
  session.wait_for("3");
  session.wait_for("1 row");
  session.wait_for("akyn> ");

  session.type("SELECT ?v {\n");
  session.wait_for("...> ");
  session.type(".help\n");
  session.wait_for("Ctrl-D");
  session.wait_for("...> ");
  session.type(".load facts.ttl\n");
  session.wait_for("Ctrl-C drops it");
  session.wait_for("...> ");
  session.type("?s :q ?v };\n");
  session.wait_for("1 row");
  session.wait_for("akyn> ");

  session.type(".timer on\n");
  session.wait_for("on.");
  session.wait_for("akyn> ");
  session.type(endless_query() + "\n");
  session.wait_for("< 0) }");
  // The query runs, or is about to: in both cases the session goes on, and no answer comes.
  session.wait_for("\n");
  session.type("\x03");
  session.wait_for("ancelled");
  session.wait_for("akyn> ");
  session.type("ASK {}\n");
  session.wait_for("true");
  session.wait_for("akyn> ");
  session.type("ASK { ?s\n");
  session.wait_for("...> ");
  session.type(".quit\n");
  CHECK(session.finish() == 0);
  CHECK(holds(place.read("state/akyn/history"), "ORDER BY ?v"));
}

}  // namespace
}  // namespace akyn::testing

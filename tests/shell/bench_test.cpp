// akyn bench: a line for each query, whatever becomes of it.

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/shell/process.h"

namespace akyn::testing {
namespace {

constexpr std::string_view kFacts = R"(@prefix : <http://ex.org/> .
:a :name "A" ; :knows :b .
:b :name "B"@en ; :knows :c .
)";

// A join that would take hours.
const std::string kEndless =
    "SELECT (COUNT(*) AS ?n) { ?a0 ?b0 ?c0 . ?a1 ?b1 ?c1 . ?a2 ?b2 ?c2 . ?a3 ?b3 ?c3 . ?a4 ?b4 ?c4 . ?a5 ?b5 ?c5 ."
    " ?a6 ?b6 ?c6 . ?a7 ?b7 ?c7 . ?a8 ?b8 ?c8 . ?a9 ?b9 ?c9 . ?aa ?ba ?ca . ?ab ?bb ?cb . ?ac ?bc ?cc . ?ad ?bd ?cd ."
    " ?ae ?be ?ce . ?af ?bf ?cf . ?ag ?bg ?cg . ?ah ?bh ?ch"
    " FILTER(STRLEN(CONCAT(STR(?a0), STR(?a1), STR(?a2), STR(?a3), STR(?a4), STR(?a5), STR(?a6), STR(?a7), STR(?a8),"
    " STR(?a9), STR(?aa), STR(?ab), STR(?ac), STR(?ad), STR(?ae), STR(?af), STR(?ag), STR(?ah))) > 1) }";

struct Loaded : Workplace {
  Loaded() {
    write("facts.ttl", kFacts);
    REQUIRE(akyn(*this, {"load", "s.akyn", "facts.ttl"}).code == 0);
  }
};

using Fields = std::vector<std::string>;

std::vector<Fields> lines_of(const std::string& text) {
  std::vector<Fields> lines;
  std::istringstream input(text);
  for (std::string line; std::getline(input, line);) {
    Fields fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    lines.push_back(fields);
  }
  return lines;
}

// Names, rows and answers; the times are looked at here.
std::vector<Fields> answers_of(const Outcome& outcome) {
  CHECK(outcome.err.find("peak memory: ") != std::string::npos);
  std::vector<Fields> answers;
  for (const Fields& line : lines_of(outcome.out)) {
    REQUIRE(line.size() == 5);
    const double best = std::stod(line[1]);
    CHECK(best > 0);
    CHECK(std::stod(line[2]) >= best);
    answers.push_back({line[0], line[3], line[4]});
  }
  return answers;
}

TEST_CASE("every form of query, from TSV") {
  const Loaded place;
  place.write("q.tsv",
              "count\tSELECT (COUNT(*) AS ?n) { ?s ?p ?o }\n"
              "value\tSELECT ?n { :b :name ?n }\n"
              "rows\tSELECT ?s { ?s :knows ?o }\n"
              "columns\tSELECT ?s ?o { ?s :name 'A' ; :knows ?o }\n"
              "unbound\tSELECT ?none { :a :name ?n }\n"
              "none\tSELECT ?s { ?s :likes ?o }\n"
              "yes\tASK { :a :knows :b }\n"
              "no\tASK { :b :knows :a }\n"
              "construct\tCONSTRUCT { ?o :knownBy ?s } WHERE { ?s :knows ?o }\n"
              "describe\tDESCRIBE :a\n");
  const Outcome outcome = akyn(place, {"bench", "s.akyn", "q.tsv", "--repeat", "2", "--timeout", "60"});
  CHECK(outcome.code == 0);
  CHECK(answers_of(outcome) == std::vector<Fields>{{"count", "1", "4"},
                                                   {"value", "1", "\"B\"@en"},
                                                   {"rows", "2", "rows=2"},
                                                   {"columns", "1", "rows=1"},
                                                   {"unbound", "1", ""},
                                                   {"none", "0", "rows=0"},
                                                   {"yes", "1", "true"},
                                                   {"no", "1", "false"},
                                                   {"construct", "2", "rows=2"},
                                                   {"describe", "2", "rows=2"}});
}

TEST_CASE("queries of several lines, from CSV, with a number of threads") {
  const Loaded place;
  place.write("q.csv",
              "description,query\n"
              "\"knows, twice\",\"PREFIX e: <http://ex.org/>\nSELECT ?s # a remark\n{ ?s e:knows/e:knows ?o }\"\n"
              "\"two\nlines\",\"SELECT ?s { ?s :name \"\"A\"\" }\"\n");
  for (const char* threads : {"0", "1", "3"}) {
    const Outcome outcome = akyn(place, {"bench", "s.akyn", "q.csv", "--repeat", "1", "--threads", threads});
    CHECK(outcome.code == 0);
    CHECK(answers_of(outcome) ==
          std::vector<Fields>{{"knows, twice", "1", "<http://ex.org/a>"}, {"two lines", "1", "<http://ex.org/a>"}});
  }
}

TEST_CASE("a query that fails has its line, and the others theirs") {
  const Loaded place;
  place.write("q.tsv",
              "wrong\tSELECT ?s { ?s\n"
              "slow\t" +
                  kEndless +
                  "\n"
                  "service\tSELECT * { SERVICE <http://ex.org/> { ?s ?p ?o } }\n"
                  "right\tASK {}\n");
  const Outcome outcome = akyn(place, {"bench", "s.akyn", "q.tsv", "--timeout", "0.05"});
  CHECK(outcome.code == 1);
  const std::vector<Fields> answers = answers_of(outcome);
  REQUIRE(answers.size() == 4);
  CHECK(answers[0][2].starts_with("error: 1:15: unexpected end of query"));
  CHECK(answers[1] == Fields{"slow", "0", "timeout"});
  CHECK(answers[2][2].starts_with("error: "));
  CHECK(answers[3] == Fields{"right", "1", "true"});
}

TEST_CASE("answers are kept when a directory is named") {
  const Loaded place;
  place.write("q.tsv", "one\tSELECT ?s ?n { ?s :name ?n } ORDER BY ?s\ntwo\tCONSTRUCT WHERE { :a :knows ?o }\n");
  CHECK(akyn(place, {"bench", "s.akyn", "q.tsv", "--answers", "a/b"}).code == 0);
  CHECK(place.read("a/b/1") == "?s\t?n\n<http://ex.org/a>\t\"A\"\n<http://ex.org/b>\t\"B\"@en\n");
  CHECK(place.read("a/b/2") == "<http://ex.org/a> <http://ex.org/knows> <http://ex.org/b> .\n");
  place.write("file", "");
  CHECK(akyn(place, {"bench", "s.akyn", "q.tsv", "--answers", "file/b"}).code == 1);
}

TEST_CASE("a pipe sees each line before it gives the next query; Ctrl-C ends it") {
  const Loaded place;
  Session session(place, {"bench", "s.akyn", "-", "--timeout", "0"}, Session::Kind::pipes);
  session.type("first\tSELECT (COUNT(*) AS ?n) { ?s ?p ?o }\n");
  CHECK(session.wait_for("\t4\n").starts_with("first\t"));
  session.type("second\tASK {}\n");
  CHECK(session.wait_for("\ttrue\n").starts_with("second\t"));
  session.type("third\t" + kEndless + "\n");
  kill(session.process(), SIGINT);
  session.wait_for("peak memory: ");
  CHECK(session.wait() == 130);
}

TEST_CASE("bench called wrongly") {
  const Loaded place;
  place.write("q.tsv", "a\tASK {}\n");
  for (const Words& words : {Words{"bench"},
                             {"bench", "s.akyn"},
                             {"bench", "s.akyn", "q.tsv", "--repeat", "0"},
                             {"bench", "s.akyn", "q.tsv", "--timeout", "-1"},
                             {"bench", "s.akyn", "q.tsv", "--threads", "-1"}}) {
    CHECK(akyn(place, words).code == 2);
  }
  CHECK(akyn(place, {"bench", "none.akyn", "q.tsv"}).code == 1);
  CHECK(akyn(place, {"bench", "s.akyn", "none.tsv"}).code == 1);
  place.write("q.csv", "a,b\n1,2\n");
  const Outcome outcome = akyn(place, {"bench", "s.akyn", "q.csv"});
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("akyn: q.csv: line 1: the header") != std::string::npos);
}

}  // namespace
}  // namespace akyn::testing

#include <doctest/doctest.h>

#include "engine/results/display.h"
#include "tests/results/common.h"

namespace akyn::results {
namespace {

const ResultOptions kPrefixes = {.table_width = 0, .prefixes = {{"", "http://ex.org/"}, {"n", "http://ex.org/news/"}}};

std::string cell(const Term& term) {
  std::string out;
  append_cell(out, term.view(), PrefixNames(kPrefixes.prefixes));
  return out;
}

TEST_CASE("columns are aligned, numbers to the right, the end says how many rows") {
  CHECK(written(ResultFormat::table, {"who", "population"},
                {{iri("http://ex.org/Kyrgyzstan"), integer(6500000)}, {iri("http://ex.org/X"), Term()}}, kPrefixes) ==
        " who         │ population\n"
        "─────────────┼────────────\n"
        " :Kyrgyzstan │    6500000\n"
        " :X          │\n"
        "2 rows\n");
  CHECK(written(ResultFormat::table, {"x"}, {{literal("a")}}) == " x\n───\n a\n1 row\n");
  CHECK(written(ResultFormat::table, {"x"}, {}) == "no rows\n");
  CHECK(written(ResultFormat::table, {}, {{}}) == "1 row\n");
  CHECK(written(ResultFormat::table, true) == "true\n");
}

TEST_CASE("a column of numbers and words goes to the left") {
  CHECK(written(ResultFormat::table, {"value"}, {{integer(1)}, {literal("many")}}) ==
        " value\n───────\n 1\n many\n2 rows\n");
}

TEST_CASE("width is what the terminal shows, not bytes or code points") {
  CHECK(written(ResultFormat::table, {"a", "b"}, {{literal("東京"), literal("1")}, {literal("Жо"), literal("2")}}) ==
        " a    │ b\n"
        "──────┼───\n"
        " 東京 │ 1\n"
        " Жо   │ 2\n"
        "2 rows\n");
}

TEST_CASE("a table fits the terminal: the widest columns give way") {
  const ResultOptions options{.table_width = 30, .prefixes = {}};
  const std::string text =
      written(ResultFormat::table, {"id", "text"}, {{integer(7), literal(std::string(50, 'x'))}}, options);
  CHECK(text ==
        " id │ text\n"
        "────┼─────────────────────────\n"
        "  7 │ xxxxxxxxxxxxxxxxxxxxxx…\n"
        "1 row\n");
}

TEST_CASE("rows after the sample keep its widths") {
  Solutions rows(1000, {literal("ab")});
  rows.push_back({literal("abcdef")});
  const std::string whole = written(ResultFormat::table, {"v"}, rows);
  CHECK(whole.ends_with(" ab\n abcdef\n1001 rows\n"));
  const std::string cut = written(ResultFormat::table, {"v"}, rows, {.table_width = 80, .prefixes = {}});
  CHECK(cut.ends_with(" ab\n a…\n1001 rows\n"));
}

TEST_CASE("IRIs are shortened by the longest prefix that gives a plain local name") {
  CHECK(cell(iri("http://ex.org/news/42")) == "n:42");
  CHECK(cell(iri("http://ex.org/news/")) == "n:");
  CHECK(cell(iri("http://ex.org/a.b")) == ":a.b");
  CHECK(cell(iri("http://ex.org/Жумуш")) == ":Жумуш");
  CHECK(cell(iri("http://ex.org/100%25")) == ":100%25");
  CHECK(cell(iri("http://ex.org/a.")) == "<http://ex.org/a.>");
  CHECK(cell(iri("http://ex.org/-a")) == "<http://ex.org/-a>");
  CHECK(cell(iri("http://ex.org/a/b")) == "<http://ex.org/a/b>");
  CHECK(cell(iri("http://other.org/x")) == "<http://other.org/x>");
}

TEST_CASE("cells read as a person writes") {
  CHECK(cell(literal("Prime Minister")) == "Prime Minister");
  CHECK(cell(literal("")) == "\"\"");
  CHECK(cell(lang_literal("Бишкек", "ky")) == "Бишкек@ky");
  CHECK(cell(lang_literal("a", "he", Direction::rtl)) == "a@he--rtl");
  CHECK(cell(date(2020, 10, 15)) == "2020-10-15");
  CHECK(cell(typed_literal("5", "http://ex.org/unit")) == "5^^:unit");
  CHECK(cell(blank("b0")) == "_:b0");
  CHECK(cell(triple_term(iri("http://ex.org/a"), iri("http://ex.org/b"), literal("c \"d\""))) ==
        R"(<<( :a :b "c \"d\"" )>>)");
  CHECK(cell(triple_term(iri("http://ex.org/a"), iri("http://ex.org/b"), date(2020, 10, 15))) ==
        "<<( :a :b 2020-10-15 )>>");
}

TEST_CASE("nothing in a value steers the terminal") {
  CHECK(cell(literal("a\nb\tc\x1B[31m")) == "a\\nb\\tc\\u001B[31m");
  CHECK(cell(literal("\u202Eevil\u009B")) == "\\u202Eevil\\u009B");
  CHECK(cell(literal("bad\xFFutf8")) == "bad\uFFFDutf8");
}

}  // namespace
}  // namespace akyn::results

// Lists of queries: what is read of CSV and TSV, and when.

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "shell/query_list.h"

namespace akyn::shell {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs read(const std::string& text, QueryList::Kind kind) {
  std::istringstream input(text);
  QueryList list(input, kind, "list");
  Pairs pairs;
  while (std::optional<NamedQuery> query = list.next()) pairs.emplace_back(query->name, query->text);
  return pairs;
}

Pairs csv(const std::string& text) {
  return read(text, QueryList::Kind::csv);
}
Pairs tsv(const std::string& text) {
  return read(text, QueryList::Kind::tsv);
}

template <class Read>
std::string mistake(Read read, const std::string& text) {
  try {
    (void)read(text);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::syntax);
    return error.message();
  }
  return "";
}

TEST_CASE("TSV: a name, a tab, a query; lines end as they like") {
  CHECK(tsv("").empty());
  CHECK(tsv("a\tASK {}\n\nb c\tSELECT \"x\\ty\" {}\r\nd\tASK { }") ==
        Pairs{{"a", "ASK {}"}, {"b c", "SELECT \"x\\ty\" {}"}, {"d", "ASK { }"}});
  CHECK(tsv("a\t\"ASK\n{ ?s ?p \"\"o\"\" }\"\nb\tASK {}\n") == Pairs{{"a", "ASK\n{ ?s ?p \"o\" }"}, {"b", "ASK {}"}});
}

TEST_CASE("CSV: columns by the names in the header, quoted as in RFC 4180") {
  CHECK(csv("").empty());
  CHECK(csv("description,query\n").empty());
  CHECK(csv("description,query\r\n\"a, b\",\"SELECT ?s\r\n{ ?s ?p \"\"x\"\" }\"\r\n\"\",ASK {}") ==
        Pairs{{"a, b", "SELECT ?s\r\n{ ?s ?p \"x\" }"}, {"", "ASK {}"}});
  CHECK(csv("\xEF\xBB\xBFquery,id,name\nASK {},1,a\n") == Pairs{{"a", "ASK {}"}});
}

TEST_CASE("mistakes in a list, with their lines") {
  CHECK(mistake(tsv, "a\tASK {}\nb\n") == "list: line 2: expected a name and a query, 2 fields at least; there is 1");
  CHECK(mistake(tsv, "a\tASK\t{}\n").starts_with("list: line 1: "));
  CHECK(mistake(csv, "name,text\n").starts_with("list: line 1: the header"));
  CHECK(mistake(csv, "name,query\n\"a\n\"b,ASK {}\n").starts_with("list: line 3: expected the end of the field"));
  CHECK(mistake(csv, "name,query\na,\"ASK {}\n\n") == "list: line 2: a quotation mark that is never closed");
}

TEST_CASE("a query is there before the next one has come") {
  std::stringstream input;
  input << "a\tASK {}\n";
  QueryList list(input, QueryList::Kind::tsv, "list");
  CHECK(list.next()->name == "a");
  CHECK_FALSE(input.eof());
  input << "b\tASK {}\n";
  CHECK(list.next()->name == "b");
  CHECK_FALSE(list.next());
}

}  // namespace
}  // namespace akyn::shell

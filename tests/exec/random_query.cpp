#include "tests/exec/random_query.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace akyn::exec::test {

namespace {

class Generator {
 public:
  explicit Generator(std::mt19937_64& random) : random_(random) {}

  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }
  template <std::size_t size>
  [[nodiscard]] std::string one_of(const std::array<std::string_view, size>& choices) {
    return std::string(choices[below(size)]);
  }

  [[nodiscard]] std::string node() { return one_of<6>({":a", ":b", ":c", ":d", ":e", "_:x"}); }
  [[nodiscard]] std::string iri_node() { return one_of<5>({":a", ":b", ":c", ":d", ":e"}); }
  [[nodiscard]] std::string predicate() { return one_of<3>({":p", ":q", ":r"}); }
  [[nodiscard]] std::string literal() {
    return one_of<14>({"1", "2", "3", "10", "2.0", "2.5", "\"x\"", "\"xy\"", "\"y\"@en", "\"x\"@fr", "true",
                       "\"2020-01-01\"^^xsd:date", "\"01\"^^xsd:integer", "\"z\"^^:other"});
  }
  [[nodiscard]] std::string variable() { return one_of<6>({"?a", "?b", "?c", "?d", "?e", "?f"}); }

  [[nodiscard]] std::string subject() { return chance(75) ? variable() : iri_node(); }
  [[nodiscard]] std::string object() {
    if (chance(70)) return variable();
    return chance(50) ? iri_node() : literal();
  }
  [[nodiscard]] std::string verb() { return chance(80) ? predicate() : variable(); }

  [[nodiscard]] std::string path(int depth) {
    if (depth == 0) return predicate();
    switch (below(8)) {
      case 0:
        return "(" + path(depth - 1) + ")*";
      case 1:
        return "(" + path(depth - 1) + ")+";
      case 2:
        return "(" + path(depth - 1) + ")?";
      case 3:
        return "(" + path(depth - 1) + "/" + path(depth - 1) + ")";
      case 4:
        return "(" + path(depth - 1) + "|" + path(depth - 1) + ")";
      case 5:
        return "^(" + path(depth - 1) + ")";
      case 6:
        return "!(" + predicate() + "|^" + predicate() + ")";
      default:
        return predicate();
    }
  }

  [[nodiscard]] std::string triples() {
    if (chance(8)) return cycle();
    std::string text;
    const auto count = 1 + below(3);
    for (std::uint64_t i = 0; i < count; ++i) text += subject() + " " + verb() + " " + object() + " . ";
    return text;
  }

  // Of three or four variables, perhaps with a chord.
  [[nodiscard]] std::string cycle() {
    constexpr std::array<std::string_view, 4> kCorners = {"?a", "?b", "?c", "?d"};
    const std::size_t corners = 3 + below(2);
    std::string text;
    const auto add = [&](std::size_t from, std::size_t to) {
      if (chance(50)) std::swap(from, to);
      text +=
          std::string(kCorners[from % corners]) + " " + predicate() + " " + std::string(kCorners[to % corners]) + " . ";
    };
    for (std::size_t i = 0; i < corners; ++i) add(i, i + 1);
    if (chance(30)) add(0, 2);
    if (chance(30)) text += std::string(kCorners[below(corners)]) + " " + predicate() + " " + object() + " . ";
    return text;
  }

  [[nodiscard]] std::string value(int depth) {
    if (depth == 0 || chance(50)) return chance(70) ? variable() : literal();
    switch (below(7)) {
      case 0:
        return "(" + value(depth - 1) + " + " + value(depth - 1) + ")";
      case 1:
        return "STR(" + value(depth - 1) + ")";
      case 2:
        return "COALESCE(" + value(depth - 1) + ", " + value(depth - 1) + ")";
      case 3:
        return "IF(" + condition(depth - 1) + ", " + value(depth - 1) + ", " + value(depth - 1) + ")";
      case 4:
        return "STRLEN(" + value(depth - 1) + ")";
      case 5:
        return "(" + value(depth - 1) + " * " + value(depth - 1) + ")";
      default:
        return "DATATYPE(" + value(depth - 1) + ")";
    }
  }

  [[nodiscard]] std::string condition(int depth) {
    switch (below(depth > 0 ? 13 : 7)) {
      case 0:
        return value(1) + " = " + value(1);
      case 1:
        return value(1) + " != " + value(1);
      case 2:
        return value(1) + " < " + value(1);
      case 3:
        return value(1) + " >= " + value(1);
      case 4:
        return "BOUND(" + variable() + ")";
      case 5:
        return one_of<4>({"isIRI", "isLiteral", "isBlank", "isNumeric"}) + "(" + variable() + ")";
      case 6:
        return "CONTAINS(STR(" + variable() + "), \"x\")";
      case 7:
        return "(" + condition(depth - 1) + " && " + condition(depth - 1) + ")";
      case 8:
        return "(" + condition(depth - 1) + " || " + condition(depth - 1) + ")";
      case 9:
        return "!(" + condition(depth - 1) + ")";
      case 10:
        return value(1) + " IN (" + literal() + ", " + iri_node() + ", " + value(1) + ")";
      case 11:
        return "EXISTS { " + group(1) + "}";
      default:
        return "NOT EXISTS { " + group(1) + "}";
    }
  }

  [[nodiscard]] std::string values() {
    if (chance(50)) {
      std::string text = "VALUES " + variable() + " { ";
      const auto count = below(4);
      for (std::uint64_t i = 0; i < count; ++i)
        text += (chance(15) ? "UNDEF" : chance(60) ? iri_node() : literal()) + " ";
      return text + "} ";
    }
    std::string text = "VALUES (?a ?b) { ";
    const auto count = below(4);
    for (std::uint64_t i = 0; i < count; ++i) {
      text += "(" + (chance(20) ? "UNDEF" : iri_node()) + " " +
              (chance(20)   ? "UNDEF"
               : chance(50) ? iri_node()
                            : literal()) +
              ") ";
    }
    return text + "} ";
  }

  [[nodiscard]] std::string sub_select(int depth) {
    if (chance(40)) {
      const std::string key = variable();
      return "{ SELECT " + key + " (" + aggregate() + " AS ?n) { " + group(depth - 1) + "} GROUP BY " + key + " } ";
    }
    std::string text = "{ SELECT " + std::string(chance(30) ? "DISTINCT " : "");
    return text + variable() + " " + (chance(50) ? "?b" : "?c") + " { " + group(depth - 1) + "} } ";
  }

  [[nodiscard]] std::string aggregate() {
    switch (below(6)) {
      case 0:
        return "COUNT(*)";
      case 1:
        return "COUNT(" + variable() + ")";
      case 2:
        return "COUNT(DISTINCT " + variable() + ")";
      case 3:
        return "SUM(" + variable() + ")";
      case 4:
        return "MIN(" + variable() + ")";
      default:
        return "MAX(" + variable() + ")";
    }
  }

  [[nodiscard]] std::string element(int depth) {
    switch (below(depth > 0 ? 16 : 4)) {
      case 0:
      case 1:
      case 2:
        return triples();
      case 3:
        return subject() + " " + path(2) + " " + object() + " . ";
      case 4:
      case 5:
        return "OPTIONAL { " + group(depth - 1) + "} ";
      case 6:
        return "{ " + group(depth - 1) + "} UNION { " + group(depth - 1) + "} ";
      case 7:
        return "MINUS { " + group(depth - 1) + "} ";
      case 8:
      case 9:
        return "FILTER(" + condition(2) + ") ";
      case 10:
        return "GRAPH " + (chance(50) ? variable() : one_of<3>({":g1", ":g2", ":none"})) + " { " + group(depth - 1) +
               "} ";
      case 11:
        return values();
      case 12:
        // Of a variable that others have, which is refused where it is in scope already, or of one of its own.
        return "BIND(" + value(2) + " AS " + (chance(40) ? variable() : "?x" + std::to_string(below(1000))) + ") " +
               (chance(50) ? triples() : "");
      case 13:
        return sub_select(depth);
      case 14:
        return "{ " + group(depth - 1) + "} ";
      default:
        return triples();
    }
  }

  [[nodiscard]] std::string group(int depth) {
    std::string text = chance(85) ? triples() : "";
    const auto count = below(3);
    for (std::uint64_t i = 0; i < count; ++i) text += element(depth);
    return text;
  }

  [[nodiscard]] RandomQuery query() {
    RandomQuery result;
    std::string from;
    if (chance(10)) from += "FROM :g1 ";
    if (chance(10)) from += "FROM :g2 ";
    if (chance(8)) from += "FROM NAMED :g1 ";
    if (chance(25)) {
      const std::string key = variable();
      result.text = "SELECT " + key + " (" + aggregate() + " AS ?n) (" + aggregate() + " AS ?m) " + from + "{ " +
                    group(2) + "} GROUP BY " + key;
      if (chance(20)) result.text += " HAVING(COUNT(*) > 1)";
      return result;
    }
    if (chance(15)) {
      result.text = "SELECT (" + aggregate() + " AS ?n) " + from + "{ " + group(2) + "}";
      return result;
    }
    const std::string what = chance(40) ? "*" : variable() + " " + (chance(50) ? "?b" : "?d");
    result.text = "SELECT " + std::string(chance(25) ? "DISTINCT " : "") + what + " " + from + "{ " + group(2) + "}";
    if (chance(20)) result.text += " ORDER BY " + std::string(chance(50) ? "DESC(" : "(") + value(1) + ")";
    if (chance(15)) {
      result.limited = true;
      result.text += " LIMIT " + std::to_string(below(6));
      if (chance(40)) result.text += " OFFSET " + std::to_string(below(4));
    }
    return result;
  }

 private:
  std::mt19937_64& random_;
};

}  // namespace

std::string random_data(std::mt19937_64& random) {
  Generator generator(random);
  const auto triple = [&] {
    return generator.node() + " " + generator.predicate() + " " +
           (generator.chance(60) ? generator.node() : generator.literal()) + " . ";
  };
  std::string text;
  const auto count = generator.below(25);
  for (std::uint64_t i = 0; i < count; ++i) text += triple();
  for (const std::string_view name : {":g1", ":g2"}) {
    if (generator.chance(30)) continue;
    text += std::string(name) + " { ";
    const auto triples = generator.below(8);
    for (std::uint64_t i = 0; i < triples; ++i) text += triple();
    text += "} ";
  }
  return text;
}

RandomQuery random_query(std::mt19937_64& random) {
  return Generator(random).query();
}

}  // namespace akyn::exec::test

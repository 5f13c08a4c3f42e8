// What tests of expressions share: terms of every kind, stored and not, and expressions made up of them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/term.h>
#include "engine/algebra/algebra.h"
#include "engine/exec/batch.h"
#include "engine/exec/run.h"
#include "engine/oracle/evaluator.h"
#include "engine/storage/database.h"

namespace akyn::exec::test {

using algebra::Expression;
using algebra::make_expression;
using sparql::BinaryOperator;

constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";

inline Term xsd(std::string_view text, std::string_view type) {
  return typed_literal(text, std::string(kXsd) + std::string(type));
}

inline std::vector<Term> all_terms() {
  std::vector<Term> terms{iri("http://example/a"), iri("http://example/b"), iri("http://other/caf\u00e9"), blank("x1"),
                          blank("x2")};
  for (const char* text : {"",
                           "a",
                           "abc",
                           "ABC",
                           "abcabc",
                           "caf\u00e9",
                           "\u00c9t\u00e9",
                           "b",
                           "ab",
                           "5",
                           "1.5",
                           "true",
                           "2020-01-01",
                           "2020-01-01T00:00:00Z",
                           "en",
                           "a.c",
                           "http://example/a",
                           "\U0001F600smile",
                           "\u00df",
                           "EN-gb",
                           "zz"}) {
    terms.push_back(literal(text));
    terms.push_back(lang_literal(text, "en"));
  }
  terms.push_back(lang_literal("abc", "EN"));
  terms.push_back(lang_literal("abc", "en-GB"));
  terms.push_back(lang_literal("abc", "de"));
  terms.push_back(lang_literal("abc", "ar", Direction::rtl));
  terms.push_back(lang_literal("abc", "ar", Direction::ltr));
  for (const char* text : {"0",
                           "1",
                           "-1",
                           "2",
                           "5",
                           "01",
                           "+5",
                           "-0",
                           "42",
                           "-42",
                           "100",
                           "1000000",
                           "576460752303423487",
                           "576460752303423488",
                           "-576460752303423488",
                           "-576460752303423489",
                           "9007199254740993",
                           "9007199254740992",
                           "9223372036854775807",
                           "-9223372036854775808",
                           "123456789012345678901234567890",
                           "-123456789012345678901234567890",
                           "x",
                           "1.5"}) {
    terms.push_back(xsd(text, "integer"));
  }
  for (const char* text : {"0.0",
                           "0",
                           "-0.0",
                           "1.5",
                           "1.50",
                           "-1.5",
                           "2.0",
                           "2",
                           "0.1",
                           "0.10",
                           "0.5",
                           "-0.5",
                           "1e3",
                           "0.1000000000000000055511151231257827",
                           "123456789012345.678901",
                           "5.0",
                           "42.0",
                           "0.30000000000000004",
                           "100.25",
                           "9007199254740993.0",
                           "99999999999999999999999999999999999999999.5"}) {
    terms.push_back(xsd(text, "decimal"));
  }
  for (const char* text : {"0",
                           "0.0",
                           "-0.0",
                           "0e0",
                           "0E0",
                           "-0.0E0",
                           "1.5",
                           "1.5E0",
                           "1.5e0",
                           "-1.5E0",
                           "2.0E0",
                           "5",
                           "0.1",
                           "1.0E-1",
                           "0.30000000000000004",
                           "NaN",
                           "INF",
                           "-INF",
                           "+INF",
                           "1e400",
                           "1E308",
                           "1.7976931348623157E308",
                           "5e-324",
                           "9007199254740992",
                           "9007199254740993",
                           "1e6",
                           "1E6",
                           "42",
                           "x",
                           "1.00000001490116E-1"}) {
    terms.push_back(xsd(text, "double"));
  }
  for (const char* text : {"0.1", "1.5", "NaN", "INF", "-INF", "-0.0", "0", "16777217", "1e39", "5", "x", "0.3"}) {
    terms.push_back(xsd(text, "float"));
  }
  terms.push_back(xsd("true", "boolean"));
  terms.push_back(xsd("false", "boolean"));
  terms.push_back(xsd("1", "boolean"));
  terms.push_back(xsd("0", "boolean"));
  terms.push_back(xsd("yes", "boolean"));
  for (const char* type : {"int", "byte", "unsignedByte", "nonNegativeInteger", "negativeInteger", "long"}) {
    for (const char* text : {"5", "300", "-5", "05", "0"}) terms.push_back(xsd(text, type));
  }
  for (const char* text : {"2020-01-01", "2020-01-01Z", "2020-01-01+14:00", "2020-01-01-14:00", "2020-01-02",
                           "1999-12-31", "0001-01-01", "-0044-03-15", "2020-02-30", "2020-01-01+05:30",
                           "2020-01-01+00:00", "12020-01-01", "2019-12-31-10:00", "999999999-12-31"}) {
    terms.push_back(xsd(text, "date"));
  }
  for (const char* text :
       {"2020-01-01T00:00:00", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00+14:00",
        "2020-01-01T00:00:00-14:00", "2020-01-01T12:34:56.789", "2020-01-01T12:34:56.7890Z", "2019-12-31T24:00:00",
        "1850-06-15T08:09:10.123", "1850-06-15T08:09:10.1234", "3000-01-01T00:00:00Z", "2020-01-01T10:00:00+05:45",
        "2020-01-01T10:00:00+05:47", "2020-01-01T00:00:00.000000000000000001", "2020-01-01T13:59:59",
        "2020-01-01T14:00:00", "2020-13-01T00:00:00", "-0001-01-01T00:00:00Z", "300000-01-01T00:00:00"}) {
    terms.push_back(xsd(text, "dateTime"));
    terms.push_back(xsd(text, "dateTimeStamp"));
  }
  for (const char* text : {"00:00:00", "12:00:00Z", "24:00:00", "23:59:59.5+01:00", "11:00:00"})
    terms.push_back(xsd(text, "time"));
  terms.push_back(xsd("2020", "gYear"));
  terms.push_back(xsd("2020Z", "gYear"));
  terms.push_back(xsd("2020-05", "gYearMonth"));
  terms.push_back(xsd("--05", "gMonth"));
  terms.push_back(xsd("--05-06", "gMonthDay"));
  terms.push_back(xsd("---06", "gDay"));
  for (const char* text : {"P1Y", "P12M", "P365D", "PT1H", "PT3600S", "P1D", "PT24H", "P1M", "P30D", "-P1D", "P0D"}) {
    terms.push_back(xsd(text, "duration"));
  }
  for (const char* text : {"PT1H", "PT60M", "P1D", "-PT1.5S", "PT0S", "PT86400S"})
    terms.push_back(xsd(text, "dayTimeDuration"));
  for (const char* text : {"P1Y", "P12M", "-P1M", "P0M"}) terms.push_back(xsd(text, "yearMonthDuration"));
  terms.push_back(typed_literal("abc", "http://example/type"));
  terms.push_back(typed_literal("abd", "http://example/type"));
  terms.push_back(typed_literal("abc", "http://example/other"));
  terms.push_back(triple_term(iri("http://example/a"), iri("http://example/p"), xsd("1", "integer")));
  terms.push_back(triple_term(iri("http://example/a"), iri("http://example/p"), xsd("1.0", "decimal")));
  terms.push_back(triple_term(iri("http://example/a"), iri("http://example/p"), literal("abc")));
  terms.push_back(triple_term(iri("http://example/b"), iri("http://example/p"),
                              triple_term(iri("http://example/a"), iri("http://example/p"), xsd("5", "int"))));
  return terms;
}

// A store with a dictionary run and a tail, and what a query needs around it.
class Fixture {
 public:
  Fixture() : terms_of_all_(all_terms()), database_(storage::Database::in_memory({})) {
    std::shuffle(terms_of_all_.begin(), terms_of_all_.end(), std::mt19937(7));
    const std::size_t third = terms_of_all_.size() / 3;
    store(0, third);
    database_->optimize();
    store(third, 2 * third);
    terms = std::make_unique<LocalTerms>(database_->snapshot());
    for (const char* name : {"a", "b", "c", "d"}) slots.push_back(query.variables.variable(name));
    environment.base_iri = "http://base/dir/";
    run = std::make_unique<Run>(query, *terms, environment);
    evaluator = std::make_unique<oracle::Evaluator>(query, *terms, environment);
    evaluator->context().now = run->functions().now;
    evaluator->context().blank_seed = run->functions().blank_seed;
    for (const Term& term : terms_of_all_) ids.push_back(terms->id(term));
  }

  algebra::Query query;
  runtime::Environment environment;
  std::unique_ptr<LocalTerms> terms;
  std::unique_ptr<Run> run;
  std::unique_ptr<oracle::Evaluator> evaluator;
  std::vector<Slot> slots;
  std::vector<Id> ids;

  [[nodiscard]] std::string show(std::uint64_t bits) const {
    return bits == 0 ? "-" : terms->term(Id::from_bits(bits)).to_string();
  }

 private:
  void store(std::size_t first, std::size_t last) {
    const auto writer = database_->begin();
    const Id subject = writer->intern(iri("http://example/s").view());
    const Id predicate = writer->intern(iri("http://example/p").view());
    for (std::size_t i = first; i < last; ++i) {
      const bool blank_node = terms_of_all_[i].is_blank();
      const Id id = blank_node ? writer->new_blank() : writer->intern(terms_of_all_[i].view());
      if (blank_node) terms_of_all_[i] = writer->snapshot()->term(id);
      writer->insert({subject, predicate, id, storage::kDefaultGraph});
    }
    writer->commit();
  }

  std::vector<Term> terms_of_all_;
  std::shared_ptr<storage::Database> database_;
};

// Makes up expressions that are often well typed.
class Maker {
 public:
  Maker(const Fixture& fixture, unsigned seed) : random(seed), fixture_(fixture) {}

  Expression any(int depth) {
    switch (below(depth > 0 ? 9 : 2)) {
      case 0:
        return variable();
      case 1:
        return constant();
      case 2:
      case 3:
        return number(depth);
      case 4:
        return string(depth);
      case 5:
      case 6:
        return truth(depth);
      case 7:
        return other(depth);
      default:
        return below(2) == 0
                   ? make_expression(algebra::IfOperator{}, {truth(depth - 1), any(depth - 1), any(depth - 1)})
                   : make_expression(algebra::CoalesceOperator{}, some(depth - 1, 1 + below(3)));
    }
  }

  Expression truth(int depth) {
    if (depth <= 0) return below(3) == 0 ? variable() : simple_condition();
    switch (below(14)) {
      case 0:
        return make_expression(algebra::OrOperator{}, truths(depth - 1, 2 + below(2)));
      case 1:
      case 2:
        return make_expression(algebra::AndOperator{}, truths(depth - 1, 2 + below(2)));
      case 3:
        return make_expression(algebra::NotOperator{}, {truth(depth - 1)});
      case 4:
        return make_expression(algebra::CompareOperator{comparison()}, {number(depth - 1), number(depth - 1)});
      case 5:
        return make_expression(algebra::CompareOperator{comparison()}, {any(depth - 1), any(depth - 1)});
      case 6:
        return make_expression(algebra::CompareOperator{comparison()}, {string(depth - 1), string(depth - 1)});
      case 7: {
        std::vector<Expression> arguments{any(depth - 1)};
        const unsigned count = below(4);
        for (unsigned i = 0; i < count; ++i) arguments.push_back(below(3) == 0 ? any(depth - 1) : constant());
        return make_expression(algebra::InOperator{below(2) == 0}, std::move(arguments));
      }
      case 8:
        return one_of({"CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "LANGMATCHES"},
                      {string(depth - 1), string(depth - 1)});
      case 9:
        return one_of({"ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "ISTRIPLE", "HASLANG", "HASLANGDIR"},
                      {any(depth - 1)});
      case 10:
        return one_of({"SAMETERM"}, {any(depth - 1), any(depth - 1)});
      case 11:
        return cast("boolean", any(depth - 1));
      default:
        return simple_condition();
    }
  }

  std::mt19937 random;

 private:
  unsigned below(unsigned bound) { return std::uniform_int_distribution<unsigned>(0, bound - 1)(random); }

  // What kernels on Ids and ranges are made for.
  Expression simple_condition() {
    switch (below(8)) {
      case 0:
      case 1:
      case 2:
        return make_expression(algebra::CompareOperator{comparison()}, {variable(), constant()});
      case 3:
        return make_expression(algebra::CompareOperator{comparison()}, {constant(), variable()});
      case 4:
        return make_expression(algebra::CompareOperator{comparison()}, {variable(), variable()});
      case 5:
        return make_expression(algebra::BoundOperator{slot()});
      case 6:
        return one_of({"CONTAINS", "STRSTARTS", "STRENDS", "REGEX", "LANGMATCHES"},
                      {below(2) == 0 ? variable() : one_of({"STR", "LANG"}, {variable()}), constant_string()});
      default:
        return make_expression(
            algebra::CompareOperator{below(2) == 0 ? BinaryOperator::equal : BinaryOperator::not_equal},
            {one_of({"LANG", "STR", "DATATYPE"}, {variable()}), constant()});
    }
  }

  Expression number(int depth) {
    if (depth <= 0) return below(3) == 0 ? constant() : variable();
    switch (below(8)) {
      case 0:
      case 1:
      case 2: {
        algebra::ArithmeticOperator op;
        std::vector<Expression> arguments{number(depth - 1)};
        const unsigned count = 1 + below(2);
        for (unsigned i = 0; i < count; ++i) {
          op.ops.push_back(std::array{BinaryOperator::add, BinaryOperator::subtract, BinaryOperator::multiply,
                                      BinaryOperator::divide}[below(4)]);
          arguments.push_back(number(depth - 1));
        }
        return make_expression(std::move(op), std::move(arguments));
      }
      case 3:
        return below(2) == 0 ? make_expression(algebra::NegateOperator{}, {number(depth - 1)})
                             : make_expression(algebra::PlusOperator{}, {number(depth - 1)});
      case 4:
        return one_of({"ABS", "CEIL", "FLOOR", "ROUND"}, {number(depth - 1)});
      case 5:
        return one_of({"YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS"}, {any(depth - 1)});
      case 6:
        return one_of({"STRLEN"}, {string(depth - 1)});
      default:
        return cast(std::array{"integer", "decimal", "double", "float", "int"}[below(5)], any(depth - 1));
    }
  }

  Expression string(int depth) {
    if (depth <= 0) return below(3) == 0 ? constant_string() : variable();
    switch (below(9)) {
      case 0:
        return one_of({"STR"}, {any(depth - 1)});
      case 1:
        return one_of({"LANG", "LANGDIR", "TZ"}, {any(depth - 1)});
      case 2:
        return one_of({"UCASE", "LCASE", "ENCODE_FOR_URI", "MD5", "SHA1", "SHA256"}, {string(depth - 1)});
      case 3:
        return one_of({"STRBEFORE", "STRAFTER"}, {string(depth - 1), string(depth - 1)});
      case 4:
        return below(2) == 0 ? one_of({"SUBSTR"}, {string(depth - 1), number(depth - 1)})
                             : one_of({"SUBSTR"}, {string(depth - 1), number(depth - 1), number(depth - 1)});
      case 5: {
        std::vector<Expression> parts;
        const unsigned count = below(4);
        for (unsigned i = 0; i < count; ++i) parts.push_back(string(depth - 1));
        return one_of({"CONCAT"}, std::move(parts));
      }
      case 6:
        return one_of({"REPLACE"}, {string(depth - 1), string(depth - 1), string(depth - 1)});
      case 7:
        return cast("string", any(depth - 1));
      default:
        return below(2) == 0 ? variable() : constant_string();
    }
  }

  Expression other(int depth) {
    switch (below(8)) {
      case 0:
        return one_of({"IRI", "DATATYPE", "TIMEZONE"}, {any(depth - 1)});
      case 1:
        return one_of({"STRDT"}, {string(depth - 1), any(depth - 1)});
      case 2:
        return one_of({"STRLANG"}, {string(depth - 1), string(depth - 1)});
      case 3:
        return one_of({"STRLANGDIR"}, {string(depth - 1), string(depth - 1), string(depth - 1)});
      case 4:
        return one_of({"TRIPLE"}, {any(depth - 1), any(depth - 1), any(depth - 1)});
      case 5:
        return one_of({"SUBJECT", "PREDICATE", "OBJECT"}, {any(depth - 1)});
      case 6:
        return cast(std::array{"date", "dateTime", "time", "gYear", "duration", "dayTimeDuration"}[below(6)],
                    any(depth - 1));
      default:
        return below(4) == 0 ? one_of({"NOW"}, {}) : one_of({"BNODE"}, {string(depth - 1)});
    }
  }

  Expression one_of(std::initializer_list<const char*> names, std::vector<Expression> arguments) {
    const char* name = *(names.begin() + below(static_cast<unsigned>(names.size())));
    const expr::Function* function = expr::find_function(name);
    REQUIRE(function != nullptr);
    return make_expression(algebra::CallOperator{function, name}, std::move(arguments));
  }
  Expression cast(std::string_view type, Expression argument) {
    const std::string name = std::string(kXsd) + std::string(type);
    return make_expression(algebra::CallOperator{below(2) == 0 ? expr::find_function_by_iri(name) : nullptr, name},
                           {std::move(argument)});
  }
  std::vector<Expression> some(int depth, unsigned count) {
    std::vector<Expression> result;
    for (unsigned i = 0; i < count; ++i) result.push_back(any(depth));
    return result;
  }
  std::vector<Expression> truths(int depth, unsigned count) {
    std::vector<Expression> result;
    for (unsigned i = 0; i < count; ++i) result.push_back(truth(depth));
    return result;
  }
  BinaryOperator comparison() {
    return std::array{BinaryOperator::equal,   BinaryOperator::not_equal,  BinaryOperator::less,
                      BinaryOperator::greater, BinaryOperator::less_equal, BinaryOperator::greater_equal}[below(6)];
  }
  Slot slot() { return fixture_.slots[below(4)]; }
  Expression variable() { return make_expression(algebra::VariableOperator{slot()}); }
  Expression constant() {
    return algebra::make_constant(
        {fixture_.terms->term(fixture_.ids[below(static_cast<unsigned>(fixture_.ids.size()))]), Id()});
  }
  Expression constant_string() {
    return algebra::make_constant(
        {literal(std::array{"a", "abc", "b", "c$", "^a", "[b-d]", "en", "*", "", "caf", "(", "u", "\u00e9"}[below(13)]),
         Id()});
  }

  const Fixture& fixture_;
};

// Columns a, b and c; d is no column. Values come again as often as `variety` is small.
inline void fill(Batch& batch, const Fixture& fixture, std::mt19937& random, std::size_t rows, std::size_t variety) {
  batch.reset(3);
  for (std::size_t column = 0; column < 3; ++column) {
    std::vector<std::uint64_t> choice(variety);
    for (auto& bits : choice) bits = random() % 16 == 0 ? 0 : fixture.ids[random() % fixture.ids.size()].bits();
    for (std::size_t row = 0; row < rows; ++row) batch.values(column).push_back(choice[random() % variety]);
  }
  batch.set_rows(rows);
}

inline std::vector<Id> row_of(const Batch& batch, std::size_t row) {
  std::vector<Id> ids;
  for (std::size_t i = 0; i < batch.width(); ++i) ids.push_back(Id::from_bits(batch.column(i)[row]));
  return ids;
}

}  // namespace akyn::exec::test

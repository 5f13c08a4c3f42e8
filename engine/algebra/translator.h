// The parts of the translation; translate.h is its face.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "engine/algebra/algebra.h"
#include "parser/sparql/ast.h"

namespace akyn::algebra {

// What one query level aggregates (18.2.4.1). Filled while the level's SELECT, HAVING and ORDER BY
// expressions are translated.
struct Aggregation {
  Group group;
  std::unordered_set<Slot> keys;  // grouped by, so that the group has its value
  // (... AS ?x) in SELECT, so far: for later expressions of SELECT and for ORDER BY, but not for HAVING (18.2.4.2).
  std::unordered_set<Slot> aliases;
  bool in_having = false;
  std::unordered_map<Slot, Slot> samples;  // variable outside of any aggregate -> its SAMPLE
};

class Translator {
 public:
  explicit Translator(VariableTable& variables) : variables_(variables) {}

  [[nodiscard]] NodePtr group(const sparql::GroupPattern& pattern);
  // `columns` receives the projected slots.
  [[nodiscard]] NodePtr select(const sparql::SelectQuery& query, std::vector<Slot>& columns);
  // Forms without a projection: solution modifiers over a pattern.
  [[nodiscard]] NodePtr modified(const sparql::GroupPattern& where, const sparql::SolutionModifier& modifier,
                                 const std::optional<sparql::InlineData>& values);

  [[nodiscard]] PatternTerm term(const sparql::TermPattern& pattern);
  [[nodiscard]] std::variant<Constant, Variable> name(const std::variant<sparql::Constant, sparql::Variable>& name);
  // Without an aggregation, an aggregate in the expression is an error.
  [[nodiscard]] Expression expression(const sparql::Expression& expression, Aggregation* aggregation = nullptr);

 private:
  // A group's pattern and its FILTERs apart: OPTIONAL takes the latter as its condition (18.2.2.6).
  struct Parts {
    NodePtr pattern;
    std::vector<Expression> filters;
  };
  [[nodiscard]] Parts parts(const sparql::GroupPattern& pattern);
  [[nodiscard]] NodePtr element(const sparql::PatternElement& element, NodePtr before);
  [[nodiscard]] NodePtr values(const sparql::InlineData& data);
  [[nodiscard]] NodePtr path_search(const sparql::PathClause& clause);
  [[nodiscard]] PathSearch::Step step(const sparql::PathStep& step);

  // Triples and paths join onto `inputs`; adjacent triples share one BasicGraph.
  void triple(const sparql::TriplePattern& pattern, std::vector<NodePtr>& inputs);
  void path(PatternTerm subject, const sparql::Path& path, PatternTerm object, std::vector<NodePtr>& inputs);
  void link(Triple triple, std::vector<NodePtr>& inputs);

  // One query level (18.2.4). `select` and `columns` are null together.
  [[nodiscard]] NodePtr level(const sparql::GroupPattern& where, const sparql::SolutionModifier& modifier,
                              const std::optional<sparql::InlineData>& values, const sparql::SelectQuery* select,
                              std::vector<Slot>* columns);

  [[nodiscard]] Expression variable(Slot slot, Aggregation* aggregation);
  [[nodiscard]] Expression unary(const sparql::UnaryExpression& node, Aggregation* aggregation);
  [[nodiscard]] Expression comparison(const sparql::ComparisonExpression& node, Aggregation* aggregation);
  [[nodiscard]] Expression logical(const sparql::LogicalExpression& node, Aggregation* aggregation);
  [[nodiscard]] Expression builtin(const sparql::BuiltinCall& call, Aggregation* aggregation);
  [[nodiscard]] Expression call(const sparql::FunctionCall& call, Aggregation* aggregation);
  [[nodiscard]] Expression aggregate(const sparql::AggregateExpression& node, Aggregation* aggregation);
  [[nodiscard]] Expression aggregate(Aggregate result, Aggregation& aggregation);
  [[nodiscard]] std::vector<Expression> arguments(const std::vector<sparql::Expression>& list,
                                                  Aggregation* aggregation);

  VariableTable& variables_;
};

// Joins in order; the unit pattern when there is nothing to join. Inputs that are units are left out.
[[nodiscard]] NodePtr join_of(std::vector<NodePtr> inputs);
[[nodiscard]] NodePtr unit_pattern();

}  // namespace akyn::algebra

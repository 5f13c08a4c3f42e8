#include "engine/oracle/evaluator.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <akyn/error.h>
#include "engine/oracle/path_search.h"
#include "engine/runtime/path_values.h"

namespace akyn::oracle {

using algebra::Node;
using algebra::Slot;

namespace {

bool is_pattern(const Node& node) {
  return std::holds_alternative<algebra::BasicGraph>(node.op) || std::holds_alternative<algebra::PathPattern>(node.op);
}

bool has_operator_input(const Node& node) {
  return !node.inputs.empty() && !std::holds_alternative<algebra::Graph>(node.op) &&
         !std::holds_alternative<algebra::Service>(node.op) && !std::holds_alternative<algebra::Union>(node.op);
}

// Evaluated from the first input on: the rest of the evaluator handles these in a loop, so that a
// chain of any length nests no deeper than one.
bool continues_first_input(const Node& node) {
  if (std::holds_alternative<algebra::Join>(node.op)) {
    return has_operator_input(*node.inputs.front());
  }
  return has_operator_input(node);
}

// How many rows of the input are enough for `goal` rows of the operator.
std::size_t input_goal(const Node& node, std::size_t goal) {
  if (const auto* slice = std::get_if<algebra::Slice>(&node.op)) {
    const std::size_t wanted = slice->limit ? std::min<std::size_t>(goal, *slice->limit) : goal;
    return wanted > kAllRows - slice->offset ? kAllRows : wanted + slice->offset;
  }
  const bool row_by_row = std::holds_alternative<algebra::Project>(node.op) ||
                          std::holds_alternative<algebra::Extend>(node.op) ||
                          std::holds_alternative<algebra::Reduced>(node.op);
  return row_by_row ? goal : kAllRows;
}

}  // namespace

Evaluator::Evaluator(const algebra::Query& query, LocalTerms& terms, const Environment& environment)
    : query_(query),
      terms_(terms),
      budget_(environment.limits, terms),
      dataset_(query.dataset, environment.union_default_graph, terms),
      services_(environment.services) {
  context_.base_iri = environment.base_iri;
  context_.functions = environment.functions;
  context_.check_room = [this](std::size_t bytes) { budget_.check_room(bytes); };
  budget_.check();
}

Table Evaluator::evaluate_root(std::size_t goal) {
  return evaluate(*query_.root, dataset_.default_graph(), goal);
}

Table Evaluator::evaluate(const Node& root, const ActiveGraph& graph, std::size_t goal) {
  std::vector<const Node*> chain;
  const Node* node = &root;
  while (continues_first_input(*node)) {
    chain.push_back(node);
    goal = input_goal(*node, goal);
    node = node->inputs.front().get();
  }
  Table table = leaf(*node, graph, goal);
  std::optional<std::uint64_t> first_solution;  // consecutive Extends are about the same solutions
  for (auto next = chain.rbegin(); next != chain.rend(); ++next) {
    const auto* op = std::get_if<algebra::Extend>(&(*next)->op);
    if (op == nullptr) {
      first_solution.reset();
      table = apply(**next, std::move(table), graph);
      continue;
    }
    if (!first_solution) {
      first_solution = next_solution_;
      next_solution_ += table.size();
    }
    table = extend(table, *op, graph, *first_solution);
  }
  return table;
}

Table Evaluator::leaf(const Node& node, const ActiveGraph& active, std::size_t goal) {
  if (is_pattern(node)) return join_with(Table::unit(budget_), node, active, goal);
  if (const auto* data = std::get_if<algebra::Values>(&node.op)) return values(*data);
  if (const auto* search = std::get_if<algebra::PathSearch>(&node.op)) {
    return PathSearcher(*this, *search, active).evaluate();
  }
  if (const auto* named = std::get_if<algebra::Graph>(&node.op)) return graph(*named, *node.inputs.front(), goal);
  if (const auto* service = std::get_if<algebra::Service>(&node.op)) {
    return this->service(*service, *node.inputs.front(), Table::unit(budget_));
  }
  if (std::holds_alternative<algebra::Join>(node.op)) {
    std::vector<const Node*> inputs;
    for (const algebra::NodePtr& input : node.inputs) inputs.push_back(input.get());
    return join_all(Table::unit(budget_), inputs, active, goal);
  }
  // Union: columns of all, rows in the order of the inputs.
  Table result(algebra::scope_of(node), budget_);
  for (const algebra::NodePtr& input : node.inputs) {
    if (result.size() >= goal) break;
    const Table part = project(evaluate(*input, active, goal - result.size()), result.columns());
    for (std::size_t i = 0; i < part.size(); ++i) result.append(part.row(i));
  }
  return result;
}

Table Evaluator::apply(const Node& node, Table input, const ActiveGraph& active) {
  if (const auto* op = std::get_if<algebra::Filter>(&node.op)) return filter(input, *op, active);
  if (const auto* op = std::get_if<algebra::Unnest>(&node.op)) return unnest(input, *op, active);
  if (const auto* op = std::get_if<algebra::LeftJoin>(&node.op)) {
    return left_join(input, restricted(*node.inputs[1], input, active), *op, active);
  }
  if (std::holds_alternative<algebra::Minus>(node.op)) {
    const Table right = restricted(*node.inputs[1], input, active);
    return minus(std::move(input), right, query_.variables);
  }
  if (std::holds_alternative<algebra::Join>(node.op)) {
    std::vector<const Node*> rest;
    for (std::size_t i = 1; i < node.inputs.size(); ++i) rest.push_back(node.inputs[i].get());
    return join_all(std::move(input), rest, active, kAllRows);
  }
  if (const auto* op = std::get_if<algebra::Project>(&node.op)) return project(input, op->slots);
  if (std::holds_alternative<algebra::Distinct>(node.op)) return distinct(input);
  if (const auto* op = std::get_if<algebra::OrderBy>(&node.op)) return order_by(input, *op, active);
  if (const auto* op = std::get_if<algebra::Group>(&node.op)) return group(input, *op, active);
  if (const auto* op = std::get_if<algebra::Slice>(&node.op)) {
    Table result(input.columns(), budget_);
    const std::uint64_t end = op->limit && *op->limit < input.size() - std::min<std::uint64_t>(op->offset, input.size())
                                  ? op->offset + *op->limit
                                  : input.size();
    for (std::uint64_t i = op->offset; i < end; ++i) result.append(input.row(i));
    return result;
  }
  return input;  // Reduced: duplicates may stay (18.5)
}

Table Evaluator::restricted(const Node& node, const Table& left, const ActiveGraph& active) {
  if (const auto* op = std::get_if<algebra::Filter>(&node.op)) {
    return filter(restricted(*node.inputs.front(), left, active), *op, active);
  }
  if (const auto* op = std::get_if<algebra::Service>(&node.op)) return service(*op, *node.inputs.front(), left);
  if (!is_pattern(node)) return evaluate(node, active);
  std::vector<Slot> shared;
  for (const Slot slot : algebra::scope_of(node)) {
    const std::optional<std::size_t> column = left.column_of(slot);
    if (column && left.always_bound(*column)) shared.push_back(slot);
  }
  if (shared.empty()) return evaluate(node, active);
  return join_with(distinct(project(left, shared)), node, active, kAllRows);
}

Table Evaluator::join_with(Table table, const Node& node, const ActiveGraph& active, std::size_t goal) {
  if (is_pattern(node)) {
    bool all_bound = true;
    for (const Slot slot : algebra::scope_of(node)) {
      const std::optional<std::size_t> column = table.column_of(slot);
      all_bound = all_bound && (!column || table.always_bound(*column));
    }
    if (all_bound) {
      PatternMatcher matcher(active, terms_, budget_);
      if (const auto* graph_pattern = std::get_if<algebra::BasicGraph>(&node.op)) {
        return matcher.extend(std::move(table), *graph_pattern, goal);
      }
      return matcher.extend(table, std::get<algebra::PathPattern>(node.op), goal);
    }
  }
  if (const auto* op = std::get_if<algebra::Service>(&node.op)) {
    const Table answer = service(*op, *node.inputs.front(), table);
    return join(table, answer);
  }
  return join(table, evaluate(node, active));
}

// Joins commute: what is cheap and narrows the rest comes first, paths once an end of theirs is known.
// What other endpoints are asked comes last: everything else narrows it.
Table Evaluator::join_all(Table first, const std::vector<const Node*>& nodes, const ActiveGraph& active,
                          std::size_t goal) {
  struct Pending {
    const Node* node;
    std::vector<Slot> slots;  // of patterns only
  };
  std::vector<Pending> rest;
  rest.reserve(nodes.size());
  for (const Node* node : nodes) {
    rest.push_back({node, is_pattern(*node) ? algebra::scope_of(*node) : std::vector<Slot>()});
  }
  Table table = std::move(first);
  const auto is_known = [&](const algebra::PatternTerm& end) {
    const auto* variable = std::get_if<algebra::Variable>(&end);
    return std::holds_alternative<algebra::Constant>(end) ||
           (variable != nullptr && table.column_of(variable->slot).has_value());
  };
  constexpr int kBest = 0;
  const auto rank = [&](const Pending& candidate) {
    const Node& node = *candidate.node;
    if (std::holds_alternative<algebra::Values>(node.op)) return kBest;
    if (const auto* path = std::get_if<algebra::PathPattern>(&node.op)) {
      return is_known(path->subject) || is_known(path->object) ? 2 : 5;
    }
    if (std::holds_alternative<algebra::Service>(node.op)) return 6;
    if (!is_pattern(node)) return 3;
    const bool connected =
        table.width() == 0 || std::any_of(candidate.slots.begin(), candidate.slots.end(),
                                          [&](Slot slot) { return table.column_of(slot).has_value(); });
    return connected ? 1 : 4;
  };
  while (!rest.empty()) {
    auto best = rest.begin();
    int best_rank = rank(*best);
    for (auto candidate = std::next(best); candidate != rest.end() && best_rank != kBest; ++candidate) {
      const int candidate_rank = rank(*candidate);
      if (candidate_rank < best_rank) {
        best = candidate;
        best_rank = candidate_rank;
      }
    }
    const Node* next = best->node;
    rest.erase(best);
    table = join_with(std::move(table), *next, active, rest.empty() ? goal : kAllRows);
  }
  return table;
}

Table Evaluator::values(const algebra::Values& data) {
  Table result(data.slots, budget_);
  std::vector<Id> row;
  for (const auto& cells : data.rows) {
    row.clear();
    for (const std::optional<algebra::Constant>& cell : cells) {
      row.push_back(!cell ? Id() : cell->id.is_bound() ? cell->id : terms_.id(cell->term));
    }
    result.append(row);
  }
  return result;
}

Table Evaluator::graph(const algebra::Graph& op, const Node& pattern, std::size_t goal) {
  if (const auto* constant = std::get_if<algebra::Constant>(&op.name)) {
    const Id name = constant->id.is_bound() ? constant->id : terms_.id(constant->term);
    const std::optional<ActiveGraph> named = dataset_.named(name, budget_);
    if (named) return evaluate(pattern, *named, goal);
    return Table(algebra::scope_of(pattern), budget_);
  }
  const Slot slot = std::get<algebra::Variable>(op.name).slot;
  std::vector<Slot> columns = algebra::scope_of(pattern);
  if (std::find(columns.begin(), columns.end(), slot) == columns.end()) columns.push_back(slot);
  Table result(std::move(columns), budget_);
  for (const Id name : dataset_.names()) {
    const std::optional<ActiveGraph> named = dataset_.named(name, budget_);
    if (!named) continue;
    Table binding({slot}, budget_);
    binding.append(std::vector<Id>{name});
    const Table part = project(join(evaluate(pattern, *named), binding), result.columns());
    for (std::size_t i = 0; i < part.size(); ++i) result.append(part.row(i));
    if (result.size() >= goal) break;
  }
  return result;
}

Table Evaluator::left_join(const Table& left, const Table& right, const algebra::LeftJoin& op,
                           const ActiveGraph& active) {
  const CompatibleRows matches(left, right);
  Table result(matches.merged_columns(), budget_);
  Expressions expressions(*this, active, result.columns());
  std::vector<Id> merged;
  for (std::size_t i = 0; i < left.size(); ++i) {
    budget_.step();
    bool matched = false;
    matches.for_each(left.row(i), [&](std::size_t match) {
      matches.merge(left.row(i), match, merged);
      if (expressions.all_true(op.conditions, merged)) {
        matched = true;
        result.append(merged);
      }
      return true;
    });
    if (matched) continue;
    merged.assign(left.row(i).begin(), left.row(i).end());
    merged.resize(result.width());
    result.append(merged);
  }
  return result;
}

Table Evaluator::filter(const Table& input, const algebra::Filter& op, const ActiveGraph& active) {
  Table result(input.columns(), budget_);
  Expressions expressions(*this, active, input.columns());
  for (std::size_t i = 0; i < input.size(); ++i) {
    budget_.step();
    if (expressions.all_true(op.conditions, input.row(i))) result.append(input.row(i));
  }
  return result;
}

Table Evaluator::unnest(const Table& input, const algebra::Unnest& op, const ActiveGraph& active) {
  std::vector<Slot> columns = input.columns();
  std::vector<std::size_t> places;
  for (const Slot slot : {op.position, op.from, op.edge, op.to}) {
    const auto place = std::find(columns.begin(), columns.end(), slot);
    places.push_back(static_cast<std::size_t>(place - columns.begin()));
    if (place == columns.end()) columns.push_back(slot);
  }
  Table result(std::move(columns), budget_);
  Expressions expressions(*this, active, input.columns());
  runtime::PathReader reader(terms_, budget_);
  std::vector<Id> row;
  for (std::size_t i = 0; i < input.size(); ++i) {
    const expr::Result value = expressions.value(*op.expression, input.row(i));
    const auto path = value && value->kind() == expr::ValueKind::path ? read_path(value->text()) : std::nullopt;
    if (!path) continue;
    for (std::size_t position = 0; position < path->edges.size(); ++position) {
      const auto [from, to] = reader.ends(*path, position);
      const std::array<Id, 4> cells = {terms_.id(expr::Value::integer(static_cast<std::int64_t>(position))), from,
                                       terms_.triple_id(reader.edge(*path, position)).value_or(Id()), to};
      row.assign(input.row(i).begin(), input.row(i).end());
      row.resize(result.width());
      bool agrees = true;
      for (std::size_t part = 0; part < cells.size(); ++part) {
        Id& cell = row[places[part]];
        if (!cells[part].is_bound()) continue;
        agrees = agrees && (!cell.is_bound() || cell == cells[part]);
        cell = cells[part];
      }
      if (agrees) result.append(row);
    }
  }
  return result;
}

Table Evaluator::extend(const Table& input, const algebra::Extend& op, const ActiveGraph& active,
                        std::uint64_t first_solution) {
  std::vector<Slot> columns = input.columns();
  columns.push_back(op.slot);
  Table result(std::move(columns), budget_);
  Expressions expressions(*this, active, input.columns());
  std::vector<Id> row;
  for (std::size_t i = 0; i < input.size(); ++i) {
    context_.solution = first_solution + i;
    row.assign(input.row(i).begin(), input.row(i).end());
    row.push_back(expressions.id(*op.expression, input.row(i)));
    budget_.check_room(0);
    result.append(row);
  }
  return result;
}

}  // namespace akyn::oracle

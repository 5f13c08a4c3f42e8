// Grouping, aggregates and ordering: SPARQL 1.1 Query 18.5.1, 15.1.
#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "engine/expr/operators.h"
#include "engine/oracle/evaluator.h"

namespace akyn::oracle {

using algebra::Slot;

namespace {

// COUNT(DISTINCT *) counts solutions, to which blank nodes and the translation's slots do not belong.
class DistinctRows {
 public:
  DistinctRows(const std::vector<Slot>& columns, const algebra::VariableTable& variables) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (variables.is_named(columns[i])) named_.push_back(i);
    }
  }
  void add(Row row) {
    RowKey key;
    for (const std::size_t column : named_) key.cells.push_back(row[column]);
    seen_.insert(std::move(key));
  }
  [[nodiscard]] expr::Value count() const { return expr::Value::integer(static_cast<std::int64_t>(seen_.size())); }

 private:
  std::vector<std::size_t> named_;
  std::unordered_set<RowKey, RowKeyHash> seen_;
};

bool counts_rows(const algebra::Aggregate& aggregate) {
  return aggregate.kind == expr::AggregateKind::count && aggregate.arguments.empty();
}

std::unique_ptr<expr::Aggregate> accumulator(const algebra::Aggregate& aggregate, const expr::RoomCheck& check_room) {
  return expr::make_aggregate(aggregate.kind, {aggregate.distinct, aggregate.separator, check_room});
}

}  // namespace

Table Evaluator::group(const Table& input, const algebra::Group& op, const ActiveGraph& active) {
  std::vector<Slot> columns;
  for (const auto& [slot, key] : op.keys) columns.push_back(slot);
  for (const algebra::Aggregate& aggregate : op.aggregates) columns.push_back(aggregate.slot);
  Table result(std::move(columns), budget_);
  Expressions expressions(*this, active, input.columns());

  // Rows of each group, the groups in the order of their first rows.
  std::vector<std::pair<RowKey, std::vector<std::size_t>>> groups;
  std::unordered_map<RowKey, std::size_t, RowKeyHash> group_of;
  Charge charge(budget_);
  const std::uint64_t base = next_solution_;
  next_solution_ += input.size();
  for (std::size_t i = 0; i < input.size(); ++i) {
    budget_.step();
    context_.solution = base + i;
    RowKey key;
    for (const auto& [slot, expression] : op.keys) key.cells.push_back(expressions.id(*expression, input.row(i)));
    const auto [place, is_new] = group_of.try_emplace(key, groups.size());
    charge.add(is_new ? 2 * hashed_bytes(key) + sizeof(groups[0]) : sizeof(std::size_t));
    if (is_new) groups.emplace_back(std::move(key), std::vector<std::size_t>());
    groups[place->second].second.push_back(i);
  }
  if (groups.empty() && op.keys.empty()) groups.emplace_back();

  std::vector<Id> row;
  for (const auto& [key, members] : groups) {
    row = key.cells;
    for (const algebra::Aggregate& aggregate : op.aggregates) {
      if (aggregate.kind == expr::AggregateKind::custom) {
        row.push_back(custom_aggregate(aggregate, input, members, base, expressions));
        continue;
      }
      if (counts_rows(aggregate) && aggregate.distinct) {
        DistinctRows rows(input.columns(), query_.variables);
        for (const std::size_t member : members) rows.add(input.row(member));
        row.push_back(terms_.id(rows.count()));
        continue;
      }
      const std::unique_ptr<expr::Aggregate> values = accumulator(aggregate, context_.check_room);
      Charge held(budget_);
      std::size_t charged = 0;
      for (const std::size_t member : members) {
        budget_.step();
        context_.solution = base + member;
        values->add(counts_rows(aggregate) ? expr::Result(expr::Value::boolean(true))
                                           : expressions.value(*aggregate.arguments.front(), input.row(member)));
        if (const std::size_t bytes = values->memory(); bytes > charged) {
          held.add(bytes - charged);
          charged = bytes;
        }
      }
      const expr::Result value = values->result();
      row.push_back(value ? terms_.id(*value) : Id());
    }
    result.append(row);
  }
  return result;
}

// What the program has not registered has no value.
Id Evaluator::custom_aggregate(const algebra::Aggregate& aggregate, const Table& input,
                               const std::vector<std::size_t>& members, std::uint64_t first_solution,
                               Expressions& expressions) {
  if (context_.functions == nullptr) return {};
  const auto factory = context_.functions->aggregates.find(aggregate.iri);
  if (factory == context_.functions->aggregates.end()) return {};
  const std::unique_ptr<expr::CustomAggregate> values = factory->second();
  std::unordered_set<RowKey, RowKeyHash> seen;
  Charge charge(budget_);
  std::vector<expr::Result> arguments;
  for (const std::size_t member : members) {
    budget_.step();
    context_.solution = first_solution + member;
    arguments.clear();
    for (const algebra::Expression& argument : aggregate.arguments) {
      arguments.push_back(expressions.value(*argument, input.row(member)));
    }
    if (aggregate.distinct) {
      RowKey key;
      for (const expr::Result& value : arguments) key.cells.push_back(value ? terms_.id(*value) : Id());
      const auto [place, is_new] = seen.insert(std::move(key));
      if (!is_new) continue;
      charge.add(hashed_bytes(*place));
    }
    values->add(arguments);
  }
  const expr::Result value = values->result();
  return value ? terms_.id(*value) : Id();
}

Table Evaluator::order_by(const Table& input, const algebra::OrderBy& op, const ActiveGraph& active) {
  Expressions expressions(*this, active, input.columns());
  const std::size_t width = op.keys.size();
  std::vector<expr::Result> keys;
  keys.reserve(input.size() * width);
  Charge charge(budget_);
  charge.add(input.size() * (width * sizeof(expr::Result) + sizeof(std::size_t)));
  for (std::size_t i = 0; i < input.size(); ++i) {
    budget_.step();
    context_.solution = next_solution_++;
    for (const algebra::OrderBy::Key& key : op.keys) {
      keys.push_back(expressions.value(*key.expression, input.row(i)));
      charge.add(computed_bytes(*key.expression, keys.back()));
    }
  }
  std::vector<std::size_t> order(input.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    budget_.step();
    for (std::size_t k = 0; k < width; ++k) {
      const expr::Result& left = keys[a * width + k];
      const expr::Result& right = keys[b * width + k];
      const std::weak_ordering result = expr::order_by_value(left ? &*left : nullptr, right ? &*right : nullptr);
      if (result != 0) return op.keys[k].descending ? result > 0 : result < 0;
    }
    return false;
  });
  Table result(input.columns(), budget_);
  for (const std::size_t i : order) result.append(input.row(i));
  return result;
}

}  // namespace akyn::oracle

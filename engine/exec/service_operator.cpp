#include "engine/exec/service_operator.h"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include <akyn/error.h>

#include "engine/runtime/service_call.h"

namespace akyn::exec {

ServiceOperator::ServiceOperator(Run& run, const algebra::Service& service, algebra::NodePtr pattern, OperatorPtr known,
                                 std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      service_(service),
      pattern_(std::move(pattern)),
      known_(std::move(known)),
      charge_(run.budget()) {
  for (const Slot slot : algebra::scope_of(*pattern_)) {
    if (run.variables().is_named(slot)) pattern_columns_.push_back(slot);
  }
}

void ServiceOperator::ask(Id endpoint, const std::vector<std::vector<std::uint64_t>>& rows) {
  const auto* variable = std::get_if<algebra::Variable>(&service_.endpoint);
  const auto is_endpoint = [&](Slot slot) { return variable != nullptr && variable->slot == slot; };
  const auto ask_endpoint = [&] {
    // Columns that have a value to be sent in every row, and their different values.
    std::vector<Slot> sent;
    std::vector<std::size_t> places;
    for (const Slot slot : pattern_columns_) {
      const std::optional<std::size_t> column = known_->column_of(slot);
      if (!column || !std::all_of(rows.begin(), rows.end(),
                                  [&](const auto& row) { return runtime::can_be_sent(Id::from_bits(row[*column])); })) {
        continue;
      }
      sent.push_back(slot);
      places.push_back(*column);
    }
    std::set<std::vector<Id>> seen;
    std::vector<std::vector<Id>> values;
    for (const auto& row : rows) {
      std::vector<Id> key;
      for (const std::size_t column : places) key.push_back(Id::from_bits(row[column]));
      if (seen.insert(key).second) values.push_back(std::move(key));
    }
    runtime::ServiceCall call(*pattern_, pattern_columns_, run().environment().services, run().variables(),
                              run().terms(), run().budget());
    call.ask(run().terms().term(endpoint), sent, values, [&](std::span<const Id> answer) {
      std::vector<std::uint64_t> row;
      for (const Slot slot : columns()) {
        const auto found = std::find(pattern_columns_.begin(), pattern_columns_.end(), slot);
        const Id value =
            found == pattern_columns_.end() ? Id() : answer[static_cast<std::size_t>(found - pattern_columns_.begin())];
        if (is_endpoint(slot) && value.is_bound() && value != endpoint) return;
        row.push_back(is_endpoint(slot) ? endpoint.bits() : value.bits());
      }
      charge_.add(sizeof(row) + row.size() * sizeof(std::uint64_t));
      answers_.push_back(std::move(row));
    });
  };
  if (!service_.silent) return ask_endpoint();
  const std::size_t before = answers_.size();
  try {
    ask_endpoint();
  } catch (const Error& error) {
    run().budget().check();
    if (!runtime::is_failure_to_answer(error)) throw;
    // SILENT: an endpoint that fails answers with the one solution that binds nothing.
    answers_.resize(before);
    std::vector<std::uint64_t> row;
    for (const Slot slot : columns()) row.push_back(is_endpoint(slot) ? endpoint.bits() : 0);
    answers_.push_back(std::move(row));
  }
}

void ServiceOperator::ask_all() {
  std::vector<std::vector<std::uint64_t>> rows;
  Charge held(run().budget());
  Batch batch;
  while (known_->next(batch)) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::vector<std::uint64_t>& cells = rows.emplace_back();
      for (std::size_t i = 0; i < batch.width(); ++i) cells.push_back(batch.column(i)[row]);
    }
    held.add(batch.rows() * (sizeof(rows[0]) + batch.width() * sizeof(std::uint64_t)));
  }
  if (rows.empty()) return;
  const auto* variable = std::get_if<algebra::Variable>(&service_.endpoint);
  if (variable == nullptr) {
    const auto& constant = std::get<algebra::Constant>(service_.endpoint);
    ask(constant.id.is_bound() ? constant.id : run().terms().id(constant.term), rows);
    return;
  }
  const std::optional<std::size_t> column = known_->column_of(variable->slot);
  if (!column || !std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return row[*column] != 0; })) {
    throw Error(ErrorCode::invalid_argument,
                "SERVICE ?" + run().variables().name(variable->slot) +
                    ": the variable has no value here; what binds it must stand in the same group");
  }
  // Endpoints in the order they come up.
  std::vector<std::uint64_t> endpoints;
  for (const auto& row : rows) {
    if (std::find(endpoints.begin(), endpoints.end(), row[*column]) == endpoints.end())
      endpoints.push_back(row[*column]);
  }
  for (const std::uint64_t endpoint : endpoints) {
    std::vector<std::vector<std::uint64_t>> of_endpoint;
    for (const auto& row : rows) {
      if (row[*column] == endpoint) of_endpoint.push_back(row);
    }
    ask(Id::from_bits(endpoint), of_endpoint);
  }
}

bool ServiceOperator::produce(Batch& out) {
  if (!asked_) ask_all();
  asked_ = true;
  const std::size_t count = std::min(answers_.size() - next_, kBatchRows);
  for (std::size_t i = 0; i < columns().size(); ++i) {
    for (std::size_t row = next_; row < next_ + count; ++row) out.values(i).push_back(answers_[row][i]);
  }
  next_ += count;
  out.set_rows(count);
  return count != 0;
}

}  // namespace akyn::exec

#include "engine/exec/service_operator.h"

#include <algorithm>
#include <set>

#include <akyn/error.h>

#include "engine/algebra/sparql_text.h"

namespace akyn::exec {

using runtime::ServiceAnswer;
using runtime::ServiceRequest;

namespace {

// Rows of values in one request: enough to make few of them, few enough for any endpoint to take.
constexpr std::size_t kRowsPerRequest = 200;

// What SILENT is silent about: no answer, or nobody to ask. The query's own limits and damage are not.
bool is_failure_to_answer(const Error& error) {
  return error.code() == ErrorCode::io || error.code() == ErrorCode::unsupported ||
         error.code() == ErrorCode::invalid_argument;
}

bool can_be_sent(Id id) {
  return id.is_bound() && id.type() != IdType::blank && id.type() != IdType::triple;
}

bool has_blank(const Term& term) {
  if (!term.is_triple()) return term.is_blank();
  return has_blank(term.triple().subject) || has_blank(term.triple().object);
}

}  // namespace

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

Id ServiceOperator::id(const Term& term) {
  LocalTerms& terms = run().terms();
  if (!has_blank(term)) return terms.id(term);
  if (term.is_blank()) {
    const auto [place, is_new] = blanks_.try_emplace(term.value());
    if (is_new) place->second = terms.new_blank();
    return place->second;
  }
  const Triple& triple = term.triple();
  return terms.triple_id({id(triple.subject), id(triple.predicate), id(triple.object)}).value_or(Id());
}

void ServiceOperator::request(const std::string& endpoint, const algebra::Values& values) {
  const Budget& budget = run().budget();
  ServiceRequest request;
  request.endpoint = endpoint;
  request.query = algebra::to_sparql(*pattern_, pattern_columns_, values, run().variables());
  request.deadline = budget.limits().deadline;
  request.cancelled = budget.limits().cancelled;
  request.max_bytes = budget.available();
  const ServiceAnswer answer = run().environment().services->ask(request);

  std::vector<std::optional<std::size_t>> sources;
  for (const Slot slot : columns()) {
    const auto place = std::find(answer.variables.begin(), answer.variables.end(), run().variables().name(slot));
    sources.push_back(place == answer.variables.end()
                          ? std::nullopt
                          : std::optional<std::size_t>(static_cast<std::size_t>(place - answer.variables.begin())));
  }
  const auto* variable = std::get_if<algebra::Variable>(&service_.endpoint);
  blanks_.clear();
  for (const std::vector<Term>& solution : answer.rows) {
    std::vector<std::uint64_t> row;
    bool agrees = true;
    for (std::size_t i = 0; i < columns().size(); ++i) {
      Id value = sources[i] ? id(solution[*sources[i]]) : Id();
      if (variable != nullptr && columns()[i] == variable->slot) {
        agrees = !value.is_bound() || value == endpoint_;
        value = endpoint_;
      }
      row.push_back(value.bits());
    }
    if (!agrees) continue;
    charge_.add(sizeof(row) + row.size() * sizeof(std::uint64_t));
    answers_.push_back(std::move(row));
  }
}

void ServiceOperator::ask(Id endpoint, const std::vector<std::vector<std::uint64_t>>& rows) {
  endpoint_ = endpoint;
  const auto ask_endpoint = [&] {
    if (run().environment().services == nullptr) {
      throw Error(ErrorCode::unsupported,
                  "SERVICE is switched off: the option allow_service lets a query ask other endpoints");
    }
    const Term term = run().terms().term(endpoint);
    if (!term.is_iri()) {
      throw Error(ErrorCode::invalid_argument, "SERVICE wants the IRI of an endpoint, not " + term.to_string());
    }
    // Columns that have a value to be sent in every row.
    std::vector<std::size_t> sent;
    algebra::Values values;
    for (const Slot slot : pattern_columns_) {
      const std::optional<std::size_t> column = known_->column_of(slot);
      if (!column) continue;
      if (!std::all_of(rows.begin(), rows.end(),
                       [&](const auto& row) { return can_be_sent(Id::from_bits(row[*column])); })) {
        continue;
      }
      sent.push_back(*column);
      values.slots.push_back(slot);
    }
    if (sent.empty()) return request(term.value(), {});
    std::set<std::vector<std::uint64_t>> seen;
    const auto send = [&] {
      request(term.value(), values);
      values.rows.clear();
    };
    for (const auto& row : rows) {
      std::vector<std::uint64_t> key;
      for (const std::size_t column : sent) key.push_back(row[column]);
      if (!seen.insert(key).second) continue;
      auto& cells = values.rows.emplace_back();
      for (const std::uint64_t bits : key) {
        const Id value = Id::from_bits(bits);
        cells.emplace_back(algebra::Constant{run().terms().term(value), value});
      }
      if (values.rows.size() == kRowsPerRequest) send();
    }
    if (!values.rows.empty()) send();
  };
  if (!service_.silent) return ask_endpoint();
  const std::size_t before = answers_.size();
  try {
    ask_endpoint();
  } catch (const Error& error) {
    run().budget().check();
    if (!is_failure_to_answer(error)) throw;
    // SILENT: an endpoint that fails answers with the one solution that binds nothing.
    answers_.resize(before);
    std::vector<std::uint64_t> row;
    const auto* variable = std::get_if<algebra::Variable>(&service_.endpoint);
    for (const Slot slot : columns())
      row.push_back(variable != nullptr && variable->slot == slot ? endpoint.bits() : 0);
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

#include "engine/exec/path_search_operator.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <akyn/error.h>

namespace akyn::exec {

namespace {

using sparql::PathSelector;

// The first window and the first batch are small, for those who want no more than that.
constexpr std::size_t kFirstWindow = 16;
constexpr std::size_t kFirstBatch = 16;
constexpr std::size_t kLargestWindow = std::size_t{1} << 16;
// Of a STEP's edge that is remembered for path:cost, apart from its text.
constexpr std::size_t kCostOverhead = sizeof(std::string) + sizeof(expr::Value) + 48;

path::Selector selector_of(PathSelector selector) {
  switch (selector) {
    case PathSelector::all:
      return path::Selector::all;
    case PathSelector::any:
      return path::Selector::any;
    case PathSelector::any_shortest:
    case PathSelector::shortest:
      return path::Selector::shortest;
    case PathSelector::all_shortest:
    case PathSelector::shortest_groups:
      return path::Selector::shortest_groups;
    case PathSelector::any_cheapest:
    case PathSelector::cheapest:
      return path::Selector::cheapest;
    case PathSelector::all_cheapest:
      return path::Selector::all_cheapest;
  }
  throw Error(ErrorCode::internal, "unknown selector of paths");
}

path::WalkMode mode_of(sparql::PathMode mode) {
  switch (mode) {
    case sparql::PathMode::walk:
      return path::WalkMode::walk;
    case sparql::PathMode::trail:
      return path::WalkMode::trail;
    case sparql::PathMode::acyclic:
      return path::WalkMode::acyclic;
    case sparql::PathMode::simple:
      return path::WalkMode::simple;
  }
  throw Error(ErrorCode::internal, "unknown mode of paths");
}

path::Wanted wanted_of(plan::PathSearch::Wanted wanted) {
  using Wanted = plan::PathSearch::Wanted;
  if (wanted == Wanted::path) return path::Wanted::path;
  return wanted == Wanted::whether ? path::Wanted::whether : path::Wanted::length;
}

bool is_variable(const algebra::PatternTerm& term) {
  return std::holds_alternative<algebra::Variable>(term);
}

// Errors that say what the run found, with the clause's place in the text.
template <class Call>
auto located(const SourceLocation& place, const Call& call) {
  try {
    return call();
  } catch (const Error& error) {
    const bool is_the_clause = error.code() == ErrorCode::limit || error.code() == ErrorCode::invalid_argument;
    if (!is_the_clause || error.location() || place.line == 0) throw;
    throw Error(error.code(), error.message(), place);
  }
}

}  // namespace

PathSearchOperator::PathSearchOperator(Run& run, std::shared_ptr<const algebra::PathSearch> search,
                                       plan::PathSearch::Wanted wanted, std::shared_ptr<path::Graph> graph,
                                       std::unique_ptr<StepEdges> steps, ExistsEvaluator* exists, OperatorPtr input,
                                       bool pass_paths, std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      op_(std::move(search)),
      input_(std::move(input)),
      graph_(std::move(graph)),
      steps_(std::move(steps)),
      subject_(end_of(op_->subject)),
      object_(end_of(op_->object)),
      one_variable_(is_variable(op_->subject) && is_variable(op_->object) &&
                    std::get<algebra::Variable>(op_->subject).slot == std::get<algebra::Variable>(op_->object).slot),
      search_(located(op_->place,
                      [&] {
                        return path::WalkSearch(*graph_, *op_->expression, request(wanted), steps_.get(), run.terms(),
                                                run.budget());
                      })),
      writer_(run.terms(), run.budget()),
      window_rows_(kFirstWindow),
      batch_rows_(kFirstBatch),
      held_(run.terms()),
      held_before_(run.terms()),
      charge_(run.budget()),
      costs_charge_(run.budget()) {
  if (pass_paths) paths_.emplace(run.terms());
  if (pass_paths || (input_ != nullptr && input_->is_passing())) set_passing();
  for (const algebra::PathSearch::Inner& inner : op_->inner) {
    inner_.push_back(std::make_unique<ColumnExpressions>(run, std::vector<Slot>{inner.node}, exists));
  }
  for (const Slot slot : this->columns()) {
    const auto is_end = [&](const algebra::PatternTerm& term) {
      const auto* variable = std::get_if<algebra::Variable>(&term);
      return variable != nullptr && variable->slot == slot;
    };
    const auto column = input_ == nullptr ? std::nullopt : input_->column_of(slot);
    if (column) {
      columns_.push_back({Column::Kind::input, *column});
    } else if (is_end(op_->subject)) {
      columns_.push_back({Column::Kind::start});
    } else {
      const bool measured = wanted == plan::PathSearch::Wanted::length;
      const auto kind = measured ? Column::Kind::length : Column::Kind::path;
      columns_.push_back({is_end(op_->object) ? Column::Kind::end : kind});
    }
  }
}

std::string_view PathSearchOperator::method() const {
  const auto bound = [](const End& end) { return end.term.is_bound() || end.input.has_value(); };
  return search_.method(bound(subject_), bound(object_));
}

PathSearchOperator::End PathSearchOperator::end_of(const algebra::PatternTerm& term) const {
  if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
    return {constant->id.is_bound() ? constant->id : run().terms().id(constant->term), {}};
  }
  return {Id(), input_ == nullptr ? std::nullopt : input_->column_of(std::get<algebra::Variable>(term).slot)};
}

Id PathSearchOperator::value(const End& end, std::size_t row) const {
  return end.input ? Id::from_bits(window_.column(*end.input)[row]) : end.term;
}

path::WalkRequest PathSearchOperator::request(plan::PathSearch::Wanted wanted) {
  path::WalkRequest request;
  request.selector = selector_of(op_->selector);
  request.count = op_->selector == PathSelector::all_shortest ? 1 : op_->count;
  request.mode = mode_of(op_->mode);
  request.min_length = op_->min_length;
  request.max_length = op_->max_length;
  if (!op_->inner.empty()) {
    request.inner = [this](std::span<const Id> nodes, std::vector<bool>& kept) { keep_inner(nodes, kept); };
  }
  request.wanted = wanted_of(wanted);
  request.graph_nodes_only = is_variable(op_->subject) && is_variable(op_->object);
  return request;
}

void PathSearchOperator::keep_inner(std::span<const Id> nodes, std::vector<bool>& kept) {
  kept.assign(nodes.size(), true);
  Batch batch;
  batch.reset(1);
  for (const Id node : nodes) batch.values(0).push_back(node.bits());
  batch.set_rows(nodes.size());
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < inner_.size(); ++i) {
    inner_[i]->matching(op_->inner[i].conditions, batch, rows);
    std::vector<bool> holds(nodes.size(), false);
    for (const std::uint32_t row : rows) holds[row] = true;
    for (std::size_t row = 0; row < kept.size(); ++row) kept[row] = kept[row] && holds[row];
  }
}

bool PathSearchOperator::produce(Batch& out) {
  if (paths_) paths_->release();
  held_before_.release();
  while (out.rows() < batch_rows_) {
    if (searching_) {
      if (next_walk()) {
        emit(out);
      } else {
        searching_ = false;
      }
    } else if (!begin_search() && !gather()) {
      break;
    }
  }
  batch_rows_ = std::min(batch_rows_ * 4, kBatchRows);
  return out.rows() != 0;
}

bool PathSearchOperator::gather() {
  if (input_ended_) return false;
  next_ = first_ = 0;
  held_before_.take(held_);
  if (input_ == nullptr) {
    input_ended_ = true;
    window_.reset(0);
    window_.set_rows(1);
  } else {
    window_.reset(input_->columns().size());
    while (!input_ended_ && window_.rows() < window_rows_) {
      input_ended_ = !input_->next(batch_);
      for (std::size_t row = 0; row < batch_.rows(); ++row) window_.append_row(batch_, row);
      if (!input_->is_passing()) continue;
      for (std::size_t i = 0; i < batch_.width(); ++i) held_.hold(batch_.column(i));
    }
    window_rows_ = std::min(window_rows_ * 4, kLargestWindow);
  }
  order_.resize(window_.rows());
  std::iota(order_.begin(), order_.end(), 0U);
  charge_.set(window_.memory_bytes() + order_.capacity() * sizeof(std::uint32_t));
  std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(value(subject_, a), value(object_, a)) < std::pair(value(subject_, b), value(object_, b));
  });
  return window_.rows() != 0;
}

bool PathSearchOperator::begin_search() {
  if (next_ == order_.size()) return false;
  first_ = next_;
  const Id start = value(subject_, order_[first_]);
  const Id end = value(object_, order_[first_]);
  while (next_ < order_.size() && value(subject_, order_[next_]) == start && value(object_, order_[next_]) == end) {
    ++next_;
  }
  located(op_->place, [&] {
    if (one_variable_ && !start.is_bound()) {
      search_.begin_loops();
    } else {
      search_.begin(start, end);
    }
  });
  searching_ = true;
  return true;
}

bool PathSearchOperator::next_walk() {
  return located(op_->place, [&] { return search_.next(walk_); });
}

void PathSearchOperator::emit(Batch& out) {
  std::uint64_t path = 0;
  for (const Column& column : columns_) {
    if (column.kind == Column::Kind::path) path = path_of(walk_).bits();
    if (column.kind != Column::Kind::length) continue;
    path = run().terms().id(expr::Value::integer(static_cast<std::int64_t>(walk_.length))).bits();
  }
  for (std::size_t i = first_; i < next_; ++i) {
    const std::uint32_t row = order_[i];
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      std::uint64_t cell = path;
      if (columns_[c].kind == Column::Kind::input) cell = window_.column(columns_[c].input)[row];
      if (columns_[c].kind == Column::Kind::start) cell = walk_.start.bits();
      if (columns_[c].kind == Column::Kind::end) cell = walk_.end.bits();
      out.values(c).push_back(cell);
    }
    out.append_count(window_, row);
  }
  out.set_rows(out.rows() + (next_ - first_));
}

Id PathSearchOperator::path_of(const path::Walk& walk) {
  writer_.begin(walk.start);
  Id from = walk.start;
  for (const path::WalkStep& step : walk.steps) {
    writer_.add(step.predicate, step.inverse, step.is_step, step.to);
    if (step.is_step) {
      const Id subject = step.inverse ? step.to : from;
      const Id object = step.inverse ? from : step.to;
      std::string edge = writer_.text(subject);
      const std::string label = writer_.text(step.predicate);
      edge = step_text(edge, label, writer_.text(object));
      const auto [place, is_new] = run().functions().step_costs.insert_or_assign(
          std::move(edge), expr::Value::decimal(steps_->cost(step.predicate, subject, object)));
      if (is_new) costs_charge_.add(place->first.size() + kCostOverhead);
    }
    from = step.to;
  }
  return paths_ ? paths_->id(writer_.path()) : run().terms().id(writer_.path());
}

}  // namespace akyn::exec

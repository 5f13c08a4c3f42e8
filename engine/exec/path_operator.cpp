#include "engine/exec/path_operator.h"

#include <algorithm>
#include <utility>

#include "engine/path/cycles.h"

namespace akyn::exec {

namespace {

// The first batch is small, for those who want no more than that.
constexpr std::size_t kFirstGoal = 16;
constexpr std::size_t kGroupGrowth = 8;

bool is_variable(const PathEnd& end) {
  return std::holds_alternative<Slot>(end);
}

bool has(const std::vector<Slot>& columns, Slot slot) {
  return std::find(columns.begin(), columns.end(), slot) != columns.end();
}

}  // namespace

std::vector<Slot> PathOperator::columns_of(const PathEnd& subject, const PathEnd& object, const Operator* input,
                                           PathJoin join) {
  std::vector<Slot> columns;
  if (input != nullptr) columns = input->columns();
  if (join != PathJoin::inner && join != PathJoin::left) return columns;
  for (const PathEnd& end : {subject, object}) {
    if (is_variable(end) && !has(columns, std::get<Slot>(end))) columns.push_back(std::get<Slot>(end));
  }
  return columns;
}

PathOperator::PathOperator(Run& run, std::shared_ptr<path::Graph> graph, const sparql::PathNode& path,
                           const PathEnd& subject, const PathEnd& object, OperatorPtr input, PathJoin join)
    : Operator(run, columns_of(subject, object, input.get(), join)),
      input_(std::move(input)),
      join_(join),
      graph_(std::move(graph)),
      forward_(path, run.terms()),
      backward_(forward_.reversed()),
      distinct_(!std::holds_alternative<sparql::PathNegated>(path.node)),
      graph_nodes_only_(is_variable(subject) && is_variable(object)),
      one_variable_(graph_nodes_only_ && subject == object),
      input_width_(input_ == nullptr ? 0 : input_->columns().size()),
      subject_(end_of(subject)),
      object_(end_of(object)),
      goal_(kFirstGoal),
      charge_(run.budget()) {}

PathOperator::End PathOperator::end_of(const PathEnd& end) const {
  if (!is_variable(end)) return {std::get<Id>(end), {}, {}};
  const Slot slot = std::get<Slot>(end);
  if (input_ != nullptr) {
    if (const auto column = input_->column_of(slot)) return {Id(), column, {}};
  }
  return {Id(), {}, column_of(slot)};
}

Id PathOperator::value(const End& end, std::size_t row) const {
  return end.input ? Id::from_bits(batch_.column(*end.input)[row]) : end.term;
}

PathOperator::Mode PathOperator::mode_of(std::size_t row) const {
  const bool subject = value(subject_, row).is_bound();
  const bool object = value(object_, row).is_bound();
  if (subject && object) return Mode::both;
  if (subject) return Mode::subject;
  return object ? Mode::object : Mode::none;
}

bool PathOperator::shares_variables(std::size_t row) const {
  return (subject_.input && value(subject_, row).is_bound()) || (object_.input && value(object_, row).is_bound());
}

Id PathOperator::key(std::size_t row) const {
  return value(mode_ == Mode::object ? object_ : subject_, row);
}

path::Ends& PathOperator::ends(Mode mode) {
  std::unique_ptr<path::Ends>& ends = mode == Mode::object ? from_object_ : from_subject_;
  if (ends != nullptr) return *ends;
  const path::Automaton& automaton = mode == Mode::object ? backward_ : forward_;
  if (distinct_) {
    using Strangers = path::SearchedEnds::Strangers;
    ends = std::make_unique<path::SearchedEnds>(*graph_, automaton,
                                                graph_nodes_only_ ? Strangers::drop : Strangers::keep, run().budget());
  } else {
    ends = std::make_unique<path::TripleEnds>(*graph_, automaton.labels().front(), run().budget());
  }
  return *ends;
}

path::Search& PathOperator::pair_search(bool backward) {
  std::optional<path::Search>& search = backward ? pairs_backward_ : pairs_forward_;
  if (!search) search.emplace(*graph_, backward ? backward_ : forward_, run().budget());
  return *search;
}

void PathOperator::forget_if_large() {
  use_.reset();
  if (from_subject_ != nullptr) from_subject_->forget_if_large();
  if (from_object_ != nullptr) from_object_->forget_if_large();
  graph_->forget_if_large();
  use_.emplace(*graph_);
}

bool PathOperator::produce(Batch& out) {
  const std::size_t goal = goal_;
  goal_ = std::min(goal_ * 4, kBatchRows);
  while (out.rows() < goal) {
    if (row_ < window_end_) {
      emit_window(out, goal);
    } else if (row_ < batch_.rows()) {
      open_window();
    } else if (!pull()) {
      break;
    }
  }
  return out.rows() != 0;
}

bool PathOperator::pull() {
  use_.reset();
  if (input_ended_) return false;
  row_ = window_end_ = 0;
  if (input_ == nullptr) {
    input_ended_ = true;
    batch_.reset(0);
    batch_.set_rows(1);
    return true;
  }
  input_ended_ = !input_->next(batch_);
  return !input_ended_;
}

void PathOperator::open_window() {
  forget_if_large();
  window_begin_ = window_end_ = row_;
  mode_ = mode_of(row_);
  streaming_ = false;
  at_ = 0;
  row_matched_ = false;
  if (join_ == PathJoin::minus && !shares_variables(row_)) {
    mode_ = Mode::none;
    row_matched_ = true;  // whatever: the row stays
  }
  if (mode_ == Mode::none) {
    open_all();
  } else if (mode_ == Mode::both && distinct_) {
    open_pairs();
  } else {
    open_lists();
  }
}

// As many rows as have no more different ends than fit in one group, those left aside that are known.
void PathOperator::open_lists() {
  path::Ends& found = ends(mode_);
  std::vector<Id> group;
  std::size_t row = row_;
  for (; row < batch_.rows() && mode_of(row) == mode_; ++row) {
    const Id id = key(row);
    const bool is_old = (!group.empty() && group.back() == id) || found.knows(id) ||
                        std::find(group.begin(), group.end(), id) != group.end();
    if (is_old) continue;
    if (group.size() == group_size_) break;
    group.push_back(id);
  }
  window_end_ = row;
  if (group.empty()) return;
  if (window_end_ == window_begin_ + 1 && mode_ != Mode::both && !filters()) {
    streaming_ = true;
    found.begin(group.front());
  } else {
    found.find(group, {.only_whether = filters() && mode_ != Mode::both, .remember = true});
  }
  group_size_ = std::min(group_size_ * kGroupGrowth, path::kMaxStarts);
}

void PathOperator::open_pairs() {
  std::vector<path::Node> starts;
  std::vector<path::Node> ends;
  for (; window_end_ < batch_.rows(); ++window_end_) {
    if (starts.size() == path::kMaxStarts || mode_of(window_end_) != mode_) break;
    starts.push_back(graph_->node(value(subject_, window_end_)));
    ends.push_back(graph_->node(value(object_, window_end_)));
  }
  const path::Bits met = connected(pair_search(false), pair_search(true), starts, ends);
  connected_.assign(starts.size(), false);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if ((met & path::bit_of(i)) == 0) continue;
    connected_[i] = starts[i] != ends[i] || !graph_nodes_only_ || graph_->contains(starts[i]);
  }
}

void PathOperator::open_all() {
  window_end_ = row_ + 1;
  next_start_ = group_begin_ = group_at_ = 0;
  if (graph_starts_) return;
  if (one_variable_ && forward_.is_plain_loop()) {
    graph_starts_ = path::nodes_on_cycles(*graph_, forward_.first_labels(), run().budget());
  } else {
    graph_starts_ = forward_.accepts_empty() ? graph_->all_nodes() : graph_->starts_of(forward_.first_labels());
  }
  charge_.add(graph_starts_->size() * sizeof(Id));
}

// Mode::none: searches from the next starts.
bool PathOperator::next_group() {
  forget_if_large();
  const std::vector<Id>& starts = *graph_starts_;
  group_begin_ = next_start_;
  next_start_ = std::min(next_start_ + group_size_, starts.size());
  group_at_ = group_begin_;
  if (group_begin_ == next_start_) return false;
  group_size_ = std::min(group_size_ * kGroupGrowth, path::kMaxStarts);
  const std::span<const Id> group = std::span(starts).subspan(group_begin_, next_start_ - group_begin_);
  if (group.size() == 1 && !one_variable_ && !filters()) {
    streaming_ = true;
    ends(Mode::subject).begin(group.front());
    return true;
  }
  if (!one_variable_ || !distinct_) {
    ends(Mode::subject).find(group, {.only_whether = filters() && !one_variable_, .remember = false});
    return true;
  }
  if (forward_.accepts_empty() || forward_.is_plain_loop()) {
    connected_.assign(group.size(), true);
    return true;
  }
  std::vector<path::Node> nodes;
  for (const Id start : group) nodes.push_back(graph_->node(start));
  const path::Bits met = connected(pair_search(false), pair_search(true), nodes, nodes);
  connected_.assign(group.size(), false);
  for (std::size_t i = 0; i < group.size(); ++i) connected_[i] = (met & path::bit_of(i)) != 0;
  return true;
}

void PathOperator::emit_all(Batch& out, std::size_t goal) {
  for (;;) {
    if (filters() && row_matched_) return finish_row(out);
    if (group_at_ == next_start_) {
      if (!next_group()) return finish_row(out);
    }
    if (out.rows() >= goal) return;
    const Id start = (*graph_starts_)[group_at_];
    if (one_variable_) {
      emit(out, row_, start, start, distinct_ ? connected_[group_at_ - group_begin_] : triples_between(start, start));
      ++group_at_;
      continue;
    }
    if (streaming_) {
      streaming_ = emit_more(out, Mode::subject, start);
      if (!streaming_) ++group_at_;
      continue;
    }
    const std::span<const Id> list = ends(Mode::subject).list(start);
    emit_list(out, goal, Mode::subject, start, list);
    if (at_ < list.size() && !filters()) return;
    at_ = 0;
    ++group_at_;
  }
}

void PathOperator::emit_window(Batch& out, std::size_t goal) {
  if (mode_ == Mode::none) return emit_all(out, goal);
  if (streaming_) {
    if (!emit_more(out, mode_, key(row_))) finish_row(out);
    return;
  }
  while (row_ < window_end_ && out.rows() < goal) {
    if (mode_ == Mode::both) {
      const Id subject = value(subject_, row_);
      const Id object = value(object_, row_);
      emit(out, row_, subject, object, distinct_ ? connected_[row_ - window_begin_] : triples_between(subject, object));
    } else {
      const std::span<const Id> list = ends(mode_).list(key(row_));
      emit_list(out, goal, mode_, key(row_), list);
      if (at_ < list.size() && !filters()) return;
    }
    finish_row(out);
  }
}

// Of a negated set. Precondition: its ends have been found.
std::size_t PathOperator::triples_between(Id subject, Id object) {
  const std::span<const Id> objects = ends(Mode::subject).list(subject);
  return static_cast<std::size_t>(std::count(objects.begin(), objects.end(), object));
}

bool PathOperator::emit_more(Batch& out, Mode mode, Id key) {
  at_ = 0;
  scratch_.clear();
  const bool more = ends(mode).more(scratch_);
  if (more) emit_list(out, SIZE_MAX, mode, key, scratch_);
  at_ = 0;
  return more;
}

void PathOperator::emit_list(Batch& out, std::size_t goal, Mode mode, Id key, std::span<const Id> others) {
  if (filters()) {
    row_matched_ = row_matched_ || !others.empty();
    return;
  }
  const std::size_t count = std::min(others.size() - at_, goal - std::min(goal, out.rows()));
  const std::size_t before = out.rows();
  emit(out, row_, key, key, count);
  const End& other = mode == Mode::object ? subject_ : object_;
  auto& values = out.values(other.column ? *other.column : *other.input);
  for (std::size_t i = 0; i < count; ++i) values[before + i] = others[at_ + i].bits();
  at_ += count;
}

// `count` solutions with these ends.
void PathOperator::emit(Batch& out, std::size_t row, Id subject, Id object, std::size_t count) {
  if (count == 0) return;
  row_matched_ = true;
  if (filters()) return;
  for (std::size_t i = 0; i < input_width_; ++i) {
    auto& values = out.values(i);
    values.insert(values.end(), count, batch_.column(i)[row]);
  }
  const auto fill = [&](const End& end, Id id) {
    // An end of the input's that this row leaves unbound is bound now.
    if (end.input)
      std::fill(out.values(*end.input).end() - static_cast<std::ptrdiff_t>(count), out.values(*end.input).end(),
                id.bits());
    if (end.column) {
      auto& values = out.values(*end.column);
      values.resize(out.rows() + count, id.bits());
    }
  };
  fill(subject_, subject);
  fill(object_, object);
  out.append_count(batch_, row, count);
  out.set_rows(out.rows() + count);
}

// All solutions of the row are out: what depends on there being some comes now.
void PathOperator::finish_row(Batch& out) {
  const bool matched = std::exchange(row_matched_, false);
  bool keep = false;
  if (join_ == PathJoin::left || join_ == PathJoin::anti) keep = !matched;
  if (join_ == PathJoin::semi) keep = matched;
  if (join_ == PathJoin::minus) keep = !matched || !shares_variables(row_);
  if (keep) {
    for (std::size_t i = 0; i < columns().size(); ++i) {
      out.values(i).push_back(i < input_width_ ? batch_.column(i)[row_] : 0);
    }
    out.append_count(batch_, row_);
    out.set_rows(out.rows() + 1);
  }
  ++row_;
  at_ = 0;
}

}  // namespace akyn::exec

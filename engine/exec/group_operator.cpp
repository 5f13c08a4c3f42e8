#include "engine/exec/group_operator.h"

#include <algorithm>
#include <utility>

namespace akyn::exec {
namespace {

std::vector<Slot> output_columns(const std::vector<Slot>& keys, const std::vector<GroupAggregate>& aggregates) {
  std::vector<Slot> columns = keys;
  for (const GroupAggregate& aggregate : aggregates) columns.push_back(aggregate.result);
  return columns;
}

// Closed groups of sorted input that are worth a batch.
constexpr std::size_t kEnoughGroups = kBatchRows / 2;
// Groups that fit into a processor's cache.
constexpr std::size_t kPartialGroups = std::size_t{16} << 10;

}  // namespace

GroupOperator::GroupOperator(Run& run, OperatorPtr input, const std::vector<Slot>& keys,
                             const std::vector<GroupAggregate>& aggregates, bool sorted, bool partial)
    : Operator(run, output_columns(keys, aggregates)),
      input_(std::move(input)),
      keys_(places_of(keys, input_->columns())),
      sorted_(sorted),
      partial_(partial),
      open_keys_(keys.size()) {
  for (const GroupAggregate& aggregate : aggregates) {
    specs_.push_back({aggregate.kind, aggregate.distinct, places_of(aggregate.arguments, input_->columns()),
                      aggregate.rows, aggregate.separator, aggregate.iri, aggregate.sorted});
  }
  make_accumulators();
  if (keys_.empty() || sorted_) return;
  if (partial_) {
    table_.emplace(run.budget(), keys_.size());
    return;
  }
  std::size_t bytes = 0;
  for (const auto& accumulator : accumulators_) bytes += accumulator->bytes_per_group();
  // States double as the table does; while they do there are both.
  table_.emplace(run.budget(), keys_.size(), run.budget().limits().max_bytes / 8, 2 * bytes);
  partitions_.emplace(run, keys_);
}

void GroupOperator::make_accumulators() {
  accumulators_.clear();
  for (const AccumulatorSpec& spec : specs_) accumulators_.push_back(make_accumulator(run(), spec));
}

void GroupOperator::skip_to(std::uint64_t value) {
  if (sorted_ && !keys_.empty()) input_->skip_to(value);
}

bool GroupOperator::produce(Batch& out) {
  if (keys_.empty()) return produce_single(out);
  return sorted_ ? produce_sorted(out) : produce_hashed(out);
}

void GroupOperator::resize(std::size_t groups) {
  for (const auto& accumulator : accumulators_) accumulator->resize(groups);
}

void GroupOperator::give_results(std::size_t first, std::size_t last, Batch& out) {
  for (std::size_t a = 0; a < accumulators_.size(); ++a) {
    accumulators_[a]->results(first, last, out.values(keys_.size() + a));
  }
  out.set_rows(last - first);
}

bool GroupOperator::produce_single(Batch& out) {
  if (ended_) return false;
  resize(1);
  runs_.resize(1);
  while (input_->next(batch_)) {
    runs_[0] = {0, static_cast<std::uint32_t>(batch_.rows()), 0};
    for (const auto& accumulator : accumulators_) accumulator->add({batch_, {}, runs_});
  }
  ended_ = true;
  give_results(0, 1, out);
  return true;
}

// Of the batch, going on with the open group.
void GroupOperator::find_runs() {
  const std::size_t rows = batch_.rows();
  starts_.assign(rows, 0);
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const std::uint64_t* cells = batch_.column(keys_[k]).data();
    std::uint8_t* starts = starts_.data();
    if (open_ == 0 || open_keys_[k].back() != cells[0]) starts[0] = 1;
    for (std::size_t i = 1; i < rows; ++i) starts[i] |= static_cast<std::uint8_t>(cells[i] != cells[i - 1]);
  }
  runs_.clear();
  std::uint32_t first = 0;
  for (std::uint32_t i = 0; i < rows; ++i) {
    if (starts_[i] == 0) continue;
    if (i > 0) runs_.push_back({first, i, static_cast<std::uint32_t>(open_ - 1)});
    first = i;
    ++open_;
    for (std::size_t k = 0; k < keys_.size(); ++k) open_keys_[k].push_back(batch_.column(keys_[k])[i]);
  }
  runs_.push_back({first, static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(open_ - 1)});
}

bool GroupOperator::produce_sorted(Batch& out) {
  while (!ended_ && open_ <= kEnoughGroups) {
    if (!input_->next(batch_)) {
      ended_ = true;
      break;
    }
    find_runs();
    resize(open_);
    for (const auto& accumulator : accumulators_) accumulator->add({batch_, {}, runs_});
  }
  const std::size_t closed = ended_ ? open_ : open_ - 1;
  if (closed == 0) return false;
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const auto end = open_keys_[k].begin() + static_cast<std::ptrdiff_t>(closed);
    out.values(k).assign(open_keys_[k].begin(), end);
    open_keys_[k].erase(open_keys_[k].begin(), end);
  }
  give_results(0, closed, out);
  for (const auto& accumulator : accumulators_) accumulator->drop(closed);
  open_ -= closed;
  return true;
}

void GroupOperator::start_again() {
  if (table_->size() == 0 && !table_->full()) return;
  table_->clear();
  given_ = 0;
  make_accumulators();
}

void GroupOperator::add_hashed() {
  key_columns_.clear();
  for (const std::size_t key : keys_) key_columns_.push_back(batch_.column(key));
  fresh_.clear();
  table_->add(key_columns_, batch_.rows(), groups_, fresh_);
  if (table_->full()) {
    later_.clear();
    fresh_.clear();
    for (std::uint32_t row = 0; row < groups_.size(); ++row) {
      (groups_[row] == RowTable::kNone ? later_ : fresh_).push_back(row);
    }
    if (!later_.empty()) {
      partitions_->add(batch_, later_);
      batch_.select(fresh_);
      std::erase(groups_, RowTable::kNone);
      if (groups_.empty()) return;
    }
  }
  resize(table_->size());
  for (const auto& accumulator : accumulators_) accumulator->add({batch_, groups_, {}});
}

bool GroupOperator::produce_hashed(Batch& out) {
  if (given_ == table_->size()) {
    start_again();
    while (!ended_ && !(partial_ && table_->size() >= kPartialGroups)) {
      if (input_->next(batch_)) {
        add_hashed();
      } else {
        ended_ = true;
      }
    }
    if (table_->size() == 0) {
      if (!partitions_ || !partitions_->open_next()) return false;
      while (partitions_->read(batch_)) add_hashed();
    }
  }
  const std::size_t last = std::min(given_ + kBatchRows, table_->size());
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const auto cells = table_->column(k).subspan(given_, last - given_);
    out.values(k).assign(cells.begin(), cells.end());
  }
  give_results(given_, last, out);
  given_ = last;
  return true;
}

}  // namespace akyn::exec

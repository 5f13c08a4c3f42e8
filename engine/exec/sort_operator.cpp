#include "engine/exec/sort_operator.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

namespace akyn::exec {
namespace {

constexpr std::size_t kLeastRows = 256;  // held, whatever the memory
constexpr std::size_t kMostRows = 0xfffffff0;
constexpr std::size_t kMostFrameRows = 1024;
constexpr std::size_t kLeastFrameRows = 16;
// A term that is read to be sorted, if it is not a long one.
constexpr std::size_t kTermBytes = 256;
// What is held beside the best rows, for their sorting to be worth it.
constexpr std::size_t kLeastSlack = 4 * kBatchRows;

}  // namespace

SortOperator::SortOperator(Run& run, OperatorPtr input, const std::vector<SortKey>& keys,
                           std::optional<std::uint64_t> limit)
    : Operator(run, input->columns()),
      input_(std::move(input)),
      limit_(limit),
      held_(run.terms()),
      spilled_(run.terms()),
      values_(run),
      charge_(run.budget()),
      merge_charge_(run.budget()) {
  for (const SortKey& key : keys) keys_.push_back({*column_of(key.slot), key.descending});
  rows_.reset(columns().size());
}

// Terms that have to be read to be sorted take memory of their own. A few cells tell.
void SortOperator::note_kinds(const Batch& batch) {
  constexpr std::size_t kFewRows = 8;
  if (reads_terms_) return;
  for (const Key& key : keys_) {
    for (const std::uint64_t cell : batch.column(key.column).first(std::min(batch.rows(), kFewRows))) {
      const OrderedRange range = values_.ids().key_range_of(cell);
      const IdType type = Id::from_bits(cell).type();
      const bool moment = type == IdType::date_time || type == IdType::date_time_zoned;
      if (cell != 0 && range.is_single() && !moment) reads_terms_ = true;
    }
  }
}

// With what sorting takes: keys, two lists of keyed rows, the order.
std::size_t SortOperator::bytes_per_row() const noexcept {
  return (columns().size() + keys_.size() + 2) * sizeof(std::uint64_t) + 2 * sizeof(KeyedRow) + sizeof(std::uint32_t) +
         term_bytes_per_row();
}

std::size_t SortOperator::term_bytes_per_row() const noexcept {
  return reads_terms_ ? keys_.size() * kTermBytes : 0;
}

void SortOperator::reserve(std::size_t rows) {
  charge_.set(charge_.held() + rows * bytes_per_row());
  run().budget().check();
  for (std::size_t c = 0; c < rows_.width(); ++c) rows_.values(c).reserve(rows);
  capacity_ = rows;
  charge_.set(rows * bytes_per_row());
}

// For so many rows more, or for some; what is held goes to the file when there is no room worth having.
void SortOperator::make_room(std::size_t more) {
  const std::size_t spare = run().budget().limits().max_bytes / 8;
  const std::size_t available = run().budget().available();
  const std::size_t possible = available > spare ? (available - spare) / bytes_per_row() : 0;
  const std::size_t wanted = std::min(std::max({2 * capacity_, kLeastRows, std::bit_ceil(more)}), kMostRows);
  if (capacity_ < kLeastRows || (capacity_ < wanted && possible > capacity_ + capacity_ / 4)) {
    reserve(std::max(std::min(wanted, possible), kLeastRows));
  } else {
    spill();
  }
}

void SortOperator::append(const Batch& batch) {
  note_kinds(batch);
  for (std::size_t first = 0; first < batch.rows();) {
    if (rows_.rows() == capacity_) make_room(batch.rows() - first);
    const std::size_t held = rows_.rows();
    const std::size_t last = std::min(batch.rows(), first + capacity_ - held);
    for (std::size_t c = 0; c < rows_.width(); ++c) {
      const auto cells = batch.column(c).subspan(first, last - first);
      rows_.values(c).insert(rows_.values(c).end(), cells.begin(), cells.end());
    }
    if (batch.counted() || rows_.counted()) {
      std::vector<std::uint64_t>& counts = rows_.count_values();
      counts.resize(held, 1);
      for (std::size_t i = first; i < last; ++i) counts.push_back(batch.count(i));
    }
    rows_.set_rows(held + last - first);
    first = last;
  }
}

void SortOperator::gather() {
  const std::uint64_t most = kMostRows / 4;
  const bool limited = limit_ && *limit_ < most;
  const std::size_t enough =
      limited ? static_cast<std::size_t>(*limit_ + std::max<std::uint64_t>(*limit_, kLeastSlack)) : std::size_t{0};
  Batch batch;
  while (!(limit_ && *limit_ == 0) && input_->next(batch)) {
    if (!threshold_.empty()) drop_late(batch);
    // Its own terms are there until the input is asked for more.
    append(batch);
    hold(batch, held_);
    if (limited && (rows_.rows() >= enough || (rows_.rows() >= 2 * *limit_ && is_crowded()))) shrink();
  }
  gathered_ = true;
  if (file_) {
    if (rows_.rows() > 0) spill();
    clear();
    reduce_parts();
    start_merge(parts_);
  } else {
    sort();
  }
}

void SortOperator::hold(const Batch& batch, runtime::PassingTerms& terms) const {
  if (!input_->is_passing()) return;
  for (std::size_t c = 0; c < batch.width(); ++c) terms.hold(batch.column(c));
}

bool SortOperator::is_crowded() const {
  const Budget& budget = run().budget();
  return input_->is_passing() && budget.available() < budget.limits().max_bytes / 4;
}

void SortOperator::drop_late(Batch& batch) {
  const Key& key = keys_.front();
  const std::span<const std::uint64_t> cells = batch.column(key.column);
  const std::uint64_t worst = threshold_.front();
  const OrderedRange range = values_.ids().key_range_of(worst);
  const bool one_key = keys_.size() == 1;
  const auto is_late = [&](std::size_t row) {
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      const std::weak_ordering order = values_.compare_values(batch.column(keys_[k].column)[row], threshold_[k]);
      if (order != 0) return keys_[k].descending ? order < 0 : order > 0;
    }
    return true;  // came later
  };
  kept_.clear();
  if (range.is_single()) values_.expect(cells);
  const std::uint64_t worst_key = IdOrder::order_key(worst);
  for (std::uint32_t row = 0; row < cells.size(); ++row) {
    bool late = false;
    if (range.contains(cells[row]) && !range.is_single()) {
      const std::uint64_t cell = IdOrder::order_key(cells[row]);
      late = key.descending ? cell < worst_key : cell > worst_key;
      if (cell == worst_key) late = one_key || is_late(row);
    } else {
      run().budget().step();
      late = is_late(row);
    }
    if (!late) kept_.push_back(row);
  }
  batch.select(kept_);
}

void SortOperator::sort() {
  const std::size_t rows = rows_.rows();
  // Those who read terms charge for them.
  charge_.set(capacity_ * (bytes_per_row() - term_bytes_per_row()));
  // Numbers in a few words, the first key in the first word's upper bits.
  std::vector<std::vector<std::uint64_t>> words;
  int free_bits = 0;
  SortKeys numbers(run(), values_);
  std::vector<std::uint64_t> keys;
  for (const Key& key : keys_) {
    if (rows == 0) break;
    numbers.number(rows_.column(key.column), keys);
    run().budget().check();
    const auto [least, greatest] = std::minmax_element(keys.begin(), keys.end());
    const std::uint64_t low = *least;
    const std::uint64_t high = *greatest;
    for (std::uint64_t& number : keys) number = key.descending ? high - number : number - low;
    const int bits = std::bit_width(high - low);
    if (bits == 0) continue;
    if (words.empty() || bits > free_bits) {
      words.push_back(std::move(keys));
      keys.clear();
      free_bits = 64 - bits;
      continue;
    }
    for (std::size_t i = 0; i < rows; ++i) words.back()[i] = (words.back()[i] << static_cast<unsigned>(bits)) | keys[i];
    free_bits -= bits;
  }
  std::vector<KeyedRow> keyed(rows);
  std::vector<KeyedRow> spare;
  for (std::size_t i = 0; i < rows; ++i) keyed[i].row = static_cast<std::uint32_t>(i);
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    for (KeyedRow& row : keyed) row.key = (*word)[row.row];
    radix_sort(keyed, spare, run().budget());
  }
  order_.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) order_[i] = keyed[i].row;
  charge_.set(capacity_ * bytes_per_row());
}

void SortOperator::copy_sorted(std::size_t first, std::size_t last, Batch& out) const {
  out.reset(rows_.width());
  for (std::size_t c = 0; c < rows_.width(); ++c) {
    const std::span<const std::uint64_t> cells = rows_.column(c);
    std::vector<std::uint64_t>& to = out.values(c);
    to.resize(last - first);
    for (std::size_t i = first; i < last; ++i) to[i - first] = cells[order_[i]];
  }
  if (rows_.counted()) {
    std::vector<std::uint64_t>& counts = out.count_values();
    counts.resize(last - first);
    for (std::size_t i = first; i < last; ++i) counts[i - first] = rows_.counts()[order_[i]];
  }
  out.set_rows(last - first);
}

void SortOperator::shrink() {
  sort();
  const auto limit = static_cast<std::size_t>(*limit_);
  Batch best;
  copy_sorted(0, limit, best);
  runtime::PassingTerms all(run().terms());
  all.take(held_);
  hold(best, held_);
  for (std::size_t c = 0; c < rows_.width(); ++c) rows_.values(c).clear();
  if (rows_.counted()) rows_.count_values().clear();
  rows_.set_rows(0);
  append(best);
  threshold_.clear();
  for (const Key& key : keys_) threshold_.push_back(best.column(key.column)[limit - 1]);
}

void SortOperator::clear() {
  rows_ = Batch();
  rows_.reset(columns().size());
  order_ = {};
  capacity_ = 0;
  charge_.clear();
}

// ------------------------------------------------------------------ more than memory holds

std::size_t SortOperator::frame_rows() const noexcept {
  const std::size_t bytes = (columns().size() + 1) * sizeof(std::uint64_t);
  return std::clamp(run().budget().limits().max_bytes / 256 / bytes, kLeastFrameRows, kMostFrameRows);
}

void SortOperator::spill() {
  sort();
  if (!file_) file_.emplace();
  Part part{file_->end(), 0};
  std::size_t rows = rows_.rows();
  if (limit_) rows = static_cast<std::size_t>(std::min<std::uint64_t>(rows, *limit_));
  Batch frame;
  for (std::size_t first = 0; first < rows; first += frame_rows()) {
    run().budget().check();
    copy_sorted(first, std::min(first + frame_rows(), rows), frame);
    static_cast<void>(file_->append(frame));
    hold(frame, spilled_);
  }
  held_.release();
  part.end = file_->end();
  parts_.push_back(part);
  for (std::size_t c = 0; c < rows_.width(); ++c) rows_.values(c).clear();
  rows_.drop_counts();
  rows_.set_rows(0);
}

// Until all of them can be read at once. Neighbours are merged, so that equal keys stay in order.
void SortOperator::reduce_parts() {
  const std::size_t reader_bytes = frame_rows() * (columns().size() + 1) * sizeof(std::uint64_t);
  const std::size_t fan_in = std::max<std::size_t>(2, run().budget().available() / 2 / reader_bytes);
  while (parts_.size() > fan_in) {
    std::vector<Part> merged;
    for (std::size_t first = 0; first < parts_.size(); first += fan_in) {
      const std::size_t last = std::min(first + fan_in, parts_.size());
      start_merge(
          {parts_.begin() + static_cast<std::ptrdiff_t>(first), parts_.begin() + static_cast<std::ptrdiff_t>(last)});
      Part part{file_->end(), 0};
      Batch frame;
      std::uint64_t rows = 0;
      while ((!limit_ || rows < *limit_) && merge_step(frame, frame_rows())) {
        rows += frame.rows();
        static_cast<void>(file_->append(frame));
      }
      part.end = file_->end();
      merged.push_back(part);
    }
    parts_ = std::move(merged);
  }
}

void SortOperator::load(Reader& reader) {
  reader.row = 0;
  if (reader.part.place >= reader.part.end) {
    reader.rows.reset(0);
    return;
  }
  run().budget().check();
  file_->read(reader.part.place, reader.rows);
}

bool SortOperator::before(const Reader& left, const Reader& right) {
  for (const Key& key : keys_) {
    const std::weak_ordering order =
        values_.compare_values(left.rows.column(key.column)[left.row], right.rows.column(key.column)[right.row]);
    if (order != 0) return key.descending ? order > 0 : order < 0;
  }
  return left.part.end < right.part.end;  // parts are in the file in the order of their rows
}

void SortOperator::start_merge(std::vector<Part> parts) {
  merge_charge_.set((parts.size() + 2) * frame_rows() * (columns().size() + 1) * sizeof(std::uint64_t));
  readers_.clear();
  heap_.clear();
  for (const Part& part : parts) {
    readers_.push_back(std::make_unique<Reader>());
    readers_.back()->part = part;
    load(*readers_.back());
    if (readers_.back()->rows.rows() > 0) heap_.push_back(readers_.size() - 1);
  }
  std::make_heap(heap_.begin(), heap_.end(),
                 [&](std::size_t a, std::size_t b) { return before(*readers_[b], *readers_[a]); });
}

bool SortOperator::merge_step(Batch& out, std::size_t rows) {
  const auto later = [&](std::size_t a, std::size_t b) { return before(*readers_[b], *readers_[a]); };
  out.reset(columns().size());
  while (!heap_.empty() && out.rows() < rows) {
    run().budget().step();
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Reader& reader = *readers_[heap_.back()];
    out.append_row(reader.rows, reader.row);
    if (++reader.row == reader.rows.rows()) load(reader);
    if (reader.rows.rows() == 0) {
      heap_.pop_back();
    } else {
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
  }
  return out.rows() > 0;
}

bool SortOperator::produce(Batch& out) {
  if (!gathered_) gather();
  if (file_) return merge_step(out, kBatchRows);
  if (given_ == rows_.rows()) return false;
  const std::size_t last = std::min(given_ + kBatchRows, rows_.rows());
  copy_sorted(given_, last, out);
  given_ = last;
  return true;
}

}  // namespace akyn::exec

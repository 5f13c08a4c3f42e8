#include "engine/exec/row_table.h"

#include <algorithm>
#include <bit>

#include <akyn/error.h>

namespace akyn::exec {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kMaxRows = 0xfffffffe;
// Below these slots a table grows by four, to be rid of small sizes soon.
constexpr std::size_t kSmall = std::size_t{1} << 16;
// Tables that caches hold gain nothing from fetching ahead.
constexpr std::size_t kFetchAhead = std::size_t{1} << 14;
// An array has at most so many places a row, or so many in all: about what slots would take.
constexpr std::uint64_t kPlacesPerRow = 8;
constexpr std::uint64_t kFewPlaces = 4096;

void fetch(const void* address) noexcept {
  __builtin_prefetch(address);
}

}  // namespace

RowTable::RowTable(runtime::Budget& budget, std::size_t width, std::optional<std::size_t> spare,
                   std::size_t bytes_per_row)
    : budget_(budget), charge_(budget), spare_(spare), bytes_per_row_(bytes_per_row), columns_(width) {}

void RowTable::hash(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows) {
  hashes_.assign(rows, kHashSeed);
  for (const std::span<const std::uint64_t> column : columns) {
    const std::uint64_t* cells = column.data();
    std::uint64_t* hashes = hashes_.data();
    for (std::size_t i = 0; i < rows; ++i) hashes[i] = hash_cell(hashes[i], cells[i]);
  }
}

void RowTable::add(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows,
                   std::vector<std::uint32_t>& numbers, std::vector<std::uint32_t>& fresh) {
  numbers.resize(rows);
  if (columns.size() == 1 && choose_array(columns[0].first(rows))) {
    add_by_array(columns[0].first(rows), numbers, fresh);
    return;
  }
  if (slots_.empty()) static_cast<void>(grow());
  guess(columns, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    if (guesses_[i] != kNone) {
      numbers[i] = guesses_[i];
      continue;
    }
    const std::size_t before = size_;
    numbers[i] = place(columns, i);
    if (size_ != before) fresh.push_back(static_cast<std::uint32_t>(i));
  }
}

void RowTable::find(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows,
                    std::vector<std::uint32_t>& numbers) {
  numbers.assign(rows, kNone);
  if (size_ == 0) return;
  if (!array_.empty()) {
    const std::span<const std::uint64_t> cells = columns[0].first(rows);
    if (array_.size() > kFetchAhead) {
      for (const std::uint64_t cell : cells) {
        if (cell - first_cell_ < array_.size()) fetch(&array_[cell - first_cell_]);
      }
    }
    for (std::size_t i = 0; i < rows; ++i) {
      if (cells[i] - first_cell_ < array_.size()) numbers[i] = array_[cells[i] - first_cell_] - 1;
    }
    return;
  }
  guess(columns, rows);
  for (std::size_t i = 0; i < rows; ++i) {
    numbers[i] = guesses_[i] != kNone ? guesses_[i] : static_cast<std::uint32_t>(slots_[slot_of(columns, i)]) - 1;
  }
}

// First the slots, then the rows they point to, then a look: most rows are known, and sit where they belong.
void RowTable::guess(std::span<const std::span<const std::uint64_t>> columns, std::size_t rows) {
  hash(columns, rows);
  const bool large = slots_.size() > kFetchAhead;
  if (large) {
    for (std::size_t i = 0; i < rows; ++i) fetch(&slots_[home(hashes_[i])]);
  }
  guesses_.resize(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const Slot slot = slots_[home(hashes_[i])];
    const bool known = slot != 0 && ((slot ^ tag(hashes_[i])) >> 32U) == 0;
    guesses_[i] = known ? static_cast<std::uint32_t>(slot) - 1 : kNone;
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::uint64_t* stored = columns_[c].data();
    const std::uint64_t* cells = columns[c].data();
    if (large) {
      for (std::size_t i = 0; i < rows; ++i) {
        if (guesses_[i] != kNone) fetch(&stored[guesses_[i]]);
      }
    }
    for (std::size_t i = 0; i < rows; ++i) {
      if (guesses_[i] != kNone && stored[guesses_[i]] != cells[i]) guesses_[i] = kNone;
    }
  }
}

std::size_t RowTable::slot_of(std::span<const std::span<const std::uint64_t>> columns, std::size_t row) const {
  const std::uint64_t hash = hashes_[row];
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = home(hash);
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    if (((slots_[at] ^ tag(hash)) >> 32U) != 0) continue;
    const std::size_t number = static_cast<std::uint32_t>(slots_[at]) - 1;
    bool same = true;
    for (std::size_t c = 0; c < columns_.size() && same; ++c) same = columns_[c][number] == columns[c][row];
    if (same) break;
  }
  return at;
}

std::uint32_t RowTable::place(std::span<const std::span<const std::uint64_t>> columns, std::size_t row) {
  const std::size_t at = slot_of(columns, row);
  if (slots_[at] != 0) return static_cast<std::uint32_t>(slots_[at]) - 1;
  if (size_ >= capacity_) {
    if (!grow()) return kNone;
    return place(columns, row);
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].push_back(columns[c][row]);
  ++size_;
  slots_[at] = tag(hashes_[row]) | size_;
  return static_cast<std::uint32_t>(size_ - 1);
}

std::size_t RowTable::bytes(std::size_t slots, std::size_t cells, std::size_t rows) const noexcept {
  return slots * sizeof(Slot) + cells * sizeof(std::uint32_t) + rows * columns_.size() * sizeof(std::uint64_t);
}

bool RowTable::has_room(std::size_t bytes) const noexcept {
  return !spare_ || budget_.available() >= bytes + *spare_;
}

bool RowTable::grow() {
  if (full_) return false;
  const std::size_t least = kFirstSlots / 2;
  const std::size_t factor = capacity_ < kSmall && !spare_ ? 4 : 2;
  const std::size_t rows = capacity_ == 0 ? least : capacity_ * factor;
  const std::size_t slots = array_.empty() ? 2 * rows : 0;
  const std::size_t needed = bytes(slots, array_.size(), rows);
  // The first few rows always have room, or nobody would get anywhere.
  if (capacity_ != 0 && !has_room(needed + rows * bytes_per_row_)) {
    full_ = true;
    return false;
  }
  if (rows > kMaxRows) throw Error(ErrorCode::limit, "more than 2^32 different rows in one group or DISTINCT");
  charge_.set(charge_.held() + needed);  // for a moment there are both
  budget_.check();
  for (auto& column : columns_) column.reserve(rows);
  if (slots != 0) make_slots(slots);
  capacity_ = rows;
  charge_.set(needed);
  return true;
}

void RowTable::make_slots(std::size_t slots) {
  slots_ = {};
  slots_.assign(slots, 0);
  shift_ = static_cast<unsigned>(64 - std::bit_width(slots - 1));
  const std::size_t mask = slots - 1;
  constexpr std::size_t kStep = 4096;
  for (std::size_t first = 0; first < size_; first += kStep) {
    budget_.check();
    const std::size_t last = std::min(first + kStep, size_);
    std::vector<std::uint64_t> hashes(last - first, kHashSeed);
    for (const auto& column : columns_) {
      for (std::size_t i = first; i < last; ++i) hashes[i - first] = hash_cell(hashes[i - first], column[i]);
    }
    for (const std::uint64_t hash : hashes) fetch(&slots_[home(hash)]);
    for (std::size_t i = first; i < last; ++i) {
      std::size_t at = home(hashes[i - first]);
      while (slots_[at] != 0) at = (at + 1) & mask;
      slots_[at] = tag(hashes[i - first]) | (i + 1);
    }
  }
}

bool RowTable::choose_array(std::span<const std::uint64_t> cells) {
  if (cells.empty()) return false;
  if (!slots_.empty() && size_ < next_choice_) return false;
  const auto [low, high] = std::minmax_element(cells.begin(), cells.end());
  std::uint64_t least = *low;
  std::uint64_t greatest = *high;
  if (!array_.empty() && least >= first_cell_ && greatest - first_cell_ < array_.size()) return true;
  if (!array_.empty()) {
    least = std::min(least, first_cell_);
    greatest = std::max(greatest, first_cell_ + array_.size() - 1);
  } else {
    next_choice_ = std::max<std::size_t>(kFewPlaces / kPlacesPerRow, 2 * size_);
    for (const std::uint64_t cell : columns_[0]) {
      least = std::min(least, cell);
      greatest = std::max(greatest, cell);
    }
  }
  if (make_array(least, greatest)) return true;
  if (!array_.empty()) {
    array_ = {};
    const std::size_t slots = 2 * capacity_;
    charge_.set(bytes(slots, 0, capacity_));
    make_slots(slots);
  }
  return false;
}

// With as much again at both ends, where that is not too much: a range grows at its ends.
bool RowTable::make_array(std::uint64_t least, std::uint64_t greatest) {
  const std::uint64_t most = std::max<std::uint64_t>(kPlacesPerRow * std::max(size_, capacity_), kFewPlaces);
  if (greatest - least >= most) return false;
  const std::uint64_t span = greatest - least + 1;
  const std::uint64_t margin = std::min({span / 2, (most - span) / 2, least, ~std::uint64_t{0} - greatest});
  const auto places = static_cast<std::size_t>(span + 2 * margin);
  const std::size_t rows = std::max(capacity_, kFirstSlots / 2);
  const std::size_t needed = bytes(0, places, rows);
  if (!has_room(needed) || budget_.available() < needed) return false;
  charge_.set(charge_.held() + needed);
  array_ = {};
  array_.assign(places, 0);
  first_cell_ = least - margin;
  columns_[0].reserve(rows);
  for (std::size_t i = 0; i < size_; ++i) array_[columns_[0][i] - first_cell_] = static_cast<std::uint32_t>(i + 1);
  slots_ = {};
  capacity_ = rows;
  charge_.set(needed);
  return true;
}

void RowTable::add_by_array(std::span<const std::uint64_t> cells, std::vector<std::uint32_t>& numbers,
                            std::vector<std::uint32_t>& fresh) {
  if (array_.size() > kFetchAhead) {
    for (const std::uint64_t cell : cells) fetch(&array_[cell - first_cell_]);
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::uint32_t& number = array_[cells[i] - first_cell_];
    if (number == 0) {
      if (size_ == capacity_ && !grow()) {
        numbers[i] = kNone;
        continue;
      }
      columns_[0].push_back(cells[i]);
      number = static_cast<std::uint32_t>(++size_);
      fresh.push_back(static_cast<std::uint32_t>(i));
    }
    numbers[i] = number - 1;
  }
}

void RowTable::clear() {
  slots_ = {};
  array_ = {};
  for (auto& column : columns_) column = {};
  size_ = 0;
  capacity_ = 0;
  next_choice_ = 0;
  full_ = false;
  charge_.clear();
}

}  // namespace akyn::exec

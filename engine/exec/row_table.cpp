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
  if (slots_.empty() && !grow()) {
    std::fill(numbers.begin(), numbers.end(), kNone);
    return;
  }
  hash(columns, rows);

  // First the slots, then the rows they point to, then a look: most rows are known, and sit where they belong.
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

std::uint32_t RowTable::place(std::span<const std::span<const std::uint64_t>> columns, std::size_t row) {
  const std::uint64_t hash = hashes_[row];
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = home(hash);
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    if (((slots_[at] ^ tag(hash)) >> 32U) != 0) continue;
    const std::size_t number = static_cast<std::uint32_t>(slots_[at]) - 1;
    bool same = true;
    for (std::size_t c = 0; c < columns_.size() && same; ++c) same = columns_[c][number] == columns[c][row];
    if (same) return static_cast<std::uint32_t>(number);
  }
  if (size_ >= capacity()) {
    if (!grow()) return kNone;
    return place(columns, row);
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].push_back(columns[c][row]);
  ++size_;
  slots_[at] = tag(hash) | size_;
  return static_cast<std::uint32_t>(size_ - 1);
}

bool RowTable::grow() {
  if (full_) return false;
  const std::size_t slots = slots_.empty() ? kFirstSlots : slots_.size() * (slots_.size() < kSmall && !spare_ ? 4 : 2);
  const std::size_t rows = slots / 2;
  const std::size_t bytes = slots * sizeof(Slot) + rows * columns_.size() * sizeof(std::uint64_t);
  // The first few rows always have room, or nobody would get anywhere.
  if (spare_ && !slots_.empty() && budget_.available() < bytes + rows * bytes_per_row_ + *spare_) {
    full_ = true;
    return false;
  }
  if (rows > kMaxRows) throw Error(ErrorCode::limit, "more than 2^32 different rows in one group or DISTINCT");
  charge_.set(charge_.held() + bytes);  // for a moment there are both
  budget_.check();
  for (auto& column : columns_) column.reserve(rows);
  std::vector<Slot> old = std::move(slots_);
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
  old = {};
  charge_.set(bytes);
  return true;
}

void RowTable::clear() {
  slots_ = {};
  for (auto& column : columns_) column = {};
  size_ = 0;
  full_ = false;
  charge_.clear();
}

}  // namespace akyn::exec

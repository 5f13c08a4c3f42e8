#include "engine/exec/radix_sort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

namespace akyn::exec {
namespace {

constexpr std::size_t kFew = 512;
constexpr unsigned kDigitBits = 11;
constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
constexpr std::size_t kStep = std::size_t{1} << 16;  // rows between two checks

}  // namespace

void radix_sort(std::vector<KeyedRow>& rows, std::vector<KeyedRow>& spare, runtime::Budget& budget) {
  if (rows.size() <= kFew) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const KeyedRow& left, const KeyedRow& right) { return left.key < right.key; });
    return;
  }
  std::uint64_t least = rows.front().key;
  std::uint64_t greatest = least;
  bool sorted = true;
  std::uint64_t before = least;
  for (const KeyedRow& row : rows) {
    least = std::min(least, row.key);
    greatest = std::max(greatest, row.key);
    sorted = sorted && before <= row.key;
    before = row.key;
  }
  if (sorted) return;
  spare.resize(rows.size());
  const auto bits = static_cast<unsigned>(std::bit_width(greatest - least));
  for (unsigned shift = 0; shift < bits; shift += kDigitBits) {
    std::array<std::size_t, kDigits> places{};
    for (const KeyedRow& row : rows) ++places[((row.key - least) >> shift) % kDigits];
    std::exclusive_scan(places.begin(), places.end(), places.begin(), std::size_t{0});
    for (std::size_t first = 0; first < rows.size(); first += kStep) {
      budget.check();
      const std::size_t last = std::min(first + kStep, rows.size());
      for (std::size_t i = first; i < last; ++i) spare[places[((rows[i].key - least) >> shift) % kDigits]++] = rows[i];
    }
    rows.swap(spare);
  }
}

}  // namespace akyn::exec

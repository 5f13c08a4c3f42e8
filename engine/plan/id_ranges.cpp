#include "engine/plan/id_ranges.h"

#include <algorithm>

#include "engine/plan/condition_map.h"

namespace akyn::plan {
namespace {

constexpr auto kFirstType = static_cast<std::uint8_t>(IdType::blank);
constexpr auto kLastType = static_cast<std::uint8_t>(IdType::triple);

// The last Id of a type that may be stored.
std::uint64_t last_stored(IdType type) {
  const Id last(type, Id::kPayloadMask);
  return last.is_dictionary() ? last.bits() & ~Id::kLocalBit : last.bits();
}

}  // namespace

bool IdRanges::is_everything() const noexcept {
  return ranges.size() == 1 && ranges[0].first <= first_bits(IdType::blank) &&
         ranges[0].last >= last_stored(IdType::triple);
}

bool IdRanges::contains(std::uint64_t bits) const noexcept {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), bits,
                                      [](std::uint64_t value, const IdRange& range) { return value < range.first; });
  return after != ranges.begin() && bits <= std::prev(after)->last;
}

IdRanges id_ranges(const TruthMap& map) {
  IdRanges result;
  result.exact = true;
  const std::span<const TruthMap::Piece> pieces = map.pieces();
  std::size_t piece = 0;
  bool open = false;  // the last range goes on where the next type begins
  for (auto number = kFirstType; number <= kLastType; ++number) {
    const auto type = static_cast<IdType>(number);
    std::uint64_t first = first_bits(type);
    const std::uint64_t last = last_stored(type);
    while (piece + 1 < pieces.size() && pieces[piece + 1].first <= first) ++piece;
    for (std::size_t i = piece; i < pieces.size() && first <= last && pieces[i].first <= last; ++i) {
      const std::uint64_t end = i + 1 < pieces.size() ? std::min(last, pieces[i + 1].first - 1) : last;
      const Truths truths = pieces[i].truths;
      if ((truths & kTrue) == 0) {
        open = false;
      } else {
        if (open) {
          result.ranges.back().last = end;
        } else {
          result.ranges.push_back({first, end});
        }
        result.exact = result.exact && truths == kTrue;
        open = true;
      }
      if (end == last) break;
      first = end + 1;
    }
  }
  return result;
}

IdRanges id_ranges(const algebra::ExpressionNode& condition, algebra::Slot variable, runtime::LocalTerms& terms,
                   expr::Context& context) {
  return id_ranges(condition_map(condition, variable, terms, context));
}

IdRanges id_ranges(const std::vector<algebra::Expression>& conditions, algebra::Slot variable,
                   runtime::LocalTerms& terms, expr::Context& context) {
  TruthMap map(kTrue);
  for (const algebra::Expression& condition : conditions) {
    map = TruthMap::conjunction(map, condition_map(*condition, variable, terms, context));
  }
  return id_ranges(map);
}

std::vector<IdRange> within(const std::optional<std::vector<IdRange>>& ranges, const IdRange& range) {
  if (!ranges) return {range};
  std::vector<IdRange> result;
  for (const IdRange& each : *ranges) {
    const IdRange both{std::max(each.first, range.first), std::min(each.last, range.last)};
    if (both.first <= both.last) result.push_back(both);
  }
  return result;
}

}  // namespace akyn::plan

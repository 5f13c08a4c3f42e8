#include "engine/exec/id_kernels.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <utility>

#include "engine/plan/inlined_order.h"
#include "engine/term/date_time.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {
namespace {

using sparql::BinaryOperator;

constexpr Truths certain(bool truth) {
  return truth ? kTrue : kFalse;
}

constexpr std::uint64_t kIntegerBits = Id(IdType::integer, 0).bits();
constexpr std::int64_t kInlinedIntegers = std::int64_t{1} << 59;

constexpr bool is_integer(std::uint64_t bits) {
  return bits >> Id::kPayloadBits == static_cast<std::uint64_t>(IdType::integer);
}
constexpr bool is_number(Id id) {
  return id.type() >= IdType::integer && id.type() <= IdType::double_;
}
constexpr bool is_date(Id id) {
  return id.type() == IdType::date || id.type() == IdType::date_zoned;
}
constexpr bool is_moment(Id id) {
  return id.type() >= IdType::date && id.type() <= IdType::date_time_zoned;
}

// The least and the greatest. Precondition: there are some. In two halves, which do not wait for each other.
std::pair<std::uint64_t, std::uint64_t> bounds_of(std::span<const std::uint64_t> ids) {
  const std::size_t half = ids.size() / 2;
  const std::uint64_t* const values = ids.data();
  std::uint64_t least = values[half];  // of an odd number, the one left over is looked at below
  std::uint64_t most = least;
  std::uint64_t other_least = least;
  std::uint64_t other_most = least;
  for (std::size_t i = 0; i < half; ++i) {
    const std::uint64_t value = values[i];
    const std::uint64_t other = values[half + i];
    least = value < least ? value : least;
    most = value > most ? value : most;
    other_least = other < other_least ? other : other_least;
    other_most = other > other_most ? other : other_most;
  }
  const std::uint64_t last = ids.back();
  return {std::min({least, other_least, last}), std::max({most, other_most, last})};
}

}  // namespace

TruthKernel::TruthKernel(const plan::TruthMap& map) {
  for (const plan::TruthMap::Piece& piece : map.pieces()) {
    starts_.push_back(piece.first);
    truths_.push_back(piece.truths);
    certain_ = certain_ && plan::is_certain(piece.truths);
  }
}

bool TruthKernel::apply(std::span<const std::uint64_t> ids, TruthColumn& out) const {
  out.resize(ids.size());
  if (ids.empty()) return true;
  // Of the pieces, a batch mostly has one or two.
  const auto [least, most] = bounds_of(ids);
  const auto piece_of = [&](std::uint64_t id) {
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), id) - starts_.begin()) - 1;
  };
  const std::size_t first = piece_of(least);
  const std::size_t last = piece_of(most);
  const Truths* const truths = truths_.data() + first;
  const std::uint64_t* const starts = starts_.data() + first;
  const std::size_t rows = ids.size();
  const bool all_certain = certain_ || std::all_of(truths, truths + (last - first + 1), plan::is_certain);
  Truths* const target = out.data();  // bytes may alias anything but what is local
  switch (last - first) {
    case 0:
      std::fill(out.begin(), out.end(), truths[0]);
      return all_certain;
    case 1: {
      const std::uint64_t start = starts[1];
      const Truths below = truths[0];
      const Truths above = truths[1];
      for (std::size_t i = 0; i < rows; ++i) target[i] = ids[i] < start ? below : above;
      return all_certain;
    }
    case 2:
    case 3: {
      const std::uint64_t a = starts[1];
      const std::uint64_t b = starts[2];
      const std::uint64_t c = last - first == 3 ? starts[3] : ~std::uint64_t{0};
      for (std::size_t i = 0; i < rows; ++i) {
        const std::uint64_t id = ids[i];
        target[i] =
            truths[static_cast<unsigned>(id >= a) + static_cast<unsigned>(id >= b) + static_cast<unsigned>(id >= c)];
      }
      return all_certain;
    }
    default:
      break;
  }
  // By halving, without branches.
  const std::size_t pieces = last - first + 1;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint64_t* base = starts;
    for (std::size_t size = pieces; size > 1;) {
      const std::size_t half = size / 2;
      base = base[half] <= ids[i] ? base + half : base;
      size -= half;
    }
    target[i] = truths[base - starts];
  }
  return all_certain;
}

ComparisonKernel::ComparisonKernel(BinaryOperator op)
    : equality_(op == BinaryOperator::equal || op == BinaryOperator::not_equal),
      less_(certain(op == BinaryOperator::less || op == BinaryOperator::less_equal || op == BinaryOperator::not_equal)),
      equal_(certain(op == BinaryOperator::equal || op == BinaryOperator::less_equal ||
                     op == BinaryOperator::greater_equal)),
      greater_(certain(op == BinaryOperator::greater || op == BinaryOperator::greater_equal ||
                       op == BinaryOperator::not_equal)),
      different_(op == BinaryOperator::equal       ? kFalse
                 : op == BinaryOperator::not_equal ? kTrue
                                                   : kError) {}

void ComparisonKernel::apply(std::span<const std::uint64_t> left, std::span<const std::uint64_t> right,
                             TruthColumn& out) const {
  out.resize(left.size());
  Truths* const target = out.data();
  // Of integers: by whether they are less (0), equal or greater (2).
  const std::array<Truths, 3> integers = {less_, equal_, greater_};
  for (std::size_t i = 0; i < left.size(); ++i) {
    const std::uint64_t a = left[i];
    const std::uint64_t b = right[i];
    if (is_integer(a) && is_integer(b)) {
      target[i] = integers[1U + static_cast<unsigned>(a > b) - static_cast<unsigned>(a < b)];
    } else {
      target[i] = of(a, b);
    }
  }
}

Truths ComparisonKernel::of(std::uint64_t left, std::uint64_t right) const noexcept {
  if (left == 0 || right == 0) return kError;
  if (left == kAsk || right == kAsk) return plan::kAnyTruth;
  const Id a = Id::from_bits(left);
  const Id b = Id::from_bits(right);
  if (is_number(a) && is_number(b)) return of_numbers(a, b);
  if (is_moment(a) && is_moment(b)) return of_moments(a, b);
  if (a.type() == IdType::boolean && b.type() == IdType::boolean) {
    if (a == b) return equal_;
    return a < b ? less_ : greater_;
  }
  const auto has_many_values = [](Id id) {
    return id.type() == IdType::typed || id.type() == IdType::valued || id.type() == IdType::triple;
  };
  if (has_many_values(a) || has_many_values(b)) return plan::kAnyTruth;
  // What is left has one value to a term, and strings alone an order, among those of one language.
  const bool strings = a.type() == b.type() && (a.type() == IdType::string || a.type() == IdType::lang_string);
  if (strings && !equality_) {
    return a == b ? equal_ : plan::kAnyTruth;
  }
  if (!equality_) return kError;
  return a == b ? equal_ : different_;
}

Truths ComparisonKernel::of_numbers(Id left, Id right) const noexcept {
  const double a = plan::inlined_double(left);
  const double b = plan::inlined_double(right);
  const std::partial_ordering order = a <=> b;
  if (left.type() != IdType::double_ && right.type() != IdType::double_) {
    // Exact numbers: rounded ones say it where they differ enough.
    constexpr double kFar = 1e-12;
    if (left == right) return equal_;
    if (!(std::fabs(a - b) > kFar * std::max(std::fabs(a), std::fabs(b)))) return plan::kAnyTruth;
  }
  if (order == std::partial_ordering::unordered) return different_ == kError ? kFalse : different_;
  if (order == 0) return equal_;
  return order < 0 ? less_ : greater_;
}

Truths ComparisonKernel::of_moments(Id left, Id right) const noexcept {
  if (is_date(left) != is_date(right)) return different_;
  if (left == right) return equal_;
  const std::partial_ordering order = compare_date_times(plan::inlined_moment(left), plan::inlined_moment(right));
  if (order == std::partial_ordering::unordered) return kError;
  if (order == 0) return equal_;
  return order < 0 ? less_ : greater_;
}

void apply_arithmetic(BinaryOperator op, std::span<const std::uint64_t> right, IdColumn& left) {
  const auto combine = [&](const auto& apply) {
    for (std::size_t i = 0; i < left.size(); ++i) {
      const std::uint64_t a = left[i];
      const std::uint64_t b = right[i];
      if (is_integer(a) && is_integer(b)) {
        std::int64_t result = 0;
        const bool overflow = apply(static_cast<std::int64_t>(a & Id::kPayloadMask) - kInlinedIntegers,
                                    static_cast<std::int64_t>(b & Id::kPayloadMask) - kInlinedIntegers, &result);
        const bool fits = !overflow && result >= -kInlinedIntegers && result < kInlinedIntegers;
        left[i] = fits ? kIntegerBits | static_cast<std::uint64_t>(result + kInlinedIntegers) : kAsk;
      } else {
        left[i] = a == 0 || b == 0 ? 0 : kAsk;
      }
    }
  };
  switch (op) {
    case BinaryOperator::add:
      return combine([](std::int64_t a, std::int64_t b, std::int64_t* c) { return __builtin_add_overflow(a, b, c); });
    case BinaryOperator::subtract:
      return combine([](std::int64_t a, std::int64_t b, std::int64_t* c) { return __builtin_sub_overflow(a, b, c); });
    case BinaryOperator::multiply:
      return combine([](std::int64_t a, std::int64_t b, std::int64_t* c) { return __builtin_mul_overflow(a, b, c); });
    default:
      return combine([](std::int64_t, std::int64_t, std::int64_t*) { return true; });
  }
}

}  // namespace akyn::exec

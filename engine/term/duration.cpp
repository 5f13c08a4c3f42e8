// Durations (XML Schema 1.1 Part 2, 3.3.6); declared with the dates and times they are added to.
#include <fmt/format.h>

#include <array>
#include <limits>

#include "engine/term/date_time.h"

namespace akyn {
namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// adds `number` * `unit` to `total`; false on overflow.
bool accumulate(std::int64_t& total, std::int64_t number, std::int64_t unit) {
  std::int64_t product = 0;
  return !__builtin_mul_overflow(number, unit, &product) && !__builtin_add_overflow(total, product, &total);
}

}  // namespace

std::optional<Duration> parse_duration(DurationKind kind, std::string_view text) noexcept {
  struct Designator {
    char letter;
    bool after_t;
    bool months;
    std::int64_t unit;
  };
  static constexpr std::array<Designator, 6> kDesignators = {{{'Y', false, true, 12},
                                                              {'M', false, true, 1},
                                                              {'D', false, false, 86400},
                                                              {'H', true, false, 3600},
                                                              {'M', true, false, 60},
                                                              {'S', true, false, 1}}};
  std::size_t at = 0;
  const bool negative = at < text.size() && text[at] == '-';
  if (negative) ++at;
  if (at >= text.size() || text[at] != 'P') return std::nullopt;
  ++at;

  Duration value;
  bool after_t = false;
  std::size_t next = 0;  // designators come in this order, each at most once
  bool any = false;
  bool any_in_part = true;
  while (at < text.size()) {
    if (text[at] == 'T') {
      if (after_t) return std::nullopt;
      after_t = true;
      any_in_part = false;
      ++at;
      continue;
    }
    const std::size_t digits_start = at;
    std::int64_t number = 0;
    while (at < text.size() && is_digit(text[at])) {
      if (!accumulate(number, number, 9) || !accumulate(number, text[at] - '0', 1)) return std::nullopt;
      ++at;
    }
    if (at == digits_start) return std::nullopt;
    std::int64_t attos = 0;
    bool fraction = false;
    if (at < text.size() && text[at] == '.') {
      fraction = true;
      ++at;
      const std::size_t fraction_start = at;
      while (at < text.size() && is_digit(text[at])) {
        if (at - fraction_start >= 18) return std::nullopt;
        attos = attos * 10 + (text[at] - '0');
        ++at;
      }
      if (at == fraction_start) return std::nullopt;
      for (std::size_t i = at - fraction_start; i < 18; ++i) attos *= 10;
    }
    if (at >= text.size()) return std::nullopt;
    while (next < kDesignators.size() &&
           !(kDesignators[next].letter == text[at] && kDesignators[next].after_t == after_t)) {
      ++next;
    }
    if (next == kDesignators.size()) return std::nullopt;
    const Designator& designator = kDesignators[next++];
    if (fraction && designator.letter != 'S') return std::nullopt;
    if (designator.months ? kind == DurationKind::day_time : kind == DurationKind::year_month) return std::nullopt;
    if (!accumulate(designator.months ? value.months : value.seconds, number, designator.unit)) return std::nullopt;
    value.attos += attos;
    ++at;
    any = any_in_part = true;
  }
  if (!any || !any_in_part) return std::nullopt;
  return negative ? negate_duration(value) : value;
}

std::string format_duration(DurationKind kind, const Duration& value) {
  const bool negative = value.months < 0 || value.seconds < 0 || value.attos < 0;
  const auto magnitude = [](std::int64_t n) {
    return n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n);
  };
  const std::uint64_t months = magnitude(value.months);
  const std::uint64_t seconds = magnitude(value.seconds);
  const std::uint64_t attos = magnitude(value.attos);
  if (months == 0 && seconds == 0 && attos == 0) return kind == DurationKind::year_month ? "P0M" : "PT0S";

  std::string out = negative ? "-P" : "P";
  const auto append = [&out](std::uint64_t number, char designator) {
    if (number != 0) out += fmt::format("{}{}", number, designator);
  };
  append(months / 12, 'Y');
  append(months % 12, 'M');
  append(seconds / 86400, 'D');
  if (seconds % 86400 == 0 && attos == 0) return out;
  out += 'T';
  append(seconds / 3600 % 24, 'H');
  append(seconds / 60 % 60, 'M');
  if (attos == 0) {
    append(seconds % 60, 'S');
    return out;
  }
  std::string digits = fmt::format("{:018}", attos);
  digits.erase(digits.find_last_not_of('0') + 1);
  return out + fmt::format("{}.{}S", seconds % 60, digits);
}

Duration negate_duration(const Duration& value) noexcept {
  return Duration{-value.months, -value.seconds, -value.attos};
}

std::optional<Duration> add_durations(const Duration& left, const Duration& right) noexcept {
  Duration sum;
  if (__builtin_add_overflow(left.months, right.months, &sum.months) ||
      __builtin_add_overflow(left.seconds, right.seconds, &sum.seconds)) {
    return std::nullopt;
  }
  // Kept negatable.
  constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  if (sum.months == kLowest || sum.seconds == kLowest) return std::nullopt;
  sum.attos = left.attos + right.attos;  // |attos| < 1e18 each: no overflow
  if (sum.attos >= kAttosPerSecond || (sum.attos > 0 && sum.seconds < 0)) {
    sum.attos -= kAttosPerSecond;
    if (__builtin_add_overflow(sum.seconds, 1, &sum.seconds)) return std::nullopt;
  } else if (sum.attos <= -kAttosPerSecond || (sum.attos < 0 && sum.seconds > 0)) {
    sum.attos += kAttosPerSecond;
    if (__builtin_sub_overflow(sum.seconds, 1, &sum.seconds)) return std::nullopt;
  }
  const bool down = sum.months < 0 || sum.seconds < 0 || sum.attos < 0;
  const bool up = sum.months > 0 || sum.seconds > 0 || sum.attos > 0;
  if (down && up) return std::nullopt;
  return sum;
}

std::partial_ordering compare_durations(const Duration& left, const Duration& right) noexcept {
  if (left == right) return std::partial_ordering::equivalent;
  // XML Schema 1.1 Part 2, 3.3.6.1: the moments whose following months differ most in length.
  static const std::array<DateTime, 4> kMoments = {DateTime{days_from_civil(1696, 9, 1) * 86400, 0, std::int16_t{0}},
                                                   DateTime{days_from_civil(1697, 2, 1) * 86400, 0, std::int16_t{0}},
                                                   DateTime{days_from_civil(1903, 3, 1) * 86400, 0, std::int16_t{0}},
                                                   DateTime{days_from_civil(1903, 7, 1) * 86400, 0, std::int16_t{0}}};
  std::optional<std::partial_ordering> common;
  for (const DateTime& moment : kMoments) {
    const std::optional<DateTime> a = add_duration(moment, left);
    const std::optional<DateTime> b = add_duration(moment, right);
    if (!a || !b) {  // beyond the calendar: one unit at least decides without it
      if (left.months == right.months) {
        if (const auto order = left.seconds <=> right.seconds; order != 0) return order;
        return left.attos <=> right.attos;
      }
      if (left.seconds == right.seconds && left.attos == right.attos) return left.months <=> right.months;
      return std::partial_ordering::unordered;
    }
    const std::partial_ordering order = compare_date_times(*a, *b);
    if (common && *common != order) return std::partial_ordering::unordered;
    common = order;
  }
  return *common;
}

std::strong_ordering order_durations(const Duration& left, const Duration& right) noexcept {
  constexpr std::int64_t kMeanMonth = 2'629'746;  // seconds in 400 years / 4800
  __extension__ using Wide = __int128;
  const auto length = [](const Duration& value) {
    return static_cast<Wide>(value.months) * kMeanMonth + value.seconds;
  };
  const Wide a = length(left);
  const Wide b = length(right);
  if (a != b) return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
  if (const auto order = left.attos <=> right.attos; order != 0) return order;
  return left.months <=> right.months;
}

}  // namespace akyn

#include "engine/term/date_time.h"

#include <fmt/format.h>

#include <algorithm>

namespace akyn {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
// Bounds of the years the parser takes and arithmetic may reach: nine digits.
constexpr std::int64_t kMaxYear = 999'999'999;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Reads a lexical form from left to right. Every read fails once one has failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { ok_ = take(c) && ok_; }
  void expect_text(std::string_view text) {
    ok_ = ok_ && rest_.starts_with(text);
    if (ok_) rest_.remove_prefix(text.size());
  }

  // Exactly two digits, a number from `low` to `high`.
  unsigned two_digits(unsigned low, unsigned high) {
    if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) {
      ok_ = false;
      return low;
    }
    const auto number = static_cast<unsigned>((rest_[0] - '0') * 10 + (rest_[1] - '0'));
    rest_.remove_prefix(2);
    if (number < low || number > high) ok_ = false;
    return number;
  }

  // yearFrag: '-'? four digits, or more without a leading zero.
  std::int64_t year() {
    const bool negative = take('-');
    const std::string_view digits = take_digits();
    if (digits.size() < 4 || digits.size() > 9 || (digits.size() > 4 && digits[0] == '0')) {
      ok_ = false;
      return 0;
    }
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return negative ? -number : number;
  }

  std::string_view take_digits() {
    std::size_t length = 0;
    while (length < rest_.size() && is_digit(rest_[length])) ++length;
    const std::string_view digits = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return digits;
  }

  // The digits after a decimal point, as attoseconds.
  std::int64_t fraction() {
    const std::string_view digits = take_digits();
    if (digits.empty() || digits.size() > 18) {
      ok_ = false;
      return 0;
    }
    std::int64_t number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    for (std::size_t i = digits.size(); i < 18; ++i) number *= 10;
    return number;
  }

  std::optional<std::int16_t> zone() {
    if (at_end()) return std::nullopt;
    if (take('Z')) return std::int16_t{0};
    const bool negative = take('-');
    if (!negative) expect('+');
    const unsigned hours = two_digits(0, 14);
    expect(':');
    const unsigned minutes = two_digits(0, 59);
    const auto total = static_cast<std::int16_t>(hours * 60 + minutes);
    if (total > kMaxZoneMinutes) ok_ = false;
    return static_cast<std::int16_t>(negative ? -total : total);
  }

  [[nodiscard]] bool ok() const { return ok_; }
  void fail() { ok_ = false; }
  [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::string format_year(std::int64_t year) {
  return year < 0 ? fmt::format("-{:04}", -year) : fmt::format("{:04}", year);
}

void append_fraction(std::string& out, std::int64_t attos) {
  if (attos == 0) return;
  std::string digits = fmt::format("{:018}", attos);
  digits.erase(digits.find_last_not_of('0') + 1);
  out += '.';
  out += digits;
}

}  // namespace

// The algorithm counts years from March, so that a leap day ends one, in eras of 400 years.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept {
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_divide(y, 400);
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t day_of_year =
      (153 * (static_cast<std::int64_t>(month) + (month > 2 ? -3 : 9)) + 2) / 5 + static_cast<std::int64_t>(day) - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilTime civil_time(std::int64_t seconds) noexcept {
  const std::int64_t days = floor_divide(seconds, kSecondsPerDay);
  const std::int64_t of_day = seconds - days * kSecondsPerDay;
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_divide(shifted, 146097);
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  CivilTime civil;
  civil.day = static_cast<std::uint8_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  civil.month = static_cast<std::uint8_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  civil.hour = static_cast<std::uint8_t>(of_day / 3600);
  civil.minute = static_cast<std::uint8_t>(of_day / 60 % 60);
  civil.second = static_cast<std::uint8_t>(of_day % 60);
  return civil;
}

std::int64_t seconds_from_civil(const CivilTime& civil) noexcept {
  return days_from_civil(civil.year, civil.month, civil.day) * kSecondsPerDay + civil.hour * 3600 + civil.minute * 60 +
         civil.second;
}

unsigned days_in_month(std::int64_t year, unsigned month) noexcept {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::optional<DateTime> parse_date_time(DateTimeKind kind, std::string_view text) noexcept {
  using Kind = DateTimeKind;
  Scanner in(text);
  CivilTime civil;
  DateTime value;
  bool end_of_day = false;

  const bool has_year =
      kind == Kind::date_time || kind == Kind::date || kind == Kind::g_year || kind == Kind::g_year_month;
  if (has_year) civil.year = in.year();
  switch (kind) {
    case Kind::date_time:
    case Kind::date:
      in.expect('-');
      civil.month = static_cast<std::uint8_t>(in.two_digits(1, 12));
      in.expect('-');
      civil.day = static_cast<std::uint8_t>(in.two_digits(1, 31));
      break;
    case Kind::g_year_month:
      in.expect('-');
      civil.month = static_cast<std::uint8_t>(in.two_digits(1, 12));
      break;
    case Kind::g_month:
    case Kind::g_month_day:
      in.expect_text("--");
      civil.month = static_cast<std::uint8_t>(in.two_digits(1, 12));
      if (kind == Kind::g_month_day) {
        in.expect('-');
        civil.day = static_cast<std::uint8_t>(in.two_digits(1, 31));
      }
      break;
    case Kind::g_day:
      in.expect_text("---");
      civil.day = static_cast<std::uint8_t>(in.two_digits(1, 31));
      break;
    case Kind::time:
      civil.month = 12;
      civil.day = 31;
      break;
    case Kind::g_year:
      break;
  }
  if (!in.ok() || civil.day > days_in_month(civil.year, civil.month)) return std::nullopt;

  if (kind == Kind::date_time) in.expect('T');
  if (kind == Kind::date_time || kind == Kind::time) {
    civil.hour = static_cast<std::uint8_t>(in.two_digits(0, 24));
    in.expect(':');
    civil.minute = static_cast<std::uint8_t>(in.two_digits(0, 59));
    in.expect(':');
    civil.second = static_cast<std::uint8_t>(in.two_digits(0, 59));
    if (in.take('.')) value.attos = in.fraction();
    end_of_day = civil.hour == 24;  // 24:00:00 only: the first instant of the next day
    if (end_of_day && (civil.minute != 0 || civil.second != 0 || value.attos != 0)) in.fail();
  }
  value.zone = in.zone();
  if (!in.finished()) return std::nullopt;
  if (end_of_day && kind == Kind::time) civil.hour = 0;
  value.seconds = seconds_from_civil(civil);
  return value;
}

std::string format_zone(std::optional<std::int16_t> zone) {
  if (!zone) return {};
  if (*zone == 0) return "Z";
  const int minutes = *zone < 0 ? -*zone : *zone;
  return fmt::format("{}{:02}:{:02}", *zone < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string format_date_time(DateTimeKind kind, const DateTime& value) {
  const CivilTime civil = civil_time(value.seconds);
  std::string out;
  switch (kind) {
    case DateTimeKind::date_time:
      out = fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}", format_year(civil.year), civil.month, civil.day, civil.hour,
                        civil.minute, civil.second);
      append_fraction(out, value.attos);
      break;
    case DateTimeKind::date:
      out = fmt::format("{}-{:02}-{:02}", format_year(civil.year), civil.month, civil.day);
      break;
    case DateTimeKind::time:
      out = fmt::format("{:02}:{:02}:{:02}", civil.hour, civil.minute, civil.second);
      append_fraction(out, value.attos);
      break;
    case DateTimeKind::g_year:
      out = format_year(civil.year);
      break;
    case DateTimeKind::g_year_month:
      out = fmt::format("{}-{:02}", format_year(civil.year), civil.month);
      break;
    case DateTimeKind::g_month:
      out = fmt::format("--{:02}", civil.month);
      break;
    case DateTimeKind::g_month_day:
      out = fmt::format("--{:02}-{:02}", civil.month, civil.day);
      break;
    case DateTimeKind::g_day:
      out = fmt::format("---{:02}", civil.day);
      break;
  }
  return out + format_zone(value.zone);
}

namespace {

std::strong_ordering compare_instants(std::int64_t left_seconds, std::int64_t left_attos, std::int64_t right_seconds,
                                      std::int64_t right_attos) {
  if (const auto order = left_seconds <=> right_seconds; order != 0) return order;
  return left_attos <=> right_attos;
}

}  // namespace

std::partial_ordering compare_date_times(const DateTime& left, const DateTime& right) noexcept {
  if (left.zone.has_value() == right.zone.has_value()) {
    return compare_instants(left.utc_seconds(), left.attos, right.utc_seconds(), right.attos);
  }
  if (!left.zone) return 0 <=> compare_date_times(right, left);
  // The unzoned local clock lies between its readings in the zones +14:00 (earliest) and -14:00.
  constexpr std::int64_t kSpread = kMaxZoneMinutes * 60;
  if (compare_instants(left.utc_seconds(), left.attos, right.seconds - kSpread, right.attos) < 0) {
    return std::partial_ordering::less;
  }
  if (compare_instants(left.utc_seconds(), left.attos, right.seconds + kSpread, right.attos) > 0) {
    return std::partial_ordering::greater;
  }
  return std::partial_ordering::unordered;
}

std::weak_ordering order_date_times(const DateTime& left, const DateTime& right) noexcept {
  if (const auto order = compare_instants(left.utc_seconds(), left.attos, right.utc_seconds(), right.attos);
      order != 0) {
    return order;
  }
  return left.zone.has_value() <=> right.zone.has_value();
}

std::optional<DateTime> add_duration(const DateTime& moment, const Duration& duration) noexcept {
  DateTime result = moment;
  if (duration.months != 0) {
    CivilTime civil = civil_time(moment.seconds);
    if (duration.months > 12 * 2 * kMaxYear || duration.months < -12 * 2 * kMaxYear) return std::nullopt;
    const std::int64_t month_count = civil.year * 12 + (civil.month - 1) + duration.months;
    civil.year = floor_divide(month_count, 12);
    civil.month = static_cast<std::uint8_t>(month_count - civil.year * 12 + 1);
    civil.day = static_cast<std::uint8_t>(std::min<unsigned>(civil.day, days_in_month(civil.year, civil.month)));
    result.seconds = seconds_from_civil(civil);
  }
  if (__builtin_add_overflow(result.seconds, duration.seconds, &result.seconds)) return std::nullopt;
  result.attos += duration.attos;
  if (result.attos >= kAttosPerSecond) {
    result.attos -= kAttosPerSecond;
    result.seconds += 1;
  } else if (result.attos < 0) {
    result.attos += kAttosPerSecond;
    result.seconds -= 1;
  }
  constexpr std::int64_t kLimit = (kMaxYear - 1970) * 366 * kSecondsPerDay;  // generous; the year decides
  if (result.seconds > kLimit || result.seconds < -kLimit) return std::nullopt;
  const std::int64_t year = civil_time(result.seconds).year;
  if (year > kMaxYear || year < -kMaxYear) return std::nullopt;
  return result;
}

std::optional<Duration> difference(const DateTime& left, const DateTime& right) noexcept {
  Duration result;
  result.seconds = left.utc_seconds() - right.utc_seconds();  // within nine-digit years: no overflow
  result.attos = left.attos - right.attos;
  if (result.seconds > 0 && result.attos < 0) {
    result.seconds -= 1;
    result.attos += kAttosPerSecond;
  } else if (result.seconds < 0 && result.attos > 0) {
    result.seconds += 1;
    result.attos -= kAttosPerSecond;
  }
  return result;
}

}  // namespace akyn

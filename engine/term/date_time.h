// Dates, times and durations of XML Schema 1.1 (Part 2, 3.3.6 - 3.3.14, 3.4.26, 3.4.27): parsing,
// canonical forms, order and arithmetic.
//
// The calendar is the proleptic Gregorian one with a year 0. Years have at most nine digits and
// fractions of a second at most eighteen; a form beyond that is refused as if it were not well formed.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace akyn {

inline constexpr std::int64_t kAttosPerSecond = 1'000'000'000'000'000'000;
inline constexpr std::int16_t kMaxZoneMinutes = 14 * 60;

// A moment of any of the eight date and time datatypes, on the local clock of its own time zone.
// What a datatype leaves out is filled in: 1972 (a leap year) for the year, 1 for month and day, except
// that time keeps 1972-12-31, as XML Schema's order relation wants.
struct DateTime {
  std::int64_t seconds = 0;          // since 1970-01-01T00:00:00 on the local clock
  std::int64_t attos = 0;            // fraction of the second, 0 <= attos < kAttosPerSecond
  std::optional<std::int16_t> zone;  // minutes east of UTC

  // The same moment on UTC's clock; the local clock itself when there is no zone.
  [[nodiscard]] std::int64_t utc_seconds() const noexcept {
    return seconds - static_cast<std::int64_t>(zone.value_or(0)) * 60;
  }
  friend bool operator==(const DateTime&, const DateTime&) noexcept = default;
};

struct CivilTime {
  std::int64_t year = 1972;
  std::uint8_t month = 1;  // 1 - 12
  std::uint8_t day = 1;    // 1 - 31
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
};

// Days since 1970-01-01.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept;
[[nodiscard]] CivilTime civil_time(std::int64_t seconds) noexcept;
[[nodiscard]] std::int64_t seconds_from_civil(const CivilTime& civil) noexcept;
[[nodiscard]] unsigned days_in_month(std::int64_t year, unsigned month) noexcept;

enum class DateTimeKind : std::uint8_t { date_time, date, time, g_year, g_year_month, g_month, g_month_day, g_day };

// Nothing when the text is not of the datatype's lexical space. No white space around it.
[[nodiscard]] std::optional<DateTime> parse_date_time(DateTimeKind kind, std::string_view text) noexcept;
// The canonical form: the shortest fraction, "Z" for a zone of zero.
[[nodiscard]] std::string format_date_time(DateTimeKind kind, const DateTime& value);
// "Z", "-08:00"; empty for no zone.
[[nodiscard]] std::string format_zone(std::optional<std::int16_t> zone);

// XML Schema's partial order of moments of one datatype: unordered when exactly one has a time zone
// and the answer would depend on the zone of the other.
[[nodiscard]] std::partial_ordering compare_date_times(const DateTime& left, const DateTime& right) noexcept;
// An order of all moments that agrees with the partial one where that is defined and otherwise takes a
// missing zone for UTC; of equal readings, the one without a zone comes first.
[[nodiscard]] std::weak_ordering order_date_times(const DateTime& left, const DateTime& right) noexcept;

// Months and seconds, both of the same sign or zero.
struct Duration {
  std::int64_t months = 0;
  std::int64_t seconds = 0;  // whole seconds, towards zero
  std::int64_t attos = 0;    // fraction, of the same sign

  friend bool operator==(const Duration&, const Duration&) noexcept = default;
};

enum class DurationKind : std::uint8_t { duration, day_time, year_month };

[[nodiscard]] std::optional<Duration> parse_duration(DurationKind kind, std::string_view text) noexcept;
[[nodiscard]] std::string format_duration(DurationKind kind, const Duration& value);
// XML Schema 3.3.6.1: by adding to four reference moments; unordered when they disagree.
[[nodiscard]] std::partial_ordering compare_durations(const Duration& left, const Duration& right) noexcept;
// A total order that agrees with the partial one where that is defined: a month counts as a twelfth of
// a mean Gregorian year.
[[nodiscard]] std::strong_ordering order_durations(const Duration& left, const Duration& right) noexcept;

// Arithmetic; nothing on overflow, or where months and seconds would differ in sign.
[[nodiscard]] std::optional<Duration> add_durations(const Duration& left, const Duration& right) noexcept;
[[nodiscard]] Duration negate_duration(const Duration& value) noexcept;
// Adds months first, the day clipped to the month's length, then seconds (XML Schema E.3.3).
[[nodiscard]] std::optional<DateTime> add_duration(const DateTime& moment, const Duration& duration) noexcept;
// left - right, a missing zone taken for UTC. Nothing on overflow.
[[nodiscard]] std::optional<Duration> difference(const DateTime& left, const DateTime& right) noexcept;

}  // namespace akyn

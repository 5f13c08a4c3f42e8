// The 60-bit payloads of inlined dates and dateTimes. Each encoder refuses a lexical form that its
// decoder would not give back letter for letter; payloads compare as the values do.
//
// date: days since 1970-01-01 plus 2^59.
//
// date with a zone: ((minutes from 1970-01-01T00:00Z to the day's start) * 2048 + zone) plus 2^59,
// where zone is its minutes plus 840, or 2047 for "Z".
//
// dateTime, without or with a zone: the number of representable moments before this one. A moment is a
// second (on UTC's clock if there is a zone), the digits of its fraction, and its zone:
//   - The fractions of a second written with at most D digits are ranked as words: "", "0", "00", ...,
//     "01", ..., "1", ... That is the order of their values, and the zeros at the end are kept. There
//     are R(D) = 1 + 10 + ... + 10^D of them.
//   - A second of the years 1900 to 2099 has R(8) fractions without zone, R(6) with one; any other
//     second R(3): milliseconds.
//   - With a zone, each fraction has 114 slots: "Z", then the 113 quarters of an hour from -14:00 to
//     +14:00. Other zones are not inlined.
// The payload is the sum of slots of all seconds before, the rank times the zones, and the zone. What
// the years 1900 to 2099 leave free is divided between the seconds before and after them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/term/date_time.h"

namespace akyn {

[[nodiscard]] std::optional<std::uint64_t> encode_date(std::string_view text);
[[nodiscard]] std::string decode_date(std::uint64_t payload);

[[nodiscard]] std::optional<std::uint64_t> encode_date_zoned(std::string_view text);
[[nodiscard]] std::string decode_date_zoned(std::uint64_t payload);

[[nodiscard]] std::optional<std::uint64_t> encode_date_time(std::string_view text);
[[nodiscard]] std::string decode_date_time(std::uint64_t payload);

[[nodiscard]] std::optional<std::uint64_t> encode_date_time_zoned(std::string_view text);
[[nodiscard]] std::string decode_date_time_zoned(std::uint64_t payload);

// --- Values without text; a zone as it is written. Payloads of one moment in several zones follow each other.
[[nodiscard]] DateTime date_payload_value(std::uint64_t payload) noexcept;
[[nodiscard]] DateTime date_zoned_payload_value(std::uint64_t payload) noexcept;
[[nodiscard]] DateTime date_time_payload_value(std::uint64_t payload) noexcept;
[[nodiscard]] DateTime date_time_zoned_payload_value(std::uint64_t payload) noexcept;

// Payloads that each moment of a zoned date or dateTime takes, from a multiple of this on.
inline constexpr std::uint64_t kDateZones = 2048;
inline constexpr std::uint64_t kDateTimeZones = 2 * kMaxZoneMinutes / 15 + 2;

}  // namespace akyn

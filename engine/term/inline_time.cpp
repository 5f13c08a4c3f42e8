#include "engine/term/inline_time.h"

#include "engine/term/date_time.h"

namespace akyn {
namespace {

constexpr std::int64_t kBias = std::int64_t{1} << 59;
constexpr std::uint64_t kPayloads = std::uint64_t{1} << 60;
constexpr std::int64_t kSecondsPerDay = 86400;
constexpr auto kZoneSlots = static_cast<std::int64_t>(kDateZones);
constexpr std::int64_t kDateZ = 2047;

// 1900-01-01 and 2100-01-01, in seconds since 1970.
constexpr std::int64_t kInnerBegin = -25567 * kSecondsPerDay;
constexpr std::int64_t kInnerEnd = 47482 * kSecondsPerDay;

// Words of at most `length` digits.
constexpr std::uint64_t words(int length) {
  std::uint64_t count = 1;
  for (int i = 0; i < length; ++i) count = count * 10 + 1;
  return count;
}

std::uint64_t rank_of(std::string_view digits, int length) {
  std::uint64_t rank = 0;
  for (const char c : digits) {
    --length;
    rank += 1 + static_cast<std::uint64_t>(c - '0') * words(length);
  }
  return rank;
}

std::string word_of(std::uint64_t rank, int length) {
  std::string digits;
  while (rank > 0) {
    --rank;
    --length;
    digits += static_cast<char>('0' + rank / words(length));
    rank %= words(length);
  }
  return digits;
}

struct Moment {
  std::int64_t seconds = 0;
  std::string fraction;  // digits only
  std::uint64_t zone = 0;
};

// Slots along the time line: three stretches of seconds, each with slots of its own size.
struct TimeLine {
  int inner_length;
  int outer_length;
  std::uint64_t zones;

  [[nodiscard]] constexpr std::uint64_t inner_size() const { return words(inner_length) * zones; }
  [[nodiscard]] constexpr std::uint64_t outer_size() const { return words(outer_length) * zones; }
  [[nodiscard]] constexpr std::uint64_t inner_slots() const {
    return static_cast<std::uint64_t>(kInnerEnd - kInnerBegin) * inner_size();
  }
  // Seconds on either side of the inner stretch.
  [[nodiscard]] constexpr std::int64_t outer_seconds() const {
    return static_cast<std::int64_t>((kPayloads - inner_slots()) / 2 / outer_size());
  }
  [[nodiscard]] constexpr std::uint64_t before() const {
    return static_cast<std::uint64_t>(outer_seconds()) * outer_size();
  }

  [[nodiscard]] std::optional<std::uint64_t> slot(const Moment& moment) const {
    const bool inner = moment.seconds >= kInnerBegin && moment.seconds < kInnerEnd;
    const int length = inner ? inner_length : outer_length;
    if (moment.fraction.size() > static_cast<std::size_t>(length)) return std::nullopt;
    const std::uint64_t within = rank_of(moment.fraction, length) * zones + moment.zone;
    if (inner) return before() + static_cast<std::uint64_t>(moment.seconds - kInnerBegin) * inner_size() + within;
    if (moment.seconds < kInnerBegin) {
      const std::int64_t offset = moment.seconds - (kInnerBegin - outer_seconds());
      if (offset < 0) return std::nullopt;
      return static_cast<std::uint64_t>(offset) * outer_size() + within;
    }
    const std::int64_t offset = moment.seconds - kInnerEnd;
    if (offset >= outer_seconds()) return std::nullopt;
    return before() + inner_slots() + static_cast<std::uint64_t>(offset) * outer_size() + within;
  }

  // A slot's second, and its rank and zone within that.
  struct Place {
    std::int64_t seconds = 0;
    int length = 0;  // of fractions there
    std::uint64_t rank = 0;
    std::uint64_t zone = 0;
  };
  [[nodiscard]] Place place(std::uint64_t slot) const noexcept {
    std::int64_t start = kInnerBegin - outer_seconds();
    int length = outer_length;
    if (slot >= before() + inner_slots()) {
      slot -= before() + inner_slots();
      start = kInnerEnd;
    } else if (slot >= before()) {
      slot -= before();
      start = kInnerBegin;
      length = inner_length;
    }
    const std::uint64_t size = words(length) * zones;
    const std::uint64_t within = slot % size;
    return {start + static_cast<std::int64_t>(slot / size), length, within / zones, within % zones};
  }

  [[nodiscard]] Moment moment(std::uint64_t slot) const {
    const Place at = place(slot);
    return {at.seconds, word_of(at.rank, at.length), at.zone};
  }

  // On UTC's clock, without the zone.
  [[nodiscard]] DateTime value(std::uint64_t slot) const noexcept {
    Place at = place(slot);
    std::int64_t attos = 0;
    for (std::int64_t unit = kAttosPerSecond / 10; at.rank > 0; unit /= 10) {
      --at.rank;
      --at.length;
      attos += static_cast<std::int64_t>(at.rank / words(at.length)) * unit;
      at.rank %= words(at.length);
    }
    return {at.seconds, attos, std::nullopt};
  }
};

constexpr std::int64_t kZoneStep = 15;  // minutes
constexpr std::uint64_t kZones = kDateTimeZones;
constexpr TimeLine kUnzoned{8, 3, 1};
constexpr TimeLine kZoned{6, 3, kZones};
static_assert(kUnzoned.inner_slots() < kPayloads && kZoned.inner_slots() < kPayloads);

// Zone 0 is "Z"; -14:00 is 1.
std::int64_t zone_minutes(std::uint64_t zone) {
  return zone == 0 ? 0 : (static_cast<std::int64_t>(zone) - 1) * kZoneStep - kMaxZoneMinutes;
}

std::string zone_text(bool letter, std::int64_t minutes) {
  if (letter) return "Z";
  return minutes == 0 ? "+00:00" : format_zone(static_cast<std::int16_t>(minutes));
}

std::string_view fraction_digits(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point == std::string_view::npos) return {};
  const std::string_view rest = text.substr(point + 1);
  return rest.substr(0, rest.find_first_not_of("0123456789"));
}

std::string local_form(const Moment& moment, std::int64_t minutes) {
  std::string out = format_date_time(DateTimeKind::date_time, {moment.seconds + minutes * 60, 0, std::nullopt});
  if (!moment.fraction.empty()) out += '.' + moment.fraction;
  return out;
}

std::optional<std::uint64_t> if_same(std::uint64_t payload, std::string (*decode)(std::uint64_t),
                                     std::string_view text) {
  if (payload >= kPayloads || decode(payload) != text) return std::nullopt;
  return payload;
}

}  // namespace

std::optional<std::uint64_t> encode_date(std::string_view text) {
  const std::optional<DateTime> value = parse_date_time(DateTimeKind::date, text);
  if (!value || value->zone) return std::nullopt;
  return if_same(static_cast<std::uint64_t>(value->seconds / kSecondsPerDay + kBias), decode_date, text);
}

std::string decode_date(std::uint64_t payload) {
  const std::int64_t days = static_cast<std::int64_t>(payload) - kBias;
  return format_date_time(DateTimeKind::date, {days * kSecondsPerDay, 0, std::nullopt});
}

std::optional<std::uint64_t> encode_date_zoned(std::string_view text) {
  const std::optional<DateTime> value = parse_date_time(DateTimeKind::date, text);
  if (!value || !value->zone) return std::nullopt;
  const std::int64_t minutes = value->utc_seconds() / 60;
  if (minutes >= kBias / kZoneSlots || minutes < -kBias / kZoneSlots) return std::nullopt;
  const std::int64_t zone = text.ends_with('Z') ? kDateZ : *value->zone + kMaxZoneMinutes;
  return if_same(static_cast<std::uint64_t>(minutes * kZoneSlots + zone + kBias), decode_date_zoned, text);
}

std::string decode_date_zoned(std::uint64_t payload) {
  const auto zone = static_cast<std::int64_t>(payload % kZoneSlots);
  const std::int64_t minutes = (static_cast<std::int64_t>(payload) - zone - kBias) / kZoneSlots;
  const std::int64_t offset = zone == kDateZ ? 0 : zone - kMaxZoneMinutes;
  return format_date_time(DateTimeKind::date, {(minutes + offset) * 60, 0, std::nullopt}) +
         zone_text(zone == kDateZ, offset);
}

std::optional<std::uint64_t> encode_date_time(std::string_view text) {
  const std::optional<DateTime> value = parse_date_time(DateTimeKind::date_time, text);
  if (!value || value->zone) return std::nullopt;
  const std::optional<std::uint64_t> slot = kUnzoned.slot({value->seconds, std::string(fraction_digits(text)), 0});
  if (!slot) return std::nullopt;
  return if_same(*slot, decode_date_time, text);
}

std::string decode_date_time(std::uint64_t payload) {
  return local_form(kUnzoned.moment(payload), 0);
}

std::optional<std::uint64_t> encode_date_time_zoned(std::string_view text) {
  const std::optional<DateTime> value = parse_date_time(DateTimeKind::date_time, text);
  if (!value || !value->zone || *value->zone % kZoneStep != 0) return std::nullopt;
  const auto zone =
      text.ends_with('Z') ? 0 : static_cast<std::uint64_t>((*value->zone + kMaxZoneMinutes) / kZoneStep + 1);
  const std::optional<std::uint64_t> slot =
      kZoned.slot({value->utc_seconds(), std::string(fraction_digits(text)), zone});
  if (!slot) return std::nullopt;
  return if_same(*slot, decode_date_time_zoned, text);
}

std::string decode_date_time_zoned(std::uint64_t payload) {
  const Moment moment = kZoned.moment(payload);
  const std::int64_t minutes = zone_minutes(moment.zone);
  return local_form(moment, minutes) + zone_text(moment.zone == 0, minutes);
}

DateTime date_payload_value(std::uint64_t payload) noexcept {
  return {(static_cast<std::int64_t>(payload) - kBias) * kSecondsPerDay, 0, std::nullopt};
}

DateTime date_zoned_payload_value(std::uint64_t payload) noexcept {
  const auto zone = static_cast<std::int64_t>(payload % kZoneSlots);
  const std::int64_t minutes = (static_cast<std::int64_t>(payload) - zone - kBias) / kZoneSlots;
  const std::int64_t offset = zone == kDateZ ? 0 : zone - kMaxZoneMinutes;
  return {(minutes + offset) * 60, 0, static_cast<std::int16_t>(offset)};
}

DateTime date_time_payload_value(std::uint64_t payload) noexcept {
  return kUnzoned.value(payload);
}

DateTime date_time_zoned_payload_value(std::uint64_t payload) noexcept {
  DateTime value = kZoned.value(payload);
  const std::int64_t minutes = zone_minutes(payload % kZones);
  value.seconds += minutes * 60;
  value.zone = static_cast<std::int16_t>(minutes);
  return value;
}

}  // namespace akyn

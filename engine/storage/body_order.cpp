#include "engine/storage/body_order.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/storage/term_codec.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/floating.h"

namespace akyn::storage {
namespace {

struct Moments {
  DateTimeKind kind;
  ValueClass local;  // the zoned class follows it
};

std::optional<Moments> moments_of(Datatype datatype) {
  switch (datatype) {
    case Datatype::date_time:
    case Datatype::date_time_stamp:
      return Moments{DateTimeKind::date_time, ValueClass::date_time};
    case Datatype::date:
      return Moments{DateTimeKind::date, ValueClass::date};
    case Datatype::time:
      return Moments{DateTimeKind::time, ValueClass::time};
    case Datatype::g_year:
      return Moments{DateTimeKind::g_year, ValueClass::g_year};
    case Datatype::g_year_month:
      return Moments{DateTimeKind::g_year_month, ValueClass::g_year_month};
    case Datatype::g_month:
      return Moments{DateTimeKind::g_month, ValueClass::g_month};
    case Datatype::g_month_day:
      return Moments{DateTimeKind::g_month_day, ValueClass::g_month_day};
    case Datatype::g_day:
      return Moments{DateTimeKind::g_day, ValueClass::g_day};
    default:
      return std::nullopt;
  }
}

constexpr ValueClass zoned(ValueClass local) {
  return static_cast<ValueClass>(static_cast<std::uint8_t>(local) + 1);
}

// The exact value of a number that is not infinite.
Decimal exact_value(std::string_view text, bool floating, double value) {
  return (floating ? Decimal::exactly(value) : Decimal::parse(text)).value_or(Decimal());
}

std::strong_ordering compare_bytes(std::string_view left, std::string_view right) {
  return left.compare(right) <=> 0;
}

// Where a body has its language tag, as fold_body() finds it; nowhere in a damaged one.
struct TagRange {
  std::size_t first = 0;
  std::size_t last = 0;

  explicit TagRange(std::string_view body) noexcept {
    std::uint64_t length = 0;
    std::size_t at = 1;
    for (unsigned shift = 0; shift < 64 && at < body.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(body[at++]);
      length |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte >= 0x80) continue;
      if (length > body.size() - at) return;
      first = at;
      last = at + static_cast<std::size_t>(length);
      return;
    }
  }

  [[nodiscard]] unsigned char folded(std::string_view body, std::size_t i) const noexcept {
    const char c = body[i];
    const bool fold = i >= first && i < last && c >= 'A' && c <= 'Z';
    return static_cast<unsigned char>(fold ? c + ('a' - 'A') : c);
  }
};

std::strong_ordering compare_tagged(std::string_view left, std::string_view right) {
  const TagRange left_tag(left);
  const TagRange right_tag(right);
  const std::size_t head = std::min({std::max(left_tag.last, right_tag.last), left.size(), right.size()});
  for (std::size_t i = 0; i < head; ++i) {
    const auto order = left_tag.folded(left, i) <=> right_tag.folded(right, i);
    if (order != 0) return order;
  }
  return compare_bytes(left.substr(head), right.substr(head));
}

}  // namespace

BodyValue::BodyValue(std::string_view body) : body_(body), text_(body) {
  const std::optional<TermView> term = parse_body(IdType::valued, body);
  if (!term) return;
  text_ = term->value;
  const Datatype datatype = find_datatype(term->datatype);
  if (is_numeric_type(datatype)) {
    read_number(datatype);
  } else if (const std::optional<Moments> moments = moments_of(datatype)) {
    const std::optional<DateTime> moment = parse_date_time(moments->kind, text_);
    if (!moment) return;
    class_ = moment->zone ? zoned(moments->local) : moments->local;
    whole_ = moment->utc_seconds();
    fraction_ = moment->attos;
  } else if (datatype == Datatype::day_time_duration) {
    const std::optional<Duration> duration = parse_duration(DurationKind::day_time, text_);
    if (!duration) return;
    class_ = ValueClass::day_time_duration;
    whole_ = duration->seconds;
    fraction_ = duration->attos;
  } else if (datatype == Datatype::year_month_duration) {
    const std::optional<Duration> duration = parse_duration(DurationKind::year_month, text_);
    if (!duration) return;
    class_ = ValueClass::year_month_duration;
    whole_ = duration->months;
  }
}

void BodyValue::read_number(Datatype datatype) {
  std::optional<double> value;
  if (datatype == Datatype::float_) {
    value = parse_float(text_);
  } else if (datatype == Datatype::double_ || (text_.size() <= Decimal::kMaxDigits &&
                                               text_.find_first_not_of("+-.0123456789") == std::string_view::npos)) {
    value = parse_double(text_);
  }
  if (!value) return;
  nearest_ = *value;
  floating_ = datatype == Datatype::float_ || datatype == Datatype::double_;
  class_ = std::isnan(nearest_) ? ValueClass::not_a_number : ValueClass::number;
}

std::weak_ordering compare_values(const BodyValue& left, const BodyValue& right) {
  if (left.class_ != right.class_) return left.class_ <=> right.class_;
  if (left.class_ == ValueClass::unreadable) return compare_bytes(left.body_, right.body_);
  if (left.class_ == ValueClass::not_a_number) return std::weak_ordering::equivalent;
  if (left.class_ != ValueClass::number) {
    if (const auto order = left.whole_ <=> right.whole_; order != 0) return order;
    return left.fraction_ <=> right.fraction_;
  }
  if (left.nearest_ < right.nearest_) return std::weak_ordering::less;
  if (left.nearest_ > right.nearest_) return std::weak_ordering::greater;
  if (left.floating_ && right.floating_) return std::weak_ordering::equivalent;
  if (std::isinf(left.nearest_) && left.floating_ != right.floating_) {
    // An infinity, and a decimal too large for a double.
    return left.floating_ == (left.nearest_ < 0) ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  return exact_value(left.text_, left.floating_, left.nearest_) <=>
         exact_value(right.text_, right.floating_, right.nearest_);
}

std::strong_ordering operator<=>(const BodyValue& left, const BodyValue& right) {
  if (const auto order = compare_values(left, right); order != 0) {
    return order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return compare_bytes(left.body_, right.body_);
}

std::strong_ordering compare_bodies(IdType type, std::string_view left, std::string_view right) {
  switch (type) {
    case IdType::valued:
      return BodyValue(left) <=> BodyValue(right);
    case IdType::lang_string:
      return compare_tagged(left, right);
    default:
      return compare_bytes(left, right);
  }
}

}  // namespace akyn::storage

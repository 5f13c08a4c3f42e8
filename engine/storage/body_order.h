// The order in which a dictionary run holds its terms.
//
// Terms of one type are sorted by their folded bodies (term_codec.h), byte by byte. IdType::valued - numbers, dates and
// times that are not inlined - is sorted by value instead, so that a range of values is a range of numbers:
//
//   1. by class, in the order of ValueClass: values of two classes are never compared by a query, or have no answer;
//   2. within a class by the exact value: an integer of any size, a decimal and a double are compared as the rational
//      numbers they are; moments on UTC's clock; durations by their length;
//   3. equal values by the folded body.
//
// It is a total order: equal means equal folded bodies, that is, the same term.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

#include "engine/term/datatype.h"
#include "engine/term/id.h"

namespace akyn::storage {

// What can be compared with one another. Zoned: with a time zone.
enum class ValueClass : std::uint8_t {
  number,        // integers, decimals, floats and doubles, infinities included
  not_a_number,  // NaN of either datatype
  date_time,     // dateTime and dateTimeStamp
  date_time_zoned,
  date,
  date_zoned,
  time,
  time_zoned,
  g_year,
  g_year_zoned,
  g_year_month,
  g_year_month_zoned,
  g_month,
  g_month_zoned,
  g_month_day,
  g_month_day_zoned,
  g_day,
  g_day_zoned,
  day_time_duration,
  year_month_duration,
  unreadable,  // damaged bodies; by their bytes
};

// The value of a body of IdType::valued, read once for many comparisons. Borrows the body.
class BodyValue {
 public:
  explicit BodyValue(std::string_view body);

  [[nodiscard]] ValueClass value_class() const noexcept { return class_; }

  // By class and value: "1"^^xsd:int and "1.0"^^xsd:decimal are equivalent.
  friend std::weak_ordering compare_values(const BodyValue& left, const BodyValue& right);
  // The whole order: then by body.
  friend std::strong_ordering operator<=>(const BodyValue& left, const BodyValue& right);
  friend bool operator==(const BodyValue& left, const BodyValue& right) noexcept { return left.body_ == right.body_; }

 private:
  void read_number(Datatype datatype);

  std::string_view body_;
  std::string_view text_;  // the lexical form
  ValueClass class_ = ValueClass::unreadable;
  bool floating_ = false;      // xsd:float, xsd:double: nearest_ is the value itself
  double nearest_ = 0;         // of a number; rounding keeps the order, so that only equal ones need a closer look
  std::int64_t whole_ = 0;     // of a moment: seconds on UTC's clock; of a duration: seconds or months
  std::int64_t fraction_ = 0;  // attoseconds
};

// The order of two bodies of one type, folded or not.
[[nodiscard]] std::strong_ordering compare_bodies(IdType type, std::string_view left, std::string_view right);

}  // namespace akyn::storage

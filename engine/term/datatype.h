// The datatypes the engine understands, as a small number.
#pragma once

#include <cstdint>
#include <string_view>

namespace akyn {

// In the order of XML Schema's derivation where there is one; the ranges below rely on it.
enum class Datatype : std::uint8_t {
  unknown = 0,
  string,
  lang_string,
  dir_lang_string,
  boolean,
  integer,  // xsd:integer and all that derive from it ...
  long_,
  int_,
  short_,
  byte,
  non_negative_integer,
  positive_integer,
  unsigned_long,
  unsigned_int,
  unsigned_short,
  unsigned_byte,
  non_positive_integer,
  negative_integer,  // ... to here
  decimal,
  float_,
  double_,
  date_time,
  date_time_stamp,
  date,
  time,
  g_year,
  g_year_month,
  g_month,
  g_month_day,
  g_day,
  duration,
  day_time_duration,
  year_month_duration,
};

// Datatype::unknown for an IRI that is not listed. The empty IRI is xsd:string, as in TermView.
[[nodiscard]] Datatype find_datatype(std::string_view iri) noexcept;

// The full IRI; empty for unknown.
[[nodiscard]] std::string_view datatype_iri(Datatype datatype) noexcept;

[[nodiscard]] constexpr bool is_integer_type(Datatype datatype) noexcept {
  return datatype >= Datatype::integer && datatype <= Datatype::negative_integer;
}
[[nodiscard]] constexpr bool is_numeric_type(Datatype datatype) noexcept {
  return datatype >= Datatype::integer && datatype <= Datatype::double_;
}
[[nodiscard]] constexpr bool is_temporal_type(Datatype datatype) noexcept {
  return datatype >= Datatype::date_time && datatype <= Datatype::g_day;
}
[[nodiscard]] constexpr bool is_duration_type(Datatype datatype) noexcept {
  return datatype >= Datatype::duration && datatype <= Datatype::year_month_duration;
}

// The lexical form without the white space that XML Schema's whiteSpace facet "collapse" ignores: all
// datatypes here but strings allow it around a form.
[[nodiscard]] constexpr std::string_view trim_xml_space(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t\n\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace akyn

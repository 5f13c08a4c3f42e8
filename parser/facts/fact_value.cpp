#include "parser/facts/fact_value.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "engine/term/date_time.h"
#include "engine/term/vocabulary.h"
#include "parser/rdf/chars.h"

namespace akyn::facts {
namespace {

using rdf::is;
using rdf::kDigit;
using rdf::kWhite;

constexpr std::string_view kGYearMonth = "http://www.w3.org/2001/XMLSchema#gYearMonth";

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), rdf::ascii_lower);
  return lower;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is(c, kDigit); });
}

// --- Numbers ---

// The digits before the point, without separators; nothing when they are not in groups of three.
std::optional<std::string> whole_digits(std::string_view text) {
  if (text.find(',') == std::string_view::npos) return std::string(text);
  std::string digits;
  for (bool first = true;; first = false) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view group = text.substr(0, comma);
    if (!all_digits(group) || (first ? group.size() > 3 : group.size() != 3)) return std::nullopt;
    digits += group;
    if (comma == text.size()) return digits;
    text.remove_prefix(comma + 1);
  }
}

// How many zeros the word behind a number stands for.
std::optional<std::size_t> zeros_of(std::string_view word) {
  if (word.empty()) return 0;
  constexpr std::array<std::string_view, 4> kWords = {"thousand", "million", "billion", "trillion"};
  const std::string lower = lower_case(word);
  const auto found = std::find(kWords.begin(), kWords.end(), lower);
  if (found == kWords.end()) return std::nullopt;
  return 3 * static_cast<std::size_t>(found - kWords.begin() + 1);
}

std::optional<TypedText> number(std::string_view text) {
  std::string lexical;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    if (text.front() == '-') lexical = "-";
    text.remove_prefix(1);
  }
  const auto end_of = [](std::string_view part, auto belongs) {
    return static_cast<std::size_t>(std::find_if_not(part.begin(), part.end(), belongs) - part.begin());
  };
  const std::size_t whole_size = end_of(text, [](char c) { return is(c, kDigit) || c == ','; });
  std::optional<std::string> whole = whole_digits(text.substr(0, whole_size));
  if (!whole) return std::nullopt;
  const bool has_separators = whole->size() != whole_size;
  text.remove_prefix(whole_size);

  std::string_view fraction;
  if (text.starts_with('.')) {
    fraction = text.substr(1, end_of(text.substr(1), [](char c) { return is(c, kDigit); }));
    if (fraction.empty()) return std::nullopt;
    text.remove_prefix(1 + fraction.size());
  }
  if (whole->empty() && fraction.empty()) return std::nullopt;

  if (text.starts_with('e') || text.starts_with('E')) {
    std::string_view exponent = text.substr(1);
    if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
    if (has_separators || !all_digits(exponent)) return std::nullopt;
    lexical += *whole;
    if (!fraction.empty()) lexical.append(".").append(fraction);
    return TypedText{lexical.append(text), xsd::kDouble};
  }
  const std::optional<std::size_t> zeros = zeros_of(trimmed(text));
  if (!zeros || (*zeros > 0 && !is(text.front(), kWhite))) return std::nullopt;
  if (*zeros == 0) {
    lexical += *whole;
    if (fraction.empty()) return TypedText{std::move(lexical), xsd::kInteger};
    return TypedText{lexical.append(".").append(fraction), xsd::kDecimal};
  }
  // The point moves to the right, beyond the fraction or into it.
  std::string digits = *whole;
  digits.append(fraction.substr(0, *zeros));
  digits.append(*zeros - std::min(*zeros, fraction.size()), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  lexical += digits;
  std::string_view rest = fraction.substr(std::min(*zeros, fraction.size()));
  rest = rest.substr(0, rest.find_last_not_of('0') + 1);
  if (rest.empty()) return TypedText{std::move(lexical), xsd::kInteger};
  return TypedText{lexical.append(".").append(rest), xsd::kDecimal};
}

// --- Dates ---

// 1 to 12; 0 when it is no month's name, whole or its first three letters.
unsigned month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                        "may",       "june",     "july",     "august",
                                                        "september", "october",  "november", "december"};
  std::string lower = lower_case(word);
  if (lower.ends_with('.')) lower.pop_back();
  if (lower == "sept") lower = "sep";
  for (unsigned month = 0; month < 12; ++month) {
    if (lower == kMonths[month] || (lower.size() == 3 && kMonths[month].starts_with(lower))) return month + 1;
  }
  return 0;
}

std::string two_digits(std::string_view digits) {
  return digits.size() == 1 ? "0" + std::string(digits) : std::string(digits);
}

// "2 April 2031", "April 2, 2031" and "April 2031" in ISO 8601's form.
std::optional<std::string> iso_form(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (words.size() != 2 && words.size() != 3) return std::nullopt;
  const std::string_view year = words.back();
  if (year.size() != 4 || !all_digits(year)) return std::nullopt;
  const bool month_first = month_of(words[0]) != 0;
  std::string_view month = words[month_first ? 0 : 1];
  std::string_view day = words.size() == 2 ? "" : words[month_first ? 1 : 0];
  if (month_first && day.ends_with(',')) day.remove_suffix(1);
  if (words.size() == 2 && !month_first) return std::nullopt;
  if (words.size() == 2 && month.ends_with(',')) month.remove_suffix(1);
  if (month_of(month) == 0 || (words.size() == 3 && (!all_digits(day) || day.size() > 2))) return std::nullopt;
  std::string iso = std::string(year) + '-' + two_digits(std::to_string(month_of(month)));
  return day.empty() ? iso : iso + '-' + two_digits(day);
}

std::optional<TypedText> date(std::string_view text) {
  std::string form = iso_form(text).value_or(std::string(text));
  if (!parse_date_time(DateTimeKind::g_year_month, form) && form.size() < 8) return std::nullopt;
  if (parse_date_time(DateTimeKind::date, form)) return TypedText{std::move(form), xsd::kDate};
  if (parse_date_time(DateTimeKind::g_year_month, form)) return TypedText{std::move(form), kGYearMonth};
  constexpr std::size_t kDateSize = 10;
  constexpr std::size_t kMinutesEnd = 16;
  if (form.size() < kMinutesEnd || (form[kDateSize] != 'T' && form[kDateSize] != ' ')) return std::nullopt;
  form[kDateSize] = 'T';
  if (form.size() == kMinutesEnd || form[kMinutesEnd] != ':') form.insert(kMinutesEnd, ":00");
  if (!parse_date_time(DateTimeKind::date_time, form)) return std::nullopt;
  return TypedText{std::move(form), xsd::kDateTime};
}

// Normalization Form C.
std::string normalized(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), rdf::is_ascii)) return std::string(text);
  utf8proc_uint8_t* result = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &result, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (size < 0) return std::string(text);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<TypedText> typed_value(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  if (is(first, kDigit) || first == '-' || first == '+' || first == '.') {
    if (std::optional<TypedText> found = number(text)) return found;
    return date(text);
  }
  if (text == "true" || text == "false") return TypedText{std::string(text), xsd::kBoolean};
  return is(text.back(), kDigit) && is(first, rdf::kNameStart) ? date(text) : std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is(text.front(), kWhite)) text.remove_prefix(1);
  while (!text.empty() && is(text.back(), kWhite)) text.remove_suffix(1);
  return text;
}

std::string label_of(std::string_view name) {
  std::string label;
  for (const char c : name) {
    const bool space = is(c, kWhite) || c == '_';
    if (!space) {
      label += c;
    } else if (!label.empty() && label.back() != ' ') {
      label += ' ';
    }
  }
  if (label.ends_with(' ')) label.pop_back();
  return label.empty() ? std::string(name) : label;
}

std::string local_name_of(std::string_view label) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const std::string text = normalized(label);
  std::string local;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const rdf::Decoded c = rdf::decode_utf8(at, end);
    const bool is_first = at == text.data();
    const bool is_last = at + c.length == end;
    const bool plain =
        (c.code_point == '.' && !is_first && !is_last) ||
        (is_first ? c.code_point == '_' || rdf::is_name_start(c.code_point) || (c.code_point < 0x80 && is(*at, kDigit))
                  : rdf::is_name_char(c.code_point));
    if (c.code_point == ' ') {
      local += '_';
    } else if (plain) {
      local.append(at, c.length);
    } else {
      for (std::uint32_t i = 0; i < c.length; ++i) {
        const auto byte = static_cast<unsigned char>(at[i]);
        local += '%';
        local += kHex[byte >> 4];
        local += kHex[byte & 0xFU];
      }
    }
    at += c.length;
  }
  return local;
}

}  // namespace akyn::facts

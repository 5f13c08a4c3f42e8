// Functions on strings (SPARQL 1.1 Query 17.4.3). Positions and lengths count code points.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/expr/builtins.h"
#include "engine/expr/operators.h"
#include "engine/expr/regex.h"
#include "engine/expr/text.h"

namespace akyn::expr {

Value string_like(const Value& like, std::string text) {
  if (like.kind() == ValueKind::string) return Value::string(std::move(text));
  return Value::lang_string(std::move(text), std::string(like.language()), like.direction());
}

namespace {

// Argument compatibility rules, 17.4.3.1.2: the second is a plain string, or of the first one's language.
bool are_compatible(const Value& left, const Value& right) {
  if (!left.is_string_literal() || !right.is_string_literal()) return false;
  return right.kind() == ValueKind::string || (left.kind() == ValueKind::lang_string && same_language(left, right));
}

Result strlen(Arguments arguments, Context&) {
  if (!arguments[0].is_string_literal()) return std::nullopt;
  return Value::integer(static_cast<std::int64_t>(count_code_points(arguments[0].text())));
}

Result substr(Arguments arguments, Context& context) {
  if (!arguments[0].is_string_literal() || !arguments[1].is_numeric()) return std::nullopt;
  if (arguments.size() > 2 && !arguments[2].is_numeric()) return std::nullopt;
  const double length = arguments.size() > 2 ? arguments[2].as_double() : HUGE_VAL;
  const std::string_view part = substring(arguments[0].text(), arguments[1].as_double(), length);
  ask_for_room(context.check_room, part.size());
  return string_like(arguments[0], std::string(part));
}

// The most that a change of case makes of a text: one letter of two bytes may become three letters.
std::size_t most_after_case_change(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? text.size() : 3 * text.size();
}

Result ucase(Arguments arguments, Context& context) {
  if (!arguments[0].is_string_literal()) return std::nullopt;
  ask_for_room(context.check_room, most_after_case_change(arguments[0].text()));
  return string_like(arguments[0], upper_case(arguments[0].text()));
}

Result lcase(Arguments arguments, Context& context) {
  if (!arguments[0].is_string_literal()) return std::nullopt;
  ask_for_room(context.check_room, most_after_case_change(arguments[0].text()));
  return string_like(arguments[0], lower_case(arguments[0].text()));
}

Result str_starts(Arguments arguments, Context&) {
  if (!are_compatible(arguments[0], arguments[1])) return std::nullopt;
  return Value::boolean(arguments[0].text().starts_with(arguments[1].text()));
}

Result str_ends(Arguments arguments, Context&) {
  if (!are_compatible(arguments[0], arguments[1])) return std::nullopt;
  return Value::boolean(arguments[0].text().ends_with(arguments[1].text()));
}

Result contains(Arguments arguments, Context&) {
  if (!are_compatible(arguments[0], arguments[1])) return std::nullopt;
  return Value::boolean(arguments[0].text().find(arguments[1].text()) != std::string_view::npos);
}

Result str_before(Arguments arguments, Context& context) {
  if (!are_compatible(arguments[0], arguments[1])) return std::nullopt;
  const std::size_t at = arguments[0].text().find(arguments[1].text());
  if (at == std::string_view::npos) return Value::string("");
  ask_for_room(context.check_room, at);
  return string_like(arguments[0], std::string(arguments[0].text().substr(0, at)));
}

Result str_after(Arguments arguments, Context& context) {
  if (!are_compatible(arguments[0], arguments[1])) return std::nullopt;
  const std::size_t at = arguments[0].text().find(arguments[1].text());
  if (at == std::string_view::npos) return Value::string("");
  const std::string_view rest = arguments[0].text().substr(at + arguments[1].text().size());
  ask_for_room(context.check_room, rest.size());
  return string_like(arguments[0], std::string(rest));
}

Result encode_for_uri(Arguments arguments, Context& context) {
  if (!arguments[0].is_string_literal()) return std::nullopt;
  constexpr std::string_view kHex = "0123456789ABCDEF";
  GrowingText out(context.check_room);
  for (const char c : arguments[0].text()) {
    const char lower = ascii_lower(c);
    const bool unreserved = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                            c == '.' || c == '~';  // RFC 3986 2.3
    if (unreserved) {
      out.append({&c, 1});
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    const std::array escaped = {'%', kHex[byte >> 4], kHex[byte & 15U]};
    out.append({escaped.data(), escaped.size()});
  }
  return Value::string(out.take());
}

Result concat(Arguments arguments, Context& context) {
  std::size_t length = 0;
  bool one_language = !arguments.empty();
  for (const Value& argument : arguments) {
    if (!argument.is_string_literal()) return std::nullopt;
    length += argument.text().size();
    one_language = one_language && argument.kind() == ValueKind::lang_string && same_language(arguments[0], argument);
  }
  ask_for_room(context.check_room, length);
  std::string out;
  out.reserve(length);
  for (const Value& argument : arguments) out += argument.text();
  return one_language ? string_like(arguments[0], std::move(out)) : Value::string(std::move(out));
}

Result regex(Arguments arguments, Context& context) {
  if (!arguments[0].is_string_literal() || arguments[1].kind() != ValueKind::string) return std::nullopt;
  if (arguments.size() > 2 && arguments[2].kind() != ValueKind::string) return std::nullopt;
  const auto compiled = context.regexes.get(arguments[1].text(), arguments.size() > 2 ? arguments[2].text() : "");
  if (!compiled) return std::nullopt;
  return Value::boolean(compiled->matches(arguments[0].text()));
}

Result replace(Arguments arguments, Context& context) {
  if (!arguments[0].is_string_literal()) return std::nullopt;
  for (const Value& argument : arguments.subspan(1)) {
    if (argument.kind() != ValueKind::string) return std::nullopt;
  }
  const auto compiled = context.regexes.get(arguments[1].text(), arguments.size() > 3 ? arguments[3].text() : "");
  if (!compiled) return std::nullopt;
  std::optional<std::string> replaced = compiled->replace(arguments[0].text(), arguments[2].text(), context.check_room);
  if (!replaced) return std::nullopt;
  return string_like(arguments[0], std::move(*replaced));
}

constexpr std::array kFunctions = {
    Function{"STRLEN", 1, 1, strlen},
    Function{"SUBSTR", 2, 3, substr},
    Function{"UCASE", 1, 1, ucase},
    Function{"LCASE", 1, 1, lcase},
    Function{"STRSTARTS", 2, 2, str_starts},
    Function{"STRENDS", 2, 2, str_ends},
    Function{"CONTAINS", 2, 2, contains},
    Function{"STRBEFORE", 2, 2, str_before},
    Function{"STRAFTER", 2, 2, str_after},
    Function{"ENCODE_FOR_URI", 1, 1, encode_for_uri},
    Function{"CONCAT", 0, kAnyNumber, concat},
    Function{"REGEX", 2, 3, regex},
    Function{"REPLACE", 3, 4, replace},
};

}  // namespace

std::span<const Function> string_functions() noexcept {
  return kFunctions;
}

}  // namespace akyn::expr

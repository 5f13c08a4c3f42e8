// Functions on RDF terms (SPARQL 1.1 Query 17.4.2; SPARQL 1.2 for directions and triple terms).
#include <fmt/format.h>

#include <array>

#include "engine/expr/builtins.h"
#include "engine/expr/operators.h"
#include "engine/expr/text.h"
#include "engine/term/datatype.h"
#include "parser/text/iri.h"

namespace akyn::expr {
namespace {

bool is_language_tag(std::string_view tag) {
  std::size_t length = 0;
  bool primary = true;
  for (const char c : tag) {
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
      primary = false;
      continue;
    }
    const char lower = ascii_lower(c);
    const bool letter = lower >= 'a' && lower <= 'z';
    if (!letter && (primary || c < '0' || c > '9')) return false;
    if (++length > 8) return false;
  }
  return length > 0;
}

// The characters that no IRI holds (RDF 1.2 N-Triples, IRIREF).
bool is_iri_text(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20) return false;
    if (std::string_view("<>\"{}|\\^`").find(c) != std::string_view::npos) return false;
  }
  return true;
}

Result str(Arguments arguments, Context& context) {
  const Value& value = arguments[0];
  if (value.kind() == ValueKind::string) return value;
  if (value.is_string_literal() || value.is_iri()) ask_for_room(context.check_room, value.text().size());
  if (value.is_iri() || value.is_literal()) return Value::string(value.lexical_form());
  return std::nullopt;
}

Result lang(Arguments arguments, Context&) {
  if (!arguments[0].is_literal()) return std::nullopt;
  return Value::string(std::string(arguments[0].language()));
}

Result lang_dir(Arguments arguments, Context&) {
  if (!arguments[0].is_literal()) return std::nullopt;
  switch (arguments[0].direction()) {
    case Direction::ltr:
      return Value::string("ltr");
    case Direction::rtl:
      return Value::string("rtl");
    case Direction::none:
      break;
  }
  return Value::string("");
}

Result lang_matches(Arguments arguments, Context&) {
  if (arguments[0].kind() != ValueKind::string || arguments[1].kind() != ValueKind::string) return std::nullopt;
  return Value::boolean(language_matches(arguments[0].text(), arguments[1].text()));
}

Result has_lang(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].kind() == ValueKind::lang_string);
}

Result has_lang_dir(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].direction() != Direction::none);
}

Result datatype(Arguments arguments, Context&) {
  if (!arguments[0].is_literal()) return std::nullopt;
  return Value::iri(std::string(arguments[0].datatype_iri()));
}

Result iri(Arguments arguments, Context& context) {
  const Value& value = arguments[0];
  if (value.is_iri()) return value;
  if (value.kind() != ValueKind::string) return std::nullopt;
  ask_for_room(context.check_room, context.base_iri.size() + value.text().size());
  std::string resolved = resolve_iri(context.base_iri, value.text());
  if (!is_absolute_iri(resolved) || !is_iri_text(resolved)) return std::nullopt;
  return Value::iri(std::move(resolved));
}

// One round of splitmix64: spreads a counter or a character over 64 bits.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

Result bnode(Arguments arguments, Context& context) {
  const std::uint64_t seed = context.blank_seed[0];
  if (arguments.empty()) {
    return Value::blank(fmt::format("f{:016x}{:016x}", mix(seed), mix(context.blank_seed[1] ^ ++context.fresh_blanks)));
  }
  if (arguments[0].kind() != ValueKind::string) return std::nullopt;
  // 128 bits of a keyed hash of solution and label: the same for equal ones, without remembering any.
  std::uint64_t high = mix(seed ^ mix(context.solution));
  std::uint64_t low = mix(context.blank_seed[1] + mix(context.solution));
  for (const char c : arguments[0].text()) {
    high = mix(high ^ static_cast<unsigned char>(c));
    low = mix(low + static_cast<unsigned char>(c));
  }
  return Value::blank(fmt::format("s{:016x}{:016x}", high, low));
}

Result strdt(Arguments arguments, Context& context) {
  if (arguments[0].kind() != ValueKind::string || !arguments[1].is_iri()) return std::nullopt;
  // Their literals need a language tag, which only STRLANG and STRLANGDIR give.
  const Datatype type = find_datatype(arguments[1].text());
  if (type == Datatype::lang_string || type == Datatype::dir_lang_string) return std::nullopt;
  ask_for_room(context.check_room, arguments[0].text().size());
  return Value::literal(std::string(arguments[0].text()), arguments[1].text());
}

Result strlang(Arguments arguments, Context& context) {
  if (arguments[0].kind() != ValueKind::string || arguments[1].kind() != ValueKind::string) return std::nullopt;
  if (!is_language_tag(arguments[1].text())) return std::nullopt;
  ask_for_room(context.check_room, arguments[0].text().size());
  return Value::lang_string(std::string(arguments[0].text()), std::string(arguments[1].text()));
}

Result strlangdir(Arguments arguments, Context& context) {
  for (const Value& argument : arguments) {
    if (argument.kind() != ValueKind::string) return std::nullopt;
  }
  const std::string_view direction = arguments[2].text();
  if (!is_language_tag(arguments[1].text()) || (direction != "ltr" && direction != "rtl")) return std::nullopt;
  ask_for_room(context.check_room, arguments[0].text().size());
  return Value::lang_string(std::string(arguments[0].text()), std::string(arguments[1].text()),
                            direction == "ltr" ? Direction::ltr : Direction::rtl);
}

Result same_term_function(Arguments arguments, Context&) {
  return Value::boolean(same_term(arguments[0], arguments[1]));
}

Result is_iri(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].is_iri());
}
Result is_blank(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].is_blank());
}
Result is_literal(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].is_literal());
}
Result is_numeric(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].is_numeric());
}
Result is_triple(Arguments arguments, Context&) {
  return Value::boolean(arguments[0].is_triple());
}

Result triple(Arguments arguments, Context&) {
  const bool well_formed = (arguments[0].is_iri() || arguments[0].is_blank()) && arguments[1].is_iri();
  if (!well_formed) return std::nullopt;
  return Value::triple(arguments[0], arguments[1], arguments[2]);
}

Result subject(Arguments arguments, Context&) {
  if (!arguments[0].is_triple()) return std::nullopt;
  return arguments[0].subject();
}

Result predicate(Arguments arguments, Context&) {
  if (!arguments[0].is_triple()) return std::nullopt;
  return arguments[0].predicate();
}

Result object(Arguments arguments, Context&) {
  if (!arguments[0].is_triple()) return std::nullopt;
  return arguments[0].object();
}

constexpr std::array kFunctions = {
    Function{"STR", 1, 1, str},
    Function{"LANG", 1, 1, lang},
    Function{"LANGDIR", 1, 1, lang_dir},
    Function{"LANGMATCHES", 2, 2, lang_matches},
    Function{"hasLANG", 1, 1, has_lang},
    Function{"hasLANGDIR", 1, 1, has_lang_dir},
    Function{"DATATYPE", 1, 1, datatype},
    Function{"IRI", 1, 1, iri},
    Function{"URI", 1, 1, iri},
    Function{"BNODE", 0, 1, bnode, false},
    Function{"STRDT", 2, 2, strdt},
    Function{"STRLANG", 2, 2, strlang},
    Function{"STRLANGDIR", 3, 3, strlangdir},
    Function{"sameTerm", 2, 2, same_term_function},
    Function{"isIRI", 1, 1, is_iri},
    Function{"isURI", 1, 1, is_iri},
    Function{"isBLANK", 1, 1, is_blank},
    Function{"isLITERAL", 1, 1, is_literal},
    Function{"isNUMERIC", 1, 1, is_numeric},
    Function{"isTRIPLE", 1, 1, is_triple},
    Function{"TRIPLE", 3, 3, triple},
    Function{"SUBJECT", 1, 1, subject},
    Function{"PREDICATE", 1, 1, predicate},
    Function{"OBJECT", 1, 1, object},
};

}  // namespace

std::span<const Function> term_functions() noexcept {
  return kFunctions;
}

}  // namespace akyn::expr

#include "parser/sparql/actions_terms.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "parser/sparql/characters.h"
#include "parser/sparql/diagnose.h"
#include "parser/text/iri.h"
#include "parser/text/location.h"

namespace akyn::sparql::build {

namespace {

constexpr std::string_view kRdfType = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
constexpr std::string_view kXsdString = "http://www.w3.org/2001/XMLSchema#string";
constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";

Term make_literal(std::string_view lexical, std::string_view datatype) {
  TermView view;
  view.kind = TermKind::literal;
  view.value = lexical;
  view.datatype = datatype;
  return Term(view);
}

Term make_xsd(std::string_view lexical, std::string_view type) {
  return make_literal(lexical, fmt::format("{}{}", kXsd, type));
}

// The IRI of the IRI token matched last, resolved.
std::string last_iri(const ParseState& state) {
  const std::string reference = iri_value(last_text(state));
  for (const char* at = reference.data(); at != reference.data() + reference.size();) {
    const Decoded next = decode_utf8(at);
    if (!is_iri_char(next.code_point)) {
      fail(state, *state.last,
           fmt::format("an IRI cannot hold the character that an escape in {} stands for", last_text(state)));
    }
    at += next.size;
  }
  if (is_absolute_iri(reference)) return reference;
  if (state.base.empty()) {
    fail(state, *state.last,
         fmt::format("the IRI {} is relative, and there is no BASE to resolve it against", last_text(state)));
  }
  return resolve_iri(state.base, reference);
}

// What everybody means by it; empty for other prefixes.
std::string_view usual_namespace(std::string_view prefix) {
  constexpr auto kUsual = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"dc", "http://purl.org/dc/elements/1.1/"},
      {"dcterms", "http://purl.org/dc/terms/"},
      {"foaf", "http://xmlns.com/foaf/0.1/"},
      {"owl", "http://www.w3.org/2002/07/owl#"},
      {"path", "urn:akyn:path#"},
      {"prov", "http://www.w3.org/ns/prov#"},
      {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
      {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
      {"skos", "http://www.w3.org/2004/02/skos/core#"},
      {"xsd", "http://www.w3.org/2001/XMLSchema#"},
  });
  const auto found = std::ranges::find(kUsual, prefix, [](const auto& usual) { return usual.first; });
  return found == kUsual.end() ? std::string_view() : found->second;
}

[[noreturn]] void fail_unknown_prefix(const ParseState& state, std::string_view prefix) {
  std::string help;
  std::vector<std::string> candidates;
  for (const auto& [candidate, iri] : state.prefixes) candidates.push_back(candidate);
  if (const std::string_view iri = bare_iri(state.text, state.last->begin); !iri.empty()) {
    help = fmt::format("an IRI is written in angle brackets: <{}>", iri);
  } else if (const std::string_view usual = usual_namespace(prefix); !usual.empty()) {
    help = fmt::format("declare it with PREFIX {}: <{}>", prefix, usual);
  } else if (const std::string near = nearest_name(prefix, candidates); !near.empty()) {
    help = fmt::format("did you mean '{}'?", near);
  } else {
    help = fmt::format("declare it with PREFIX {}: <...>", prefix);
  }
  fail(state, state.last->begin, std::max<std::size_t>(prefix.size(), 1),
       fmt::format("unknown prefix '{}'; {}", prefix, help));
}

}  // namespace

std::string_view last_text(const ParseState& state) {
  return state.last->text(state.text);
}

std::uint64_t last_count(const ParseState& state) {
  const std::string_view digits = last_text(state);
  std::uint64_t count = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), count).ec != std::errc()) {
    fail(state, *state.last, "the number is too large; the largest is 18446744073709551615");
  }
  return count;
}

Variable last_variable(const ParseState& state) {
  return {std::string(last_text(state).substr(1)), state.last->begin};
}

Constant last_constant(const ParseState& state) {
  return {state.term, state.term_at};
}

Term make_iri(std::string_view iri) {
  TermView view;
  view.kind = TermKind::iri;
  view.value = iri;
  return Term(view);
}

void mark(ParseState& state) {
  state.marks.push_back(state.last->begin);
}

Offset take_mark(ParseState& state) {
  return take(state.marks);
}

// ------------------------------------------------------------------ prologue

void begin_prologue(ParseState& state) {
  state.declared_here.clear();
}

void declare_base(ParseState& state) {
  state.base = last_iri(state);
}

void begin_prefix(ParseState& state) {
  state.prefix_token = *state.last;
}

void declare_prefix(ParseState& state) {
  std::string prefix(state.prefix_token.text(state.text));
  prefix.pop_back();
  std::string iri = last_iri(state);
  if (std::ranges::find(state.declared_here, prefix) != state.declared_here.end() && state.prefixes[prefix] != iri) {
    fail(state, state.prefix_token,
         fmt::format("the prefix '{}:' is declared twice, first as <{}>", prefix, state.prefixes[prefix]));
  }
  state.declared_here.push_back(prefix);
  state.prefixes[prefix] = iri;
  state.declared.push_back({std::move(prefix), std::move(iri)});
}

// ------------------------------------------------------------------ terms

void set_iri(ParseState& state) {
  state.term = make_iri(last_iri(state));
  state.term_at = state.last->begin;
}

void set_prefixed_name(ParseState& state) {
  const std::string_view name = last_text(state);
  const std::size_t colon = name.find(':');
  const std::string_view prefix = name.substr(0, colon);
  const auto known = state.prefixes.find(prefix);
  if (known == state.prefixes.end()) fail_unknown_prefix(state, prefix);
  state.term = make_iri(known->second + local_value(name.substr(colon + 1)));
  state.term_at = state.last->begin;
}

void set_type_iri(ParseState& state) {
  state.term = make_iri(kRdfType);
  state.term_at = state.last->begin;
}

void set_string(ParseState& state) {
  state.lexical = string_value(last_text(state));
  state.literal_at = state.last->begin;
  state.term = make_literal(state.lexical, {});
  state.term_at = state.last->begin;
}

void set_language(ParseState& state) {
  std::string_view tag = last_text(state).substr(1);
  TermView view;
  view.kind = TermKind::literal;
  view.value = state.lexical;
  if (const std::size_t dashes = tag.find("--"); dashes != std::string_view::npos) {
    const std::string_view direction = tag.substr(dashes + 2);
    if (direction != "ltr" && direction != "rtl") {
      fail(state, state.last->begin + 1 + dashes + 2, direction.size(),
           fmt::format("unknown base direction '{}'; it is ltr or rtl, in lower case", direction));
    }
    view.direction = direction == "ltr" ? Direction::ltr : Direction::rtl;
    tag = tag.substr(0, dashes);
  }
  view.language = tag;
  state.term = Term(view);
}

void set_datatype(ParseState& state) {
  // The literal begins at its string; the IRI has moved term_at on.
  const std::string datatype = state.term.value();
  state.term = make_literal(state.lexical, datatype == kXsdString ? std::string_view() : datatype);
  state.term_at = state.literal_at;
}

void set_number(ParseState& state) {
  const TokenKind kind = state.last->kind;
  const bool is_integer = kind == TokenKind::integer || kind == TokenKind::signed_integer;
  const bool is_decimal = kind == TokenKind::decimal || kind == TokenKind::signed_decimal;
  state.term = make_xsd(last_text(state), is_integer ? "integer" : is_decimal ? "decimal" : "double");
  state.term_at = state.last->begin;
}

void set_boolean(ParseState& state) {
  state.term = make_xsd(kKeywords[state.last->id].name == "TRUE" ? "true" : "false", "boolean");
  state.term_at = state.last->begin;
}

void name_variable(ParseState& state) {
  state.names.emplace_back(last_variable(state));
}

void name_iri(ParseState& state) {
  state.names.emplace_back(last_constant(state));
}

}  // namespace akyn::sparql::build

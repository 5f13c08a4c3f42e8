#include "engine/results/display.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include <utf8proc.h>

#include "engine/term/path_text.h"
#include "engine/term/printable.h"
#include "engine/term/vocabulary.h"

namespace akyn::results {
namespace {

// A local name that both Turtle's and SPARQL's PN_LOCAL take without an escape; empty counts.
bool is_plain_local(std::string_view local) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); };
  for (std::size_t i = 0; i < local.size();) {
    const char c = local[i];
    if (c == '%') {
      if (i + 2 >= local.size() || !hex(local[i + 1]) || !hex(local[i + 2])) return false;
      i += 3;
      continue;
    }
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
    const bool inside = i > 0 && (c == '-' || (c == '.' && i + 1 < local.size()));
    if (letter || inside) {
      ++i;
      continue;
    }
    // PN_CHARS_BASE beyond ASCII is, for the most part, letters: no others are taken here.
    const Character character = character_at(local, i);
    if (character.code_point < 0xC0) return false;
    const utf8proc_category_t category = utf8proc_category(character.code_point);
    const bool is_letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
    if (!is_letter) return false;
    i += character.bytes;
  }
  return true;
}

// XSD datatypes whose lexical form says enough on its own.
bool speaks_for_itself(std::string_view datatype) {
  static constexpr std::array<std::string_view, 9> kPlain = {
      "boolean",           "date", "dateTime", "dateTimeStamp", "time", "duration", "dayTimeDuration",
      "yearMonthDuration", "gYear"};
  if (!datatype.starts_with(xsd::kNamespace)) return false;
  datatype.remove_prefix(xsd::kNamespace.size());
  return std::find(kPlain.begin(), kPlain.end(), datatype) != kPlain.end();
}

void append_language(std::string& out, const TermView& term) {
  if (term.language.empty()) return;
  (out += '@') += term.language;
  if (term.direction != Direction::none) out += term.direction == Direction::ltr ? "--ltr" : "--rtl";
}

void append_quoted(std::string& out, const TermView& term) {
  std::string escaped;
  escaped += '"';
  for (const char c : term.value) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  escaped += '"';
  append_printable(out, escaped);
}

// Japarov <-participant- ev/123 =met=> Kozak
void append_drawing(std::string& out, const PathText& path, const PrefixNames& prefixes) {
  append_path_part(out, path.start, prefixes);
  for (const PathText::Edge& edge : path.edges) {
    const char line = edge.is_step ? '=' : '-';
    out += ' ';
    if (edge.inverse) out += '<';
    out += line;
    append_path_part(out, edge.predicate, prefixes);
    out += line;
    if (!edge.inverse) out += '>';
    out += ' ';
    append_path_part(out, edge.to, prefixes);
  }
}

void append_term(std::string& out, const TermView& term, const PrefixNames& prefixes, bool quoted) {
  if (term.kind == TermKind::literal && term.datatype == kPathDatatype && !quoted) {
    if (const std::optional<PathText> path = read_path(term.value)) return append_drawing(out, *path, prefixes);
  }
  switch (term.kind) {
    case TermKind::none:
      return;
    case TermKind::blank:
      out += "_:";
      append_printable(out, term.value);
      return;
    case TermKind::iri:
      prefixes.append_iri(out, term.value);
      return;
    case TermKind::triple:
      out += "<<( ";
      append_term(out, term.triple->subject, prefixes, true);
      out += ' ';
      append_term(out, term.triple->predicate, prefixes, true);
      out += ' ';
      append_term(out, term.triple->object, prefixes, true);
      out += " )>>";
      return;
    case TermKind::literal:
      break;
  }
  const bool plain_value = is_numeric(term) || speaks_for_itself(term.datatype);
  if ((quoted && !plain_value) || term.value.empty()) {
    append_quoted(out, term);
  } else {
    append_printable(out, term.value);
  }
  append_language(out, term);
  if (!term.datatype.empty() && !plain_value) {
    out += "^^";
    prefixes.append_iri(out, term.datatype);
  }
}

}  // namespace

PrefixNames::PrefixNames(const std::map<std::string, std::string>& prefixes) {
  for (const auto& [name, iri] : prefixes) {
    if (!iri.empty()) entries_.push_back({iri, name});
  }
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.iri.size() > b.iri.size(); });
}

void PrefixNames::append_iri(std::string& out, std::string_view iri) const {
  for (const Entry& entry : entries_) {
    if (!iri.starts_with(entry.iri)) continue;
    const std::string_view local = iri.substr(entry.iri.size());
    if (!is_plain_local(local)) continue;
    ((out += entry.name) += ':') += local;
    return;
  }
  out += '<';
  append_printable(out, iri);
  out += '>';
}

void PrefixNames::append_name(std::string& out, std::string_view iri) const {
  for (const Entry& entry : entries_) {
    if (!iri.starts_with(entry.iri) || iri.size() == entry.iri.size()) continue;
    if (!entry.name.empty()) (out += entry.name) += ':';
    append_printable(out, iri.substr(entry.iri.size()));
    return;
  }
  append_iri(out, iri);
}

void append_path_part(std::string& out, std::string_view ntriples, const PrefixNames& prefixes) {
  const Term term = path_term(ntriples);
  if (term.is_iri()) {
    prefixes.append_name(out, term.value());
  } else {
    append_term(out, term.view(), prefixes, true);
  }
}

void append_cell(std::string& out, const TermView& term, const PrefixNames& prefixes) {
  append_term(out, term, prefixes, false);
}

bool is_numeric(const TermView& term) {
  static constexpr std::array<std::string_view, 16> kNumeric = {"integer",
                                                                "decimal",
                                                                "double",
                                                                "float",
                                                                "int",
                                                                "long",
                                                                "short",
                                                                "byte",
                                                                "unsignedInt",
                                                                "unsignedLong",
                                                                "unsignedShort",
                                                                "unsignedByte",
                                                                "nonNegativeInteger",
                                                                "positiveInteger",
                                                                "nonPositiveInteger",
                                                                "negativeInteger"};
  if (term.kind != TermKind::literal || !term.datatype.starts_with(xsd::kNamespace)) return false;
  const std::string_view name = term.datatype.substr(xsd::kNamespace.size());
  return std::find(kNumeric.begin(), kNumeric.end(), name) != kNumeric.end();
}

}  // namespace akyn::results

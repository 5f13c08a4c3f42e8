#include "parser/rdf/term_text.h"

#include <cstddef>

#include "engine/term/vocabulary.h"
#include "parser/rdf/chars.h"

namespace akyn::rdf {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";
constexpr std::string_view kMadePrefix = "genid-";  // of labels that stand for unwritable ones

void append_four_digits(std::string& out, unsigned code) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHexDigits[(code >> shift) & 0xFU];
}

bool is_number(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is(c, kDigit)) return false;
  }
  return true;
}

// A name of PN_CHARS and '.', beginning with a `starts` and not ending with '.'.
template <class Starts>
bool is_name(std::string_view text, Starts starts) {
  if (text.empty() || text.back() == '.') return false;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const Decoded c = decode_utf8(at, end);
    if (c.length == 0) return false;
    const bool fits = at == text.data() ? starts(c.code_point) : c.code_point == '.' || is_name_char(c.code_point);
    if (!fits) return false;
    at += c.length;
  }
  return true;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  const auto flush = [&](std::size_t i, std::size_t length) {
    out.append(text, copied, i - copied);
    copied = i + length;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && c != 0xEF) continue;
    if (c == 0xEF) {  // U+FFFE and U+FFFF are no Char of XML 1.1
      if (i + 2 >= text.size() || text[i + 1] != '\xBF' || static_cast<unsigned char>(text[i + 2]) < 0xBE) continue;
      flush(i, 3);
      append_four_digits(out, 0xFF40U + static_cast<unsigned char>(text[i + 2]));
      i += 2;
      continue;
    }
    flush(i, 1);
    constexpr std::string_view kEscaped = "\t\b\n\r\f\"\\";
    constexpr std::string_view kLetters = "tbnrf\"\\";
    if (const std::size_t which = kEscaped.find(static_cast<char>(c)); which != std::string_view::npos) {
      out += '\\';
      out += kLetters[which];
    } else {
      append_four_digits(out, c);
    }
  }
  flush(text.size(), 0);
  out += '"';
}

void append_iri(std::string& out, std::string_view iri) {
  out += '<';
  for (const char c : iri) {
    if (!is_ascii(c) || is(c, kIriChar)) {
      out += c;
    } else {
      append_four_digits(out, static_cast<unsigned char>(c));
    }
  }
  out += '>';
}

bool is_blank_label(std::string_view label) {
  return is_name(label, [](char32_t c) { return c == '_' || (c >= '0' && c <= '9') || is_name_start(c); });
}

void append_blank(std::string& out, std::string_view label) {
  out += "_:";
  if (is_blank_label(label) && !label.starts_with(kMadePrefix)) {
    out += label;
    return;
  }
  out += kMadePrefix;
  if (label.starts_with("b ") && is_number(label.substr(2))) {
    out += label.substr(2);
    return;
  }
  out += 'x';
  for (const char c : label) {
    const auto code = static_cast<unsigned char>(c);
    out += kHexDigits[code >> 4];
    out += kHexDigits[code & 0xFU];
  }
}

void append_term(std::string& out, const TermView& term, LanguageCase language_case) {
  switch (term.kind) {
    case TermKind::none:
      break;
    case TermKind::blank:
      append_blank(out, term.value);
      break;
    case TermKind::iri:
      append_iri(out, term.value);
      break;
    case TermKind::literal:
      append_quoted(out, term.value);
      if (!term.language.empty()) {
        out += '@';
        for (const char c : term.language) out += language_case == LanguageCase::lower ? ascii_lower(c) : c;
        if (term.direction != Direction::none) out += term.direction == Direction::ltr ? "--ltr" : "--rtl";
      } else if (!term.datatype.empty()) {
        out += "^^";
        append_iri(out, term.datatype);
      }
      break;
    case TermKind::triple:
      out += "<<( ";
      append_term(out, term.triple->subject, language_case);
      out += ' ';
      append_term(out, term.triple->predicate, language_case);
      out += ' ';
      append_term(out, term.triple->object, language_case);
      out += " )>>";
      break;
  }
}

void append_line(std::string& out, const QuadView& quad, LanguageCase language_case) {
  append_term(out, quad.subject, language_case);
  out += ' ';
  append_term(out, quad.predicate, language_case);
  out += ' ';
  append_term(out, quad.object, language_case);
  if (quad.graph) {
    out += ' ';
    append_term(out, quad.graph, language_case);
  }
  out += " .\n";
}

bool is_prefix_name(std::string_view prefix) {
  return prefix.empty() || is_name(prefix, [](char32_t c) { return is_name_start(c); });
}

bool is_plain_local_name(std::string_view local) {
  if (local.empty()) return true;
  if (local.back() == '.' || local.front() == '.' || local.front() == '-') return false;
  const char* const begin = local.data();
  const char* const end = begin + local.size();
  for (const char* at = begin; at != end;) {
    if (*at == '.' || is(*at, kLocalChar)) {
      ++at;
    } else if (*at == '%') {
      if (end - at < 3 || hex_value(at[1]) < 0 || hex_value(at[2]) < 0) return false;
      at += 3;
    } else {
      if (is_ascii(*at)) return false;
      const Decoded c = decode_utf8(at, end);
      if (c.length == 0 || !(at == begin ? is_name_start(c.code_point) : is_name_char(c.code_point))) return false;
      at += c.length;
    }
  }
  return true;
}

bool has_bare_form(std::string_view lexical_form, std::string_view datatype) {
  if (datatype == xsd::kBoolean) return lexical_form == "true" || lexical_form == "false";
  const bool integer = datatype == xsd::kInteger;
  const bool decimal = datatype == xsd::kDecimal;
  if (!integer && !decimal && datatype != xsd::kDouble) return false;

  const char* at = lexical_form.data();
  const char* const end = at + lexical_form.size();
  const auto digits = [&at, end] {
    const char* start = at;
    at = skip(at, end, kDigit);
    return at != start;
  };
  if (at != end && (*at == '+' || *at == '-')) ++at;
  const bool whole = digits();
  if (integer) return whole && at == end;
  bool fraction = false;
  if (at != end && *at == '.') {
    ++at;
    fraction = digits();
    if (!fraction && (decimal || !whole)) return false;
  }
  if (decimal) return fraction && at == end;
  if ((!whole && !fraction) || at == end || (*at != 'e' && *at != 'E')) return false;
  ++at;
  if (at != end && (*at == '+' || *at == '-')) ++at;
  return digits() && at == end;
}

}  // namespace akyn::rdf

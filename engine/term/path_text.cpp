#include "engine/term/path_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

namespace akyn {

namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr int kDeepestTriple = 64;
constexpr std::string_view kOpenTriple = "<<( ";
constexpr std::string_view kCloseTriple = " )>>";

std::size_t end_of_term(std::string_view text, std::size_t at, int depth = 0);

std::size_t end_of_iri(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '<') return kNone;
  const std::size_t close = text.find_first_of("> <", at + 1);
  return close == kNone || text[close] != '>' || close == at + 1 ? kNone : close + 1;
}

std::size_t end_of_triple(std::string_view text, std::size_t at, int depth) {
  if (depth > kDeepestTriple) return kNone;
  at += kOpenTriple.size();
  for (int part = 0; part < 3; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != ' ')) return kNone;
    at = end_of_term(text, at, depth + 1);
    if (at == kNone) return kNone;
  }
  return text.substr(at).starts_with(kCloseTriple) ? at + kCloseTriple.size() : kNone;
}

// Behind the escape at `at`; kNone when it is none.
std::size_t end_of_escape(std::string_view text, std::size_t at) {
  if (++at >= text.size()) return kNone;
  if (text[at] != 'u' && text[at] != 'U') {
    return std::string_view("tbnrf\"'\\").find(text[at]) == kNone ? kNone : at + 1;
  }
  const std::string_view digits = text.substr(at + 1, text[at] == 'u' ? 4 : 8);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  const bool whole = error == std::errc() && end == digits.data() + digits.size();
  if (!whole || digits.size() != (text[at] == 'u' ? 4U : 8U) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    return kNone;
  }
  return at + 1 + digits.size();
}

std::size_t end_of_literal(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && text[at] != '"') {
    at = text[at] == '\\' ? end_of_escape(text, at) : at + 1;
  }
  if (at >= text.size()) return kNone;
  ++at;
  if (text.substr(at).starts_with("^^")) return end_of_iri(text, at + 2);
  if (at < text.size() && text[at] == '@') return std::min(text.find(' ', at), text.size());
  return at;
}

// Behind the term that begins at `at`; kNone when none does.
std::size_t end_of_term(std::string_view text, std::size_t at, int depth) {
  if (at >= text.size()) return kNone;
  const std::string_view rest = text.substr(at);
  if (rest.starts_with(kOpenTriple)) return end_of_triple(text, at, depth);
  if (rest.front() == '<') return end_of_iri(text, at);
  if (rest.front() == '"') return end_of_literal(text, at);
  if (!rest.starts_with("_:")) return kNone;
  const std::size_t end = std::min(text.find(' ', at), text.size());
  return end == at + 2 ? kNone : end;
}

// Calls use(edge) for each; false when the text is no path.
template <class Use>
bool scan(std::string_view text, std::string_view& start, const Use& use) {
  std::size_t at = end_of_term(text, 0);
  if (at == kNone) return false;
  start = text.substr(0, at);
  while (at != text.size()) {
    PathText::Edge edge;
    if (text[at++] != ' ') return false;
    const auto takes = [&](char mark) {
      const bool there = at < text.size() && text[at] == mark;
      at += there ? 1 : 0;
      return there;
    };
    edge.inverse = takes('^');
    edge.is_step = takes('=');
    const std::size_t predicate_end = end_of_iri(text, at);
    if (predicate_end == kNone || predicate_end == text.size() || text[predicate_end] != ' ') return false;
    edge.predicate = text.substr(at, predicate_end - at);
    at = predicate_end + 1;
    const std::size_t end = end_of_term(text, at);
    if (end == kNone) return false;
    edge.to = text.substr(at, end - at);
    at = end;
    use(edge);
  }
  return true;
}

void append_code_point(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

std::string unescaped(std::string_view text) {
  constexpr std::string_view kEscapes = "tbnrf";
  constexpr std::string_view kCharacters = "\t\b\n\r\f";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char escape = text[++i];
    if (escape == 'u' || escape == 'U') {
      const std::size_t digits = escape == 'u' ? 4 : 8;
      char32_t code = 0;
      for (const char c : text.substr(i + 1, digits)) {
        code = code * 16 + static_cast<char32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
      }
      append_code_point(out, code);
      i += digits;
    } else {
      const std::size_t place = kEscapes.find(escape);
      out += place == kNone ? escape : kCharacters[place];
    }
  }
  return out;
}

Term literal_term(std::string_view text) {
  const std::size_t after = end_of_literal(text.substr(0, text.rfind('"') + 1), 0);
  const std::string value = unescaped(text.substr(1, after - 2));
  TermView view;
  view.kind = TermKind::literal;
  view.value = value;
  std::string_view rest = text.substr(after);
  if (rest.starts_with("^^<")) {
    view.datatype = rest.substr(3, rest.size() - 4);
  } else if (rest.starts_with('@')) {
    rest.remove_prefix(1);
    if (rest.ends_with("--ltr")) view.direction = Direction::ltr;
    if (rest.ends_with("--rtl")) view.direction = Direction::rtl;
    view.language = view.direction == Direction::none ? rest : rest.substr(0, rest.size() - 5);
  }
  return Term(view);
}

Term triple_of(std::string_view text) {
  std::array<Term, 3> parts;
  std::size_t at = kOpenTriple.size();
  for (Term& part : parts) {
    const std::size_t end = end_of_term(text, at);
    part = path_term(text.substr(at, end - at));
    at = end + 1;
  }
  return triple_term(std::move(parts[0]), std::move(parts[1]), std::move(parts[2]));
}

}  // namespace

std::optional<PathText> read_path(std::string_view text) {
  PathText path;
  if (!scan(text, path.start, [&](const PathText::Edge& edge) { path.edges.push_back(edge); })) return std::nullopt;
  return path;
}

std::optional<std::size_t> path_length(std::string_view text) {
  std::size_t length = 0;
  std::string_view start;
  if (!scan(text, start, [&](const PathText::Edge&) { ++length; })) return std::nullopt;
  return length;
}

Term path_term(std::string_view text) {
  if (text.starts_with(kOpenTriple)) return triple_of(text);
  if (text.starts_with('"')) return literal_term(text);
  TermView view;
  view.kind = text.starts_with('<') ? TermKind::iri : TermKind::blank;
  view.value = text.starts_with('<') ? text.substr(1, text.size() - 2) : text.substr(2);
  return Term(view);
}

void append_path_edge(std::string& out, bool inverse, bool is_step, std::string_view predicate, std::string_view to) {
  out += ' ';
  if (inverse) out += '^';
  if (is_step) out += '=';
  out += predicate;
  out += ' ';
  out += to;
}

std::string step_text(std::string_view from, std::string_view label, std::string_view to) {
  std::string text(from);
  append_path_edge(text, false, true, label, to);
  return text;
}

}  // namespace akyn

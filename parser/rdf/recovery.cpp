// The lexer's part of going on after a mistake.
#include <algorithm>
#include <array>

#include "parser/rdf/lexer.h"

namespace akyn::rdf {
namespace {

bool is_line_break(char c) {
  return c == '\n' || c == '\r';
}

}  // namespace

void Lexer::look_ahead(std::ptrdiff_t characters) {
  while (input_.end() - at_ < characters && extend()) {
  }
}

void Lexer::skip_line() {
  for (;;) {
    at_ = std::find_if(at_, input_.end(), is_line_break);
    if (at_ != input_.end() || !extend()) return;
    release();
  }
}

bool Lexer::at_directive() {
  constexpr std::array<std::string_view, 5> kDirectives = {"@prefix", "@base", "@version", "PREFIX", "BASE"};
  constexpr std::ptrdiff_t kLongest = 9;
  look_ahead(kLongest);
  const std::string_view rest(at_, static_cast<std::size_t>(input_.end() - at_));
  return std::any_of(kDirectives.begin(), kDirectives.end(), [rest](std::string_view directive) {
    if (!rest.starts_with(directive) || rest.size() == directive.size()) return false;
    const char next = rest[directive.size()];
    return is(next, kWhite) || next == '<' || next == '#' || (next == ':' && directive == "@prefix");
  });
}

bool Lexer::skip_string() {
  const char quote = *at_;
  const std::string_view fence = quote == '"' ? "\"\"\"" : "'''";
  if (accept(fence)) {
    for (const char* from = at_;;) {
      const std::string_view rest(from, static_cast<std::size_t>(input_.end() - from));
      if (const std::size_t end = rest.find(fence); end != std::string_view::npos) {
        at_ = from + end + fence.size();
        return false;
      }
      const std::ptrdiff_t seen = input_.end() - at_;
      if (!extend()) break;
      from = at_ + std::max<std::ptrdiff_t>(0, seen - 2);
    }
  } else {
    ++at_;
  }
  char last = quote;  // but white space
  for (;; ++at_) {
    look_ahead(2);
    if (at_ == input_.end() || is_line_break(*at_)) return last == '.';
    if (*at_ == quote) break;
    if (*at_ == '\\' && input_.end() - at_ > 1 && !is_line_break(at_[1])) ++at_;
    if (!is(*at_, kWhite)) last = *at_;
  }
  ++at_;
  return false;
}

void Lexer::skip_statement(std::uint64_t start, Around around) {
  const auto before = [this] { return at_ == input_.begin() ? '\n' : at_[-1]; };
  const auto has_moved = [this, start] { return offset() > start; };
  look_ahead(1);
  if (has_moved() && is_line_break(before()) && at_ != input_.end() && (is(*at_, kLocalChar) || *at_ == '<')) return;
  std::uint32_t blocks = 0;
  bool in_comment = false;
  for (;; ++at_) {
    look_ahead(2);
    release();
    if (at_ == input_.end()) return;
    const char c = *at_;
    if (is_line_break(c)) in_comment = false;
    if (in_comment) continue;
    if (is_line_break(before()) && has_moved() && blocks == 0 && at_directive()) return;
    switch (c) {
      case '"':
      case '\'':
        if (skip_string() && blocks == 0) return;
        --at_;  // the loop steps on
        break;
      case '#':
        in_comment = is(before(), kWhite) || std::string_view(".;,])}|").find(before()) != std::string_view::npos;
        break;
      case '.':
        if (blocks > 0 || !(input_.end() - at_ < 2 || is(at_[1], kWhite) || at_[1] == '}')) break;
        ++at_;
        return;
      case '{':
        if (around == Around::trig_document && (input_.end() - at_ < 2 || at_[1] != '|')) ++blocks;
        break;
      case '}':
        if (around == Around::document || before() == '|') break;
        if (around == Around::graph) return;
        if (blocks > 0) --blocks;
        if (blocks > 0) break;
        ++at_;
        return;
      default:
        break;
    }
  }
}

}  // namespace akyn::rdf

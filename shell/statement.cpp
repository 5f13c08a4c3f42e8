#include "shell/statement.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

#include <akyn/error.h>
#include <akyn/query.h>

namespace akyn::shell {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

// The end of the string that starts at `at`, a short one, which ends with its line if not before.
std::size_t short_string_end(std::string_view text, std::size_t at) {
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[at] || text[i] == '\n') {
      return i + 1;
    }
  }
  return text.size();
}

bool is_long_quote(std::string_view text, std::size_t at) {
  return text.size() - at >= 3 && text[at + 1] == text[at] && text[at + 2] == text[at];
}

// The end of the IRI that starts at `at`; `at` + 1 when this is a less-than sign.
std::size_t iri_end(std::string_view text, std::size_t at) {
  const std::size_t end = text.find_first_of("<>\"{}|^` \t\r\n", at + 1);
  return end != std::string_view::npos && text[end] == '>' ? end + 1 : at + 1;
}

std::string upper(std::string_view word) {
  std::string result(word);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

// Takes the text apart without space and comments.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void skip() {
    while (position_ < text_.size()) {
      if (kSpace.find(text_[position_]) != std::string_view::npos) {
        ++position_;
      } else if (text_[position_] == '#') {
        position_ = std::min(text_.find('\n', position_), text_.size());
      } else {
        return;
      }
    }
  }
  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  std::string_view word() {
    const std::size_t start = position_;
    while (!at_end() && is_letter(text_[position_])) ++position_;
    return text_.substr(start, position_ - start);
  }
  // Up to and with `end`; empty when it is not there.
  std::string_view until(char end) {
    const std::size_t at = text_.find(end, position_);
    if (at == std::string_view::npos) return {};
    const std::string_view found = text_.substr(position_, at + 1 - position_);
    position_ = at + 1;
    return found;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

Shape shape_of(std::string_view text) {
  Draft draft;
  draft.look(text);
  return draft.shape_;
}

void Draft::add_line(std::string_view line) {
  if (!text_.empty()) text_ += '\n';
  text_ += line;
  look(text_);
}

std::string Draft::take() {
  std::string text = std::move(text_);
  clear();
  return text;
}

// On from where it had come to: within a long string or without, never within anything else.
void Draft::look(std::string_view text) {
  std::size_t i = seen_;
  while (i < text.size()) {
    const char c = text[i];
    if (quote_ != 0) {
      const bool ends = c == quote_ && is_long_quote(text, i);
      if (ends) quote_ = 0;
      i += ends ? 3 : c == '\\' ? 2 : 1;
      continue;
    }
    if (kSpace.find(c) != std::string_view::npos) {
      ++i;
      continue;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    shape_.blank = false;
    shape_.ends_in_semicolon = c == ';' && depth_ <= 0;
    shape_.semicolon = i;
    if (c == '"' || c == '\'') {
      const bool is_long = is_long_quote(text, i);
      if (is_long) quote_ = c;
      i = is_long ? i + 3 : short_string_end(text, i);
    } else if (c == '<') {
      i = iri_end(text, i);
    } else if (c == '\\' && i + 1 < text.size()) {
      i += 2;
    } else {
      if (c == '{' || c == '(' || c == '[') ++depth_;
      if (c == '}' || c == ')' || c == ']') --depth_;
      ++i;
    }
  }
  seen_ = i;
  shape_.in_string = quote_ != 0;
  shape_.open = depth_ > 0 || shape_.in_string;
}

Completeness completeness_of(std::string_view text, const Prefixes& known) {
  try {
    QueryOptions options;
    options.prefixes = known;
    check_syntax(text, options);
    return Completeness::complete;
  } catch (const Error& error) {
    const std::size_t last = text.find_last_not_of(kSpace);
    if (!error.location() || last == std::string_view::npos) return Completeness::wrong;
    // Not at a place before the last character: what is missing could still come.
    const auto line =
        static_cast<std::uint64_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(last), '\n'));
    const std::size_t line_start = text.rfind('\n', last) + 1;  // npos + 1 is 0
    const auto column = static_cast<std::uint64_t>(std::count_if(text.begin() + static_cast<std::ptrdiff_t>(line_start),
                                                                 text.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                                                                 [](char c) { return (c & 0xC0) != 0x80; }));
    const SourceLocation& place = *error.location();
    const bool at_end = place.line > line + 1 || (place.line == line + 1 && place.column > column);
    return at_end ? Completeness::incomplete : Completeness::wrong;
  }
}

std::optional<Prefixes> prefixes_alone(std::string_view text) {
  Prefixes prefixes;
  Scanner scanner(text);
  for (scanner.skip(); !scanner.at_end(); scanner.skip()) {
    if (upper(scanner.word()) != "PREFIX") return std::nullopt;
    scanner.skip();
    std::string_view name = scanner.until(':');
    scanner.skip();
    std::string_view iri = scanner.until('>');
    if (name.empty() || iri.size() < 2 || iri[0] != '<') return std::nullopt;
    name.remove_suffix(1);
    if (name.find_first_of("<>{} \t\r\n") != std::string_view::npos) return std::nullopt;
    prefixes.insert_or_assign(std::string(name), std::string(iri.substr(1, iri.size() - 2)));
  }
  if (prefixes.empty()) return std::nullopt;
  return prefixes;
}

bool begins_statement(std::string_view line) {
  static constexpr std::array<std::string_view, 17> kWords = {
      "SELECT", "ASK",   "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "VERSION", "INSERT", "DELETE",
      "LOAD",   "CLEAR", "DROP",      "CREATE",   "ADD",    "MOVE", "COPY",    "WITH"};
  Scanner scanner(line);
  scanner.skip();
  const std::string word = upper(scanner.word());
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace akyn::shell

#include "shell/statement.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include <akyn/error.h>
#include <akyn/query.h>

namespace akyn::shell {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

// The end of the string that starts at `at`, or npos when it does not end. A short string ends with its line.
std::size_t string_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view three = text.substr(at, 3);
  const bool is_long = three.size() == 3 && three[1] == quote && three[2] == quote;
  for (std::size_t i = at + (is_long ? 3 : 1); i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (is_long) {
      if (text.substr(i, 3) == three) return i + 3;
    } else if (text[i] == quote || text[i] == '\n') {
      return i + 1;
    }
  }
  return is_long ? std::string_view::npos : text.size();
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
  Shape shape;
  std::ptrdiff_t depth = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (kSpace.find(c) != std::string_view::npos) {
      ++i;
      continue;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    shape.blank = false;
    shape.ends_in_semicolon = c == ';' && depth <= 0;
    shape.semicolon = i;
    if (c == '"' || c == '\'') {
      const std::size_t end = string_end(text, i);
      if (end == std::string_view::npos) {
        shape.open = shape.in_string = true;
        return shape;
      }
      i = end;
    } else if (c == '<') {
      i = iri_end(text, i);
    } else if (c == '\\' && i + 1 < text.size()) {
      i += 2;
    } else {
      if (c == '{' || c == '(' || c == '[') ++depth;
      if (c == '}' || c == ')' || c == ']') --depth;
      ++i;
    }
  }
  shape.open = depth > 0;
  return shape;
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

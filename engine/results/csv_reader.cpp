// SPARQL 1.2 Query Results CSV and TSV Formats.

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/results/reader.h"
#include "engine/results/utf8.h"
#include "engine/term/vocabulary.h"
#include "parser/text/location.h"

namespace akyn::results {
namespace {

// The whole answer of an ASK query, whatever its line ends.
std::optional<bool> ask_answer(std::string_view text) {
  const std::size_t end = text.find_last_not_of("\r\n");
  const std::string_view word = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

// RFC 4180 records; a line may end in LF alone.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] std::size_t position() const { return position_; }

  std::vector<std::string> record() {
    std::vector<std::string> fields;
    while (true) {
      fields.push_back(field());
      if (at_end()) return fields;
      const char c = text_[position_++];
      if (c == ',') continue;
      if (c == '\r' && !at_end() && text_[position_] == '\n') ++position_;
      return fields;
    }
  }

  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    throw Error(ErrorCode::syntax, message, locate(text_, at, 1, source_));
  }

 private:
  std::string field() {
    if (at_end() || text_[position_] != '"') {
      const std::size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
      const std::string_view plain = text_.substr(position_, end - position_);
      position_ = end;
      return std::string(plain);
    }
    const std::size_t start = position_++;
    std::string out;
    while (true) {
      const std::size_t quote = text_.find('"', position_);
      if (quote == std::string_view::npos) fail(start, "this quoted field does not end");
      out += text_.substr(position_, quote - position_);
      position_ = quote + 1;
      if (at_end() || text_[position_] != '"') break;
      out += '"';
      ++position_;
    }
    if (!at_end() && std::string_view(",\r\n").find(text_[position_]) == std::string_view::npos) {
      fail(position_, "expected a comma or the end of the line after a quoted field");
    }
    return out;
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t position_ = 0;
};

// Terms as Turtle writes them, without prefixes.
class TsvReader {
 public:
  TsvReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  ResultSet read() {
    ResultSet set;
    header(set);
    while (position_ < text_.size()) {
      std::vector<Term>& row = set.rows.emplace_back();
      const std::size_t start = position_;
      do {
        row.push_back(at_cell_end() ? Term() : located_term());
        if (!at_cell_end()) fail(position_, "expected a tab or the end of the line");
      } while (take('\t'));
      if (set.variables.empty() && row.size() == 1 && !row[0]) row.clear();
      if (row.size() != set.variables.size()) {
        fail(start, fmt::format("this line has {} values, the header {}", row.size(), set.variables.size()));
      }
      end_line();
    }
    return set;
  }

 private:
  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    throw Error(ErrorCode::syntax, message, locate(text_, at, 1, source_));
  }

  [[nodiscard]] char peek() const { return position_ < text_.size() ? text_[position_] : '\n'; }
  bool take(char c) {
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(position_).starts_with(word)) return false;
    position_ += word.size();
    return true;
  }
  [[nodiscard]] bool at_cell_end() const { return peek() == '\t' || peek() == '\n' || peek() == '\r'; }
  void end_line() {
    take('\r');
    if (!take('\n') && position_ < text_.size()) fail(position_, "expected the end of the line");
  }

  void header(ResultSet& set) {
    while (!at_cell_end()) {
      if (!take('?') && !take('$')) fail(position_, "expected a variable, with its '?'");
      const std::size_t end = std::min(text_.find_first_of("\t\r\n", position_), text_.size());
      set.variables.emplace_back(text_.substr(position_, end - position_));
      position_ = end;
      if (!take('\t')) break;
    }
    end_line();
  }

  Term located_term() {
    const std::size_t start = position_;
    try {
      return term();
    } catch (const Error& error) {
      if (error.location()) throw;
      fail(start, error.message());
    }
  }

  Term term() {
    const std::size_t start = position_;
    if (take("<<(")) {
      if (++depth_ > 500) fail(start, "triple terms nest too deeply");
      Term subject = spaced_term();
      Term predicate = spaced_term();
      Term object = spaced_term();
      skip_spaces();
      if (!take(")>>")) fail(position_, "expected ')>>'");
      --depth_;
      return triple_term(std::move(subject), std::move(predicate), std::move(object));
    }
    if (take('<')) return iri(iri_text(start));
    if (take("_:")) {
      const std::size_t end = std::min(text_.find_first_of("\t\r\n ", position_), text_.size());
      const std::string_view label = text_.substr(position_, end - position_);
      position_ = end;
      return blank(label);
    }
    if (peek() == '"' || peek() == '\'') return literal_term();
    return short_form();
  }

  Term spaced_term() {
    skip_spaces();
    return term();
  }
  void skip_spaces() {
    while (take(' ')) {
    }
  }

  std::string iri_text(std::size_t start) {
    std::string out;
    while (true) {
      if (position_ >= text_.size() || text_[position_] == '\n') fail(start, "this IRI does not end; expected '>'");
      const char c = text_[position_++];
      if (c == '>') return out;
      if (c == '\\') {
        escape(out);
      } else {
        out += c;
      }
    }
  }

  Term literal_term() {
    const std::size_t start = position_;
    const char quote = text_[position_++];
    std::string text;
    while (true) {
      if (position_ >= text_.size() || text_[position_] == '\n') fail(start, "this string does not end");
      const char c = text_[position_++];
      if (c == quote) break;
      if (c == '\\') {
        escape(text);
      } else {
        text += c;
      }
    }
    if (take('@')) {
      const std::size_t end = std::min(
          text_.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-", position_),
          text_.size());
      std::string_view tag = text_.substr(position_, end - position_);
      position_ = end;
      Direction direction = Direction::none;
      if (tag.ends_with("--ltr") || tag.ends_with("--rtl")) {
        direction = tag.ends_with("--ltr") ? Direction::ltr : Direction::rtl;
        tag.remove_suffix(5);
      }
      return lang_literal(text, tag, direction);
    }
    if (take("^^")) {
      const std::size_t at = position_;
      if (!take('<')) fail(at, "expected a datatype <IRI> after ^^");
      return typed_literal(text, iri_text(at));
    }
    return literal(text);
  }

  Term short_form() {
    const std::size_t start = position_;
    const std::size_t end = std::min(text_.find_first_of("\t\r\n ", position_), text_.size());
    const std::string_view word = text_.substr(start, end - start);
    position_ = end;
    if (word == "true" || word == "false") return boolean(word == "true");
    const bool digits = word.find_first_of("0123456789") != std::string_view::npos;
    if (!digits || word.find_first_not_of("+-.0123456789eE") != std::string_view::npos) {
      fail(start, "expected a term: <IRI>, _:label, \"text\", a number, true or false");
    }
    if (word.find_first_of("eE") != std::string_view::npos) return typed_literal(word, xsd::kDouble);
    return typed_literal(word, word.find('.') == std::string_view::npos ? xsd::kInteger : xsd::kDecimal);
  }

  void escape(std::string& out) {
    static constexpr std::string_view kNames = "tbnrf\"'\\";
    static constexpr std::string_view kValues = "\t\b\n\r\f\"'\\";
    const std::size_t at = position_ - 1;
    const char c = peek();
    ++position_;
    if (c == 'u' || c == 'U') {
      append_code_point(out, at, c == 'u' ? 4 : 8);
      return;
    }
    const std::size_t index = kNames.find(c);
    if (index == std::string_view::npos) fail(at, "unknown escape");
    out += kValues[index];
  }

  void append_code_point(std::string& out, std::size_t at, int digits) {
    std::uint32_t code = 0;
    for (int i = 0; i < digits; ++i, ++position_) {
      const std::size_t digit = std::string_view("0123456789ABCDEFabcdef").find(peek());
      if (digit == std::string_view::npos) fail(at, "expected hexadecimal digits after \\u or \\U");
      code = code * 16 + static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) fail(at, "no such character");
    append_utf8(out, code);
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

ResultSet read_csv(std::string_view text, const std::string& source_name) {
  ResultSet set;
  text = without_byte_order_mark(text);
  if ((set.boolean = ask_answer(text))) return set;
  CsvReader reader(text, source_name);
  set.variables = reader.record();
  if (set.variables.size() == 1 && set.variables[0].empty()) set.variables.clear();
  while (!reader.at_end()) {
    const std::size_t start = reader.position();
    std::vector<std::string> fields = reader.record();
    if (set.variables.empty() && fields.size() == 1 && fields[0].empty()) fields.clear();
    if (fields.size() != set.variables.size()) {
      reader.fail(start, fmt::format("this line has {} values, the header {}", fields.size(), set.variables.size()));
    }
    std::vector<Term>& row = set.rows.emplace_back();
    for (const std::string& field : fields) {
      if (field.empty()) {
        row.emplace_back();
      } else if (field.starts_with("_:") && field.size() > 2) {
        row.push_back(blank(std::string_view(field).substr(2)));
      } else {
        row.push_back(literal(field));
      }
    }
  }
  return set;
}

ResultSet read_tsv(std::string_view text, const std::string& source_name) {
  text = without_byte_order_mark(text);
  ResultSet set;
  if ((set.boolean = ask_answer(text))) return set;
  return TsvReader(text, source_name).read();
}

}  // namespace akyn::results

// SPARQL 1.2 Query Results JSON Format, over a small JSON reader (RFC 8259).

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/results/reader.h"
#include "engine/results/utf8.h"
#include "parser/text/location.h"

namespace akyn::results {
namespace {

constexpr int kMaximalDepth = 500;  // triple terms nest; nothing else does

struct Json;
using Members = std::map<std::string, Json, std::less<>>;

struct Json {
  // monostate: null, or a number, which no result document gives a meaning.
  std::variant<std::monostate, bool, std::string, std::vector<Json>, Members> value;
  std::size_t at = 0;  // offset in the text
};

class JsonReader {
 public:
  JsonReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  Json document() {
    if (text_.starts_with("\xEF\xBB\xBF")) position_ = 3;
    Json result = value(0);
    skip_space();
    if (position_ < text_.size()) fail(position_, "expected the end of the document");
    return result;
  }

  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    throw Error(ErrorCode::syntax, message, locate(text_, at, 1, source_));
  }

 private:
  void skip_space() { position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size()); }

  bool take(char c) {
    skip_space();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) fail(position_, fmt::format("expected '{}'", c));
  }

  bool take_word(std::string_view word) {
    if (!text_.substr(position_).starts_with(word)) return false;
    position_ += word.size();
    return true;
  }

  Json value(int depth) {
    if (depth > kMaximalDepth) fail(position_, "brackets nest too deeply");
    skip_space();
    Json result;
    result.at = position_;
    if (position_ >= text_.size()) fail(position_, "expected a JSON value");
    const char c = text_[position_];
    if (c == '{') {
      result.value = object(depth);
    } else if (c == '[') {
      result.value = array(depth);
    } else if (c == '"') {
      result.value = string();
    } else if (take_word("true")) {
      result.value = true;
    } else if (take_word("false")) {
      result.value = false;
    } else if (!take_word("null")) {
      number();
    }
    return result;
  }

  Members object(int depth) {
    Members members;
    expect('{');
    if (take('}')) return members;
    do {
      skip_space();
      if (position_ >= text_.size() || text_[position_] != '"') fail(position_, "expected a member name in quotes");
      std::string name = string();
      expect(':');
      members.insert_or_assign(std::move(name), value(depth + 1));
    } while (take(','));
    expect('}');
    return members;
  }

  std::vector<Json> array(int depth) {
    std::vector<Json> elements;
    expect('[');
    if (take(']')) return elements;
    do {
      elements.push_back(value(depth + 1));
    } while (take(','));
    expect(']');
    return elements;
  }

  void number() {
    const std::size_t start = position_;
    position_ = std::min(text_.find_first_not_of("+-.0123456789eE", position_), text_.size());
    if (position_ == start) fail(position_, "expected a JSON value");
  }

  std::uint32_t hex4() {
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i, ++position_) {
      const char c = position_ < text_.size() ? text_[position_] : '"';
      std::uint32_t digit = 0;
      if (c >= '0' && c <= '9') {
        digit = static_cast<std::uint32_t>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        digit = static_cast<std::uint32_t>(c - 'a') + 10;
      } else if (c >= 'A' && c <= 'F') {
        digit = static_cast<std::uint32_t>(c - 'A') + 10;
      } else {
        fail(position_, "expected four hexadecimal digits after \\u");
      }
      code = code * 16 + digit;
    }
    return code;
  }

  void escape(std::string& out) {
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    const std::size_t at = position_ - 1;
    const char c = position_ < text_.size() ? text_[position_] : '\0';
    ++position_;
    if (c == 'u') {
      std::uint32_t code = hex4();
      if (code >= 0xD800 && code < 0xDC00 && take_word("\\u")) {
        const std::uint32_t low = hex4();
        if (low < 0xDC00 || low > 0xDFFF) fail(at, "half of a surrogate pair");
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      } else if (code >= 0xD800 && code < 0xE000) {
        fail(at, "half of a surrogate pair");
      }
      append_utf8(out, code);
      return;
    }
    const std::size_t index = kNames.find(c);
    if (c == '\0' || index == std::string_view::npos) fail(at, "unknown escape in a string");
    out += kValues[index];
  }

  std::string string() {
    const std::size_t start = position_++;
    std::string out;
    while (true) {
      if (position_ >= text_.size()) fail(start, "this string does not end");
      const char c = text_[position_];
      if (static_cast<unsigned char>(c) < 0x20) fail(position_, "control character in a string");
      ++position_;
      if (c == '"') return out;
      if (c == '\\') {
        escape(out);
      } else {
        out += c;
      }
    }
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t position_ = 0;
};

// Gives the values their meaning as results.
class ResultReader {
 public:
  explicit ResultReader(const JsonReader& reader) : reader_(reader) {}

  ResultSet read(const Json& document) {
    ResultSet set;
    if (const Json* answer = find(document, "boolean")) {
      const bool* value = std::get_if<bool>(&answer->value);
      if (value == nullptr) reader_.fail(answer->at, "'boolean' must be true or false");
      set.boolean = *value;
      return set;
    }
    const Json& vars = need(need(document, "head"), "vars");
    for (const Json& name : elements(vars, "'vars'")) set.variables.push_back(string(name, "a variable"));
    const Json& bindings = need(need(document, "results"), "bindings");
    for (const Json& solution : elements(bindings, "'bindings'")) {
      std::vector<Term>& row = set.rows.emplace_back(set.variables.size());
      const Members* members = std::get_if<Members>(&solution.value);
      if (members == nullptr) reader_.fail(solution.at, "a solution must be an object");
      for (const auto& [name, value] : *members) {
        const auto column = std::find(set.variables.begin(), set.variables.end(), name);
        if (column == set.variables.end())
          reader_.fail(value.at, fmt::format("'{}' is not among the variables of the head", name));
        row[static_cast<std::size_t>(column - set.variables.begin())] = term(value);
      }
    }
    return set;
  }

 private:
  static const Json* find(const Json& object, std::string_view name) {
    const Members* members = std::get_if<Members>(&object.value);
    if (members == nullptr) return nullptr;
    const auto it = members->find(name);
    return it == members->end() ? nullptr : &it->second;
  }

  const Json& need(const Json& object, std::string_view name) const {
    const Json* member = find(object, name);
    if (member == nullptr) reader_.fail(object.at, fmt::format("expected an object with a member '{}'", name));
    return *member;
  }

  const std::vector<Json>& elements(const Json& array, std::string_view what) const {
    const auto* result = std::get_if<std::vector<Json>>(&array.value);
    if (result == nullptr) reader_.fail(array.at, fmt::format("{} must be an array", what));
    return *result;
  }

  const std::string& string(const Json& value, std::string_view what) const {
    const auto* result = std::get_if<std::string>(&value.value);
    if (result == nullptr) reader_.fail(value.at, fmt::format("{} must be a string", what));
    return *result;
  }

  Term term(const Json& object) const {
    const std::string& type = string(need(object, "type"), "'type'");
    const Json& value = need(object, "value");
    if (type == "triple") {
      return checked(object.at, [&] {
        return triple_term(term(need(value, "subject")), term(need(value, "predicate")), term(need(value, "object")));
      });
    }
    const std::string& text = string(value, "'value'");
    if (type == "uri") return checked(value.at, [&] { return iri(text); });
    if (type == "bnode") return checked(value.at, [&] { return blank(text); });
    if (type == "literal" || type == "typed-literal")
      return checked(object.at, [&] { return literal_of(object, text); });
    reader_.fail(object.at, fmt::format("unknown term type '{}'", type));
  }

  Term literal_of(const Json& object, const std::string& text) const {
    if (const Json* language = find(object, "xml:lang")) {
      Direction direction = Direction::none;
      if (const Json* dir = find(object, "its:dir")) {
        const std::string& name = string(*dir, "'its:dir'");
        if (name != "ltr" && name != "rtl") reader_.fail(dir->at, "'its:dir' must be \"ltr\" or \"rtl\"");
        direction = name == "ltr" ? Direction::ltr : Direction::rtl;
      }
      return lang_literal(text, string(*language, "'xml:lang'"), direction);
    }
    if (const Json* datatype = find(object, "datatype")) return typed_literal(text, string(*datatype, "'datatype'"));
    return literal(text);
  }

  // The makers of terms know nothing of places.
  template <class Make>
  Term checked(std::size_t at, const Make& make) const {
    try {
      return make();
    } catch (const Error& error) {
      if (error.location()) throw;
      reader_.fail(at, error.message());
    }
  }

  const JsonReader& reader_;
};

}  // namespace

ResultSet read_json(std::string_view text, const std::string& source_name) {
  JsonReader reader(text, source_name);
  const Json document = reader.document();
  return ResultReader(reader).read(document);
}

}  // namespace akyn::results

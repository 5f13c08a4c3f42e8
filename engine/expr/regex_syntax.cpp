#include "engine/expr/regex_syntax.h"

#include <cstdint>

#include "engine/expr/code_point_set.h"
#include "engine/expr/text.h"

namespace akyn::expr {
namespace {

constexpr std::string_view kSpace = " \t\n\r";
constexpr int kMaxDepth = 200;              // of nested groups and class subtractions
constexpr std::uint32_t kMaxRepeat = 1000;  // RE2's own limit

// Without the white space outside of classes, as flag x has it (F&O 5.6.2). What follows a backslash begins no class.
std::string without_space(std::string_view pattern) {
  std::string result;
  std::size_t depth = 0;
  bool escaped = false;
  for (const char c : pattern) {
    if (depth == 0 && kSpace.find(c) != std::string_view::npos) continue;
    result += c;
    if (!escaped && c == '[') ++depth;
    if (!escaped && c == ']' && depth > 0) --depth;
    escaped = !escaped && c == '\\';
  }
  return result;
}

// Walks the grammar of XML Schema 1.1 Part 2, appendix G, writing RE2's syntax as it goes. A function
// returns false where the pattern is not valid.
class Translator {
 public:
  Translator(std::string_view pattern, const RegexFlags& flags)
      : text_(flags.skip_space ? without_space(pattern) : std::string()),
        pattern_(flags.skip_space ? std::string_view(text_) : pattern),
        flags_(flags) {}
  Translator(const Translator&) = delete;
  Translator& operator=(const Translator&) = delete;

  bool run() { return alternatives() && at_end(); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  // --- input
  [[nodiscard]] bool at_end() const { return at_ == pattern_.size(); }
  [[nodiscard]] bool next_is(char c) const { return !at_end() && pattern_[at_] == c; }
  bool accept(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  // regExp ::= branch ( '|' branch )*
  bool alternatives() {
    if (++depth_ > kMaxDepth) return false;
    do {
      if (!branch()) return false;
    } while (next_is('|') && copy());
    --depth_;
    return true;
  }

  bool copy() {
    out_ += pattern_[at_++];
    return true;
  }

  bool branch() {
    while (!at_end() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      bool repeatable = true;
      if (!atom(repeatable)) return false;
      if (!quantifier(repeatable)) return false;
    }
    return true;
  }

  bool atom(bool& repeatable) {
    const char c = pattern_[at_];
    switch (c) {
      case '(':
        ++at_;
        out_ += '(';
        if (accept('?')) {
          if (!accept(':')) return false;
          out_ += "?:";
        }
        if (!alternatives() || !accept(')')) return false;
        out_ += ')';
        return true;
      case '[': {
        ++at_;
        CodePointSet set;
        if (!char_class(set)) return false;
        write(set);
        return true;
      }
      case '\\':
        return escape(repeatable);
      case '.':
        ++at_;
        out_ += flags_.dot_all ? "(?s:.)" : "[^\\n\\r]";
        return true;
      case '^':
      case '$':
        out_ += "(?:";
        copy();
        out_ += ')';
        return true;
      case '?':
      case '*':
      case '+':
      case '{':
      case '}':
      case ']':
        return false;
      default:
        break;
    }
    literal(next_code_point(pattern_, at_));
    return true;
  }

  void literal(char32_t c) {
    if (c < 0x80 && std::string_view("\\.+*?()|[]{}^$").find(static_cast<char>(c)) != std::string_view::npos)
      out_ += '\\';
    append_code_point(out_, c);
  }

  // quantifier ::= [?*+] | '{' n (',' m?)? '}', each with an optional '?' behind it
  bool quantifier(bool repeatable) {
    if (at_end()) return true;
    const char c = pattern_[at_];
    if (c != '?' && c != '*' && c != '+' && c != '{') return true;
    if (!repeatable) return false;
    if (c == '{') {
      ++at_;
      std::uint32_t low = 0;
      std::uint32_t high = 0;
      if (!number(low)) return false;
      out_ += '{' + std::to_string(low);
      if (accept(',')) {
        out_ += ',';
        if (!next_is('}')) {
          if (!number(high) || high < low) return false;
          out_ += std::to_string(high);
        }
      }
      if (!accept('}')) return false;
      out_ += '}';
    } else {
      copy();
    }
    if (accept('?')) out_ += '?';
    return at_end() || std::string_view("?*+{").find(pattern_[at_]) == std::string_view::npos;
  }

  bool number(std::uint32_t& value) {
    bool any = false;
    while (!at_end() && pattern_[at_] >= '0' && pattern_[at_] <= '9') {
      value = value * 10 + static_cast<std::uint32_t>(pattern_[at_++] - '0');
      if (value > kMaxRepeat) return false;
      any = true;
    }
    return any;
  }

  bool escape(bool& repeatable) {
    if (at_ + 1 < pattern_.size() && (pattern_[at_ + 1] == 'b' || pattern_[at_ + 1] == 'B')) {
      repeatable = false;
      out_ += '\\';
      out_ += pattern_[at_ + 1];
      at_ += 2;
      return true;
    }
    CodePointSet set;
    char32_t single = 0;
    if (!class_escape(set, single)) return false;
    if (single != 0) {
      literal(single);
    } else {
      write(set);
    }
    return true;
  }

  // Case is already accounted for where it matters: it does not in \p{Lu}, and a class is closed under
  // it before it is negated or subtracted (F&O 5.6.2).
  void write(const CodePointSet& set) {
    if (flags_.case_insensitive) out_ += "(?-i:";
    out_ += set.to_re2();
    if (flags_.case_insensitive) out_ += ')';
  }

  void add_to(CodePointSet& set, char32_t first, char32_t last) const {
    if (flags_.case_insensitive) {
      set.add_ignoring_case(first, last);
    } else {
      set.add(first, last);
    }
  }

  // An escape that stands for one code point (`single`) or for several (`set`). At the backslash.
  bool class_escape(CodePointSet& set, char32_t& single) {
    ++at_;
    if (at_ >= pattern_.size()) return false;
    const char c = pattern_[at_++];
    switch (c) {
      case 'n':
        single = '\n';
        return true;
      case 'r':
        single = '\r';
        return true;
      case 't':
        single = '\t';
        return true;
      case 's':
      case 'i':
      case 'c':
      case 'd':
      case 'w':
        set = CodePointSet::escape(c);
        return true;
      case 'S':
      case 'I':
      case 'C':
      case 'D':
      case 'W':
        set = CodePointSet::escape(ascii_lower(c)).complement();
        return true;
      case 'p':
      case 'P': {
        if (at_ >= pattern_.size() || pattern_[at_] != '{') return false;
        const std::size_t end = pattern_.find('}', at_);
        if (end == std::string_view::npos) return false;
        std::optional<CodePointSet> property = CodePointSet::property(pattern_.substr(at_ + 1, end - at_ - 1));
        if (!property) return false;
        at_ = end + 1;
        set = c == 'p' ? std::move(*property) : property->complement();
        return true;
      }
      default:
        if (std::string_view("\\|.?*+(){}$-[]^").find(c) == std::string_view::npos) return false;
        single = static_cast<unsigned char>(c);
        return true;
    }
  }

  // charClassExpr, behind its '[': '^'? members ( '-' charClassExpr )? ']'
  bool char_class(CodePointSet& result) {
    if (++depth_ > kMaxDepth) return false;
    const bool negated = take_raw('^');
    CodePointSet set;
    CodePointSet excluded;
    bool any = false;
    while (true) {
      if (at_ >= pattern_.size()) return false;
      if (pattern_[at_] == ']') break;
      if (any && pattern_.substr(at_).starts_with("-[")) {
        at_ += 2;
        if (!char_class(excluded) || at_ >= pattern_.size() || pattern_[at_] != ']') return false;
        break;
      }
      if (!member(set)) return false;
      any = true;
    }
    if (!any) return false;
    ++at_;
    result = (negated ? set.complement() : set).without(excluded);
    --depth_;
    return true;
  }

  bool take_raw(char c) {
    if (at_ >= pattern_.size() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }

  // A range, a character or an escape. A hyphen that begins no range and no subtraction stands for itself.
  bool member(CodePointSet& set) {
    char32_t first = 0;
    CodePointSet several;
    if (!class_character(several, first)) return false;
    if (first == 0) {
      set.add(several);
      return true;
    }
    const bool range =
        at_ + 1 < pattern_.size() && pattern_[at_] == '-' && pattern_[at_ + 1] != ']' && pattern_[at_ + 1] != '[';
    if (!range) {
      add_to(set, first, first);
      return true;
    }
    ++at_;
    char32_t end = 0;
    if (!class_character(several, end) || end == 0 || end < first) return false;
    add_to(set, first, end);
    return true;
  }

  bool class_character(CodePointSet& set, char32_t& single) {
    if (at_ >= pattern_.size() || pattern_[at_] == '[' || pattern_[at_] == ']') return false;
    if (pattern_[at_] == '\\') return class_escape(set, single);
    single = next_code_point(pattern_, at_);
    return single != 0;
  }

  std::string text_;  // what pattern_ looks at where it is not the one given
  std::string_view pattern_;
  RegexFlags flags_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string out_;
};

}  // namespace

std::optional<std::string> translate_regex(std::string_view pattern, const RegexFlags& flags) {
  Translator translator(pattern, flags);
  if (!translator.run()) return std::nullopt;
  // Under RE2's m as under XPath's, ^ and $ are next to line feeds too; without it, at the ends only.
  return (flags.multi_line ? "(?m)" : "") + translator.take();
}

}  // namespace akyn::expr

// The terminals of N-Triples, N-Quads, Turtle and TriG (RDF 1.2 Turtle, section 6.5).
//
// A terminal is read when the grammar expects it; there is no token stream. Each function
// starts at the current character and, on success, ends behind the terminal. What it returns
// is a view of the input where the text stands for itself, and of `storage` where it had escapes.
// Such views are valid until release(), whatever is read meanwhile.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <akyn/error.h>
#include <akyn/term.h>
#include "parser/rdf/chars.h"
#include "parser/rdf/input.h"

namespace akyn::rdf {

struct PrefixedName {
  std::string_view prefix;  // without ':'
  std::string_view local;   // unescaped
};

enum class NumberKind : std::uint8_t { integer, decimal, double_ };

class Lexer {
 public:
  Lexer(std::string_view text, std::string source) : input_(text, std::move(source)) { start(); }
  Lexer(ByteSource& bytes, std::string source, std::size_t block_size = Input::kBlockSize,
        std::size_t longest_token = Input::kLongestToken)
      : input_(bytes, std::move(source), block_size, longest_token) {
    start();
  }
  Lexer(const Lexer&) = delete;
  Lexer& operator=(const Lexer&) = delete;

  // --- Where we are ---

  // The current character; NUL at the end of the text, which at_end() tells from a NUL in it. At
  // least three more characters are in the window then, if the text has them.
  [[nodiscard]] char peek() {
    if (input_.end() - at_ < kLookahead) look_ahead();
    return at_ == input_.end() ? '\0' : *at_;
  }
  [[nodiscard]] bool at_end() { return peek() == '\0' && at_ == input_.end(); }
  [[nodiscard]] bool looking_at(std::string_view text) {  // text: at most 4 characters
    static_cast<void>(peek());
    return std::string_view(at_, static_cast<std::size_t>(input_.end() - at_)).starts_with(text);
  }
  // Precondition: as many characters are there.
  void advance(std::size_t characters = 1) noexcept { at_ += characters; }
  // Steps over `text` (at most 4 characters) if it comes next.
  [[nodiscard]] bool accept(std::string_view text) {
    if (!looking_at(text)) return false;
    at_ += text.size();
    return true;
  }
  [[nodiscard]] std::uint64_t offset() const noexcept { return input_.offset(at_); }
  void release() noexcept { input_.release(); }

  // --- Between terminals ---

  // White space and comments.
  void skip_space() {
    if (at_ != input_.end() && *at_ == ' ') ++at_;
    if (at_ == input_.end() || is(*at_, kWhite) || *at_ == '#') skip_space_slowly(kWhiteSpace);
  }
  // White space and comments up to, not including, the end of the line.
  void skip_within_line() {
    if (at_ != input_.end() && *at_ == ' ') ++at_;
    if (at_ == input_.end() || is(*at_, kWhite) || *at_ == '#') skip_space_slowly(kWithinLine);
  }

  // --- Terminals ---

  // IRIREF. Precondition: at '<'. The reference is not resolved.
  [[nodiscard]] std::string_view iri_reference(std::string& storage);
  // BLANK_NODE_LABEL. Precondition: at '_'. Returns the label without "_:".
  [[nodiscard]] std::string_view blank_label();
  // STRING_LITERAL_QUOTE and STRING_LITERAL_SINGLE_QUOTE. Precondition: at the quote.
  [[nodiscard]] std::string_view short_string(std::string& storage);
  // The same and the two long forms.
  [[nodiscard]] std::string_view any_string(std::string& storage);
  // LANG_DIR. Precondition: at '@'. The tag is well-formed (BCP 47).
  void language(std::string_view& tag, Direction& direction);
  // PNAME_NS and PNAME_LN. False, at the same place, when what comes is no name with a colon.
  [[nodiscard]] bool prefixed_name(PrefixedName& name, std::string& storage);
  // The letters from here on: a keyword, perhaps. Does not move.
  [[nodiscard]] std::string_view word();
  // Whether exactly this word comes next, and not a longer name; at_keyword ignores case.
  [[nodiscard]] bool at_word(std::string_view word) { return is_word(word, false); }
  [[nodiscard]] bool at_keyword(std::string_view word) { return is_word(word, true); }
  // Whether a number, or at least a sign, comes next; a '.' alone is none.
  [[nodiscard]] bool at_number() {
    const char first = peek();
    if (first != '.') return is(first, kDigit) || first == '+' || first == '-';
    return input_.end() - at_ > 1 && is(at_[1], kDigit);
  }
  // INTEGER, DECIMAL, DOUBLE, the longest that matches.
  [[nodiscard]] std::string_view number(NumberKind& kind);

  // --- Going on after a mistake ---

  // Whether there is nothing to go on with.
  [[nodiscard]] bool is_broken() const noexcept { return input_.broken(); }
  // To the end of the line.
  void skip_line();
  // What surrounds the statement that a mistake was found in.
  enum class Around : std::uint8_t { document, trig_document, graph };
  // From a mistake to where the next statement seems to begin, always beyond `start`, where the present one did.
  // That is behind a '.' before white space; where a line begins with a directive, or with the mistake
  // itself: then a '.' was forgotten; within a graph before its '}', outside behind a graph's block. Strings and
  // comments are stepped over; a string that is not closed ends with its line.
  void skip_statement(std::uint64_t start, Around around);

  // --- Mistakes. All throw Error(syntax). ---

  // "expected <what>, found <what comes next>"
  [[noreturn]] void expected(std::string_view what);
  [[noreturn]] void fail(std::uint64_t offset, std::size_t length, std::string message,
                         ErrorCode code = ErrorCode::syntax);

 private:
  static constexpr std::ptrdiff_t kLookahead = 4;
  enum Space : std::uint8_t { kWhiteSpace, kWithinLine };

  void start();
  // Makes the window go beyond its present end; what is before at_ may leave it.
  [[nodiscard]] bool extend() { return input_.extend(at_); }
  void look_ahead();
  void skip_space_slowly(Space space);
  [[nodiscard]] bool is_word(std::string_view wanted, bool ignoring_case);
  // Makes so many characters from here visible, if the text has them.
  void look_ahead(std::ptrdiff_t characters);
  [[nodiscard]] bool at_directive();
  // Steps over what begins with a quotation mark. True when it ran into the end of the line, behind a '.'.
  [[nodiscard]] bool skip_string();
  [[nodiscard]] std::string_view quoted(std::string& storage, char quote, bool is_long);
  // Each goes on from `at`, a backslash, and appends what the escape means; false when the window ends within it.
  [[nodiscard]] bool escape(const char*& at, std::string& out, bool with_letters);
  [[nodiscard]] bool local_name_rest(const char*& at, const char* start, std::string& storage, bool& stored);
  // The character at `at`, beyond ASCII; nothing when the window ends within it. Throws when it is not UTF-8.
  [[nodiscard]] Decoded decode(const char* at);
  [[noreturn]] void fail_at(const char* at, std::size_t length, std::string message);

  Input input_;
  const char* at_ = nullptr;
};

}  // namespace akyn::rdf

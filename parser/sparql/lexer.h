// Characters to tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "parser/sparql/token.h"

namespace akyn::sparql {

// What is wrong with the characters of an invalid token.
struct LexicalProblem {
  std::string message;
  std::uint32_t begin = 0;  // bytes in the text
  std::uint32_t length = 0;
};

// Reads tokens one by one, passing over white space and comments. The text must outlive it and be
// smaller than 4 GiB.
class Lexer {
 public:
  // Throws Error(limit) when the text is too long, Error(syntax) when it is not UTF-8.
  Lexer(std::string_view text, const std::string& source_name);

  // `end` for ever after the end or an invalid token.
  [[nodiscard]] Token next();

  // Of the invalid token that was read; without a message when there was none.
  [[nodiscard]] const LexicalProblem& problem() const noexcept { return problem_; }

 private:
  [[nodiscard]] Token scan();
  [[nodiscard]] Token scan_string();
  [[nodiscard]] Token scan_number();
  [[nodiscard]] Token scan_name();
  [[nodiscard]] Token scan_symbol();
  [[nodiscard]] bool starts_prefixed_name();
  [[nodiscard]] Token token(TokenKind kind, const char* end, TokenId id = kNoKeyword);
  [[nodiscard]] Token invalid(const char* begin, const char* end, std::string message);

  std::string_view text_;
  const char* at_;
  const char* end_;
  // No colon ends a name that begins before here: keeps text such as `a.b.c.d` from being scanned
  // to its end at each of its words.
  const char* no_prefix_before_;
  LexicalProblem problem_;
};

// The value of an IRI token: between the brackets, numeric escapes replaced.
[[nodiscard]] std::string iri_value(std::string_view token);
// The value of a string token: without quotes, escapes replaced.
[[nodiscard]] std::string string_value(std::string_view token);
// The local part of a prefixed name, backslashes of reserved characters dropped.
[[nodiscard]] std::string local_value(std::string_view local);

}  // namespace akyn::sparql

// The tokens of SPARQL: what the lexer makes of the characters and the grammar reads.
//
// Tokens know nothing of their context: the grammar is LL(1) over them when the longest match wins
// (SPARQL 1.2, 19.8, notes 1 and 3). So `?a<?b&&?c>?d` is a variable, an IRI and a variable.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace akyn::sparql {

enum class TokenKind : std::uint8_t {
  end,            // after the last character
  invalid,        // no token: Lexer::problem() says why; always the last one but `end`
  iri,            // <...>
  prefix_name,    // foaf:
  prefixed_name,  // foaf:name
  blank_label,    // _:b
  variable,       // ?x $x
  integer,        // 5
  decimal,        // 5.0
  real,           // 5e0
  signed_integer,
  signed_decimal,
  signed_real,
  string,       // "..." '...'
  long_string,  // """...""" '''...'''
  language,     // @en @ar--rtl
  word,         // letters, digits and _: a keyword or a mistake
  symbol,
};
inline constexpr std::size_t kTokenKinds = static_cast<std::size_t>(TokenKind::symbol) + 1;

// Which keyword a word is, or which symbol a symbol is: an index into the table of its kind.
using TokenId = std::uint8_t;
inline constexpr TokenId kNoKeyword = 0xff;

struct Token {
  TokenKind kind = TokenKind::end;
  TokenId id = kNoKeyword;
  std::uint32_t begin = 0;  // bytes in the text
  std::uint32_t end = 0;

  [[nodiscard]] std::string_view text(std::string_view all) const { return all.substr(begin, end - begin); }
};

// ------------------------------------------------------------------ symbols

// A symbol stands after all that begin with it, so the first match is the longest.
inline constexpr std::array<std::string_view, 33> kSymbols = {
    "<<(", ")>>", "<<", ">>", "{|", "|}", "||", "&&", "!=", "<=", ">=", "^^", "{", "}", "(", ")", "[",
    "]",   ".",   ",",  ";",  "*",  "/",  "+",  "-",  "!",  "=",  "<",  ">",  "|", "^", "?", "~",
};

// ------------------------------------------------------------------ keywords

inline constexpr std::uint8_t kAnyNumber = 0xff;  // of arguments: no limit

// A keyword; a built-in function when `max_arguments` is set or `function` is.
struct KeywordInfo {
  std::string_view name;
  bool function = false;
  std::uint8_t min_arguments = 0;
  std::uint8_t max_arguments = 0;
};

// Sorted by name in upper case, the form built-in calls have in the tree. Aggregates and EXISTS have
// grammar of their own and are no functions here.
inline constexpr auto kKeywords = std::to_array<KeywordInfo>({
    {"ABS", true, 1, 1},
    {"ACYCLIC"},
    {"ADD"},
    {"ALL"},
    {"ANY"},
    {"AS"},
    {"ASC"},
    {"ASK"},
    {"AVG"},
    {"BASE"},
    {"BIND"},
    {"BNODE", true, 0, 1},
    {"BOUND", true, 1, 1},
    {"BY"},
    {"CEIL", true, 1, 1},
    {"CHEAPEST"},
    {"CLEAR"},
    {"COALESCE", true, 0, kAnyNumber},
    {"CONCAT", true, 0, kAnyNumber},
    {"CONSTRUCT"},
    {"CONTAINS", true, 2, 2},
    {"COPY"},
    {"COST"},
    {"COUNT"},
    {"CREATE"},
    {"DATA"},
    {"DATATYPE", true, 1, 1},
    {"DAY", true, 1, 1},
    {"DEFAULT"},
    {"DELETE"},
    {"DESC"},
    {"DESCRIBE"},
    {"DISTINCT"},
    {"DROP"},
    {"ENCODE_FOR_URI", true, 1, 1},
    {"EXISTS"},
    {"FALSE"},
    {"FILTER"},
    {"FLOOR", true, 1, 1},
    {"FROM"},
    {"GRAPH"},
    {"GROUP"},
    {"GROUPS"},
    {"GROUP_CONCAT"},
    {"HASLANG", true, 1, 1},
    {"HASLANGDIR", true, 1, 1},
    {"HAVING"},
    {"HOURS", true, 1, 1},
    {"IF", true, 3, 3},
    {"IN"},
    {"INNER"},
    {"INSERT"},
    {"INTO"},
    {"IRI", true, 1, 1},
    {"ISBLANK", true, 1, 1},
    {"ISIRI", true, 1, 1},
    {"ISLITERAL", true, 1, 1},
    {"ISNUMERIC", true, 1, 1},
    {"ISTRIPLE", true, 1, 1},
    {"ISURI", true, 1, 1},
    {"LANG", true, 1, 1},
    {"LANGDIR", true, 1, 1},
    {"LANGMATCHES", true, 2, 2},
    {"LCASE", true, 1, 1},
    {"LENGTH"},
    {"LIMIT"},
    {"LOAD"},
    {"MAX"},
    {"MD5", true, 1, 1},
    {"MIN"},
    {"MINUS"},
    {"MINUTES", true, 1, 1},
    {"MONTH", true, 1, 1},
    {"MOVE"},
    {"NAMED"},
    {"NOT"},
    {"NOW", true, 0, 0},
    {"OBJECT", true, 1, 1},
    {"OFFSET"},
    {"OPTIONAL"},
    {"ORDER"},
    {"PATH"},
    {"PREDICATE", true, 1, 1},
    {"PREFIX"},
    {"RAND", true, 0, 0},
    {"REDUCED"},
    {"REGEX", true, 2, 3},
    {"REPLACE", true, 3, 4},
    {"ROUND", true, 1, 1},
    {"SAMETERM", true, 2, 2},
    {"SAMPLE"},
    {"SECONDS", true, 1, 1},
    {"SELECT"},
    {"SEPARATOR"},
    {"SERVICE"},
    {"SHA1", true, 1, 1},
    {"SHA256", true, 1, 1},
    {"SHA384", true, 1, 1},
    {"SHA512", true, 1, 1},
    {"SHORTEST"},
    {"SILENT"},
    {"SIMPLE"},
    {"STEP"},
    {"STR", true, 1, 1},
    {"STRAFTER", true, 2, 2},
    {"STRBEFORE", true, 2, 2},
    {"STRDT", true, 2, 2},
    {"STRENDS", true, 2, 2},
    {"STRLANG", true, 2, 2},
    {"STRLANGDIR", true, 3, 3},
    {"STRLEN", true, 1, 1},
    {"STRSTARTS", true, 2, 2},
    {"STRUUID", true, 0, 0},
    {"SUBJECT", true, 1, 1},
    {"SUBSTR", true, 2, 3},
    {"SUM"},
    {"TIMEZONE", true, 1, 1},
    {"TO"},
    {"TRAIL"},
    {"TRIPLE", true, 3, 3},
    {"TRUE"},
    {"TZ", true, 1, 1},
    {"UCASE", true, 1, 1},
    {"UNDEF"},
    {"UNION"},
    {"UNNEST"},
    {"URI", true, 1, 1},
    {"USING"},
    {"UUID", true, 0, 0},
    {"VALUES"},
    {"VERSION"},
    {"WALK"},
    {"WHERE"},
    {"WITH"},
    {"YEAR", true, 1, 1},
});
static_assert(kKeywords.size() < kNoKeyword);
static_assert(std::ranges::is_sorted(kKeywords, {}, &KeywordInfo::name));

// The keyword a word is, whatever its case (19.8, note 1); kNoKeyword for any other.
[[nodiscard]] TokenId find_keyword(std::string_view word);

// ------------------------------------------------------------------ names at compile time

// A string as a template argument. Looking up one that is not in the table does not compile.
template <std::size_t Size>
struct FixedString {
  std::array<char, Size> text{};
  consteval FixedString(const char (&literal)[Size]) {  // NOLINT(google-explicit-constructor)
    std::copy_n(literal, Size, text.begin());
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text.data(), Size - 1}; }
};

[[nodiscard]] consteval TokenId symbol_id(std::string_view name) {
  return static_cast<TokenId>(std::ranges::find(kSymbols, name) - kSymbols.begin() +
                              (std::ranges::find(kSymbols, name) == kSymbols.end() ? throw "no such symbol" : 0));
}
[[nodiscard]] consteval TokenId keyword_id(std::string_view name) {
  const auto found = std::ranges::find(kKeywords, name, &KeywordInfo::name);
  return found == kKeywords.end() ? throw "no such keyword" : static_cast<TokenId>(found - kKeywords.begin());
}

}  // namespace akyn::sparql

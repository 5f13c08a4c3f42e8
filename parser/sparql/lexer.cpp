#include "parser/sparql/lexer.h"

#include <limits>
#include <optional>

#include <boost/spirit/home/x3.hpp>

#include <akyn/error.h>
#include "parser/sparql/characters.h"
#include "parser/text/location.h"

namespace akyn::sparql {

namespace {

// The code point of a numeric escape, \uXXXX or \UXXXXXXXX, at `at`; nothing when it is none or
// stands for no character (a surrogate, or beyond U+10FFFF).
std::optional<Decoded> read_numeric_escape(const char* at, const char* end) {
  if (end - at < 2 || at[0] != '\\' || (at[1] != 'u' && at[1] != 'U')) return std::nullopt;
  const std::ptrdiff_t digits = at[1] == 'u' ? 4 : 8;
  if (end - at < 2 + digits) return std::nullopt;
  char32_t value = 0;
  for (const char* digit = at + 2; digit != at + 2 + digits; ++digit) {
    const auto c = static_cast<unsigned char>(*digit);
    if (!is_hex(c)) return std::nullopt;
    value = value << 4 | static_cast<char32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) return std::nullopt;
  return Decoded{value, static_cast<std::uint32_t>(2 + digits)};
}

// ------------------------------------------------------------------ the terminals (19.8)

namespace terminal {

namespace x3 = boost::spirit::x3;

// One code point of a class.
template <auto Class>
struct One : x3::parser<One<Class>> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  template <class Context, class RContext, class Attribute>
  bool parse(const char*& first, const char* const& last, const Context&, RContext&, Attribute&) const {
    if (first == last) return false;
    const Decoded next = decode_utf8(first);
    if (!Class(next.code_point)) return false;
    first += next.size;
    return true;
  }
};
template <auto Class>
constexpr One<Class> one{};

struct NumericEscape : x3::parser<NumericEscape> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  template <class Context, class RContext, class Attribute>
  bool parse(const char*& first, const char* const& last, const Context&, RContext&, Attribute&) const {
    const auto escape = read_numeric_escape(first, last);
    if (escape) first += escape->size;
    return escape.has_value();
  }
};

using x3::char_;
using x3::lit;
using x3::omit;

constexpr auto in_string1 = [](char32_t c) { return c != '\'' && c != '\\' && c != '\n' && c != '\r'; };
constexpr auto in_string2 = [](char32_t c) { return c != '"' && c != '\\' && c != '\n' && c != '\r'; };
constexpr auto in_long_string1 = [](char32_t c) { return c != '\'' && c != '\\'; };
constexpr auto in_long_string2 = [](char32_t c) { return c != '"' && c != '\\'; };
constexpr auto in_comment = [](char32_t c) { return c != '\n' && c != '\r'; };

const auto uchar = NumericEscape{};
const auto echar = lit('\\') >> omit[char_("tbnrf\\\"'")];
const auto hex = one<is_hex>;
const auto letter = one<is_letter>;
const auto digit = one<is_digit>;

const auto blanks = *(one<is_space> | (lit('#') >> *one<in_comment>));

const auto iriref = lit('<') >> *(one<is_iri_char> | uchar) >> lit('>');

// Dots may stand inside a name, not at its end.
const auto dots_before = [](const auto& rest) { return +lit('.') >> &rest; };
const auto name_rest = *(one<is_name_char> | dots_before(one<is_name_char>));
const auto pn_prefix = one<is_name_base> >> name_rest;
const auto blank_node_label = lit("_:") >> one<is_name_start_or_digit> >> name_rest;

const auto plx = (lit('%') >> hex >> hex) | (lit('\\') >> omit[char_("_~.!$&'()*+,;=/?#@%-")]);
const auto local_char = one<is_name_char> | lit(':') | plx;
const auto pn_local = (one<is_name_start_or_digit> | lit(':') | plx) >> *(local_char | dots_before(local_char));

const auto var = omit[char_("?$")] >> one<is_name_start_or_digit> >> *one<is_variable_char>;
const auto lang_dir = lit('@') >> +letter >> *(lit('-') >> +one<is_alphanumeric>) >> -(lit("--") >> +letter);

const auto sign = -omit[char_("+-")];
const auto exponent = omit[char_("eE")] >> sign >> +digit;
const auto integer = sign >> +digit;
const auto decimal = sign >> *digit >> lit('.') >> +digit;
const auto real = sign >> ((+digit >> -(lit('.') >> *digit)) | (lit('.') >> +digit)) >> exponent;

// What stands between the quotes.
const auto string1 = *(one<in_string1> | echar | uchar);
const auto string2 = *(one<in_string2> | echar | uchar);
const auto long_string1 = *(-(lit('\'') >> -lit('\'')) >> (one<in_long_string1> | echar | uchar));
const auto long_string2 = *(-(lit('"') >> -lit('"')) >> (one<in_long_string2> | echar | uchar));

const auto word = one<is_name_base> >> *one<is_variable_char>;

template <class Parser>
bool match(const char*& at, const char* end, const Parser& parser) {
  return x3::parse(at, end, parser);
}

}  // namespace terminal

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// A character as an error names it.
std::string quoted(const char* at) {
  const Decoded next = decode_utf8(at);
  if (next.code_point > 0x20 && next.code_point != 0x7f) return "'" + std::string(at, next.size) + "'";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return std::string("U+00") + kDigits[next.code_point >> 4] + kDigits[next.code_point & 15];
}

char unescape_char(char escape) {
  switch (escape) {
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    default:
      return escape;
  }
}

// Escapes are replaced once, from left to right; what a replacement yields is not looked at again
// (SPARQL 1.2, 19.2).
std::string unescape(std::string_view text) {
  std::string value;
  value.reserve(text.size());
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at != '\\') {
      value.push_back(*at++);
    } else if (const auto escape = read_numeric_escape(at, end)) {
      append_utf8(value, escape->code_point);
      at += escape->size;
    } else {
      value.push_back(unescape_char(at[1]));
      at += 2;
    }
  }
  return value;
}

}  // namespace

TokenId find_keyword(std::string_view word) {
  constexpr std::size_t kLongest =
      std::ranges::max(kKeywords, {}, [](const KeywordInfo& keyword) { return keyword.name.size(); }).name.size();
  if (word.size() > kLongest) return kNoKeyword;
  std::array<char, kLongest> upper{};
  std::ranges::transform(word, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const std::string_view name(upper.data(), word.size());
  const auto found = std::ranges::lower_bound(kKeywords, name, {}, &KeywordInfo::name);
  return found != kKeywords.end() && found->name == name ? static_cast<TokenId>(found - kKeywords.begin()) : kNoKeyword;
}

Lexer::Lexer(std::string_view text, const std::string& source_name)
    : text_(text), at_(text.data()), end_(text.data() + text.size()), no_prefix_before_(text.data()) {
  if (text.size() >= std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::limit, "the text of a query or update must be smaller than 4 GiB");
  }
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    throw Error(ErrorCode::syntax, "the text is not UTF-8: a byte here belongs to no character",
                locate(text, bad, 1, source_name));
  }
  if (text.starts_with("\xef\xbb\xbf")) at_ += 3;
}

Token Lexer::next() {
  terminal::match(at_, end_, terminal::blanks);
  return at_ == end_ ? token(TokenKind::end, end_) : scan();
}

Token Lexer::scan() {
  const char* to = at_;
  const char32_t first = decode_utf8(at_).code_point;
  switch (first) {
    case '<':
      return terminal::match(to, end_, terminal::iriref) ? token(TokenKind::iri, to) : scan_symbol();
    case '"':
    case '\'':
      return scan_string();
    case '?':
    case '$':
      return terminal::match(to, end_, terminal::var) ? token(TokenKind::variable, to) : scan_symbol();
    case '@':
      if (terminal::match(to, end_, terminal::lang_dir)) return token(TokenKind::language, to);
      return invalid(at_, at_ + 1, "expected a language tag such as en or de-AT after '@'");
    case '_':
      if (terminal::match(to, end_, terminal::blank_node_label)) return token(TokenKind::blank_label, to);
      return invalid(at_, at_ + 1, "a blank node is written _:label; no other name begins with '_'");
    case ':':
      return scan_name();
    default:
      if (is_name_base(first)) return scan_name();
      return is_digit(first) || first == '.' || first == '+' || first == '-' ? scan_number() : scan_symbol();
  }
}

Token Lexer::scan_string() {
  using namespace terminal;
  const char* to = at_;
  const std::string_view rest = between(at_, end_);
  const bool is_double = *at_ == '"';
  const std::string_view long_quote = is_double ? R"(""")" : "'''";
  const bool is_long = rest.starts_with(long_quote);
  const std::string_view quote = is_long ? long_quote : long_quote.substr(0, 1);
  to += quote.size();
  if (is_long) {
    is_double ? match(to, end_, long_string2) : match(to, end_, long_string1);
  } else {
    is_double ? match(to, end_, string2) : match(to, end_, string1);
  }
  if (between(to, end_).starts_with(quote)) {
    return token(is_long ? TokenKind::long_string : TokenKind::string, to + quote.size());
  }
  if (to != end_ && *to != '\\') {
    // A long string is stopped by nothing but quotes that end the text.
    if (!is_long) {
      return invalid(at_, to,
                     "the string is not closed on its line: expected " + std::string(is_double ? "'\"'" : "\"'\"") +
                         "; a string of several lines is written in three quotes");
    }
    to = end_;
  }
  if (to == end_) {
    return invalid(at_, end_, "the string is not closed: expected " + std::string(quote) + " before the end");
  }
  if (end_ - to >= 2 && (to[1] == 'u' || to[1] == 'U')) {
    const char* digits = to + 2;
    const std::ptrdiff_t wanted = to[1] == 'u' ? 4 : 8;
    while (digits != end_ && digits - to - 2 < wanted && is_hex(static_cast<unsigned char>(*digits))) ++digits;
    if (digits - to - 2 < wanted) {
      return invalid(to, digits, wanted == 4 ? "\\u takes 4 hexadecimal digits" : "\\U takes 8 hexadecimal digits");
    }
    return invalid(to, digits,
                   "the escape " + std::string(to, digits) +
                       " is no character: surrogates and numbers above 10FFFF are not allowed");
  }
  const char* const after = to + 1 == end_ ? end_ : to + 1 + decode_utf8(to + 1).size;
  return invalid(to, after,
                 "unknown escape " + std::string(to, after) +
                     R"( in a string; the escapes are \t \b \n \r \f \\ \" \' \uXXXX \UXXXXXXXX)");
}

Token Lexer::scan_number() {
  using namespace terminal;
  const bool is_signed = *at_ == '+' || *at_ == '-';
  const char* to = at_;
  if (match(to, end_, real)) return token(is_signed ? TokenKind::signed_real : TokenKind::real, to);
  to = at_;
  if (match(to, end_, decimal)) return token(is_signed ? TokenKind::signed_decimal : TokenKind::decimal, to);
  to = at_;
  if (match(to, end_, integer)) return token(is_signed ? TokenKind::signed_integer : TokenKind::integer, to);
  return scan_symbol();
}

bool Lexer::starts_prefixed_name() {
  if (*at_ == ':') return true;
  if (at_ < no_prefix_before_) return false;
  const char* to = at_;
  terminal::match(to, end_, terminal::pn_prefix);
  if (to != end_ && *to == ':') return true;
  no_prefix_before_ = to;
  return false;
}

Token Lexer::scan_name() {
  using namespace terminal;
  const char* to = at_;
  if (starts_prefixed_name()) {
    match(to, end_, -pn_prefix >> lit(':'));
    return match(to, end_, pn_local) ? token(TokenKind::prefixed_name, to) : token(TokenKind::prefix_name, to);
  }
  match(to, end_, word);
  return token(TokenKind::word, to, find_keyword(between(at_, to)));
}

Token Lexer::scan_symbol() {
  const std::string_view rest = between(at_, end_);
  // Longer symbols stand before their beginnings.
  for (TokenId id = 0; id < kSymbols.size(); ++id) {
    if (kSymbols[id].front() == *at_ && rest.starts_with(kSymbols[id])) {
      return token(TokenKind::symbol, at_ + kSymbols[id].size(), id);
    }
  }

  const Decoded first = decode_utf8(at_);
  std::string message = "unexpected character " + quoted(at_);
  if (first.code_point == '&') {
    message += "; 'and' is written &&";
  } else if (first.code_point == '$') {
    message += "; a variable needs a name after it";
  } else if (first.code_point == '\\') {
    message = read_numeric_escape(at_, end_) ? "numeric escapes are allowed inside strings and <IRIs> only"
                                             : "'\\' may stand here only before one of _~.-!$&'()*+,;=/?#@% in a name";
  } else if (first.code_point == '%') {
    message += "; in a name it is followed by two hexadecimal digits";
  } else if (first.code_point >= 0x2018 && first.code_point <= 0x201f) {
    message += "; strings take the straight quotes ' and \"";
  } else if (first.code_point == 0xa0) {
    message = "unexpected no-break space (U+00A0); write an ordinary space";
  }
  return invalid(at_, at_ + first.size, std::move(message));
}

Token Lexer::token(TokenKind kind, const char* end, TokenId id) {
  const auto offset = [this](const char* at) { return static_cast<std::uint32_t>(at - text_.data()); };
  const Token result{kind, id, offset(at_), offset(end)};
  at_ = end;
  return result;
}

Token Lexer::invalid(const char* begin, const char* end, std::string message) {
  problem_ = {std::move(message), static_cast<std::uint32_t>(begin - text_.data()),
              static_cast<std::uint32_t>(end - begin)};
  const Token result = token(TokenKind::invalid, end);
  at_ = end_;
  return result;
}

std::string iri_value(std::string_view token) {
  return unescape(token.substr(1, token.size() - 2));
}

std::string string_value(std::string_view token) {
  const std::size_t quotes = token.size() >= 6 && (token.starts_with(R"(""")") || token.starts_with("'''")) ? 3 : 1;
  return unescape(token.substr(quotes, token.size() - 2 * quotes));
}

std::string local_value(std::string_view local) {
  std::string value;
  value.reserve(local.size());
  for (std::size_t i = 0; i < local.size(); ++i) {
    if (local[i] == '\\') ++i;
    value.push_back(local[i]);
  }
  return value;
}

}  // namespace akyn::sparql

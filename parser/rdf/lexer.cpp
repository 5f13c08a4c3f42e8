#include "parser/rdf/lexer.h"

#include <algorithm>
#include <cstddef>

#include "parser/rdf/language_tag.h"
#include "parser/rdf/scan.h"

namespace akyn::rdf {
namespace {

constexpr std::string_view kLocalEscapes = "_~.-!$&'()*+,;=/?#@%";

std::string_view view(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string code_point_name(char32_t c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string name;
  for (std::uint32_t rest = c; rest != 0 || name.size() < 4; rest /= 16) name.insert(name.begin(), kDigits[rest % 16]);
  return "U+" + name;
}

std::string character_name(char c) {
  const auto code = static_cast<unsigned char>(c);
  if (c == ' ') return "a space";
  if (c == '\n' || c == '\r') return "a line break";
  if (code < 0x20 || code == 0x7F) return "the control character " + code_point_name(code);
  return std::string("'") + c + "'";
}

}  // namespace

void Lexer::start() {
  at_ = input_.begin();
  static_cast<void>(accept("\xEF\xBB\xBF"));  // a byte order mark is the encoding's signature, not text
}

void Lexer::look_ahead() {
  while (input_.end() - at_ < kLookahead && extend()) {
  }
}

Decoded Lexer::decode(const char* at) {
  const Decoded decoded = decode_utf8(at, input_.end());
  if (decoded.length != 0) return decoded;
  if (input_.end() - at < 4 && extend()) return {};
  fail_at(at, 1, "this is not valid UTF-8");
}

void Lexer::skip_space_slowly(Space space) {
  const auto is_line_end = [](char c) { return c == '\n' || c == '\r'; };
  bool in_comment = false;
  for (;;) {
    if (at_ == input_.end()) {
      if (!extend()) return;
    } else if (is_line_end(*at_)) {
      in_comment = false;
      if (space == kWithinLine) return;
      ++at_;
    } else if (in_comment) {
      at_ += is_ascii(*at_) ? 1 : decode(at_).length;
    } else if (is(*at_, kWhite)) {
      ++at_;
    } else if (*at_ == '#') {
      in_comment = true;
    } else {
      return;
    }
  }
}

bool Lexer::escape(const char*& at, std::string& out, bool with_letters) {
  const std::ptrdiff_t left = input_.end() - at;
  const char kind = left > 1 ? at[1] : '\0';
  const std::ptrdiff_t digits = kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  if (left < 2 + digits && extend()) return false;

  if (digits > 0) {
    char32_t c = 0;
    for (std::ptrdiff_t i = 2; i < 2 + digits; ++i) {
      const int value = i < left ? hex_value(at[i]) : -1;
      if (value < 0) {
        fail_at(at, static_cast<std::size_t>(i),
                digits == 4 ? "\\u must be followed by four hexadecimal digits"
                            : "\\U must be followed by eight hexadecimal digits");
      }
      c = (c << 4) | static_cast<char32_t>(value);
    }
    const auto length = static_cast<std::size_t>(2 + digits);
    if (c >= 0xD800 && c <= 0xDFFF) {
      fail_at(at, length,
              code_point_name(c) + " is half of a surrogate pair, not a character; write \\U and eight digits");
    }
    if (c > 0x10FFFF) fail_at(at, length, "no character has this number; the last is U+10FFFF");
    if (!with_letters && c < 0x80 && !is(static_cast<char>(c), kIriChar)) {
      fail_at(at, length, character_name(static_cast<char>(c)) + " is not allowed in an IRI, not even escaped");
    }
    append_utf8(out, c);
    at += length;
    return true;
  }

  constexpr std::string_view kLetters = "tbnrf\"'\\";
  constexpr std::string_view kMeanings = "\t\b\n\r\f\"'\\";
  const std::size_t which = left > 1 ? kLetters.find(kind) : std::string_view::npos;
  if (!with_letters) {
    fail_at(at, static_cast<std::size_t>(std::min<std::ptrdiff_t>(left, 2)), "an IRI knows no escapes but \\u and \\U");
  }
  if (which == std::string_view::npos) {
    fail_at(at, static_cast<std::size_t>(std::min<std::ptrdiff_t>(left, 2)),
            "unknown escape; there are \\t \\b \\n \\r \\f \\\" \\' \\\\ \\uXXXX and \\UXXXXXXXX");
  }
  out += kMeanings[which];
  at += 2;
  return true;
}

std::string_view Lexer::iri_reference(std::string& storage) {
  const char* at = at_ + 1;
  const char* copied = at;  // what lies between here and `at` is not in storage yet
  bool stored = false;
  const auto restart = [&] {
    copied = at = at_ + 1;
    stored = false;
  };
  for (;;) {
    at = skip_iri_text(at, input_.end());
    if (at == input_.end()) {
      if (!extend()) fail_at(at_, view(at_, at).size(), "this IRI has no closing '>'");
      restart();
    } else if (*at == '>') {
      if (stored) storage.append(copied, at);
      const std::string_view iri = stored ? std::string_view(storage) : view(copied, at);
      at_ = at + 1;
      return iri;
    } else if (!is_ascii(*at)) {
      const Decoded c = decode(at);
      at += c.length;
      if (c.length == 0) restart();
    } else if (*at == '\\') {
      if (!stored) storage.clear();
      stored = true;
      storage.append(copied, at);
      if (escape(at, storage, false)) {
        copied = at;
      } else {
        restart();
      }
    } else {
      fail_at(at, 1,
              character_name(*at) + " is not allowed in an IRI" +
                  (is(*at, kWhite) || *at == '<' ? "; is a '>' missing before it?" : ""));
    }
  }
}

std::string_view Lexer::quoted(std::string& storage, char quote, bool is_long) {
  const std::size_t width = is_long ? 3 : 1;
  const char* at = at_ + width;
  const char* copied = at;
  bool stored = false;
  const auto restart = [&] {
    copied = at = at_ + width;
    stored = false;
  };
  const auto unterminated = [&] {
    fail_at(at_, view(at_, at).size(), "this string has no closing " + std::string(width, quote));
  };
  for (;;) {
    at = skip_string_text(at, input_.end(), quote);
    if (at == input_.end()) {
      if (!extend()) unterminated();
      restart();
    } else if (*at == quote) {
      if (is_long) {
        if (input_.end() - at < 3 && extend()) {
          restart();
          continue;
        }
        if (input_.end() - at < 3 || at[1] != quote || at[2] != quote) {
          ++at;
          continue;
        }
      }
      if (stored) storage.append(copied, at);
      const std::string_view text = stored ? std::string_view(storage) : view(copied, at);
      at_ = at + width;
      return text;
    } else if (!is_ascii(*at)) {
      const Decoded c = decode(at);
      at += c.length;
      if (c.length == 0) restart();
    } else if (*at == '\\') {
      if (!stored) storage.clear();
      stored = true;
      storage.append(copied, at);
      if (escape(at, storage, true)) {
        copied = at;
      } else {
        restart();
      }
    } else if (is_long) {
      ++at;
    } else {
      unterminated();
    }
  }
}

std::string_view Lexer::short_string(std::string& storage) {
  return quoted(storage, *at_, false);
}

std::string_view Lexer::any_string(std::string& storage) {
  const char quote = peek();
  return quoted(storage, quote, looking_at(quote == '"' ? "\"\"\"" : "'''"));
}

std::string_view Lexer::blank_label() {
  for (;;) {
    if (input_.end() - at_ < 3) look_ahead();
    if (input_.end() - at_ < 2 || at_[1] != ':') expected("a blank node '_:' and its label");
    const char* at = at_ + 2;
    const char* last = at;  // behind the last character that may end the label
    bool moved = false;
    for (;;) {
      at = skip(at, input_.end(), kNameChar);
      if (at != at_ + 2 && at[-1] != '.') last = at;
      if (at == input_.end()) {
        moved = extend();
        break;
      }
      if (*at == '.') {
        ++at;
        continue;
      }
      if (is_ascii(*at)) break;
      const Decoded c = decode(at);
      moved = c.length == 0;
      if (moved || !is_name_char(c.code_point)) break;
      at += c.length;
      last = at;
    }
    if (moved) continue;

    const std::string_view label = view(at_ + 2, last);
    const bool starts_well =
        !label.empty() && label.front() != '-' && label.front() != '.' &&
        (is_ascii(label.front()) || is_name_start(decode_utf8(label.data(), label.data() + label.size()).code_point));
    if (!starts_well) {
      fail_at(at_, 2 + label.size(), "a blank node's label starts with a letter, a digit or '_'");
    }
    at_ = last;
    return label;
  }
}

bool Lexer::prefixed_name(PrefixedName& name, std::string& storage) {
  for (;;) {
    if (input_.end() - at_ < kLookahead) look_ahead();
    const char* at = at_;
    bool moved = false;
    for (;;) {  // PN_PREFIX
      at = skip(at, input_.end(), kNameChar);
      if (at == input_.end()) {
        moved = extend();
        break;
      }
      if (*at == '.') {
        ++at;
        continue;
      }
      if (is_ascii(*at)) break;
      const Decoded c = decode(at);
      moved = c.length == 0;
      if (moved || !is_name_char(c.code_point)) break;
      at += c.length;
    }
    if (moved) continue;
    if (at == input_.end() || *at != ':') return false;
    if (at != at_) {
      const bool starts_well = is_ascii(*at_) ? is(*at_, kNameStart) : is_name_start(decode_utf8(at_, at).code_point);
      if (!starts_well || at[-1] == '.') return false;
    }
    name.prefix = view(at_, at);

    const char* start = at + 1;
    const char* last = start;
    bool stored = false;
    if (!local_name_rest(last, start, storage, stored)) continue;
    name.prefix = view(at_, at);
    name.local = stored ? std::string_view(storage) : view(start, last);
    at_ = last;
    return true;
  }
}

// PN_LOCAL, which may be empty, from `start`; leaves its end in `last`. False when the window was moved.
bool Lexer::local_name_rest(const char*& last, const char* start, std::string& storage, bool& stored) {
  const char* at = start;
  const char* copied = start;
  const auto store = [&](const char* until) {
    if (!stored) storage.clear();
    stored = true;
    storage.append(copied, until);
  };
  if (at != input_.end() && *at != '-') {
    for (;;) {
      const char* run = at;
      at = skip(at, input_.end(), kLocalChar);
      if (at != run) last = at;
      if (at == input_.end()) {
        if (extend()) return false;
        break;
      }
      if (*at == '.') {
        if (at == start) break;
        ++at;
      } else if (*at == '%') {
        if (input_.end() - at < 3 && extend()) return false;
        if (input_.end() - at < 3 || hex_value(at[1]) < 0 || hex_value(at[2]) < 0) {
          fail_at(at, 1, "'%' in a name must be followed by two hexadecimal digits");
        }
        last = at += 3;
      } else if (*at == '\\') {
        if (input_.end() - at < 2 && extend()) return false;
        if (input_.end() - at < 2 || kLocalEscapes.find(at[1]) == std::string_view::npos) {
          fail_at(at, 1, "in a name only these characters are escaped: " + std::string(kLocalEscapes));
        }
        store(at);
        storage += at[1];
        copied = last = at += 2;
      } else if (!is_ascii(*at)) {
        const Decoded c = decode(at);
        if (c.length == 0) return false;
        if (!(at == start ? is_name_start(c.code_point) : is_name_char(c.code_point))) break;
        last = at += c.length;
      } else {
        break;
      }
    }
  } else if (at == input_.end() && extend()) {
    return false;
  }
  if (stored) store(last);
  return true;
}

std::string_view Lexer::word() {
  for (;;) {
    const char* end = skip(at_, input_.end(), kNameStart);
    if (end != input_.end() || !extend()) return view(at_, end);
  }
}

bool Lexer::is_word(std::string_view wanted, bool ignoring_case) {
  const char first = peek();
  if (first != wanted.front() && !(ignoring_case && ascii_lower(first) == ascii_lower(wanted.front()))) return false;
  const std::string_view found = word();
  if (found.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i] != wanted[i] && !(ignoring_case && ascii_lower(found[i]) == ascii_lower(wanted[i]))) return false;
  }
  const char* end = at_ + found.size();
  return end == input_.end() || (is_ascii(*end) && !is(*end, kLocalChar));
}

std::string_view Lexer::number(NumberKind& kind) {
  for (;;) {
    const char* const end = input_.end();
    const auto digit_at = [end](const char* p) { return p < end && is(*p, kDigit); };
    const char* at = at_;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    const char* whole = at;
    at = skip(at, end, kDigit);
    const bool has_whole = at != whole;
    kind = NumberKind::integer;
    const char* stop = at;
    if (at != end && *at == '.') {
      const char* fraction = skip(at + 1, end, kDigit);
      if (fraction != at + 1) {
        kind = NumberKind::decimal;
        stop = at = fraction;
      } else if (has_whole) {
        at = fraction;  // "1." is a number only if an exponent follows
      }
    }
    if ((has_whole || kind == NumberKind::decimal) && at != end && (*at == 'e' || *at == 'E')) {
      const char* exponent = at + 1;
      if (exponent != end && (*exponent == '+' || *exponent == '-')) ++exponent;
      if (digit_at(exponent)) {
        kind = NumberKind::double_;
        stop = at = skip(exponent, end, kDigit);
      }
    }
    if (end - at < 3 && extend()) continue;
    if (!has_whole && kind == NumberKind::integer) expected("a number");
    const std::string_view text = view(at_, stop);
    at_ = stop;
    return text;
  }
}

void Lexer::language(std::string_view& tag, Direction& direction) {
  for (;;) {
    const char* const end = input_.end();
    const char* at = skip(at_ + 1, end, kNameStart);
    if (at != at_ + 1) {
      while (end - at >= 2 && *at == '-' && is(at[1], kNameStart | kDigit)) at = skip(at + 1, end, kNameStart | kDigit);
    }
    const char* tag_end = at;
    const bool directed = end - at >= 2 && at[0] == '-' && at[1] == '-';
    if (directed) at = skip(at + 2, end, kNameStart);
    if (end - at < 2 && extend()) continue;

    tag = view(at_ + 1, tag_end);
    if (tag.empty()) fail_at(at_, 1, "expected a language tag after '@'");
    if (tag.size() > 3 && !is_well_formed_language_tag(tag)) {
      fail_at(at_ + 1, tag.size(), "'" + std::string(tag) + "' is not a well-formed language tag (BCP 47)");
    }
    if (tag.size() == 1) fail_at(at_ + 1, 1, "'" + std::string(tag) + "' is not a well-formed language tag (BCP 47)");
    direction = Direction::none;
    if (directed) {
      const std::string_view name = view(tag_end + 2, at);
      if (name == "ltr") {
        direction = Direction::ltr;
      } else if (name == "rtl") {
        direction = Direction::rtl;
      } else {
        fail_at(tag_end, 2 + name.size(), "a base direction is 'ltr' or 'rtl', in small letters");
      }
    }
    at_ = at;
    return;
  }
}

void Lexer::expected(std::string_view what) {
  constexpr std::size_t kLongest = 40;
  constexpr std::string_view kDelimiters = ",;()[]{}\"'";
  std::string found;
  std::size_t length = 1;
  while (input_.end() - at_ < static_cast<std::ptrdiff_t>(kLongest) && extend()) {
  }
  if (at_end()) {
    found = "the end of the text";
  } else if (*at_ == '\n' || *at_ == '\r') {
    found = "the end of the line";
  } else if (static_cast<unsigned char>(*at_) < 0x20 || *at_ == 0x7F) {
    found = character_name(*at_);
  } else {
    const char* end = at_;
    while (end != input_.end() && view(at_, end).size() < kLongest && !is(*end, kWhite) &&
           (end == at_ || kDelimiters.find(*end) == std::string_view::npos)) {
      if (is_ascii(*end)) {
        ++end;
      } else {
        const Decoded c = decode_utf8(end, input_.end());
        if (c.length == 0) break;
        end += c.length;
      }
    }
    if (end == at_) fail_at(at_, 1, "this is not valid UTF-8");
    length = view(at_, end).size();
    found = "'" + std::string(at_, end) + "'";
  }
  fail_at(at_, length, "expected " + std::string(what) + ", found " + found);
}

void Lexer::fail(std::uint64_t offset, std::size_t length, std::string message, ErrorCode code) {
  const std::uint64_t here = this->offset();
  SourceLocation place = input_.location(offset, length);
  at_ = input_.at(here);
  throw Error(code, std::move(message), std::move(place));
}

void Lexer::fail_at(const char* at, std::size_t length, std::string message) {
  fail(input_.offset(at), length, std::move(message));
}

}  // namespace akyn::rdf

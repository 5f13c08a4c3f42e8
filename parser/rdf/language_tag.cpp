#include "parser/rdf/language_tag.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "parser/rdf/chars.h"

namespace akyn::rdf {
namespace {

// RFC 5646's "irregular" tags: valid, though the grammar does not produce them.
constexpr std::array<std::string_view, 17> kIrregular = {
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak",     "i-klingon", "i-lux",    "i-mingo",
    "i-navajo",  "i-pwn", "i-tao", "i-tay",     "i-tsu",      "sgn-be-fr", "sgn-be-nl", "sgn-ch-de"};

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return ascii_lower(a) == b; });
}

bool is_alphabetic(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return is(c, kNameStart); });
}

bool is_alphanumeric(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return is(c, kNameStart | kDigit); });
}

bool is_numeric(std::string_view part) {
  return std::all_of(part.begin(), part.end(), [](char c) { return is(c, kDigit); });
}

// The subtags one after the other.
class Subtags {
 public:
  explicit Subtags(std::string_view tag) : rest_(tag) { next(); }

  [[nodiscard]] bool at_end() const { return done_; }
  [[nodiscard]] std::string_view current() const { return current_; }
  void next() {
    done_ = exhausted_;
    const std::size_t hyphen = rest_.find('-');
    current_ = rest_.substr(0, hyphen);
    exhausted_ = hyphen == std::string_view::npos;
    rest_ = exhausted_ ? std::string_view{} : rest_.substr(hyphen + 1);
  }

  [[nodiscard]] bool has_letters(std::size_t least, std::size_t most) const {
    return !done_ && current_.size() >= least && current_.size() <= most && is_alphabetic(current_);
  }
  [[nodiscard]] bool has_alphanumerics(std::size_t least, std::size_t most) const {
    return !done_ && current_.size() >= least && current_.size() <= most && is_alphanumeric(current_);
  }

 private:
  std::string_view rest_;
  std::string_view current_;
  bool exhausted_ = false;
  bool done_ = false;
};

bool is_private_use(Subtags& tags) {
  if (tags.at_end() || !equal_ignoring_case(tags.current(), "x")) return false;
  tags.next();
  if (!tags.has_alphanumerics(1, 8)) return false;
  while (tags.has_alphanumerics(1, 8)) tags.next();
  return tags.at_end();
}

}  // namespace

bool is_well_formed_language_tag(std::string_view tag) {
  Subtags tags(tag);
  if (tags.has_letters(1, 1) && is_private_use(tags)) return true;
  if (tags.has_letters(2, 3)) {
    tags.next();
    for (int extended = 0; extended < 3 && tags.has_letters(3, 3); ++extended) tags.next();
  } else if (tags.has_letters(4, 8)) {
    tags.next();
  } else {
    return std::any_of(kIrregular.begin(), kIrregular.end(),
                       [tag](std::string_view known) { return equal_ignoring_case(tag, known); });
  }

  if (tags.has_letters(4, 4)) tags.next();                                                                  // script
  if (tags.has_letters(2, 2) || (tags.has_alphanumerics(3, 3) && is_numeric(tags.current()))) tags.next();  // region
  while (tags.has_alphanumerics(5, 8) || (tags.has_alphanumerics(4, 4) && is(tags.current().front(), kDigit))) {
    tags.next();  // variants
  }
  while (tags.has_alphanumerics(1, 1) && ascii_lower(tags.current().front()) != 'x') {  // extensions
    tags.next();
    if (!tags.has_alphanumerics(2, 8)) return false;
    while (tags.has_alphanumerics(2, 8)) tags.next();
  }
  if (tags.at_end() || is_private_use(tags)) return true;
  return std::any_of(kIrregular.begin(), kIrregular.end(),
                     [tag](std::string_view known) { return equal_ignoring_case(tag, known); });
}

}  // namespace akyn::rdf

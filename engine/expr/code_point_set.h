// Sets of Unicode code points: what a character class of a regular expression stands for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace akyn::expr {

class CodePointSet {
 public:
  static constexpr char32_t kLast = 0x10FFFF;

  CodePointSet() = default;
  CodePointSet(char32_t first, char32_t last) { add(first, last); }

  // A general category or group of them ("Lu", "L"), or a block ("IsBasicLatin"); nothing when there is
  // no such property.
  [[nodiscard]] static std::optional<CodePointSet> property(std::string_view name);
  // The classes behind \s, \i, \c, \d, \w (XML Schema 1.1 Part 2, G.4.2.5), by the letter.
  [[nodiscard]] static CodePointSet escape(char letter);

  void add(char32_t first, char32_t last) { ranges_.emplace_back(first, last); }
  // ... and every code point with the same upper or lower case as one of them.
  void add_ignoring_case(char32_t first, char32_t last);
  void add(const CodePointSet& other);
  [[nodiscard]] CodePointSet complement() const;
  [[nodiscard]] CodePointSet without(const CodePointSet& other) const;

  // A bracket expression of RE2: [\x{61}-\x{7A}]; one that matches nothing for the empty set.
  [[nodiscard]] std::string to_re2() const;

 private:
  using Range = std::pair<char32_t, char32_t>;  // both ends included
  [[nodiscard]] std::vector<Range> sorted() const;

  std::vector<Range> ranges_;  // in any order, may overlap
};

}  // namespace akyn::expr

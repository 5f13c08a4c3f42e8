// Regular expressions of XPath (F&O 3.1 section 5.6), run by RE2: in time linear in the text, in
// bounded memory.
//
// The syntax is XML Schema's with XPath's additions (anchors, reluctant quantifiers, groups that do not
// capture); back-references are refused, as RE2 cannot run them. Beyond XPath, \b and \B (word
// boundaries, ASCII) are taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/expr/room.h"

namespace re2 {
class RE2;
}

namespace akyn::expr {

// Immutable; different threads may use one object.
class Regex {
 public:
  // A program for patterns larger than this is refused.
  static constexpr std::int64_t kMaxMemory = std::int64_t{8} << 20;

  // Null when the pattern is not valid, or a flag is none of s, m, i, x, q.
  [[nodiscard]] static std::shared_ptr<const Regex> compile(std::string_view pattern, std::string_view flags);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  // Whether a part of the text matches.
  [[nodiscard]] bool matches(std::string_view text) const;

  // fn:replace: every match, from left to right, with $0 - $9 (and $10 ... while there are as many
  // groups) for what was captured and \$ and \\ for those characters; under flag q the replacement is
  // taken as it is. Nothing when the pattern matches the empty string or the replacement is not valid.
  // Throws what `check_room` throws, asked before the result grows.
  [[nodiscard]] std::optional<std::string> replace(std::string_view text, std::string_view replacement,
                                                   const RoomCheck& check_room) const;

 private:
  Regex(std::unique_ptr<re2::RE2> program, bool literal);

  std::unique_ptr<re2::RE2> program_;
  bool literal_;
};

}  // namespace akyn::expr

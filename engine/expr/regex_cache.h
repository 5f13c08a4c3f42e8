// Compiled regular expressions, kept while a query runs.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace akyn::expr {

class Regex;

// The most recently used patterns, a bounded number of them. Not thread-safe.
class RegexCache {
 public:
  static constexpr std::size_t kCapacity = 64;

  RegexCache();
  ~RegexCache();
  RegexCache(RegexCache&&) noexcept;
  RegexCache& operator=(RegexCache&&) noexcept;

  // The compiled pattern; null when pattern or flags are not valid. The pointer stays valid while the
  // caller holds it.
  [[nodiscard]] std::shared_ptr<const Regex> get(std::string_view pattern, std::string_view flags);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const Regex> regex;
  };
  std::list<Entry> entries_;                                                // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;  // keys point into entries_
};

}  // namespace akyn::expr

// Names of RocksDB's files.
#pragma once

#include <cstddef>
#include <string_view>

namespace akyn::storage {

// The name that `path` has in `directory`; empty for what is elsewhere, or in a directory below it. RocksDB writes some
// paths with two slashes.
[[nodiscard]] inline std::string_view name_in(std::string_view directory, std::string_view path) noexcept {
  while (directory.ends_with('/')) directory.remove_suffix(1);
  if (!path.starts_with(directory)) return {};
  path.remove_prefix(directory.size());
  const std::size_t slashes = path.find_first_not_of('/');
  if (slashes == 0 || slashes == std::string_view::npos) return {};
  path.remove_prefix(slashes);
  return path.find('/') == std::string_view::npos ? path : std::string_view();
}

[[nodiscard]] inline bool is_log(std::string_view name) noexcept {
  constexpr std::string_view kEnd = ".log";
  return name.size() > kEnd.size() && name.ends_with(kEnd) &&
         name.find_first_not_of("0123456789") == name.size() - kEnd.size();
}

}  // namespace akyn::storage

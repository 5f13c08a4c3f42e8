// "Did you mean": the known word nearest to a misspelt one.
#pragma once

#include <span>
#include <string_view>

namespace akyn::shell {

// Empty when none is near enough: at most one slip for every three letters, and one more.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace akyn::shell

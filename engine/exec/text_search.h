// Looking through many short texts for one.
#pragma once

#include <string_view>

namespace akyn::exec {

[[nodiscard]] bool is_ascii(std::string_view text) noexcept;
// Whether `part` occurs in `text`: in time linear in the text, for parts of any length.
[[nodiscard]] bool contains_text(std::string_view text, std::string_view part) noexcept;

}  // namespace akyn::exec

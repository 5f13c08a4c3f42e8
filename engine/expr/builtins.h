// The groups the table of functions is made of, and what they share.
#pragma once

#include <span>

#include "engine/expr/functions.h"
#include "engine/expr/value.h"

namespace akyn::expr {

using Arguments = std::span<const Value>;

// Each is a constant table.
[[nodiscard]] std::span<const Function> term_functions() noexcept;     // 17.4.2, 17.4.6, triple terms
[[nodiscard]] std::span<const Function> string_functions() noexcept;   // 17.4.3
[[nodiscard]] std::span<const Function> numeric_functions() noexcept;  // 17.4.4
[[nodiscard]] std::span<const Function> time_functions() noexcept;     // 17.4.5
[[nodiscard]] std::span<const Function> hash_functions() noexcept;     // 17.4.6
[[nodiscard]] std::span<const Function> cast_functions() noexcept;     // 17.5; named by IRI
[[nodiscard]] std::span<const Function> path_functions() noexcept;     // docs/paths.md; named by IRI

// A string with the language and direction of `like`, itself a string literal.
[[nodiscard]] Value string_like(const Value& like, std::string text);

}  // namespace akyn::expr

// What expressions compute with: a term together with its parsed value.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <akyn/term.h>

namespace akyn::expr {

class Value;
// No value: an expression error (SPARQL 1.1 Query 17.2) or an unbound variable.
using Result = std::optional<Value>;

// Immutable, cheap to copy. Thread-safe to read.
// A value that came from a term keeps that term's exact lexical form until something is computed from it.
class Value {
 public:
  [[nodiscard]] static Value of(const Term& term);
  [[nodiscard]] static Value of(const TermView& term);
  // ... and makers for computed values (boolean, integer, decimal, double, string, ...), see below.
  [[nodiscard]] Term term() const;
};

}  // namespace akyn::expr

// Variables of a query as small integers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace akyn::algebra {

// Index into a VariableTable. One slot per name and text: a name that a sub-SELECT does not project
// keeps its slot there, and Project alone keeps the two apart.
using Slot = std::uint32_t;

// The variables of one query or update operation. A plain value.
class VariableTable {
 public:
  // The slot of a variable the user wrote; made when new. The name carries no sigil.
  [[nodiscard]] Slot variable(std::string_view name);
  // The slot of a blank node in a pattern: a variable that no clause can name (18.2.1).
  [[nodiscard]] Slot blank_node(std::string_view label);
  // A slot of the translation's own: steps of paths, aggregates.
  [[nodiscard]] Slot fresh(std::string_view purpose);

  [[nodiscard]] std::optional<Slot> find(std::string_view name) const;
  // A variable's name; "_:label" for a blank node; ".purpose.7" for a fresh slot.
  [[nodiscard]] const std::string& name(Slot slot) const { return names_[slot]; }
  // Written by the user as a variable, so that SELECT * may list it.
  [[nodiscard]] bool is_named(Slot slot) const;
  [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

 private:
  [[nodiscard]] Slot intern(std::string name);

  std::vector<std::string> names_;
  std::unordered_map<std::string, Slot> slots_;
};

}  // namespace akyn::algebra

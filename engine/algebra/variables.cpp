#include "engine/algebra/variables.h"

#include <utility>

namespace akyn::algebra {

Slot VariableTable::intern(std::string name) {
  const auto [place, is_new] = slots_.try_emplace(std::move(name), static_cast<Slot>(names_.size()));
  if (is_new) names_.push_back(place->first);
  return place->second;
}

Slot VariableTable::variable(std::string_view name) {
  return intern(std::string(name));
}

Slot VariableTable::blank_node(std::string_view label) {
  return intern("_:" + std::string(label));
}

Slot VariableTable::fresh(std::string_view purpose) {
  return intern("." + std::string(purpose) + "." + std::to_string(names_.size()));
}

std::optional<Slot> VariableTable::find(std::string_view name) const {
  const auto place = slots_.find(std::string(name));
  if (place == slots_.end()) return std::nullopt;
  return place->second;
}

bool VariableTable::is_named(Slot slot) const {
  const std::string_view name = names_[slot];
  return !name.starts_with('.') && !name.starts_with("_:");
}

}  // namespace akyn::algebra

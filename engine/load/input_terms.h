// Blank nodes of an input as new nodes of the store.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <akyn/term.h>
#include "engine/storage/database.h"

namespace akyn::load {

// Turns the terms of one input into Ids. The first time a blank-node label is seen it gets a new node,
// whatever nodes the store has, and keeps it as long as this object lives. One thread at a time; must
// not outlive `writer`.
class InputTerms {
 public:
  explicit InputTerms(storage::Writer& writer) : writer_(writer) {}

  // Precondition: not "no term".
  [[nodiscard]] Id intern(const TermView& term);

 private:
  struct Node {
    Id id;
    std::string label;  // the store's; empty until a triple term needs it
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  Node& node(std::string_view label);
  std::string_view stored_label(Node& node);

  storage::Writer& writer_;
  std::unordered_map<std::string, Node, Hash, std::equal_to<>> nodes_;
};

}  // namespace akyn::load

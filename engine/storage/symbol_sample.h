// Collects what the symbols of a dictionary run are trained on.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/string_codec.h"

namespace akyn::storage {

// A sample that is drawn evenly from sorted terms, a few neighbours at a time: what a term shares with its neighbour is
// not stored and must not be trained on. One thread at a time.
class SymbolSample {
 public:
  static constexpr std::size_t kBytes = std::size_t{4} << 20U;  // enough for a good table
  static constexpr std::size_t kNeighbours = 16;
  static constexpr std::size_t kPlaces = 4096;

  // The next neighbours come from elsewhere.
  void start_place() noexcept { previous_.clear(); }
  // The next body, in sorted order within its place.
  void add(std::string_view body);

  // Takes what another sample has collected.
  void join(SymbolSample other);

  // The table, of kBytes of what was collected, in an order that is random and always the same: trained on sorted
  // strings, it would fit the first ones best.
  [[nodiscard]] std::shared_ptr<const SymbolTable> train();

 private:
  std::vector<std::string> texts_;
  std::string previous_;
};

}  // namespace akyn::storage

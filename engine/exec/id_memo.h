// Results by Ids, for as long as remembering them pays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/exec/run.h"

namespace akyn::exec {

// A hash table from a few Ids, always as many, to a word. Bounded; gives up, and its memory back, when hardly anything
// comes twice. Memory is charged to the budget, which must outlive it. One thread at a time.
class IdMemo {
 public:
  // No result.
  static constexpr std::uint64_t kAbsent = 8;

  IdMemo(std::size_t width, Budget& budget) : width_(width), charge_(budget) {}

  // The place of the result for a key, which is kAbsent when the key is new; null when it is not worth it any more.
  // Valid until the next call.
  [[nodiscard]] std::uint64_t* find(const std::uint64_t* key);

  // Sets the result for a key that find() has been asked for, if it is still there.
  void set(const std::uint64_t* key, std::uint64_t result);

  [[nodiscard]] bool has_given_up() const noexcept { return given_up_; }

 private:
  static constexpr std::size_t kMostEntries = std::size_t{1} << 20;
  static constexpr std::size_t kFirstSlots = 1024;
  // After so many look-ups, one in kLeastShare must have been a hit.
  static constexpr std::uint64_t kTrial = 32768;
  static constexpr std::uint64_t kLeastShare = 16;

  [[nodiscard]] std::size_t slot_of(const std::uint64_t* key) const noexcept;
  void resize(std::size_t slots);
  void give_up();

  std::size_t width_;
  Charge charge_;
  std::vector<std::uint64_t> slots_;  // key and result, one after the other; a slot with kAbsent is empty
  std::size_t mask_ = 0;              // slots less one
  std::size_t entries_ = 0;
  std::uint64_t lookups_ = 0;
  std::uint64_t hits_ = 0;
  bool given_up_ = false;
};

}  // namespace akyn::exec

// Sets of variables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "engine/algebra/variables.h"

namespace akyn::plan {

using algebra::Slot;

// A value. Slots are small numbers, so it is a bit for each; those of most queries need no memory of their own, for the
// planner makes a great many sets.
class SlotSet {
 public:
  SlotSet() = default;
  SlotSet(std::initializer_list<Slot> slots) { add(slots); }
  explicit SlotSet(const std::vector<Slot>& slots) { add(slots); }

  void add(Slot slot) {
    const std::size_t place = slot / 64;
    if (place >= kFirst && more_.size() <= place - kFirst) more_.resize(place - kFirst + 1);
    (place < kFirst ? first_[place] : more_[place - kFirst]) |= bit(slot);
  }
  template <class Slots>
  void add(const Slots& slots) {
    for (const Slot slot : slots) add(slot);
  }
  void add(const SlotSet& other) {
    if (more_.size() < other.more_.size()) more_.resize(other.more_.size());
    for (std::size_t i = 0; i < kFirst; ++i) first_[i] |= other.first_[i];
    for (std::size_t i = 0; i < other.more_.size(); ++i) more_[i] |= other.more_[i];
  }
  void remove(Slot slot) noexcept {
    const std::size_t place = slot / 64;
    if (place < words()) (place < kFirst ? first_[place] : more_[place - kFirst]) &= ~bit(slot);
  }

  [[nodiscard]] bool has(Slot slot) const noexcept { return (word(slot / 64) & bit(slot)) != 0; }
  [[nodiscard]] bool empty() const noexcept {
    for (std::size_t i = 0; i < words(); ++i) {
      if (word(i) != 0) return false;
    }
    return true;
  }
  // Whether all of it is in the other one.
  [[nodiscard]] bool within(const SlotSet& other) const noexcept {
    for (std::size_t i = 0; i < words(); ++i) {
      if ((word(i) & ~other.word(i)) != 0) return false;
    }
    return true;
  }
  [[nodiscard]] bool meets(const SlotSet& other) const noexcept {
    for (std::size_t i = 0; i < words(); ++i) {
      if ((word(i) & other.word(i)) != 0) return true;
    }
    return false;
  }
  // Ascending.
  [[nodiscard]] std::vector<Slot> slots() const {
    std::vector<Slot> result;
    for (std::size_t i = 0; i < words(); ++i) {
      for (std::uint64_t bits = word(i); bits != 0; bits &= bits - 1) {
        result.push_back(static_cast<Slot>(i * 64 + static_cast<std::size_t>(__builtin_ctzll(bits))));
      }
    }
    return result;
  }

 private:
  static constexpr std::size_t kFirst = 2;

  [[nodiscard]] static constexpr std::uint64_t bit(Slot slot) noexcept { return std::uint64_t{1} << (slot % 64); }
  [[nodiscard]] std::size_t words() const noexcept { return kFirst + more_.size(); }
  // 0 beyond the last.
  [[nodiscard]] std::uint64_t word(std::size_t i) const noexcept {
    if (i < kFirst) return first_[i];
    return i < words() ? more_[i - kFirst] : 0;
  }

  std::array<std::uint64_t, kFirst> first_{};
  std::vector<std::uint64_t> more_;
};

}  // namespace akyn::plan

// Sets of variables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "engine/algebra/variables.h"

namespace akyn::plan {

using algebra::Slot;

// A value. Slots are small numbers, so it is a bit for each.
class SlotSet {
 public:
  SlotSet() = default;
  SlotSet(std::initializer_list<Slot> slots) { add(slots); }
  explicit SlotSet(const std::vector<Slot>& slots) { add(slots); }

  void add(Slot slot) {
    const std::size_t word = slot / 64;
    if (words_.size() <= word) words_.resize(word + 1);
    words_[word] |= std::uint64_t{1} << (slot % 64);
  }
  template <class Slots>
  void add(const Slots& slots) {
    for (const Slot slot : slots) add(slot);
  }
  void add(const SlotSet& other) {
    if (words_.size() < other.words_.size()) words_.resize(other.words_.size());
    for (std::size_t i = 0; i < other.words_.size(); ++i) words_[i] |= other.words_[i];
  }
  void remove(Slot slot) noexcept {
    if (slot / 64 < words_.size()) words_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  }

  [[nodiscard]] bool has(Slot slot) const noexcept {
    return slot / 64 < words_.size() && (words_[slot / 64] >> (slot % 64) & 1U) != 0;
  }
  [[nodiscard]] bool empty() const noexcept {
    for (const std::uint64_t word : words_) {
      if (word != 0) return false;
    }
    return true;
  }
  // Whether all of it is in the other one.
  [[nodiscard]] bool within(const SlotSet& other) const noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & ~(i < other.words_.size() ? other.words_[i] : 0)) != 0) return false;
    }
    return true;
  }
  [[nodiscard]] bool meets(const SlotSet& other) const noexcept {
    for (std::size_t i = 0; i < words_.size() && i < other.words_.size(); ++i) {
      if ((words_[i] & other.words_[i]) != 0) return true;
    }
    return false;
  }
  // Ascending.
  [[nodiscard]] std::vector<Slot> slots() const {
    std::vector<Slot> result;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      for (std::uint64_t word = words_[i]; word != 0; word &= word - 1) {
        result.push_back(static_cast<Slot>(i * 64 + static_cast<std::size_t>(__builtin_ctzll(word))));
      }
    }
    return result;
  }

 private:
  std::vector<std::uint64_t> words_;
};

}  // namespace akyn::plan

// New numbers for the terms of a dictionary.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/storage/dictionary.h"
#include "engine/term/id.h"

namespace akyn::storage {

// First collects which terms are in use, then holds the new number of each: 8 bytes a number in use, and few for
// stretches of numbers that are not. Terms with numbers below the first one to be changed are all in use, and keep
// them. Thread-safe while nothing is marked or set.
class Renumbering {
 public:
  // For the numbers of `from` from `first` on, which are below its next_number().
  explicit Renumbering(const Dictionary& from, std::uint64_t first = 1)
      : first_(first),
        end_(from.next_number()),
        pages_(static_cast<std::size_t>((from.next_number() + kPage - 1) / kPage)) {}

  [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
  // Above all numbers that it has room for.
  [[nodiscard]] std::uint64_t end() const noexcept { return end_; }

  // The term is in use. Ids that are not of the dictionary are passed over. Throws Error(corruption) for an Id beyond
  // the dictionary's, and for one number with two types.
  void mark(Id id) {
    if (Dictionary::is_stored(id)) mark_stored(id);
  }
  [[nodiscard]] bool is_marked(std::uint64_t number) const noexcept { return keeps(number) || value(number) != 0; }
  // Whether a term of this type and number has been marked and has no new number yet.
  [[nodiscard]] bool awaits_number(Id id) const noexcept { return value(id.payload()) == mark_of(id.type()); }
  // The type that a number was marked with; unbound when it was not, or has its new number already.
  [[nodiscard]] IdType marked_type(std::uint64_t number) const noexcept {
    const std::uint64_t marked = value(number);
    return (marked & kMark) != 0 ? static_cast<IdType>(marked & ~kMark) : IdType::unbound;
  }

  // For a number from first() on and below end(). 0 takes the new number, or the mark, away.
  void set(std::uint64_t number, std::uint64_t new_number) { page(number)[number % kPage] = new_number; }
  // Makes room for numbers below `end`, of a later version of the dictionary.
  void extend(std::uint64_t end);
  // The new Id; one that is not of the dictionary as it is. Unbound for terms that have no new number.
  [[nodiscard]] Id operator()(Id id) const noexcept {
    if (!Dictionary::is_stored(id) || keeps(id.payload())) return id;
    const std::uint64_t number = value(id.payload());
    return number == 0 || (number & kMark) != 0 ? Id() : Id(id.type(), number);
  }

  // The numbers of a run whose terms, triple terms aside, keep their order. Rows made of these, of those that keep
  // their numbers, of inlined Ids and of blank nodes alone need not be sorted again.
  [[nodiscard]] TermRange steady() const noexcept { return steady_; }
  [[nodiscard]] bool is_steady(Id id) const noexcept {
    return !Dictionary::is_stored(id) || keeps(id.payload()) ||
           (id.type() != IdType::triple && steady_.contains(id.payload()));
  }
  void set_steady(TermRange range) noexcept { steady_ = range; }
  // No term in use is other than steady.
  [[nodiscard]] bool all_steady() const noexcept { return all_steady_; }
  void set_all_steady(bool all) noexcept { all_steady_ = all; }

 private:
  static constexpr std::uint64_t kPage = 4096;
  static constexpr std::uint64_t kMark = std::uint64_t{1} << 63U;
  using Page = std::array<std::uint64_t, kPage>;

  // Number 0 is no term's.
  [[nodiscard]] bool keeps(std::uint64_t number) const noexcept { return number < first_ && number != 0; }
  [[nodiscard]] static constexpr std::uint64_t mark_of(IdType type) noexcept {
    return kMark | static_cast<std::uint64_t>(type);
  }
  [[nodiscard]] std::uint64_t value(std::uint64_t number) const noexcept {
    if (number >= end_) return 0;
    const Page* const page = pages_[static_cast<std::size_t>(number / kPage)].get();
    return page == nullptr ? 0 : (*page)[number % kPage];
  }
  void mark_stored(Id id);
  [[nodiscard]] Page& page(std::uint64_t number);

  std::uint64_t first_;
  std::uint64_t end_;
  // Of numbers: 0, the mark and the type, or the new number.
  std::vector<std::unique_ptr<Page>> pages_;
  TermRange steady_;
  bool all_steady_ = false;
};

}  // namespace akyn::storage

// What rows hold in place of Ids while a load sorts them.
//
//   DenseCodes   four bytes: the place of an Id among all those that the load uses. Half of what an Id takes, and few
//                digits to sort by.
//   PlainCodes   the Ids themselves, when the table of the former would be too large
//
// Both keep the order of Ids. Predicates and graphs have codes of their own: there are few of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/storage/dictionary_run_format.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Columns of a row: subject, predicate, object, graph instance.
inline constexpr std::size_t kPredicateColumn = 1;
inline constexpr std::size_t kGraphColumn = 3;

// The Ids that a load uses. Immutable once made, hence thread-safe.
class UsedIds {
 public:
  // Those of a new run, new blank nodes with numbers [first_blank, next_blank), and others, ascending and each once.
  UsedIds(const DictionaryMeta& run, std::uint64_t first_blank, std::uint64_t next_blank,
          std::vector<std::uint64_t> other);

  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  // Bytes that the table takes.
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return other_.size() * 8; }

  // The place of an Id. Precondition: it is one of them.
  [[nodiscard]] std::uint64_t place_of(std::uint64_t id) const noexcept {
    const Piece& piece = piece_of_id(id);
    if (piece.other == nullptr) return piece.first_place + (id - piece.first_id);
    const std::uint64_t* const end = piece.other + piece.count;
    return piece.first_place + static_cast<std::uint64_t>(std::lower_bound(piece.other, end, id) - piece.other);
  }
  // The Ids at these places.
  template <class Place, class Get>
  void ids_at(std::size_t count, const Get& get, std::uint64_t* out) const noexcept {
    const Piece* piece = &pieces_.front();
    for (std::size_t i = 0; i < count; ++i) {
      const Place place = get(i);
      if (place - piece->first_place >= piece->count) piece = &piece_of_place(place);
      const std::uint64_t at = place - piece->first_place;
      out[i] = piece->other == nullptr ? piece->first_id + at : piece->other[at];
    }
  }

 private:
  // Ids that follow one another, or a stretch of the others.
  struct Piece {
    std::uint64_t first_id;
    std::uint64_t first_place;
    std::uint64_t count;
    const std::uint64_t* other;
  };
  [[nodiscard]] const Piece& piece_of_id(std::uint64_t id) const noexcept {
    const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), id,
                                        [](std::uint64_t value, const Piece& p) { return value < p.first_id; });
    return *(after - 1);
  }
  [[nodiscard]] const Piece& piece_of_place(std::uint64_t place) const noexcept {
    const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), place,
                                        [](std::uint64_t value, const Piece& p) { return value < p.first_place; });
    return *(after - 1);
  }

  std::vector<std::uint64_t> other_;
  std::vector<Piece> pieces_;
  std::uint64_t size_ = 0;
};

// Predicates and graph instances of a load, ascending.
struct FewIds {
  std::vector<std::uint64_t> values;
  [[nodiscard]] std::uint64_t place_of(std::uint64_t value) const noexcept {
    return static_cast<std::uint64_t>(std::lower_bound(values.begin(), values.end(), value) - values.begin());
  }
};

class DenseCodes {
 public:
  using Value = std::uint32_t;
  static constexpr std::uint64_t kMost = 0xffff'ffff;

  DenseCodes(const UsedIds& terms, const FewIds& predicates, const FewIds& graphs)
      : terms_(terms), predicates_(predicates), graphs_(graphs) {}

  [[nodiscard]] Value of_term(std::uint64_t id) const noexcept { return static_cast<Value>(terms_.place_of(id)); }
  [[nodiscard]] Value of_predicate(std::uint64_t id) const noexcept {
    return static_cast<Value>(predicates_.place_of(id));
  }
  [[nodiscard]] Value of_graph(std::uint64_t instance) const noexcept {
    return static_cast<Value>(graphs_.place_of(instance));
  }
  // `get(i)`, for each i below count, is a code of the column.
  template <class Get>
  void decode(std::size_t column, std::size_t count, const Get& get, std::uint64_t* out) const noexcept {
    if (column == kPredicateColumn || column == kGraphColumn) {
      const std::uint64_t* const values = (column == kGraphColumn ? graphs_ : predicates_).values.data();
      for (std::size_t i = 0; i < count; ++i) out[i] = values[get(i)];
    } else {
      terms_.ids_at<Value>(count, get, out);
    }
  }

 private:
  const UsedIds& terms_;
  const FewIds& predicates_;
  const FewIds& graphs_;
};

class PlainCodes {
 public:
  using Value = std::uint64_t;

  [[nodiscard]] static Value of_term(std::uint64_t id) noexcept { return id; }
  [[nodiscard]] static Value of_predicate(std::uint64_t id) noexcept { return id; }
  [[nodiscard]] static Value of_graph(std::uint64_t instance) noexcept { return instance; }
  template <class Get>
  static void decode(std::size_t /*column*/, std::size_t count, const Get& get, std::uint64_t* out) noexcept {
    for (std::size_t i = 0; i < count; ++i) out[i] = get(i);
  }
};

}  // namespace akyn::storage

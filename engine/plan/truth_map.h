// What a condition comes to, as a function of one Id.
//
// Conditions are three-valued (SPARQL 1.1 Query 17.2), and which of the three values a condition has for a term can
// often be said for whole ranges of Ids: `?x > 5` is an error for every IRI, true for the inlined integers from 6 on,
// and so on. Where it cannot be said, the map has several of the three, and one has to look at the term.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/term/id.h"

namespace akyn::plan {

// A set of truth values: those that are possible.
using Truths = std::uint8_t;
inline constexpr Truths kFalse = 1;
inline constexpr Truths kTrue = 2;
inline constexpr Truths kError = 4;
inline constexpr Truths kAnyTruth = kFalse | kTrue | kError;

// Whether only one is possible.
[[nodiscard]] constexpr bool is_certain(Truths truths) noexcept {
  return (truths & (truths - 1)) == 0;
}

// What the connectives make of operands that have one of these values each.
[[nodiscard]] Truths negation(Truths operand) noexcept;
[[nodiscard]] Truths conjunction(Truths left, Truths right) noexcept;
[[nodiscard]] Truths disjunction(Truths left, Truths right) noexcept;

// A value; copies cost what the pieces take.
class TruthMap {
 public:
  // From Id bits `first` up to before the next piece.
  struct Piece {
    std::uint64_t first = 0;
    Truths truths = kAnyTruth;
  };

  explicit TruthMap(Truths everywhere = kAnyTruth) : pieces_{{0, everywhere}} {}

  // Overwrites [first, last]; nothing when first > last.
  void set(std::uint64_t first, std::uint64_t last, Truths truths);
  void set(IdType type, Truths truths);

  // Ascending, the first from 0 on; neighbours differ.
  [[nodiscard]] std::span<const Piece> pieces() const noexcept { return pieces_; }
  [[nodiscard]] Truths of(std::uint64_t bits) const noexcept;

  [[nodiscard]] TruthMap operator!() const;
  [[nodiscard]] static TruthMap conjunction(const TruthMap& left, const TruthMap& right);
  [[nodiscard]] static TruthMap disjunction(const TruthMap& left, const TruthMap& right);

 private:
  void add(std::uint64_t first, Truths truths);

  std::vector<Piece> pieces_;
};

// Id bits of a type: [first_bits, last_bits].
[[nodiscard]] constexpr std::uint64_t first_bits(IdType type) noexcept {
  return Id(type, 0).bits();
}
[[nodiscard]] constexpr std::uint64_t last_bits(IdType type) noexcept {
  return Id(type, Id::kPayloadMask).bits();
}

}  // namespace akyn::plan

#include "engine/plan/truth_map.h"

#include <algorithm>
#include <array>

namespace akyn::plan {
namespace {

// kFalse, kTrue, kError as operands; 17.2's tables.
constexpr Truths and_of(Truths left, Truths right) {
  if (left == kFalse || right == kFalse) return kFalse;
  return left == kError || right == kError ? kError : kTrue;
}
constexpr Truths not_of(Truths operand) {
  return operand == kError ? kError : static_cast<Truths>(kTrue + kFalse - operand);
}

constexpr std::array<Truths, 3> kTruths = {kFalse, kTrue, kError};

constexpr std::array<std::array<Truths, 8>, 8> make_conjunctions() {
  std::array<std::array<Truths, 8>, 8> table{};
  for (unsigned left = 0; left < 8; ++left) {
    for (unsigned right = 0; right < 8; ++right) {
      for (const Truths a : kTruths) {
        for (const Truths b : kTruths) {
          if ((left & a) != 0 && (right & b) != 0) table[left][right] |= and_of(a, b);
        }
      }
    }
  }
  return table;
}
constexpr auto kConjunctions = make_conjunctions();

template <class Combine>
std::vector<TruthMap::Piece> merged(std::span<const TruthMap::Piece> left, std::span<const TruthMap::Piece> right,
                                    const Combine& combine) {
  std::vector<TruthMap::Piece> result;
  result.reserve(left.size() + right.size());
  std::size_t i = 0;
  std::size_t j = 0;
  std::uint64_t first = 0;
  while (true) {
    const Truths truths = combine(left[i].truths, right[j].truths);
    if (result.empty() || result.back().truths != truths) result.push_back({first, truths});
    const bool left_ends = i + 1 == left.size();
    const bool right_ends = j + 1 == right.size();
    if (left_ends && right_ends) return result;
    const std::uint64_t next_left = left_ends ? ~std::uint64_t{0} : left[i + 1].first;
    const std::uint64_t next_right = right_ends ? ~std::uint64_t{0} : right[j + 1].first;
    first = std::min(next_left, next_right);
    if (!left_ends && next_left == first) ++i;
    if (!right_ends && next_right == first) ++j;
  }
}

}  // namespace

Truths negation(Truths operand) noexcept {
  Truths result = 0;
  for (const Truths truth : kTruths) {
    if ((operand & truth) != 0) result |= not_of(truth);
  }
  return result;
}

Truths conjunction(Truths left, Truths right) noexcept {
  return kConjunctions[left][right];
}

Truths disjunction(Truths left, Truths right) noexcept {
  return negation(conjunction(negation(left), negation(right)));
}

void TruthMap::add(std::uint64_t first, Truths truths) {
  if (pieces_.empty() || pieces_.back().truths != truths) pieces_.push_back({first, truths});
}

void TruthMap::set(std::uint64_t first, std::uint64_t last, Truths truths) {
  if (first > last) return;
  const std::vector<Piece> old = std::move(pieces_);
  pieces_.clear();
  pieces_.reserve(old.size() + 2);
  const auto inside = std::lower_bound(old.begin(), old.end(), first,
                                       [](const Piece& piece, std::uint64_t bits) { return piece.first < bits; });
  for (auto piece = old.begin(); piece != inside; ++piece) add(piece->first, piece->truths);
  add(first, truths);
  if (last == ~std::uint64_t{0}) return;
  const auto after = std::upper_bound(old.begin(), old.end(), last + 1,
                                      [](std::uint64_t bits, const Piece& piece) { return bits < piece.first; });
  add(last + 1, std::prev(after)->truths);
  for (auto piece = after; piece != old.end(); ++piece) add(piece->first, piece->truths);
}

void TruthMap::set(IdType type, Truths truths) {
  set(first_bits(type), last_bits(type), truths);
}

Truths TruthMap::of(std::uint64_t bits) const noexcept {
  const auto after = std::upper_bound(pieces_.begin(), pieces_.end(), bits,
                                      [](std::uint64_t value, const Piece& piece) { return value < piece.first; });
  return std::prev(after)->truths;
}

TruthMap TruthMap::operator!() const {
  TruthMap result;
  result.pieces_.clear();
  for (const Piece& piece : pieces_) result.add(piece.first, negation(piece.truths));
  return result;
}

TruthMap TruthMap::conjunction(const TruthMap& left, const TruthMap& right) {
  TruthMap result;
  result.pieces_ = merged(left.pieces_, right.pieces_, [](Truths a, Truths b) { return plan::conjunction(a, b); });
  return result;
}

TruthMap TruthMap::disjunction(const TruthMap& left, const TruthMap& right) {
  TruthMap result;
  result.pieces_ = merged(left.pieces_, right.pieces_, [](Truths a, Truths b) { return plan::disjunction(a, b); });
  return result;
}

}  // namespace akyn::plan

#include "engine/storage/bulk_vocabulary.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <akyn/error.h>
#include "engine/storage/bloom_filter.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kFewestSlots = std::size_t{1} << 12U;
constexpr std::size_t kFirstPiece = std::size_t{64} << 10U;
constexpr std::size_t kPiece = std::size_t{8} << 20U;
constexpr std::uint64_t kTagMask = 0xffff'ffff'0000'0000;
constexpr std::size_t kCacheLine = 64;
// Terms that are waited for at once.
constexpr std::size_t kMostAtOnce = 128;

}  // namespace

BulkVocabulary::BulkVocabulary() : slots_(kFewestSlots * 8), mask_(kFewestSlots - 1) {}

std::size_t BulkVocabulary::memory_bytes() const noexcept {
  // The table doubles when it is full; sorting comes when it has gone.
  const std::size_t sorting = size_ * sizeof(BodyEntry);
  const std::size_t growing = slots_.size() + (std::size_t{size_} * 20 > slots_.size() ? slots_.size() * 2 : 0);
  // Pages that have not been touched take nothing.
  return text_bytes_ + size_ * sizeof(Entry) + triples_.capacity() * sizeof(BulkTriple) + std::max(sorting, growing);
}

std::uint64_t BulkVocabulary::hash(IdType type, std::string_view body) noexcept {
  return hash_bytes(body, static_cast<std::uint64_t>(type));
}

std::uint64_t* BulkVocabulary::find(const SoughtTerm& term) const noexcept {
  auto* const slots = slots_.as<std::uint64_t>();
  for (std::size_t at = home_of(term.hash);; at = (at + 1) & mask_) {
    const std::uint64_t slot = slots[at];
    if (slot == 0) return slots + at;
    if (((slot ^ term.hash) & kTagMask) != 0) continue;
    const Entry& known = entry(static_cast<std::uint32_t>(slot) - 1);
    if (known.type == term.type && std::string_view(known.body, known.size) == term.body) return slots + at;
  }
}

std::uint32_t BulkVocabulary::number(const SoughtTerm& term) {
  std::uint64_t* const slot = find(term);
  if (*slot != 0) return static_cast<std::uint32_t>(*slot) - 1;
  const std::size_t size = term.body.size();
  if (size > std::numeric_limits<std::uint32_t>::max() || size_ == kNoNumber - 1) {
    throw Error(ErrorCode::limit, "a term of more than 4 GiB cannot be stored");
  }
  const std::size_t bytes = size + term.behind.size();
  char* const body = allocate(bytes);
  if (bytes != 0) std::memcpy(body, term.body.data(), bytes);
  if ((size_ & ((1U << kEntriesBits) - 1)) == 0) entries_.emplace_back(sizeof(Entry) << kEntriesBits);
  const std::uint32_t number = size_++;
  entry(number) = {body, static_cast<std::uint32_t>(size), term.type, 0};
  *slot = (term.hash & kTagMask) | size_;
  if (std::size_t{size_} * 16 > slots_.size()) grow();
  return number;
}

void BulkVocabulary::number_all(std::span<SoughtTerm> terms) {
  const auto* slots = slots_.as<std::uint64_t>();
  for (const SoughtTerm& term : terms) __builtin_prefetch(slots + home_of(term.hash));
  // Most terms that are known are in the first slot, or in one of the same cache line.
  constexpr std::size_t kLooked = 4;
  std::array<const Entry*, kMostAtOnce> candidates;  // NOLINT: filled before it is read
  for (std::size_t first = 0; first < terms.size(); first += kMostAtOnce) {
    const std::span<SoughtTerm> some = terms.subspan(first, std::min(kMostAtOnce, terms.size() - first));
    for (std::size_t i = 0; i < some.size(); ++i) {
      candidates[i] = nullptr;
      std::size_t at = home_of(some[i].hash);
      for (std::size_t looked = 0; looked < kLooked && slots[at] != 0; ++looked, at = (at + 1) & mask_) {
        if (((slots[at] ^ some[i].hash) & kTagMask) != 0) continue;
        candidates[i] = &entry(static_cast<std::uint32_t>(slots[at]) - 1);
        __builtin_prefetch(candidates[i]);
        break;
      }
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (candidates[i] == nullptr) continue;
      __builtin_prefetch(candidates[i]->body);
      __builtin_prefetch(candidates[i]->body + kCacheLine);
    }
    for (SoughtTerm& term : some) {
      if (term.number == kNoNumber) term.number = number(term);
    }
    slots = slots_.as<std::uint64_t>();
  }
}

std::uint32_t BulkVocabulary::number_triple(std::uint32_t subject, std::uint32_t predicate, std::uint32_t object) {
  const std::array<std::uint32_t, 3> parts = {subject, predicate, object};
  const std::string_view body(reinterpret_cast<const char*>(parts.data()), sizeof parts);
  const std::uint32_t before = size_;
  const std::uint32_t number = this->number({hash(IdType::triple, body), body, {}, IdType::triple, kNoNumber});
  if (number != before) return number;
  const std::uint32_t depth = 1 + std::max({depth_of(subject), depth_of(predicate), depth_of(object)});
  triples_.push_back({number, subject, predicate, object, depth});
  return number;
}

std::uint32_t BulkVocabulary::depth_of(std::uint32_t number) const noexcept {
  if (entry(number).type != IdType::triple) return 0;
  const auto found = std::lower_bound(triples_.begin(), triples_.end(), number,
                                      [](const BulkTriple& triple, std::uint32_t n) { return triple.number < n; });
  return found->depth;
}

void BulkVocabulary::mark(std::uint32_t number, Mark mark, std::vector<std::uint32_t>& list) {
  Entry& marked = entry(number);
  if ((marked.marks & mark) != 0) return;
  marked.marks = static_cast<std::uint8_t>(marked.marks | mark);
  list.push_back(number);
}

std::size_t tagged_head_size(std::string_view body) noexcept {
  std::size_t size = 0;
  std::size_t at = 1;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(body[at++]);
    size |= static_cast<std::size_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return at + size;
  }
}

void BulkVocabulary::append_body(std::uint32_t number, std::string& out) const {
  const Entry& found = entry(number);
  if (found.type != IdType::lang_string) {
    out.append(found.body, found.size);
    return;
  }
  const std::size_t head = tagged_head_size({found.body, found.size});
  out.append(found.body + found.size, head);
  out.append(found.body + head, found.size - head);
}

std::uint64_t BulkVocabulary::place_of(std::uint32_t number) const noexcept {
  const Entry& found = entry(number);
  std::uint64_t place = 0;
  std::memcpy(&place, found.body + found.size + tagged_head_size({found.body, found.size}), sizeof place);
  return place;
}

std::array<std::vector<BodyEntry>, 16> BulkVocabulary::sort() {
  slots_ = PageMemory();
  std::array<std::vector<BodyEntry>, 16> sorted;
  std::array<std::size_t, 16> counts{};
  for (std::uint32_t i = 0; i < size_; ++i) ++counts[static_cast<std::size_t>(entry(i).type)];
  counts[static_cast<std::size_t>(IdType::triple)] = 0;
  for (std::size_t type = 0; type < sorted.size(); ++type) sorted[type].reserve(counts[type]);
  for (std::uint32_t i = 0; i < size_; ++i) {
    const Entry& term = entry(i);
    if (term.type != IdType::triple) sorted[static_cast<std::size_t>(term.type)].push_back({{term.body, term.size}, i});
  }
  for (std::size_t type = 0; type < sorted.size(); ++type) sort_bodies(static_cast<IdType>(type), sorted[type]);
  return sorted;
}

char* BulkVocabulary::allocate(std::size_t size) {
  if (size > free_size_) {
    const std::size_t usual = pieces_.empty() ? kFirstPiece : kPiece;
    if (size > usual / 4 && !pieces_.empty()) {
      text_bytes_ += size;
      return pieces_.emplace_back(size).data();
    }
    PageMemory& piece = pieces_.emplace_back(std::max(size, usual));
    free_ = piece.data();
    free_size_ = piece.size();
  }
  char* const bytes = free_;
  free_ += size;
  free_size_ -= size;
  text_bytes_ += size;
  return bytes;
}

void BulkVocabulary::grow() {
  const PageMemory before = std::move(slots_);
  slots_ = PageMemory(before.size() * 2);
  mask_ = slots_.size() / 8 - 1;
  auto* const slots = slots_.as<std::uint64_t>();
  const auto* const old = before.as<std::uint64_t>();
  for (std::size_t i = 0; i < before.size() / 8; ++i) {
    if (old[i] == 0) continue;
    std::size_t at = (old[i] >> 32U) & mask_;
    while (slots[at] != 0) at = (at + 1) & mask_;
    slots[at] = old[i];
  }
}

}  // namespace akyn::storage

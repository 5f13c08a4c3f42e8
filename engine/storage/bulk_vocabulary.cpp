#include "engine/storage/bulk_vocabulary.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <akyn/error.h>
#include "engine/storage/bloom_filter.h"
#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kFewestSlots = std::size_t{1} << 12U;
constexpr std::size_t kFirstPiece = std::size_t{64} << 10U;
constexpr std::size_t kPiece = std::size_t{8} << 20U;
constexpr std::uint64_t kTagMask = 0xffff'ffff'0000'0000;

}  // namespace

BulkVocabulary::BulkVocabulary() : slots_(kFewestSlots * 8), mask_(kFewestSlots - 1) {}

std::size_t BulkVocabulary::memory_bytes() const noexcept {
  // The table doubles when it is full; sorting comes when it has gone.
  const std::size_t sorting = size_ * sizeof(BodyEntry);
  const std::size_t growing = slots_.size() + (std::size_t{size_} * 20 > slots_.size() ? slots_.size() * 2 : 0);
  // Pages that have not been touched take nothing.
  return text_bytes_ + size_ * sizeof(Entry) + triples_.capacity() * sizeof(BulkTriple) + std::max(sorting, growing);
}

std::uint64_t* BulkVocabulary::find(std::uint64_t hash, IdType type, std::string_view head,
                                    std::string_view text) const noexcept {
  auto* const slots = slots_.as<std::uint64_t>();
  for (std::size_t at = (hash >> 32U) & mask_;; at = (at + 1) & mask_) {
    const std::uint64_t slot = slots[at];
    if (slot == 0) return slots + at;
    if (((slot ^ hash) & kTagMask) != 0) continue;
    const Entry& known = entry(static_cast<std::uint32_t>(slot) - 1);
    if (known.type != type || known.size != head.size() + text.size()) continue;
    if (!head.empty() && std::memcmp(known.body, head.data(), head.size()) != 0) continue;
    if (!text.empty() && std::memcmp(known.body + head.size(), text.data(), text.size()) != 0) continue;
    return slots + at;
  }
}

std::uint32_t BulkVocabulary::add(std::uint64_t* slot, std::uint64_t hash, IdType type, const char* body,
                                  std::size_t size) {
  if (size > std::numeric_limits<std::uint32_t>::max() || size_ == std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorCode::limit, "a term of more than 4 GiB cannot be stored");
  }
  if ((size_ & ((1U << kEntriesBits) - 1)) == 0) entries_.emplace_back(sizeof(Entry) << kEntriesBits);
  const std::uint32_t number = size_++;
  entry(number) = {body, static_cast<std::uint32_t>(size), type, 0};
  *slot = (hash & kTagMask) | size_;
  if (std::size_t{size_} * 16 > slots_.size()) grow();
  return number;
}

std::uint32_t BulkVocabulary::number(IdType type, std::string_view head, std::string_view text) {
  const std::uint64_t seed =
      head.empty() ? static_cast<std::uint64_t>(type) : hash_bytes(head, static_cast<std::uint64_t>(type));
  const std::uint64_t hash = hash_bytes(text, seed);
  std::uint64_t* const slot = find(hash, type, head, text);
  if (*slot != 0) return static_cast<std::uint32_t>(*slot) - 1;
  const std::size_t size = head.size() + text.size();
  char* const body = allocate(size);
  if (!head.empty()) std::memcpy(body, head.data(), head.size());
  if (!text.empty()) std::memcpy(body + head.size(), text.data(), text.size());
  return add(slot, hash, type, body, size);
}

std::uint32_t BulkVocabulary::number_tagged(std::string_view folded_head, std::string_view head, std::string_view text,
                                            std::uint64_t place) {
  const std::uint64_t hash = hash_bytes(text, hash_bytes(folded_head, static_cast<std::uint64_t>(IdType::lang_string)));
  std::uint64_t* const slot = find(hash, IdType::lang_string, folded_head, text);
  if (*slot != 0) return static_cast<std::uint32_t>(*slot) - 1;
  const std::size_t size = folded_head.size() + text.size();
  char* const body = allocate(size + head.size() + sizeof place);
  std::memcpy(body, folded_head.data(), folded_head.size());
  if (!text.empty()) std::memcpy(body + folded_head.size(), text.data(), text.size());
  std::memcpy(body + size, head.data(), head.size());
  std::memcpy(body + size + head.size(), &place, sizeof place);
  return add(slot, hash, IdType::lang_string, body, size);
}

std::uint32_t BulkVocabulary::number(Id id) {
  std::array<char, 8> body{};
  store_u64(body.data(), id.bits());
  return number(kIdAsItIs, {}, {body.data(), body.size()});
}

std::uint32_t BulkVocabulary::number_triple(std::uint32_t subject, std::uint32_t predicate, std::uint32_t object) {
  const std::array<std::uint32_t, 3> parts = {subject, predicate, object};
  const std::uint32_t before = size_;
  const std::uint32_t number =
      this->number(IdType::triple, {}, {reinterpret_cast<const char*>(parts.data()), sizeof parts});
  if (number == before) triples_.push_back({number, subject, predicate, object});
  return number;
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

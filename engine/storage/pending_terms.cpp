#include "engine/storage/pending_terms.h"

#include <algorithm>
#include <functional>
#include <limits>

#include <akyn/error.h>
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kChunkSize = std::size_t{1} << 20;

std::uint32_t hash_of(IdType type, std::string_view folded_body) {
  const std::size_t hash = std::hash<std::string_view>()(folded_body) + static_cast<std::size_t>(type);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32U));
}

}  // namespace

Id PendingTerms::find(IdType type, std::string_view folded_body) const {
  if (slots_.empty()) return Id();
  const std::uint32_t hash = hash_of(type, folded_body);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::size_t index = slots_[slot] - 1;
    const Entry& entry = entries_[index];
    if (entry.hash == hash && entry.type == type && folded_body_at(index) == folded_body) return id_at(index);
  }
  return Id();
}

Id PendingTerms::add(IdType type, std::string_view folded_body, std::string_view body) {
  if (entries_.size() >= std::numeric_limits<std::uint32_t>::max() - 1) {
    throw Error(ErrorCode::limit, "a transaction cannot add more than 4 billion terms");
  }
  const bool two_forms = type == IdType::lang_string;
  char* const bytes = allocate(folded_body.size() * (two_forms ? 2 : 1));
  char* const end = std::copy(folded_body.begin(), folded_body.end(), bytes);
  if (two_forms) std::copy(body.begin(), body.end(), end);
  if (slots_.size() < 2 * (entries_.size() + 1)) grow();
  entries_.push_back({bytes, folded_body.size(), hash_of(type, folded_body), type});
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = entries_.back().hash & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  return id_at(entries_.size() - 1);
}

std::string_view PendingTerms::folded_body_at(std::size_t index) const noexcept {
  return {entries_[index].folded, static_cast<std::size_t>(entries_[index].size)};
}

std::string_view PendingTerms::body_at(std::size_t index) const noexcept {
  const Entry& entry = entries_[index];
  const std::size_t size = static_cast<std::size_t>(entry.size);
  return {entry.folded + (entry.type == IdType::lang_string ? size : 0), size};
}

Id PendingTerms::labelled(std::string_view label) const {
  if (labels_.empty()) return Id();
  const auto found = labels_.find(std::string(label));
  return found == labels_.end() ? Id() : found->second;
}

void PendingTerms::label(std::string_view label, Id id) {
  labels_.emplace(label, id);
  const std::optional<std::uint64_t> number = parse_blank_label(label);
  if (number && *number != id.payload()) foreign_labels_.insert(*number);
}

char* PendingTerms::allocate(std::size_t size) {
  if (size > kChunkSize / 8) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    chunk_bytes_ += size;
    return chunks_.back().get();
  }
  if (size > free_size_) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunkSize));
    chunk_bytes_ += kChunkSize;
    free_ = chunks_.back().get();
    free_size_ = kChunkSize;
  }
  char* const bytes = free_;
  free_ += size;
  free_size_ -= size;
  return bytes;
}

void PendingTerms::grow() {
  slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = entries_[i].hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace akyn::storage

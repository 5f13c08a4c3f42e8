// Reads a version from disk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <rocksdb/db.h>

#include "engine/storage/rocks.h"
#include "engine/storage/run_store.h"
#include "engine/storage/version.h"

namespace akyn::storage {

[[nodiscard]] Counters read_counters(const Rocks& rocks);

// Where what a version reads comes from.
struct VersionSources {
  std::shared_ptr<Rocks> rocks;
  std::shared_ptr<const RunSources> runs;
  std::shared_ptr<Chores> chores;  // null for a store that deletes nothing
};

// The state that the disk has. `before` is an older version of this process, of which everything that is still the same
// is taken over; null when there is none. Throws Error(io), Error(corruption).
[[nodiscard]] std::shared_ptr<const Version> load_version(const VersionSources& sources, const Version* before);
[[nodiscard]] Manifest read_manifest(const Rocks& rocks);

// Walks the keys of one family that start with a prefix.
//
//     for (KeyRange keys(rocks, Family::metadata, prefix); keys.valid(); keys.next()) ...
class KeyRange {
 public:
  // `options` may name a snapshot. What is read does not drive other things out of the cache.
  KeyRange(const Rocks& rocks, Family family, std::string_view prefix, rocksdb::ReadOptions options = {});
  // The end of the range is checked here: throws Error(io), Error(corruption) rather than ending early.
  [[nodiscard]] bool valid() const;
  void next() { iterator_->Next(); }
  void seek(std::string_view key) { iterator_->Seek(key); }
  [[nodiscard]] std::string_view key() const { return iterator_->key().ToStringView(); }
  [[nodiscard]] std::string_view value() const { return iterator_->value().ToStringView(); }

 private:
  const Rocks& rocks_;
  std::string end_;
  rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

// An entry of a dictionary's tail, in one of its two directions (dictionary_tail.h); borrowed.
struct TailEntry {
  std::string_view key;  // whole
  std::string_view value;
  std::uint64_t number = 0;  // of the term
  bool by_number = false;    // the key has the number and the value the term, not the other way round
};
// All entries of a tail in the order of their keys, those of later versions among them. Throws Error(corruption).
void for_each_tail_entry(const Rocks& rocks, std::uint32_t tail, const std::function<void(const TailEntry&)>& visit);
// The terms of a tail with numbers in a range, ascending, and their bodies, which are valid during the call; many times
// as fast as one by one. Throws Error(io), Error(corruption).
void for_each_tail_term(const Rocks& rocks, std::uint32_t tail, TermRange numbers,
                        const std::function<void(Id id, std::string_view body)>& visit);

}  // namespace akyn::storage

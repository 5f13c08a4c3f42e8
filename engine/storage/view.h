// One committed state of a store, as bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <rocksdb/db.h>

#include "engine/storage/keys.h"
#include "engine/storage/rocks.h"
#include "engine/storage/selection.h"

namespace akyn::storage {

// Unchanging and thread-safe. Keeps the store open.
class View {
 public:
  // The newest committed state. Throws Error(io), Error(corruption).
  explicit View(std::shared_ptr<Rocks> rocks);

  [[nodiscard]] const Rocks& rocks() const noexcept { return *pin_.rocks; }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] rocksdb::ReadOptions read_options() const;

  // False when there is no such key.
  [[nodiscard]] bool get(Family family, std::string_view key, rocksdb::PinnableSlice& value) const;

  // The Id stored for a folded body; unbound when there is none.
  [[nodiscard]] Id find_term(IdType type, std::string_view folded_body) const;
  // The body as written. Throws Error(corruption) when there is none.
  void read_body(Id id, std::string& body) const;

  [[nodiscard]] bool contains(const QuadIds& quad) const;
  // Quads in one named graph.
  [[nodiscard]] std::uint64_t graph_size(Id graph) const;
  // Named graphs with at least one quad, and how many.
  [[nodiscard]] std::map<Id, std::uint64_t> graphs() const;
  [[nodiscard]] std::uint64_t count(const TriplePattern& pattern, GraphScope graphs) const;
  [[nodiscard]] std::map<std::string, std::string> prefixes() const;

 private:
  // Holds the state still.
  struct Pin {
    explicit Pin(std::shared_ptr<Rocks> store);
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;
    ~Pin();

    std::shared_ptr<Rocks> rocks;
    const rocksdb::Snapshot* snapshot = nullptr;  // none for a secondary, which begin_reading() holds still
  };

  Pin pin_;
  Counters counters_;
};

// Walks the keys of one family that start with a prefix.
//
//     for (KeyRange keys(view, Family::quads, prefix); keys.valid(); keys.next()) ...
class KeyRange {
 public:
  // `keep_cached` false: blocks read once do not push others out of the cache.
  KeyRange(const View& view, Family family, std::string_view prefix, bool keep_cached = true);
  // The end of the range is checked here: throws Error(io), Error(corruption) rather than ending early.
  [[nodiscard]] bool valid() const;
  void next() { iterator_->Next(); }
  [[nodiscard]] std::string_view key() const { return iterator_->key().ToStringView(); }
  [[nodiscard]] std::string_view value() const { return iterator_->value().ToStringView(); }

 private:
  const View& view_;
  std::string end_;
  rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
};

// The leading bound columns of a selection as a key prefix of one stored permutation.
struct RowPrefix {
  std::string bytes;
  std::size_t columns = 0;  // how many columns it fixes
};
[[nodiscard]] RowPrefix row_prefix(Partition partition, Permutation stored, const Selection& selection);

}  // namespace akyn::storage

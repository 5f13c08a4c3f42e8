// Table files on their way into the store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rocksdb/metadata.h>
#include <rocksdb/sst_file_writer.h>

#include "engine/storage/key_value.h"
#include "engine/storage/rocks.h"

namespace akyn::storage {

// Written in the staging directory, sorted, and then taken in by RocksDB all at once: no log, no memtable and no
// compaction for what a run holds. Files that are not taken in are deleted. One thread at a time.
class StagedFiles {
 public:
  // `label` is unique among those being written at the time.
  StagedFiles(Rocks& rocks, std::string label);
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;
  ~StagedFiles();

  // Takes keys of one family in ascending order. Lives as long as this.
  [[nodiscard]] KeyValueSink& sink(Family family);
  void put(Family family, std::string_view key, std::string_view value) { sink(family).put(key, value); }
  // A key that goes; in order with those that are put.
  void remove(Family family, std::string_view key);

  // Makes everything durable and part of the store, in one step.
  void take_in() { take_in({this}); }
  // The same of several; of one family they must not overlap.
  static void take_in(const std::vector<StagedFiles*>& staged);

 private:
  class FamilyFiles;
  FamilyFiles& files(Family family);

  Rocks& rocks_;
  std::string label_;
  std::map<Family, std::unique_ptr<FamilyFiles>> families_;
  std::uint64_t number_ = 0;
};

// Whether a file that RocksDB has is one of no keys: it could not be read when it was taken in, and no manifest names
// what is in it.
[[nodiscard]] inline bool is_unreadable(const rocksdb::SstFileMetaData& file) noexcept {
  return file.smallestkey.empty() && file.largestkey.empty();
}

}  // namespace akyn::storage

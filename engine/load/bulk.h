// A load of its own: files, streams and statements of a program's into a store, all or nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "engine/load/bulk_input.h"
#include "engine/load/load.h"
#include "engine/storage/bulk_load.h"
#include "engine/storage/database.h"

namespace akyn::load {

// Destroyed uncommitted, or after an error, it leaves no trace. One thread at a time.
class Bulk {
 public:
  // Waits for the writer. Throws Error(locked), Error(read_only).
  Bulk(std::shared_ptr<storage::Database> database, std::size_t memory, std::size_t threads);

  // Adds an input. After an error, nothing but destruction is left.
  Counts read(Input& input, const LoadOptions& options, const BulkInputSizes& sizes = {});
  // Adds a statement, whose terms are in places where RDF has such.
  void add(const QuadView& quad);

  // What it came to in all. `on_progress` as LoadOptions::on_progress.
  Counts commit(const std::function<bool(const LoadProgress&)>& on_progress);

 private:
  std::shared_ptr<storage::Database> database_;
  std::size_t memory_;
  std::unique_ptr<storage::BulkLoad> load_;
  Counts counts_;
  std::uint64_t bytes_ = 0;        // of inputs
  std::uint64_t total_bytes_ = 0;  // of theirs; 0 when unknown
  std::uint32_t documents_ = 0;
  std::uint64_t next_place_ = 0;
  bool adding_ = false;  // statements of the program's, not of an input
};

}  // namespace akyn::load

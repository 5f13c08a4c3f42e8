// A load: many quads at once, by several threads, into an open store.
//
//     lanes       statements become rows of numbers, each lane with a vocabulary of its own   bulk_lane.h
//     commit()    the vocabularies become a run of the dictionary                             bulk_terms.h
//                 the rows become a run of blocks in every order                              bulk_rows.h
//                 table files are taken in, one write names them
//
// Into a store that has data, both runs are beside those that there are, and cost what is new. The run of a load that
// is large beside the store holds the rows of the store, too, and takes the place of theirs, unless these are being
// merged at the moment. A load of few statements is written as a transaction is.
//
// It has the writer slot: transactions wait for it as for one another, readers go on. What ends it early leaves no
// trace; temporary files have no names, table files lie in the staging directory until they are taken in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/bulk_lane.h"
#include "engine/storage/progress.h"
#include "engine/storage/version_store.h"
#include "engine/storage/writer.h"

namespace akyn::storage {

// Destroyed uncommitted, it was not. One thread at a time, but that each lane may have a thread of its own.
class BulkLoad {
 public:
  // Waits for the writer slot as StoreOptions::busy_timeout says. Throws Error(locked).
  BulkLoad(std::shared_ptr<VersionStore> store, std::shared_ptr<WriterSlot> slot, const StoreOptions& options,
           const BulkOptions& bulk);
  BulkLoad(const BulkLoad&) = delete;
  BulkLoad& operator=(const BulkLoad&) = delete;
  ~BulkLoad();

  // As many as there are threads.
  [[nodiscard]] std::size_t lanes() const noexcept { return lanes_.size(); }
  [[nodiscard]] BulkLane& lane(std::size_t number) { return *lanes_[number]; }
  void add_prefix(std::string_view prefix, std::string_view iri);

  // Makes all of it the newest committed state, durable as StoreOptions say, and says how many quads are new. What the
  // progress function throws before that ends the load. Throws Error(io), Error(corruption), Error(limit). Whatever
  // happens, the load takes no calls afterwards.
  std::uint64_t commit(const WorkProgress& progress);

 private:
  class Slot;

  [[nodiscard]] bool is_small() const;
  // What it came to: new quads, and its turn to be told.
  struct Committed {
    std::uint64_t added = 0;
    CommitFeed::Turn turn;
  };
  Committed commit_small();
  Committed commit_large(const WorkProgress& progress);
  // Whether all rows should be written as one run, provided so many terms are new.
  [[nodiscard]] bool is_large_beside_base(std::uint64_t new_terms) const;
  // Makes the base a state that is in runs, which stay as they are while the lock is held: nothing when somebody works
  // on them.
  [[nodiscard]] std::unique_lock<std::mutex> hold_base();

  std::shared_ptr<VersionStore> store_;
  std::shared_ptr<WriterSlot> writer_slot_;
  StoreOptions options_;
  std::size_t memory_bytes_;
  std::size_t threads_;
  std::unique_ptr<Slot> slot_;  // none when it has ended
  std::shared_ptr<const Version> base_;
  std::uint64_t first_term_ = 0;
  std::uint64_t first_blank_ = 0;
  std::vector<std::unique_ptr<BulkLane>> lanes_;
  std::vector<std::pair<std::string, std::string>> prefixes_;
};

}  // namespace akyn::storage

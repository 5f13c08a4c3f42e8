// The one writer of a store.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include <akyn/options.h>
#include "engine/storage/database.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

// The right to write: one Writer has it at a time. Thread-safe. Not a mutex, because a Writer may end in
// another thread than it began in.
class WriterSlot {
 public:
  // False when another Writer has had the slot all the time. That the store itself has it (optimize_store.h) does not
  // count: nobody who is the only one to write is told that somebody else does.
  [[nodiscard]] bool acquire(std::chrono::milliseconds timeout);
  // For the store itself. False when the slot has not become free in time.
  [[nodiscard]] bool acquire_for_store(std::chrono::milliseconds timeout);
  void release() noexcept;

  // The payloads from which on no term and no blank node has been numbered, not even by a transaction
  // rolled back in this process: somebody may still hold its Ids and labels, and must not find
  // them to be something else's. Only the holder of the slot touches them.
  std::uint64_t unused_term = 1;
  std::uint64_t unused_blank = 1;

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  enum class Holder : std::uint8_t { nobody, writer, store };
  Holder holder_ = Holder::nobody;
};

// Waits for the slot as StoreOptions::busy_timeout says. Throws Error(locked).
void take_slot(const VersionStore& store, WriterSlot& slot, const StoreOptions& options);
// The same, for a Writer.
[[nodiscard]] std::unique_ptr<Writer> begin_writing(std::shared_ptr<VersionStore> store,
                                                    std::shared_ptr<WriterSlot> slot, const StoreOptions& options);

}  // namespace akyn::storage

// The error after which a store takes no more changes.
#pragma once

#include <atomic>
#include <mutex>

#include <rocksdb/listener.h>
#include <rocksdb/status.h>

namespace akyn::storage {

// Set by RocksDB when an error stops it, or by whoever meets one that it does not see. RocksDB then stays stopped: it
// does not recover by itself, as it would after a full disk, in a thread of its own.
//
// Thread-safe.
class ChangeStop final : public rocksdb::EventListener {
 public:
  // Once and for all; the first error counts.
  void set(const rocksdb::Status& error);
  [[nodiscard]] bool is_set() const noexcept { return is_set_.load(std::memory_order_acquire); }
  // Once it is set.
  [[nodiscard]] rocksdb::Status status() const;

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status error, bool* auto_recovery) override;

 private:
  std::atomic<bool> is_set_{false};
  mutable std::mutex mutex_;
  rocksdb::Status first_;
};

}  // namespace akyn::storage

#include "engine/storage/change_stop.h"

namespace akyn::storage {

void ChangeStop::set(const rocksdb::Status& error) {
  const std::lock_guard lock(mutex_);
  if (is_set()) return;
  first_ = error;
  is_set_.store(true, std::memory_order_release);
}

rocksdb::Status ChangeStop::status() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

void ChangeStop::OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* error) {
  // RocksDB compacts again after a while, and what there is has not changed. The error would stay (7.8), so that
  // commits failed where they have to wait; now they wait for room.
  const bool is_no_matter = reason == rocksdb::BackgroundErrorReason::kCompaction &&
                            error->severity() <= rocksdb::Status::Severity::kSoftError;
  if (is_no_matter) {
    *error = rocksdb::Status::OK();
  } else {
    set(*error);
  }
}

void ChangeStop::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status /*error*/,
                                      bool* auto_recovery) {
  *auto_recovery = false;
}

}  // namespace akyn::storage

// Rows that do not fit into memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/exec/batch.h"
#include "engine/storage/spill_file.h"

namespace akyn::exec {

// Batches in a temporary file, which has no name and is gone with the process whatever ends that. It is in the
// directory for temporary files that the environment names (TMPDIR), or else in the system's.
// One thread at a time. Throws Error(io), Error(corruption).
class RowFile {
 public:
  RowFile();

  // Where the batch is from now on.
  [[nodiscard]] std::uint64_t append(const Batch& batch);
  // Replaces `out` by the batch at that place; moves the place behind it, where the batch is that was appended next.
  void read(std::uint64_t& place, Batch& out);
  // Where the next batch will be.
  [[nodiscard]] std::uint64_t end() const noexcept { return file_.end(); }

 private:
  storage::SpillFile file_;
  std::string frame_;
};

}  // namespace akyn::exec

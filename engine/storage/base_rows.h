// Asks a version for rows in ascending order.
#pragma once

#include <cstddef>
#include <memory>

#include "engine/storage/database.h"
#include "engine/storage/merged_cursor.h"
#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Reads what lies between few rows not at all, and ahead where many neighbours are asked for. The version must outlive
// it. One thread at a time. Throws Error(io), Error(corruption).
class BaseRows {
 public:
  BaseRows(const Version& base, Partition partition);

  // Whether the version has the row, whose values are in SPO order; rows of dead graphs count as there. Precondition:
  // not before the row asked for last.
  [[nodiscard]] bool contains(const RowValues& row);

 private:
  static constexpr std::size_t kFewest = 64;

  [[nodiscard]] int compare(std::size_t at, const RowValues& row) const noexcept;

  std::size_t columns_;
  std::unique_ptr<MergedCursor> cursor_;
  RowBatch batch_;
  std::size_t at_ = 0;
  std::size_t wanted_ = kFewest;
  bool near_ = false;
  bool at_end_ = false;
};

}  // namespace akyn::storage

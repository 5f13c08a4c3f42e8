// How many rows begin with some values, asked again and again.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Counts as Version::row_count() does, each layer by itself, and reads each block once at most: only those at the ends
// of what is asked for, and not these when the directory says enough. One thread at a time. Throws Error(io),
// Error(corruption); after an error the counter must not be used.
class RowCounter {
 public:
  // Of the rows of `range`, in orders of named graphs within one graph that is not dead. Keeps the version.
  RowCounter(std::shared_ptr<const Version> version, OrderTag order, const RowRange& range);

  // Rows that begin with these values, of which there are some. Precondition: the values are after all that have been
  // asked for.
  [[nodiscard]] std::uint64_t count(const RowPrefix& values);

  [[nodiscard]] ScanStatistics statistics() const;

 private:
  std::shared_ptr<const Version> version_;
  std::vector<std::unique_ptr<RowSource>> sources_;
  std::uint64_t rows_ = 0;
};

}  // namespace akyn::storage

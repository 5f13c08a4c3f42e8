// The least and the greatest value of a column, from the blocks at the ends of a range.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/storage/row_range.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Of the rows of one stored order that begin with `prefix`: the least or greatest value of the next column that is
// within [first, last]; nothing when there is none. Rows of dead graphs do not count. Reads a block or two of each
// layer; where the rows at that end have been deleted, or are a dead graph's, all of these. Precondition: prefix.size()
// < order_columns(order).
//
// Thread-safe. Throws Error(io), Error(corruption).
[[nodiscard]] std::optional<std::uint64_t> least_value(const std::shared_ptr<const Version>& version, OrderTag order,
                                                       const RowPrefix& prefix, std::uint64_t first,
                                                       std::uint64_t last);
[[nodiscard]] std::optional<std::uint64_t> greatest_value(const std::shared_ptr<const Version>& version, OrderTag order,
                                                          const RowPrefix& prefix, std::uint64_t first,
                                                          std::uint64_t last);

}  // namespace akyn::storage

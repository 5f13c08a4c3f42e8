// Rewrites the rows of a store, or the changes that its later runs make, for new numbers of terms.
//
// The rows of each order are read in that order, renumbered and put in order again. Most of them are in order already:
// the terms of one run keep theirs (Renumbering::steady()). So the rows are read twice: first those that may have moved
// are picked out and sorted; then the others are read again and merged with them. Deletes never move: what they delete
// is older than any term with a new number.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "engine/storage/dictionary_merge.h"
#include "engine/storage/renumbering.h"
#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"

namespace akyn::storage {

// Gives all rows, every column, and the marks where the rows are changes; the same ones each time. Called once or twice
// an order.
using OpenRows = std::function<std::unique_ptr<RowCursor>(OrderTag order)>;
// Takes the next rows of an order, column by column, the marks last.
using TakeRows = std::function<void(std::span<const std::span<const std::uint64_t>> columns)>;

// Marks the terms of all rows. `order` may be any of the default graph's or of the named graphs'. Graph columns hold
// instances, not Ids, and stay as they are, here and below.
void mark_rows(OrderTag order, const OpenRows& open, Renumbering& terms, const MergeOptions& options);

// Gives the renumbered rows of one order, ascending, in parts of at most kBatchRows, and returns how many. `marked`:
// they are changes. Throws Error(corruption) for a row with a term that has no new number, or a delete that would move,
// what the cursors and the sorter throw, and what `take` throws. May be called by several threads for several orders,
// when `open` may.
std::uint64_t rewrite_rows(OrderTag order, bool marked, const OpenRows& open, const Renumbering& terms,
                           const TakeRows& take, const MergeOptions& options);

}  // namespace akyn::storage

// Sorted rows: committed ones from RocksDB, merged with a transaction's pending changes.
#pragma once

#include <memory>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/selection.h"
#include "engine/storage/view.h"

namespace akyn::storage {

// One row that a transaction adds to or takes from the committed state.
struct Change {
  QuadIds quad;
  bool inserted = true;
};

// The rows of `view` that match, with `pending` applied. `pending` holds exactly the net changes that match,
// sorted by `order`: insertions of rows the view does not hold, removals of rows it does.
[[nodiscard]] std::unique_ptr<Scan> make_scan(std::shared_ptr<const View> view, const Selection& selection,
                                              Permutation order, std::vector<Change> pending);

}  // namespace akyn::storage

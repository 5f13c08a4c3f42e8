// Sorted rows of a version as quads, with the names of their graphs.
#pragma once

#include <memory>

#include "engine/storage/database.h"
#include "engine/storage/selection.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// The rows of `version` that match, in the order that Snapshot::scan promises.
[[nodiscard]] std::unique_ptr<Scan> make_scan(std::shared_ptr<const Version> version, const Selection& selection,
                                              Permutation order);

}  // namespace akyn::storage

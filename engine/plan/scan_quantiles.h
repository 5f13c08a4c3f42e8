// Where the rows of a scan can be cut into parts of about the same size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/plan/id_ranges.h"
#include "engine/plan/plan.h"
#include "engine/storage/version.h"

namespace akyn::plan {

// Values of the column behind the scan's leading constants, ascending, among `ids`: fewer than `parts`, with as many
// rows between one and the next, as far as the largest layer's directory tells. A value that many rows have may come
// several times. None where no row matches.
//
// Throws Error(io), Error(corruption).
[[nodiscard]] std::vector<std::uint64_t> scan_quantiles(const Scan& scan, const storage::Version& version,
                                                        const IdRange& ids, std::size_t parts);

}  // namespace akyn::plan

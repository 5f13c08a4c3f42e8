// Writes block runs: from rows in memory, and from other runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "engine/storage/block_run.h"
#include "engine/storage/delta_chunk.h"
#include "engine/storage/progress.h"
#include "engine/storage/staged_files.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Keys of families `blocks` and `directory` go into `files`. Returns what the manifest has to say of the run. `check`,
// which may be empty, is asked before each order.
[[nodiscard]] BlockRunInfo write_run(StagedFiles& files, std::uint32_t run, const DeltaChunk& rows,
                                     std::size_t block_rows, const WorkCheck& check = {});

// What layers that follow one another, all of them runs, change in sum. When `oldest`, there is nothing before them,
// and the run has no marks. Rows of the version's dead graphs are left out. Calls `stopped` now and then, and throws
// Error(cancelled) when it says so.
[[nodiscard]] BlockRunInfo write_merged_run(StagedFiles& files, std::uint32_t run, const Version& version,
                                            std::span<const Layer> layers, bool oldest, std::size_t block_rows,
                                            const std::function<bool()>& stopped);

}  // namespace akyn::storage

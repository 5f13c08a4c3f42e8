// A source that is read by a thread of its own.
#pragma once

#include <memory>

#include "parser/source/byte_source.h"

namespace akyn::load {

// A few buffers ahead of who asks, so that decompressing and parsing go on side by side. Faults come where they were
// met, behind what was read before.
[[nodiscard]] std::unique_ptr<ByteSource> read_ahead_source(std::unique_ptr<ByteSource> source);

}  // namespace akyn::load

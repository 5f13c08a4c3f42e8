// How long work says how far it is.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace akyn::storage {

// Told every few thousand steps of a long work how far it is; `total` may be an estimate. What it throws ends the work:
// that is how to cancel.
using WorkProgress = std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t total)>;

// Asked every few thousand steps whether to go on; what it throws ends the work.
using WorkCheck = std::function<void()>;

}  // namespace akyn::storage

#include "engine/storage/kill_point.h"

#ifdef AKYN_KILL_POINTS

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace akyn::storage {
namespace {

constexpr int kKilled = 137;  // what a shell reports for SIGKILL

long configured_count() noexcept {
  const char* const count = std::getenv("AKYN_KILL_COUNT");
  return count == nullptr ? 1 : std::strtol(count, nullptr, 10);
}

}  // namespace

void kill_point(const char* name) noexcept {
  static const char* const wanted = std::getenv("AKYN_KILL_POINT");
  static std::atomic<long> left{configured_count()};
  if (wanted == nullptr || std::strcmp(wanted, name) != 0) return;
  if (left.fetch_sub(1) == 1) ::_exit(kKilled);
}

}  // namespace akyn::storage

#endif

// Places where the crash tests end the process, as kill -9 would.
//
// kill_point("commit.written") does nothing unless the environment variable AKYN_KILL_POINT names it; then the call
// number AKYN_KILL_COUNT (1 when not set) of that name ends the process with status 137, running no destructors.
// Compiled in with the CMake option AKYN_KILL_POINTS only.
#pragma once

namespace akyn::storage {

#ifdef AKYN_KILL_POINTS
// Thread-safe.
void kill_point(const char* name) noexcept;
#else
inline void kill_point(const char* /*name*/) noexcept {}
#endif

}  // namespace akyn::storage

// Marks what the library makes visible to programs that link it; everything else is hidden.
#pragma once

#if defined(_WIN32)
#define AKYN_EXPORT
#else
#define AKYN_EXPORT __attribute__((visibility("default")))
#endif

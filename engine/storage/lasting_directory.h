// Directories whose names a power cut does not take away.
#pragma once

#include <filesystem>
#include <vector>

#include <rocksdb/env.h>

namespace akyn::storage {

// A directory and those above it that are missing, from the innermost out.
[[nodiscard]] std::vector<std::filesystem::path> missing_directories(const std::filesystem::path& directory);

// Makes those, and sees to it that the name of each is on the device, that of `directory` even when it was there: who
// has made it may not have come so far. Each name is there to stay before anything is made below it.
[[nodiscard]] rocksdb::Status make_directories(rocksdb::Env& files, const std::filesystem::path& directory);

// The name of a directory that has been made, or has got this name, is on the device.
[[nodiscard]] rocksdb::Status sync_name(rocksdb::Env& files, const std::filesystem::path& directory);

}  // namespace akyn::storage

// gzip (RFC 1952) and zstd (RFC 8878) data as the text it holds.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "parser/source/byte_source.h"

namespace akyn {

// How many bytes tell what data is.
inline constexpr std::size_t kLongestMagic = 4;
[[nodiscard]] bool is_gzip(std::string_view start);
// A frame, or a skippable one, which some compressors write first.
[[nodiscard]] bool is_zstd(std::string_view start);

// Zero bytes may follow the last member, as tapes pad with.
[[nodiscard]] std::unique_ptr<ByteSource> gzip_source(std::unique_ptr<ByteSource> source);
// Takes up to 128 MB of memory when the data was compressed so (zstd --long=27), not more.
[[nodiscard]] std::unique_ptr<ByteSource> zstd_source(std::unique_ptr<ByteSource> source);

}  // namespace akyn

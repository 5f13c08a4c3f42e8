// Where the text of a file or stream comes from, compressed or not.
//
//     ByteSource  <-  file_source, stream_source, text_source     bytes as they are
//                 <-  decompressed                                what gzip or zstd made of them
//
// What is compressed says so in its first bytes, which no text in UTF-8 can begin with; so standard input
// needs no option, and a file's name need not tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string_view>

namespace akyn {

// One thread at a time. Errors have no place in them; who reads knows how far the text has come.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Writes up to `capacity` (at least 1) bytes to `out` and returns how many: 0 only at the end. Bytes before
  // a fault are handed over first. Throws Error(io) when reading fails, Error(syntax) when compressed data is damaged
  // or cut short; after that no more can be read.
  [[nodiscard]] virtual std::size_t read(char* out, std::size_t capacity) = 0;

  // Bytes taken so far from the file or stream itself, to compare with the file's size.
  [[nodiscard]] virtual std::uint64_t consumed() const noexcept = 0;

 protected:
  ByteSource() = default;
};

// Throws Error(io) when the file cannot be opened.
[[nodiscard]] std::unique_ptr<ByteSource> file_source(const std::filesystem::path& file);
// The stream must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> stream_source(std::istream& stream);

// The text must outlive the source.
[[nodiscard]] std::unique_ptr<ByteSource> text_source(std::string_view text);

enum class Compression : std::uint8_t { by_content, gzip, zstd };

// What a file's name says: .gz, .zst or nothing.
[[nodiscard]] Compression compression_of(std::string_view file_name);
// The name without such an extension.
[[nodiscard]] std::string_view uncompressed_name(std::string_view file_name);

// The text in `source`, whose compression is what `expected` says, or what its first bytes show. Several gzip
// members or zstd frames one after another are one text. Throws Error(syntax) when the content is not as expected.
[[nodiscard]] std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, Compression expected);
// The same, saying whether there was anything to decompress.
[[nodiscard]] std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, Compression expected,
                                                       bool& compressed);

}  // namespace akyn

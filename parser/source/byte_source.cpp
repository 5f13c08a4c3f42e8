#include "parser/source/byte_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include <akyn/error.h>
#include "parser/source/compressed_source.h"

namespace akyn {
namespace {

class StreamSource final : public ByteSource {
 public:
  explicit StreamSource(std::istream& stream) : stream_(stream) {}

  std::size_t read(char* out, std::size_t capacity) override {
    if (!stream_) return 0;
    errno = 0;
    stream_.read(out, static_cast<std::streamsize>(capacity));
    const auto count = static_cast<std::size_t>(stream_.gcount());
    if (stream_.bad()) {
      throw Error(ErrorCode::io,
                  std::string("reading failed") + (errno == 0 ? "" : std::string(": ") + std::strerror(errno)));
    }
    consumed_ += count;
    return count;
  }
  std::uint64_t consumed() const noexcept override { return consumed_; }

 private:
  std::istream& stream_;
  std::uint64_t consumed_ = 0;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::filesystem::path& file) {
    errno = 0;
    stream_.open(file, std::ios::binary);
    if (!stream_) {
      throw Error(ErrorCode::io, file.string() + ": cannot be opened: " + std::strerror(errno));
    }
  }
  std::size_t read(char* out, std::size_t capacity) override { return source_.read(out, capacity); }
  std::uint64_t consumed() const noexcept override { return source_.consumed(); }

 private:
  std::ifstream stream_;
  StreamSource source_{stream_};
};

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text), size_(text.size()) {}

  std::size_t read(char* out, std::size_t capacity) override {
    const std::size_t count = rest_.copy(out, capacity);
    rest_.remove_prefix(count);
    return count;
  }
  std::uint64_t consumed() const noexcept override { return size_ - rest_.size(); }

 private:
  std::string_view rest_;
  std::size_t size_;
};

// A source whose first bytes were read already.
class PrefixedSource final : public ByteSource {
 public:
  PrefixedSource(std::string prefix, std::unique_ptr<ByteSource> rest)
      : prefix_(std::move(prefix)), rest_(std::move(rest)) {}

  std::size_t read(char* out, std::size_t capacity) override {
    if (at_ == prefix_.size()) return rest_->read(out, capacity);
    const std::size_t count = std::min(capacity, prefix_.size() - at_);
    std::memcpy(out, prefix_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::uint64_t consumed() const noexcept override { return rest_->consumed(); }

 private:
  std::string prefix_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

bool ends_with_ignoring_case(std::string_view text, std::string_view lower_case_end) {
  if (text.size() < lower_case_end.size()) return false;
  const std::string_view end = text.substr(text.size() - lower_case_end.size());
  return std::equal(end.begin(), end.end(), lower_case_end.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

std::unique_ptr<ByteSource> file_source(const std::filesystem::path& file) {
  return std::make_unique<FileSource>(file);
}

std::unique_ptr<ByteSource> stream_source(std::istream& stream) {
  return std::make_unique<StreamSource>(stream);
}

std::unique_ptr<ByteSource> text_source(std::string_view text) {
  return std::make_unique<TextSource>(text);
}

Compression compression_of(std::string_view file_name) {
  if (ends_with_ignoring_case(file_name, ".gz")) return Compression::gzip;
  if (ends_with_ignoring_case(file_name, ".zst")) return Compression::zstd;
  return Compression::by_content;
}

std::string_view uncompressed_name(std::string_view file_name) {
  switch (compression_of(file_name)) {
    case Compression::gzip:
      return file_name.substr(0, file_name.size() - 3);
    case Compression::zstd:
      return file_name.substr(0, file_name.size() - 4);
    case Compression::by_content:
      break;
  }
  return file_name;
}

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, Compression expected) {
  bool compressed = false;
  return decompressed(std::move(source), expected, compressed);
}

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, Compression expected, bool& compressed) {
  std::string start(kLongestMagic, '\0');
  std::size_t size = 0;
  while (size < start.size()) {
    const std::size_t count = source->read(start.data() + size, start.size() - size);
    if (count == 0) break;
    size += count;
  }
  start.resize(size);

  const bool gzip = is_gzip(start);
  const bool zstd = is_zstd(start);
  const bool wrong = (expected == Compression::gzip && !gzip) || (expected == Compression::zstd && !zstd);
  if (wrong) {
    const std::string kind = expected == Compression::gzip ? "gzip" : "zstd";
    throw Error(ErrorCode::syntax, size < kLongestMagic ? "the " + kind + " data is cut short"
                                                        : "the file's name says " + kind + ", its content is none");
  }
  compressed = gzip || zstd;
  source = std::make_unique<PrefixedSource>(std::move(start), std::move(source));
  if (gzip) return gzip_source(std::move(source));
  if (zstd) return zstd_source(std::move(source));
  return source;
}

}  // namespace akyn

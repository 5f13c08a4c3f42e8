#include "parser/source/compressed_source.h"

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <akyn/error.h>

namespace akyn {
namespace {

constexpr std::size_t kBufferSize = std::size_t{256} << 10;

// Compressed bytes on their way in.
class Feed {
 public:
  explicit Feed(std::unique_ptr<ByteSource> source) : source_(std::move(source)), buffer_(kBufferSize) {}

  // Reads on when all was used; false at the end.
  [[nodiscard]] bool fill() {
    if (at_ < size_) return true;
    offset_ += size_;
    at_ = 0;
    size_ = source_->read(buffer_.data(), buffer_.size());
    return size_ > 0;
  }
  [[nodiscard]] char* data() { return buffer_.data() + at_; }
  [[nodiscard]] std::size_t size() const { return size_ - at_; }
  void use(std::size_t count) { at_ += count; }
  [[nodiscard]] std::uint64_t offset() const { return offset_ + at_; }
  [[nodiscard]] std::uint64_t consumed() const noexcept { return source_->consumed(); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::uint64_t offset_ = 0;
};

[[noreturn]] void fail(const std::string& what, const Feed& feed) {
  throw Error(ErrorCode::syntax, what + " (after " + std::to_string(feed.offset()) + " bytes of it)");
}

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> source) : feed_(std::move(source)) {
    constexpr int kGzipWindow = 15 + 16;
    if (inflateInit2(&stream_, kGzipWindow) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  std::size_t read(char* out, std::size_t capacity) override {
    const std::size_t room = std::min<std::size_t>(capacity, std::numeric_limits<uInt>::max());
    for (;;) {
      const bool more = feed_.fill();
      if (between_members_) {
        while (more && feed_.size() > 0 && *feed_.data() == '\0') feed_.use(1);
        if (!more) return 0;
        if (feed_.size() == 0) continue;
        inflateReset(&stream_);
        between_members_ = false;
        first_member_ = false;
      }
      stream_.next_in = reinterpret_cast<Bytef*>(feed_.data());
      stream_.avail_in = static_cast<uInt>(feed_.size());
      stream_.next_out = reinterpret_cast<Bytef*>(out);
      stream_.avail_out = static_cast<uInt>(room);
      const int status = inflate(&stream_, Z_NO_FLUSH);
      feed_.use(feed_.size() - stream_.avail_in);
      const std::size_t made = room - stream_.avail_out;
      between_members_ = status == Z_STREAM_END;
      if (made > 0) return made;
      if (status == Z_MEM_ERROR) throw std::bad_alloc();
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
        const bool in_header = stream_.total_out == 0 && !first_member_;
        fail(in_header ? "what follows the gzip data is no gzip data" : "the gzip data is damaged", feed_);
      }
      if (!more && !between_members_) fail("the gzip data is cut short", feed_);
    }
  }
  std::uint64_t consumed() const noexcept override { return feed_.consumed(); }

 private:
  Feed feed_;
  z_stream stream_{};
  bool between_members_ = false;
  bool first_member_ = true;
};

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> source) : feed_(std::move(source)), stream_(ZSTD_createDStream()) {
    if (!stream_) throw std::bad_alloc();
  }

  std::size_t read(char* out, std::size_t capacity) override {
    ZSTD_outBuffer made{out, capacity, 0};
    for (;;) {
      const bool more = feed_.fill();
      if (!more && between_frames_) return 0;
      ZSTD_inBuffer next{feed_.data(), feed_.size(), 0};
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &made, &next);
      feed_.use(next.pos);
      if (ZSTD_isError(status) != 0) fail_with(ZSTD_getErrorCode(status));
      between_frames_ = status == 0;
      if (made.pos > 0) return made.pos;
      if (!more && !between_frames_) fail("the zstd data is cut short", feed_);
    }
  }
  std::uint64_t consumed() const noexcept override { return feed_.consumed(); }

 private:
  [[noreturn]] void fail_with(ZSTD_ErrorCode code) const {
    if (code == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (code == ZSTD_error_frameParameter_windowTooLarge) {
      throw Error(ErrorCode::limit,
                  "the zstd data needs more than 128 MB of memory; compress it with --long=27 or less");
    }
    fail(code == ZSTD_error_prefix_unknown ? "what follows the zstd data is no zstd data" : "the zstd data is damaged",
         feed_);
  }

  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  Feed feed_;
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool between_frames_ = false;
};

}  // namespace

bool is_gzip(std::string_view start) {
  return start.starts_with("\x1F\x8B");
}

bool is_zstd(std::string_view start) {
  return start.starts_with("\x28\xB5\x2F\xFD") ||
         (start.size() >= 4 && (start[0] & 0xF0) == 0x50 && start.substr(1, 3) == "\x2A\x4D\x18");
}

std::unique_ptr<ByteSource> gzip_source(std::unique_ptr<ByteSource> source) {
  return std::make_unique<GzipSource>(std::move(source));
}

std::unique_ptr<ByteSource> zstd_source(std::unique_ptr<ByteSource> source) {
  return std::make_unique<ZstdSource>(std::move(source));
}

}  // namespace akyn

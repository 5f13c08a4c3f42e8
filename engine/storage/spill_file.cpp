#include "engine/storage/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <limits>
#include <system_error>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/bloom_filter.h"
#include "engine/storage/byte_reader.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kFrameHeader = 12;

[[noreturn]] void fail(const std::string& directory, int error) {
  throw Error(ErrorCode::io, fmt::format("cannot use a temporary file in '{}': {}", directory,
                                         std::generic_category().message(error)));
}

}  // namespace

SpillFile::SpillFile(const std::string& directory, std::size_t buffer) : directory_(directory), buffer_bytes_(buffer) {
  std::string name = directory + "/sort-XXXXXX";
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail(directory_, errno);
  ::unlink(name.c_str());
}

SpillFile::~SpillFile() {
  ::close(file_);
}

void SpillFile::append(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::limit, "a term of more than 4 GiB cannot be sorted");
  }
  append_fixed(buffer_, static_cast<std::uint32_t>(bytes.size()));
  append_fixed(buffer_, hash_bytes(bytes, bytes.size()));
  buffer_ += bytes;
  if (buffer_.size() >= buffer_bytes_) flush();
}

void SpillFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t taken = ::pwrite(file_, rest.data(), rest.size(), static_cast<off_t>(written_));
    if (taken < 0) {
      if (errno == EINTR) continue;
      fail(directory_, errno);
    }
    written_ += static_cast<std::uint64_t>(taken);
    rest.remove_prefix(static_cast<std::size_t>(taken));
  }
  buffer_.clear();
}

void SpillFile::read_exactly(std::uint64_t offset, char* to, std::size_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(file_, to, size, static_cast<off_t>(offset));
    if (got < 0) {
      if (errno == EINTR) continue;
      fail(directory_, errno);
    }
    if (got == 0) throw Error(ErrorCode::corruption, "a temporary file of a sort is cut short");
    to += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
}

void SpillFile::read(std::uint64_t& offset, std::string& bytes) {
  if (offset >= written_) flush();  // a frame is in the file or in the buffer as a whole
  std::array<char, kFrameHeader> header{};
  read_exactly(offset, header.data(), header.size());
  bytes.resize(load_fixed<std::uint32_t>(header.data()));
  read_exactly(offset + kFrameHeader, bytes.data(), bytes.size());
  if (hash_bytes(bytes, bytes.size()) != load_fixed<std::uint64_t>(header.data() + 4)) {
    throw Error(ErrorCode::corruption, "a temporary file of a sort is damaged");
  }
  offset += kFrameHeader + bytes.size();
}

}  // namespace akyn::storage

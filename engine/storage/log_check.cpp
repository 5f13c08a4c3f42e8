#include "engine/storage/log_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <boost/crc.hpp>

#include "engine/storage/byte_reader.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

// A log is a row of blocks, the last of which may be short. Records do not cross their ends: a batch that does not fit
// is several of them. Less than a header at the end of a block is not used. A record is
//
//     checksum   4 bytes   CRC-32C of all that follows the length, masked
//     length     2 bytes   of the data
//     type       1 byte    1: a whole batch; 2, 3, 4: the first, a middle and the last part of one
//     data
constexpr std::size_t kBlockBytes = std::size_t{32} << 10;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::size_t kLengthPlace = 4;
constexpr std::size_t kTypePlace = 6;

bool is_record_type(char type) {
  return type >= 1 && type <= 4;
}

// A record that begins `bytes`, which are the rest of its block or of the file and hold a header at least.
class Record {
 public:
  explicit Record(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool is_of_known_type() const { return is_record_type(bytes_[kTypePlace]); }
  // By its length.
  [[nodiscard]] std::size_t size() const {
    return kHeaderBytes + load_fixed<std::uint16_t>(bytes_.data() + kLengthPlace);
  }
  // If it had this size.
  [[nodiscard]] bool has_right_checksum(std::size_t size) const {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
    sum.process_bytes(bytes_.data() + kTypePlace, size - kTypePlace);
    const std::uint32_t masked = ((sum.checksum() >> 15) | (sum.checksum() << 17)) + 0xA282EAD8;
    return masked == load_fixed<std::uint32_t>(bytes_.data());
  }
  [[nodiscard]] bool is_whole() const {
    return is_of_known_type() && size() <= bytes_.size() && has_right_checksum(size());
  }

 private:
  std::string_view bytes_;
};

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// Of the bytes from a record on, which ends behind them: whether it is whole all the same, or one that follows it.
bool has_whole_record(std::string_view bytes) {
  if (Record(bytes).has_right_checksum(bytes.size())) return true;
  for (std::size_t at = 1; at + kHeaderBytes <= bytes.size(); ++at) {
    if (Record(bytes.substr(at)).is_whole()) return true;
  }
  return false;
}

// Takes the blocks of a log in order.
class LogWalk {
 public:
  // What is wrong with the log, and where.
  struct Damage {
    std::uint64_t place;
    std::string_view what;
  };

  // `is_last`: there are no more bytes.
  [[nodiscard]] std::optional<Damage> take(std::string_view block, bool is_last) {
    std::size_t at = 0;
    const auto damage = [&](std::string_view what) { return Damage{begin_ + at, what}; };
    while (!only_zeros_ && at + kHeaderBytes <= block.size()) {
      const std::string_view rest = block.substr(at);
      const Record record(rest);
      if (is_zero(rest.substr(kLengthPlace, kHeaderBytes - kLengthPlace))) {
        only_zeros_ = true;
        at += kLengthPlace;
      } else if (!record.is_of_known_type()) {
        return damage("a record of a type that there is not");
      } else if (at + record.size() > kBlockBytes) {
        return damage("a record that is longer than records are");
      } else if (record.size() <= rest.size()) {
        at += record.size();
      } else if (!is_last || has_whole_record(rest)) {
        return damage("a record that does not end where the next one begins");
      } else {
        return std::nullopt;
      }
    }
    if (only_zeros_ && !is_zero(block.substr(at))) return damage("zeros where a record begins");
    begin_ += block.size();
    return std::nullopt;
  }

 private:
  std::uint64_t begin_ = 0;  // of the block that comes next
  bool only_zeros_ = false;  // from some record on
};

// Fills `block` unless the file ends before.
IOStatus read_block(rocksdb::FSSequentialFile& file, std::vector<char>& block, std::size_t& bytes) {
  bytes = 0;
  while (bytes < block.size()) {
    rocksdb::Slice read;
    char* const to = block.data() + bytes;
    IOStatus status = file.Read(block.size() - bytes, IOOptions(), &read, to, nullptr);
    if (!status.ok() || read.empty()) return status;
    if (read.data() != to) std::copy_n(read.data(), read.size(), to);
    bytes += read.size();
  }
  return IOStatus::OK();
}

void check_log(rocksdb::FileSystem& files, const std::string& directory, const std::string& name) {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  const IOStatus opened = files.NewSequentialFile(directory + '/' + name, rocksdb::FileOptions(), &file, nullptr);
  if (opened.IsPathNotFound() || opened.IsNotFound()) return;
  check(opened, directory);
  LogWalk walk;
  std::vector<char> block(kBlockBytes);
  for (std::size_t bytes = kBlockBytes; bytes == kBlockBytes;) {
    check(read_block(*file, block, bytes), directory);
    const auto damage = walk.take({block.data(), bytes}, bytes < kBlockBytes);
    if (damage) throw_corruption(directory, fmt::format("{} has {}, at byte {}", name, damage->what, damage->place));
  }
}

// The name of the list of files; empty where there is none.
std::string list_of(rocksdb::FileSystem& files, const std::string& directory) {
  std::string name;
  const IOStatus status = rocksdb::ReadFileToString(&files, directory + "/CURRENT", &name);
  if (status.IsPathNotFound() || status.IsNotFound()) return {};
  check(status, directory);
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

}  // namespace

void check_logs(rocksdb::FileSystem& files, const std::string& directory) {
  std::vector<std::string> names;
  const IOStatus listed = files.GetChildren(directory, IOOptions(), &names, nullptr);
  if (listed.IsPathNotFound() || listed.IsNotFound()) return;
  check(listed, directory);
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(".log"); });
  const std::string list = list_of(files, directory);
  if (!list.empty()) names.push_back(list);
  for (const std::string& name : names) check_log(files, directory, name);
}

}  // namespace akyn::storage

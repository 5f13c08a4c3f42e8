#include "engine/storage/log_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/storage/byte_reader.h"
#include "engine/storage/crc32c.h"
#include "engine/storage/log_list.h"
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

constexpr char kWholeBatch = 1;
constexpr char kFirstPart = 2;
constexpr char kLastPart = 4;

std::uint32_t masked(const Crc32c& sum) {
  return ((sum.checksum() >> 15) | (sum.checksum() << 17)) + 0xA282EAD8;
}

bool is_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

// A record that begins `bytes`, which are the rest of its block or of the file and hold a header at least.
class Record {
 public:
  explicit Record(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] bool has_zero_length_and_type() const {
    return is_zero(bytes_.substr(kLengthPlace, kHeaderBytes - kLengthPlace));
  }
  [[nodiscard]] bool is_of_known_type() const { return type() >= kWholeBatch && type() <= kLastPart; }
  // By its length.
  [[nodiscard]] std::size_t size() const { return kHeaderBytes + length(); }
  [[nodiscard]] bool is_whole() const {
    if (!is_of_known_type() || size() > bytes_.size()) return false;
    Crc32c sum;
    sum.process_bytes(bytes_.data() + kTypePlace, size() - kTypePlace);
    return masked(sum) == checksum();
  }
  // With a length that has one other byte.
  [[nodiscard]] bool is_whole_with_another_length() const {
    Crc32c sum;
    sum.process_byte(static_cast<unsigned char>(type()));
    for (std::size_t length = 0;; ++length) {
      const std::size_t difference = length ^ this->length();
      if (((difference & 0xFF) == 0 || (difference & 0xFF00) == 0) && masked(sum) == checksum()) return true;
      if (kHeaderBytes + length == bytes_.size()) return false;
      sum.process_byte(static_cast<unsigned char>(bytes_[kHeaderBytes + length]));
    }
  }
  // Of the batch that begins here, if one does. RocksDB numbers all changes: a batch has the number of its first one,
  // and how many they are.
  struct Changes {
    std::uint64_t first;
    std::uint64_t end;  // above the last one
  };
  [[nodiscard]] std::optional<Changes> changes() const {
    constexpr std::size_t kNumberBytes = 8;
    constexpr std::size_t kCountBytes = 4;
    const bool begins_batch = type() == kWholeBatch || type() == kFirstPart;
    const std::string_view data = bytes_.substr(kHeaderBytes, length());
    if (!begins_batch || data.size() < kNumberBytes + kCountBytes) return std::nullopt;
    const auto first = load_fixed<std::uint64_t>(data.data());
    return Changes{first, first + load_fixed<std::uint32_t>(data.data() + kNumberBytes)};
  }

 private:
  [[nodiscard]] std::uint32_t checksum() const { return load_fixed<std::uint32_t>(bytes_.data()); }
  [[nodiscard]] std::uint16_t length() const { return load_fixed<std::uint16_t>(bytes_.data() + kLengthPlace); }
  [[nodiscard]] char type() const { return bytes_[kTypePlace]; }

  std::string_view bytes_;
};

// Takes the blocks of a log in order.
class LogWalk {
 public:
  // `has_batches`: its records are batches of changes, and not entries of the list of files.
  explicit LogWalk(bool has_batches) : has_batches_(has_batches) {}

  // What is wrong with the log, and where.
  struct Damage {
    std::uint64_t place;
    std::string_view what;
  };

  // A block that is not full is the last one.
  [[nodiscard]] std::optional<Damage> take(std::string_view block) {
    std::size_t at = 0;
    const auto damage = [&](std::string_view what) { return Damage{begin_ + at, what}; };
    while (!only_zeros_ && at + kHeaderBytes <= block.size()) {
      const std::string_view rest = block.substr(at);
      const Record record(rest);
      if (record.has_zero_length_and_type()) {
        only_zeros_ = true;
        zeros_begin_ = begin_ + at;
        at += kLengthPlace;
      } else if (!record.is_of_known_type()) {
        return damage("a record of a type that there is not");
      } else if (at + record.size() > kBlockBytes) {
        return damage("a record that is longer than records are");
      } else if (record.size() <= rest.size()) {
        if (const auto changes = record.changes()) changes_end_ = changes->end;
        at += record.size();
      } else if (record.is_whole_with_another_length() || has_next_batch(rest)) {
        return damage("a record that does not end where the next one begins");
      } else {
        return std::nullopt;
      }
    }
    if (only_zeros_ && !is_zero(block.substr(at))) return Damage{zeros_begin_, "zeros where a record begins"};
    begin_ += block.size();
    return std::nullopt;
  }

 private:
  // Behind the record that begins `rest`: whether the batch after it is there. A text may have been made to look like
  // records; whoever made it did not know the numbers of the changes that come next.
  [[nodiscard]] bool has_next_batch(std::string_view rest) const {
    constexpr std::uint64_t kMostBetween = 64;  // files that were taken in have numbers, too
    const auto own = Record(rest).changes();
    const std::uint64_t end = own ? own->end : changes_end_;
    if (!has_batches_ || end == 0) return false;
    for (std::size_t at = 1; at + kHeaderBytes <= rest.size(); ++at) {
      const Record record(rest.substr(at));
      const auto changes = record.changes();
      if (changes && changes->first >= end && changes->first - end <= kMostBetween && record.is_whole()) return true;
    }
    return false;
  }

  bool has_batches_;
  std::uint64_t begin_ = 0;  // of the block that comes next
  bool only_zeros_ = false;  // from some record on
  std::uint64_t zeros_begin_ = 0;
  std::uint64_t changes_end_ = 0;  // of the last batch that has begun; 0: of none yet
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

// False when the file is gone.
bool check_log(rocksdb::FileSystem& files, const std::string& directory, const std::string& name, bool has_batches) {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  const IOStatus opened = files.NewSequentialFile(directory + '/' + name, rocksdb::FileOptions(), &file, nullptr);
  if (is_missing(opened)) return false;
  check(opened, directory);
  LogWalk walk(has_batches);
  std::vector<char> block(kBlockBytes);
  for (std::size_t bytes = kBlockBytes; bytes == kBlockBytes;) {
    check(read_block(*file, block, bytes), directory);
    const auto damage = walk.take({block.data(), bytes});
    if (damage) throw_corruption(directory, fmt::format("{} has {}, at byte {}", name, damage->what, damage->place));
  }
  return true;
}

// The name of the list of files; empty where there is none.
std::string list_of(rocksdb::FileSystem& files, const std::string& directory) {
  std::string name;
  const IOStatus status = rocksdb::ReadFileToString(&files, directory + "/CURRENT", &name);
  if (is_missing(status)) return {};
  check(status, directory);
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

}  // namespace

void check_logs(rocksdb::FileSystem& files, const std::string& directory) {
  std::vector<std::string> logs;
  check(logs_in(files, directory, logs), directory);
  for (const std::string& log : logs) check_log(files, directory, log, true);
  // A list that is gone has been replaced, or RocksDB will say that it is missing.
  std::string before;
  for (std::string list = list_of(files, directory); list != before; list = list_of(files, directory)) {
    if (check_log(files, directory, list, false)) break;
    before = std::move(list);
  }
}

}  // namespace akyn::storage

#include "engine/storage/log_list.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/storage/crc32c.h"
#include "engine/storage/file_names.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

using rocksdb::IOOptions;
using rocksdb::IOStatus;

std::string text_of(const LogLengths& lengths) {
  std::string text;
  for (const auto& [name, length] : lengths) text += fmt::format("{} {}\n", name, length);
  Crc32c sum;
  sum.process_bytes(text.data(), text.size());
  return text + fmt::format("crc32c {:08x}\n", sum.checksum());
}

// None when that is not the text of a list.
std::optional<LogLengths> parse(std::string_view text) {
  LogLengths lengths;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
    const std::size_t space = line.find(' ');
    const std::string_view name = line.substr(0, space);
    if (space == std::string_view::npos || !is_log(name)) continue;
    std::uint64_t length = 0;
    std::from_chars(line.data() + space + 1, line.data() + line.size(), length);
    lengths.emplace(name, length);
  }
  if (text_of(lengths) != text) return std::nullopt;
  return lengths;
}

// None when there is no list.
std::optional<std::string> read(rocksdb::FileSystem& files, const std::string& directory) {
  std::string text;
  const IOStatus status = rocksdb::ReadFileToString(&files, directory + '/' + kLogListFile, &text);
  if (is_missing(status)) return std::nullopt;
  check(status, directory);
  return text;
}

// What is wrong with the logs; empty when nothing is.
std::string fault_of(rocksdb::FileSystem& files, const std::string& directory, const LogLengths& lengths) {
  for (const auto& [name, length] : lengths) {
    std::uint64_t found = 0;
    const IOStatus status = files.GetFileSize(directory + '/' + name, IOOptions(), &found, nullptr);
    if (is_missing(status)) return fmt::format("its log {} is missing", name);
    check(status, directory);
    if (found < length) return fmt::format("its log {} has {} bytes, and had {}", name, found, length);
  }
  return {};
}

}  // namespace

IOStatus logs_in(rocksdb::FileSystem& files, const std::string& directory, std::vector<std::string>& names) {
  names.clear();
  IOStatus status = files.GetChildren(directory, IOOptions(), &names, nullptr);
  if (is_missing(status)) status = IOStatus::OK();
  std::erase_if(names, [](std::string_view name) { return !is_log(name); });
  // Numbers have six digits at least, and those with more come later.
  std::sort(names.begin(), names.end(), [](const std::string& left, const std::string& right) {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  });
  return status;
}

IOStatus replace_log_list(rocksdb::FileSystem& files, const std::string& directory, const LogLengths& lengths) {
  const std::string next = directory + '/' + kNextLogListFile;
  IOStatus status = rocksdb::WriteStringToFile(&files, text_of(lengths), next, true);
  if (!status.ok()) return status;
  return files.RenameFile(next, directory + '/' + kLogListFile, IOOptions(), nullptr);
}

void check_log_list(rocksdb::FileSystem& files, const std::string& directory) {
  // A log is deleted when it has gone from the list: only what is there a second time is a fault.
  std::pair<std::string, std::string> before;
  while (std::optional<std::string> text = read(files, directory)) {
    const std::optional<LogLengths> lengths = parse(*text);
    if (!lengths) throw_corruption(directory, fmt::format("{} is not as it was written", kLogListFile));
    std::pair now(std::move(*text), fault_of(files, directory, *lengths));
    if (now.second.empty()) return;
    if (now == before) throw_corruption(directory, now.second);
    before = std::move(now);
  }
}

}  // namespace akyn::storage

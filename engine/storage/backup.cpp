#include "engine/storage/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/utilities/checkpoint.h>

#include <akyn/error.h>
#include "engine/storage/lasting_directory.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// The path as it is to be named: absolute, without a slash behind it.
std::filesystem::path named(const std::filesystem::path& directory) {
  std::filesystem::path path = std::filesystem::absolute(directory).lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

bool is_within(const std::filesystem::path& path, const std::filesystem::path& directory) {
  const std::filesystem::path inner = std::filesystem::weakly_canonical(path);
  const std::filesystem::path outer = std::filesystem::canonical(directory);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

// Before a copy of `source` is made at a path, of the form that named() gives: nothing is there, and its parent is.
void prepare(rocksdb::Env& files, const std::filesystem::path& source, const std::filesystem::path& directory,
             std::string_view what) {
  const auto fail = [&](ErrorCode code, std::string_view why) {
    throw Error(code, fmt::format("cannot {} '{}': {}", what, directory.string(), why));
  };
  std::error_code error;
  const std::filesystem::file_type there = std::filesystem::symlink_status(directory, error).type();
  if (there == std::filesystem::file_type::none) fail(ErrorCode::io, error.message());
  if (there != std::filesystem::file_type::not_found) {
    fail(ErrorCode::invalid_argument, "there is something there already");
  }
  if (is_within(directory, source)) fail(ErrorCode::invalid_argument, "that is inside what is to be copied");
  const rocksdb::Status made = make_directories(files, directory.parent_path());
  if (!made.ok()) fail(ErrorCode::io, made.ToString());
}

[[noreturn]] void throw_io(const std::filesystem::path& path, int code) {
  throw Error(ErrorCode::io, fmt::format("{}: {}", path.string(), std::generic_category().message(code)));
}

class File {
 public:
  File(const std::filesystem::path& path, int flags) : path_(path), descriptor_(::open(path.c_str(), flags, 0644)) {
    if (descriptor_ < 0) throw_io(path, errno);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(descriptor_); }

  // 0 at the end.
  [[nodiscard]] std::size_t read(char* to, std::size_t bytes) const {
    for (;;) {
      const ::ssize_t count = ::read(descriptor_, to, bytes);
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw_io(path_, errno);
    }
  }
  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ::ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw_io(path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void sync() const {
    if (::fsync(descriptor_) != 0) throw_io(path_, errno);
  }

 private:
  std::filesystem::path path_;
  int descriptor_;
};

// One that nobody else has, beside what is made in it or of it. Goes with all that is in it, unless it gets another
// name.
class NewDirectory {
 public:
  // Called ".NAME.DOING-...".
  NewDirectory(const std::filesystem::path& beside, std::string_view doing) {
    std::string name =
        (beside.parent_path() / fmt::format(".{}.{}-XXXXXX", beside.filename().string(), doing)).string();
    if (::mkdtemp(name.data()) == nullptr) throw_io(name, errno);
    path_ = name;
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
  }
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;
  ~NewDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  void rename(const std::filesystem::path& name) {
    std::filesystem::rename(path_, name);
    path_.clear();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

void copy_backup(const std::filesystem::path& backup, const std::filesystem::path& directory,
                 const std::function<void(const std::filesystem::path&)>& check_copy, const WorkProgress& progress) {
  if (!std::filesystem::is_directory(backup)) {
    throw Error(ErrorCode::not_found, fmt::format("there is no store at '{}'", backup.string()));
  }
  const std::filesystem::path target = named(directory);
  prepare(*rocksdb::Env::Default(), backup, target, "restore to");
  std::vector<std::filesystem::path> files;
  std::uint64_t total = 0;
  for (const auto& entry : std::filesystem::directory_iterator(backup)) {
    if (!entry.is_regular_file()) continue;  // staging: what was on its way when the backup was last opened
    files.push_back(entry.path());
    total += entry.file_size();
  }
  NewDirectory copy(target, "restoring");
  std::vector<char> buffer(std::size_t{1} << 20U);
  std::uint64_t done = 0;
  for (const std::filesystem::path& file : files) {
    const File from(file, O_RDONLY | O_CLOEXEC);
    const File to(copy.path() / file.filename(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC);
    while (const std::size_t count = from.read(buffer.data(), buffer.size())) {
      to.write({buffer.data(), count});
      done += count;
      if (progress) progress("copying", std::min(done, total), total);
    }
    to.sync();
  }
  check_copy(copy.path());
  File(copy.path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
  copy.rename(target);
  File(target.parent_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC).sync();
}

void back_up(VersionStore& store, const std::filesystem::path& directory) {
  Rocks& rocks = store.rocks();
  if (rocks.is_in_memory()) {
    throw Error(ErrorCode::unsupported, "a store in memory has no files to copy: write a dump instead");
  }
  rocksdb::Checkpoint* created = nullptr;
  check(rocksdb::Checkpoint::Create(&rocks.db(), &created), rocks.name());
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(created);
  // Nothing may come between the list of files and the log that says which of them count.
  const auto structure = store.lock_structure();
  const auto changes = store.lock_changes();
  // It writes out what is in memory, for which there has to be room, and copies the list of files, which may be in
  // doubt.
  rocks.check_open_to_changes();
  rocks.check_room(0);
  const std::filesystem::path target = named(directory);
  rocksdb::Env& files = *rocks.db().GetEnv();
  prepare(files, rocks.name(), target, "back up to");
  // RocksDB first empties a directory of the name that it is given with ".tmp" behind it, whoever made that. Here is
  // none but its own.
  const NewDirectory place(target, "backing-up");
  const std::string copy = place.path() / "store";
  const rocksdb::Status copied = checkpoint->CreateCheckpoint(copy);
  if (!copied.ok()) rocks.check_open_to_changes();
  check(copied, rocks.name());
  check(files.RenameFile(copy, target.string()), rocks.name());
  check(sync_name(files, target), rocks.name());
}

}  // namespace akyn::storage

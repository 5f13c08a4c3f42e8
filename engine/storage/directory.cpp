#include "engine/storage/directory.h"

#include <algorithm>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <akyn/error.h>
#include "engine/storage/keys.h"
#include "engine/storage/lasting_directory.h"
#include "engine/storage/log_list.h"
#include "engine/storage/rocks.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

namespace fs = std::filesystem;

// RocksDB's pointer to its current list of files: there once a database has been created.
constexpr const char* kCurrentFile = "CURRENT";

[[noreturn]] void throw_io(const fs::path& directory, const std::error_code& error) {
  throw Error(ErrorCode::io, fmt::format("cannot open store '{}': {}", directory.string(), error.message()));
}

[[noreturn]] void throw_not_a_store(const fs::path& directory, const std::string& what) {
  throw Error(ErrorCode::not_a_store, fmt::format("'{}' is not an Akyn store: {}", directory.string(), what));
}

struct Content {
  std::vector<std::string> names;  // sorted
  bool has_current = false;
  bool has_holder = false;
  bool has_log_list = false;
  bool has_data = false;  // RocksDB's logs or tables, which it writes only after CURRENT
};

Content list(const fs::path& directory) {
  Content content;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end; it.increment(error)) {
    content.names.push_back(it->path().filename().string());
  }
  if (error) throw_io(directory, error);
  std::sort(content.names.begin(), content.names.end());
  const auto has = [&](const char* name) {
    return std::binary_search(content.names.begin(), content.names.end(), name);
  };
  content.has_current = has(kCurrentFile);
  content.has_holder = has(kHolderFile);
  content.has_log_list = has(kLogListFile);
  content.has_data = std::any_of(content.names.begin(), content.names.end(), [](std::string_view name) {
    return name.ends_with(".log") || name.ends_with(".sst");
  });
  return content;
}

// "notes.txt", "a.txt and b.txt", "a.txt, b.txt and 3 more"
std::string describe(const std::vector<std::string>& names) {
  switch (names.size()) {
    case 1:
      return fmt::format("it holds {}", names[0]);
    case 2:
      return fmt::format("it holds {} and {}", names[0], names[1]);
    default:
      return fmt::format("it holds {}, {} and {} more", names[0], names[1], names.size() - 2);
  }
}

bool has_our_families(const fs::path& directory) {
  std::vector<std::string> families;
  const rocksdb::Status status =
      rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(base_options()), directory.string(), &families);
  check(status, directory.string());
  return std::is_permutation(families.begin(), families.end(), kFamilyNames.begin(), kFamilyNames.end());
}

// Reads the format key without writing anything. Throws unless this is a store of our version, one whose creation was
// cut short, which opening completes, or one with our file and families that has lost the key, which opening says.
void identify(const fs::path& directory, bool has_holder, bool has_families) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* opened = nullptr;
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {kFamilyNames[static_cast<std::size_t>(Family::metadata)], rocksdb::ColumnFamilyOptions()}};
  const rocksdb::Status status =
      rocksdb::DB::OpenForReadOnly(rocksdb::DBOptions(base_options()), directory.string(), families, &handles, &opened);
  if (status.IsInvalidArgument()) {  // comparators or operators of its own
    throw_not_a_store(directory, "it is a RocksDB database of another program");
  }
  check(status, directory.string());
  const std::unique_ptr<rocksdb::DB> db(opened);
  const std::unique_ptr<rocksdb::ColumnFamilyHandle> family(handles.front());

  std::string value;
  const rocksdb::Status found = db->Get(rocksdb::ReadOptions(), family.get(), format_key(), &value);
  if (found.ok()) {
    const std::uint32_t version = parse_format_value(value);
    if (version == 0) throw_not_a_store(directory, "it is a RocksDB database of another program");
    check_format_version(version, directory.string());
    return;
  }
  if (!found.IsNotFound()) check(found, directory.string());
  if (has_holder && has_families) return;
  const std::unique_ptr<rocksdb::Iterator> first(db->NewIterator(rocksdb::ReadOptions(), family.get()));
  first->SeekToFirst();
  if (!has_holder || first->Valid()) throw_not_a_store(directory, "it is a RocksDB database of another program");
  check(first->status(), directory.string());
}

[[noreturn]] void throw_not_found(const fs::path& directory, const StoreOptions& options) {
  throw Error(ErrorCode::not_found, fmt::format("there is no store at '{}'{}", directory.string(),
                                                options.read_only ? "; opening read-only does not create one" : ""));
}

}  // namespace

// Removes what was made for a new store.
struct StoreDirectory::New {
  explicit New(fs::path directory_) : directory(std::move(directory_)) {}
  New(const New&) = delete;
  New& operator=(const New&) = delete;
  ~New() {
    if (kept) return;
    std::error_code ignored;
    if (locked) {
      // The list before what it names, the lock after all that only a store may have.
      for (const char* const list : {kLogListFile, kNextLogListFile}) fs::remove(directory / list, ignored);
      const rocksdb::Status destroyed = rocksdb::DestroyDB(directory.string(), base_options());
      fs::remove_all(directory / kStagingDirectory, ignored);
      if (destroyed.ok()) fs::remove(directory / kHolderFile, ignored);
    }
    // A directory that is not empty stays.
    for (const fs::path& path : made) fs::remove(path, ignored);
  }

  fs::path directory;
  std::vector<fs::path> made;  // directories, from the innermost out
  bool locked = false;
  bool kept = false;
};

StoreDirectory::StoreDirectory() = default;
StoreDirectory::StoreDirectory(StoreDirectory&&) noexcept = default;
StoreDirectory::~StoreDirectory() = default;

StoreDirectory::StoreDirectory(const fs::path& directory, const StoreOptions& options, rocksdb::Env& files) {
  const auto create = [&] {
    if (!options.create_if_missing || options.read_only) throw_not_found(directory, options);
    if (options.discard_if_unused) {
      new_ = std::make_unique<New>(directory);
      new_->made = missing_directories(directory);
    }
    const rocksdb::Status made = make_directories(files, directory);
    if (!made.ok()) {
      throw Error(ErrorCode::io, fmt::format("cannot create store '{}': {}", directory.string(), made.ToString()));
    }
    lock_ = HolderLock(directory);
    if (new_) new_->locked = true;
  };
  std::error_code error;
  const fs::file_status status = fs::status(directory, error);
  if (status.type() == fs::file_type::not_found) {
    create();
    return;
  }
  if (error) throw_io(directory, error);
  if (status.type() != fs::file_type::directory) throw_not_a_store(directory, "it is a file; a store is a directory");

  const Content content = list(directory);
  if (content.has_log_list) check_log_list(*files.GetFileSystem(), directory.string());
  if (!content.has_current) {
    if (!content.names.empty() && !content.has_holder) throw_not_a_store(directory, describe(content.names));
    if (content.has_data) {
      throw_corruption(directory.string(), fmt::format("its file {} is missing", kCurrentFile));
    }
    create();
    return;
  }
  if (!content.has_holder) identify(directory, false, false);
  if (!options.read_only) lock_ = HolderLock(directory);
  if (content.has_holder) {
    const bool has_families = has_our_families(directory);
    // One of an earlier version has no list, and is not to get one.
    if (!has_families || !content.has_log_list) identify(directory, true, has_families);
  }
}

void StoreDirectory::keep() noexcept {
  if (new_) new_->kept = true;
}

void check_format_version(std::uint32_t version, const std::string& name) {
  if (version == kFormatVersion) return;
  throw Error(ErrorCode::format_version,
              fmt::format("store '{}' has format version {}, and this program reads version {}: dump it with the "
                          "version of Akyn that wrote it and load the dump into a new store",
                          name, version, kFormatVersion));
}

}  // namespace akyn::storage

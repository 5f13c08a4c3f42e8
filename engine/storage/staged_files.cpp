#include "engine/storage/staged_files.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// Deleting a run later deletes whole files: none needs to be larger than what RocksDB itself would write.
constexpr std::uint64_t kFileBytes = std::uint64_t{256} << 20;

// A file that fails to be read while RocksDB takes it in is taken in as one of no keys, without an error: nothing of it
// would ever be found.
std::size_t count_unreadable(const Rocks& rocks) {
  std::size_t count = 0;
  for (const Family family : kRunFamilies) {
    rocksdb::ColumnFamilyMetaData metadata;
    rocks.db().GetColumnFamilyMetaData(rocks.family(family), &metadata);
    for (const rocksdb::LevelMetaData& level : metadata.levels) {
      count += static_cast<std::size_t>(std::count_if(level.files.begin(), level.files.end(), is_unreadable));
    }
  }
  return count;
}

}  // namespace

class StagedFiles::FamilyFiles final : public KeyValueSink {
 public:
  FamilyFiles(StagedFiles& owner, Family family) : owner_(owner), family_(family) {}

  void put(std::string_view key, std::string_view value) override {
    check(writer().Put(key, value), owner_.rocks_.name());
  }
  void remove(std::string_view key) { check(writer().Delete(key), owner_.rocks_.name()); }

  void finish() {
    if (writer_ == nullptr) return;
    const std::unique_ptr<rocksdb::SstFileWriter> writer = std::move(writer_);
    check(writer->Finish(), owner_.rocks_.name());
  }
  void abandon() noexcept { writer_ = nullptr; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

 private:
  rocksdb::SstFileWriter& writer() {
    if (writer_ != nullptr && writer_->FileSize() >= kFileBytes) finish();
    if (writer_ == nullptr) {
      Rocks& rocks = owner_.rocks_;
      names_.push_back(rocks.staging_directory() + "/" + owner_.label_ + "-" + std::to_string(++owner_.number_) +
                       ".sst");
      writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), rocks.options_of(family_));
      check(writer_->Open(names_.back()), rocks.name());
    }
    return *writer_;
  }

  StagedFiles& owner_;
  Family family_;
  std::vector<std::string> names_;
  std::unique_ptr<rocksdb::SstFileWriter> writer_;
};

StagedFiles::StagedFiles(Rocks& rocks, std::string label) : rocks_(rocks), label_(std::move(label)) {
  check(rocks.db().GetEnv()->CreateDirIfMissing(rocks.staging_directory()), rocks.name());
}

// Whatever has been taken in has another name by now; what cannot be deleted goes when the store is next opened.
StagedFiles::~StagedFiles() {
  for (const auto& [family, files] : families_) {
    files->abandon();
    for (const std::string& name : files->names()) rocks_.db().GetEnv()->DeleteFile(name).PermitUncheckedError();
  }
}

StagedFiles::FamilyFiles& StagedFiles::files(Family family) {
  std::unique_ptr<FamilyFiles>& files = families_[family];
  if (files == nullptr) files = std::make_unique<FamilyFiles>(*this, family);
  return *files;
}

KeyValueSink& StagedFiles::sink(Family family) {
  return files(family);
}

void StagedFiles::remove(Family family, std::string_view key) {
  files(family).remove(key);
}

void StagedFiles::take_in(const std::vector<StagedFiles*>& staged) {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;           // the staging directory is on the same disk
  options.write_global_seqno = false;  // files stay as they were synced
  std::map<Family, std::vector<std::string>> names;
  for (StagedFiles* part : staged) {
    for (const auto& [family, files] : part->families_) {
      files->finish();
      names[family].insert(names[family].end(), files->names().begin(), files->names().end());
    }
  }
  std::erase_if(names, [](const auto& entry) { return entry.second.empty(); });
  if (names.empty()) return;
  Rocks& rocks = staged.front()->rocks_;
  std::vector<rocksdb::IngestExternalFileArg> arguments;
  for (const auto& [family, files] : names) {
    rocksdb::IngestExternalFileArg& argument = arguments.emplace_back();
    argument.column_family = rocks.family(family);
    argument.external_files = files;
    argument.options = options;
  }
  const std::size_t before = count_unreadable(rocks);
  rocks.take_in(arguments);
  if (count_unreadable(rocks) != before) {
    throw Error(ErrorCode::io, fmt::format("store '{}': a file that was just written cannot be read", rocks.name()));
  }
}

}  // namespace akyn::storage

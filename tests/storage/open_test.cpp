#include <rocksdb/db.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <set>

#include "engine/storage/holder_lock.h"
#include "engine/storage/keys.h"
#include "engine/storage/log_list.h"
#include "engine/storage/rocks.h"
#include "tests/storage/child.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

constexpr const char* kHeldStore = "AKYN_TEST_HELD_STORE";

void commit_one(Database& database, const std::string& name) {
  const auto writer = database.begin();
  writer->insert(intern(*writer, ex(name), ex("p"), ex("o"), ex("g")));
  writer->commit();
}

StoreOptions read_only() {
  StoreOptions options = fast();
  options.read_only = true;
  return options;
}

std::optional<Failure> open_failure(const std::filesystem::path& path, const StoreOptions& options = fast()) {
  return failure([&] { (void)Database::open(path, options); });
}

// Another process of this program that has a store open, until it is told to end.
class Holder {
 public:
  explicit Holder(const std::filesystem::path& store)
      : child_("*child process*", {{kHeldStore, store.string()}}, Child::Streams::pipes) {
    await();
  }

  void kill() {
    child_.kill();
    end();
  }
  // Lets the child commit one more quad, and waits until it has.
  void commit() {
    CHECK(child_.put('c'));
    await();
  }
  void end() { static_cast<void>(child_.wait()); }
  [[nodiscard]] pid_t pid() const { return child_.pid(); }

 private:
  void await() {
    char c = 0;
    CHECK(child_.get(c));
    CHECK(c == '!');
  }

  Child child_;
};

TEST_CASE("the child process of other tests" * doctest::skip()) {
  const char* const store = std::getenv(kHeldStore);
  if (store == nullptr) return;
  const auto database = Database::open(store, fast());
  commit_one(*database, "child");
  char c = '!';
  int number = 0;
  do {
    if (c == 'c') commit_one(*database, "child" + std::to_string(++number));
    if (::write(STDOUT_FILENO, "!", 1) != 1) return;
  } while (::read(STDIN_FILENO, &c, 1) == 1);
}

TEST_CASE("a store is created where there is nothing, or an empty directory") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "new" / "deep", fast()), "a");
  std::filesystem::create_directory(directory / "empty");
  commit_one(*Database::open(directory / "empty", fast()), "a");
  CHECK(rows(*Database::open(directory / "new" / "deep", fast())->snapshot()).size() == 1);
  CHECK(rows(*Database::open(directory / "empty", fast())->snapshot()).size() == 1);
}

TEST_CASE("nothing is created when it must not be") {
  const TempDirectory directory;
  StoreOptions options = fast();
  options.create_if_missing = false;
  for (const StoreOptions& chosen : {options, read_only()}) {
    const auto missing = open_failure(directory / "missing", chosen);
    REQUIRE(missing);
    CHECK(missing->code == ErrorCode::not_found);
    CHECK(mentions(missing->message, (directory / "missing").string()));
    CHECK_FALSE(std::filesystem::exists(directory / "missing"));
    std::filesystem::create_directory(directory / "empty");
    CHECK(open_failure(directory / "empty", chosen)->code == ErrorCode::not_found);
    CHECK(std::filesystem::is_empty(directory / "empty"));
  }
}

TEST_CASE("what is not a store is refused, named, and left alone") {
  const TempDirectory directory;
  write_file(directory / "facts.ttl", "<s> <p> <o> .");
  const auto file = open_failure(directory / "facts.ttl");
  REQUIRE(file);
  CHECK(file->code == ErrorCode::not_a_store);
  CHECK(mentions(file->message, "facts.ttl"));
  CHECK(mentions(file->message, "file"));

  const auto other = open_failure(directory.path());
  REQUIRE(other);
  CHECK(other->code == ErrorCode::not_a_store);
  CHECK(mentions(other->message, directory.path().string()));
  CHECK(mentions(other->message, "it holds facts.ttl"));
  CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("another program's RocksDB is refused and left alone") {
  const TempDirectory directory;
  {
    rocksdb::Options options = base_options();
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    REQUIRE(rocksdb::DB::Open(options, (directory / "rocks").string(), &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    REQUIRE(db->Put({}, "key", "value").ok());
  }
  const auto list = [&] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory / "rocks"))
      names.insert(entry.path().filename());
    return names;
  };
  const auto before = list();
  for (const StoreOptions& options : {fast(), read_only()}) {
    const auto refused = open_failure(directory / "rocks", options);
    REQUIRE(refused);
    CHECK(refused->code == ErrorCode::not_a_store);
    CHECK(mentions(refused->message, "another program"));
  }
  CHECK(list() == before);
}

TEST_CASE("a store of a newer format is refused") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "store", fast()), "a");
  {
    const auto rocks = Rocks::open((directory / "store").string(), Access::write, fast(), StoreDirectory());
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), format_key(), format_value(kFormatVersion + 1)).ok());
  }
  // Also when it has column families that this version does not know.
  for (const bool more_families : {false, true}) {
    if (more_families) {
      const auto rocks = Rocks::open((directory / "store").string(), Access::write, fast(), StoreDirectory());
      rocksdb::ColumnFamilyHandle* added = nullptr;
      REQUIRE(rocks->db().CreateColumnFamily({}, "added", &added).ok());
      REQUIRE(rocks->db().DestroyColumnFamilyHandle(added).ok());
    }
    for (const StoreOptions& options : {fast(), read_only()}) {
      const auto refused = open_failure(directory / "store", options);
      REQUIRE(refused);
      CHECK(refused->code == ErrorCode::format_version);
      CHECK(mentions(refused->message, "format version " + std::to_string(kFormatVersion + 1)));
    }
  }
}

TEST_CASE("a store of an older format, which has no list of logs, gets none") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "store", fast()), "a");
  {
    const auto rocks = Rocks::open((directory / "store").string(), Access::write, fast(), StoreDirectory());
    REQUIRE(rocks->db().Put({}, rocks->family(Family::metadata), format_key(), format_value(kFormatVersion - 1)).ok());
  }
  std::filesystem::remove(directory / "store" / kLogListFile);
  const auto logs = [&] {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
      const std::string name = entry.path().filename().string();
      if (name == kLogListFile || name.ends_with(".log")) names.insert(name);
    }
    return names;
  };
  const std::set<std::string> before = logs();
  for (const StoreOptions& options : {fast(), read_only()}) {
    const auto refused = open_failure(directory / "store", options);
    REQUIRE(refused);
    CHECK(refused->code == ErrorCode::format_version);
  }
  CHECK(logs() == before);
}

TEST_CASE("a creation cut short is completed") {
  const TempDirectory directory;
  // Killed with the lock taken and RocksDB not yet there.
  std::filesystem::create_directory(directory / "store");
  write_file(directory / "store" / kHolderFile, "1\n");
  CHECK(open_failure(directory / "store", read_only())->code == ErrorCode::not_found);
  commit_one(*Database::open(directory / "store", fast()), "a");
  // Killed with RocksDB there and its families not.
  rocksdb::Options options = base_options();
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  REQUIRE(rocksdb::DB::Open(options, (directory / "other").string(), &opened).ok());
  delete opened;
  write_file(directory / "other" / kHolderFile, "1\n");
  commit_one(*Database::open(directory / "other", fast()), "a");
  Database::open(directory / "other", fast())->verify();
}

TEST_CASE("a new store that nothing is committed to goes again, where that is asked for") {
  const TempDirectory directory;
  StoreOptions options = fast();
  options.discard_if_unused = true;
  const auto open_in_vain = [&](const std::filesystem::path& path) {
    const auto database = Database::open(path, options);
    const auto writer = database->begin();
    writer->insert(intern(*writer, ex("a"), ex("p"), ex("o"), ex("g")));
    CHECK(std::filesystem::exists(path / kHolderFile));
  };
  std::filesystem::create_directory(directory / "mine");
  open_in_vain(directory / "mine" / "new" / "deep");
  CHECK(std::filesystem::is_empty(directory / "mine"));
  open_in_vain(directory / "mine");
  CHECK(std::filesystem::is_empty(directory / "mine"));
  {
    const auto database = Database::open(directory / "shared", options);
    write_file(directory / "shared" / "notes.txt", "not ours");
  }
  CHECK(std::filesystem::exists(directory / "shared" / "notes.txt"));
  CHECK(std::distance(std::filesystem::directory_iterator(directory / "shared"), {}) == 1);

  // One that was there before, and one that was used, if only for an empty commit.
  commit_one(*Database::open(directory / "old", fast()), "a");
  open_in_vain(directory / "old");
  CHECK(rows(*Database::open(directory / "old", read_only())->snapshot()).size() == 1);
  Database::open(directory / "used", options)->begin()->commit();
  open_in_vain(directory / "used");
  CHECK(rows(*Database::open(directory / "used", read_only())->snapshot()).empty());
}

TEST_CASE("a new store whose place is taken or out of reach leaves no directories behind") {
  const TempDirectory directory;
  StoreOptions options = fast();
  options.discard_if_unused = true;
  write_file(directory / "file", "text");
  CHECK(open_failure(directory / "file" / "store", options)->code == ErrorCode::io);
  {
    const auto holder = Database::open(directory / "held", options);
    CHECK(open_failure(directory / "held", options)->code == ErrorCode::locked);
    commit_one(*holder, "a");
  }
  CHECK(rows(*Database::open(directory / "held", read_only())->snapshot()).size() == 1);
}

TEST_CASE("a copy of a store without its lock file is a store") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "store", fast()), "a");
  std::filesystem::remove(directory / "store" / kHolderFile);
  CHECK(rows(*Database::open(directory / "store", read_only())->snapshot()).size() == 1);
  CHECK(rows(*Database::open(directory / "store", fast())->snapshot()).size() == 1);
}

TEST_CASE("a store that another process has open is locked, and the message names the process") {
  const TempDirectory directory;
  Holder holder(directory / "store");
  const auto locked = open_failure(directory / "store");
  REQUIRE(locked);
  CHECK(locked->code == ErrorCode::locked);
  CHECK(mentions(locked->message, "process " + std::to_string(holder.pid())));
  CHECK(mentions(locked->message, (directory / "store").string()));
  holder.kill();
  // What it committed is there.
  const auto database = Database::open(directory / "store", fast());
  database->verify();
  CHECK(rows(*database->snapshot()).size() == 1);
}

TEST_CASE("a store that this process has open is locked, and stays so after the refusal") {
  const TempDirectory directory;
  const auto database = Database::open(directory / "store", fast());
  for (int i = 0; i < 2; ++i) {
    const auto locked = open_failure(directory / "store");
    REQUIRE(locked);
    CHECK(locked->code == ErrorCode::locked);
    CHECK(mentions(locked->message, "this process (" + std::to_string(::getpid()) + ")"));
  }
  commit_one(*database, "a");
}

TEST_CASE("read-only works beside a writing process and follows it") {
  const TempDirectory directory;
  Holder holder(directory / "store");
  const auto reader = Database::open(directory / "store", read_only());
  {
    const auto snapshot = reader->snapshot();
    CHECK(rows(*snapshot).size() == 1);
    holder.commit();
    // While anybody reads, everybody sees the same.
    CHECK(rows(*snapshot).size() == 1);
    CHECK(rows(*reader->snapshot()).size() == 1);
  }
  CHECK(rows(*reader->snapshot()).size() == 2);
  CHECK(reader->snapshot()->count({}, GraphScope::all_named()) == 2);
  reader->verify();
  holder.end();
  CHECK(rows(*reader->snapshot()).size() == 2);
}

// As if no file had come or gone for an hour.
void settle(const std::filesystem::path& store) {
  std::filesystem::last_write_time(store, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

TEST_CASE("read-only follows commits in a directory that does not change") {
  const TempDirectory directory;
  const auto database = Database::open(directory / "store", fast());
  commit_one(*database, "a");
  const auto reader = Database::open(directory / "store", read_only());
  settle(directory / "store");
  CHECK(rows(*reader->snapshot()).size() == 1);
  CHECK(rows(*reader->snapshot()).size() == 1);
  commit_one(*database, "b");
  CHECK(rows(*reader->snapshot()).size() == 2);
}

TEST_CASE("read-only follows commits by table files in step with those in the log") {
  const TempDirectory directory;
  const auto database = Database::open(directory / "store", fast());
  const auto reader = Database::open(directory / "store", read_only());
  CHECK(rows(*reader->snapshot()).empty());
  for (int round = 0; round < 3; ++round) {
    settle(directory / "store");
    CHECK(rows(*reader->snapshot()).size() == static_cast<std::size_t>(101'001 * round));
    commit_one(*database, "small" + std::to_string(round));
    const auto writer = database->begin();
    const Id predicate = intern(*writer, ex("p"));
    for (int i = 0; i < 101'000; ++i) {
      writer->insert({predicate, predicate, intern(*writer, integer(200'000 * round + i)), Id()});
    }
    writer->commit();
    const auto snapshot = reader->snapshot();
    CHECK(rows(*snapshot).size() == static_cast<std::size_t>(101'001 * (round + 1)));
    CHECK(snapshot->count({}, GraphScope::all()) == static_cast<std::size_t>(101'001 * (round + 1)));
  }
  reader->verify();
}

TEST_CASE("read-only refuses to write and writes nothing into the directory") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "store", fast()), "a");
  const auto list = [&] {
    std::map<std::string, std::filesystem::file_time_type> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
      files[entry.path().filename()] = entry.last_write_time();
    }
    return files;
  };
  const auto before = list();
  const auto time_before = std::filesystem::last_write_time(directory / "store");
  {
    const auto database = Database::open(directory / "store", read_only());
    CHECK(rows(*database->snapshot()).size() == 1);
    const auto refused = failure([&] { (void)database->begin(); });
    REQUIRE(refused);
    CHECK(refused->code == ErrorCode::read_only);
    database->verify();
  }
  CHECK(list() == before);
  CHECK(std::filesystem::last_write_time(directory / "store") == time_before);
}

TEST_CASE("reopening keeps everything") {
  const TempDirectory directory;
  std::vector<QuadIds> expected;
  Id blank_node;
  {
    const auto database = Database::open(directory / "store", fast());
    const auto writer = database->begin();
    writer->insert(intern(*writer, ex("s"), ex("p"), literal("o")));
    blank_node = writer->new_blank();
    writer->insert({blank_node, intern(*writer, ex("p")), intern(*writer, integer(1)), intern(*writer, ex("g"))});
    writer->add_prefix("ex", "http://example.org/");
    writer->commit();
    expected = rows(*database->snapshot());
  }
  for (int i = 0; i < 3; ++i) {
    const auto database = Database::open(directory / "store", fast());
    database->verify();
    const auto snapshot = database->snapshot();
    CHECK(rows(*snapshot) == expected);
    CHECK(snapshot->count({}, GraphScope::all()) == 2);
    CHECK(snapshot->named_graphs().size() == 1);
    CHECK(snapshot->prefixes().at("ex") == "http://example.org/");
    CHECK(snapshot->find(snapshot->term(blank_node).view()) == blank_node);
    CHECK(database->begin()->new_blank() != blank_node);
  }
}

std::filesystem::path newest_log(const std::filesystem::path& store) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(store)) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0 && entry.path() > newest) newest = entry.path();
  }
  REQUIRE_FALSE(newest.empty());
  return newest;
}

TEST_CASE("a log torn at its end loses the last commit alone, and what is committed afterwards stays") {
  const TempDirectory directory;
  {
    const auto database = Database::open(directory / "open", fast());
    for (int i = 0; i < 10; ++i) commit_one(*database, "a" + std::to_string(i));
    copy_as_killed(directory / "open", directory / "store");
  }
  const std::filesystem::path log = newest_log(directory / "store");
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 5);
  for (int i = 0; i < 3; ++i) {
    CAPTURE(i);
    const auto database = Database::open(directory / "store", fast());
    database->verify();
    const auto snapshot = database->snapshot();
    CHECK(rows(*snapshot).size() == static_cast<std::size_t>(9 + i));
    CHECK_FALSE(snapshot->find(ex("a9").view()).is_bound());
    commit_one(*database, "b" + std::to_string(i));
  }
}

TEST_CASE("a log damaged before its end is an error, not a silent loss") {
  const TempDirectory directory;
  {
    const auto database = Database::open(directory / "store", fast());
    for (int i = 0; i < 100; ++i) commit_one(*database, "a" + std::to_string(i));
  }
  const std::filesystem::path log = newest_log(directory / "store");
  {
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(std::filesystem::file_size(log) / 2));
    file.write("damage", 6);
  }
  const auto refused = open_failure(directory / "store");
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::corruption);
}

TEST_CASE("opening again and again does not pile up logs") {
  const TempDirectory directory;
  for (int i = 0; i < 30; ++i) commit_one(*Database::open(directory / "store", fast()), "a" + std::to_string(i));
  std::size_t logs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
    if (entry.path().extension() == ".log") ++logs;
  }
  CHECK(logs <= 10);
  CHECK(rows(*Database::open(directory / "store", fast())->snapshot()).size() == 30);
}

TEST_CASE("a store that misses a file is damaged, and says which") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "store", fast()), "a");
  std::filesystem::path manifest;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
    if (mentions(entry.path().filename(), "MANIFEST")) manifest = entry.path();
  }
  std::filesystem::remove(manifest);
  const auto refused = open_failure(directory / "store");
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::corruption);
  CHECK(mentions(refused->message, manifest.filename()));
}

TEST_CASE("a store that lost its CURRENT file is damaged, not new, and is left alone") {
  const TempDirectory directory;
  commit_one(*Database::open(directory / "store", fast()), "a");
  std::filesystem::remove(directory / "store" / "CURRENT");
  const auto refused = open_failure(directory / "store");
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::corruption);
  CHECK(mentions(refused->message, "CURRENT"));
  CHECK_FALSE(std::filesystem::exists(directory / "store" / "CURRENT"));
}

TEST_CASE("a store that lost the log it began with is damaged, not new, and keeps what it has") {
  const TempDirectory directory;
  const auto files = [&](std::string_view extension) {
    std::set<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
      if (entry.path().extension() == extension) found.insert(entry.path());
    }
    return found;
  };
  for (int i = 0; i < 3; ++i) commit_one(*Database::open(directory / "store", fast()), "a" + std::to_string(i));
  SUBCASE("and has commits in later ones") {
    REQUIRE(files(".log").size() > 1);
    std::filesystem::resize_file(*files(".log").begin(), 0);
  }
  SUBCASE("and has tables") {
    Database::open(directory / "store", fast())->optimize();
    for (const std::filesystem::path& log : files(".log")) std::filesystem::remove(log);
    REQUIRE_FALSE(files(".sst").empty());
  }
  const std::set<std::filesystem::path> tables = files(".sst");
  for (const bool lists_logs : {true, false}) {
    CAPTURE(lists_logs);
    if (!lists_logs) std::filesystem::remove(directory / "store" / kLogListFile);
    for (const StoreOptions& options : {fast(), read_only(), fast()}) {
      const auto refused = open_failure(directory / "store", options);
      REQUIRE(refused);
      CHECK(refused->code == ErrorCode::corruption);
      CHECK(mentions(refused->message, (directory / "store").string()));
    }
    CHECK(files(".sst") == tables);
  }
}

TEST_CASE("without permission the message names the path" * doctest::skip(::geteuid() == 0)) {
  const TempDirectory directory;
  std::filesystem::create_directory(directory / "closed");
  std::filesystem::permissions(directory / "closed",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const auto refused = open_failure(directory / "closed" / "store");
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::io);
  CHECK(mentions(refused->message, (directory / "closed" / "store").string()));
  CHECK(open_failure(directory / "closed")->code == ErrorCode::io);
}

TEST_CASE("a path through a file cannot be created") {
  const TempDirectory directory;
  write_file(directory / "file", "");
  const auto refused = open_failure(directory / "file" / "store");
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::io);
  CHECK(mentions(refused->message, (directory / "file" / "store").string()));
}

}  // namespace
}  // namespace akyn::storage::test

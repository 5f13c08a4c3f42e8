// Damage in RocksDB's logs and in its list of files, and what a power cut leaves of them.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

#include "engine/storage/byte_reader.h"
#include "engine/storage/crc32c.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

// Of a record of a log: checksum, length, type.
constexpr std::size_t kHeader = 7;
constexpr std::size_t kLengthPlace = 4;
constexpr std::size_t kTypePlace = 6;
constexpr std::size_t kBlock = 32'768;

constexpr std::size_t kCommits = 8;

void commit_text(Database& database, std::size_t number, const std::string& text) {
  const auto writer = database.begin();
  writer->insert(intern(*writer, ex("s" + std::to_string(number)), ex("p"), literal(text), Term()));
  writer->commit();
}

std::set<std::string> content_of(const Database& database) {
  const auto snapshot = database.snapshot();
  std::set<std::string> content;
  for (const QuadIds& quad : rows(*snapshot)) content.insert(snapshot->term(quad.subject).to_string());
  return content;
}

// A store whose commits are in its log, as a killed process has left it, and what a file of it is replaced by.
class LoggedStore {
 public:
  // `length`: of the text that each of some commits has.
  explicit LoggedStore(std::size_t length) {
    const auto database = Database::open(directory_ / "open", fast());
    for (std::size_t i = 0; i < kCommits; ++i) commit_text(*database, i, std::string(length, 'x'));
    content_ = content_of(*database);
    copy_as_killed(directory_ / "open", path());
  }

  [[nodiscard]] std::filesystem::path path() const { return directory_ / "store"; }
  [[nodiscard]] const std::set<std::string>& content() const { return content_; }

  // The one file whose name begins or ends like that.
  [[nodiscard]] std::filesystem::path file(std::string_view part) const {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(path())) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with(part) && !name.ends_with(part)) continue;
      REQUIRE(found.empty());
      found = entry.path();
    }
    REQUIRE(!found.empty());
    return found;
  }
  // Makes another one of the same files, with this for one of them.
  void copy_with(const std::filesystem::path& file, const std::string& bytes,
                 const std::filesystem::path& directory) const {
    std::filesystem::copy(path(), directory, std::filesystem::copy_options::recursive);
    std::ofstream(directory / file.filename(), std::ios::binary | std::ios::trunc) << bytes;
  }

 private:
  TempDirectory directory_;
  std::set<std::string> content_;
};

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Where the records of a log begin.
std::vector<std::size_t> records_of(const std::string& log) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at + kHeader <= log.size();) {
    if (kBlock - at % kBlock < kHeader) {
      at += kBlock - at % kBlock;
      continue;
    }
    places.push_back(at);
    std::uint16_t length = 0;
    std::memcpy(&length, log.data() + at + kLengthPlace, sizeof length);
    at += kHeader + length;
  }
  return places;
}

// How many batches a log has that end within so many bytes.
std::size_t batches_in(const std::string& log, std::size_t size) {
  std::size_t count = 0;
  const std::vector<std::size_t> records = records_of(log);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const char type = log[records[i] + kTypePlace];
    const bool is_last_part = type == 1 || type == 4;
    if (is_last_part && (i + 1 == records.size() ? log.size() : records[i + 1]) <= size) ++count;
  }
  return count;
}

// A record as RocksDB would write it.
std::string record_of(const std::string& data) {
  Crc32c sum;
  sum.process_byte(1);
  sum.process_bytes(data.data(), data.size());
  const std::uint32_t masked = ((sum.checksum() >> 15) | (sum.checksum() << 17)) + 0xA282EAD8;
  std::string record;
  append_fixed(record, masked);
  append_fixed(record, static_cast<std::uint16_t>(data.size()));
  return record + '\1' + data;
}

void check_damage_is_found(const LoggedStore& store, const std::filesystem::path& file) {
  const std::string log = bytes_of(file);
  const std::vector<std::size_t> records = records_of(log);
  REQUIRE(records.size() > 4);
  for (const std::size_t record : records) {
    for (std::size_t place = record + kLengthPlace; place < record + kHeader; ++place) {
      for (int bit = 0; bit < 8; ++bit) {
        CAPTURE(record);
        CAPTURE(place);
        CAPTURE(bit);
        std::string damaged = log;
        damaged[place] = static_cast<char>(damaged[place] ^ (1 << bit));
        const TempDirectory copy;
        store.copy_with(file, damaged, copy / "store");
        for (const bool read_only : {false, true}) {
          StoreOptions options = fast();
          options.read_only = read_only;
          const auto refused = failure([&] { Database::open(copy / "store", options)->verify(); });
          REQUIRE(refused);
          CHECK(refused->code == ErrorCode::corruption);
          CHECK(mentions(refused->message, (copy / "store").string()));
        }
      }
    }
  }
}

TEST_CASE("a flipped bit in the length or the type of a log's record is an error, and no loss") {
  for (const std::size_t length : {std::size_t{10}, std::size_t{20'000}}) {
    const LoggedStore store(length);
    check_damage_is_found(store, store.file(".log"));
  }
}

TEST_CASE("so it is in the list of files") {
  const LoggedStore store(10);
  check_damage_is_found(store, store.file("MANIFEST-"));
}

TEST_CASE("so it is in front of a record that was torn") {
  const LoggedStore store(100);
  const std::filesystem::path file = store.file(".log");
  const std::string log = bytes_of(file);
  const std::vector<std::size_t> records = records_of(log);
  const std::size_t record = records[records.size() - 2];
  for (const std::size_t place : {record + kLengthPlace, record + kLengthPlace + 1}) {
    for (int bit = 0; bit < 8; ++bit) {
      CAPTURE(place);
      CAPTURE(bit);
      std::string damaged = log.substr(0, log.size() - 20);
      damaged[place] = static_cast<char>(damaged[place] ^ (1 << bit));
      const TempDirectory copy;
      store.copy_with(file, damaged, copy / "store");
      const auto refused = failure([&] { Database::open(copy / "store", fast())->verify(); });
      REQUIRE(refused);
      CHECK(refused->code == ErrorCode::corruption);
    }
  }
}

TEST_CASE("a log that was torn gives the commits before, also when there is another log after it") {
  for (const std::size_t length : {std::size_t{10}, std::size_t{20'000}}) {
    const LoggedStore store(length);
    const std::filesystem::path file = store.file(".log");
    const std::string log = bytes_of(file);
    const std::vector<std::size_t> records = records_of(log);
    std::set<std::size_t> sizes = {log.size()};
    for (const std::size_t record : records) {
      if (record == 0) continue;  // a store that had not been made
      for (const std::size_t more : {0, 3, 7, 8, 60}) sizes.insert(std::min(record + more, log.size()));
    }
    const std::size_t first = batches_in(log, log.size()) - kCommits;
    for (const std::size_t size : sizes) {
      CAPTURE(size);
      const std::size_t batches = batches_in(log, size);
      std::set<std::string> expected;
      for (std::size_t i = first; i < batches; ++i) expected.insert(ex("s" + std::to_string(i - first)).to_string());
      // Some file systems make a file longer before they write what it gets.
      const bool is_before_length = std::any_of(records.begin(), records.end(), [&](std::size_t record) {
        return size >= record && size <= record + kLengthPlace;
      });
      for (const std::size_t zeros : {std::size_t{0}, std::size_t{5'000}, 2 * kBlock}) {
        if (zeros != 0 && !is_before_length) continue;  // such a record has a wrong checksum
        CAPTURE(zeros);
        const TempDirectory copy;
        store.copy_with(file, log.substr(0, size) + std::string(zeros, '\0'), copy / "store");
        {
          const auto database = Database::open(copy / "store", fast());
          database->verify();
          CHECK(content_of(*database) == expected);
          commit_text(*database, 100, std::string(length, 'x'));
        }
        const auto database = Database::open(copy / "store", fast());
        database->verify();
        CHECK(content_of(*database).size() == expected.size() + 1);
      }
    }
  }
}

TEST_CASE("a text that holds what looks like records may be torn, too") {
  std::string text;
  for (int i = 0; i < 20; ++i) text += record_of("a record in a text");
  // With numbers that are above those of many changes.
  for (std::uint64_t number = 1; number < std::uint64_t{1} << 32; number *= 2) {
    std::string data;
    append_fixed(data, number);
    append_fixed(data, std::uint32_t{1});
    text += record_of(data);
  }
  for (const bool is_new_log : {false, true}) {
    CAPTURE(is_new_log);
    const TempDirectory directory;
    std::filesystem::path log;
    {
      auto database = Database::open(directory / "open", fast());
      for (std::size_t i = 0; i < 100; ++i) commit_text(*database, i, "text");
      if (is_new_log) {
        database = nullptr;
        database = Database::open(directory / "open", fast());
      }
      commit_text(*database, 100, text);
      copy_as_killed(directory / "open", directory / "store");
      for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
        if (entry.path().extension() == ".log" && entry.path() > log) log = entry.path();
      }
    }
    REQUIRE(bytes_of(log).find(text) != std::string::npos);
    std::filesystem::resize_file(log, std::filesystem::file_size(log) - 200);
    const auto database = Database::open(directory / "store", fast());
    database->verify();
    CHECK(content_of(*database).size() == 100);
  }
}

TEST_CASE("what is in the directory of a store and only named like a log is of no matter") {
  const TempDirectory directory;
  for (const char* const time : {"once", "again"}) {
    CAPTURE(time);
    (void)Database::open(directory / "store", fast());
    write_file(directory / "store" / "notes.log", "not RocksDB's, and longer than seven bytes");
    std::filesystem::create_directories(directory / "store" / "directory.log");
  }
}

TEST_CASE("zeros in a log are an error when something comes after them") {
  const LoggedStore store(20'000);
  const std::filesystem::path file = store.file(".log");
  std::string log = bytes_of(file);
  const std::size_t record = records_of(log)[3];
  std::fill_n(log.begin() + static_cast<std::ptrdiff_t>(record), kHeader, '\0');
  const TempDirectory copy;
  store.copy_with(file, log, copy / "store");
  const auto refused = failure([&] { Database::open(copy / "store", fast())->verify(); });
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::corruption);
  CHECK(mentions(refused->message, file.filename().string()));
  CHECK(mentions(refused->message, "at byte"));
}

}  // namespace
}  // namespace akyn::storage::test

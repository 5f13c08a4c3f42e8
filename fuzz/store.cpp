#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <system_error>

#include "engine/storage/database.h"
#include "engine/storage/open_database.h"
#include "fuzz/targets.h"

namespace akyn::fuzz {
namespace {

namespace fs = std::filesystem;
using storage::Database;

using Content = std::set<std::string>;

// A directory of this process, in memory where the system offers that.
class Directory {
 public:
  Directory() {
    fs::path parent = "/dev/shm";
    if (::access(parent.c_str(), W_OK) != 0) parent = fs::temp_directory_path();
    std::string name = (parent / "akyn-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), name);
    path_ = name;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

StoreOptions options() {
  StoreOptions options;
  options.durability = Durability::async;
  options.memory_limit = std::size_t{8} << 20;
  return options;
}

// Small commits are runs already, so that a small store has all that a large one has.
storage::Tuning tuning() {
  storage::Tuning tuning;
  tuning.flush_rows = 30;
  tuning.large_commit = 20;
  tuning.block_rows = 8;
  tuning.run_terms = 8;
  tuning.small_graph = 2;
  return tuning;
}

void commit(Database& database, int number, int rows) {
  const auto writer = database.begin();
  const Term subject = iri("http://example/subject/" + std::to_string(number));
  for (int i = 0; i < rows; ++i) {
    const Term object = i % 3 == 0   ? integer(i)
                        : i % 3 == 1 ? literal("text " + std::to_string(i) + " of " + std::to_string(number))
                                     : lang_literal("text", i % 2 == 0 ? "ky" : "EN");
    const Id graph = i % 2 == 0 ? storage::kDefaultGraph
                                : writer->intern(iri("http://example/graph/" + std::to_string(number % 3)).view());
    writer->insert({writer->intern(subject.view()),
                    writer->intern(iri("http://example/predicate/" + std::to_string(i % 4)).view()),
                    writer->intern(object.view()), graph});
  }
  writer->add_prefix("p" + std::to_string(number), "http://example/");
  writer->commit();
}

Content content_of(const Database& database) {
  const auto snapshot = database.snapshot();
  const auto scan = snapshot->scan({}, storage::GraphScope::all());
  Content content;
  storage::ScanBatch batch;
  while (scan->next(batch)) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const storage::QuadIds quad = batch.row(i);
      content.insert(snapshot->term(quad.subject).to_string() + " " + snapshot->term(quad.predicate).to_string() + " " +
                     snapshot->term(quad.object).to_string() + " " +
                     (quad.graph.is_bound() ? snapshot->term(quad.graph).to_string() : std::string()));
    }
  }
  for (const auto& [prefix, iri] : snapshot->prefixes()) content.insert(prefix + ": " + iri);
  return content;
}

// The files of a store, and what it holds.
struct Example {
  Example() {
    const Directory directory;
    {
      const auto database = storage::open_database(directory / "store", options(), tuning());
      for (int i = 0; i < 8; ++i) commit(*database, i, i % 2 == 0 ? 30 : 5);
      database->optimize();
      for (int i = 8; i < 14; ++i) commit(*database, i, i % 3 == 0 ? 25 : 4);
      database->verify();
      content = content_of(*database);
    }
    for (const auto& entry : fs::directory_iterator(directory / "store")) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      files[entry.path().filename().string()] = {std::istreambuf_iterator<char>(file), {}};
    }
  }

  std::map<std::string, std::string> files;
  Content content;
};

const Example& example() {
  static const Example kExample;
  return kExample;
}

// Four bytes a change: the file, the place in 65,536ths of its size (two bytes), what is flipped.
std::map<std::string, std::string> changed_files(std::string_view bytes) {
  std::map<std::string, std::string> files = example().files;
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(bytes[i])}; };
    std::string& file = std::next(files.begin(), static_cast<std::ptrdiff_t>(byte(0) % files.size()))->second;
    if (file.empty()) continue;
    file[(byte(1) * 256 + byte(2)) * file.size() / 65'536] ^= static_cast<char>(byte(3));
  }
  return files;
}

}  // namespace

void store(std::string_view bytes) {
  const std::map<std::string, std::string> files = changed_files(bytes.substr(0, 64));
  const Directory directory;
  fs::create_directory(directory / "store");
  for (const auto& [name, content] : files) {
    std::ofstream(directory / "store" / name, std::ios::binary) << content;
  }
  accepts(
      [&] {
        const auto database = storage::open_database(directory / "store", options(), tuning());
        // Reading says what is there, or that it is damaged; so does checking. Both as long as it is open.
        const bool readable =
            accepts([&] { static_cast<void>(content_of(*database)); }, {ErrorCode::corruption, ErrorCode::io});
        database->verify();
        expect(readable, "a store that is in order can be read");
        expect(content_of(*database) == example().content, "a store that is in order holds what was put into it");
        commit(*database, 100, 3);
        database->verify();
      },
      {ErrorCode::corruption, ErrorCode::io, ErrorCode::not_a_store, ErrorCode::format_version});
}

}  // namespace akyn::fuzz

// What the storage tests share.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/database.h"
#include "engine/storage/keys.h"
#include "engine/storage/open_database.h"

namespace akyn::storage {

// For doctest's messages.
inline std::ostream& operator<<(std::ostream& out, const QuadIds& quad) {
  return out << '(' << quad.subject.bits() << ' ' << quad.predicate.bits() << ' ' << quad.object.bits() << ' '
             << quad.graph.bits() << ')';
}

}  // namespace akyn::storage

namespace akyn {

inline std::ostream& operator<<(std::ostream& out, Id id) {
  return out << id.bits();
}

}  // namespace akyn

namespace akyn::storage::test {

// A directory that goes with the test. In memory where the system offers that: what the tests kill is a process, whose
// writes the system keeps, so that waiting for a disk would prove nothing.
class TempDirectory {
 public:
  TempDirectory() {
    std::filesystem::path parent = "/dev/shm";
    if (::access(parent.c_str(), W_OK) != 0) parent = std::filesystem::temp_directory_path();
    std::string pattern = (parent / "akyn-storage-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;
  ~TempDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// What a process that is killed now leaves of a store that it has open.
inline void copy_as_killed(const std::filesystem::path& store, const std::filesystem::path& copy) {
  std::filesystem::copy(store, copy, std::filesystem::copy_options::recursive);
}

// Durability of what a test writes to a temporary directory is of no interest.
inline StoreOptions fast() {
  StoreOptions options;
  options.durability = Durability::async;
  options.busy_timeout = std::chrono::milliseconds(0);
  options.memory_limit = std::size_t{32} << 20;
  return options;
}

// Sizes at which a few dozen commits go through every stage of their rows: records, runs, merges.
inline Tuning tiny() {
  Tuning tuning;
  tuning.flush_rows = 8;
  tuning.stall_rows = 64;
  tuning.large_commit = 24;
  tuning.most_runs = 3;
  tuning.rest_growth = 4;
  tuning.small_graph = 2;
  tuning.most_dead_graphs = 3;
  tuning.block_rows = 4;
  return tuning;
}

// And of their terms, which get new numbers on the way: for tests that do not keep Ids from one snapshot to another.
inline Tuning restless() {
  Tuning tuning = tiny();
  tuning.most_term_runs = 2;
  tuning.run_terms = 8;
  tuning.tail_terms = 16;
  return tuning;
}

inline std::shared_ptr<Database> memory() {
  return Database::in_memory(fast());
}

inline Term ex(const std::string& name) {
  return iri("http://example.org/" + name);
}

inline Id intern(Writer& writer, const Term& term) {
  return writer.intern(term.view());
}

inline QuadIds intern(Writer& writer, const Term& s, const Term& p, const Term& o, const Term& g = {}) {
  return {intern(writer, s), intern(writer, p), intern(writer, o), g ? intern(writer, g) : kDefaultGraph};
}

inline std::vector<QuadIds> rows(Scan& scan) {
  std::vector<QuadIds> rows;
  ScanBatch batch;
  while (scan.next(batch)) {
    CHECK(batch.size() > 0);
    for (std::size_t i = 0; i < batch.size(); ++i) rows.push_back(batch.row(i));
  }
  return rows;
}

inline std::vector<QuadIds> rows(const Snapshot& snapshot, const TriplePattern& pattern = {},
                                 GraphScope graphs = GraphScope::all()) {
  return rows(*snapshot.scan(pattern, graphs));
}

// The rows of a scan over `order`, in an order of their own that comparisons can rely on: that of the scan but for
// named graphs, which a scan gives in any order. Checks that they came as Snapshot::scan promises.
inline std::vector<QuadIds> in_order(std::vector<QuadIds> rows, Permutation order) {
  const ColumnOrder columns = columns_of(order);
  const auto key = [&](const QuadIds& quad) {
    Columns values = permuted(quad, columns);
    if (starts_with_graph(order)) std::rotate(values.begin(), values.begin() + 1, values.end());
    return values;
  };
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const bool graph_begins = rows[i].graph != rows[i - 1].graph;
    const Columns before = key(rows[i - 1]);
    const Columns after = key(rows[i]);
    if (starts_with_graph(order)) {
      if (graph_begins) {
        // Each graph in one piece, the default graph first.
        CHECK(rows[i].graph != kDefaultGraph);
        CHECK(std::none_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i),
                           [&](const QuadIds& quad) { return quad.graph == rows[i].graph; }));
      } else {
        CHECK(before < after);
      }
    } else {
      const bool same_triple = std::equal(before.begin(), before.begin() + 3, after.begin());
      CHECK(std::lexicographical_compare(before.begin(), before.begin() + 3, after.begin(), after.begin() + 3) !=
            same_triple);
      if (same_triple) CHECK((graph_begins && rows[i].graph != kDefaultGraph));
    }
  }
  std::sort(rows.begin(), rows.end(),
            [&](const QuadIds& a, const QuadIds& b) { return permuted(a, columns) < permuted(b, columns); });
  return rows;
}

// The code and message that `action` fails with; nothing when it does not.
struct Failure {
  ErrorCode code;
  std::string message;
};
inline std::optional<Failure> failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return Failure{error.code(), error.message()};
  }
  return std::nullopt;
}

inline bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace akyn::storage::test

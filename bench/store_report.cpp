// What a store of real data costs and gives: bytes on disk, scans, look-ups, opening, recovery.
//
//     akyn_store_report FILE
//
// Loads an RDF file into a fresh store beside the working directory's, and measures on it. The row-per-key figure is
// for the same rows as RocksDB keys with empty values, iterated in the same run.
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <akyn/akyn.h>
#include "engine/storage/database.h"
#include "engine/storage/keys.h"
#include "engine/storage/snapshot.h"

namespace akyn {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_of(const std::function<void()>& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The best of a few runs: what the machine can do when it is left alone.
double best_of(int runs, const std::function<void()>& work) {
  double best = seconds_of(work);
  for (int i = 1; i < runs; ++i) best = std::min(best, seconds_of(work));
  return best;
}

std::uint64_t bytes_in(const fs::path& directory) {
  std::uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

std::vector<storage::QuadIds> all_rows(const storage::Snapshot& snapshot) {
  std::vector<storage::QuadIds> rows;
  storage::ScanBatch batch;
  for (const auto scan = snapshot.scan({}, storage::GraphScope::all()); scan->next(batch);) {
    for (std::size_t i = 0; i < batch.size(); ++i) rows.push_back(batch.row(i));
  }
  return rows;
}

void report_scans(const fs::path& directory, const fs::path& rows_directory) {
  StoreOptions options;
  options.read_only = true;
  const auto database = storage::Database::open(directory, options);
  const auto snapshot = std::static_pointer_cast<const storage::CommittedSnapshot>(database->snapshot());
  const std::vector<storage::QuadIds> rows = all_rows(*snapshot);

  double slowest = 0;
  for (const storage::Permutation permutation : storage::kTripleOrders) {
    const storage::OrderTag order = storage::order_tag(storage::Partition::default_graph, permutation);
    std::uint64_t read = 0;
    const double seconds = best_of(5, [&] {
      const auto cursor = snapshot->cursor(order, storage::RowRange::all(), storage::all_columns(order));
      storage::RowBatch batch;
      read = 0;
      while (cursor->next(batch)) read += batch.rows();
    });
    slowest = std::max(slowest, seconds / static_cast<double>(std::max<std::uint64_t>(read, 1)));
  }
  fmt::print("scan of a whole permutation, slowest of six   {:>10.1f} M rows/s\n", 1e-6 / slowest);

  rocksdb::Options rocks_options;
  rocks_options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  if (!rocksdb::DB::Open(rocks_options, rows_directory.string(), &opened).ok()) throw std::runtime_error("RocksDB");
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (const storage::QuadIds& row : rows) {
    std::string key;
    for (const Id id : {row.subject, row.predicate, row.object}) storage::append_id(key, id);
    if (!db->Put({}, key, "").ok()) throw std::runtime_error("RocksDB");
  }
  if (!db->CompactRange({}, nullptr, nullptr).ok()) throw std::runtime_error("RocksDB");
  std::uint64_t read = 0;
  const double by_key = best_of(3, [&] {
    const std::unique_ptr<rocksdb::Iterator> keys(db->NewIterator({}));
    read = 0;
    for (keys->SeekToFirst(); keys->Valid(); keys->Next()) ++read;
  });
  const double rate = static_cast<double>(read) / by_key;
  fmt::print("the same rows as one RocksDB key each         {:>10.1f} M rows/s, a ratio of {:.0f}\n", rate * 1e-6,
             1 / slowest / rate);

  std::mt19937_64 random(1);
  std::vector<storage::QuadIds> wanted;
  for (int i = 0; i < 20'000; ++i) wanted.push_back(rows[random() % rows.size()]);
  const auto look_up = [&](const std::function<storage::TriplePattern(const storage::QuadIds&)>& pattern) {
    std::uint64_t found = 0;
    const double seconds = best_of(3, [&] {
      storage::ScanBatch batch;
      for (const storage::QuadIds& row : wanted) {
        const auto scan = snapshot->scan(pattern(row), storage::GraphScope::default_graph());
        found += scan->next(batch) ? 1 : 0;
      }
    });
    if (found == 0) throw std::runtime_error("nothing found");
    return seconds / static_cast<double>(wanted.size()) * 1e6;
  };
  fmt::print("look-up of s p ? / s p o, warm                {:>10.2f} / {:.2f} us\n", look_up([](const auto& row) {
               return storage::TriplePattern{row.subject, row.predicate, Id()};
             }),
             look_up([](const auto& row) {
               return storage::TriplePattern{row.subject, row.predicate, row.object};
             }));
  const double decode = best_of(3, [&] {
    for (const storage::QuadIds& row : wanted) static_cast<void>(snapshot->term(row.object));
  });
  fmt::print("a term from its Id, warm                      {:>10.2f} us\n",
             decode / static_cast<double>(wanted.size()) * 1e6);
}

Term some_subject(const fs::path& directory) {
  const Store store = Store::open(directory);
  for (const Quad& quad : store.match({}, {}, {})) {
    if (quad.subject.is_iri()) return quad.subject;
  }
  throw std::runtime_error("no subject of the file is an IRI");
}

// Opens the store, asks for all of one subject, and reads the answer.
void ask_once(const fs::path& directory, bool read_only, const Term& subject) {
  StoreOptions options;
  options.read_only = read_only;
  const Store store = Store::open(directory, options);
  Query query = store.prepare("SELECT * { " + subject.to_string() + " ?p ?o }");
  std::size_t text = 0;
  for (const Row& row : query.select()) text += row["p"].value().size() + row["o"].value().size();
  if (text == 0) throw std::runtime_error("nothing is known of a subject");
}

// A process that commits until its log is about to be written out, and dies.
void report_recovery(const fs::path& directory, const Term& subject) {
  const pid_t child = ::fork();
  if (child == 0) {
    StoreOptions options;
    options.durability = Durability::async;
    Store store = Store::open(directory, options);
    for (int i = 0; i < 20'000; ++i) {
      store.insert({iri("http://example.org/s" + std::to_string(i)), iri("http://example.org/p"), integer(i), {}});
    }
    ::kill(::getpid(), SIGKILL);
  }
  ::waitpid(child, nullptr, 0);
  const double seconds = seconds_of([&] { ask_once(directory, false, subject); });
  fmt::print("open and first answer after a kill            {:>10.1f} ms, 20,000 commits in the log\n", seconds * 1e3);
}

int report(const fs::path& file) {
  std::string pattern = (fs::current_path() / "akyn-report-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a directory");
  const fs::path directory = pattern;
  const fs::path store = directory / "store";
  LoadReport loaded;
  {
    Store writable = Store::open(store);
    loaded = writable.load(file);
  }
  fmt::print("{} statements, loaded in {:.2f} s\n", loaded.inserted, loaded.elapsed.count());
  const Term subject = some_subject(store);
  fmt::print("bytes on disk for each statement              {:>10.1f}\n",
             static_cast<double>(bytes_in(store)) / static_cast<double>(loaded.inserted));
  fmt::print("open and first answer, read-only              {:>10.1f} ms\n",
             best_of(5, [&] { ask_once(store, true, subject); }) * 1e3);
  fmt::print("open and first answer, for writing            {:>10.1f} ms\n",
             best_of(5, [&] { ask_once(store, false, subject); }) * 1e3);
  report_scans(store, directory / "rows");
  report_recovery(store, subject);
  fs::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace akyn

int main(int count, char** words) {
  if (count != 2) {
    std::cerr << "usage: akyn_store_report FILE\n";
    return 2;
  }
  try {
    return akyn::report(words[1]);
  } catch (const std::exception& error) {
    std::cerr << "akyn_store_report: " << error.what() << '\n';
    return 1;
  }
}

// How fast the packed storage reads: columns by encoding, whole permutations, seeks, look-ups and merges.
//
// The graph is made up, after a product catalogue: a few dozen predicates, one type and one label a thing, links within
// a neighbourhood, a few shared values, integers. AKYN_BENCH_IDS names a file of rows instead: 24 bytes each, subject,
// predicate and object as little-endian Ids.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/block_run_writer.h"
#include "engine/storage/column.h"
#include "engine/storage/key_value.h"
#include "engine/storage/merged_cursor.h"
#include "engine/storage/row_cursor.h"

namespace akyn::storage {
namespace {

using Row = std::array<std::uint64_t, 3>;
using Random = std::mt19937_64;

constexpr std::uint64_t kIri = std::uint64_t{2} << 60;
constexpr std::uint64_t kString = std::uint64_t{3} << 60;
constexpr std::uint64_t kInteger = (std::uint64_t{8} << 60) + (std::uint64_t{1} << 59);
constexpr std::uint64_t kThings = 150'000;

std::vector<Row> make_up_graph() {
  Random random(1);
  std::vector<Row> rows;
  const auto predicate = [](std::uint64_t number) { return kIri + kThings + number; };
  for (std::uint64_t thing = 0; thing < kThings; ++thing) {
    const std::uint64_t subject = kIri + thing;
    rows.push_back({subject, predicate(0), kIri + kThings + 100 + random() % 30});
    rows.push_back({subject, predicate(1), kString + random() % kThings});
    for (std::uint64_t i = 2; i < 7; ++i) rows.push_back({subject, predicate(i), kInteger + random() % 2000});
    for (std::uint64_t i = 0; i < 4; ++i) {
      const std::uint64_t near = (thing + random() % 1000) % kThings;
      rows.push_back({subject, predicate(7 + i % 2), kIri + near});
    }
    rows.push_back({subject, predicate(9 + random() % 20), kString + kThings + random() % 5000});
  }
  return rows;
}

std::vector<Row> read_graph(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<Row> rows;
  for (Row row{}; in.read(reinterpret_cast<char*>(row.data()), sizeof row);) rows.push_back(row);  // NOLINT
  return rows;
}

// The graph as a run in memory, and its sorted rows.
class Stores {
 public:
  static const Stores& get() {
    static const Stores stores;
    return stores;
  }
  // By order tag.
  static constexpr std::array<std::array<std::size_t, 3>, 6> kColumns = {
      {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};

  [[nodiscard]] const BlockRun& base() const { return *base_; }
  [[nodiscard]] const std::vector<Row>& rows(OrderTag order) const { return rows_[order]; }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& [key, value] : values_.values()) sum += key.size() + value.size();
    return sum;
  }

 private:
  Stores() {
    const char* path = std::getenv("AKYN_BENCH_IDS");
    std::vector<Row> graph = path != nullptr ? read_graph(path) : make_up_graph();
    BlockRunInfo info;
    info.run = 1;
    for (OrderTag order = 0; order < 6; ++order) {
      auto& rows = rows_[order];
      for (const Row& row : graph) {
        rows.push_back({row[kColumns[order][0]], row[kColumns[order][1]], row[kColumns[order][2]]});
      }
      std::sort(rows.begin(), rows.end());
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
      BlockRunWriter writer(info.run, order, false, values_, directory_);
      std::array<std::vector<std::uint64_t>, 3> columns;
      for (const Row& row : rows) {
        for (std::size_t i = 0; i < 3; ++i) columns[i].push_back(row[i]);
      }
      writer.add(std::array<std::span<const std::uint64_t>, 3>{columns[0], columns[1], columns[2]});
      info.default_graph = writer.finish();
    }
    base_ = std::make_unique<BlockRun>(info, values_, directory_);
  }

  MemoryKeyValues values_;
  MemoryKeyValues directory_;
  std::unique_ptr<BlockRun> base_;
  std::array<std::vector<Row>, 6> rows_;
};

void set_rows(benchmark::State& state, std::uint64_t rows) {
  state.SetItemsProcessed(static_cast<std::int64_t>(rows) * static_cast<std::int64_t>(state.iterations()));
}

// ---------------------------------------------------------------- columns

std::vector<std::uint64_t> column_of(const std::string& encoding) {
  Random random(2);
  std::vector<std::uint64_t> values(4096);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (encoding == "constant") values[i] = kIri + 17;
    if (encoding == "packed") values[i] = kIri + random() % 100'000;
    if (encoding == "packed_outliers") values[i] = i % 100 == 0 ? kString + random() % 1000 : kIri + random() % 1000;
    if (encoding == "split") values[i] = (random() % 2 == 0 ? kIri : kInteger) + random() % 5000;
    if (encoding == "delta") values[i] = (i == 0 ? kIri : values[i - 1]) + random() % 12;
    if (encoding == "runs") values[i] = kIri + i / 12 * 1001;
  }
  return values;
}

void decode_column(benchmark::State& state, const std::string& encoding) {
  const std::vector<std::uint64_t> values = column_of(encoding);
  std::string bytes;
  encode_column(values, bytes);
  std::vector<std::uint64_t> out(values.size());
  for ([[maybe_unused]] auto _ : state) {
    ColumnReader(bytes, values.size()).decode(out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  set_rows(state, values.size());
  state.counters["bytes_per_id"] = static_cast<double>(bytes.size()) / static_cast<double>(values.size());
}

void encode_columns(benchmark::State& state, const std::string& encoding) {
  const std::vector<std::uint64_t> values = column_of(encoding);
  std::string bytes;
  for ([[maybe_unused]] auto _ : state) {
    bytes.clear();
    encode_column(values, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  set_rows(state, values.size());
}

// ---------------------------------------------------------------- scans

void read_all(RowCursor& cursor) {
  RowBatch batch;
  while (cursor.next(batch)) {
    benchmark::DoNotOptimize(batch.column(0).data());
    benchmark::ClobberMemory();
  }
}

void scan(benchmark::State& state, OrderTag order, ColumnMask columns) {
  const BlockRun& run = Stores::get().base();
  for ([[maybe_unused]] auto _ : state) {
    auto cursor = run.cursor(order, RowRange::all(), columns);
    read_all(*cursor);
  }
  set_rows(state, run.info().default_graph.rows());
  state.counters["six_orders_bytes_per_row"] =
      static_cast<double>(Stores::get().bytes()) / static_cast<double>(run.info().default_graph.rows());
}

// Deletes and inserts in turn, one for `every` rows.
std::shared_ptr<const SortedRows> change(OrderTag order, std::size_t every) {
  const auto& rows = Stores::get().rows(order);
  std::vector<std::vector<std::uint64_t>> columns(3);
  std::vector<std::uint64_t> marks;
  for (std::size_t i = every / 2; i < rows.size(); i += every) {
    Row row = rows[i];
    const bool remove = i / every % 2 == 0;
    if (!remove) {
      ++row[2];
      if (i + 1 < rows.size() && rows[i + 1] == row) continue;
    }
    for (std::size_t c = 0; c < 3; ++c) columns[c].push_back(row[c]);
    marks.push_back(remove ? kDeleteMark : kInsertMark);
  }
  return std::make_shared<const SortedRows>(std::move(columns), std::move(marks));
}

// A scan of everything with a layer that changes one row in `every`.
void scan_merged(benchmark::State& state, OrderTag order, std::size_t every) {
  const BlockRun& run = Stores::get().base();
  const auto layer = change(order, every);
  for ([[maybe_unused]] auto _ : state) {
    std::vector<std::unique_ptr<RowSource>> sources;
    sources.push_back(run.cursor(order, RowRange::all(), 7));
    sources.push_back(make_source(layer, RowRange::all(), 7));
    MergedCursor cursor(std::move(sources), 3, 7);
    read_all(cursor);
  }
  set_rows(state, run.info().default_graph.rows());
}

// ---------------------------------------------------------------- points

void lookup(benchmark::State& state, OrderTag order) {
  const BlockRun& run = Stores::get().base();
  const auto& rows = Stores::get().rows(order);
  Random random(3);
  for ([[maybe_unused]] auto _ : state) {
    const Row& row = rows[random() % rows.size()];
    benchmark::DoNotOptimize(run.lookup(order, {row[0], row[1], row[2]}));
  }
  set_rows(state, 1);
}

void count_prefix(benchmark::State& state, OrderTag order, std::size_t size) {
  const BlockRun& run = Stores::get().base();
  const auto& rows = Stores::get().rows(order);
  Random random(4);
  for ([[maybe_unused]] auto _ : state) {
    const Row& row = rows[random() % rows.size()];
    const RowPrefix prefix{std::span<const std::uint64_t>(row).first(size)};
    benchmark::DoNotOptimize(run.count(order, RowRange::prefix(prefix)).inserts);
  }
  set_rows(state, 1);
}

// The rows of one prefix through a cursor made for them.
void open_prefix(benchmark::State& state, OrderTag order, std::size_t size) {
  const BlockRun& run = Stores::get().base();
  const auto& rows = Stores::get().rows(order);
  Random random(5);
  RowBatch batch;
  for ([[maybe_unused]] auto _ : state) {
    const Row& row = rows[random() % rows.size()];
    auto cursor = run.cursor(order, RowRange::prefix(RowPrefix(std::span<const std::uint64_t>(row).first(size))), 4);
    benchmark::DoNotOptimize(cursor->next(batch));
  }
  set_rows(state, 1);
}

// Ascending seeks through everything, `step` rows apart, each followed by one row.
void seek(benchmark::State& state, OrderTag order, std::size_t step) {
  const BlockRun& run = Stores::get().base();
  const auto& rows = Stores::get().rows(order);
  RowBatch batch;
  std::uint64_t seeks = 0;
  for ([[maybe_unused]] auto _ : state) {
    auto cursor = run.cursor(order, RowRange::all(), 7);
    for (std::size_t i = 0; i < rows.size(); i += step) {
      cursor->seek({rows[i][0], rows[i][1]});
      benchmark::DoNotOptimize(cursor->next(batch, 1));
      ++seeks;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(seeks));
}

// ---------------------------------------------------------------- writing

class Nowhere final : public KeyValueSink {
 public:
  void put(std::string_view key, std::string_view value) override {
    benchmark::DoNotOptimize(key.data());
    benchmark::DoNotOptimize(value.data());
  }
};

void write_run(benchmark::State& state, OrderTag order) {
  std::array<std::vector<std::uint64_t>, 3> columns;
  for (const Row& row : Stores::get().rows(order)) {
    for (std::size_t i = 0; i < 3; ++i) columns[i].push_back(row[i]);
  }
  Nowhere nowhere;
  for ([[maybe_unused]] auto _ : state) {
    BlockRunWriter writer(1, order, false, nowhere, nowhere);
    writer.add(std::array<std::span<const std::uint64_t>, 3>{columns[0], columns[1], columns[2]});
    benchmark::DoNotOptimize(writer.finish());
  }
  set_rows(state, columns[0].size());
}

const bool kRegistered = [] {
  for (const char* encoding : {"constant", "packed", "packed_outliers", "split", "delta", "runs"}) {
    benchmark::RegisterBenchmark((std::string("column/decode/") + encoding).c_str(), decode_column, encoding);
    benchmark::RegisterBenchmark((std::string("column/encode/") + encoding).c_str(), encode_columns, encoding);
  }
  const std::array<std::pair<const char*, OrderTag>, 6> orders = {
      {{"spo", 0}, {"sop", 1}, {"pso", 2}, {"pos", 3}, {"osp", 4}, {"ops", 5}}};
  for (const auto& [name, order] : orders) {
    const auto named = [&](const char* what) { return std::string(what) + "/" + name; };
    benchmark::RegisterBenchmark(named("scan/all_columns").c_str(), scan, order, ColumnMask{7});
    benchmark::RegisterBenchmark(named("scan/last_column").c_str(), scan, order, ColumnMask{4});
    if (order != 0 && order != 3) continue;
    benchmark::RegisterBenchmark(named("scan/one_row_changed_in_1000000").c_str(), scan_merged, order, 1'000'000U);
    benchmark::RegisterBenchmark(named("scan/one_row_changed_in_1000").c_str(), scan_merged, order, 1000U);
    benchmark::RegisterBenchmark(named("scan/one_row_changed_in_30").c_str(), scan_merged, order, 30U);
    benchmark::RegisterBenchmark(named("scan/one_row_changed_in_2").c_str(), scan_merged, order, 2U);
    benchmark::RegisterBenchmark(named("point/lookup").c_str(), lookup, order);
    benchmark::RegisterBenchmark(named("point/count_prefix_of_1").c_str(), count_prefix, order, 1U);
    benchmark::RegisterBenchmark(named("point/count_prefix_of_2").c_str(), count_prefix, order, 2U);
    benchmark::RegisterBenchmark(named("point/rows_of_prefix_of_2").c_str(), open_prefix, order, 2U);
    benchmark::RegisterBenchmark(named("seek/every_50_rows").c_str(), seek, order, 50U);
    benchmark::RegisterBenchmark(named("seek/every_50000_rows").c_str(), seek, order, 50'000U);
    benchmark::RegisterBenchmark(named("write").c_str(), write_run, order);
  }
  return true;
}();

}  // namespace
}  // namespace akyn::storage

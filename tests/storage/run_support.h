// Small runs with their models, for the tests of runs and cursors.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/storage/block_run.h"
#include "engine/storage/block_run_writer.h"
#include "engine/storage/key_value.h"
#include "engine/storage/merged_cursor.h"
#include "engine/storage/row_cursor.h"
#include "engine/storage/row_range.h"

namespace akyn::storage::test {

using Random = std::mt19937_64;
using RowSet = std::set<RowValues>;
// Rows with their marks, in order.
using Changes = std::map<RowValues, std::uint64_t>;

inline std::uint64_t below(Random& random, std::uint64_t bound) {
  return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
}

inline RowValues random_row(Random& random, std::size_t columns, std::uint64_t values) {
  RowValues row{};
  for (std::size_t i = 0; i < columns; ++i) row[i] = below(random, values) * 3 + 1;
  return row;
}

// A prefix of a few columns; also of values that no row has.
inline RowPrefix random_prefix(Random& random, std::size_t columns, std::uint64_t values) {
  RowPrefix prefix;
  for (std::size_t size = below(random, columns + 1); prefix.size() < size;) {
    prefix.append(below(random, 4) == 0 ? below(random, values * 3 + 3) : below(random, values) * 3 + 1);
  }
  return prefix;
}

inline RowRange random_range(Random& random, std::size_t columns, std::uint64_t values) {
  switch (below(random, 4)) {
    case 0:
      return RowRange::all();
    case 1:
      return {random_prefix(random, columns, values), random_prefix(random, columns, values)};
    case 2: {
      const RowPrefix prefix = random_prefix(random, columns - 1, values);
      return RowRange::between(prefix, below(random, values * 3), below(random, values * 3));
    }
    default:
      return RowRange::prefix(random_prefix(random, columns, values));
  }
}

inline bool in_range(const RowValues& row, const RowRange& range) {
  return compare_prefix(row.data(), range.lower.values()) >= 0 && compare_prefix(row.data(), range.upper.values()) <= 0;
}

inline std::vector<std::vector<std::uint64_t>> columns_of(const Changes& changes, std::size_t columns) {
  std::vector<std::vector<std::uint64_t>> result(columns);
  for (const auto& [row, mark] : changes) {
    for (std::size_t i = 0; i < columns; ++i) result[i].push_back(row[i]);
  }
  return result;
}

inline std::vector<std::uint64_t> marks_of(const Changes& changes) {
  std::vector<std::uint64_t> marks;
  for (const auto& [row, mark] : changes) marks.push_back(mark);
  return marks;
}

// Writes one order of a run, handing over `batch` rows at a time.
inline RowCounts write_order(MemoryKeyValues& blocks, MemoryKeyValues& directory, std::uint32_t run, OrderTag order,
                             bool marked, const Changes& changes, std::size_t block_rows, std::size_t batch) {
  BlockRunWriter writer(run, order, marked, blocks, directory, block_rows);
  auto columns = columns_of(changes, order_columns(order));
  if (marked) columns.push_back(marks_of(changes));
  for (std::size_t first = 0; first < changes.size(); first += batch) {
    std::vector<std::span<const std::uint64_t>> part;
    for (const auto& column : columns) {
      part.push_back(std::span(column).subspan(first, std::min(batch, column.size() - first)));
    }
    writer.add(part);
  }
  return writer.finish();
}

// A run of one order.
struct SmallRun {
  MemoryKeyValues blocks;
  MemoryKeyValues directory;
  BlockRunInfo info;
  std::unique_ptr<BlockRun> run;

  SmallRun(OrderTag order, bool marked, const Changes& changes, std::size_t block_rows, std::size_t batch = 1000) {
    info.run = 7;
    info.marked = marked;
    const RowCounts counts = write_order(blocks, directory, info.run, order, marked, changes, block_rows, batch);
    (order < kNamedGraphTag ? info.default_graph : info.named_graphs) = counts;
    open();
  }
  void open() { run = std::make_unique<BlockRun>(info, blocks, directory); }
};

inline Changes all_inserts(const RowSet& rows) {
  Changes changes;
  for (const RowValues& row : rows) changes.emplace(row, kInsertMark);
  return changes;
}

// The rows that are left of a cursor, unrequested columns 0; marks at the end of a pair.
inline std::vector<std::pair<RowValues, std::uint64_t>> drain(RowCursor& cursor, ColumnMask mask,
                                                              std::size_t max_rows = kBatchRows) {
  std::vector<std::pair<RowValues, std::uint64_t>> rows;
  RowBatch batch;
  while (cursor.next(batch, max_rows)) {
    REQUIRE(batch.rows() > 0);
    REQUIRE(batch.rows() <= max_rows);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      auto& [values, mark] = rows.emplace_back();
      for (std::size_t i = 0; i < kMaxRowColumns; ++i) {
        if ((mask & column_bit(i)) != 0) values[i] = batch.column(i)[row];
      }
      if ((mask & column_bit(kMarkColumn)) != 0) mark = batch.column(kMarkColumn)[row];
    }
  }
  CHECK(batch.rows() == 0);
  return rows;
}

inline RowValues masked(RowValues row, ColumnMask mask) {
  for (std::size_t i = 0; i < kMaxRowColumns; ++i) {
    if ((mask & column_bit(i)) == 0) row[i] = 0;
  }
  return row;
}

}  // namespace akyn::storage::test

#include "engine/storage/merged_cursor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include <akyn/error.h>
#include "run_support.h"

namespace akyn::storage {
namespace {

using namespace test;

// Layers of effective changes, oldest first, the odd ones of the younger half in memory, with the rows they make.
struct Layers {
  OrderTag order = 0;
  std::vector<std::unique_ptr<SmallRun>> runs;
  std::vector<std::shared_ptr<const SortedRows>> chunks;
  std::vector<Changes> changes;
  RowSet rows;

  [[nodiscard]] std::vector<std::unique_ptr<RowSource>> sources(const RowRange& range, ColumnMask mask,
                                                                std::size_t skip = 0) const {
    std::vector<std::unique_ptr<RowSource>> result;
    for (std::size_t i = skip; i < runs.size(); ++i) result.push_back(runs[i]->run->cursor(order, range, mask));
    for (const auto& chunk : chunks) result.push_back(make_source(chunk, range, mask));
    return result;
  }
};

struct Shape {
  OrderTag order;
  std::size_t base;
  std::vector<std::size_t> deltas;
  std::size_t runs;  // how many of the deltas are runs, the rest being in memory
  std::size_t block_rows;
  std::uint64_t values;
};

Layers make_layers(Random& random, const Shape& shape) {
  Layers layers;
  layers.order = shape.order;
  const std::size_t columns = order_columns(shape.order);
  for (std::size_t i = 0; i < shape.base; ++i) layers.rows.insert(random_row(random, columns, shape.values));
  layers.changes.push_back(all_inserts(layers.rows));
  layers.runs.push_back(std::make_unique<SmallRun>(shape.order, false, layers.changes[0], shape.block_rows));
  for (std::size_t delta = 0; delta < shape.deltas.size(); ++delta) {
    Changes changes;
    while (changes.size() < shape.deltas[delta]) {
      RowValues row = random_row(random, columns, shape.values);
      // As likely a delete as an insert.
      if (below(random, 2) == 0) {
        const auto present = layers.rows.lower_bound(row);
        if (present != layers.rows.end()) row = *present;
      }
      if (changes.contains(row)) continue;
      const bool present = layers.rows.contains(row);
      changes.emplace(row, present ? kDeleteMark : kInsertMark);
      if (present) {
        layers.rows.erase(row);
      } else {
        layers.rows.insert(row);
      }
    }
    if (delta < shape.runs) {
      layers.runs.push_back(std::make_unique<SmallRun>(shape.order, true, changes, shape.block_rows));
    } else {
      layers.chunks.push_back(std::make_shared<SortedRows>(columns_of(changes, columns), marks_of(changes)));
    }
    layers.changes.push_back(std::move(changes));
  }
  return layers;
}

const std::vector<Shape> kShapes = {
    {0x00, 300, {}, 0, 4, 8},
    {0x00, 300, {40}, 1, 4, 8},
    {0x03, 300, {40, 30}, 1, 4, 8},
    {0x11, 400, {90, 80, 60, 10, 2}, 3, 7, 6},
    {0x18, 0, {50, 20}, 1, 4, 4},
    {0x05, 5000, {30, 20, 3}, 2, 700, 40},
    {0x05, 9000, {6000, 5}, 1, 4096, 60},
    {0x01, 6000, {900}, 0, 1024, 200},
    {0x02, 100, {1, 1, 1}, 3, 1, 5},
};

TEST_CASE("layers read as the rows they make, through seeks, masks and batch sizes") {
  Random random(21);
  for (const Shape& shape : kShapes) {
    const std::size_t columns = order_columns(shape.order);
    const Layers layers = make_layers(random, shape);
    CAPTURE(shape.base);
    CAPTURE(shape.block_rows);
    for (int round = 0; round < 60; ++round) {
      const RowRange range = random_range(random, columns, shape.values);
      const auto mask = static_cast<ColumnMask>(below(random, 1U << columns));
      const std::size_t max_rows = below(random, 3) == 0 ? 1 + below(random, 700) : kBatchRows;
      std::vector<RowValues> expected;
      for (const RowValues& row : layers.rows) {
        if (in_range(row, range)) expected.push_back(row);
      }
      MergedCursor cursor(layers.sources(range, mask), columns, mask);
      std::size_t at = 0;
      RowBatch batch;
      for (std::size_t steps = below(random, 6); steps > 0; --steps) {
        REQUIRE(cursor.remaining() == expected.size() - at);
        if (below(random, 2) == 0) {
          const RowPrefix prefix = random_prefix(random, columns, shape.values);
          cursor.seek(prefix);
          while (at < expected.size() && compare_prefix(expected[at].data(), prefix.values()) < 0) ++at;
        } else if (cursor.next(batch, max_rows)) {
          for (std::size_t row = 0; row < batch.rows(); ++row, ++at) {
            for (std::size_t i = 0; i < columns; ++i) {
              if ((mask & column_bit(i)) != 0) REQUIRE(batch.column(i)[row] == expected[at][i]);
            }
          }
        } else {
          REQUIRE(at == expected.size());
        }
      }
      REQUIRE(cursor.remaining() == expected.size() - at);
      const auto rows = drain(cursor, mask, max_rows);
      REQUIRE(rows.size() == expected.size() - at);
      for (const auto& [row, mark] : rows) REQUIRE(row == masked(expected[at++], mask));
      CHECK(cursor.remaining() == 0);
    }
  }
}

TEST_CASE("bounds lose no row within them") {
  Random random(22);
  for (const Shape& shape : kShapes) {
    const std::size_t columns = order_columns(shape.order);
    const Layers layers = make_layers(random, shape);
    for (int round = 0; round < 20; ++round) {
      ColumnBounds bounds;
      const std::size_t column = below(random, columns);
      bounds.min[column] = below(random, shape.values * 3);
      bounds.max[column] = bounds.min[column] + below(random, shape.values);
      const ColumnMask mask = all_columns(shape.order);
      std::vector<std::unique_ptr<RowSource>> sources;
      for (const auto& run : layers.runs) sources.push_back(run->run->cursor(shape.order, {}, mask, bounds));
      for (const auto& chunk : layers.chunks) sources.push_back(make_source(chunk, {}, mask));
      MergedCursor cursor(std::move(sources), columns, mask);
      const auto within = [&](const RowValues& row) {
        return row[column] >= bounds.min[column] && row[column] <= bounds.max[column];
      };
      std::vector<RowValues> expected;
      std::copy_if(layers.rows.begin(), layers.rows.end(), std::back_inserter(expected), within);
      std::vector<RowValues> found;
      for (const auto& [row, mark] : drain(cursor, mask)) {
        if (within(row)) found.push_back(row);
      }
      CHECK(found == expected);
    }
  }
}

TEST_CASE("changes joined have the effect of the changes one by one") {
  Random random(23);
  for (const Shape& shape : kShapes) {
    const std::size_t columns = order_columns(shape.order);
    const Layers layers = make_layers(random, shape);
    Changes expected;  // from the base to the result
    for (const auto& [row, mark] : layers.changes[0]) {
      if (!layers.rows.contains(row)) expected.emplace(row, kDeleteMark);
    }
    for (const RowValues& row : layers.rows) {
      if (!layers.changes[0].contains(row)) expected.emplace(row, kInsertMark);
    }
    const auto mask = static_cast<ColumnMask>(all_columns(shape.order) | column_bit(kMarkColumn));
    MergedCursor cursor(layers.sources({}, mask, 1), columns, mask, MergeKind::changes);
    CHECK(cursor.remaining() >= expected.size());
    const auto found = drain(cursor, mask);
    CHECK(Changes(found.begin(), found.end()) == expected);
    CHECK(found.size() == expected.size());
  }
}

TEST_CASE("where nothing changed, other columns are not decoded and the rest is not read") {
  Changes base;
  for (std::uint64_t i = 0; i < 40'960; ++i) base.emplace(RowValues{i, i % 7, i * 2}, kInsertMark);
  const SmallRun run(0x00, false, base, 4096);
  const Changes change = {{{20'000, 100, 0}, kInsertMark}};
  const auto chunk = std::make_shared<SortedRows>(columns_of(change, 3), marks_of(change));
  std::vector<std::unique_ptr<RowSource>> sources;
  sources.push_back(run.run->cursor(0x00, RowRange::all(), 1));
  sources.push_back(make_source(chunk, RowRange::all(), 1));
  MergedCursor cursor(std::move(sources), 3, 1);
  CHECK(cursor.remaining() == 40'961);
  RowBatch batch;
  std::vector<std::size_t> sizes;
  while (cursor.next(batch)) sizes.push_back(batch.rows());
  // The changed block, the fifth, is cut at the new row; its short rest comes with the sixth.
  REQUIRE(sizes.size() == 10);
  CHECK(std::count(sizes.begin(), sizes.end(), 4096U) == 8);
  CHECK(cursor.statistics().rows == 40'961);
  CHECK(cursor.statistics().blocks_read == 10);
}

TEST_CASE("damaged layers are errors or other rows, nothing worse") {
  Random random(24);
  const Shape shape = {0x00, 900, {200, 90}, 2, 128, 12};
  const Layers layers = make_layers(random, shape);
  for (int round = 0; round < 300; ++round) {
    SmallRun& run = *layers.runs[below(random, layers.runs.size())];
    const auto kept = run.blocks.values();
    auto& values = run.blocks.values();
    std::string& bytes = std::next(values.begin(), static_cast<std::ptrdiff_t>(below(random, values.size())))->second;
    bytes[below(random, bytes.size())] ^= static_cast<char>(1U << below(random, 8));
    bytes.shrink_to_fit();
    try {
      MergedCursor cursor(layers.sources(random_range(random, 3, 12), 7), 3, 7);
      if (round % 2 == 0) cursor.seek(random_prefix(random, 3, 12));
      (void)cursor.remaining();
      drain(cursor, 7);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::corruption);
    }
    values = kept;
  }
}

}  // namespace
}  // namespace akyn::storage

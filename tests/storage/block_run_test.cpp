#include "engine/storage/block_run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <akyn/error.h>
#include "run_support.h"

namespace akyn::storage {
namespace {

using namespace test;

constexpr OrderTag kDefault = 0x02;
constexpr OrderTag kNamed = 0x16;

Changes random_changes(Random& random, std::size_t count, std::size_t columns, std::uint64_t values, bool marked) {
  Changes changes;
  for (std::size_t i = 0; i < count; ++i) {
    changes[random_row(random, columns, values)] = marked ? below(random, 2) : kInsertMark;
  }
  return changes;
}

RowCounts model_counts(const Changes& changes, const RowRange& range) {
  RowCounts counts;
  for (const auto& [row, mark] : changes) {
    if (in_range(row, range)) ++(mark == kDeleteMark ? counts.deletes : counts.inserts);
  }
  return counts;
}

struct Shape {
  OrderTag order;
  bool marked;
  std::size_t block_rows;
  std::size_t count;
  std::uint64_t values;
};

const std::vector<Shape> kShapes = {
    {kDefault, false, 4, 300, 8},     {kDefault, true, 4, 300, 8},     {kNamed, false, 1, 60, 5},
    {kNamed, true, 7, 500, 6},        {kDefault, true, 700, 3000, 20}, {kDefault, false, 4, 6000, 60},
    {kDefault, false, 4096, 200, 40},
};

TEST_CASE("counts, look-ups and estimates agree with the rows") {
  Random random(11);
  for (const Shape& shape : kShapes) {
    CAPTURE(shape.block_rows);
    const std::size_t columns = order_columns(shape.order);
    const Changes changes = random_changes(random, shape.count, columns, shape.values, shape.marked);
    const SmallRun run(shape.order, shape.marked, changes, shape.block_rows, 1 + below(random, 50));
    run.run->verify(shape.order);
    CHECK(run.run->directory(shape.order).counts() == model_counts(changes, RowRange::all()));
    CHECK(run.run->directory(shape.order).blocks() == (changes.size() + shape.block_rows - 1) / shape.block_rows);
    CHECK(run.run->memory_bytes() > 0);
    for (int round = 0; round < 300; ++round) {
      const RowRange range = random_range(random, columns, shape.values);
      const RowCounts expected = model_counts(changes, range);
      CHECK(run.run->count(shape.order, range) == expected);
      const RowEstimate estimate = run.run->estimate(shape.order, range);
      if (estimate.exact) CHECK(estimate.rows == expected.net());
      CHECK(std::abs(estimate.rows - expected.net()) <= static_cast<std::int64_t>(4 * shape.block_rows));

      const RowValues row = random_row(random, columns, shape.values);
      const auto found = changes.find(row);
      CHECK(run.run->lookup(shape.order, row) == (found == changes.end()         ? RowState::absent
                                                  : found->second == kDeleteMark ? RowState::deleted
                                                                                 : RowState::inserted));
    }
    for (const auto& [row, mark] : changes) {
      REQUIRE(run.run->lookup(shape.order, row) == (mark == kDeleteMark ? RowState::deleted : RowState::inserted));
    }
  }
}

TEST_CASE("cursors give the rows of a range, through seeks, masks and batch sizes") {
  Random random(12);
  for (const Shape& shape : kShapes) {
    CAPTURE(shape.block_rows);
    const std::size_t columns = order_columns(shape.order);
    const Changes changes = random_changes(random, shape.count, columns, shape.values, shape.marked);
    const SmallRun run(shape.order, shape.marked, changes, shape.block_rows);
    for (int round = 0; round < 120; ++round) {
      const RowRange range = random_range(random, columns, shape.values);
      auto mask = static_cast<ColumnMask>(below(random, 32));
      if (columns == 3) mask = static_cast<ColumnMask>(mask & ~column_bit(3));
      const std::size_t max_rows = below(random, 3) == 0 ? 1 + below(random, 5) : kBatchRows;
      std::vector<std::pair<RowValues, std::uint64_t>> expected;
      for (const auto& entry : changes) {
        if (in_range(entry.first, range)) expected.push_back(entry);
      }
      auto cursor = run.run->cursor(shape.order, range, mask);
      std::size_t at = 0;
      RowBatch batch;
      for (std::size_t steps = below(random, 6); steps > 0; --steps) {
        CHECK(cursor->remaining() == expected.size() - at);
        if (below(random, 2) == 0) {
          const RowPrefix prefix = random_prefix(random, columns, shape.values);
          cursor->seek(prefix);
          while (at < expected.size() && compare_prefix(expected[at].first.data(), prefix.values()) < 0) ++at;
        } else if (cursor->next(batch, max_rows)) {
          at += batch.rows();
        }
        RowCounts left;
        for (std::size_t i = at; i < expected.size(); ++i) ++(expected[i].second != 0 ? left.deletes : left.inserts);
        CHECK(cursor->remaining_counts() == left);
      }
      const auto rows = drain(*cursor, mask, max_rows);
      REQUIRE(rows.size() == expected.size() - at);
      for (const auto& [row, mark] : rows) {
        REQUIRE(row == masked(expected[at].first, mask));
        if ((mask & column_bit(kMarkColumn)) != 0) REQUIRE(mark == expected[at].second);
        ++at;
      }
      CHECK(cursor->remaining() == 0);
    }
  }
}

TEST_CASE("blocks that cannot match are not read") {
  Changes changes;
  for (std::uint64_t i = 0; i < 40'000; ++i) changes.emplace(RowValues{i / 400, i % 400, i}, kInsertMark);
  const SmallRun run(kDefault, false, changes, 4);
  SUBCASE("by seek") {
    auto cursor = run.run->cursor(kDefault, RowRange::all(), 7);
    RowBatch batch;
    for (std::uint64_t i = 0; i < 100; i += 10) {
      cursor->seek({i, 7});
      REQUIRE(cursor->next(batch));
      CHECK(batch.column(0)[0] == i);
      CHECK(batch.column(1)[0] == 7);
    }
    CHECK(cursor->statistics().blocks_read == 10);
    // 9 groups of 4,000 rows: all but the block read, and before each target the rest of its group's start.
    CHECK(cursor->statistics().blocks_skipped == 9 * 1000 + 1 - 9);
  }
  SUBCASE("by bounds") {
    ColumnBounds bounds;
    bounds.min[2] = 100;
    bounds.max[2] = 103;
    auto cursor = run.run->cursor(kDefault, RowRange::all(), 4, bounds);
    const auto rows = drain(*cursor, 4);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].first[2] == 100);
    CHECK(cursor->statistics().blocks_read == 1);
    CHECK(cursor->statistics().blocks_skipped == 9'999);
  }
  SUBCASE("a count and an exact estimate within whole blocks") {
    CHECK(run.run->count(kDefault, RowRange::prefix({5})) == RowCounts{400, 0});
    CHECK(run.run->estimate(kDefault, RowRange::prefix({5})).exact);
    auto cursor = run.run->cursor(kDefault, RowRange::prefix({5}), 1);
    CHECK(drain(*cursor, 1).size() == 400);
    CHECK(cursor->statistics().blocks_read == 0);  // a constant column needs no block
  }
}

TEST_CASE("an order without rows") {
  const SmallRun run(kNamed, true, {}, 4);
  CHECK(run.directory.values().size() == 1);
  CHECK(run.run->count(kNamed, RowRange::all()) == RowCounts{});
  CHECK(run.run->lookup(kNamed, {1, 2, 3, 4}) == RowState::absent);
  CHECK(drain(*run.run->cursor(kNamed, RowRange::all(), 15), 15).empty());
  CHECK(BlockDirectory(run.directory, run.info.run, kNamed).blocks() == 0);
}

TEST_CASE("writers refuse rows out of order") {
  MemoryKeyValues values;
  for (const std::vector<std::uint64_t>& last : {std::vector<std::uint64_t>{1, 1}, {2, 1}}) {
    BlockRunWriter writer(1, kDefault, false, values, values);
    const std::vector<std::uint64_t> ones = {1, 1};
    const std::array<std::span<const std::uint64_t>, 3> rows = {ones, ones, last};
    CHECK_THROWS_AS(writer.add(rows), const Error&);
  }
}

TEST_CASE("many threads load a directory once and read") {
  Random random(13);
  const Changes changes = random_changes(random, 2000, 3, 30, true);
  const SmallRun run(kDefault, true, changes, 16);
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (const auto& [row, mark] : changes) {
        if (run.run->lookup(kDefault, row) != (mark == kDeleteMark ? RowState::deleted : RowState::inserted)) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("a run that lost something, or is not what its description says, is an error") {
  Random random(14);
  const Changes changes = random_changes(random, 300, 3, 20, true);
  const auto fails = [](SmallRun& run) {
    run.open();
    try {
      run.run->verify(kDefault);
      return false;
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::corruption);
      return true;
    }
  };
  SUBCASE("a block") {
    SmallRun run(kDefault, true, changes, 16);
    run.blocks.values().erase(std::next(run.blocks.values().begin(), 3));
    CHECK(fails(run));
  }
  SUBCASE("a block in another's place") {
    SmallRun run(kDefault, true, changes, 16);
    auto first = run.blocks.values().begin();
    std::swap(first->second, std::next(first)->second);
    CHECK(fails(run));
  }
  SUBCASE("the directory") {
    SmallRun run(kDefault, true, changes, 16);
    const auto kept = run.directory.values();
    run.directory.values().clear();
    CHECK(fails(run));
    run.directory.values() = kept;
    // The same object recovers when the failure was temporary.
    CHECK_NOTHROW(run.run->verify(kDefault));
  }
  SUBCASE("another number of rows") {
    SmallRun run(kDefault, true, changes, 16);
    ++run.info.default_graph.inserts;
    CHECK(fails(run));
  }
}

TEST_CASE("flipped bytes are errors or other rows, nothing worse") {
  Random random(15);
  for (const bool marked : {false, true}) {
    const Changes changes = random_changes(random, 900, 3, 30, marked);
    SmallRun run(kDefault, marked, changes, 300);
    const auto blocks = run.blocks.values();
    const auto directory = run.directory.values();
    std::size_t noticed = 0;
    for (int round = 0; round < 400; ++round) {
      run.blocks.values() = blocks;
      run.directory.values() = directory;
      auto& values = round % 3 == 0 ? run.directory.values() : run.blocks.values();
      std::string& bytes = std::next(values.begin(), static_cast<std::ptrdiff_t>(below(random, values.size())))->second;
      bytes[below(random, bytes.size())] ^= static_cast<char>(1U << below(random, 8));
      bytes.shrink_to_fit();
      run.open();
      const auto attempt = [&](auto action) {
        try {
          action();
        } catch (const Error& error) {
          CHECK(error.code() == ErrorCode::corruption);
          ++noticed;
        }
      };
      attempt([&] { run.run->verify(kDefault); });
      attempt([&] { drain(*run.run->cursor(kDefault, RowRange::all(), 0x17), 0x17); });
      for (int i = 0; i < 5; ++i) {
        const RowRange range = random_range(random, 3, 30);
        attempt([&] { (void)run.run->count(kDefault, range); });
        attempt([&] { (void)run.run->estimate(kDefault, range); });
        attempt([&] { (void)run.run->lookup(kDefault, random_row(random, 3, 30)); });
        attempt([&] {
          auto cursor = run.run->cursor(kDefault, range, 7);
          cursor->seek(random_prefix(random, 3, 30));
          (void)cursor->remaining();
          drain(*cursor, 7, 100);
        });
      }
    }
    CHECK(noticed > 0);
  }
}

}  // namespace
}  // namespace akyn::storage

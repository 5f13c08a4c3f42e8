#include "engine/storage/counted_cursor.h"

#include <algorithm>
#include <map>
#include <random>
#include <span>
#include <vector>

#include "engine/storage/row_counter.h"
#include "tests/storage/layered_store.h"

namespace akyn::storage::test {
namespace {

using Key = std::vector<std::uint64_t>;

// What a version's rows of a range are, counted one by one.
std::map<Key, std::uint64_t> count_rows(const std::shared_ptr<const Version>& version, OrderTag order,
                                        const RowRange& range, std::size_t fixed, std::size_t columns) {
  std::map<Key, std::uint64_t> counts;
  const auto cursor = open_cursor(version, order, range, all_columns(order));
  RowBatch batch;
  while (cursor->next(batch)) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      Key key;
      for (std::size_t i = fixed; i < columns; ++i) key.push_back(batch.column(i)[row]);
      ++counts[key];
    }
  }
  return counts;
}

Key key_at(const CountedCursor& cursor, std::size_t group, std::size_t fixed, std::size_t columns) {
  Key key;
  for (std::size_t i = fixed; i < columns; ++i) key.push_back(cursor.column(i)[group]);
  return key;
}

TEST_CASE("groups are those of the rows, counted over layers with deletes") {
  std::mt19937 random(5);
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    const auto version = make_layers(random, 1 + round % 5, round % 2 == 0 ? 60 : 400);
    for (int question = 0; question < 200; ++question) {
      const bool named = random() % 3 == 0 && !version->graphs.all().empty();
      const OrderTag order =
          named ? order_tag(Partition::named_graphs, random() % 2 == 0 ? Permutation::gspo : Permutation::gpos)
                : static_cast<OrderTag>(random() % kDefaultGraphOrders);
      // The leading values of some row.
      const auto all = open_cursor(version, order, RowRange::all(), all_columns(order));
      RowBatch batch;
      if (!all->next(batch)) continue;
      const std::size_t columns = (named ? 1 : 0) + random() % 3 + (named ? 0 : 1);
      const std::size_t fixed = std::min<std::size_t>(columns, (named ? 1 : 0) + random() % 2);
      RowPrefix prefix;
      const std::size_t sample = random() % batch.rows();
      for (std::size_t i = 0; i < fixed; ++i) prefix.append(batch.column(i)[sample]);
      RowRange range = RowRange::prefix(prefix);
      if (columns > fixed && random() % 3 == 0) {
        range = RowRange::between(prefix, batch.column(fixed)[random() % batch.rows()], UINT64_MAX);
      }
      const auto expected = count_rows(version, order, range, fixed, columns);

      CountedCursor cursor(version, order, range, fixed, columns);
      const std::size_t max_groups = random() % 2 == 0 ? 1 + random() % 4 : 1000;
      auto at = expected.begin();
      for (;;) {
        if (columns > fixed && random() % 4 == 0 && !expected.empty()) {
          RowPrefix target = prefix;
          const Key& key = std::next(expected.begin(), static_cast<long>(random() % expected.size()))->first;
          for (const std::uint64_t value : key) target.append(value + (random() % 4 == 0 ? 1 : 0));
          const auto reached =
              expected.lower_bound({target.values().begin() + static_cast<long>(fixed), target.values().end()});
          if (reached == expected.end() || (at != expected.end() && reached->first >= at->first)) {
            at = reached;
            cursor.seek(target);
          }
        }
        if (!cursor.next(max_groups)) break;
        REQUIRE(cursor.groups() > 0);
        REQUIRE(cursor.groups() <= max_groups);
        for (std::size_t group = 0; group < cursor.groups(); ++group, ++at) {
          REQUIRE(at != expected.end());
          REQUIRE(key_at(cursor, group, fixed, columns) == at->first);
          REQUIRE(cursor.counts()[group] == at->second);
        }
      }
      REQUIRE(at == expected.end());
    }
  }
}

TEST_CASE("rows that begin with some values are counted over layers with deletes") {
  std::mt19937 random(6);
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    const auto version = make_layers(random, 1 + round % 5, round % 2 == 0 ? 60 : 400);
    for (int question = 0; question < 40; ++question) {
      const auto order = static_cast<OrderTag>(random() % kDefaultGraphOrders);
      const std::size_t columns = 1 + random() % 3;
      const auto expected = count_rows(version, order, RowRange::all(), 0, columns);
      RowCounter counter(version, order, RowRange::all());
      for (const auto& [key, count] : expected) {
        if (random() % 3 == 0) continue;
        Key absent = key;
        --absent.back();
        if (random() % 4 == 0 && !expected.contains(absent)) CHECK(counter.count(RowPrefix(std::span(absent))) == 0);
        REQUIRE(counter.count(RowPrefix(std::span(key))) == count);
      }
    }
  }
}

TEST_CASE("what fills blocks is counted without reading them") {
  const auto store = make_layered_store(1000);
  const auto slot = std::make_shared<WriterSlot>();
  for (int load = 0; load < 2; ++load) {
    const auto writer = begin_writing(store, slot, fast());
    for (int i = 0; i < 12'000; ++i) {
      writer->insert(intern(*writer, ex("s" + std::to_string(load * 12'000 + i)), ex("p"), ex(i < 6000 ? "a" : "b")));
    }
    writer->commit();
  }
  const auto version = store->newest();
  REQUIRE(version->layers.size() == 2);
  CountedCursor cursor(version, order_tag(Partition::default_graph, Permutation::pos), RowRange::all(), 0, 2);
  REQUIRE(cursor.next(10));
  REQUIRE(cursor.groups() == 2);
  CHECK(cursor.counts()[0] == 12'000);
  CHECK(cursor.counts()[1] == 12'000);
  CHECK_FALSE(cursor.next(10));
  CHECK(cursor.statistics().rows == 24'000);
  CHECK(cursor.statistics().blocks_read == 0);
}

}  // namespace
}  // namespace akyn::storage::test

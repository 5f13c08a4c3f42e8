#include "engine/storage/column_ends.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/term/vocabulary.h"
#include "tests/storage/layered_store.h"

namespace akyn::storage::test {
namespace {

// The values of the column behind a prefix, ascending, read one by one.
std::vector<std::uint64_t> values_of(const std::shared_ptr<const Version>& version, OrderTag order,
                                     const RowPrefix& prefix) {
  std::vector<std::uint64_t> values;
  const auto cursor = open_cursor(version, order, RowRange::prefix(prefix), all_columns(order));
  for (RowBatch batch; cursor->next(batch);) {
    const auto column = batch.column(prefix.size());
    values.insert(values.end(), column.begin(), column.end());
  }
  return values;
}

TEST_CASE("the ends of a column are those of its rows, over layers with deletes") {
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    CAPTURE(round);
    const auto version = make_layers(random, 1 + round % 5, round % 2 == 0 ? 60 : 400);
    for (int question = 0; question < 200; ++question) {
      const bool named = random() % 3 == 0;
      const OrderTag order =
          named ? order_tag(Partition::named_graphs, random() % 2 == 0 ? Permutation::gspo : Permutation::pos)
                : static_cast<OrderTag>(random() % kDefaultGraphOrders);
      const auto all = open_cursor(version, order, RowRange::all(), all_columns(order));
      RowBatch batch;
      if (!all->next(batch)) continue;
      const std::size_t sample = random() % batch.rows();
      RowPrefix prefix;
      for (std::size_t i = random() % order_columns(order); i > 0; --i) {
        prefix.append(batch.column(prefix.size())[sample]);
      }
      const std::vector<std::uint64_t> values = values_of(version, order, prefix);
      const std::uint64_t near = values[random() % values.size()];
      const std::uint64_t first = random() % 2 == 0 ? 0 : near + random() % 3 - 1;
      const std::uint64_t last = random() % 2 == 0 ? UINT64_MAX : first + random() % 20;
      const auto from = std::ranges::lower_bound(values, first);
      const auto to = std::ranges::upper_bound(values, last);
      const bool any = from < to;
      CHECK(least_value(version, order, prefix, first, last) == (any ? std::optional(*from) : std::nullopt));
      CHECK(greatest_value(version, order, prefix, first, last) == (any ? std::optional(*(to - 1)) : std::nullopt));
    }
  }
}

TEST_CASE("rows at the end that have been deleted are passed over") {
  const auto store = make_layered_store(4);
  const auto slot = std::make_shared<WriterSlot>();
  std::vector<QuadIds> quads;
  {
    const auto writer = begin_writing(store, slot, fast());
    for (int i = 0; i < 500; ++i) {
      quads.push_back(intern(*writer, ex("s"), ex("p"), typed_literal(std::to_string(i), xsd::kInteger)));
      writer->insert(quads.back());
    }
    writer->commit();
    flush_commits(*store);
  }
  {
    const auto writer = begin_writing(store, slot, fast());
    for (std::size_t i = 3; i < quads.size(); ++i) writer->remove(quads[i]);
    writer->commit();
    flush_commits(*store);
  }
  const auto version = store->newest();
  REQUIRE(version->layers.size() == 2);
  const OrderTag order = order_tag(Partition::default_graph, Permutation::pos);
  const RowPrefix prefix({quads[0].predicate.bits()});
  CHECK(least_value(version, order, prefix, 0, UINT64_MAX) == quads[0].object.bits());
  CHECK(greatest_value(version, order, prefix, 0, UINT64_MAX) == quads[2].object.bits());
  CHECK_FALSE(greatest_value(version, order, prefix, quads[3].object.bits(), UINT64_MAX));
}

}  // namespace
}  // namespace akyn::storage::test

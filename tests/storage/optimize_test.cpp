#include "engine/storage/optimize.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <akyn/error.h>
#include <doctest/doctest.h>
#include "engine/storage/database.h"
#include "engine/storage/row_cursor.h"
#include "tests/storage/dictionary_store.h"

namespace akyn::storage {
namespace {

using test::below;
using test::DictionaryStore;
using test::TermMaker;
using test::TermText;

// Subject, predicate, object and, for rows of named graphs, an instance.
using Quad = std::array<std::uint64_t, 4>;
using Quads = std::set<Quad>;

std::vector<OrderTag> all_orders() {
  std::vector<OrderTag> orders;
  for (OrderTag order = 0; order < kNamedGraphTag + kNamedGraphOrders; ++order) {
    if (is_order(order)) orders.push_back(order);
  }
  return orders;
}

std::array<std::uint8_t, 4> places(OrderTag order) {
  return columns_of(static_cast<Permutation>(order & 0x0F));
}

// A store's terms and rows.
struct TestStore {
  DictionaryStore dictionary;
  Quads default_rows;
  Quads named_rows;
  std::vector<Id> graph_names;
  std::vector<Id> ids;  // of all terms that were committed, used by a row or not

  void commit(std::mt19937& random, std::size_t terms, bool as_run) {
    TermMaker maker(*dictionary.now);
    std::vector<Id> used;
    for (std::size_t i = 0; i < terms; ++i) {
      used.push_back(i % 3 == 0 ? maker.random_iri(random) : maker.random_term(random, 4));
    }
    const std::vector<Id> made = test::commit_terms(dictionary, maker, used, as_run);
    ids.insert(ids.end(), made.begin(), made.end());
  }
  Id random_id(std::mt19937& random) const { return ids[below(random, ids.size())]; }
  void add_rows(std::mt19937& random, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      Quad quad{};
      for (std::size_t place = 0; place < 3; ++place) quad[place] = random_id(random).bits();
      if (below(random, 3) == 0) quad[1] = ids.front().bits();
      if (below(random, 2) == 0) {
        quad[3] = 1 + below(random, 5);
        named_rows.insert(quad);
      } else {
        default_rows.insert(quad);
      }
    }
  }

  [[nodiscard]] std::unique_ptr<RowCursor> open(OrderTag order) const {
    const Quads& quads = order < kNamedGraphTag ? default_rows : named_rows;
    std::set<Quad> sorted;
    for (const Quad& quad : quads) {
      Quad row{};
      for (std::size_t i = 0; i < order_columns(order); ++i) row[i] = quad[places(order)[i]];
      sorted.insert(row);
    }
    std::vector<std::vector<std::uint64_t>> columns(order_columns(order));
    for (const Quad& row : sorted) {
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].push_back(row[i]);
    }
    return make_source(std::make_shared<const SortedRows>(std::move(columns), std::vector<std::uint64_t>()),
                       RowRange::all(), all_columns(order));
  }
  [[nodiscard]] RebuildInput input() const {
    return {*dictionary.now, [this](OrderTag order) { return open(order); }, graph_names, !default_rows.empty(),
            !named_rows.empty()};
  }
};

// What a rebuild has written.
struct NewStore {
  std::shared_ptr<MemoryKeyValues> terms = std::make_shared<MemoryKeyValues>();
  std::shared_ptr<MemoryKeyValues> tail = std::make_shared<MemoryKeyValues>();
  std::map<OrderTag, MemoryKeyValues> block_sinks;
  std::map<OrderTag, MemoryKeyValues> directory_sinks;
  MemoryKeyValues blocks;  // of all orders
  MemoryKeyValues directory;
  std::map<OrderTag, std::uint64_t> observed;
  std::shared_ptr<const Dictionary> dictionary;
  std::unique_ptr<Rebuilt> rebuilt;

  void rebuild_from(const RebuildInput& input, const MergeOptions& options) {
    for (const OrderTag order : all_orders()) observed[order] = 0;
    const RebuildOutput output = {31, 32, *terms,
                                  [this](OrderTag order) {
                                    return RowSinks{block_sinks[order], directory_sinks[order]};
                                  },
                                  [this](OrderTag order, std::span<const std::span<const std::uint64_t>> columns) {
                                    observed.at(order) += columns[0].size();
                                  }};
    rebuilt = std::make_unique<Rebuilt>(rebuild(input, output, options));
    CHECK(block_sinks.size() == kOrders);
    for (const OrderTag order : all_orders()) {
      for (const auto& [key, value] : block_sinks[order].values()) blocks.put(key, value);
      for (const auto& [key, value] : directory_sinks[order].values()) directory.put(key, value);
    }
    DictionaryDescription description;
    description.runs = {{31, rebuilt->terms.first, rebuilt->terms.terms}};
    description.tail = 33;
    description.next_number = rebuilt->terms.first + rebuilt->terms.terms;
    dictionary = Dictionary::open(description, {terms, tail, std::make_shared<PinnedCache>(std::size_t{1} << 20U)});
  }
};

using TextRow = std::array<TermText, 4>;

TextRow text_row(const Dictionary& dictionary, const Quad& quad) {
  TextRow row;
  for (std::size_t i = 0; i < 3; ++i) row[i] = test::text_of(dictionary, Id::from_bits(quad[i]));
  row[3] = std::to_string(quad[3]);
  return row;
}

MergeOptions small_options(std::mt19937& random) {
  MergeOptions options;
  options.limits.memory_bytes = 1 + below(random, 20'000);
  options.limits.directory = std::filesystem::temp_directory_path().string();
  options.threads = 1 + below(random, 4);
  return options;
}

void collect_used(const Dictionary& dictionary, Id id, std::set<Id>& used) {
  if (!Dictionary::is_stored(id) || !used.insert(id).second || id.type() != IdType::triple) return;
  std::string body;
  dictionary.append_body(id, body);
  const auto parts = parse_triple_body(body);
  for (const Id part : {parts->subject, parts->predicate, parts->object}) collect_used(dictionary, part, used);
}

TEST_CASE("a rebuilt store has the same rows in every order, and the terms in use") {
  std::mt19937 random(21);
  for (int round = 0; round < 8; ++round) {
    TestStore store;
    for (std::size_t commits = below(random, 6); commits > 0; --commits) {
      store.commit(random, below(random, 300), below(random, 2) == 0);
    }
    store.commit(random, 30, round % 2 == 0);
    if (round > 0) store.add_rows(random, below(random, 1500));
    if (round > 1) store.graph_names = {store.random_id(random)};
    NewStore rebuilt;
    rebuilt.rebuild_from(store.input(), small_options(random));

    std::set<Id> used;
    for (const Id name : store.graph_names) collect_used(*store.dictionary.now, name, used);
    for (const Quads* rows : {&store.default_rows, &store.named_rows}) {
      for (const Quad& quad : *rows) {
        for (std::size_t i = 0; i < 3; ++i) collect_used(*store.dictionary.now, Id::from_bits(quad[i]), used);
      }
    }
    CHECK(rebuilt.dictionary->terms() == used.size());
    for (const Id id : used) {
      const Id renumbered = rebuilt.rebuilt->renumbering(id);
      REQUIRE(renumbered.is_bound());
      CHECK(test::text_of(*rebuilt.dictionary, renumbered) == test::text_of(*store.dictionary.now, id));
    }

    const BlockRun run(rebuilt.rebuilt->rows, rebuilt.blocks, rebuilt.directory);
    for (const OrderTag order : all_orders()) {
      const Quads& old_rows = order < kNamedGraphTag ? store.default_rows : store.named_rows;
      std::set<TextRow> expected;
      for (const Quad& quad : old_rows) expected.insert(text_row(*store.dictionary.now, quad));
      std::set<TextRow> got;
      RowBatch batch;
      const auto cursor = run.cursor(order, RowRange::all(), all_columns(order));
      while (cursor->next(batch)) {
        for (std::size_t row = 0; row < batch.rows(); ++row) {
          Quad quad{};
          for (std::size_t i = 0; i < order_columns(order); ++i) quad[places(order)[i]] = batch.column(i)[row];
          got.insert(text_row(*rebuilt.dictionary, quad));
        }
      }
      CHECK(got == expected);
      CHECK(run.info().counts(order) == RowCounts{old_rows.size(), 0});
      CHECK(rebuilt.observed[order] == old_rows.size());
      run.verify(order);
    }
  }
}

TEST_CASE("a store that is one run already keeps its numbers") {
  std::mt19937 random(22);
  TestStore store;
  store.commit(random, 400, true);
  std::erase_if(store.ids, [](Id id) { return id.type() == IdType::triple; });
  store.add_rows(random, 3000);
  NewStore first;
  first.rebuild_from(store.input(), small_options(random));
  CHECK(first.rebuilt->renumbering.all_steady());

  TestStore again;
  again.dictionary.now = first.dictionary;
  for (const Quads* rows : {&store.default_rows, &store.named_rows}) {
    for (Quad quad : *rows) {
      for (std::size_t i = 0; i < 3; ++i) quad[i] = first.rebuilt->renumbering(Id::from_bits(quad[i])).bits();
      (rows == &store.default_rows ? again.default_rows : again.named_rows).insert(quad);
    }
  }
  NewStore second;
  second.rebuild_from(again.input(), MergeOptions());
  CHECK(second.blocks.values().size() == first.blocks.values().size());
  CHECK(std::equal(first.blocks.values().begin(), first.blocks.values().end(), second.blocks.values().begin()));
  for (const Id id : {Id(IdType::iri, 1), Id(IdType::iri, 2)}) CHECK(second.rebuilt->renumbering(id) == id);
}

TEST_CASE("what is committed meanwhile is translated") {
  std::mt19937 random(23);
  for (int round = 0; round < 6; ++round) {
    TestStore store;
    store.commit(random, 200, round % 2 == 0);
    store.commit(random, 200, false);
    store.add_rows(random, 100);  // leaves terms unused, which are dropped
    NewStore rebuilt;
    rebuilt.rebuild_from(store.input(), small_options(random));

    store.commit(random, 200, false);
    store.commit(random, 200, true);
    const Dictionary& from = *store.dictionary.now;
    PendingTerms pending(rebuilt.dictionary->next_number(), 1);
    Translator translate(from, rebuilt.rebuilt->renumbering, pending);
    std::vector<Id> translated;
    for (const Id id : store.ids) translated.push_back(translate(id));
    CHECK(translate(Id()) == Id());

    UsedTerms used(pending);
    for (const Id id : translated) used.mark(id);
    used.finish();
    CHECK(used.count() == pending.size());
    write_to_tail(33, used, *rebuilt.tail);
    const auto after = rebuilt.dictionary->with_tail(used.count(), pending.next_term());
    std::map<TermText, Id> seen;
    for (std::size_t i = 0; i < translated.size(); ++i) {
      const TermText text = test::text_of(from, store.ids[i]);
      CHECK(test::text_of(*after, translated[i]) == text);
      CHECK(seen.emplace(text, translated[i]).first->second == translated[i]);
    }
  }
}

TEST_CASE("a rebuild can be cancelled at any time") {
  std::mt19937 random(24);
  TestStore store;
  store.commit(random, 3000, true);
  store.commit(random, 300, false);
  store.add_rows(random, 500);
  std::size_t calls = 0;
  MergeOptions options;
  std::set<std::string> phases;
  options.progress = [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
    CHECK(done <= total);
    phases.emplace(phase);
    ++calls;
  };
  NewStore whole;
  whole.rebuild_from(store.input(), options);
  CHECK(phases.size() >= 3);
  for (std::size_t limit = 1; limit <= calls; limit += 1 + calls / 10) {
    std::size_t left = limit;
    options.threads = limit % 2 + 1;
    options.progress = [&](std::string_view, std::uint64_t, std::uint64_t) {
      if (--left == 0) throw Error(ErrorCode::cancelled, "enough");
    };
    NewStore part;
    try {
      part.rebuild_from(store.input(), options);
      FAIL("went on");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::cancelled);
    }
  }
}

TEST_CASE("damage found by a rebuild is reported as such") {
  std::mt19937 random(25);
  TestStore store;
  store.commit(random, 150, true);
  store.commit(random, 150, false);
  store.add_rows(random, 300);
  const auto tail = store.dictionary.tail->values();
  const auto terms = store.dictionary.terms->values();
  for (int round = 0; round < 150; ++round) {
    store.dictionary.tail->values() = tail;
    store.dictionary.terms->values() = terms;
    auto& values = round % 2 == 0 ? store.dictionary.tail->values() : store.dictionary.terms->values();
    auto victim = values.begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(below(random, values.size())));
    if (round % 7 == 0) {
      values.erase(victim);
    } else {
      victim->second = test::damaged(random, victim->second);
    }
    test::survives([&] {
      TestStore damaged;
      damaged.dictionary.now = Dictionary::open(store.dictionary.now->description(), store.dictionary.sources());
      damaged.default_rows = store.default_rows;
      damaged.named_rows = store.named_rows;
      NewStore rebuilt;
      rebuilt.rebuild_from(damaged.input(), MergeOptions());
    });
  }
  store.dictionary.tail->values() = tail;
  store.dictionary.terms->values() = terms;
  for (const Id wrong : {Id(IdType::iri, store.dictionary.now->next_number()), Id(IdType::iri, 0),
                         Id(IdType::lang_string, Id::kLocalBit - 1)}) {
    TestStore damaged;
    damaged.dictionary.now = store.dictionary.now;
    damaged.default_rows = {{wrong.bits(), wrong.bits(), wrong.bits(), 0}};
    NewStore rebuilt;
    CHECK_THROWS_AS(rebuilt.rebuild_from(damaged.input(), MergeOptions()), Error);
  }
}

}  // namespace
}  // namespace akyn::storage

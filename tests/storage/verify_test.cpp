// Damage done behind the store's back is found and named.
#include <rocksdb/db.h>

#include <map>

#include "engine/storage/block_run_writer.h"
#include "engine/storage/delta_chunk.h"
#include "engine/storage/dictionary_tail.h"
#include "engine/storage/load_version.h"
#include "engine/storage/manifest.h"
#include "engine/storage/rocks.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

// A store of two quads, in the record of a commit or in a run.
class Damaged {
 public:
  explicit Damaged(bool as_run = false) : tuning_(tiny()) {
    tuning_.large_commit = as_run ? 0 : 1000;
    const auto database = open();
    const auto writer = database->begin();
    quad_ = intern(*writer, ex("s"), ex("p"), literal("o"));
    named_ = intern(*writer, ex("s"), ex("p"), lang_literal("o", "EN"), ex("g"));
    writer->insert(quad_);
    writer->insert(named_);
    writer->commit();
    database->verify();
  }

  [[nodiscard]] std::shared_ptr<Database> open() const { return open_database(path_, fast(), tuning_); }

  template <class Change>
  void change(const Change& change) const {
    const auto rocks = Rocks::open(path_.string(), Access::write, fast(), StoreDirectory());
    change(*rocks);
  }
  void put(Family family, std::string_view key, std::string_view value) const {
    change([&](Rocks& rocks) { REQUIRE(rocks.db().Put({}, rocks.family(family), key, value).ok()); });
  }
  void remove(Family family, std::string_view key) const {
    change([&](Rocks& rocks) {
      std::string value;
      REQUIRE(rocks.db().Get({}, rocks.family(family), key, &value).ok());
      REQUIRE(rocks.db().Delete({}, rocks.family(family), key).ok());
    });
  }
  // Puts these rows in the place of one order's of the run.
  void replace_order(OrderTag order, const std::vector<RowValues>& rows) const {
    MemoryKeyValues blocks;
    MemoryKeyValues directory;
    BlockRunWriter writer(kRun, order, false, blocks, directory);
    std::vector<std::vector<std::uint64_t>> columns(order_columns(order));
    for (const RowValues& row : rows) {
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].push_back(row[i]);
    }
    std::vector<std::span<const std::uint64_t>> spans(columns.begin(), columns.end());
    writer.add(spans);
    static_cast<void>(writer.finish());
    change([&](Rocks& rocks) {
      for (const auto& [key, value] : blocks.values()) {
        REQUIRE(rocks.db().Put({}, rocks.family(Family::blocks), key, value).ok());
      }
      for (const auto& [key, value] : directory.values()) {
        REQUIRE(rocks.db().Put({}, rocks.family(Family::directory), key, value).ok());
      }
    });
  }

  // What verify() says.
  [[nodiscard]] std::string finding() const {
    std::string message = "nothing";
    const auto found = failure([&] { open()->verify(); });
    if (found) {
      CHECK(found->code == ErrorCode::corruption);
      CHECK(mentions(found->message, path_.string()));
      message = found->message;
    }
    return message;
  }

  static constexpr std::uint32_t kRun = 1;  // the first number a store gives
  [[nodiscard]] const QuadIds& quad() const { return quad_; }
  [[nodiscard]] const QuadIds& named() const { return named_; }

 private:
  TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "store";
  Tuning tuning_;
  QuadIds quad_;
  QuadIds named_;
};

std::string bytes(std::uint64_t number) {
  std::string bytes;
  append_u64(bytes, number);
  return bytes;
}

RowValues row(const QuadIds& quad, Permutation order) {
  return permuted({quad.subject, quad.predicate, quad.object, Id()}, columns_of(order));
}

TEST_CASE("verify finds a block that is missing, whichever its order") {
  for (const OrderTag order : {0x00, 0x02, 0x05, 0x10, 0x14, 0x18}) {
    const Damaged store(true);
    store.remove(Family::blocks, BlockKey(Damaged::kRun, order, 0).view());
    CHECK(store.finding() != "nothing");
  }
}

TEST_CASE("verify finds rows that one order has and another has not") {
  for (const Permutation order : kTripleOrders) {
    const Damaged store(true);
    QuadIds other = store.quad();
    other.subject = other.predicate;
    store.replace_order(order_tag(Partition::default_graph, order), {row(other, order)});
    const std::string finding = store.finding();
    CAPTURE(finding);
    CHECK(mentions(finding, "is in order "));
    CHECK(mentions(finding, "and not in"));
  }
  const Damaged more(true);
  QuadIds other = more.quad();
  other.subject = other.predicate;
  std::vector<RowValues> rows = {row(more.quad(), Permutation::pos), row(other, Permutation::pos)};
  std::sort(rows.begin(), rows.end());
  more.replace_order(order_tag(Partition::default_graph, Permutation::pos), rows);
  CHECK(mentions(more.finding(), "another number of rows"));
}

TEST_CASE("verify finds rows with Ids that no term has") {
  const Damaged store(true);
  QuadIds other = store.quad();
  other.object = Id(IdType::iri, 1'000'000);
  for (const Permutation order : kTripleOrders) {
    store.replace_order(order_tag(Partition::default_graph, order), {row(other, order)});
  }
  CHECK(mentions(store.finding(), "the object of a quad is Id"));
}

TEST_CASE("verify finds records of commits that cannot be") {
  const Damaged store;
  DeltaRows rows;
  rows.add({store.quad().subject, store.quad().predicate, store.quad().object, 0}, kInsertMark);
  rows.add({store.quad().predicate, store.quad().predicate, store.quad().object, 0}, kInsertMark);
  store.put(Family::delta, delta_key(1), rows.serialize());
  CHECK(mentions(store.finding(), "the counters say 1"));
  store.put(Family::delta, delta_key(1), rows.serialize().substr(0, 30));
  CHECK(mentions(store.finding(), "cut short"));
}

TEST_CASE("verify finds what the dictionary lacks") {
  const Damaged store;
  store.remove(Family::tail, tail_number_key(0, store.quad().object.payload()));
  CHECK(store.finding() != "nothing");

  const Damaged other;
  other.remove(Family::tail, tail_term_key(0, IdType::string, "o"));
  CHECK(store.finding() != "nothing");

  const Damaged both;
  both.remove(Family::tail, tail_number_key(0, both.quad().subject.payload()));
  both.remove(Family::tail, tail_term_key(0, IdType::iri, "http://example.org/s"));
  CHECK(mentions(both.finding(), "the counters say"));
}

TEST_CASE("verify finds dictionary entries that cannot be") {
  const Damaged changed;
  const std::string text = std::string(1, static_cast<char>(IdType::string)) + "other text";
  changed.put(Family::tail, tail_number_key(0, changed.quad().object.payload()), text);
  CHECK(mentions(changed.finding(), "is found as Id"));

  const Damaged twice;
  twice.put(Family::tail, tail_term_key(0, IdType::string, "more"), bytes(twice.quad().object.payload()));
  CHECK(mentions(twice.finding(), "the dictionary's tail has"));

  const Damaged malformed;
  malformed.put(Family::tail, std::string("\0\0\0\0x", 5), "y");
  CHECK(mentions(malformed.finding(), "malformed"));
}

TEST_CASE("verify finds counters that are wrong") {
  const Damaged graph;
  graph.put(Family::metadata, graph_key(graph.named().graph), graph_value({1, 2}));
  CHECK(mentions(graph.finding(), "its counter says 2"));

  const Damaged lost;
  lost.remove(Family::metadata, graph_key(lost.named().graph));
  CHECK(mentions(lost.finding(), "has no name"));

  const Damaged total;
  total.change([](Rocks& rocks) {
    Counters counters = read_counters(rocks);
    counters.default_quads = 5;
    REQUIRE(rocks.db().Put({}, rocks.family(Family::metadata), counters_key(), counters_value(counters)).ok());
  });
  CHECK(mentions(total.finding(), "the counters say 5"));
}

TEST_CASE("verify finds flipped bytes in table files, and a reader never takes them for data") {
  const TempDirectory directory;
  {
    const auto database = Database::open(directory / "store", fast());
    const auto writer = database->begin();
    // Enough for a commit by table files.
    const Id predicate = intern(*writer, ex("p"));
    for (int i = 0; i < 70'000; ++i) {
      writer->insert({intern(*writer, ex("s" + std::to_string(i))), predicate,
                      intern(*writer, integer(std::int64_t{i} * i)), Id()});
    }
    writer->commit();
  }
  std::map<std::filesystem::path, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
    if (entry.path().extension() != ".sst") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path()] = std::string(std::istreambuf_iterator<char>(in), {});
  }
  REQUIRE(files.size() >= 3);
  for (const auto& [path, intact] : files) {
    for (const bool cut : {false, true}) {
      CAPTURE(path.string());
      CAPTURE(cut);
      std::string damaged = intact;
      if (cut) {
        damaged.resize(damaged.size() / 2);
      } else {
        damaged.replace(damaged.size() / 3, 6, "damage");
      }
      write_file(path, damaged);
      const auto found = failure([&] {
        const auto database = Database::open(directory / "store", fast());
        const std::vector<QuadIds> read = rows(*database->snapshot());
        CHECK(read.size() == 70'000);
        database->verify();
      });
      REQUIRE(found);
      CHECK(found->code == ErrorCode::corruption);
      CHECK(mentions(found->message, path.filename().string()));
    }
    write_file(path, intact);
  }
  Database::open(directory / "store", fast())->verify();
}

}  // namespace
}  // namespace akyn::storage::test

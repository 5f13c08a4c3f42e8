// Damage done behind the store's back is found and named.
#include <rocksdb/db.h>

#include "engine/storage/keys.h"
#include "engine/storage/rocks.h"
#include "engine/storage/term_codec.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

class Damaged {
 public:
  Damaged() {
    const auto database = Database::open(path_, fast());
    const auto writer = database->begin();
    quad_ = intern(*writer, ex("s"), ex("p"), literal("o"));
    named_ = intern(*writer, ex("s"), ex("p"), lang_literal("o", "EN"), ex("g"));
    writer->insert(quad_);
    writer->insert(named_);
    writer->commit();
    database->verify();
  }

  void put(Family family, std::string_view key, std::string_view value) {
    const auto rocks = Rocks::open(path_.string(), Access::write, fast(), StoreDirectory());
    REQUIRE(rocks->db().Put({}, rocks->family(family), key, value).ok());
  }
  void remove(Family family, std::string_view key) {
    const auto rocks = Rocks::open(path_.string(), Access::write, fast(), StoreDirectory());
    std::string value;
    REQUIRE(rocks->db().Get({}, rocks->family(family), key, &value).ok());
    REQUIRE(rocks->db().Delete({}, rocks->family(family), key).ok());
  }
  void remove_row(Permutation order, const QuadIds& quad) { remove(Family::quads, row_key(order, quad).view()); }

  // What verify() says.
  [[nodiscard]] std::string finding() const {
    const auto database = Database::open(path_, fast());
    const auto found = failure([&] { database->verify(); });
    if (!found) return "nothing";
    CHECK(found->code == ErrorCode::corruption);
    CHECK(mentions(found->message, path_.string()));
    return found->message;
  }

  [[nodiscard]] const QuadIds& quad() const { return quad_; }
  [[nodiscard]] const QuadIds& named() const { return named_; }

 private:
  TempDirectory directory_;
  std::filesystem::path path_ = directory_ / "store";
  QuadIds quad_;
  QuadIds named_;
};

std::string bytes(Id id) {
  std::string bytes;
  append_id(bytes, id);
  return bytes;
}

TEST_CASE("verify finds a row missing from one permutation") {
  Damaged store;
  const auto check = [&](Permutation order, const QuadIds& quad) {
    store.remove_row(order, quad);
    const std::string finding = store.finding();
    CAPTURE(finding);
    CHECK(mentions(finding, "is in permutation"));
    store.put(Family::quads, row_key(order, quad).view(), "");
  };
  for (const Permutation order : kTripleOrders) check(order, store.quad());
  for (const Permutation order : kQuadOrders) check(order, store.named());
  CHECK(store.finding() == "nothing");
}

TEST_CASE("verify finds rows that are too many or malformed") {
  Damaged store;
  QuadIds other = store.quad();
  other.subject = store.quad().predicate;
  store.put(Family::quads, row_key(Permutation::pos, other).view(), "");
  CHECK(mentions(store.finding(), "is in permutation POS and not in SPO"));

  Damaged cut;
  cut.put(Family::quads, std::string(9, '\0'), "");
  CHECK(mentions(cut.finding(), "wrong size"));
}

TEST_CASE("verify finds what the dictionary lacks") {
  Damaged store;
  store.remove(Family::terms, bytes(store.quad().object));
  CHECK(store.finding() != "nothing");

  Damaged other;
  other.remove(Family::term_ids, term_key(IdType::string, "o"));
  CHECK(mentions(other.finding(), "is found as Id 0x0"));

  Damaged both;
  both.remove(Family::terms, bytes(both.quad().subject));
  both.remove(Family::term_ids, term_key(IdType::iri, "http://example.org/s"));
  CHECK(mentions(both.finding(), "the subject of a quad is Id"));
}

TEST_CASE("verify finds dictionary entries that cannot be") {
  Damaged unknown;
  unknown.put(Family::terms, bytes(Id(IdType::iri, 1'000'000)), "http://example.org/far");
  CHECK(mentions(unknown.finding(), "never given out"));

  Damaged inlined;
  inlined.put(Family::terms, bytes(inlined.quad().object), "other text");
  CHECK(mentions(inlined.finding(), "is found as Id"));

  Damaged twice;
  twice.put(Family::term_ids, term_key(IdType::string, "more"), bytes(twice.quad().object));
  CHECK(mentions(twice.finding(), "terms and"));
}

TEST_CASE("verify finds counters that are wrong") {
  Damaged graph;
  std::string two;
  append_u64(two, 2);
  graph.put(Family::metadata, graph_key(graph.named().graph), two);
  CHECK(mentions(graph.finding(), "its counter says 2"));

  Damaged lost;
  lost.remove(Family::metadata, graph_key(lost.named().graph));
  CHECK(mentions(lost.finding(), "its counter says 0"));

  Damaged total;
  Counters counters;
  counters.next_term = 100;
  counters.default_quads = 5;
  counters.named_quads = 1;
  total.put(Family::metadata, counters_key(), counters_value(counters));
  CHECK(mentions(total.finding(), "the counters say 5"));
}

TEST_CASE("verify finds flipped bytes in table files") {
  const TempDirectory directory;
  {
    const auto database = Database::open(directory / "store", fast());
    const auto writer = database->begin();
    // Enough for a commit by table files.
    const Id predicate = intern(*writer, ex("p"));
    for (int i = 0; i < 110'000; ++i) {
      writer->insert({intern(*writer, integer(i % 100)), predicate, intern(*writer, integer(i)), Id()});
    }
    writer->commit();
  }
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "store")) {
    if (entry.path().extension() != ".sst") continue;
    if (largest.empty() || entry.file_size() > std::filesystem::file_size(largest)) largest = entry.path();
  }
  REQUIRE_FALSE(largest.empty());
  {
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5000);
    file.write("damage", 6);
  }
  const auto database = Database::open(directory / "store", fast());
  const auto found = failure([&] { database->verify(); });
  REQUIRE(found);
  CHECK(found->code == ErrorCode::corruption);
}

}  // namespace
}  // namespace akyn::storage::test

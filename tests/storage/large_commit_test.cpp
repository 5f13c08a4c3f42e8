// Commits beyond Tuning::large_commit, which are runs of rows and of terms from the start.
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

constexpr std::size_t kQuads = 70'000;

void fill(Writer& writer, std::size_t from, std::size_t to) {
  const Id predicate = intern(writer, ex("p"));
  const Id graph = intern(writer, ex("g"));
  for (std::size_t i = from; i < to; ++i) {
    const Id subject = intern(writer, ex("s" + std::to_string(i)));
    writer.insert({subject, predicate, intern(writer, integer(static_cast<std::int64_t>(i))),
                   i % 4 == 0 ? graph : kDefaultGraph});
  }
  const Id long_text = intern(writer, literal(std::string(2000, 'x') + std::to_string(from)));
  writer.insert({intern(writer, lang_literal("name", "EN")), predicate, long_text, kDefaultGraph});
}

void check_large(Database& database) {
  const auto before = database.snapshot();
  auto writer = database.begin();
  fill(*writer, 0, kQuads);
  writer->add_prefix("ex", "http://example.org/");
  CHECK(rows(*writer->snapshot()).size() == kQuads + 1);
  writer->commit();
  database.verify();
  const auto filled = database.snapshot();
  CHECK(rows(*before).empty());
  CHECK(rows(*filled).size() == kQuads + 1);
  CHECK(filled->count({}, GraphScope::all_named()) == kQuads / 4);
  CHECK(filled->prefixes().size() == 1);
  CHECK(filled->term(filled->find(lang_literal("name", "en").view())).language() == "EN");

  // Removals and insertions in one, over rows both in files and in the log.
  writer = database.begin();
  const Id predicate = intern(*writer, ex("p"));
  writer->insert({intern(*writer, ex("s1")), predicate, intern(*writer, ex("small")), Id()});
  writer->commit();
  writer = database.begin();
  std::size_t removed = 0;
  for (const QuadIds& quad : rows(*writer->snapshot(), {}, GraphScope::all_named())) removed += writer->remove(quad);
  for (const QuadIds& quad : rows(*writer->snapshot(), {intern(*writer, ex("s1")), Id(), Id()})) {
    removed += writer->remove(quad);
  }
  CHECK(removed == kQuads / 4 + 2);
  fill(*writer, kQuads, 2 * kQuads);
  writer->commit();
  database.verify();
  CHECK(rows(*filled).size() == kQuads + 1);
  const auto after = database.snapshot();
  CHECK(rows(*after).size() == 2 * kQuads + 3 - removed);
  CHECK(after->count({}, GraphScope::all()) == 2 * kQuads + 3 - removed);
  // ex:p is an IRI of the first fill and must not be made anew by the second.
  CHECK(after->count({Id(), after->find(ex("p").view()), Id()}, GraphScope::all()) == 2 * kQuads + 3 - removed);
}

TEST_CASE("large commits in memory") {
  static_assert(kQuads > Tuning().large_commit, "it must be a large commit");
  const auto database = memory();
  check_large(*database);
}

TEST_CASE("large commits on disk, read after reopening") {
  const TempDirectory directory;
  std::size_t size = 0;
  {
    const auto database = Database::open(directory / "store", fast());
    check_large(*database);
    size = rows(*database->snapshot()).size();
  }
  CHECK(std::filesystem::is_empty(directory / "store" / "staging"));
  // What a killed commit leaves behind goes when the store is opened.
  write_file(directory / "store" / "staging" / "7.sst", "half a file");
  const auto database = Database::open(directory / "store", fast());
  CHECK(std::filesystem::is_empty(directory / "store" / "staging"));
  database->verify();
  CHECK(rows(*database->snapshot()).size() == size);
}

}  // namespace
}  // namespace akyn::storage::test

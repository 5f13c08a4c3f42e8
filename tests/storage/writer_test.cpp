#include <thread>

#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

TEST_CASE("insert and remove say whether they changed anything") {
  const auto database = memory();
  auto writer = database->begin();
  const QuadIds quad = intern(*writer, ex("s"), ex("p"), ex("o"));
  const QuadIds in_graph = intern(*writer, ex("s"), ex("p"), ex("o"), ex("g"));
  CHECK_FALSE(writer->remove(quad));
  CHECK(writer->insert(quad));
  CHECK_FALSE(writer->insert(quad));
  CHECK(writer->insert(in_graph));
  writer->commit();
  writer = database->begin();
  CHECK_FALSE(writer->insert(quad));
  CHECK(writer->remove(quad));
  CHECK_FALSE(writer->remove(quad));
  CHECK(writer->insert(quad));
  CHECK(writer->remove(in_graph));
  writer->commit();
  CHECK(rows(*database->snapshot()) == std::vector<QuadIds>{quad});
  CHECK(database->snapshot()->named_graphs().empty());
  database->verify();
}

TEST_CASE("a savepoint brings back quads and prefixes, any number of times") {
  const auto database = memory();
  auto writer = database->begin();
  const QuadIds a = intern(*writer, ex("a"), ex("p"), integer(1));
  writer->insert(a);
  writer->commit();
  writer = database->begin();
  const QuadIds b = intern(*writer, ex("b"), ex("p"), integer(2), ex("g"));
  writer->add_prefix("ex", "http://example.org/1#");
  const std::size_t first = writer->savepoint();
  writer->insert(b);
  const std::size_t second = writer->savepoint();
  writer->remove(a);
  writer->remove(b);
  writer->add_prefix("ex", "http://example.org/2#");
  CHECK(rows(*writer->snapshot()).empty());
  writer->rollback_to(second);
  CHECK(rows(*writer->snapshot()) == std::vector<QuadIds>{a, b});
  CHECK(writer->snapshot()->prefixes().at("ex") == "http://example.org/1#");
  writer->remove(a);
  writer->rollback_to(second);
  CHECK(rows(*writer->snapshot()) == std::vector<QuadIds>{a, b});
  writer->rollback_to(first);
  CHECK(rows(*writer->snapshot()) == std::vector<QuadIds>{a});
  CHECK(writer->snapshot()->named_graphs().empty());
  CHECK(failure([&] { writer->rollback_to(second); })->code == ErrorCode::invalid_argument);
  CHECK(writer->insert(b));
  writer->commit();
  CHECK(rows(*database->snapshot()) == std::vector<QuadIds>{a, b});
  database->verify();
}

TEST_CASE("one transaction at a time") {
  StoreOptions options = fast();
  options.busy_timeout = std::chrono::milliseconds(1);
  const auto database = Database::in_memory(options);
  auto writer = database->begin();
  const auto refused = failure([&] { (void)database->begin(); });
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::locked);
  CHECK(mentions(refused->message, "another transaction"));
  CHECK(mentions(refused->message, "1 ms"));
  writer->commit();
  CHECK(database->begin() != nullptr);
  writer = database->begin();
  writer = nullptr;
  CHECK(database->begin() != nullptr);
}

TEST_CASE("begin waits for the transaction before it, which may end in another thread") {
  StoreOptions options = fast();
  options.busy_timeout = std::chrono::milliseconds::max();
  const auto database = Database::in_memory(options);
  auto first = database->begin();
  std::thread other([writer = std::move(first)]() mutable {
    writer->insert(intern(*writer, ex("s"), ex("p"), ex("o")));
    writer->commit();
  });
  const auto second = database->begin();
  CHECK(rows(*second->snapshot()).size() == 1);
  other.join();
}

TEST_CASE("a transaction that has ended takes no calls") {
  const auto database = memory();
  const auto writer = database->begin();
  const QuadIds quad = intern(*writer, ex("s"), ex("p"), ex("o"));
  writer->commit();
  CHECK(failure([&] { writer->insert(quad); })->code == ErrorCode::closed);
  CHECK(failure([&] { writer->commit(); })->code == ErrorCode::closed);
  CHECK(failure([&] { (void)writer->snapshot(); })->code == ErrorCode::closed);
  CHECK(failure([&] { (void)writer->new_blank(); })->code == ErrorCode::closed);
}

TEST_CASE("Ids that are not the store's are refused") {
  const auto database = memory();
  const auto writer = database->begin();
  const QuadIds good = intern(*writer, ex("s"), ex("p"), ex("o"));
  QuadIds bad = good;
  bad.object = Id::local(IdType::iri, 3);
  CHECK(failure([&] { writer->insert(bad); })->code == ErrorCode::internal);
  bad.object = Id();
  CHECK(failure([&] { writer->insert(bad); })->code == ErrorCode::internal);
  bad = good;
  bad.graph = intern(*writer, integer(1));
  CHECK(failure([&] { writer->insert(bad); })->code == ErrorCode::internal);
  CHECK(failure([&] { (void)writer->intern(TermView()); })->code == ErrorCode::invalid_argument);
}

TEST_CASE("a sequence of prefixes: the last word counts, in the transaction and after it") {
  const auto database = memory();
  auto writer = database->begin();
  writer->add_prefix("", "http://example.org/none#");
  writer->add_prefix("ex", "http://example.org/1#");
  writer->add_prefix("ex", "http://example.org/2#");
  const std::map<std::string, std::string> expected = {{"", "http://example.org/none#"},
                                                       {"ex", "http://example.org/2#"}};
  CHECK(writer->snapshot()->prefixes() == expected);
  writer->commit();
  CHECK(database->snapshot()->prefixes() == expected);
}

}  // namespace
}  // namespace akyn::storage::test

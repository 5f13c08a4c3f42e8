// Several threads at one query: the same rows in the same order, one error, and an end when somebody asks for it.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/exec/explain.h"
#include "engine/exec/parallel_operator.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {
namespace {

constexpr plan::PlannerOptions kShared{.parallel_work = 0};

// What one part gives: batches of one column, and what happens after them.
struct TestPart {
  std::vector<std::vector<std::uint64_t>> batches;
  std::function<void(Run&)> then;
  std::function<void(Run&)> before = {};  // each batch
};

class PartOperator final : public Operator {
 public:
  PartOperator(Run& run, TestPart part) : Operator(run, {0}), part_(std::move(part)) {}

 private:
  bool produce(Batch& out) override {
    if (next_ == part_.batches.size()) {
      if (part_.then) part_.then(run());
      return false;
    }
    if (part_.before) part_.before(run());
    out.values(0) = part_.batches[next_++];
    out.set_rows(out.values(0).size());
    return true;
  }

  TestPart part_;
  std::size_t next_ = 0;
};

class Parts {
 public:
  explicit Parts(std::vector<TestPart> parts) : parts_(std::move(parts)), terms_(store_.terms()) {
    query_ = translated("SELECT ?x { ?x ?x ?x }");
    run_ = std::make_unique<Run>(query_, terms_, store_.environment);
  }

  [[nodiscard]] Run& run() { return *run_; }
  [[nodiscard]] std::unique_ptr<ParallelOperator> open(std::size_t threads) {
    return std::make_unique<ParallelOperator>(
        *run_, [this](Run& run, std::size_t part) { return std::make_unique<PartOperator>(run, parts_[part]); },
        parts_.size(), threads, std::vector<Slot>{0});
  }

 private:
  TestStore store_;
  std::vector<TestPart> parts_;
  LocalTerms terms_;
  algebra::Query query_;
  std::unique_ptr<Run> run_;
};

std::vector<std::uint64_t> all_of(Operator& op) {
  std::vector<std::uint64_t> cells;
  for (Batch batch; op.next(batch);) {
    cells.insert(cells.end(), batch.column(0).begin(), batch.column(0).end());
  }
  return cells;
}

std::uint64_t integer(std::uint64_t number) {
  return Id(IdType::integer, (std::uint64_t{1} << 59) + number).bits();
}

// Eight subjects, each with so many objects.
std::string stars(int objects) {
  std::string data;
  for (int s = 0; s < 8; ++s) {
    for (int o = 0; o < objects; ++o) {
      data += ":s" + std::to_string(s) + " :p " + std::to_string(1000 * s + o) + " .\n";
    }
  }
  return data;
}

// Gigantic, were it not to be stopped: all of it within the parts.
constexpr std::string_view kLong =
    "SELECT (COUNT(*) AS ?n) { ?s :p ?a . ?s :p ?b . ?s :p ?c . ?s :p ?d FILTER(?a + ?b + ?c + ?d < 0) }";

std::string explained(TestStore& store, std::string_view text) {
  LocalTerms terms = store.terms();
  const algebra::Query query = translated(text);
  return explain_text(*open_select(query, terms, store.environment, kShared), false);
}

}  // namespace

TEST_CASE("rows come part by part, whoever computes them") {
  std::vector<TestPart> parts;
  std::vector<std::uint64_t> expected;
  for (std::uint64_t p = 0; p < 20; ++p) {
    TestPart& part = parts.emplace_back();
    // Some parts are empty, some much longer than others.
    for (std::uint64_t b = 0; b < p * 7 % 13; ++b) {
      part.batches.emplace_back();
      for (std::uint64_t i = 0; i < 1 + b % 3; ++i) {
        part.batches.back().push_back(integer(1000 * p + 10 * b + i));
        expected.push_back(part.batches.back().back());
      }
    }
  }
  for (const std::size_t threads : {1, 2, 3, 8, 64}) {
    CAPTURE(threads);
    Parts given(parts);
    CHECK(all_of(*given.open(threads)) == expected);
    CHECK(given.run().budget().available() == given.run().budget().limits().max_bytes);
  }
}

TEST_CASE("threads put by no more than little memory holds, however slowly rows are read") {
  // 64 MiB in all.
  std::vector<TestPart> parts(4);
  for (TestPart& part : parts) part.batches.assign(512, std::vector<std::uint64_t>(4096, integer(1)));
  Parts given(parts);
  const auto op = given.open(4);
  const Budget& budget = given.run().budget();
  std::size_t most = 0;
  std::size_t rows = 0;
  for (Batch batch; op->next(batch);) {
    rows += batch.rows();
    most = std::max(most, budget.limits().max_bytes - budget.available());
  }
  CHECK(most < std::size_t{20} << 20);
  CHECK(rows == 4 * 512 * 4096);
}

TEST_CASE("long terms that parts compute count as what they are") {
  // 256 texts of 1 MiB; what is ahead of the reader is put by, but for one that each thread is at.
  Parts given(std::vector<TestPart>(4));
  std::atomic<std::size_t> made = 0;
  const ParallelOperator::Open open = [&](Run& run, std::size_t part) -> OperatorPtr {
    const Id text = run.terms().id(literal(std::string(std::size_t{1} << 20, 'x') + std::to_string(part)));
    TestPart test;
    test.batches.assign(64, {text.bits()});
    test.before = [&made](Run&) { ++made; };
    return std::make_unique<PartOperator>(run, test);
  };
  ParallelOperator op(given.run(), open, 4, 4, {0});
  std::size_t read = 0;
  std::size_t most = 0;
  for (Batch batch; op.next(batch); ++read) most = std::max(most, made - read);
  CHECK(read == 4 * 64);
  CHECK(most <= 16 + 4 + 1);
}

TEST_CASE("an operator that is not read to its end ends its threads") {
  std::vector<TestPart> parts(4);
  for (TestPart& part : parts) {
    part.batches.assign(1, {integer(1)});
    part.then = [](Run& run) {
      for (;;) run.budget().step();
    };
  }
  Parts given(parts);
  const auto op = given.open(4);
  Batch batch;
  CHECK(op->next(batch));
}

TEST_CASE("whoever pulls reads the first part, and does not wait for another thread") {
  std::vector<TestPart> parts(4);
  for (TestPart& part : parts) part.batches.assign(1, {integer(1)});
  std::thread::id reader;
  parts[0].before = [&reader](Run&) { reader = std::this_thread::get_id(); };
  for (int round = 0; round < 50; ++round) {
    Parts given(parts);
    const auto op = given.open(4);
    Batch batch;
    REQUIRE(op->next(batch));
    CHECK(reader == std::this_thread::get_id());
  }
}

TEST_CASE("an error of a part is the whole's") {
  std::vector<TestPart> parts(6);
  for (TestPart& part : parts) part.batches.assign(3, {integer(1)});
  for (const std::size_t failing : {0, 3, 5}) {
    for (const std::size_t threads : {1, 2, 4}) {
      CAPTURE(failing);
      CAPTURE(threads);
      std::vector<TestPart> some = parts;
      some[failing].then = [](Run&) { throw Error(ErrorCode::corruption, "a block is damaged"); };
      Parts given(some);
      const auto op = given.open(threads);
      CHECK(error_of([&] { (void)all_of(*op); }) == "a block is damaged");
    }
  }
}

TEST_CASE("terms that parts compute are the same terms in the whole") {
  std::vector<TestPart> parts(8);
  Parts given(parts);
  const ParallelOperator::Open open = [](Run& run, std::size_t part) -> OperatorPtr {
    TestPart test;
    for (std::size_t i = 0; i < 5; ++i) {
      const Id own = run.terms().id(literal("of part " + std::to_string(part)));
      const Id common = run.terms().id(literal("common"));
      test.batches.push_back({common.bits(), own.bits(), integer(i)});
    }
    return std::make_unique<PartOperator>(run, test);
  };
  ParallelOperator op(given.run(), open, parts.size(), 3, {0});
  const std::vector<std::uint64_t> cells = all_of(op);
  REQUIRE(cells.size() == 8 * 5 * 3);
  for (std::size_t i = 0; i < cells.size(); i += 3) {
    CHECK(cells[i] == cells[0]);
    CHECK(given.run().terms().term(Id::from_bits(cells[i + 1])).value() == "of part " + std::to_string(i / 15));
    CHECK(cells[i + 2] == integer(i / 3 % 5));
  }
}

TEST_CASE("what threads share is said by EXPLAIN, and what they do not share is not") {
  TestStore store(stars(20));
  store.environment.threads = 2;
  const auto shares = [&](std::string_view query) {
    return explained(store, query).find("parallel") != std::string::npos;
  };
  CHECK(shares("SELECT ?s ?o { ?s :p ?o FILTER(?o > 17 && STRLEN(STR(?o)) < 4) }"));
  CHECK(shares("SELECT ?s ?n { ?s :p ?o BIND(STRLEN(STR(?o)) AS ?n) }"));
  CHECK(shares("SELECT (COUNT(*) AS ?n) { ?s :p ?a . ?s :p ?b }"));
  CHECK(shares("SELECT ?s (GROUP_CONCAT(STR(?o)) AS ?t) { ?s :p ?o } GROUP BY ?s"));
  // The sum of doubles depends on how neighbours are taken together.
  CHECK(shares("SELECT (SUM(STRLEN(STR(?o))) AS ?n) { ?s :p ?o }"));
  CHECK_FALSE(shares("SELECT (SUM(?o) AS ?n) { ?s :p ?o }"));
  // What counts in the place of variables that nobody asks for would not count the same.
  CHECK_FALSE(shares("SELECT ?o { ?s :p ?o FILTER(STRLEN(STR(?o)) < 4) }"));
  CHECK(shares("SELECT DISTINCT ?o { ?s :p ?o FILTER(STRLEN(STR(?o)) < 4) }"));
  // Not the same twice, or not from any thread: at most the scan is.
  const auto shares_bind = [&](std::string_view query) {
    const std::string text = explained(store, query);
    return text.find("parallel") < text.find("bind");
  };
  CHECK(shares_bind("SELECT ?s ?o ?n { ?s :p ?o BIND(STRLEN(STR(?o)) AS ?n) }"));
  CHECK_FALSE(shares_bind("SELECT ?s ?o ?n { ?s :p ?o BIND(RAND() AS ?n) }"));
  CHECK_FALSE(shares_bind("SELECT ?s ?o ?n { ?s :p ?o BIND(:function(?o) AS ?n) }"));
  CHECK_FALSE(shares_bind("SELECT ?s ?o ?n { ?s :p ?o BIND(EXISTS { ?s :p 1 } AS ?n) }"));
  // Few rows are asked for.
  CHECK_FALSE(shares("SELECT ?s ?o { ?s :p ?o FILTER(STRLEN(STR(?o)) < 4) } LIMIT 3"));
  CHECK(shares("SELECT ?s ?o { ?s :p ?o FILTER(STRLEN(STR(?o)) < 4) } ORDER BY ?o LIMIT 3"));
  store.environment.threads = 1;
  CHECK_FALSE(shares("SELECT (COUNT(*) AS ?n) { ?s :p ?a . ?s :p ?b }"));
  // What several threads hold at once might not fit.
  store.environment.threads = 2;
  store.environment.limits.max_bytes = std::size_t{100} << 20;
  CHECK_FALSE(shares("SELECT (COUNT(*) AS ?n) { ?s :p ?a . ?s :p ?b }"));
}

TEST_CASE("a query that threads share ends as soon as it has to") {
  TestStore store(stars(200));
  store.environment.threads = 3;
  const algebra::Query query = translated(kLong);
  REQUIRE(explained(store, kLong).find("parallel") != std::string::npos);
  const auto code = [&] {
    LocalTerms terms = store.terms();
    try {
      (void)evaluate_select(query, terms, store.environment, kShared);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  SUBCASE("at its deadline") {
    store.environment.limits.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    CHECK(code() == ErrorCode::timeout);
  }
  SUBCASE("when it is cancelled, with threads at work on what comes next") {
    std::atomic<bool> cancelled = false;
    store.environment.limits.cancelled = &cancelled;
    constexpr std::string_view kEndless = "SELECT * { ?s :p ?a . ?s :p ?b . ?s :p ?c . ?s :p ?d }";
    REQUIRE(explained(store, kEndless).find("parallel") != std::string::npos);
    const algebra::Query endless = translated(kEndless);
    LocalTerms terms = store.terms();
    const auto answer = open_select(endless, terms, store.environment, kShared);
    Batch batch;
    REQUIRE(answer->next(batch));
    cancelled = true;
    const auto read_on = [&] {
      while (answer->next(batch)) {
      }
    };
    CHECK(error_of(read_on) == "the query was cancelled");
  }
}

TEST_CASE("the time that a reader takes is nobody's") {
  TestStore store;
  LocalTerms terms = store.terms();
  LocalTerms own = store.terms();
  store.environment.limits.deadline = std::chrono::steady_clock::now();
  Budget whole(store.environment.limits, terms);
  const std::atomic<bool> stopped = false;
  Budget part(whole, stopped, own);
  CHECK(error_of([&] { part.check(); }) == "the query did not finish within its time limit");
  whole.pause();
  CHECK(error_of([&] { whole.check(); }) == "no error");
  CHECK(error_of([&] { part.check(); }) == "no error");
  whole.resume();
  CHECK(error_of([&] { part.check(); }) == "the query did not finish within its time limit");
}

TEST_CASE("what threads hold is the query's") {
  TestStore store;
  store.environment.limits.max_bytes = 1 << 20;
  LocalTerms terms = store.terms();
  LocalTerms own = store.terms();
  Budget whole(store.environment.limits, terms);
  const std::atomic<bool> stopped = false;
  {
    Budget part(whole, stopped, own);
    part.charge(600 << 10);
    CHECK(whole.available() < 500 << 10);
    CHECK(error_of([&] { whole.charge(600 << 10); }) != "no error");
    whole.release(600 << 10);
    // Terms that it computes, too.
    for (int i = 0; i < 100; ++i) (void)own.id(literal(std::string(1000, 'x') + std::to_string(i)));
    part.check();
    CHECK(whole.available() < 350 << 10);
    for (int i = 0; i < 400; ++i) (void)own.id(literal(std::string(1000, 'y') + std::to_string(i)));
    CHECK(error_of([&] { part.check(); }) != "no error");
    part.release(600 << 10);
  }
  CHECK(whole.available() == 1 << 20);
}

}  // namespace akyn::exec::test

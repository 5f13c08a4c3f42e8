// How fast operators gather rows: grouping, DISTINCT and sorting, over a million rows of made-up Ids.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/distinct_operator.h"
#include "engine/exec/group_operator.h"
#include "engine/exec/sort_operator.h"
#include "engine/storage/database.h"

namespace akyn::exec {
namespace {

constexpr std::size_t kRows = 1 << 20;
constexpr std::uint64_t kIri = std::uint64_t{2} << 60;
constexpr std::uint64_t kInteger = (std::uint64_t{8} << 60) + (std::uint64_t{1} << 59);

using Column = std::vector<std::uint64_t>;

// Gives two columns, at slots 0 and 1, batch by batch.
class Columns final : public Operator {
 public:
  Columns(Run& run, const Column& first, const Column& second) : Operator(run, {0, 1}), columns_{&first, &second} {}

 protected:
  bool produce(Batch& out) override {
    const std::size_t last = std::min(at_ + kBatchRows, columns_[0]->size());
    if (at_ == last) return false;
    for (std::size_t c = 0; c < 2; ++c) {
      out.values(c).assign(columns_[c]->begin() + static_cast<std::ptrdiff_t>(at_),
                           columns_[c]->begin() + static_cast<std::ptrdiff_t>(last));
    }
    out.set_rows(last - at_);
    at_ = last;
    return true;
  }

 private:
  const Column* columns_[2];
  std::size_t at_ = 0;
};

// A store with strings in its dictionary, and a run of a query.
class Fixture {
 public:
  static Fixture& get() {
    static Fixture fixture;
    return fixture;
  }
  [[nodiscard]] Run& run() { return *run_; }
  // Of one run of the dictionary; of its tail.
  [[nodiscard]] const std::vector<std::uint64_t>& sorted_strings() const { return sorted_; }
  [[nodiscard]] const std::vector<std::uint64_t>& tail_strings() const { return tail_; }

 private:
  Fixture() : database_(storage::Database::in_memory({})) {
    add(0);
    database_->optimize();
    add(1);
    terms_.emplace(database_->snapshot());
    for (int i = 0; i < kStrings; ++i) {
      sorted_.push_back(terms_->id(literal(text(0, i))).bits());
      tail_.push_back(terms_->id(literal(text(1, i))).bits());
    }
    run_ = std::make_unique<Run>(query_, *terms_, environment_);
  }
  static std::string text(int part, int i) {
    return "a string that others begin like " + std::to_string(std::uint64_t{0x9e3779b97f4a7c15} * (2U * i + part));
  }
  void add(int part) {
    const auto writer = database_->begin();
    const Id node = writer->intern(iri("http://example/s").view());
    for (int i = 0; i < kStrings; ++i)
      writer->insert({node, node, writer->intern(literal(text(part, i)).view()), storage::kDefaultGraph});
    writer->commit();
  }

  static constexpr int kStrings = 100'000;

  std::shared_ptr<storage::Database> database_;
  algebra::Query query_;
  runtime::Environment environment_;
  std::optional<LocalTerms> terms_;
  std::unique_ptr<Run> run_;
  std::vector<std::uint64_t> sorted_;
  std::vector<std::uint64_t> tail_;
};

Column random_column(std::uint64_t base, std::uint64_t different) {
  std::mt19937_64 random(different);
  Column column(kRows);
  for (std::uint64_t& cell : column) cell = base + random() % different;
  return column;
}

Column pick(const std::vector<std::uint64_t>& ids) {
  Column column = random_column(0, ids.size());
  for (std::uint64_t& cell : column) cell = ids[cell];
  return column;
}

std::size_t drain(Operator& op) {
  Batch batch;
  std::size_t rows = 0;
  while (op.next(batch)) rows += batch.rows();
  return rows;
}

void group(benchmark::State& state, const Column& keys, const Column& values, expr::AggregateKind kind, bool sorted,
           bool distinct = false, bool grouped = true) {
  Run& run = Fixture::get().run();
  GroupAggregate aggregate;
  aggregate.kind = kind;
  aggregate.distinct = distinct;
  aggregate.rows = kind == expr::AggregateKind::count && !distinct;
  if (!aggregate.rows) aggregate.arguments = {1};
  aggregate.result = 2;
  for (auto step : state) {
    GroupOperator op(run, std::make_unique<Columns>(run, keys, values),
                     grouped ? std::vector<Slot>{0} : std::vector<Slot>{}, {aggregate}, sorted);
    benchmark::DoNotOptimize(drain(op));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}

void input_alone(benchmark::State& state) {
  const Column column = random_column(kIri, 10);
  for (auto step : state) {
    Columns op(Fixture::get().run(), column, column);
    benchmark::DoNotOptimize(drain(op));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}
BENCHMARK(input_alone);

void hash_count(benchmark::State& state) {
  const Column keys = random_column(kIri, static_cast<std::uint64_t>(state.range(0)));
  group(state, keys, keys, expr::AggregateKind::count, false);
}
BENCHMARK(hash_count)->Arg(10)->Arg(1000)->Arg(1 << 20);

void hash_sum(benchmark::State& state) {
  const Column keys = random_column(kIri, static_cast<std::uint64_t>(state.range(0)));
  group(state, keys, random_column(kInteger, 1000), expr::AggregateKind::sum, false);
}
BENCHMARK(hash_sum)->Arg(10)->Arg(1000)->Arg(1 << 20);

void sorted_count(benchmark::State& state) {
  Column keys = random_column(kIri, static_cast<std::uint64_t>(state.range(0)));
  std::sort(keys.begin(), keys.end());
  group(state, keys, keys, expr::AggregateKind::count, true);
}
BENCHMARK(sorted_count)->Arg(10)->Arg(1000)->Arg(1 << 20);

void sorted_sum(benchmark::State& state) {
  Column keys = random_column(kIri, static_cast<std::uint64_t>(state.range(0)));
  std::sort(keys.begin(), keys.end());
  group(state, keys, random_column(kInteger, 1000), expr::AggregateKind::sum, true);
}
BENCHMARK(sorted_sum)->Arg(10)->Arg(1000)->Arg(1 << 20);

void sum_all(benchmark::State& state) {
  const Column values = random_column(kInteger, 1000);
  group(state, values, values, expr::AggregateKind::sum, false, false, false);
}
BENCHMARK(sum_all);

void min_all_strings(benchmark::State& state) {
  const Column values = pick(Fixture::get().sorted_strings());
  group(state, values, values, expr::AggregateKind::min, false, false, false);
}
BENCHMARK(min_all_strings);

void min_strings(benchmark::State& state) {
  const Column values = pick(Fixture::get().sorted_strings());
  group(state, random_column(kIri, 1000), values, expr::AggregateKind::min, false);
}
BENCHMARK(min_strings);

void count_distinct(benchmark::State& state) {
  group(state, random_column(kIri, 1000), random_column(kIri, static_cast<std::uint64_t>(state.range(0))),
        expr::AggregateKind::count, false, true);
}
BENCHMARK(count_distinct)->Arg(10)->Arg(1 << 20);

void distinct(benchmark::State& state) {
  Run& run = Fixture::get().run();
  const Column first = random_column(kIri, static_cast<std::uint64_t>(state.range(0)));
  const Column second(kRows, kIri);
  for (auto step : state) {
    DistinctOperator op(run, std::make_unique<Columns>(run, first, second), DistinctInput::anything);
    benchmark::DoNotOptimize(drain(op));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}
BENCHMARK(distinct)->Arg(10)->Arg(1000)->Arg(1 << 20);

void sort(benchmark::State& state, const Column& keys, std::optional<std::uint64_t> limit) {
  Run& run = Fixture::get().run();
  for (auto step : state) {
    SortOperator op(run, std::make_unique<Columns>(run, keys, keys), {{0, false}}, limit);
    benchmark::DoNotOptimize(drain(op));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRows));
}

void top(benchmark::State& state) {
  sort(state, random_column(kInteger, 1 << 30), static_cast<std::uint64_t>(state.range(0)));
}
BENCHMARK(top)->Arg(10)->Arg(100'000)->Unit(benchmark::kMillisecond);

void sort_integers(benchmark::State& state) {
  sort(state, random_column(kInteger, 1 << 30), std::nullopt);
}
BENCHMARK(sort_integers)->Unit(benchmark::kMillisecond);

void sort_strings(benchmark::State& state) {
  sort(state, pick(Fixture::get().sorted_strings()), std::nullopt);
}
BENCHMARK(sort_strings)->Unit(benchmark::kMillisecond);

// Half of them where the Ids say nothing of the order.
void sort_mixed_strings(benchmark::State& state) {
  std::vector<std::uint64_t> ids = Fixture::get().sorted_strings();
  const std::vector<std::uint64_t>& tail = Fixture::get().tail_strings();
  ids.insert(ids.end(), tail.begin(), tail.end());
  sort(state, pick(ids), std::nullopt);
}
BENCHMARK(sort_mixed_strings)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace akyn::exec

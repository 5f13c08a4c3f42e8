// How fast expressions are over batches: kernels on Ids, functions on strings, and what decoding the strings costs
// alone.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <akyn/term.h>
#include "engine/exec/column_expressions.h"
#include "engine/plan/condition_map.h"
#include "engine/storage/database.h"

namespace akyn::exec {
namespace {

using algebra::Expression;
using algebra::make_expression;
using sparql::BinaryOperator;

constexpr std::size_t kTexts = 100'000;

// A store of texts in one dictionary run, and a query with two variables.
class Workbench {
 public:
  static Workbench& get() {
    static Workbench workbench;
    return workbench;
  }

  algebra::Query query;
  runtime::Environment environment;
  std::unique_ptr<LocalTerms> terms;
  std::unique_ptr<Run> run;
  std::vector<Slot> slots;
  std::vector<std::uint64_t> texts;  // Ids, shuffled
  Expression x;
  Expression y;

 private:
  Workbench() : database_(storage::Database::in_memory({})) {
    {
      const auto writer = database_->begin();
      const Id subject = writer->intern(iri("http://example/s").view());
      const Id predicate = writer->intern(iri("http://example/p").view());
      std::mt19937 random(3);
      for (std::size_t i = 0; i < kTexts; ++i) {
        std::string text = "product " + std::to_string(random()) + " of a company at www.example" +
                           std::to_string(i % 500) + (i % 3 == 0 ? ".com" : ".org") + " since " + std::to_string(i);
        writer->insert({subject, predicate, writer->intern(literal(text).view()), storage::kDefaultGraph});
      }
      writer->commit();
    }
    database_->optimize();
    terms = std::make_unique<LocalTerms>(database_->snapshot());
    const auto scan = terms->snapshot().scan({}, storage::GraphScope::default_graph());
    storage::ScanBatch batch;
    while (scan->next(batch)) {
      for (const Id id : batch.objects) texts.push_back(id.bits());
    }
    for (const char* name : {"x", "y"}) slots.push_back(query.variables.variable(name));
    run = std::make_unique<Run>(query, *terms, environment);
    x = make_expression(algebra::VariableOperator{slots[0]});
    y = make_expression(algebra::VariableOperator{slots[1]});
  }

  std::shared_ptr<storage::Database> database_;
};

std::uint64_t integer(std::int64_t number) {
  return Id(IdType::integer, static_cast<std::uint64_t>(number + (std::int64_t{1} << 59))).bits();
}

Batch batch_of(const std::vector<std::uint64_t>& x, const std::vector<std::uint64_t>& y) {
  Batch batch;
  batch.reset(2);
  batch.values(0) = x;
  batch.values(1) = y;
  batch.set_rows(x.size());
  return batch;
}

std::vector<std::uint64_t> random_integers(std::int64_t bound) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> ids(kBatchRows);
  for (auto& id : ids) id = integer(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(bound)));
  return ids;
}

Expression constant(const Term& term) {
  return algebra::make_constant({term, Id()});
}
Expression compare(BinaryOperator op, Expression left, Expression right) {
  return make_expression(algebra::CompareOperator{op}, {std::move(left), std::move(right)});
}
Expression call(const char* name, std::vector<Expression> arguments) {
  return make_expression(algebra::CallOperator{expr::find_function(name), name}, std::move(arguments));
}

// A condition over one batch again and again: kernels, or remembered results.
void filter(benchmark::State& state, const Expression& condition, const Batch& batch) {
  Workbench& bench = Workbench::get();
  ColumnExpressions expressions(*bench.run, bench.slots, nullptr);
  const std::vector<Expression> conditions{condition};
  std::vector<std::uint32_t> rows;
  for (auto _ : state) {
    expressions.matching(conditions, batch, rows);
    benchmark::DoNotOptimize(rows.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch.rows()));
}

void integer_against_constant(benchmark::State& state) {
  const std::vector<std::uint64_t> ids = random_integers(1000);
  filter(state,
         compare(BinaryOperator::less, Workbench::get().x,
                 constant(typed_literal("500", "http://www.w3.org/2001/XMLSchema#integer"))),
         batch_of(ids, ids));
}
BENCHMARK(integer_against_constant);

void mixed_numbers_in_a_range(benchmark::State& state) {
  std::vector<std::uint64_t> ids = random_integers(1000);
  Workbench& bench = Workbench::get();
  for (std::size_t i = 0; i < ids.size(); i += 2) {
    ids[i] = bench.terms->id(typed_literal(std::to_string(i % 1000) + ".5", "http://www.w3.org/2001/XMLSchema#decimal"))
                 .bits();
  }
  const auto bound = [](const char* text) {
    return constant(typed_literal(text, "http://www.w3.org/2001/XMLSchema#decimal"));
  };
  filter(state,
         make_expression(algebra::AndOperator{}, {compare(BinaryOperator::less, bound("100.5"), bench.x),
                                                  compare(BinaryOperator::less_equal, bench.x, bound("900.5"))}),
         batch_of(ids, ids));
}
BENCHMARK(mixed_numbers_in_a_range);

void two_integers(benchmark::State& state) {
  std::vector<std::uint64_t> ids = random_integers(1000);
  const std::vector<std::uint64_t> others(ids.rbegin(), ids.rend());
  filter(state, compare(BinaryOperator::less, Workbench::get().x, Workbench::get().y), batch_of(ids, others));
}
BENCHMARK(two_integers);

void sum_against_constant(benchmark::State& state) {
  const std::vector<std::uint64_t> ids = random_integers(1000);
  Workbench& bench = Workbench::get();
  filter(state,
         compare(BinaryOperator::greater,
                 make_expression(algebra::ArithmeticOperator{{BinaryOperator::add}}, {bench.x, bench.y}),
                 constant(typed_literal("500", "http://www.w3.org/2001/XMLSchema#integer"))),
         batch_of(ids, ids));
}
BENCHMARK(sum_against_constant);

void contains_remembered(benchmark::State& state) {
  Workbench& bench = Workbench::get();
  const std::vector<std::uint64_t> ids(bench.texts.begin(), bench.texts.begin() + kBatchRows);
  filter(state, call("CONTAINS", {bench.x, constant(literal("com "))}), batch_of(ids, ids));
}
BENCHMARK(contains_remembered);

// All texts once, batch by batch.
void all_texts(benchmark::State& state, const Expression& condition) {
  Workbench& bench = Workbench::get();
  std::vector<Batch> batches;
  for (std::size_t first = 0; first < bench.texts.size(); first += kBatchRows) {
    const std::size_t last = std::min(bench.texts.size(), first + kBatchRows);
    const std::vector<std::uint64_t> ids(bench.texts.begin() + static_cast<std::ptrdiff_t>(first),
                                         bench.texts.begin() + static_cast<std::ptrdiff_t>(last));
    batches.push_back(batch_of(ids, ids));
  }
  const std::vector<Expression> conditions{condition};
  std::vector<std::uint32_t> rows;
  for (auto _ : state) {
    ColumnExpressions expressions(*bench.run, bench.slots, nullptr);
    for (const Batch& batch : batches) {
      expressions.matching(conditions, batch, rows);
      benchmark::DoNotOptimize(rows.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(bench.texts.size()));
}

void decode_alone(benchmark::State& state) {
  Workbench& bench = Workbench::get();
  std::vector<Id> ids;
  for (const std::uint64_t bits : bench.texts) ids.push_back(Id::from_bits(bits));
  std::size_t bytes = 0;
  for (auto _ : state) {
    for (std::size_t first = 0; first < ids.size(); first += kBatchRows) {
      bench.terms->snapshot().visit(std::span(ids).subspan(first, std::min(kBatchRows, ids.size() - first)),
                                    [&](std::size_t, std::string_view body) { bytes += body.size(); });
    }
  }
  benchmark::DoNotOptimize(bytes);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ids.size()));
}
BENCHMARK(decode_alone);

void contains_of_all(benchmark::State& state) {
  all_texts(state, call("CONTAINS", {Workbench::get().x, constant(literal("com "))}));
}
BENCHMARK(contains_of_all);

void regex_of_all(benchmark::State& state) {
  all_texts(state, call("REGEX", {Workbench::get().x, constant(literal("example[0-9]+7\\.com"))}));
}
BENCHMARK(regex_of_all);

void lower_case_of_all(benchmark::State& state) {
  all_texts(state, call("CONTAINS", {call("LCASE", {call("STR", {Workbench::get().x})}), constant(literal("com "))}));
}
BENCHMARK(lower_case_of_all);

void length_of_all(benchmark::State& state) {
  all_texts(state, compare(BinaryOperator::greater, call("STRLEN", {Workbench::get().x}),
                           constant(typed_literal("60", "http://www.w3.org/2001/XMLSchema#integer"))));
}
BENCHMARK(length_of_all);

void two_texts(benchmark::State& state) {
  all_texts(state, call("STRSTARTS", {Workbench::get().x, Workbench::get().y}));
}
BENCHMARK(two_texts);

// What planning pays for a comparison.
void compile_comparison(benchmark::State& state) {
  Workbench& bench = Workbench::get();
  const Expression condition = compare(BinaryOperator::less, bench.x,
                                       constant(typed_literal("12.34", "http://www.w3.org/2001/XMLSchema#decimal")));
  for (auto _ : state) {
    benchmark::DoNotOptimize(plan::condition_map(*condition, bench.slots[0], *bench.terms, bench.run->functions()));
  }
}
BENCHMARK(compile_comparison);

}  // namespace
}  // namespace akyn::exec

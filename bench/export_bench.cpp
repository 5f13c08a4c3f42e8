// How fast the terms of an answer become text: all pairs of subject and object of a predicate, in each format.
//
// The store is made up, after a product catalogue: labels that are all different, a few makers, prices, dates.
// AKYN_BENCH_STORE names a store to read instead, and AKYN_BENCH_PREDICATE a predicate's IRI there.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "engine/exec/answer_cursor.h"
#include "engine/exec/column_reader.h"
#include "engine/exec/term_cells.h"
#include "engine/results/writer.h"
#include "engine/storage/database.h"

namespace akyn {
namespace {

constexpr std::int64_t kProducts = 100'000;
const std::string kBase = "http://www.example.org/catalogue/instances/";

Term made(const std::string& name) {
  return iri(kBase + name);
}

class ExportStore {
 public:
  static const ExportStore& get() {
    static const ExportStore store;
    return store;
  }

  [[nodiscard]] const runtime::LocalTerms& terms() const { return *terms_; }
  // Subjects and objects of a predicate, ordered by one of them.
  [[nodiscard]] runtime::Solutions pairs(std::string_view predicate, storage::Permutation order) const {
    const char* chosen = std::getenv("AKYN_BENCH_PREDICATE");
    const Term term = chosen != nullptr ? iri(chosen) : made(std::string(predicate));
    const Id id = terms_->snapshot().find(term.view());
    std::vector<Id> cells;
    if (id.is_bound()) {
      const auto scan = terms_->snapshot().scan({Id(), id, Id()}, storage::GraphScope::all(), order);
      storage::ScanBatch batch;
      while (scan->next(batch)) {
        for (std::size_t i = 0; i < batch.size(); ++i) {
          cells.push_back(batch.subjects[i]);
          cells.push_back(batch.objects[i]);
        }
      }
    }
    const std::size_t rows = cells.size() / 2;
    return {{0, 1}, {"s", "o"}, std::move(cells), rows};
  }

 private:
  ExportStore() {
    const char* path = std::getenv("AKYN_BENCH_STORE");
    StoreOptions options;
    options.read_only = path != nullptr;
    database_ = path != nullptr ? storage::Database::open(path, options) : storage::Database::in_memory(options);
    if (path == nullptr) make_up();
    terms_ = std::make_unique<runtime::LocalTerms>(database_->snapshot());
  }

  void make_up() {
    const auto writer = database_->begin();
    const auto add = [&](Id subject, const char* predicate, const Term& object) {
      writer->insert(
          {subject, writer->intern(made(predicate).view()), writer->intern(object.view()), storage::kDefaultGraph});
    };
    std::uint64_t random = 1;
    for (std::int64_t i = 0; i < kProducts; ++i) {
      random = random * 6364136223846793005ULL + 1442695040888963407ULL;
      const std::string number = std::to_string(random >> 40);
      const Id product = writer->intern(made("Product" + std::to_string(i)).view());
      add(product, "label", literal("tremor " + number + " widget " + std::to_string(i)));
      add(product, "maker", made("Maker" + std::to_string(random % 50)));
      add(product, "similar", made("Product" + std::to_string((random >> 20) % kProducts)));
      add(product, "price", integer(static_cast<std::int64_t>(random >> 50)));
    }
    writer->commit();
    database_->optimize();
  }

  std::shared_ptr<storage::Database> database_;
  std::unique_ptr<runtime::LocalTerms> terms_;
};

// Takes everything and keeps nothing.
class Nowhere final : public std::streambuf {
 protected:
  std::streamsize xsputn(const char*, std::streamsize size) override { return size; }
  int_type overflow(int_type c) override { return c; }
};

void set_cells(benchmark::State& state, std::size_t rows) {
  state.SetItemsProcessed(static_cast<std::int64_t>(2 * rows) * static_cast<std::int64_t>(state.iterations()));
}

void export_as(benchmark::State& state, ResultFormat format, const std::string& predicate, storage::Permutation order) {
  const ExportStore& store = ExportStore::get();
  const runtime::Solutions pairs = store.pairs(predicate, order);
  Nowhere nowhere;
  std::ostream out(&nowhere);
  for (auto _ : state) {
    exec::AnswerCursor cursor(std::make_unique<exec::ComputedAnswer>(pairs), 0);
    const auto writer = results::make_writer(format, out);
    const auto write = [&](std::string& text, const TermView& term) { writer->append_text(text, term); };
    std::array<exec::ColumnReader, 2> columns = {exec::ColumnReader(cursor, 0, store.terms(), write),
                                                 exec::ColumnReader(cursor, 1, store.terms(), write)};
    writer->begin(cursor.variables());
    while (cursor.next()) {
      const std::array<std::string_view, 2> texts = {columns[0].text(), columns[1].text()};
      writer->row(texts);
    }
    writer->end();
  }
  set_cells(state, pairs.size());
}

// What a program pays that looks at each term.
void read_terms(benchmark::State& state, const std::string& predicate) {
  const ExportStore& store = ExportStore::get();
  const runtime::Solutions pairs = store.pairs(predicate, storage::Permutation::pso);
  for (auto _ : state) {
    exec::AnswerCursor cursor(std::make_unique<exec::ComputedAnswer>(pairs), 0);
    exec::TermCells cells(cursor, store.terms());
    std::size_t bytes = 0;
    while (cursor.next()) bytes += cells[0].value().size() + cells[1].value().size();
    benchmark::DoNotOptimize(bytes);
  }
  set_cells(state, pairs.size());
}

BENCHMARK_CAPTURE(export_as, tsv_labels, ResultFormat::tsv, "label", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, tsv_labels_by_object, ResultFormat::tsv, "label", storage::Permutation::pos);
BENCHMARK_CAPTURE(export_as, tsv_links, ResultFormat::tsv, "similar", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, tsv_few_values, ResultFormat::tsv, "maker", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, tsv_numbers, ResultFormat::tsv, "price", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, csv_labels, ResultFormat::csv, "label", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, json_labels, ResultFormat::json, "label", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, xml_labels, ResultFormat::xml, "label", storage::Permutation::pso);
BENCHMARK_CAPTURE(export_as, table_labels, ResultFormat::table, "label", storage::Permutation::pso);
BENCHMARK_CAPTURE(read_terms, terms_labels, "label");
BENCHMARK_CAPTURE(read_terms, terms_few_values, "maker");

}  // namespace
}  // namespace akyn

#include "engine/storage/later_commits.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/storage/load_version.h"

namespace akyn::storage {
namespace {

constexpr std::string_view kPhase = "writing what was committed meanwhile";
constexpr std::uint64_t kStep = 4096;  // terms, or graphs, between two reports

std::uint64_t rows_of(std::span<const Layer> layers) {
  std::uint64_t rows = 0;
  for (const Layer& layer : layers) rows += layer.rows();
  return rows;
}

}  // namespace

std::span<const Layer> LaterCommits::missing(const Version& version) const {
  const auto first = std::find_if(version.layers.begin(), version.layers.end(),
                                  [&](const Layer& layer) { return layer.first > last_; });
  return {first, version.layers.end()};
}

std::uint64_t LaterCommits::missing_rows(const Version& version) const {
  return rows_of(missing(version));
}

DeltaRows LaterCommits::translated_rows(const Version& version, std::span<const Layer> layers, Translator& translate,
                                        const WorkProgress& progress) {
  const std::uint64_t total = rows_of(layers);
  const auto report = [&](std::uint64_t done) {
    if (progress) progress(kPhase, std::min(done, total), total);
  };
  report(0);
  TermRange numbers{next_number_, next_number_};
  for (const Layer& layer : layers) {
    numbers.last = std::max(numbers.last, layer.run == nullptr ? version.dictionary->next_number() : layer.terms_end);
  }
  // Terms of small commits are in the tail, in the order of their numbers; those in runs are read one by one.
  std::uint64_t terms = 0;
  for_each_tail_term(store_.rocks(), version.dictionary->tail()->tail(), numbers, [&](Id id, std::string_view body) {
    if (++terms % kStep == 0) report(0);
    translate.learn(id, body);
  });
  next_number_ = numbers.last;

  DeltaRows changes;
  for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
    const OrderTag order = order_tag(partition, Permutation::spo);
    const auto columns = static_cast<ColumnMask>(all_columns(order) | column_bit(kMarkColumn));
    const auto cursor = open_layers(version, layers, order, columns, MergeKind::changes);
    const auto term = [&](std::uint64_t bits) { return translate(Id::from_bits(bits)); };
    RowBatch batch;
    while (cursor->next(batch)) {
      report(changes.size());
      for (std::size_t i = 0; i < batch.rows(); ++i) {
        const QuadRow row{term(batch.column(0)[i]), term(batch.column(1)[i]), term(batch.column(2)[i]),
                          partition == Partition::default_graph ? 0 : batch.column(3)[i]};
        changes.add(row, batch.column(kMarkColumn)[i]);
      }
    }
  }
  return changes;
}

void LaterCommits::write(const Version& version, std::span<const Layer> layers, const WorkProgress& progress) {
  const std::uint64_t total = rows_of(layers);
  const auto check = [&] {
    if (progress) progress(kPhase, total, total);
  };
  PendingTerms terms(dictionary_->next_number(), version.counters.next_blank);
  Translator translate(*version.dictionary, renumbering_, terms);
  DeltaRows rows = translated_rows(version, uncached(version, layers), translate, progress);
  // Names of graphs that have come with them, so that there are few left at the end.
  std::vector<GraphMap::Named> graphs;
  std::uint64_t seen = 0;
  for (const GraphMap::Named& graph : version.graphs.all()) {
    if (++seen % kStep == 0) check();
    if (const Id name = translate(graph.name); terms.owns(name)) graphs.push_back({name, graph.entry});
  }
  ChangeSet changes(store_, terms, std::move(rows), std::move(graphs));
  changes.stage_as_runs(check);
  translate.keep([&](Id id) { return changes.final_id(id); });

  if (changes.terms() != nullptr) {
    runs_.insert(changes.terms()->run());
    dictionary_ = dictionary_->with_run(changes.terms());
  }
  Layer layer = changes.rows();
  layer.first = layers.front().first;
  layer.last = last_ = layers.back().last;
  layer.terms_end = dictionary_->next_number();
  if (layer.run == nullptr) return;
  runs_.insert(layer.run->info().run);
  layers_.push_back(std::move(layer));
}

LaterCommits::Rest LaterCommits::rest(const Version& newest) {
  PendingTerms& terms = rest_terms_.emplace(dictionary_->next_number(), newest.counters.next_blank);
  Translator translate(*newest.dictionary, renumbering_, terms);
  DeltaRows rows = translated_rows(newest, missing(newest), translate, {});
  std::vector<Id> old_names;
  std::vector<GraphMap::Named> graphs;
  for (const GraphMap::Named& graph : newest.graphs.all()) {
    const Id name = translate(graph.name);
    // One that is new in the dictionary may have the Id that it had before, and is to be written all the same.
    if (name == graph.name && !terms.owns(name)) continue;
    old_names.push_back(graph.name);
    graphs.push_back({name, graph.entry});
  }
  return {std::move(old_names), ChangeSet(store_, terms, std::move(rows), std::move(graphs))};
}

}  // namespace akyn::storage

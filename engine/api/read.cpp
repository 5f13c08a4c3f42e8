// Store::match, count, graphs and prefixes, and their like on Transaction.

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "engine/api/quad_reader.h"
#include "engine/api/state.h"

namespace akyn::api {
namespace {

struct Selection {
  storage::TriplePattern pattern;
  storage::GraphScope graphs;
};

// Nothing when a term is in no quad of the snapshot.
std::optional<Selection> select(const storage::Snapshot& snapshot, const Term& subject, const Term& predicate,
                                const Term& object, const Graph& graph) {
  bool known = true;
  const auto id_of = [&](const Term& term) {
    if (!term) return Id();
    const Id id = snapshot.find(term.view());
    known = known && id.is_bound();
    return id;
  };
  Selection selection;
  selection.pattern = {id_of(subject), id_of(predicate), id_of(object)};
  if (graph.is_any()) {
    selection.graphs = storage::GraphScope::all();
  } else if (!graph.name()) {
    selection.graphs = storage::GraphScope::default_graph();
  } else {
    selection.graphs = storage::GraphScope::named(id_of(graph.name()));
  }
  if (!known) return std::nullopt;
  return selection;
}

// The rows of a scan as an answer.
class ScanAnswer final : public exec::Answer {
 public:
  // Without a scan there are none.
  explicit ScanAnswer(std::unique_ptr<storage::Scan> scan)
      : Answer({0, 1, 2, 3}, {"subject", "predicate", "object", "graph"}), scan_(std::move(scan)) {}

  [[nodiscard]] bool next(exec::Batch& out) override {
    out.reset(4);
    if (!scan_ || !scan_->next(batch_)) return false;
    const auto copy = [&](std::size_t column, const std::vector<Id>& ids) {
      std::vector<std::uint64_t>& values = out.values(column);
      values.resize(ids.size());
      std::transform(ids.begin(), ids.end(), values.begin(), [](Id id) { return id.bits(); });
    };
    copy(0, batch_.subjects);
    copy(1, batch_.predicates);
    copy(2, batch_.objects);
    copy(3, batch_.graphs);
    out.set_rows(batch_.size());
    return true;
  }

 private:
  std::unique_ptr<storage::Scan> scan_;
  storage::ScanBatch batch_;
};

struct MatchedQuads final : QuadsState {
  MatchedQuads(Source from, std::shared_ptr<const storage::Snapshot> snapshot, std::unique_ptr<storage::Scan> scan)
      : source(std::move(from)),
        terms(std::move(snapshot)),
        reader(std::make_unique<ScanAnswer>(std::move(scan)), terms) {}

  [[nodiscard]] bool next(Quad& quad) override {
    source.check();
    return reader.next(quad);
  }

  Source source;
  runtime::LocalTerms terms;
  QuadReader reader;
};

}  // namespace

Quads match(const Source& source, const Term& subject, const Term& predicate, const Term& object, const Graph& graph) {
  std::shared_ptr<const storage::Snapshot> snapshot = source.snapshot();
  std::unique_ptr<storage::Scan> scan;
  if (const std::optional<Selection> selection = select(*snapshot, subject, predicate, object, graph)) {
    scan = snapshot->scan(selection->pattern, selection->graphs);
  }
  return Quads(std::make_unique<MatchedQuads>(source, std::move(snapshot), std::move(scan)));
}

std::uint64_t count(const Source& source, const Term& subject, const Term& predicate, const Term& object,
                    const Graph& graph) {
  const std::shared_ptr<const storage::Snapshot> snapshot = source.snapshot();
  const std::optional<Selection> selection = select(*snapshot, subject, predicate, object, graph);
  return selection ? snapshot->count(selection->pattern, selection->graphs) : 0;
}

std::vector<Term> graphs(const Source& source) {
  const std::shared_ptr<const storage::Snapshot> snapshot = source.snapshot();
  std::vector<Term> names;
  for (const Id id : snapshot->named_graphs()) names.push_back(snapshot->term(id));
  return names;
}

std::map<std::string, std::string> prefixes(const Source& source) {
  return source.snapshot()->prefixes();
}

}  // namespace akyn::api

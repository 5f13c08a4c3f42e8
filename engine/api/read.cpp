// Store::match, count, graphs and prefixes, and their like on Transaction.

#include <optional>
#include <vector>

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

struct MatchedQuads final : QuadsState {
  Source source;
  std::shared_ptr<const storage::Snapshot> snapshot;
  std::unique_ptr<storage::Scan> scan;  // none: nothing matches
  storage::ScanBatch batch;
  std::size_t position = 0;

  [[nodiscard]] bool next(Quad& quad) override {
    source.check();
    if (!scan) return false;
    if (position == batch.size()) {
      position = 0;
      if (!scan->next(batch)) {
        batch.clear();
        scan.reset();
        return false;
      }
    }
    const storage::QuadIds row = batch.row(position++);
    quad.subject = snapshot->term(row.subject);
    quad.predicate = snapshot->term(row.predicate);
    quad.object = snapshot->term(row.object);
    quad.graph = row.graph == storage::kDefaultGraph ? Term() : snapshot->term(row.graph);
    return true;
  }
};

}  // namespace

Quads match(const Source& source, const Term& subject, const Term& predicate, const Term& object, const Graph& graph) {
  auto state = std::make_unique<MatchedQuads>();
  state->source = source;
  state->snapshot = source.snapshot();
  const std::optional<Selection> selection = select(*state->snapshot, subject, predicate, object, graph);
  if (selection) state->scan = state->snapshot->scan(selection->pattern, selection->graphs);
  return Quads(std::move(state));
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

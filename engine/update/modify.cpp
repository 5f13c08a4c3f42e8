#include "engine/update/modify.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "engine/algebra/translate.h"
#include "engine/exec/evaluate.h"
#include "engine/runtime/instantiator.h"

namespace akyn::update {
namespace {

using storage::kDefaultGraph;
using storage::QuadIds;

// The quads of a template, as the algebra has it.
struct QuadTemplate {
  algebra::Triple triple;
  std::optional<algebra::PatternTerm> graph;  // none: the default graph of the operation
};

std::vector<QuadTemplate> templates(const std::vector<sparql::QuadPattern>& patterns, algebra::VariableTable& variables,
                                    std::vector<std::string>& labels) {
  std::vector<QuadTemplate> result;
  for (const sparql::QuadPattern& pattern : patterns) {
    QuadTemplate quad{algebra::translate_template(pattern.triple, variables, labels), std::nullopt};
    if (pattern.graph) {
      if (const auto* constant = std::get_if<sparql::Constant>(&*pattern.graph)) {
        quad.graph = algebra::Constant{constant->term, Id()};
      } else {
        quad.graph = algebra::Variable{variables.variable(std::get<sparql::Variable>(*pattern.graph).name)};
      }
    }
    result.push_back(std::move(quad));
  }
  return result;
}

// A query's own terms among those of the store.
class StoredTerms {
 public:
  StoredTerms(storage::Writer& writer, runtime::LocalTerms& terms) : writer_(writer), terms_(terms) {}

  [[nodiscard]] Id operator()(Id id) {
    if (!id.is_local()) return id;
    const auto [place, is_new] = stored_.try_emplace(id);
    if (is_new) place->second = writer_.intern(stored(terms_.term(id)).view());
    return place->second;
  }

 private:
  // The same term, nodes that the query has made being new ones of the store's.
  [[nodiscard]] Term stored(const Term& term) {
    if (term.is_blank()) {
      if (terms_.snapshot().find(term.view()).is_bound()) return term;
      const auto [place, is_new] = nodes_.try_emplace(term.value());
      if (is_new) place->second = writer_.snapshot()->term(writer_.new_blank());
      return place->second;
    }
    if (!term.is_triple()) return term;
    const Triple& triple = term.triple();
    return triple_term(stored(triple.subject), triple.predicate, stored(triple.object));
  }

  storage::Writer& writer_;
  runtime::LocalTerms& terms_;
  std::unordered_map<Id, Id> stored_;
  std::unordered_map<std::string, Term> nodes_;  // by the query's label
};

class Modification {
 public:
  Modification(const sparql::ModifyOperation& operation, storage::Writer& writer,
               const runtime::Environment& environment, ChangeBudget& budget)
      : writer_(writer),
        budget_(budget),
        query_(algebra::translate_where(operation)),
        removed_(templates(operation.remove, query_.variables, labels_)),
        inserted_(templates(operation.insert, query_.variables, labels_)),
        terms_(writer.state()),
        stored_(writer, terms_),
        solutions_(query_, terms_, environment, algebra::scope_of(*query_.root)),
        instantiator_(solutions_.slots(), terms_),
        default_graph_(operation.with ? terms_.id(*operation.with) : kDefaultGraph),
        held_charge_(solutions_.run().budget()) {}

  void run() {
    std::vector<Id> solution(solutions_.slots().size());
    for (exec::Batch batch; solutions_.next(batch);) {
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        for (std::size_t i = 0; i < solution.size(); ++i) solution[i] = Id::from_bits(batch.column(i)[row]);
        // Equal solutions differ in the nodes they make, and in nothing else.
        const std::uint64_t times = labels_.empty() ? 1 : batch.count(row);
        for (std::uint64_t i = 0; i < times; ++i) take(solution);
      }
    }
    for (const QuadIds& quad : held_) insert(quad);
  }

 private:
  void take(const std::vector<Id>& solution) {
    instantiator_.next_solution(solution);
    for (const QuadTemplate& pattern : removed_) {
      const std::optional<QuadIds> quad = instantiate(pattern);
      if (!quad || !quad->is_stored()) continue;
      budget_.step();
      writer_.remove(*quad);
    }
    for (const QuadTemplate& pattern : inserted_) {
      const std::optional<QuadIds> quad = instantiate(pattern);
      if (!quad) continue;
      if (removed_.empty()) {
        insert(*quad);
      } else {
        held_charge_.add(sizeof(QuadIds));
        held_.push_back(*quad);
      }
    }
  }

  // Nothing where a part has no value, or stands where RDF does not allow it.
  [[nodiscard]] std::optional<QuadIds> instantiate(const QuadTemplate& pattern) {
    solutions_.run().budget().step();
    const std::optional<runtime::TripleIds> triple = instantiator_.triple(pattern.triple);
    if (!triple) return std::nullopt;
    const Id graph = pattern.graph ? instantiator_.term(*pattern.graph) : default_graph_;
    if (pattern.graph && graph.type() != IdType::iri) return std::nullopt;
    return QuadIds{triple->subject, triple->predicate, triple->object, graph};
  }

  void insert(const QuadIds& quad) {
    budget_.step();
    writer_.insert({stored_(quad.subject), stored_(quad.predicate), stored_(quad.object), stored_(quad.graph)});
  }

  storage::Writer& writer_;
  ChangeBudget& budget_;
  algebra::Query query_;
  std::vector<std::string> labels_;  // of nodes that the templates make
  std::vector<QuadTemplate> removed_;
  std::vector<QuadTemplate> inserted_;
  runtime::LocalTerms terms_;
  StoredTerms stored_;
  exec::Evaluation solutions_;
  runtime::Instantiator instantiator_;
  Id default_graph_;
  std::vector<QuadIds> held_;
  runtime::Charge held_charge_;
};

}  // namespace

void modify(const sparql::ModifyOperation& operation, storage::Writer& writer, const runtime::Environment& environment,
            ChangeBudget& budget) {
  Modification(operation, writer, environment, budget).run();
}

}  // namespace akyn::update

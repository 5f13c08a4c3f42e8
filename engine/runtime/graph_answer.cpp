#include "engine/runtime/graph_answer.h"

#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include <akyn/error.h>

#include "engine/runtime/instantiator.h"
#include "engine/term/vocabulary.h"

namespace akyn::runtime {

void check_answer_size(std::size_t size, std::string_view what, const ExecutionLimits& limits) {
  if (limits.max_rows == 0 || size <= limits.max_rows) return;
  throw Error(ErrorCode::limit,
              "the answer has more than its limit of " + std::to_string(limits.max_rows) + ' ' + std::string(what));
}

namespace {

struct TripleHash {
  std::size_t operator()(const TripleIds& triple) const noexcept {
    const std::hash<Id> hash;
    return (hash(triple.subject) * 31 + hash(triple.predicate)) * 31 + hash(triple.object);
  }
};

// Triples, each once, in the order added.
class TripleSet {
 public:
  bool add(const TripleIds& triple) {
    const bool is_new = seen_.insert(triple).second;
    if (is_new) triples_.push_back(triple);
    return is_new;
  }
  [[nodiscard]] std::size_t size() const noexcept { return triples_.size(); }
  [[nodiscard]] std::vector<TripleIds> take() { return std::move(triples_); }

 private:
  std::vector<TripleIds> triples_;
  std::unordered_set<TripleIds, TripleHash> seen_;
};

constexpr std::size_t kTripleSetBytes = 2 * sizeof(TripleIds) + 32;  // of one triple in it

class Description {
 public:
  Description(const ActiveGraph& graph, LocalTerms& terms, Budget& budget, const ExecutionLimits& limits)
      : graph_(graph),
        terms_(terms),
        budget_(budget),
        limits_(limits),
        reifies_(terms.id(iri(rdf_vocabulary::kReifies))) {}

  void add(Id resource) {
    std::vector<Id> pending{resource};
    while (!pending.empty()) {
      const Id node = pending.back();
      pending.pop_back();
      if (!described_.insert(node).second) continue;
      std::vector<TripleIds> own;
      graph_.match({node, Id(), Id()}, terms_, budget_, [&](const TripleIds& triple) {
        own.push_back(triple);
        return true;
      });
      for (const TripleIds& triple : own) {
        triples_.add(triple);
        check_answer_size(triples_.size(), "triples", limits_);
        if (triple.object.type() == IdType::blank) pending.push_back(triple.object);
        add_reifiers(triple, pending);
      }
    }
  }
  [[nodiscard]] std::vector<TripleIds> take() { return triples_.take(); }

 private:
  void add_reifiers(const TripleIds& triple, std::vector<Id>& pending) {
    const std::optional<Id> reified = terms_.triple_id(triple);
    if (!reified) return;
    graph_.match({Id(), reifies_, *reified}, terms_, budget_, [&](const TripleIds& found) {
      pending.push_back(found.subject);
      return true;
    });
  }

  const ActiveGraph& graph_;
  LocalTerms& terms_;
  Budget& budget_;
  const ExecutionLimits& limits_;
  Id reifies_;
  std::unordered_set<Id> described_;
  TripleSet triples_;
};

}  // namespace

std::vector<TripleIds> construct(const algebra::Query& query, const Solutions& solutions, LocalTerms& terms,
                                 Budget& budget) {
  Instantiator instantiator(solutions.slots(), terms);
  TripleSet result;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    instantiator.next_solution(solutions.row(i));
    for (const algebra::Triple& pattern : query.construct) {
      budget.step();
      const std::optional<TripleIds> triple = instantiator.triple(pattern);
      if (!triple || !result.add(*triple)) continue;
      budget.charge(kTripleSetBytes);
      check_answer_size(result.size(), "triples", budget.limits());
    }
  }
  return result.take();
}

std::vector<TripleIds> describe(const algebra::Query& query, const Solutions& solutions, const ActiveGraph& graph,
                                LocalTerms& terms, Budget& budget) {
  Description description(graph, terms, budget, budget.limits());
  Instantiator instantiator(solutions.slots(), terms);
  for (const algebra::PatternTerm& resource : query.describe) {
    if (const auto* constant = std::get_if<algebra::Constant>(&resource)) description.add(terms.id(constant->term));
  }
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    instantiator.next_solution(solutions.row(i));
    for (const algebra::PatternTerm& resource : query.describe) {
      if (const Id id = instantiator.term(resource); id.is_bound()) description.add(id);
    }
  }
  return description.take();
}

}  // namespace akyn::runtime

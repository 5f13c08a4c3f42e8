#include "engine/oracle/evaluate.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>

#include <akyn/error.h>

#include "engine/oracle/evaluator.h"
#include "engine/term/vocabulary.h"

namespace akyn::oracle {

using algebra::Slot;

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

Solutions to_solutions(Table table, const algebra::VariableTable& variables) {
  std::vector<Slot> slots = table.columns();
  std::vector<std::string> names;
  names.reserve(slots.size());
  for (const Slot slot : slots) names.push_back(variables.name(slot));
  const std::size_t size = table.size();
  return {std::move(slots), std::move(names), std::move(table).take_cells(), size};
}

void check_size(std::size_t size, std::string_view what, const ExecutionLimits& limits) {
  if (limits.max_rows == 0 || size <= limits.max_rows) return;
  throw Error(ErrorCode::limit,
              "the answer has more than its limit of " + std::to_string(limits.max_rows) + ' ' + std::string(what));
}

// The result's columns, parameters with their constants.
Table with_parameters(const Table& table, const algebra::Query& query, LocalTerms& terms) {
  Table result(query.columns, table.budget());
  struct Source {
    std::optional<std::size_t> column;
    Id constant;
  };
  std::vector<Source> sources;
  for (const Slot slot : query.columns) {
    const auto parameter = std::find_if(query.parameters.begin(), query.parameters.end(),
                                        [&](const auto& bound) { return bound.first == slot; });
    if (parameter == query.parameters.end()) {
      sources.push_back({table.column_of(slot), Id()});
    } else {
      sources.push_back({std::nullopt, terms.id(parameter->second)});
    }
  }
  std::vector<Id> row(sources.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::transform(sources.begin(), sources.end(), row.begin(), [&](const Source& source) {
      return source.column ? table.cell(i, *source.column) : source.constant;
    });
    result.append(row);
  }
  return result;
}

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
        check_size(triples_.size(), "triples", limits_);
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

Solutions evaluate_select(const algebra::Query& query, LocalTerms& terms, const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  const std::uint64_t most = environment.limits.max_rows;
  const Table table = evaluator.evaluate_root(most == 0 ? kAllRows : most + 1);
  check_size(table.size(), "rows", environment.limits);
  return to_solutions(with_parameters(table, query, terms), query.variables);
}

Solutions evaluate_pattern(const algebra::Query& query, LocalTerms& terms, const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  return to_solutions(evaluator.evaluate_root(), query.variables);
}

bool evaluate_ask(const algebra::Query& query, LocalTerms& terms, const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  return !evaluator.evaluate_root(1).empty();
}

std::vector<TripleIds> evaluate_construct(const algebra::Query& query, LocalTerms& terms,
                                          const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  const Solutions solutions = to_solutions(evaluator.evaluate_root(), query.variables);
  Instantiator instantiator(solutions.slots(), terms);
  TripleSet result;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    instantiator.next_solution(solutions.row(i));
    for (const algebra::Triple& pattern : query.construct) {
      evaluator.budget().step();
      const std::optional<TripleIds> triple = instantiator.triple(pattern);
      if (!triple || !result.add(*triple)) continue;
      evaluator.budget().charge(kTripleSetBytes);
      check_size(result.size(), "triples", environment.limits);
    }
  }
  return result.take();
}

std::vector<TripleIds> evaluate_describe(const algebra::Query& query, LocalTerms& terms,
                                         const Environment& environment) {
  Evaluator evaluator(query, terms, environment);
  const Solutions solutions = to_solutions(evaluator.evaluate_root(), query.variables);
  const ActiveGraph everything = evaluator.dataset().everything();
  Description description(everything, terms, evaluator.budget(), environment.limits);
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

}  // namespace akyn::oracle

// Property paths: SPARQL 1.1 Query 18.4.
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/oracle/pattern_matcher.h"

namespace akyn::oracle {

namespace {

bool holds(const std::vector<Term>& iris, Id predicate, LocalTerms& terms) {
  return std::any_of(iris.begin(), iris.end(), [&](const Term& iri) { return terms.id(iri) == predicate; });
}

// Whether the path matches a walk of no edges.
bool may_be_empty(const sparql::PathNode& path) {
  const auto part = [](const sparql::Path& inner) { return may_be_empty(*inner); };
  if (const auto* inverse = std::get_if<sparql::PathInverse>(&path.node)) return part(inverse->path);
  if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) {
    return std::all_of(sequence->steps.begin(), sequence->steps.end(), part);
  }
  if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path.node)) {
    return std::any_of(alternative->choices.begin(), alternative->choices.end(), part);
  }
  const auto* repeat = std::get_if<sparql::PathRepeat>(&path.node);
  return repeat != nullptr && (repeat->min == 0 || part(repeat->path));
}

}  // namespace

Table PatternMatcher::extend(const Table& table, const algebra::PathPattern& pattern, std::size_t goal) {
  std::vector<algebra::Slot> columns = table.columns();
  const TriplePart ends{compile(pattern.subject, columns), Id(), compile(pattern.object, columns)};
  Table result(std::move(columns), budget_);
  const bool both_variables = !std::holds_alternative<Id>(ends.subject) && !std::holds_alternative<Id>(ends.object);
  forget_reachable();
  std::vector<Id> row;
  for (std::size_t i = 0; i < table.size() && result.size() < goal; ++i) {
    const Row source = table.row(i);
    row.assign(source.begin(), source.end());
    row.resize(result.width());
    const auto* negated = std::get_if<sparql::PathNegated>(&pattern.path->node);
    const bool more = negated != nullptr ? complete_negated(ends, *negated, row, result, goal)
                                         : complete_repeat(ends, *pattern.path, both_variables, row, result, goal);
    if (!more) break;
  }
  return result;
}

// One solution for every triple whose predicate is not in the set.
bool PatternMatcher::complete_negated(const TriplePart& ends, const sparql::PathNegated& path, std::vector<Id>& row,
                                      Table& result, std::size_t goal) {
  const bool inverse = !path.inverse.empty();
  const std::vector<Term>& excluded = inverse ? path.inverse : path.forward;
  bool impossible = false;
  TripleIds bound{resolve(ends.subject, row, impossible), Id(), resolve(ends.object, row, impossible)};
  if (impossible) return true;
  if (inverse) std::swap(bound.subject, bound.object);
  std::vector<Id> extended;
  graph_.match(bound, terms_, budget_, [&](TripleIds triple) {
    if (holds(excluded, triple.predicate, terms_)) return true;
    if (inverse) std::swap(triple.subject, triple.object);
    extended = row;
    if (unify(ends.subject, triple.subject, extended) && unify(ends.object, triple.object, extended)) {
      result.append(extended);
    }
    return result.size() < goal;
  });
  return result.size() < goal;
}

// Breadth first from an end that is known; from every node of the graph when none is. A path of
// length zero between two variables joins nodes of the graph only, so that a value which came from
// elsewhere matches just when it is such a node.
bool PatternMatcher::complete_repeat(const TriplePart& ends, const sparql::PathNode& path, bool both_variables,
                                     std::vector<Id>& row, Table& result, std::size_t goal) {
  bool impossible = false;
  const Id subject = resolve(ends.subject, row, impossible);
  const Id object = resolve(ends.object, row, impossible);
  if (impossible) return true;
  const bool zero_length = may_be_empty(path);
  std::vector<Id> extended;
  const auto from = [&](Id start, bool inverse) {
    const Part& start_part = inverse ? ends.object : ends.subject;
    const Part& end_part = inverse ? ends.subject : ends.object;
    for (const Id end : reachable(path, start, inverse)) {
      budget_.step();
      extended = row;
      if (unify(start_part, start, extended) && unify(end_part, end, extended)) result.append(extended);
      if (result.size() >= goal) return;
    }
  };
  if (subject.is_bound() || object.is_bound()) {
    const Id start = subject.is_bound() ? subject : object;
    if (both_variables && zero_length && !graph_.has_node(start, terms_, budget_)) return true;
    from(start, !subject.is_bound());
    return result.size() < goal;
  }
  for (const Id start : graph_nodes()) {
    from(start, false);
    forget_reachable();
    if (result.size() >= goal) return false;
  }
  return true;
}

const PatternMatcher::Nodes& PatternMatcher::reachable(const sparql::PathNode& path, Id from, bool inverse) {
  const auto [place, is_new] = reachable_[inverse ? 1 : 0].try_emplace(from);
  if (is_new) {
    step(path, from, inverse, place->second);
    reachable_charge_.add(place->second.size() * sizeof(Id));
  }
  return place->second;
}

void PatternMatcher::forget_reachable() {
  reachable_[0].clear();
  reachable_[1].clear();
  reachable_charge_.clear();
}

const PatternMatcher::Nodes& PatternMatcher::graph_nodes() {
  if (graph_nodes_) return *graph_nodes_;
  graph_nodes_.emplace();
  std::unordered_set<Id> seen;
  graph_.match({}, terms_, budget_, [&](const TripleIds& triple) {
    if (seen.insert(triple.subject).second) graph_nodes_->push_back(triple.subject);
    if (seen.insert(triple.object).second) graph_nodes_->push_back(triple.object);
    return true;
  });
  return *graph_nodes_;
}

void PatternMatcher::step(const sparql::PathNode& path, Id from, bool inverse, Nodes& out) {
  if (const auto* link = std::get_if<sparql::PathLink>(&path.node)) {
    const Id predicate = terms_.id(link->iri);
    const TripleIds pattern = inverse ? TripleIds{Id(), predicate, from} : TripleIds{from, predicate, Id()};
    graph_.match(pattern, terms_, budget_, [&](const TripleIds& triple) {
      out.push_back(inverse ? triple.subject : triple.object);
      return true;
    });
  } else if (const auto* flipped = std::get_if<sparql::PathInverse>(&path.node)) {
    step(*flipped->path, from, !inverse, out);
  } else if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) {
    step_sequence(*sequence, from, inverse, out);
  } else if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path.node)) {
    for (const sparql::Path& choice : alternative->choices) step(*choice, from, inverse, out);
  } else if (const auto* negated = std::get_if<sparql::PathNegated>(&path.node)) {
    step_negated(*negated, from, inverse, out);
  } else {
    repeat(std::get<sparql::PathRepeat>(path.node), from, inverse, out);
  }
}

// Inside a repetition only the nodes matter, not how many ways lead to them: each step's nodes are
// made distinct, or a diamond of diamonds would double them every time.
void PatternMatcher::step_sequence(const sparql::PathSequence& path, Id from, bool inverse, Nodes& out) {
  Nodes front{from};
  for (std::size_t i = 0; i < path.steps.size(); ++i) {
    const sparql::Path& next = path.steps[inverse ? path.steps.size() - 1 - i : i];
    Nodes reached;
    for (const Id node : front) step(*next, node, inverse, reached);
    std::sort(reached.begin(), reached.end());
    reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
    front = std::move(reached);
  }
  out.insert(out.end(), front.begin(), front.end());
}

void PatternMatcher::step_negated(const sparql::PathNegated& path, Id from, bool inverse, Nodes& out) {
  const auto follow = [&](const std::vector<Term>& excluded, bool backwards) {
    const TripleIds pattern = backwards ? TripleIds{Id(), Id(), from} : TripleIds{from, Id(), Id()};
    graph_.match(pattern, terms_, budget_, [&](const TripleIds& triple) {
      if (!holds(excluded, triple.predicate, terms_)) out.push_back(backwards ? triple.subject : triple.object);
      return true;
    });
  };
  if (!path.forward.empty() || path.inverse.empty()) follow(path.forward, inverse);
  if (!path.inverse.empty()) follow(path.inverse, !inverse);
}

void PatternMatcher::repeat(const sparql::PathRepeat& path, Id from, bool inverse, Nodes& out) {
  std::unordered_set<Id> seen;
  Nodes order;
  const auto visit = [&](Id node) {
    if (seen.insert(node).second) order.push_back(node);
  };
  Nodes reached;
  if (path.min == 0) {
    visit(from);
  } else {
    step(*path.path, from, inverse, reached);
    for (const Id node : reached) visit(node);
  }
  const bool once = path.max && *path.max == 1;
  const std::size_t expanded = once ? std::min<std::size_t>(order.size(), path.min == 0 ? 1 : 0) : kAllRows;
  for (std::size_t i = 0; i < order.size() && i < expanded; ++i) {
    budget_.step();
    reached.clear();
    step(*path.path, order[i], inverse, reached);
    for (const Id node : reached) visit(node);
  }
  out.insert(out.end(), order.begin(), order.end());
}

}  // namespace akyn::oracle

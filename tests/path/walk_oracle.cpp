#include "tests/path/walk_oracle.h"

#include <algorithm>
#include <memory>

namespace akyn::path::test {

namespace {

constexpr std::size_t kMaxCandidates = 4'000;

// Expressions with directions pushed down to single edges, and what is left of one after an edge (Antimirov's partial
// derivatives): no automaton is made.
struct Rest;
using RestPtr = std::shared_ptr<const Rest>;
struct Rest {
  enum class Kind : std::uint8_t { empty, edge, sequence, alternative, repeat };
  Kind kind = Kind::empty;
  // Of an edge.
  bool inverse = false;
  bool either = false;
  bool negated = false;
  bool is_step = false;
  std::set<int> predicates;
  // Of the others; a sequence and an alternative have two.
  RestPtr first;
  RestPtr second;
  std::uint32_t min = 0;
  std::optional<std::uint32_t> max;
  std::string text;  // equal for equal ones
};

RestPtr make(Rest rest) {
  rest.text = std::to_string(static_cast<int>(rest.kind));
  for (const bool flag : {rest.inverse, rest.either, rest.negated, rest.is_step}) rest.text += flag ? '1' : '0';
  for (const int predicate : rest.predicates) rest.text += ',' + std::to_string(predicate);
  rest.text += ';' + std::to_string(rest.min) + ';' + (rest.max ? std::to_string(*rest.max) : "") + '(';
  if (rest.first != nullptr) rest.text += rest.first->text;
  rest.text += ')';
  if (rest.second != nullptr) rest.text += rest.second->text;
  return std::make_shared<const Rest>(std::move(rest));
}

RestPtr sequence(RestPtr first, RestPtr second) {
  if (first->kind == Rest::Kind::empty) return second;
  if (second->kind == Rest::Kind::empty) return first;
  Rest rest;
  rest.kind = Rest::Kind::sequence;
  rest.first = std::move(first);
  rest.second = std::move(second);
  return make(std::move(rest));
}

RestPtr alternative(RestPtr first, RestPtr second) {
  Rest rest;
  rest.kind = Rest::Kind::alternative;
  rest.first = std::move(first);
  rest.second = std::move(second);
  return make(std::move(rest));
}

int number_of(const Term& iri) {
  return std::stoi(std::string(iri.value().substr(5)));
}

RestPtr edge(std::set<int> predicates, bool inverse, bool either) {
  Rest rest;
  rest.kind = Rest::Kind::edge;
  rest.predicates = std::move(predicates);
  rest.inverse = inverse;
  rest.either = either;
  return make(std::move(rest));
}

RestPtr any_but(const std::vector<Term>& iris, bool inverse, bool either) {
  Rest rest;
  rest.kind = Rest::Kind::edge;
  for (const Term& iri : iris) rest.predicates.insert(number_of(iri));
  rest.negated = true;
  rest.inverse = inverse;
  rest.either = either;
  return make(std::move(rest));
}

RestPtr rest_of(const sparql::PathNode& path, bool inverse, bool either) {
  if (const auto* link = std::get_if<sparql::PathLink>(&path.node)) {
    return edge({number_of(link->iri)}, inverse, either);
  }
  if (const auto* step = std::get_if<sparql::PathStep>(&path.node)) {
    Rest rest = *edge({static_cast<int>(step->number)}, inverse, either);
    rest.is_step = true;
    return make(std::move(rest));
  }
  if (const auto* flipped = std::get_if<sparql::PathInverse>(&path.node)) {
    return rest_of(*flipped->path, !inverse, either);
  }
  if (const auto* both = std::get_if<sparql::PathEither>(&path.node)) {
    return alternative(rest_of(*both->path, inverse, true), rest_of(*both->path, !inverse, true));
  }
  if (const auto* negated = std::get_if<sparql::PathNegated>(&path.node)) {
    RestPtr forward = any_but(negated->forward, inverse, either);
    if (negated->inverse.empty()) return forward;
    RestPtr backward = any_but(negated->inverse, !inverse, either);
    return negated->forward.empty() ? backward : alternative(forward, backward);
  }
  if (const auto* steps = std::get_if<sparql::PathSequence>(&path.node)) {
    RestPtr result = make({});
    for (const sparql::Path& step : steps->steps) {
      RestPtr next = rest_of(*step, inverse, either);
      result = inverse ? sequence(next, result) : sequence(result, next);
    }
    return result;
  }
  if (const auto* choices = std::get_if<sparql::PathAlternative>(&path.node)) {
    RestPtr result = rest_of(*choices->choices.front(), inverse, either);
    for (std::size_t i = 1; i < choices->choices.size(); ++i) {
      result = alternative(result, rest_of(*choices->choices[i], inverse, either));
    }
    return result;
  }
  const auto& repeat = std::get<sparql::PathRepeat>(path.node);
  Rest rest;
  rest.kind = Rest::Kind::repeat;
  rest.first = rest_of(*repeat.path, inverse, either);
  rest.min = repeat.min;
  rest.max = repeat.max;
  return make(std::move(rest));
}

bool matches_nothing_more(const Rest& rest) {
  switch (rest.kind) {
    case Rest::Kind::empty:
      return true;
    case Rest::Kind::edge:
      return false;
    case Rest::Kind::sequence:
      return matches_nothing_more(*rest.first) && matches_nothing_more(*rest.second);
    case Rest::Kind::alternative:
      return matches_nothing_more(*rest.first) || matches_nothing_more(*rest.second);
    case Rest::Kind::repeat:
      return rest.min == 0 || matches_nothing_more(*rest.first);
  }
  return false;
}

void after(const RestPtr& rest, int from, const PlainStep& step, std::vector<RestPtr>& out) {
  switch (rest->kind) {
    case Rest::Kind::empty:
      return;
    case Rest::Kind::edge: {
      if (rest->is_step != step.is_step) return;
      if (rest->predicates.contains(step.predicate) == rest->negated) return;
      const bool loop = from == step.to;
      if (step.inverse == (loop && rest->either ? false : rest->inverse)) out.push_back(make({}));
      return;
    }
    case Rest::Kind::sequence: {
      std::vector<RestPtr> parts;
      after(rest->first, from, step, parts);
      for (RestPtr& part : parts) out.push_back(sequence(part, rest->second));
      if (matches_nothing_more(*rest->first)) after(rest->second, from, step, out);
      return;
    }
    case Rest::Kind::alternative:
      after(rest->first, from, step, out);
      after(rest->second, from, step, out);
      return;
    case Rest::Kind::repeat: {
      if (rest->max && *rest->max == 0) return;
      Rest fewer = *rest;
      if (fewer.min > 0) --fewer.min;
      if (fewer.max) --*fewer.max;
      std::vector<RestPtr> parts;
      after(rest->first, from, step, parts);
      for (RestPtr& part : parts) out.push_back(sequence(part, make(fewer)));
      return;
    }
  }
}

class Enumeration {
 public:
  Enumeration(const PlainGraph& graph, const Candidates& wanted) : graph_(graph), wanted_(wanted) {}

  [[nodiscard]] std::optional<std::map<Ends, Walks>> from(int start, const RestPtr& expression) {
    walk_.start = start;
    visit(start, {expression});
    if (tried_ > kMaxTried) return std::nullopt;
    return std::move(found_);
  }

 private:
  static constexpr std::size_t kMaxTried = 20 * kMaxCandidates;

  void visit(int node, const std::vector<RestPtr>& rests) {
    if (++tried_ > kMaxTried) return;
    const bool whole =
        std::any_of(rests.begin(), rests.end(), [](const RestPtr& rest) { return matches_nothing_more(*rest); });
    const bool stranger = walk_.steps.empty() && wanted_.graph_nodes_only && !graph_.nodes.contains(node);
    if (whole && !stranger && walk_.steps.size() >= wanted_.min_length) found_[{walk_.start, node}].push_back(walk_);
    if (walk_.steps.size() >= wanted_.max_length) return;
    if (!walk_.steps.empty() && wanted_.not_inner.contains(node)) return;
    if (wanted_.mode == WalkMode::simple && !walk_.steps.empty() && node == walk_.start) return;
    for (const PlainEdge& edge : graph_.edges) {
      for (const bool inverse : {false, true}) {
        if ((inverse ? edge.to : edge.from) != node) continue;
        const PlainStep step{edge.predicate, inverse, edge.is_step, inverse ? edge.from : edge.to};
        if (!allowed(step)) continue;
        std::vector<RestPtr> next;
        for (const RestPtr& rest : rests) after(rest, node, step, next);
        if (next.empty()) continue;
        const auto less = [](const RestPtr& a, const RestPtr& b) { return a->text < b->text; };
        const auto same = [](const RestPtr& a, const RestPtr& b) { return a->text == b->text; };
        std::sort(next.begin(), next.end(), less);
        next.erase(std::unique(next.begin(), next.end(), same), next.end());
        walk_.steps.push_back(step);
        visit(step.to, next);
        walk_.steps.pop_back();
      }
    }
  }

  [[nodiscard]] bool allowed(const PlainStep& step) const {
    std::vector<int> nodes{walk_.start};
    for (const PlainStep& one : walk_.steps) nodes.push_back(one.to);
    switch (wanted_.mode) {
      case WalkMode::walk:
        return true;
      case WalkMode::acyclic:
        return std::find(nodes.begin(), nodes.end(), step.to) == nodes.end();
      case WalkMode::simple:
        return std::find(nodes.begin() + 1, nodes.end(), step.to) == nodes.end();
      case WalkMode::trail:
        break;
    }
    const auto stored = [](int from, const PlainStep& edge) {
      return PlainEdge{edge.inverse ? edge.to : from, edge.predicate, edge.inverse ? from : edge.to, edge.is_step};
    };
    const PlainEdge mine = stored(nodes.back(), step);
    for (std::size_t i = 0; i < walk_.steps.size(); ++i) {
      const PlainEdge other = stored(nodes[i], walk_.steps[i]);
      if (other.from == mine.from && other.to == mine.to && other.predicate == mine.predicate &&
          other.is_step == mine.is_step) {
        return false;
      }
    }
    return true;
  }

  const PlainGraph& graph_;
  const Candidates& wanted_;
  PlainWalk walk_;
  std::map<Ends, Walks> found_;
  std::size_t tried_ = 0;
};

const PlainEdge& edge_of(const PlainGraph& graph, int from, const PlainStep& step) {
  const int first = step.inverse ? step.to : from;
  const int last = step.inverse ? from : step.to;
  return *std::find_if(graph.edges.begin(), graph.edges.end(), [&](const PlainEdge& edge) {
    return edge.from == first && edge.to == last && edge.predicate == step.predicate && edge.is_step == step.is_step;
  });
}

}  // namespace

std::string PlainWalk::to_string() const {
  std::string text = std::to_string(start);
  for (const PlainStep& step : steps) {
    text += std::string(" ") + (step.inverse ? "^" : "") + (step.is_step ? "s" : "p") + std::to_string(step.predicate);
    text += ' ' + std::to_string(step.to);
  }
  return text;
}

std::string predicate_iri(int predicate) {
  return "urn:p" + std::to_string(predicate);
}

std::optional<std::map<Ends, Walks>> candidates_from(const PlainGraph& graph, int start,
                                                     const sparql::PathNode& expression, const Candidates& wanted) {
  return Enumeration(graph, wanted).from(start, rest_of(expression, false, false));
}

Decimal cost_of(const PlainGraph& graph, const PlainWalk& walk) {
  Decimal cost;
  int from = walk.start;
  for (const PlainStep& step : walk.steps) {
    cost = *Decimal::add(cost, edge_of(graph, from, step).cost);
    from = step.to;
  }
  return cost;
}

bool has_free_edge(const PlainGraph& graph, const PlainWalk& walk) {
  int from = walk.start;
  for (const PlainStep& step : walk.steps) {
    if (edge_of(graph, from, step).cost.is_zero()) return true;
    from = step.to;
  }
  return false;
}

}  // namespace akyn::path::test

// Every kind of search over random graphs, against the walks that trying them all finds.
#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <random>

#include "parser/sparql/path_suffix.h"
#include "tests/path/support.h"

namespace akyn::path::test {

namespace {

constexpr int kNodes = 8;
constexpr int kPredicates = 3;
constexpr int kStrangers = 2;  // nodes that no edge has
constexpr int kGraphs = 60;
constexpr std::uint64_t kEnough = 7;  // edges; longer walks are not compared where there is no bound

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] int below(int end) { return static_cast<int>(random_() % static_cast<std::uint64_t>(end)); }
  [[nodiscard]] bool one_in(int chances) { return below(chances) == 0; }

  [[nodiscard]] sparql::PathNode expression(int depth, bool steps) {
    const int kind = depth == 0 ? below(4) : below(11);
    if (kind <= 1) return link(below(kPredicates));
    if (kind == 2) return set();
    if (kind == 3) return steps ? step(static_cast<std::uint32_t>(below(2)), true) : link(below(kPredicates));
    if (kind == 4) return inverse(expression(depth - 1, steps));
    if (kind <= 6) return either(expression(depth - 1, steps));
    if (kind == 7) return sequence({expression(depth - 1, steps), expression(depth - 1, steps)});
    if (kind == 8) return alternative({expression(depth - 1, steps), expression(depth - 1, steps)});
    return repeated(expression(depth - 1, steps));
  }
  [[nodiscard]] sparql::PathNode repeated(sparql::PathNode path) {
    const auto min = static_cast<std::uint32_t>(below(3));
    if (one_in(2)) return repeat(std::move(path), min);
    return repeat(std::move(path), min, min + static_cast<std::uint32_t>(below(3)));
  }

 private:
  [[nodiscard]] sparql::PathNode set() {
    std::vector<int> forward;
    std::vector<int> inverse;
    for (int predicate = 0; predicate < kPredicates; ++predicate) {
      if (one_in(3)) forward.push_back(predicate);
      if (one_in(5)) inverse.push_back(predicate);
    }
    return negated(forward, inverse);
  }

  std::mt19937_64 random_;
};

struct RandomGraph {
  std::vector<PlainEdge> edges;
};

class RandomGraphs {
 public:
  explicit RandomGraphs(std::uint64_t seed) : draw_(seed) {
    for (int graph = 0; graph < kGraphs; ++graph) {
      const int nodes = 1 + draw_.below(kNodes);
      const int edges = draw_.one_in(10) ? draw_.below(3) : 3 + draw_.below(12);
      for (int i = 0; i < edges; ++i) {
        const PlainEdge edge{draw_.below(nodes), draw_.below(kPredicates), draw_.below(nodes)};
        graphs_[graph].edges.push_back(edge);
        store.add(edge.from, edge.predicate, edge.to, graph);
      }
    }
    store.commit();
  }
  [[nodiscard]] const RandomGraph& operator[](int graph) const { return graphs_[graph]; }

  GraphStore store;

 private:
  Draw draw_;
  RandomGraph graphs_[kGraphs];
};

void add_stored(const RandomGraph& graph, PlainGraph& plain) {
  for (const PlainEdge& edge : graph.edges) {
    const auto same = [&](const PlainEdge& other) {
      return other.from == edge.from && other.to == edge.to && other.predicate == edge.predicate;
    };
    if (std::none_of(plain.edges.begin(), plain.edges.end(), same)) plain.edges.push_back(edge);
    plain.nodes.insert({edge.from, edge.to});
  }
}

std::string text_of(const sparql::PathNode& path) {
  const auto list = [](const std::vector<sparql::Path>& parts, const char* separator) {
    std::string text = "(";
    for (const sparql::Path& part : parts) text += (text.size() > 1 ? separator : "") + text_of(*part);
    return text + ')';
  };
  if (const auto* link = std::get_if<sparql::PathLink>(&path.node)) return std::string(link->iri.value().substr(4));
  if (const auto* step = std::get_if<sparql::PathStep>(&path.node)) return "s" + std::to_string(step->number);
  if (const auto* flipped = std::get_if<sparql::PathInverse>(&path.node)) return "^(" + text_of(*flipped->path) + ')';
  if (const auto* both = std::get_if<sparql::PathEither>(&path.node)) return "~(" + text_of(*both->path) + ')';
  if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) return list(sequence->steps, "/");
  if (const auto* choices = std::get_if<sparql::PathAlternative>(&path.node)) return list(choices->choices, "|");
  if (const auto* repeat = std::get_if<sparql::PathRepeat>(&path.node)) {
    return '(' + text_of(*repeat->path) + ')' + sparql::suffix_of(*repeat);
  }
  const auto& negated = std::get<sparql::PathNegated>(path.node);
  std::string text = "!(";
  for (const Term& iri : negated.forward) text += ' ' + std::string(iri.value().substr(4));
  for (const Term& iri : negated.inverse) text += " ^" + std::string(iri.value().substr(4));
  return text + " )";
}

enum class Asked : std::uint8_t { both, start, end, none, loops };

struct Case {
  explicit Case(std::uint64_t seed, RandomGraphs& graphs);

  // The number of walks there are to choose from; nothing when they are too many to be compared.
  std::optional<std::size_t> compare();

  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] int end_of_walks();
  void add_steps(Session& session);
  [[nodiscard]] std::optional<std::map<Ends, Walks>> expected_candidates();
  void compare_pair(const Ends& ends, const Walks& candidates, Walks found);
  // The least values that the selector allows, of which at most `count` walks or groups.
  void compare_selected(const Walks& candidates, const Walks& found, bool by_cost, bool groups);
  [[nodiscard]] Decimal value(const PlainWalk& walk, bool by_cost) const {
    return by_cost ? cost_of(plain, walk) : Decimal(static_cast<std::int64_t>(walk.steps.size()));
  }
  // Whether what there is beyond the length that is compared cannot matter.
  [[nodiscard]] bool compared(const PlainWalk& walk, bool by_cost) const {
    return bounded || value(walk, by_cost) <= Decimal(static_cast<std::int64_t>(kEnough));
  }

  Draw draw;
  std::vector<int> merged;
  PlainGraph plain;
  sparql::PathNode expression;
  WalkRequest request;
  Candidates wanted;
  bool bounded = false;  // all candidates are known
  Asked asked;
  int start = -1;
  int end = -1;
  RandomGraphs& graphs;
  struct StepEdge {
    std::uint32_t step;
    int from;
    int to;
    int cents;
  };
  std::vector<StepEdge> step_edges;
};

constexpr Selector kSelectors[] = {Selector::all,      Selector::any,
                                   Selector::shortest, Selector::shortest_groups,
                                   Selector::cheapest, Selector::all_cheapest};

Case::Case(std::uint64_t seed, RandomGraphs& all) : draw(seed), graphs(all) {
  for (int i = 0, count = 1 + draw.below(6) / 3; i < count; ++i) {
    merged.push_back(draw.below(kGraphs));
    add_stored(graphs[merged.back()], plain);
  }
  request.selector = kSelectors[draw.below(6)];
  request.count = 1 + static_cast<std::uint64_t>(draw.below(3));
  request.mode = static_cast<WalkMode>(draw.below(4));
  const bool by_cost = request.selector == Selector::cheapest || request.selector == Selector::all_cheapest;
  const bool steps = by_cost || draw.one_in(3);
  expression = draw.expression(2, steps);
  if (draw.one_in(2)) expression = draw.repeated(std::move(expression));
  if (draw.one_in(4)) request.min_length = static_cast<std::uint64_t>(draw.below(4));
  if (draw.one_in(2) || (request.selector == Selector::all && request.mode == WalkMode::walk)) {
    request.max_length = static_cast<std::uint64_t>(draw.one_in(8) ? 0 : 1 + draw.below(5));
  }
  bounded = request.max_length || request.mode != WalkMode::walk;
  asked = static_cast<Asked>(draw.below(5));
  request.graph_nodes_only = asked == Asked::none || asked == Asked::loops || draw.one_in(2);
  if (draw.one_in(3)) {
    for (int node = 0; node < kNodes + kStrangers; ++node) {
      if (draw.one_in(3)) wanted.not_inner.insert(node);
    }
  }
  wanted.mode = request.mode;
  wanted.min_length = request.min_length;
  wanted.max_length = request.max_length.value_or(bounded ? 64 : kEnough);
  wanted.graph_nodes_only = request.graph_nodes_only;
  if (steps) {
    for (int i = 0, count = draw.below(7); i < count; ++i) {
      // Without a bound only what costs at least 1 is compared by cost.
      const int cents = bounded ? 25 * draw.below(9) : 100 + 25 * draw.below(5);
      step_edges.push_back({static_cast<std::uint32_t>(draw.below(2)), draw.below(kNodes), draw.below(kNodes), cents});
      if (draw.one_in(5)) step_edges.push_back(step_edges.back());
      if (draw.one_in(5)) step_edges.back().cents += 50;
    }
  }
  if (asked == Asked::both || asked == Asked::start) start = end_of_walks();
  if (asked == Asked::both || asked == Asked::end) end = end_of_walks();
}

// A node of the graph, as a rule.
int Case::end_of_walks() {
  if (plain.nodes.empty() || draw.one_in(6)) return draw.below(kNodes + kStrangers);
  return *std::next(plain.nodes.begin(), draw.below(static_cast<int>(plain.nodes.size())));
}

std::string Case::to_string() const {
  std::string text = "edges:";
  for (const PlainEdge& edge : plain.edges) {
    text += ' ' + std::to_string(edge.from) + (edge.is_step ? "-s" : "-p") + std::to_string(edge.predicate) + '-' +
            std::to_string(edge.to) + (edge.is_step ? '@' + edge.cost.to_string() : "");
  }
  text += "\npath " + text_of(expression) + "\nselector " + std::to_string(static_cast<int>(request.selector)) +
          " count " + std::to_string(request.count) + " mode " + std::to_string(static_cast<int>(request.mode)) +
          " min " + std::to_string(request.min_length) + " max " +
          (request.max_length ? std::to_string(*request.max_length) : "-") + " asked " +
          std::to_string(static_cast<int>(asked)) + ' ' + std::to_string(start) + ' ' + std::to_string(end);
  return text;
}

void Case::add_steps(Session& session) {
  for (const StepEdge& edge : step_edges) {
    const Decimal cost(BigInteger(edge.cents), 2);
    session.steps.add(edge.step, session.node(edge.from), session.node(edge.to), cost);
    const auto same = [&](const PlainEdge& other) {
      return other.is_step && other.predicate == static_cast<int>(edge.step) && other.from == edge.from &&
             other.to == edge.to;
    };
    const auto known = std::find_if(plain.edges.begin(), plain.edges.end(), same);
    if (known == plain.edges.end()) {
      plain.edges.push_back({edge.from, static_cast<int>(edge.step), edge.to, true, cost});
    } else {
      known->cost = std::min(known->cost, cost);
    }
  }
  session.steps.gives_all_at_once(draw.one_in(2));
}

std::optional<std::map<Ends, Walks>> Case::expected_candidates() {
  constexpr std::size_t kMaxWalks = 20'000;
  std::size_t total = 0;
  std::map<Ends, Walks> all;
  for (int node = 0; node < kNodes + kStrangers; ++node) {
    if (start >= 0 && start != node) continue;
    auto found = candidates_from(plain, node, expression, wanted);
    if (!found) return std::nullopt;
    for (const auto& [ends, walks] : *found) total += walks.size();
    if (total > kMaxWalks) return std::nullopt;
    for (auto& [ends, walks] : *found) {
      if (end >= 0 && ends.second != end) continue;
      if (asked == Asked::loops && ends.first != ends.second) continue;
      all[ends] = std::move(walks);
    }
  }
  return all;
}

void Case::compare_selected(const Walks& candidates, const Walks& found, bool by_cost, bool groups) {
  std::vector<Decimal> values;
  for (const PlainWalk& walk : candidates) {
    if (compared(walk, by_cost)) values.push_back(value(walk, by_cost));
  }
  std::sort(values.begin(), values.end());
  if (groups) {
    std::vector<Decimal> distinct = values;
    distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
    const std::uint64_t count = request.selector == Selector::all_cheapest ? 1 : request.count;
    if (distinct.size() > count) std::erase_if(values, [&](const Decimal& one) { return one >= distinct[count]; });
  } else if (values.size() > request.count) {
    values.resize(request.count);
  }
  std::vector<Decimal> found_values;
  Decimal last;
  for (const PlainWalk& walk : found) {
    const Decimal one = value(walk, by_cost);
    CHECK(last <= one);  // in ascending order
    last = one;
    if (compared(walk, by_cost)) found_values.push_back(one);
  }
  CHECK(found_values == values);
}

void Case::compare_pair(const Ends& ends, const Walks& candidates, Walks found) {
  CAPTURE(ends.first);
  CAPTURE(ends.second);
  Walks sorted = candidates;
  std::sort(sorted.begin(), sorted.end());
  for (const PlainWalk& walk : found) {
    if (walk.steps.size() > wanted.max_length && !bounded) continue;
    INFO("found " << walk.to_string());
    CHECK(std::binary_search(sorted.begin(), sorted.end(), walk));
  }
  switch (request.selector) {
    case Selector::all:
      std::sort(found.begin(), found.end());
      CHECK(found == sorted);
      return;
    case Selector::any: {
      const std::size_t compared_count = std::min<std::size_t>(request.count, candidates.size());
      if (bounded) CHECK(found.size() == compared_count);
      CHECK(found.size() >= compared_count);
      break;
    }
    case Selector::shortest:
      compare_selected(candidates, found, false, false);
      break;
    case Selector::shortest_groups:
      compare_selected(candidates, found, false, true);
      break;
    case Selector::cheapest:
      compare_selected(candidates, found, true, false);
      break;
    case Selector::all_cheapest:
      compare_selected(candidates, found, true, true);
      break;
  }
  std::sort(found.begin(), found.end());
  CHECK(std::adjacent_find(found.begin(), found.end()) == found.end());
}

std::optional<std::size_t> Case::compare() {
  Session session(graphs.store, merged, {}, draw.one_in(2) ? 1 : 1'000);
  add_steps(session);
  if (!wanted.not_inner.empty()) {
    request.inner = [&](std::span<const Id> nodes, std::vector<bool>& kept) {
      for (std::size_t i = 0; i < nodes.size(); ++i) kept[i] = !wanted.not_inner.contains(session.number(nodes[i]));
    };
  }
  INFO(to_string());
  const auto candidates = expected_candidates();
  if (!candidates) return std::nullopt;
  std::size_t total = 0;
  for (const auto& [ends, walks] : *candidates) total += walks.size();

  bool expect_error = false;
  if (request.selector == Selector::all_cheapest && request.mode == WalkMode::walk) {
    for (const auto& [ends, walks] : *candidates) {
      if (walks.empty()) continue;
      std::vector<Decimal> costs;
      for (const PlainWalk& walk : walks) costs.push_back(cost_of(plain, walk));
      const Decimal least = *std::min_element(costs.begin(), costs.end());
      for (std::size_t i = 0; i < walks.size(); ++i) {
        expect_error = expect_error || (costs[i] == least && has_free_edge(plain, walks[i]));
      }
    }
  }

  // Walks, their lengths, and whether there are any have to agree.
  std::map<Ends, Walks> found;
  std::map<Ends, std::vector<std::pair<std::size_t, Decimal>>> lengths;
  std::set<Ends> pairs;
  for (const Wanted what : {Wanted::path, Wanted::length, Wanted::whether}) {
    request.wanted = what;
    CAPTURE(static_cast<int>(what));
    const auto search = session.search(expression, request);
    const auto run = [&] {
      if (asked == Asked::loops) {
        search->begin_loops();
      } else {
        search->begin(start < 0 ? Id() : session.node(start), end < 0 ? Id() : session.node(end));
      }
      std::size_t rows = 0;
      for (Walk walk; rows < 100'000 && search->next(walk); ++rows) {
        const Ends ends{session.number(walk.start), session.number(walk.end)};
        if (expect_error && what != Wanted::whether) continue;
        if (what == Wanted::path) {
          const PlainWalk plain_walk = session.plain(walk);
          CHECK(plain_walk.end() == ends.second);
          CHECK(walk.length == plain_walk.steps.size());
          CHECK(walk.cost == cost_of(plain, plain_walk));
          found[ends].push_back(plain_walk);
          lengths[ends].emplace_back(walk.length, walk.cost);
        } else if (what == Wanted::length) {
          auto& left = lengths[ends];
          const auto place = std::find(left.begin(), left.end(), std::pair(walk.length, walk.cost));
          // Which of several that are as short or as cheap come out may differ.
          if (place != left.end()) {
            left.erase(place);
          } else if (!left.empty()) {
            left.pop_back();
          } else {
            FAIL_CHECK("a walk more when only lengths are wanted");
          }
        } else {
          CHECK(pairs.insert(ends).second);
        }
      }
    };
    if (expect_error && what != Wanted::whether) {
      CHECK(error_of(run).find("COST is 0") != std::string::npos);
      continue;
    }
    run();
  }
  for (const auto& [ends, left] : lengths) CHECK(left.empty());
  for (const auto& [ends, walks] : *candidates) CHECK(pairs.contains(ends) == !walks.empty());
  if (bounded) {
    for (const Ends& ends : pairs) CHECK(candidates->contains(ends));
  }
  if (expect_error) return total;
  for (const auto& [ends, walks] : *candidates) compare_pair(ends, walks, found[ends]);
  for (const auto& [ends, walks] : found) {
    const bool beyond = !bounded && (walks.empty() || walks.front().steps.size() > wanted.max_length);
    if (!beyond) CHECK((walks.empty() || candidates->contains(ends)));
  }
  return total;
}

}  // namespace

TEST_CASE("searches find the walks that trying them all finds") {
  const std::uint64_t cases = setting("AKYN_PATH_CASES", 5'000);
  const std::uint64_t seed = setting("AKYN_PATH_SEED", 1);
  RandomGraphs graphs(seed);
  const std::uint64_t first = setting("AKYN_PATH_FIRST", 0);
  std::uint64_t compared = 0;
  std::uint64_t some = 0;  // with more than one walk
  for (std::uint64_t i = first; i < cases; ++i) {
    CAPTURE(seed);
    CAPTURE(i);
    Case one(seed * 1'000'003 + i, graphs);
    const std::optional<std::size_t> candidates = one.compare();
    compared += candidates ? 1 : 0;
    some += candidates.value_or(0) > 1 ? 1 : 0;
  }
  CHECK(compared >= (cases - first) * 9 / 10);
  CHECK(some >= (cases - first) / 5);
}

}  // namespace akyn::path::test

#include "engine/path/walk_search.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <akyn/error.h>
#include "engine/path/cheapest_search.h"
#include "engine/path/exhaustive_search.h"
#include "engine/path/layered_search.h"
#include "engine/path/restricted_search.h"
#include "engine/path/walk_automaton.h"
#include "engine/path/walk_graph.h"

namespace akyn::path {

namespace {

// The STEPs of an expression.
struct Steps {
  explicit Steps(const sparql::PathNode& path);

  std::vector<Term> names;  // by their numbers
  bool have_costs = false;
};

void gather_steps(const sparql::PathNode& path, Steps& steps) {
  const auto gather = [&](const sparql::Path& part) { gather_steps(*part, steps); };
  if (const auto* step = std::get_if<sparql::PathStep>(&path.node)) {
    if (steps.names.size() <= step->number) steps.names.resize(step->number + std::size_t{1});
    steps.names[step->number] = step->iri;
    steps.have_costs = steps.have_costs || step->cost.has_value();
  } else if (const auto* inverse = std::get_if<sparql::PathInverse>(&path.node)) {
    gather(inverse->path);
  } else if (const auto* either = std::get_if<sparql::PathEither>(&path.node)) {
    gather(either->path);
  } else if (const auto* repeat = std::get_if<sparql::PathRepeat>(&path.node)) {
    gather(repeat->path);
  } else if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) {
    std::for_each(sequence->steps.begin(), sequence->steps.end(), gather);
  } else if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path.node)) {
    std::for_each(alternative->choices.begin(), alternative->choices.end(), gather);
  }
}

Steps::Steps(const sparql::PathNode& path) {
  gather_steps(path, *this);
}

std::vector<Id> ids_of(const std::vector<Term>& names, runtime::LocalTerms& terms) {
  std::vector<Id> ids;
  for (const Term& name : names) ids.push_back(terms.id(name));
  return ids;
}

bool is_for_cost(Selector selector) {
  return selector == Selector::cheapest || selector == Selector::all_cheapest;
}

// Searches between two ends do the work where one is open: first all ends there may be, then the walks to each.
class EndByEnd final : public WalkSearcher {
 public:
  EndByEnd(std::unique_ptr<WalkSearcher> ends, std::unique_ptr<WalkSearcher> pair)
      : ends_(std::move(ends)), pair_(std::move(pair)) {}

  void begin(Node from, std::optional<Node> to) override {
    from_ = from;
    one_end_ = to.has_value();
    open_ = false;
    if (one_end_) {
      pair_->begin(from, to);
    } else {
      ends_->begin(from, to);
    }
  }
  [[nodiscard]] bool next(FoundWalk& found) override {
    if (one_end_) return pair_->next(found);
    for (;;) {
      if (open_ && pair_->next(found)) return true;
      open_ = ends_->next(end_);
      if (!open_) return false;
      pair_->begin(from_, end_.to);
    }
  }

 private:
  std::unique_ptr<WalkSearcher> ends_;
  std::unique_ptr<WalkSearcher> pair_;
  Node from_ = 0;
  bool one_end_ = false;
  bool open_ = false;
  FoundWalk end_;
};

}  // namespace

struct WalkSearch::State {
  // Searches that go one way, made when first needed.
  struct Way {
    Way(WalkAutomaton automaton, WalkGraph& graph)
        : read(std::move(automaton), graph), back(read.automaton.reversed(), graph) {}
    WalkPlan read;
    WalkPlan back;
    std::unique_ptr<WalkSearcher> searcher;
  };

  State(Graph& graph, const sparql::PathNode& expression, WalkRequest asked, EdgeSource* source,
        runtime::LocalTerms& terms, runtime::Budget& the_budget)
      : request(std::move(asked)),
        budget(the_budget),
        steps(expression),
        walk_graph(graph, source, ids_of(steps.names, terms), request.inner, the_budget),
        automaton(expression, terms) {
    if (is_for_cost(request.selector) && !steps.have_costs) {
      // Every edge costs 1.
      request.selector = request.selector == Selector::cheapest ? Selector::shortest : Selector::shortest_groups;
      if (request.selector == Selector::shortest_groups) request.count = 1;
    }
    wish.count = request.count;
    wish.groups = request.selector == Selector::shortest_groups || request.selector == Selector::all_cheapest;
    if (request.selector == Selector::all_cheapest) wish.count = 1;
    wish.steps = request.wanted == Wanted::path ||
                 (request.wanted == Wanted::length && steps.have_costs && !is_for_cost(request.selector));
    wish.only_whether = request.wanted == Wanted::whether;
    if (wish.only_whether) {
      wish.count = 1;
      wish.groups = false;
    }
    wish.graph_nodes_only = request.graph_nodes_only;
    wish.max_length = request.max_length;
    const std::optional<std::uint64_t> longest = way(false).read.automaton.longest();
    if (longest) wish.max_length = std::min(*longest, wish.max_length.value_or(*longest));
    if (request.selector == Selector::all && request.mode == WalkMode::walk && !wish.max_length && !wish.only_whether) {
      throw Error(ErrorCode::invalid_argument,
                  "ALL WALK has no end where a path may be any length; add MAX LENGTH, or write ALL SHORTEST, ALL "
                  "TRAIL, ALL ACYCLIC or ALL SIMPLE");
    }
  }

  // Whether costs decide, and lengths are bounded besides: then states have to count edges.
  [[nodiscard]] bool counts_edges() const {
    return is_for_cost(request.selector) && request.mode == WalkMode::walk && !request_is_whether();
  }
  [[nodiscard]] bool request_is_whether() const { return request.wanted == Wanted::whether; }

  [[nodiscard]] WalkAutomaton read(bool from_end) const {
    const WalkAutomaton whole(from_end ? automaton.reversed() : automaton, from_end);
    const std::optional<std::uint64_t> longest = whole.longest();
    const bool max_matters = request.max_length && (!longest || *request.max_length < *longest);
    return whole.with_lengths(request.min_length, counts_edges() && max_matters ? request.max_length : std::nullopt);
  }

  [[nodiscard]] Way& way(bool from_end) {
    std::unique_ptr<Way>& made = ways[from_end ? 1 : 0];
    if (made == nullptr) made = std::make_unique<Way>(read(from_end), walk_graph);
    return *made;
  }

  [[nodiscard]] WalkSearcher& searcher(bool from_end) {
    Way& one_way = way(from_end);
    if (one_way.searcher == nullptr) one_way.searcher = make_searcher(one_way);
    return *one_way.searcher;
  }

  [[nodiscard]] std::unique_ptr<WalkSearcher> make_searcher(const Way& one_way) {
    const WalkPlan& read = one_way.read;
    const WalkPlan& back = one_way.back;
    const bool by_cost = is_for_cost(request.selector) && !wish.only_whether;
    if (request.selector == Selector::all && !wish.only_whether) {
      return std::make_unique<ExhaustiveSearch>(walk_graph, read, back, request.mode, wish, budget);
    }
    if (request.mode == WalkMode::walk) {
      if (by_cost && request.selector == Selector::cheapest) {
        return std::make_unique<CheapestSearch>(walk_graph, read, back, wish, budget);
      }
      if (by_cost) return std::make_unique<AllCheapestSearch>(walk_graph, read, wish, budget);
      return std::make_unique<LayeredSearch>(walk_graph, read, back, wish, budget);
    }
    WalkWish ends;
    ends.max_length = wish.max_length;
    ends.steps = false;
    ends.only_whether = true;
    auto all_ends = std::make_unique<LayeredSearch>(walk_graph, read, back, ends, budget);
    std::unique_ptr<WalkSearcher> pair;
    if (by_cost) {
      pair = std::make_unique<RestrictedSearch<EdgeCost>>(walk_graph, read, back, request.mode, wish, budget);
    } else {
      pair = std::make_unique<RestrictedSearch<EdgeCount>>(walk_graph, read, back, request.mode, wish, budget);
    }
    return std::make_unique<EndByEnd>(std::move(all_ends), std::move(pair));
  }

  // Makes the automata, which may fail for their size.
  void prepare(Id start, Id end) { static_cast<void>(way(!start.is_bound() && end.is_bound())); }

  void begin(Id start, Id end) {
    budget.check();
    walk_graph.begin();
    starts.clear();
    next_start = 0;
    loops = false;
    both_bound = start.is_bound() && end.is_bound();
    backwards = !start.is_bound() && end.is_bound();
    if (!start.is_bound() && !end.is_bound()) {
      find_starts();
      return;
    }
    const Id from = backwards ? end : start;
    std::optional<Node> to;
    if (!backwards && end.is_bound()) to = walk_graph.node(end);
    searcher(backwards).begin(walk_graph.node(from), to);
    open = true;
  }

  void begin_loops() {
    walk_graph.begin();
    next_start = 0;
    loops = true;
    both_bound = false;
    backwards = false;
    find_starts();
  }

  void find_starts() {
    open = false;
    const WalkAutomaton& read = way(false).read.automaton;
    starts = walk_graph.starts_of(read.first_labels());
    if (read.accepts_empty()) {
      const std::vector<Id> nodes = walk_graph.all_nodes();
      std::vector<Id> all;
      std::set_union(starts.begin(), starts.end(), nodes.begin(), nodes.end(), std::back_inserter(all));
      starts = std::move(all);
    }
    charge.set(starts.capacity() * sizeof(Id));
  }

  [[nodiscard]] bool next(Walk& walk) {
    for (;;) {
      if (open && searcher(backwards).next(found)) {
        give(walk);
        return true;
      }
      open = false;
      if (next_start == starts.size()) {
        walk_graph.end();
        return false;
      }
      budget.step();
      const Node start = walk_graph.node(starts[next_start++]);
      searcher(backwards).begin(start, loops ? std::optional(start) : std::nullopt);
      open = true;
    }
  }

  // What may be written to reach less.
  [[nodiscard]] std::string advice() const {
    std::string text = "a search for paths keeps what it has reached: ";
    if (!both_bound) text += "bind both ends, ";
    text += request.max_length ? "make MAX LENGTH less" : "add MAX LENGTH";
    const bool least = request.selector == Selector::shortest && request.count == 1 && request.mode == WalkMode::walk;
    text += least ? ", or leave nodes out with INNER" : ", or ask for ANY SHORTEST";
    return text;
  }

  void give(Walk& walk) {
    walk.start = walk_graph.id(backwards ? found.to : found.from);
    walk.end = walk_graph.id(backwards ? found.from : found.to);
    walk.length = found.length;
    walk.steps.clear();
    if (request_is_whether()) {
      walk.length = 0;
      walk.cost = Decimal();
      return;
    }
    give_cost(walk);
    if (request.wanted != Wanted::path) return;
    const auto add = [&](EdgeName name, Node to) {
      walk.steps.push_back({walk_graph.predicate(name), name.inverse(), name.is_step(), walk_graph.id(to)});
    };
    if (!backwards) {
      for (const FoundStep& step : found.steps) add(step.name, step.to);
      return;
    }
    for (std::size_t i = found.steps.size(); i-- > 0;) {
      add(found.steps[i].name, i == 0 ? found.from : found.steps[i - 1].to);
    }
  }

  void give_cost(Walk& walk) const {
    if (is_for_cost(request.selector)) {
      walk.cost = found.cost;
    } else if (!steps.have_costs) {
      walk.cost = Decimal(static_cast<std::int64_t>(found.length));
    } else {
      walk.cost = Decimal();
      Node from = found.from;
      for (const FoundStep& step : found.steps) {
        const Node to = step.to;
        walk.cost =
            sum_of(walk.cost, backwards ? walk_graph.cost(to, step.name, from) : walk_graph.cost(from, step.name, to));
        from = to;
      }
    }
  }

  WalkRequest request;
  runtime::Budget& budget;
  Steps steps;
  WalkGraph walk_graph;
  Automaton automaton;
  WalkWish wish;
  std::unique_ptr<Way> ways[2];  // backwards is the second
  bool backwards = false;
  bool both_bound = false;
  bool loops = false;  // each of `starts` to itself
  bool open = false;
  std::vector<Id> starts;
  std::size_t next_start = 0;
  FoundWalk found;
  runtime::Charge charge{budget};
};

namespace {

// A limit that a search comes to is said with what may be written instead.
template <class State, class Action>
auto with_advice(const State& state, Action action) {
  try {
    return action();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::limit) throw;
    throw Error(ErrorCode::limit, error.message() + "; " + state.advice());
  }
}

}  // namespace

WalkSearch::WalkSearch(Graph& graph, const sparql::PathNode& expression, WalkRequest request, EdgeSource* steps,
                       runtime::LocalTerms& terms, runtime::Budget& budget)
    : state_(std::make_unique<State>(graph, expression, std::move(request), steps, terms, budget)) {}

WalkSearch::~WalkSearch() = default;

void WalkSearch::begin(Id start, Id end) {
  state_->prepare(start, end);
  with_advice(*state_, [&] { state_->begin(start, end); });
}

void WalkSearch::begin_loops() {
  with_advice(*state_, [&] { state_->begin_loops(); });
}

bool WalkSearch::next(Walk& walk) {
  return with_advice(*state_, [&] { return state_->next(walk); });
}

std::string_view WalkSearch::method(bool start_bound, bool end_bound) const noexcept {
  const WalkRequest& request = state_->request;
  const bool both = start_bound && end_bound;
  const bool whether = request.wanted == Wanted::whether;
  if (request.selector == Selector::all && !whether) return "depth first, by distances from the end";
  if (request.mode != WalkMode::walk) return "best first, by distances from the end";
  if (is_for_cost(request.selector) && !whether) return "cheapest first";
  return both ? "breadth first from both ends" : "breadth first";
}

}  // namespace akyn::path

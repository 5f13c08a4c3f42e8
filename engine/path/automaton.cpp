#include "engine/path/automaton.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <akyn/error.h>

namespace akyn::path {

namespace {

// A search keeps 8 bytes for each node and state.
constexpr std::size_t kMaxStates = 1000;
// Parts of a path, each as often as repetitions and `~` have it: what has no edges makes no states.
constexpr std::size_t kMaxParts = 100'000;

void sort_unique(std::vector<Automaton::State>& states) {
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
}

}  // namespace

// Glushkov's construction. A position is an occurrence of a label in the path, and the state after it; state 0 is the
// one before all of them.
class AutomatonBuilder {
 public:
  explicit AutomatonBuilder(runtime::LocalTerms& terms) : terms_(terms), follow_(1), label_of_(1) {}

  [[nodiscard]] Automaton build(const sparql::PathNode& path) {
    const Fragment whole = fragment(path, {});
    follow_[0] = whole.first;
    std::vector<bool> accepting(follow_.size());
    accepting[0] = whole.empty;
    for (const State last : whole.last) accepting[last] = true;
    drop_dead_ends(accepting);
    return merged(accepting);
  }

 private:
  using State = Automaton::State;
  // A part of the path: positions it may begin and end with, and whether it matches no edge at all.
  struct Fragment {
    std::vector<State> first;
    std::vector<State> last;
    bool empty = true;
  };

  // How a part of the path is travelled.
  struct Way {
    bool inverse = false;
    bool either = false;  // under `~`
    [[nodiscard]] Way back() const { return {!inverse, either}; }
  };

  [[nodiscard]] Fragment fragment(const sparql::PathNode& path, Way way) {
    if (++parts_ > kMaxParts) fail_for_length();
    if (const auto* link = std::get_if<sparql::PathLink>(&path.node)) return predicate(link->iri, way);
    if (const auto* step = std::get_if<sparql::PathStep>(&path.node)) {
      return position({way.inverse, false, {}, step->number, way.either});
    }
    if (const auto* flipped = std::get_if<sparql::PathInverse>(&path.node)) return fragment(*flipped->path, way.back());
    if (const auto* either = std::get_if<sparql::PathEither>(&path.node)) {
      Fragment result = fragment(*either->path, {way.inverse, true});
      add(result, fragment(*either->path, {!way.inverse, true}));
      return result;
    }
    if (const auto* negated = std::get_if<sparql::PathNegated>(&path.node)) {
      Fragment result{{}, {}, false};
      if (!negated->forward.empty() || negated->inverse.empty()) add(result, any_but(negated->forward, way));
      if (!negated->inverse.empty()) add(result, any_but(negated->inverse, way.back()));
      return result;
    }
    if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) {
      Fragment result;
      for (std::size_t i = 0; i < sequence->steps.size(); ++i) {
        append(result, fragment(*sequence->steps[way.inverse ? sequence->steps.size() - 1 - i : i], way));
      }
      return result;
    }
    if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path.node)) {
      Fragment result{{}, {}, false};
      for (const sparql::Path& choice : alternative->choices) add(result, fragment(*choice, way));
      return result;
    }
    return repetition(std::get<sparql::PathRepeat>(path.node), way);
  }

  [[nodiscard]] Fragment repetition(const sparql::PathRepeat& repeat, Way way) {
    Fragment result;
    for (std::uint32_t i = repeat.max ? 0 : 1; i < repeat.min; ++i) append(result, fragment(*repeat.path, way));
    if (!repeat.max) {
      Fragment loop = fragment(*repeat.path, way);
      connect(loop.last, loop.first);
      loop.empty = loop.empty || repeat.min == 0;
      append(result, loop);
      return result;
    }
    // a{0,3} as (a(a(a)?)?)?, where a position has few others after it.
    Fragment rest;
    for (std::uint32_t i = repeat.min; i < *repeat.max; ++i) {
      Fragment more = fragment(*repeat.path, way);
      append(more, rest);
      more.empty = true;
      rest = std::move(more);
    }
    append(result, rest);
    return result;
  }

  [[noreturn]] static void fail_for_length() {
    throw Error(ErrorCode::limit,
                "the property path is too long: it has more than " + std::to_string(kMaxStates) +
                    " steps when its repetitions are spelt out; in PATH, + with MAX LENGTH needs few");
  }

  [[nodiscard]] Fragment position(const Label& label) {
    if (label_of_.size() > kMaxStates) fail_for_length();
    const auto place = labels_.try_emplace(label, static_cast<std::uint32_t>(labels_.size())).first;
    const auto state = static_cast<State>(label_of_.size());
    label_of_.push_back(place->second);
    follow_.emplace_back();
    return {{state}, {state}, false};
  }

  [[nodiscard]] Fragment predicate(const Term& iri, Way way) {
    const Id id = terms_.id(iri);
    if (id.is_local()) return {{}, {}, false};
    return position({way.inverse, false, {id}, {}, way.either});
  }

  [[nodiscard]] Fragment any_but(const std::vector<Term>& iris, Way way) {
    Label label{way.inverse, true, {}, {}, way.either};
    for (const Term& iri : iris) {
      const Id id = terms_.id(iri);
      if (!id.is_local()) label.predicates.push_back(id);
    }
    auto& predicates = label.predicates;
    std::sort(predicates.begin(), predicates.end());
    predicates.erase(std::unique(predicates.begin(), predicates.end()), predicates.end());
    return position(label);
  }

  static void add_all(std::vector<State>& to, const std::vector<State>& from) {
    if (from.empty()) return;
    const bool sorted = to.empty() || to.back() < from.front();
    to.insert(to.end(), from.begin(), from.end());
    if (!sorted) sort_unique(to);
  }
  void connect(const std::vector<State>& from, const std::vector<State>& to) {
    for (const State state : from) add_all(follow_[state], to);
  }
  static void add(Fragment& to, const Fragment& choice) {
    add_all(to.first, choice.first);
    add_all(to.last, choice.last);
    to.empty = to.empty || choice.empty;
  }
  void append(Fragment& to, const Fragment& next) {
    connect(to.last, next.first);
    if (to.empty) add_all(to.first, next.first);
    if (!next.empty) to.last.clear();
    add_all(to.last, next.last);
    to.empty = to.empty && next.empty;
  }

  // Takes away transitions to states from which nothing accepting can be reached.
  void drop_dead_ends(const std::vector<bool>& accepting) {
    std::vector<bool> alive = accepting;
    for (bool changed = true; changed;) {
      changed = false;
      for (State state = 0; state < follow_.size(); ++state) {
        const auto leads_on = [&](State next) { return alive[next]; };
        if (alive[state] || std::none_of(follow_[state].begin(), follow_[state].end(), leads_on)) continue;
        alive[state] = true;
        changed = true;
      }
    }
    for (std::vector<State>& next : follow_) std::erase_if(next, [&](State state) { return !alive[state]; });
  }

  // States are equal when both accept or neither does, and they have equal transitions to equal states. Starts from all
  // of a kind being equal, and tells apart until nothing changes.
  [[nodiscard]] Automaton merged(const std::vector<bool>& accepting) const {
    using Signature = std::pair<bool, std::vector<Automaton::Transition>>;
    std::vector<State> classes(follow_.size());
    const auto signature_of = [&](State state) {
      Signature signature{accepting[state], {}};
      for (const State next : follow_[state]) signature.second.push_back({label_of_[next], classes[next]});
      std::sort(signature.second.begin(), signature.second.end());
      signature.second.erase(std::unique(signature.second.begin(), signature.second.end()), signature.second.end());
      return signature;
    };
    std::vector<Signature> distinct;
    for (std::size_t count = 0;;) {
      std::map<Signature, State> numbers;
      std::vector<State> finer(classes.size());
      distinct.clear();
      for (State state = 0; state < classes.size(); ++state) {
        Signature signature = signature_of(state);
        const auto [place, is_new] = numbers.try_emplace(signature, static_cast<State>(numbers.size()));
        if (is_new) distinct.push_back(std::move(signature));
        finer[state] = place->second;
      }
      const bool stable = numbers.size() == count;
      count = numbers.size();
      classes = std::move(finer);
      if (stable) break;
    }

    // Only what state 0, the first, leads to.
    Automaton result;
    std::vector<State> number(distinct.size(), ~State{0});
    std::vector<State> order{classes[0]};
    number[classes[0]] = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (const Automaton::Transition& transition : distinct[order[i]].second) {
        if (number[transition.to] != ~State{0}) continue;
        number[transition.to] = static_cast<State>(order.size());
        order.push_back(transition.to);
      }
    }
    for (const State state : order) {
      result.accepting_.push_back(distinct[state].first);
      auto& transitions = result.transitions_.emplace_back(distinct[state].second);
      for (Automaton::Transition& transition : transitions) transition.to = number[transition.to];
      std::sort(transitions.begin(), transitions.end());
    }
    result.labels_.resize(labels_.size());
    for (const auto& [label, place] : labels_) result.labels_[place] = label;
    result.starts_ = {0};
    return result;
  }

  runtime::LocalTerms& terms_;
  std::size_t parts_ = 0;
  std::map<Label, std::uint32_t> labels_;
  std::vector<std::vector<State>> follow_;  // by position; ascending
  std::vector<std::uint32_t> label_of_;     // of positions; [0] means nothing
};

Automaton::Automaton(const sparql::PathNode& path, runtime::LocalTerms& terms)
    : Automaton(AutomatonBuilder(terms).build(path)) {}

bool Automaton::is_plain_loop() const noexcept {
  if (states() != 2 || starts_ != std::vector<State>{0} || accepting_[0] || !accepting_[1]) return false;
  const auto leads_on = [](const Transition& transition) { return transition.to == 1; };
  return transitions_[0] == transitions_[1] && std::all_of(transitions_[0].begin(), transitions_[0].end(), leads_on);
}

Automaton Automaton::reversed() const {
  Automaton result;
  for (const Label& label : labels_) result.labels_.push_back(label.flipped());
  result.transitions_.resize(states());
  result.accepting_.resize(states());
  for (State state = 0; state < states(); ++state) {
    for (const Transition& transition : from(state))
      result.transitions_[transition.to].push_back({transition.label, state});
    if (accepts(state)) result.starts_.push_back(state);
  }
  for (auto& transitions : result.transitions_) std::sort(transitions.begin(), transitions.end());
  for (const State start : starts_) result.accepting_[start] = true;
  return result;
}

bool matches_empty(const sparql::PathNode& path) {
  const auto empty = [](const sparql::Path& part) { return matches_empty(*part); };
  if (const auto* flipped = std::get_if<sparql::PathInverse>(&path.node)) return empty(flipped->path);
  if (const auto* either = std::get_if<sparql::PathEither>(&path.node)) return empty(either->path);
  if (const auto* sequence = std::get_if<sparql::PathSequence>(&path.node)) {
    return std::all_of(sequence->steps.begin(), sequence->steps.end(), empty);
  }
  if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path.node)) {
    return std::any_of(alternative->choices.begin(), alternative->choices.end(), empty);
  }
  if (const auto* repeat = std::get_if<sparql::PathRepeat>(&path.node)) return repeat->min == 0 || empty(repeat->path);
  return false;
}

}  // namespace akyn::path

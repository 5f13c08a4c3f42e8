#include "engine/path/walk_automaton.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <akyn/error.h>

namespace akyn::path {

namespace {

using State = WalkAutomaton::State;

constexpr std::size_t kMaxWalkStates = 10'000;

void check_states(std::size_t states) {
  if (states <= kMaxWalkStates) return;
  throw Error(ErrorCode::limit, "the path has more than " + std::to_string(kMaxWalkStates) +
                                    " states; give it smaller bounds of lengths or repetitions, or fewer alternatives "
                                    "within a repetition");
}

// The alphabet: labels of single predicates, of all others, and of STEPs, by their numbers; those that are read in the
// other direction come after them.
class Letters {
 public:
  explicit Letters(const std::vector<Label>& labels) {
    bool negated = false;
    for (const Label& label : labels) {
      negated = negated || label.negated;
      predicates_.insert(predicates_.end(), label.predicates.begin(), label.predicates.end());
    }
    std::sort(predicates_.begin(), predicates_.end());
    predicates_.erase(std::unique(predicates_.begin(), predicates_.end()), predicates_.end());
    for (const bool inverse : {false, true}) {
      for (const Id predicate : predicates_) labels_.push_back({inverse, false, {predicate}});
      if (negated) labels_.push_back({inverse, true, predicates_});
    }
    for (const Label& label : labels) {
      if (!label.step) continue;
      const Label step{label.inverse, false, {}, label.step};
      if (std::find(labels_.begin(), labels_.end(), step) == labels_.end()) labels_.push_back(step);
    }
  }

  [[nodiscard]] const std::vector<Label>& labels() const noexcept { return labels_; }

  // Places of the letters that a label of the path stands for.
  [[nodiscard]] std::vector<std::uint32_t> of(const Label& label) const {
    std::vector<std::uint32_t> letters;
    for (std::uint32_t i = 0; i < labels_.size(); ++i) {
      const Label& letter = labels_[i];
      if (letter.inverse != label.inverse || letter.step != label.step) continue;
      if (label.step || (letter.negated ? label.negated : has(label, letter.predicates.front()) != label.negated)) {
        letters.push_back(i);
      }
    }
    return letters;
  }

  // The same letter read in the other direction. Precondition: there is one, as under `~` there is.
  [[nodiscard]] std::uint32_t flipped(std::uint32_t letter) const {
    return static_cast<std::uint32_t>(std::find(labels_.begin(), labels_.end(), labels_[letter].flipped()) -
                                      labels_.begin());
  }

 private:
  [[nodiscard]] static bool has(const Label& label, Id predicate) {
    return std::binary_search(label.predicates.begin(), label.predicates.end(), predicate);
  }

  std::vector<Id> predicates_;
  std::vector<Label> labels_;
};

using States = std::vector<State>;

void sort_unique(States& states) {
  std::sort(states.begin(), states.end());
  states.erase(std::unique(states.begin(), states.end()), states.end());
}

// Where the edges of a letter, in one direction of the walk, lead: loops and others.
struct Targets {
  States others;
  States loops;
};

}  // namespace

// The subset construction.
WalkAutomaton::WalkAutomaton(const Automaton& automaton, bool backwards) {
  const Letters letters(automaton.labels());
  labels_ = letters.labels();
  std::vector<std::vector<std::uint32_t>> letters_of;
  for (const Label& label : automaton.labels()) letters_of.push_back(letters.of(label));

  std::map<States, State> numbers;
  std::vector<States> sets;
  const auto number = [&](States set) {
    const auto [place, is_new] = numbers.try_emplace(std::move(set), static_cast<State>(numbers.size()));
    if (is_new) {
      sets.push_back(place->first);
      check_states(sets.size());
    }
    return place->second;
  };
  States first = automaton.starts();
  sort_unique(first);
  starts_ = {number(std::move(first))};
  for (State state = 0; state < sets.size(); ++state) {
    const States set = sets[state];
    std::map<std::pair<std::uint32_t, bool>, Targets> targets;  // by letter, and direction in the walk
    bool accepting = false;
    for (const State member : set) {
      accepting = accepting || automaton.accepts(member);
      for (const Automaton::Transition& transition : automaton.from(member)) {
        const Label& label = automaton.labels()[transition.label];
        const bool inverse = label.inverse != backwards;
        for (const std::uint32_t letter : letters_of[transition.label]) {
          targets[{letter, inverse}].others.push_back(transition.to);
          // Under ~ a loop is travelled forwards, whichever direction the expression has.
          const bool turn = label.either && inverse;
          targets[{turn ? letters.flipped(letter) : letter, inverse && !turn}].loops.push_back(transition.to);
        }
      }
    }
    accepting_.push_back(accepting);
    auto& transitions = transitions_.emplace_back();
    for (auto& [key, to] : targets) {
      sort_unique(to.others);
      sort_unique(to.loops);
      if (to.others == to.loops) {
        transitions.push_back({key.first, key.second, Loops::with, number(to.others)});
        continue;
      }
      if (!to.others.empty()) transitions.push_back({key.first, key.second, Loops::without, number(to.others)});
      if (!to.loops.empty()) transitions.push_back({key.first, key.second, Loops::only, number(to.loops)});
    }
  }
  drop_dead_ends();
}

WalkAutomaton WalkAutomaton::with_lengths(std::uint64_t min, std::optional<std::uint64_t> max) const {
  // A length is a number up to the last that matters.
  const std::uint64_t last = max ? std::max(*max, min) : min;
  if (last == 0 && !max) return *this;
  WalkAutomaton result;
  result.labels_ = labels_;
  std::map<std::pair<State, std::uint64_t>, State> numbers;
  std::vector<std::pair<State, std::uint64_t>> pairs;
  const auto number = [&](State state, std::uint64_t length) {
    const auto [place, is_new] = numbers.try_emplace({state, length}, static_cast<State>(numbers.size()));
    if (is_new) {
      pairs.emplace_back(state, length);
      check_states(pairs.size());
    }
    return place->second;
  };
  for (const State start : starts_) result.starts_.push_back(number(start, 0));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto [state, length] = pairs[i];
    result.accepting_.push_back(accepts(state) && length >= min && (!max || length <= *max));
    auto& transitions = result.transitions_.emplace_back();
    if (max && length == last) continue;
    for (Transition transition : from(state)) {
      transition.to = number(transition.to, std::min(length + 1, last));
      transitions.push_back(transition);
    }
  }
  result.drop_dead_ends();
  return result;
}

WalkAutomaton WalkAutomaton::reversed() const {
  WalkAutomaton result;
  for (const Label& label : labels_) result.labels_.push_back(label.flipped());
  result.transitions_.resize(states());
  result.accepting_.resize(states());
  for (State state = 0; state < states(); ++state) {
    for (Transition transition : from(state)) {
      const State to = std::exchange(transition.to, state);
      result.transitions_[to].push_back(transition);
    }
    if (accepts(state)) result.starts_.push_back(state);
  }
  for (const State start : starts_) result.accepting_[start] = true;
  return result;
}

// All states are alive: a cycle is a walk without end.
std::optional<std::uint64_t> WalkAutomaton::longest() const {
  std::vector<std::size_t> before(states());
  for (State state = 0; state < states(); ++state) {
    for (const Transition& transition : from(state)) ++before[transition.to];
  }
  std::vector<std::uint64_t> length(states());
  std::vector<State> ready;
  for (State state = 0; state < states(); ++state) {
    if (before[state] == 0) ready.push_back(state);
  }
  std::uint64_t longest = 0;
  for (std::size_t i = 0; i < ready.size(); ++i) {
    longest = std::max(longest, length[ready[i]]);
    for (const Transition& transition : from(ready[i])) {
      length[transition.to] = std::max(length[transition.to], length[ready[i]] + 1);
      if (--before[transition.to] == 0) ready.push_back(transition.to);
    }
  }
  if (ready.size() != states()) return std::nullopt;
  return longest;
}

bool WalkAutomaton::accepts_all_begun() const noexcept {
  const auto accepted = [&](const Transition& transition) { return accepts(transition.to); };
  return std::all_of(transitions_.begin(), transitions_.end(), [&](const std::vector<Transition>& transitions) {
    return std::all_of(transitions.begin(), transitions.end(), accepted);
  });
}

void WalkAutomaton::drop_dead_ends() {
  std::vector<std::vector<State>> before(states());
  for (State state = 0; state < states(); ++state) {
    for (const Transition& transition : from(state)) before[transition.to].push_back(state);
  }
  std::vector<bool> alive = accepting_;
  States pending;
  for (State state = 0; state < states(); ++state) {
    if (alive[state]) pending.push_back(state);
  }
  while (!pending.empty()) {
    const State state = pending.back();
    pending.pop_back();
    for (const State earlier : before[state]) {
      if (alive[earlier]) continue;
      alive[earlier] = true;
      pending.push_back(earlier);
    }
  }
  for (const State start : starts_) alive[start] = true;

  States number(states());
  State count = 0;
  for (State state = 0; state < states(); ++state) {
    if (alive[state]) number[state] = count++;
  }
  std::vector<std::vector<Transition>> transitions;
  std::vector<bool> accepting;
  for (State state = 0; state < states(); ++state) {
    if (!alive[state]) continue;
    accepting.push_back(accepting_[state]);
    auto& kept = transitions.emplace_back();
    for (Transition transition : transitions_[state]) {
      if (!alive[transition.to]) continue;
      transition.to = number[transition.to];
      kept.push_back(transition);
    }
  }
  for (State& start : starts_) start = number[start];
  transitions_ = std::move(transitions);
  accepting_ = std::move(accepting);
}

}  // namespace akyn::path

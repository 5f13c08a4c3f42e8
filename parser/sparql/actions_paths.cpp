#include "parser/sparql/actions_paths.h"

#include <iterator>
#include <string>
#include <utility>

#include "parser/sparql/actions_terms.h"

namespace akyn::sparql::build {

namespace {

void repeat(ParseState& state, std::uint32_t min, std::optional<std::uint32_t> max) {
  Path path = take(state.paths);
  const Offset at = path->at;
  state.paths.emplace_back(PathNode{PathRepeat{std::move(path), min, max}, at});
}

std::uint32_t last_repetition(const ParseState& state) {
  constexpr std::uint64_t kMost = 1'000'000;
  const std::uint64_t count = last_count(state);
  if (count > kMost)
    fail(state, *state.last, "a path may be told to repeat a million times at most; {n,} has no limit");
  return static_cast<std::uint32_t>(count);
}

// The paths of the chain that ends here; none when it is a single one, which stays where it is.
std::vector<Path> take_chain(ParseState& state) {
  const std::size_t first = take(state.path_marks);
  if (state.paths.size() - first == 1) return {};
  const auto begin = state.paths.begin() + static_cast<std::ptrdiff_t>(first);
  std::vector<Path> chain(std::make_move_iterator(begin), std::make_move_iterator(state.paths.end()));
  state.paths.erase(begin, state.paths.end());
  return chain;
}

}  // namespace

void path_link(ParseState& state) {
  state.paths.emplace_back(PathNode{PathLink{state.term}, state.term_at});
}

void path_inverse(ParseState& state) {
  Path path = take(state.paths);
  state.paths.emplace_back(PathNode{PathInverse{std::move(path)}, take_mark(state)});
}

void repeat_optional(ParseState& state) {
  repeat(state, 0, 1);
}
void repeat_any(ParseState& state) {
  repeat(state, 0, std::nullopt);
}
void repeat_some(ParseState& state) {
  repeat(state, 1, std::nullopt);
}

void path_either(ParseState& state) {
  Path path = take(state.paths);
  state.paths.emplace_back(PathNode{PathEither{std::move(path)}, take_mark(state)});
}

void repeat_exactly(ParseState& state) {
  const std::uint32_t count = last_repetition(state);
  state.counts = PathRepeat{{}, count, count};
}
void repeat_at_least(ParseState& state) {
  state.counts.max.reset();
}
void repeat_from_none(ParseState& state) {
  state.counts = PathRepeat{{}, 0, std::nullopt};
}
void repeat_at_most(ParseState& state) {
  state.counts.max = last_repetition(state);
  if (*state.counts.max < state.counts.min) {
    fail(state, *state.last,
         "a path cannot repeat at least " + std::to_string(state.counts.min) + " and at most " +
             std::to_string(*state.counts.max) + " times; the smaller number comes first");
  }
}
void repeat_counted(ParseState& state) {
  repeat(state, state.counts.min, state.counts.max);
}

void begin_negated(ParseState& state) {
  mark(state);
  state.negated = {};
}
void negate_forward(ParseState& state) {
  state.negated.forward.push_back(state.term);
}
void negate_inverse(ParseState& state) {
  state.negated.inverse.push_back(state.term);
}
void end_negated(ParseState& state) {
  state.paths.emplace_back(PathNode{std::exchange(state.negated, {}), take_mark(state)});
}

void begin_path_chain(ParseState& state) {
  state.path_marks.push_back(state.paths.size() - 1);
}

void end_path_sequence(ParseState& state) {
  if (auto steps = take_chain(state); !steps.empty()) {
    const Offset at = steps.front()->at;
    state.paths.emplace_back(PathNode{PathSequence{std::move(steps)}, at});
  }
}

void end_path_alternative(ParseState& state) {
  if (auto choices = take_chain(state); !choices.empty()) {
    const Offset at = choices.front()->at;
    state.paths.emplace_back(PathNode{PathAlternative{std::move(choices)}, at});
  }
}

}  // namespace akyn::sparql::build

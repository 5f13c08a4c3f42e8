#include "parser/sparql/path_checks.h"

#include <algorithm>
#include <variant>

#include "parser/sparql/overloaded.h"

namespace akyn::sparql {

namespace {

// Whether some walk that matches has an edge.
bool has_edges(const PathNode& path) {
  const auto has = [](const Path& part) { return has_edges(*part); };
  return std::visit(Overloaded{[&](const PathInverse& inverse) { return has(inverse.path); },
                               [&](const PathEither& either) { return has(either.path); },
                               [&](const PathSequence& sequence) { return std::ranges::any_of(sequence.steps, has); },
                               [&](const PathAlternative& choice) { return std::ranges::any_of(choice.choices, has); },
                               [&](const PathRepeat& repeat) { return repeat.max != 0U && has(repeat.path); },
                               [](const auto&) { return true; }},
                    path.node);
}

void collect_steps(const PathNode& path, std::vector<StepPlace>& steps) {
  const auto collect = [&](const Path& part) { collect_steps(*part, steps); };
  std::visit(Overloaded{[&](const PathInverse& inverse) { collect(inverse.path); },
                        [&](const PathEither& either) { collect(either.path); },
                        [&](const PathSequence& sequence) { std::ranges::for_each(sequence.steps, collect); },
                        [&](const PathAlternative& choice) { std::ranges::for_each(choice.choices, collect); },
                        [&](const PathRepeat& repeat) { collect(repeat.path); },
                        [&](const PathStep& step) {
                          steps.push_back({&step, path.at});
                        },
                        [](const auto&) {}},
             path.node);
}

}  // namespace

bool is_unbounded(const PathNode& path) {
  const auto unbounded = [](const Path& part) { return is_unbounded(*part); };
  return std::visit(
      Overloaded{[&](const PathInverse& inverse) { return unbounded(inverse.path); },
                 [&](const PathEither& either) { return unbounded(either.path); },
                 [&](const PathSequence& sequence) { return std::ranges::any_of(sequence.steps, unbounded); },
                 [&](const PathAlternative& choice) { return std::ranges::any_of(choice.choices, unbounded); },
                 [&](const PathRepeat& repeat) {
                   if (!repeat.max) return has_edges(*repeat.path);
                   return *repeat.max != 0 && unbounded(repeat.path);
                 },
                 [](const auto&) { return false; }},
      path.node);
}

std::vector<StepPlace> steps_of(const PathNode& path) {
  std::vector<StepPlace> steps;
  collect_steps(path, steps);
  return steps;
}

}  // namespace akyn::sparql

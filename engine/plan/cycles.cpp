#include "engine/plan/cycles.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/plan/costs.h"
#include "engine/plan/node_parts.h"

namespace akyn::plan {
namespace {

constexpr double kLeap = 10;  // of a value that is looked for in an input

bool contains_part(const std::vector<std::size_t>& parts, std::size_t part) {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

// Plans of one pattern, which differ in how they are sorted.
using Pattern = Alternatives;

// The plan whose rows ascend by its variables in a sequence; null when there is none.
NodePtr sorted_by(const Pattern& pattern, const std::vector<Slot>& sequence) {
  for (const NodePtr& plan : pattern) {
    std::vector<Slot> wanted;
    for (const Slot slot : sequence) {
      if (plan->has(slot)) wanted.push_back(slot);
    }
    const bool all = wanted.size() == plan->columns.size() && plan->certain.size() == wanted.size();
    if (all && plan->columns == wanted && plan->sorted == wanted) return plan;
    if (all && plan->sorted == wanted) return make_project(plan, wanted);
  }
  return nullptr;
}

// What it takes to bind variables one after another.
class Binding {
 public:
  explicit Binding(const std::vector<Pattern>& patterns) : patterns_(patterns) {}

  struct Step {
    double cost = 0;
    double solutions = 0;  // after it
  };
  // The variable `slot` as the next one. Values are taken to be independent.
  [[nodiscard]] Step next(Slot slot) const {
    double least = 0;
    double domain = 1;
    double agree = 1;
    std::size_t walkers = 0;
    std::vector<double> fans;
    for (const Pattern& pattern : patterns_) {
      const Node& plan = *pattern.front();
      if (!plan.has(slot)) continue;
      double fan = plan.distinct_of(slot);
      domain = std::max(domain, fan);
      bool follows = false;
      double combinations = 1;
      for (const Slot other : plan.columns) {
        if (!contains(bound_, other)) continue;
        follows = true;
        combinations *= std::max(1.0, plan.distinct_of(other));
      }
      if (follows) fan = std::min(fan, plan.solutions / combinations);
      least = walkers++ == 0 ? fan : std::min(least, fan);
      fans.push_back(fan);
    }
    for (const double fan : fans) agree *= std::min(1.0, fan / domain);
    return {solutions_ * std::max(1.0, least) * static_cast<double>(walkers) * kLeap, solutions_ * domain * agree};
  }
  void bind(Slot slot) {
    const Step step = next(slot);
    cost_ += step.cost;
    solutions_ = step.solutions;
    bound_.push_back(slot);
  }
  [[nodiscard]] const std::vector<Slot>& bound() const noexcept { return bound_; }
  [[nodiscard]] bool follows(Slot slot) const {
    return bound_.empty() || std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
             return pattern.front()->has(slot) &&
                    std::any_of(bound_.begin(), bound_.end(), [&](Slot other) { return pattern.front()->has(other); });
           });
  }
  [[nodiscard]] double cost() const noexcept { return cost_; }
  [[nodiscard]] double solutions() const noexcept { return solutions_; }

 private:
  const std::vector<Pattern>& patterns_;
  std::vector<Slot> bound_;
  double cost_ = 0;
  double solutions_ = 1;
};

}  // namespace

std::vector<std::size_t> cyclic_parts(const std::vector<SlotSet>& parts) {
  std::vector<std::size_t> left;
  std::vector<SlotSet> slots = parts;
  for (std::size_t i = 0; i < parts.size(); ++i) left.push_back(i);
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::size_t part : left) {
      for (const Slot slot : slots[part].slots()) {
        const auto owners = std::count_if(left.begin(), left.end(), [&](std::size_t i) { return slots[i].has(slot); });
        if (owners > 1) continue;
        slots[part].remove(slot);
        changed = true;
      }
    }
    for (std::size_t i = 0; i < left.size(); ++i) {
      const bool covered = std::any_of(left.begin(), left.end(), [&](std::size_t other) {
        return other != left[i] && slots[left[i]].within(slots[other]);
      });
      if (!covered && !slots[left[i]].empty()) continue;
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      changed = true;
      break;
    }
  }
  return left;
}

std::optional<JoinProblem> with_cycle_at_once(const JoinProblem& problem, std::size_t bytes) {
  std::vector<SlotSet> slots;
  for (const JoinPart& part : problem.parts) slots.push_back(part.slots);
  std::vector<std::size_t> members = cyclic_parts(slots);
  if (members.empty()) return std::nullopt;
  SlotSet all;
  for (const std::size_t member : members) all.add(slots[member]);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (!contains_part(members, i) && problem.parts[i].scan && !slots[i].empty() && slots[i].within(all)) {
      members.push_back(i);
    }
  }

  std::vector<Pattern> patterns;
  double held = 0;
  for (const std::size_t member : members) {
    const JoinPart& part = problem.parts[member];
    if (!part.scan || !part.make) return std::nullopt;
    patterns.push_back(part.make(part.slots));
    const Node& plan = *patterns.back().front();
    if (plan.solutions < 1) return std::nullopt;  // others are as quick with that
    held += plan.rows * static_cast<double>((plan.columns.size() + 1) * sizeof(std::uint64_t));
  }
  if (held > static_cast<double>(bytes)) return std::nullopt;

  Binding binding(patterns);
  for (std::vector<Slot> open = all.slots(); !open.empty();) {
    const auto worth = [&](Slot slot) {
      const Binding::Step step = binding.next(slot);
      return step.cost + step.solutions * kLeap + (binding.follows(slot) ? 0 : 1e30);
    };
    const auto best = std::min_element(open.begin(), open.end(), [&](Slot a, Slot b) { return worth(a) < worth(b); });
    binding.bind(*best);
    open.erase(best);
  }
  double cost = binding.cost() + binding.solutions() * kOutputRow;
  std::vector<NodePtr> inputs;
  for (const Pattern& pattern : patterns) {
    NodePtr input = sorted_by(pattern, binding.bound());
    if (input == nullptr) return std::nullopt;
    cost += input->cost + input->rows * static_cast<double>(input->columns.size()) * kCopyRow;
    inputs.push_back(std::move(input));
  }

  JoinProblem result;
  result.conditions = problem.conditions;
  result.needed = problem.needed;
  SlotSet needed = problem.needed;
  for (const JoinCondition& condition : problem.conditions) needed.add(condition.slots);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (contains_part(members, i)) continue;
    needed.add(slots[i]);
    result.parts.push_back(problem.parts[i]);
  }
  JoinPart cycle;
  cycle.alternatives = {make_leapfrog(binding.bound(), std::move(inputs), needed, binding.solutions(), cost)};
  cycle.slots = all;
  cycle.certain = all;
  result.parts.push_back(std::move(cycle));
  return result;
}

}  // namespace akyn::plan

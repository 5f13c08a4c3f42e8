#include "engine/plan/join_order.h"

#include <algorithm>
#include <utility>

#include <akyn/error.h>
#include "engine/plan/certain.h"
#include "engine/plan/costs.h"

namespace akyn::plan {

namespace {

// Parts up to which all trees are looked at: three to their power, about.
constexpr std::size_t kExhaustive = 5;
constexpr std::size_t kMostAlternatives = 4;
// What a solution of a join costs those above it, for the greedy choice.
constexpr double kSolution = 5;

std::optional<Slot> leading(const Node& node) {
  return node.sorted.empty() ? std::nullopt : std::optional<Slot>(node.sorted.front());
}

using PartSet = std::vector<bool>;

struct Component {
  PartSet parts;
  std::size_t size = 0;
  SlotSet slots;
  SlotSet certain;
  Alternatives alternatives;             // none for a single part that needs an input
  std::optional<std::size_t> only_part;  // of a single one
};

class JoinOrder {
 public:
  explicit JoinOrder(JoinProblem problem) : problem_(std::move(problem)) {}

  [[nodiscard]] Alternatives solve() {
    std::vector<Component> components;
    for (std::size_t i = 0; i < problem_.parts.size(); ++i) components.push_back(single(i));
    Component all = components.size() <= kExhaustive ? exhaustive(components) : greedy(std::move(components));
    return finish(std::move(all.alternatives), all.certain);
  }

 private:
  // The variables that others than these parts ask for.
  [[nodiscard]] SlotSet needed_outside(const PartSet& parts) const {
    SlotSet needed = problem_.needed;
    for (std::size_t i = 0; i < problem_.parts.size(); ++i) {
      if (!parts[i]) needed.add(problem_.parts[i].slots);
    }
    return needed;
  }

  // Conditions that are due: all their variables are bound now, and were not in one of the inputs alone.
  [[nodiscard]] std::vector<algebra::Expression> due(const SlotSet& certain, const SlotSet* a, const SlotSet* b) const {
    std::vector<algebra::Expression> result;
    for (const JoinCondition& condition : problem_.conditions) {
      const SlotSet& slots = condition.slots;
      const bool before = (a != nullptr && slots.within(*a)) || (b != nullptr && slots.within(*b));
      if (!before && slots.within(certain)) result.push_back(condition.expression);
    }
    return result;
  }

  // What is asked for of a component: by others, and by conditions that are not due yet.
  [[nodiscard]] SlotSet needed_of(const Component& component) const {
    SlotSet needed = needed_outside(component.parts);
    for (const JoinCondition& condition : problem_.conditions) {
      if (!condition.slots.within(component.certain)) needed.add(condition.slots);
    }
    return needed;
  }
  // The same before its conditions have been applied.
  [[nodiscard]] SlotSet needed_before(const Component& component) const {
    SlotSet needed = needed_outside(component.parts);
    for (const JoinCondition& condition : problem_.conditions) needed.add(condition.slots);
    return needed;
  }

  [[nodiscard]] Component single(std::size_t part) {
    Component component;
    component.parts.assign(problem_.parts.size(), false);
    component.parts[part] = true;
    component.size = 1;
    component.slots = problem_.parts[part].slots;
    component.only_part = part;
    component.certain = problem_.parts[part].certain;
    if (!problem_.parts[part].make && problem_.parts[part].alternatives.empty()) return component;
    Alternatives plans = problem_.parts[part].make ? problem_.parts[part].make(needed_before(component))
                                                   : problem_.parts[part].alternatives;
    for (NodePtr& plan : plans) {
      component.alternatives.push_back(finished(std::move(plan), component, nullptr, nullptr));
    }
    return component;
  }

  // With the conditions that are due, without columns that nobody asks for any more.
  [[nodiscard]] NodePtr finished(NodePtr plan, const Component& component, const SlotSet* a, const SlotSet* b) const {
    const SlotSet needed = needed_of(component);
    std::vector<algebra::Expression> conditions = due(component.certain, a, b);
    if (!conditions.empty()) return make_filter(std::move(plan), std::move(conditions), needed);
    return narrowed(std::move(plan), needed);
  }

  // What a join may not drop: its conditions that are due come on top of it.
  [[nodiscard]] SlotSet needed_of_join(const Component& result, const Component& a, const Component& b) const {
    SlotSet needed = needed_outside(result.parts);
    for (const JoinCondition& condition : problem_.conditions) {
      if (!condition.slots.within(a.certain) && !condition.slots.within(b.certain)) needed.add(condition.slots);
    }
    return needed;
  }

  [[nodiscard]] std::optional<Component> extended(const Component& a, const Component& b) {
    if (!b.only_part || !problem_.parts[*b.only_part].extend || a.alternatives.empty()) return std::nullopt;
    Component result = merged(a, b);
    Component nothing;
    const SlotSet needed = needed_of_join(result, a, nothing);
    for (const NodePtr& plan : a.alternatives) {
      NodePtr next = problem_.parts[*b.only_part].extend(plan, needed);
      if (next != nullptr) result.alternatives.push_back(finished(std::move(next), result, &a.certain, nullptr));
    }
    if (result.alternatives.empty()) return std::nullopt;
    return result;
  }

  [[nodiscard]] static Component merged(const Component& a, const Component& b) {
    Component result;
    result.parts = a.parts;
    for (std::size_t i = 0; i < b.parts.size(); ++i) {
      if (b.parts[i]) result.parts[i] = true;
    }
    result.size = a.size + b.size;
    result.slots = a.slots;
    result.slots.add(b.slots);
    result.certain = a.certain;
    result.certain.add(b.certain);
    return result;
  }

  // A way to join two components, of which there are many and few are made.
  struct Way {
    JoinChoice choice;
    const Component* a = nullptr;
    const Component* b = nullptr;
    NodePtr left;
    NodePtr right;
    double cost = 0;  // with the conditions that are due
  };
  // To one and the same component.
  struct Ways {
    std::vector<Way> joins;
    Alternatives extended;  // made already
  };

  [[nodiscard]] const Scan* scan_of(const Component& component) const {
    if (!component.only_part || !problem_.parts[*component.only_part].scan) return nullptr;
    return &*problem_.parts[*component.only_part].scan;
  }

  void collect(const Component& a, const Component& b, Ways& ways) {
    for (const auto& way : {extended(a, b), extended(b, a)}) {
      if (way) ways.extended.insert(ways.extended.end(), way->alternatives.begin(), way->alternatives.end());
    }
    std::vector<JoinChoice> choices;
    std::vector<std::pair<NodePtr, NodePtr>> inputs;  // of each
    for (const NodePtr& left : a.alternatives) {
      for (const NodePtr& right : b.alternatives) {
        join_choices(JoinKind::inner, left, right, scan_of(a), scan_of(b), choices);
        inputs.resize(choices.size(), {left, right});
      }
    }
    const bool any_due = !problem_.conditions.empty() && !due(merged(a, b).certain, &a.certain, &b.certain).empty();
    for (std::size_t i = 0; i < choices.size(); ++i) {
      Way& way = ways.joins.emplace_back(Way{std::move(choices[i]), &a, &b, inputs[i].first, inputs[i].second});
      const double filters = (any_due ? 1 : 0) + (passed_of(way).empty() ? 0 : 1);
      way.cost = way.choice.cost + filters * way.choice.solutions * kFilterRow;
    }
  }

  // The conditions that what a look-up finds has not passed: those on the pattern alone.
  [[nodiscard]] std::vector<algebra::Expression> passed_of(const Way& way) const {
    if (!way.choice.lookup) return {};
    const Component& searched = way.choice.swapped ? *way.a : *way.b;
    std::vector<algebra::Expression> conditions = problem_.parts[*searched.only_part].own;
    for (algebra::Expression& condition : due(searched.certain, nullptr, nullptr)) {
      conditions.push_back(std::move(condition));
    }
    return conditions;
  }

  // The best of them; none when there are none.
  [[nodiscard]] Alternatives make(Ways ways, const Component& result) const {
    std::vector<const Way*> by_cost;
    for (const Way& way : ways.joins) by_cost.push_back(&way);
    std::stable_sort(by_cost.begin(), by_cost.end(), [](const Way* x, const Way* y) { return x->cost < y->cost; });
    Alternatives made = std::move(ways.extended);
    std::vector<std::optional<Slot>> orders;
    for (const Way* way : by_cost) {
      const std::vector<Slot>& sorted = way->choice.sorted;
      const std::optional<Slot> order = sorted.empty() ? std::nullopt : std::optional<Slot>(sorted.front());
      // The cheapest of all, then the cheapest for each other order.
      if (!orders.empty() && (!order || std::find(orders.begin(), orders.end(), order) != orders.end())) continue;
      orders.push_back(order);
      made.push_back(make(*way, result));
      if (orders.size() == kMostAlternatives) break;
    }
    return best_of(std::move(made));
  }

  [[nodiscard]] NodePtr make(const Way& way, const Component& result) const {
    const SlotSet needed = needed_of_join(result, *way.a, *way.b);
    std::vector<algebra::Expression> passed = passed_of(way);
    SlotSet kept = needed;
    for (const algebra::Expression& condition : passed) kept.add(mentions_of(*condition).slots);
    NodePtr plan = make_join(way.choice, way.left, way.right, kept);
    if (!passed.empty()) plan = make_filter(std::move(plan), std::move(passed), needed);
    return finished(std::move(plan), result, &way.a->certain, &way.b->certain);
  }

  // Nothing when one of them needs an input that the other is not.
  [[nodiscard]] std::optional<Component> combine(const Component& a, const Component& b) {
    Component result = merged(a, b);
    Ways ways;
    collect(a, b, ways);
    result.alternatives = make(std::move(ways), result);
    if (result.alternatives.empty()) return std::nullopt;
    return result;
  }

  [[nodiscard]] Component exhaustive(const std::vector<Component>& singles) {
    const std::size_t count = singles.size();
    std::vector<std::optional<Component>> best(std::size_t{1} << count);
    for (std::size_t i = 0; i < count; ++i) best[std::size_t{1} << i] = singles[i];
    for (std::size_t set = 1; set < best.size(); ++set) {
      if (best[set]) continue;
      // Parts without a variable in common are joined only when there is no other way.
      for (const bool connected : {true, false}) {
        std::optional<Component> result;
        Ways ways;
        for (std::size_t left = (set - 1) & set; left != 0; left = (left - 1) & set) {
          const std::size_t right = set ^ left;
          if (left < right || !best[left] || !best[right]) continue;
          if (best[left]->slots.meets(best[right]->slots) != connected) continue;
          if (!result) result = merged(*best[left], *best[right]);
          collect(*best[left], *best[right], ways);
        }
        if (!result) continue;
        result->alternatives = make(std::move(ways), *result);
        if (result->alternatives.empty()) continue;
        best[set] = std::move(result);
        break;
      }
    }
    return take(std::move(best.back()));
  }

  [[nodiscard]] Component greedy(std::vector<Component> components) {
    const auto worth = [](const Component& way) {
      return way.alternatives.front()->cost + way.alternatives.front()->solutions * kSolution;
    };
    // Ways to join components i and j, i < j; nothing also where they have no variable in common.
    std::vector<std::vector<std::optional<Component>>> ways(components.size());
    const auto refresh = [&](std::size_t i, std::size_t j) {
      if (i > j) std::swap(i, j);
      ways[i].resize(std::max(ways[i].size(), j + 1));
      ways[i][j] =
          components[i].slots.meets(components[j].slots) ? combine(components[i], components[j]) : std::nullopt;
    };
    std::vector<bool> gone(components.size(), false);
    for (std::size_t i = 0; i < components.size(); ++i) {
      for (std::size_t j = i + 1; j < components.size(); ++j) refresh(i, j);
    }
    for (std::size_t left = components.size(); left > 1; --left) {
      std::optional<std::pair<std::size_t, std::size_t>> best;
      for (std::size_t i = 0; i < components.size(); ++i) {
        if (gone[i]) continue;
        for (std::size_t j = i + 1; j < ways[i].size(); ++j) {
          if (gone[j] || !ways[i][j]) continue;
          if (!best || worth(*ways[i][j]) < worth(*ways[best->first][best->second])) best = {i, j};
        }
      }
      if (!best) best = unconnected(components, gone, ways);
      const auto [i, j] = *best;
      components[i] = *std::move(ways[i][j]);
      gone[j] = true;
      for (std::size_t other = 0; other < components.size(); ++other) {
        if (!gone[other] && other != i) refresh(i, other);
      }
    }
    return components[static_cast<std::size_t>(std::find(gone.begin(), gone.end(), false) - gone.begin())];
  }

  // The two smallest of what has nothing in common.
  [[nodiscard]] std::pair<std::size_t, std::size_t> unconnected(
      const std::vector<Component>& components, const std::vector<bool>& gone,
      std::vector<std::vector<std::optional<Component>>>& ways) {
    std::vector<std::size_t> there;
    for (std::size_t i = 0; i < components.size(); ++i) {
      if (!gone[i]) there.push_back(i);
    }
    std::stable_sort(there.begin(), there.end(), [&](std::size_t a, std::size_t b) {
      const auto rows = [&](std::size_t i) {
        return components[i].alternatives.empty() ? 1e300 : components[i].alternatives.front()->solutions;
      };
      return rows(a) < rows(b);
    });
    for (std::size_t a = 0; a < there.size(); ++a) {
      for (std::size_t b = a + 1; b < there.size(); ++b) {
        std::size_t i = there[a];
        std::size_t j = there[b];
        if (i > j) std::swap(i, j);
        std::optional<Component> way = combine(components[i], components[j]);
        if (!way) continue;
        ways[i].resize(std::max(ways[i].size(), j + 1));
        ways[i][j] = std::move(way);
        return {i, j};
      }
    }
    throw Error(ErrorCode::internal, "the parts of a group cannot be joined");
  }

  [[nodiscard]] static Component take(std::optional<Component> component) {
    if (!component) throw Error(ErrorCode::internal, "the parts of a group cannot be joined");
    return *std::move(component);
  }

  // What could not be applied before: conditions on variables that may be unbound.
  [[nodiscard]] Alternatives finish(Alternatives plans, const SlotSet& certain) const {
    Alternatives result;
    for (NodePtr& plan : plans) {
      std::vector<algebra::Expression> rest;
      for (const JoinCondition& condition : problem_.conditions) {
        if (!condition.slots.within(certain)) rest.push_back(condition.expression);
      }
      result.push_back(rest.empty() ? plan : make_filter(plan, std::move(rest), problem_.needed));
    }
    return result;
  }

  JoinProblem problem_;
};

}  // namespace

Alternatives best_of(Alternatives plans) {
  std::stable_sort(plans.begin(), plans.end(), [](const NodePtr& a, const NodePtr& b) { return a->cost < b->cost; });
  Alternatives best;
  std::vector<std::optional<Slot>> orders;
  for (NodePtr& plan : plans) {
    const std::optional<Slot> order = leading(*plan);
    if (!best.empty() && (!order || std::find(orders.begin(), orders.end(), order) != orders.end())) continue;
    orders.push_back(order);
    best.push_back(std::move(plan));
    if (best.size() == kMostAlternatives) break;
  }
  return best;
}

Alternatives order_joins(JoinProblem problem) {
  return JoinOrder(std::move(problem)).solve();
}

}  // namespace akyn::plan

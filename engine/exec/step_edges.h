// The edges of a PATH's STEPs, from plans of their patterns.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/path/edge_source.h"
#include "engine/term/decimal.h"

namespace akyn::exec {

// All edges of a STEP are made at once, or those of some nodes at a time when the plans say that this is less work. One
// thread at a time.
class StepEdges final : public path::EdgeSource {
 public:
  // Plans a pattern over the clause's graph, and says what it expects that to cost; opens the plan where `operators` is
  // not null.
  using Plan =
      std::function<double(const algebra::Node& pattern, const std::vector<Slot>& needed, OperatorPtr* operators)>;
  StepEdges(Run& run, std::vector<algebra::PathSearch::Step> steps, Plan plan);

  // Throw Error(invalid_argument) for a COST that is no number or below 0.
  void list_all(std::uint32_t step, std::vector<path::VirtualEdge>& out) override;
  [[nodiscard]] bool list(std::uint32_t step, std::span<const Id> nodes, bool inverse,
                          std::vector<path::VirtualEdge>& out) override;

  // Of an edge that has been listed, by the name of its STEP.
  [[nodiscard]] const Decimal& cost(Id label, Id from, Id to) const;

 private:
  using Key = std::tuple<std::uint32_t, Id, Id>;
  struct KeyHash {
    [[nodiscard]] std::size_t operator()(const Key& key) const noexcept {
      const std::hash<Id> hash;
      return (hash(std::get<1>(key)) * 31 + hash(std::get<2>(key))) * 31 + std::get<0>(key);
    }
  };
  struct Spent {
    double all = -1;  // what all edges cost; below 0 when that is not known yet
    double some = 0;  // what those of some nodes have cost so far
  };

  void read(std::uint32_t step, const algebra::Node& pattern, std::vector<path::VirtualEdge>& out);
  [[nodiscard]] std::vector<Slot> needed(const algebra::PathSearch::Step& step) const;

  Run& run_;
  std::vector<algebra::PathSearch::Step> steps_;
  std::vector<Id> labels_;
  std::vector<Spent> spent_;
  Plan plan_;
  std::unordered_map<Key, Decimal, KeyHash> costs_;
  Charge charge_;
};

}  // namespace akyn::exec

// Triangles in a graph some of whose nodes have very many edges: all three inputs at once, and two after each other.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "engine/exec/hash_join.h"
#include "engine/exec/leapfrog_join.h"
#include "engine/exec/merge_join.h"
#include "engine/storage/database.h"

namespace akyn::exec {
namespace {

using Edges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

// Gives edges as they are, at two slots.
class EdgeSource final : public Operator {
 public:
  EdgeSource(Run& run, const Edges& edges, Slot from, Slot to) : Operator(run, {from, to}), edges_(edges) {}

 private:
  bool produce(Batch& out) override {
    const std::size_t last = std::min(at_ + kBatchRows, edges_.size());
    for (std::size_t i = at_; i < last; ++i) {
      out.values(0).push_back(edges_[i].first);
      out.values(1).push_back(edges_[i].second);
    }
    out.set_rows(last - at_);
    return std::exchange(at_, last) != last;
  }

  const Edges& edges_;
  std::size_t at_ = 0;
};

// 200,000 edges, their ends by a power law, by the first end and by the second one.
struct Graph {
  Edges forward;
  Edges backward;  // (to, from)
  std::shared_ptr<storage::Database> database = storage::Database::in_memory({});
  runtime::Environment environment;
  algebra::Query query;
  LocalTerms terms{database->snapshot()};
  Run run{query, terms, environment};

  Graph() {
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> uniform(0, 1);
    const auto node = [&] {
      constexpr double kNodes = 50'000;
      return (std::uint64_t{2} << 60U) + static_cast<std::uint64_t>(std::pow(uniform(random), 4.0) * kNodes);
    };
    for (int i = 0; i < 200'000; ++i) forward.emplace_back(node(), node());
    std::sort(forward.begin(), forward.end());
    forward.erase(std::unique(forward.begin(), forward.end()), forward.end());
    for (const auto& [from, to] : forward) backward.emplace_back(to, from);
    std::sort(backward.begin(), backward.end());
  }
  [[nodiscard]] OperatorPtr edges(const Edges& edges, Slot from, Slot to) {
    return std::make_unique<EdgeSource>(run, edges, from, to);
  }
};

Graph& graph() {  // made when first asked for
  static Graph made;
  return made;
}

std::uint64_t solutions_of(Operator& op) {
  std::uint64_t solutions = 0;
  for (Batch batch; op.next(batch);) solutions += batch.solutions();
  return solutions;
}

// ?a -> ?b -> ?c, ?a -> ?c
void triangles_by_leapfrog(benchmark::State& state) {
  Graph& of = graph();
  for (auto unused : state) {
    std::vector<OperatorPtr> inputs;
    inputs.push_back(of.edges(of.forward, 1, 2));
    inputs.push_back(of.edges(of.forward, 2, 3));
    inputs.push_back(of.edges(of.forward, 1, 3));
    LeapfrogJoinOperator join(of.run, {1, 2, 3}, std::move(inputs), {1, 2, 3});
    state.counters["triangles"] = static_cast<double>(solutions_of(join));
  }
}
BENCHMARK(triangles_by_leapfrog)->Unit(benchmark::kMillisecond);

void triangles_two_by_two(benchmark::State& state) {
  Graph& of = graph();
  for (auto unused : state) {
    const std::vector<Slot> all = {1, 2, 3};
    OperatorPtr wedges =
        std::make_unique<MergeJoinOperator>(of.run, plan::JoinKind::inner, of.edges(of.backward, 2, 1),
                                            of.edges(of.forward, 2, 3), std::vector<Slot>{2}, std::vector<Slot>{}, all);
    HashJoinSpec spec;
    spec.keys = {1, 3};
    HashJoinOperator join(of.run, spec, std::move(wedges), of.edges(of.forward, 1, 3), all);
    state.counters["triangles"] = static_cast<double>(solutions_of(join));
  }
}
BENCHMARK(triangles_two_by_two)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace akyn::exec

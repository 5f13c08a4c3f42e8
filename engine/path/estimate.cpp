#include "engine/path/estimate.h"

#include <algorithm>
#include <bit>
#include <vector>

#include "engine/path/search.h"

namespace akyn::path {

namespace {

constexpr std::size_t kSamples = 8;
constexpr std::size_t kMaxPairs = 1000;  // found by all sample searches together, before they are given up
constexpr std::size_t kMaxSteps = 64;
constexpr std::size_t kMaxFrontier = 100;  // nodes whose edges one step reads

struct Side {
  double nodes = 0;  // that walks begin with
  double ends = 0;   // of one of them
  bool cut_off = false;
};

// Different nodes that edges of one of the labels start from, and some of them.
double count_starts(Graph& graph, const std::vector<Label>& labels, std::vector<Id>& samples) {
  double starts = 0;
  for (const Label& label : labels) {
    const std::vector<Id> some = graph.sample(label, kSamples);
    if (some.empty()) continue;
    std::vector<Node> nodes;
    for (const Id id : some) nodes.push_back(graph.node(id));
    const Graph::LabelNumber number = graph.label(label);
    graph.load(number, nodes);
    std::size_t edges = 0;
    for (const Node node : nodes) edges += std::max<std::size_t>(graph.neighbours(number, node).size(), 1);
    starts +=
        static_cast<double>(graph.edge_count(label)) * static_cast<double>(nodes.size()) / static_cast<double>(edges);
    samples.insert(samples.end(), some.begin(), some.end());
  }
  return starts;
}

Side look_from(Graph& graph, const Automaton& automaton, runtime::Budget& budget) {
  std::vector<Id> samples;
  Side side;
  side.nodes = count_starts(graph, automaton.first_labels(), samples);
  if (automaton.accepts_empty()) {
    std::vector<Id> ignored;
    const double subjects = count_starts(graph, {{false, true, {}}}, ignored);
    side.nodes = std::max({side.nodes, subjects, count_starts(graph, {{true, true, {}}}, ignored)});
    side.ends = 1;
  }
  if (samples.empty()) return side;

  std::vector<Node> starts;
  const std::size_t stride = samples.size() / kSamples + 1;
  for (std::size_t i = 0; i < samples.size(); i += stride) starts.push_back(graph.node(samples[i]));
  Search search(graph, automaton, budget);
  search.start(starts);
  std::size_t pairs = 0;
  std::size_t steps = 0;
  do {
    for (const Search::Entry& entry : search.found()) pairs += static_cast<std::size_t>(std::popcount(entry.bits));
    side.cut_off = pairs > kMaxPairs || ++steps > kMaxSteps || search.frontier_size() > kMaxFrontier;
  } while (!side.cut_off && search.advance());
  side.ends = static_cast<double>(pairs) / static_cast<double>(starts.size());
  return side;
}

}  // namespace

double Estimate::rows(bool subject_bound, bool object_bound) const noexcept {
  if (subject_bound && object_bound) return std::min(1.0, per_subject / std::max(objects, 1.0));
  if (subject_bound) return per_subject;
  if (object_bound) return per_object;
  return std::max(subjects * per_subject, objects * per_object);
}

Estimate estimate(Graph& graph, const Automaton& automaton, runtime::Budget& budget) {
  const Graph::Use use(graph);
  const Side forward = look_from(graph, automaton, budget);
  const Side backward = look_from(graph, automaton.reversed(), budget);
  Estimate estimate{forward.nodes, backward.nodes, forward.ends, backward.ends};
  // A search that does not come to an end soon comes to about half of what there is.
  if (forward.cut_off) estimate.per_subject = std::max(estimate.per_subject, estimate.objects / 2);
  if (backward.cut_off) estimate.per_object = std::max(estimate.per_object, estimate.subjects / 2);
  return estimate;
}

}  // namespace akyn::path

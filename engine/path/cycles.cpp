#include "engine/path/cycles.h"

#include <algorithm>
#include <span>

namespace akyn::path {

namespace {

// Finds strongly connected components, with the calls of the recursion on a stack of its own.
class ComponentFinder {
 public:
  ComponentFinder(Graph& graph, const std::vector<Label>& labels, runtime::Budget& budget)
      : graph_(graph), budget_(budget), charge_(budget) {
    for (const Label& label : labels) labels_.push_back(graph.label(label));
  }

  // Appends those nodes that can be reached from `root`, have not been before, and lie on cycles.
  void visit(Node root, std::vector<Id>& out) {
    make_room();
    if (order_[root] != 0) return;
    enter(root);
    while (!calls_.empty()) {
      Call& call = calls_.back();
      const std::span<const Node> next = graph_.neighbours(labels_[call.label], call.node);
      if (call.edge < next.size()) {
        const Node node = next[call.edge++];
        make_room();
        if (node == call.node) loops_[node] = true;
        if (order_[node] == 0) {
          enter(node);
        } else {
          low_[call.node] = std::min(low_[call.node], order_[node]);  // kDone when in another component
        }
      } else if (call.label + 1 < labels_.size()) {
        ++call.label;
        call.edge = 0;
      } else {
        leave(out);
      }
    }
  }

 private:
  struct Call {
    Node node = 0;
    std::size_t label = 0;
    std::size_t edge = 0;
  };
  static constexpr std::uint32_t kDone = ~std::uint32_t{0};

  void make_room() {
    if (order_.size() >= graph_.nodes()) return;
    const std::size_t size = std::max(graph_.nodes(), 2 * order_.size());
    charge_.add((size - order_.size()) * (2 * sizeof(std::uint32_t) + sizeof(Call) + sizeof(Node)));
    order_.resize(size);
    low_.resize(size);
    loops_.resize(size);
  }

  void enter(Node node) {
    budget_.step();
    for (const Graph::LabelNumber label : labels_) graph_.load(label, {&node, 1});
    order_[node] = low_[node] = ++entered_;
    open_.push_back(node);
    calls_.push_back({node, 0, 0});
  }

  void leave(std::vector<Id>& out) {
    const Node node = calls_.back().node;
    calls_.pop_back();
    if (!calls_.empty()) low_[calls_.back().node] = std::min(low_[calls_.back().node], low_[node]);
    if (low_[node] != order_[node]) return;
    const bool is_cycle = open_.back() != node || loops_[node];
    for (;;) {
      const Node member = open_.back();
      open_.pop_back();
      order_[member] = kDone;
      if (is_cycle) out.push_back(graph_.id(member));
      if (member == node) return;
    }
  }

  Graph& graph_;
  runtime::Budget& budget_;
  std::vector<Graph::LabelNumber> labels_;
  std::vector<std::uint32_t> order_;  // by node: 0 before it is entered, kDone when its component is complete
  std::vector<std::uint32_t> low_;
  std::vector<bool> loops_;
  std::uint32_t entered_ = 0;
  std::vector<Node> open_;
  std::vector<Call> calls_;
  runtime::Charge charge_;
};

}  // namespace

std::vector<Id> nodes_on_cycles(Graph& graph, const std::vector<Label>& labels, runtime::Budget& budget) {
  const Graph::Use use(graph);
  ComponentFinder finder(graph, labels, budget);
  std::vector<Id> result;
  for (const Id start : graph.starts_of(labels)) finder.visit(graph.node(start), result);
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace akyn::path

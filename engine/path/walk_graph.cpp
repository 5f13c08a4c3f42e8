#include "engine/path/walk_graph.h"

#include <algorithm>

namespace akyn::path {

WalkGraph::WalkGraph(Graph& graph, EdgeSource* steps, std::vector<Id> step_names, InnerFilter inner,
                     runtime::Budget& budget)
    : graph_(graph),
      steps_source_(steps),
      step_names_(std::move(step_names)),
      inner_(std::move(inner)),
      budget_(budget),
      steps_(step_names_.size()),
      charge_(budget) {}

WalkGraph::LabelNumber WalkGraph::label(const Label& label) {
  const auto same = [&](const Source& source) { return source.label == label; };
  const auto found = std::find_if(sources_.begin(), sources_.end(), same);
  if (found != sources_.end()) return static_cast<LabelNumber>(found - sources_.begin());
  Source source{label};
  if (label.step) {
    source.predicate = graph_.predicate_number(step_names_[*label.step]);
  } else {
    source.stored = graph_.label(label, label.negated);
    if (!label.negated) source.predicate = graph_.predicate_number(label.predicates.front());
  }
  sources_.push_back(std::move(source));
  return static_cast<LabelNumber>(sources_.size() - 1);
}

void WalkGraph::begin() {
  use_.reset();
  graph_.forget_if_large();
  if (forgotten_ != graph_.forgotten()) {
    forgotten_ = graph_.forgotten();
    steps_ = std::vector<Step>(step_names_.size());
    verdicts_ = {};
    charge_.clear();
  }
  use_.emplace(graph_);
}

void WalkGraph::load(LabelNumber label, std::span<const Node> nodes) {
  const Source& source = sources_[label];
  if (source.label.step) return load_step(source, nodes);
  graph_.load(source.stored, nodes);
}

WalkGraph::Edges WalkGraph::edges(LabelNumber label, Node node) const {
  const Source& source = sources_[label];
  Edges edges;
  edges.predicate = source.predicate;
  if (!source.label.step) {
    edges.targets = graph_.neighbours(source.stored, node);
    if (source.label.negated) edges.predicates = graph_.predicates(source.stored, node);
    return edges;
  }
  edges.is_step = true;
  const StepLists& lists = steps_[*source.label.step].lists[source.label.inverse ? 1 : 0];
  const auto found = lists.lists.find(node);
  if (found == lists.lists.end() || found->second.count == 0) return edges;
  edges.targets = std::span(lists.targets).subspan(found->second.first, found->second.count);
  edges.costs = lists.costs.data() + found->second.first;
  return edges;
}

void WalkGraph::load_step(const Source& source, std::span<const Node> nodes) {
  const std::uint32_t number = *source.label.step;
  Step& step = steps_[number];
  if (step.complete) return;
  StepLists& lists = step.lists[source.label.inverse ? 1 : 0];
  ids_.clear();
  for (const Node node : nodes) {
    if (lists.lists.contains(node)) continue;
    ids_.push_back(id(node));
  }
  std::sort(ids_.begin(), ids_.end());
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  if (ids_.empty()) return;
  read_.clear();
  step.complete = steps_source_->list(number, ids_, source.label.inverse, read_);
  if (step.complete) {
    load_whole_step(number);
    return;
  }
  for (const Id id : ids_) lists.lists.try_emplace(node(id));
  add_step_edges(lists, source.label.inverse);
  charge();
}

// All edges are in read_. What was known before is all the same.
void WalkGraph::load_whole_step(std::uint32_t number) {
  Step& step = steps_[number];
  step.lists[0] = {};
  step.lists[1] = {};
  step.complete = true;
  add_step_edges(step.lists[0], false);
  add_step_edges(step.lists[1], true);
  charge();
}

// Those of read_.
void WalkGraph::add_step_edges(StepLists& lists, bool inverse) {
  const auto start = [inverse](const VirtualEdge& edge) { return inverse ? edge.to : edge.from; };
  const auto target = [inverse](const VirtualEdge& edge) { return inverse ? edge.from : edge.to; };
  std::sort(read_.begin(), read_.end(), [&](const VirtualEdge& a, const VirtualEdge& b) {
    if (start(a) != start(b)) return start(a) < start(b);
    if (target(a) != target(b)) return target(a) < target(b);
    return a.cost < b.cost;
  });
  for (std::size_t i = 0; i < read_.size(); ++i) {
    budget_.step();
    const bool same_start = i > 0 && start(read_[i]) == start(read_[i - 1]);
    if (same_start && target(read_[i]) == target(read_[i - 1])) continue;
    StepLists::Place& place = lists.lists[node(start(read_[i]))];
    if (!same_start) place = {lists.targets.size(), 0};
    ++place.count;
    lists.targets.push_back(node(target(read_[i])));
    lists.costs.push_back(read_[i].cost);
  }
}

Decimal WalkGraph::cost(Node from, EdgeName name, Node to) const {
  if (!name.is_step()) return Decimal(1);
  if (name.inverse()) std::swap(from, to);
  const auto number = std::find(step_names_.begin(), step_names_.end(), predicate(name)) - step_names_.begin();
  const Step& step = steps_[static_cast<std::size_t>(number)];
  for (const bool inverse : {false, true}) {  // it was read from one side
    const StepLists& lists = step.lists[inverse ? 1 : 0];
    const auto found = lists.lists.find(inverse ? to : from);
    if (found == lists.lists.end()) continue;
    const auto targets = std::span(lists.targets).subspan(found->second.first, found->second.count);
    const auto edge = std::find(targets.begin(), targets.end(), inverse ? from : to) - targets.begin();
    return lists.costs[found->second.first + static_cast<std::size_t>(edge)];
  }
  return Decimal(1);
}

void WalkGraph::charge() {
  constexpr std::size_t kMapEntry = 48;
  std::size_t bytes = verdicts_.capacity() * sizeof(Verdict);
  for (const Step& step : steps_) {
    for (const StepLists& lists : step.lists) {
      bytes += lists.targets.capacity() * sizeof(Node) + lists.costs.capacity() * sizeof(Decimal) +
               lists.lists.size() * kMapEntry;
    }
  }
  charge_.set(bytes);
}

void WalkGraph::ask(std::span<const Node> nodes) {
  if (!filters()) return;
  if (verdicts_.size() < this->nodes()) verdicts_.resize(this->nodes(), Verdict::unknown);
  unknown_.clear();
  ids_.clear();
  for (const Node node : nodes) {
    if (verdicts_[node] != Verdict::unknown) continue;
    verdicts_[node] = Verdict::dropped;  // until the answer comes; a node may be here twice
    unknown_.push_back(node);
  }
  if (unknown_.empty()) return;
  for (const Node node : unknown_) ids_.push_back(id(node));
  kept_.assign(ids_.size(), false);
  inner_(ids_, kept_);
  for (std::size_t i = 0; i < unknown_.size(); ++i) {
    if (kept_[i]) verdicts_[unknown_[i]] = Verdict::kept;
  }
  charge();
}

bool WalkGraph::keeps(Node node) {
  if (!filters()) return true;
  if (node >= verdicts_.size() || verdicts_[node] == Verdict::unknown) ask({&node, 1});
  return verdicts_[node] == Verdict::kept;
}

std::vector<Id> WalkGraph::starts_of(const std::vector<Label>& labels) {
  std::vector<Label> stored;
  std::vector<Id> starts;
  for (const Label& label : labels) {
    if (!label.step) {
      stored.push_back(label);
      continue;
    }
    if (!steps_[*label.step].complete) {
      read_.clear();
      steps_source_->list_all(*label.step, read_);
      load_whole_step(*label.step);
    }
    for (const auto& [node, place] : steps_[*label.step].lists[label.inverse ? 1 : 0].lists) {
      if (place.count != 0) starts.push_back(id(node));
    }
  }
  const std::vector<Id> more = graph_.starts_of(stored);
  starts.insert(starts.end(), more.begin(), more.end());
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

}  // namespace akyn::path

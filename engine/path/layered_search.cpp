#include "engine/path/layered_search.h"

#include <algorithm>

namespace akyn::path {

namespace {

constexpr std::uint64_t kMany = Layers::kManyWalks;
// Of a layer, whose edges are read together where the search is done as soon as it meets the other side.
constexpr std::size_t kEntriesAtOnce = 256;
// How far ahead the processor is told what will be looked at: in entries, and in edges of one of them.
constexpr std::size_t kEntriesAhead = 4;
constexpr std::size_t kEdgesAhead = 16;
// Of ends, that are gathered together.
constexpr std::size_t kBundlesAtOnce = 4096;
// Walks whose ends will be looked up.
constexpr std::size_t kBundlesAhead = 16;

std::uint64_t add(std::uint64_t a, std::uint64_t b) {
  return a > kMany - b ? kMany : a + b;
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > kMany / b ? kMany : a * b;
}

}  // namespace

Layers::Layers(WalkGraph& graph, const WalkPlan& plan, const WalkWish& wish, runtime::Budget& budget)
    : graph_(graph),
      plan_(plan),
      wish_(wish),
      one_walk_(wish.count == 1 && !wish.groups),
      budget_(budget),
      index_(std::max<std::size_t>(plan.automaton.states(), 1)),
      charge_(budget) {}

void Layers::start(Node node) {
  for (const Entry& entry : entries_) index_.set(entry.node, entry.state, 0);
  entries_.clear();
  counts_.clear();
  links_.clear();
  layer_begin_ = 0;
  length_ = 0;
  for (const WalkAutomaton::State state : plan_.automaton.starts()) {
    // Not in the index: the walk of no edges may be none that counts, and INNER does not hold for it. One that comes
    // back is another.
    entries_.push_back({node, state});
    if (!one_walk_) counts_.push_back({});
  }
}

std::uint32_t Layers::find(Node node, WalkAutomaton::State state) const noexcept {
  if (length_ != 0) {
    const std::uint32_t place = index_.get(node, state);
    return place > layer_begin_ ? place - 1 : kNone;
  }
  for (std::uint32_t i = 0; i < end_entry(); ++i) {
    if (entries_[i].node == node && entries_[i].state == state) return i;
  }
  return kNone;
}

void Layers::reach(std::uint32_t from, Node node, WalkAutomaton::State state, EdgeName name) {
  const std::uint32_t place = index_.get(node, state);
  if (place != 0 && one_walk_) return;
  const std::uint64_t walks = this->walks(from);
  std::uint64_t earlier = 0;
  if (place > next_begin_) {
    Entry& entry = entries_[place - 1];
    Counts& counts = counts_[place - 1];
    if (!wish_.groups && add(counts.earlier, counts.walks) >= wish_.count) return;
    counts.walks = add(counts.walks, walks);
    if (!wish_.steps) return;
    links_.push_back({from, entry.first_link, name});
    entry.first_link = static_cast<std::uint32_t>(links_.size() - 1);
    return;
  }
  if (place != 0) {
    const Counts& counts = counts_[place - 1];
    earlier = wish_.groups ? counts.earlier + 1 : add(counts.earlier, counts.walks);
    if (earlier >= wish_.count) return;
  }
  if (entries_.size() == kNone - 1 || links_.size() == kNone - 1) {
    throw Error(ErrorCode::limit, "a path search comes to more than 2^32 steps");
  }
  std::uint32_t link = kNone;
  if (wish_.steps) {
    link = static_cast<std::uint32_t>(links_.size());
    links_.push_back({from, kNone, name});
  }
  entries_.push_back({node, state, link});
  if (!one_walk_) counts_.push_back({walks, earlier});
  index_.set(node, state, end_entry());
}

bool Layers::meets(const Layers& other, Node node, WalkAutomaton::State state) const {
  return other.find(node, state) != kNone && (other.length() == 0 || graph_.keeps(node));
}

bool Layers::advance(const Layers* other) {
  const std::uint32_t begin = layer_begin_;
  const std::uint32_t end = end_entry();
  next_begin_ = end;
  sorted_.clear();
  for (std::uint32_t i = begin; i < end; ++i) {
    if (entries_[i].inner && !plan_.automaton.from(entries_[i].state).empty()) sorted_.push_back(i);
  }
  // By state; those that are read a few at a time, as they are stored.
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (entries_[a].state != entries_[b].state) return entries_[a].state < entries_[b].state;
    if (other == nullptr) return a < b;
    return graph_.id(entries_[a].node) < graph_.id(entries_[b].node);
  };
  if (!std::is_sorted(sorted_.begin(), sorted_.end(), before)) std::sort(sorted_.begin(), sorted_.end(), before);
  const std::size_t at_once = other != nullptr ? kEntriesAtOnce : sorted_.size();
  bool met = false;
  for (std::size_t first = 0, last = 0; first < sorted_.size() && !met; first = last) {
    const WalkAutomaton::State state = entries_[sorted_[first]].state;
    nodes_.clear();
    for (last = first; last < sorted_.size() && last - first < at_once; ++last) {
      if (entries_[sorted_[last]].state != state) break;
      nodes_.push_back(entries_[sorted_[last]].node);
    }
    met = expand(std::span(sorted_).subspan(first, last - first), other);
    charge();
  }
  layer_begin_ = next_begin_;
  ++length_;
  ask_inner();
  budget_.check();
  return layer_size() != 0;
}

// To be called before the edges of nodes_[i] are looked at.
[[gnu::always_inline]] inline void Layers::look_ahead(WalkGraph::LabelNumber label, WalkAutomaton::State to,
                                                      std::size_t i) const noexcept {
  const auto ahead = [&](std::size_t steps) -> std::optional<Node> {
    const std::size_t place = i + steps * kEntriesAhead;
    return place < nodes_.size() ? std::optional(nodes_[place]) : std::nullopt;
  };
  if (const auto node = ahead(3)) graph_.expect_place(label, *node);
  if (const auto node = ahead(2)) graph_.expect_edges(label, *node);
  if (const auto node = ahead(1)) {
    const std::span<const Node> targets = graph_.edges(label, *node).targets;
    for (const Node target : targets.first(std::min(targets.size(), kEdgesAhead))) index_.expect(target, to);
  }
}

// Entries of one state, whose nodes are in nodes_. True when a walk has met `other`.
bool Layers::expand(std::span<const std::uint32_t> entries, const Layers* other) {
  bool met = false;
  for (const WalkAutomaton::Transition& transition : plan_.automaton.from(entries_[entries.front()].state)) {
    const WalkGraph::LabelNumber label = plan_.labels[transition.label];
    graph_.load(label, nodes_);
    for (std::size_t i = 0; i < entries.size() && !met; ++i) {
      budget_.step();
      if (i % kEntriesAtOnce == 0) charge();
      look_ahead(label, transition.to, i);
      const WalkGraph::Edges edges = graph_.edges(label, nodes_[i]);
      each_edge(edges, nodes_[i], transition, [&](std::size_t edge, Node target) {
        if (met) return;
        if (edge + kEdgesAhead < edges.size()) index_.expect(edges.targets[edge + kEdgesAhead], transition.to);
        reach(entries[i], target, transition.to, edges.name(edge, transition.inverse));
        met = other != nullptr && meets(*other, target, transition.to);
      });
    }
  }
  return met;
}

void Layers::ask_inner() {
  if (!graph_.filters()) return;
  nodes_.clear();
  for (std::uint32_t i = first_entry(); i < end_entry(); ++i) nodes_.push_back(entries_[i].node);
  graph_.ask(nodes_);
  for (std::uint32_t i = first_entry(); i < end_entry(); ++i) entries_[i].inner = graph_.keeps(entries_[i].node);
}

void Layers::charge() {
  charge_.set(entries_.capacity() * sizeof(Entry) + counts_.capacity() * sizeof(Counts) +
              links_.capacity() * sizeof(Link) + index_.memory_bytes() + sorted_.capacity() * sizeof(std::uint32_t) +
              nodes_.capacity() * sizeof(Node));
}

void LayeredWalks::begin(std::uint32_t entry) {
  hops_.clear();
  descend(entry);
}

void LayeredWalks::descend(std::uint32_t entry) {
  while (layers_.entry(entry).first_link != Layers::kNone) {
    hops_.push_back({entry, layers_.entry(entry).first_link});
    entry = layers_.link(hops_.back().link).from;
  }
}

bool LayeredWalks::advance() {
  while (!hops_.empty()) {
    const std::uint32_t next = layers_.link(hops_.back().link).next;
    if (next == Layers::kNone) {
      hops_.pop_back();
      continue;
    }
    hops_.back().link = next;
    descend(layers_.link(next).from);
    return true;
  }
  return false;
}

LayeredSearch::LayeredSearch(WalkGraph& graph, const WalkPlan& forward, const WalkPlan& back, WalkWish wish,
                             runtime::Budget& budget)
    : graph_(graph),
      wish_(wish),
      budget_(budget),
      forward_(graph, forward, wish_, budget),
      back_(graph, back, wish_, budget),
      forward_walks_(forward_),
      back_walks_(back_),
      charge_(budget) {
  std::size_t accepting = 0;
  for (WalkAutomaton::State state = 0; state < forward.automaton.states(); ++state) {
    accepting += forward.automaton.accepts(state) ? 1 : 0;
  }
  each_once_ = wish_.count == 1 && !wish_.groups && accepting == 1;
}

void LayeredSearch::begin(Node from, std::optional<Node> to) {
  from_ = from;
  to_ = to;
  given_ = 0;
  left_ = 0;
  for (const End& end : ends_) end_index_.set(end.node, 0, 0);
  ends_.clear();
  bundles_.clear();
  next_bundle_ = 0;
  next_end_ = 0;
  forward_.start(from);
  done_ = forward_.layer_size() == 0;
  if (to) {
    back_.start(*to);
    back_moved_ = false;
    done_ = done_ || back_.layer_size() == 0;
    gather_meetings();
  } else {
    gather_ends();
  }
}

bool LayeredSearch::advance() {
  bundles_.clear();
  next_bundle_ = 0;
  if (done_) return false;
  const std::size_t length = forward_.length() + (to_ ? back_.length() : 0);
  if (wish_.max_length && length >= *wish_.max_length) return false;
  back_moved_ = to_ && back_.layer_size() < forward_.layer_size();
  Layers& side = back_moved_ ? back_ : forward_;
  const Layers* const other = back_moved_ ? &forward_ : &back_;
  const bool one_is_enough = to_ && wish_.count == 1 && !wish_.groups;
  if (!side.advance(one_is_enough ? other : nullptr)) {
    done_ = true;
    return false;
  }
  if (to_) {
    gather_meetings();
  } else {
    next_end_ = forward_.first_entry();
    gather_ends();
  }
  return true;
}

void LayeredSearch::gather_ends() {
  const std::size_t length = forward_.length();
  bundles_.clear();
  next_bundle_ = 0;
  while (next_end_ < forward_.end_entry() && bundles_.size() < kBundlesAtOnce) {
    const std::uint32_t i = next_end_++;
    const Layers::Entry& entry = forward_.entry(i);
    if (!forward_.automaton().accepts(entry.state)) continue;
    if (length == 0 && wish_.graph_nodes_only && !graph_.contains(entry.node)) continue;
    if (each_once_ && entry.node != from_) {
      bundles_.push_back({i, Layers::kNone, 1});
      continue;
    }
    std::uint32_t place = end_index_.get(entry.node, 0);
    if (place == 0) {
      ends_.push_back({entry.node, length, 0});
      place = static_cast<std::uint32_t>(ends_.size());
      end_index_.set(entry.node, 0, place);
    }
    End& end = ends_[place - 1];
    if (wish_.groups) {
      const bool same_group = end.given != 0 && end.length == length;
      if (!same_group && end.given == wish_.count) continue;
      end.given += same_group ? 0 : 1;
      end.length = length;
      bundles_.push_back({i, Layers::kNone, forward_.walks(i)});
      continue;
    }
    const std::uint64_t walks = std::min(forward_.walks(i), wish_.count - end.given);
    if (walks == 0) continue;
    end.given += walks;
    bundles_.push_back({i, Layers::kNone, walks});
  }
  charge_.set(ends_.capacity() * sizeof(End) + bundles_.capacity() * sizeof(Bundle) + end_index_.memory_bytes());
}

void LayeredSearch::gather_meetings() {
  if (done_) return;
  const Layers& side = back_moved_ ? back_ : forward_;
  const Layers& other = back_moved_ ? forward_ : back_;
  const std::size_t length = forward_.length() + back_.length();
  if (length == 0 && wish_.graph_nodes_only && !graph_.contains(from_)) return;
  const bool between = forward_.length() != 0 && back_.length() != 0;
  for (std::uint32_t i = side.first_entry(); i < side.end_entry(); ++i) {
    const Layers::Entry& entry = side.entry(i);
    if (between && !entry.inner) continue;
    const std::uint32_t met = other.find(entry.node, entry.state);
    if (met == Layers::kNone) continue;
    std::uint64_t walks = multiply(side.walks(i), other.walks(met));
    if (!wish_.groups) {
      walks = std::min(walks, wish_.count - given_);
      given_ += walks;
    }
    if (walks == 0) break;
    bundles_.push_back(back_moved_ ? Bundle{met, i, walks} : Bundle{i, met, walks});
    if (wish_.only_whether) break;
  }
  if (wish_.groups && !bundles_.empty()) ++given_;
  done_ = given_ == wish_.count;
}

void LayeredSearch::open(const Bundle& bundle) {
  left_ = bundle.walks;
  if (!wish_.steps) return;
  forward_walks_.begin(bundle.forward);
  if (bundle.back != Layers::kNone) back_walks_.begin(bundle.back);
}

bool LayeredSearch::to_next_walk() {
  if (left_ > 0) --left_;
  if (left_ > 0) {
    if (!wish_.steps || forward_walks_.advance()) return true;
    const Bundle& bundle = bundles_[next_bundle_ - 1];
    if (bundle.back != Layers::kNone && back_walks_.advance()) {
      forward_walks_.begin(bundle.forward);
      return true;
    }
    left_ = 0;
  }
  while (next_bundle_ == bundles_.size()) {
    if (!to_ && next_end_ < forward_.end_entry()) {
      gather_ends();
    } else if (!advance()) {
      return false;
    }
  }
  if (next_bundle_ + kBundlesAhead < bundles_.size()) {
    graph_.expect_id(forward_.entry(bundles_[next_bundle_ + kBundlesAhead].forward).node);
  }
  open(bundles_[next_bundle_++]);
  return true;
}

bool LayeredSearch::next(FoundWalk& found) {
  budget_.step();
  if (!to_next_walk()) return false;
  give(found);
  if (wish_.only_whether) left_ = 0;
  return true;
}

void LayeredSearch::give(FoundWalk& found) const {
  const Bundle& bundle = bundles_[next_bundle_ - 1];
  found.from = from_;
  found.to = to_ ? *to_ : forward_.entry(bundle.forward).node;
  found.length = forward_.length() + (to_ ? back_.length() : 0);
  found.steps.clear();
  if (!wish_.steps) return;
  forward_walks_.each_backwards([&](EdgeName name, Node to) { found.steps.push_back({name, to}); });
  std::reverse(found.steps.begin(), found.steps.end());
  if (bundle.back == Layers::kNone) return;
  back_walks_.each_from([&](EdgeName name, Node to) { found.steps.push_back({name, to}); });
}

}  // namespace akyn::path

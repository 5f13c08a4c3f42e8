#include "engine/path/graph.h"

#include <algorithm>
#include <utility>

#include "engine/storage/keys.h"

namespace akyn::path {

namespace {

// Bytes that a row of a scan may come to take: a target, and two nodes with their lists.
constexpr std::uint64_t kRowBytes = 64;

void sort_unique(std::vector<Id>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

Graph::Graph(const runtime::ActiveGraph& graph, runtime::LocalTerms& terms, runtime::Budget& budget,
             std::uint64_t lookup_cost)
    : graph_(graph),
      terms_(terms),
      budget_(budget),
      version_(terms.snapshot().version()),
      charge_(budget),
      lookup_cost_(lookup_cost) {}

Graph::LabelNumber Graph::label(const Label& label) {
  const auto same = [&](const Edges& edges) { return edges.label == label; };
  const auto found = std::find_if(edges_.begin(), edges_.end(), same);
  if (found != edges_.end()) return static_cast<LabelNumber>(found - edges_.begin());
  Edges& edges = edges_.emplace_back();
  edges.label = label;
  edges.rows = edge_count(label);
  forget(edges);
  return edges_.size() - 1;
}

void Graph::forget(Edges& edges) {
  edges.lists = {};
  edges.targets = {0};
  edges.complete = edges.rows == 0;
  edges.lookups = 0;
}

std::uint64_t Graph::edge_count(const Label& label) const {
  return rows_of(*version_, scan_ranges(*version_, graph_, label));
}

std::vector<EdgeCursor> Graph::cursors(const Label& label) const {
  std::vector<EdgeCursor> cursors;
  for (EdgeRange& range : lookup_ranges(*version_, graph_, label)) cursors.emplace_back(version_, std::move(range));
  return cursors;
}

bool Graph::pays_to_load_all(const Edges& edges, std::size_t lookups) const {
  return (edges.lookups + lookups) * lookup_cost_ >= edges.rows && edges.rows * kRowBytes <= budget_.available() / 2;
}

void Graph::mark_contained(Node node) {
  if (presence_.size() <= node) presence_.resize(std::max<std::size_t>(nodes_.size(), node + 1), Presence::unknown);
  presence_[node] = Presence::present;
}

bool Graph::contains(Node node) {
  if (presence_.size() <= node) presence_.resize(nodes_.size(), Presence::unknown);
  if (presence_[node] == Presence::unknown) {
    presence_[node] = graph_.has_node(id(node), terms_, budget_) ? Presence::present : Presence::absent;
  }
  return presence_[node] == Presence::present;
}

void Graph::set_list(Edges& edges, Node node, std::span<const Id> targets) {
  if (edges.lists.size() <= node) edges.lists.resize(nodes_.size(), kUnknown);
  if (targets.empty()) {
    edges.lists[node] = 0;
    return;
  }
  edges.lists[node] = edges.targets.size();
  edges.targets.push_back(static_cast<Node>(targets.size()));
  for (const Id target : targets) {
    edges.targets.push_back(nodes_.number(target));
    mark_contained(edges.targets.back());
  }
  mark_contained(node);
}

void Graph::load(LabelNumber label, std::span<const Node> nodes) {
  Edges& edges = edges_[label];
  if (edges.complete) return;
  missing_.clear();
  for (const Node node : nodes) {
    if (node >= edges.lists.size() || edges.lists[node] == kUnknown) missing_.push_back(node);
  }
  if (missing_.empty()) return;
  if (pays_to_load_all(edges, missing_.size())) {
    load_all(label);
    return;
  }
  edges.lookups += missing_.size();
  std::sort(missing_.begin(), missing_.end(), [this](Node a, Node b) { return id(a) < id(b); });
  if (edges.cursors.empty()) edges.cursors = cursors(edges.label);
  for (const Node node : missing_) {
    budget_.step();
    targets_.clear();
    const Id id = this->id(node);
    if (!id.is_local()) {
      for (EdgeCursor& cursor : edges.cursors) cursor.targets(id, targets_);
    }
    if (edges.cursors.size() > 1) sort_unique(targets_);
    set_list(edges, node, targets_);
  }
  charge();
}

void Graph::load_all(LabelNumber label) {
  Edges& edges = edges_[label];
  if (edges.complete) return;
  forget(edges);
  edges.cursors.clear();
  struct Link {
    Node from;
    Node to;
  };
  std::vector<Link> read;
  read.reserve(edges.rows);
  runtime::Charge reading(budget_);
  reading.add(edges.rows * sizeof(Link));
  Id last;
  Node last_node = 0;
  for (const EdgeRange& range : scan_ranges(*version_, graph_, edges.label)) {
    scan_edges(
        version_, range, [this] { budget_.check(); },
        [&](Id node, Id target) {
          if (node != last) {
            last = node;
            last_node = nodes_.number(node);
          }
          const Link link{last_node, nodes_.number(target)};
          if (read.empty() || read.back().from != link.from || read.back().to != link.to) read.push_back(link);
        });
  }

  // Counts, then places: each list where it belongs.
  edges.lists.assign(nodes_.size(), 0);
  for (const Link& link : read) ++edges.lists[link.from];
  std::size_t lists = 0;
  for (const std::uint64_t count : edges.lists) lists += count != 0 ? 1 : 0;
  edges.targets.resize(1 + lists + read.size());
  std::uint64_t next = 1;
  for (std::uint64_t& list : edges.lists) {
    if (list == 0) continue;
    const std::uint64_t count = std::exchange(list, next);
    edges.targets[next] = 0;
    next += count + 1;
  }
  if (presence_.size() < nodes_.size()) presence_.resize(nodes_.size(), Presence::unknown);
  for (const Link& link : read) {
    const std::uint64_t list = edges.lists[link.from];
    edges.targets[list + ++edges.targets[list]] = link.to;
    presence_[link.from] = presence_[link.to] = Presence::present;
  }
  edges.complete = true;
  charge();
}

std::vector<Id> Graph::starts_of(const std::vector<Label>& labels) {
  std::vector<Id> starts;
  runtime::Charge charge(budget_);
  std::size_t charged = 0;
  for (const Label& label : labels) {
    for (const EdgeRange& range : scan_ranges(*version_, graph_, label)) {
      scan_edges(
          version_, range,
          [&] {
            budget_.check();
            charge.add((starts.capacity() - charged) * sizeof(Id));
            charged = starts.capacity();
          },
          [&](Id node, Id) {
            if (starts.empty() || starts.back() != node) starts.push_back(node);
          });
    }
  }
  sort_unique(starts);
  return starts;
}

std::vector<Id> Graph::all_nodes() {
  return starts_of({{false, true, {}}, {true, true, {}}});
}

// Ids of a dictionary are dense enough for steps of equal size through their numbers to come by nodes everywhere.
std::vector<Id> Graph::sample(const Label& label, std::size_t count) const {
  std::vector<Id> nodes;
  for (const EdgeRange& range : lookup_ranges(*version_, graph_, label)) {
    const auto cursor = storage::open_cursor(version_, range.order, storage::RowRange::prefix(range.prefix),
                                             storage::column_bit(range.node));
    storage::RowBatch rows;
    std::uint64_t step = 0;
    for (std::size_t i = 0; i < count && cursor->next(rows, 1); ++i) {
      const Id node = Id::from_bits(rows.column(range.node)[0]);
      nodes.push_back(node);
      if (i == 0) {
        const std::uint64_t end =
            node.type() == IdType::blank ? version_->counters.next_blank : version_->dictionary->next_number();
        step = node.is_inlined() || end <= node.payload() ? 1 : (end - node.payload()) / count + 1;
      }
      storage::RowPrefix prefix = range.prefix;
      prefix.append(node.bits() + step);
      cursor->seek(prefix);
    }
  }
  sort_unique(nodes);
  return nodes;
}

std::size_t Graph::memory_bytes() const noexcept {
  std::size_t bytes = nodes_.memory_bytes() + presence_.capacity();
  for (const Edges& edges : edges_) {
    bytes += edges.lists.capacity() * sizeof(std::uint64_t) + edges.targets.capacity() * sizeof(Node);
  }
  return bytes;
}

void Graph::charge() {
  const std::size_t bytes = memory_bytes();
  if (bytes <= charged_) return;
  charge_.add(bytes - charged_);
  charged_ = bytes;
}

void Graph::forget_if_large() {
  if (uses_ != 0 || memory_bytes() < budget_.available()) return;
  for (Edges& edges : edges_) forget(edges);
  nodes_.clear();
  presence_ = {};
  charge_.clear();
  charged_ = 0;
}

}  // namespace akyn::path

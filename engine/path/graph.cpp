#include "engine/path/graph.h"

#include <algorithm>
#include <utility>

#include "engine/storage/keys.h"

namespace akyn::path {

namespace {

// Bytes that a row of a scan may come to take: a target, and two nodes with their lists.
constexpr std::uint64_t kRowBytes = 64;
constexpr std::size_t kRowsAhead = 64;

template <class T>
void sort_unique(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
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

Graph::LabelNumber Graph::label(const Label& label, bool predicates) {
  const auto same = [&](const Edges& edges) { return edges.label == label && edges.keeps_predicates == predicates; };
  const auto found = std::find_if(edges_.begin(), edges_.end(), same);
  if (found != edges_.end()) return static_cast<LabelNumber>(found - edges_.begin());
  Edges& edges = edges_.emplace_back();
  edges.label = label;
  edges.keeps_predicates = predicates;
  edges.rows = edge_count(label);
  forget(edges);
  return edges_.size() - 1;
}

void Graph::forget(Edges& edges) {
  edges.lists = {};
  edges.targets = {0};
  edges.predicates = {0};
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

void Graph::begin_list(Edges& edges, Node node, std::size_t size) {
  if (edges.lists.size() <= node) edges.lists.resize(nodes_.size(), kUnknown);
  edges.lists[node] = size == 0 ? 0 : edges.targets.size();
  if (size == 0) return;
  edges.targets.push_back(static_cast<Node>(size));
  mark_contained(node);
}

void Graph::set_list(Edges& edges, Node node, std::span<const Id> targets) {
  begin_list(edges, node, targets.size());
  for (const Id target : targets) {
    edges.targets.push_back(nodes_.number(target));
    mark_contained(edges.targets.back());
  }
}

void Graph::set_whole_list(Edges& edges, Node node, std::span<const Edge> list) {
  begin_list(edges, node, list.size());
  if (!list.empty()) edges.predicates.push_back(0);
  for (const Edge& edge : list) {
    edges.targets.push_back(nodes_.number(edge.target));
    edges.predicates.push_back(predicates_.number(edge.predicate));
    mark_contained(edges.targets.back());
  }
}

// Brings all lists into the order of their edges and takes out what is there twice.
void Graph::sort_lists(Edges& edges) {
  std::vector<Edge> list;
  for (const std::uint64_t place : edges.lists) {
    if (place == 0) continue;
    budget_.step();
    list.clear();
    for (std::uint64_t i = place + 1; i <= place + edges.targets[place]; ++i) {
      list.push_back({id(edges.targets[i]), edges.keeps_predicates ? predicates_.id(edges.predicates[i]) : Id()});
    }
    sort_unique(list);
    edges.targets[place] = static_cast<Node>(list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
      edges.targets[place + 1 + i] = nodes_.number(list[i].target);
      if (edges.keeps_predicates) edges.predicates[place + 1 + i] = predicates_.number(list[i].predicate);
    }
  }
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
    const Id id = this->id(node);
    if (edges.keeps_predicates) {
      whole_.clear();
      if (!id.is_local()) {
        for (EdgeCursor& cursor : edges.cursors) cursor.edges(id, whole_);
      }
      sort_unique(whole_);
      set_whole_list(edges, node, whole_);
      continue;
    }
    targets_.clear();
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
  // As many numbers as rows, or so: then they are dense enough.
  if (version_->dictionary->next_number() / 2 <= edges.rows) {
    nodes_.look_up_directly(version_->dictionary->next_number());
  }
  const std::vector<EdgeRange> ranges = scan_ranges(*version_, graph_, edges.label);
  if (ranges.size() == 1 && ranges.front().sorted()) {
    read_lists(edges, ranges.front());
  } else {
    read_links(edges, ranges);
  }
  edges.complete = true;
  charge();
}

void Graph::scan(const Edges& edges, const EdgeRange& range, const UseWholeEdge& use) const {
  // Targets are all over the table: those of the next rows are on their way while a row waits.
  struct Row {
    Id node;
    Edge edge;
  };
  std::vector<Row> rows;
  rows.reserve(kRowsAhead);
  const auto use_all = [&] {
    for (const Row& row : rows) use(row.node, row.edge);
    rows.clear();
  };
  const auto add = [&](Id node, Edge edge) {
    nodes_.expect(edge.target);
    rows.push_back({node, edge});
    if (rows.size() == kRowsAhead) use_all();
  };
  const auto check = [this] { budget_.check(); };
  if (edges.keeps_predicates) {
    scan_whole_edges(version_, range, check, add);
  } else {
    scan_edges(version_, range, check, [&](Id node, Id target) { add(node, {target, Id()}); });
  }
  use_all();
}

// From rows that come as lists are: by nodes, then by where they lead.
void Graph::read_lists(Edges& edges, const EdgeRange& range) {
  runtime::Charge reading(budget_);
  edges.targets.reserve(edges.rows + edges.rows / 4);
  if (edges.keeps_predicates) edges.predicates.reserve(edges.targets.capacity());
  reading.add(edges.targets.capacity() * sizeof(Node) + edges.predicates.capacity() * sizeof(std::uint32_t));
  Id last;
  Edge last_edge;
  std::size_t list = 0;
  scan(edges, range, [&](Id from, Edge edge) {
    if (from != last) {
      last = from;
      list = edges.targets.size();
      begin_list(edges, nodes_.number(from), 1);
      if (edges.keeps_predicates) edges.predicates.push_back(0);
    } else if (edge == last_edge) {
      return;
    } else {
      ++edges.targets[list];
    }
    last_edge = edge;
    edges.targets.push_back(nodes_.number(edge.target));
    if (edges.keeps_predicates) edges.predicates.push_back(predicates_.number(edge.predicate));
    mark_contained(edges.targets.back());
  });
}

// From rows in any order.
void Graph::read_links(Edges& edges, const std::vector<EdgeRange>& ranges) {
  struct Link {
    Node from;
    Node to;
  };
  std::vector<Link> read;
  read.reserve(edges.rows);
  runtime::Charge reading(budget_);
  reading.add(edges.rows * sizeof(Link));
  std::vector<std::uint32_t> predicates;  // of those, where they are remembered
  if (edges.keeps_predicates) {
    predicates.reserve(edges.rows);
    reading.add(edges.rows * sizeof(std::uint32_t));
  }
  Id last;
  Node last_node = 0;
  for (const EdgeRange& range : ranges) {
    scan(edges, range, [&](Id from, Edge edge) {
      if (from != last) {
        last = from;
        last_node = nodes_.number(from);
      }
      read.push_back({last_node, nodes_.number(edge.target)});
      if (edges.keeps_predicates) predicates.push_back(predicates_.number(edge.predicate));
    });
  }

  // Counts, then places: each list where it belongs.
  edges.lists.assign(nodes_.size(), 0);
  for (const Link& link : read) ++edges.lists[link.from];
  std::size_t lists = 0;
  for (const std::uint64_t count : edges.lists) lists += count != 0 ? 1 : 0;
  edges.targets.resize(1 + lists + read.size());
  if (edges.keeps_predicates) edges.predicates.resize(edges.targets.size());
  std::uint64_t next = 1;
  for (std::uint64_t& list : edges.lists) {
    if (list == 0) continue;
    const std::uint64_t count = std::exchange(list, next);
    edges.targets[next] = 0;
    next += count + 1;
  }
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Link& link = read[i];
    const std::uint64_t list = edges.lists[link.from];
    const std::uint64_t place = list + ++edges.targets[list];
    edges.targets[place] = link.to;
    if (edges.keeps_predicates) edges.predicates[place] = predicates[i];
    mark_contained(link.from);
    mark_contained(link.to);
  }
  if (ranges.size() > 1) sort_lists(edges);
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
    bytes += edges.lists.capacity() * sizeof(std::uint64_t) + edges.targets.capacity() * sizeof(Node) +
             edges.predicates.capacity() * sizeof(std::uint32_t);
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
  ++forgotten_;
  nodes_.clear();
  presence_ = {};
  charge_.clear();
  charged_ = 0;
}

}  // namespace akyn::path

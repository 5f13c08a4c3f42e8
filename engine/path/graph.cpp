#include "engine/path/graph.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/storage/keys.h"

namespace akyn::path {

namespace {

// Bytes that a row of a scan may come to take: a target, and two nodes with their lists.
constexpr std::uint64_t kRowBytes = 64;
constexpr std::ptrdiff_t kListsAhead = 8;

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

void Graph::mark_contained(std::size_t first) {
  presence_.resize(first, Presence::unknown);
  presence_.resize(nodes_.size(), Presence::present);
}

bool Graph::contains(Node node) {
  if (presence_.size() <= node) presence_.resize(nodes_.size(), Presence::unknown);
  Presence& presence = presence_[node];
  if (presence == Presence::unknown) {
    const auto has_edges = [&](const Edges& edges) {
      return node < edges.lists.size() && edges.lists[node] != kUnknown && edges.lists[node] != 0;
    };
    const bool present =
        std::any_of(edges_.begin(), edges_.end(), has_edges) || graph_.has_node(id(node), terms_, budget_);
    presence = present ? Presence::present : Presence::absent;
  }
  return presence == Presence::present;
}

void Graph::begin_list(Edges& edges, Node node, std::size_t size) {
  if (edges.lists.size() <= node) edges.lists.resize(nodes_.size(), kUnknown);
  edges.lists[node] = size == 0 ? 0 : edges.targets.size();
  if (size == 0) return;
  edges.targets.push_back(static_cast<Node>(size));
}

void Graph::set_list(Edges& edges, Node node, std::span<const Id> targets) {
  begin_list(edges, node, targets.size());
  for (const Id target : targets) edges.targets.push_back(nodes_.number(target));
}

void Graph::set_whole_list(Edges& edges, Node node, std::span<const Edge> list) {
  begin_list(edges, node, list.size());
  if (!list.empty()) edges.predicates.push_back(0);
  for (const Edge& edge : list) {
    edges.targets.push_back(nodes_.number(edge.target));
    edges.predicates.push_back(predicates_.number(edge.predicate));
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
  const std::size_t known = nodes_.size();
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
  mark_contained(known);
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
    edges.lists.reserve(version_->dictionary->next_number());
  }
  const std::size_t known = nodes_.size();
  const std::vector<EdgeRange> ranges = scan_ranges(*version_, graph_, edges.label);
  if (ranges.size() == 1 && ranges.front().sorted()) {
    read_lists(edges, ranges.front());
  } else {
    read_links(edges, ranges);
  }
  edges.complete = true;
  mark_contained(known);
  charge();
}

template <class UseRows>
void Graph::scan(const Edges& edges, const EdgeRange& range, UseRows use) {
  scan_edges(version_, range, edges.keeps_predicates, [&](const EdgeRows& rows) {
    budget_.check();
    nodes_.numbers(rows.targets, numbers_);
    use(rows, std::span<const Node>(numbers_));
  });
}

// From rows that come as lists are: by nodes, then by where they lead.
void Graph::read_lists(Edges& edges, const EdgeRange& range) {
  runtime::Charge reading(budget_);
  edges.targets.reserve(edges.rows + edges.rows / 4);
  if (edges.keeps_predicates) edges.predicates.reserve(edges.targets.capacity());
  reading.add(edges.targets.capacity() * sizeof(Node) + edges.predicates.capacity() * sizeof(std::uint32_t));
  const auto edge_of = [&](const EdgeRows& rows, std::size_t row) {
    return Edge{Id::from_bits(rows.targets[row]), edges.keeps_predicates ? Id::from_bits(rows.predicates[row]) : Id()};
  };
  std::uint64_t last = 0;
  Edge last_edge;
  std::size_t list = 0;
  std::vector<std::uint64_t> starts;
  std::vector<Node> start_numbers;
  scan(edges, range, [&](const EdgeRows& rows, std::span<const Node> targets) {
    starts.clear();
    std::unique_copy(rows.nodes.begin(), rows.nodes.end(), std::back_inserter(starts));
    nodes_.numbers(starts, start_numbers);
    if (edges.lists.size() < nodes_.size()) edges.lists.resize(nodes_.size(), kUnknown);
    auto start = start_numbers.begin() + (starts.front() == last ? 1 : 0);
    for (std::size_t row = 0; row < targets.size(); ++row) {
      const Edge edge = edge_of(rows, row);
      if (rows.nodes[row] != last) {
        last = rows.nodes[row];
        list = edges.targets.size();
        if (start_numbers.end() - start > kListsAhead) __builtin_prefetch(&edges.lists[start[kListsAhead]], 1);
        begin_list(edges, *start++, 1);
        if (edges.keeps_predicates) edges.predicates.push_back(0);
      } else if (edge == last_edge) {
        continue;
      } else {
        ++edges.targets[list];
      }
      last_edge = edge;
      edges.targets.push_back(targets[row]);
      if (edges.keeps_predicates) edges.predicates.push_back(predicates_.number(edge.predicate));
    }
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
  std::vector<Node> starts;
  for (const EdgeRange& range : ranges) {
    scan(edges, range, [&](const EdgeRows& rows, std::span<const Node> targets) {
      nodes_.numbers(rows.nodes, starts);
      for (std::size_t row = 0; row < targets.size(); ++row) read.push_back({starts[row], targets[row]});
      if (!edges.keeps_predicates) return;
      for (const std::uint64_t bits : rows.predicates) predicates.push_back(predicates_.number(Id::from_bits(bits)));
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
  }
  if (ranges.size() > 1) sort_lists(edges);
}

std::vector<Id> Graph::starts_of(const std::vector<Label>& labels) {
  std::vector<Id> starts;
  runtime::Charge charge(budget_);
  std::size_t charged = 0;
  for (const Label& label : labels) {
    for (const EdgeRange& range : scan_ranges(*version_, graph_, label)) {
      scan_edges(version_, range, false, [&](const EdgeRows& rows) {
        budget_.check();
        charge.add((starts.capacity() - charged) * sizeof(Id));
        charged = starts.capacity();
        for (const std::uint64_t bits : rows.nodes) {
          if (starts.empty() || starts.back().bits() != bits) starts.push_back(Id::from_bits(bits));
        }
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

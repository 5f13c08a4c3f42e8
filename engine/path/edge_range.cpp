#include "engine/path/edge_range.h"

#include <algorithm>
#include <span>
#include <utility>

#include "engine/storage/gallop.h"
#include "engine/storage/keys.h"

namespace akyn::path {

namespace {

using storage::GraphScope;
using storage::Partition;
using storage::Permutation;
using storage::RowPrefix;

// More graphs than this are read as all named graphs, those that do not count left out.
constexpr std::size_t kMaxSingleGraphs = 4;
constexpr std::size_t kMinReadAhead = 16;

// The parts of the store that an active graph reads.
struct Parts {
  bool default_graph = false;
  bool named_graphs = false;                                // all of them, or `among`
  std::shared_ptr<const std::vector<std::uint64_t>> among;  // instances; null: all
  std::vector<std::uint64_t> instances;                     // graphs read one by one
};

Parts parts_of(const storage::Version& version, const runtime::ActiveGraph& graph) {
  Parts parts;
  for (const GraphScope& scope : graph.scopes()) {
    parts.default_graph =
        parts.default_graph || scope.kind == GraphScope::Kind::default_graph || scope.kind == GraphScope::Kind::all;
    parts.named_graphs =
        parts.named_graphs || scope.kind == GraphScope::Kind::all_named || scope.kind == GraphScope::Kind::all;
    if (scope.kind != GraphScope::Kind::named) continue;
    if (const auto entry = version.graphs.find(scope.graph)) parts.instances.push_back(entry->instance);
  }
  auto& instances = parts.instances;
  std::sort(instances.begin(), instances.end());
  instances.erase(std::unique(instances.begin(), instances.end()), instances.end());
  if (parts.named_graphs) {
    instances.clear();
  } else if (instances.size() > kMaxSingleGraphs) {
    parts.named_graphs = true;
    parts.among = std::make_shared<const std::vector<std::uint64_t>>(std::exchange(instances, {}));
  }
  return parts;
}

std::size_t place_of(Permutation order, std::uint8_t column) {
  const storage::ColumnOrder columns = storage::columns_of(order);
  return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), column) - columns.begin());
}

EdgeRange make_range(Partition partition, Permutation order, const RowPrefix& prefix, const Label& label) {
  constexpr std::uint8_t kSubject = 0;
  constexpr std::uint8_t kPredicate = 1;
  constexpr std::uint8_t kObject = 2;
  EdgeRange range;
  range.order = storage::order_tag(partition, order);
  range.prefix = prefix;
  range.node = place_of(order, label.inverse ? kObject : kSubject);
  range.target = place_of(order, label.inverse ? kSubject : kObject);
  const std::size_t predicate = place_of(order, kPredicate);
  if (predicate < prefix.size()) return range;
  range.predicate = predicate;
  if (label.negated) {
    range.excluded = label.predicates;
  } else {
    range.wanted = label.predicates.front();
  }
  return range;
}

std::vector<EdgeRange> ranges_of(const storage::Version& version, const runtime::ActiveGraph& graph, const Label& label,
                                 bool for_lookup) {
  const Parts parts = parts_of(version, graph);
  std::vector<EdgeRange> ranges;
  // Where all graphs lie together, predicates come first; those of negated labels come last, so that edges between the
  // same nodes come in a row.
  const RowPrefix shared_prefix = label.negated ? RowPrefix() : RowPrefix({label.predicates.front().bits()});
  Permutation shared = label.inverse ? Permutation::pos : Permutation::pso;
  if (label.negated) shared = label.inverse ? Permutation::osp : Permutation::sop;
  if (parts.default_graph) ranges.push_back(make_range(Partition::default_graph, shared, shared_prefix, label));
  if (parts.named_graphs) {
    ranges.push_back(make_range(Partition::named_graphs, shared, shared_prefix, label));
    ranges.back().graphs = parts.among;
  }
  for (const std::uint64_t instance : parts.instances) {
    RowPrefix prefix{instance};
    Permutation order = label.inverse ? Permutation::gosp : Permutation::gspo;
    if (!label.negated && (label.inverse || !for_lookup)) {
      order = Permutation::gpos;
      prefix.append(label.predicates.front().bits());
    }
    ranges.push_back(make_range(Partition::named_graphs, order, prefix, label));
  }
  return ranges;
}

}  // namespace

storage::ColumnMask EdgeRange::columns(bool with_predicate) const noexcept {
  auto mask = static_cast<storage::ColumnMask>(storage::column_bit(node) | storage::column_bit(target));
  const bool chooses = wanted.has_value() || !excluded.empty();
  if (predicate && (with_predicate || chooses)) {
    mask = static_cast<storage::ColumnMask>(mask | storage::column_bit(*predicate));
  }
  if (graphs != nullptr) mask = static_cast<storage::ColumnMask>(mask | storage::column_bit(3));
  return mask;
}

bool EdgeRange::takes(const storage::RowBatch& rows, std::size_t row) const noexcept {
  if (wanted || !excluded.empty()) {
    const Id id = Id::from_bits(rows.column(*predicate)[row]);
    if (wanted ? id != *wanted : std::binary_search(excluded.begin(), excluded.end(), id)) return false;
  }
  return graphs == nullptr || std::binary_search(graphs->begin(), graphs->end(), rows.column(3)[row]);
}

std::vector<EdgeRange> lookup_ranges(const storage::Version& version, const runtime::ActiveGraph& graph,
                                     const Label& label) {
  return ranges_of(version, graph, label, true);
}

std::vector<EdgeRange> scan_ranges(const storage::Version& version, const runtime::ActiveGraph& graph,
                                   const Label& label) {
  return ranges_of(version, graph, label, false);
}

std::uint64_t rows_of(const storage::Version& version, const std::vector<EdgeRange>& ranges) {
  std::int64_t rows = 0;
  for (const EdgeRange& range : ranges) rows += version.row_count(range.order, storage::RowRange::prefix(range.prefix));
  return static_cast<std::uint64_t>(std::max<std::int64_t>(rows, 0));
}

storage::RowPrefix EdgeCursor::prefix_of(Id node) const {
  RowPrefix prefix = range_.prefix;
  prefix.append(node.bits());
  if (range_.wanted && *range_.predicate == range_.node + 1) prefix.append(range_.wanted->bits());
  return prefix;
}

void EdgeCursor::open(Id node) {
  storage::RowRange range = storage::RowRange::prefix(range_.prefix);
  range.lower = prefix_of(node);
  cursor_ = storage::open_cursor(version_, range_.order, range, range_.columns(true));
  rows_.clear();
  row_ = 0;
  read_ahead_ = kMinReadAhead;
}

bool EdgeCursor::refill() {
  row_ = 0;
  return cursor_->next(rows_, read_ahead_);
}

bool EdgeCursor::find(Id node) {
  if (cursor_ == nullptr || node <= last_) {
    open(node);
    last_ = node;
    return refill();
  }
  last_ = node;
  if (row_ < rows_.rows()) {
    const auto nodes = rows_.column(range_.node);
    row_ = storage::gallop(row_, rows_.rows(), [&](std::size_t row) { return nodes[row] < node.bits(); });
  }
  if (row_ < rows_.rows()) {
    read_ahead_ = std::min(2 * read_ahead_, storage::kBatchRows);
    return true;
  }
  read_ahead_ = std::max(read_ahead_ / 2, kMinReadAhead);
  cursor_->seek(prefix_of(node));
  return refill();
}

template <class Use>
void EdgeCursor::each_row(Id node, Use use) {
  if (!find(node)) return;
  const bool takes_all = range_.takes_all();
  for (;;) {
    const auto nodes = rows_.column(range_.node);
    for (; row_ < rows_.rows(); ++row_) {
      if (nodes[row_] != node.bits()) return;
      if (takes_all || range_.takes(rows_, row_)) use(row_);
    }
    read_ahead_ = std::min(2 * read_ahead_, storage::kBatchRows);
    if (!refill()) return;
  }
}

void EdgeCursor::targets(Id node, std::vector<Id>& out) {
  const std::size_t before = out.size();
  each_row(node, [&](std::size_t row) {
    const Id target = Id::from_bits(rows_.column(range_.target)[row]);
    if (out.size() == before || out.back() != target) out.push_back(target);
  });
}

void EdgeCursor::edges(Id node, std::vector<Edge>& out) {
  each_row(node, [&](std::size_t row) {
    out.push_back(
        {Id::from_bits(rows_.column(range_.target)[row]), Id::from_bits(rows_.column(*range_.predicate)[row])});
  });
}

void scan_edges(const std::shared_ptr<const storage::Version>& version, const EdgeRange& range, bool with_predicates,
                const std::function<void(const EdgeRows& rows)>& use) {
  const auto cursor = storage::open_cursor(version, range.order, storage::RowRange::prefix(range.prefix),
                                           range.columns(with_predicates));
  const std::size_t columns[] = {range.node, range.target, with_predicates ? *range.predicate : range.node};
  std::vector<std::uint64_t> taken[3];
  storage::RowBatch rows;
  while (cursor->next(rows)) {
    if (range.takes_all()) {
      use({rows.column(columns[0]), rows.column(columns[1]), rows.column(columns[2])});
      continue;
    }
    for (auto& values : taken) values.clear();
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      if (!range.takes(rows, row)) continue;
      for (std::size_t i = 0; i < 3; ++i) taken[i].push_back(rows.column(columns[i])[row]);
    }
    if (!taken[0].empty()) use({taken[0], taken[1], taken[2]});
  }
}

}  // namespace akyn::path

#include "engine/plan/scan_extremes.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "engine/plan/id_order.h"
#include "engine/storage/column_ends.h"
#include "engine/storage/keys.h"

namespace akyn::plan {
namespace {

using storage::GraphScope;
using storage::Partition;
using storage::Permutation;
using storage::RowPrefix;

// Of one end in one stored order. With more, a scan is the better way.
constexpr std::size_t kMostSearches = 48;

constexpr std::uint64_t kLastId = std::numeric_limits<std::uint64_t>::max();

// Positions that the scan fixes.
std::size_t constants_of(const Scan& scan) {
  return static_cast<std::size_t>(std::ranges::count_if(scan.triple, &Position::is_constant));
}

// Whether the constants lead the order, and the position follows.
bool leads_to(const Scan& scan, Permutation order, std::size_t position) {
  const auto columns = storage::columns_of(order);
  const std::size_t constants = constants_of(scan);
  for (std::size_t i = 0; i < constants; ++i) {
    if (!scan.triple[columns[i]].is_constant()) return false;
  }
  return columns[constants] == position;
}

// The column that is asked about, in all stored orders that hold matches.
class ExtremeColumn {
 public:
  ExtremeColumn(std::shared_ptr<const storage::Version> version, runtime::Budget& budget)
      : version_(std::move(version)), budget_(budget) {}

  // False when the store has no order for it.
  [[nodiscard]] bool open(const Scan& scan, std::size_t position) {
    if (scan.graph_name) {
      if (scan.names == nullptr) return add_partition(scan, position, Partition::named_graphs);
      return std::ranges::all_of(*scan.names, [&](Id name) { return add_graph(scan, position, name); });
    }
    return std::ranges::all_of(scan.graph.scopes(), [&](GraphScope scope) {
      switch (scope.kind) {
        case GraphScope::Kind::default_graph:
          return add_partition(scan, position, Partition::default_graph);
        case GraphScope::Kind::named:
          return add_graph(scan, position, scope.graph);
        case GraphScope::Kind::all:
          return add_partition(scan, position, Partition::default_graph) &&
                 add_partition(scan, position, Partition::named_graphs);
        case GraphScope::Kind::all_named:
          return add_partition(scan, position, Partition::named_graphs);
      }
      return false;
    });
  }

  [[nodiscard]] bool is_expensive() const noexcept { return searches_ > kMostSearches; }

  // Of the values within [first, last].
  [[nodiscard]] std::optional<std::uint64_t> least(std::uint64_t first, std::uint64_t last) {
    std::optional<std::uint64_t> result;
    for (const StoredColumn& column : columns_) {
      const auto value = storage::least_value(version_, column.order, column.prefix, first, last);
      if (value && (!result || *value < *result)) result = value;
      count_search();
    }
    return result;
  }
  [[nodiscard]] std::optional<std::uint64_t> greatest(std::uint64_t first, std::uint64_t last) {
    std::optional<std::uint64_t> result;
    for (const StoredColumn& column : columns_) {
      const auto value = storage::greatest_value(version_, column.order, column.prefix, first, last);
      if (value && (!result || *value > *result)) result = value;
      count_search();
    }
    return result;
  }

 private:
  struct StoredColumn {
    storage::OrderTag order = 0;
    RowPrefix prefix;  // the columns before it
  };

  void count_search() {
    ++searches_;
    budget_.check();
  }
  [[nodiscard]] bool add_partition(const Scan& scan, std::size_t position, Partition partition) {
    // The ends may be theirs, and to go past their rows may take long.
    if (partition == Partition::named_graphs && !version_->dead.empty()) return false;
    const auto order =
        std::ranges::find_if(storage::kTripleOrders, [&](Permutation each) { return leads_to(scan, each, position); });
    return add({order_tag(partition, *order), {}}, *order, scan);
  }
  [[nodiscard]] bool add_graph(const Scan& scan, std::size_t position, Id name) {
    const auto order = std::ranges::find_if(storage::kTripleOrders, [&](Permutation each) {
      return storage::behind_graph(each).has_value() && leads_to(scan, each, position);
    });
    if (order == storage::kTripleOrders.end()) return false;
    const auto graph = version_->graphs.find(name);
    if (!graph) return true;
    return add({order_tag(Partition::named_graphs, *storage::behind_graph(*order)), RowPrefix({graph->instance})},
               *order, scan);
  }
  bool add(StoredColumn column, Permutation order, const Scan& scan) {
    const auto positions = storage::columns_of(order);
    for (std::size_t i = 0; i < constants_of(scan); ++i) column.prefix.append(scan.triple[positions[i]].id.bits());
    columns_.push_back(column);
    return columns_.size() <= kMostSearches;
  }

  std::shared_ptr<const storage::Version> version_;
  runtime::Budget& budget_;
  std::vector<StoredColumn> columns_;
  std::size_t searches_ = 0;
};

// All forms of the least value of each kind within a range.
void add_least(ExtremeColumn& column, const IdOrder& ids, const IdRange& range, std::vector<Id>& values) {
  std::uint64_t next = range.first;
  while (const std::optional first = column.least(next, range.last)) {
    const IdOrder::ValueRange alike = ids.value_range_of(*first);
    const std::uint64_t end = std::min(alike.ids.last, range.last);
    const std::uint64_t last_form = end - *first < alike.forms ? end : *first + (alike.forms - 1);
    for (std::optional form = first; form && !column.is_expensive();) {
      values.push_back(Id::from_bits(*form));
      form = *form < last_form ? column.least(*form + 1, last_form) : std::nullopt;
    }
    if (end == range.last || column.is_expensive()) return;
    next = end + 1;
  }
}

// The same of the greatest.
void add_greatest(ExtremeColumn& column, const IdOrder& ids, const IdRange& range, std::vector<Id>& values) {
  std::uint64_t next = range.last;
  while (const std::optional last = column.greatest(range.first, next)) {
    const IdOrder::ValueRange alike = ids.value_range_of(*last);
    const std::uint64_t end = std::max(alike.ids.first, range.first);
    const std::uint64_t first_form = *last - end < alike.forms ? end : *last - (alike.forms - 1);
    for (std::optional form = last; form && !column.is_expensive();) {
      values.push_back(Id::from_bits(*form));
      form = *form > first_form ? column.greatest(first_form, *form - 1) : std::nullopt;
    }
    if (end == range.first || column.is_expensive()) return;
    next = end - 1;
  }
}

}  // namespace

std::optional<std::vector<Id>> scan_extremes(const Scan& scan, std::size_t position, Ends ends,
                                             std::shared_ptr<const storage::Version> version, runtime::Budget& budget) {
  if (scan.has_repeated_variable()) return std::nullopt;
  if (scan.ranges && !leads_to(scan, scan.order, position)) return std::nullopt;
  const IdOrder ids(*version->dictionary);
  ExtremeColumn column(std::move(version), budget);
  if (!column.open(scan, position)) return std::nullopt;
  std::vector<Id> values;
  for (const IdRange& range : scan.ranges.value_or(std::vector<IdRange>{{0, kLastId}})) {
    if (ends.least) add_least(column, ids, range, values);
    if (ends.greatest) add_greatest(column, ids, range, values);
    if (column.is_expensive()) return std::nullopt;
  }
  return values;
}

}  // namespace akyn::plan

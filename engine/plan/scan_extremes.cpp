#include "engine/plan/scan_extremes.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/plan/id_order.h"
#include "engine/storage/column_ends.h"
#include "engine/storage/keys.h"

namespace akyn::plan {
namespace {

using storage::GraphScope;
using storage::Partition;
using storage::Permutation;
using storage::RowPrefix;

// More than these, and a scan is the better way.
constexpr std::size_t kMostValues = 16;

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
  explicit ExtremeColumn(const std::shared_ptr<const storage::Version>& version) : version_(version) {}

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

  // Of the values within [first, last].
  [[nodiscard]] std::optional<std::uint64_t> least(std::uint64_t first, std::uint64_t last) const {
    std::optional<std::uint64_t> result;
    for (const Rows& rows : rows_) {
      const auto value = storage::least_value(version_, rows.order, rows.prefix, first, last);
      if (value && (!result || *value < *result)) result = value;
    }
    return result;
  }
  [[nodiscard]] std::optional<std::uint64_t> greatest(std::uint64_t first, std::uint64_t last) const {
    std::optional<std::uint64_t> result;
    for (const Rows& rows : rows_) {
      const auto value = storage::greatest_value(version_, rows.order, rows.prefix, first, last);
      if (value && (!result || *value > *result)) result = value;
    }
    return result;
  }

 private:
  struct Rows {
    storage::OrderTag order = 0;
    RowPrefix prefix;
  };

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
  bool add(Rows rows, Permutation order, const Scan& scan) {
    const auto columns = storage::columns_of(order);
    for (std::size_t i = 0; i < constants_of(scan); ++i) rows.prefix.append(scan.triple[columns[i]].id.bits());
    rows_.push_back(rows);
    return rows_.size() <= kMostValues;
  }

  const std::shared_ptr<const storage::Version>& version_;
  std::vector<Rows> rows_;
};

}  // namespace

std::optional<std::vector<Id>> scan_extremes(const Scan& scan, std::size_t position,
                                             const std::shared_ptr<const storage::Version>& version) {
  if (scan.has_repeated_variable()) return std::nullopt;
  if (scan.ranges && !leads_to(scan, scan.order, position)) return std::nullopt;
  ExtremeColumn column(version);
  if (!column.open(scan, position)) return std::nullopt;

  const IdOrder ids(*version->dictionary);
  std::vector<Id> values;
  for (const IdRange& range : scan.ranges.value_or(std::vector<IdRange>{{0, kLastId}})) {
    std::uint64_t next = range.first;
    while (const auto first = column.least(next, range.last)) {
      const IdOrder::ValueRange alike = ids.value_range_of(*first);
      const std::uint64_t end = std::min(alike.ids.last, range.last);
      const std::uint64_t last = *first == end ? end : *column.greatest(*first, end);
      // All forms of the least and of the greatest value.
      const std::uint64_t least_end = std::min(last, *first + (alike.forms - 1));
      const std::uint64_t greatest_start = std::max(least_end + 1, last - (alike.forms - 1));
      for (std::optional form = first; form && values.size() <= kMostValues;) {
        values.push_back(Id::from_bits(*form));
        form = *form < least_end ? column.least(*form + 1, least_end) : std::nullopt;
      }
      for (std::optional form = last; form && *form >= greatest_start && values.size() <= kMostValues;) {
        values.push_back(Id::from_bits(*form));
        form = *form > greatest_start ? column.greatest(greatest_start, *form - 1) : std::nullopt;
      }
      if (values.size() > kMostValues) return std::nullopt;
      if (end == range.last) break;
      next = end + 1;
    }
  }
  return values;
}

}  // namespace akyn::plan

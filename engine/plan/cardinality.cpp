#include "engine/plan/cardinality.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/storage/keys.h"
#include "engine/storage/statistics.h"

namespace akyn::plan {

using storage::GraphScope;
using storage::OrderTag;
using storage::Partition;
using storage::Permutation;
using storage::RowPrefix;
using storage::RowRange;

namespace {

constexpr double kSame = 0.1;     // of rows with two variables, those in which they are the same
constexpr double kUnknown = 0.1;  // of distinct values among rows, where nothing is known
constexpr std::size_t kSampledRows = 2048;

// The scan's constants lead its order, but for `filtered` of them.
struct Prefix {
  RowPrefix values;
  std::size_t filtered = 0;
};

Prefix prefix_of(const Scan& scan) {
  const auto order = storage::columns_of(scan.order);
  Prefix prefix;
  std::size_t i = 0;
  for (; i < 3 && scan.triple[order[i]].is_constant(); ++i) prefix.values.append(scan.triple[order[i]].id.bits());
  for (; i < 3; ++i) prefix.filtered += scan.triple[order[i]].is_constant() ? 1 : 0;
  return prefix;
}

RowPrefix behind(std::uint64_t first, const RowPrefix& rest) {
  RowPrefix prefix({first});
  for (const std::uint64_t value : rest.values()) prefix.append(value);
  return prefix;
}

// An order in which all constants lead, named graphs included.
Permutation counting_order(const Scan& scan) {
  const storage::TriplePattern pattern{scan.triple[0].id, scan.triple[1].id, scan.triple[2].id};
  return storage::best_permutation(pattern, GraphScope::default_graph());
}

Permutation graph_order(const Scan& scan) {
  const storage::TriplePattern pattern{scan.triple[0].id, scan.triple[1].id, scan.triple[2].id};
  return storage::best_permutation(pattern, GraphScope::named(Id(IdType::iri, 1)));
}

// What the oldest run has of a predicate, where that has been counted.
std::optional<storage::RunStatistics::Predicate> base_statistics_of(const storage::Version& version,
                                                                    Partition partition, Id predicate) {
  const auto base = storage::base_statistics(version);
  if (!base) return std::nullopt;
  const auto& counted = base->partitions[static_cast<std::size_t>(partition)];
  const auto found =
      std::lower_bound(counted.begin(), counted.end(), predicate,
                       [](const storage::RunStatistics::Predicate& a, Id id) { return a.predicate < id; });
  if (found == counted.end() || found->predicate != predicate) return std::nullopt;
  return *found;
}

}  // namespace

std::int64_t Cardinality::row_count(OrderTag order, const RowPrefix& prefix) {
  const auto known = std::find_if(counted_.begin(), counted_.end(), [&](const Counted& each) {
    return each.order == order && std::ranges::equal(each.prefix.values(), prefix.values());
  });
  if (known != counted_.end()) return known->rows;
  counted_.push_back({order, prefix, version_->row_count(order, RowRange::prefix(prefix))});
  return counted_.back().rows;
}

Cardinality::Rows Cardinality::rows(const Scan& scan) {
  Rows result;
  result.exact = !scan.has_repeated_variable();
  std::int64_t total = 0;
  const auto count = [&](Partition partition, Permutation order, std::optional<std::uint64_t> instance) {
    Scan counted = scan;
    counted.order = storage::without_graph(order);
    const RowPrefix triple_prefix = prefix_of(counted).values;
    const RowPrefix prefix = instance ? behind(*instance, triple_prefix) : triple_prefix;
    const OrderTag tag = order_tag(partition, order);
    const bool ranged = scan.ranges.has_value();
    // A range is of the column behind the constants in the scan's own order, which may not be this one's.
    const auto own = storage::columns_of(scan.order);
    const auto here = storage::columns_of(counted.order);
    if (ranged && (triple_prefix.size() >= 3 || own[triple_prefix.size()] != here[triple_prefix.size()] ||
                   prefix_of(scan).values.size() != triple_prefix.size())) {
      result.exact = false;
      total += row_count(tag, prefix) / 3;
      return;
    }
    if (!ranged) {
      total += row_count(tag, prefix);
      return;
    }
    for (const IdRange& range : *scan.ranges) {
      total += version_->row_count(tag, RowRange::between(prefix, range.first, range.last));
    }
  };
  const auto count_named = [&](Id name) {
    if (const auto graph = version_->graphs.find(name)) {
      count(Partition::named_graphs, graph_order(scan), graph->instance);
    }
  };
  const auto default_order = scan.ranges ? scan.order : counting_order(scan);
  if (scan.graph_name) {
    if (scan.names != nullptr) {
      for (const Id name : *scan.names) count_named(name);
    } else {
      count(Partition::named_graphs, default_order, std::nullopt);
      result.exact = result.exact && version_->dead.empty();
    }
  } else {
    const auto& scopes = scan.graph.scopes();
    result.exact = result.exact && scopes.size() <= 1;
    for (const GraphScope scope : scopes) {
      switch (scope.kind) {
        case GraphScope::Kind::default_graph:
          count(Partition::default_graph, default_order, std::nullopt);
          break;
        case GraphScope::Kind::named:
          count_named(scope.graph);
          break;
        case GraphScope::Kind::all:
          count(Partition::default_graph, default_order, std::nullopt);
          [[fallthrough]];
        case GraphScope::Kind::all_named:
          count(Partition::named_graphs, default_order, std::nullopt);
          result.exact = false;
          break;
      }
    }
  }
  result.count = static_cast<std::uint64_t>(std::max<std::int64_t>(total, 0));
  result.rows = static_cast<double>(result.count) * (scan.has_repeated_variable() ? kSame : 1.0);
  return result;
}

double Cardinality::rows_read(const Scan& scan) {
  const Prefix prefix = prefix_of(scan);
  const auto& scopes = scan.graph.scopes();
  const bool one_named = !scan.graph_name && scopes.size() == 1 && scopes.front().kind == GraphScope::Kind::named;
  const bool by_graph =
      scan.order == Permutation::spo || scan.order == Permutation::pos || scan.order == Permutation::osp;
  if (prefix.filtered == 0 && (!one_named || by_graph)) return rows(scan).rows;
  double total = 0;
  const auto add = [&](Partition partition) {
    total += static_cast<double>(std::max<std::int64_t>(row_count(order_tag(partition, scan.order), prefix.values), 0));
  };
  if (scan.graph_name || one_named) {
    add(Partition::named_graphs);
  } else {
    for (const GraphScope scope : scopes) {
      if (scope.kind == GraphScope::Kind::default_graph || scope.kind == GraphScope::Kind::all) {
        add(Partition::default_graph);
      }
      if (scope.kind != GraphScope::Kind::default_graph) add(Partition::named_graphs);
    }
  }
  return total;
}

double Cardinality::sampled_ratio(OrderTag order, const RowPrefix& prefix) const {
  const std::size_t column = prefix.size();
  const auto cursor = version_->rows(order, RowRange::prefix(prefix), storage::column_bit(column));
  storage::RowBatch batch;
  if (!cursor->next(batch, kSampledRows)) return 1;
  const auto values = batch.column(column);
  double different = 1;
  for (std::size_t i = 1; i < values.size(); ++i) different += values[i] != values[i - 1] ? 1 : 0;
  return different / static_cast<double>(values.size());
}

const Cardinality::Spread& Cardinality::spread(Partition partition, Id predicate) {
  const auto [place, is_new] = spreads_[static_cast<std::size_t>(partition)].try_emplace(predicate.bits());
  Spread& spread = place->second;
  if (!is_new) return spread;
  const RowPrefix prefix({predicate.bits()});
  const auto count = [&](Permutation order) {
    return static_cast<double>(std::max<std::int64_t>(row_count(order_tag(partition, order), prefix), 0));
  };
  spread.rows = count(Permutation::pso);
  if (spread.rows == 0) return spread;
  if (const auto found = base_statistics_of(*version_, partition, predicate)) {
    // What came later is taken to be spread as what has been counted.
    const OrderTag order = order_tag(partition, Permutation::pso);
    const std::int64_t counted = version_->layers.front().counts(order, RowRange::prefix(prefix)).net();
    const double growth = spread.rows / static_cast<double>(std::max<std::int64_t>(counted, 1));
    spread.subjects = std::clamp<double>(static_cast<double>(found->subjects) * growth, 1, spread.rows);
    spread.objects = std::clamp<double>(static_cast<double>(found->objects) * growth, 1, spread.rows);
    return spread;
  }
  spread.subjects = std::max(1.0, spread.rows * sampled_ratio(order_tag(partition, Permutation::pso), prefix));
  spread.objects = std::max(1.0, spread.rows * sampled_ratio(order_tag(partition, Permutation::pos), prefix));
  return spread;
}

double Cardinality::leading_distinct(Partition partition, Permutation order) {
  const OrderTag tag = order_tag(partition, order);
  const auto total = static_cast<double>(std::max<std::int64_t>(version_->row_count(tag, RowRange::all()), 0));
  if (total == 0) return 0;
  return std::max(1.0, total * sampled_ratio(tag, RowPrefix()));
}

double Cardinality::distinct(const Scan& scan, std::size_t position, double rows) {
  if (rows <= 1) return std::max(rows, 0.0);
  const auto& scopes = scan.graph.scopes();
  const bool named = scan.graph_name || (!scopes.empty() && scopes.front().kind != GraphScope::Kind::default_graph);
  const Partition partition = named ? Partition::named_graphs : Partition::default_graph;
  const bool subject = scan.triple[0].is_constant();
  const bool predicate = scan.triple[1].is_constant();
  const bool object = scan.triple[2].is_constant();
  const auto at_most = [&](double values) { return std::clamp(values, 1.0, rows); };
  switch (position) {
    case 0:
      if (object) return rows;
      if (predicate) return at_most(spread(partition, scan.triple[1].id).subjects);
      return at_most(leading_distinct(partition, Permutation::spo));
    case 2:
      if (subject) return rows;
      if (predicate) return at_most(spread(partition, scan.triple[1].id).objects);
      return at_most(leading_distinct(partition, Permutation::osp));
    default: {
      const auto base = storage::base_statistics(*version_);
      const double predicates =
          base ? static_cast<double>(base->partitions[static_cast<std::size_t>(partition)].size()) : std::sqrt(rows);
      return at_most(std::min(predicates, subject || object ? std::max(1.0, rows * kUnknown) : predicates));
    }
  }
}

std::optional<std::uint64_t> Cardinality::exact_distinct(const Scan& scan, std::size_t position) {
  const auto& scopes = scan.graph.scopes();
  const bool whole_predicate = scan.triple[1].is_constant() && !scan.triple[0].is_constant() &&
                               !scan.triple[2].is_constant() && !scan.ranges && !scan.has_repeated_variable();
  if (!whole_predicate || position == 1 || scan.graph_name || scopes.size() != 1 ||
      scopes.front().kind != GraphScope::Kind::default_graph) {
    return std::nullopt;
  }
  const Id predicate = scan.triple[1].id;
  const auto found = base_statistics_of(*version_, Partition::default_graph, predicate);
  if (!found) return std::nullopt;
  // What came later may be new or not.
  const OrderTag order = order_tag(Partition::default_graph, Permutation::pso);
  const RowRange range = RowRange::prefix(RowPrefix({predicate.bits()}));
  const bool any_later =
      std::any_of(version_->layers.begin() + 1, version_->layers.end(),
                  [&](const storage::Layer& layer) { return layer.counts(order, range).rows() != 0; });
  if (any_later) return std::nullopt;
  return position == 0 ? found->subjects : found->objects;
}

}  // namespace akyn::plan

#include "engine/storage/statistics.h"

#include <algorithm>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/byte_reader.h"
#include "engine/storage/keys.h"
#include "engine/storage/status.h"
#include "engine/term/vocabulary.h"

namespace akyn::storage {
namespace {

// Calls visit(leading, count) for each value of the first column, with the number of different values of the second
// that come with it.
template <class Visitor>
void for_each_group(RowCursor& cursor, const std::function<bool()>& stopped, const Visitor& visit) {
  RowBatch batch;
  std::uint64_t leading = 0;
  std::uint64_t second = 0;
  std::uint64_t count = 0;
  while (cursor.next(batch)) {
    if (stopped()) throw Error(ErrorCode::cancelled, "the store is being closed");
    const auto first_column = batch.column(0);
    const auto second_column = batch.column(1);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      if (count == 0 || first_column[row] != leading) {
        if (count != 0) visit(leading, count);
        leading = first_column[row];
        count = 1;
      } else if (second_column[row] != second) {
        ++count;
      }
      second = second_column[row];
    }
  }
  if (count != 0) visit(leading, count);
}

// Calls visit(value) for each different value of the column behind `prefix`.
template <class Visitor>
void for_each_value(const Version& version, OrderTag order, const RowPrefix& prefix, const Visitor& visit) {
  const std::size_t column = prefix.size();
  const auto cursor = version.rows(order, RowRange::prefix(prefix), column_bit(column));
  RowBatch batch;
  while (cursor->next(batch, 1)) {
    const std::uint64_t value = batch.column(column)[0];
    visit(value);
    if (value == UINT64_MAX) return;
    RowPrefix next = prefix;
    next.append(value + 1);
    cursor->seek(next);
  }
}

std::uint64_t rows_beside(const Version& version, const Layer* but, OrderTag order, const RowPrefix& prefix) {
  std::uint64_t rows = 0;
  for (const Layer& layer : version.layers) {
    if (&layer != but && layer.counts(order).rows() != 0) rows += layer.counts(order, RowRange::prefix(prefix)).rows();
  }
  return rows;
}

}  // namespace

std::string RunStatistics::serialize() const {
  std::string stored;
  append_u32(stored, run);
  for (const std::vector<Predicate>& partition : partitions) {
    append_u64(stored, partition.size());
    for (const Predicate& predicate : partition) {
      append_id(stored, predicate.predicate);
      append_u64(stored, predicate.subjects);
      append_u64(stored, predicate.objects);
    }
  }
  return stored;
}

RunStatistics RunStatistics::parse(std::string_view stored) {
  const auto take = [&](std::size_t size) {
    if (stored.size() < size) throw Error(ErrorCode::corruption, "the statistics of a run are cut short");
    const char* const at = stored.data();
    stored.remove_prefix(size);
    return at;
  };
  RunStatistics statistics;
  statistics.run = load_u32(take(4));
  for (std::vector<Predicate>& partition : statistics.partitions) {
    for (std::uint64_t left = load_u64(take(8)); left > 0; --left) {
      Predicate& predicate = partition.emplace_back();
      predicate.predicate = load_id(take(8));
      predicate.subjects = load_u64(take(8));
      predicate.objects = load_u64(take(8));
    }
  }
  if (!stored.empty()) throw Error(ErrorCode::corruption, "the statistics of a run are too long");
  return statistics;
}

RunStatistics count_distinct(std::uint32_t run, const OpenPairs& open, const std::function<bool()>& stopped) {
  RunStatistics statistics;
  statistics.run = run;
  for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
    auto& predicates = statistics.partitions[static_cast<std::size_t>(partition)];
    for_each_group(*open(order_tag(partition, Permutation::pso)), stopped,
                   [&](std::uint64_t predicate, std::uint64_t subjects) {
                     predicates.push_back({Id::from_bits(predicate), subjects, 0});
                   });
    std::size_t next = 0;
    for_each_group(*open(order_tag(partition, Permutation::pos)), stopped,
                   [&](std::uint64_t predicate, std::uint64_t objects) {
                     if (next == predicates.size() || predicates[next].predicate.bits() != predicate) {
                       throw Error(ErrorCode::corruption, "orders PSO and POS have different predicates");
                     }
                     predicates[next++].objects = objects;
                   });
  }
  return statistics;
}

std::optional<RunStatistics> read_statistics(const Rocks& rocks, std::uint32_t run) {
  rocksdb::PinnableSlice value;
  if (!rocks.get(rocksdb::ReadOptions(), Family::metadata, statistics_key(), value)) return std::nullopt;
  try {
    RunStatistics statistics = RunStatistics::parse(value.ToStringView());
    if (statistics.run != run) return std::nullopt;
    return statistics;
  } catch (const Error& error) {
    throw_corruption(rocks.name(), error.message());
  }
}

std::shared_ptr<const RunStatistics> base_statistics(const Version& version) {
  if (version.layers.empty() || version.layers.front().run == nullptr) return nullptr;
  const StoredRun& run = *version.layers.front().run;
  if (auto known = run.statistics()) return known;
  std::optional<RunStatistics> stored = read_statistics(*version.rocks, run.info().run);
  if (!stored) return nullptr;
  auto statistics = std::make_shared<const RunStatistics>(*std::move(stored));
  run.keep_statistics(statistics);
  return statistics;
}

namespace {

// What is known without a scan of many rows.
PartitionStatistics estimate(const Version& version, Partition partition) {
  const Layer* const oldest =
      !version.layers.empty() && version.layers.front().run != nullptr ? &version.layers.front() : nullptr;
  const std::shared_ptr<const RunStatistics> stored = base_statistics(version);
  const auto counted_of = [&](Id predicate) -> RunStatistics::Predicate {
    if (!stored) return {predicate, 0, 0};
    const auto& counted = stored->partitions[static_cast<std::size_t>(partition)];
    const auto found = std::lower_bound(counted.begin(), counted.end(), predicate,
                                        [](const RunStatistics::Predicate& a, Id b) { return a.predicate < b; });
    return found != counted.end() && found->predicate == predicate ? *found : RunStatistics::Predicate{predicate, 0, 0};
  };

  PartitionStatistics statistics;
  const OrderTag pso = order_tag(partition, Permutation::pso);
  for_each_value(version, pso, RowPrefix(), [&](std::uint64_t bits) {
    const RowPrefix prefix({bits});
    PredicateStatistics predicate;
    predicate.predicate = Id::from_bits(bits);
    predicate.rows = version.count_all(partition, {Id(), predicate.predicate, Id()});
    if (predicate.rows == 0) return;
    const RunStatistics::Predicate base = counted_of(predicate.predicate);
    // What came later may all be new, and what is not counted may all be different.
    const std::uint64_t more = rows_beside(version, stored ? oldest : nullptr, pso, prefix);
    predicate.exact = more == 0 && (partition == Partition::default_graph || version.dead.empty());
    predicate.subjects = std::min(predicate.rows, base.subjects + more);
    predicate.objects = std::min(predicate.rows, base.objects + more);
    statistics.predicates.push_back(predicate);
  });
  if (const Id type = version.dictionary->find(IdType::iri, rdf_vocabulary::kType); type.is_bound()) {
    const OrderTag pos = order_tag(partition, Permutation::pos);
    for_each_value(version, pos, RowPrefix({type.bits()}), [&](std::uint64_t bits) {
      const std::uint64_t rows = version.count_all(partition, {Id(), type, Id::from_bits(bits)});
      if (rows != 0) statistics.classes.push_back({Id::from_bits(bits), rows});
    });
  }
  return statistics;
}

}  // namespace

PartitionStatistics statistics_of(const std::shared_ptr<const Version>& version, Partition partition, bool exactly) {
  PartitionStatistics statistics = estimate(*version, partition);
  const auto is_exact = [](const PredicateStatistics& predicate) { return predicate.exact; };
  if (!exactly || std::all_of(statistics.predicates.begin(), statistics.predicates.end(), is_exact)) return statistics;
  const auto open = [&](OrderTag order) {
    return open_cursor(version, order, RowRange::all(), static_cast<ColumnMask>(column_bit(0) | column_bit(1)));
  };
  const RunStatistics counted = count_distinct(0, open, [] { return false; });
  const auto& predicates = counted.partitions[static_cast<std::size_t>(partition)];
  if (predicates.size() != statistics.predicates.size()) {
    throw_corruption(version->rocks->name(), "the rows of a predicate are not as many as the directory says");
  }
  for (std::size_t i = 0; i < predicates.size(); ++i) {
    statistics.predicates[i].subjects = predicates[i].subjects;
    statistics.predicates[i].objects = predicates[i].objects;
    statistics.predicates[i].exact = true;
  }
  return statistics;
}

}  // namespace akyn::storage

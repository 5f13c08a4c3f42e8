// How many rows patterns have: exactly where the block directory says so, else from statistics.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/storage/version.h"

namespace akyn::plan {

// For one planning over one version. One thread at a time. Throws Error(io), Error(corruption).
class Cardinality {
 public:
  explicit Cardinality(std::shared_ptr<const storage::Version> version) : version_(std::move(version)) {}

  // Matches of the scan's pattern, its ranges included.
  struct Rows {
    double rows = 0;
    bool exact = false;
    std::uint64_t count = 0;  // when exact
  };
  [[nodiscard]] Rows rows(const Scan& scan);
  // Rows that the scan reads for them: more where constants do not lead its order.
  [[nodiscard]] double rows_read(const Scan& scan);
  // Different values of one position (0 subject, 1 predicate, 2 object) among `rows` matches.
  [[nodiscard]] double distinct(const Scan& scan, std::size_t position, double rows);
  // The same among all matches, exactly, where the store's statistics say so.
  [[nodiscard]] std::optional<std::uint64_t> exact_distinct(const Scan& scan, std::size_t position);

 private:
  // Version::row_count of the rows with a prefix, looked up once: it may have to read a block or two.
  [[nodiscard]] std::int64_t row_count(storage::OrderTag order, const storage::RowPrefix& prefix);

  // Of all rows of a predicate in one partition.
  struct Spread {
    double rows = 0;
    double subjects = 0;
    double objects = 0;
  };
  [[nodiscard]] const Spread& spread(storage::Partition partition, Id predicate);
  // The part of the rows with a prefix in which the column behind it is a new value, from the first rows.
  [[nodiscard]] double sampled_ratio(storage::OrderTag order, const storage::RowPrefix& prefix) const;
  [[nodiscard]] double leading_distinct(storage::Partition partition, storage::Permutation order);

  std::shared_ptr<const storage::Version> version_;
  struct Counted {
    storage::OrderTag order;
    storage::RowPrefix prefix;
    std::int64_t rows;
  };
  std::vector<Counted> counted_;
  std::unordered_map<std::uint64_t, Spread> spreads_[2];
};

}  // namespace akyn::plan

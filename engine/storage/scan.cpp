#include "engine/storage/scan.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/storage/row_cursor.h"
#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// Small enough for a processor's nearest cache, large enough to spread the cost of a call.
constexpr std::size_t kScanRows = 2048;

std::vector<Id>& column_of(ScanBatch& batch, std::uint8_t column) {
  switch (column) {
    case 0:
      return batch.subjects;
    case 1:
      return batch.predicates;
    case 2:
      return batch.objects;
    default:
      return batch.graphs;
  }
}

// The matching rows of one partition, in one stored order.
class PartitionScan final : public Scan {
 public:
  PartitionScan(std::shared_ptr<const Version> version, Partition partition, Permutation stored,
                const Selection& selection, std::uint64_t instance)
      : version_(std::move(version)),
        columns_(columns_of(stored)),
        row_columns_(row_columns(partition)),
        range_(stored_range(partition, stored, selection, instance)) {
    ColumnMask read = 0;
    for (std::size_t i = 0; i < row_columns_; ++i) {
      if (selection.bound[columns_[i]]) fixed_[i] = selection.value[columns_[i]];
      // Columns of the prefix need not be read, the others of bound terms are what rows are chosen by.
      if (i >= range_.prefix.size()) read = static_cast<ColumnMask>(read | column_bit(i));
    }
    // A cursor wants to give something, if only to know how many rows there are.
    if (read == 0) read = column_bit(row_columns_ - 1);
    cursor_ = open_cursor(version_, range_.order, RowRange::prefix(range_.prefix), read, range_.bounds);
  }

  bool next(ScanBatch& out) override {
    out.clear();
    while (cursor_->next(rows_, kScanRows)) {
      if (range_.filtered && !choose()) continue;
      const std::size_t count = range_.filtered ? chosen_.size() : rows_.rows();
      if (row_columns_ == 3) out.graphs.assign(count, kDefaultGraph);
      for (std::size_t i = 0; i < row_columns_; ++i) fill(i, count, column_of(out, columns_[i]));
      return true;
    }
    return false;
  }

 private:
  // Finds the rows that have the bound terms behind the prefix; false when there are none.
  bool choose() {
    chosen_.resize(rows_.rows());
    for (std::uint32_t row = 0; row < chosen_.size(); ++row) chosen_[row] = row;
    for (std::size_t i = range_.prefix.size(); i < row_columns_; ++i) {
      if (!fixed_[i]) continue;
      const auto values = rows_.column(i);
      const std::uint64_t wanted = range_.bounds.min[i];
      std::erase_if(chosen_, [&](std::uint32_t row) { return values[row] != wanted; });
    }
    return !chosen_.empty();
  }

  void fill(std::size_t column, std::size_t count, std::vector<Id>& out) {
    if (fixed_[column]) {
      out.assign(count, *fixed_[column]);
      return;
    }
    out.resize(count);
    const auto values = rows_.column(column);
    for (std::size_t i = 0; i < count; ++i) out[i] = Id::from_bits(range_.filtered ? values[chosen_[i]] : values[i]);
    if (columns_[column] == 3) {
      for (Id& graph : out) graph = name_of(graph.bits());
    }
  }

  [[nodiscard]] Id name_of(std::uint64_t instance) {
    if (instance != last_instance_) {
      last_name_ = version_->graphs.name_of(instance);
      if (!last_name_.is_bound()) throw_corruption(version_->rocks->name(), "a row is in a graph that has no name");
      last_instance_ = instance;
    }
    return last_name_;
  }

  std::shared_ptr<const Version> version_;
  ColumnOrder columns_;
  std::size_t row_columns_;
  StoredRange range_;
  std::array<std::optional<Id>, kMaxRowColumns> fixed_{};
  std::unique_ptr<RowCursor> cursor_;
  RowBatch rows_;
  std::vector<std::uint32_t> chosen_;
  std::uint64_t last_instance_ = 0;
  Id last_name_;
};

// Both partitions as one; of equal triples that of the default graph comes first.
class MergedScan final : public Scan {
 public:
  MergedScan(std::unique_ptr<Scan> default_graph, std::unique_ptr<Scan> named_graphs, Permutation order)
      : columns_(columns_of(order)), by_graph_(starts_with_graph(order)) {
    inputs_[0].scan = std::move(default_graph);
    inputs_[1].scan = std::move(named_graphs);
    for (Input& input : inputs_) input.refill();
  }

  bool next(ScanBatch& out) override {
    out.clear();
    while (out.size() < kScanRows) {
      Input* const first = smallest();
      if (first == nullptr) break;
      const QuadIds quad = first->batch.row(first->row);
      out.subjects.push_back(quad.subject);
      out.predicates.push_back(quad.predicate);
      out.objects.push_back(quad.object);
      out.graphs.push_back(quad.graph);
      if (++first->row == first->batch.size()) first->refill();
    }
    return out.size() > 0;
  }

 private:
  struct Input {
    std::unique_ptr<Scan> scan;  // null at the end
    ScanBatch batch;
    std::size_t row = 0;

    void refill() {
      row = 0;
      if (!scan->next(batch)) scan = nullptr;
    }
  };

  [[nodiscard]] Input* smallest() noexcept {
    Input& a = inputs_[0];
    Input& b = inputs_[1];
    if (a.scan == nullptr) return b.scan == nullptr ? nullptr : &b;
    if (b.scan == nullptr || by_graph_) return &a;
    const Columns left = permuted(a.batch.row(a.row), columns_);
    const Columns right = permuted(b.batch.row(b.row), columns_);
    return std::lexicographical_compare(right.begin(), right.begin() + 3, left.begin(), left.begin() + 3) ? &b : &a;
  }

  ColumnOrder columns_;
  bool by_graph_;
  std::array<Input, 2> inputs_;
};

class EmptyScan final : public Scan {
 public:
  bool next(ScanBatch& out) override {
    out.clear();
    return false;
  }
};

}  // namespace

std::unique_ptr<Scan> make_scan(std::shared_ptr<const Version> version, const Selection& selection, Permutation order) {
  const auto scan = [&](Partition partition) -> std::unique_ptr<Scan> {
    if (!selection.covers(partition)) return nullptr;
    std::uint64_t instance = 0;
    if (selection.kind == GraphScope::Kind::named) {
      const std::optional<GraphEntry> graph = version->graphs.find(selection.value[3]);
      if (!graph) return nullptr;
      instance = graph->instance;
    }
    return std::make_unique<PartitionScan>(version, partition, stored_order(partition, order, selection), selection,
                                           instance);
  };
  std::unique_ptr<Scan> default_graph = scan(Partition::default_graph);
  std::unique_ptr<Scan> named_graphs = scan(Partition::named_graphs);
  if (default_graph != nullptr && named_graphs != nullptr) {
    return std::make_unique<MergedScan>(std::move(default_graph), std::move(named_graphs), order);
  }
  if (default_graph != nullptr) return default_graph;
  if (named_graphs != nullptr) return named_graphs;
  return std::make_unique<EmptyScan>();
}

}  // namespace akyn::storage

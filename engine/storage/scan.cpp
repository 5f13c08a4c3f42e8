#include "engine/storage/scan.h"

#include <array>
#include <optional>
#include <utility>

#include "engine/storage/status.h"

namespace akyn::storage {
namespace {

// Small enough for a processor's nearest cache, large enough to spread the cost of a call.
constexpr std::size_t kBatchRows = 2048;

// The matching rows of one partition, in one stored order.
class RowCursor {
 public:
  RowCursor(const View& view, Partition partition, Permutation stored, const Selection& selection)
      : RowCursor(view, partition, stored, selection, row_prefix(partition, stored, selection)) {}

  [[nodiscard]] bool at_end() const noexcept { return at_end_; }
  [[nodiscard]] const QuadIds& row() const noexcept { return row_; }
  void next() {
    keys_.next();
    settle();
  }

 private:
  RowCursor(const View& view, Partition partition, Permutation stored, const Selection& selection,
            const RowPrefix& prefix)
      : view_(view), partition_(partition), order_(columns_of(stored)), keys_(view, Family::quads, prefix.bytes) {
    for (std::size_t i = prefix.columns; i < row_columns(partition); ++i) {
      if (!selection.bound[order_[i]]) continue;
      wanted_[i] = selection.value[order_[i]].bits();
      filtered_ = true;
    }
    settle();
  }

  // Decodes the row under the iterator, passing over rows that the bound columns behind the prefix exclude.
  void settle() {
    for (; keys_.valid(); keys_.next()) {
      const std::string_view key = keys_.key();
      if (key.size() != row_size(partition_)) throw_corruption(view_.rocks().name(), "a row has the wrong size");
      Columns columns{};
      for (std::size_t i = 0; i < row_columns(partition_); ++i) columns[i] = load_u64(key.data() + 1 + 8 * i);
      if (filtered_ && !wanted(columns)) continue;
      row_ = unpermuted(columns, order_);
      return;
    }
    at_end_ = true;
  }

  [[nodiscard]] bool wanted(const Columns& columns) const noexcept {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (wanted_[i] && *wanted_[i] != columns[i]) return false;
    }
    return true;
  }

  const View& view_;
  Partition partition_;
  ColumnOrder order_;
  std::array<std::optional<std::uint64_t>, 4> wanted_{};
  bool filtered_ = false;
  KeyRange keys_;
  QuadIds row_;
  bool at_end_ = false;
};

class MergedScan final : public Scan {
 public:
  MergedScan(std::shared_ptr<const View> view, const Selection& selection, Permutation order,
             std::vector<Change> pending)
      : view_(std::move(view)), order_(columns_of(order)), pending_(std::move(pending)) {
    for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
      if (!selection.covers(partition)) continue;
      cursors_.push_back(
          std::make_unique<RowCursor>(*view_, partition, stored_order(partition, order, selection), selection));
    }
  }

  bool next(ScanBatch& out) override {
    out.clear();
    while (out.size() < kBatchRows) {
      RowCursor* const base = smallest();
      if (next_pending_ == pending_.size()) {
        if (base == nullptr) break;
        append(out, base->row());
        base->next();
        continue;
      }
      const Change& change = pending_[next_pending_];
      if (base != nullptr) {
        const auto compared = permuted(base->row(), order_) <=> permuted(change.quad, order_);
        if (compared < 0) {
          append(out, base->row());
          base->next();
          continue;
        }
        if (compared == 0) base->next();
      }
      if (change.inserted) append(out, change.quad);
      ++next_pending_;
    }
    return out.size() > 0;
  }

 private:
  // The cursor whose row comes first; null when all are at their end.
  [[nodiscard]] RowCursor* smallest() const {
    RowCursor* first = nullptr;
    for (const std::unique_ptr<RowCursor>& cursor : cursors_) {
      if (cursor->at_end()) continue;
      if (first == nullptr || permuted(cursor->row(), order_) < permuted(first->row(), order_)) first = cursor.get();
    }
    return first;
  }

  static void append(ScanBatch& out, const QuadIds& quad) {
    out.subjects.push_back(quad.subject);
    out.predicates.push_back(quad.predicate);
    out.objects.push_back(quad.object);
    out.graphs.push_back(quad.graph);
  }

  std::shared_ptr<const View> view_;
  ColumnOrder order_;
  std::vector<std::unique_ptr<RowCursor>> cursors_;  // at most one per partition
  std::vector<Change> pending_;
  std::size_t next_pending_ = 0;
};

}  // namespace

std::unique_ptr<Scan> make_scan(std::shared_ptr<const View> view, const Selection& selection, Permutation order,
                                std::vector<Change> pending) {
  return std::make_unique<MergedScan>(std::move(view), selection, order, std::move(pending));
}

}  // namespace akyn::storage

#include "engine/storage/live_cursor.h"

#include <utility>

#include "engine/storage/keys.h"
#include "engine/storage/version.h"

namespace akyn::storage {

LiveCursor::LiveCursor(const Version& version, OrderTag order, ColumnMask columns, const Open& open)
    : version_(version), columns_(columns) {
  if (order >= kNamedGraphTag && !version.dead.empty()) {
    graph_column_ = starts_with_graph(permutation_of(order)) ? 0 : 3;
    columns = static_cast<ColumnMask>(columns | column_bit(*graph_column_));
  }
  rows_ = open(columns);
}

bool LiveCursor::is_dead(std::uint64_t instance) {
  if (instance != last_instance_) {
    last_instance_ = instance;
    last_dead_ = version_.is_dead(instance);
  }
  return last_dead_;
}

bool LiveCursor::next(RowBatch& out, std::size_t max_rows) {
  if (!graph_column_) return rows_->next(out, max_rows);
  while (rows_->next(read_, max_rows)) {
    kept_.clear();
    const auto graphs = read_.column(*graph_column_);
    for (std::uint32_t row = 0; row < graphs.size(); ++row) {
      if (!is_dead(graphs[row])) kept_.push_back(row);
    }
    if (kept_.empty()) continue;
    if (kept_.size() == read_.rows()) {
      std::swap(out, read_);
      return true;
    }
    out.clear();
    for (std::size_t column = 0; column <= kMarkColumn; ++column) {
      if ((columns_ & column_bit(column)) == 0) continue;
      const auto from = read_.column(column);
      std::uint64_t* to = out.extend(column, kept_.size());
      for (const std::uint32_t row : kept_) *to++ = from[row];
    }
    out.add_rows(kept_.size());
    return true;
  }
  out.clear();
  return false;
}

}  // namespace akyn::storage

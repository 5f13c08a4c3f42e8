#include "engine/storage/base_rows.h"

#include <algorithm>
#include <span>

#include "engine/storage/keys.h"

namespace akyn::storage {

BaseRows::BaseRows(const Version& base, Partition partition)
    : columns_(row_columns(partition)),
      cursor_(base.rows(order_tag(partition, Permutation::spo), RowRange::all(),
                        all_columns(order_tag(partition, Permutation::spo)))) {}

bool BaseRows::contains(const RowValues& row) {
  const RowPrefix prefix{std::span<const std::uint64_t>(row).first(columns_)};
  if (at_end_) return false;
  if (at_ == batch_.rows() || compare(batch_.rows() - 1, row) < 0) {
    // Neighbours are often asked for, too: then more is read at a time.
    wanted_ = near_ ? std::min(wanted_ * 2, kBatchRows) : kFewest;
    cursor_->seek(prefix);
    if (!cursor_->next(batch_, wanted_)) {
      at_end_ = true;
      return false;
    }
    at_ = 0;
    near_ = false;
  } else {
    near_ = true;
  }
  std::size_t last = batch_.rows();
  while (at_ < last) {
    const std::size_t middle = at_ + (last - at_) / 2;
    if (compare(middle, row) < 0) {
      at_ = middle + 1;
    } else {
      last = middle;
    }
  }
  return at_ < batch_.rows() && compare(at_, row) == 0;
}

int BaseRows::compare(std::size_t at, const RowValues& row) const noexcept {
  for (std::size_t i = 0; i < columns_; ++i) {
    const std::uint64_t value = batch_.column(i)[at];
    if (value != row[i]) return value < row[i] ? -1 : 1;
  }
  return 0;
}

}  // namespace akyn::storage

#include "engine/storage/block_run.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/block_cursor.h"

namespace akyn::storage {
namespace {

[[noreturn]] void corrupt(const BlockRun& run, OrderTag order, const std::string& what) {
  throw Error(ErrorCode::corruption,
              "run " + std::to_string(run.info().run) + ", order " + std::to_string(order) + ", is damaged: " + what);
}

// Which share of a block's rows is before `prefix`, or not after it, when its values are spread evenly.
double share_before(const BlockDirectory& directory, std::size_t block, const RowPrefix& prefix, bool or_equal) {
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const std::uint64_t first = directory.first(block)[i];
    const std::uint64_t last = directory.last(block)[i];
    if (prefix[i] < first) return 0;
    if (prefix[i] > last) return 1;
    if (first == last) continue;
    const double before = static_cast<double>(prefix[i] - first) + (or_equal ? 1 : 0);
    return before / (static_cast<double>(last - first) + 1);
  }
  return or_equal ? 1 : 0;
}

}  // namespace

BlockRun::BlockRun(const BlockRunInfo& info, const KeyValueSource& blocks, const KeyValueSource& directory)
    : info_(info), blocks_(blocks), directory_(directory) {}

const BlockDirectory& BlockRun::directory(OrderTag order) const {
  return *directories_[order_index(order)].get([&] {
    const RowCounts& expected = info_.counts(order);
    auto loaded = expected.rows() == 0 ? std::make_unique<const BlockDirectory>(order)
                                       : std::make_unique<const BlockDirectory>(directory_, info_.run, order);
    if (loaded->counts() != expected) corrupt(*this, order, "the directory holds another number of rows than the run");
    memory_bytes_ += loaded->memory_bytes();
    return loaded;
  });
}

void BlockRun::load(OrderTag order, std::size_t block, LoadedBlock& out) const {
  PinnedValue bytes;
  if (!blocks_.get(BlockKey(info_.run, order, static_cast<std::uint32_t>(block)).view(), bytes)) {
    corrupt(*this, order, "block " + std::to_string(block) + " is missing");
  }
  out.load(std::move(bytes));
  if (out.rows() != directory(order).rows(block) || out.columns() != order_columns(order) + (info_.marked ? 1 : 0)) {
    out.unload();
    corrupt(*this, order, "block " + std::to_string(block) + " contradicts the directory");
  }
}

RowCounts BlockRun::count(OrderTag order, const RowRange& range) const {
  const BlockDirectory& of = directory(order);
  const std::size_t first = of.lower_block(range.lower.values());
  const std::size_t stop = of.upper_block(range.upper.values(), first);
  if (first >= stop) return {};

  const auto border = [&](std::size_t block) -> RowCounts {
    const bool starts_inside = compare_prefix(of.first(block), range.lower.values()) < 0;
    const bool ends_inside = compare_prefix(of.last(block), range.upper.values()) > 0;
    if (!starts_inside && !ends_inside) return of.counts_between(block, block + 1);
    LoadedBlock bytes;
    load(order, block, bytes);
    const std::size_t rows = of.rows(block);
    const std::size_t begin = starts_inside ? bytes.lower_bound(range.lower.values(), 0, rows) : 0;
    const std::size_t end = ends_inside ? bytes.upper_bound(range.upper.values(), begin, rows) : rows;
    const std::uint64_t deletes = of.deletes(block) == 0 ? 0 : bytes.count_deletes(order_columns(order), begin, end);
    return {end - begin - deletes, deletes};
  };
  RowCounts counts = border(first);
  if (stop - first > 1) {
    counts += of.counts_between(first + 1, stop - 1);
    counts += border(stop - 1);
  }
  return counts;
}

RowEstimate BlockRun::estimate(OrderTag order, const RowRange& range) const {
  const BlockDirectory& of = directory(order);
  const std::size_t first = of.lower_block(range.lower.values());
  const std::size_t stop = of.upper_block(range.upper.values(), first);
  if (first >= stop) return {0, true};

  RowEstimate estimate{0, true};
  const auto border = [&](std::size_t block) {
    const std::int64_t net = of.counts_between(block, block + 1).net();
    if (compare_prefix(of.first(block), range.lower.values()) >= 0 &&
        compare_prefix(of.last(block), range.upper.values()) <= 0) {
      estimate.rows += net;
      return;
    }
    estimate.exact = false;
    const double share = share_before(of, block, range.upper, true) - share_before(of, block, range.lower, false);
    const auto rows = static_cast<std::int64_t>(std::llround(share * static_cast<double>(net)));
    // At least one row, of the kind that most are: few ranges that are asked for are empty.
    estimate.rows += rows != 0 ? rows : net < 0 ? -1 : 1;
  };
  border(first);
  if (stop - first > 1) {
    estimate.rows += of.counts_between(first + 1, stop - 1).net();
    border(stop - 1);
  }
  return estimate;
}

RowState BlockRun::lookup(OrderTag order, const RowValues& row) const {
  const BlockDirectory& of = directory(order);
  const std::span<const std::uint64_t> values(row.data(), order_columns(order));
  const std::size_t block = of.lower_block(values);
  if (block == of.blocks() || compare_prefix(of.first(block), values) > 0) return RowState::absent;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (row[i] < of.min(block, i) || row[i] > of.max(block, i)) return RowState::absent;
  }
  LoadedBlock bytes;
  load(order, block, bytes);
  const std::size_t rows = of.rows(block);
  const std::size_t at = bytes.lower_bound(values, 0, rows);
  if (at == rows) return RowState::absent;
  for (std::size_t i = values.size(); i-- > 0;) {
    if (bytes.value(i, at) != row[i]) return RowState::absent;
  }
  if (of.deletes(block) == 0) return RowState::inserted;
  return bytes.value(values.size(), at) == kDeleteMark ? RowState::deleted : RowState::inserted;
}

std::unique_ptr<RowSource> BlockRun::cursor(OrderTag order, const RowRange& range, ColumnMask columns) const {
  return std::make_unique<BlockCursor>(*this, order, range, columns, std::nullopt);
}

std::unique_ptr<RowSource> BlockRun::cursor(OrderTag order, const RowRange& range, ColumnMask columns,
                                            const ColumnBounds& bounds) const {
  return std::make_unique<BlockCursor>(*this, order, range, columns, bounds);
}

void BlockRun::verify(OrderTag order) const {
  const BlockDirectory& of = directory(order);
  const std::size_t columns = order_columns(order);
  LoadedBlock bytes;
  for (std::size_t block = 0; block < of.blocks(); ++block) {
    load(order, block, bytes);
    const std::size_t rows = of.rows(block);
    const auto check = [&](bool holds, const char* what) {
      if (!holds) corrupt(*this, order, std::string(what) + " in block " + std::to_string(block));
    };
    std::array<std::span<const std::uint64_t>, kMaxRowColumns> values;
    for (std::size_t i = 0; i < columns; ++i) {
      values[i] = {bytes.values(i, 0, rows), rows};
      const auto [min, max] = std::minmax_element(values[i].begin(), values[i].end());
      check(*min == of.min(block, i) && *max == of.max(block, i), "wrong bounds");
      check(values[i].front() == of.first(block)[i] && values[i].back() == of.last(block)[i],
            "wrong first or last row");
    }
    for (std::size_t row = 1; row < rows; ++row) {
      std::size_t i = 0;
      while (i < columns && values[i][row - 1] == values[i][row]) ++i;
      check(i < columns && values[i][row - 1] < values[i][row], "rows out of order");
    }
    if (info_.marked) {
      const std::uint64_t* marks = bytes.values(columns, 0, rows);
      check(std::all_of(marks, marks + rows, [](std::uint64_t mark) { return mark <= kDeleteMark; }), "a wrong mark");
      check(bytes.count_deletes(columns, 0, rows) == of.deletes(block), "a wrong number of deletes");
    } else {
      check(of.deletes(block) == 0, "a delete");
    }
  }
}

}  // namespace akyn::storage

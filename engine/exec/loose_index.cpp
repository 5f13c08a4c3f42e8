#include "engine/exec/loose_index.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace akyn::exec {

namespace {

constexpr std::size_t kMostClasses = 16;
constexpr std::size_t kMaskedColumns = 64;
// In the list of its class, which grows by doubling.
constexpr std::size_t kRowBytes = 2 * sizeof(std::uint32_t);

}  // namespace

bool LooseIndex::has_room_for(Run& run, std::size_t rows) noexcept {
  return rows * kRowBytes <= run.budget().available() / 2;
}

LooseIndex::LooseIndex(Run& run, const Batch& rows, std::vector<std::size_t> keys, std::vector<std::size_t> loose,
                       bool needs_common)
    : run_(run),
      rows_(rows),
      keys_(std::move(keys)),
      loose_(std::move(loose)),
      needs_common_(needs_common && keys_.empty()),
      charge_(run.budget()) {
  charge_.add(rows_.rows() * kRowBytes);
  make_classes();
}

LooseIndex::Mask LooseIndex::mask_of(const Batch& batch, const std::vector<std::size_t>& loose,
                                     std::size_t row) noexcept {
  Mask mask = 0;
  for (std::size_t i = 0; i < loose.size() && i < kMaskedColumns; ++i) {
    if (batch.column(loose[i])[row] != 0) mask |= Mask{1} << i;
  }
  return mask;
}

void LooseIndex::make_classes() {
  for (std::uint32_t row = 0; row < rows_.rows(); ++row) {
    run_.budget().step();
    const Mask mask = mask_of(rows_, loose_, row);
    auto found = std::find_if(classes_.begin(), classes_.end(), [&](const Class& each) { return each.bound == mask; });
    if (found == classes_.end()) {
      if (classes_.size() < kMostClasses) {
        found = classes_.insert(classes_.end(), {mask, loose_.size() <= kMaskedColumns, {}});
      } else {
        found = classes_.end() - 1;
        found->bound &= mask;
        found->exact = false;
      }
    }
    found->rows.push_back(row);
  }
}

void LooseIndex::gather(const Batch& batch, std::span<const std::uint32_t> rows, const std::vector<std::size_t>& keys,
                        const std::vector<std::size_t>& loose, Mask columns) {
  std::vector<std::size_t> places = keys;
  for (; columns != 0; columns &= columns - 1) {
    places.push_back(loose[static_cast<std::size_t>(std::countr_zero(columns))]);
  }
  cells_.resize(std::max(cells_.size(), places.size()));
  columns_.clear();
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto from = batch.column(places[i]);
    cells_[i].resize(rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) cells_[i][row] = from[rows[row]];
    columns_.emplace_back(cells_[i]);
  }
}

bool LooseIndex::has_room(const Table& table) const noexcept {
  const std::size_t width = keys_.size() + static_cast<std::size_t>(std::popcount(table.columns));
  // Cells and slots of the table's, which grow by doubling, beside the lists of rows.
  const std::size_t per_row = 4 * (width + 2) * sizeof(std::uint64_t);
  return classes_[table.of_class].rows.size() * per_row <= run_.budget().available() / 2;
}

void LooseIndex::fill(Table& table) {
  const std::vector<std::uint32_t>& rows = classes_[table.of_class].rows;
  const std::size_t width = keys_.size() + static_cast<std::size_t>(std::popcount(table.columns));
  charge_.add(3 * rows.size() * sizeof(std::uint32_t));
  table.numbers = std::make_unique<RowTable>(run_.budget(), width);
  std::vector<std::uint32_t> number_of;
  number_of.reserve(rows.size());
  for (std::size_t first = 0; first < rows.size(); first += kBatchRows) {
    run_.budget().check();
    const auto some = std::span(rows).subspan(first, std::min(kBatchRows, rows.size() - first));
    gather(rows_, some, keys_, loose_, table.columns);
    fresh_.clear();
    table.numbers->add(columns_, some.size(), numbers_, fresh_);
    number_of.insert(number_of.end(), numbers_.begin(), numbers_.end());
  }
  table.starts.assign(table.numbers->size() + 1, 0);
  for (const std::uint32_t number : number_of) ++table.starts[number + 1];
  for (std::size_t i = 1; i < table.starts.size(); ++i) table.starts[i] += table.starts[i - 1];
  table.rows.resize(rows.size());
  std::vector<std::uint32_t> next(table.starts.begin(), table.starts.end() - 1);
  for (std::size_t i = 0; i < rows.size(); ++i) table.rows[next[number_of[i]]++] = rows[i];
  run_.budget().check();
}

LooseIndex::Table* LooseIndex::table(std::size_t of_class, Mask columns) {
  for (const auto& known : tables_) {
    if (known->of_class == of_class && known->columns == columns) return known.get();
  }
  auto made = std::make_unique<Table>();
  made->of_class = of_class;
  made->columns = columns;
  if (!has_room(*made)) return nullptr;
  fill(*made);
  tables_.push_back(std::move(made));
  return tables_.back().get();
}

bool LooseIndex::find(const Batch& batch, const std::vector<std::size_t>& keys, const std::vector<std::size_t>& loose) {
  found_.assign(batch.rows() * classes_.size(), {});
  std::vector<std::pair<Mask, std::vector<std::uint32_t>>> by_mask;
  for (std::uint32_t row = 0; row < batch.rows(); ++row) {
    const Mask mask = mask_of(batch, loose, row);
    auto group = std::find_if(by_mask.begin(), by_mask.end(), [&](const auto& each) { return each.first == mask; });
    if (group == by_mask.end()) group = by_mask.insert(by_mask.end(), {mask, {}});
    group->second.push_back(row);
  }
  for (const auto& [mask, rows] : by_mask) {
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      run_.budget().check();
      const Mask columns = mask & classes_[c].bound;
      if (needs_common_ && columns == 0 && classes_[c].exact) continue;
      Table* const found = table(c, columns);
      if (found == nullptr) return false;
      gather(batch, rows, keys, loose, found->columns);
      found->numbers->find(columns_, rows.size(), numbers_);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint32_t number = numbers_[i];
        if (number == RowTable::kNone) continue;
        found_[rows[i] * classes_.size() + c] =
            std::span(found->rows).subspan(found->starts[number], found->starts[number + 1] - found->starts[number]);
      }
    }
  }
  return true;
}

}  // namespace akyn::exec

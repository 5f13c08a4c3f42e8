#include "engine/storage/delta_chunk.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kHeaderSize = 4 * 4;

void append_size(std::string& out, std::size_t size) {
  append_u32(out, static_cast<std::uint32_t>(size));
}

// Rows are arrays of the columns and, last, the mark.
template <class Row>
constexpr std::size_t kColumns = std::tuple_size_v<Row> - 1;

template <class Row>
void append_rows(std::string& out, const std::vector<Row>& rows, std::uint64_t mark) {
  for (const Row& row : rows) {
    if (row.back() != mark) continue;
    for (std::size_t i = 0; i < kColumns<Row>; ++i) append_u64(out, row[i]);
  }
}

template <class Row>
std::size_t count_deletes(const std::vector<Row>& rows) {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const Row& row) { return row.back() == kDeleteMark; }));
}

template <class Row>
bool before(const Row& a, const Row& b) noexcept {
  return std::lexicographical_compare(a.begin(), a.end() - 1, b.begin(), b.end() - 1);
}

template <class Row>
bool same_row(const Row& a, const Row& b) noexcept {
  return std::equal(a.begin(), a.end() - 1, b.begin());
}

// Of sorted rows, equal ones from old to new: effective changes of one row alternate, so that an even number of them
// comes to nothing and of an odd number the newest counts.
template <class Row>
void cancel(std::vector<Row>& rows) {
  std::size_t kept = 0;
  for (std::size_t first = 0; first < rows.size();) {
    std::size_t last = first + 1;
    while (last < rows.size() && same_row(rows[first], rows[last])) ++last;
    if ((last - first) % 2 == 1) rows[kept++] = rows[last - 1];
    first = last;
  }
  rows.resize(kept);
}

template <class Row>
SortedRows to_columns(const std::vector<Row>& rows) {
  std::vector<std::vector<std::uint64_t>> columns(kColumns<Row>);
  for (std::size_t i = 0; i < kColumns<Row>; ++i) {
    columns[i].reserve(rows.size());
    for (const Row& row : rows) columns[i].push_back(row[i]);
  }
  std::vector<std::uint64_t> marks;
  if (count_deletes(rows) != 0) {
    marks.reserve(rows.size());
    for (const Row& row : rows) marks.push_back(row.back());
  }
  return {std::move(columns), std::move(marks)};
}

// Appends the rows with their columns in the order of a permutation.
template <class Row>
void append_permuted(std::vector<Row>& out, const SortedRows& rows, const ColumnOrder& order) {
  out.reserve(out.size() + rows.rows());
  const bool marked = !rows.marks().empty();
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    Row& row = out.emplace_back();
    for (std::size_t i = 0; i < kColumns<Row>; ++i) row[i] = rows.column(order[i])[r];
    row.back() = marked ? rows.marks()[r] : kInsertMark;
  }
}

template <class Row>
std::shared_ptr<const SortedRows> sort_and_cancel(std::vector<Row>& rows) {
  std::stable_sort(rows.begin(), rows.end(), before<Row>);
  cancel(rows);
  return std::make_shared<const SortedRows>(to_columns(rows));
}

template <class Row>
SortedRows resorted(const SortedRows& rows, OrderTag order) {
  std::vector<Row> permuted;
  append_permuted(permuted, rows, columns_of(permutation_of(order)));
  std::sort(permuted.begin(), permuted.end(), before<Row>);
  return to_columns(permuted);
}

template <class Row>
std::shared_ptr<const SortedRows> merge_rows(std::span<const SortedRows* const> parts) {
  std::vector<Row> rows;
  for (const SortedRows* part : parts) {
    const auto middle = static_cast<std::ptrdiff_t>(rows.size());
    append_permuted(rows, *part, columns_of(Permutation::spo));
    std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(), before<Row>);
  }
  cancel(rows);
  return std::make_shared<const SortedRows>(to_columns(rows));
}

template <class Row>
void append_all(std::vector<Row>& to, std::vector<Row>& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    to.insert(to.end(), from.begin(), from.end());
  }
}

}  // namespace

void DeltaRows::add(const QuadRow& row, std::uint64_t mark) {
  if (row.instance == 0) {
    triples.push_back({row.subject.bits(), row.predicate.bits(), row.object.bits(), mark});
  } else {
    quads.push_back({row.subject.bits(), row.predicate.bits(), row.object.bits(), row.instance, mark});
  }
}

std::string DeltaRows::serialize() const {
  const std::size_t triple_deletes = count_deletes(triples);
  const std::size_t quad_deletes = count_deletes(quads);
  std::string out;
  out.reserve(kHeaderSize + triples.size() * 24 + quads.size() * 32);
  append_size(out, triples.size() - triple_deletes);
  append_size(out, triple_deletes);
  append_size(out, quads.size() - quad_deletes);
  append_size(out, quad_deletes);
  append_rows(out, triples, kInsertMark);
  append_rows(out, triples, kDeleteMark);
  append_rows(out, quads, kInsertMark);
  append_rows(out, quads, kDeleteMark);
  return out;
}

DeltaRows DeltaRows::parse(std::string_view record) {
  const auto corrupt = [] { throw Error(ErrorCode::corruption, "the record of a commit is cut short"); };
  if (record.size() < kHeaderSize) corrupt();
  std::array<std::size_t, 4> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = load_u32(record.data() + 4 * i);
  if (record.size() != kHeaderSize + (counts[0] + counts[1]) * 24 + (counts[2] + counts[3]) * 32) corrupt();
  const char* at = record.data() + kHeaderSize;
  const auto read = [&at](auto& rows, std::size_t count, std::uint64_t mark) {
    for (std::size_t r = 0; r < count; ++r) {
      auto& row = rows.emplace_back();
      for (std::size_t i = 0; i + 1 < row.size(); ++i, at += 8) row[i] = load_u64(at);
      row.back() = mark;
    }
  };
  DeltaRows rows;
  rows.triples.reserve(counts[0] + counts[1]);
  rows.quads.reserve(counts[2] + counts[3]);
  read(rows.triples, counts[0], kInsertMark);
  read(rows.triples, counts[1], kDeleteMark);
  read(rows.quads, counts[2], kInsertMark);
  read(rows.quads, counts[3], kDeleteMark);
  return rows;
}

DeltaChunk::DeltaChunk(DeltaRows rows) {
  set(sort_and_cancel(rows.triples), sort_and_cancel(rows.quads));
}

DeltaChunk::DeltaChunk(std::vector<DeltaRows> commits) {
  DeltaRows all;
  for (DeltaRows& commit : commits) {
    append_all(all.triples, commit.triples);
    append_all(all.quads, commit.quads);
  }
  set(sort_and_cancel(all.triples), sort_and_cancel(all.quads));
}

void DeltaChunk::set(std::shared_ptr<const SortedRows> triples, std::shared_ptr<const SortedRows> quads) {
  triples_ = std::move(triples);
  quads_ = std::move(quads);
  counts_ = {triples_->counts(0, triples_->rows()), quads_->counts(0, quads_->rows())};
}

std::shared_ptr<const DeltaChunk> DeltaChunk::merge(std::span<const DeltaChunk* const> chunks) {
  std::vector<const SortedRows*> triples;
  std::vector<const SortedRows*> quads;
  for (const DeltaChunk* chunk : chunks) {
    triples.push_back(chunk->triples_.get());
    quads.push_back(chunk->quads_.get());
  }
  const std::shared_ptr<DeltaChunk> merged(new DeltaChunk(Merged()));
  merged->set(merge_rows<DeltaRows::Triple>(triples), merge_rows<DeltaRows::Quad>(quads));
  return merged;
}

SortedRows DeltaChunk::sorted(OrderTag order) const {
  return order < kNamedGraphTag ? resorted<DeltaRows::Triple>(*triples_, order)
                                : resorted<DeltaRows::Quad>(*quads_, order);
}

const std::shared_ptr<const SortedRows>& DeltaChunk::rows(OrderTag order) const {
  if (order == 0) return triples_;
  if (order == kNamedGraphTag) return quads_;
  return orders_[order_index(order)].get([&] { return std::make_shared<const SortedRows>(sorted(order)); });
}

}  // namespace akyn::storage

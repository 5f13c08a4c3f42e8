#include "engine/storage/row_sorter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/block.h"

namespace akyn::storage {

class RowSorter::Engine {
 public:
  Engine() = default;
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  virtual void add(std::span<const std::span<const std::uint64_t>> columns) = 0;
  virtual void add_row(std::span<const std::uint64_t> row) = 0;
  virtual void finish() = 0;
  virtual bool next(RowBatch& out, std::size_t max_rows) = 0;
};

namespace {

// Fewer rows make no sense as a chunk, whatever the limit.
constexpr std::size_t kFewestRows = 2;

// Sorted rows in the file: frames from `first` to `last`, each of them a block.
struct Chunk {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::size_t level = 0;
};

template <std::size_t Columns>
class Sorter final : public RowSorter::Engine {
  using Row = std::array<std::uint64_t, Columns>;

  // Reads a chunk.
  class Reader {
   public:
    Reader(SpillFile& file, const Chunk& chunk) : file_(&file), offset_(chunk.first), last_(chunk.last) { load(); }

    [[nodiscard]] bool at_end() const noexcept { return row_ == rows_; }
    [[nodiscard]] Row row() const noexcept {
      Row row;
      for (std::size_t i = 0; i < Columns; ++i) row[i] = values_[i][row_];
      return row;
    }
    void advance() {
      if (++row_ == rows_) load();
    }

   private:
    void load() {
      row_ = 0;
      rows_ = 0;
      if (offset_ >= last_) return;
      file_->read(offset_, bytes_);
      const BlockReader block(bytes_);
      if (block.columns() != Columns) throw Error(ErrorCode::corruption, "a temporary file of a sort is damaged");
      for (std::size_t i = 0; i < Columns; ++i) {
        values_[i].resize(block.rows());
        block.decode(i, 0, block.rows(), values_[i]);
      }
      rows_ = block.rows();
    }

    SpillFile* file_;
    std::uint64_t offset_;
    std::uint64_t last_;
    std::size_t row_ = 0;
    std::size_t rows_ = 0;
    std::array<std::vector<std::uint64_t>, Columns> values_;
    std::string bytes_;
  };

  // Merges chunks: a heap of the readers by their next rows, of which each holds a copy.
  class Merge {
   public:
    Merge(SpillFile& file, std::span<const Chunk> chunks) {
      for (const Chunk& chunk : chunks) {
        Reader reader(file, chunk);
        if (reader.at_end()) continue;
        const Row row = reader.row();
        heap_.push_back({row, readers_.size()});
        readers_.push_back(std::move(reader));
      }
      std::make_heap(heap_.begin(), heap_.end(), After());
    }

    // The next row that differs from the one before; nothing at the end.
    std::optional<Row> next() {
      while (!heap_.empty()) {
        const Row row = heap_.front().row;
        advance();
        if (!last_ || *last_ != row) return last_ = row;
      }
      return std::nullopt;
    }

   private:
    struct Head {
      Row row;
      std::size_t reader;
    };
    struct After {
      bool operator()(const Head& a, const Head& b) const noexcept { return a.row > b.row; }
    };

    // Replaces the top by its reader's next row and lets it sink.
    void advance() {
      Reader& reader = readers_[heap_.front().reader];
      reader.advance();
      if (reader.at_end()) {
        std::pop_heap(heap_.begin(), heap_.end(), After());
        heap_.pop_back();
        return;
      }
      const Head head{reader.row(), heap_.front().reader};
      std::size_t place = 0;
      for (;;) {
        std::size_t child = 2 * place + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && heap_[child + 1].row < heap_[child].row) ++child;
        if (!(heap_[child].row < head.row)) break;
        heap_[place] = heap_[child];
        place = child;
      }
      heap_[place] = head;
    }

    std::vector<Reader> readers_;
    std::vector<Head> heap_;
    std::optional<Row> last_;
  };

  // Packs rows into the file.
  class Packer {
   public:
    explicit Packer(SpillFile& file) : file_(file), first_(file.end()) {}

    void add(const Row& row) {
      for (std::size_t i = 0; i < Columns; ++i) values_[i][count_] = row[i];
      if (++count_ == kBlockRows) write();
    }
    Chunk finish(std::size_t level) {
      if (count_ > 0) write();
      return {first_, file_.end(), level};
    }

   private:
    void write() {
      std::array<std::span<const std::uint64_t>, Columns> columns;
      for (std::size_t i = 0; i < Columns; ++i) columns[i] = std::span(values_[i]).first(count_);
      bytes_.clear();
      encode_block(columns, bytes_);
      file_.append(bytes_);
      count_ = 0;
    }

    SpillFile& file_;
    std::uint64_t first_;
    std::size_t count_ = 0;
    std::array<std::vector<std::uint64_t>, Columns> values_ = make_values();
    std::string bytes_;

    static auto make_values() {
      std::array<std::vector<std::uint64_t>, Columns> values;
      for (auto& column : values) column.resize(kBlockRows);
      return values;
    }
  };

 public:
  explicit Sorter(const SortLimits& limits)
      : directory_(limits.directory), most_rows_(std::max(kFewestRows, limits.memory_bytes / sizeof(Row))) {}

  void add(std::span<const std::span<const std::uint64_t>> columns) override {
    for (std::size_t from = 0; from < columns[0].size();) {
      const std::size_t count = std::min({columns[0].size() - from, make_room(), kBatchRows});
      const std::size_t start = rows_.size();
      rows_.resize(start + count);
      for (std::size_t i = 0; i < Columns; ++i) {
        const std::uint64_t* const column = columns[i].data() + from;
        for (std::size_t row = 0; row < count; ++row) rows_[start + row][i] = column[row];
      }
      from += count;
    }
  }

  void add_row(std::span<const std::uint64_t> row) override {
    make_room();
    Row& added = rows_.emplace_back();
    std::copy(row.begin(), row.end(), added.begin());
  }

  void finish() override {
    if (chunks_.empty()) {
      sort();
      return;
    }
    if (!rows_.empty()) spill();
    std::vector<Row>().swap(rows_);
    merge_.emplace(*file_, chunks_);
  }

  bool next(RowBatch& out, std::size_t max_rows) override {
    out.clear();
    std::array<std::uint64_t*, Columns> to{};
    if (!merge_) {
      const std::size_t count = std::min(max_rows, rows_.size() - given_);
      if (count == 0) {
        std::vector<Row>().swap(rows_);
        given_ = 0;
        return false;
      }
      for (std::size_t i = 0; i < Columns; ++i) to[i] = out.extend(i, count);
      for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t i = 0; i < Columns; ++i) to[i][row] = rows_[given_ + row][i];
      }
      given_ += count;
      out.add_rows(count);
      return true;
    }
    for (std::size_t i = 0; i < Columns; ++i) to[i] = out.extend(i, max_rows);
    std::size_t count = 0;
    while (count < max_rows) {
      const std::optional<Row> row = merge_->next();
      if (!row) break;
      for (std::size_t i = 0; i < Columns; ++i) to[i][count] = (*row)[i];
      ++count;
    }
    out.add_rows(count);
    return count > 0;
  }

 private:
  // Rows that may be added now, at least one.
  std::size_t make_room() {
    if (directory_.empty()) return most_rows_;
    if (rows_.size() >= most_rows_) spill();
    // So that the last doubling does not exceed the limit.
    if (rows_.size() > most_rows_ / 2) rows_.reserve(most_rows_);
    return most_rows_ - rows_.size();
  }

  void sort() {
    // Rows often come in order: from a store that has been sorted before.
    if (!std::is_sorted(rows_.begin(), rows_.end())) std::sort(rows_.begin(), rows_.end());
    rows_.erase(std::unique(rows_.begin(), rows_.end()), rows_.end());
  }

  void spill() {
    sort();
    if (!file_) file_.emplace(directory_);
    Packer packer(*file_);
    for (const Row& row : rows_) packer.add(row);
    rows_.clear();
    chunks_.push_back(packer.finish(0));
    join_chunks();
  }

  // Chunks are in the order of falling levels.
  void join_chunks() {
    for (;;) {
      const std::size_t level = chunks_.back().level;
      const auto first = std::find_if(chunks_.begin(), chunks_.end(), [&](const Chunk& c) { return c.level == level; });
      if (chunks_.end() - first < static_cast<std::ptrdiff_t>(RowSorter::kMergeWays)) return;
      const std::vector<Chunk> joined(first, chunks_.end());
      Merge merge(*file_, joined);
      Packer packer(*file_);
      while (const std::optional<Row> row = merge.next()) packer.add(*row);
      chunks_.erase(first, chunks_.end());
      chunks_.push_back(packer.finish(level + 1));
    }
  }

  std::string directory_;
  std::size_t most_rows_;
  std::vector<Row> rows_;
  std::size_t given_ = 0;
  std::vector<Chunk> chunks_;
  std::optional<SpillFile> file_;
  std::optional<Merge> merge_;
};

std::unique_ptr<RowSorter::Engine> make_engine(std::size_t columns, const SortLimits& limits) {
  switch (columns) {
    case 1:
      return std::make_unique<Sorter<1>>(limits);
    case 2:
      return std::make_unique<Sorter<2>>(limits);
    case 3:
      return std::make_unique<Sorter<3>>(limits);
    case 4:
      return std::make_unique<Sorter<4>>(limits);
    case 5:
      return std::make_unique<Sorter<5>>(limits);
    default:
      throw Error(ErrorCode::internal, "rows with a wrong number of columns");
  }
}

}  // namespace

RowSorter::RowSorter(std::size_t columns, const SortLimits& limits)
    : engine_(make_engine(columns, limits)), columns_(columns) {}
RowSorter::~RowSorter() = default;

void RowSorter::add(std::span<const std::span<const std::uint64_t>> columns) {
  if (columns.size() != columns_) throw Error(ErrorCode::internal, "rows with a wrong number of columns");
  for (const auto& column : columns) {
    if (column.size() != columns[0].size()) throw Error(ErrorCode::internal, "columns of unequal length");
  }
  engine_->add(columns);
  rows_ += columns[0].size();
}

void RowSorter::add_row(std::span<const std::uint64_t> row) {
  engine_->add_row(row);
  ++rows_;
}

void RowSorter::finish() {
  engine_->finish();
}

bool RowSorter::next(RowBatch& out, std::size_t max_rows) {
  return engine_->next(out, max_rows);
}

}  // namespace akyn::storage

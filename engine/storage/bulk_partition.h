// The rows of one partition of a load: sorted in every order, and written as blocks.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/base_rows.h"
#include "engine/storage/block.h"
#include "engine/storage/block_run_writer.h"
#include "engine/storage/bulk_rows.h"
#include "engine/storage/keys.h"
#include "engine/storage/ordered_work.h"
#include "engine/storage/page_memory.h"
#include "engine/storage/radix_sort.h"
#include "engine/storage/spill_file.h"

namespace akyn::storage {

// Rows of one value of an order's first column.
struct Tally {
  std::uint64_t first = 0;  // the value
  std::uint64_t rows = 0;
  std::uint64_t pairs = 0;  // different values in the second column
};

// The directory of all orders, kept until their keys can be written in order.
class KeptKeys final : public KeyValueSink {
 public:
  void put(std::string_view key, std::string_view value) override { kept_.emplace(key, value); }
  void hand_over(KeyValueSink& sink) {
    for (const auto& [key, value] : kept_) sink.put(key, value);
    kept_.clear();
  }

 private:
  std::map<std::string, std::string, std::less<>> kept_;
};

// What the rows of both partitions have in common.
struct Work {
  const BulkRowsInput& input;
  KeptKeys directory;
  std::uint64_t done = 0;  // rows times orders
  std::uint64_t total = 0;
  std::uint64_t first_new_term = 0;
  std::map<OrderTag, std::vector<Tally>> tallies = {};

  void step(std::uint64_t rows) {
    done += rows;
    if (input.progress) input.progress("writing rows", done, std::max(total, done));
  }
};

// Which orders are tallied: those that tell how many subjects and objects a predicate has, and the sizes of graphs.
[[nodiscard]] inline bool is_tallied(Permutation order) {
  return order == Permutation::pso || order == Permutation::pos || order == Permutation::gspo;
}

// The rows of one partition, as codes. See radix_sort.h for how an order is made of another.
template <class Codes, std::size_t Columns>
class Partitioned {
 public:
  using Value = typename Codes::Value;
  using Row = std::array<Value, Columns>;
  static constexpr Partition kPartition = Columns == 3 ? Partition::default_graph : Partition::named_graphs;

  Partitioned(Work& work, const Codes& codes) : work_(work), input_(work.input), codes_(codes) {}

  // `map_of(segment)` gives what turns a segment's numbers into codes. Returns what the run holds.
  template <class MapOf>
  RowCounts run(std::uint64_t rows, const MapOf& map_of) {
    const std::size_t fits = std::max<std::size_t>(input_.limits.memory_bytes / (2 * sizeof(Row)), kBlockRows);
    const bool whole = input_.limits.directory.empty() || rows <= fits;
    capacity_ = static_cast<std::size_t>(whole ? rows : fits);
    rows_ = PageMemory(capacity_ * sizeof(Row));
    if (whole && input_.terms.ids->in_memory()) {
      read_side_by_side(map_of);
    } else {
      read(map_of, whole);
    }
    if (whole) {
      sort_chunk([this](Permutation order, const Row* sorted) { write_order(order, sorted); });
      added_ = count_;
    } else {
      if (count_ > 0) spill_chunk();
      rows_ = PageMemory();
      other_ = PageMemory();
      for (const Permutation order : orders()) merge_order(order);
    }
    return counts_;
  }

  // After run(): rows that the base does not have.
  [[nodiscard]] std::uint64_t added() const noexcept { return added_; }

 private:
  // In the order in which each is had from the one before by sorting by a column or two.
  struct Step {
    Permutation order;
    std::array<std::uint8_t, 2> columns;  // kNone at the end
  };
  static constexpr std::uint8_t kNone = 0xff;
  static std::vector<Step> steps() {
    constexpr std::uint8_t kS = 0;
    constexpr std::uint8_t kP = 1;
    constexpr std::uint8_t kO = 2;
    constexpr std::uint8_t kG = 3;
    std::vector<Step> steps = {{Permutation::spo, {kNone, kNone}}, {Permutation::pso, {kP, kNone}},
                               {Permutation::ops, {kO, kNone}},    {Permutation::sop, {kS, kNone}},
                               {Permutation::osp, {kO, kNone}},    {Permutation::pos, {kP, kNone}}};
    if constexpr (Columns == 4) {
      steps.insert(steps.end(),
                   {{Permutation::gpos, {kG, kNone}}, {Permutation::gspo, {kS, kG}}, {Permutation::gosp, {kO, kG}}});
    }
    return steps;
  }
  static std::vector<Permutation> orders() {
    std::vector<Permutation> orders;
    for (const Step& step : steps()) orders.push_back(step.order);
    return orders;
  }

  template <class Map>
  static Row mapped(const Map& map, const std::array<std::uint32_t, Columns>& row) {
    if constexpr (Columns == 3) {
      return {map.terms[row[0]], map.predicates[row[1]], map.terms[row[2]]};
    } else {
      return {map.terms[row[0]], map.predicates[row[1]], map.terms[row[2]], map.graph(row[3])};
    }
  }

  static auto& rows_of(BulkSegment& segment) {
    if constexpr (Columns == 3) {
      return segment.rows;
    } else {
      return segment.named_rows;
    }
  }

  template <class MapOf>
  void read_side_by_side(const MapOf& map_of) {
    std::vector<std::size_t> first;
    for (const auto& lane : input_.segments) {
      first.push_back(count_);
      for (BulkSegment* segment : lane) count_ += static_cast<std::size_t>(rows_of(*segment).size());
    }
    run_parallel(input_.threads, input_.segments.size(), [&](std::size_t lane) {
      Row* to = rows_.as<Row>() + first[lane];
      for (BulkSegment* segment : input_.segments[lane]) {
        if (rows_of(*segment).size() == 0) continue;
        const auto map = map_of(*segment);
        rows_of(*segment).consume([&](const auto& rows) {
          for (const auto& row : rows) *to++ = mapped(map, row);
        });
      }
    });
  }

  template <class MapOf>
  void read(const MapOf& map_of, bool whole) {
    for (const auto& lane : input_.segments) {
      for (BulkSegment* segment : lane) {
        if (rows_of(*segment).size() == 0) continue;
        const auto map = map_of(*segment);
        rows_of(*segment).consume([&](const auto& rows) {
          for (const auto& row : rows) {
            if (count_ == capacity_ && !whole) spill_chunk();
            rows_.template as<Row>()[count_++] = mapped(map, row);
          }
        });
      }
    }
  }

  // Calls take(order, rows) for each order of the rows that have been read, which it sorts.
  template <class Take>
  void sort_chunk(const Take& take) {
    other_ = PageMemory(count_ * sizeof(Row));
    Row* rows = rows_.as<Row>();
    Row* other = other_.as<Row>();
    RadixSort<Value, Columns> sort(input_.threads, rows, count_);
    const auto by = [&](std::size_t column) { sort.by(column, rows, other); };
    for (std::size_t column = Columns; column-- > 0;) by(column);
    count_ = static_cast<std::size_t>(std::unique(rows, rows + count_) - rows);
    leave_out_stored(rows);
    if (count_ == 0 && !input_.with_base) return;
    sort.set_count(count_);
    for (const Step& step : steps()) {
      for (const std::uint8_t column : step.columns) {
        if (column != kNone) by(column);
      }
      take(step.order, rows);
    }
  }

  void leave_out_stored(Row* rows) {
    const bool any = std::any_of(input_.base.layers.begin(), input_.base.layers.end(), [](const Layer& layer) {
      return layer.counts(order_tag(kPartition, Permutation::spo)).rows() != 0;
    });
    if (!any) return;
    BaseRows base(input_.base, kPartition);
    Row* to = rows;
    std::size_t checked = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      RowValues values{};
      bool old = true;
      for (std::size_t column = 0; column < Columns && old; ++column) {
        codes_.decode(
            column, 1, [&](std::size_t) { return rows[i][column]; }, &values[column]);
        old = is_old(column, values[column]);
      }
      if ((++checked & 0xFFFFU) == 0) work_.step(0);
      if (old && base.contains(values)) continue;
      *to++ = rows[i];
    }
    count_ = static_cast<std::size_t>(to - rows);
  }

  // Whether rows of the base may have the value.
  [[nodiscard]] bool is_old(std::size_t column, std::uint64_t value) const {
    if (column == kGraphColumn) return value < input_.first_instance;
    const Id id = Id::from_bits(value);
    if (id.is_inlined()) return true;
    return id.payload() < (id.type() == IdType::blank ? input_.first_blank : work_.first_new_term);
  }

  // --- Into blocks ---

  // Values of an order's first two columns.
  using Leading = std::array<std::uint64_t, 2>;
  struct Task {
    const Row* rows = nullptr;
    std::size_t count = 0;
    std::optional<Leading> previous;                         // of the row before them, where rows are tallied
    std::vector<Row> owned;                                  // what `rows` points to when it is not a chunk in memory
    std::array<std::vector<std::uint64_t>, Columns> values;  // instead of rows: the columns of the order
    EncodedBlock block;
    std::vector<Tally> tallies;
  };

  // Takes tasks in order and writes their blocks.
  class Writer {
   public:
    Writer(Partitioned& owner, Permutation order)
        : owner_(owner),
          order_(order),
          tag_(order_tag(kPartition, order)),
          columns_(columns_of(order)),
          writer_(owner.input_.run, tag_, false, owner.input_.blocks(tag_), owner.work_.directory,
                  owner.input_.block_rows),
          tasks_(
              owner.input_.threads, [this](Task& task) { encode(task); }, [this](Task& task) { write(task); }) {}

    void add(Task task) { tasks_.add(std::move(task)); }

    RowCounts finish() {
      tasks_.finish();
      if (!tallies_.empty()) owner_.work_.tallies[tag_] = std::move(tallies_);
      return writer_.finish();
    }

   private:
    void encode(Task& task) const {
      if (!task.owned.empty()) task.rows = task.owned.data();
      auto& values = task.values;
      if (task.rows != nullptr) owner_.decode(columns_, task.rows, task.count, values);
      std::array<std::span<const std::uint64_t>, Columns> spans;
      for (std::size_t i = 0; i < Columns; ++i) spans[i] = values[i];
      task.block = encode_run_block(Columns, spans);
      if (is_tallied(order_)) tally(task);
      for (std::vector<std::uint64_t>& column : values) std::vector<std::uint64_t>().swap(column);
    }

    static void tally(Task& task) {
      const auto& values = task.values;
      Leading previous = task.previous.value_or(Leading());
      bool any = task.previous.has_value();
      for (std::size_t row = 0; row < task.count; ++row) {
        const std::uint64_t first = values[0][row];
        const std::uint64_t second = values[1][row];
        if (task.tallies.empty() || task.tallies.back().first != first) task.tallies.push_back({first, 0, 0});
        Tally& tally = task.tallies.back();
        ++tally.rows;
        if (!any || previous[0] != first || previous[1] != second) ++tally.pairs;
        any = true;
        previous = {first, second};
      }
    }

    void write(const Task& task) {
      writer_.add(task.block);
      for (const Tally& tally : task.tallies) {
        if (tallies_.empty() || tallies_.back().first != tally.first) tallies_.push_back({tally.first, 0, 0});
        tallies_.back().rows += tally.rows;
        tallies_.back().pairs += tally.pairs;
      }
      owner_.work_.step(task.count);
    }

    Partitioned& owner_;
    Permutation order_;
    OrderTag tag_;
    ColumnOrder columns_;
    BlockRunWriter writer_;
    std::vector<Tally> tallies_;
    OrderedWork<Task> tasks_;
  };

  void decode(const ColumnOrder& columns, const Row* rows, std::size_t count,
              std::array<std::vector<std::uint64_t>, Columns>& values) const {
    for (std::size_t i = 0; i < Columns; ++i) {
      const std::size_t column = columns[i];
      values[i].resize(count);
      codes_.decode(
          column, count, [&](std::size_t row) { return rows[row][column]; }, values[i].data());
    }
  }
  [[nodiscard]] Leading leading(const ColumnOrder& columns, const Row& row) const {
    Leading values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
      codes_.decode(
          columns[i], 1, [&](std::size_t) { return row[columns[i]]; }, &values[i]);
    }
    return values;
  }

  // Puts the rows of the base, in the same order, between those of the load.
  class WithBase {
   public:
    WithBase(const Partitioned& owner, Permutation order, Writer& writer)
        : owner_(owner),
          columns_(columns_of(order)),
          writer_(writer),
          layers_(uncached(owner.input_.base, owner.input_.base.layers)),
          base_(open_layers(owner.input_.base, layers_, order_tag(kPartition, order),
                            all_columns(order_tag(kPartition, order)), MergeKind::state)) {
      read_base();
    }

    // Rows of the load; they ascend from call to call, too.
    void add(const Row* rows, std::size_t count) {
      owner_.decode(columns_, rows, count, values_);
      for (std::size_t row = 0; row < count; ++row) {
        while (!at_end_ && is_base_before(row)) append_base();
        for (std::size_t i = 0; i < Columns; ++i) task_.values[i].push_back(values_[i][row]);
        end_row();
      }
    }
    void finish() {
      while (!at_end_) append_base();
      flush();
    }

   private:
    void read_base() {
      at_ = 0;
      at_end_ = !base_->next(batch_);
    }
    [[nodiscard]] bool is_base_before(std::size_t row) const {
      for (std::size_t i = 0; i < Columns; ++i) {
        const std::uint64_t value = batch_.column(i)[at_];
        if (value != values_[i][row]) return value < values_[i][row];
      }
      return false;
    }
    void append_base() {
      for (std::size_t i = 0; i < Columns; ++i) task_.values[i].push_back(batch_.column(i)[at_]);
      if (++at_ == batch_.rows()) read_base();
      end_row();
    }
    void end_row() {
      if (task_.values[0].size() == owner_.input_.block_rows) flush();
    }
    void flush() {
      if (task_.values[0].empty()) return;
      const Leading last = {task_.values[0].back(), task_.values[1].back()};
      task_.count = task_.values[0].size();
      writer_.add(std::exchange(task_, Task()));
      task_.previous = last;
      for (std::vector<std::uint64_t>& column : task_.values) column.reserve(owner_.input_.block_rows);
    }

    const Partitioned& owner_;
    ColumnOrder columns_;
    Writer& writer_;
    std::vector<Layer> layers_;
    std::unique_ptr<RowCursor> base_;
    RowBatch batch_;
    std::size_t at_ = 0;
    bool at_end_ = false;
    std::array<std::vector<std::uint64_t>, Columns> values_;
    Task task_;
  };

  void write_order(Permutation order, const Row* rows) {
    Writer writer(*this, order);
    const ColumnOrder columns = columns_of(order);
    std::optional<WithBase> with_base;
    if (input_.with_base) with_base.emplace(*this, order, writer);
    for (std::size_t first = 0; first < count_; first += input_.block_rows) {
      const std::size_t count = std::min(input_.block_rows, count_ - first);
      if (with_base) {
        with_base->add(rows + first, count);
        continue;
      }
      Task task;
      task.rows = rows + first;
      task.count = count;
      if (first > 0 && is_tallied(order)) task.previous = leading(columns, rows[first - 1]);
      writer.add(std::move(task));
    }
    if (with_base) with_base->finish();
    take_counts(writer.finish());
  }

  void take_counts(const RowCounts& counts) {
    if (counts_.rows() != 0 && counts_ != counts) {
      throw Error(ErrorCode::internal, "the orders of a load's rows differ");
    }
    counts_ = counts;
  }

  // --- By way of a file ---

  struct Packed {
    const Row* rows = nullptr;
    std::size_t count = 0;
    std::string bytes;
  };

  void spill_chunk() {
    if (file_ == nullptr) file_ = std::make_unique<SpillFile>(input_.limits.directory);
    sort_chunk([this](Permutation order, const Row* rows) {
      const ColumnOrder columns = columns_of(order);
      std::vector<std::uint64_t>& frames = chunks_[order].emplace_back();
      OrderedWork<Packed> work(
          input_.threads,
          [&](Packed& packed) {
            std::array<std::vector<std::uint64_t>, Columns> values;
            std::array<std::span<const std::uint64_t>, Columns> spans;
            for (std::size_t i = 0; i < Columns; ++i) {
              values[i].resize(packed.count);
              for (std::size_t row = 0; row < packed.count; ++row) values[i][row] = packed.rows[row][columns[i]];
              spans[i] = values[i];
            }
            encode_block(spans, packed.bytes);
          },
          [&](Packed& packed) {
            frames.push_back(file_->end());
            file_->append(packed.bytes);
            work_.step(0);
          });
      for (std::size_t first = 0; first < count_; first += kBlockRows) {
        work.add({rows + first, std::min(kBlockRows, count_ - first), {}});
      }
      work.finish();
    });
    count_ = 0;
  }

  // The rows of one chunk in one order.
  class Reader {
   public:
    Reader(SpillFile& file, const std::vector<std::uint64_t>& frames, const ColumnOrder& columns)
        : file_(&file), frames_(&frames), columns_(columns) {
      load();
    }
    [[nodiscard]] bool at_end() const noexcept { return at_ == rows_.size(); }
    [[nodiscard]] const Row& row() const noexcept { return rows_[at_]; }
    void advance() {
      if (++at_ == rows_.size()) load();
    }

   private:
    void load() {
      at_ = 0;
      rows_.clear();
      if (next_ == frames_->size()) return;
      std::uint64_t frame = (*frames_)[next_++];
      file_->read(frame, bytes_);
      const BlockReader block(bytes_);
      rows_.resize(block.rows());
      values_.resize(block.rows());
      for (std::size_t i = 0; i < Columns; ++i) {
        block.decode(i, 0, block.rows(), values_);
        for (std::size_t row = 0; row < rows_.size(); ++row) {
          rows_[row][columns_[i]] = static_cast<Value>(values_[row]);
        }
      }
    }

    SpillFile* file_;
    const std::vector<std::uint64_t>* frames_;
    ColumnOrder columns_;
    std::size_t next_ = 0;
    std::size_t at_ = 0;
    std::vector<Row> rows_;
    std::vector<std::uint64_t> values_;
    std::string bytes_;
  };

  void merge_order(Permutation order) {
    const ColumnOrder columns = columns_of(order);
    std::vector<Reader> readers;
    for (const std::vector<std::uint64_t>& frames : chunks_[order]) {
      Reader reader(*file_, frames, columns);
      if (!reader.at_end()) readers.push_back(std::move(reader));
    }
    if (readers.empty() && !input_.with_base) return;
    const auto before = [&](const Row& a, const Row& b) {
      for (std::size_t i = 0; i < Columns; ++i) {
        if (a[columns[i]] != b[columns[i]]) return a[columns[i]] < b[columns[i]];
      }
      return false;
    };
    std::vector<std::size_t> heap(readers.size());
    for (std::size_t i = 0; i < heap.size(); ++i) heap[i] = i;
    const auto after = [&](std::size_t a, std::size_t b) { return before(readers[b].row(), readers[a].row()); };
    std::make_heap(heap.begin(), heap.end(), after);

    Writer writer(*this, order);
    std::optional<WithBase> with_base;
    if (input_.with_base) with_base.emplace(*this, order, writer);
    Task task;
    std::optional<Row> last;
    std::uint64_t rows = 0;
    const auto flush = [&] {
      if (task.owned.empty()) return;
      rows += task.owned.size();
      if (with_base) {
        with_base->add(task.owned.data(), task.owned.size());
        task.owned.clear();
        return;
      }
      const Leading end = leading(columns, task.owned.back());
      task.count = task.owned.size();
      writer.add(std::exchange(task, Task()));
      task.previous = end;
    };
    while (!heap.empty()) {
      Reader& reader = readers[heap.front()];
      if (last != reader.row()) {
        last = reader.row();
        task.owned.push_back(*last);
        if (task.owned.size() == input_.block_rows) flush();
      }
      std::pop_heap(heap.begin(), heap.end(), after);
      reader.advance();
      if (reader.at_end()) {
        heap.pop_back();
      } else {
        std::push_heap(heap.begin(), heap.end(), after);
      }
    }
    flush();
    if (with_base) with_base->finish();
    take_counts(writer.finish());
    added_ = rows;
  }

  Work& work_;
  const BulkRowsInput& input_;
  const Codes& codes_;
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
  std::uint64_t added_ = 0;
  PageMemory rows_;
  PageMemory other_;
  RowCounts counts_;
  std::unique_ptr<SpillFile> file_;
  std::map<Permutation, std::vector<std::vector<std::uint64_t>>> chunks_;  // frames
};

}  // namespace akyn::storage

#include "engine/exec/triple_cursor.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/storage/keys.h"
#include "engine/storage/version.h"

namespace akyn::exec {

using storage::ColumnMask;
using storage::GraphScope;
using storage::OrderTag;
using storage::Partition;
using storage::Permutation;
using storage::RowPrefix;
using storage::RowRange;
using storage::Version;

namespace {

constexpr std::size_t kTripleColumns = 3;
constexpr ColumnMask kAllTripleColumns = (1U << kTripleColumns) - 1;

class NoTriples final : public TripleCursor {
 public:
  bool next(std::size_t) override { return false; }
  [[nodiscard]] std::size_t rows() const override { return 0; }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t) const override { return {}; }
  [[nodiscard]] std::span<const std::uint64_t> graphs() const override { return {}; }
  void seek(const RowPrefix&) override {}
  [[nodiscard]] storage::ScanStatistics statistics() const override { return {}; }
};

RowPrefix behind(std::uint64_t first, const RowPrefix& rest) {
  RowPrefix prefix({first});
  for (const std::uint64_t value : rest.values()) prefix.append(value);
  return prefix;
}

// One stored order as it is: of the default graph, or those of named graphs that begin with the graph.
class StoredTriples final : public TripleCursor {
 public:
  StoredTriples(const std::shared_ptr<const Version>& version, Permutation order, const RowRange& range,
                ColumnMask columns)
      : cursor_(open_cursor(version, order_tag(Partition::default_graph, order), range, some_of(columns))) {}
  StoredTriples(const std::shared_ptr<const Version>& version, std::uint64_t instance, Permutation by_graph,
                const RowRange& range, ColumnMask columns)
      : instance_(instance),
        cursor_(open_cursor(version, order_tag(Partition::named_graphs, by_graph),
                            {behind(instance, range.lower), behind(instance, range.upper)},
                            static_cast<ColumnMask>(some_of(columns) << 1U))) {}

  bool next(std::size_t max_rows) override { return cursor_->next(batch_, max_rows); }
  [[nodiscard]] std::size_t rows() const override { return batch_.rows(); }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t i) const override {
    return batch_.column(instance_ ? i + 1 : i);
  }
  [[nodiscard]] std::span<const std::uint64_t> graphs() const override { return {}; }
  void seek(const RowPrefix& prefix) override { cursor_->seek(instance_ ? behind(*instance_, prefix) : prefix); }
  [[nodiscard]] storage::ScanStatistics statistics() const override { return cursor_->statistics(); }

 private:
  // A cursor wants to read something.
  static ColumnMask some_of(ColumnMask columns) noexcept {
    return columns == 0 ? storage::column_bit(kTripleColumns - 1) : columns;
  }

  std::optional<std::uint64_t> instance_;
  std::unique_ptr<storage::RowCursor> cursor_;
  storage::RowBatch batch_;
};

// The rows of named graphs, of all or of some of them.
class NamedTriples final : public TripleCursor {
 public:
  // `instances`: ascending; null: all of them.
  NamedTriples(std::shared_ptr<const Version> version, Permutation order, const RowRange& range, ColumnMask columns,
               std::shared_ptr<const std::vector<std::uint64_t>> instances, bool with_names)
      : version_(std::move(version)),
        columns_(columns),
        instances_(std::move(instances)),
        with_names_(with_names),
        cursor_(open_cursor(version_, order_tag(Partition::named_graphs, order), range,
                            static_cast<ColumnMask>(columns | storage::column_bit(kTripleColumns)))) {}

  bool next(std::size_t max_rows) override {
    while (cursor_->next(batch_, max_rows)) {
      if (instances_ != nullptr && !choose()) continue;
      if (with_names_) name_graphs();
      return true;
    }
    return false;
  }
  [[nodiscard]] std::size_t rows() const override { return instances_ ? chosen_.size() : batch_.rows(); }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t i) const override {
    if (instances_) return kept_[i];
    return batch_.column(i);
  }
  [[nodiscard]] std::span<const std::uint64_t> graphs() const override { return names_; }
  void seek(const RowPrefix& prefix) override { cursor_->seek(prefix); }
  [[nodiscard]] storage::ScanStatistics statistics() const override { return cursor_->statistics(); }

 private:
  bool choose() {
    chosen_.clear();
    const auto graphs = batch_.column(kTripleColumns);
    for (std::uint32_t row = 0; row < graphs.size(); ++row) {
      if (std::binary_search(instances_->begin(), instances_->end(), graphs[row])) chosen_.push_back(row);
    }
    for (std::size_t i = 0; i < kTripleColumns; ++i) {
      if ((columns_ & storage::column_bit(i)) == 0) continue;
      const auto values = batch_.column(i);
      kept_[i].clear();
      for (const std::uint32_t row : chosen_) kept_[i].push_back(values[row]);
    }
    return !chosen_.empty();
  }

  void name_graphs() {
    const auto graphs = batch_.column(kTripleColumns);
    names_.clear();
    for (std::size_t i = 0; i < rows(); ++i) {
      const std::uint64_t instance = graphs[instances_ ? chosen_[i] : i];
      if (instance != last_instance_) {
        last_instance_ = instance;
        last_name_ = version_->graphs.name_of(instance).bits();
      }
      names_.push_back(last_name_);
    }
  }

  std::shared_ptr<const Version> version_;
  ColumnMask columns_;
  std::shared_ptr<const std::vector<std::uint64_t>> instances_;
  bool with_names_;
  std::unique_ptr<storage::RowCursor> cursor_;
  storage::RowBatch batch_;
  std::vector<std::uint32_t> chosen_;
  std::array<std::vector<std::uint64_t>, kTripleColumns> kept_;
  std::vector<std::uint64_t> names_;
  std::uint64_t last_instance_ = 0;  // no graph's
  std::uint64_t last_name_ = 0;
};

// Several graphs as one: a triple that several of them hold, or one of them several times, comes once.
class MergedTriples final : public TripleCursor {
  struct Input {
    std::unique_ptr<TripleCursor> cursor;  // null at the end
    std::size_t row = 0;
  };
  using TripleBits = std::array<std::uint64_t, kTripleColumns>;

  static TripleBits at(const Input& input, std::size_t row) {
    return {input.cursor->column(0)[row], input.cursor->column(1)[row], input.cursor->column(2)[row]};
  }
  static TripleBits at(const Input& input) { return at(input, input.row); }
  static bool after(const Input* a, const Input* b) { return at(*a) > at(*b); }

 public:
  explicit MergedTriples(std::vector<std::unique_ptr<TripleCursor>> cursors) {
    for (auto& cursor : cursors) inputs_.push_back({std::move(cursor), 0});
    for (Input& input : inputs_) refill(input);
    make_heap();
  }

  bool next(std::size_t max_rows) override {
    for (auto& column : columns_) column.clear();
    while (!heap_.empty() && columns_[0].size() < max_rows) {
      std::pop_heap(heap_.begin(), heap_.end(), after);
      Input& least = *heap_.back();
      const auto triple = at(least);
      if (!last_ || *last_ != triple) {
        last_ = triple;
        for (std::size_t i = 0; i < kTripleColumns; ++i) columns_[i].push_back(triple[i]);
      }
      if (++least.row == least.cursor->rows()) refill(least);
      if (least.cursor == nullptr) {
        heap_.pop_back();
      } else {
        std::push_heap(heap_.begin(), heap_.end(), after);
      }
    }
    return !columns_[0].empty();
  }
  [[nodiscard]] std::size_t rows() const override { return columns_[0].size(); }
  [[nodiscard]] std::span<const std::uint64_t> column(std::size_t i) const override { return columns_[i]; }
  [[nodiscard]] std::span<const std::uint64_t> graphs() const override { return {}; }
  void seek(const RowPrefix& prefix) override {
    for (Input& input : inputs_) {
      while (input.cursor != nullptr && storage::compare_prefix(at(input).data(), prefix.values()) < 0) {
        // Within what has been read, else where the cursor goes.
        const std::size_t rows = input.cursor->rows();
        std::size_t row = input.row;
        while (row < rows && storage::compare_prefix(at(input, row).data(), prefix.values()) < 0) ++row;
        input.row = row;
        if (row < rows) break;
        input.cursor->seek(prefix);
        refill(input);
      }
    }
    make_heap();
  }
  [[nodiscard]] storage::ScanStatistics statistics() const override {
    storage::ScanStatistics sum = ended_;
    for (const Input& input : inputs_) {
      if (input.cursor != nullptr) sum += input.cursor->statistics();
    }
    return sum;
  }

 private:
  void refill(Input& input) {
    input.row = 0;
    if (input.cursor->next(storage::kBatchRows)) return;
    ended_ += input.cursor->statistics();
    input.cursor = nullptr;
  }
  void make_heap() {
    heap_.clear();
    for (Input& input : inputs_) {
      if (input.cursor != nullptr) heap_.push_back(&input);
    }
    std::make_heap(heap_.begin(), heap_.end(), after);
  }

  std::vector<Input> inputs_;
  std::vector<Input*> heap_;
  std::array<std::vector<std::uint64_t>, kTripleColumns> columns_;
  std::optional<TripleBits> last_;
  storage::ScanStatistics ended_;
};

// Ascending instances of the graphs of these names.
std::shared_ptr<const std::vector<std::uint64_t>> instances_of(const Version& version, const std::vector<Id>& names) {
  auto instances = std::make_shared<std::vector<std::uint64_t>>();
  for (const Id name : names) {
    if (const auto graph = version.graphs.find(name)) instances->push_back(graph->instance);
  }
  std::sort(instances->begin(), instances->end());
  instances->erase(std::unique(instances->begin(), instances->end()), instances->end());
  return instances;
}

std::unique_ptr<TripleCursor> open_named(const std::shared_ptr<const Version>& version, Id name, Permutation order,
                                         const RowRange& range, ColumnMask columns) {
  const auto graph = version->graphs.find(name);
  if (!graph) return std::make_unique<NoTriples>();
  if (const auto by_graph = storage::behind_graph(order)) {
    return std::make_unique<StoredTriples>(version, graph->instance, *by_graph, range, columns);
  }
  auto only = std::make_shared<const std::vector<std::uint64_t>>(std::vector<std::uint64_t>{graph->instance});
  return std::make_unique<NamedTriples>(version, order, range, columns, std::move(only), false);
}

// `columns` are all three where triples have to be told apart.
std::unique_ptr<TripleCursor> open_scope(const std::shared_ptr<const Version>& version, GraphScope scope,
                                         Permutation order, const RowRange& range, ColumnMask columns) {
  switch (scope.kind) {
    case GraphScope::Kind::default_graph:
      return std::make_unique<StoredTriples>(version, order, range, columns);
    case GraphScope::Kind::named:
      return open_named(version, scope.graph, order, range, columns);
    default:
      return std::make_unique<NamedTriples>(version, order, range, columns, nullptr, false);
  }
}

}  // namespace

std::unique_ptr<TripleCursor> open_triples(const std::shared_ptr<const Version>& version, const GraphChoice& graphs,
                                           Permutation order, const RowRange& range, ColumnMask columns) {
  if (graphs.by_name) {
    return std::make_unique<NamedTriples>(version, order, range, columns,
                                          graphs.names ? instances_of(*version, *graphs.names) : nullptr, true);
  }
  const auto& scopes = graphs.graph.scopes();
  if (scopes.empty()) return std::make_unique<NoTriples>();
  const auto is_one_graph = [](GraphScope scope) {
    return scope.kind == GraphScope::Kind::default_graph || scope.kind == GraphScope::Kind::named;
  };
  if (scopes.size() == 1 && is_one_graph(scopes.front())) {
    return open_scope(version, scopes.front(), order, range, columns);
  }
  std::vector<std::unique_ptr<TripleCursor>> cursors;
  for (const GraphScope scope : scopes) {
    if (scope.kind == GraphScope::Kind::all) {
      cursors.push_back(open_scope(version, GraphScope::default_graph(), order, range, kAllTripleColumns));
    }
    cursors.push_back(open_scope(version, scope, order, range, kAllTripleColumns));
  }
  return std::make_unique<MergedTriples>(std::move(cursors));
}

namespace {

// One graph, as one stored order.
struct StoredGraph {
  OrderTag order = 0;
  std::optional<std::uint64_t> instance;  // of a named one, whose rows begin with it

  [[nodiscard]] RowRange range(const RowRange& range) const {
    return instance ? RowRange{behind(*instance, range.lower), behind(*instance, range.upper)} : range;
  }
  [[nodiscard]] std::size_t columns(std::size_t columns) const { return instance ? columns + 1 : columns; }
};

// Nothing where more graphs are read than one, or in another way.
std::optional<StoredGraph> stored_graph(const Version& version, const GraphChoice& graphs, Permutation order) {
  const auto& scopes = graphs.graph.scopes();
  if (graphs.by_name || scopes.size() != 1) return std::nullopt;
  if (scopes.front().kind == GraphScope::Kind::default_graph) {
    return StoredGraph{order_tag(Partition::default_graph, order), std::nullopt};
  }
  if (scopes.front().kind != GraphScope::Kind::named) return std::nullopt;
  const auto graph = version.graphs.find(scopes.front().graph);
  const auto by_graph = storage::behind_graph(order);
  if (!graph || !by_graph) return std::nullopt;
  return StoredGraph{order_tag(Partition::named_graphs, *by_graph), graph->instance};
}

}  // namespace

void TripleCounts::seek(const RowPrefix& prefix) {
  cursor_->seek(instance_ ? behind(*instance_, prefix) : prefix);
}

std::unique_ptr<TripleCounts> open_counts(const std::shared_ptr<const Version>& version, const GraphChoice& graphs,
                                          Permutation order, const RowRange& range, std::size_t fixed,
                                          std::size_t columns) {
  const auto graph = stored_graph(*version, graphs, order);
  if (!graph) return nullptr;
  return std::make_unique<TripleCounts>(
      std::make_unique<storage::CountedCursor>(version, graph->order, graph->range(range), graph->columns(fixed),
                                               graph->columns(columns)),
      graph->instance);
}

std::uint64_t TripleCounter::count(const RowPrefix& values) {
  return counter_->count(instance_ ? behind(*instance_, values) : values);
}

std::unique_ptr<TripleCounter> open_counter(const std::shared_ptr<const Version>& version, const GraphChoice& graphs,
                                            Permutation order, const RowRange& range) {
  const auto graph = stored_graph(*version, graphs, order);
  if (!graph) return nullptr;
  return std::make_unique<TripleCounter>(
      std::make_unique<storage::RowCounter>(version, graph->order, graph->range(range)), graph->instance);
}

}  // namespace akyn::exec

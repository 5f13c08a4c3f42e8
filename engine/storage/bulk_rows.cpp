#include "engine/storage/bulk_rows.h"

#include <algorithm>
#include <unordered_map>

#include <akyn/error.h>
#include "engine/storage/bulk_codes.h"
#include "engine/storage/bulk_partition.h"
#include "engine/storage/keys.h"
#include "engine/storage/page_memory.h"

namespace akyn::storage {
namespace {

// What turns the numbers of a segment into codes.
template <class Codes>
struct CodeMap {
  using Value = typename Codes::Value;
  PageMemory memory;
  const Value* terms = nullptr;
  std::vector<Value> predicates;  // by number; only those of predicates mean anything
  std::unordered_map<std::uint32_t, Value> graphs;
  mutable std::uint32_t last_number = kNoNumber;
  mutable Value last_graph = 0;

  [[nodiscard]] Value graph(std::uint32_t number) const {
    if (number != last_number) {
      last_number = number;
      last_graph = graphs.at(number);
    }
    return last_graph;
  }
};

class RowsWriter {
 public:
  explicit RowsWriter(const BulkRowsInput& input) : input_(input), work_{input, {}} {
    std::size_t number = 0;
    for (const auto& lane : input.segments) {
      for (const BulkSegment* segment : lane) {
        numbers_.emplace(segment, number++);
        rows_ += segment->rows.size();
        named_rows_ += segment->named_rows.size();
      }
    }
    work_.total = (rows_ + base_rows(0)) * kDefaultGraphOrders +
                  (named_rows_ + base_rows(kNamedGraphTag)) * (kOrders - kDefaultGraphOrders);
    work_.first_new_term = input.terms.meta.first;
  }

  BulkRows run() {
    collect_few();
    const UsedIds used(input_.terms.meta, input_.first_blank, input_.terms.next_blank, std::move(input_.terms.other));
    if (used.size() < DenseCodes::kMost &&
        (input_.limits.directory.empty() || used.memory_bytes() <= input_.limits.memory_bytes / 8)) {
      write(DenseCodes(used, predicates_, graphs_));
    } else {
      write(PlainCodes());
    }
    work_.directory.hand_over(input_.directory);
    result_.info.run = input_.run;
    finish_statistics();
    finish_graphs();
    return std::move(result_);
  }

 private:
  // Those that the run is to hold.
  [[nodiscard]] std::uint64_t base_rows(OrderTag order) const {
    std::uint64_t rows = 0;
    if (!input_.with_base) return rows;
    for (const Layer& layer : input_.base.layers) rows += layer.counts(order).rows();
    return rows;
  }

  [[nodiscard]] std::size_t number_of(const BulkSegment& segment) const { return numbers_.at(&segment); }

  // Predicates, and graphs with their instances.
  void collect_few() {
    std::vector<Id> names;
    for (const auto& lane : input_.segments) {
      for (const BulkSegment* segment : lane) {
        SegmentIds& ids = *input_.terms.ids;
        const std::size_t number = number_of(*segment);
        const std::vector<std::uint64_t> predicates = ids.pick(number, segment->predicates);
        predicates_.values.insert(predicates_.values.end(), predicates.begin(), predicates.end());
        for (const std::uint64_t name : ids.pick(number, segment->graphs)) names.push_back(Id::from_bits(name));
      }
    }
    const auto tidy = [](auto& values) {
      std::sort(values.begin(), values.end());
      values.erase(std::unique(values.begin(), values.end()), values.end());
    };
    tidy(predicates_.values);
    tidy(names);
    result_.next_instance = input_.first_instance;
    for (const Id name : names) {
      GraphEntry entry = input_.base.graphs.find(name).value_or(GraphEntry());
      if (entry.instance == 0) entry.instance = result_.next_instance++;
      result_.graphs.push_back({name, entry});
      instances_.emplace(name.bits(), entry.instance);
      graphs_.values.push_back(entry.instance);
    }
    tidy(graphs_.values);
  }

  template <class Codes>
  void write(const Codes& codes) {
    bool last = named_rows_ == 0;
    const auto map_of = [&](BulkSegment& segment) { return make_map(codes, segment, last); };
    if (rows_ + base_rows(0) != 0) {
      Partitioned<Codes, 3> triples(work_, codes);
      result_.info.default_graph = triples.run(rows_, map_of);
      result_.default_added = triples.added();
    }
    last = true;
    if (named_rows_ + base_rows(kNamedGraphTag) != 0) {
      Partitioned<Codes, 4> quads(work_, codes);
      result_.info.named_graphs = quads.run(named_rows_, map_of);
      result_.named_added = quads.added();
    }
  }

  template <class Codes>
  CodeMap<Codes> make_map(const Codes& codes, const BulkSegment& segment, bool last) const {
    using Value = typename Codes::Value;
    CodeMap<Codes> map;
    PageMemory ids = last ? input_.terms.ids->load(number_of(segment)) : input_.terms.ids->copy(number_of(segment));
    const auto* const of = ids.as<std::uint64_t>();
    if (!segment.predicates.empty()) {
      map.predicates.resize(*std::max_element(segment.predicates.begin(), segment.predicates.end()) + std::size_t{1});
    }
    for (const std::uint32_t number : segment.predicates) map.predicates[number] = codes.of_predicate(of[number]);
    for (const std::uint32_t number : segment.graphs) {
      map.graphs.emplace(number, codes.of_graph(instances_.at(of[number])));
    }
    if constexpr (std::is_same_v<Value, std::uint64_t>) {
      map.memory = std::move(ids);
    } else {
      map.memory = PageMemory(segment.terms * sizeof(Value));
      auto* const terms = map.memory.template as<Value>();
      for (std::size_t i = 0; i < segment.terms; ++i) terms[i] = codes.of_term(of[i]);
    }
    map.terms = map.memory.template as<Value>();
    return map;
  }

  void finish_statistics() {
    result_.statistics.run = input_.run;
    for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
      const std::vector<Tally>& subjects = work_.tallies[order_tag(partition, Permutation::pso)];
      const std::vector<Tally>& objects = work_.tallies[order_tag(partition, Permutation::pos)];
      auto& predicates = result_.statistics.partitions[static_cast<std::size_t>(partition)];
      for (std::size_t i = 0; i < subjects.size(); ++i) {
        predicates.push_back({Id::from_bits(subjects[i].first), subjects[i].pairs, objects[i].pairs});
      }
    }
  }

  void finish_graphs() {
    const std::vector<Tally>& sizes = work_.tallies[order_tag(Partition::named_graphs, Permutation::gspo)];
    for (GraphMap::Named& graph : result_.graphs) {
      if (input_.with_base) graph.entry.rows = 0;
      const auto found =
          std::lower_bound(sizes.begin(), sizes.end(), graph.entry.instance,
                           [](const Tally& tally, std::uint64_t instance) { return tally.first < instance; });
      if (found != sizes.end() && found->first == graph.entry.instance) graph.entry.rows += found->rows;
    }
  }

  const BulkRowsInput& input_;
  Work work_;
  BulkRows result_;
  std::map<const BulkSegment*, std::size_t> numbers_;
  std::uint64_t rows_ = 0;
  std::uint64_t named_rows_ = 0;
  FewIds predicates_;
  FewIds graphs_;                                               // instances
  std::unordered_map<std::uint64_t, std::uint64_t> instances_;  // by name
};

}  // namespace

BulkRows write_bulk_rows(const BulkRowsInput& input) {
  return RowsWriter(input).run();
}

}  // namespace akyn::storage

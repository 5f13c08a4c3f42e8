#include "engine/storage/view.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {

View::Pin::Pin(std::shared_ptr<Rocks> store) : rocks(std::move(store)) {
  if (rocks->access() == Access::follow) {
    rocks->begin_reading();
  } else {
    snapshot = rocks->db().GetSnapshot();
  }
}

View::Pin::~Pin() {
  if (snapshot != nullptr) {
    rocks->db().ReleaseSnapshot(snapshot);
  } else {
    rocks->end_reading();
  }
}

View::View(std::shared_ptr<Rocks> rocks) : pin_(std::move(rocks)) {
  rocksdb::PinnableSlice value;
  if (!get(Family::metadata, counters_key(), value)) throw_corruption(pin_.rocks->name(), "the counters are missing");
  if (!parse_counters(value.ToStringView(), counters_)) {
    throw_corruption(pin_.rocks->name(), "the counters have the wrong size");
  }
}

rocksdb::ReadOptions View::read_options() const {
  rocksdb::ReadOptions options;
  options.snapshot = pin_.snapshot;
  return options;
}

bool View::get(Family family, std::string_view key, rocksdb::PinnableSlice& value) const {
  return pin_.rocks->get(read_options(), family, key, value);
}

Id View::find_term(IdType type, std::string_view folded_body) const {
  rocksdb::PinnableSlice value;
  if (!get(Family::term_ids, term_key(type, folded_body), value)) return Id();
  if (value.size() != 8) throw_corruption(pin_.rocks->name(), "a dictionary entry does not hold an Id");
  return load_id(value.data());
}

void View::read_body(Id id, std::string& body) const {
  std::array<char, 8> key{};
  store_u64(key.data(), id.bits());
  rocksdb::PinnableSlice value;
  if (!get(Family::terms, {key.data(), key.size()}, value)) {
    throw_corruption(pin_.rocks->name(), fmt::format("the dictionary has no term for Id {:#x}", id.bits()));
  }
  body.assign(value.data(), value.size());
}

bool View::contains(const QuadIds& quad) const {
  rocksdb::PinnableSlice value;
  return get(Family::quads, row_key(Permutation::spo, quad).view(), value);
}

std::uint64_t View::graph_size(Id graph) const {
  rocksdb::PinnableSlice value;
  if (!graph.is_bound() || !get(Family::metadata, graph_key(graph), value)) return 0;
  if (value.size() != 8) throw_corruption(pin_.rocks->name(), "the size of a graph is not a number");
  return load_u64(value.data());
}

std::uint64_t View::count(const TriplePattern& pattern, GraphScope graphs) const {
  const bool any = !pattern.subject.is_bound() && !pattern.predicate.is_bound() && !pattern.object.is_bound();
  if (any) {
    switch (graphs.kind) {
      case GraphScope::Kind::default_graph:
        return counters_.default_quads;
      case GraphScope::Kind::named:
        return graph_size(graphs.graph);
      case GraphScope::Kind::all_named:
        return counters_.named_quads;
      case GraphScope::Kind::all:
        return counters_.default_quads + counters_.named_quads;
    }
  }
  // In the best permutation the matches are one range, so that keys need only be counted.
  const Selection selection(pattern, graphs);
  const Permutation order = best_permutation(pattern, graphs);
  std::uint64_t count = 0;
  for (const Partition partition : {Partition::default_graph, Partition::named_graphs}) {
    if (!selection.covers(partition)) continue;
    const RowPrefix prefix = row_prefix(partition, stored_order(partition, order, selection), selection);
    for (KeyRange rows(*this, Family::quads, prefix.bytes); rows.valid(); rows.next()) ++count;
  }
  return count;
}

std::map<Id, std::uint64_t> View::graphs() const {
  std::map<Id, std::uint64_t> graphs;
  for (KeyRange keys(*this, Family::metadata, {&kGraphTag, 1}); keys.valid(); keys.next()) {
    if (keys.key().size() != 9 || keys.value().size() != 8) {
      throw_corruption(pin_.rocks->name(), "the size of a graph is not a number");
    }
    graphs.emplace_hint(graphs.end(), load_id(keys.key().data() + 1), load_u64(keys.value().data()));
  }
  return graphs;
}

std::map<std::string, std::string> View::prefixes() const {
  std::map<std::string, std::string> prefixes;
  for (KeyRange keys(*this, Family::metadata, {&kPrefixTag, 1}); keys.valid(); keys.next()) {
    prefixes.emplace(keys.key().substr(1), keys.value());
  }
  return prefixes;
}

KeyRange::KeyRange(const View& view, Family family, std::string_view prefix, bool keep_cached)
    : view_(view), end_(after_prefix(prefix)), end_slice_(end_) {
  rocksdb::ReadOptions options = view.read_options();
  if (!end_.empty()) options.iterate_upper_bound = &end_slice_;
  options.fill_cache = keep_cached;
  iterator_.reset(view.rocks().db().NewIterator(options, view.rocks().family(family)));
  iterator_->Seek(prefix);
}

bool KeyRange::valid() const {
  if (iterator_->Valid()) return true;
  check(iterator_->status(), view_.rocks().name());
  return false;
}

RowPrefix row_prefix(Partition partition, Permutation stored, const Selection& selection) {
  RowPrefix prefix;
  prefix.bytes.push_back(static_cast<char>(row_tag(partition, stored)));
  const ColumnOrder order = columns_of(stored);
  while (prefix.columns < row_columns(partition) && selection.bound[order[prefix.columns]]) {
    append_id(prefix.bytes, selection.value[order[prefix.columns]]);
    ++prefix.columns;
  }
  return prefix;
}

}  // namespace akyn::storage

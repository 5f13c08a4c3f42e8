#include "engine/storage/pending.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/scan.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

Pending::Pending(std::shared_ptr<const Version> base, std::uint64_t first_term, std::uint64_t first_blank)
    : base_(std::move(base)), terms_(first_term, first_blank), graphs_(base_->graphs, base_->counters.next_instance) {}

// ---------------------------------------------------------------- changes

bool Pending::change(const QuadIds& quad, bool insert) {
  for (const Id id : {quad.subject, quad.predicate, quad.object}) {
    if (!id.is_bound() || id.is_local()) {
      throw Error(ErrorCode::internal, fmt::format("Id {:#x} is not one of a stored term", id.bits()));
    }
  }
  if (quad.graph.is_local() || quad.graph.is_inlined()) {
    throw Error(ErrorCode::internal, fmt::format("Id {:#x} is not one of a graph", quad.graph.bits()));
  }
  QuadRow row{quad.subject, quad.predicate, quad.object, 0};
  if (quad.graph != kDefaultGraph) {
    row.instance = graphs_.instance_of(quad.graph);
    if (row.instance == 0) {
      if (!insert) return false;
      row.instance = graphs_.make(quad.graph);
    }
  }
  const std::optional<PendingQuads::State> touched = quads_.find(row);
  const bool in_base = touched ? touched->in_base : base_holds(row);
  if ((touched ? touched->held : in_base) == insert) return false;
  quads_.add(row, insert, in_base);
  version_ = nullptr;
  return true;
}

bool Pending::base_holds(const QuadRow& row) const {
  const Counters& counters = base_->counters;
  const bool may_hold = row.instance == 0 ? counters.default_quads != 0 : row.instance < counters.next_instance;
  return may_hold && base_->holds(row);
}

std::uint64_t Pending::rows_of(std::uint64_t instance) const noexcept {
  return base_->instance_size(instance) + static_cast<std::uint64_t>(quads_.graph_size(instance));
}

std::uint64_t Pending::clear_graph(Id graph) {
  if (graph == kDefaultGraph) return clear_default_graph();
  const std::uint64_t instance = graphs_.instance_of(graph);
  const std::uint64_t rows = instance == 0 ? 0 : rows_of(instance);
  if (rows == 0) return 0;
  graphs_.drop(graph);
  version_ = nullptr;
  return rows;
}

std::uint64_t Pending::clear_default_graph() {
  std::uint64_t removed = 0;
  ScanBatch batch;
  for (const auto scan = make_scan(version(), Selection({}, GraphScope::default_graph()), Permutation::spo);
       scan->next(batch);) {
    for (std::size_t i = 0; i < batch.size(); ++i) removed += remove(batch.row(i)) ? 1 : 0;
  }
  return removed;
}

void Pending::move_graph(Id from, Id to) {
  if (from == to) return;
  clear_graph(to);
  if (from == kDefaultGraph || to == kDefaultGraph) {
    copy_rows(from, to);
    clear_graph(from);
    return;
  }
  // What is left of it has no rows.
  graphs_.drop(to);
  graphs_.rename(from, to);
  version_ = nullptr;
}

void Pending::copy_rows(Id from, Id to) {
  const GraphScope scope = from == kDefaultGraph ? GraphScope::default_graph() : GraphScope::named(from);
  ScanBatch batch;
  for (const auto scan = make_scan(version(), Selection({}, scope), Permutation::spo); scan->next(batch);) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      QuadIds quad = batch.row(i);
      quad.graph = to;
      insert(quad);
    }
  }
}

void Pending::add_prefix(std::string_view prefix, std::string_view iri) {
  prefixes_.emplace_back(prefix, iri);
  version_ = nullptr;
}

std::size_t Pending::savepoint() {
  savepoints_.push_back({quads_.size(), prefixes_.size(), graphs_.state()});
  return savepoints_.size() - 1;
}

void Pending::rollback_to(std::size_t savepoint) {
  if (savepoint >= savepoints_.size()) {
    throw Error(ErrorCode::invalid_argument, "no such savepoint: a rollback to an earlier one has removed it");
  }
  savepoints_.resize(savepoint + 1);
  const Savepoint& to = savepoints_.back();
  quads_.rollback_to(to.changes);
  prefixes_.resize(to.prefixes);
  graphs_.restore(to.graphs);
  version_ = nullptr;
  if (covered_ > quads_.size()) {
    chunks_.clear();
    covered_ = 0;
  }
}

// ---------------------------------------------------------------- the state they make

std::shared_ptr<const Version> Pending::version() const {
  if (version_ != nullptr) return version_;
  if (covered_ < quads_.size()) {
    append_commit(chunks_, 0, quads_.since(covered_));
    covered_ = quads_.size();
  }
  const std::shared_ptr<Version> next = outline();
  next->layers.insert(next->layers.end(), chunks_.begin(), chunks_.end());
  return version_ = next;
}

std::shared_ptr<Version> Pending::outline() const {
  const auto next = std::make_shared<Version>(*base_);
  // Names first lose, then get their instances: one may have gone from a name to another.
  const std::vector<GraphMap::Named> changed = changed_graphs();
  for (const GraphMap::Named& graph : changed) next->graphs.erase(graph.name);
  for (const GraphMap::Named& graph : changed) next->graphs.put(graph.name, graph.entry);

  Counters& counters = next->counters;
  counters.next_instance = graphs_.next_instance();
  std::vector<DeadGraph> dead = dead_graphs();
  for (const DeadGraph& graph : dead) counters.named_quads -= graph.rows;
  for (const auto& [instance, difference] : quads_.graph_sizes()) {
    if (instance == 0) {
      counters.default_quads += static_cast<std::uint64_t>(difference);
    } else if (graphs_.name_of(instance).is_bound()) {
      counters.named_quads += static_cast<std::uint64_t>(difference);
    } else if (!base_->graphs.name_of(instance).is_bound()) {
      dead.push_back({instance, 0});  // made and cleared by this transaction
    }
  }
  next->add_dead(dead);

  if (!prefixes_.empty()) {
    auto prefixes = std::make_shared<std::map<std::string, std::string>>(*base_->prefixes);
    for (const auto& [prefix, iri] : prefixes_) prefixes->insert_or_assign(prefix, iri);
    next->prefixes = std::move(prefixes);
  }
  return next;
}

DeltaRows Pending::net_rows() const {
  DeltaRows rows;
  quads_.for_each_net([&](const QuadRow& row, bool inserted) {
    if (row.instance != 0 && !graphs_.name_of(row.instance).is_bound()) return;
    rows.add(row, inserted ? kInsertMark : kDeleteMark);
  });
  return rows;
}

std::vector<DeadGraph> Pending::dead_graphs() const {
  std::vector<DeadGraph> dead;
  for (const Id name : graphs_.changed_names()) {
    const std::optional<GraphEntry> before = base_->graphs.find(name);
    if (before && !graphs_.name_of(before->instance).is_bound()) dead.push_back({before->instance, before->rows});
  }
  return dead;
}

std::vector<GraphMap::Named> Pending::changed_graphs() const {
  std::vector<Id> names = graphs_.changed_names();
  for (const auto& [instance, difference] : quads_.graph_sizes()) {
    const Id name = instance == 0 ? Id() : graphs_.name_of(instance);
    if (name.is_bound()) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<GraphMap::Named> changed;
  for (const Id name : names) {
    const std::uint64_t instance = graphs_.instance_of(name);
    const std::uint64_t rows = instance == 0 ? 0 : rows_of(instance);
    const GraphEntry entry = rows == 0 ? GraphEntry() : GraphEntry{instance, rows};
    if (base_->graphs.find(name).value_or(GraphEntry()) != entry) changed.push_back({name, entry});
  }
  return changed;
}

}  // namespace akyn::storage

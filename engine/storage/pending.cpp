#include "engine/storage/pending.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/scan.h"
#include "engine/storage/version_store.h"

namespace akyn::storage {

Pending::Pending(std::shared_ptr<const Version> base, std::uint64_t first_term, std::uint64_t first_blank,
                 std::size_t small_graph)
    : base_(std::move(base)),
      small_graph_(small_graph),
      terms_(first_term, first_blank),
      graphs_(base_->graphs, base_->counters.next_instance) {}

// ---------------------------------------------------------------- changes

bool Pending::change(const QuadIds& quad, bool insert, bool known) {
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
  const bool in_base = touched ? touched->in_base : known || base_holds(row);
  if ((touched ? touched->held : in_base) == insert) return false;
  quads_.add(row, insert, in_base);
  touch(quad.graph, row.instance);
  return true;
}

bool Pending::base_holds(const QuadRow& row) const {
  const Counters& counters = base_->counters;
  const bool graph_is_new = row.instance == 0 ? counters.default_quads == 0 : row.instance >= counters.next_instance;
  if (graph_is_new || terms_.made(row.subject) || terms_.made(row.predicate) || terms_.made(row.object)) return false;
  return base_->holds(row);
}

std::uint64_t Pending::rows_of(std::uint64_t instance) const noexcept {
  return base_->instance_size(instance) + static_cast<std::uint64_t>(quads_.graph_size(instance));
}

std::uint64_t Pending::rows_of_graph(Id graph) const noexcept {
  if (graph == kDefaultGraph) return base_->counters.default_quads + static_cast<std::uint64_t>(quads_.graph_size(0));
  return entry_of(graph).rows;
}

GraphEntry Pending::entry_of(Id name) const noexcept {
  const std::uint64_t instance = graphs_.instance_of(name);
  const std::uint64_t rows = instance == 0 ? 0 : rows_of(instance);
  return rows == 0 ? GraphEntry() : GraphEntry{instance, rows};
}

void Pending::touch(Id graph, std::uint64_t instance) {
  const Touched touched{graph, instance};
  if (version_ == nullptr || (!touched_.empty() && touched_.back() == touched)) return;
  touched_.push_back(touched);
  // To begin anew costs no more then.
  if (touched_.size() > 1024 + quads_.graph_sizes().size()) {
    version_ = nullptr;
    touched_.clear();
  }
}

std::uint64_t Pending::clear_graph(Id graph, const WorkCheck& check) {
  const std::uint64_t rows = rows_of_graph(graph);
  if (rows == 0) return 0;
  if (graph == kDefaultGraph || rows <= small_graph_) return remove_rows(graph, check);
  touch(graph, graphs_.instance_of(graph));
  graphs_.drop(graph);
  return rows;
}

std::uint64_t Pending::remove_rows(Id graph, const WorkCheck& check) {
  const GraphScope scope = graph == kDefaultGraph ? GraphScope::default_graph() : GraphScope::named(graph);
  std::uint64_t removed = 0;
  ScanBatch batch;
  for (const auto scan = make_scan(version(), Selection({}, scope), best_permutation({}, scope)); scan->next(batch);) {
    if (check) check();
    for (std::size_t i = 0; i < batch.size(); ++i) removed += change(batch.row(i), false, true) ? 1 : 0;
  }
  return removed;
}

void Pending::move_graph(Id from, Id to, const WorkCheck& check) {
  if (from == to) return;
  const bool small = std::max(rows_of_graph(from), rows_of_graph(to)) <= small_graph_;
  if (small || from == kDefaultGraph || to == kDefaultGraph) {
    clear_graph(to, check);
    copy_rows(from, to, check);
    clear_graph(from, check);
    return;
  }
  const std::uint64_t moved = graphs_.instance_of(from);
  touch(to, graphs_.instance_of(to));
  touch(from, moved);
  touch(to, moved);
  graphs_.drop(to);
  graphs_.rename(from, to);
}

void Pending::copy_rows(Id from, Id to, const WorkCheck& check) {
  const GraphScope scope = from == kDefaultGraph ? GraphScope::default_graph() : GraphScope::named(from);
  ScanBatch batch;
  for (const auto scan = make_scan(version(), Selection({}, scope), Permutation::spo); scan->next(batch);) {
    if (check) check();
    for (std::size_t i = 0; i < batch.size(); ++i) {
      QuadIds quad = batch.row(i);
      quad.graph = to;
      insert(quad);
    }
  }
}

void Pending::add_prefix(std::string_view prefix, std::string_view iri) {
  prefixes_.emplace_back(prefix, iri);
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
  touched_.clear();
  if (covered_ > quads_.size()) {
    chunks_.clear();
    covered_ = 0;
  }
}

// ---------------------------------------------------------------- the state they make

std::shared_ptr<const Version> Pending::version() const {
  if (version_ != nullptr && touched_.empty() && prefixes_seen_ == prefixes_.size()) return version_;
  if (covered_ < quads_.size()) {
    append_commit(chunks_, 0, quads_.since(covered_));
    covered_ = quads_.size();
  }
  const std::shared_ptr<Version> next = version_ == nullptr ? outline() : followed();
  next->layers = base_->layers;
  next->layers.insert(next->layers.end(), chunks_.begin(), chunks_.end());
  touched_.clear();
  prefixes_seen_ = prefixes_.size();
  return version_ = next;
}

std::shared_ptr<Version> Pending::followed() const {
  const auto next = std::make_shared<Version>(*version_);
  Counters& counters = next->counters;
  counters.default_quads = rows_of_graph(kDefaultGraph);
  counters.next_instance = graphs_.next_instance();
  std::vector<GraphMap::Named> changed;
  std::vector<std::uint64_t> instances;
  for (const Touched& touched : touched_) {
    if (touched.graph != kDefaultGraph) changed.push_back({touched.graph, entry_of(touched.graph)});
    if (touched.instance != 0) instances.push_back(touched.instance);
  }
  const auto by_name = [](const GraphMap::Named& a, const GraphMap::Named& b) { return a.name < b.name; };
  std::sort(changed.begin(), changed.end(), by_name);
  const auto same_name = [](const GraphMap::Named& a, const GraphMap::Named& b) { return a.name == b.name; };
  changed.erase(std::unique(changed.begin(), changed.end(), same_name), changed.end());
  for (const GraphMap::Named& graph : changed) {
    counters.named_quads += graph.entry.rows - version_->graph_size(graph.name);
  }
  next->graphs.apply(changed);
  std::sort(instances.begin(), instances.end());
  instances.erase(std::unique(instances.begin(), instances.end()), instances.end());
  std::vector<DeadGraph> dead;
  for (const std::uint64_t instance : instances) {
    if (!graphs_.name_of(instance).is_bound() && !next->is_dead(instance)) dead.push_back({instance, 0});
  }
  next->add_dead(dead);
  if (prefixes_seen_ != prefixes_.size()) next->prefixes = all_prefixes();
  return next;
}

std::shared_ptr<Version> Pending::outline() const {
  const auto next = std::make_shared<Version>(*base_);
  next->graphs.apply(changed_graphs());

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

  if (!prefixes_.empty()) next->prefixes = all_prefixes();
  return next;
}

std::shared_ptr<const std::map<std::string, std::string>> Pending::all_prefixes() const {
  auto prefixes = std::make_shared<std::map<std::string, std::string>>(*base_->prefixes);
  for (const auto& [prefix, iri] : prefixes_) prefixes->insert_or_assign(prefix, iri);
  return prefixes;
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
    const GraphEntry entry = entry_of(name);
    if (base_->graphs.find(name).value_or(GraphEntry()) != entry) changed.push_back({name, entry});
  }
  return changed;
}

}  // namespace akyn::storage

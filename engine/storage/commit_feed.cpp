#include "engine/storage/commit_feed.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>

namespace akyn::storage {
namespace {

constexpr ColumnMask kTripleMask = column_bit(0) | column_bit(1) | column_bit(2);

std::uint64_t instance_of(const Version& version, Id graph) {
  const std::optional<GraphEntry> entry = version.graphs.find(graph);
  return entry ? entry->instance : 0;
}

std::unique_ptr<RowCursor> open_instance(const std::shared_ptr<const Version>& version, std::uint64_t instance) {
  // Columns come in the permutation's order, the graph first.
  constexpr ColumnMask kColumns = column_bit(1) | column_bit(2) | column_bit(3);
  const OrderTag order = order_tag(Partition::named_graphs, Permutation::gspo);
  RowPrefix prefix;
  prefix.append(instance);
  return open_cursor(version, order, RowRange::prefix(prefix), kColumns);
}

}  // namespace

bool ChangedQuads::Side::refill() {
  if (cursor == nullptr) return false;
  if (row < rows.rows()) return true;
  row = 0;
  if (cursor->next(rows)) return true;
  cursor = nullptr;
  return false;
}

std::array<std::uint64_t, 3> ChangedQuads::Side::triple() const {
  return {rows.column(1)[row], rows.column(2)[row], rows.column(3)[row]};
}

ChangedQuads::ChangedQuads(const CommittedChange& change, Kind kind) : change_(change), kind_(kind) {
  if (change.rows.run != nullptr || change.rows.chunk != nullptr) {
    orders_ = {order_tag(Partition::named_graphs, Permutation::spo),
               order_tag(Partition::default_graph, Permutation::spo)};
  }
  for (const Id graph : change.graphs) {
    const std::uint64_t before = instance_of(*change.before, graph);
    const std::uint64_t after = instance_of(*change.after, graph);
    if (before == after) continue;
    for (const std::uint64_t instance : {before, after}) {
      if (instance != 0) replaced_instances_.push_back(instance);
    }
    const Replaced replaced = kind == Kind::added ? Replaced{graph, after, before} : Replaced{graph, before, after};
    if (replaced.wanted != 0) replaced_.push_back(replaced);
  }
  std::sort(replaced_instances_.begin(), replaced_instances_.end());
}

const Version& ChangedQuads::state() const noexcept {
  return kind_ == Kind::added ? *change_.after : *change_.before;
}

bool ChangedQuads::next(QuadIds& out) {
  return next_row(out) || next_replaced(out);
}

bool ChangedQuads::next_row(QuadIds& out) {
  const bool wanted_mark = kind_ == Kind::removed;
  for (;;) {
    while (!rows_.refill()) {
      if (orders_.empty()) return false;
      const bool named = orders_.back() >= kNamedGraphTag;
      rows_.cursor = open_layers(*change_.after, std::span(&change_.rows, 1), orders_.back(),
                                 kTripleMask | column_bit(kMarkColumn) | (named ? column_bit(3) : ColumnMask{0}),
                                 MergeKind::changes);
      rows_.rows.clear();
      rows_.row = 0;
      orders_.pop_back();
      graph_ = kDefaultGraph;
      if (named) graph_ = Id(IdType::iri, 0);  // whatever the row says
    }
    const std::size_t row = rows_.row++;
    if ((rows_.rows.column(kMarkColumn)[row] == kDeleteMark) != wanted_mark) continue;
    Id graph = graph_;
    if (graph != kDefaultGraph) {
      const std::uint64_t instance = rows_.rows.column(3)[row];
      if (std::binary_search(replaced_instances_.begin(), replaced_instances_.end(), instance)) continue;
      graph = state().graphs.name_of(instance);
    }
    out = {Id::from_bits(rows_.rows.column(0)[row]), Id::from_bits(rows_.rows.column(1)[row]),
           Id::from_bits(rows_.rows.column(2)[row]), graph};
    return true;
  }
}

bool ChangedQuads::next_replaced(QuadIds& out) {
  for (;;) {
    while (!wanted_.refill()) {
      if (replaced_.empty()) return false;
      const Replaced next = replaced_.back();
      replaced_.pop_back();
      const bool added = kind_ == Kind::added;
      graph_ = next.graph;
      wanted_ = {open_instance(added ? change_.after : change_.before, next.wanted), {}, 0};
      other_ = {next.other == 0 ? nullptr : open_instance(added ? change_.before : change_.after, next.other), {}, 0};
    }
    const std::array<std::uint64_t, 3> triple = wanted_.triple();
    while (other_.refill() && other_.triple() < triple) ++other_.row;
    const bool in_both = other_.refill() && other_.triple() == triple;
    ++wanted_.row;
    if (in_both) continue;
    out = {Id::from_bits(triple[0]), Id::from_bits(triple[1]), Id::from_bits(triple[2]), graph_};
    return true;
  }
}

std::uint64_t CommitFeed::subscribe(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(next_subscription_, std::make_shared<const Listener>(std::move(listener)));
  return next_subscription_++;
}

void CommitFeed::unsubscribe(std::uint64_t subscription) noexcept {
  std::unique_lock lock(mutex_);
  listeners_.erase(subscription);
  changed_.wait(lock, [this] { return !telling_ || telling_ == std::this_thread::get_id(); });
}

bool CommitFeed::is_followed() const {
  const std::lock_guard lock(mutex_);
  return !listeners_.empty();
}

CommitFeed::Turn CommitFeed::take_turn(CommittedChange change) {
  const std::lock_guard lock(mutex_);
  waiting_.emplace(next_place_, std::move(change));
  return {this, next_place_++};
}

void CommitFeed::give_up(std::uint64_t place) noexcept {
  {
    const std::lock_guard lock(mutex_);
    waiting_.erase(place);
  }
  changed_.notify_all();
}

void CommitFeed::tell(std::uint64_t place) {
  std::exception_ptr thrown;
  std::unique_lock lock(mutex_);
  if (telling_ == std::this_thread::get_id()) {
    postponed_.push_back(place);
    return;
  }
  for (std::optional<std::uint64_t> next = place; next;) {
    changed_.wait(lock, [&] { return !telling_ && waiting_.begin()->first == *next; });
    const CommittedChange& change = waiting_.at(*next);
    std::vector<std::uint64_t> told;
    for (const auto& [subscription, listener] : listeners_) told.push_back(subscription);
    telling_ = std::this_thread::get_id();
    for (const std::uint64_t subscription : told) {
      const auto found = listeners_.find(subscription);
      if (found == listeners_.end()) continue;
      const std::shared_ptr<const Listener> listener = found->second;
      lock.unlock();
      try {
        (*listener)(change);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
    }
    waiting_.erase(*next);
    telling_.reset();
    next.reset();
    if (!postponed_.empty()) {
      next = postponed_.front();
      postponed_.erase(postponed_.begin());
    }
    changed_.notify_all();
  }
  lock.unlock();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace akyn::storage

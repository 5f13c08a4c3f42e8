#include "engine/storage/commit_feed.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>
#include <utility>

namespace akyn::storage {
namespace {

constexpr OrderTag kTriples = order_tag(Partition::default_graph, Permutation::spo);
constexpr OrderTag kQuads = order_tag(Partition::named_graphs, Permutation::spo);
constexpr OrderTag kGraphs = order_tag(Partition::named_graphs, Permutation::gspo);
constexpr ColumnMask kTripleColumns = column_bit(0) | column_bit(1) | column_bit(2);
constexpr std::size_t kGraphColumn = 3;  // in kQuads

std::uint64_t instance_of(const Version& version, Id graph) {
  const std::optional<GraphEntry> entry = version.graphs.find(graph);
  return entry ? entry->instance : 0;
}

}  // namespace

bool ChangedQuads::Side::refill() {
  if (cursor == nullptr) return false;
  if (row < rows.rows()) return true;
  row = 0;
  if (cursor->next(rows)) return true;
  cursor = nullptr;
  rows.clear();
  return false;
}

std::array<std::uint64_t, 4> ChangedQuads::Side::key(OrderTag order, bool of_all_graphs) const {
  const std::size_t first = order == kGraphs ? 1 : 0;
  return {of_all_graphs ? rows.column(0)[row] : 0, rows.column(first)[row], rows.column(first + 1)[row],
          rows.column(first + 2)[row]};
}

ChangedQuads::ChangedQuads(const CommittedChange& change, Kind kind) : change_(change), kind_(kind) {
  if (change.all_rows) {
    if (kind == Kind::added) compare_all();
    return;
  }
  if (change.rows.run != nullptr || change.rows.chunk != nullptr) {
    for (const OrderTag order : {kQuads, kTriples}) {
      const RowCounts counts = change.rows.counts(order);
      if ((kind == Kind::added ? counts.inserts : counts.deletes) != 0) orders_.push_back(order);
    }
  }
  compare_replaced();
}

void ChangedQuads::compare_all() {
  compared_.push_back({kGraphs, RowPrefix(), RowPrefix(), Id()});
  compared_.push_back({kTriples, RowPrefix(), RowPrefix(), kDefaultGraph});
}

void ChangedQuads::compare_replaced() {
  for (const Id graph : change_.graphs) {
    const std::uint64_t wanted = instance_of(*state(), graph);
    const std::uint64_t other = instance_of(*other_state(), graph);
    if (wanted == other) continue;
    for (const std::uint64_t instance : {wanted, other}) {
      if (instance != 0) replaced_instances_.push_back(instance);
    }
    if (wanted == 0) continue;
    Compared compared{kGraphs, RowPrefix({wanted}), std::nullopt, graph};
    if (other != 0) compared.other = RowPrefix({other});
    compared_.push_back(compared);
  }
  std::sort(replaced_instances_.begin(), replaced_instances_.end());
}

bool ChangedQuads::next(QuadIds& out) {
  return next_row(out) || next_compared(out);
}

bool ChangedQuads::next_row(QuadIds& out) {
  const bool wants_deletes = kind_ == Kind::removed;
  for (;;) {
    while (!rows_.refill()) {
      if (orders_.empty()) return false;
      order_ = orders_.back();
      orders_.pop_back();
      const ColumnMask graphs = order_ == kQuads ? column_bit(kGraphColumn) : ColumnMask{0};
      rows_.cursor = open_layers(*change_.after, std::span(&change_.rows, 1), order_,
                                 kTripleColumns | graphs | column_bit(kMarkColumn), MergeKind::changes);
    }
    const std::size_t row = rows_.row++;
    if ((rows_.rows.column(kMarkColumn)[row] == kDeleteMark) != wants_deletes) continue;
    Id graph = kDefaultGraph;
    if (order_ == kQuads) {
      const std::uint64_t instance = rows_.rows.column(kGraphColumn)[row];
      if (std::binary_search(replaced_instances_.begin(), replaced_instances_.end(), instance)) continue;
      graph = state()->graphs.name_of(instance);
    }
    out = {Id::from_bits(rows_.rows.column(0)[row]), Id::from_bits(rows_.rows.column(1)[row]),
           Id::from_bits(rows_.rows.column(2)[row]), graph};
    return true;
  }
}

bool ChangedQuads::next_compared(QuadIds& out) {
  for (;;) {
    while (!wanted_.refill()) {
      if (compared_.empty()) return false;
      pair_ = compared_.back();
      compared_.pop_back();
      const ColumnMask columns = kTripleColumns | (pair_.order == kGraphs ? column_bit(kGraphColumn) : ColumnMask{0});
      const auto open = [&](const std::shared_ptr<const Version>& version, const RowPrefix& prefix) {
        return Side{open_cursor(version, pair_.order, RowRange::prefix(prefix), columns), {}, 0};
      };
      wanted_ = open(state(), pair_.wanted);
      other_ = pair_.other ? open(other_state(), *pair_.other) : Side();
    }
    const bool of_all_graphs = pair_.order == kGraphs && !pair_.graph.is_bound();
    const auto key = wanted_.key(pair_.order, of_all_graphs);
    while (other_.refill() && other_.key(pair_.order, of_all_graphs) < key) ++other_.row;
    const bool in_both = other_.refill() && other_.key(pair_.order, of_all_graphs) == key;
    ++wanted_.row;
    if (in_both) continue;
    out = {Id::from_bits(key[1]), Id::from_bits(key[2]), Id::from_bits(key[3]),
           of_all_graphs ? state()->graphs.name_of(key[0]) : pair_.graph};
    return true;
  }
}

std::uint64_t CommitFeed::subscribe(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace(next_subscription_, std::make_shared<const Listener>(std::move(listener)));
  return next_subscription_++;
}

void CommitFeed::unsubscribe(std::uint64_t subscription) noexcept {
  std::shared_ptr<const Listener> ended;  // destroyed without the lock: it may own anything
  std::unique_lock lock(mutex_);
  const auto found = listeners_.find(subscription);
  if (found == listeners_.end()) return;
  ended = std::move(found->second);
  listeners_.erase(found);
  changed_.wait(lock, [&] { return running_ != subscription || telling_ == std::this_thread::get_id(); });
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
    postponed_->push_back(place);
    return;
  }
  std::vector<std::uint64_t> places = {place};
  for (std::size_t next = 0; next < places.size(); ++next) {
    std::vector<std::uint64_t> postponed;
    if (const std::exception_ptr failure = tell_one(lock, places[next], postponed)) thrown = failure;
    places.insert(places.end(), postponed.begin(), postponed.end());
  }
  lock.unlock();
  if (thrown) std::rethrow_exception(thrown);
}

std::exception_ptr CommitFeed::tell_one(std::unique_lock<std::mutex>& lock, std::uint64_t place,
                                        std::vector<std::uint64_t>& postponed) {
  changed_.wait(lock, [&] { return !telling_ && waiting_.begin()->first == place; });
  std::exception_ptr thrown;
  const CommittedChange& change = waiting_.at(place);
  telling_ = std::this_thread::get_id();
  postponed_ = &postponed;
  // Those that come meanwhile have numbers above, and are not for this commit; some may go.
  const std::uint64_t end = next_subscription_;
  for (auto found = listeners_.begin(); found != listeners_.end() && found->first < end;) {
    running_ = found->first;
    std::shared_ptr<const Listener> listener = found->second;
    lock.unlock();
    try {
      (*listener)(change);
    } catch (...) {
      thrown = std::current_exception();
    }
    listener = nullptr;
    lock.lock();
    found = listeners_.upper_bound(std::exchange(running_, 0));
    changed_.notify_all();
  }
  postponed_ = nullptr;
  telling_.reset();
  waiting_.erase(place);
  changed_.notify_all();
  return thrown;
}

}  // namespace akyn::storage

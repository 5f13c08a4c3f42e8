// What commits change, told to whoever follows a store.
//
//   CommittedChange   the states before and after a commit, and what lies between them
//   ChangedQuads      its quads, read as they are asked for
//   CommitFeed        who follows, and when they are told
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// Immutable, hence thread-safe. Keeps both states.
struct CommittedChange {
  std::shared_ptr<const Version> before;
  std::shared_ptr<const Version> after;
  Layer rows;              // what the commit changed, graphs that mean another instance now aside; perhaps nothing
  std::vector<Id> graphs;  // whose entry is another than before, or new, or gone
  // `rows` are all rows that there are after a load, which has removed none: what is new shows beside the state before.
  bool all_rows = false;
};

// The quads that are there after a commit and were not before, or the other way round: each once, none of both kinds.
// Reads only what has changed and, of a graph that was cleared, replaced or moved as a whole, that graph; after a load
// that was large beside the store, all of it. One thread at a time. Throws Error(io), Error(corruption).
class ChangedQuads {
 public:
  enum class Kind : std::uint8_t { added, removed };
  // The change must outlive it.
  ChangedQuads(const CommittedChange& change, Kind kind);

  // False at the end. The Ids are those of CommittedChange::after, or ::before.
  [[nodiscard]] bool next(QuadIds& out);

 private:
  // Rows of both states to be read side by side: of a graph whose name means another instance, or of all graphs.
  struct Compared {
    OrderTag order = 0;
    RowPrefix wanted;                // in the state that quads are read from
    std::optional<RowPrefix> other;  // in the other state; none: there are no such rows
    Id graph;                        // of all the rows; unbound: each row's instance says it
  };
  struct Side {
    std::unique_ptr<RowCursor> cursor;
    RowBatch rows;
    std::size_t row = 0;
    // False at the end.
    [[nodiscard]] bool refill();
    // Subject, predicate and object, and before them the instance if `of_all_graphs`.
    [[nodiscard]] std::array<std::uint64_t, 4> key(OrderTag order, bool of_all_graphs) const;
  };

  [[nodiscard]] const std::shared_ptr<const Version>& state() const noexcept {
    return kind_ == Kind::added ? change_.after : change_.before;
  }
  [[nodiscard]] const std::shared_ptr<const Version>& other_state() const noexcept {
    return kind_ == Kind::added ? change_.before : change_.after;
  }
  void compare_all();
  void compare_replaced();
  [[nodiscard]] bool next_row(QuadIds& out);
  [[nodiscard]] bool next_compared(QuadIds& out);

  const CommittedChange& change_;
  Kind kind_;
  std::vector<OrderTag> orders_;  // still to be read of the layer, the next one last
  Side rows_;
  OrderTag order_ = 0;                             // of rows_
  std::vector<std::uint64_t> replaced_instances_;  // ascending
  std::vector<Compared> compared_;                 // still to be read, the next one last
  Compared pair_;                                  // what is at hand of them
  Side wanted_;
  Side other_;
};

// Thread-safe.
class CommitFeed {
 public:
  using Listener = std::function<void(const CommittedChange&)>;

  // What the listener is told begins with the next commit: to be called under lock_changes(). It is called by the
  // thread that commits, one commit after the other in their order, when the commit is as durable as it is going to be;
  // it may read the store and change it: what it commits is told when it has returned.
  [[nodiscard]] std::uint64_t subscribe(Listener listener);
  // When it returns the listener is not being called any more, unless it is the caller.
  void unsubscribe(std::uint64_t subscription) noexcept;
  [[nodiscard]] bool is_followed() const;

  // A commit's turn to be told of. Destroyed before tell(), for the commit has failed, it gives it up.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept : feed_(std::exchange(other.feed_, nullptr)), place_(other.place_) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(feed_, other.feed_);
      std::swap(place_, other.place_);
      return *this;
    }
    ~Turn() {
      if (feed_ != nullptr) feed_->give_up(place_);
    }

    // Waits for the commits before it, and tells all listeners. What a listener throws, the last one to throw, is
    // thrown again when all have been told.
    void tell() {
      if (feed_ != nullptr) std::exchange(feed_, nullptr)->tell(place_);
    }

   private:
    friend class CommitFeed;
    Turn(CommitFeed* feed, std::uint64_t place) : feed_(feed), place_(place) {}

    CommitFeed* feed_ = nullptr;  // none: there is nothing to be told
    std::uint64_t place_ = 0;
  };
  // To be called in the order of commits. The feed must outlive the turn.
  [[nodiscard]] Turn take_turn(CommittedChange change);

 private:
  void tell(std::uint64_t place);
  // One commit; the caller's lock is open while listeners are called. Returns what the last one has thrown.
  std::exception_ptr tell_one(std::unique_lock<std::mutex>& lock, std::uint64_t place,
                              std::vector<std::uint64_t>& postponed);
  void give_up(std::uint64_t place) noexcept;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::shared_ptr<const Listener>> listeners_;
  std::uint64_t next_subscription_ = 1;
  std::map<std::uint64_t, CommittedChange> waiting_;  // by place
  std::uint64_t next_place_ = 1;
  std::optional<std::thread::id> telling_;
  std::uint64_t running_ = 0;                        // the subscription that is being called; 0: none
  std::vector<std::uint64_t>* postponed_ = nullptr;  // of who is telling: places of commits that listeners have made
};

}  // namespace akyn::storage

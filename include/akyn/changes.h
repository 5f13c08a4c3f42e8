// What commits change: for caches, search indexes and copies that follow a store.
#pragma once

#include <cstdint>
#include <memory>

#include <akyn/export.h>
#include <akyn/query.h>

namespace akyn {

namespace api {
struct CommitState;
struct SubscriptionState;
}  // namespace api

// One commit: of a transaction, an update, a load. Copies are cheap; as long as there is one, the files of the states
// before and after stay. Thread-safe.
class AKYN_EXPORT Commit {
 public:
  explicit Commit(std::shared_ptr<const api::CommitState> state);

  // Commits are numbered as they come, from 1 in a new store. Those that changed nothing have no number.
  [[nodiscard]] std::uint64_t number() const noexcept;
  // Quads that the store holds since, and those that it has held before and does not any more; nothing that was there
  // before and is there again. Read from the store as they are asked for, whatever their number. Blank nodes are the
  // store's. Order: unspecified.
  [[nodiscard]] Quads added() const;
  [[nodiscard]] Quads removed() const;

 private:
  std::shared_ptr<const api::CommitState> state_;
};

// Made by Store::on_commit. Keeps the store open. Thread-safe.
class AKYN_EXPORT Subscription {
 public:
  explicit Subscription(std::unique_ptr<api::SubscriptionState> state);
  Subscription(Subscription&&) noexcept;
  Subscription& operator=(Subscription&&) noexcept;
  // When it is gone, so are the calls: waits for one of its own that is running, unless it is the caller.
  ~Subscription();

 private:
  std::unique_ptr<api::SubscriptionState> state_;
};

}  // namespace akyn

#include <akyn/changes.h>

#include <utility>

#include <akyn/store.h>
#include "engine/api/quad_reader.h"
#include "engine/api/state.h"
#include "engine/storage/commit_feed.h"
#include "engine/storage/snapshot.h"

namespace akyn {

namespace api {

struct CommitState {
  storage::CommittedChange change;
};

struct SubscriptionState {
  SubscriptionState(std::shared_ptr<storage::Database> followed, storage::CommitFeed::Listener listener)
      : database(std::move(followed)), number(database->follow(std::move(listener))) {}
  SubscriptionState(const SubscriptionState&) = delete;
  SubscriptionState& operator=(const SubscriptionState&) = delete;
  ~SubscriptionState() { database->unfollow(number); }

  std::shared_ptr<storage::Database> database;
  std::uint64_t number;
};

namespace {

using Kind = storage::ChangedQuads::Kind;

class ChangeAnswer final : public exec::Answer {
 public:
  ChangeAnswer(const storage::CommittedChange& change, Kind kind)
      : Answer({0, 1, 2, 3}, {"subject", "predicate", "object", "graph"}), quads_(change, kind) {}

  [[nodiscard]] bool next(exec::Batch& out) override {
    out.reset(4);
    std::size_t rows = 0;
    storage::QuadIds quad;
    for (; rows < exec::kBatchRows && quads_.next(quad); ++rows) {
      out.values(0).push_back(quad.subject.bits());
      out.values(1).push_back(quad.predicate.bits());
      out.values(2).push_back(quad.object.bits());
      out.values(3).push_back(quad.graph.bits());
    }
    out.set_rows(rows);
    return rows > 0;
  }

 private:
  storage::ChangedQuads quads_;
};

struct ChangedQuadsState final : QuadsState {
  ChangedQuadsState(std::shared_ptr<const CommitState> of, Kind kind)
      : commit(std::move(of)),
        terms(std::make_shared<storage::CommittedSnapshot>(kind == Kind::added ? commit->change.after
                                                                               : commit->change.before)),
        reader(std::make_unique<ChangeAnswer>(commit->change, kind), terms) {}

  [[nodiscard]] bool next(Quad& quad) override { return reader.next(quad); }

  std::shared_ptr<const CommitState> commit;
  runtime::LocalTerms terms;
  QuadReader reader;
};

Quads quads_of(const std::shared_ptr<const CommitState>& commit, Kind kind) {
  return guarded([&] { return Quads(std::make_unique<ChangedQuadsState>(commit, kind)); });
}

}  // namespace
}  // namespace api

Commit::Commit(std::shared_ptr<const api::CommitState> state) : state_(std::move(state)) {}

std::uint64_t Commit::number() const noexcept {
  return state_->change.after->counters.commits;
}

Quads Commit::added() const {
  return api::quads_of(state_, api::Kind::added);
}

Quads Commit::removed() const {
  return api::quads_of(state_, api::Kind::removed);
}

Subscription::Subscription(std::unique_ptr<api::SubscriptionState> state) : state_(std::move(state)) {}
Subscription::Subscription(Subscription&&) noexcept = default;
Subscription& Subscription::operator=(Subscription&&) noexcept = default;
Subscription::~Subscription() = default;

Subscription Store::on_commit(std::function<void(const Commit&)> callback) {
  return api::guarded([&] {
    if (!callback) throw Error(ErrorCode::invalid_argument, "on_commit: there is nothing to call");
    return Subscription(std::make_unique<api::SubscriptionState>(
        state_->database, [callback = std::move(callback)](const storage::CommittedChange& change) {
          callback(Commit(std::make_shared<const api::CommitState>(api::CommitState{change})));
        }));
  });
}

}  // namespace akyn

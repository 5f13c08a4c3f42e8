#include "engine/storage/writer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/background.h"
#include "engine/storage/commit.h"
#include "engine/storage/snapshot.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {
namespace {

// Remembers terms of the committed dictionary: the same predicates, classes and graph names come
// again and again in a load.
class TermCache {
 public:
  [[nodiscard]] Id find(IdType type, std::string_view folded_body) const {
    const Entry& entry = entries_[index(type, folded_body)];
    return entry.id.is_bound() && entry.id.type() == type && entry.body == folded_body ? entry.id : Id();
  }
  void put(Id id, std::string_view folded_body) {
    if (folded_body.size() > kLongestPlainKey) return;
    Entry& entry = entries_[index(id.type(), folded_body)];
    entry.body = folded_body;
    entry.id = id;
  }

 private:
  struct Entry {
    std::string body;
    Id id;
  };
  static std::size_t index(IdType type, std::string_view folded_body) {
    return (std::hash<std::string_view>()(folded_body) + static_cast<std::size_t>(type)) % kEntries;
  }

  static constexpr std::size_t kEntries = 4096;
  std::vector<Entry> entries_{kEntries};
};

class StoreWriter final : public Writer {
 public:
  // Precondition: the slot has been acquired; the Writer releases it.
  StoreWriter(std::shared_ptr<VersionStore> store, std::shared_ptr<WriterSlot> slot, Durability durability)
      : slot_(std::move(slot)), store_(std::move(store)), durability_(durability) {
    std::shared_ptr<const Version> base = store_->newest();
    const std::uint64_t first_term = std::max(base->counters.next_term, slot_.get().unused_term);
    const std::uint64_t first_blank = std::max(base->counters.next_blank, slot_.get().unused_blank);
    pending_ = std::make_shared<Pending>(std::move(base), first_term, first_blank, store_->tuning().small_graph);
  }
  ~StoreWriter() override { end(); }

  Id intern(const TermView& term) override { return intern_term(open(), term); }
  Id new_blank() override { return open().terms().new_blank(); }

  bool insert(const QuadIds& quad) override { return open().insert(quad); }
  bool remove(const QuadIds& quad) override { return open().remove(quad); }
  std::uint64_t clear_graph(Id graph, const WorkCheck& check) override { return open().clear_graph(graph, check); }
  void move_graph(Id from, Id to, const WorkCheck& check) override { open().move_graph(from, to, check); }
  [[nodiscard]] std::size_t memory() const override { return open().memory(); }
  void add_prefix(std::string_view prefix, std::string_view iri) override { open().add_prefix(prefix, iri); }

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const override {
    static_cast<void>(open());
    return std::make_shared<PendingSnapshot>(pending_);
  }

  [[nodiscard]] std::shared_ptr<const Snapshot> state() const override {
    static_cast<void>(open());
    return std::make_shared<PendingState>(pending_);
  }

  [[nodiscard]] std::size_t savepoint() override { return open().savepoint(); }
  void rollback_to(std::size_t savepoint) override { open().rollback_to(savepoint); }

  void commit() override {
    CommitFeed::Turn turn;
    {
      // Ended whatever happens: after a failed commit nobody can tell what the disk holds of it.
      const auto ended = [this](const void*) { end(); };
      const std::unique_ptr<const void, decltype(ended)> guard(this, ended);
      turn = write_commit(*store_, open());
      store_->rocks().keep();
    }
    // The next writer may begin meanwhile: one sync serves all who wait for it.
    finish_commit(*store_, turn, durability_);
  }

 private:
  // Releases the slot once, in whatever way the Writer ends.
  class SlotHold {
   public:
    explicit SlotHold(std::shared_ptr<WriterSlot> slot) : slot_(std::move(slot)) {}
    SlotHold(const SlotHold&) = delete;
    SlotHold& operator=(const SlotHold&) = delete;
    ~SlotHold() { release(); }
    [[nodiscard]] WriterSlot& get() const noexcept { return *slot_; }
    void release() noexcept {
      if (slot_ != nullptr) slot_->release();
      slot_ = nullptr;
    }

   private:
    std::shared_ptr<WriterSlot> slot_;
  };

  [[nodiscard]] Pending& open() const {
    if (pending_ == nullptr) throw Error(ErrorCode::closed, "the transaction has ended");
    return *pending_;
  }

  void end() noexcept {
    if (pending_ == nullptr) return;
    slot_.get().unused_term = pending_->terms().next_term();
    slot_.get().unused_blank = pending_->terms().next_blank();
    pending_ = nullptr;
    slot_.release();
  }

  Id intern_term(Pending& pending, const TermView& term) {
    if (!term) throw Error(ErrorCode::invalid_argument, "no term where a term is needed");
    if (const std::optional<Id> inlined = inline_id(term)) return *inlined;
    if (term.kind == TermKind::blank) return intern_blank(pending, term.value);
    if (term.kind == TermKind::triple) {
      const Id subject = intern_term(pending, term.triple->subject);
      const Id predicate = intern_term(pending, term.triple->predicate);
      const Id object = intern_term(pending, term.triple->object);
      const std::string body = triple_body({subject, predicate, object});
      return intern_body(pending, IdType::triple, body, body);
    }
    const IdType type = dictionary_type(term);
    body_.clear();
    append_body(body_, type, term);
    if (type != IdType::lang_string) return intern_body(pending, type, body_, body_);
    std::string folded = body_;
    fold_body(type, folded);
    return intern_body(pending, type, folded, body_);
  }

  Id intern_body(Pending& pending, IdType type, std::string_view folded_body, std::string_view body) {
    if (const Id id = pending.terms().find(type, folded_body); id.is_bound()) return id;
    if (const Id id = cache_.find(type, folded_body); id.is_bound()) return id;
    if (const Id id = pending.base().dictionary->find(type, folded_body); id.is_bound()) {
      cache_.put(id, folded_body);
      return id;
    }
    return pending.terms().add(type, folded_body, body);
  }

  static Id intern_blank(Pending& pending, std::string_view label) {
    if (const Id id = blank_of_label(pending, label); id.is_bound()) return id;
    const Id id = pending.terms().new_blank();
    pending.terms().label(label, id);
    return id;
  }

  SlotHold slot_;
  std::shared_ptr<VersionStore> store_;
  Durability durability_;
  std::shared_ptr<Pending> pending_;  // none when the transaction has ended
  TermCache cache_;
  std::string body_;  // reused, so that interning a known term allocates nothing
};

}  // namespace

bool WriterSlot::acquire(std::chrono::milliseconds timeout) {
  std::unique_lock<std::mutex> lock(mutex_);
  // Not wait_for with a huge timeout: adding it to the clock would overflow.
  const auto bounded = std::min(timeout, std::chrono::milliseconds(std::chrono::hours(24 * 365)));
  freed_.wait_for(lock, bounded, [this] { return holder_ == Holder::nobody; });
  freed_.wait(lock, [this] { return holder_ != Holder::store; });
  if (holder_ == Holder::writer) return false;
  holder_ = Holder::writer;
  return true;
}

bool WriterSlot::acquire_for_store(std::chrono::milliseconds timeout) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!freed_.wait_for(lock, timeout, [this] { return holder_ == Holder::nobody; })) return false;
  holder_ = Holder::store;
  return true;
}

void WriterSlot::release() noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    holder_ = Holder::nobody;
  }
  freed_.notify_all();
}

void take_slot(const VersionStore& store, WriterSlot& slot, const StoreOptions& options) {
  if (!slot.acquire(options.busy_timeout)) {
    throw Error(ErrorCode::locked,
                fmt::format("another transaction of this process is still open on store '{}' after {} ms of waiting "
                            "(StoreOptions::busy_timeout)",
                            store.rocks().name(), options.busy_timeout.count()));
  }
}

std::unique_ptr<Writer> begin_writing(std::shared_ptr<VersionStore> store, std::shared_ptr<WriterSlot> slot,
                                      const StoreOptions& options) {
  take_slot(*store, *slot, options);
  return std::make_unique<StoreWriter>(std::move(store), std::move(slot), options.durability);
}

}  // namespace akyn::storage

#include "engine/storage/writer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
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

class RocksWriter final : public Writer {
 public:
  // Precondition: the slot has been acquired; the Writer releases it.
  RocksWriter(std::shared_ptr<Rocks> rocks, std::shared_ptr<WriterSlot> slot, Durability durability)
      : slot_(std::move(slot)), rocks_(std::move(rocks)), durability_(durability) {
    auto view = std::make_shared<const View>(rocks_);
    const std::uint64_t first_term = std::max(view->counters().next_term, slot_.get().unused_term);
    const std::uint64_t first_blank = std::max(view->counters().next_blank, slot_.get().unused_blank);
    pending_ = std::make_shared<Pending>(std::move(view), first_term, first_blank);
  }
  ~RocksWriter() override { end(); }

  Id intern(const TermView& term) override {
    check_open();
    return intern_term(term);
  }

  Id new_blank() override {
    check_open();
    return pending_->terms.new_blank();
  }

  bool insert(const QuadIds& quad) override { return change(quad, true); }
  bool remove(const QuadIds& quad) override { return change(quad, false); }

  void add_prefix(std::string_view prefix, std::string_view iri) override {
    check_open();
    pending_->prefixes.emplace_back(prefix, iri);
  }

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const override {
    check_open();
    return std::make_shared<PendingSnapshot>(pending_);
  }

  [[nodiscard]] std::size_t savepoint() const override {
    check_open();
    savepoints_.push_back({pending_->quads.size(), pending_->prefixes.size()});
    return savepoints_.size() - 1;
  }

  void rollback_to(std::size_t savepoint) override {
    check_open();
    if (savepoint >= savepoints_.size()) {
      throw Error(ErrorCode::invalid_argument, "no such savepoint: a rollback to an earlier one has removed it");
    }
    savepoints_.resize(savepoint + 1);
    pending_->quads.rollback_to(savepoints_.back().changes);
    pending_->prefixes.resize(savepoints_.back().prefixes);
  }

  void commit() override {
    check_open();
    // Ended whatever happens: after a failed commit nobody can tell what the disk holds of it.
    const auto ended = [this](const void*) { end(); };
    const std::unique_ptr<const void, decltype(ended)> guard(this, ended);
    write_commit(*rocks_, *pending_, durability_);
    rocks_->keep();
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

  struct Savepoint {
    std::size_t changes;
    std::size_t prefixes;
  };

  void check_open() const {
    if (pending_ == nullptr) throw Error(ErrorCode::closed, "the transaction has ended");
  }

  void end() noexcept {
    if (pending_ == nullptr) return;
    slot_.get().unused_term = pending_->terms.next_term();
    slot_.get().unused_blank = pending_->terms.next_blank();
    pending_ = nullptr;
    slot_.release();
  }

  Id intern_term(const TermView& term) {
    if (!term) throw Error(ErrorCode::invalid_argument, "no term where a term is needed");
    if (const std::optional<Id> inlined = inline_id(term)) return *inlined;
    if (term.kind == TermKind::blank) return intern_blank(term.value);
    if (term.kind == TermKind::triple) {
      const Id subject = intern_term(term.triple->subject);
      const Id predicate = intern_term(term.triple->predicate);
      const Id object = intern_term(term.triple->object);
      const std::string body = triple_body({subject, predicate, object});
      return intern_body(IdType::triple, body, body);
    }
    const IdType type = dictionary_type(term);
    body_.clear();
    append_body(body_, type, term);
    if (type != IdType::lang_string) return intern_body(type, body_, body_);
    std::string folded = body_;
    fold_body(type, folded);
    return intern_body(type, folded, body_);
  }

  Id intern_body(IdType type, std::string_view folded_body, std::string_view body) {
    if (const Id id = pending_->terms.find(type, folded_body); id.is_bound()) return id;
    const View& base = *pending_->base;
    if (base.counters().next_term > 1) {  // else the dictionary is empty
      if (const Id id = cache_.find(type, folded_body); id.is_bound()) return id;
      if (const Id id = base.find_term(type, folded_body); id.is_bound()) {
        cache_.put(id, folded_body);
        return id;
      }
    }
    return pending_->terms.add(type, folded_body, body);
  }

  Id intern_blank(std::string_view label) {
    if (const Id id = blank_of_label(*pending_, label); id.is_bound()) return id;
    const Id id = pending_->terms.new_blank();
    pending_->terms.label(label, id);
    return id;
  }

  bool change(const QuadIds& quad, bool insert) {
    check_open();
    for (const Id id : {quad.subject, quad.predicate, quad.object}) {
      if (!id.is_bound() || id.is_local()) {
        throw Error(ErrorCode::internal, fmt::format("Id {:#x} is not one of a stored term", id.bits()));
      }
    }
    if (quad.graph.is_local() || quad.graph.is_inlined()) {
      throw Error(ErrorCode::internal, fmt::format("Id {:#x} is not one of a graph", quad.graph.bits()));
    }
    const std::optional<PendingQuads::State> touched = pending_->quads.find(quad);
    const bool in_base = touched ? touched->in_base : base_holds(quad);
    if ((touched ? touched->held : in_base) == insert) return false;
    pending_->quads.add(quad, insert, in_base);
    return true;
  }

  [[nodiscard]] bool base_holds(const QuadIds& quad) const {
    const Counters& counters = pending_->base->counters();
    const bool empty = (quad.graph == kDefaultGraph ? counters.default_quads : counters.named_quads) == 0;
    return !empty && pending_->base->contains(quad);
  }

  SlotHold slot_;
  std::shared_ptr<Rocks> rocks_;
  Durability durability_;
  std::shared_ptr<Pending> pending_;  // none when the transaction has ended
  mutable std::vector<Savepoint> savepoints_;
  TermCache cache_;
  std::string body_;  // reused, so that interning a known term allocates nothing
};

}  // namespace

bool WriterSlot::acquire(std::chrono::milliseconds timeout) {
  std::unique_lock<std::mutex> lock(mutex_);
  // Not wait_for with a huge timeout: adding it to the clock would overflow.
  const auto bounded = std::min(timeout, std::chrono::milliseconds(std::chrono::hours(24 * 365)));
  if (!freed_.wait_for(lock, bounded, [this] { return !taken_; })) return false;
  taken_ = true;
  return true;
}

void WriterSlot::release() noexcept {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    taken_ = false;
  }
  freed_.notify_one();
}

std::unique_ptr<Writer> begin_writing(std::shared_ptr<Rocks> rocks, std::shared_ptr<WriterSlot> slot,
                                      const StoreOptions& options) {
  if (!slot->acquire(options.busy_timeout)) {
    throw Error(ErrorCode::locked,
                fmt::format("another transaction of this process is still open on store '{}' after {} ms of waiting "
                            "(StoreOptions::busy_timeout)",
                            rocks->name(), options.busy_timeout.count()));
  }
  return std::make_unique<RocksWriter>(std::move(rocks), std::move(slot), options.durability);
}

}  // namespace akyn::storage

// The terms of one running query: those of the snapshot it reads, and those it computes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include <akyn/term.h>
#include "engine/expr/value.h"
#include "engine/storage/database.h"
#include "engine/term/id.h"

namespace akyn::runtime {

struct TripleIds {
  Id subject;
  Id predicate;
  Id object;
  friend constexpr auto operator<=>(const TripleIds&, const TripleIds&) noexcept = default;
};

// Invariant: equal Ids stand for equal terms and the other way round, inlined, stored and computed
// ones together; so a computed term is looked up in the snapshot before it gets an Id of its own.
//
// Computed terms stay, but for passing ones: those of rows that nobody puts by, paths for example, which whoever makes
// the rows gives back. Their Ids stand for nothing from then on.
//
// One thread at a time. Keeps the snapshot.
class LocalTerms {
 public:
  explicit LocalTerms(std::shared_ptr<const storage::Snapshot> snapshot);
  LocalTerms(LocalTerms&&) = default;

  [[nodiscard]] const storage::Snapshot& snapshot() const noexcept { return *snapshot_; }
  [[nodiscard]] const std::shared_ptr<const storage::Snapshot>& shared_snapshot() const noexcept { return snapshot_; }

  // The Id of a term, made when new; unbound for no term.
  [[nodiscard]] Id id(const TermView& term);
  [[nodiscard]] Id id(const Term& term) { return id(term.view()); }
  [[nodiscard]] Id id(const expr::Value& value);
  // A blank node unlike any other.
  [[nodiscard]] Id new_blank();
  // The triple term <<( subject predicate object )>>; nothing when that is none: its subject is an IRI or blank node
  // and its predicate an IRI.
  [[nodiscard]] std::optional<Term> triple(const TripleIds& triple) const;
  [[nodiscard]] std::optional<Id> triple_id(const TripleIds& triple);

  // --- Passing terms. Each call of these is to be followed by one of release().
  // As id(); when it is made new, it is a passing one.
  [[nodiscard]] Id passing_id(const TermView& term);
  // Holds the passing ones among them, Ids as bits.
  void hold(std::span<const std::uint64_t> ids);
  // What has been released as often as asked for is gone, unless id() has been asked for it meanwhile: then it stays.
  // Ids of other terms are passed over.
  void release(std::span<const std::uint64_t> ids);

  // No term for the unbound Id. Throws Error(internal) for that of a passing one that is gone.
  [[nodiscard]] Term term(Id id) const;
  // Computed terms that are held.
  [[nodiscard]] std::size_t held() const noexcept { return ids_.size(); }
  // A computed term, valid until it is gone. Throws as term(). Precondition: id.is_local().
  [[nodiscard]] const Term& computed(Id id) const;
  // As a value, remembered. Valid as long as this object, or until a passing one is gone. Precondition: bound.
  [[nodiscard]] const expr::Value& value(Id id);
  // The parts of a triple term. Precondition: id.type() is IdType::triple.
  [[nodiscard]] TripleIds parts(Id id);

  // Bytes held, roughly: for the query's memory limit.
  [[nodiscard]] std::size_t memory() const noexcept { return memory_; }

 private:
  // Of the local index of passing terms.
  static constexpr std::uint64_t kPassingBit = std::uint64_t{1} << 58;
  struct Passing {
    const Term* term = nullptr;  // a key of ids_
    std::uint64_t holders = 0;
  };
  [[nodiscard]] static constexpr bool is_passing(Id id) noexcept {
    return id.is_local() && (id.local_index() & kPassingBit) != 0;
  }
  // Of a term that need not be computed; unbound for others.
  [[nodiscard]] Id known(const TermView& term) const;

  std::shared_ptr<const storage::Snapshot> snapshot_;
  std::unordered_map<Term, Id> ids_;
  std::vector<const Term*> terms_;  // keys of ids_, by local index
  std::unordered_map<Id, Passing> passing_;
  std::uint64_t next_passing_ = 0;
  std::unordered_map<Id, expr::Value> values_;
  std::unordered_map<Id, TripleIds> parts_;
  std::uint64_t blank_seed_;  // keeps labels of this query's blank nodes apart from others'
  std::uint64_t blanks_ = 0;
  std::size_t memory_ = 0;
};

}  // namespace akyn::runtime

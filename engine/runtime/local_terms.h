// The terms of one running query: those of the snapshot it reads, and those it computes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
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
// One thread at a time. Keeps the snapshot.
class LocalTerms {
 public:
  explicit LocalTerms(std::shared_ptr<const storage::Snapshot> snapshot);

  [[nodiscard]] const storage::Snapshot& snapshot() const noexcept { return *snapshot_; }
  [[nodiscard]] const std::shared_ptr<const storage::Snapshot>& shared_snapshot() const noexcept { return snapshot_; }

  // The Id of a term, made when new; unbound for no term.
  [[nodiscard]] Id id(const TermView& term);
  [[nodiscard]] Id id(const Term& term) { return id(term.view()); }
  [[nodiscard]] Id id(const expr::Value& value);
  // A blank node unlike any other.
  [[nodiscard]] Id new_blank();
  // The Id of the triple term <<( subject predicate object )>>; nothing when that is none: its
  // subject is an IRI or blank node and its predicate an IRI.
  [[nodiscard]] std::optional<Id> triple_id(const TripleIds& triple);

  // No term for the unbound Id.
  [[nodiscard]] Term term(Id id) const;
  // Whether some term has been computed.
  [[nodiscard]] bool has_computed() const noexcept { return !terms_.empty(); }
  // A computed term, valid until another is. Precondition: id.is_local().
  [[nodiscard]] const Term& computed(Id id) const noexcept { return terms_[id.local_index()]; }
  // As a value, remembered. Valid as long as this object. Precondition: bound.
  [[nodiscard]] const expr::Value& value(Id id);
  // The parts of a triple term. Precondition: id.type() is IdType::triple.
  [[nodiscard]] TripleIds parts(Id id);

  // Bytes held, roughly: for the query's memory limit.
  [[nodiscard]] std::size_t memory() const noexcept { return memory_; }

 private:
  std::shared_ptr<const storage::Snapshot> snapshot_;
  std::vector<Term> terms_;  // by local index
  std::unordered_map<Term, Id> ids_;
  std::unordered_map<Id, expr::Value> values_;
  std::unordered_map<Id, TripleIds> parts_;
  std::uint64_t blank_seed_;  // keeps labels of this query's blank nodes apart from others'
  std::uint64_t blanks_ = 0;
  std::size_t memory_ = 0;
};

}  // namespace akyn::runtime

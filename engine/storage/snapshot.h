// The two kinds of Snapshot, and what both do with terms.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/pending_quads.h"
#include "engine/storage/pending_terms.h"
#include "engine/storage/view.h"

namespace akyn::storage {

// Terms to Ids and back, over whatever holds the dictionary.
class TermReader {
 public:
  virtual ~TermReader() = default;

  // As Snapshot::find and Snapshot::term.
  [[nodiscard]] Id find_term(const TermView& term) const;
  [[nodiscard]] Term make_term(Id id) const;

  // Unbound when the dictionary has no such body.
  [[nodiscard]] virtual Id find_body(IdType type, std::string_view folded_body) const = 0;
  virtual void read_body(Id id, std::string& body) const = 0;
  // The node with that label, unbound when there is none.
  [[nodiscard]] virtual Id find_blank(std::string_view label) const = 0;
  // What messages call the store.
  [[nodiscard]] virtual const std::string& store_name() const = 0;
};

// What a transaction works on: the state it started from and its changes.
struct Pending {
  Pending(std::shared_ptr<const View> view, std::uint64_t first_term, std::uint64_t first_blank)
      : base(std::move(view)), terms(first_term, first_blank) {}

  std::shared_ptr<const View> base;
  PendingTerms terms;
  PendingQuads quads;
  std::vector<std::pair<std::string, std::string>> prefixes;  // later entries win
};

// A committed state. Thread-safe.
[[nodiscard]] std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const View> view);

// A transaction's state, following its changes.
class PendingSnapshot final : public Snapshot, private TermReader {
 public:
  explicit PendingSnapshot(std::shared_ptr<const Pending> pending) : pending_(std::move(pending)) {}

  [[nodiscard]] Id find(const TermView& term) const override { return find_term(term); }
  [[nodiscard]] Term term(Id id) const override { return make_term(id); }
  using Snapshot::scan;
  [[nodiscard]] std::unique_ptr<Scan> scan(const TriplePattern& pattern, GraphScope graphs,
                                           Permutation order) const override;
  [[nodiscard]] std::uint64_t count(const TriplePattern& pattern, GraphScope graphs) const override;
  [[nodiscard]] bool contains(const QuadIds& quad) const override;
  [[nodiscard]] std::vector<Id> named_graphs() const override;
  [[nodiscard]] std::map<std::string, std::string> prefixes() const override;

 private:
  [[nodiscard]] Id find_body(IdType type, std::string_view folded_body) const override;
  void read_body(Id id, std::string& body) const override;
  [[nodiscard]] Id find_blank(std::string_view label) const override;
  [[nodiscard]] const std::string& store_name() const override { return pending_->base->rocks().name(); }

  std::shared_ptr<const Pending> pending_;
};

// The node a transaction means by a label; unbound when it is a label neither the transaction nor
// the store knows. In this order:
//   1. a label the transaction has used before: the same node as before;
//   2. the label of a node the store holds or the transaction has made (see blank_label()): that node.
[[nodiscard]] Id blank_of_label(const Pending& pending, std::string_view label);

}  // namespace akyn::storage

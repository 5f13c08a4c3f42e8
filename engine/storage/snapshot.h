// The kinds of Snapshot, and what all do with terms.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/database.h"
#include "engine/storage/pending.h"
#include "engine/storage/version.h"

namespace akyn::storage {

// What they have in common: a version, and terms to Ids and back over whatever holds the dictionary.
class VersionSnapshot : public Snapshot {
 public:
  [[nodiscard]] Id find(const TermView& term) const final;
  [[nodiscard]] Term term(Id id) const final;

  using Snapshot::scan;
  [[nodiscard]] std::unique_ptr<Scan> scan(const TriplePattern& pattern, GraphScope graphs,
                                           Permutation order) const final;
  [[nodiscard]] std::uint64_t count(const TriplePattern& pattern, GraphScope graphs) const final;
  [[nodiscard]] bool contains(const QuadIds& quad) const final;
  [[nodiscard]] std::vector<Id> named_graphs() const final;
  [[nodiscard]] std::map<std::string, std::string> prefixes() const final;
  [[nodiscard]] PartitionStatistics statistics(Partition partition, bool exactly) const final;
  [[nodiscard]] std::uint64_t terms() const final;

 private:
  // Unbound when the dictionary has no such body.
  [[nodiscard]] virtual Id find_body(IdType type, std::string_view folded_body) const = 0;
  virtual void append_body(Id id, std::string& body) const = 0;
  // The node with that label, unbound when there is none.
  [[nodiscard]] virtual Id find_blank(std::string_view label) const = 0;
  // What messages call the store.
  [[nodiscard]] virtual const std::string& store_name() const = 0;
};

// A committed state. Thread-safe.
class CommittedSnapshot final : public VersionSnapshot {
 public:
  explicit CommittedSnapshot(std::shared_ptr<const Version> version) : version_(std::move(version)) {}

  [[nodiscard]] std::shared_ptr<const Version> version() const override { return version_; }
  void visit(std::span<const Id> ids, const BodyVisitor& visitor) const override;
  // As open_cursor().
  [[nodiscard]] std::unique_ptr<RowCursor> cursor(OrderTag order, const RowRange& range, ColumnMask columns) const {
    return open_cursor(version_, order, range, columns);
  }

 private:
  [[nodiscard]] Id find_body(IdType type, std::string_view folded_body) const override;
  void append_body(Id id, std::string& body) const override;
  [[nodiscard]] Id find_blank(std::string_view label) const override;
  [[nodiscard]] const std::string& store_name() const override { return version_->rocks->name(); }

  std::shared_ptr<const Version> version_;
};

// A transaction's state, following its changes.
class PendingSnapshot : public VersionSnapshot {
 public:
  explicit PendingSnapshot(std::shared_ptr<const Pending> pending) : pending_(std::move(pending)) {}

  [[nodiscard]] std::shared_ptr<const Version> version() const override { return pending_->version(); }
  void visit(std::span<const Id> ids, const BodyVisitor& visitor) const final;

 protected:
  [[nodiscard]] const Pending& pending() const noexcept { return *pending_; }
  [[nodiscard]] Id find_body(IdType type, std::string_view folded_body) const override;
  [[nodiscard]] Id find_blank(std::string_view label) const override;

 private:
  void append_body(Id id, std::string& body) const final;
  [[nodiscard]] const std::string& store_name() const final { return pending_->base().rocks->name(); }

  std::shared_ptr<const Pending> pending_;
};

// A transaction's state at one moment: terms and nodes that it makes later are not there.
class PendingState final : public PendingSnapshot {
 public:
  explicit PendingState(const std::shared_ptr<const Pending>& pending)
      : PendingSnapshot(pending),
        version_(pending->version()),
        next_term_(pending->terms().next_term()),
        next_blank_(pending->terms().next_blank()) {}

  [[nodiscard]] std::shared_ptr<const Version> version() const override { return version_; }

 private:
  [[nodiscard]] Id find_body(IdType type, std::string_view folded_body) const override {
    const Id id = PendingSnapshot::find_body(type, folded_body);
    return id.payload() < next_term_ ? id : Id();
  }
  [[nodiscard]] Id find_blank(std::string_view label) const override {
    const Id id = PendingSnapshot::find_blank(label);
    return id.payload() < next_blank_ ? id : Id();
  }

  std::shared_ptr<const Version> version_;
  std::uint64_t next_term_;
  std::uint64_t next_blank_;
};

// The node a transaction means by a label; unbound when it is a label neither the transaction nor
// the store knows. In this order:
//   1. a label the transaction has used before: the same node as before;
//   2. the label of a node the store holds or the transaction has made (see blank_label()): that node.
[[nodiscard]] Id blank_of_label(const Pending& pending, std::string_view label);

}  // namespace akyn::storage

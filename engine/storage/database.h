// Quads on RocksDB: what the rest of the engine sees of the disk.
//
//   Database   one open directory (or memory). Hands out snapshots and one writer at a time.
//   Snapshot   an unchanging view: dictionary, quads, prefixes. Shared freely between threads.
//   Scan       sorted rows of one permutation, in batches.
//   Writer     one transaction's pending changes; reads through it see them.
//
// Ids here are the store's own and inlined ones; query-local Ids are exec's business, and finding
// one in a pattern simply matches nothing.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/options.h>
#include <akyn/term.h>
#include "engine/storage/progress.h"
#include "engine/term/id.h"

namespace akyn::storage {

// The graph position of a quad in the default graph. Never an Id of a term.
inline constexpr Id kDefaultGraph = Id();

// Sort orders. The first letter is the most significant column. Orders starting with g serve scans
// of one named graph; the others scan the default graph alone, all named graphs, or both.
enum class Permutation : std::uint8_t { spo, sop, pso, pos, osp, ops, gspo, gpos, gosp };

// Rows of the default graph and of named graphs live apart, so that neither pays for the other.
enum class Partition : std::uint8_t { default_graph = 0, named_graphs = 1 };

// Which graphs a scan covers.
struct GraphScope {
  enum class Kind : std::uint8_t {
    default_graph,  // the default graph only
    named,          // the one graph `graph`
    all_named,      // every named graph, not the default graph
    all,            // everything
  };
  Kind kind = Kind::default_graph;
  Id graph;

  [[nodiscard]] static GraphScope default_graph() { return {}; }
  [[nodiscard]] static GraphScope named(Id graph) { return {Kind::named, graph}; }
  [[nodiscard]] static GraphScope all_named() { return {Kind::all_named, Id()}; }
  [[nodiscard]] static GraphScope all() { return {Kind::all, Id()}; }
};

// Bound positions hold a term's Id; unbound Ids match anything.
struct TriplePattern {
  Id subject;
  Id predicate;
  Id object;
};

struct QuadIds {
  Id subject;
  Id predicate;
  Id object;
  Id graph;  // kDefaultGraph for the default graph
  // Whether none is of a query's own: of those that are, no store holds any.
  [[nodiscard]] constexpr bool is_stored() const noexcept {
    return !subject.is_local() && !predicate.is_local() && !object.is_local() && !graph.is_local();
  }
  friend constexpr auto operator<=>(const QuadIds&, const QuadIds&) noexcept = default;
};

struct Version;

// Rows of a scan, column by column; all four columns have the same length.
struct ScanBatch {
  std::vector<Id> subjects;
  std::vector<Id> predicates;
  std::vector<Id> objects;
  std::vector<Id> graphs;

  [[nodiscard]] std::size_t size() const noexcept { return subjects.size(); }
  void clear() {
    subjects.clear();
    predicates.clear();
    objects.clear();
    graphs.clear();
  }
  [[nodiscard]] QuadIds row(std::size_t i) const { return {subjects[i], predicates[i], objects[i], graphs[i]}; }
};

// One thread at a time. Throws Error(io) or Error(corruption).
class Scan {
 public:
  virtual ~Scan() = default;
  // Replaces `out` with the next rows, at least one and at most a few thousand; false at the end.
  [[nodiscard]] virtual bool next(ScanBatch& out) = 0;
};

struct PredicateStatistics {
  Id predicate;
  std::uint64_t rows = 0;      // exact
  std::uint64_t subjects = 0;  // different ones
  std::uint64_t objects = 0;
  bool exact = false;  // whether the last two are; otherwise they are estimates of at most `rows`
};
struct ClassStatistics {
  Id type;                 // the object of rdf:type
  std::uint64_t rows = 0;  // exact
};
// Of the default graph, or of all named graphs together, where a triple counts once for each graph that has it.
struct PartitionStatistics {
  std::vector<PredicateStatistics> predicates;  // ascending
  std::vector<ClassStatistics> classes;         // ascending
};

// An unchanging view of the store: a committed state, or a writer's.
// Thread-safe when it is a committed state; one thread at a time when it is a writer's.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // The Id of a term; unbound when the store does not hold it. Inlined Ids are always found.
  [[nodiscard]] virtual Id find(const TermView& term) const = 0;
  // Precondition: bound, not query-local.
  [[nodiscard]] virtual Term term(Id id) const = 0;

  // The rows that match, sorted by `order`. Over several graphs the same triple comes once per graph that holds it,
  // from the default graph first. Named graphs come in an order of their own, the same in all scans of a snapshot,
  // which is not that of their names' Ids.
  [[nodiscard]] virtual std::unique_ptr<Scan> scan(const TriplePattern& pattern, GraphScope graphs,
                                                   Permutation order) const = 0;
  // As above in the order that reads least.
  [[nodiscard]] std::unique_ptr<Scan> scan(const TriplePattern& pattern, GraphScope graphs) const;
  // Exact number of rows scan() would give.
  [[nodiscard]] virtual std::uint64_t count(const TriplePattern& pattern, GraphScope graphs) const = 0;
  [[nodiscard]] virtual bool contains(const QuadIds& quad) const = 0;

  // The state itself, for readers that work on columns (version.h): of a writer's, the state at this moment, whose
  // dictionary does not have the terms that the writer has added.
  [[nodiscard]] virtual std::shared_ptr<const Version> version() const = 0;
  // Calls visitor(place in `ids`, body) for stored terms (term_codec.h; neither inlined ones nor blank nodes), in no
  // particular order, and for each place with the same Id. The body is valid during the call.
  using BodyVisitor = std::function<void(std::size_t place, std::string_view body)>;
  virtual void visit(std::span<const Id> ids, const BodyVisitor& visitor) const = 0;

  // Names of the graphs that hold at least one quad, in Id order; the default graph is not among them.
  [[nodiscard]] virtual std::vector<Id> named_graphs() const = 0;
  [[nodiscard]] virtual std::map<std::string, std::string> prefixes() const = 0;

  // Costs a few look-ups for each predicate and class; with `exactly`, two scans where what is stored is not exact.
  [[nodiscard]] virtual PartitionStatistics statistics(Partition partition, bool exactly) const = 0;
  // Terms that are stored, those that nothing uses any more among them; inlined ones and blank nodes are not.
  [[nodiscard]] virtual std::uint64_t terms() const = 0;
};

// A permutation whose leading columns are the bound ones of a pattern, so that matches are one range.
[[nodiscard]] Permutation best_permutation(const TriplePattern& pattern, GraphScope graphs);
// Columns of a permutation in order: 0 subject, 1 predicate, 2 object, 3 graph.
[[nodiscard]] std::array<std::uint8_t, 4> columns_of(Permutation order);

// Pending changes of the one open transaction. Destroyed uncommitted, it leaves no trace.
// One thread at a time; must not outlive its Database.
class Writer {
 public:
  virtual ~Writer() = default;

  // The Id of a term, allocated when new. A new term is kept when a committed quad uses it; otherwise
  // its Id means nothing after the transaction.
  //
  // A blank node by its label is, in this order: the node that the label has meant in this
  // transaction before; the stored node that has this label (Snapshot::term gives stored nodes labels
  // "akyn1", "akyn2", ...); a new node. Blank nodes of a file have labels of their own: loaders call
  // new_blank() once for each label of the file instead.
  [[nodiscard]] virtual Id intern(const TermView& term) = 0;
  // A blank node that no store has seen.
  [[nodiscard]] virtual Id new_blank() = 0;
  // True when this changed anything.
  virtual bool insert(const QuadIds& quad) = 0;
  virtual bool remove(const QuadIds& quad) = 0;
  virtual void add_prefix(std::string_view prefix, std::string_view iri) = 0;

  // Quads that go one by one do so with looks at `check`; when that ends the work, a savepoint leads back.
  //
  // Removes all quads of a graph and says how many they were; nothing but a few bytes is written for a named one,
  // whatever its size.
  virtual std::uint64_t clear_graph(Id graph, const WorkCheck& check = {}) = 0;
  // Clears `to`, gives it the quads of `from` and leaves that empty; likewise.
  virtual void move_graph(Id from, Id to, const WorkCheck& check = {}) = 0;
  // Bytes that the pending changes hold, about.
  [[nodiscard]] virtual std::size_t memory() const = 0;

  // A view that follows the pending changes. Scans open while changes are made keep the state they started from.
  [[nodiscard]] virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
  // A view of the state as it is now, which later changes leave alone, terms included: for changing a store by what it
  // holds. It is of no use after a rollback to a savepoint of before.
  [[nodiscard]] virtual std::shared_ptr<const Snapshot> state() const = 0;

  // Marks a point to fall back to, for one failing operation among several.
  [[nodiscard]] virtual std::size_t savepoint() = 0;
  virtual void rollback_to(std::size_t savepoint) = 0;

  // Atomic; durable as the Database's options say. The Writer takes no calls afterwards.
  virtual void commit() = 0;
};

// How a load works.
struct BulkOptions {
  std::size_t memory_bytes = 0;  // at most, for all that it does; 0: a quarter of the machine's
  std::size_t threads = 0;       // 0: one a processor
};
class BulkLoad;  // bulk_load.h
struct CommittedChange;

class Database {
 public:
  // As Store::open.
  [[nodiscard]] static std::shared_ptr<Database> open(const std::filesystem::path& path, const StoreOptions& options);
  [[nodiscard]] static std::shared_ptr<Database> in_memory(const StoreOptions& options);
  virtual ~Database() = default;

  // The newest committed state. Thread-safe.
  [[nodiscard]] virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
  // Waits up to busy_timeout for the previous writer. Throws Error(locked), Error(read_only). Thread-safe.
  [[nodiscard]] virtual std::unique_ptr<Writer> begin() = 0;
  // The same for a load. It must not outlive the Database.
  [[nodiscard]] virtual std::unique_ptr<BulkLoad> begin_load(const BulkOptions& options) = 0;

  // Follows commits from the next one on (commit_feed.h). Throws Error(read_only). Thread-safe.
  [[nodiscard]] virtual std::uint64_t follow(std::function<void(const CommittedChange&)> listener) = 0;
  virtual void unfollow(std::uint64_t subscription) noexcept = 0;

  // Long work, all of it with progress and cancellation, which may be empty (progress.h). Thread-safe.
  //
  // Checks the store against itself. Throws Error(corruption).
  virtual void verify(const WorkProgress& progress = {}) const = 0;
  // Makes it one run of rows and one of terms, while others read and write; the Ids of terms change. Throws
  // Error(read_only), Error(io).
  virtual void optimize(const WorkProgress& progress = {}) = 0;
  // Returns when the merges are done that the background worker does, for those whose process ends then. Throws
  // Error(read_only).
  virtual void finish_merges(const WorkProgress& progress = {}) = 0;
  // Makes a copy at `directory`, which must not exist. Throws Error(invalid_argument), Error(read_only),
  // Error(unsupported) in memory, Error(io).
  virtual void back_up(const std::filesystem::path& directory) = 0;
};

}  // namespace akyn::storage

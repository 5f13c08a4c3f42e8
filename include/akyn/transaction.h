// A unit of change: all of it or none of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/export.h>
#include <akyn/options.h>
#include <akyn/query.h>
#include <akyn/term.h>

namespace akyn {

namespace api {
struct TransactionState;
}

// The graphs a call looks at.
class Graph {
 public:
  // One named graph; no term: the default graph. Implicit, so that a graph's name can be passed as it is.
  Graph(Term name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] static Graph default_graph() { return Graph(Term()); }
  // The default graph and every named graph.
  [[nodiscard]] static Graph any() {
    Graph graph{Term()};
    graph.any_ = true;
    return graph;
  }

  [[nodiscard]] bool is_any() const noexcept { return any_; }
  [[nodiscard]] const Term& name() const noexcept { return name_; }

 private:
  Term name_;
  bool any_ = false;
};

// Made by Store::begin(). Reads see its own changes; nobody else sees them before commit(). Rolls
// back when destroyed uncommitted. One thread at a time. After commit() or rollback() every call
// throws Error(closed), and so does reading on in the Rows and Quads that it handed out.
//
// A blank node that came from the store (in a Row, a Quad) is that node. Any other label is a new node,
// the same one throughout the transaction, and another one in the next.
class AKYN_EXPORT Transaction {
 public:
  explicit Transaction(std::unique_ptr<api::TransactionState> state);
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) noexcept;
  ~Transaction();

  // True when the quad was not there before. Throws Error(invalid_argument) for a term in a place
  // where RDF has none (a literal subject, a blank predicate).
  bool insert(const Quad& quad);
  bool insert(const Term& subject, const Term& predicate, const Term& object, const Term& graph = {});
  // True when the quad was there.
  bool remove(const Quad& quad);
  bool remove(const Term& subject, const Term& predicate, const Term& object, const Term& graph = {});
  // Runs a SPARQL Update request; on error the transaction is as before the call.
  void update(std::string_view text, const QueryOptions& options = {}, CancelToken token = {});
  // As Store::load, within this transaction; on error the transaction is as before the call.
  LoadReport load(const std::filesystem::path& file, const LoadOptions& options = {});
  LoadReport load(std::istream& input, const LoadOptions& options);

  // As Store's, over this transaction's view.
  [[nodiscard]] Query prepare(std::string_view text, const QueryOptions& options = {}) const;
  [[nodiscard]] Quads match(const Term& subject, const Term& predicate, const Term& object,
                            const Graph& graph = Graph::any()) const;
  [[nodiscard]] std::uint64_t count(const Term& subject = {}, const Term& predicate = {}, const Term& object = {},
                                    const Graph& graph = Graph::any()) const;
  [[nodiscard]] std::vector<Term> graphs() const;
  [[nodiscard]] std::map<std::string, std::string> prefixes() const;

  // Throws Error(io) when the device has no room for the changes, or fails. When it fails, they may have been written
  // and not be durable: count() says which of the two, and what the disk has of them shows when the store is next
  // opened. See Store for what is possible afterwards.
  void commit();
  void rollback() noexcept;

 private:
  std::unique_ptr<api::TransactionState> state_;
};

}  // namespace akyn

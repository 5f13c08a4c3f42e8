// What the classes of include/akyn/ hold.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include <akyn/query.h>
#include <akyn/transaction.h>
#include "engine/api/extensions.h"
#include "engine/load/bulk.h"
#include "engine/runtime/environment.h"
#include "engine/storage/database.h"
#include "parser/sparql/parse.h"

namespace akyn::api {

struct StoreState {
  std::shared_ptr<storage::Database> database;
  std::shared_ptr<Extensions> extensions;
};

// The transaction itself, shared by its handle and by the queries and results made from it, so that
// they find out when it has ended. One thread at a time, as all of them.
class OpenTransaction {
 public:
  explicit OpenTransaction(const StoreState& store)
      : database_(store.database), extensions_(store.extensions), writer_(database_->begin()) {}

  [[nodiscard]] const std::shared_ptr<Extensions>& extensions() const noexcept { return extensions_; }

  // Throws Error(closed) once the transaction has ended.
  [[nodiscard]] storage::Writer& writer() const {
    check();
    return *writer_;
  }
  void check() const {
    if (!writer_) throw Error(ErrorCode::closed, "the transaction has ended");
  }

  // Whether it succeeds or throws, the transaction has ended.
  void commit() {
    check();
    const std::unique_ptr<storage::Writer> writer = std::move(writer_);
    writer->commit();
  }
  void rollback() noexcept { writer_.reset(); }

 private:
  std::shared_ptr<storage::Database> database_;
  std::shared_ptr<Extensions> extensions_;
  std::unique_ptr<storage::Writer> writer_;
};

// An Appender's load, until it ends.
struct AppenderState {
  AppenderState(const std::shared_ptr<storage::Database>& database, AppendOptions chosen)
      : options(std::move(chosen)),
        start(std::chrono::steady_clock::now()),
        bulk(std::make_unique<load::Bulk>(database, options.memory, options.threads)) {}

  AppendOptions options;
  std::chrono::steady_clock::time_point start;
  std::unique_ptr<load::Bulk> bulk;  // none: it has ended
};

struct TransactionState {
  std::shared_ptr<OpenTransaction> open;
};

// What a query, match or count reads: a committed state, or a transaction's.
struct Source {
  std::shared_ptr<storage::Database> database;
  std::shared_ptr<OpenTransaction> transaction;  // none: the store
  std::shared_ptr<Extensions> extensions;

  // The newest state. Throws Error(closed) when the transaction has ended.
  [[nodiscard]] std::shared_ptr<const storage::Snapshot> snapshot() const {
    return transaction ? transaction->writer().snapshot() : database->snapshot();
  }
  // Throws Error(closed) when what was made from this source can no longer be read.
  void check() const {
    if (transaction) transaction->check();
  }
};

// Produces quads one at a time.
struct QuadsState {
  virtual ~QuadsState() = default;
  [[nodiscard]] virtual bool next(Quad& quad) = 0;
  Quad current;
};

// How a text is to be read: with the prefixes it need not declare and the aggregates there are.
[[nodiscard]] sparql::ParseOptions parse_options(const Source& source, const QueryOptions& options,
                                                 std::shared_ptr<const expr::FunctionRegistry> functions);

// What a run needs beyond the query, and keeps alive for it.
class RunSettings {
 public:
  RunSettings(const Source& source, const QueryOptions& options,
              std::shared_ptr<const expr::FunctionRegistry> functions, std::string base_iri);

  // For a run that starts now.
  [[nodiscard]] runtime::Environment environment(const CancelToken& token) const;

  std::chrono::milliseconds timeout;
  std::size_t memory_limit;
  std::uint64_t row_limit;
  unsigned threads;

 private:
  std::string base_iri_;
  bool union_default_graph_;
  std::shared_ptr<const expr::FunctionRegistry> functions_;
  std::shared_ptr<const runtime::ServiceClient> services_;  // none: SERVICE is switched off
};

// Reading, for Store and Transaction alike.
[[nodiscard]] Query prepare(Source source, std::string_view text, const QueryOptions& options);
[[nodiscard]] Quads match(const Source& source, const Term& subject, const Term& predicate, const Term& object,
                          const Graph& graph);
[[nodiscard]] std::uint64_t count(const Source& source, const Term& subject, const Term& predicate, const Term& object,
                                  const Graph& graph);
[[nodiscard]] std::vector<Term> graphs(const Source& source);
[[nodiscard]] std::map<std::string, std::string> prefixes(const Source& source);

// Changing, within an open transaction; each is all or nothing.
// Throws Error(invalid_argument) for a term in a place where RDF has none.
void check_places(const Quad& quad);
bool insert(OpenTransaction& transaction, const Quad& quad);
bool remove(OpenTransaction& transaction, const Quad& quad);
void update(const std::shared_ptr<OpenTransaction>& transaction, std::string_view text, const QueryOptions& options,
            const CancelToken& token);

// Runs a call of the public interface: what leaves it is an Error or std::bad_alloc.
template <class Call>
auto guarded(const Call& call) -> decltype(call()) {
  try {
    return call();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorCode::io, error.what());
  } catch (const std::exception& error) {
    throw Error(ErrorCode::internal, std::string("internal error: ") + error.what());
  }
}

}  // namespace akyn::api

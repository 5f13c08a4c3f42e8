// A store of facts: one directory on disk, or memory.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/appender.h>
#include <akyn/changes.h>
#include <akyn/export.h>
#include <akyn/functions.h>
#include <akyn/options.h>
#include <akyn/query.h>
#include <akyn/statistics.h>
#include <akyn/term.h>
#include <akyn/transaction.h>

namespace akyn {

namespace api {
struct StoreState;
}

// The version of the library, as "1.2.3".
[[nodiscard]] AKYN_EXPORT std::string_view version() noexcept;

// Any number of threads may use one Store together; the objects it hands out (Query, Rows, Quads,
// Transaction) belong to one thread at a time. Copying a Store copies the handle; the store closes
// with the last of its handles, queries and results.
//
// Whatever changes the store throws Error(io) while the device has no room for it: then nothing has changed, and the
// same may be tried again when there is room. A device that fails in the middle of a change, or fills up then, ends all
// changes, and the messages say so, until the store has been closed and is opened again; reading goes on. Nothing that
// was committed is lost by either.
class AKYN_EXPORT Store {
 public:
  // Opens or creates. Throws Error: not_found (missing, and create_if_missing is off or read_only is on),
  // not_a_store (the directory holds something else), locked (naming the process that has it open),
  // format_version, corruption, io.
  [[nodiscard]] static Store open(const std::filesystem::path& directory, const StoreOptions& options = {});
  // A store that lives in memory and goes with its last handle.
  [[nodiscard]] static Store in_memory(const StoreOptions& options = {});

  // Loads RDF text, also compressed with gzip or zstd. All or nothing: an Error (syntax with file, line
  // and column; io; cancelled) leaves the store as it was. Blank nodes are new ones, apart from those already stored.
  // Works with several threads in bounded memory; other changes wait, readers go on.
  LoadReport load(const std::filesystem::path& file, const LoadOptions& options = {});
  LoadReport load(std::istream& input, const LoadOptions& options);  // options.format must say which
  // The same of quads that a program has or makes.
  template <std::ranges::input_range Range>
    requires std::convertible_to<std::ranges::range_reference_t<Range>, const Quad&>
  LoadReport load(Range&& quads, const AppendOptions& options = {}) {
    Appender appender = append(options);
    for (const Quad& quad : quads) appender.append(quad);
    return appender.commit();
  }
  // Starts putting many statements into the store, which ends with its commit or rollback. Waits for the transaction or
  // load that is open, as begin() does. Throws Error(locked), Error(read_only).
  [[nodiscard]] Appender append(const AppendOptions& options = {});

  // Starts a transaction; one is open at a time. Throws Error(locked) after StoreOptions::busy_timeout.
  [[nodiscard]] Transaction begin();
  // One change, committed at once.
  bool insert(const Quad& quad);
  bool remove(const Quad& quad);
  // Runs a SPARQL Update request as one transaction. Throws Error(syntax), and what a query throws;
  // then, or when another thread says token.cancel(), the store is as it was.
  void update(std::string_view text, const QueryOptions& options = {}, CancelToken token = {});

  // Calls back after each commit, in their order, from the thread that commits, which holds nothing of the store's
  // then: the callback may read it and change it, but must not wait for another thread's commit, which waits for it. An
  // exception of it leaves the commit as it is and is thrown by whoever committed. Ends with the Subscription. Throws
  // Error(read_only): other processes' commits are not told.
  [[nodiscard]] Subscription on_commit(std::function<void(const Commit&)> callback);

  // Parses a query. Throws Error(syntax).
  [[nodiscard]] Query prepare(std::string_view text, const QueryOptions& options = {}) const;

  // Quads that match; no term in a place means any. Order: unspecified.
  [[nodiscard]] Quads match(const Term& subject, const Term& predicate, const Term& object,
                            const Graph& graph = Graph::any()) const;
  [[nodiscard]] std::uint64_t count(const Term& subject = {}, const Term& predicate = {}, const Term& object = {},
                                    const Graph& graph = Graph::any()) const;

  // Names of the graphs that hold at least one quad. Order: unspecified.
  [[nodiscard]] std::vector<Term> graphs() const;

  // Prefixes of what was loaded, name (without ':') to IRI, for shortening answers.
  [[nodiscard]] std::map<std::string, std::string> prefixes() const;

  // Gives queries a function or an aggregate of the program's own, by IRI; it replaces what had that IRI before.
  // Handles of one store share them; a query knows those defined when it was prepared. Nothing of it is stored. Throw
  // Error(invalid_argument) when the name is not an absolute IRI or is that of a cast (17.5).
  void define_function(std::string_view iri, Function function, ArgumentCount count = {});
  void define_aggregate(std::string_view iri, AggregateFactory make);

  // How the statements are spread over predicates and classes. Costs a few look-ups for each of them, and two scans
  // of the store after changes that it has not counted yet.
  [[nodiscard]] StoreStatistics statistics() const;

  // Checks the store against itself: reads all of it. Throws Error(corruption) saying what disagrees.
  void verify(const WorkOptions& options = {}) const;
  // Puts everything in order and drops what nothing uses any more, while others read and write. A store does what is
  // urgent by itself; this is for after many changes. Waits for the transaction that is open. Throws Error(read_only).
  void optimize(const WorkOptions& options = {});
  // Returns when the store has merged what it merges in the background, after loads and many changes, and stops when it
  // is closed: for programs that load, and end. Without it their reads, and only these, get slower from one to the
  // next. Waits for the transaction that is open. What cannot be merged, on a full disk, is left for later. Throws
  // Error(read_only), Error(cancelled).
  void finish_merges(const WorkOptions& options = {});
  // Makes a store of the newest committed state at `directory`, which must not exist: quickly, by hard links, on the
  // same file system, by copies on another. Commits wait meanwhile. Throws Error(invalid_argument) when something is
  // there or it is inside the store, Error(read_only), Error(unsupported) for a store in memory, Error(io).
  void backup(const std::filesystem::path& directory) const;
  // Makes a store at `directory`, which must not exist, of a backup, which stays as it is and must not be open for
  // writing: copies all of it, checks the copy, and ends with all or nothing. Throws what open() and verify() throw,
  // Error(invalid_argument) when something is there or it is inside the backup, Error(cancelled), Error(io).
  static void restore(const std::filesystem::path& backup, const std::filesystem::path& directory,
                      const WorkOptions& options = {});

 private:
  explicit Store(std::shared_ptr<api::StoreState> state);
  std::shared_ptr<api::StoreState> state_;
};

}  // namespace akyn

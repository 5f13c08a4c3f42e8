// Asking: a prepared SPARQL query, its solutions, its graphs.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/export.h>
#include <akyn/options.h>
#include <akyn/path.h>
#include <akyn/term.h>

namespace akyn {

namespace api {
struct QueryState;
struct RowsState;
struct QuadsState;
}  // namespace api

// One solution (SPARQL 1.1 Query 18.1.8): a view into the Rows it came from, valid until that moves on.
class AKYN_EXPORT Row {
 public:
  [[nodiscard]] std::size_t size() const noexcept;
  // The term bound to a column; no term when unbound. The name carries no '?'.
  // Throws Error(not_found) for a name that is not a column, Error(invalid_argument) for an index out of range.
  [[nodiscard]] const Term& operator[](std::string_view variable) const;
  [[nodiscard]] const Term& operator[](std::size_t column) const;
  // The path bound to a column. Throws Error(not_found) likewise, Error(invalid_argument) for anything else and for
  // nothing.
  [[nodiscard]] Path path(std::string_view variable) const;

 private:
  friend class Rows;
  friend struct api::RowsState;
  const api::RowsState* state_ = nullptr;
};

// A forward pass over something that is produced as it is read: `for (const T& x : range)`.
// `Range` has `bool next()` and `const T& current() const`.
template <class Range, class T>
class InputIterator {
 public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using reference = const T&;
  using iterator_concept = std::input_iterator_tag;

  InputIterator() = default;
  explicit InputIterator(Range* range) : range_(range) { ++*this; }
  const T& operator*() const { return range_->current(); }
  const T* operator->() const { return &range_->current(); }
  InputIterator& operator++() {
    if (!range_->next()) range_ = nullptr;
    return *this;
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const InputIterator& it, std::default_sentinel_t) { return it.range_ == nullptr; }

 private:
  Range* range_ = nullptr;
};

// The solutions of a SELECT query, in order, once, computed as they are read. Move-only; holds the snapshot it reads
// from, so later commits do not change it. One thread at a time. Reading may throw as Query::select does.
class AKYN_EXPORT Rows {
 public:
  explicit Rows(std::unique_ptr<api::RowsState> state);
  Rows(Rows&&) noexcept;
  Rows& operator=(Rows&&) noexcept;
  ~Rows();

  // Names of the columns, without '?', in the order of the SELECT clause.
  [[nodiscard]] const std::vector<std::string>& variables() const noexcept;
  // Moves to the next solution; false at the end.
  [[nodiscard]] bool next();
  [[nodiscard]] const Row& current() const noexcept { return row_; }

  [[nodiscard]] InputIterator<Rows, Row> begin() { return InputIterator<Rows, Row>(this); }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

 private:
  friend struct api::RowsState;
  std::unique_ptr<api::RowsState> state_;
  Row row_;
};

// Quads or triples, once: the answer of CONSTRUCT, DESCRIBE and Store::match. As Rows.
class AKYN_EXPORT Quads {
 public:
  explicit Quads(std::unique_ptr<api::QuadsState> state);
  Quads(Quads&&) noexcept;
  Quads& operator=(Quads&&) noexcept;
  ~Quads();

  [[nodiscard]] bool next();
  [[nodiscard]] const Quad& current() const noexcept;

  [[nodiscard]] InputIterator<Quads, Quad> begin() { return InputIterator<Quads, Quad>(this); }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

 private:
  std::unique_ptr<api::QuadsState> state_;
};

enum class QueryForm : std::uint8_t { select, ask, construct, describe };

// True when the text is an update rather than a query, by the first word after comments, BASE and
// PREFIX: how a prompt that takes both tells them apart. The text need not be well formed.
[[nodiscard]] AKYN_EXPORT bool is_update(std::string_view text);
// Parses a query or an update and throws Error(syntax) as Store::prepare or Store::update would; the
// prefixes of a store are not known here, but those of `options` are.
AKYN_EXPORT void check_syntax(std::string_view text, const QueryOptions& options = {});

// Stops a query from another thread. Copies share one flag; every operation is thread-safe.
class AKYN_EXPORT CancelToken {
 public:
  CancelToken() : flag_(std::make_shared<std::atomic<bool>>(false)) {}
  void cancel() noexcept { flag_->store(true, std::memory_order_relaxed); }
  void reset() noexcept { flag_->store(false, std::memory_order_relaxed); }
  [[nodiscard]] bool cancelled() const noexcept { return flag_->load(std::memory_order_relaxed); }
  // The flag itself, for loops that look at it often; lives as long as some copy of this token.
  [[nodiscard]] const std::atomic<bool>* flag() const noexcept { return flag_.get(); }

 private:
  std::shared_ptr<std::atomic<bool>> flag_;
};

struct ExplainOptions {
  bool analyze = false;  // run the query, throw the answer away, and say what each operator gave and how long it took
  bool json = false;     // as a JSON object, not as text with one operator a line
};

// A parsed query with its parameters. Parsed once, run any number of times; each run sees the
// newest committed state (or the transaction's, when made by Transaction::prepare).
// One thread at a time; copies are independent.
class AKYN_EXPORT Query {
 public:
  explicit Query(std::unique_ptr<api::QueryState> state);
  Query(const Query&);
  Query& operator=(const Query&);
  Query(Query&&) noexcept;
  Query& operator=(Query&&) noexcept;
  ~Query();

  [[nodiscard]] QueryForm form() const noexcept;

  // Gives a variable ($name or ?name in the text) a constant, wherever it occurs. The name carries no sigil.
  // Throws Error(not_found) when the query has no such variable, Error(invalid_argument) for no term or a blank node.
  Query& bind(std::string_view variable, Term value);
  // As QueryOptions has them.
  Query& timeout(std::chrono::milliseconds limit);
  Query& memory_limit(std::size_t bytes);
  Query& row_limit(std::uint64_t rows);
  Query& threads(unsigned count);
  // Makes every run stop with Error(cancelled) soon after token.cancel().
  Query& cancel_with(CancelToken token);

  // Each throws Error(invalid_argument) when form() is another one. Running throws Error with code timeout, cancelled,
  // limit, io or corruption: from here, and where the answer is long, also while it is read.
  [[nodiscard]] Rows select();
  [[nodiscard]] bool ask();
  [[nodiscard]] Quads construct();  // CONSTRUCT and DESCRIBE

  // How the query is evaluated: a plan made for the store as it is now.
  [[nodiscard]] std::string explain(const ExplainOptions& options = {}) const;

 private:
  std::unique_ptr<api::QueryState> state_;
};

}  // namespace akyn

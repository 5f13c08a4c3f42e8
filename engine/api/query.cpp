#include <akyn/query.h>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/algebra/print.h"
#include "engine/algebra/substitute.h"
#include "engine/algebra/translate.h"
#include "engine/api/state.h"
#include "engine/exec/evaluate.h"
#include "parser/sparql/parse.h"

namespace akyn {
namespace api {

struct QueryState {
  Source source;
  std::shared_ptr<const algebra::Query> query;  // as translated, without parameters
  RunSettings settings;
  std::vector<std::pair<std::string, Term>> parameters;
  CancelToken token;
};

namespace {

// One run of a query: what its answer needs as long as it is read.
struct Run {
  explicit Run(const QueryState& state)
      : source(state.source),
        query(*state.query),
        settings(state.settings),
        token(state.token),
        terms(state.source.snapshot()),
        environment(settings.environment(token)) {
    algebra::bind_parameters(query, state.parameters);
  }

  // Between two rows, whose making may have taken no time at all.
  void check() const {
    source.check();
    if (token.cancelled()) throw Error(ErrorCode::cancelled, "the query was cancelled");
  }

  Source source;
  algebra::Query query;
  RunSettings settings;
  CancelToken token;
  exec::LocalTerms terms;
  exec::Environment environment;
};

struct ComputedTriples final : QuadsState {
  explicit ComputedTriples(const QueryState& state) : run(state) {
    triples = run.query.form == QueryForm::construct ? exec::evaluate_construct(run.query, run.terms, run.environment)
                                                     : exec::evaluate_describe(run.query, run.terms, run.environment);
  }

  [[nodiscard]] bool next(Quad& quad) override {
    run.check();
    if (position == triples.size()) return false;
    const exec::TripleIds& triple = triples[position++];
    quad.subject = run.terms.term(triple.subject);
    quad.predicate = run.terms.term(triple.predicate);
    quad.object = run.terms.term(triple.object);
    quad.graph = Term();
    return true;
  }

  Run run;
  std::vector<exec::TripleIds> triples;
  std::size_t position = 0;
};

std::string_view name_of(QueryForm form) {
  switch (form) {
    case QueryForm::select:
      return "SELECT";
    case QueryForm::ask:
      return "ASK";
    case QueryForm::construct:
      return "CONSTRUCT";
    case QueryForm::describe:
      return "DESCRIBE";
  }
  return "";
}

void expect_form(const QueryState& state, bool fits, std::string_view asked) {
  if (fits) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("this is a {} query; {} cannot run it", name_of(state.query->form), asked));
}

QueryState& alive(const std::unique_ptr<QueryState>& state) {
  if (!state) throw Error(ErrorCode::closed, "the query was moved away");
  return *state;
}

}  // namespace

struct RowsState {
  explicit RowsState(const QueryState& state)
      : run(state),
        solutions(exec::evaluate_select(run.query, run.terms, run.environment)),
        cells(solutions.variables().size()) {}

  [[nodiscard]] bool next() {
    run.check();
    if (started) ++position;
    started = true;
    for (std::optional<Term>& cell : cells) cell.reset();
    return position < solutions.size();
  }

  // Decoded when first looked at.
  [[nodiscard]] const Term& cell(std::size_t column) const {
    if (column >= cells.size()) {
      throw Error(ErrorCode::invalid_argument, fmt::format("column {} of a row that has {}", column, cells.size()));
    }
    if (!started || position >= solutions.size()) {
      throw Error(ErrorCode::invalid_argument, "there is no current row: next() comes first, and must be true");
    }
    std::optional<Term>& cell = cells[column];
    if (!cell) {
      run.source.check();
      cell = run.terms.term(solutions.row(position)[column]);
    }
    return *cell;
  }

  [[nodiscard]] std::size_t column_of(std::string_view name) const {
    const std::vector<std::string>& names = solutions.variables();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == name) return i;
    }
    std::string known;
    for (const std::string& known_name : names) known += (known.empty() ? "" : ", ") + known_name;
    throw Error(ErrorCode::not_found, fmt::format("the answer has no column '{}'; it has: {}", name, known));
  }

  Run run;
  exec::Solutions solutions;
  mutable std::vector<std::optional<Term>> cells;  // of the current row
  std::size_t position = 0;
  bool started = false;
};

Query prepare(Source source, std::string_view text, const QueryOptions& options) {
  const auto functions = source.extensions->functions();
  const sparql::Query parsed = sparql::parse_query(text, parse_options(source, options, functions));
  RunSettings settings(source, options, functions, parsed.base.empty() ? options.base_iri : parsed.base);
  auto query = std::make_shared<const algebra::Query>(algebra::translate(parsed));
  return Query(
      std::make_unique<QueryState>(QueryState{std::move(source), std::move(query), std::move(settings), {}, {}}));
}

}  // namespace api

using api::guarded;

// ------------------------------------------------------------------ Row, Rows

std::size_t Row::size() const noexcept {
  return state_ == nullptr ? 0 : state_->cells.size();
}

const Term& Row::operator[](std::string_view variable) const {
  return guarded([&]() -> const Term& {
    if (state_ == nullptr) throw Error(ErrorCode::invalid_argument, "an empty Row has no columns");
    return state_->cell(state_->column_of(variable));
  });
}

const Term& Row::operator[](std::size_t column) const {
  return guarded([&]() -> const Term& {
    if (state_ == nullptr) throw Error(ErrorCode::invalid_argument, "an empty Row has no columns");
    return state_->cell(column);
  });
}

Rows::Rows(std::unique_ptr<api::RowsState> state) : state_(std::move(state)) {
  row_.state_ = state_.get();
}
Rows::Rows(Rows&& other) noexcept : state_(std::move(other.state_)), row_(std::exchange(other.row_, Row())) {}
Rows& Rows::operator=(Rows&& other) noexcept {
  state_ = std::move(other.state_);
  row_ = std::exchange(other.row_, Row());
  return *this;
}
Rows::~Rows() = default;

const std::vector<std::string>& Rows::variables() const noexcept {
  static const std::vector<std::string> kNone;
  return state_ ? state_->solutions.variables() : kNone;
}

bool Rows::next() {
  return guarded([&] { return state_ && state_->next(); });
}

// ------------------------------------------------------------------ Quads

Quads::Quads(std::unique_ptr<api::QuadsState> state) : state_(std::move(state)) {}
Quads::Quads(Quads&&) noexcept = default;
Quads& Quads::operator=(Quads&&) noexcept = default;
Quads::~Quads() = default;

bool Quads::next() {
  return guarded([&] { return state_ && state_->next(state_->current); });
}

const Quad& Quads::current() const noexcept {
  static const Quad kNone;
  return state_ ? state_->current : kNone;
}

// ------------------------------------------------------------------ Query

Query::Query(std::unique_ptr<api::QueryState> state) : state_(std::move(state)) {}
Query::Query(const Query& other) : state_(other.state_ ? std::make_unique<api::QueryState>(*other.state_) : nullptr) {}
Query& Query::operator=(const Query& other) {
  state_ = other.state_ ? std::make_unique<api::QueryState>(*other.state_) : nullptr;
  return *this;
}
Query::Query(Query&&) noexcept = default;
Query& Query::operator=(Query&&) noexcept = default;
Query::~Query() = default;

QueryForm Query::form() const noexcept {
  return state_ ? state_->query->form : QueryForm::select;
}

Query& Query::bind(std::string_view variable, Term value) {
  return guarded([&]() -> Query& {
    api::QueryState& state = api::alive(state_);
    auto parameters = state.parameters;
    std::erase_if(parameters, [&](const auto& parameter) { return parameter.first == variable; });
    parameters.emplace_back(std::string(variable), std::move(value));
    // On a copy, for its errors: they belong to this call, not to the run.
    algebra::Query trial = *state.query;
    algebra::bind_parameters(trial, {parameters.back()});
    state.parameters = std::move(parameters);
    return *this;
  });
}

Query& Query::timeout(std::chrono::milliseconds limit) {
  return guarded([&]() -> Query& {
    api::alive(state_).settings.timeout = limit;
    return *this;
  });
}

Query& Query::memory_limit(std::size_t bytes) {
  return guarded([&]() -> Query& {
    api::alive(state_).settings.memory_limit = bytes;
    return *this;
  });
}

Query& Query::row_limit(std::uint64_t rows) {
  return guarded([&]() -> Query& {
    api::alive(state_).settings.row_limit = rows;
    return *this;
  });
}

Query& Query::threads(unsigned count) {
  return guarded([&]() -> Query& {
    api::alive(state_).settings.threads = count;
    return *this;
  });
}

Query& Query::cancel_with(CancelToken token) {
  return guarded([&]() -> Query& {
    api::alive(state_).token = std::move(token);
    return *this;
  });
}

Rows Query::select() {
  return guarded([&] {
    const api::QueryState& state = api::alive(state_);
    api::expect_form(state, form() == QueryForm::select, "select()");
    return Rows(std::make_unique<api::RowsState>(state));
  });
}

bool Query::ask() {
  return guarded([&] {
    const api::QueryState& state = api::alive(state_);
    api::expect_form(state, form() == QueryForm::ask, "ask()");
    api::Run run(state);
    return exec::evaluate_ask(run.query, run.terms, run.environment);
  });
}

Quads Query::construct() {
  return guarded([&] {
    const api::QueryState& state = api::alive(state_);
    api::expect_form(state, form() == QueryForm::construct || form() == QueryForm::describe, "construct()");
    return Quads(std::make_unique<api::ComputedTriples>(state));
  });
}

std::string Query::explain() const {
  return guarded([&] {
    const api::QueryState& state = api::alive(state_);
    algebra::Query query = *state.query;
    algebra::bind_parameters(query, state.parameters);
    return algebra::to_string(query);
  });
}

}  // namespace akyn

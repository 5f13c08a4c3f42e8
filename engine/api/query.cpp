#include <akyn/query.h>

#include <chrono>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/algebra/substitute.h"
#include "engine/algebra/translate.h"
#include "engine/api/quad_reader.h"
#include "engine/api/rows.h"
#include "parser/sparql/parse.h"

namespace akyn {
namespace api {
namespace {

struct ComputedQuads final : QuadsState {
  explicit ComputedQuads(const QueryState& state) : run(state), reader(evaluate_graph(run), run.terms) {}

  [[nodiscard]] bool next(Quad& quad) override {
    run.check();
    return reader.next(quad);
  }

  Run run;
  QuadReader reader;
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
    return api::evaluate_ask(run);
  });
}

Quads Query::construct() {
  return guarded([&] {
    const api::QueryState& state = api::alive(state_);
    api::expect_form(state, form() == QueryForm::construct || form() == QueryForm::describe, "construct()");
    return Quads(std::make_unique<api::ComputedQuads>(state));
  });
}

std::string Query::explain(const ExplainOptions& options) const {
  return guarded([&] { return api::explain(api::alive(state_), options); });
}

}  // namespace akyn

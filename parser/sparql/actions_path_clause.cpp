#include "parser/sparql/actions_path_clause.h"

#include <algorithm>
#include <string>
#include <utility>

#include "parser/sparql/actions_expressions.h"
#include "parser/sparql/actions_patterns.h"
#include "parser/sparql/actions_terms.h"
#include "parser/text/location.h"

namespace akyn::sparql::build {

namespace {

PathClause& current(ParseState& state) {
  return state.path_clauses.back();
}

void refuse_where_off(const ParseState& state, const std::string& keyword) {
  if (state.options.strict) {
    fail(state, *state.last, keyword + " is no part of SPARQL, and this query must be plain SPARQL (strict mode)");
  }
  if (state.in_step) {
    fail(state, *state.last,
         "the pattern of a STEP is plain SPARQL, without " + keyword +
             "; what it should find goes into triples and property paths");
  }
}

}  // namespace

// ------------------------------------------------------------------ PATH

void begin_path_clause(ParseState& state) {
  refuse_where_off(state, "PATH");
  mark(state);
  state.path_clauses.emplace_back();
  current(state).place = locate(state.text, state.last->begin, 4, state.options.source_name);
  state.selector_given = false;
  state.step_labels.clear();
}

void name_path(ParseState& state) {
  current(state).variable = last_variable(state);
}

void select_paths(ParseState& state, PathSelector selector) {
  current(state).selector = selector;
  state.selector_given = true;
}

void set_path_count(ParseState& state) {
  current(state).count = last_count(state);
  if (current(state).count == 0) fail(state, *state.last, "a path must be asked for at least once: write 1 or more");
}

void set_path_mode(ParseState& state, PathMode mode) {
  if (!state.selector_given) current(state).selector = PathSelector::all;
  current(state).mode = mode;
}

void begin_path(ParseState& state) {
  state.in_path_clause = true;
}

void end_path(ParseState& state) {
  state.in_path_clause = false;
  PathClause& clause = current(state);
  clause.object = take(state.nodes);
  clause.subject = take(state.nodes);
  clause.path = take(state.paths);
}

void set_min_length(ParseState& state) {
  PathClause& clause = current(state);
  if (clause.min_length) fail(state, *state.last, "MIN LENGTH is given twice");
  clause.min_length = last_count(state);
}

void set_max_length(ParseState& state) {
  PathClause& clause = current(state);
  if (clause.max_length) fail(state, *state.last, "MAX LENGTH is given twice");
  clause.max_length = last_count(state);
}

void begin_inner(ParseState& state) {
  current(state).inner.push_back({last_variable(state), {}});
}

void end_inner(ParseState& state) {
  current(state).inner.back().condition = take_expression(state);
}

void add_path_clause(ParseState& state) {
  PathClause clause = take(state.path_clauses);
  if (clause.max_length && clause.min_length.value_or(0) > *clause.max_length) {
    fail(state, *state.last, "MIN LENGTH is more than MAX LENGTH: no path can have both");
  }
  add_element(state, {std::move(clause), take_mark(state)});
}

// ------------------------------------------------------------------ STEP

void begin_step(ParseState& state) {
  mark(state);
  state.in_step = true;
  state.step = {};
}

void name_step(ParseState& state) {
  state.step.iri = state.term;
}

void step_from(ParseState& state) {
  state.step.from = last_variable(state);
}

void step_to(ParseState& state) {
  state.step.to = last_variable(state);
}

void step_cost(ParseState& state) {
  state.step.cost = take_expression(state);
}

void end_step(ParseState& state) {
  state.in_step = false;
  state.step.pattern = std::move(state.group);
  const auto known = std::ranges::find(state.step_labels, state.step.iri);
  state.step.number = static_cast<std::uint32_t>(known - state.step_labels.begin());
  const Offset at = take_mark(state);
  if (known == state.step_labels.end()) {
    state.step_labels.push_back(state.step.iri);
    current(state).step_places.push_back(locate(state.text, at, 4, state.options.source_name));
  }
  state.paths.emplace_back(PathNode{std::exchange(state.step, {}), at});
}

// ------------------------------------------------------------------ UNNEST

void begin_unnest(ParseState& state) {
  refuse_where_off(state, "UNNEST");
  mark(state);
}

void unnest_variable(ParseState& state) {
  state.unnested.push_back(last_variable(state));
}

void add_unnest(ParseState& state) {
  UnnestPattern unnest;
  unnest.expression = take_expression(state);
  unnest.position = state.unnested[0];
  unnest.from = state.unnested[1];
  unnest.edge = state.unnested[2];
  unnest.to = state.unnested[3];
  state.unnested.clear();
  add_element(state, {std::move(unnest), take_mark(state)});
}

}  // namespace akyn::sparql::build

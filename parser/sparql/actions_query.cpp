#include "parser/sparql/actions_query.h"

#include <utility>

#include "parser/sparql/actions_expressions.h"
#include "parser/sparql/actions_terms.h"

namespace akyn::sparql::build {

namespace {

SelectQuery& current(ParseState& state) {
  return state.selects.back();
}

Expression variable_expression(const ParseState& state) {
  return ExpressionNode{last_variable(state), state.last->begin};
}

template <class Form>
void finish(ParseState& state, Form form, SelectQuery&& collected) {
  form.modifier = std::move(collected.modifier);
  form.values = std::move(collected.values);
  state.query.form = std::move(form);
  state.query.dataset = std::move(state.dataset);
}

}  // namespace

// ------------------------------------------------------------------ SELECT

void begin_select(ParseState& state) {
  state.selects.emplace_back();
  current(state).at = state.last->begin;
}

void select_distinct(ParseState& state) {
  current(state).duplicates = Duplicates::distinct;
}

void select_reduced(ParseState& state) {
  current(state).duplicates = Duplicates::reduced;
}

void select_all(ParseState& state) {
  current(state).all = true;
}

void project_variable(ParseState& state) {
  current(state).projection.push_back({last_variable(state), {}});
}

void project_expression(ParseState& state) {
  current(state).projection.push_back({last_variable(state), take_expression(state)});
}

// ------------------------------------------------------------------ clauses

void add_from(ParseState& state) {
  state.dataset.from.push_back(std::move(state.term));
}

void add_from_named(ParseState& state) {
  state.dataset.from_named.push_back(std::move(state.term));
}

void set_where(ParseState& state) {
  current(state).where = std::move(state.group);
  state.where_given = true;
}

void set_values(ParseState& state) {
  current(state).values = std::exchange(state.data, {});
}

// ------------------------------------------------------------------ modifiers

void group_by_variable(ParseState& state) {
  current(state).modifier.group_by.push_back({variable_expression(state), {}});
}

void group_by_expression(ParseState& state) {
  current(state).modifier.group_by.push_back({take_expression(state), {}});
}

void name_group(ParseState& state) {
  current(state).modifier.group_by.back().variable = last_variable(state);
}

void add_having(ParseState& state) {
  current(state).modifier.having.push_back(take_expression(state));
}

void order_by_variable(ParseState& state) {
  current(state).modifier.order_by.push_back({variable_expression(state), false});
}

void order_ascending(ParseState& state) {
  current(state).modifier.order_by.push_back({take_expression(state), false});
}

void order_descending(ParseState& state) {
  current(state).modifier.order_by.push_back({take_expression(state), true});
}

void set_limit(ParseState& state) {
  current(state).modifier.limit = last_count(state);
}

void set_offset(ParseState& state) {
  current(state).modifier.offset = last_count(state);
}

// ------------------------------------------------------------------ CONSTRUCT and DESCRIBE

void begin_template(ParseState& state) {
  state.in_template = true;
  state.template_at = state.last->begin;
}

void end_template(ParseState& state) {
  state.in_template = false;
  state.construct_template = std::exchange(state.triples, {});
}

void set_where_from_template(ParseState& state) {
  GroupPattern where;
  where.at = state.template_at;
  if (!state.construct_template.empty()) {
    where.elements.push_back({BasicPattern{state.construct_template}, state.template_at});
  }
  current(state).where = std::move(where);
}

void begin_describe(ParseState& state) {
  begin_select(state);
  state.where_given = false;
}

void describe_resource(ParseState& state) {
  state.resources.push_back(take(state.names));
}

void describe_all(ParseState& state) {
  current(state).all = true;
}

// ------------------------------------------------------------------ to state.query

void end_select_query(ParseState& state) {
  state.query.form = SelectForm{take(state.selects)};
  state.query.dataset = std::move(state.dataset);
}

void end_ask_query(ParseState& state) {
  SelectQuery collected = take(state.selects);
  AskForm ask;
  ask.where = std::move(collected.where);
  finish(state, std::move(ask), std::move(collected));
}

void end_construct_query(ParseState& state) {
  SelectQuery collected = take(state.selects);
  ConstructForm construct;
  construct.pattern.triples = std::move(state.construct_template);
  construct.where = std::move(collected.where);
  finish(state, std::move(construct), std::move(collected));
}

void end_describe_query(ParseState& state) {
  SelectQuery collected = take(state.selects);
  DescribeForm describe;
  describe.all = collected.all;
  describe.resources = std::move(state.resources);
  if (state.where_given) describe.where = std::move(collected.where);
  finish(state, std::move(describe), std::move(collected));
}

}  // namespace akyn::sparql::build

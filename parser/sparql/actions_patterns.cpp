#include "parser/sparql/actions_patterns.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "parser/sparql/actions_expressions.h"
#include "parser/sparql/actions_terms.h"

namespace akyn::sparql::build {

namespace {

template <class Node>
void add_element(ParseState& state, Node node, Offset at) {
  build::add_element(state, PatternElement{std::move(node), at});
}

Box<GroupPattern> take_group(ParseState& state) {
  return std::move(state.group);
}

Offset offset_of_subject(const TriplePattern& triple) {
  if (const auto* constant = std::get_if<Constant>(&triple.subject)) return constant->at;
  if (const auto* variable = std::get_if<Variable>(&triple.subject)) return variable->at;
  if (const auto* blank = std::get_if<BlankNode>(&triple.subject)) return blank->at;
  return std::get<Box<TripleTermPattern>>(triple.subject)->at;
}

}  // namespace

// ------------------------------------------------------------------ groups

void open_group(ParseState& state) {
  state.groups.emplace_back();
  state.groups.back().group.at = state.last->begin;
}

void close_group(ParseState& state) {
  GroupFrame frame = take(state.groups);
  if (frame.height > kMaxHeight) fail_too_deep(state, *state.last, "patterns nest", kMaxHeight);
  state.group = std::move(frame.group);
  state.group_height = frame.height;
  if (!state.groups.empty()) state.groups.back().height = std::max(state.groups.back().height, frame.height + 1);
}

void add_element(ParseState& state, PatternElement element) {
  GroupFrame& frame = state.groups.back();
  frame.group.elements.push_back(std::move(element));
  frame.basic.reset();
}

void add_triples(ParseState& state) {
  GroupFrame& frame = state.groups.back();
  if (!frame.basic) {
    const Offset at = offset_of_subject(state.triples.front());
    frame.basic = frame.group.elements.size();
    frame.group.elements.push_back({BasicPattern{std::exchange(state.triples, {})}, at});
    return;
  }
  auto& triples = std::get<BasicPattern>(frame.group.elements[*frame.basic].node).triples;
  std::ranges::move(state.triples, std::back_inserter(triples));
  state.triples.clear();
}

void add_sub_select(ParseState& state) {
  state.groups.back().group.subselect = take(state.selects);
}

// ------------------------------------------------------------------ patterns

void begin_union(ParseState& state) {
  state.unions.emplace_back();
  add_choice(state);
}

void add_choice(ParseState& state) {
  state.unions.back().push_back(std::move(state.group));
}

void end_union(ParseState& state) {
  std::vector<GroupPattern> choices = take(state.unions);
  const Offset at = choices.front().at;
  add_element(state, UnionPattern{std::move(choices)}, at);
}

void add_optional(ParseState& state) {
  add_element(state, OptionalPattern{take_group(state)}, take_mark(state));
}

void add_minus(ParseState& state) {
  add_element(state, MinusPattern{take_group(state)}, take_mark(state));
}

void add_graph(ParseState& state) {
  add_element(state, GraphPattern{take(state.names), take_group(state)}, take_mark(state));
}

void begin_service(ParseState& state) {
  mark(state);
  state.silences.push_back(false);
}

void silence_service(ParseState& state) {
  state.silences.back() = true;
}

void add_service(ParseState& state) {
  const bool silent = state.silences.back();
  state.silences.pop_back();
  add_element(state, ServicePattern{take(state.names), take_group(state), silent}, take_mark(state));
}

void add_filter(ParseState& state) {
  state.groups.back().group.elements.push_back({FilterPattern{take_expression(state)}, take_mark(state)});
}

void add_bind(ParseState& state) {
  add_element(state, BindPattern{take_expression(state), last_variable(state)}, take_mark(state));
}

void add_values(ParseState& state) {
  const Offset at = state.data.at;
  add_element(state, std::exchange(state.data, {}), at);
}

// ------------------------------------------------------------------ VALUES

void begin_data(ParseState& state) {
  state.data = {};
  state.data.at = state.last->begin;
}

void add_data_variable(ParseState& state) {
  Variable added = last_variable(state);
  if (std::ranges::find(state.data.variables, added.name, &Variable::name) != state.data.variables.end()) {
    fail(state, *state.last, "the variable ?" + added.name + " stands twice in the list of VALUES");
  }
  state.data.variables.push_back(std::move(added));
}

void begin_row(ParseState& state) {
  state.row.clear();
  state.row_at = state.last->begin;
}

void add_data_value(ParseState& state) {
  state.row.emplace_back(std::move(state.term));
}

void add_undef(ParseState& state) {
  state.row.emplace_back();
}

void end_row(ParseState& state) {
  const auto counted = [](std::size_t count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
  };
  if (state.row.size() != state.data.variables.size()) {
    fail(state, state.row_at, state.last->end - state.row_at,
         "this row of VALUES has " + counted(state.row.size(), "value") + " for " +
             counted(state.data.variables.size(), "variable"));
  }
  state.data.rows.push_back(std::exchange(state.row, {}));
}

void push_data_term(ParseState& state) {
  state.data_terms.push_back(std::move(state.term));
}

void end_triple_term_data(ParseState& state) {
  Term object = take(state.data_terms);
  Term predicate = take(state.data_terms);
  Term subject = take(state.data_terms);
  state.term = triple_term(std::move(subject), std::move(predicate), std::move(object));
}

}  // namespace akyn::sparql::build

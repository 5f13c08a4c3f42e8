#include "parser/sparql/actions_update.h"

#include <string_view>
#include <utility>

#include "parser/sparql/actions_terms.h"
#include "parser/sparql/static_checks.h"

namespace akyn::sparql::build {

namespace {

template <class Node>
void add_operation(ParseState& state, Node node) {
  state.update.operations.push_back({std::move(node), take_mark(state)});
}

void set_target(ParseState& state, GraphTarget::Kind kind) {
  state.target = {kind, {}};
}

void end_transfer(ParseState& state, TransferOperation::Kind kind) {
  add_operation(state, TransferOperation{kind, std::move(state.transfer_from), std::move(state.target), state.silent});
}

using GraphName = std::optional<std::variant<Constant, Variable>>;

bool same_graph(const GraphName& left, const GraphName& right) {
  if (!left || !right) return left.has_value() == right.has_value();
  if (left->index() != right->index()) return false;
  if (const auto* variable = std::get_if<Variable>(&*left)) return variable->name == std::get<Variable>(*right).name;
  return std::get<Constant>(*left).term == std::get<Constant>(*right).term;
}

PatternElement graph_element(const std::variant<Constant, Variable>& name, std::vector<PatternElement> elements,
                             Offset at) {
  GroupPattern inner;
  inner.at = at;
  inner.elements = std::move(elements);
  return {GraphPattern{name, std::move(inner)}, at};
}

// The pattern that a DELETE WHERE's quads are. GRAPH blocks without quads are part of it: they ask whether there is
// such a graph.
GroupPattern pattern_of(const std::vector<QuadPattern>& quads,
                        const std::vector<std::variant<Constant, Variable>>& empty_graphs, Offset at) {
  GroupPattern group;
  group.at = at;
  for (std::size_t first = 0; first < quads.size();) {
    BasicPattern basic;
    const GraphName& graph = quads[first].graph;
    for (; first < quads.size() && same_graph(quads[first].graph, graph); ++first) {
      basic.triples.push_back(quads[first].triple);
    }
    PatternElement element{std::move(basic), at};
    group.elements.push_back(graph ? graph_element(*graph, {std::move(element)}, at) : std::move(element));
  }
  for (const auto& name : empty_graphs) group.elements.push_back(graph_element(name, {}, at));
  return group;
}

// Of GRAPH blocks without quads; all others are in the tree, for static_checks.h.
void refuse_variables(const ParseState& state, std::string_view keyword) {
  for (const auto& name : state.empty_graphs) {
    if (const auto* variable = std::get_if<Variable>(&name)) {
      fail(state, variable->at, variable->name.size() + 1, variable_in_data(keyword, *variable));
    }
  }
}

}  // namespace

// ------------------------------------------------------------------ quads

void begin_quads(ParseState& state) {
  state.in_template = true;
  state.quads.clear();
  state.quad_graph.reset();
  state.empty_graphs.clear();
}

void end_quads(ParseState& state) {
  state.in_template = false;
}

void add_quads(ParseState& state) {
  for (TriplePattern& triple : state.triples) state.quads.push_back({std::move(triple), state.quad_graph});
  state.triples.clear();
}

void begin_quad_graph(ParseState& state) {
  state.quad_graph = take(state.names);
  state.quad_graph_begin = state.quads.size();
}

void end_quad_graph(ParseState& state) {
  if (state.quads.size() == state.quad_graph_begin) state.empty_graphs.push_back(std::move(*state.quad_graph));
  state.quad_graph.reset();
}

// ------------------------------------------------------------------ graphs

void target_graph(ParseState& state) {
  state.target = {GraphTarget::Kind::graph, std::move(state.term)};
}

void target_default(ParseState& state) {
  set_target(state, GraphTarget::Kind::default_graph);
}

void target_named(ParseState& state) {
  set_target(state, GraphTarget::Kind::all_named);
}

void target_all(ParseState& state) {
  set_target(state, GraphTarget::Kind::all);
}

// ------------------------------------------------------------------ operations on graphs

void begin_operation(ParseState& state) {
  mark(state);
  state.silent = false;
}

void set_silent(ParseState& state) {
  state.silent = true;
}

void add_load(ParseState& state) {
  add_operation(state, LoadOperation{std::move(state.term), {}, state.silent});
}

void load_into(ParseState& state) {
  std::get<LoadOperation>(state.update.operations.back().node).into = std::move(state.target.iri);
}

void add_clear(ParseState& state) {
  add_operation(state, ClearOperation{std::move(state.target), state.silent});
}

void add_drop(ParseState& state) {
  add_operation(state, DropOperation{std::move(state.target), state.silent});
}

void add_create(ParseState& state) {
  add_operation(state, CreateOperation{std::move(state.target.iri), state.silent});
}

void begin_transfer(ParseState& state) {
  state.transfer_from = std::move(state.target);
}

void end_add(ParseState& state) {
  end_transfer(state, TransferOperation::Kind::add);
}

void end_move(ParseState& state) {
  end_transfer(state, TransferOperation::Kind::move);
}

void end_copy(ParseState& state) {
  end_transfer(state, TransferOperation::Kind::copy);
}

// ------------------------------------------------------------------ operations on quads

void begin_modify(ParseState& state) {
  mark(state);
  state.modify = {};
  state.dataset = {};
}

void set_with(ParseState& state) {
  state.modify.with = std::move(state.term);
}

void set_removed(ParseState& state) {
  state.modify.remove = std::exchange(state.quads, {});
}

void set_inserted(ParseState& state) {
  state.modify.insert = std::exchange(state.quads, {});
}

void add_insert_data(ParseState& state) {
  refuse_variables(state, "INSERT");
  add_operation(state, InsertData{std::exchange(state.quads, {})});
}

void add_delete_data(ParseState& state) {
  refuse_variables(state, "DELETE");
  add_operation(state, DeleteData{std::exchange(state.quads, {})});
}

void add_delete_where(ParseState& state) {
  state.modify.where = pattern_of(state.quads, state.empty_graphs, state.marks.back());
  set_removed(state);
  add_operation(state, std::exchange(state.modify, {}));
}

void end_modify(ParseState& state) {
  state.modify.where = std::move(state.group);
  state.modify.dataset = std::exchange(state.dataset, {});
  add_operation(state, std::exchange(state.modify, {}));
}

}  // namespace akyn::sparql::build

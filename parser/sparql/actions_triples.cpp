#include "parser/sparql/actions_triples.h"

#include <utility>

#include <fmt/format.h>

#include "parser/sparql/actions_terms.h"

namespace akyn::sparql::build {

namespace {

constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

Constant rdf_term(std::string_view name, Offset at) {
  return {make_iri(fmt::format("{}{}", kRdf, name)), at};
}

// The space keeps the label apart from all that can be written.
BlankNode fresh_blank(ParseState& state, Offset at) {
  return {"fresh " + std::to_string(++state.fresh_blanks), at};
}

void push_node(ParseState& state, TermPattern node) {
  state.nodes.push_back(std::move(node));
  state.subject_stands_alone = false;
}

Offset offset_of(const TermPattern& term) {
  if (const auto* constant = std::get_if<Constant>(&term)) return constant->at;
  if (const auto* variable = std::get_if<Variable>(&term)) return variable->at;
  if (const auto* blank = std::get_if<BlankNode>(&term)) return blank->at;
  return std::get<Box<TripleTermPattern>>(term)->at;
}

TermPattern term_of(const Verb& verb) {
  if (const auto* variable = std::get_if<Variable>(&verb)) return *variable;
  return std::get<Constant>(verb);
}

// reifier rdf:reifies <<( s p o )>>
void emit_reification(ParseState& state, const TermPattern& reifier, TermPattern subject, TermPattern predicate,
                      TermPattern object) {
  const Offset at = offset_of(subject);
  TripleTermPattern triple{std::move(subject), std::move(predicate), std::move(object), at};
  state.triples.push_back({reifier, rdf_term("reifies", at), Box<TripleTermPattern>(std::move(triple))});
}

void reify_current(ParseState& state, TermPattern reifier) {
  TripleFrame& frame = state.triple_frames.back();
  emit_reification(state, reifier, frame.subject, term_of(frame.verb), frame.object);
  frame.reifier = std::move(reifier);
}

}  // namespace

// ------------------------------------------------------------------ nodes

void node_variable(ParseState& state) {
  push_node(state, last_variable(state));
}

void node_constant(ParseState& state) {
  push_node(state, last_constant(state));
}

void node_blank(ParseState& state) {
  push_node(state, BlankNode{std::string(last_text(state).substr(2)), state.last->begin});
}

void node_fresh_blank(ParseState& state) {
  push_node(state, fresh_blank(state, state.last->begin));
}

void begin_blank_node(ParseState& state) {
  state.node_marks.push_back(state.triples.size());
  state.triple_frames.push_back({fresh_blank(state, state.last->begin), {}, {}, {}});
}

void end_blank_node(ParseState& state) {
  push_node(state, take(state.triple_frames).subject);
  state.subject_stands_alone = state.triples.size() > take(state.node_marks);
}

void begin_collection(ParseState& state) {
  mark(state);
  state.collections.emplace_back();
}

void add_to_collection(ParseState& state) {
  TermPattern item = take(state.nodes);
  const Offset at = offset_of(item);
  const BlankNode cell = fresh_blank(state, state.collections.back().head ? at : state.marks.back());
  CollectionFrame& collection = state.collections.back();
  if (collection.head) {
    state.triples.push_back({collection.last, rdf_term("rest", at), cell});
  } else {
    collection.head = cell;
  }
  collection.last = cell;
  state.triples.push_back({cell, rdf_term("first", at), std::move(item)});
}

void end_collection(ParseState& state) {
  const CollectionFrame collection = take(state.collections);
  const Offset at = take_mark(state);
  if (!collection.head) {
    push_node(state, rdf_term("nil", at));
    return;
  }
  state.triples.push_back({collection.last, rdf_term("rest", at), rdf_term("nil", at)});
  push_node(state, *collection.head);
  state.subject_stands_alone = true;
}

void begin_reified(ParseState& state) {
  mark(state);
  state.node_marks.push_back(state.nodes.size());
}

void end_reified(ParseState& state) {
  const Offset at = take_mark(state);
  const bool named = state.nodes.size() - take(state.node_marks) == 4;
  const TermPattern reifier = named ? take(state.nodes) : fresh_blank(state, at);
  TermPattern object = take(state.nodes);
  TermPattern predicate = take(state.nodes);
  TermPattern subject = take(state.nodes);
  emit_reification(state, reifier, std::move(subject), std::move(predicate), std::move(object));
  push_node(state, reifier);
  state.subject_stands_alone = true;
}

void begin_triple_term(ParseState& state) {
  mark(state);
}

void end_triple_term(ParseState& state) {
  TripleTermPattern triple;
  triple.object = take(state.nodes);
  triple.predicate = take(state.nodes);
  triple.subject = take(state.nodes);
  triple.at = take_mark(state);
  push_node(state, Box<TripleTermPattern>(std::move(triple)));
}

// ------------------------------------------------------------------ sentences

void begin_subject(ParseState& state) {
  state.triple_frames.push_back({take(state.nodes), {}, {}, {}});
}

void end_subject(ParseState& state) {
  state.triple_frames.pop_back();
}

void verb_variable(ParseState& state) {
  state.triple_frames.back().verb = last_variable(state);
}

void verb_constant(ParseState& state) {
  state.triple_frames.back().verb = last_constant(state);
}

void verb_path(ParseState& state) {
  Path path = take(state.paths);
  Verb& verb = state.triple_frames.back().verb;
  if (const auto* link = std::get_if<PathLink>(&path->node)) {
    verb = Constant{link->iri, path->at};
  } else {
    verb = std::move(path);
  }
}

void emit_triple(ParseState& state) {
  TripleFrame& frame = state.triple_frames.back();
  frame.object = take(state.nodes);
  frame.reifier.reset();
  state.triples.push_back({frame.subject, frame.verb, frame.object});
}

// ------------------------------------------------------------------ annotations

void check_annotatable(ParseState& state) {
  if (std::holds_alternative<Path>(state.triple_frames.back().verb)) {
    fail(state, *state.last,
         "a triple with a property path cannot be reified or annotated; its predicate must be an IRI, a or a variable");
  }
}

void set_reifier(ParseState& state) {
  reify_current(state, take(state.nodes));
}

void set_fresh_reifier(ParseState& state) {
  reify_current(state, fresh_blank(state, state.last->begin));
}

void begin_annotation(ParseState& state) {
  check_annotatable(state);
  if (!state.triple_frames.back().reifier) set_fresh_reifier(state);
  state.triple_frames.push_back({*state.triple_frames.back().reifier, {}, {}, {}});
}

void end_annotation(ParseState& state) {
  state.triple_frames.pop_back();
  state.triple_frames.back().reifier.reset();
}

}  // namespace akyn::sparql::build

// Actions of the grammar's prologue, terms and VALUES data. Each takes the token matched last, and
// what the comment says, from the state.
#pragma once

#include "parser/sparql/state.h"

namespace akyn::sparql::build {

[[nodiscard]] std::string_view last_text(const ParseState& state);
[[nodiscard]] std::uint64_t last_count(const ParseState& state);  // Error(syntax) when it is too large
[[nodiscard]] Variable last_variable(const ParseState& state);
[[nodiscard]] Constant last_constant(const ParseState& state);  // state.term
[[nodiscard]] Term make_iri(std::string_view iri);

// Remembers where a construct begins: the token matched last.
void mark(ParseState& state);
[[nodiscard]] Offset take_mark(ParseState& state);
template <class T>
[[nodiscard]] T take(std::vector<T>& stack) {
  T top = std::move(stack.back());
  stack.pop_back();
  return top;
}

// --- prologue
void begin_prologue(ParseState& state);
void declare_base(ParseState& state);
void begin_prefix(ParseState& state);
void declare_prefix(ParseState& state);

// --- to state.term
void set_iri(ParseState& state);
void set_prefixed_name(ParseState& state);  // Error(syntax) for an unknown prefix, with the nearest known one
void set_type_iri(ParseState& state);
void set_string(ParseState& state);
void set_language(ParseState& state);
void set_datatype(ParseState& state);  // the IRI is in state.term, the lexical form in state.lexical
void set_number(ParseState& state);
void set_boolean(ParseState& state);

// --- to state.names
void name_variable(ParseState& state);
void name_iri(ParseState& state);

}  // namespace akyn::sparql::build

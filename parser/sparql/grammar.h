// The grammar of SPARQL 1.2 in Boost.Spirit X3: the rules that one area needs of another, and the
// parsers all areas are made of. Only the grammar_*.cpp files and parse.cpp include this.
//
// X3 reads tokens here, not characters, and no rule has an attribute: an act<f> in the middle of a
// rule calls f(state), which takes what it needs from the state's stacks and from the token matched
// last. That keeps every rule a line of the specification's grammar and compiles fast.
//
//     a > b     when a has matched, nothing but b is right: the parse ends here otherwise
//     a >> b    only where b cannot fail, or a consumes nothing
//
// No rule tries two alternatives that begin with the same token, so nothing is read twice.
#pragma once

#include <boost/spirit/home/x3.hpp>

#include "parser/sparql/state.h"
#include "parser/sparql/token.h"

// A grammar's operators are no arithmetic: a >> b > c | d is meant without parentheses.
#pragma GCC diagnostic ignored "-Wparentheses"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Woverloaded-shift-op-parentheses"
#endif

namespace akyn::sparql::grammar {

namespace x3 = boost::spirit::x3;

struct StateTag;
using Iterator = const Token*;
using Context = x3::context<StateTag, ParseState, x3::unused_type>;

[[noreturn]] inline void stop(Iterator at) {
  throw x3::expectation_failure<Iterator>(at, {});
}

// ------------------------------------------------------------------ tokens

template <class Derived>
struct TokenParser : x3::parser<Derived> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;

  template <class RContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RContext&, Attribute&) const {
    ParseState& state = x3::get<StateTag>(context);
    if (first != last && Derived::accepts(*first, state)) {
      state.last = first++;
      return true;
    }
    Derived::note(state.expectations, first);
    return false;
  }
};

template <TokenId Id>
struct Symbol : TokenParser<Symbol<Id>> {
  static bool accepts(const Token& token, const ParseState&) {
    return token.kind == TokenKind::symbol && token.id == Id;
  }
  static void note(Expectations& expectations, Iterator at) { expectations.expect_symbol(at, Id); }
};
// A symbol by its text: sym<"{|">.
template <FixedString Text>
constexpr Symbol<symbol_id(Text.view())> sym{};

template <TokenId Id>
struct Keyword : TokenParser<Keyword<Id>> {
  static bool accepts(const Token& token, const ParseState&) { return token.kind == TokenKind::word && token.id == Id; }
  static void note(Expectations& expectations, Iterator at) { expectations.expect_keyword(at, Id); }
};
// A keyword by its name in upper case: kw<"SELECT">.
template <FixedString Name>
constexpr Keyword<keyword_id(Name.view())> kw{};

template <Expected Name, TokenKind... Kinds>
struct Terminal : TokenParser<Terminal<Name, Kinds...>> {
  static bool accepts(const Token& token, const ParseState&) { return ((token.kind == Kinds) || ...); }
  static void note(Expectations& expectations, Iterator at) {
    if (Name != Expected::nothing) expectations.expect_name(at, Name);
  }
};
constexpr Terminal<Expected::variable, TokenKind::variable> variable{};
constexpr Terminal<Expected::iri, TokenKind::iri> iri_ref{};
constexpr Terminal<Expected::iri, TokenKind::prefixed_name, TokenKind::prefix_name> prefixed_name{};
constexpr Terminal<Expected::prefix_declaration, TokenKind::prefix_name> prefix_name{};
constexpr Terminal<Expected::string, TokenKind::string, TokenKind::long_string> any_string{};
constexpr Terminal<Expected::short_string, TokenKind::string> short_string{};
constexpr Terminal<Expected::number, TokenKind::integer> integer{};
constexpr Terminal<Expected::number, TokenKind::integer, TokenKind::decimal, TokenKind::real> unsigned_number{};
constexpr Terminal<Expected::nothing, TokenKind::signed_integer, TokenKind::signed_decimal, TokenKind::signed_real>
    signed_number{};
constexpr Terminal<Expected::term, TokenKind::blank_label> blank_label{};
constexpr Terminal<Expected::nothing, TokenKind::language> language{};
constexpr Terminal<Expected::end, TokenKind::end> end{};

// The one keyword that minds its case.
struct TypeKeyword : TokenParser<TypeKeyword> {
  static bool accepts(const Token& token, const ParseState& state) {
    return token.kind == TokenKind::word && token.end - token.begin == 1 && state.text[token.begin] == 'a';
  }
  static void note(Expectations& expectations, Iterator at) { expectations.expect_name(at, Expected::nothing); }
};
constexpr TypeKeyword type_keyword{};

// The name of a built-in function with an ordinary list of arguments.
struct FunctionName : TokenParser<FunctionName> {
  static bool accepts(const Token& token, const ParseState&) {
    return token.kind == TokenKind::word && token.id != kNoKeyword && kKeywords[token.id].function;
  }
  static void note(Expectations& expectations, Iterator at) { expectations.expect_name(at, Expected::nothing); }
};
constexpr FunctionName function_name{};

// ------------------------------------------------------------------ the rest of the kit

// Calls Action(state); matches nothing.
template <auto Action>
struct Act : x3::parser<Act<Action>> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  template <class RContext, class Attribute>
  bool parse(Iterator&, const Iterator&, const Context& context, RContext&, Attribute&) const {
    Action(x3::get<StateTag>(context));
    return true;
  }
};
template <auto Action>
constexpr Act<Action> act{};

// Matches nothing, when Condition(state) holds.
template <auto Condition>
struct When : x3::parser<When<Condition>> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  template <class RContext, class Attribute>
  bool parse(Iterator&, const Iterator&, const Context& context, RContext&, Attribute&) const {
    return Condition(x3::get<StateTag>(context));
  }
};
template <auto Condition>
constexpr When<Condition> when{};

// `subject`, which errors call by its name where it could have begun.
template <Expected Name, class Subject>
struct Named : x3::unary_parser<Subject, Named<Name, Subject>> {
  using x3::unary_parser<Subject, Named<Name, Subject>>::unary_parser;
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  template <class RContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RContext& rcontext, Attribute&) const {
    Expectations& expectations = x3::get<StateTag>(context).expectations;
    const auto before = expectations.shown();
    const Iterator start = first;
    const bool matched = this->subject.parse(first, last, context, rcontext, x3::unused);
    if (!matched) expectations.rename(start, before, Name);
    return matched;
  }
};
template <Expected Name, class Subject>
constexpr Named<Name, Subject> named(const Subject& subject) {
  return {subject};
}

// open > subject > close. Where the grammar nests: counts the depth, remembers the bracket for
// errors ("to close '(' at line 3"), throws Error(limit) when too many are open.
template <TokenId Open, TokenId Close, class Subject>
struct Bracketed : x3::unary_parser<Subject, Bracketed<Open, Close, Subject>> {
  using x3::unary_parser<Subject, Bracketed<Open, Close, Subject>>::unary_parser;
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  template <class RContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RContext& rcontext, Attribute&) const {
    if (!Symbol<Open>().parse(first, last, context, rcontext, x3::unused)) return false;
    ParseState& state = x3::get<StateTag>(context);
    if (state.open.size() == kMaxNesting) {
      fail_too_deep(state, *state.last, "brackets nest", kMaxNesting);
    }
    state.open.push_back(state.last);
    if (!this->subject.parse(first, last, context, rcontext, x3::unused)) stop(first);
    if (!Symbol<Close>().parse(first, last, context, rcontext, x3::unused)) stop(first);
    state.open.pop_back();
    return true;
  }
};
template <FixedString Open, FixedString Close, class Subject>
constexpr Bracketed<symbol_id(Open.view()), symbol_id(Close.view()), Subject> bracketed(const Subject& subject) {
  return {subject};
}
template <class Subject>
constexpr auto in_parentheses(const Subject& subject) {
  return bracketed<"(", ")">(subject);
}
template <class Subject>
constexpr auto in_braces(const Subject& subject) {
  return bracketed<"{", "}">(subject);
}

// ------------------------------------------------------------------ rules

#define AKYN_SPARQL_RULE(name)                               \
  inline constexpr x3::rule<struct name##_rule> name{#name}; \
  BOOST_SPIRIT_DECLARE(decltype(name))
// For the file that defines rules, after their name_def.
#define AKYN_SPARQL_DEFINE(name) \
  BOOST_SPIRIT_DEFINE(name)      \
  BOOST_SPIRIT_INSTANTIATE(std::remove_const_t<decltype(name)>, Iterator, Context)

// grammar_prologue.cpp
AKYN_SPARQL_RULE(prologue)

// grammar_terms.cpp
AKYN_SPARQL_RULE(iri)              // to state.term
AKYN_SPARQL_RULE(literal)          // RDFLiteral | NumericLiteral | BooleanLiteral; to state.term
AKYN_SPARQL_RULE(iri_or_type)      // iri | 'a'; to state.term
AKYN_SPARQL_RULE(iri_or_variable)  // to state.names

// grammar_triples.cpp
AKYN_SPARQL_RULE(triples)      // TriplesBlock, TriplesTemplate; to state.triples
AKYN_SPARQL_RULE(var_or_term)  // to state.nodes

// grammar_paths.cpp
AKYN_SPARQL_RULE(path)  // to state.paths

// grammar_path_clause.cpp
AKYN_SPARQL_RULE(path_clause)    // PATH; to the group
AKYN_SPARQL_RULE(unnest_clause)  // UNNEST; to the group
AKYN_SPARQL_RULE(path_step)      // STEP; to state.paths

// grammar_expressions.cpp: all of them to state.operands
AKYN_SPARQL_RULE(expression)
AKYN_SPARQL_RULE(constraint)
AKYN_SPARQL_RULE(call)  // BuiltInCall | FunctionCall

// grammar_patterns.cpp
AKYN_SPARQL_RULE(group)        // GroupGraphPattern; to state.group
AKYN_SPARQL_RULE(inline_data)  // DataBlock; to state.data

// grammar_query.cpp
AKYN_SPARQL_RULE(sub_select)
AKYN_SPARQL_RULE(query_unit)

// grammar_update.cpp
AKYN_SPARQL_RULE(update_unit)

}  // namespace akyn::sparql::grammar

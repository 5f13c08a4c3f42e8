// The SPARQL algebra (SPARQL 1.1 Query 18.2, with the triple terms of 1.2).
//
// A Node is an operator and its inputs. Trees are immutable and shared, so that a rewrite copies only
// the path to what it changes. Solutions are multisets until a Project, Distinct, OrderBy or Slice
// gives them an order.
//
// ToList and ToMultiset of the specification are left out: they change nothing here. The unit of
// Join, the empty group pattern, is a BasicGraph without triples.
//
// Thread-safety: everything here may be read by any number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <akyn/error.h>
#include <akyn/query.h>
#include <akyn/term.h>
#include "engine/algebra/expression.h"
#include "engine/algebra/variables.h"
#include "parser/sparql/ast.h"

namespace akyn::algebra {

// ------------------------------------------------------------------ patterns

struct Variable {
  Slot slot = 0;
};
// In templates only: a new blank node per solution, one for each index.
struct TemplateBlank {
  std::uint32_t index = 0;
};
struct TripleTerm;
using PatternTerm = std::variant<Constant, Variable, TemplateBlank, std::shared_ptr<const TripleTerm>>;

// subject, predicate, object; matched against triple terms part by part.
struct TripleTerm {
  PatternTerm subject;
  PatternTerm predicate;
  PatternTerm object;
};
using Triple = TripleTerm;

// ------------------------------------------------------------------ operators

struct BasicGraph {  // no inputs
  std::vector<Triple> triples;
};
// A path that did not come apart into triples, unions and joins (18.2.2.4): a repetition or a negated
// set of predicates, which is forward or inverse only. No inputs.
struct PathPattern {
  PatternTerm subject;
  std::shared_ptr<const sparql::PathNode> path;
  PatternTerm object;
};
// PATH (docs/paths.md). No inputs. STEP and INNER have variables of their own: they see none of the query's, and the
// query none of theirs, whatever their slots.
struct PathSearch {
  Slot path = 0;
  sparql::PathSelector selector{};
  std::uint64_t count = 1;
  sparql::PathMode mode{};
  PatternTerm subject;
  std::shared_ptr<const sparql::PathNode> expression;
  PatternTerm object;
  std::uint64_t min_length = 0;
  std::optional<std::uint64_t> max_length;

  // An edge from `from` to `to` for each solution of a pattern, which binds `cost` too. These are variables, or
  // constants.
  struct Step {
    Term label;
    PatternTerm from;
    PatternTerm to;
    std::optional<Slot> cost;  // none: 1
    NodePtr pattern;
    SourceLocation place;  // in the query's text
  };
  std::vector<Step> steps;  // by sparql::PathStep::number

  // What holds for a node between the ends, which stands in `node`.
  struct Inner {
    Slot node = 0;
    std::vector<Expression> conditions;
  };
  std::vector<Inner> inner;
  SourceLocation place;
};
// UNNEST: one input, each of whose solutions becomes as many as the path that is the value of `expression` has edges;
// none where that is no path. A slot that the input binds already keeps the solutions that agree.
struct Unnest {
  Expression expression;
  Slot position = 0;
  Slot from = 0;
  Slot edge = 0;  // unbound where the edge is no triple: that of a STEP between literals
  Slot to = 0;
};
struct Values {  // no inputs
  std::vector<Slot> slots;
  std::vector<std::vector<std::optional<Constant>>> rows;  // nothing: UNDEF
};
struct Join {};                        // two inputs or more
struct LeftJoin {                      // two inputs
  std::vector<Expression> conditions;  // all must hold; none: always
};
struct Minus {};  // two inputs
struct Union {};  // two inputs or more
struct Filter {   // one input
  std::vector<Expression> conditions;
};
struct Extend {  // one input
  Slot slot = 0;
  Expression expression;
};
struct Graph {  // one input
  std::variant<Constant, Variable> name;
};
struct Service {  // one input: the pattern, evaluated by the endpoint
  std::variant<Constant, Variable> endpoint;
  bool silent = false;
};
struct Group {  // one input. Without keys: one group, even of nothing.
  std::vector<std::pair<Slot, Expression>> keys;
  std::vector<Aggregate> aggregates;
};
struct OrderBy {  // one input; stable
  struct Key {
    Expression expression;
    bool descending = false;
  };
  std::vector<Key> keys;
};
struct Project {  // one input
  std::vector<Slot> slots;
};
struct Distinct {};  // one input
struct Reduced {};   // one input
struct Slice {       // one input
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit;
};

struct Node {
  using Operator = std::variant<BasicGraph, PathPattern, PathSearch, Values, Join, LeftJoin, Minus, Union, Filter,
                                Extend, Unnest, Graph, Service, Group, OrderBy, Project, Distinct, Reduced, Slice>;
  explicit Node(Operator op_, std::vector<NodePtr> inputs_ = {}) : op(std::move(op_)), inputs(std::move(inputs_)) {}
  Node(const Node&) = default;
  Node(Node&&) noexcept = default;
  Node& operator=(const Node&) = delete;
  Node& operator=(Node&&) = delete;
  // Takes long chains apart in a loop: a thousand OPTIONALs are a thousand levels of first inputs.
  ~Node();

  Operator op;
  std::vector<NodePtr> inputs;
};

[[nodiscard]] inline NodePtr make_node(Node::Operator op, std::vector<NodePtr> inputs = {}) {
  return std::make_shared<Node>(std::move(op), std::move(inputs));
}

// Slots that solutions of `node` may bind (18.2.1), in the order of the text, each once; blank nodes
// and fresh slots included.
[[nodiscard]] std::vector<Slot> scope_of(const Node& node);
// Every slot that occurs anywhere in it, expressions and nested patterns included, but for what is a STEP's or an
// INNER's own; sorted.
[[nodiscard]] std::vector<Slot> mentions_of(const Node& node);

// ------------------------------------------------------------------ queries

// The RDF dataset of a query (13.2). Nothing in a place: the store's own.
struct Dataset {
  std::optional<std::vector<Term>> default_graphs;  // merged
  std::optional<std::vector<Term>> named_graphs;
};

struct Query {
  QueryForm form = QueryForm::select;
  VariableTable variables;
  NodePtr root;
  Dataset dataset;
  std::vector<Slot> columns;          // SELECT: the result's columns, in order
  std::vector<Triple> construct;      // CONSTRUCT: the template
  std::vector<PatternTerm> describe;  // DESCRIBE: constants and variables
  // Bound parameters. They occur nowhere in `root`; a column of such a slot holds the constant.
  std::vector<std::pair<Slot, Term>> parameters;
};

}  // namespace akyn::algebra

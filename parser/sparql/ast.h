// The syntax tree of SPARQL 1.1 / 1.2 Query and Update: what was written, with
//   - IRIs resolved against BASE and PREFIX,
//   - the abbreviations of triples (`;` `,` collections, [ ... ], reifiers, annotations) written out
//     as triple patterns with fresh blank nodes,
// and nothing else interpreted: scoping, aggregation and translation are engine/algebra's.
//
// `at` is the byte offset of a node's first character in the text, for errors found after parsing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <akyn/error.h>
#include <akyn/term.h>
#include "parser/sparql/box.h"

namespace akyn::sparql {

using Offset = std::uint32_t;

// ------------------------------------------------------------------ terms

struct Variable {
  std::string name;  // without the sigil: ?x and $x are one variable
  Offset at = 0;
};

// A variable that cannot be selected. Labels written by the user are kept as written; fresh ones
// contain a space, so that the two never meet.
struct BlankNode {
  std::string label;
  Offset at = 0;
};

struct Constant {
  Term term;  // IRI or literal
  Offset at = 0;
};

struct TripleTermPattern;
// TripleTermPattern: <<( s p o )>> with parts that may be variables.
using TermPattern = std::variant<Constant, Variable, BlankNode, Box<TripleTermPattern>>;

struct TripleTermPattern {
  TermPattern subject;
  TermPattern predicate;
  TermPattern object;
  Offset at = 0;
};

// ------------------------------------------------------------------ property paths (SPARQL 1.1, 9)

struct PathNode;
using Path = Box<PathNode>;
struct ExpressionNode;
using Expression = Box<ExpressionNode>;
struct GroupPattern;

struct PathLink {  // one predicate
  Term iri;
};
struct PathInverse {
  Path path;
};
struct PathSequence {
  std::vector<Path> steps;  // at least two
};
struct PathAlternative {
  std::vector<Path> choices;  // at least two
};
struct PathRepeat {  // ? * + : {min, max} = {0,1} {0,inf} {1,inf}; any other bounds in a PATH clause only
  Path path;
  std::uint32_t min = 0;
  std::optional<std::uint32_t> max;
};
struct PathNegated {  // !( a | ^b )
  std::vector<Term> forward;
  std::vector<Term> inverse;
};
// In a PATH clause only:
struct PathEither {  // ~a: a | ^a, where a self-loop has one direction
  Path path;
};
struct PathStep {            // STEP iri (?from ?to) COST (...) { ... }: edges that a pattern makes
  std::uint32_t number = 0;  // among the STEPs of the clause, in the order written, from 0
  Term iri;
  Variable from;
  Variable to;
  std::optional<Expression> cost;
  Box<GroupPattern> pattern;
};
struct PathNode {
  std::variant<PathLink, PathInverse, PathSequence, PathAlternative, PathRepeat, PathNegated, PathEither, PathStep>
      node;
  Offset at = 0;
};

// The middle of a triple pattern. A path that is a single predicate is written as a Constant.
using Verb = std::variant<Constant, Variable, Path>;

struct TriplePattern {
  TermPattern subject;
  Verb verb;
  TermPattern object;
};

// ------------------------------------------------------------------ expressions

enum class UnaryOperator : std::uint8_t { logical_not, plus, minus };
enum class BinaryOperator : std::uint8_t {
  logical_or,
  logical_and,
  equal,
  not_equal,
  less,
  greater,
  less_equal,
  greater_equal,
  add,
  subtract,
  multiply,
  divide,
};

struct UnaryExpression {
  UnaryOperator op{};
  Expression operand;
};
struct ComparisonExpression {
  BinaryOperator op{};  // equal ... greater_equal
  Expression left;
  Expression right;
};
// Chains of one precedence are kept flat, so that a long one nests no deeper than a short one.
struct LogicalExpression {  // a && b && c, or a || b || c
  BinaryOperator op{};
  std::vector<Expression> operands;  // at least two
};
struct ArithmeticExpression {             // ((a0 operators[0] a1) operators[1] a2) ...
  std::vector<Expression> operands;       // at least two
  std::vector<BinaryOperator> operators;  // one less; all of them + and -, or * and /
};
struct InExpression {  // left IN (...), left NOT IN (...)
  Expression left;
  std::vector<Expression> choices;
  bool negated = false;
};
struct BuiltinCall {
  std::string
      name;  // upper case as the grammar writes it: "STRLEN", "IF", "COALESCE", "SAMETERM", "TRIPLE", "LANGDIR", ...
  std::vector<Expression> arguments;
};
struct FunctionCall {  // by IRI: casts, extension functions, custom aggregates
  Term iri;
  std::vector<Expression> arguments;
  bool distinct = false;
  bool aggregate = false;  // known as one, or with DISTINCT, which only aggregates take
};
struct ExistsExpression {
  Box<GroupPattern> pattern;
  bool negated = false;
};
enum class AggregateKind : std::uint8_t { count, sum, min, max, avg, sample, group_concat };
struct AggregateExpression {
  AggregateKind kind{};
  bool distinct = false;
  std::optional<Expression> argument;    // none: COUNT(*)
  std::optional<std::string> separator;  // GROUP_CONCAT
};
// <<( s p o )>> as an expression; its parts are constants, variables or triple terms.
struct TripleTermExpression {
  Expression subject;
  Expression predicate;
  Expression object;
};

struct ExpressionNode {
  std::variant<Constant, Variable, UnaryExpression, ComparisonExpression, LogicalExpression, ArithmeticExpression,
               InExpression, BuiltinCall, FunctionCall, ExistsExpression, AggregateExpression, TripleTermExpression>
      node;
  Offset at = 0;
};

// ------------------------------------------------------------------ graph patterns

struct InlineData {  // VALUES
  std::vector<Variable> variables;
  std::vector<std::vector<std::optional<Term>>> rows;  // nothing: UNDEF; as long as `variables`
  Offset at = 0;
};

struct SelectQuery;

struct BasicPattern {  // adjacent triples; FILTERs between them do not end it, anything else does
  std::vector<TriplePattern> triples;
};
struct FilterPattern {
  Expression condition;
};
struct OptionalPattern {
  Box<GroupPattern> pattern;
};
struct MinusPattern {
  Box<GroupPattern> pattern;
};
struct GraphPattern {  // GRAPH name { ... }
  std::variant<Constant, Variable> name;
  Box<GroupPattern> pattern;
};
struct ServicePattern {
  std::variant<Constant, Variable> endpoint;
  Box<GroupPattern> pattern;
  bool silent = false;
};
struct BindPattern {
  Expression expression;
  Variable variable;
};

// --- extensions (docs/paths.md); refused in strict mode

// Which of the paths between two ends are solutions.
enum class PathSelector : std::uint8_t {
  all,
  any,  // `count` of them
  any_shortest,
  all_shortest,
  shortest,         // `count` of the shortest
  shortest_groups,  // all of the `count` smallest lengths
  any_cheapest,
  all_cheapest,
  cheapest,  // `count` of the cheapest
};
// What a path may not repeat.
enum class PathMode : std::uint8_t {
  walk,     // nothing is forbidden
  trail,    // edges, whichever direction
  acyclic,  // nodes
  simple,   // nodes, but that the ends may be equal
};
struct PathInner {  // INNER ?node FILTER condition
  Variable node;
  Expression condition;
};
struct PathClause {  // PATH ?variable = selector mode (subject path object) options
  Variable variable;
  PathSelector selector = PathSelector::any_shortest;
  std::uint64_t count = 1;
  PathMode mode = PathMode::walk;
  TermPattern subject;
  Path path;
  TermPattern object;
  std::optional<std::uint64_t> min_length;
  std::optional<std::uint64_t> max_length;
  std::vector<PathInner> inner;  // all must hold
  // For errors that only the run can find: where PATH stands, and each STEP by its number.
  SourceLocation place;
  std::vector<SourceLocation> step_places;
};
struct UnnestPattern {  // UNNEST(expression AS ?position ?from ?edge ?to)
  Expression expression;
  Variable position;
  Variable from;
  Variable edge;
  Variable to;
};

struct UnionPattern {  // { } UNION { } ...; a single { } stands here with one choice
  std::vector<GroupPattern> choices;
};

struct PatternElement {
  std::variant<BasicPattern, FilterPattern, OptionalPattern, MinusPattern, GraphPattern, ServicePattern, BindPattern,
               InlineData, UnionPattern, PathClause, UnnestPattern>
      node;
  Offset at = 0;
};

// { ... }: either elements in the order written, or a sub-SELECT alone.
struct GroupPattern {
  std::vector<PatternElement> elements;
  std::optional<Box<SelectQuery>> subselect;
  Offset at = 0;
};

// ------------------------------------------------------------------ queries

struct Projection {  // ?x, or (expression AS ?x)
  Variable variable;
  std::optional<Expression> expression;
};
struct GroupCondition {  // GROUP BY ?x | expression | (expression AS ?x)
  Expression expression;
  std::optional<Variable> variable;
};
struct OrderCondition {
  Expression expression;
  bool descending = false;
};

struct SolutionModifier {
  std::vector<GroupCondition> group_by;
  std::vector<Expression> having;
  std::vector<OrderCondition> order_by;
  std::optional<std::uint64_t> limit;
  std::optional<std::uint64_t> offset;
};

enum class Duplicates : std::uint8_t { keep, distinct, reduced };

// SELECT, on top or inside a group.
struct SelectQuery {
  Duplicates duplicates = Duplicates::keep;
  bool all = false;  // SELECT *
  std::vector<Projection> projection;
  GroupPattern where;
  SolutionModifier modifier;
  std::optional<InlineData> values;
  Offset at = 0;
};

struct ConstructTemplate {  // SPARQL 1.1 has triples; quads are allowed nowhere in CONSTRUCT
  std::vector<TriplePattern> triples;
};

struct DatasetClause {
  std::vector<Term> from;
  std::vector<Term> from_named;
  [[nodiscard]] bool empty() const noexcept { return from.empty() && from_named.empty(); }
};

struct SelectForm {
  SelectQuery select;
};
struct AskForm {
  GroupPattern where;
  SolutionModifier modifier;
  std::optional<InlineData> values;
};
struct ConstructForm {
  ConstructTemplate pattern;  // CONSTRUCT WHERE { ... }: the same triples here and in `where`
  GroupPattern where;
  SolutionModifier modifier;
  std::optional<InlineData> values;
};
struct DescribeForm {
  bool all = false;  // DESCRIBE *
  std::vector<std::variant<Constant, Variable>> resources;
  std::optional<GroupPattern> where;
  SolutionModifier modifier;
  std::optional<InlineData> values;
};

struct PrefixDeclaration {
  std::string prefix;  // without ':'
  std::string iri;
};

struct Query {
  std::string base;                         // in force at the end of the prologue; may be empty
  std::vector<PrefixDeclaration> prefixes;  // declared in the text
  DatasetClause dataset;
  std::variant<SelectForm, AskForm, ConstructForm, DescribeForm> form;
};

// ------------------------------------------------------------------ updates (SPARQL 1.1 Update, 3)

struct QuadPattern {
  TriplePattern triple;                                   // verb is never a Path
  std::optional<std::variant<Constant, Variable>> graph;  // nothing: the default graph (or WITH's)
};

struct GraphTarget {
  enum class Kind : std::uint8_t { graph, default_graph, all_named, all };
  Kind kind = Kind::default_graph;
  Term iri;  // when kind is graph
};

struct LoadOperation {
  Term source;
  std::optional<Term> into;
  bool silent = false;
};
struct ClearOperation {
  GraphTarget target;
  bool silent = false;
};
struct DropOperation {
  GraphTarget target;
  bool silent = false;
};
struct CreateOperation {
  Term graph;
  bool silent = false;
};
struct TransferOperation {
  enum class Kind : std::uint8_t { add, move, copy };
  Kind kind{};
  GraphTarget from;  // graph or default_graph
  GraphTarget to;
  bool silent = false;
};
struct InsertData {
  std::vector<QuadPattern> quads;  // no variables
};
struct DeleteData {
  std::vector<QuadPattern> quads;  // no variables, no blank nodes
};
// DELETE WHERE is written out: the quads here and as `where`.
struct ModifyOperation {
  std::optional<Term> with;
  std::vector<QuadPattern> remove;
  std::vector<QuadPattern> insert;
  DatasetClause dataset;  // USING, USING NAMED
  GroupPattern where;
};

struct UpdateOperation {
  std::variant<LoadOperation, ClearOperation, DropOperation, CreateOperation, TransferOperation, InsertData, DeleteData,
               ModifyOperation>
      node;
  Offset at = 0;
};

struct Update {
  std::vector<PrefixDeclaration> prefixes;
  std::vector<UpdateOperation> operations;
};

}  // namespace akyn::sparql

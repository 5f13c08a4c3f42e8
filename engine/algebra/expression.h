// Expressions with variables as slots and functions looked up (SPARQL 1.1 Query 17).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <akyn/term.h>
#include "engine/algebra/variables.h"
#include "engine/expr/aggregates.h"
#include "engine/expr/functions.h"
#include "engine/expr/value.h"
#include "engine/term/id.h"
#include "parser/sparql/ast.h"

namespace akyn::algebra {

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct ExpressionNode;
// Immutable and shared: rewriting copies the path to what changes. Never null.
using Expression = std::shared_ptr<const ExpressionNode>;

// A term fixed by the text, a parameter, or a solution substituted into an EXISTS.
struct Constant {
  Term term;
  // When bound, the Id of the term in the running query; it wins over a look-up of `term`, because
  // a blank node that came out of a solution can be named in no other way.
  Id id;
};

// --- Operators. What they apply to are ExpressionNode::arguments. ---

struct ConstantOperator {
  Constant constant;
  expr::Value value;
};
struct VariableOperator {
  Slot slot = 0;
};
struct OrOperator {};   // two arguments or more, left to right (17.2: errors as a third truth value)
struct AndOperator {};  // two arguments or more
struct NotOperator {};
struct CompareOperator {
  sparql::BinaryOperator op{};  // equal ... greater_equal
};
// Left to right: ((a0 ops[0] a1) ops[1] a2) ... Chains are kept flat, so that a long sum nests no deeper than a short
// one.
struct ArithmeticOperator {
  std::vector<sparql::BinaryOperator> ops;  // add ... divide
};
struct NegateOperator {};
struct PlusOperator {};  // +x: x when numeric, else an error
struct InOperator {      // the first argument against the others
  bool negated = false;
};
struct BoundOperator {  // no arguments
  Slot slot = 0;
};
struct IfOperator {};
struct CoalesceOperator {};
struct ExistsOperator {
  NodePtr pattern;
  bool negated = false;
};
struct CallOperator {
  const expr::Function* function = nullptr;  // null: `name` is the IRI of a function the program may have registered
  std::string name;                          // "STRLEN", or an IRI; a call of an unknown IRI is an error (17.6)
};

struct ExpressionNode {
  std::variant<ConstantOperator, VariableOperator, OrOperator, AndOperator, NotOperator, CompareOperator,
               ArithmeticOperator, NegateOperator, PlusOperator, InOperator, BoundOperator, IfOperator,
               CoalesceOperator, ExistsOperator, CallOperator>
      op;
  std::vector<Expression> arguments;
};

[[nodiscard]] inline Expression make_expression(decltype(ExpressionNode::op) op,
                                                std::vector<Expression> arguments = {}) {
  return std::make_shared<ExpressionNode>(ExpressionNode{std::move(op), std::move(arguments)});
}
[[nodiscard]] inline Expression make_constant(Constant constant) {
  expr::Value value = expr::Value::of(constant.term);
  return make_expression(ConstantOperator{std::move(constant), std::move(value)});
}

// One aggregate of a Group: its value goes into `slot`.
struct Aggregate {
  expr::AggregateKind kind{};
  bool distinct = false;
  std::vector<Expression> arguments;  // one, but: none for COUNT(*), any number for a custom aggregate
  std::string separator = " ";        // GROUP_CONCAT
  std::string iri;                    // of a custom aggregate, which the program may have registered
  Slot slot = 0;
};

}  // namespace akyn::algebra

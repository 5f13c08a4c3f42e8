#include "engine/exec/scalar_expression.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/exec/scalar_operators.h"
#include "engine/expr/operators.h"
#include "engine/plan/fold.h"

namespace akyn::exec {

using algebra::Expression;
using algebra::ExpressionNode;
using expr::Value;

namespace {

class UnboundScalar final : public ScalarExpression {
 public:
  const Datum& evaluate(const ScalarRow&) override { return none_; }

 private:
  Datum none_;
};

class VariableScalar final : public ScalarExpression {
 public:
  explicit VariableScalar(std::size_t variable) : variable_(variable) {}
  const Datum& evaluate(const ScalarRow& row) override { return row.variables[variable_]; }

 private:
  std::size_t variable_;
};

class ConstantScalar final : public ScalarExpression {
 public:
  explicit ConstantScalar(const expr::Result& value) { value_.set_result(value); }
  ConstantScalar(const Value& value, Id id) {
    value_.set_value(value);
    if (id.is_inlined()) value_.set_inlined(id);
    value_.id = id.bits();
  }
  const Datum& evaluate(const ScalarRow&) override { return value_; }

 private:
  Datum value_;
};

// && and ||: a decisive operand wins over an error, an error over the other value (17.2).
class ConnectiveScalar final : public ScalarExpression {
 public:
  ConnectiveScalar(bool decisive, std::vector<ScalarPtr> operands)
      : decisive_(decisive), operands_(std::move(operands)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    bool error = false;
    for (const ScalarPtr& operand : operands_) {
      const std::optional<bool> truth = effective_boolean(operand->evaluate(row));
      if (truth && *truth == decisive_) {
        result_.set_boolean(decisive_);
        return result_;
      }
      error = error || !truth;
    }
    result_.set_truth(error ? std::optional<bool>() : !decisive_);
    return result_;
  }

 private:
  bool decisive_;
  std::vector<ScalarPtr> operands_;
  Datum result_;
};

class NotScalar final : public ScalarExpression {
 public:
  explicit NotScalar(ScalarPtr operand) : operand_(std::move(operand)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    const std::optional<bool> truth = effective_boolean(operand_->evaluate(row));
    result_.set_truth(truth ? std::optional<bool>(!*truth) : std::nullopt);
    return result_;
  }

 private:
  ScalarPtr operand_;
  Datum result_;
};

class CompareScalar final : public ScalarExpression {
 public:
  CompareScalar(sparql::BinaryOperator op, ScalarPtr left, ScalarPtr right)
      : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    result_.set_none();
    const Datum& left = left_->evaluate(row);
    if (left.is_none()) return result_;
    const Datum& right = right_->evaluate(row);
    if (!right.is_none()) result_.set_truth(compare(op_, left, right));
    return result_;
  }

 private:
  sparql::BinaryOperator op_;
  ScalarPtr left_;
  ScalarPtr right_;
  Datum result_;
};

class ArithmeticScalar final : public ScalarExpression {
 public:
  ArithmeticScalar(std::vector<sparql::BinaryOperator> ops, std::vector<ScalarPtr> operands)
      : ops_(std::move(ops)), operands_(std::move(operands)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    const Datum* left = &operands_.front()->evaluate(row);
    for (std::size_t i = 0; i < ops_.size() && !left->is_none(); ++i) {
      Datum& result = results_[i % 2];
      const Datum& right = operands_[i + 1]->evaluate(row);
      if (right.is_none()) {
        result.set_none();
      } else {
        apply_arithmetic(ops_[i], *left, right, result);
      }
      left = &result;
    }
    return *left;
  }

 private:
  std::vector<sparql::BinaryOperator> ops_;
  std::vector<ScalarPtr> operands_;
  Datum results_[2];
};

// Unary minus and plus.
class SignScalar final : public ScalarExpression {
 public:
  SignScalar(bool negate, ScalarPtr operand) : negate_(negate), operand_(std::move(operand)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    const Datum& operand = operand_->evaluate(row);
    result_.set_none();
    if (operand.is_none()) return result_;
    const std::optional<std::int64_t> number = operand.as_int64();
    if (!negate_) {
      if (number || operand.as_double()) return operand;
      result_.set_result(expr::unary_plus(to_value(operand)));
    } else if (number && *number > std::numeric_limits<std::int64_t>::min()) {
      result_.set_integer(-*number);
    } else {
      result_.set_result(expr::negate(to_value(operand)));
    }
    return result_;
  }

 private:
  bool negate_;
  ScalarPtr operand_;
  Datum result_;
};

// 17.4.1.9: a chain of = under ||; NOT IN (17.4.1.10) its negation.
class InScalar final : public ScalarExpression {
 public:
  InScalar(bool negated, std::vector<ScalarPtr> operands) : negated_(negated), operands_(std::move(operands)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    const Datum& left = operands_.front()->evaluate(row);
    bool error = left.is_none();
    for (std::size_t i = 1; !left.is_none() && i < operands_.size(); ++i) {
      const Datum& choice = operands_[i]->evaluate(row);
      const std::optional<bool> same =
          choice.is_none() ? std::nullopt : compare(sparql::BinaryOperator::equal, left, choice);
      if (same.value_or(false)) {
        result_.set_boolean(!negated_);
        return result_;
      }
      error = error || !same;
    }
    result_.set_truth(error ? std::optional<bool>() : negated_);
    return result_;
  }

 private:
  bool negated_;
  std::vector<ScalarPtr> operands_;
  Datum result_;
};

class BoundScalar final : public ScalarExpression {
 public:
  explicit BoundScalar(ScalarPtr variable) : variable_(std::move(variable)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    result_.set_boolean(!variable_->evaluate(row).is_none());
    return result_;
  }

 private:
  ScalarPtr variable_;
  Datum result_;
};

class IfScalar final : public ScalarExpression {
 public:
  explicit IfScalar(std::vector<ScalarPtr> operands) : operands_(std::move(operands)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    const std::optional<bool> condition = effective_boolean(operands_[0]->evaluate(row));
    return condition ? operands_[*condition ? 1 : 2]->evaluate(row) : none_;
  }

 private:
  std::vector<ScalarPtr> operands_;
  Datum none_;
};

class CoalesceScalar final : public ScalarExpression {
 public:
  explicit CoalesceScalar(std::vector<ScalarPtr> operands) : operands_(std::move(operands)) {}
  const Datum& evaluate(const ScalarRow& row) override {
    for (const ScalarPtr& operand : operands_) {
      if (const Datum& value = operand->evaluate(row); !value.is_none()) return value;
    }
    return none_;
  }

 private:
  std::vector<ScalarPtr> operands_;
  Datum none_;
};

class ExistsScalar final : public ScalarExpression {
 public:
  ExistsScalar(const algebra::ExistsOperator& op, ScalarContext& context) : op_(op), context_(context) {}
  const Datum& evaluate(const ScalarRow& row) override {
    result_.set_boolean(context_.exists->exists(op_, row.row, *row.columns) != op_.negated);
    return result_;
  }

 private:
  const algebra::ExistsOperator& op_;
  ScalarContext& context_;
  Datum result_;
};

// Any function, by way of full values.
class CallScalar final : public ScalarExpression {
 public:
  CallScalar(const algebra::CallOperator& op, std::vector<ScalarPtr> arguments, ScalarContext& context)
      : op_(op),
        arguments_(std::move(arguments)),
        context_(context),
        steps_(context.run.budget()),
        held_(context.run.budget()) {}
  const Datum& evaluate(const ScalarRow& row) override {
    values_.clear();
    result_.set_none();
    for (const ScalarPtr& argument : arguments_) {
      const Datum& value = argument->evaluate(row);
      if (value.is_none()) return result_;
      steps_.add(value);
      values_.push_back(to_value(value));
    }
    // Nobody knows how long the program's own functions take.
    if (op_.function == nullptr) context_.run.budget().check();
    steps_.call();
    expr::Context& functions = context_.run.functions();
    result_.set_result(op_.function != nullptr ? op_.function->call(values_, functions)
                                               : expr::call_by_iri(op_.name, values_, functions));
    held_.hold(result_);
    return result_;
  }

 private:
  const algebra::CallOperator& op_;
  std::vector<ScalarPtr> arguments_;
  ScalarContext& context_;
  std::vector<Value> values_;
  Datum result_;
  CallSteps steps_;
  HeldText held_;
};

class Compiler {
 public:
  Compiler(const std::vector<Slot>& variables, ScalarContext& context) : variables_(variables), context_(context) {}

  [[nodiscard]] ScalarPtr compile(const ExpressionNode& node) {
    if (const auto* op = std::get_if<algebra::ConstantOperator>(&node.op)) {
      const Id id = op->constant.id.is_bound() ? op->constant.id : context_.run.terms().id(op->constant.term);
      return std::make_unique<ConstantScalar>(op->value, id);
    }
    if (const std::optional<expr::Result> value = plan::fold(node, context_.run.functions())) {
      return std::make_unique<ConstantScalar>(*value);
    }
    return std::visit([&](const auto& op) { return compile(op, node); }, node.op);
  }

 private:
  [[nodiscard]] std::vector<ScalarPtr> arguments(const ExpressionNode& node) {
    std::vector<ScalarPtr> result;
    result.reserve(node.arguments.size());
    for (const Expression& argument : node.arguments) result.push_back(compile(*argument));
    return result;
  }
  [[nodiscard]] ScalarPtr argument(const ExpressionNode& node, std::size_t i) { return compile(*node.arguments[i]); }
  [[nodiscard]] ScalarPtr variable(Slot slot) {
    const auto found = std::find(variables_.begin(), variables_.end(), slot);
    if (found == variables_.end()) return std::make_unique<UnboundScalar>();
    return std::make_unique<VariableScalar>(static_cast<std::size_t>(found - variables_.begin()));
  }

  ScalarPtr compile(const algebra::ConstantOperator& op, const ExpressionNode&) {
    return std::make_unique<ConstantScalar>(op.value, Id());
  }
  ScalarPtr compile(const algebra::VariableOperator& op, const ExpressionNode&) { return variable(op.slot); }
  ScalarPtr compile(const algebra::OrOperator&, const ExpressionNode& node) {
    return std::make_unique<ConnectiveScalar>(true, arguments(node));
  }
  ScalarPtr compile(const algebra::AndOperator&, const ExpressionNode& node) {
    return std::make_unique<ConnectiveScalar>(false, arguments(node));
  }
  ScalarPtr compile(const algebra::NotOperator&, const ExpressionNode& node) {
    return std::make_unique<NotScalar>(argument(node, 0));
  }
  ScalarPtr compile(const algebra::CompareOperator& op, const ExpressionNode& node) {
    return std::make_unique<CompareScalar>(op.op, argument(node, 0), argument(node, 1));
  }
  ScalarPtr compile(const algebra::ArithmeticOperator& op, const ExpressionNode& node) {
    return std::make_unique<ArithmeticScalar>(op.ops, arguments(node));
  }
  ScalarPtr compile(const algebra::NegateOperator&, const ExpressionNode& node) {
    return std::make_unique<SignScalar>(true, argument(node, 0));
  }
  ScalarPtr compile(const algebra::PlusOperator&, const ExpressionNode& node) {
    return std::make_unique<SignScalar>(false, argument(node, 0));
  }
  ScalarPtr compile(const algebra::InOperator& op, const ExpressionNode& node) {
    return std::make_unique<InScalar>(op.negated, arguments(node));
  }
  ScalarPtr compile(const algebra::BoundOperator& op, const ExpressionNode&) {
    return std::make_unique<BoundScalar>(variable(op.slot));
  }
  ScalarPtr compile(const algebra::IfOperator&, const ExpressionNode& node) {
    return std::make_unique<IfScalar>(arguments(node));
  }
  ScalarPtr compile(const algebra::CoalesceOperator&, const ExpressionNode& node) {
    return std::make_unique<CoalesceScalar>(arguments(node));
  }
  ScalarPtr compile(const algebra::ExistsOperator& op, const ExpressionNode&) {
    return std::make_unique<ExistsScalar>(op, context_);
  }
  ScalarPtr compile(const algebra::CallOperator& op, const ExpressionNode& node) {
    std::vector<ScalarPtr> operands = arguments(node);
    if (ScalarPtr light = compile_light_call(op, operands, context_)) return light;
    return std::make_unique<CallScalar>(op, std::move(operands), context_);
  }

  const std::vector<Slot>& variables_;
  ScalarContext& context_;
};

}  // namespace

ScalarPtr compile_scalar(const ExpressionNode& expression, const std::vector<Slot>& variables, ScalarContext& context) {
  return Compiler(variables, context).compile(expression);
}

}  // namespace akyn::exec

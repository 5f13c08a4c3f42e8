#include "engine/exec/column_node.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "engine/exec/expression_facts.h"
#include "engine/exec/id_kernels.h"
#include "engine/exec/scalar_node.h"
#include "engine/expr/operators.h"
#include "engine/plan/comparison_map.h"
#include "engine/plan/condition_map.h"
#include "engine/plan/fold.h"
#include "engine/plan/inlined_order.h"
#include "engine/term/date_time.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {

using algebra::Expression;
using algebra::ExpressionNode;
using plan::TruthMap;
using sparql::BinaryOperator;

const Frame& SubFrame::gather(const Frame& from, std::span<const std::uint32_t> rows,
                              const std::vector<std::size_t>& needed) {
  values_.resize(from.columns.size());
  columns_.assign(from.columns.size(), {});
  for (const std::size_t column : needed) {
    IdColumn& values = values_[column];
    values.resize(rows.size());
    const std::span<const std::uint64_t> source = from.columns[column];
    for (std::size_t i = 0; i < rows.size(); ++i) values[i] = source[rows[i]];
    columns_[column] = values;
  }
  numbers_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) numbers_[i] = from.numbers.empty() ? rows[i] : from.numbers[rows[i]];
  frame_ = {rows.size(), columns_, numbers_, from.first_solution};
  return frame_;
}

namespace {

constexpr std::uint64_t kFalseBits = Id(IdType::boolean, 0).bits();
constexpr std::uint64_t kTrueBits = Id(IdType::boolean, 1).bits();

// Base of nodes that work on Ids and ask a ScalarNode of the same expression about the rest.
class IdNode : public ColumnNode {
 public:
  IdNode(const ExpressionNode& expression, ColumnContext& context)
      : ColumnNode(facts_of(expression, context.columns).needed), expression_(expression), context_(context) {}

 protected:
  [[nodiscard]] ScalarNode& scalar() {
    if (!scalar_) scalar_ = std::make_unique<ScalarNode>(expression_, context_);
    return *scalar_;
  }
  // Replaces what is uncertain.
  void settle(const Frame& frame, TruthColumn& out) {
    rows_.clear();
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!plan::is_certain(out[i])) rows_.push_back(static_cast<std::uint32_t>(i));
    }
    if (rows_.empty()) return;
    if (rows_.size() == frame.rows) return scalar().truths(frame, out);
    scalar().truths(sub_frame_.gather(frame, rows_, needed()), truths_);
    for (std::size_t i = 0; i < rows_.size(); ++i) out[rows_[i]] = truths_[i];
  }
  // Replaces kAsk by Ids.
  void settle(const Frame& frame, IdColumn& out) {
    rows_.clear();
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] == kAsk) rows_.push_back(static_cast<std::uint32_t>(i));
    }
    if (rows_.empty()) return;
    if (rows_.size() == frame.rows) return scalar().ids(frame, out);
    scalar().ids(sub_frame_.gather(frame, rows_, needed()), ids_);
    for (std::size_t i = 0; i < rows_.size(); ++i) out[rows_[i]] = ids_[i];
  }

  [[nodiscard]] ColumnContext& context() const noexcept { return context_; }

 private:
  const ExpressionNode& expression_;
  ColumnContext& context_;
  std::unique_ptr<ScalarNode> scalar_;
  SubFrame sub_frame_;
  std::vector<std::uint32_t> rows_;
  TruthColumn truths_;
  IdColumn ids_;
};

// Of effective boolean values.
TruthMap boolean_map(runtime::LocalTerms& terms, expr::Context& context) {
  return plan::condition_map(ExpressionNode{algebra::VariableOperator{0}, {}}, 0, terms, context);
}

// Base of nodes that have values.
class ValueNode : public IdNode {
 public:
  using IdNode::IdNode;
  void ids(const Frame& frame, IdColumn& out) override {
    values(frame, out);
    settle(frame, out);
  }
  void truths(const Frame& frame, TruthColumn& out) override {
    if (!boolean_) {
      Run& run = context().scalar.run;
      boolean_ = std::make_unique<TruthKernel>(boolean_map(run.terms(), run.functions()));
    }
    values(frame, values_);
    if (!boolean_->apply(values_, out)) settle(frame, out);
  }

 private:
  std::unique_ptr<TruthKernel> boolean_;
  IdColumn values_;
};

// Base of nodes that are true, false or errors.
class TruthNode : public IdNode {
 public:
  using IdNode::IdNode;
  void values(const Frame& frame, IdColumn& out) override { ids(frame, out); }
  void ids(const Frame& frame, IdColumn& out) override {
    truths(frame, truths_);
    out.resize(truths_.size());
    std::transform(truths_.begin(), truths_.end(), out.begin(), [](Truths truth) {
      return truth == kTrue ? kTrueBits : truth == kFalse ? kFalseBits : std::uint64_t{0};
    });
  }

 private:
  TruthColumn truths_;
};

class VariableNode final : public ValueNode {
 public:
  VariableNode(const ExpressionNode& expression, ColumnContext& context) : ValueNode(expression, context) {}
  void values(const Frame& frame, IdColumn& out) override {
    if (needed().empty()) {
      out.assign(frame.rows, 0);
    } else {
      const std::span<const std::uint64_t> column = frame.columns[needed().front()];
      out.assign(column.begin(), column.end());
    }
  }
};

class ConstantNode final : public ColumnNode {
 public:
  ConstantNode(std::uint64_t id, Truths truth) : ColumnNode({}), id_(id), truth_(truth) {}
  void values(const Frame& frame, IdColumn& out) override { out.assign(frame.rows, id_); }
  void ids(const Frame& frame, IdColumn& out) override { out.assign(frame.rows, id_); }
  void truths(const Frame& frame, TruthColumn& out) override { out.assign(frame.rows, truth_); }
  [[nodiscard]] bool is_cheap() const noexcept override { return true; }

 private:
  std::uint64_t id_;
  Truths truth_;
};

// A condition on one column: the variable itself, or a computed one.
class MappedNode final : public TruthNode {
 public:
  MappedNode(const ExpressionNode& expression, const TruthMap& map, ColumnNodePtr operand, ColumnContext& context)
      : TruthNode(expression, context), kernel_(map), operand_(std::move(operand)) {}
  void truths(const Frame& frame, TruthColumn& out) override {
    if (operand_) operand_->values(frame, values_);
    const bool certain =
        kernel_.apply(operand_ ? std::span<const std::uint64_t>(values_) : frame.columns[needed().front()], out);
    if (!certain) settle(frame, out);
  }
  [[nodiscard]] bool is_cheap() const noexcept override { return !operand_ && kernel_.is_certain(); }

 private:
  TruthKernel kernel_;
  ColumnNodePtr operand_;  // null: the one needed column
  IdColumn values_;
};

// && and ||. An operand is evaluated for the rows that those before it leave open.
class ConnectiveNode final : public TruthNode {
 public:
  ConnectiveNode(const ExpressionNode& expression, Truths decisive, std::vector<ColumnNodePtr> operands,
                 ColumnContext& context)
      : TruthNode(expression, context), decisive_(decisive), operands_(std::move(operands)) {
    // The order makes no difference to the result (17.2).
    std::stable_partition(operands_.begin(), operands_.end(),
                          [](const ColumnNodePtr& operand) { return operand->is_cheap(); });
  }
  void truths(const Frame& frame, TruthColumn& out) override {
    operands_.front()->truths(frame, out);
    for (std::size_t i = 1; i < operands_.size(); ++i) {
      ColumnNode& operand = *operands_[i];
      rows_.clear();
      for (std::size_t row = 0; row < out.size(); ++row) {
        if (out[row] != decisive_) rows_.push_back(static_cast<std::uint32_t>(row));
      }
      if (rows_.empty()) return;
      if (operand.is_cheap() || rows_.size() == frame.rows) {
        operand.truths(frame, next_);
        for (const std::uint32_t row : rows_) out[row] = combined(out[row], next_[row]);
      } else {
        operand.truths(sub_frame_.gather(frame, rows_, operand.needed()), next_);
        for (std::size_t j = 0; j < rows_.size(); ++j) out[rows_[j]] = combined(out[rows_[j]], next_[j]);
      }
    }
  }

 private:
  [[nodiscard]] Truths combined(Truths left, Truths right) const {
    return decisive_ == kFalse ? plan::conjunction(left, right) : plan::disjunction(left, right);
  }

  Truths decisive_;
  std::vector<ColumnNodePtr> operands_;
  std::vector<std::uint32_t> rows_;
  TruthColumn next_;
  SubFrame sub_frame_;
};

class NotNode final : public TruthNode {
 public:
  NotNode(const ExpressionNode& expression, ColumnNodePtr operand, ColumnContext& context)
      : TruthNode(expression, context), operand_(std::move(operand)) {}
  void truths(const Frame& frame, TruthColumn& out) override {
    operand_->truths(frame, out);
    for (Truths& truth : out) truth = plan::negation(truth);
  }

 private:
  ColumnNodePtr operand_;
};

class CompareNode final : public TruthNode {
 public:
  CompareNode(const ExpressionNode& expression, BinaryOperator op, ColumnNodePtr left, ColumnNodePtr right,
              ColumnContext& context)
      : TruthNode(expression, context), kernel_(op), left_(std::move(left)), right_(std::move(right)) {}
  void truths(const Frame& frame, TruthColumn& out) override {
    left_->values(frame, left_values_);
    right_->values(frame, right_values_);
    kernel_.apply(left_values_, right_values_, out);
    settle(frame, out);
  }

 private:
  ComparisonKernel kernel_;
  ColumnNodePtr left_;
  ColumnNodePtr right_;
  IdColumn left_values_;
  IdColumn right_values_;
};

class SameTermNode final : public TruthNode {
 public:
  SameTermNode(const ExpressionNode& expression, ColumnNodePtr left, ColumnNodePtr right, ColumnContext& context)
      : TruthNode(expression, context), left_(std::move(left)), right_(std::move(right)) {}
  void truths(const Frame& frame, TruthColumn& out) override {
    left_->values(frame, left_values_);
    right_->values(frame, right_values_);
    out.resize(frame.rows);
    for (std::size_t i = 0; i < frame.rows; ++i) {
      const std::uint64_t a = left_values_[i];
      const std::uint64_t b = right_values_[i];
      out[i] = a == b ? kTrue : kFalse;
      if (a == 0 || b == 0) {
        out[i] = kError;
      } else if (a == kAsk || b == kAsk) {
        out[i] = plan::kAnyTruth;
      }
    }
    settle(frame, out);
  }

 private:
  ColumnNodePtr left_;
  ColumnNodePtr right_;
  IdColumn left_values_;
  IdColumn right_values_;
};

class ArithmeticNode final : public ValueNode {
 public:
  ArithmeticNode(const ExpressionNode& expression, std::vector<BinaryOperator> ops, std::vector<ColumnNodePtr> operands,
                 ColumnContext& context)
      : ValueNode(expression, context), ops_(std::move(ops)), operands_(std::move(operands)) {}
  void values(const Frame& frame, IdColumn& out) override {
    operands_.front()->values(frame, out);
    for (std::size_t i = 0; i < ops_.size(); ++i) {
      operands_[i + 1]->values(frame, next_);
      apply_arithmetic(ops_[i], next_, out);
    }
  }

 private:
  std::vector<BinaryOperator> ops_;
  std::vector<ColumnNodePtr> operands_;
  IdColumn next_;
};

// A function of one Id; it gives kAsk where the Id does not say.
class UnaryNode final : public ValueNode {
 public:
  using Function = std::uint64_t (*)(Id);

  UnaryNode(const ExpressionNode& expression, Function function, ColumnNodePtr operand, ColumnContext& context)
      : ValueNode(expression, context), function_(function), operand_(std::move(operand)) {}
  void values(const Frame& frame, IdColumn& out) override {
    operand_->values(frame, out);
    for (std::uint64_t& bits : out) {
      if (bits != 0 && bits != kAsk) bits = function_(Id::from_bits(bits));
    }
  }

 private:
  Function function_;
  ColumnNodePtr operand_;
};

constexpr std::int64_t kInlinedIntegers = std::int64_t{1} << 59;

std::uint64_t inlined(std::int64_t number) {
  if (number >= kInlinedIntegers) return kAsk;
  return Id(IdType::integer, static_cast<std::uint64_t>(number + kInlinedIntegers)).bits();
}
std::uint64_t same_integer(Id id) {
  return id.type() == IdType::integer ? id.bits() : kAsk;
}
std::uint64_t same_number(Id id) {
  return id.type() >= IdType::integer && id.type() <= IdType::double_ ? id.bits() : kAsk;
}
std::uint64_t negated(Id id) {
  return id.type() == IdType::integer ? inlined(-integer_payload_value(id.payload())) : kAsk;
}
std::uint64_t absolute(Id id) {
  if (id.type() != IdType::integer) return kAsk;
  const std::int64_t number = integer_payload_value(id.payload());
  return inlined(number < 0 ? -number : number);
}
bool is_date(Id id) {
  return id.type() == IdType::date || id.type() == IdType::date_zoned;
}
bool is_date_time(Id id) {
  return id.type() == IdType::date_time || id.type() == IdType::date_time_zoned;
}
CivilTime civil_of(Id id) {
  return civil_time(plan::inlined_moment(id).seconds);
}
std::uint64_t year(Id id) {
  return is_date(id) || is_date_time(id) ? inlined(civil_of(id).year) : kAsk;
}
std::uint64_t month(Id id) {
  return is_date(id) || is_date_time(id) ? inlined(civil_of(id).month) : kAsk;
}
std::uint64_t day(Id id) {
  return is_date(id) || is_date_time(id) ? inlined(civil_of(id).day) : kAsk;
}
std::uint64_t hours(Id id) {
  return is_date_time(id) ? inlined(civil_of(id).hour) : kAsk;
}
std::uint64_t minutes(Id id) {
  return is_date_time(id) ? inlined(civil_of(id).minute) : kAsk;
}

UnaryNode::Function unary_function(const ExpressionNode& node) {
  if (std::holds_alternative<algebra::NegateOperator>(node.op)) return negated;
  if (std::holds_alternative<algebra::PlusOperator>(node.op)) return same_number;
  const auto* call = std::get_if<algebra::CallOperator>(&node.op);
  if (call == nullptr || node.arguments.size() != 1) return nullptr;
  const std::string_view name = call->function != nullptr ? call->function->name : std::string_view(call->name);
  constexpr std::array<std::pair<std::string_view, UnaryNode::Function>, 10> kFunctions = {
      {{"ABS", absolute},
       {"CEIL", same_integer},
       {"FLOOR", same_integer},
       {"ROUND", same_integer},
       {"http://www.w3.org/2001/XMLSchema#integer", same_integer},
       {"YEAR", year},
       {"MONTH", month},
       {"DAY", day},
       {"HOURS", hours},
       {"MINUTES", minutes}}};
  for (const auto& [function_name, function] : kFunctions) {
    if (function_name == name) return function;
  }
  return nullptr;
}

// IF and COALESCE: an operand is evaluated for the rows that take it.
class ChoiceNode final : public ValueNode {
 public:
  ChoiceNode(const ExpressionNode& expression, bool conditional, std::vector<ColumnNodePtr> operands,
             ColumnContext& context)
      : ValueNode(expression, context), conditional_(conditional), operands_(std::move(operands)) {}
  void values(const Frame& frame, IdColumn& out) override { choose(frame, false, out); }
  void ids(const Frame& frame, IdColumn& out) override { choose(frame, true, out); }

 private:
  void choose(const Frame& frame, bool as_ids, IdColumn& out) {
    out.assign(frame.rows, 0);
    if (conditional_) {
      operands_[0]->truths(frame, truths_);
      for (const Truths wanted : {kTrue, kFalse}) {
        rows_.clear();
        for (std::size_t i = 0; i < frame.rows; ++i) {
          if (truths_[i] == wanted) rows_.push_back(static_cast<std::uint32_t>(i));
        }
        take(*operands_[wanted == kTrue ? 1 : 2], frame, as_ids, out);
      }
      return;
    }
    for (const ColumnNodePtr& operand : operands_) {
      rows_.clear();
      for (std::size_t i = 0; i < frame.rows; ++i) {
        if (out[i] == 0) rows_.push_back(static_cast<std::uint32_t>(i));
      }
      take(*operand, frame, as_ids, out);
    }
  }
  void take(ColumnNode& operand, const Frame& frame, bool as_ids, IdColumn& out) {
    if (rows_.empty()) return;
    const Frame& part = sub_frame_.gather(frame, rows_, operand.needed());
    if (as_ids) {
      operand.ids(part, next_);
    } else {
      operand.values(part, next_);
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) out[rows_[i]] = next_[i];
  }

  bool conditional_;
  std::vector<ColumnNodePtr> operands_;
  TruthColumn truths_;
  std::vector<std::uint32_t> rows_;
  IdColumn next_;
  SubFrame sub_frame_;
};

class Compiler {
 public:
  explicit Compiler(ColumnContext& context) : context_(context) {}

  [[nodiscard]] ColumnNodePtr compile(const ExpressionNode& node) {
    Run& run = context_.scalar.run;
    if (const auto* constant = std::get_if<algebra::ConstantOperator>(&node.op)) {
      const Id id = constant->constant.id;
      return this->constant(constant->value, id.is_bound() ? id : run.terms().id(constant->constant.term));
    }
    if (const std::optional<expr::Result> value = plan::fold(node, run.functions())) {
      return constant(*value, *value ? run.terms().id(**value) : Id());
    }
    if (std::holds_alternative<algebra::VariableOperator>(node.op)) {
      return std::make_unique<VariableNode>(node, context_);
    }
    const ExpressionFacts facts = facts_of(node, context_.columns);
    if (ColumnNodePtr mapped = condition_on_one(node, facts)) return mapped;
    if (std::holds_alternative<algebra::OrOperator>(node.op)) {
      return std::make_unique<ConnectiveNode>(node, kTrue, arguments(node), context_);
    }
    if (std::holds_alternative<algebra::AndOperator>(node.op)) {
      return std::make_unique<ConnectiveNode>(node, kFalse, arguments(node), context_);
    }
    if (std::holds_alternative<algebra::NotOperator>(node.op)) {
      return std::make_unique<NotNode>(node, compile(*node.arguments[0]), context_);
    }
    // Each solution is evaluated once, as a whole.
    if (!facts.deterministic) return std::make_unique<ScalarNode>(node, context_);
    if (std::holds_alternative<algebra::IfOperator>(node.op)) {
      return std::make_unique<ChoiceNode>(node, true, arguments(node), context_);
    }
    if (std::holds_alternative<algebra::CoalesceOperator>(node.op)) {
      return std::make_unique<ChoiceNode>(node, false, arguments(node), context_);
    }
    if (ColumnNodePtr on_ids = on_numbers(node)) return on_ids;
    return std::make_unique<ScalarNode>(node, context_);
  }

 private:
  [[nodiscard]] std::vector<ColumnNodePtr> arguments(const ExpressionNode& node) {
    std::vector<ColumnNodePtr> result;
    result.reserve(node.arguments.size());
    for (const Expression& argument : node.arguments) result.push_back(compile(*argument));
    return result;
  }
  [[nodiscard]] static ColumnNodePtr constant(const expr::Result& value, Id id) {
    const std::optional<bool> truth = value ? expr::effective_boolean(*value) : std::nullopt;
    return std::make_unique<ConstantNode>(id.bits(), !truth ? kError : *truth ? kTrue : kFalse);
  }

  // A condition on one variable, where its map says something.
  [[nodiscard]] ColumnNodePtr condition_on_one(const ExpressionNode& node, const ExpressionFacts& facts) {
    if (facts.variables.size() != 1 || facts.has_exists || !facts.deterministic) return nullptr;
    if (class_of(node) != ValueClass::truth) return nullptr;
    Run& run = context_.scalar.run;
    const TruthMap map =
        plan::condition_map(node, context_.columns[facts.variables.front()], run.terms(), run.functions());
    const std::span<const TruthMap::Piece> pieces = map.pieces();
    if (std::none_of(pieces.begin(), pieces.end(), [](const TruthMap::Piece& piece) {
          return piece.first >= plan::first_bits(IdType::blank) && plan::is_certain(piece.truths);
        })) {
      return nullptr;
    }
    return std::make_unique<MappedNode>(node, map, nullptr, context_);
  }

  // Comparisons, arithmetic and functions whose operands are variables, constants, numbers and truth values.
  [[nodiscard]] ColumnNodePtr on_numbers(const ExpressionNode& node) {
    Run& run = context_.scalar.run;
    const auto has_ids = [&](const Expression& argument) {
      return class_of(*argument) != ValueClass::other || plan::fold(*argument, run.functions()).has_value();
    };
    if (!std::all_of(node.arguments.begin(), node.arguments.end(), has_ids)) return nullptr;

    if (const auto* op = std::get_if<algebra::CompareOperator>(&node.op)) {
      for (const std::size_t side : {0, 1}) {
        const std::optional<expr::Result> value = plan::fold(*node.arguments[1 - side], run.functions());
        if (!value || !*value) continue;
        const TruthMap map = plan::comparison_map(side == 0 ? op->op : plan::mirrored(op->op), **value, run.terms());
        return std::make_unique<MappedNode>(node, map, compile(*node.arguments[side]), context_);
      }
      return std::make_unique<CompareNode>(node, op->op, compile(*node.arguments[0]), compile(*node.arguments[1]),
                                           context_);
    }
    if (const auto* op = std::get_if<algebra::ArithmeticOperator>(&node.op)) {
      return std::make_unique<ArithmeticNode>(node, op->ops, arguments(node), context_);
    }
    if (const UnaryNode::Function function = unary_function(node)) {
      return std::make_unique<UnaryNode>(node, function, compile(*node.arguments[0]), context_);
    }
    if (const auto* op = std::get_if<algebra::CallOperator>(&node.op)) {
      if (op->function != nullptr && op->function->name == "sameTerm" && node.arguments.size() == 2) {
        return std::make_unique<SameTermNode>(node, compile(*node.arguments[0]), compile(*node.arguments[1]), context_);
      }
    }
    return nullptr;
  }

  ColumnContext& context_;
};

}  // namespace

ColumnNodePtr compile_columns(const ExpressionNode& expression, ColumnContext& context) {
  return Compiler(context).compile(expression);
}

}  // namespace akyn::exec

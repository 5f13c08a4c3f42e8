#include "engine/plan/condition_map.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/expr/operators.h"
#include "engine/expr/regex_cache.h"
#include "engine/plan/comparison_map.h"
#include "engine/plan/fold.h"
#include "engine/plan/string_map.h"
#include "engine/term/datatype.h"

namespace akyn::plan {
namespace {

using algebra::Expression;
using algebra::ExpressionNode;
using expr::Result;
using expr::Value;
using sparql::BinaryOperator;

constexpr std::array kLiteralTypes = {IdType::string,  IdType::lang_string, IdType::typed,     IdType::valued,
                                      IdType::boolean, IdType::integer,     IdType::decimal,   IdType::double_,
                                      IdType::date,    IdType::date_zoned,  IdType::date_time, IdType::date_time_zoned};

constexpr Truths certain(bool truth) {
  return truth ? kTrue : kFalse;
}

Truths truth_of(const Result& value) {
  const std::optional<bool> truth = value ? expr::effective_boolean(*value) : std::nullopt;
  return truth ? certain(*truth) : kError;
}

// A map of a function of terms: `unbound`, and the same for all others until something else is set.
TruthMap function_map(Truths others) {
  TruthMap map(others);
  map.set(IdType::unbound, kAnyTruth);
  map.set(0, 0, kError);
  return map;
}

class Analysis {
 public:
  Analysis(algebra::Slot variable, runtime::LocalTerms& terms, expr::Context& context)
      : variable_(variable), terms_(terms), context_(context) {}

  [[nodiscard]] TruthMap condition(const ExpressionNode& node) {
    if (const std::optional<Result> constant = fold(node, context_)) return TruthMap(truth_of(*constant));
    if (is_variable(node)) return effective_boolean();
    if (std::holds_alternative<algebra::OrOperator>(node.op)) return all_of(node, 0, node.arguments.size(), false);
    if (std::holds_alternative<algebra::AndOperator>(node.op)) return all_of(node, 0, node.arguments.size(), true);
    if (std::holds_alternative<algebra::NotOperator>(node.op)) return !condition(*node.arguments[0]);
    if (const auto* op = std::get_if<algebra::CompareOperator>(&node.op)) return comparison(op->op, node);
    if (const auto* op = std::get_if<algebra::InOperator>(&node.op)) return in(op->negated, node);
    if (const auto* op = std::get_if<algebra::BoundOperator>(&node.op)) {
      if (op->slot != variable_) return TruthMap(kTrue | kFalse);
      TruthMap map(kTrue);
      map.set(0, 0, kFalse);
      return map;
    }
    if (std::holds_alternative<algebra::ExistsOperator>(node.op)) return TruthMap(kTrue | kFalse);
    if (const auto* op = std::get_if<algebra::CallOperator>(&node.op); op != nullptr && op->function != nullptr) {
      return call(op->function->name, node);
    }
    return TruthMap();
  }

 private:
  [[nodiscard]] bool is_variable(const ExpressionNode& node) const {
    const auto* op = std::get_if<algebra::VariableOperator>(&node.op);
    return op != nullptr && op->slot == variable_;
  }
  // A call of a function of one argument, on the variable.
  [[nodiscard]] bool is_call_on_variable(const ExpressionNode& node, std::string_view name) const {
    const auto* op = std::get_if<algebra::CallOperator>(&node.op);
    return op != nullptr && op->function != nullptr && op->function->name == name && node.arguments.size() == 1 &&
           is_variable(*node.arguments[0]);
  }
  [[nodiscard]] std::optional<std::string> constant_string(const ExpressionNode& node) {
    const std::optional<Result> value = fold(node, context_);
    if (!value || !*value || (*value)->kind() != expr::ValueKind::string) return std::nullopt;
    return std::string((*value)->text());
  }

  // The conjunction or disjunction of arguments [first, last), in pairs, so that long ones do not take time squared.
  [[nodiscard]] TruthMap all_of(const ExpressionNode& node, std::size_t first, std::size_t last, bool conjunctive) {
    if (last - first == 1) return condition(*node.arguments[first]);
    const std::size_t middle = first + (last - first) / 2;
    const TruthMap left = all_of(node, first, middle, conjunctive);
    const TruthMap right = all_of(node, middle, last, conjunctive);
    return conjunctive ? TruthMap::conjunction(left, right) : TruthMap::disjunction(left, right);
  }

  // 17.2.2: the variable as a condition.
  [[nodiscard]] TruthMap effective_boolean() {
    TruthMap map = function_map(kError);
    map.set(IdType::string, kTrue);
    const std::uint64_t empty = terms_.id(literal("")).bits();
    map.set(empty, empty, kFalse);
    map.set(IdType::typed, kAnyTruth);
    map.set(IdType::valued, kAnyTruth);
    const TruthMap nonzero = comparison_map(BinaryOperator::not_equal, Value::integer(0), terms_);
    for (const TruthMap::Piece& piece : nonzero.pieces()) {
      map.set(std::max(piece.first, first_bits(IdType::integer)), last_bits(IdType::double_), piece.truths);
    }
    const std::uint64_t nan = terms_.id(Value::double_(std::numeric_limits<double>::quiet_NaN())).bits();
    map.set(nan, last_bits(IdType::double_), kFalse);
    map.set(first_bits(IdType::boolean), first_bits(IdType::boolean), kFalse);
    map.set(first_bits(IdType::boolean) + 1, last_bits(IdType::boolean), kTrue);
    return map;
  }

  [[nodiscard]] TruthMap comparison(BinaryOperator op, const ExpressionNode& node) {
    for (const std::size_t side : {0, 1}) {
      const ExpressionNode& subject = *node.arguments[side];
      const BinaryOperator directed = side == 0 ? op : mirrored(op);
      const bool variable = is_variable(subject);
      const bool language = is_call_on_variable(subject, "LANG");
      const bool datatype = is_call_on_variable(subject, "DATATYPE");
      if (!variable && !language && !datatype) continue;
      const std::optional<Result> value = fold(*node.arguments[1 - side], context_);
      if (!value) return TruthMap();
      if (!*value) return TruthMap(kError);
      if (variable) return comparison_map(directed, **value, terms_);
      if (op != BinaryOperator::equal && op != BinaryOperator::not_equal) return TruthMap();
      TruthMap map = language ? language_map(**value) : datatype_map(**value);
      return op == BinaryOperator::equal ? map : !map;
    }
    return TruthMap();
  }

  // LANG(?x) = value
  [[nodiscard]] TruthMap language_map(const Value& value) {
    TruthMap map = function_map(kError);
    const auto compare = [&](const char* language) { return truth_of_equality(Value::string(language), value); };
    for (const IdType type : kLiteralTypes) map.set(type, compare(""));
    if (value.kind() != expr::ValueKind::string) {
      map.set(IdType::lang_string, compare("en"));
      return map;
    }
    map.set(IdType::lang_string, value.text().empty() ? kFalse : Truths{kTrue | kFalse});
    if (!value.text().empty()) exclude_other_languages(map, value.text(), terms_);
    return map;
  }

  // DATATYPE(?x) = value
  [[nodiscard]] TruthMap datatype_map(const Value& value) {
    TruthMap map = function_map(kError);
    const auto set = [&](IdType type, Datatype datatype) {
      map.set(type, truth_of_equality(Value::iri(std::string(datatype_iri(datatype))), value));
    };
    set(IdType::string, Datatype::string);
    set(IdType::boolean, Datatype::boolean);
    set(IdType::integer, Datatype::integer);
    set(IdType::decimal, Datatype::decimal);
    set(IdType::double_, Datatype::double_);
    set(IdType::date, Datatype::date);
    set(IdType::date_zoned, Datatype::date);
    set(IdType::date_time, Datatype::date_time);
    set(IdType::date_time_zoned, Datatype::date_time);
    const Truths open = value.is_iri() ? Truths{kTrue | kFalse} : Truths{kAnyTruth};
    map.set(IdType::typed, open);
    map.set(IdType::valued, open);
    map.set(IdType::lang_string, open);
    return map;
  }

  [[nodiscard]] static Truths truth_of_equality(const Value& left, const Value& right) {
    const std::optional<bool> same = expr::equal(left, right);
    return same ? certain(*same) : kError;
  }

  // 17.4.1.9: a disjunction of equalities.
  [[nodiscard]] TruthMap in(bool negated, const ExpressionNode& node) {
    if (node.arguments.size() == 1 || !is_variable(*node.arguments[0])) return TruthMap();
    const TruthMap map = one_of(node, 1, node.arguments.size());
    return negated ? !map : map;
  }
  [[nodiscard]] TruthMap one_of(const ExpressionNode& node, std::size_t first, std::size_t last) {
    if (last - first > 1) {
      const std::size_t middle = first + (last - first) / 2;
      return TruthMap::disjunction(one_of(node, first, middle), one_of(node, middle, last));
    }
    const std::optional<Result> value = fold(*node.arguments[first], context_);
    if (!value) return TruthMap();
    return *value ? comparison_map(BinaryOperator::equal, **value, terms_) : TruthMap(kError);
  }

  [[nodiscard]] TruthMap call(std::string_view name, const ExpressionNode& node) {
    if (node.arguments.empty()) return TruthMap();
    const ExpressionNode& first = *node.arguments[0];
    if (name == "LANGMATCHES" && is_call_on_variable(first, "LANG")) return language_range(*node.arguments[1]);
    const bool of_str = is_call_on_variable(first, "STR");
    if (!of_str && !is_variable(first)) return TruthMap();
    if (name == "STRSTARTS" || name == "STRENDS" || name == "CONTAINS" || name == "REGEX") {
      return string_test(name, node, of_str);
    }
    if (of_str) return TruthMap();
    if (name == "sameTerm") return same_term(*node.arguments[1]);

    TruthMap map = function_map(kFalse);
    if (name == "isIRI" || name == "isURI") {
      map.set(IdType::iri, kTrue);
    } else if (name == "isBLANK") {
      map.set(IdType::blank, kTrue);
    } else if (name == "isTRIPLE") {
      map.set(IdType::triple, kTrue);
    } else if (name == "isLITERAL") {
      for (const IdType type : kLiteralTypes) map.set(type, kTrue);
    } else if (name == "isNUMERIC") {
      for (const IdType type : {IdType::integer, IdType::decimal, IdType::double_}) map.set(type, kTrue);
      map.set(IdType::valued, kTrue | kFalse);
      set_valued_numbers(map, kTrue, kFalse, terms_);
    } else if (name == "hasLANG") {
      map.set(IdType::lang_string, kTrue);
    } else if (name == "hasLANGDIR") {
      map.set(IdType::lang_string, kTrue | kFalse);
    } else {
      return TruthMap();
    }
    return map;
  }

  [[nodiscard]] TruthMap same_term(const ExpressionNode& other) {
    const auto* constant = std::get_if<algebra::ConstantOperator>(&other.op);
    if (constant == nullptr) return TruthMap();
    const Id id = constant->constant.id.is_bound() ? constant->constant.id : terms_.id(constant->constant.term);
    TruthMap map = function_map(kFalse);
    map.set(id.bits(), id.bits(), kTrue);
    return map;
  }

  // LANGMATCHES(LANG(?x), range)
  [[nodiscard]] TruthMap language_range(const ExpressionNode& range) {
    const std::optional<std::string> text = constant_string(range);
    if (!text) return TruthMap();
    TruthMap map = function_map(kError);
    for (const IdType type : kLiteralTypes) map.set(type, kFalse);
    if (!text->empty()) map.set(IdType::lang_string, *text == "*" ? kTrue : Truths{kTrue | kFalse});
    return map;
  }

  // STRSTARTS, STRENDS, CONTAINS and REGEX with a constant: of the variable or of its STR.
  [[nodiscard]] TruthMap string_test(std::string_view name, const ExpressionNode& node, bool of_str) {
    const std::optional<std::string> text = constant_string(*node.arguments[1]);
    if (!text) return TruthMap();
    const bool regex = name == "REGEX";
    const bool flags = node.arguments.size() > 2;
    // Patterns and flags that are no good are errors for all.
    const Truths open = regex ? Truths{kAnyTruth} : Truths{kTrue | kFalse};
    TruthMap map = function_map(kError);
    map.set(IdType::string, open);
    map.set(IdType::lang_string, open);
    if (of_str) {
      for (const IdType type : kLiteralTypes) map.set(type, open);
      map.set(IdType::iri, open);
    }
    std::optional<Prefix> prefix;
    if (name == "STRSTARTS") prefix = Prefix{*text, true};
    if (regex && !flags && context_.regexes.get(*text, "") != nullptr) prefix = regex_prefix(*text);
    if (prefix) {
      set_prefix(map, IdType::string, *prefix, terms_);
      if (of_str) set_prefix(map, IdType::iri, *prefix, terms_);
    }
    return map;
  }

  algebra::Slot variable_;
  runtime::LocalTerms& terms_;
  expr::Context& context_;
};

}  // namespace

TruthMap condition_map(const ExpressionNode& condition, algebra::Slot variable, runtime::LocalTerms& terms,
                       expr::Context& context) {
  return Analysis(variable, terms, context).condition(condition);
}

}  // namespace akyn::plan

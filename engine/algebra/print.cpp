#include "engine/algebra/print.h"

#include <array>
#include <string_view>
#include <utility>

#include "parser/sparql/path_suffix.h"

namespace akyn::algebra {

namespace {

std::string variable_text(Slot slot, const VariableTable& variables) {
  // A planner has slots of its own beyond those of the table.
  if (slot >= variables.size()) return "." + std::to_string(slot);
  return variables.is_named(slot) ? '?' + variables.name(slot) : variables.name(slot);
}

std::string term_text(const PatternTerm& pattern, const VariableTable& variables) {
  if (const auto* constant = std::get_if<Constant>(&pattern)) return constant->term.to_string();
  if (const auto* variable = std::get_if<Variable>(&pattern)) return variable_text(variable->slot, variables);
  if (const auto* blank = std::get_if<TemplateBlank>(&pattern)) return "_:" + std::to_string(blank->index);
  return "<<( " + to_string(*std::get<std::shared_ptr<const TripleTerm>>(pattern), variables) + " )>>";
}

std::string name_text(const std::variant<Constant, Variable>& name, const VariableTable& variables) {
  if (const auto* constant = std::get_if<Constant>(&name)) return constant->term.to_string();
  return variable_text(std::get<Variable>(name).slot, variables);
}

std::string_view symbol(sparql::BinaryOperator op) {
  static constexpr std::array<std::string_view, 12> kSymbols = {"||", "&&", "=", "!=", "<", ">",
                                                                "<=", ">=", "+", "-",  "*", "/"};
  return kSymbols[static_cast<std::size_t>(op)];
}

std::string_view aggregate_name(expr::AggregateKind kind) {
  static constexpr std::array<std::string_view, 7> kNames = {"COUNT", "SUM",    "MIN",         "MAX",
                                                             "AVG",   "SAMPLE", "GROUP_CONCAT"};
  return kNames[static_cast<std::size_t>(kind)];
}

template <class Range, class Text>
std::string join_text(const Range& parts, std::string_view separator, Text text) {
  std::string result;
  bool first = true;
  for (const auto& part : parts) {
    if (!first) result += separator;
    first = false;
    result += text(part);
  }
  return result;
}

std::string list_text(const std::vector<Expression>& list, const VariableTable& variables,
                      std::string_view separator = ", ") {
  return join_text(list, separator, [&](const Expression& part) { return to_string(*part, variables); });
}

std::string aggregate_text(const Aggregate& aggregate, const VariableTable& variables) {
  const bool custom = aggregate.kind == expr::AggregateKind::custom;
  std::string result = custom ? '<' + aggregate.iri + '>' : std::string(aggregate_name(aggregate.kind));
  result += aggregate.distinct ? "(DISTINCT " : "(";
  result += aggregate.arguments.empty() && !custom ? "*" : list_text(aggregate.arguments, variables);
  if (aggregate.kind == expr::AggregateKind::group_concat) {
    result += "; SEPARATOR=" + literal(aggregate.separator).to_string();
  }
  return result + ") AS " + variable_text(aggregate.slot, variables);
}

struct Line {
  const VariableTable& variables;

  std::string operator()(const BasicGraph& graph) const {
    if (graph.triples.empty()) return "Unit";
    return "BasicGraph " +
           join_text(graph.triples, " . ", [&](const Triple& triple) { return to_string(triple, variables); });
  }
  std::string operator()(const PathPattern& pattern) const {
    return "Path " + term_text(pattern.subject, variables) + ' ' + to_string(*pattern.path) + ' ' +
           term_text(pattern.object, variables);
  }
  std::string operator()(const PathSearch& search) const { return to_string(search, variables); }
  std::string operator()(const Unnest& unnest) const {
    return "Unnest " + to_string(*unnest.expression, variables) + " AS " +
           slots({unnest.position, unnest.from, unnest.edge, unnest.to});
  }
  std::string operator()(const Values& values) const {
    std::string result = "Values (" + slots(values.slots) + ")";
    for (const auto& row : values.rows) {
      result += " (";
      result += join_text(row, " ", [](const auto& cell) { return cell ? cell->term.to_string() : "UNDEF"; });
      result += ')';
    }
    return result;
  }
  std::string operator()(const Join&) const { return "Join"; }
  std::string operator()(const LeftJoin& join) const {
    return join.conditions.empty() ? "LeftJoin" : "LeftJoin " + list_text(join.conditions, variables, " && ");
  }
  std::string operator()(const Minus&) const { return "Minus"; }
  std::string operator()(const Union&) const { return "Union"; }
  std::string operator()(const Filter& filter) const {
    return "Filter " + list_text(filter.conditions, variables, " && ");
  }
  std::string operator()(const Extend& extend) const {
    return "Extend " + variable_text(extend.slot, variables) + " := " + to_string(*extend.expression, variables);
  }
  std::string operator()(const Graph& graph) const { return "Graph " + name_text(graph.name, variables); }
  std::string operator()(const Service& service) const {
    return (service.silent ? "Service SILENT " : "Service ") + name_text(service.endpoint, variables);
  }
  std::string operator()(const Group& group) const {
    std::string result = "Group (";
    result += join_text(group.keys, ", ", [&](const auto& key) {
      const auto* plain = std::get_if<VariableOperator>(&key.second->op);
      const std::string slot = variable_text(key.first, variables);
      return plain != nullptr && plain->slot == key.first ? slot : to_string(*key.second, variables) + " AS " + slot;
    });
    result += ')';
    for (const Aggregate& aggregate : group.aggregates) result += ' ' + aggregate_text(aggregate, variables);
    return result;
  }
  std::string operator()(const OrderBy& order) const {
    return "OrderBy " + join_text(order.keys, ", ", [&](const OrderBy::Key& key) {
             return (key.descending ? "DESC " : "") + to_string(*key.expression, variables);
           });
  }
  std::string operator()(const Project& project) const { return "Project (" + slots(project.slots) + ")"; }
  std::string operator()(const Distinct&) const { return "Distinct"; }
  std::string operator()(const Reduced&) const { return "Reduced"; }
  std::string operator()(const Slice& slice) const {
    std::string result = "Slice";
    if (slice.offset != 0) result += " offset " + std::to_string(slice.offset);
    if (slice.limit) result += " limit " + std::to_string(*slice.limit);
    return result;
  }

  [[nodiscard]] std::string slots(const std::vector<Slot>& list) const {
    return join_text(list, " ", [&](Slot slot) { return variable_text(slot, variables); });
  }
};

struct ExpressionText {
  const ExpressionNode& node;
  const VariableTable& variables;

  std::string operator()(const ConstantOperator& op) const { return op.constant.term.to_string(); }
  std::string operator()(const VariableOperator& op) const { return variable_text(op.slot, variables); }
  std::string operator()(const OrOperator&) const { return '(' + list_text(node.arguments, variables, " || ") + ')'; }
  std::string operator()(const AndOperator&) const { return '(' + list_text(node.arguments, variables, " && ") + ')'; }
  std::string operator()(const NotOperator&) const { return '!' + argument(0); }
  std::string operator()(const CompareOperator& op) const {
    return '(' + argument(0) + ' ' + std::string(symbol(op.op)) + ' ' + argument(1) + ')';
  }
  std::string operator()(const ArithmeticOperator& op) const {
    std::string result(op.ops.size(), '(');
    result += argument(0);
    for (std::size_t i = 0; i < op.ops.size(); ++i) {
      result += ' ';
      result += symbol(op.ops[i]);
      result += ' ' + argument(i + 1) + ')';
    }
    return result;
  }
  std::string operator()(const NegateOperator&) const { return '-' + argument(0); }
  std::string operator()(const PlusOperator&) const { return '+' + argument(0); }
  std::string operator()(const InOperator& op) const {
    const std::vector<Expression> choices(node.arguments.begin() + 1, node.arguments.end());
    return '(' + argument(0) + (op.negated ? " NOT IN (" : " IN (") + list_text(choices, variables) + "))";
  }
  std::string operator()(const BoundOperator& op) const { return "BOUND(" + variable_text(op.slot, variables) + ')'; }
  std::string operator()(const IfOperator&) const { return "IF(" + list_text(node.arguments, variables) + ')'; }
  std::string operator()(const CoalesceOperator&) const {
    return "COALESCE(" + list_text(node.arguments, variables) + ')';
  }
  std::string operator()(const ExistsOperator& op) const {
    std::string pattern = to_string(*op.pattern, variables);
    pattern.pop_back();
    std::string line;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] != '\n') {
        line += pattern[i];
        continue;
      }
      line += ';';
      while (i + 2 < pattern.size() && pattern[i + 1] == ' ' && pattern[i + 2] == ' ') ++i;
    }
    return (op.negated ? "NOT EXISTS { " : "EXISTS { ") + line + " }";
  }
  std::string operator()(const CallOperator& op) const {
    const std::string name = op.name.find(':') == std::string::npos ? op.name : '<' + op.name + '>';
    return name + '(' + list_text(node.arguments, variables) + ')';
  }

  [[nodiscard]] std::string argument(std::size_t i) const { return to_string(*node.arguments[i], variables); }
};

struct PathText {
  std::string operator()(const sparql::PathLink& link) const { return link.iri.to_string(); }
  std::string operator()(const sparql::PathInverse& inverse) const { return '^' + to_string(*inverse.path); }
  std::string operator()(const sparql::PathSequence& sequence) const {
    return '(' + join_text(sequence.steps, "/", [](const sparql::Path& step) { return to_string(*step); }) + ')';
  }
  std::string operator()(const sparql::PathAlternative& alternative) const {
    return '(' + join_text(alternative.choices, "|", [](const sparql::Path& path) { return to_string(*path); }) + ')';
  }
  std::string operator()(const sparql::PathRepeat& repeat) const {
    return '(' + to_string(*repeat.path) + ')' + sparql::suffix_of(repeat);
  }
  std::string operator()(const sparql::PathNegated& negated) const {
    std::string result = join_text(negated.forward, "|", [](const Term& iri) { return iri.to_string(); });
    if (!negated.forward.empty() && !negated.inverse.empty()) result += '|';
    result += join_text(negated.inverse, "|", [](const Term& iri) { return '^' + iri.to_string(); });
    return "!(" + result + ')';
  }
  std::string operator()(const sparql::PathEither& either) const {
    const std::string path = to_string(*either.path);
    return std::holds_alternative<sparql::PathRepeat>(either.path->node) ? "~(" + path + ')' : '~' + path;
  }
  std::string operator()(const sparql::PathStep& step) const { return "STEP " + step.iri.to_string(); }
};

}  // namespace

std::string to_string(const Triple& triple, const VariableTable& variables) {
  return term_text(triple.subject, variables) + ' ' + term_text(triple.predicate, variables) + ' ' +
         term_text(triple.object, variables);
}

std::string selection_text(const PathSearch& search) {
  using sparql::PathSelector;
  static constexpr std::array<std::string_view, 9> kSelectors = {
      "ALL", "ANY", "ANY SHORTEST", "ALL SHORTEST", "SHORTEST", "SHORTEST", "ANY CHEAPEST", "ALL CHEAPEST", "CHEAPEST"};
  static constexpr std::array<std::string_view, 4> kModes = {" WALK", " TRAIL", " ACYCLIC", " SIMPLE"};
  std::string text(kSelectors[static_cast<std::size_t>(search.selector)]);
  const bool counted = search.selector == PathSelector::any || search.selector == PathSelector::shortest ||
                       search.selector == PathSelector::shortest_groups || search.selector == PathSelector::cheapest;
  if (counted) text += ' ' + std::to_string(search.count);
  if (search.selector == PathSelector::shortest_groups) text += " GROUPS";
  return text + std::string(kModes[static_cast<std::size_t>(search.mode)]);
}

std::string to_string(const PathSearch& search, const VariableTable& variables) {
  std::string text = "PathSearch " + variable_text(search.path, variables) + " = " + selection_text(search) + " (" +
                     term_text(search.subject, variables) + ' ' + to_string(*search.expression) + ' ' +
                     term_text(search.object, variables) + ')';
  if (search.min_length != 0) text += " MIN LENGTH " + std::to_string(search.min_length);
  if (search.max_length) text += " MAX LENGTH " + std::to_string(*search.max_length);
  for (const PathSearch::Inner& inner : search.inner) {
    text += " INNER " + variable_text(inner.node, variables) + ' ' + list_text(inner.conditions, variables, " && ");
  }
  return text;
}

std::string to_string(const sparql::PathNode& path) {
  return std::visit(PathText{}, path.node);
}

std::string to_string(const ExpressionNode& expression, const VariableTable& variables) {
  return std::visit(ExpressionText{expression, variables}, expression.op);
}

std::string to_string(const Node& node, const VariableTable& variables) {
  std::string result;
  std::vector<std::pair<const Node*, std::size_t>> pending{{&node, 0}};
  while (!pending.empty()) {
    const auto [current, depth] = pending.back();
    pending.pop_back();
    result.append(2 * depth, ' ');
    result += std::visit(Line{variables}, current->op);
    result += '\n';
    for (std::size_t i = current->inputs.size(); i-- > 0;) pending.emplace_back(current->inputs[i].get(), depth + 1);
  }
  return result;
}

std::string to_string(const Query& query) {
  return to_string(*query.root, query.variables);
}

}  // namespace akyn::algebra

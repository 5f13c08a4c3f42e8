#include "engine/algebra/sparql_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/algebra/print.h"
#include "parser/sparql/path_suffix.h"

namespace akyn::algebra {

namespace {

constexpr std::array<std::string_view, 12> kOperators = {" || ", " && ", " = ", " != ", " < ", " > ",
                                                         " <= ", " >= ", " + ", " - ",  " * ", " / "};
constexpr std::array<std::string_view, 7> kAggregates = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"};

template <class Op>
bool is(const Node& node) {
  return std::holds_alternative<Op>(node.op);
}

// Stands as an element in a group of others without brackets of its own.
bool is_element(const Node& node) {
  return is<BasicGraph>(node) || is<PathPattern>(node) || is<PathSearch>(node) || is<Values>(node) || is<Union>(node) ||
         is<Graph>(node) || is<Service>(node);
}

// Continues the group that its first input begins.
bool continues_group(const Node& node) {
  return is<Join>(node) || is<LeftJoin>(node) || is<Minus>(node) || is<Extend>(node) || is<Unnest>(node);
}

// Only joins: a Join with anything else may be written into the same group.
bool only_joins(const Node& node) {
  if (is<Join>(node)) {
    return std::all_of(node.inputs.begin(), node.inputs.end(), [](const NodePtr& input) { return only_joins(*input); });
  }
  return is_element(node);
}

class Writer {
 public:
  explicit Writer(const VariableTable& variables) : variables_(variables) {
    const auto is_taken = [&] {
      for (Slot slot = 0; slot < variables.size(); ++slot) {
        if (variables.is_named(slot) && variables.name(slot).starts_with(own_prefix_)) return true;
      }
      return false;
    };
    while (is_taken()) own_prefix_ += '_';
  }

  void query(const Node& pattern, const std::vector<Slot>& columns, const Values& restriction) {
    select_clause(columns);
    if (restriction.slots.empty() && restriction.rows.empty()) {
      group(pattern);
      return;
    }
    text_ += "{ ";
    values(restriction);
    if (only_joins(pattern)) {
      content(pattern);
    } else {
      group(pattern);
    }
    text_ += '}';
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void variable(Slot slot) {
    text_ += '?';
    text_ += variables_.is_named(slot) ? variables_.name(slot) : own_prefix_ + std::to_string(slot);
  }
  // A variable without a value, where the grammar wants one.
  void nothing() { text_ += '?' + own_prefix_ + "none"; }

  void term(const PatternTerm& pattern) {
    if (const auto* constant = std::get_if<Constant>(&pattern)) {
      text_ += constant->term.to_string();
    } else if (const auto* slot = std::get_if<Variable>(&pattern)) {
      variable(slot->slot);
    } else if (const auto* nested = std::get_if<std::shared_ptr<const TripleTerm>>(&pattern)) {
      text_ += "<<( ";
      triple(**nested);
      text_ += ")>>";
    }
  }
  void triple(const Triple& triple) {
    term(triple.subject);
    text_ += ' ';
    term(triple.predicate);
    text_ += ' ';
    term(triple.object);
    text_ += ' ';
  }
  void name(const std::variant<Constant, Variable>& name) {
    std::visit([&](const auto& part) { term(PatternTerm(part)); }, name);
  }
  void values(const Values& data) {
    text_ += "VALUES (";
    for (const Slot slot : data.slots) {
      text_ += ' ';
      variable(slot);
    }
    text_ += " ) { ";
    for (const auto& row : data.rows) {
      text_ += '(';
      for (const std::optional<Constant>& cell : row) text_ += ' ' + (cell ? cell->term.to_string() : "UNDEF");
      text_ += " ) ";
    }
    text_ += "} ";
  }

  void group(const Node& node) {
    text_ += "{ ";
    content(node);
    text_ += "} ";
  }

  // What stands between the brackets of a group.
  void content(const Node& root) {
    if (const auto* filter = std::get_if<Filter>(&root.op)) {
      beginning(*root.inputs.front());
      conditions(filter->conditions);
    } else if (is_element(root) || continues_group(root)) {
      beginning(root);
    } else {
      subselect(root);
    }
  }

  // The elements of a group without its filters. Down the first inputs in a loop, for chains may be long.
  void beginning(const Node& root) {
    std::vector<const Node*> spine;
    const Node* first = &root;
    while (continues_group(*first)) {
      spine.push_back(first);
      first = first->inputs.front().get();
    }
    element(*first);
    for (auto node = spine.rbegin(); node != spine.rend(); ++node) continuation(**node);
  }

  void continuation(const Node& node) {
    if (const auto* extend = std::get_if<Extend>(&node.op)) {
      text_ += "BIND(";
      expression(*extend->expression);
      text_ += " AS ";
      variable(extend->slot);
      text_ += ") ";
    } else if (const auto* unnest = std::get_if<Unnest>(&node.op)) {
      text_ += "UNNEST(";
      expression(*unnest->expression);
      text_ += " AS";
      for (const Slot slot : {unnest->position, unnest->from, unnest->edge, unnest->to}) {
        text_ += ' ';
        variable(slot);
      }
      text_ += ") ";
    } else if (const auto* optional = std::get_if<LeftJoin>(&node.op)) {
      // A filter right within the OPTIONAL's brackets would be a condition of the LeftJoin.
      text_ += "OPTIONAL { ";
      if (is<Filter>(*node.inputs[1])) {
        group(*node.inputs[1]);
      } else {
        in_group(*node.inputs[1], !optional->conditions.empty());
      }
      conditions(optional->conditions);
      text_ += "} ";
    } else if (is<Minus>(node)) {
      text_ += "MINUS ";
      group(*node.inputs[1]);
    } else {
      for (std::size_t i = 1; i < node.inputs.size(); ++i) element(*node.inputs[i]);
    }
  }

  // `with_others`: other elements stand in the same group, where no sub-SELECT may.
  void in_group(const Node& node, bool with_others) {
    if (!with_others || is_element(node) || continues_group(node)) {
      content(node);
    } else {
      group(node);
    }
  }

  void element(const Node& node) {
    if (const auto* graph = std::get_if<BasicGraph>(&node.op)) {
      for (const Triple& part : graph->triples) {
        triple(part);
        text_ += ". ";
      }
    } else if (const auto* path = std::get_if<PathPattern>(&node.op)) {
      term(path->subject);
      text_ += ' ' + to_string(*path->path) + ' ';
      term(path->object);
      text_ += " . ";
    } else if (const auto* search = std::get_if<PathSearch>(&node.op)) {
      path_search(*search);
    } else if (const auto* data = std::get_if<Values>(&node.op)) {
      values(*data);
    } else if (const auto* named = std::get_if<Graph>(&node.op)) {
      text_ += "GRAPH ";
      name(named->name);
      text_ += ' ';
      group(*node.inputs.front());
    } else if (const auto* service = std::get_if<Service>(&node.op)) {
      text_ += service->silent ? "SERVICE SILENT " : "SERVICE ";
      name(service->endpoint);
      text_ += ' ';
      group(*node.inputs.front());
    } else if (is<Union>(node)) {
      for (std::size_t i = 0; i < node.inputs.size(); ++i) {
        if (i > 0) text_ += "UNION ";
        group(*node.inputs[i]);
      }
    } else {
      group(node);
    }
  }

  // ------------------------------------------------------------------ PATH

  void path_search(const PathSearch& search) {
    text_ += "PATH ";
    variable(search.path);
    text_ += " = " + selection_text(search) + " (";
    term(search.subject);
    text_ += ' ';
    path(*search.expression, search);
    text_ += ' ';
    term(search.object);
    text_ += ") ";
    if (search.min_length != 0) text_ += "MIN LENGTH " + std::to_string(search.min_length) + ' ';
    if (search.max_length) text_ += "MAX LENGTH " + std::to_string(*search.max_length) + ' ';
    for (const PathSearch::Inner& inner : search.inner) {
      text_ += "INNER ";
      variable(inner.node);
      text_ += " FILTER";
      list(inner.conditions, " && ");
      text_ += ' ';
    }
  }

  // As print.h has it, but for the patterns of STEPs.
  void path(const sparql::PathNode& path_node, const PathSearch& search) {
    const auto part = [&](const sparql::Path& inner) { path(*inner, search); };
    const auto chain = [&](const std::vector<sparql::Path>& paths, char separator) {
      text_ += '(';
      for (std::size_t i = 0; i < paths.size(); ++i) {
        if (i > 0) text_ += separator;
        part(paths[i]);
      }
      text_ += ')';
    };
    const auto bracketed = [&](std::string_view before, const sparql::Path& inner, const std::string& after) {
      text_ += before;
      text_ += '(';
      part(inner);
      text_ += ')' + after;
    };
    if (const auto* step_node = std::get_if<sparql::PathStep>(&path_node.node)) {
      step(search.steps[step_node->number]);
    } else if (const auto* inverse = std::get_if<sparql::PathInverse>(&path_node.node)) {
      bracketed("^", inverse->path, "");
    } else if (const auto* either = std::get_if<sparql::PathEither>(&path_node.node)) {
      bracketed("~", either->path, "");
    } else if (const auto* repeat = std::get_if<sparql::PathRepeat>(&path_node.node)) {
      bracketed("", repeat->path, sparql::suffix_of(*repeat));
    } else if (const auto* sequence = std::get_if<sparql::PathSequence>(&path_node.node)) {
      chain(sequence->steps, '/');
    } else if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path_node.node)) {
      chain(alternative->choices, '|');
    } else {
      text_ += to_string(path_node);
    }
  }

  void step(const PathSearch::Step& step) {
    // An end that was given a value is a variable again, bound to it.
    std::string bindings;
    const auto end = [&](const PatternTerm& pattern, std::string_view name) {
      const auto* constant = std::get_if<Constant>(&pattern);
      if (constant == nullptr) return term(pattern);
      const std::string own = '?' + own_prefix_ + std::string(name);
      text_ += own;
      bindings += "BIND(" + constant->term.to_string() + " AS " + own + ") ";
    };
    text_ += "STEP " + step.label.to_string() + " (";
    end(step.from, "from");
    text_ += ' ';
    end(step.to, "to");
    text_ += ") ";
    const Node* pattern = step.pattern.get();
    if (step.cost) {
      text_ += "COST (";
      expression(*std::get<Extend>(pattern->op).expression);
      text_ += ") ";
      pattern = pattern->inputs.front().get();
    }
    if (bindings.empty()) return group(*pattern);
    text_ += "{ ";
    group(*pattern);
    text_ += bindings + "} ";
  }

  void conditions(const std::vector<Expression>& list) {
    for (const Expression& condition : list) {
      text_ += "FILTER(";
      expression(*condition);
      text_ += ") ";
    }
  }

  // ------------------------------------------------------------------ sub-SELECTs

  void select_clause(const std::vector<Slot>& columns) {
    text_ += "SELECT ";
    if (columns.empty()) nothing();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text_ += ' ';
      variable(columns[i]);
    }
    text_ += " WHERE ";
  }

  void subselect(const Node& root) {
    if (const auto* grouping = std::get_if<Group>(&root.op)) {
      aggregation(*grouping, *root.inputs.front());
      return;
    }
    // Slice over Distinct or Reduced over Project over OrderBy: those of them there are, in one SELECT.
    const Node* node = &root;
    const auto* slice = std::get_if<Slice>(&node->op);
    if (slice != nullptr) node = node->inputs.front().get();
    std::string_view duplicates;
    if (is<Distinct>(*node)) duplicates = "DISTINCT ";
    if (is<Reduced>(*node)) duplicates = "REDUCED ";
    if (!duplicates.empty()) node = node->inputs.front().get();
    std::vector<Slot> columns;
    if (const auto* project = std::get_if<Project>(&node->op)) {
      columns = project->slots;
      node = node->inputs.front().get();
    } else {
      columns = scope_of(*node);
    }
    const auto* order = std::get_if<OrderBy>(&node->op);
    if (order != nullptr) node = node->inputs.front().get();

    const std::size_t start = text_.size();
    select_clause(columns);
    text_.insert(start + std::string_view("SELECT ").size(), duplicates);
    group(*node);
    if (order != nullptr) {
      text_ += "ORDER BY ";
      for (const OrderBy::Key& key : order->keys) {
        text_ += key.descending ? "DESC(" : "ASC(";
        expression(*key.expression);
        text_ += ") ";
      }
    }
    if (slice == nullptr) return;
    if (slice->offset != 0) text_ += "OFFSET " + std::to_string(slice->offset) + ' ';
    if (slice->limit) text_ += "LIMIT " + std::to_string(*slice->limit) + ' ';
  }

  void aggregation(const Group& grouping, const Node& input) {
    text_ += "SELECT ";
    for (const auto& [slot, key] : grouping.keys) {
      variable(slot);
      text_ += ' ';
    }
    for (const Aggregate& one : grouping.aggregates) {
      text_ += '(';
      aggregate(one);
      text_ += " AS ";
      variable(one.slot);
      text_ += ") ";
    }
    text_ += "WHERE ";
    group(input);
    if (grouping.keys.empty()) return;
    text_ += "GROUP BY ";
    for (const auto& [slot, key] : grouping.keys) {
      const auto* plain = std::get_if<VariableOperator>(&key->op);
      if (plain != nullptr && plain->slot == slot) {
        variable(slot);
      } else {
        text_ += '(';
        expression(*key);
        text_ += " AS ";
        variable(slot);
        text_ += ')';
      }
      text_ += ' ';
    }
  }

  void aggregate(const Aggregate& one) {
    const bool custom = one.kind == expr::AggregateKind::custom;
    text_ += custom ? iri(one.iri).to_string() : std::string(kAggregates[static_cast<std::size_t>(one.kind)]);
    text_ += one.distinct ? "(DISTINCT " : "(";
    if (one.arguments.empty() && !custom) text_ += '*';
    for (std::size_t i = 0; i < one.arguments.size(); ++i) {
      if (i > 0) text_ += ", ";
      expression(*one.arguments[i]);
    }
    if (one.kind == expr::AggregateKind::group_concat) {
      text_ += " ; SEPARATOR=" + literal(one.separator).to_string();
    }
    text_ += ')';
  }

  // ------------------------------------------------------------------ expressions

  void expression(const ExpressionNode& node) { std::visit(ExpressionVisitor{*this, node}, node.op); }

  void list(const std::vector<Expression>& expressions, std::string_view separator, std::size_t from = 0) {
    text_ += '(';
    for (std::size_t i = from; i < expressions.size(); ++i) {
      if (i > from) text_ += separator;
      expression(*expressions[i]);
    }
    text_ += ')';
  }

  struct ExpressionVisitor {
    Writer& self;
    const ExpressionNode& node;

    void operator()(const ConstantOperator& op) const { self.text_ += op.constant.term.to_string(); }
    void operator()(const VariableOperator& op) const { self.variable(op.slot); }
    void operator()(const OrOperator&) const { self.list(node.arguments, " || "); }
    void operator()(const AndOperator&) const { self.list(node.arguments, " && "); }
    void operator()(const NotOperator&) const { prefixed('!'); }
    void operator()(const NegateOperator&) const { prefixed('-'); }
    void operator()(const PlusOperator&) const { prefixed('+'); }
    void operator()(const CompareOperator& op) const {
      self.list(node.arguments, kOperators[static_cast<std::size_t>(op.op)]);
    }
    void operator()(const ArithmeticOperator& op) const {
      self.text_.append(op.ops.size(), '(');
      self.expression(*node.arguments[0]);
      for (std::size_t i = 0; i < op.ops.size(); ++i) {
        self.text_ += kOperators[static_cast<std::size_t>(op.ops[i])];
        self.expression(*node.arguments[i + 1]);
        self.text_ += ')';
      }
    }
    void operator()(const InOperator& op) const {
      self.text_ += '(';
      self.expression(*node.arguments[0]);
      self.text_ += op.negated ? " NOT IN " : " IN ";
      self.list(node.arguments, ", ", 1);
      self.text_ += ')';
    }
    void operator()(const BoundOperator& op) const {
      self.text_ += "BOUND(";
      self.variable(op.slot);
      self.text_ += ')';
    }
    void operator()(const IfOperator&) const { call("IF"); }
    void operator()(const CoalesceOperator&) const { call("COALESCE"); }
    void operator()(const ExistsOperator& op) const {
      self.text_ += op.negated ? "(NOT EXISTS " : "(EXISTS ";
      self.group(*op.pattern);
      self.text_ += ')';
    }
    void operator()(const CallOperator& op) const {
      const bool is_iri = op.name.find(':') != std::string::npos;
      call(is_iri ? iri(op.name).to_string() : op.name);
    }

    void prefixed(char sign) const {
      self.text_ += '(';
      self.text_ += sign;
      self.list(node.arguments, "");
      self.text_ += ')';
    }
    void call(std::string_view name) const {
      self.text_ += name;
      self.list(node.arguments, ", ");
    }
  };

  const VariableTable& variables_;
  std::string own_prefix_ = "_";  // of variables the user did not write
  std::string text_;
};

}  // namespace

std::string to_sparql(const Node& pattern, const std::vector<Slot>& columns, const Values& values,
                      const VariableTable& variables) {
  Writer writer(variables);
  writer.query(pattern, columns, values);
  return writer.take();
}

}  // namespace akyn::algebra

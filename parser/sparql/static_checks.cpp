#include "parser/sparql/static_checks.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
#include "parser/sparql/dump.h"
#include "parser/sparql/overloaded.h"
#include "parser/sparql/path_checks.h"
#include "parser/text/location.h"

namespace akyn::sparql {

std::string variable_in_data(std::string_view keyword, const Variable& variable) {
  return fmt::format("{0} DATA takes no variables; write {0} {{ ... }} WHERE {{ ... }} to bind ?{1}", keyword,
                     variable.name);
}

namespace {

// Names of variables; they live in the tree.
using Names = std::set<std::string_view>;

void merge(Names& into, Names from) {
  if (into.size() < from.size()) into.swap(from);
  into.merge(from);
}

class Checker {
 public:
  Checker(std::string_view text, const std::string& source_name) : text_(text), source_name_(source_name) {}

  void check(const Query& query) {
    std::visit(Overloaded{[this](const SelectForm& form) { (void)check_select(form.select); },
                          [this](const AskForm& form) { check_form(form, &form.where); },
                          [this](const ConstructForm& form) { check_form(form, &form.where); },
                          [this](const DescribeForm& form) { check_form(form, form.where ? &*form.where : nullptr); }},
               query.form);
  }

  void check(const Update& update) {
    for (const UpdateOperation& operation : update.operations) {
      if (const auto* insert = std::get_if<InsertData>(&operation.node)) check_insert_data(*insert);
      if (const auto* remove = std::get_if<DeleteData>(&operation.node)) {
        refuse_variables(remove->quads, "DELETE");
        refuse_blanks(remove->quads, "DELETE DATA");
        for (const QuadPattern& quad : remove->quads) check_triple_of_data(quad.triple.subject, quad.triple.object);
      }
      if (const auto* modify = std::get_if<ModifyOperation>(&operation.node)) {
        refuse_blanks(modify->remove, "DELETE");
        (void)scope_of(modify->where);
      }
    }
  }

 private:
  [[noreturn]] void fail(Offset at, std::size_t length, const std::string& message) const {
    throw Error(ErrorCode::syntax, message, locate(text_, at, length, source_name_));
  }
  [[noreturn]] void fail(const Variable& variable, const std::string& message) const {
    fail(variable.at, variable.name.size() + 1, message);
  }

  // ---------------------------------------------------------------- blank nodes (19.6)

  [[nodiscard]] static bool is_fresh(const BlankNode& blank) { return blank.label.find(' ') != std::string::npos; }

  // Calls visit(Variable) and visit(BlankNode) for all that stand in the term.
  template <class Visit>
  static void visit_term(const TermPattern& term, const Visit& visit) {
    if (const auto* variable = std::get_if<Variable>(&term)) {
      visit(*variable);
    } else if (const auto* blank = std::get_if<BlankNode>(&term)) {
      visit(*blank);
    } else if (const auto* triple = std::get_if<Box<TripleTermPattern>>(&term)) {
      visit_term((*triple)->subject, visit);
      visit_term((*triple)->predicate, visit);
      visit_term((*triple)->object, visit);
    }
  }
  template <class Visit>
  static void visit_triple(const TriplePattern& triple, const Visit& visit) {
    visit_term(triple.subject, visit);
    if (const auto* variable = std::get_if<Variable>(&triple.verb)) visit(*variable);
    visit_term(triple.object, visit);
  }

  // Within one kind of place, a label must stay in the basic pattern or operation it began in.
  struct FirstUse {
    std::size_t place;
    Offset at;
  };
  using Labels = std::map<std::string_view, FirstUse>;
  void claim(Labels& labels, const BlankNode& blank, std::size_t place, std::string_view rule) const {
    if (is_fresh(blank)) return;
    const auto [first, is_new] = labels.try_emplace(blank.label, FirstUse{place, blank.at});
    if (is_new || first->second.place == place) return;
    const auto line = locate(text_, first->second.at, 1, {}).line;
    fail(blank.at, blank.label.size() + 2, fmt::format("_:{} is already used at line {}: {}", blank.label, line, rule));
  }

  // ---------------------------------------------------------------- updates

  void refuse_variables(const std::vector<QuadPattern>& quads, std::string_view keyword) const {
    const auto refuse = [&](const Variable& variable) { fail(variable, variable_in_data(keyword, variable)); };
    for (const QuadPattern& quad : quads) {
      if (quad.graph && std::holds_alternative<Variable>(*quad.graph)) refuse(std::get<Variable>(*quad.graph));
      visit_triple(quad.triple, Overloaded{refuse, [](const BlankNode&) {}});
    }
  }

  void refuse_blanks(const std::vector<QuadPattern>& quads, std::string_view operation) const {
    const auto refuse = [&](const BlankNode& blank) {
      if (is_fresh(blank)) {
        fail(blank.at, 1,
             fmt::format("{} takes no blank nodes, and this abbreviation stands for one; use a variable in DELETE and "
                         "WHERE",
                         operation));
      }
      fail(blank.at, blank.label.size() + 2,
           fmt::format("{} takes no blank nodes such as _:{}; use a variable in DELETE and WHERE", operation,
                       blank.label));
    };
    for (const QuadPattern& quad : quads) visit_triple(quad.triple, Overloaded{refuse, [](const Variable&) {}});
  }

  // That it is one of RDF (RDF 1.2 Concepts, 3.1), down to the triples that it is about.
  void check_triple_of_data(const TermPattern& subject, const TermPattern& object) const {
    if (const auto* constant = std::get_if<Constant>(&subject); constant != nullptr && constant->term.is_literal()) {
      fail(constant->at, 1, "the subject of a triple is an IRI or a blank node, and this is a literal");
    }
    if (const auto* triple = std::get_if<Box<TripleTermPattern>>(&subject)) {
      fail((*triple)->at, 3, "the subject of a triple is an IRI or a blank node, and this is a triple term");
    }
    if (const auto* triple = std::get_if<Box<TripleTermPattern>>(&object)) {
      check_triple_of_data((*triple)->subject, (*triple)->object);
    }
  }

  void check_insert_data(const InsertData& insert) {
    refuse_variables(insert.quads, "INSERT");
    const std::size_t place = ++places_;
    for (const QuadPattern& quad : insert.quads) {
      check_triple_of_data(quad.triple.subject, quad.triple.object);
      visit_triple(quad.triple, Overloaded{[](const Variable&) {},
                                           [&](const BlankNode& blank) {
                                             claim(data_labels_, blank, place,
                                                   "two INSERT DATA of one request cannot share a blank node");
                                           }});
    }
  }

  // ---------------------------------------------------------------- patterns: scope (18.2.1), BIND, labels

  // The variables in scope after the group.
  Names scope_of(const GroupPattern& group) {
    if (group.subselect) return check_select(**group.subselect);
    Names scope;
    for (const PatternElement& element : group.elements) add_scope(scope, element);
    return scope;
  }

  static void add_name(Names& scope, const std::variant<Constant, Variable>& name) {
    if (const auto* variable = std::get_if<Variable>(&name)) scope.insert(variable->name);
  }

  void add_scope(Names& scope, const PatternElement& element) {
    std::visit(Overloaded{[&](const BasicPattern& basic) { add_basic(scope, basic); },
                          [&](const FilterPattern& filter) { check_plain(filter.condition, "FILTER"); },
                          [&](const OptionalPattern& optional) { merge(scope, scope_of(*optional.pattern)); },
                          [&](const MinusPattern& minus) { (void)scope_of(*minus.pattern); },
                          [&](const GraphPattern& graph) {
                            add_name(scope, graph.name);
                            merge(scope, scope_of(*graph.pattern));
                          },
                          [&](const ServicePattern& service) {
                            add_name(scope, service.endpoint);
                            merge(scope, scope_of(*service.pattern));
                          },
                          [&](const BindPattern& bind) { add_bind(scope, bind); },
                          [&](const InlineData& data) { add_variables(scope, data); },
                          [&](const PathClause& clause) { add_path(scope, clause, element.at); },
                          [&](const UnnestPattern& unnest) { add_unnest(scope, unnest); },
                          [&](const UnionPattern& alternatives) {
                            for (const GroupPattern& choice : alternatives.choices) merge(scope, scope_of(choice));
                          }},
               element.node);
  }

  void add_basic(Names& scope, const BasicPattern& basic) {
    const std::size_t place = ++places_;
    for (const TriplePattern& triple : basic.triples) {
      visit_triple(triple, Overloaded{[&](const Variable& variable) { scope.insert(variable.name); },
                                      [&](const BlankNode& blank) {
                                        claim(labels_, blank, place,
                                              "a blank node belongs to one basic graph pattern, which ends where "
                                              "anything but triples and FILTER begins; use a variable");
                                      }});
    }
  }

  void add_bind(Names& scope, const BindPattern& bind) {
    check_plain(bind.expression, "BIND");
    add_new(scope, bind.variable, "BIND");
  }

  // ---------------------------------------------------------------- PATH and UNNEST (docs/paths.md)

  // Ends are bound like those of a triple, the path like what BIND sets.
  void add_path(Names& scope, const PathClause& clause, Offset at) {
    const std::size_t place = ++places_;
    const auto visit = Overloaded{[&](const Variable& variable) { scope.insert(variable.name); },
                                  [&](const BlankNode& blank) {
                                    claim(labels_, blank, place,
                                          "a blank node belongs to one basic graph pattern or PATH; use a variable");
                                  }};
    visit_term(clause.subject, visit);
    visit_term(clause.object, visit);
    add_new(scope, clause.variable, "PATH");
    check_steps(*clause.path);
    for (const PathInner& inner : clause.inner) check_plain(inner.condition, "INNER");
    if (clause.selector == PathSelector::all && clause.mode == PathMode::walk && !clause.max_length &&
        is_unbounded(*clause.path)) {
      fail(
          at, 4,
          "ALL WALK may have endless answers here: add MAX LENGTH, or a mode that forbids repeating (TRAIL, ACYCLIC or "
          "SIMPLE), or ask for ALL SHORTEST");
    }
  }

  void check_steps(const PathNode& path) {
    std::map<Term, std::string> known;  // label -> what its STEP is
    for (const auto& [step, at] : steps_of(path)) {
      const Names scope = scope_of(*step->pattern);
      for (const Variable* end : {&step->from, &step->to}) {
        if (scope.contains(end->name)) continue;
        fail(*end,
             fmt::format("the pattern of this STEP does not bind ?{0}; a STEP (?from ?to) {{ ... }} is an edge from "
                         "?from to ?to for each solution of its pattern, so ?{0} must stand in it",
                         end->name));
      }
      if (step->from.name == step->to.name) {
        fail(step->to,
             fmt::format("a STEP leads from one variable to another, and ?{} is both; for an edge from a node "
                         "to itself, bind a second variable to the first",
                         step->to.name));
      }
      if (step->cost) check_plain(*step->cost, "COST");
      const auto [other, is_new] = known.try_emplace(step->iri, dump(*step));
      if (!is_new && other->second != dump(*step)) {
        fail(at, 4,
             fmt::format("another STEP of this path is called {} and has another pattern; give each its own name",
                         step->iri.to_string()));
      }
    }
  }

  void add_unnest(Names& scope, const UnnestPattern& unnest) {
    check_plain(unnest.expression, "UNNEST");
    for (const Variable* variable : {&unnest.position, &unnest.from, &unnest.edge, &unnest.to}) {
      add_new(scope, *variable, "UNNEST");
    }
  }

  void add_new(Names& scope, const Variable& variable, std::string_view clause) const {
    if (scope.insert(variable.name).second) return;
    fail(variable,
         fmt::format("{} cannot set ?{}: the group binds it already; choose another name", clause, variable.name));
  }

  static void add_variables(Names& scope, const InlineData& data) {
    for (const Variable& variable : data.variables) scope.insert(variable.name);
  }

  // ---------------------------------------------------------------- expressions: aggregates (11.4, 19.8)

  // What an expression may hold. `place` is the clause, for messages, where aggregates are refused;
  // `grouped` the variables that have one value per group, where that matters.
  struct Rules {
    std::string_view place;
    const Names* grouped = nullptr;
    bool in_aggregate = false;
  };

  void check_plain(const Expression& expression, std::string_view place) { check_expression(expression, {place}); }

  void check_all(const std::vector<Expression>& expressions, const Rules& rules) {
    for (const Expression& expression : expressions) check_expression(expression, rules);
  }

  // Of the aggregate's name; of its IRI when it has one.
  [[nodiscard]] std::size_t name_length(Offset at) const {
    const std::size_t end = text_.find_first_of("( \t\r\n", at);
    return std::min(end, text_.size()) - at;
  }

  void check_aggregate(Offset at, const Rules& rules) const {
    if (rules.in_aggregate) fail(at, name_length(at), "an aggregate cannot stand inside another aggregate");
    if (!rules.place.empty()) {
      fail(at, name_length(at),
           fmt::format("aggregates are not allowed in {}, only in SELECT, HAVING and ORDER BY{}", rules.place,
                       rules.place == "FILTER" ? "; to filter groups use HAVING" : ""));
    }
  }

  void check_expression(const Expression& expression, const Rules& rules) {
    const Offset at = expression->at;
    std::visit(Overloaded{[](const Constant&) {}, [&](const Variable& variable) { check_grouped(variable, rules); },
                          [&](const UnaryExpression& unary) { check_expression(unary.operand, rules); },
                          [&](const ComparisonExpression& comparison) {
                            check_expression(comparison.left, rules);
                            check_expression(comparison.right, rules);
                          },
                          [&](const LogicalExpression& chain) { check_all(chain.operands, rules); },
                          [&](const ArithmeticExpression& chain) { check_all(chain.operands, rules); },
                          [&](const InExpression& in) {
                            check_expression(in.left, rules);
                            check_all(in.choices, rules);
                          },
                          [&](const BuiltinCall& call) { check_all(call.arguments, rules); },
                          [&](const FunctionCall& call) {
                            if (call.aggregate) check_aggregate(at, rules);
                            check_all(call.arguments, call.aggregate ? Rules{{}, nullptr, true} : rules);
                          },
                          [&](const ExistsExpression& exists) { (void)scope_of(*exists.pattern); },
                          [&](const AggregateExpression& aggregate) {
                            check_aggregate(at, rules);
                            if (aggregate.argument) check_expression(*aggregate.argument, {{}, nullptr, true});
                          },
                          [&](const TripleTermExpression& triple) {
                            check_expression(triple.subject, rules);
                            check_expression(triple.predicate, rules);
                            check_expression(triple.object, rules);
                          }},
               expression->node);
  }

  void check_grouped(const Variable& variable, const Rules& rules) const {
    if (rules.grouped == nullptr || rules.grouped->contains(variable.name)) return;
    fail(variable, fmt::format("?{0} has no single value in a group; add it to GROUP BY or use an aggregate such as "
                               "SAMPLE(?{0})",
                               variable.name));
  }

  [[nodiscard]] static bool any_aggregate(const std::vector<Expression>& expressions) {
    return std::ranges::any_of(expressions, [](const Expression& expression) { return has_aggregate(expression); });
  }

  // Not looking into EXISTS, whose expressions belong to other queries.
  [[nodiscard]] static bool has_aggregate(const Expression& expression) {
    return std::visit(
        Overloaded{
            [](const UnaryExpression& unary) { return has_aggregate(unary.operand); },
            [](const ComparisonExpression& node) { return has_aggregate(node.left) || has_aggregate(node.right); },
            [](const LogicalExpression& chain) { return any_aggregate(chain.operands); },
            [](const ArithmeticExpression& chain) { return any_aggregate(chain.operands); },
            [](const InExpression& in) { return has_aggregate(in.left) || any_aggregate(in.choices); },
            [](const BuiltinCall& call) { return any_aggregate(call.arguments); },
            [](const FunctionCall& call) { return call.aggregate || any_aggregate(call.arguments); },
            [](const AggregateExpression&) { return true; }, [](const auto&) { return false; }},
        expression->node);
  }

  // ---------------------------------------------------------------- queries

  // The variables that GROUP BY gives a value of their own.
  Names check_group_by(const SolutionModifier& modifier, const Names& where) {
    Names named;
    for (const GroupCondition& condition : modifier.group_by) {
      check_plain(condition.expression, "GROUP BY");
      if (condition.variable) {
        const std::string& name = condition.variable->name;
        if (where.contains(name) || named.contains(name)) {
          fail(*condition.variable,
               fmt::format("GROUP BY cannot name ?{} anew: it is bound already; choose another name", name));
        }
        named.insert(name);
      } else if (const auto* variable = std::get_if<Variable>(&condition.expression->node)) {
        named.insert(variable->name);
      }
    }
    return named;
  }

  void check_modifier(const SolutionModifier& modifier) {
    check_all(modifier.having, {});
    for (const OrderCondition& condition : modifier.order_by) check_expression(condition.expression, {});
  }

  template <class Form>
  void check_form(const Form& form, const GroupPattern* where) {
    const Names scope = where != nullptr ? scope_of(*where) : Names();
    (void)check_group_by(form.modifier, scope);
    check_modifier(form.modifier);
  }

  // The variables in scope after it: what it projects.
  Names check_select(const SelectQuery& select) {
    Names where = scope_of(select.where);
    if (select.values) add_variables(where, *select.values);
    const SolutionModifier& modifier = select.modifier;
    Names groups = check_group_by(modifier, where);
    const bool aggregates_after =
        any_aggregate(modifier.having) ||
        std::ranges::any_of(modifier.order_by, [](const auto& order) { return has_aggregate(order.expression); });

    if (select.all) {
      if (!modifier.group_by.empty()) {
        fail(select.at, 6, "SELECT * cannot be used with GROUP BY; name the variables to select");
      }
      if (aggregates_after) fail(select.at, 6, "SELECT * cannot be used with aggregates; name the variables to select");
      check_modifier(modifier);
      return where;
    }

    const bool grouped = !modifier.group_by.empty() || aggregates_after ||
                         std::ranges::any_of(select.projection, [](const Projection& projection) {
                           return projection.expression && has_aggregate(*projection.expression);
                         });
    const Names& visible = grouped ? groups : where;
    Names single = grouped ? groups : Names();  // grows by what SELECT itself defines
    Names projected;
    for (const Projection& projection : select.projection) {
      const Variable& variable = projection.variable;
      const Rules rules{{}, grouped ? &single : nullptr, false};
      if (!projection.expression) {
        check_grouped(variable, rules);
        projected.insert(variable.name);
        continue;
      }
      check_expression(*projection.expression, rules);
      if (visible.contains(variable.name)) {
        fail(variable, fmt::format("AS ?{}: {} already; choose another name", variable.name,
                                   grouped ? "GROUP BY defines the variable" : "WHERE binds the variable"));
      }
      if (!projected.insert(variable.name).second) {
        fail(variable, fmt::format("?{} is selected twice; choose another name", variable.name));
      }
      single.insert(variable.name);
    }
    check_modifier(modifier);
    return projected;
  }

  std::string_view text_;
  const std::string& source_name_;
  std::size_t places_ = 0;
  Labels labels_;       // in patterns
  Labels data_labels_;  // in INSERT DATA
};

}  // namespace

void check_query(const Query& query, std::string_view text, const std::string& source_name) {
  Checker(text, source_name).check(query);
}

void check_update(const Update& update, std::string_view text, const std::string& source_name) {
  Checker(text, source_name).check(update);
}

}  // namespace akyn::sparql

#include "parser/sparql/dump.h"

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "parser/sparql/overloaded.h"
#include "parser/sparql/path_suffix.h"

namespace akyn::sparql {

namespace {

class Dumper {
 public:
  [[nodiscard]] std::string take() { return std::move(out_); }

  void add(const Query& query) {
    std::visit(Overloaded{[&](const SelectForm& form) { add_select(form.select, &query.dataset); },
                          [&](const AskForm& form) {
                            list("ask", [&] {
                              add_dataset(query.dataset, "from");
                              add(form.where);
                              add_rest(form.modifier, form.values);
                            });
                          },
                          [&](const ConstructForm& form) {
                            list("construct", [&] {
                              list("template", [&] { add_triples(form.pattern.triples); });
                              add_dataset(query.dataset, "from");
                              add(form.where);
                              add_rest(form.modifier, form.values);
                            });
                          },
                          [&](const DescribeForm& form) {
                            list("describe", [&] {
                              if (form.all) word("*");
                              for (const auto& resource : form.resources) add(resource);
                              add_dataset(query.dataset, "from");
                              if (form.where) add(*form.where);
                              add_rest(form.modifier, form.values);
                            });
                          }},
               query.form);
  }

  void add(const Update& update) {
    list("update", [&] {
      for (const UpdateOperation& operation : update.operations) {
        std::visit([&](const auto& node) { add_operation(node); }, operation.node);
      }
    });
  }

  void add(const Expression& expression) {
    std::visit([&](const auto& node) { add_expression(node); }, expression->node);
  }
  void add(const PathStep& step) { add_path(step); }

 private:
  // ---------------------------------------------------------------- text

  void word(std::string_view text) {
    if (!out_.empty() && out_.back() != '(') out_ += ' ';
    out_ += text;
  }
  template <class Body>
  void list(std::string_view name, const Body& body) {
    word("(");
    out_ += name;
    body();
    out_ += ')';
  }
  void word_if(bool condition, std::string_view text) {
    if (condition) word(text);
  }

  // ---------------------------------------------------------------- terms

  void add(const Term& term) {
    constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";
    const std::string_view type = term.datatype();
    const bool is_short = type.starts_with(kXsd) && (type.ends_with("#integer") || type.ends_with("#decimal") ||
                                                     type.ends_with("#double") || type.ends_with("#boolean"));
    word(is_short ? term.value() : term.to_string());
  }
  void add(const Constant& constant) { add(constant.term); }
  void add(const Variable& variable) { word("?" + variable.name); }
  void add(const BlankNode& blank) {
    if (blank.label.find(' ') == std::string::npos) return word("_:" + blank.label);
    const auto number = fresh_.try_emplace(blank.label, fresh_.size() + 1).first->second;
    word("_:" + std::to_string(number));
  }
  void add(const Box<TripleTermPattern>& triple) {
    list("triple-term", [&] {
      add(triple->subject);
      add(triple->predicate);
      add(triple->object);
    });
  }
  template <class... Choices>
  void add(const std::variant<Choices...>& choice) {
    std::visit([&](const auto& node) { add(node); }, choice);
  }

  // ---------------------------------------------------------------- paths

  void add(const Path& path) {
    std::visit([&](const auto& node) { add_path(node); }, path->node);
  }
  void add_path(const PathLink& link) { add(link.iri); }
  void add_path(const PathInverse& inverse) {
    list("^", [&] { add(inverse.path); });
  }
  void add_path(const PathSequence& sequence) {
    list("/", [&] {
      for (const Path& step : sequence.steps) add(step);
    });
  }
  void add_path(const PathAlternative& alternative) {
    list("|", [&] {
      for (const Path& choice : alternative.choices) add(choice);
    });
  }
  void add_path(const PathRepeat& repeat) {
    list(suffix_of(repeat), [&] { add(repeat.path); });
  }
  void add_path(const PathNegated& negated) {
    list("!", [&] {
      for (const Term& iri : negated.forward) add(iri);
      for (const Term& iri : negated.inverse) {
        list("^", [&] { add(iri); });
      }
    });
  }

  void add_path(const PathEither& either) {
    list("~", [&] { add(either.path); });
  }
  void add_path(const PathStep& step) {
    list("step", [&] {
      add(step.iri);
      add(step.from);
      add(step.to);
      if (step.cost) {
        list("cost", [&] { add(*step.cost); });
      }
      add(*step.pattern);
    });
  }

  void add_triples(const std::vector<TriplePattern>& triples) {
    for (const TriplePattern& triple : triples) add(triple);
  }
  void add(const TriplePattern& triple) {
    list("", [&] {
      add(triple.subject);
      add(triple.verb);
      add(triple.object);
    });
  }

  // ---------------------------------------------------------------- expressions

  void add_all(const std::vector<Expression>& expressions) {
    for (const Expression& expression : expressions) add(expression);
  }
  void add_expression(const Constant& constant) { add(constant); }
  void add_expression(const Variable& variable) { add(variable); }
  void add_expression(const UnaryExpression& unary) {
    constexpr std::array<std::string_view, 3> kNames = {"!", "+", "-"};
    list(kNames[static_cast<std::size_t>(unary.op)], [&] { add(unary.operand); });
  }
  static std::string_view name(BinaryOperator op) {
    constexpr std::array<std::string_view, 12> kNames = {"||", "&&", "=", "!=", "<", ">",
                                                         "<=", ">=", "+", "-",  "*", "/"};
    return kNames[static_cast<std::size_t>(op)];
  }
  void add_expression(const ComparisonExpression& comparison) {
    list(name(comparison.op), [&] {
      add(comparison.left);
      add(comparison.right);
    });
  }
  void add_expression(const LogicalExpression& chain) {
    list(name(chain.op), [&] { add_all(chain.operands); });
  }
  // As the two-sided operations that it stands for.
  void add_expression(const ArithmeticExpression& chain) {
    for (auto op = chain.operators.rbegin(); op != chain.operators.rend(); ++op) {
      word("(");
      out_ += name(*op);
    }
    add(chain.operands.front());
    for (std::size_t i = 1; i < chain.operands.size(); ++i) {
      add(chain.operands[i]);
      out_ += ')';
    }
  }
  void add_expression(const InExpression& in) {
    list(in.negated ? "not-in" : "in", [&] {
      add(in.left);
      add_all(in.choices);
    });
  }
  void add_expression(const BuiltinCall& call) {
    list(call.name, [&] { add_all(call.arguments); });
  }
  void add_expression(const FunctionCall& call) {
    list("call", [&] {
      add(call.iri);
      word_if(call.distinct, "distinct");
      add_all(call.arguments);
    });
  }
  void add_expression(const ExistsExpression& exists) {
    list(exists.negated ? "not-exists" : "exists", [&] { add(*exists.pattern); });
  }
  void add_expression(const AggregateExpression& aggregate) {
    constexpr std::array<std::string_view, 7> kNames = {"count", "sum", "min", "max", "avg", "sample", "group-concat"};
    list(kNames[static_cast<std::size_t>(aggregate.kind)], [&] {
      word_if(aggregate.distinct, "distinct");
      if (aggregate.argument) {
        add(*aggregate.argument);
      } else {
        word("*");
      }
      if (aggregate.separator) word("separator=\"" + *aggregate.separator + "\"");
    });
  }
  void add_expression(const TripleTermExpression& triple) {
    list("triple-term", [&] {
      add(triple.subject);
      add(triple.predicate);
      add(triple.object);
    });
  }

  // ---------------------------------------------------------------- patterns

  void add(const GroupPattern& group) {
    list("group", [&] {
      if (group.subselect) add_select(**group.subselect, nullptr);
      for (const PatternElement& element : group.elements) {
        std::visit([&](const auto& node) { add_pattern(node); }, element.node);
      }
    });
  }
  void add_pattern(const BasicPattern& basic) {
    list("triples", [&] { add_triples(basic.triples); });
  }
  void add_pattern(const FilterPattern& filter) {
    list("filter", [&] { add(filter.condition); });
  }
  void add_pattern(const OptionalPattern& optional) {
    list("optional", [&] { add(*optional.pattern); });
  }
  void add_pattern(const MinusPattern& minus) {
    list("minus", [&] { add(*minus.pattern); });
  }
  void add_pattern(const GraphPattern& graph) {
    list("graph", [&] {
      add(graph.name);
      add(*graph.pattern);
    });
  }
  void add_pattern(const ServicePattern& service) {
    list("service", [&] {
      word_if(service.silent, "silent");
      add(service.endpoint);
      add(*service.pattern);
    });
  }
  void add_pattern(const BindPattern& bind) {
    list("bind", [&] {
      add(bind.variable);
      add(bind.expression);
    });
  }
  void add_pattern(const InlineData& data) {
    list("values", [&] {
      list("", [&] {
        for (const Variable& variable : data.variables) add(variable);
      });
      for (const auto& row : data.rows) {
        list("", [&] {
          for (const auto& value : row) {
            if (value) {
              add(*value);
            } else {
              word("undef");
            }
          }
        });
      }
    });
  }
  void add_pattern(const PathClause& clause) {
    constexpr std::array<std::string_view, 9> kSelectors = {"all",          "any",          "any-shortest",
                                                            "all-shortest", "shortest",     "shortest-groups",
                                                            "any-cheapest", "all-cheapest", "cheapest"};
    constexpr std::array<std::string_view, 4> kModes = {"walk", "trail", "acyclic", "simple"};
    list("path", [&] {
      add(clause.variable);
      word(kSelectors[static_cast<std::size_t>(clause.selector)]);
      word_if(clause.count != 1, std::to_string(clause.count));
      word(kModes[static_cast<std::size_t>(clause.mode)]);
      list("", [&] {
        add(clause.subject);
        add(clause.path);
        add(clause.object);
      });
      if (clause.min_length) list("min", [&] { word(std::to_string(*clause.min_length)); });
      if (clause.max_length) list("max", [&] { word(std::to_string(*clause.max_length)); });
      for (const PathInner& inner : clause.inner) {
        list("inner", [&] {
          add(inner.node);
          add(inner.condition);
        });
      }
    });
  }
  void add_pattern(const UnnestPattern& unnest) {
    list("unnest", [&] {
      for (const Variable* variable : {&unnest.position, &unnest.from, &unnest.edge, &unnest.to}) add(*variable);
      add(unnest.expression);
    });
  }
  void add_pattern(const UnionPattern& alternatives) {
    if (alternatives.choices.size() == 1) return add(alternatives.choices.front());
    list("union", [&] {
      for (const GroupPattern& choice : alternatives.choices) add(choice);
    });
  }

  // ---------------------------------------------------------------- queries

  void add_select(const SelectQuery& select, const DatasetClause* dataset) {
    list("select", [&] {
      word_if(select.duplicates == Duplicates::distinct, "distinct");
      word_if(select.duplicates == Duplicates::reduced, "reduced");
      if (select.all) {
        word("*");
      } else {
        list("", [&] {
          for (const Projection& projection : select.projection) {
            if (projection.expression) {
              list("as", [&] {
                add(projection.variable);
                add(*projection.expression);
              });
            } else {
              add(projection.variable);
            }
          }
        });
      }
      if (dataset != nullptr) add_dataset(*dataset, "from");
      add(select.where);
      add_rest(select.modifier, select.values);
    });
  }

  void add_dataset(const DatasetClause& dataset, std::string_view keyword) {
    for (const Term& iri : dataset.from) {
      list(keyword, [&] { add(iri); });
    }
    for (const Term& iri : dataset.from_named) {
      list(std::string(keyword) + "-named", [&] { add(iri); });
    }
  }

  void add_rest(const SolutionModifier& modifier, const std::optional<InlineData>& values) {
    for (const GroupCondition& condition : modifier.group_by) {
      list("group-by", [&] {
        if (condition.variable) add(*condition.variable);
        add(condition.expression);
      });
    }
    for (const Expression& condition : modifier.having) {
      list("having", [&] { add(condition); });
    }
    for (const OrderCondition& condition : modifier.order_by) {
      list("order-by", [&] {
        word_if(condition.descending, "desc");
        add(condition.expression);
      });
    }
    if (modifier.limit) list("limit", [&] { word(std::to_string(*modifier.limit)); });
    if (modifier.offset) list("offset", [&] { word(std::to_string(*modifier.offset)); });
    if (values) add_pattern(*values);
  }

  // ---------------------------------------------------------------- updates

  void add_quads(std::string_view name, const std::vector<QuadPattern>& quads) {
    list(name, [&] {
      for (const QuadPattern& quad : quads) {
        list("", [&] {
          add(quad.triple.subject);
          add(quad.triple.verb);
          add(quad.triple.object);
          if (quad.graph) add(*quad.graph);
        });
      }
    });
  }
  void add(const GraphTarget& target) {
    if (target.kind == GraphTarget::Kind::graph) return add(target.iri);
    word(target.kind == GraphTarget::Kind::default_graph ? "default"
         : target.kind == GraphTarget::Kind::all_named   ? "named"
                                                         : "all");
  }
  void add_operation(const LoadOperation& load) {
    list("load", [&] {
      word_if(load.silent, "silent");
      add(load.source);
      if (load.into) add(*load.into);
    });
  }
  void add_operation(const ClearOperation& clear) {
    list("clear", [&] {
      word_if(clear.silent, "silent");
      add(clear.target);
    });
  }
  void add_operation(const DropOperation& drop) {
    list("drop", [&] {
      word_if(drop.silent, "silent");
      add(drop.target);
    });
  }
  void add_operation(const CreateOperation& create) {
    list("create", [&] {
      word_if(create.silent, "silent");
      add(create.graph);
    });
  }
  void add_operation(const TransferOperation& transfer) {
    constexpr std::array<std::string_view, 3> kNames = {"add", "move", "copy"};
    list(kNames[static_cast<std::size_t>(transfer.kind)], [&] {
      word_if(transfer.silent, "silent");
      add(transfer.from);
      add(transfer.to);
    });
  }
  void add_operation(const InsertData& insert) { add_quads("insert-data", insert.quads); }
  void add_operation(const DeleteData& remove) { add_quads("delete-data", remove.quads); }
  void add_operation(const ModifyOperation& modify) {
    list("modify", [&] {
      if (modify.with) list("with", [&] { add(*modify.with); });
      if (!modify.remove.empty()) add_quads("delete", modify.remove);
      if (!modify.insert.empty()) add_quads("insert", modify.insert);
      add_dataset(modify.dataset, "using");
      add(modify.where);
    });
  }

  std::string out_;
  std::map<std::string, std::size_t> fresh_;
};

template <class Tree>
std::string dump_tree(const Tree& tree) {
  Dumper dumper;
  dumper.add(tree);
  return dumper.take();
}

}  // namespace

std::string dump(const Query& query) {
  return dump_tree(query);
}
std::string dump(const Update& update) {
  return dump_tree(update);
}
std::string dump(const Expression& expression) {
  return dump_tree(expression);
}
std::string dump(const PathStep& step) {
  return dump_tree(step);
}

}  // namespace akyn::sparql

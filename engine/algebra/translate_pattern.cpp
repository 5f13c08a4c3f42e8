// Group graph patterns and property paths: SPARQL 1.1 Query 18.2.2.
#include <algorithm>

#include "engine/algebra/translator.h"

namespace akyn::algebra {

namespace {

bool is_unit(const Node& node) {
  const auto* graph = std::get_if<BasicGraph>(&node.op);
  return graph != nullptr && graph->triples.empty();
}

std::shared_ptr<const sparql::PathNode> share(sparql::PathNode node) {
  return std::make_shared<const sparql::PathNode>(std::move(node));
}

}  // namespace

NodePtr unit_pattern() {
  return make_node(BasicGraph{});
}

NodePtr join_of(std::vector<NodePtr> inputs) {
  std::erase_if(inputs, [](const NodePtr& input) { return is_unit(*input); });
  if (inputs.empty()) return unit_pattern();
  if (inputs.size() == 1) return inputs.front();
  // A join whose first input is a join again is one longer join: chains stay flat.
  if (std::holds_alternative<Join>(inputs.front()->op)) {
    std::vector<NodePtr> flat = inputs.front()->inputs;
    flat.insert(flat.end(), inputs.begin() + 1, inputs.end());
    inputs = std::move(flat);
  }
  return make_node(Join{}, std::move(inputs));
}

NodePtr Translator::group(const sparql::GroupPattern& pattern) {
  Parts result = parts(pattern);
  if (result.filters.empty()) return std::move(result.pattern);
  return make_node(Filter{std::move(result.filters)}, {std::move(result.pattern)});
}

// 18.2.2.6. Elements join left to right; `pending` are the inputs of a join not yet made, so that
// neighbours end up in one flat Join. FILTERs apply to the whole group, wherever they stand.
Translator::Parts Translator::parts(const sparql::GroupPattern& pattern) {
  if (pattern.subselect) {
    std::vector<Slot> columns;
    return {select(**pattern.subselect, columns), {}};
  }
  Parts result;
  std::vector<NodePtr> pending;
  for (const sparql::PatternElement& part : pattern.elements) {
    if (const auto* basic = std::get_if<sparql::BasicPattern>(&part.node)) {
      for (const sparql::TriplePattern& pattern_triple : basic->triples) triple(pattern_triple, pending);
    } else if (const auto* filter = std::get_if<sparql::FilterPattern>(&part.node)) {
      result.filters.push_back(expression(filter->condition));
    } else if (const auto* data = std::get_if<sparql::InlineData>(&part.node)) {
      pending.push_back(values(*data));
    } else if (std::holds_alternative<sparql::OptionalPattern>(part.node) ||
               std::holds_alternative<sparql::MinusPattern>(part.node) ||
               std::holds_alternative<sparql::BindPattern>(part.node) ||
               std::holds_alternative<sparql::UnnestPattern>(part.node)) {
      NodePtr before = join_of(std::move(pending));
      pending.clear();
      pending.push_back(element(part, std::move(before)));
    } else {
      pending.push_back(element(part, nullptr));
    }
  }
  result.pattern = join_of(std::move(pending));
  return result;
}

NodePtr Translator::element(const sparql::PatternElement& element, NodePtr before) {
  if (const auto* optional = std::get_if<sparql::OptionalPattern>(&element.node)) {
    Parts right = parts(*optional->pattern);
    return make_node(LeftJoin{std::move(right.filters)}, {std::move(before), std::move(right.pattern)});
  }
  if (const auto* minus = std::get_if<sparql::MinusPattern>(&element.node)) {
    return make_node(Minus{}, {std::move(before), group(*minus->pattern)});
  }
  if (const auto* bind = std::get_if<sparql::BindPattern>(&element.node)) {
    Expression value = expression(bind->expression);
    return make_node(Extend{variables_.variable(bind->variable.name), std::move(value)}, {std::move(before)});
  }
  if (const auto* unnest = std::get_if<sparql::UnnestPattern>(&element.node)) {
    Unnest op;
    op.expression = expression(unnest->expression);
    op.position = variables_.variable(unnest->position.name);
    op.from = variables_.variable(unnest->from.name);
    op.edge = variables_.variable(unnest->edge.name);
    op.to = variables_.variable(unnest->to.name);
    return make_node(std::move(op), {std::move(before)});
  }
  if (const auto* clause = std::get_if<sparql::PathClause>(&element.node)) return path_search(*clause);
  if (const auto* graph = std::get_if<sparql::GraphPattern>(&element.node)) {
    auto graph_name = name(graph->name);
    return make_node(Graph{std::move(graph_name)}, {group(*graph->pattern)});
  }
  if (const auto* service = std::get_if<sparql::ServicePattern>(&element.node)) {
    auto endpoint = name(service->endpoint);
    return make_node(Service{std::move(endpoint), service->silent}, {group(*service->pattern)});
  }
  const auto& choices = std::get<sparql::UnionPattern>(element.node).choices;
  if (choices.size() == 1) return group(choices.front());
  std::vector<NodePtr> inputs;
  inputs.reserve(choices.size());
  for (const sparql::GroupPattern& choice : choices) inputs.push_back(group(choice));
  return make_node(Union{}, std::move(inputs));
}

NodePtr Translator::values(const sparql::InlineData& data) {
  Values result;
  for (const sparql::Variable& variable : data.variables) result.slots.push_back(variables_.variable(variable.name));
  for (const auto& row : data.rows) {
    std::vector<std::optional<Constant>> cells;
    cells.reserve(row.size());
    for (const std::optional<Term>& cell : row) {
      cells.push_back(cell ? std::optional(Constant{*cell, Id()}) : std::nullopt);
    }
    result.rows.push_back(std::move(cells));
  }
  return make_node(std::move(result));
}

PatternTerm Translator::term(const sparql::TermPattern& pattern) {
  if (const auto* constant = std::get_if<sparql::Constant>(&pattern)) return Constant{constant->term, Id()};
  if (const auto* written = std::get_if<sparql::Variable>(&pattern)) {
    return Variable{variables_.variable(written->name)};
  }
  if (const auto* blank = std::get_if<sparql::BlankNode>(&pattern)) {
    return Variable{variables_.blank_node(blank->label)};
  }
  const auto& triple = *std::get<sparql::Box<sparql::TripleTermPattern>>(pattern);
  PatternTerm subject = term(triple.subject);
  PatternTerm predicate = term(triple.predicate);
  PatternTerm object = term(triple.object);
  return std::make_shared<const TripleTerm>(TripleTerm{std::move(subject), std::move(predicate), std::move(object)});
}

std::variant<Constant, Variable> Translator::name(const std::variant<sparql::Constant, sparql::Variable>& name) {
  if (const auto* constant = std::get_if<sparql::Constant>(&name)) return Constant{constant->term, Id()};
  return Variable{variables_.variable(std::get<sparql::Variable>(name).name)};
}

void Translator::triple(const sparql::TriplePattern& pattern, std::vector<NodePtr>& inputs) {
  PatternTerm subject = term(pattern.subject);
  if (const auto* constant = std::get_if<sparql::Constant>(&pattern.verb)) {
    link({std::move(subject), Constant{constant->term, Id()}, term(pattern.object)}, inputs);
  } else if (const auto* written = std::get_if<sparql::Variable>(&pattern.verb)) {
    const Variable predicate{variables_.variable(written->name)};
    link({std::move(subject), predicate, term(pattern.object)}, inputs);
  } else {
    path(std::move(subject), std::get<sparql::Path>(pattern.verb), term(pattern.object), inputs);
  }
}

void Translator::link(Triple triple, std::vector<NodePtr>& inputs) {
  BasicGraph graph;
  if (!inputs.empty()) {
    if (const auto* last = std::get_if<BasicGraph>(&inputs.back()->op)) {
      if (inputs.back().use_count() == 1) {
        // Made by this translation a moment ago and seen by nobody: growing it in place keeps a
        // thousand triples from being copied a thousand times.
        const_cast<BasicGraph&>(*last).triples.push_back(std::move(triple));
        return;
      }
    }
  }
  graph.triples.push_back(std::move(triple));
  inputs.push_back(make_node(std::move(graph)));
}

// 18.2.2.3 and 18.2.2.4 in one: links, sequences and alternatives come apart; the rest stays a path.
void Translator::path(PatternTerm subject, const sparql::Path& path, PatternTerm object, std::vector<NodePtr>& inputs) {
  if (const auto* one = std::get_if<sparql::PathLink>(&path->node)) {
    link({std::move(subject), Constant{one->iri, Id()}, std::move(object)}, inputs);
  } else if (const auto* inverse = std::get_if<sparql::PathInverse>(&path->node)) {
    this->path(std::move(object), inverse->path, std::move(subject), inputs);
  } else if (const auto* sequence = std::get_if<sparql::PathSequence>(&path->node)) {
    PatternTerm from = std::move(subject);
    for (std::size_t i = 0; i < sequence->steps.size(); ++i) {
      const bool last = i + 1 == sequence->steps.size();
      PatternTerm to = last ? object : PatternTerm(Variable{variables_.fresh("step")});
      this->path(from, sequence->steps[i], to, inputs);
      from = std::move(to);
    }
  } else if (const auto* alternative = std::get_if<sparql::PathAlternative>(&path->node)) {
    std::vector<NodePtr> choices;
    for (const sparql::Path& choice : alternative->choices) {
      std::vector<NodePtr> parts_of_choice;
      this->path(subject, choice, object, parts_of_choice);
      choices.push_back(join_of(std::move(parts_of_choice)));
    }
    inputs.push_back(make_node(Union{}, std::move(choices)));
  } else if (const auto* negated = std::get_if<sparql::PathNegated>(&path->node)) {
    std::vector<NodePtr> choices;
    if (!negated->forward.empty() || negated->inverse.empty()) {
      choices.push_back(
          make_node(PathPattern{subject, share({sparql::PathNegated{negated->forward, {}}, path->at}), object}));
    }
    if (!negated->inverse.empty()) {
      choices.push_back(
          make_node(PathPattern{subject, share({sparql::PathNegated{{}, negated->inverse}, path->at}), object}));
    }
    inputs.push_back(choices.size() == 1 ? choices.front() : make_node(Union{}, std::move(choices)));
  } else {
    inputs.push_back(make_node(PathPattern{std::move(subject), share(*path), std::move(object)}));
  }
}

}  // namespace akyn::algebra

// PATH clauses (docs/paths.md).
#include <utility>

#include "engine/algebra/translator.h"
#include "parser/sparql/path_checks.h"

namespace akyn::algebra {

NodePtr Translator::path_search(const sparql::PathClause& clause) {
  PathSearch op;
  op.path = variables_.variable(clause.variable.name);
  op.selector = clause.selector;
  op.count = clause.count;
  op.mode = clause.mode;
  op.subject = term(clause.subject);
  op.expression = std::make_shared<const sparql::PathNode>(*clause.path);
  op.object = term(clause.object);
  op.min_length = clause.min_length.value_or(0);
  op.max_length = clause.max_length;
  op.place = clause.place;
  for (const sparql::StepPlace& place : sparql::steps_of(*clause.path)) {
    // Those with one number are the same.
    if (place.step->number != op.steps.size()) continue;
    op.steps.push_back(step(*place.step));
    op.steps.back().place = clause.step_places[place.step->number];
  }
  for (const sparql::PathInner& inner : clause.inner) {
    op.inner.push_back({variables_.variable(inner.node.name), {expression(inner.condition)}});
  }
  return make_node(std::move(op));
}

PathSearch::Step Translator::step(const sparql::PathStep& step) {
  PathSearch::Step result;
  result.label = step.iri;
  result.from = Variable{variables_.variable(step.from.name)};
  result.to = Variable{variables_.variable(step.to.name)};
  result.pattern = group(*step.pattern);
  if (step.cost) {
    result.cost = variables_.fresh("cost");
    result.pattern = make_node(Extend{*result.cost, expression(*step.cost)}, {std::move(result.pattern)});
  }
  return result;
}

}  // namespace akyn::algebra

#include "engine/algebra/translate.h"

#include <algorithm>

#include <akyn/error.h>

#include "engine/algebra/translator.h"

namespace akyn::algebra {

namespace {

Dataset dataset_of(const sparql::DatasetClause& clause) {
  if (clause.empty()) return {};
  return {clause.from, clause.from_named};
}

// Templates know blank nodes as labels to be instantiated, where patterns know them as variables.
PatternTerm template_term(const sparql::TermPattern& pattern, VariableTable& variables,
                          std::vector<std::string>& labels) {
  if (const auto* blank = std::get_if<sparql::BlankNode>(&pattern)) {
    const auto place = std::find(labels.begin(), labels.end(), blank->label);
    const auto index = static_cast<std::uint32_t>(place - labels.begin());
    if (place == labels.end()) labels.push_back(blank->label);
    return TemplateBlank{index};
  }
  if (const auto* triple = std::get_if<sparql::Box<sparql::TripleTermPattern>>(&pattern)) {
    return std::make_shared<const TripleTerm>(TripleTerm{template_term((*triple)->subject, variables, labels),
                                                         template_term((*triple)->predicate, variables, labels),
                                                         template_term((*triple)->object, variables, labels)});
  }
  return Translator(variables).term(pattern);
}

void translate_form(const sparql::SelectForm& form, Query& query) {
  query.form = QueryForm::select;
  query.root = Translator(query.variables).select(form.select, query.columns);
}

void translate_form(const sparql::AskForm& form, Query& query) {
  query.form = QueryForm::ask;
  query.root = Translator(query.variables).modified(form.where, form.modifier, form.values);
}

void translate_form(const sparql::ConstructForm& form, Query& query) {
  query.form = QueryForm::construct;
  query.root = Translator(query.variables).modified(form.where, form.modifier, form.values);
  std::vector<std::string> labels;
  for (const sparql::TriplePattern& triple : form.pattern.triples) {
    query.construct.push_back(translate_template(triple, query.variables, labels));
  }
}

void translate_form(const sparql::DescribeForm& form, Query& query) {
  query.form = QueryForm::describe;
  Translator translator(query.variables);
  query.root = translator.modified(form.where.value_or(sparql::GroupPattern{}), form.modifier, form.values);
  if (form.all) {
    for (const Slot slot : scope_of(*query.root)) {
      if (query.variables.is_named(slot)) query.describe.emplace_back(Variable{slot});
    }
  }
  for (const auto& resource : form.resources) {
    std::visit([&](auto part) { query.describe.emplace_back(std::move(part)); }, translator.name(resource));
  }
}

}  // namespace

Triple translate_template(const sparql::TriplePattern& pattern, VariableTable& variables,
                          std::vector<std::string>& labels) {
  PatternTerm subject = template_term(pattern.subject, variables, labels);
  PatternTerm predicate;
  if (const auto* constant = std::get_if<sparql::Constant>(&pattern.verb)) {
    predicate = Constant{constant->term, Id()};
  } else if (const auto* variable = std::get_if<sparql::Variable>(&pattern.verb)) {
    predicate = Variable{variables.variable(variable->name)};
  } else {
    throw Error(ErrorCode::syntax, "a template cannot hold a property path");
  }
  PatternTerm object = template_term(pattern.object, variables, labels);
  return {std::move(subject), std::move(predicate), std::move(object)};
}

Query translate(const sparql::Query& query) {
  Query result;
  result.dataset = dataset_of(query.dataset);
  std::visit([&](const auto& form) { translate_form(form, result); }, query.form);
  return result;
}

Query translate_where(const sparql::ModifyOperation& operation) {
  Query result;
  result.dataset = dataset_of(operation.dataset);
  if (operation.dataset.empty() && operation.with) result.dataset.default_graphs = {*operation.with};
  result.root = Translator(result.variables).group(operation.where);
  return result;
}

}  // namespace akyn::algebra

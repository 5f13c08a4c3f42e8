#include "tests/w3c/sparql_tests.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/algebra/sparql_text.h"
#include "engine/algebra/translate.h"
#include "engine/exec/evaluate.h"
#include "engine/storage/database.h"
#include "engine/update/update.h"
#include "parser/sparql/parse.h"
#include "tests/w3c/isomorphism.h"
#include "tests/w3c/sparql_results.h"

namespace akyn::w3c {

namespace {

std::string mf(std::string_view name) {
  return std::string(kMf) + std::string(name);
}
std::string qt(std::string_view name) {
  return std::string(kQt) + std::string(name);
}
std::string ut(std::string_view name) {
  return std::string(kUt) + std::string(name);
}

constexpr std::string_view kLabel = "http://www.w3.org/2000/01/rdf-schema#label";
constexpr std::string_view kEntailment = "http://www.w3.org/ns/sparql-service-description#entailmentRegime";

// A store in memory, filled from the files of a test.
class TestStore {
 public:
  TestStore() : database_(storage::Database::in_memory({})) {}

  // `graph`: where triples of the default graph go; no term: the default graph.
  void load(const Test& test, const Term& file, const Term& graph) {
    const auto writer = database_->begin();
    std::unordered_map<std::string, Term> blanks;
    for (const Quad& quad : read_quads(test, file)) {
      const Term& name = quad.graph ? quad.graph : graph;
      writer->insert({writer->intern(stored(quad.subject, *writer, blanks).view()),
                      writer->intern(quad.predicate.view()),
                      writer->intern(stored(quad.object, *writer, blanks).view()),
                      name ? writer->intern(stored(name, *writer, blanks).view()) : storage::kDefaultGraph});
    }
    writer->commit();
  }

  void update(const sparql::Update& request, const runtime::Environment& environment) {
    const auto writer = database_->begin();
    update::run(request, *writer, environment);
    writer->commit();
    database_->verify();
  }

  [[nodiscard]] runtime::LocalTerms terms() const { return runtime::LocalTerms(database_->snapshot()); }

  [[nodiscard]] std::vector<Quad> quads() const {
    const auto snapshot = database_->snapshot();
    const auto scan = snapshot->scan({}, storage::GraphScope::all());
    storage::ScanBatch batch;
    std::vector<Quad> result;
    while (scan->next(batch)) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const storage::QuadIds quad = batch.row(i);
        result.push_back({snapshot->term(quad.subject), snapshot->term(quad.predicate), snapshot->term(quad.object),
                          quad.graph.is_bound() ? snapshot->term(quad.graph) : Term()});
      }
    }
    return result;
  }

 private:
  [[nodiscard]] static Term stored(const Term& term, storage::Writer& writer,
                                   std::unordered_map<std::string, Term>& blanks) {
    if (term.is_blank()) {
      const auto [place, is_new] = blanks.try_emplace(term.value());
      if (is_new) place->second = writer.snapshot()->term(writer.new_blank());
      return place->second;
    }
    if (!term.is_triple()) return term;
    const Triple& triple = term.triple();
    return triple_term(stored(triple.subject, writer, blanks), triple.predicate, stored(triple.object, writer, blanks));
  }

  std::shared_ptr<storage::Database> database_;
};

sparql::ParseOptions parse_options(const Test& test, const Term& file) {
  sparql::ParseOptions options;
  options.source_name = file_path(file.value()).filename().string();
  options.base_iri = base_of(test, file);
  return options;
}

sparql::Query read_query(const Test& test, const Term& file) {
  return sparql::parse_query(read_file(file_path(file.value())), parse_options(test, file));
}

sparql::Update read_update(const Test& test, const Term& file) {
  return sparql::parse_update(read_file(file_path(file.value())), parse_options(test, file));
}

// Graph files are named by their IRI, or by a label of their own. `property` finds the file in a node of the latter
// kind.
void load_graphs(TestStore& store, const Test& test, const std::vector<Term>& graphs, const std::string& property) {
  for (const Term& graph : graphs) {
    if (graph.is_iri()) {
      store.load(test, graph, graph);
      continue;
    }
    const Term file = test.graph->one(graph, property);
    const Term label = test.graph->one(graph, std::string(kLabel));
    store.load(test, file, label ? iri(label.value()) : file);
  }
}

// Without data in the manifest, FROM and FROM NAMED say what to load.
void load_dataset(TestStore& store, const Test& test, const sparql::DatasetClause& dataset) {
  std::set<Term> files(dataset.from.begin(), dataset.from.end());
  files.insert(dataset.from_named.begin(), dataset.from_named.end());
  for (const Term& file : files) store.load(test, file, file);
}

std::vector<Quad> triples_of(const std::vector<runtime::TripleIds>& triples, const runtime::LocalTerms& terms) {
  std::vector<Quad> result;
  for (const runtime::TripleIds& triple : triples) {
    result.push_back({terms.term(triple.subject), terms.term(triple.predicate), terms.term(triple.object), Term()});
  }
  return result;
}

Answer ask(const algebra::Query& query, const TestStore& store, const runtime::Environment& environment,
           plan::PlannerOptions options = {}) {
  runtime::LocalTerms terms = store.terms();
  Answer answer;
  if (query.form == QueryForm::ask) {
    answer.kind = Answer::Kind::boolean;
    answer.boolean = exec::evaluate_ask(query, terms, environment, options);
  } else if (query.form == QueryForm::select) {
    const runtime::Solutions solutions = exec::evaluate_select(query, terms, environment, options);
    answer.variables = solutions.variables();
    for (std::size_t i = 0; i < solutions.size(); ++i) {
      Row row;
      for (const Id id : solutions.row(i)) row.push_back(terms.term(id));
      answer.rows.push_back(std::move(row));
    }
  } else {
    answer.kind = Answer::Kind::graph;
    answer.graph =
        triples_of(query.form == QueryForm::construct ? exec::evaluate_construct(query, terms, environment, options)
                                                      : exec::evaluate_describe(query, terms, environment, options),
                   terms);
  }
  return answer;
}

// Endpoints of SERVICE that are stores.
class TestEndpoints final : public runtime::ServiceClient {
 public:
  TestStore& operator[](const std::string& endpoint) { return stores_[endpoint]; }

  [[nodiscard]] runtime::ServiceAnswer ask(const runtime::ServiceRequest& request) const override {
    const auto store = stores_.find(request.endpoint);
    if (store == stores_.end()) throw Error(ErrorCode::io, "nobody answers at " + request.endpoint);
    runtime::Environment environment;
    environment.services = this;
    Answer answer = w3c::ask(algebra::translate(sparql::parse_query(request.query)), store->second, environment);
    return {std::move(answer.variables), std::move(answer.rows)};
  }

 private:
  std::map<std::string, TestStore> stores_;
};

// The query as an endpoint would get it: written from the algebra, and read again.
algebra::Query rewritten(const algebra::Query& query) {
  if (query.form != QueryForm::select && query.form != QueryForm::ask) return query;
  const std::string text = algebra::to_sparql(*query.root, query.columns, {}, query.variables);
  algebra::Query result = algebra::translate(sparql::parse_query(text));
  result.form = query.form;
  result.dataset = query.dataset;
  if (query.columns.empty()) result.columns.clear();  // a SELECT has at least one
  return result;
}

bool is_ordered(const sparql::Query& query) {
  const auto* select = std::get_if<sparql::SelectForm>(&query.form);
  return select != nullptr && !select->select.modifier.order_by.empty();
}

Outcome query_evaluation(const Test& test, Reading reading) {
  const ManifestGraph& graph = *test.graph;
  if (graph.one(test.action, std::string(kEntailment)) || graph.one(test.node, std::string(kEntailment))) {
    return Outcome::skip("entailment regimes are not part of SPARQL Query");
  }
  const Term file = test.action.is_iri() ? test.action : graph.one(test.action, qt("query"));
  const sparql::Query query = read_query(test, file);

  TestStore store;
  const std::vector<Term>& data = graph.all(test.action, qt("data"));
  const std::vector<Term>& named = graph.all(test.action, qt("graphData"));
  for (const Term& loaded : data) store.load(test, loaded, Term());
  load_graphs(store, test, named, qt("graph"));
  if (data.empty() && named.empty()) load_dataset(store, test, query.dataset);

  TestEndpoints endpoints;
  for (const Term& service : graph.all(test.action, qt("serviceData"))) {
    TestStore& far = endpoints[graph.one(service, qt("endpoint")).value()];
    for (const Term& loaded : graph.all(service, qt("data"))) far.load(test, loaded, Term());
  }
  runtime::Environment environment;
  environment.base_iri = query.base.empty() ? base_of(test, file) : query.base;
  environment.services = &endpoints;
  const algebra::Query translated = algebra::translate(query);
  const Answer actual = reading == Reading::rewritten
                            ? ask(rewritten(translated), store, environment, {.optimize = false})
                            : ask(translated, store, environment);
  Answer expected = read_answer(test, test.result);
  expected.ordered = expected.ordered || (expected.in_sequence && is_ordered(query));
  const bool lax = graph.one(test.node, mf("resultCardinality")) == iri(mf("LaxCardinality"));
  const auto wrong = difference(expected, actual, lax ? Cardinality::lax : Cardinality::strict);
  return wrong ? Outcome::fail(*wrong) : Outcome::pass();
}

void load_update_data(TestStore& store, const Test& test, const Term& node) {
  for (const Term& file : test.graph->all(node, ut("data"))) store.load(test, file, Term());
  load_graphs(store, test, test.graph->all(node, ut("graphData")), ut("graph"));
}

std::string text_of(const std::vector<Quad>& quads) {
  std::string result;
  for (const Quad& quad : quads) {
    result += "\n    " + quad.subject.to_string() + ' ' + quad.predicate.to_string() + ' ' + quad.object.to_string();
    if (quad.graph) result += ' ' + quad.graph.to_string();
  }
  return result;
}

Outcome update_evaluation(const Test& test) {
  const Term file = test.graph->one(test.action, ut("request"));
  TestStore store;
  load_update_data(store, test, test.action);
  runtime::Environment environment;
  environment.base_iri = base_of(test, file);
  store.update(read_update(test, file), environment);
  TestStore expected;
  load_update_data(expected, test, test.result);
  if (isomorphic(store.quads(), expected.quads())) return Outcome::pass();
  return Outcome::fail("expected" + text_of(expected.quads()) + "\n  got" + text_of(store.quads()));
}

Outcome positive_query_syntax(const Test& test) {
  (void)algebra::translate(read_query(test, test.action));
  return Outcome::pass();
}

Outcome positive_update_syntax(const Test& test) {
  (void)read_update(test, test.action);
  return Outcome::pass();
}

template <class Read>
Outcome negative_syntax(Read read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::syntax) throw;
    return Outcome::pass();
  }
  return Outcome::fail("read without complaint");
}

Outcome negative_query_syntax(const Test& test) {
  return negative_syntax([&] { (void)algebra::translate(read_query(test, test.action)); });
}

Outcome negative_update_syntax(const Test& test) {
  return negative_syntax([&] { (void)read_update(test, test.action); });
}

}  // namespace

void add_sparql_tests(Registry& registry, Reading reading) {
  const auto evaluation = [reading](const Test& test) { return query_evaluation(test, reading); };
  registry.add(mf("QueryEvaluationTest"), evaluation);
  registry.add(mf("CSVResultFormatTest"), evaluation);
  registry.add(mf("UpdateEvaluationTest"), update_evaluation);
  for (const char* version : {"", "11"}) {
    registry.add(mf("PositiveSyntaxTest") + version, positive_query_syntax);
    registry.add(mf("NegativeSyntaxTest") + version, negative_query_syntax);
    registry.add(mf("PositiveUpdateSyntaxTest") + version, positive_update_syntax);
    registry.add(mf("NegativeUpdateSyntaxTest") + version, negative_update_syntax);
  }
  registry.skip(mf("ProtocolTest"), "the SPARQL Protocol is not served");
  registry.skip(mf("GraphStoreProtocolTest"), "the Graph Store Protocol is not served");
  registry.skip(mf("ServiceDescriptionTest"), "the SPARQL Protocol is not served");
}

}  // namespace akyn::w3c

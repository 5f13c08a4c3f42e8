#include "tests/exec/support.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "engine/algebra/substitute.h"
#include "engine/algebra/translate.h"
#include "engine/update/update.h"
#include "parser/rdf/reader.h"
#include "parser/sparql/parse.h"

namespace akyn::exec::test {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kPrefixes = {
    {{"", "http://example/"},
     {"xsd", "http://www.w3.org/2001/XMLSchema#"},
     {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}}};

sparql::ParseOptions parse_options() {
  sparql::ParseOptions options;
  for (const auto& [name, iri] : kPrefixes) options.prefixes.push_back({std::string(name), std::string(iri)});
  return options;
}

std::string lines_of(std::vector<std::string> lines) {
  std::string result;
  for (const std::string& line : lines) result += line + '\n';
  return result;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

class Loader : public rdf::StatementSink {
 public:
  explicit Loader(storage::Writer& writer) : writer_(writer) {}

  void quad(const QuadView& quad) override {
    writer_.insert(
        {id(quad.subject), id(quad.predicate), id(quad.object), quad.graph ? id(quad.graph) : storage::kDefaultGraph});
  }

 private:
  [[nodiscard]] Id id(const TermView& view) { return writer_.intern(stored(Term(view)).view()); }
  [[nodiscard]] Term stored(const Term& term) {
    if (term.is_blank()) {
      const auto [place, is_new] = blanks_.try_emplace(term.value());
      if (is_new) place->second = writer_.snapshot()->term(writer_.new_blank());
      return place->second;
    }
    if (!term.is_triple()) return term;
    return triple_term(stored(term.triple().subject), term.triple().predicate, stored(term.triple().object));
  }

  storage::Writer& writer_;
  std::unordered_map<std::string, Term> blanks_;
};

std::vector<std::string> rows_of(const Solutions& solutions, const LocalTerms& terms) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    std::string line;
    for (const Id id : solutions.row(i)) {
      if (!line.empty()) line += ' ';
      line += text_of(terms.term(id));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// As whoever asks for an answer reads it: batch by batch.
std::vector<std::string> rows_of(Answer& answer, const LocalTerms& terms) {
  std::vector<std::string> lines;
  for (Batch batch; answer.next(batch);) {
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      std::string line;
      for (std::size_t column = 0; column < batch.width(); ++column) {
        if (!line.empty()) line += ' ';
        line += text_of(terms.term(Id::from_bits(batch.column(column)[row])));
      }
      lines.insert(lines.end(), batch.count(row), line);
    }
  }
  return lines;
}

}  // namespace

std::string text_of(const Term& term) {
  if (!term) return "-";
  if (term.is_blank()) return "_";
  if (term.is_triple()) {
    const Triple& triple = term.triple();
    return "<<( " + text_of(triple.subject) + ' ' + text_of(triple.predicate) + ' ' + text_of(triple.object) + " )>>";
  }
  const auto shortened = [](std::string_view iri) {
    for (const auto& [name, prefix] : kPrefixes) {
      if (iri.starts_with(prefix)) return std::string(name) + ':' + std::string(iri.substr(prefix.size()));
    }
    return '<' + std::string(iri) + '>';
  };
  if (term.is_iri()) return shortened(term.value());
  if (!term.language().empty()) return term.to_string();
  const std::string datatype = shortened(term.datatype());
  if (datatype == "xsd:string") return '"' + term.value() + '"';
  if (datatype == "xsd:integer" || datatype == "xsd:decimal" || datatype == "xsd:boolean") return term.value();
  return '"' + term.value() + "\"^^" + datatype;
}

algebra::Query translated(std::string_view query, const Parameters& parameters) {
  algebra::Query result = algebra::translate(sparql::parse_query(query, parse_options()));
  algebra::bind_parameters(result, parameters);
  return result;
}

TestStore::TestStore(std::string_view data) : database_(storage::Database::in_memory({})) {
  std::string text;
  for (const auto& [name, iri] : kPrefixes) {
    text += "PREFIX " + std::string(name) + ": <" + std::string(iri) + ">\n";
  }
  text += data;
  const auto writer = database_->begin();
  Loader loader(*writer);
  rdf::ReadOptions options;
  options.format = RdfFormat::trig;
  rdf::read(text, options, loader);
  writer->commit();
}

namespace {

constexpr plan::PlannerOptions kOptimized{.optimize = true};
constexpr plan::PlannerOptions kPlain{.optimize = false};

}  // namespace

std::vector<std::string> TestStore::rows(const algebra::Query& query) {
  const auto of_engine = [&](plan::PlannerOptions options) {
    LocalTerms local = terms();
    return rows_of(*open_select(query, local, environment, options), local);
  };
  std::vector<std::string> answer = of_engine(kOptimized);
  LocalTerms local = terms();
  const std::vector<std::string> expected = sorted(rows_of(oracle::evaluate_select(query, local, environment), local));
  CHECK(sorted(answer) == expected);
  CHECK(sorted(of_engine(kPlain)) == expected);
  return answer;
}

std::string TestStore::select(std::string_view query, const Parameters& parameters) {
  return lines_of(sorted(rows(translated(query, parameters))));
}

std::string TestStore::sequence(std::string_view query, const Parameters& parameters) {
  return lines_of(rows(translated(query, parameters)));
}

bool TestStore::ask(std::string_view query, const Parameters& parameters) {
  LocalTerms local = terms();
  const algebra::Query parsed = translated(query, parameters);
  const bool answer = evaluate_ask(parsed, local, environment, kOptimized);
  CHECK(evaluate_ask(parsed, local, environment, kPlain) == answer);
  CHECK(oracle::evaluate_ask(parsed, local, environment) == answer);
  return answer;
}

std::string TestStore::graph(std::string_view query, const Parameters& parameters) {
  LocalTerms local = terms();
  const algebra::Query parsed = translated(query, parameters);
  const auto lines = [&](const std::vector<TripleIds>& triples) {
    std::vector<std::string> result;
    for (const TripleIds& triple : triples) {
      result.push_back(text_of(local.term(triple.subject)) + ' ' + text_of(local.term(triple.predicate)) + ' ' +
                       text_of(local.term(triple.object)));
    }
    return lines_of(sorted(std::move(result)));
  };
  const bool describes = parsed.form == QueryForm::describe;
  std::string answer = lines(describes ? evaluate_describe(parsed, local, environment, kOptimized)
                                       : evaluate_construct(parsed, local, environment, kOptimized));
  CHECK(answer == lines(describes ? oracle::evaluate_describe(parsed, local, environment)
                                  : oracle::evaluate_construct(parsed, local, environment)));
  return answer;
}

void TestStore::update(std::string_view request) {
  const auto writer = database_->begin();
  update::run(sparql::parse_update(request, parse_options()), *writer, environment);
  writer->commit();
}

std::string TestStore::quads() {
  const auto snapshot = database_->snapshot();
  const auto scan = snapshot->scan({}, storage::GraphScope::all());
  storage::ScanBatch batch;
  std::vector<std::string> lines;
  while (scan->next(batch)) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const storage::QuadIds quad = batch.row(i);
      std::string line = text_of(snapshot->term(quad.subject)) + ' ' + text_of(snapshot->term(quad.predicate)) + ' ' +
                         text_of(snapshot->term(quad.object));
      if (quad.graph.is_bound()) line += ' ' + text_of(snapshot->term(quad.graph));
      lines.push_back(std::move(line));
    }
  }
  return lines_of(sorted(std::move(lines)));
}

}  // namespace akyn::exec::test

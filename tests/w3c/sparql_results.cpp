#include "tests/w3c/sparql_results.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include <akyn/error.h>
#include "engine/expr/value.h"
#include "engine/results/reader.h"
#include "engine/results/writer.h"
#include "engine/term/decimal.h"
#include "engine/term/vocabulary.h"
#include "parser/rdf/reader.h"

namespace akyn::w3c {

namespace {

constexpr std::string_view kRs = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";

std::string rs(std::string_view name) {
  return std::string(kRs) + std::string(name);
}

class QuadCollector : public rdf::StatementSink {
 public:
  void quad(const QuadView& quad) override {
    quads.push_back({Term(quad.subject), Term(quad.predicate), Term(quad.object), Term(quad.graph)});
  }
  std::vector<Quad> quads;
};

// Solutions as the result-set vocabulary lists them; with an index each where their order counts.
struct Listed {
  std::optional<std::int64_t> index;
  std::map<std::string, Term> bindings;
};

Answer answer_of(std::vector<std::string> variables, std::vector<Listed> solutions) {
  Answer answer;
  answer.ordered = !solutions.empty() && std::all_of(solutions.begin(), solutions.end(),
                                                     [](const Listed& solution) { return solution.index.has_value(); });
  if (answer.ordered) {
    std::stable_sort(solutions.begin(), solutions.end(),
                     [](const Listed& a, const Listed& b) { return *a.index < *b.index; });
  }
  for (const Listed& solution : solutions) {
    Row row;
    for (const std::string& variable : variables) {
      const auto place = solution.bindings.find(variable);
      row.push_back(place == solution.bindings.end() ? Term() : place->second);
    }
    answer.rows.push_back(std::move(row));
  }
  answer.variables = std::move(variables);
  return answer;
}

std::optional<Answer> result_set(const ManifestGraph& graph) {
  for (const Term& node : graph.having(std::string(rdf_vocabulary::kType))) {
    if (graph.one(node, std::string(rdf_vocabulary::kType)) != iri(rs("ResultSet"))) continue;
    if (const Term boolean = graph.one(node, rs("boolean"))) {
      Answer answer;
      answer.kind = Answer::Kind::boolean;
      answer.boolean = boolean.as_bool();
      return answer;
    }
    std::vector<std::string> variables;
    for (const Term& name : graph.all(node, rs("resultVariable"))) variables.push_back(name.value());
    std::vector<Listed> solutions;
    for (const Term& solution : graph.all(node, rs("solution"))) {
      Listed listed;
      if (const Term index = graph.one(solution, rs("index"))) listed.index = index.as_int64();
      for (const Term& binding : graph.all(solution, rs("binding"))) {
        listed.bindings[graph.one(binding, rs("variable")).value()] = graph.one(binding, rs("value"));
      }
      solutions.push_back(std::move(listed));
    }
    return answer_of(std::move(variables), std::move(solutions));
  }
  return std::nullopt;
}

std::string extension_of(const Term& file) {
  return file_path(file.value()).extension().string();
}

std::string text_of(const std::vector<std::string>& variables, const std::vector<Row>& rows) {
  std::string result;
  for (const std::string& variable : variables) result += " ?" + variable;
  for (const Row& row : rows) {
    result += "\n   ";
    for (const Term& term : row) result += ' ' + (term ? term.to_string() : "-");
  }
  return result;
}

std::string text_of(const Answer& answer) {
  if (answer.kind == Answer::Kind::boolean) return answer.boolean ? " true" : " false";
  if (answer.kind == Answer::Kind::solutions) return text_of(answer.variables, answer.rows);
  std::string result;
  for (const Quad& quad : answer.graph) {
    result += "\n    " + quad.subject.to_string() + ' ' + quad.predicate.to_string() + ' ' + quad.object.to_string();
  }
  return result;
}

// As CSV says them: what is written is read back.
std::vector<Row> plain(const Answer& answer) {
  std::ostringstream text;
  const auto writer = results::make_csv_writer(text);
  writer->begin(answer.variables);
  for (const Row& row : answer.rows) {
    std::vector<const Term*> terms;
    for (const Term& term : row) terms.push_back(&term);
    writer->row(terms);
  }
  writer->end();
  return results::read_csv(text.str(), "our CSV").rows;
}

// Rows with their columns in the order of `variables`, which names the same ones.
std::vector<Row> rearranged(const Answer& answer, const std::vector<std::string>& variables) {
  std::vector<Row> result;
  for (const Row& row : answer.rows) {
    Row other;
    for (const std::string& variable : variables) {
      const auto place = std::find(answer.variables.begin(), answer.variables.end(), variable);
      other.push_back(row[static_cast<std::size_t>(place - answer.variables.begin())]);
    }
    result.push_back(std::move(other));
  }
  return result;
}

std::vector<Row> without_duplicates(std::vector<Row> rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

// Numbers in the canonical form of their datatype: the suites compute 2.0 where others compute 2, and
// mean the same value. Only where the terms as they are do not agree.
std::vector<Row> canonical(std::vector<Row> rows) {
  for (Row& row : rows) {
    for (Term& term : row) {
      if (!term.is_literal()) continue;
      const expr::Value value = expr::Value::of(term);
      if (value.kind() == expr::ValueKind::decimal) term = expr::Value::decimal(value.as_decimal()).term();
      if (value.kind() == expr::ValueKind::double_) term = expr::Value::double_(value.as_double()).term();
      if (value.kind() == expr::ValueKind::float_) term = expr::Value::float_(value.as_float()).term();
    }
  }
  return rows;
}

bool rows_agree(const std::vector<Row>& left, const std::vector<Row>& right, bool ordered) {
  return ordered ? isomorphic_sequence(left, right) : isomorphic_rows(left, right);
}

bool solutions_agree(const Answer& expected, const Answer& actual, Cardinality cardinality) {
  if (std::set(expected.variables.begin(), expected.variables.end()) !=
      std::set(actual.variables.begin(), actual.variables.end())) {
    return false;
  }
  Answer ours = actual;
  if (expected.plain_values) ours.rows = plain(actual);
  const std::vector<Row> left = rearranged(expected, expected.variables);
  const std::vector<Row> right = rearranged(ours, expected.variables);
  if (cardinality == Cardinality::lax) {
    const bool too_many = right.size() > left.size();
    return !too_many && isomorphic_rows(without_duplicates(left), without_duplicates(right));
  }
  return rows_agree(left, right, expected.ordered) || rows_agree(canonical(left), canonical(right), expected.ordered);
}

}  // namespace

std::vector<Quad> read_quads(const Test& test, const Term& file) {
  const std::filesystem::path path = file_path(file.value());
  rdf::ReadOptions options;
  options.format = rdf::format_of(path.string());
  if (options.format == RdfFormat::automatic) {
    throw Error(ErrorCode::unsupported, "no reader for '" + path.string() + "'");
  }
  options.source_name = path.filename().string();
  options.base_iri = base_of(test, file);
  QuadCollector sink;
  rdf::read(read_file(path), options, sink);
  return sink.quads;
}

Answer read_answer(const Test& test, const Term& file) {
  const std::string extension = extension_of(file);
  static const std::map<std::string, ResultFormat> kFormats = {{".srx", ResultFormat::xml},
                                                               {".srj", ResultFormat::json},
                                                               {".csv", ResultFormat::csv},
                                                               {".tsv", ResultFormat::tsv}};
  Answer answer;
  if (const auto format = kFormats.find(extension); format != kFormats.end()) {
    results::ResultSet set = results::read_results(read_file(file_path(file.value())), format->second, file.value());
    answer.kind = set.boolean ? Answer::Kind::boolean : Answer::Kind::solutions;
    answer.boolean = set.boolean.value_or(false);
    answer.variables = std::move(set.variables);
    answer.rows = std::move(set.rows);
    answer.in_sequence = true;
    answer.plain_values = format->second == ResultFormat::csv;
    return answer;
  }
  answer.kind = Answer::Kind::graph;
  answer.graph = read_quads(test, file);
  ManifestGraph graph;
  for (const Quad& quad : answer.graph) {
    graph.add({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
  }
  if (std::optional<Answer> listed = result_set(graph)) return *std::move(listed);
  return answer;
}

std::optional<std::string> difference(const Answer& expected, const Answer& actual, Cardinality cardinality) {
  bool agree = expected.kind == actual.kind;
  if (agree && expected.kind == Answer::Kind::boolean) agree = expected.boolean == actual.boolean;
  if (agree && expected.kind == Answer::Kind::graph) agree = isomorphic(expected.graph, actual.graph);
  if (agree && expected.kind == Answer::Kind::solutions) agree = solutions_agree(expected, actual, cardinality);
  if (agree) return std::nullopt;
  return "expected" + text_of(expected) + "\n  got" + text_of(actual);
}

}  // namespace akyn::w3c

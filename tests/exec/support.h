// A store in memory, asked in SPARQL, answering in text that tests can spell out. Each question is asked of the engine,
// with and without its optimizer, and of the oracle, whose answers must agree.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include <akyn/term.h>
#include "engine/algebra/algebra.h"
#include "engine/exec/evaluate.h"
#include "engine/oracle/evaluate.h"
#include "engine/storage/database.h"

namespace akyn::exec::test {

using namespace runtime;

using Parameters = std::vector<std::pair<std::string, Term>>;

// Every text may use the prefixes : (http://example/), xsd: and rdf:.
//
// Answers: one solution a line, its terms separated by spaces, lines sorted; "-" is unbound, IRIs of
// the prefixes are shortened, numbers and booleans stand bare, a blank node is "_" however it is
// called.
class TestStore {
 public:
  // Data is TriG.
  explicit TestStore(std::string_view data = {});

  [[nodiscard]] std::string select(std::string_view query, const Parameters& parameters = {});
  // The same, lines in the order of the solutions.
  [[nodiscard]] std::string sequence(std::string_view query, const Parameters& parameters = {});
  [[nodiscard]] bool ask(std::string_view query, const Parameters& parameters = {});
  // CONSTRUCT and DESCRIBE; one triple a line, sorted.
  [[nodiscard]] std::string graph(std::string_view query, const Parameters& parameters = {});
  // Runs a request and commits it.
  void update(std::string_view request);
  // All quads, sorted; the graph last where it is not the default graph.
  [[nodiscard]] std::string quads();

  [[nodiscard]] LocalTerms terms() const { return LocalTerms(database_->snapshot()); }
  [[nodiscard]] storage::Database& database() { return *database_; }

  Environment environment;

 private:
  // The solutions of a SELECT in the engine's sequence, as lines.
  [[nodiscard]] std::vector<std::string> rows(const algebra::Query& query);

  std::shared_ptr<storage::Database> database_;
};

[[nodiscard]] algebra::Query translated(std::string_view query, const Parameters& parameters = {});
[[nodiscard]] std::string text_of(const Term& term);

// The error an action throws, as its message; "no error" otherwise.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

}  // namespace akyn::exec::test

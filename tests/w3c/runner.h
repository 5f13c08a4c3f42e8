// Which code runs which type of test.
//
// To add a type: write a function from Test to Outcome, and register it from a function of your
// own, called in main.cpp:
//
//     void add_query_tests(Registry& registry) {
//       registry.add(std::string(kMf) + "QueryEvaluationTest", [](const Test& test) { ...; return Outcome::pass(); });
//     }
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "tests/w3c/manifest.h"

namespace akyn::w3c {

struct Outcome {
  enum class Status : std::uint8_t { passed, failed, skipped };

  Status status = Status::passed;
  std::string message;

  [[nodiscard]] static Outcome pass() { return {}; }
  [[nodiscard]] static Outcome fail(std::string message) { return {Status::failed, std::move(message)}; }
  [[nodiscard]] static Outcome skip(std::string reason) { return {Status::skipped, std::move(reason)}; }
};

class Registry {
 public:
  using Handler = std::function<Outcome(const Test&)>;

  // `type` is a full IRI. A later registration of the same type wins.
  void add(std::string type, Handler handler) { handlers_[std::move(type)] = std::move(handler); }
  void skip(std::string type, std::string reason) {
    add(std::move(type), [reason = std::move(reason)](const Test&) { return Outcome::skip(reason); });
  }

  // Runs the handler of the first of the test's types that has one. What it throws is a failure.
  [[nodiscard]] Outcome run(const Test& test) const;

 private:
  std::map<std::string, Handler> handlers_;
};

// N-Triples, N-Quads, Turtle, TriG and RDF/XML, and the reasons why the other RDF suites are not run.
void add_rdf_tests(Registry& registry);

}  // namespace akyn::w3c

// Answers as the W3C suites write them down, and whether an answer of ours is that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <akyn/term.h>
#include "tests/w3c/isomorphism.h"
#include "tests/w3c/manifest.h"

namespace akyn::w3c {

// A SELECT answer, an ASK answer, or a graph.
struct Answer {
  enum class Kind : std::uint8_t { solutions, boolean, graph };

  Kind kind = Kind::solutions;
  std::vector<std::string> variables;
  std::vector<Row> rows;     // as many terms as variables
  bool ordered = false;      // the order of the rows counts
  bool in_sequence = false;  // the file has an order
  bool boolean = false;
  std::vector<Quad> graph;
  // CSV only: every value is read as a string.
  bool plain_values = false;
};

// Reads a result file: .srx, .srj, .csv, .tsv; .ttl and .rdf with an rs:ResultSet; any other graph.
[[nodiscard]] Answer read_answer(const Test& test, const Term& file);

enum class Cardinality : std::uint8_t { strict, lax };  // lax: REDUCED may drop any duplicates

// Nothing when they agree; else what differs, for a person.
[[nodiscard]] std::optional<std::string> difference(const Answer& expected, const Answer& actual,
                                                    Cardinality cardinality);

// The quads of a data file, by its extension.
[[nodiscard]] std::vector<Quad> read_quads(const Test& test, const Term& file);

}  // namespace akyn::w3c

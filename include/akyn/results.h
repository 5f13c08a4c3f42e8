// Answers as text: the W3C result formats, tables for people, RDF for graphs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <akyn/export.h>
#include <akyn/options.h>
#include <akyn/query.h>

namespace akyn {

// How solutions and yes/no answers are written.
enum class ResultFormat : std::uint8_t {
  table,  // aligned columns for people; IRIs shortened; says how many rows there are
  json,   // SPARQL 1.2 Query Results JSON Format
  xml,    // SPARQL 1.2 Query Results XML Format
  csv,    // SPARQL 1.2 Query Results CSV Format: plain values, which drops what kind of term each one is
  tsv,    // SPARQL 1.2 Query Results TSV Format: terms as Turtle writes them
  dot,    // the paths that solutions bind as one graph, for Graphviz
};

// "table", "json", "xml", "csv", "tsv", "dot"; nothing for any other name.
[[nodiscard]] AKYN_EXPORT std::optional<ResultFormat> result_format(std::string_view name);
// "turtle", "trig", "ntriples", "nquads", "rdfxml", "csv", "tsv", "jsonl", and the file extensions "ttl", "nt", "nq",
// "rdf"; nothing for any other name.
[[nodiscard]] AKYN_EXPORT std::optional<RdfFormat> rdf_format(std::string_view name);

struct ResultOptions {
  // Columns (of a terminal) that a table may take; longer cells are cut and end in "…". Zero: no limit.
  std::size_t table_width = 0;
  // Prefix name (without ':') to IRI, for tables, Turtle and TriG; Store::prefixes() fits.
  std::map<std::string, std::string> prefixes = {};
  // N-Triples and N-Quads in RDF 1.2's canonical form: language tags in lower case, everything else being so already.
  bool canonical = false;
};

// Writes all that is left of `rows`, as it is read; a table's columns are as wide as its first 1,000
// rows need. Returns the number of solutions. Throws Error(io) when `out` fails, Error(unsupported)
// when a value has a character that XML cannot hold, and what reading `rows` throws.
AKYN_EXPORT std::uint64_t write_results(std::ostream& out, Rows& rows, ResultFormat format,
                                        const ResultOptions& options = {});

// Writes the answer of an ASK query.
AKYN_EXPORT void write_answer(std::ostream& out, bool answer, ResultFormat format);

// Writes all that is left of `quads` as a graph for Graphviz (the DOT language), which graph a quad is in left aside.
// Returns their number. Throws Error(io) when `out` fails, and what reading `quads` throws.
AKYN_EXPORT std::uint64_t write_dot(std::ostream& out, Quads& quads, const ResultOptions& options = {});

// Writes all that is left of `quads`; `automatic` means TriG. Turtle and TriG are written in one piece from memory, the
// way a person would, as long as there are no more than 200,000 quads; beyond that in parts of so many, in which
// blank nodes have labels and no short forms. Turtle and N-Triples have no place for graph names:
// Error(invalid_argument) when a quad has one. RDF/XML and facts are not written: Error(unsupported). Returns the
// number of quads.
AKYN_EXPORT std::uint64_t write_quads(std::ostream& out, Quads& quads, RdfFormat format,
                                      const ResultOptions& options = {});

}  // namespace akyn

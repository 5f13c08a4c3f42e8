#include <akyn/results.h>

#include <ostream>
#include <vector>

#include "engine/api/state.h"
#include "engine/results/writer.h"
#include "parser/rdf/writer.h"

namespace akyn {
namespace {

void check(const std::ostream& out) {
  if (!out) throw Error(ErrorCode::io, "the output stream does not take the answer");
}

}  // namespace

std::uint64_t write_results(std::ostream& out, Rows& rows, ResultFormat format, const ResultOptions& options) {
  const std::unique_ptr<results::ResultWriter> writer = results::make_writer(format, out, options);
  writer->begin(rows.variables());
  std::vector<const Term*> terms(rows.variables().size());
  std::uint64_t count = 0;
  while (rows.next()) {
    for (std::size_t i = 0; i < terms.size(); ++i) terms[i] = &rows.current()[i];
    writer->row(terms);
    check(out);
    ++count;
  }
  writer->end();
  check(out);
  return count;
}

void write_answer(std::ostream& out, bool answer, ResultFormat format) {
  results::make_writer(format, out)->boolean(answer);
  check(out);
}

std::uint64_t write_quads(std::ostream& out, Quads& quads, RdfFormat format, const ResultOptions& options) {
  const std::unique_ptr<rdf::Writer> writer = rdf::make_writer(
      out, format == RdfFormat::automatic ? RdfFormat::trig : format, options.prefixes, options.canonical);
  std::uint64_t count = 0;
  for (const Quad& quad : quads) {
    writer->quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
    ++count;
  }
  writer->finish();
  check(out);
  return count;
}

}  // namespace akyn

#include <akyn/results.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/rows.h"
#include "engine/exec/column_reader.h"
#include "engine/results/dot_writer.h"
#include "engine/results/writer.h"
#include "parser/rdf/writer.h"

namespace akyn {
namespace {

void check(const std::ostream& out) {
  if (!out) throw Error(ErrorCode::io, "the output stream does not take the answer");
}

// Term by term of each column instead of row by row.
std::uint64_t write_rows(std::ostream& out, api::RowsState& rows, results::ResultWriter& writer) {
  std::vector<exec::ColumnReader> columns;
  const auto write = [&writer](std::string& text, const TermView& term) { writer.append_text(text, term); };
  for (std::size_t i = 0; i < rows.cells.size(); ++i) columns.emplace_back(rows.cursor, i, rows.run.terms, write);
  std::vector<std::string_view> texts(columns.size());
  std::uint64_t count = 0;
  for (;;) {
    // Nobody shall wait for what is written while more is computed.
    if (!rows.cursor.ready()) writer.flush();
    check(out);
    if (!rows.next()) return count;
    for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = columns[i].text();
    writer.row(texts);
    ++count;
  }
}

}  // namespace

std::uint64_t write_results(std::ostream& out, Rows& rows, ResultFormat format, const ResultOptions& options) {
  return api::guarded([&] {
    const std::unique_ptr<results::ResultWriter> writer = results::make_writer(format, out, options);
    writer->begin(rows.variables());
    api::RowsState* const state = api::RowsState::of(rows);
    const std::uint64_t count = state == nullptr ? 0 : write_rows(out, *state, *writer);
    writer->end();
    check(out);
    return count;
  });
}

void write_answer(std::ostream& out, bool answer, ResultFormat format) {
  results::make_writer(format, out)->boolean(answer);
  check(out);
}

std::uint64_t write_dot(std::ostream& out, Quads& quads, const ResultOptions& options) {
  results::DotGraph graph(options);
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  std::string text;
  results::DotGraph::begin(text);
  std::uint64_t count = 0;
  for (const Quad& quad : quads) {
    graph.add(text, quad.subject.view(), quad.predicate.view(), quad.object.view());
    ++count;
    if (text.size() < kPiece) continue;
    out << text;
    check(out);
    text.clear();
  }
  results::DotGraph::end(text);
  out << text;
  check(out);
  return count;
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

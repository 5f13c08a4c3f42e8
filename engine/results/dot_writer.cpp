#include "engine/results/dot_writer.h"

#include <akyn/error.h>
#include "engine/results/buffered_writer.h"

namespace akyn::results {

namespace {

// A string of the DOT language.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

// The paths of solutions; whatever else they bind is left out.
class DotWriter final : public BufferedWriter {
 public:
  DotWriter(std::ostream& out, const ResultOptions& options) : BufferedWriter(out), graph_(options) {}

  void begin(const std::vector<std::string>&) override { DotGraph::begin(text()); }

  void append_text(std::string& out, const TermView& term) const override {
    if (term.kind == TermKind::literal && term.datatype == kPathDatatype) out += term.value;
  }

 private:
  void write_row(std::span<const std::string_view> texts) override {
    for (const std::string_view each : texts) {
      const std::optional<PathText> path = each.empty() ? std::nullopt : read_path(each);
      if (path) graph_.add(text(), *path);
    }
  }
  void write_end() override { DotGraph::end(text()); }
  void write_boolean(bool) override {
    throw Error(ErrorCode::unsupported, "yes or no cannot be drawn; dot is for paths and graphs");
  }

  DotGraph graph_;
};

}  // namespace

void DotGraph::begin(std::string& out) {
  out += "digraph akyn {\n  node [shape=box, style=rounded, fontname=Helvetica];\n  edge [fontname=Helvetica];\n";
}

void DotGraph::end(std::string& out) {
  out += "}\n";
}

void DotGraph::add(std::string& out, const PathText& path) {
  node(out, path.start);
  for (std::size_t i = 0; i < path.edges.size(); ++i) {
    const PathText::Edge& each = path.edges[i];
    node(out, each.to);
    const std::string_view from = path.node(i);
    edge(out, each.inverse ? each.to : from, each.predicate, each.inverse ? from : each.to, each.is_step);
  }
}

void DotGraph::add(std::string& out, const TermView& subject, const TermView& predicate, const TermView& object) {
  std::string from;
  std::string name;
  std::string to;
  append_ntriples(from, subject);
  append_ntriples(name, predicate);
  append_ntriples(to, object);
  node(out, from);
  node(out, to);
  edge(out, from, name, to, false);
}

void DotGraph::node(std::string& out, std::string_view ntriples) {
  if (!seen_.emplace(ntriples).second) return;
  std::string label;
  append_path_part(label, ntriples, prefixes_);
  out += "  ";
  append_quoted(out, ntriples);
  out += " [label=";
  append_quoted(out, label);
  if (ntriples.starts_with('"')) out += ", shape=plaintext";
  out += "];\n";
}

void DotGraph::edge(std::string& out, std::string_view from, std::string_view predicate, std::string_view to,
                    bool is_step) {
  std::string key(from);
  append_path_edge(key, false, is_step, predicate, to);
  if (!seen_.insert(std::move(key)).second) return;
  std::string label;
  append_path_part(label, predicate, prefixes_);
  out += "  ";
  append_quoted(out, from);
  out += " -> ";
  append_quoted(out, to);
  out += " [label=";
  append_quoted(out, label);
  if (is_step) out += ", style=dashed";
  out += "];\n";
}

std::unique_ptr<ResultWriter> make_dot_writer(std::ostream& out, const ResultOptions& options) {
  return std::make_unique<DotWriter>(out, options);
}

}  // namespace akyn::results

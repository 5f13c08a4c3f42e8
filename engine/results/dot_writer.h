// Paths and graphs as Graphviz draws them.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <unordered_set>

#include <akyn/results.h>
#include <akyn/term.h>
#include "engine/results/display.h"
#include "engine/term/path_text.h"

namespace akyn::results {

// A graph in the DOT language, in pieces: nodes and edges as they come, each once.
class DotGraph {
 public:
  explicit DotGraph(const ResultOptions& options) : prefixes_(options.prefixes) {}

  // Each appends to `out`.
  static void begin(std::string& out);
  void add(std::string& out, const PathText& path);
  void add(std::string& out, const TermView& subject, const TermView& predicate, const TermView& object);
  static void end(std::string& out);

 private:
  void node(std::string& out, std::string_view ntriples);
  void edge(std::string& out, std::string_view from, std::string_view predicate, std::string_view to, bool is_step);

  PrefixNames prefixes_;
  std::unordered_set<std::string> seen_;
};

}  // namespace akyn::results

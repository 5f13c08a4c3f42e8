// The .commands of the prompt.

#include <algorithm>
#include <array>
#include <iostream>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "shell/repl.h"
#include "shell/suggest.h"

namespace akyn::shell {
namespace {

constexpr std::array<std::string_view, 12> kNames = {".help",    ".load",     ".prefixes", ".graphs",
                                                     ".explain", ".format",   ".timer",    ".begin",
                                                     ".commit",  ".rollback", ".quit",     ".exit"};

// What they do could be meant to come after the statement that is being typed.
constexpr std::array<std::string_view, 5> kActing = {".load", ".explain", ".begin", ".commit", ".rollback"};

constexpr std::string_view kHelp =
    R"(Type a SPARQL query or update. What fits on one line runs at Enter; what takes
several lines runs at an empty line, or at a line that ends in ';'.
Prefixes of loaded files need no PREFIX line; a PREFIX line of its own
(followed by an empty line) holds for the session.

  .load FILE [GRAPH]   load Turtle, TriG, N-Triples or N-Quads, into a graph if said
  .prefixes            the prefixes that are known
  .graphs              the named graphs and how many statements each has
  .explain QUERY       show how a query is evaluated
  .format NAME         write answers as table, json, xml, csv or tsv;
                       graphs as turtle, trig, ntriples or nquads;
                       draw paths and graphs as dot or svg
  .timer [on|off]      show how long each statement took
  .begin               start a transaction: updates wait for .commit
  .commit, .rollback   keep or undo what was done since .begin
  .quit                leave (Ctrl-D does, too)

Ctrl-C stops a running query, or drops what you are typing. Commands work in the
middle of a statement, too, and leave it as it is; those that act wait for its end.
)";

std::string known_commands() {
  std::string text;
  for (const std::string_view name : kNames) (text += text.empty() ? "" : " ") += name;
  return text;
}

std::string_view name_of(std::string_view line) {
  return line.substr(0, line.find_first_of(" \t\n"));
}

// Words; one in double quotes may have spaces in it.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  bool quoted = false;
  bool inside = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      if (!inside) words.emplace_back();
      inside = true;
    } else if (c == ' ' && !quoted) {
      inside = false;
    } else {
      if (!inside) words.emplace_back();
      inside = true;
      words.back() += c;
    }
  }
  return words;
}

}  // namespace

void Repl::say(const std::string& text) {
  std::cerr << text << '\n';
}

bool Repl::is_known_command(std::string_view line) {
  return std::find(kNames.begin(), kNames.end(), name_of(line)) != kNames.end();
}

void Repl::run_command_inside(const std::string& line) {
  editor_->remember(line);
  const std::string_view name = name_of(line);
  if (std::find(kActing.begin(), kActing.end(), name) == kActing.end()) {
    run_command(line, true);
    return;
  }
  attempt([&] {
    throw UsageError(fmt::format("{} cannot run inside a statement; end that first{}.", name,
                                 editor_->interactive() ? " (an empty line runs it as it is, Ctrl-C drops it)" : ""));
  });
}

void Repl::run_command(const std::string& line, bool unprompted) {
  const std::string name(name_of(line));
  const std::size_t start = line.find_first_not_of(" \t\n", name.size());
  std::string rest = start == std::string::npos ? std::string() : line.substr(start);
  if (name == ".explain" && !rest.empty()) {
    kind_ = Kind::explain;
    take_line(rest, unprompted);
    return;
  }
  attempt([&] {
    const auto alone = [&](auto work) {
      if (!rest.empty()) throw UsageError(fmt::format("{} takes nothing after it.", name));
      work();
    };
    if (name == ".help" || name == ".?") {
      help();
    } else if (name == ".load") {
      load(rest);
    } else if (name == ".prefixes") {
      alone([&] { show_prefixes(); });
    } else if (name == ".graphs") {
      alone([&] { show_graphs(); });
    } else if (name == ".explain") {
      throw UsageError(".explain needs a query after it.");
    } else if (name == ".format") {
      set_format(rest);
    } else if (name == ".timer") {
      set_timer(rest);
    } else if (name == ".begin") {
      alone([&] { begin(); });
    } else if (name == ".commit") {
      alone([&] { commit(); });
    } else if (name == ".rollback") {
      alone([&] { rollback(); });
    } else if (name == ".quit" || name == ".exit") {
      alone([&] { quit_ = true; });
    } else {
      const std::string_view near = nearest(name, kNames);
      throw UsageError(near.empty() ? fmt::format("Unknown command {}. There are: {}", name, known_commands())
                                    : fmt::format("Unknown command {}; did you mean {}?", name, near));
    }
  });
}

void Repl::help() {
  out_ << kHelp;
}

void Repl::load(const std::string& text) {
  const std::vector<std::string> words = words_of(text);
  if (words.empty() || words.size() > 2) {
    throw UsageError(".load takes a file and, if you like, a graph (quote names with spaces: \"my file.ttl\").");
  }
  if (words[0] == "-") throw UsageError(".load takes a file: standard input is what you type here.");
  LoadOptions options;
  if (words.size() == 2) {
    std::string_view graph = words[1];
    if (graph.size() > 2 && graph.front() == '<' && graph.back() == '>') graph = graph.substr(1, graph.size() - 2);
    options.graph_iri = graph;
  }
  if (transaction_) {
    const LoadReport report = load_one(*transaction_, words[0], options, token_);
    say_loaded(words[0], report, report.elapsed);
    return;
  }
  const LoadReport report = load_one(store_, words[0], options, token_);
  say_loaded(words[0], report, report.elapsed);
}

void Repl::show_prefixes() {
  const Prefixes known = prefixes();
  if (known.empty()) say("No prefixes yet: .load a file, or type PREFIX name: <iri>.");
  for (const auto& [name, iri] : known) out_ << "PREFIX " << name << ": <" << iri << ">\n";
}

void Repl::show_graphs() {
  const std::vector<Term> graphs = transaction_ ? transaction_->graphs() : store_.graphs();
  const auto count = [&](const Graph& graph) {
    return transaction_ ? transaction_->count({}, {}, {}, graph) : store_.count({}, {}, {}, graph);
  };
  out_ << fmt::format("{:>10}  the default graph\n", count(Graph::default_graph()));
  for (const Term& graph : graphs) out_ << fmt::format("{:>10}  {}\n", count(graph), graph.to_string());
}

void Repl::set_format(const std::string& name) {
  static constexpr std::array<std::string_view, 5> kResults = {"table", "json", "xml", "csv", "tsv"};
  static constexpr std::array<std::string_view, 5> kGraphs = {"automatic", "ntriples", "nquads", "turtle", "trig"};
  if (!name.empty()) {
    const OutputFormats named = output_formats(name);
    if (named.says_results) formats_.results = named.results;
    if (named.says_graphs) formats_.graphs = named.graphs;
    formats_.drawing = named.drawing;
  }
  if (formats_.drawing != OutputFormats::Drawing::none) {
    say(fmt::format("Paths and graphs are drawn as {}.",
                    formats_.drawing == OutputFormats::Drawing::dot ? "dot" : "svg"));
    return;
  }
  say(fmt::format("Answers are written as {}, graphs as {}.", kResults[static_cast<std::size_t>(formats_.results)],
                  kGraphs[static_cast<std::size_t>(formats_.graphs)]));
}

void Repl::set_timer(const std::string& word) {
  if (!word.empty() && word != "on" && word != "off") throw UsageError(".timer takes on or off.");
  timer_ = word.empty() ? !timer_ : word == "on";
  say(timer_ ? "The timer is on." : "The timer is off.");
}

void Repl::begin() {
  if (transaction_) throw UsageError("A transaction is open already; .commit or .rollback ends it.");
  transaction_.emplace(store_.begin());
  say("A transaction is open: nothing is kept until .commit.");
}

void Repl::commit() {
  if (!transaction_) throw UsageError("No transaction is open; .begin starts one.");
  Transaction ending = std::move(*transaction_);
  transaction_.reset();
  ending.commit();
  say("Committed.");
}

void Repl::rollback() {
  if (!transaction_) throw UsageError("No transaction is open; .begin starts one.");
  transaction_->rollback();
  transaction_.reset();
  say("Rolled back.");
}

}  // namespace akyn::shell

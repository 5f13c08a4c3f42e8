// akyn query.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "shell/commands.h"
#include "shell/interrupt.h"

namespace akyn::shell {
namespace {

struct Asked {
  std::string store;  // none: the data files are all there is
  std::string text;
  std::string source_name = "query";
};

// A store, most likely.
void refuse_directories(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(file, ignored)) continue;
    throw UsageError("query: '" + file + "' is a directory: --data takes files, and a store is asked without it");
  }
}

// STORE QUERY | STORE --file F | --data FILE... QUERY | --data FILE... --file F. A --data option takes
// every word that follows it, the query too: the last one is the query then.
Asked what_is_asked(QueryArguments& arguments) {
  std::vector<std::string>& words = arguments.positional;
  const bool has_file = !arguments.file.empty();
  const bool has_data = !arguments.data.empty();
  if (has_data && !has_file && words.empty() && arguments.data.size() > 1) {
    words.push_back(std::move(arguments.data.back()));
    arguments.data.pop_back();
  }
  if (has_data) {
    refuse_directories(words);
    refuse_directories(arguments.data);
  }
  const std::size_t expected = (has_data ? 0U : 1U) + (has_file ? 0U : 1U);
  if (words.size() != expected) {
    throw UsageError(has_data
                         ? "query: expected --data FILE... and one query (or --file FILE), no store"
                         : "query: expected a store and one query (or --file FILE); the query in quotes, as one word");
  }
  Asked asked;
  if (!has_data) asked.store = words.front();
  if (!has_data && asked.store.empty()) throw UsageError("query: the store needs a name");
  if (has_file || words.back() == "-") {
    const std::string file = has_file ? arguments.file : "-";
    asked.text = read_text(file);
    asked.source_name = file == "-" ? "stdin" : file;
  } else {
    asked.text = words.back();
  }
  return asked;
}

}  // namespace

void run_query(QueryArguments arguments, Output& out) {
  const OutputFormats formats = output_formats(arguments.format);
  const Asked asked = what_is_asked(arguments);
  const CancelToken token;
  const Interrupt interrupt(token, true);

  Store store = asked.store.empty() ? Store::in_memory() : open_for_reading(asked.store);
  if (!arguments.data.empty()) {
    LoadOptions options;
    options.on_progress = [&](const LoadProgress&) { return !token.cancelled(); };
    for (const std::string& file : arguments.data) store.load(file, options);
  }

  QueryOptions options;
  options.source_name = asked.source_name;
  options.base_iri = arguments.base;
  options.stored_prefixes = true;
  options.allow_service = arguments.allow_service;
  options.strict = arguments.strict;
  options.threads = arguments.threads;
  if (arguments.memory != 0) options.memory_limit = arguments.memory;
  Query query = store.prepare(asked.text, options);
  const bool gives_graph = query.form() == QueryForm::construct || query.form() == QueryForm::describe;
  if (gives_graph && formats.says_results) {
    throw UsageError("query: the answer is a graph; --format turtle, trig, ntriples or nquads writes one");
  }
  if (!gives_graph && formats.says_graphs) {
    throw UsageError("query: the answer is no graph; --format table, json, xml, csv or tsv writes it");
  }
  query.cancel_with(token);
  // A century is as good as no limit. Rounded up, since zero is none.
  constexpr double kLongest = 100.0 * 365 * 24 * 3600;
  const double milliseconds = std::ceil(1000 * std::min(arguments.timeout_seconds, kLongest));
  query.timeout(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)));
  if (arguments.explain || arguments.analyze) {
    ExplainOptions explain;
    explain.analyze = arguments.analyze;
    explain.json = arguments.format == "json";
    out << query.explain(explain) << std::flush;
    return;
  }
  ResultOptions result_options;
  result_options.table_width = terminal_width();
  result_options.prefixes = store.prefixes();
  answer(query, formats, result_options, out);
  out.flush();
}

}  // namespace akyn::shell

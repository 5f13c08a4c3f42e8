#include "shell/commands.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

#include "shell/graphviz.h"
#include "shell/load_meter.h"
#include "shell/progress_line.h"
#include "shell/suggest.h"

namespace akyn::shell {
namespace {

std::string unknown_format(const std::string& name, std::span<const std::string_view> known) {
  std::string message = fmt::format("unknown format '{}'", name);
  if (const std::string_view near = nearest(name, known); !near.empty())
    message += fmt::format("; did you mean '{}'?", near);
  message += " (known:";
  for (const std::string_view format : known) (message += ' ') += format;
  return message + ')';
}

}  // namespace

Store open_for_reading(const std::string& store) {
  StoreOptions options;
  options.create_if_missing = false;
  options.read_only = true;
  return Store::open(store, options);
}

std::string read_text(const std::string& file) {
  if (file == "-") {
    Input input{CancelToken()};
    return {std::istreambuf_iterator<char>(input), {}};
  }
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(file, failure);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw Error(ErrorCode::not_found, file + ": no such file");
  }
  if (std::filesystem::is_directory(status)) {
    throw Error(ErrorCode::invalid_argument, file + ": is a directory, not a file");
  }
  errno = 0;
  std::ifstream input(file, std::ios::binary);
  std::string text;
  if (input) text.assign(std::istreambuf_iterator<char>(input), {});
  if (!input || input.bad()) throw Error(ErrorCode::io, file + ": cannot be read: " + std::strerror(errno));
  return text;
}

OutputFormats output_formats(const std::string& name) {
  static constexpr std::array<std::string_view, 11> kKnown = {"table", "json",     "xml",    "csv", "tsv", "turtle",
                                                              "trig",  "ntriples", "nquads", "dot", "svg"};
  OutputFormats formats;
  if (name.empty()) return formats;
  if (name == "dot" || name == "svg") {
    formats.drawing = name == "dot" ? OutputFormats::Drawing::dot : OutputFormats::Drawing::svg;
    return formats;
  }
  if (const std::optional<ResultFormat> results = result_format(name)) {
    formats.results = *results;
    formats.says_results = true;
  } else if (const std::optional<RdfFormat> graphs = rdf_format(name); graphs) {
    formats.graphs = written_format(name);
    formats.says_graphs = true;
  } else {
    throw UsageError(unknown_format(name, kKnown));
  }
  return formats;
}

RdfFormat input_format(const std::string& name) {
  static constexpr std::array<std::string_view, 8> kKnown = {"turtle", "trig", "ntriples", "nquads",
                                                             "rdfxml", "csv",  "tsv",      "jsonl"};
  if (name.empty()) return RdfFormat::automatic;
  if (const std::optional<RdfFormat> format = rdf_format(name)) return *format;
  throw UsageError(unknown_format(name, kKnown));
}

RdfFormat written_format(const std::string& name) {
  static constexpr std::array<std::string_view, 4> kKnown = {"turtle", "trig", "ntriples", "nquads"};
  const std::optional<RdfFormat> format = rdf_format(name);
  const bool written = format && (*format == RdfFormat::turtle || *format == RdfFormat::trig ||
                                  *format == RdfFormat::ntriples || *format == RdfFormat::nquads);
  if (!written) throw UsageError(unknown_format(name, kKnown));
  return *format;
}

LoadOptions load_options(const InputArguments& arguments) {
  LoadOptions options;
  options.format = input_format(arguments.format);
  options.base_iri = arguments.base;
  options.graph_iri = arguments.graph;
  options.lenient = arguments.lenient;
  if (!arguments.mapping.empty()) options.facts = read_fact_options(arguments.mapping);
  for (const std::string& column : arguments.columns) {
    const std::size_t equals = column.rfind('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError("--column: say NAME=MEANING, not '" + column + "'");
    options.facts.columns[column.substr(0, equals)] = column.substr(equals + 1);
  }
  return options;
}

LoadReport with_reports(const std::string& file, LoadOptions options, const CancelToken& token,
                        const std::function<LoadReport(const LoadOptions&)>& load) {
  const std::string name = file == "-" ? "stdin" : file;
  ProgressLine line;
  const LoadMeter meter;
  options.on_progress = [&](const LoadProgress& progress) {
    if (line.is_due()) line.show(meter.text(name, progress));
    return !token.cancelled();
  };
  options.source_name = name;
  constexpr std::uint64_t kShown = 20;
  std::uint64_t skipped = 0;
  options.on_skipped = [&](const Error& mistake) {
    line.clear();
    if (++skipped <= kShown) std::cerr << mistake.what() << '\n';
    if (skipped == kShown + 1) std::cerr << name << ": more mistakes follow; they are counted, not shown\n";
  };
  return load(options);
}

namespace {

template <class Into>
LoadReport load_into(Into& into, const std::string& file, const LoadOptions& options, const CancelToken& token) {
  return with_reports(file, options, token, [&](const LoadOptions& reporting) {
    if (file != "-") return into.load(file, reporting);
    Input input(token);
    return into.load(input, reporting);
  });
}

}  // namespace

LoadReport load_one(Transaction& transaction, const std::string& file, const LoadOptions& options,
                    const CancelToken& token) {
  return load_into(transaction, file, options, token);
}

LoadReport load_one(Store& store, const std::string& file, const LoadOptions& options, const CancelToken& token) {
  return load_into(store, file, options, token);
}

LoadReport load_one(Appender& appender, const std::string& file, const LoadOptions& options, const CancelToken& token) {
  return load_into(appender, file, options, token);
}

void say_loaded(const std::string& file, const LoadReport& report, std::chrono::duration<double> elapsed) {
  const std::string skipped = report.skipped == 0 ? "" : fmt::format("{} skipped, ", report.skipped);
  std::cerr << fmt::format("{}: {} statement{}, {} new, {}{:.2f} s\n", file == "-" ? "stdin" : file, report.read,
                           report.read == 1 ? "" : "s", report.inserted, skipped, elapsed.count());
}

void say_read(const std::string& file, const LoadReport& report) {
  const std::string skipped = report.skipped == 0 ? "" : fmt::format(", {} skipped", report.skipped);
  std::cerr << fmt::format("{}: {} statement{}{}\n", file == "-" ? "stdin" : file, report.read,
                           report.read == 1 ? "" : "s", skipped);
}

namespace {

std::uint64_t draw(Query& query, std::ostream& out, const ResultOptions& options) {
  if (query.form() == QueryForm::select) {
    Rows rows = query.select();
    return write_results(out, rows, ResultFormat::dot, options);
  }
  if (query.form() == QueryForm::ask)
    throw UsageError("yes or no cannot be drawn: dot and svg are for paths and graphs");
  Quads quads = query.construct();
  return write_dot(out, quads, options);
}

}  // namespace

std::uint64_t answer(Query& query, const OutputFormats& formats, const ResultOptions& options, Output& out) {
  if (formats.drawing == OutputFormats::Drawing::dot) return draw(query, out, options);
  if (formats.drawing == OutputFormats::Drawing::svg) {
    std::ostringstream dot;
    const std::uint64_t count = draw(query, dot, options);
    out << svg_of(dot.str());
    return count;
  }
  switch (query.form()) {
    case QueryForm::select: {
      Rows rows = query.select();
      return write_results(out, rows, formats.results, options);
    }
    case QueryForm::ask:
      write_answer(out, query.ask(), formats.results);
      return 1;
    case QueryForm::construct:
    case QueryForm::describe:
      break;
  }
  Quads quads = query.construct();
  return write_quads(out, quads, formats.graphs, options);
}

}  // namespace akyn::shell

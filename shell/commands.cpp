#include "shell/commands.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

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

// Rewrites one line of a terminal with how far a load has come.
class ProgressLine {
 public:
  explicit ProgressLine(const std::string& name) : name_(name) {}
  ~ProgressLine() {
    if (shown_) std::cerr << "\r\x1B[K" << std::flush;
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const LoadProgress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!enabled_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    shown_ = true;
    std::cerr << "\r\x1B[K" << name_ << ": " << progress.quads << " statements";
    if (progress.total_bytes > 0) {
      std::cerr << fmt::format(", {} %", std::min<std::uint64_t>(100, progress.bytes * 100 / progress.total_bytes));
    }
    std::cerr << std::flush;
  }

 private:
  std::string name_;
  bool enabled_ = is_terminal(STDERR_FILENO);
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

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
  static constexpr std::array<std::string_view, 9> kKnown = {"table",  "json", "xml",      "csv",   "tsv",
                                                             "turtle", "trig", "ntriples", "nquads"};
  OutputFormats formats;
  if (name.empty()) return formats;
  if (const std::optional<ResultFormat> results = result_format(name)) {
    formats.results = *results;
    formats.says_results = true;
  } else if (const std::optional<RdfFormat> graphs = rdf_format(name)) {
    formats.graphs = *graphs;
    formats.says_graphs = true;
  } else {
    throw UsageError(unknown_format(name, kKnown));
  }
  return formats;
}

RdfFormat input_format(const std::string& name) {
  static constexpr std::array<std::string_view, 4> kKnown = {"turtle", "trig", "ntriples", "nquads"};
  if (name.empty()) return RdfFormat::automatic;
  if (const std::optional<RdfFormat> format = rdf_format(name)) return *format;
  throw UsageError(unknown_format(name, kKnown));
}

LoadReport load_one(Transaction& transaction, const std::string& file, LoadOptions options, const CancelToken& token) {
  const std::string name = file == "-" ? "stdin" : file;
  ProgressLine line(name);
  options.on_progress = [&](const LoadProgress& progress) {
    line.show(progress);
    return !token.cancelled();
  };
  options.source_name = name;
  if (file != "-") return transaction.load(file, options);
  Input input(token);
  return transaction.load(input, options);
}

void say_loaded(const std::string& file, const LoadReport& report, std::chrono::duration<double> elapsed) {
  std::cerr << fmt::format("{}: {} statement{}, {} new, {:.2f} s\n", file == "-" ? "stdin" : file, report.read,
                           report.read == 1 ? "" : "s", report.inserted, elapsed.count());
}

std::uint64_t answer(Query& query, const OutputFormats& formats, const ResultOptions& options, Output& out) {
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

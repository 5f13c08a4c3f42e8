// The sub-commands of akyn.
//
// Results go to `out`, everything else to standard error. What is wrong with a call is a UsageError,
// everything else that fails an Error; each command returns after it has done its work.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <akyn/akyn.h>
#include "shell/terminal.h"

namespace akyn::shell {

enum ExitCode : int { kOk = 0, kFailed = 1, kUsage = 2, kInterrupted = 130 };

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// How files are read.
struct InputArguments {
  std::string graph;
  std::string base;
  std::string format;
  std::string mapping;               // of facts: a file
  std::vector<std::string> columns;  // of facts: NAME=MEANING
  bool lenient = false;
};

struct LoadArguments {
  std::string store;
  std::vector<std::string> files;  // "-": standard input
  std::uint64_t memory = 0;        // bytes; 0: LoadOptions' own choice
  InputArguments input;
};
void run_load(const LoadArguments& arguments);

struct ConvertArguments {
  std::string from;  // "-": standard input
  std::string into;  // a file; standard output when empty or "-"
  std::string to;    // format; by `into` when empty
  bool canonical = false;
  InputArguments input;
};
void run_convert(const ConvertArguments& arguments, Output& out);

struct DumpArguments {
  std::string store;
  std::string format;
  bool canonical = false;
};
void run_dump(const DumpArguments& arguments, Output& out);

struct QueryArguments {
  std::vector<std::string> positional;  // STORE QUERY, or what is left of it beside `data` and `file`
  std::vector<std::string> data;
  std::string file;
  std::string format;
  std::string base;
  double timeout_seconds = 0;
  unsigned threads = 0;      // 0: all cores
  std::uint64_t memory = 0;  // bytes; 0: what QueryOptions have
  bool explain = false;
  bool analyze = false;
  bool strict = false;
  bool allow_service = false;
};
void run_query(QueryArguments arguments, Output& out);

struct BenchArguments {
  std::string store;
  std::string queries;  // a file; "-": standard input
  unsigned repeat = 3;
  double timeout_seconds = 60;  // of each execution; zero: none
  unsigned threads = 0;         // 0: all cores
  std::string answers;          // a directory for the answers; none: they are thrown away
};
// Asks each query `repeat` times and writes a line of times for it: name, best and median seconds, rows, answer.
// False when one of them was not answered.
[[nodiscard]] bool run_bench(const BenchArguments& arguments, Output& out);

struct UpdateArguments {
  std::string store;
  std::string text;  // "-": standard input
  std::string file;
  std::string base;
  bool allow_service = false;
  bool allow_load = false;
};
void run_update(const UpdateArguments& arguments);

void run_stats(const std::string& store, Output& out);
void run_verify(const std::string& store);
void run_optimize(const std::string& store);
void run_backup(const std::string& store, const std::string& directory);
void run_restore(const std::string& backup, const std::string& store);

struct ReplArguments {
  std::string store;  // none: in memory
  bool read_only = false;
  bool allow_service = false;
  bool allow_load = false;
};
// Returns the exit code.
[[nodiscard]] int run_repl(const ReplArguments& arguments, Output& out);

// --- What several of them need. ---

[[nodiscard]] Store open_for_reading(const std::string& store);
// A file's text, or standard input's for "-". Throws Error(not_found, io, invalid_argument).
[[nodiscard]] std::string read_text(const std::string& file);

// The name of a format as an option or a .format has it. Throws UsageError naming those there are.
struct OutputFormats {
  ResultFormat results = ResultFormat::table;
  RdfFormat graphs = RdfFormat::turtle;
  enum class Drawing : std::uint8_t { none, dot, svg };
  Drawing drawing = Drawing::none;  // of paths and graphs, instead of the two above
  bool says_results = false;        // the one that was named
  bool says_graphs = false;
};
[[nodiscard]] OutputFormats output_formats(const std::string& name);
[[nodiscard]] RdfFormat input_format(const std::string& name);
[[nodiscard]] RdfFormat written_format(const std::string& name);
[[nodiscard]] LoadOptions load_options(const InputArguments& arguments);

// Runs `load` on options that show progress when standard error is a terminal, can be interrupted, and tell of the
// first mistakes that a lenient load skips.
LoadReport with_reports(const std::string& file, LoadOptions options, const CancelToken& token,
                        const std::function<LoadReport(const LoadOptions&)>& load);

// Loads one file or standard input, with progress when standard error is a terminal, and reports.
LoadReport load_one(Transaction& transaction, const std::string& file, const LoadOptions& options,
                    const CancelToken& token);
LoadReport load_one(Store& store, const std::string& file, const LoadOptions& options, const CancelToken& token);
LoadReport load_one(Appender& appender, const std::string& file, const LoadOptions& options, const CancelToken& token);
// Says on stderr what a file brought. To be called once that is committed: what is said is kept.
void say_loaded(const std::string& file, const LoadReport& report, std::chrono::duration<double> elapsed);
// The same of one among several, which are said to be new together.
void say_read(const std::string& file, const LoadReport& report);

// Asks and writes the answer in the form's own way. Returns the number of rows or quads.
std::uint64_t answer(Query& query, const OutputFormats& formats, const ResultOptions& options, Output& out);

}  // namespace akyn::shell

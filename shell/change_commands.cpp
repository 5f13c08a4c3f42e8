// akyn load, update.

#include <filesystem>
#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "shell/commands.h"
#include "shell/interrupt.h"
#include "shell/load_meter.h"
#include "shell/progress_line.h"

namespace akyn::shell {
namespace {

// Nobody else will: the store is closed now. Ctrl-C leaves it to the next load; what was loaded is in.
void finish_merges(Store& store, const CancelToken& token) {
  ProgressLine line;
  WorkOptions options;
  options.on_progress = [&](const WorkProgress& progress) {
    if (line.is_due()) line.show(fmt::format("loaded; {}", progress.phase));
    return !token.cancelled();
  };
  try {
    store.finish_merges(options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled) throw;
  }
}

}  // namespace

void run_load(const LoadArguments& arguments) {
  const LoadOptions options = load_options(arguments.input);
  for (const std::string& file : arguments.files) {
    if (file == "-" && arguments.input.format.empty()) {
      throw UsageError("load: standard input has no extension; say what it holds, as in --format turtle");
    }
    // Before a store is made for files that are not there.
    if (file != "-" && !std::filesystem::exists(file)) throw Error(ErrorCode::not_found, file + ": no such file");
  }
  const CancelToken token;
  const Interrupt interrupt(token, true);
  StoreOptions store_options;
  store_options.discard_if_unused = true;
  Store store = Store::open(arguments.store, store_options);
  if (arguments.files.size() == 1) {
    LoadOptions alone = options;
    alone.memory = arguments.memory;
    const LoadReport report = load_one(store, arguments.files[0], alone, token);
    say_loaded(arguments.files[0], report, report.elapsed);
    finish_merges(store, token);
    return;
  }
  // All together: when one file is wrong, none of them is in.
  ProgressLine line;
  const LoadMeter meter;
  AppendOptions append_options;
  append_options.memory = arguments.memory;
  append_options.on_progress = [&](const LoadProgress& progress) {
    if (line.is_due()) line.show(meter.text(fmt::format("{} files", arguments.files.size()), progress));
    return !token.cancelled();
  };
  Appender appender = store.append(append_options);
  std::vector<LoadReport> reports;
  for (const std::string& file : arguments.files) reports.push_back(load_one(appender, file, options, token));
  const LoadReport all = appender.commit();
  line.clear();
  for (std::size_t i = 0; i < reports.size(); ++i) say_read(arguments.files[i], reports[i]);
  say_loaded(fmt::format("{} files", reports.size()), all, all.elapsed);
  finish_merges(store, token);
}

void run_update(const UpdateArguments& arguments) {
  if (arguments.text.empty() == arguments.file.empty()) {
    throw UsageError("update: say what to do, as text or with --file, not both");
  }
  StoreOptions store_options;
  store_options.create_if_missing = false;
  store_options.allow_load_files = store_options.allow_load_urls = arguments.allow_load;
  Store store = Store::open(arguments.store, store_options);

  QueryOptions options;
  options.base_iri = arguments.base;
  options.stored_prefixes = true;
  options.allow_service = arguments.allow_service;
  options.source_name = "update";
  std::string text = arguments.text;
  if (text == "-" || !arguments.file.empty()) {
    const std::string file = arguments.file.empty() ? "-" : arguments.file;
    text = read_text(file);
    options.source_name = file == "-" ? "stdin" : file;
  }
  const CancelToken token;
  const Interrupt interrupt(token, true);
  store.update(text, options, token);
}

}  // namespace akyn::shell

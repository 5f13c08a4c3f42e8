// akyn load, update.

#include <chrono>
#include <filesystem>
#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "shell/commands.h"
#include "shell/interrupt.h"

namespace akyn::shell {

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
  // One transaction: when one file is wrong, none of them is in.
  const auto start = std::chrono::steady_clock::now();
  Transaction transaction = store.begin();
  std::vector<LoadReport> reports;
  for (const std::string& file : arguments.files) reports.push_back(load_one(transaction, file, options, token));
  const auto commit_start = std::chrono::steady_clock::now();
  transaction.commit();
  const std::chrono::duration<double> commit = std::chrono::steady_clock::now() - commit_start;
  if (reports.size() == 1) {
    say_loaded(arguments.files[0], reports[0], reports[0].elapsed + commit);
    return;
  }
  for (std::size_t i = 0; i < reports.size(); ++i) say_loaded(arguments.files[i], reports[i], reports[i].elapsed);
  const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start;
  std::cerr << fmt::format("{} files loaded, {:.2f} s\n", reports.size(), all.count());
}

void run_update(const UpdateArguments& arguments) {
  if (arguments.text.empty() == arguments.file.empty()) {
    throw UsageError("update: say what to do, as text or with --file, not both");
  }
  StoreOptions store_options;
  store_options.create_if_missing = false;
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

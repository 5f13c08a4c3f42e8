// The akyn command.

#include <array>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "shell/commands.h"
#include "shell/suggest.h"

namespace akyn::shell {
namespace {

constexpr std::array<std::string_view, 11> kCommands = {"load",    "query",    "update", "stats",   "verify", "dump",
                                                        "convert", "optimize", "backup", "restore", "bench"};

struct Arguments {
  LoadArguments load;
  ConvertArguments convert;
  DumpArguments dump;
  QueryArguments query;
  BenchArguments bench;
  UpdateArguments update;
  ReplArguments repl;
  std::string store;   // of stats, verify, optimize, backup and restore
  std::string backup;  // where to, or where from
};

// What is wrong with a word, as CLI11 asks; empty when nothing is.
std::string not_empty(const std::string& word) {
  return word.empty() ? "a name is needed" : "";
}
std::string seconds(const std::string& word) {
  char* end = nullptr;
  const double value = std::strtod(word.c_str(), &end);
  return *end == '\0' && value >= 0 ? "" : "'" + word + "' is no number of seconds";
}

void declare_input(CLI::App& command, InputArguments& arguments) {
  command.add_option("--graph", arguments.graph, "Graph for statements that name none");
  command.add_option("--base", arguments.base,
                     "IRI that relative IRIs and names of facts are relative to; the file's own if not said");
  command.add_option("--format", arguments.format,
                     "turtle, trig, ntriples, nquads, rdfxml, csv, tsv or jsonl; by the extension if not said");
  command.add_option("--map", arguments.mapping, "Read what columns of facts mean from a file");
  command.add_option("--column", arguments.columns, "What a column of facts means, as in head=subject; repeatable")
      ->option_text("NAME=MEANING")
      ->allow_extra_args(false);
  command.add_flag("--lenient", arguments.lenient, "Skip statements that are wrong, and say which");
}

void declare_load(CLI::App& app, LoadArguments& arguments) {
  CLI::App* command = app.add_subcommand("load", "Load files of RDF or of extracted facts, all of them or none");
  command->add_option("STORE", arguments.store, "The store's directory; made when it is not there")
      ->required()
      ->check(not_empty);
  command
      ->add_option("FILE", arguments.files,
                   "Turtle, TriG, N-Triples, N-Quads, RDF/XML, or facts as CSV, TSV or JSON Lines, also compressed "
                   "(.gz, .zst); - is standard input")
      ->required();
  command
      ->add_option("--memory", arguments.memory,
                   "Memory to work with, at most, as in 512M or 4G; a quarter of the machine's if not said")
      ->transform(CLI::AsSizeValue(false));
  declare_input(*command, arguments.input);
}

void declare_convert(CLI::App& app, ConvertArguments& arguments) {
  CLI::App* command = app.add_subcommand("convert", "Write a file of RDF or of extracted facts in another format");
  command->add_option("IN", arguments.from, "What load reads; - is standard input")->required();
  command->add_option("OUT", arguments.into, "The file to write; standard output if not said");
  command->add_option("--to", arguments.to, "turtle, trig, ntriples or nquads; by OUT's extension if not said");
  command->add_flag("--canonical", arguments.canonical, "Canonical N-Triples or N-Quads");
  declare_input(*command, arguments.input);
}

void declare_dump(CLI::App& app, DumpArguments& arguments) {
  CLI::App* command = app.add_subcommand("dump", "Write everything in a store");
  command->add_option("STORE", arguments.store, "The store's directory")->required()->check(not_empty);
  command->add_option("--format", arguments.format, "nquads (if not said), trig, ntriples or turtle");
  command->add_flag("--canonical", arguments.canonical, "Canonical N-Triples or N-Quads");
}

void declare_query(CLI::App& app, QueryArguments& arguments) {
  CLI::App* command = app.add_subcommand("query", "Ask a store, or files, a SPARQL query");
  command
      ->add_option("STORE_QUERY", arguments.positional,
                   "The store's directory and the query; - reads the query from standard input")
      ->option_text("STORE QUERY");
  command->add_option("--data", arguments.data, "Ask these files; no store is needed")->option_text("FILE...");
  command->add_option("--file", arguments.file, "Read the query from a file");
  command->add_option("--format", arguments.format,
                      "table, json, xml, csv or tsv; for graphs turtle, trig, ntriples or nquads; dot and svg draw "
                      "paths and graphs");
  command->add_option("--base", arguments.base, "IRI that relative IRIs in the query are relative to");
  command->add_option("--timeout", arguments.timeout_seconds, "Give up after so many seconds")->check(seconds);
  command
      ->add_option("--memory", arguments.memory,
                   "Memory for what the query holds, at most, as in 512M or 16G; 4G if not said")
      ->transform(CLI::AsSizeValue(false));
  command->add_option("--threads", arguments.threads, "Threads that work on the query at once; 0: all cores")
      ->check(CLI::Range(0U, 4096U))
      ->capture_default_str();
  command->add_flag("--allow-service", arguments.allow_service, "Let SERVICE ask other endpoints over HTTP");
  command->add_flag("--strict", arguments.strict, "Take SPARQL alone: no PATH, no UNNEST");
  command->add_flag("--explain", arguments.explain, "Show the plan instead of the answer; --format json as JSON");
  command->add_flag("--analyze", arguments.analyze,
                    "The same after running the query: what each operator gave, and its time");
}

void declare_bench(CLI::App& app, BenchArguments& arguments) {
  CLI::App* command = app.add_subcommand("bench", "Time queries: name, best and median seconds, rows, answer");
  command->add_option("STORE", arguments.store, "The store's directory")->required()->check(not_empty);
  command
      ->add_option("QUERIES", arguments.queries,
                   "A .csv file with the columns name (or description) and query, any other file as TSV without a "
                   "header: name, query; - reads TSV from standard input")
      ->required()
      ->check(not_empty);
  command->add_option("--repeat", arguments.repeat, "How often to ask each")
      ->check(CLI::Range(1U, 1'000'000U))
      ->capture_default_str();
  command->add_option("--timeout", arguments.timeout_seconds, "Give up on a query after so many seconds; 0: never")
      ->check(seconds)
      ->capture_default_str();
  command->add_option("--threads", arguments.threads, "Threads that work on a query at once; 0: all cores")
      ->check(CLI::Range(0U, 4096U))
      ->capture_default_str();
  command->add_option("--answers", arguments.answers,
                      "Ask once more, untimed, and keep the answers in a directory: 1 for the first query, 2, ...");
}

void declare_update(CLI::App& app, UpdateArguments& arguments) {
  CLI::App* command = app.add_subcommand("update", "Run a SPARQL Update request, all of it or nothing");
  command->add_option("STORE", arguments.store, "The store's directory")->required()->check(not_empty);
  command->add_option("UPDATE", arguments.text, "The request; - reads it from standard input");
  command->add_option("--file", arguments.file, "Read the request from a file");
  command->add_option("--base", arguments.base, "IRI that relative IRIs in the request are relative to");
  command->add_flag("--allow-service", arguments.allow_service, "Let SERVICE ask other endpoints over HTTP");
  command->add_flag("--allow-load", arguments.allow_load, "Let LOAD read files and, over HTTP, other hosts' documents");
}

void declare(CLI::App& app, Arguments& arguments) {
  app.set_version_flag("--version", "akyn " + std::string(version()));
  app.add_option("STORE", arguments.repl.store, "Open a prompt on this store; in memory when none is named")
      ->check(not_empty);
  app.add_flag("--read-only", arguments.repl.read_only, "Open the prompt's store for reading, beside a writer");
  app.add_flag("--allow-service", arguments.repl.allow_service, "Let SERVICE ask other endpoints over HTTP");
  app.add_flag("--allow-load", arguments.repl.allow_load, "Let LOAD read files and, over HTTP, other hosts' documents");
  app.require_subcommand(0, 1);
  declare_load(app, arguments.load);
  declare_convert(app, arguments.convert);
  declare_dump(app, arguments.dump);
  declare_query(app, arguments.query);
  declare_bench(app, arguments.bench);
  declare_update(app, arguments.update);
  const auto add_command = [&](const char* name, const char* help) {
    CLI::App* command = app.add_subcommand(name, help);
    command->add_option("STORE", arguments.store, "The store's directory")->required()->check(not_empty);
    return command;
  };
  add_command("stats", "Say what a store holds: statements, predicates, classes");
  add_command("verify", "Check a store against itself");
  add_command("optimize", "Put a store in order after many changes");
  add_command("backup", "Copy a store")
      ->add_option("DIRECTORY", arguments.backup, "Where to; nothing may be there")
      ->required()
      ->check(not_empty);
  CLI::App* restore = app.add_subcommand("restore", "Make a store of a backup");
  restore->add_option("BACKUP", arguments.backup, "What backup has made")->required()->check(not_empty);
  restore->add_option("STORE", arguments.store, "Where to; nothing may be there")->required()->check(not_empty);
}

constexpr const char* kCommandFirst = "the command comes first, then the store";

// A misspelt command looks like the name of a store.
void check_store_name(const std::string& name) {
  if (name == "help" || name == "version") throw UsageError("there is no command '" + name + "'; say --" + name);
  if (name.find_first_of("./") != std::string::npos || std::filesystem::exists(name)) return;
  if (const std::string_view near = nearest(name, kCommands); !near.empty()) {
    throw UsageError("there is no store '" + name + "'; did you mean the command '" + std::string(near) +
                     "'? (For a new store of that name, say ./" + name + ")");
  }
}

int run(const CLI::App& app, const Arguments& arguments, Output& out) {
  if (!arguments.repl.store.empty() && !app.get_subcommands().empty()) throw UsageError(kCommandFirst);
  if (app.got_subcommand("load")) {
    run_load(arguments.load);
  } else if (app.got_subcommand("convert")) {
    run_convert(arguments.convert, out);
  } else if (app.got_subcommand("dump")) {
    run_dump(arguments.dump, out);
  } else if (app.got_subcommand("query")) {
    run_query(arguments.query, out);
  } else if (app.got_subcommand("bench")) {
    if (!run_bench(arguments.bench, out)) return kFailed;
  } else if (app.got_subcommand("update")) {
    run_update(arguments.update);
  } else if (app.got_subcommand("stats")) {
    run_stats(arguments.store, out);
  } else if (app.got_subcommand("verify")) {
    run_verify(arguments.store);
  } else if (app.got_subcommand("optimize")) {
    run_optimize(arguments.store);
  } else if (app.got_subcommand("backup")) {
    run_backup(arguments.store, arguments.backup);
  } else if (app.got_subcommand("restore")) {
    run_restore(arguments.backup, arguments.store);
  } else {
    check_store_name(arguments.repl.store);
    return run_repl(arguments.repl, out);
  }
  out.flush();
  return kOk;
}

// Every way a command can fail, as a message and an exit code.
int guarded_run(const CLI::App& app, const Arguments& arguments) {
  try {
    Output out;
    return run(app, arguments, out);
  } catch (const ClosedPipe&) {
    return kOk;
  } catch (const UsageError& error) {
    std::cerr << "akyn: " << error.what() << "\nTry 'akyn --help'.\n";
    return kUsage;
  } catch (const Error& error) {
    // A located message starts with the place it is about.
    std::cerr << (error.location() ? "" : "akyn: ") << error.what() << '\n';
    return error.code() == ErrorCode::cancelled ? kInterrupted : kFailed;
  } catch (const std::bad_alloc&) {
    std::cerr << "akyn: out of memory\n";
  } catch (const std::exception& error) {
    std::cerr << "akyn: internal error: " << error.what() << '\n';
  }
  return kFailed;
}

// Says what is wrong with the words of a call.
int refuse(const CLI::App& app, const Arguments& arguments, const CLI::ParseError& error) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  const std::string name = commands.empty() ? "akyn" : "akyn " + commands.front()->get_name();
  std::string what = error.what();
  if (!arguments.repl.store.empty() && !commands.empty()) {
    what = kCommandFirst;
  } else if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    what = "too much:";
    for (const std::string& word : app.remaining(true)) what += ' ' + word;
    if (commands.empty() && !arguments.repl.store.empty()) {
      const std::string_view near = nearest(arguments.repl.store, kCommands);
      what += near.empty() ? "; a query is asked as in: akyn query STORE QUERY"
                           : "; did you mean the command '" + std::string(near) + "'?";
    }
  }
  std::cerr << name << ": " << what << "\nTry '" << name << " --help'.\n";
  return kUsage;
}

int main_program(int count, char** words) {
  CLI::App app("Akyn, an embedded knowledge-graph store.", "akyn");
  app.footer(
      "Without a command akyn opens a prompt; .help there says more.\n"
      "Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted.");
  Arguments arguments;
  declare(app, arguments);
  try {
    app.parse(count, words);
  } catch (const CLI::Success& asked) {  // for help, or the version
    app.exit(asked);
    return std::cout.flush() ? kOk : kFailed;
  } catch (const CLI::ParseError& error) {
    return refuse(app, arguments, error);
  }
  // A reader that has gone shows as an error of write().
  std::signal(SIGPIPE, SIG_IGN);
  return guarded_run(app, arguments);
}

}  // namespace
}  // namespace akyn::shell

int main(int count, char** words) {
  try {
    akyn::shell::reserve_standard_descriptors();
    return akyn::shell::main_program(count, words);
  } catch (const std::exception& error) {
    std::cerr << "akyn: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

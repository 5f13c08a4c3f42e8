#include "shell/repl.h"

#include <chrono>
#include <iostream>
#include <new>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "shell/interrupt.h"

namespace akyn::shell {
namespace {

constexpr std::string_view kSpace = " \t\r\n\f\v";

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kSpace);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kSpace) + 1 - start);
}

bool is_command(std::string_view line) {
  line = trimmed(line);
  return line.size() > 1 && line[0] == '.' && ((line[1] >= 'a' && line[1] <= 'z') || line[1] == '?');
}

// What people try who do not know the prompt yet. No statement begins with these words.
bool is_plain_command(std::string_view line) {
  return line == "help" || line == "quit" || line == "exit";
}

}  // namespace

// ------------------------------------------------------------------ lines to statements

int Repl::run() {
  const bool piped = !editor_->interactive();
  const Interrupt interrupt(token_, piped);
  std::string line;
  while (!quit_) {
    // At a terminal Ctrl-C is about one statement; with piped lines it is about all of them.
    if (!piped) token_.reset();
    const LineEditor::Outcome outcome = editor_->read(prompt(), line);
    if (piped && token_.cancelled()) {
      interrupted_ = true;
      break;
    }
    if (outcome == LineEditor::Outcome::end) break;
    if (outcome == LineEditor::Outcome::interrupted) {
      draft_.clear();
      kind_ = Kind::statement;
      continue;
    }
    take_text(line);
  }
  // Who leaves a terminal has done with it; a script has forgotten something.
  if (quit_ && !piped) draft_.clear();
  if (!interrupted_ && !draft_.shape().blank) finish_statement();
  if (transaction_) {
    transaction_->rollback();
    say("The open transaction was rolled back; .commit keeps one.");
    failed_ = true;
  }
  if (!piped) return kOk;
  return interrupted_ ? kInterrupted : failed_ ? kFailed : kOk;
}

std::string Repl::prompt() const {
  if (!editor_->interactive()) return {};
  const std::string name = transaction_ ? "akyn*> " : "akyn> ";
  if (draft_.empty()) return name;
  const std::string margin(name.size() - 2, ' ');
  const bool whole = completeness_of(draft_.text(), prefixes()) == Completeness::complete;
  // So that nobody has to guess what the prompt is waiting for.
  return whole ? "(Enter runs it) > " : margin.substr(0, margin.size() - 3) + "...> ";
}

// A paste comes as one text of several lines. It runs when it is whole, without a further Enter.
void Repl::take_text(const std::string& text) {
  if (!editor_->interactive() || text.find('\n') == std::string::npos) {
    take_line(text, !editor_->interactive());
    return;
  }
  std::istringstream lines(text);
  for (std::string line; !quit_ && std::getline(lines, line);) take_line(line, true);
  if (!draft_.empty() && completeness_of(draft_.text(), prefixes()) != Completeness::incomplete) finish_statement();
}

// At a terminal, what is whole after its first line runs at once. What takes several lines runs at an
// empty line, at a ';', or where the next statement or a command begins. Lines that are piped in or
// pasted have no prompt to go by: there an empty line within brackets is only that, and a statement of one line may go
// on. Within a statement a line may begin with the '.' of its triples: there only the known commands are such.
void Repl::take_line(const std::string& line, bool unprompted) {
  const std::string_view text = trimmed(line);
  if (draft_.empty()) {
    if (is_command(text) || is_plain_command(text)) {
      editor_->remember(std::string(text));
      run_command((is_command(text) ? "" : ".") + std::string(text), unprompted);
      return;
    }
    if (text.empty()) return;
  } else if ((is_command(text) || begins_statement(text)) && !draft_.shape().open &&
             (completeness_of(draft_.text(), prefixes()) != Completeness::incomplete ||
              (is_command(text) && prefixes_alone(draft_.text())))) {
    finish_statement();
    take_line(line, unprompted);
    return;
  } else if (is_known_command(text) && !draft_.shape().in_string) {
    run_command_inside(std::string(text));
    return;
  }
  const bool first = draft_.empty();
  draft_.add_line(line);
  const Shape& shape = draft_.shape();
  if (shape.blank) {
    draft_.clear();
    return;
  }
  if (text.empty() ? !(unprompted && shape.open) : shape.ends_in_semicolon && !shape.open) {
    finish_statement();
    return;
  }
  if (unprompted || shape.open) return;
  if (first && completeness_of(draft_.text(), prefixes()) != Completeness::incomplete) finish_statement();
}

void Repl::finish_statement() {
  std::string text = draft_.take();
  const Kind kind = std::exchange(kind_, Kind::statement);
  editor_->remember(std::string(trimmed((kind == Kind::explain ? ".explain " : "") + text)));
  const Shape shape = shape_of(text);
  // Queries end without one. Everything before it keeps its line and column.
  if (shape.ends_in_semicolon) text.erase(shape.semicolon);
  if (shape_of(text).blank) return;
  if (kind == Kind::explain) {
    attempt([&] { explain(text); });
  } else {
    attempt([&] { run_statement(text); });
  }
}

// ------------------------------------------------------------------ statements to answers

void Repl::attempt(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  try {
    work();
    out_.flush();
    if (timer_) {
      const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
      say(fmt::format("{:.1f} ms", elapsed.count()));
    }
    return;
  } catch (const UsageError& error) {
    out_.flush();
    say(error.what());
  } catch (const OutputFailure&) {
    throw;  // whatever is typed, nobody would see the answer
  } catch (const Error& error) {
    out_.flush();
    if (error.code() == ErrorCode::cancelled) {
      say("Cancelled.");
      if (!editor_->interactive()) interrupted_ = quit_ = true;
    } else {
      say((error.location() ? "" : "akyn: ") + std::string(error.what()));
    }
  } catch (const std::bad_alloc&) {
    out_.flush();
    say("akyn: out of memory; the store and the session are as they were");
  }
  failed_ = true;
}

void Repl::run_statement(std::string_view text) {
  if (const std::optional<Prefixes> declared = prefixes_alone(text)) {
    for (const auto& [name, iri] : *declared) {
      session_prefixes_.insert_or_assign(name, iri);
      say(fmt::format("{}: stands for <{}> in this session.", name, iri));
    }
    return;
  }
  if (is_update(text)) {
    run_update(text);
  } else {
    run_query(text);
  }
}

Prefixes Repl::prefixes() const {
  Prefixes known = session_prefixes_;
  known.merge(transaction_ ? transaction_->prefixes() : store_.prefixes());
  return known;
}

QueryOptions Repl::query_options(std::string_view source_name) const {
  QueryOptions options;
  options.source_name = source_name;
  options.stored_prefixes = true;
  options.prefixes = session_prefixes_;
  return options;
}

Query Repl::prepare(std::string_view text) const {
  const QueryOptions options = query_options("query");
  return transaction_ ? transaction_->prepare(text, options) : store_.prepare(text, options);
}

void Repl::run_query(std::string_view text) {
  Query query = prepare(text);
  query.cancel_with(token_);
  ResultOptions options;
  options.table_width = terminal_width();
  options.prefixes = prefixes();
  answer(query, formats_, options, out_);
}

void Repl::run_update(std::string_view text) {
  const QueryOptions options = query_options("update");
  Transaction* transaction = transaction_ ? &*transaction_ : nullptr;
  const std::uint64_t before = transaction != nullptr ? transaction->count() : store_.count();
  if (transaction != nullptr) {
    transaction->update(text, options, token_);
  } else {
    store_.update(text, options, token_);
  }
  const std::uint64_t after = transaction != nullptr ? transaction->count() : store_.count();
  const std::uint64_t change = after > before ? after - before : before - after;
  const std::string effect =
      change == 0 ? "as many statements as before"
                  : fmt::format("{} statement{} {}", change, change == 1 ? "" : "s", after > before ? "more" : "fewer");
  say(fmt::format("{}: {}.", transaction != nullptr ? "Done, not committed yet" : "Done", effect));
}

void Repl::explain(std::string_view text) {
  out_ << prepare(text).explain();
}

int run_repl(const ReplArguments& arguments, Output& out) {
  StoreOptions options;
  options.read_only = arguments.read_only;
  options.allow_service = arguments.allow_service;
  options.allow_load_files = options.allow_load_urls = arguments.allow_load;
  options.discard_if_unused = true;  // a name mistyped makes no store
  const CancelToken token;
  std::unique_ptr<LineEditor> editor = make_line_editor(token);
  const bool interactive = editor->interactive();
  if (arguments.store.empty()) {
    if (arguments.read_only) throw UsageError("--read-only needs a store");
    Repl repl(Store::in_memory(options), out, std::move(editor), token);
    if (interactive) {
      std::cerr << "Akyn " << version()
                << ". A store in memory: what you put in is gone when you leave. .help says more.\n";
    }
    return repl.run();
  }
  const bool is_new = !std::filesystem::exists(arguments.store);
  Store store = Store::open(arguments.store, options);
  if (interactive) {
    const std::uint64_t count = store.count();
    std::cerr << fmt::format("Akyn {}. {}{}: {} statement{}{}. .help says more.\n", version(), arguments.store,
                             is_new ? ", a new store" : "", count, count == 1 ? "" : "s",
                             arguments.read_only ? ", for reading" : "");
  }
  Repl repl(std::move(store), out, std::move(editor), token);
  return repl.run();
}

}  // namespace akyn::shell

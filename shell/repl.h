// The prompt: reads statements, runs them, shows the answers.
//
//   repl.cpp           lines to statements, statements to answers
//   repl_commands.cpp  the .commands
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <akyn/akyn.h>
#include "shell/commands.h"
#include "shell/line_editor.h"
#include "shell/statement.h"

namespace akyn::shell {

class Repl {
 public:
  // `token` is the one that the editor heeds.
  Repl(Store store, Output& out, std::unique_ptr<LineEditor> editor, CancelToken token)
      : store_(std::move(store)), out_(out), editor_(std::move(editor)), token_(std::move(token)) {}

  // Until the input ends or .quit. Returns the exit code: with lines piped in, kFailed when
  // something failed and kInterrupted after Ctrl-C.
  [[nodiscard]] int run();

 private:
  enum class Kind { statement, explain };

  // --- lines to statements ---
  void take_text(const std::string& text);
  // `unprompted`: other lines may follow before anybody sees a prompt.
  void take_line(const std::string& line, bool unprompted);
  void finish_statement();
  [[nodiscard]] std::string prompt() const;

  // --- statements to answers; each reports its own errors ---
  void attempt(const std::function<void()>& work);
  void run_statement(std::string_view text);
  void run_query(std::string_view text);
  void run_update(std::string_view text);
  void explain(std::string_view text);
  [[nodiscard]] Prefixes prefixes() const;
  [[nodiscard]] QueryOptions query_options(std::string_view source_name) const;
  [[nodiscard]] Query prepare(std::string_view text) const;

  // --- .commands ---
  // A known name, with whatever follows it.
  [[nodiscard]] static bool is_known_command(std::string_view line);
  void run_command(const std::string& line, bool unprompted);
  // In the middle of a statement, which goes on after it.
  void run_command_inside(const std::string& line);
  void help();
  void load(const std::string& words);
  void show_prefixes();
  void show_graphs();
  void set_format(const std::string& name);
  void set_timer(const std::string& word);
  void begin();
  void commit();
  void rollback();
  // What is not an answer goes to standard error, so that answers alone can be piped on.
  static void say(const std::string& text);

  Store store_;
  std::optional<Transaction> transaction_;
  Output& out_;
  std::unique_ptr<LineEditor> editor_;
  Prefixes session_prefixes_;
  OutputFormats formats_;
  CancelToken token_;  // Ctrl-C, at any time but while a line is typed
  bool timer_ = false;
  bool quit_ = false;
  bool failed_ = false;
  bool interrupted_ = false;
  Draft draft_;  // lines of a statement that is not whole yet
  Kind kind_ = Kind::statement;
};

}  // namespace akyn::shell

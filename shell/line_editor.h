// Where the prompt's lines come from.
#pragma once

#include <memory>
#include <string>

#include <akyn/query.h>

namespace akyn::shell {

class LineEditor {
 public:
  enum class Outcome {
    line,
    interrupted,  // Ctrl-C: what was typed is dropped
    end,
  };

  virtual ~LineEditor() = default;
  // Reads a line, without its line break; a pasted text of several lines comes as one.
  [[nodiscard]] virtual Outcome read(const std::string& prompt, std::string& line) = 0;
  // Adds a statement to the history.
  virtual void remember(const std::string& statement) = 0;
  // False: lines are piped in, nobody sees a prompt.
  [[nodiscard]] virtual bool interactive() const = 0;
};

// An editor with history on a terminal, where there is one; plain reading of standard input otherwise, which
// cancelling the token interrupts.
[[nodiscard]] std::unique_ptr<LineEditor> make_line_editor(const CancelToken& token);

// The file that keeps the history: $XDG_STATE_HOME/akyn/history, or under ~/.local/state. Empty when
// there is no home.
[[nodiscard]] std::string history_file();

#ifdef AKYN_HAS_READLINE
[[nodiscard]] std::unique_ptr<LineEditor> make_readline_editor();
#endif

}  // namespace akyn::shell

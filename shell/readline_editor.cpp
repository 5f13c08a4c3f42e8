// LineEditor on GNU readline, through its callback interface: that leaves signals to us.

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include <readline/history.h>
#include <readline/readline.h>

#include "shell/line_editor.h"

namespace akyn::shell {
namespace {

constexpr int kHistoryLines = 2000;

// Readline's callbacks and signal handlers take no argument: there is one editor, and it is here
// while it reads.
struct Reading {
  bool done = false;
  std::optional<std::string> line;  // none: end of input
};
Reading* reading = nullptr;
volatile std::sig_atomic_t interrupted = 0;

void on_line(char* line) {
  reading->done = true;
  if (line != nullptr) {
    reading->line = line;
    std::free(line);
  }
  rl_callback_handler_remove();
}

void on_interrupt(int /*signal*/) {
  interrupted = 1;
}

class ReadlineEditor final : public LineEditor {
 public:
  ReadlineEditor() {
    rl_readline_name = "akyn";
    rl_catch_signals = 0;
    rl_catch_sigwinch = 1;
    rl_bind_key('\t', rl_insert);
    using_history();
    stifle_history(kHistoryLines);
    // Time stamps in the file are what keeps statements of several lines together.
    history_comment_char = '#';
    history_write_timestamps = 1;
    file_ = history_file();
    if (!file_.empty()) read_history(file_.c_str());
  }

  Outcome read(const std::string& prompt, std::string& line) override {
    struct sigaction action {};
    struct sigaction previous {};
    action.sa_handler = on_interrupt;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &previous);
    interrupted = 0;
    Reading state;
    reading = &state;
    rl_callback_handler_install(prompt.c_str(), on_line);
    while (!state.done && interrupted == 0) {
      pollfd input{STDIN_FILENO, POLLIN, 0};
      if (poll(&input, 1, -1) < 0) {
        if (errno != EINTR) break;
        continue;
      }
      rl_callback_read_char();
    }
    if (!state.done) {
      // First, while the cursor is still behind what was typed.
      std::fputs("^C\n", stdout);
      std::fflush(stdout);
      rl_free_line_state();
      rl_callback_sigcleanup();
      rl_callback_handler_remove();
    }
    reading = nullptr;
    sigaction(SIGINT, &previous, nullptr);
    if (!state.done) return interrupted != 0 ? Outcome::interrupted : Outcome::end;
    // It came after Enter: it is about what is to be done now.
    if (interrupted != 0) std::raise(SIGINT);
    if (!state.line) {
      std::fputs("\n", stdout);
      std::fflush(stdout);
      return Outcome::end;
    }
    line = std::move(*state.line);
    return Outcome::line;
  }

  void remember(const std::string& statement) override {
    const HIST_ENTRY* last = history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
    if (last != nullptr && statement == last->line) return;
    add_history(statement.c_str());
    if (file_.empty()) return;
    // Whoever cannot write there goes without.
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(file_).parent_path(), ignored);
    if (append_history(1, file_.c_str()) != 0) write_history(file_.c_str());
  }

  [[nodiscard]] bool interactive() const override { return true; }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<LineEditor> make_readline_editor() {
  return std::make_unique<ReadlineEditor>();
}

}  // namespace akyn::shell

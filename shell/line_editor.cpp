#include "shell/line_editor.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "shell/terminal.h"

namespace akyn::shell {
namespace {

class PlainEditor final : public LineEditor {
 public:
  Outcome read(const std::string& prompt, std::string& line) override {
    if (interactive_) std::cout << prompt << std::flush;
    return std::getline(std::cin, line) ? Outcome::line : Outcome::end;
  }
  void remember(const std::string& /*statement*/) override {}
  [[nodiscard]] bool interactive() const override { return interactive_; }

 private:
  bool interactive_ = is_terminal(STDIN_FILENO);
};

}  // namespace

std::unique_ptr<LineEditor> make_line_editor() {
#ifdef AKYN_HAS_READLINE
  if (is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO)) return make_readline_editor();
#endif
  return std::make_unique<PlainEditor>();
}

std::string history_file() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/akyn/history";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.local/state/akyn/history";
  return {};
}

}  // namespace akyn::shell

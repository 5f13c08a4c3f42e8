#include "shell/line_editor.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "shell/terminal.h"

namespace akyn::shell {
namespace {

class PlainEditor final : public LineEditor {
 public:
  explicit PlainEditor(const CancelToken& token) : input_(token) {}

  Outcome read(const std::string& prompt, std::string& line) override {
    if (interactive_) std::cout << prompt << std::flush;
    try {
      return std::getline(input_, line) ? Outcome::line : Outcome::end;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled) throw;
      input_.clear();
      return Outcome::interrupted;
    }
  }
  void remember(const std::string& /*statement*/) override {}
  [[nodiscard]] bool interactive() const override { return interactive_; }

 private:
  Input input_;
  bool interactive_ = is_terminal(STDIN_FILENO);
};

}  // namespace

std::unique_ptr<LineEditor> make_line_editor(const CancelToken& token) {
#ifdef AKYN_HAS_READLINE
  if (is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO)) return make_readline_editor();
#endif
  return std::make_unique<PlainEditor>(token);
}

std::string history_file() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::string(state) + "/akyn/history";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.local/state/akyn/history";
  return {};
}

}  // namespace akyn::shell

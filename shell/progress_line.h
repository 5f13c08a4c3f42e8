// One line of a terminal that says how far something is.
#pragma once

#include <chrono>
#include <string_view>

namespace akyn::shell {

// Rewrites a line of standard error, when that is a terminal, a few times a second at most; wipes it at the end.
class ProgressLine {
 public:
  ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  // Whether it is time to say something new.
  [[nodiscard]] bool is_due() const;
  void show(std::string_view text);
  // Wipes the line, for something else to be said.
  void clear();

 private:
  bool enabled_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace akyn::shell

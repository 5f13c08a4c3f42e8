// How fast a load is, and how long it will take.
#pragma once

#include <chrono>
#include <string>

#include <akyn/options.h>

namespace akyn::shell {

class LoadMeter {
 public:
  // "facts.nt: reading, 1,234,567 statements, 850,000/s, 43 %, 12 s left"
  [[nodiscard]] std::string text(const std::string& name, const LoadProgress& progress) const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace akyn::shell

#include "shell/load_meter.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace akyn::shell {
namespace {

// "1,234,567"
std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(seconds));
  if (whole < 100) return fmt::format("{} s", whole);
  if (whole < 6000) return fmt::format("{} min", (whole + 59) / 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace

std::string LoadMeter::text(const std::string& name, const LoadProgress& progress) const {
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  std::string text = fmt::format("{}: {}, {} statements", name, progress.phase, grouped(progress.quads));
  if (progress.phase == "reading" && elapsed > 0) {
    text += fmt::format(", {}/s", grouped(static_cast<std::uint64_t>(static_cast<double>(progress.quads) / elapsed)));
  }
  if (progress.fraction > 0) {
    const double fraction = std::min(progress.fraction, 1.0);
    text +=
        fmt::format(", {} %, {} left", static_cast<int>(fraction * 100), duration(elapsed * (1 - fraction) / fraction));
  }
  return text;
}

}  // namespace akyn::shell

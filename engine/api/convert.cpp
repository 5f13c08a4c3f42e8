#include <akyn/convert.h>

#include <chrono>
#include <istream>

#include "engine/api/state.h"
#include "engine/load/convert.h"

namespace akyn {
namespace {

template <class Source>
LoadReport convert_timed(Source& source, std::ostream& out, const ConvertOptions& options) {
  return api::guarded([&] {
    const auto start = std::chrono::steady_clock::now();
    load::Input input(source, options.input);
    const load::Counts counts = load::convert(input, out, options);
    LoadReport report;
    report.read = counts.read;
    report.inserted = counts.inserted;
    report.skipped = counts.skipped;
    report.elapsed = std::chrono::steady_clock::now() - start;
    return report;
  });
}

}  // namespace

LoadReport convert(const std::filesystem::path& input, std::ostream& out, const ConvertOptions& options) {
  return convert_timed(input, out, options);
}

LoadReport convert(std::istream& input, std::ostream& out, const ConvertOptions& options) {
  return convert_timed(input, out, options);
}

}  // namespace akyn

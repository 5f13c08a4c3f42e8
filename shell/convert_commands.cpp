// akyn convert, dump.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

#include <fmt/format.h>

#include "shell/commands.h"
#include "shell/interrupt.h"

namespace akyn::shell {
namespace {

// By the name's extension.
RdfFormat format_of_output(const std::string& file) {
  const std::string extension = std::filesystem::path(file).extension().string();
  if (extension.size() < 2) throw UsageError("convert: say the format to write with --to");
  return written_format(extension.substr(1));
}

// A file that is there only once it is whole. What is no regular file (a device, a pipe) is written to as it is, and a
// link stays one.
class OutputFile {
 public:
  explicit OutputFile(const std::string& name) : name_(name) {
    std::error_code failure;
    const std::filesystem::file_status status = std::filesystem::status(name, failure);
    is_direct_ = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
    target_ = std::filesystem::is_symlink(std::filesystem::symlink_status(name, failure))
                  ? std::filesystem::weakly_canonical(name)
                  : std::filesystem::path(name);
    if (!is_direct_) part_ = target_.string() + ".part";
    stream_.open(is_direct_ ? target_ : part_, std::ios::binary);
    if (!stream_) throw Error(ErrorCode::io, name + ": cannot be written");
  }
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() {
    std::error_code ignored;
    if (!is_direct_ && !done_) std::filesystem::remove(part_, ignored);
  }

  [[nodiscard]] std::ostream& stream() { return stream_; }
  void finish() {
    stream_.close();
    if (!stream_) throw Error(ErrorCode::io, name_ + ": cannot be written");
    std::error_code failure;
    if (!is_direct_) std::filesystem::rename(part_, target_, failure);
    if (failure) throw Error(ErrorCode::io, name_ + ": cannot be written: " + failure.message());
    done_ = true;
  }

 private:
  std::string name_;
  std::filesystem::path target_;
  std::filesystem::path part_;
  std::ofstream stream_;
  bool is_direct_ = false;
  bool done_ = false;
};

}  // namespace

void run_convert(const ConvertArguments& arguments, Output& out) {
  const bool to_file = !arguments.into.empty() && arguments.into != "-";
  ConvertOptions options;
  options.input = load_options(arguments.input);
  if (!arguments.to.empty()) {
    options.to = written_format(arguments.to);
  } else if (to_file) {
    options.to = format_of_output(arguments.into);
  } else {
    throw UsageError("convert: say the format to write with --to");
  }
  options.canonical = arguments.canonical;
  const CancelToken token;
  const Interrupt interrupt(token, true);
  const auto converted = [&](std::ostream& stream) {
    return with_reports(arguments.from, options.input, token, [&](const LoadOptions& reporting) {
      options.input = reporting;
      return arguments.from == "-" ? convert(std::cin, stream, options)
                                   : convert(std::filesystem::path(arguments.from), stream, options);
    });
  };
  if (!to_file) {
    const LoadReport report = converted(out);
    if (report.skipped > 0) std::cerr << fmt::format("{} skipped\n", report.skipped);
    return;
  }
  OutputFile file(arguments.into);
  const LoadReport report = converted(file.stream());
  file.finish();
  const std::string skipped = report.skipped == 0 ? "" : fmt::format(", {} skipped", report.skipped);
  std::cerr << fmt::format("{}: {} statement{}{}, {:.2f} s\n", arguments.into, report.read, report.read == 1 ? "" : "s",
                           skipped, report.elapsed.count());
}

void run_dump(const DumpArguments& arguments, Output& out) {
  const RdfFormat format = arguments.format.empty() ? RdfFormat::nquads : written_format(arguments.format);
  const Store store = open_for_reading(arguments.store);
  ResultOptions options;
  options.prefixes = store.prefixes();
  options.canonical = arguments.canonical;
  Quads quads = store.match({}, {}, {});
  static_cast<void>(write_quads(out, quads, format, options));
}

}  // namespace akyn::shell

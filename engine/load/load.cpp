#include "engine/load/load.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/load/input_terms.h"
#include "parser/rdf/reader.h"

namespace akyn::load {
namespace {

class LoadSink final : public rdf::StatementSink {
 public:
  LoadSink(const LoadOptions& options, std::uint64_t total_bytes, storage::Writer& writer)
      : on_progress_(options.on_progress), total_bytes_(total_bytes), writer_(writer), terms_(writer) {
    if (!options.graph_iri.empty()) graph_ = writer.intern(iri(options.graph_iri).view());
  }

  void quad(const QuadView& quad) override {
    ++counts_.read;
    const Id graph = quad.graph ? terms_.intern(quad.graph) : graph_;
    const Id subject = terms_.intern(quad.subject);
    const Id predicate = terms_.intern(quad.predicate);
    if (writer_.insert({subject, predicate, terms_.intern(quad.object), graph})) ++counts_.inserted;
  }

  void prefix(std::string_view name, std::string_view iri) override { writer_.add_prefix(name, iri); }

  bool progress(std::uint64_t bytes) override {
    return !on_progress_ || on_progress_({.quads = counts_.read, .bytes = bytes, .total_bytes = total_bytes_});
  }

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  const std::function<bool(const LoadProgress&)>& on_progress_;
  std::uint64_t total_bytes_;
  storage::Writer& writer_;
  InputTerms terms_;
  Id graph_ = storage::kDefaultGraph;
  Counts counts_;
};

Counts read_into(std::istream& input, const rdf::ReadOptions& read_options, const LoadOptions& options,
                 std::uint64_t total_bytes, storage::Writer& writer) {
  const std::size_t savepoint = writer.savepoint();
  try {
    LoadSink sink(options, total_bytes, writer);
    rdf::read(input, read_options, sink);
    if (input.bad()) {
      throw Error(ErrorCode::io, fmt::format("{}: reading failed: {}", read_options.source_name, std::strerror(errno)));
    }
    return sink.counts();
  } catch (...) {
    writer.rollback_to(savepoint);
    throw;
  }
}

// RFC 8089: the file's own URL, which relative IRIs in it are relative to.
std::string file_url(const std::filesystem::path& file) {
  std::error_code failure;
  const std::filesystem::path absolute = std::filesystem::absolute(file, failure);
  std::string url = "file://";
  for (const char c : (failure ? file : absolute).lexically_normal().generic_string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       byte >= 0x80 || std::strchr("-._~/!$&'()*+,;=:@", c) != nullptr;
    if (plain) {
      url += c;
    } else {
      url += fmt::format("%{:02X}", byte);
    }
  }
  return url;
}

RdfFormat format_of(const std::filesystem::path& file, const LoadOptions& options) {
  if (options.format != RdfFormat::automatic) return options.format;
  const RdfFormat format = rdf::format_of(file.filename().string());
  if (format != RdfFormat::automatic) return format;
  const std::string extension = file.extension().string();
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: {}, so the format must be said (--format, LoadOptions::format); known extensions are "
                          ".ttl (Turtle), .trig (TriG), .nt (N-Triples) and .nq (N-Quads)",
                          file.string(),
                          extension.empty() ? "the name has no extension"
                                            : fmt::format("'{}' is no known extension", extension)));
}

void check_base(const LoadOptions& options) {
  if (!options.base_iri.empty()) (void)iri(options.base_iri);
}

}  // namespace

Counts load_file(const std::filesystem::path& file, const LoadOptions& options, storage::Writer& writer) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(file, failure);
  const std::string name = file.string();
  if (status.type() == std::filesystem::file_type::not_found) {
    throw Error(ErrorCode::not_found, fmt::format("{}: no such file", name));
  }
  if (failure) throw Error(ErrorCode::io, fmt::format("{}: {}", name, failure.message()));
  if (std::filesystem::is_directory(status)) {
    throw Error(ErrorCode::invalid_argument, fmt::format("{}: is a directory, not a file", name));
  }
  check_base(options);

  rdf::ReadOptions read_options;
  read_options.format = format_of(file, options);
  read_options.source_name = options.source_name.empty() ? name : options.source_name;
  read_options.base_iri = options.base_iri.empty() ? file_url(file) : options.base_iri;

  errno = 0;
  std::ifstream input(file, std::ios::binary);
  if (!input) throw Error(ErrorCode::io, fmt::format("{}: cannot be opened: {}", name, std::strerror(errno)));
  const std::uint64_t total =
      std::filesystem::is_regular_file(status) ? std::uint64_t{std::filesystem::file_size(file, failure)} : 0;
  return read_into(input, read_options, options, failure ? 0 : total, writer);
}

Counts load_stream(std::istream& input, const LoadOptions& options, storage::Writer& writer) {
  if (options.format == RdfFormat::automatic) {
    throw Error(ErrorCode::invalid_argument, "a stream has no extension: LoadOptions::format must say what it holds");
  }
  check_base(options);
  rdf::ReadOptions read_options;
  read_options.format = options.format;
  read_options.source_name = options.source_name.empty() ? "stream" : options.source_name;
  read_options.base_iri = options.base_iri;
  return read_into(input, read_options, options, 0, writer);
}

}  // namespace akyn::load

#include "engine/load/input.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/load/read_ahead.h"
#include "parser/facts/reader.h"

namespace akyn::load {
namespace {

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
  const std::string name = file.filename().string();
  const std::filesystem::path inner(uncompressed_name(name));
  const RdfFormat format = rdf::format_of(inner.string());
  if (format != RdfFormat::automatic) return format;
  const std::string extension = inner.extension().string();
  throw Error(ErrorCode::invalid_argument,
              fmt::format("{}: {}, so the format must be said (--format, LoadOptions::format); known extensions are "
                          ".ttl (Turtle), .trig (TriG), .nt (N-Triples), .nq (N-Quads), .rdf (RDF/XML), .csv, .tsv and "
                          ".jsonl (extracted facts), also followed by .gz or .zst",
                          file.string(),
                          extension.empty() ? "the name has no extension"
                                            : fmt::format("'{}' is no known extension", extension)));
}

void check_base(const LoadOptions& options) {
  if (!options.base_iri.empty()) (void)iri(options.base_iri);
}

// A source whose first bytes have been read, and perhaps a fault behind them.
class StartedSource final : public ByteSource {
 public:
  StartedSource(std::string start, std::exception_ptr fault, std::unique_ptr<ByteSource> rest)
      : start_(std::move(start)), fault_(std::move(fault)), rest_(std::move(rest)) {}

  std::size_t read(char* out, std::size_t capacity) override {
    if (at_ == start_.size()) {
      if (fault_ != nullptr) std::rethrow_exception(fault_);
      return rest_->read(out, capacity);
    }
    const std::size_t count = std::min(capacity, start_.size() - at_);
    std::memcpy(out, start_.data() + at_, count);
    at_ += count;
    if (at_ == start_.size()) {
      std::string().swap(start_);
      at_ = 0;
    }
    return count;
  }
  std::uint64_t consumed() const noexcept override { return rest_->consumed(); }

 private:
  std::string start_;
  std::size_t at_ = 0;
  std::exception_ptr fault_;
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

Input::Input(const std::filesystem::path& file, const LoadOptions& options) : options_(options) {
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
  read_options_.format = format_of(file, options);
  read_options_.source_name = options.source_name.empty() ? name : options.source_name;
  read_options_.base_iri = options.base_iri;
  // Names of facts would be the file's own below its URL, and so never meet those of other files.
  if (options.base_iri.empty() && !facts::is_fact_format(read_options_.format)) read_options_.base_iri = file_url(file);
  if (std::filesystem::is_regular_file(status)) {
    const std::uint64_t size = std::filesystem::file_size(file, failure);
    if (!failure) total_bytes_ = size;
  }
  open(file_source(file), compression_of(name));
}

Input::Input(std::istream& stream, const LoadOptions& options) : options_(options) {
  if (options.format == RdfFormat::automatic) {
    throw Error(ErrorCode::invalid_argument,
                "a stream has no extension: its format must be said (--format, LoadOptions::format)");
  }
  check_base(options);
  read_options_.format = options.format;
  read_options_.source_name = options.source_name.empty() ? "stream" : options.source_name;
  read_options_.base_iri = options.base_iri;
  open(stream_source(stream), Compression::by_content);
}

void Input::open(std::unique_ptr<ByteSource> bytes, Compression compression) {
  try {
    bytes_ = decompressed(std::move(bytes), compression, compressed_);
  } catch (const Error& error) {
    throw Error(error.code(), fmt::format("{}: {}", read_options_.source_name, error.message()));
  }
}

bool Input::is_shorter_than(std::size_t bytes) {
  constexpr std::size_t kFirst = std::size_t{32} << 10U;
  std::string start;
  std::size_t size = 0;
  std::exception_ptr fault;
  try {
    while (size < bytes) {
      if (size == start.size()) start.resize(std::min(bytes, std::max(kFirst, 2 * size)));
      const std::size_t count = bytes_->read(start.data() + size, start.size() - size);
      if (count == 0) break;
      size += count;
    }
  } catch (const Error&) {
    fault = std::current_exception();
  }
  start.resize(size);
  bytes_ = std::make_unique<StartedSource>(std::move(start), std::move(fault), std::move(bytes_));
  return size < bytes;
}

void Input::read_ahead() {
  bytes_ = read_ahead_source(std::move(bytes_));
}

void Input::read(rdf::StatementSink& sink) {
  read(sink, options_.on_skipped);
}

void Input::read(rdf::StatementSink& sink, const std::function<void(const Error&)>& on_mistake) {
  rdf::ReadOptions read_options = read_options_;
  if (options_.lenient) {
    read_options.on_mistake = [this, &on_mistake](const Error& mistake) {
      ++skipped_;
      if (on_mistake) on_mistake(mistake);
    };
  }
  if (facts::is_fact_format(read_options.format)) {
    facts::read(*bytes_, read_options, options_.facts, sink);
  } else {
    rdf::read(*bytes_, read_options, sink);
  }
}

}  // namespace akyn::load

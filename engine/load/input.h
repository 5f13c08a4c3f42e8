// What a load or a conversion reads: a file or a stream, opened, its format known.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>

#include <akyn/options.h>
#include "parser/rdf/reader.h"
#include "parser/source/byte_source.h"

namespace akyn::load {

class Input {
 public:
  // `options` must outlive the input. Throws Error: not_found (no such file), invalid_argument (a directory; an unknown
  // extension without LoadOptions::format; a base that is no IRI), io, syntax (not the compression its name says).
  Input(const std::filesystem::path& file, const LoadOptions& options);
  // The stream must outlive the input too. `options.format` must say what it holds.
  Input(std::istream& stream, const LoadOptions& options);

  // Reads to the end. Throws what rdf::read and facts::read throw. Mistakes that are skipped go to
  // LoadOptions::on_skipped, or to `on_mistake` instead.
  void read(rdf::StatementSink& sink);
  void read(rdf::StatementSink& sink, const std::function<void(const Error&)>& on_mistake);

  // For who reads the text otherwise. How it is to be read, on_mistake aside.
  [[nodiscard]] const rdf::ReadOptions& read_options() const noexcept { return read_options_; }
  // Beyond which a token is an error.
  void set_longest_token(std::size_t bytes) noexcept { read_options_.longest_token = bytes; }
  [[nodiscard]] ByteSource& bytes() noexcept { return *bytes_; }
  [[nodiscard]] bool is_compressed() const noexcept { return compressed_; }
  // Reads so many bytes ahead, and says whether that was all of it. What a source throws on the way is told when the
  // reading comes there.
  [[nodiscard]] bool is_shorter_than(std::size_t bytes);
  // The same bytes read ahead of who asks for them, by a thread of their own.
  void read_ahead();

  // Mistakes that read() went past, being lenient.
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  // How far reading has come, in bytes of the file.
  [[nodiscard]] std::uint64_t consumed() const noexcept { return bytes_->consumed(); }
  [[nodiscard]] std::uint64_t total_bytes() const noexcept { return total_bytes_; }  // 0 when unknown

 private:
  void open(std::unique_ptr<ByteSource> bytes, Compression compression);

  const LoadOptions& options_;
  rdf::ReadOptions read_options_;
  std::unique_ptr<ByteSource> bytes_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t skipped_ = 0;
  bool compressed_ = false;
};

}  // namespace akyn::load

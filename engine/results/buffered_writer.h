// What the writers of all formats share.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/results/writer.h"

namespace akyn::results {

// Hands its text to the stream in large pieces, and writes rows of terms as rows of texts.
class BufferedWriter : public ResultWriter {
 public:
  explicit BufferedWriter(std::ostream& out) : out_(out) {}

  using ResultWriter::row;
  void row(std::span<const Term* const> terms) final;
  void row(std::span<const std::string_view> texts) final;
  void end() final;
  void boolean(bool answer) final;
  void flush() final;

 protected:
  // Appends to text().
  virtual void write_row(std::span<const std::string_view> texts) = 0;
  virtual void write_end() = 0;
  virtual void write_boolean(bool answer) = 0;

  // What the stream does not have yet.
  [[nodiscard]] std::string& text() noexcept { return text_; }

 private:
  std::ostream& out_;
  std::string text_;
  std::string cells_;  // of a row of terms
  std::vector<std::size_t> ends_;
  std::vector<std::string_view> texts_;
};

}  // namespace akyn::results

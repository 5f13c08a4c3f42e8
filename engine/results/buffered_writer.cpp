#include "engine/results/buffered_writer.h"

#include <ostream>

namespace akyn::results {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;

}  // namespace

void BufferedWriter::row(std::span<const Term* const> terms) {
  cells_.clear();
  ends_.clear();
  for (const Term* term : terms) {
    if (term != nullptr && *term) append_text(cells_, term->view());
    ends_.push_back(cells_.size());
  }
  texts_.clear();
  std::size_t begin = 0;
  for (const std::size_t end : ends_) {
    texts_.push_back(std::string_view(cells_).substr(begin, end - begin));
    begin = end;
  }
  row(texts_);
}

void BufferedWriter::row(std::span<const std::string_view> texts) {
  write_row(texts);
  if (text_.size() >= kPiece) flush();
}

void BufferedWriter::end() {
  write_end();
  flush();
}

void BufferedWriter::boolean(bool answer) {
  write_boolean(answer);
  flush();
}

void BufferedWriter::flush() {
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
}

}  // namespace akyn::results

#include "parser/rdf/input.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "parser/text/location.h"

namespace akyn::rdf {
namespace {

constexpr std::size_t kShownAfterError = 128;  // bytes of the line that an error message may show

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::uint64_t code_points(const char* at, const char* end) {
  return static_cast<std::uint64_t>(std::count_if(at, end, [](char c) { return !is_continuation(c); }));
}

const char* find(const char* at, const char* end, char c) {
  const void* found = at == end ? nullptr : std::memchr(at, c, static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

}  // namespace

Input::Input(std::string_view text, std::string source)
    : source_(std::move(source)), begin_(text.data()), end_(text.data() + text.size()) {}

Input::Input(std::istream& stream, std::string source, std::size_t block_size)
    : source_(std::move(source)), stream_(&stream), block_size_(std::max<std::size_t>(block_size, 1)) {
  begin_ = end_ = block_.data();
}

bool Input::extend(const char*& at) {
  if (stream_ == nullptr) return false;
  const char* keep = at - std::min(static_cast<std::size_t>(at - begin_), kContext);
  while (keep != at && is_continuation(*keep)) ++keep;
  const auto kept = static_cast<std::size_t>(end_ - keep);

  std::vector<char> next = std::move(spare_);
  spare_.clear();
  const std::size_t wanted = std::max(block_size_, 2 * kept);
  if (next.size() < wanted) next.resize(wanted);
  if (kept > 0) std::memcpy(next.data(), keep, kept);
  stream_->read(next.data() + kept, static_cast<std::streamsize>(next.size() - kept));
  const auto added = static_cast<std::size_t>(stream_->gcount());
  if (stream_->bad()) throw Error(ErrorCode::io, source_ + ": reading failed");
  if (added == 0) {
    stream_ = nullptr;
    return false;
  }

  count_lines(keep);
  const auto ahead = static_cast<std::size_t>(at - keep);
  if (!block_.empty()) retired_.push_back(std::move(block_));
  block_ = std::move(next);
  begin_ = block_.data();
  end_ = begin_ + kept + added;
  at = begin_ + ahead;
  return true;
}

void Input::drop_retired() noexcept {
  spare_ = std::move(retired_.back());
  retired_.clear();
}

// Accounts for the part of the window before `until`, which is about to leave it. Line breaks are
// LF, CR LF and CR, as in locate().
void Input::count_lines(const char* until) {
  const char* line_start = nullptr;
  for (const char* at = find(begin_, until, '\n'); at != until; at = find(at + 1, until, '\n')) {
    ++lines_before_;
    line_start = at + 1;
  }
  for (const char* at = find(begin_, until, '\r'); at != until; at = find(at + 1, until, '\r')) {
    if (at + 1 != end_ && at[1] == '\n') continue;
    ++lines_before_;
    line_start = std::max(line_start == nullptr ? begin_ : line_start, at + 1);
  }
  if (line_start != nullptr) columns_before_ = 0;
  columns_before_ += code_points(line_start == nullptr ? begin_ : line_start, until);
  window_offset_ += static_cast<std::uint64_t>(until - begin_);
}

SourceLocation Input::location(std::uint64_t offset, std::size_t length) {
  const char* at = begin_ + (std::max(offset, window_offset_) - window_offset_);
  while (static_cast<std::size_t>(end_ - at) < kShownAfterError && find(at, end_, '\n') == end_ && extend(at)) {
  }
  const auto size = static_cast<std::size_t>(end_ - begin_);
  SourceLocation location =
      locate(std::string_view(begin_, size), static_cast<std::size_t>(at - begin_), length, source_);
  if (location.line == 1 && columns_before_ > 0) {
    location.column += columns_before_;
    if (!location.line_text.starts_with("…")) {
      location.line_text.insert(0, "…");
      ++location.caret;
    }
  }
  location.line += lines_before_;
  return location;
}

}  // namespace akyn::rdf

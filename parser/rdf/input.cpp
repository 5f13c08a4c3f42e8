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

Input::Input(ByteSource& bytes, std::string source, std::size_t block_size, std::size_t longest_token)
    : source_(std::move(source)),
      bytes_(&bytes),
      block_size_(std::max<std::size_t>(block_size, 1)),
      longest_token_(longest_token) {
  begin_ = end_ = block_.bytes.get();
}

bool Input::extend(const char*& at) {
  if (fault_) fail_at_end(fault_);
  if (bytes_ == nullptr) return false;
  const char* keep = at - std::min(static_cast<std::size_t>(at - begin_), kContext);
  while (keep != at && is_continuation(*keep)) ++keep;
  const auto kept = static_cast<std::size_t>(end_ - keep);
  const auto begun = static_cast<std::size_t>(end_ - at);
  if (begun > longest_token_) {
    bytes_ = nullptr;
    broken_ = true;
    throw Error(ErrorCode::limit, "what begins here" + too_long(longest_token_), location(offset(at), 1));
  }

  Block next = make_block(std::max(block_size_, std::min(2 * kept, kept + (longest_token_ - begun) + 1)));
  if (kept > 0) std::memcpy(next.bytes.get(), keep, kept);
  const std::size_t added = fill(next.bytes.get() + kept, next.size - kept);
  if (added == 0) {
    if (fault_) fail_at_end(fault_);
    bytes_ = nullptr;
    return false;
  }

  // Nothing was read since the window was made but the token it was made for: no views into it exist.
  const bool is_viewed = offset(at) != extended_at_;
  extended_at_ = offset(at);
  count_lines(keep);
  const auto ahead = static_cast<std::size_t>(at - keep);
  if (block_.size > 0 && is_viewed) retired_.push_back(std::move(block_));
  block_ = std::move(next);
  begin_ = block_.bytes.get();
  end_ = begin_ + kept + added;
  at = begin_ + ahead;
  return true;
}

// Fills all of `out` unless the source ends: blocks that grew by little would be copied too often.
std::size_t Input::fill(char* out, std::size_t capacity) {
  std::size_t size = 0;
  try {
    while (size < capacity) {
      const std::size_t count = bytes_->read(out + size, capacity - size);
      if (count == 0) break;
      size += count;
    }
  } catch (const Error&) {
    fault_ = std::current_exception();
  }
  return size;
}

void Input::fail_at_end(const std::exception_ptr& fault) {
  bytes_ = nullptr;
  broken_ = true;
  try {
    std::rethrow_exception(fault);
  } catch (const Error& error) {
    const std::uint64_t end = offset(end_);
    fault_ = nullptr;  // so that location() looks at what there is
    SourceLocation place = location(end, 1);
    fault_ = fault;
    throw Error(error.code(), error.message(), std::move(place));
  }
}

Input::Block Input::make_block(std::size_t size) {
  if (spare_.size >= size) return std::exchange(spare_, Block{});
  return {std::make_unique_for_overwrite<char[]>(size), size};
}

// One block is kept for next time, unless a long token made it unusually large.
void Input::drop_retired() noexcept {
  if (retired_.back().size <= 2 * block_size_ + kContext) spare_ = std::move(retired_.back());
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
  const char* at = this->at(offset);
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

// The text being read: a window of it in memory, and what is needed to say where an error is.
//
// A text that is in memory anyway is one window. A source comes in blocks: extend() makes a new
// window that begins a little before the reader's position and goes on further.
//
//     block n      [ ... context | kept from `at` ]
//     block n + 1            [ context | kept | newly read ... ]
//
// Earlier blocks stay valid until release(), so that views into them outlive a refill. The context
// is there for error messages, which show the line from before the mistake.
//
// A token longer than a block makes longer blocks, each twice the last, as long as it may be that long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include "parser/source/byte_source.h"

namespace akyn::rdf {

class Input {
 public:
  static constexpr std::size_t kBlockSize = std::size_t{1} << 20;
  static constexpr std::size_t kLongestToken = std::size_t{128} << 20;  // bytes

  // Reads in place; the text must outlive the Input.
  Input(std::string_view text, std::string source);
  // Reads `bytes`, which must outlive the Input. `block_size` is the least a block holds. Tokens that are longer than
  // `longest_token` and a block are errors.
  Input(ByteSource& bytes, std::string source, std::size_t block_size = kBlockSize,
        std::size_t longest_token = kLongestToken);

  [[nodiscard]] const char* begin() const noexcept { return begin_; }
  [[nodiscard]] const char* end() const noexcept { return end_; }

  // Moves the window so that it starts at or before `at` and holds more than it did; `at` then
  // points to the same character in it. False, with nothing changed, at the end of the text.
  // Throws what the source throws, with the place it got to, and Error(limit) for a token that does not end.
  [[nodiscard]] bool extend(const char*& at);
  // Lets go of the memory of earlier windows: no view into them is needed any more.
  void release() noexcept {
    if (!retired_.empty()) drop_retired();
  }

  // Bytes of the text before `at`, a place in the window.
  [[nodiscard]] std::uint64_t offset(const char* at) const noexcept {
    return window_offset_ + static_cast<std::uint64_t>(at - begin_);
  }

  // Whether the source failed or a token did not end: then nothing more can be read.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

  // The place of an offset in the window, or the window's start when that lies behind it.
  [[nodiscard]] const char* at(std::uint64_t offset) const noexcept {
    return begin_ + (offset > window_offset_ ? offset - window_offset_ : 0);
  }

  // The place of a byte offset, for an error. May move the window. One that has left the window counts as its start.
  [[nodiscard]] SourceLocation location(std::uint64_t offset, std::size_t length);

 private:
  static constexpr std::size_t kContext = 512;  // bytes kept before the reader's position

  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  [[nodiscard]] std::size_t fill(char* out, std::size_t capacity);
  [[noreturn]] void fail_at_end(const std::exception_ptr& fault);
  [[nodiscard]] Block make_block(std::size_t size);
  void drop_retired() noexcept;
  void count_lines(const char* until);

  std::string source_;
  ByteSource* bytes_ = nullptr;  // none, or exhausted
  std::exception_ptr fault_;     // of the source, to be told behind what it gave before
  bool broken_ = false;
  std::size_t block_size_ = 0;
  std::size_t longest_token_ = kLongestToken;
  Block block_;  // what the window lies in, when reading from a source
  Block spare_;  // kept to be the next block
  std::vector<Block> retired_;
  std::uint64_t extended_at_ = 0;  // the reader's offset when the window was made
  const char* begin_;
  const char* end_;
  std::uint64_t window_offset_ = 0;
  std::uint64_t lines_before_ = 0;    // line breaks before the window
  std::uint64_t columns_before_ = 0;  // code points between the last of them and the window
};

}  // namespace akyn::rdf

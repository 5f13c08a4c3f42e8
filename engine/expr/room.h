// Memory that long strings ask for before they are built, so that a query's limit holds while one string grows, too.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace akyn::expr {

// Throws Error(limit) when so many bytes more are too many. Empty: there is always room.
using RoomCheck = std::function<void(std::size_t bytes)>;

// Asks for a string that is about to be built. Short ones do not ask: they are counted with the results they end up in.
inline void ask_for_room(const RoomCheck& check, std::size_t bytes) {
  constexpr std::size_t kShort = 4096;
  if (bytes > kShort && check) check(bytes);
}

// A string that asks each time before it takes more memory. `check` must outlive it.
class GrowingText {
 public:
  explicit GrowingText(const RoomCheck& check) : check_(check) {}

  void append(std::string_view more) {
    if (more.size() > text_.capacity() - text_.size()) grow(more.size());
    text_ += more;
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::string take() noexcept { return std::exchange(text_, {}); }
  // Bytes held.
  [[nodiscard]] std::size_t capacity() const noexcept { return text_.capacity(); }

 private:
  void grow(std::size_t more) {
    const std::size_t wanted = std::max(2 * text_.capacity(), text_.size() + more);
    ask_for_room(check_, wanted);
    text_.reserve(wanted);
  }

  const RoomCheck& check_;
  std::string text_;
};

}  // namespace akyn::expr

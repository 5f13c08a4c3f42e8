// Statements copied out of a reader, on their way to another thread.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

#include <akyn/term.h>

namespace akyn::load {

// One thread at a time.
class StatementBatch {
 public:
  void add(const QuadView& quad);
  [[nodiscard]] const std::vector<QuadView>& quads() const noexcept { return quads_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  [[nodiscard]] TermView copy(const TermView& term);
  // The same as one that has been copied already, when it is equal.
  [[nodiscard]] TermView copy(const TermView& term, const TermView& before);
  [[nodiscard]] std::string_view copy(std::string_view text);

  std::vector<QuadView> quads_;
  std::deque<TripleView> triples_;
  std::vector<std::unique_ptr<char[]>> pieces_;
  char* free_ = nullptr;
  std::size_t free_size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace akyn::load

// Terms in the order of a dictionary run, from whatever holds them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/storage/body_order.h"
#include "engine/term/id.h"

namespace akyn::storage {

// A term, borrowed.
struct SortedTerm {
  IdType type = IdType::unbound;
  std::uint64_t number = 0;  // what its source knows it by
  std::string_view body;     // as written
  std::string_view folded;
};

// By type and folded body (body_order.h). One thread at a time.
class TermStream {
 public:
  TermStream() = default;
  TermStream(const TermStream&) = delete;
  TermStream& operator=(const TermStream&) = delete;
  virtual ~TermStream() = default;

  // The next term, which stays until the next call; null at the end. Throws what its source throws.
  virtual const SortedTerm* next() = 0;
};

// Several streams as one. A term that several of them have comes as often, in the order of the streams.
class MergedTerms final : public TermStream {
 public:
  explicit MergedTerms(std::vector<std::unique_ptr<TermStream>> streams);
  const SortedTerm* next() override;

 private:
  struct Head {
    const SortedTerm* term;
    std::optional<BodyValue> value;  // of IdType::valued: read once for all comparisons
    std::size_t stream;
  };
  [[nodiscard]] static bool before(const Head& a, const Head& b);
  // Reads the stream's next term; false at its end.
  bool load(Head& head);

  std::vector<std::unique_ptr<TermStream>> streams_;
  std::vector<Head> heap_;
  bool given_ = false;  // the first of the heap has been given out
};

}  // namespace akyn::storage

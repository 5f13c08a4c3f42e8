// Sorts any number of terms in bounded memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/spill_file.h"
#include "engine/storage/term_stream.h"
#include "engine/term/id.h"

namespace akyn::storage {

// A folded body and what its owner knows it by.
struct BodyEntry {
  std::string_view folded;
  std::uint64_t number = 0;
  std::uint64_t key = 0;  // for the sort
};

// Sorts by compare_bodies(), equal bodies by number. Reads each byte of the bodies that tells them apart about once.
void sort_bodies(IdType type, std::span<BodyEntry> entries);

// Takes terms in any order, then is the stream of them: a term that was added twice comes twice. One thread at a time.
// Functions throw Error(io), and Error(corruption) when the temporary file has been damaged.
class TermSorter final : public TermStream {
 public:
  explicit TermSorter(const SortLimits& limits) : limits_(limits) {}

  // Copies the body, which is as written.
  void add(IdType type, std::string_view body, std::uint64_t number);
  // Ends the adding and starts the reading.
  void finish();
  const SortedTerm* next() override;

 private:
  class Chunk;
  struct Range {
    std::uint64_t first;
    std::uint64_t last;
  };

  [[nodiscard]] char* allocate(std::size_t size);
  void sort();
  void spill();

  SortLimits limits_;
  // By type. A term with a language tag has the body as written behind the folded one.
  std::array<std::vector<BodyEntry>, 16> entries_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* free_ = nullptr;  // the unused end of the newest chunk
  std::size_t free_size_ = 0;
  std::size_t used_ = 0;  // bytes of memory

  std::size_t type_ = 0;  // what next() gives out of the memory
  std::size_t index_ = 0;
  SortedTerm term_;
  std::optional<SpillFile> file_;
  std::vector<Range> ranges_;  // of sorted chunks in the file
  std::optional<MergedTerms> merged_;
};

}  // namespace akyn::storage

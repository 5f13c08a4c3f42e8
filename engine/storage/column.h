// One column of a block: a list of Ids in as few bytes as still decode at memory speed.
//
// A column is cut into segments of kSegmentRows values, each encoded on its own in whichever way is smallest for it:
//
//     constant   01  value:8                                                   every value the same
//     packed     02  width:1 exceptions:2 base:8   bits, exceptions            base + offset
//     delta      03  width:1 exceptions:2 first:8  bits, exceptions            never decreasing: differences
//     split      04  low:1 code:1 highs:2          high:8 each, bits           few distinct upper halves
//     runs       05  runs:2 size:2                 segment of values, segment of lengths
//
// Integers are little-endian. `bits` is a packed array (bit_pack.h): of n offsets; of n-1 differences; of n numbers
// code<<low | lower half, where code is an index into the highs. Exceptions are outliers that would widen all others:
// position:2 each, then the bits above `width`:8 each. A mixed column (integers, then IRIs, then strings, whose
// type bits differ) is what split is for; sorted mixed columns are deltas with an exception where the type changes.
//
// The column itself:
//
//     end:4 for each segment          end of the segment, counted from the first one's start
//     segments, then kPackPadding bytes
//
// Encoding is deterministic. All functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace akyn::storage {

inline constexpr std::size_t kSegmentRows = 512;

// Appends the column. `values` has 1 to 65,535 entries.
void encode_column(std::span<const std::uint64_t> values, std::string& out);

// Reads single values of a segment where they stand: for searches that look at a few. Borrows the column's bytes.
class SegmentAccess {
 public:
  // Precondition: row is below the segment's rows. Throws Error(corruption).
  [[nodiscard]] std::uint64_t operator[](std::size_t row) const;

 private:
  friend class ColumnReader;
  const char* bits_ = nullptr;
  const char* highs_ = nullptr;  // of a split segment
  const char* exception_positions_ = nullptr;
  const char* exception_uppers_ = nullptr;
  std::uint64_t base_ = 0;
  std::size_t exceptions_ = 0;
  std::size_t high_count_ = 0;
  unsigned width_ = 0;
  unsigned low_ = 0;
};

// Reads one encoded column; borrows its bytes. Cheap to make: looks at the segment ends only.
class ColumnReader {
 public:
  ColumnReader() = default;
  // `bytes` is exactly what encode_column() appended for `rows` values. Throws Error(corruption) when it cannot be.
  ColumnReader(std::string_view bytes, std::size_t rows);

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t segments() const noexcept { return (rows_ + kSegmentRows - 1) / kSegmentRows; }
  [[nodiscard]] std::size_t segment_rows(std::size_t segment) const noexcept;

  // Decodes a whole segment into out, which has segment_rows(segment) places. Throws Error(corruption).
  void decode_segment(std::size_t segment, std::span<std::uint64_t> out) const;
  // Decodes everything; out has rows() places.
  void decode(std::span<std::uint64_t> out) const;
  // The first value of a segment, without decoding the rest.
  [[nodiscard]] std::uint64_t segment_first(std::size_t segment) const;
  // Nothing for delta and runs, whose values have no place of their own. Throws Error(corruption).
  [[nodiscard]] std::optional<SegmentAccess> access(std::size_t segment) const;

 private:
  [[nodiscard]] std::string_view segment_bytes(std::size_t segment) const;

  std::string_view ends_;
  std::string_view body_;  // the segments and the padding
  std::size_t rows_ = 0;
};

}  // namespace akyn::storage

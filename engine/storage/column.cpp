#include "engine/storage/column.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/bit_pack.h"

namespace akyn::storage {
namespace {

enum class Encoding : std::uint8_t { constant = 1, packed, delta, split, runs };

constexpr std::size_t kConstantBytes = 1 + 8;
constexpr std::size_t kOffsetsHeaderBytes = 1 + 1 + 2 + 8;
constexpr std::size_t kExceptionBytes = 2 + 8;
constexpr std::size_t kSplitHeaderBytes = 1 + 1 + 1 + 2;
constexpr std::size_t kRunsHeaderBytes = 1 + 2 + 2;
constexpr std::size_t kMaxHighs = 256;
constexpr std::size_t kImpossible = std::numeric_limits<std::size_t>::max();

using Values = std::span<const std::uint64_t>;

template <class Integer>
void append_integer(std::string& out, Integer value) {
  std::array<char, sizeof value> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  out.append(bytes.data(), bytes.size());
}

template <class Integer>
Integer load_integer(const char* at) noexcept {
  Integer value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

[[noreturn]] void corrupt(const char* what) {
  throw Error(ErrorCode::corruption, std::string("a stored block is damaged: ") + what);
}

// ---------------------------------------------------------------- offsets: the body of packed and delta

// Offsets in `width` bits each, but for the exceptions, whose upper bits stand apart.
struct OffsetsPlan {
  unsigned width = 0;
  std::size_t exceptions = 0;
  std::size_t bytes = kImpossible;
};

// The width that makes offsets smallest, exceptions counted in.
OffsetsPlan plan_offsets(Values offsets) {
  // Two counts in turn: most widths are equal, and one count would wait for itself.
  std::array<std::array<std::uint32_t, 65>, 2> of_width{};
  for (std::size_t i = 0; i < offsets.size(); ++i) ++of_width[i % 2][bit_width(offsets[i])];
  OffsetsPlan best;
  std::size_t wider = 0;
  for (unsigned width = 64;; --width) {
    const std::size_t bytes = kOffsetsHeaderBytes + packed_bytes(offsets.size(), width) + wider * kExceptionBytes;
    if (bytes < best.bytes) best = {width, wider, bytes};
    if (width == 0) break;
    wider += of_width[0][width] + of_width[1][width];
  }
  return best;
}

void append_offsets(Encoding encoding, const OffsetsPlan& plan, std::uint64_t base, Values offsets, std::string& out) {
  out += static_cast<char>(encoding);
  out += static_cast<char>(plan.width);
  append_integer(out, static_cast<std::uint16_t>(plan.exceptions));
  append_integer(out, base);
  pack_bits(offsets, plan.width, out);
  if (plan.exceptions == 0) return;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    if (bit_width(offsets[i]) > plan.width) append_integer(out, static_cast<std::uint16_t>(i));
  }
  for (const std::uint64_t offset : offsets) {
    if (bit_width(offset) > plan.width) append_integer(out, offset >> plan.width);
  }
}

// ---------------------------------------------------------------- split

struct SplitPlan {
  unsigned low = 0;
  unsigned code = 0;
  std::size_t highs = 0;
  std::size_t bytes = kImpossible;
};

// Whether a split may be smaller than offsets of `width` bits, that of the distance between the smallest value and the
// largest. When the highest kBits of these take more than kMaxHighs values, a split has to cut higher up: n bits higher
// there are still more than kMaxHighs >> n upper halves, so that code and lower half have `width` bits all the same.
bool may_split(Values values, std::uint64_t smallest, unsigned width) {
  constexpr unsigned kBits = 9;
  if (values.size() <= kMaxHighs || width <= kBits) return true;
  const unsigned low = width - kBits;
  const std::uint64_t first = smallest >> low;
  std::array<std::uint8_t, (std::size_t{1} << kBits) + 1> taken{};
  for (const std::uint64_t value : values) taken[(value >> low) - first] = 1;
  std::size_t highs = 0;
  for (const std::uint8_t high : taken) highs += high;
  return highs <= kMaxHighs;
}

// Sorts the values byte by byte, the lowest first, leaving out bytes in which they do not differ. Few values of many
// bits: comparing them would be guessing.
void sort_by_bytes(Values values, std::uint64_t differing, std::span<std::uint64_t> sorted) {
  std::array<std::uint64_t, kSegmentRows> room;  // NOLINT: filled before it is read
  std::copy(values.begin(), values.end(), sorted.begin());
  std::uint64_t* from = sorted.data();
  std::uint64_t* to = room.data();
  for (unsigned shift = 0; shift < 64; shift += 8) {
    if (((differing >> shift) & 0xFF) == 0) continue;
    std::array<std::uint16_t, 256> places{};
    for (std::size_t i = 0; i < values.size(); ++i) ++places[(from[i] >> shift) & 0xFF];
    std::uint16_t place = 0;
    for (std::uint16_t& next : places) place = static_cast<std::uint16_t>(place + std::exchange(next, place));
    for (std::size_t i = 0; i < values.size(); ++i) to[places[(from[i] >> shift) & 0xFF]++] = from[i];
    std::swap(from, to);
  }
  if (from != sorted.data()) std::copy_n(from, values.size(), sorted.data());
}

SplitPlan plan_split(Values sorted) {
  // Neighbours of the sorted values have different upper halves at `low` exactly when they differ in a bit at or above
  // it.
  std::array<std::size_t, 65> differing{};
  for (std::size_t i = 1; i < sorted.size(); ++i) ++differing[bit_width(sorted[i] ^ sorted[i - 1])];
  SplitPlan best;
  std::size_t highs = 1;
  for (unsigned low = 63;; --low) {
    highs += differing[low + 1];
    if (highs > kMaxHighs) break;
    const unsigned code = bit_width(highs - 1);
    if (low + code <= 64) {
      const std::size_t bytes = kSplitHeaderBytes + highs * 8 + packed_bytes(sorted.size(), low + code);
      if (bytes < best.bytes) best = {low, code, highs, bytes};
    }
    if (low == 0) break;
  }
  return best;
}

void append_split(const SplitPlan& plan, Values values, Values sorted, std::string& out) {
  std::vector<std::uint64_t> highs;
  for (const std::uint64_t value : sorted) {
    const std::uint64_t high = value >> plan.low;
    if (highs.empty() || highs.back() != high) highs.push_back(high);
  }
  out += static_cast<char>(Encoding::split);
  out += static_cast<char>(plan.low);
  out += static_cast<char>(plan.code);
  append_integer(out, static_cast<std::uint16_t>(highs.size()));
  for (const std::uint64_t high : highs) append_integer(out, high << plan.low);
  std::vector<std::uint64_t> numbers;
  numbers.reserve(values.size());
  const std::uint64_t low_mask = (std::uint64_t{1} << plan.low) - 1;
  for (const std::uint64_t value : values) {
    const auto code =
        static_cast<std::uint64_t>(std::lower_bound(highs.begin(), highs.end(), value >> plan.low) - highs.begin());
    numbers.push_back((code << plan.low) | (value & low_mask));
  }
  pack_bits(numbers, plan.low + plan.code, out);
}

// ---------------------------------------------------------------- choosing

void encode_segment(Values values, std::string& out);

std::optional<std::string> encode_runs(Values values) {
  std::size_t runs = 1;
  for (std::size_t i = 1; i < values.size(); ++i) runs += values[i] != values[i - 1] ? 1 : 0;
  if (runs > values.size() / 2) return std::nullopt;
  std::array<std::uint64_t, kSegmentRows / 2> run_values;  // NOLINT: filled before it is read
  std::array<std::uint64_t, kSegmentRows / 2> lengths;     // NOLINT
  std::size_t run = 0;
  for (std::size_t i = 0; i < values.size(); ++run) {
    std::size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    run_values[run] = values[i];
    lengths[run] = end - i;
    i = end;
  }
  std::string bytes;
  bytes += static_cast<char>(Encoding::runs);
  append_integer(bytes, static_cast<std::uint16_t>(runs));
  append_integer(bytes, std::uint16_t{0});
  encode_segment(std::span(run_values).first(runs), bytes);
  const auto size = static_cast<std::uint16_t>(bytes.size() - kRunsHeaderBytes);
  std::memcpy(bytes.data() + 3, &size, sizeof size);
  encode_segment(std::span(lengths).first(runs), bytes);
  return bytes;
}

void encode_segment(Values values, std::string& out) {
  std::uint64_t smallest = values.front();
  std::uint64_t largest = smallest;
  std::uint64_t differing = 0;  // bits
  for (const std::uint64_t value : values) {
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
    differing |= value ^ values.front();
  }
  if (differing == 0) {
    out += static_cast<char>(Encoding::constant);
    append_integer(out, values.front());
    return;
  }

  std::array<std::uint64_t, kSegmentRows> offsets_room;  // NOLINT: filled before it is read
  const std::span offsets = std::span(offsets_room).first(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) offsets[i] = values[i] - smallest;
  const OffsetsPlan packed = plan_offsets(offsets);

  const bool sorted = std::is_sorted(values.begin(), values.end());
  OffsetsPlan delta;
  std::array<std::uint64_t, kSegmentRows> differences_room;  // NOLINT
  const std::span differences = std::span(differences_room).first(values.size() - 1);
  if (sorted) {
    for (std::size_t i = 1; i < values.size(); ++i) differences[i - 1] = values[i] - values[i - 1];
    delta = plan_offsets(differences);
  }

  std::array<std::uint64_t, kSegmentRows> sorted_room;  // NOLINT
  const Values in_order = sorted ? values : Values(sorted_room).first(values.size());
  SplitPlan split;
  if (may_split(values, smallest, bit_width(largest - smallest))) {
    if (!sorted) sort_by_bytes(values, differing, sorted_room);
    split = plan_split(in_order);
  }

  const std::optional<std::string> runs = encode_runs(values);

  // Among equals the one that decodes faster.
  const std::size_t smallest_size =
      std::min({packed.bytes, delta.bytes, split.bytes, runs ? runs->size() : kImpossible});
  if (packed.bytes == smallest_size) {
    append_offsets(Encoding::packed, packed, smallest, offsets, out);
  } else if (runs && runs->size() == smallest_size) {
    out += *runs;
  } else if (delta.bytes == smallest_size) {
    append_offsets(Encoding::delta, delta, values.front(), differences, out);
  } else {
    append_split(split, values, in_order, out);
  }
}

// ---------------------------------------------------------------- decoding

// `bytes` starts with the segment and goes on at least kPackPadding bytes beyond it; `size` is the segment's own.
void decode_segment_bytes(const char* bytes, std::size_t size, std::span<std::uint64_t> out);

[[nodiscard]] Encoding encoding_of(std::string_view bytes) noexcept {
  return bytes.empty() ? Encoding{} : static_cast<Encoding>(bytes[0]);
}

void check_offsets(std::size_t size, std::size_t offsets, unsigned width, std::size_t exceptions) {
  if (width > 64 || (width == 64 && exceptions != 0) ||
      kOffsetsHeaderBytes + packed_bytes(offsets, width) + exceptions * kExceptionBytes != size) {
    corrupt("wrong segment size");
  }
}

// Unpacks offsets, exceptions in place.
void decode_offsets(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  const auto width = static_cast<unsigned char>(bytes[1]);
  const auto exceptions = load_integer<std::uint16_t>(bytes + 2);
  const std::size_t packed = packed_bytes(out.size(), width);
  check_offsets(size, out.size(), width, exceptions);
  unpack_bits(bytes + kOffsetsHeaderBytes, width, out);
  const char* positions = bytes + kOffsetsHeaderBytes + packed;
  const char* uppers = positions + std::size_t{exceptions} * 2;
  for (std::size_t i = 0; i < exceptions; ++i) {
    const auto position = load_integer<std::uint16_t>(positions + i * 2);
    if (position >= out.size()) corrupt("exception out of range");
    out[position] |= load_integer<std::uint64_t>(uppers + i * 8) << width;
  }
}

struct SplitHeader {
  unsigned low = 0;
  unsigned code = 0;
  std::size_t highs = 0;
};

SplitHeader split_header(std::string_view bytes, std::size_t rows) {
  if (bytes.size() < kSplitHeaderBytes) corrupt("wrong segment size");
  const SplitHeader header{static_cast<unsigned char>(bytes[1]), static_cast<unsigned char>(bytes[2]),
                           load_integer<std::uint16_t>(bytes.data() + 3)};
  if (header.low > 63 || header.low + header.code > 64 || header.code > bit_width(kMaxHighs - 1) || header.highs == 0 ||
      header.highs > kMaxHighs ||
      kSplitHeaderBytes + header.highs * 8 + packed_bytes(rows, header.low + header.code) != bytes.size()) {
    corrupt("wrong segment size");
  }
  return header;
}

void decode_split(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  const auto [low, code, highs] = split_header({bytes, size}, out.size());
  // As many places as a code can name, so that damaged bits cannot lead outside.
  std::array<std::uint64_t, kMaxHighs> table{};
  std::memcpy(table.data(), bytes + kSplitHeaderBytes, highs * 8);
  unpack_bits(bytes + kSplitHeaderBytes + highs * 8, low + code, out);
  const std::uint64_t low_mask = (std::uint64_t{1} << low) - 1;
  for (std::uint64_t& value : out) value = table[value >> low] | (value & low_mask);
}

std::size_t run_count(std::string_view bytes, std::size_t rows) {
  const std::size_t runs = load_integer<std::uint16_t>(bytes.data() + 1);
  const std::size_t values_size = load_integer<std::uint16_t>(bytes.data() + 3);
  // The encoder halves the count at least, which also bounds how deep damaged bytes can nest.
  if (runs == 0 || runs > rows / 2 || kRunsHeaderBytes + values_size > bytes.size()) corrupt("wrong run count");
  return runs;
}

// The segment of the runs' values. Precondition: run_count() has checked the bytes.
std::string_view run_values(std::string_view bytes) {
  return bytes.substr(kRunsHeaderBytes, load_integer<std::uint16_t>(bytes.data() + 3));
}

void decode_runs(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  const std::size_t runs = run_count({bytes, size}, out.size());
  const std::size_t values_size = run_values({bytes, size}).size();
  std::array<std::uint64_t, kSegmentRows> values;   // NOLINT: filled before it is read
  std::array<std::uint64_t, kSegmentRows> lengths;  // NOLINT
  decode_segment_bytes(bytes + kRunsHeaderBytes, values_size, std::span(values).first(runs));
  decode_segment_bytes(bytes + kRunsHeaderBytes + values_size, size - kRunsHeaderBytes - values_size,
                       std::span(lengths).first(runs));
  std::size_t row = 0;
  for (std::size_t i = 0; i < runs; ++i) {
    if (lengths[i] > out.size() - row) corrupt("runs longer than the segment");
    std::fill_n(out.data() + row, lengths[i], values[i]);
    row += lengths[i];
  }
  if (row != out.size()) corrupt("runs shorter than the segment");
}

void decode_segment_bytes(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  switch (encoding_of({bytes, size})) {
    case Encoding::constant:
      if (size != kConstantBytes) break;
      std::fill(out.begin(), out.end(), load_integer<std::uint64_t>(bytes + 1));
      return;
    case Encoding::packed: {
      if (size < kOffsetsHeaderBytes) break;
      decode_offsets(bytes, size, out);
      const auto base = load_integer<std::uint64_t>(bytes + 4);
      for (std::uint64_t& value : out) value += base;
      return;
    }
    case Encoding::delta: {
      if (size < kOffsetsHeaderBytes) break;
      decode_offsets(bytes, size, out.subspan(1));
      std::uint64_t value = load_integer<std::uint64_t>(bytes + 4);
      out[0] = value;
      for (std::uint64_t& next : out.subspan(1)) next = value += next;
      return;
    }
    case Encoding::split:
      decode_split(bytes, size, out);
      return;
    case Encoding::runs:
      if (size < kRunsHeaderBytes) break;
      decode_runs(bytes, size, out);
      return;
  }
  corrupt("unknown segment encoding");
}

}  // namespace

void encode_column(std::span<const std::uint64_t> values, std::string& out) {
  const std::size_t segments = (values.size() + kSegmentRows - 1) / kSegmentRows;
  const std::size_t ends = out.size();
  out.resize(ends + segments * 4);
  const std::size_t body = out.size();
  for (std::size_t segment = 0; segment < segments; ++segment) {
    const std::size_t first = segment * kSegmentRows;
    encode_segment(values.subspan(first, std::min(kSegmentRows, values.size() - first)), out);
    const auto end = static_cast<std::uint32_t>(out.size() - body);
    std::memcpy(out.data() + ends + segment * 4, &end, sizeof end);
  }
  out.append(kPackPadding, '\0');
}

ColumnReader::ColumnReader(std::string_view bytes, std::size_t rows) : rows_(rows) {
  const std::size_t ends_bytes = segments() * 4;
  if (rows == 0 || bytes.size() < ends_bytes + kPackPadding) corrupt("column cut short");
  ends_ = bytes.substr(0, ends_bytes);
  body_ = bytes.substr(ends_bytes);
  std::uint32_t previous = 0;
  for (std::size_t segment = 0; segment < segments(); ++segment) {
    const auto end = load_integer<std::uint32_t>(ends_.data() + segment * 4);
    if (end < previous || end + kPackPadding > body_.size()) corrupt("segment out of range");
    previous = end;
  }
}

std::size_t ColumnReader::segment_rows(std::size_t segment) const noexcept {
  return std::min(kSegmentRows, rows_ - segment * kSegmentRows);
}

std::string_view ColumnReader::segment_bytes(std::size_t segment) const {
  const auto start = segment == 0 ? 0 : load_integer<std::uint32_t>(ends_.data() + (segment - 1) * 4);
  return body_.substr(start, load_integer<std::uint32_t>(ends_.data() + segment * 4) - start);
}

void ColumnReader::decode_segment(std::size_t segment, std::span<std::uint64_t> out) const {
  const std::string_view bytes = segment_bytes(segment);
  decode_segment_bytes(bytes.data(), bytes.size(), out);
}

void ColumnReader::decode(std::span<std::uint64_t> out) const {
  for (std::size_t segment = 0; segment < segments(); ++segment) {
    decode_segment(segment, out.subspan(segment * kSegmentRows, segment_rows(segment)));
  }
}

std::optional<SegmentAccess> ColumnReader::access(std::size_t segment) const {
  const std::string_view bytes = segment_bytes(segment);
  const std::size_t rows = segment_rows(segment);
  SegmentAccess access;
  switch (encoding_of(bytes)) {
    case Encoding::constant:
      if (bytes.size() != kConstantBytes) corrupt("wrong segment size");
      access.bits_ = bytes.data() + 1;  // eight bytes to load, none of whose bits count
      access.base_ = load_integer<std::uint64_t>(bytes.data() + 1);
      return access;
    case Encoding::packed: {
      if (bytes.size() < kOffsetsHeaderBytes) corrupt("wrong segment size");
      access.width_ = static_cast<unsigned char>(bytes[1]);
      access.exceptions_ = load_integer<std::uint16_t>(bytes.data() + 2);
      access.base_ = load_integer<std::uint64_t>(bytes.data() + 4);
      const std::size_t packed = packed_bytes(rows, access.width_);
      check_offsets(bytes.size(), rows, access.width_, access.exceptions_);
      access.bits_ = bytes.data() + kOffsetsHeaderBytes;
      access.exception_positions_ = access.bits_ + packed;
      access.exception_uppers_ = access.exception_positions_ + access.exceptions_ * 2;
      return access;
    }
    case Encoding::split: {
      const SplitHeader header = split_header(bytes, rows);
      access.low_ = header.low;
      access.width_ = header.low + header.code;
      access.high_count_ = header.highs;
      access.highs_ = bytes.data() + kSplitHeaderBytes;
      access.bits_ = access.highs_ + header.highs * 8;
      return access;
    }
    case Encoding::delta:
    case Encoding::runs:
      return std::nullopt;
  }
  corrupt("unknown segment encoding");
}

std::uint64_t SegmentAccess::operator[](std::size_t row) const {
  const std::size_t bit = row * width_;
  const unsigned shift = bit % 8;
  std::uint64_t value = load_integer<std::uint64_t>(bits_ + bit / 8) >> shift;
  if (width_ > 57 && shift != 0) value |= std::uint64_t{static_cast<unsigned char>(bits_[bit / 8 + 8])} << (64 - shift);
  if (width_ < 64) value &= (std::uint64_t{1} << width_) - 1;
  if (highs_ != nullptr) {
    const std::uint64_t code = value >> low_;
    if (code >= high_count_) corrupt("upper half out of range");
    return load_integer<std::uint64_t>(highs_ + code * 8) | (value & ((std::uint64_t{1} << low_) - 1));
  }
  // Exceptions are in ascending order of position.
  std::size_t first = 0;
  for (std::size_t last = exceptions_; first < last;) {
    const std::size_t middle = first + (last - first) / 2;
    const auto position = load_integer<std::uint16_t>(exception_positions_ + middle * 2);
    if (position == row) {
      value |= load_integer<std::uint64_t>(exception_uppers_ + middle * 8) << width_;
      break;
    }
    if (position < row) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return base_ + value;
}

std::uint64_t ColumnReader::segment_first(std::size_t segment) const {
  std::string_view bytes = segment_bytes(segment);
  if (encoding_of(bytes) == Encoding::runs && bytes.size() > kRunsHeaderBytes) {
    // The first of the runs' values, which are a segment in turn.
    std::array<std::uint64_t, kSegmentRows> values;  // NOLINT: filled before it is read
    const std::size_t runs = run_count(bytes, segment_rows(segment));
    bytes = run_values(bytes);
    if (encoding_of(bytes) == Encoding::delta && bytes.size() >= kOffsetsHeaderBytes) {
      return load_integer<std::uint64_t>(bytes.data() + 4);
    }
    decode_segment_bytes(bytes.data(), bytes.size(), std::span(values).first(runs));
    return values[0];
  }
  if (encoding_of(bytes) == Encoding::delta && bytes.size() >= kOffsetsHeaderBytes) {
    return load_integer<std::uint64_t>(bytes.data() + 4);
  }
  if (const auto values = access(segment)) return (*values)[0];
  corrupt("wrong segment size");
}

}  // namespace akyn::storage

#include "engine/storage/column.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <optional>
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
  std::array<std::size_t, 65> of_width{};
  for (const std::uint64_t offset : offsets) ++of_width[bit_width(offset)];
  OffsetsPlan best;
  std::size_t wider = 0;
  for (unsigned width = 64;; --width) {
    const std::size_t bytes = kOffsetsHeaderBytes + packed_bytes(offsets.size(), width) + wider * kExceptionBytes;
    if (bytes < best.bytes) best = {width, wider, bytes};
    if (width == 0) break;
    wider += of_width[width];
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
  std::vector<std::uint64_t> run_values;
  std::vector<std::uint64_t> lengths;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    run_values.push_back(values[i]);
    lengths.push_back(end - i);
    if (run_values.size() > values.size() / 2) return std::nullopt;
    i = end;
  }
  std::string bytes;
  bytes += static_cast<char>(Encoding::runs);
  append_integer(bytes, static_cast<std::uint16_t>(run_values.size()));
  append_integer(bytes, std::uint16_t{0});
  encode_segment(run_values, bytes);
  const auto size = static_cast<std::uint16_t>(bytes.size() - kRunsHeaderBytes);
  std::memcpy(bytes.data() + 3, &size, sizeof size);
  encode_segment(lengths, bytes);
  return bytes;
}

void encode_segment(Values values, std::string& out) {
  const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
  if (*smallest == *largest) {
    out += static_cast<char>(Encoding::constant);
    append_integer(out, values.front());
    return;
  }

  std::vector<std::uint64_t> offsets(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) offsets[i] = values[i] - *smallest;
  const OffsetsPlan packed = plan_offsets(offsets);

  const bool sorted = std::is_sorted(values.begin(), values.end());
  OffsetsPlan delta;
  std::vector<std::uint64_t> differences;
  if (sorted) {
    differences.resize(values.size() - 1);
    for (std::size_t i = 1; i < values.size(); ++i) differences[i - 1] = values[i] - values[i - 1];
    delta = plan_offsets(differences);
  }

  std::vector<std::uint64_t> in_order(values.begin(), values.end());
  if (!sorted) std::sort(in_order.begin(), in_order.end());
  const SplitPlan split = plan_split(in_order);

  const std::optional<std::string> runs = encode_runs(values);

  // Among equals the one that decodes faster.
  const std::size_t smallest_size =
      std::min({packed.bytes, delta.bytes, split.bytes, runs ? runs->size() : kImpossible});
  if (packed.bytes == smallest_size) {
    append_offsets(Encoding::packed, packed, *smallest, offsets, out);
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

// Unpacks offsets, exceptions in place.
void decode_offsets(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  const auto width = static_cast<unsigned char>(bytes[1]);
  const auto exceptions = load_integer<std::uint16_t>(bytes + 2);
  const std::size_t packed = packed_bytes(out.size(), width);
  if (width > 64 || kOffsetsHeaderBytes + packed + exceptions * kExceptionBytes != size) corrupt("wrong segment size");
  unpack_bits(bytes + kOffsetsHeaderBytes, width, out);
  const char* positions = bytes + kOffsetsHeaderBytes + packed;
  const char* uppers = positions + std::size_t{exceptions} * 2;
  for (std::size_t i = 0; i < exceptions; ++i) {
    const auto position = load_integer<std::uint16_t>(positions + i * 2);
    if (position >= out.size() || width == 64) corrupt("exception out of range");
    out[position] |= load_integer<std::uint64_t>(uppers + i * 8) << width;
  }
}

void decode_split(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  const auto low = static_cast<unsigned char>(bytes[1]);
  const auto code = static_cast<unsigned char>(bytes[2]);
  const std::size_t highs = load_integer<std::uint16_t>(bytes + 3);
  if (low > 63 || low + code > 64 || code > bit_width(kMaxHighs - 1) || highs == 0 || highs > kMaxHighs ||
      kSplitHeaderBytes + highs * 8 + packed_bytes(out.size(), low + code) != size) {
    corrupt("wrong segment size");
  }
  // As many places as a code can name, so that damaged bits cannot lead outside.
  std::array<std::uint64_t, kMaxHighs> table{};
  std::memcpy(table.data(), bytes + kSplitHeaderBytes, highs * 8);
  unpack_bits(bytes + kSplitHeaderBytes + highs * 8, low + code, out);
  const std::uint64_t low_mask = (std::uint64_t{1} << low) - 1;
  for (std::uint64_t& value : out) value = table[value >> low] | (value & low_mask);
}

void decode_runs(const char* bytes, std::size_t size, std::span<std::uint64_t> out) {
  const std::size_t runs = load_integer<std::uint16_t>(bytes + 1);
  const std::size_t values_size = load_integer<std::uint16_t>(bytes + 3);
  // The encoder halves the count at least, which also bounds how deep damaged bytes can nest.
  if (runs == 0 || runs > out.size() / 2 || kRunsHeaderBytes + values_size > size) corrupt("wrong run count");
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
  const Encoding encoding = size == 0 ? Encoding{} : static_cast<Encoding>(bytes[0]);
  switch (encoding) {
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
      if (size < kSplitHeaderBytes) break;
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

std::uint64_t ColumnReader::segment_first(std::size_t segment) const {
  const std::string_view bytes = segment_bytes(segment);
  const Encoding encoding = bytes.empty() ? Encoding{} : static_cast<Encoding>(bytes[0]);
  if (encoding == Encoding::constant && bytes.size() == kConstantBytes) {
    return load_integer<std::uint64_t>(bytes.data() + 1);
  }
  if (encoding == Encoding::delta && bytes.size() >= kOffsetsHeaderBytes) {
    return load_integer<std::uint64_t>(bytes.data() + 4);
  }
  if (encoding == Encoding::packed && bytes.size() >= kOffsetsHeaderBytes) {
    const auto width = static_cast<unsigned char>(bytes[1]);
    const auto exceptions = load_integer<std::uint16_t>(bytes.data() + 2);
    const std::size_t positions = kOffsetsHeaderBytes + packed_bytes(segment_rows(segment), width);
    // Exceptions are in ascending order of position.
    if (width <= 64 && (exceptions == 0 || (positions + 2 <= bytes.size() &&
                                            load_integer<std::uint16_t>(bytes.data() + positions) != 0))) {
      std::uint64_t offset = 0;
      unpack_bits(bytes.data() + kOffsetsHeaderBytes, width, {&offset, 1});
      return load_integer<std::uint64_t>(bytes.data() + 4) + offset;
    }
  }
  std::array<std::uint64_t, kSegmentRows> values;  // NOLINT: filled before it is read
  decode_segment(segment, std::span(values).first(segment_rows(segment)));
  return values[0];
}

}  // namespace akyn::storage

#include "engine/storage/column.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <akyn/error.h>
#include "engine/storage/bit_pack.h"

namespace akyn::storage {
namespace {

using Values = std::vector<std::uint64_t>;

// Encodes, decodes in every way, and gives the bytes.
std::string round_trip(const Values& values) {
  std::string bytes;
  encode_column(values, bytes);
  const ColumnReader reader(bytes, values.size());
  REQUIRE(reader.rows() == values.size());
  Values whole(values.size());
  reader.decode(whole);
  CHECK(whole == values);
  for (std::size_t segment = 0; segment < reader.segments(); ++segment) {
    const std::size_t first = segment * kSegmentRows;
    Values part(reader.segment_rows(segment));
    reader.decode_segment(segment, part);
    CHECK(std::equal(part.begin(), part.end(), values.begin() + static_cast<std::ptrdiff_t>(first)));
    CHECK(reader.segment_first(segment) == values[first]);
  }
  return bytes;
}

TEST_CASE("bits are packed and read back in every width") {
  std::mt19937_64 random(1);
  for (unsigned width = 0; width <= 64; ++width) {
    for (const std::size_t count : {1U, 7U, 8U, 9U, 63U, 512U}) {
      Values values(count);
      for (auto& value : values) value = width == 0 ? 0 : random() >> (64 - width);
      std::string packed;
      pack_bits(values, width, packed);
      CHECK(packed.size() == packed_bytes(count, width));
      packed.append(kPackPadding, '\xff');
      Values read(count);
      unpack_bits(packed.data(), width, read);
      CHECK(read == values);
    }
  }
}

TEST_CASE("columns of every shape come back") {
  std::mt19937_64 random(2);
  for (const std::size_t rows : {1U, 2U, 511U, 512U, 513U, 4096U, 5000U}) {
    CAPTURE(rows);
    Values values(rows);
    std::fill(values.begin(), values.end(), UINT64_MAX);
    round_trip(values);
    for (std::size_t i = 0; i < rows; ++i) values[i] = i;
    round_trip(values);
    for (auto& value : values) value = random();
    round_trip(values);
    std::sort(values.begin(), values.end());
    round_trip(values);
    std::reverse(values.begin(), values.end());
    round_trip(values);
    for (auto& value : values) value = (2 + random() % 3) << 60 | random() % 1000;  // mixed types
    round_trip(values);
    std::sort(values.begin(), values.end());
    round_trip(values);
    for (std::size_t i = 0; i < rows; ++i) values[i] = i / 37 * 1000;  // runs
    round_trip(values);
    for (std::size_t i = 0; i < rows; ++i) values[i] = i % 100 == 0 ? random() : i % 50;  // outliers, the first one too
    round_trip(values);
    for (std::size_t i = 0; i < rows; ++i) values[i] = i % 100 == 9 ? random() : i % 50;
    round_trip(values);
  }
}

TEST_CASE("columns that are regular are small") {
  Values values(4096, 17);
  CHECK(round_trip(values).size() < 150);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = (std::uint64_t{2} << 60) + i * 5;
  CHECK(round_trip(values).size() < 8 * (13 + 512 * 3 / 8) + 50);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = (std::uint64_t{2} << 60) + i * 7 % 64;
  CHECK(round_trip(values).size() < 8 * (13 + 512 * 6 / 8) + 50);
}

TEST_CASE("a column that is cut short is an error") {
  Values values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i * i;
  std::string bytes;
  encode_column(values, bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_THROWS_AS(ColumnReader(std::string_view(bytes).substr(0, size), values.size()), const Error&);
  }
}

TEST_CASE("damaged columns are errors or other values, nothing worse") {
  std::mt19937_64 random(3);
  for (int shape = 0; shape < 5; ++shape) {
    Values values(700);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = shape == 0   ? random() % 1000
                  : shape == 1 ? i * 3
                  : shape == 2 ? (2 + random() % 3) << 60 | random() % 1000
                  : shape == 3 ? i / 20
                               : (i % 90 == 0 ? random() : i % 9);
    }
    std::string bytes;
    encode_column(values, bytes);
    for (int round = 0; round < 2000; ++round) {
      // Of exactly the size, so that a sanitizer sees every byte too far.
      std::vector<char> damaged(bytes.begin(), bytes.end());
      for (int flips = 0; flips < 1 + round % 3; ++flips) {
        damaged[random() % std::min<std::size_t>(damaged.size(), round % 2 == 0 ? 64 : damaged.size())] ^=
            static_cast<char>(1U << random() % 8);
      }
      try {
        const ColumnReader reader({damaged.data(), damaged.size()}, values.size());
        Values read(values.size());
        for (std::size_t segment = 0; segment < reader.segments(); ++segment) {
          [[maybe_unused]] const std::uint64_t first = reader.segment_first(segment);
        }
        reader.decode(read);
      } catch (const Error& error) {
        CHECK(error.code() == ErrorCode::corruption);
      }
    }
  }
}

}  // namespace
}  // namespace akyn::storage

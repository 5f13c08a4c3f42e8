#include "engine/storage/block.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

using Row = std::array<std::uint64_t, 3>;

struct Sample {
  std::vector<Row> rows;
  std::string bytes;
};

Sample sample(std::mt19937_64& random, std::size_t count, std::uint64_t values) {
  std::set<Row> rows;
  while (rows.size() < count) rows.insert({random() % values, random() % values, random() % values});
  Sample result{{rows.begin(), rows.end()}, {}};
  std::array<std::vector<std::uint64_t>, 3> columns;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < 3; ++i) columns[i].push_back(row[i]);
  }
  const std::array<std::span<const std::uint64_t>, 3> spans = {columns[0], columns[1], columns[2]};
  encode_block(spans, result.bytes);
  return result;
}

bool less(const Row& row, std::span<const std::uint64_t> prefix) {
  return std::lexicographical_compare(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(prefix.size()),
                                      prefix.begin(), prefix.end());
}

TEST_CASE("blocks give back their rows and find prefixes") {
  std::mt19937_64 random(4);
  for (const std::size_t count : {1U, 5U, 512U, 1300U}) {
    for (const std::uint64_t values : {12U, 100'000U}) {
      const Sample block = sample(random, count, values);
      BlockReader reader(block.bytes);
      REQUIRE(reader.rows() == count);
      REQUIRE(reader.columns() == 3);
      for (int round = 0; round < 50; ++round) {
        const std::size_t first = random() % count;
        const std::size_t last = first + random() % (count - first) + 1;
        const std::size_t column = random() % 3;
        std::vector<std::uint64_t> part(last - first);
        reader.decode(column, first, last, part);
        for (std::size_t i = first; i < last; ++i) REQUIRE(part[i - first] == block.rows[i][column]);
        CHECK(reader.value(column, first) == block.rows[first][column]);

        Row key = random() % 2 == 0 ? block.rows[first] : Row{random() % values, random() % values, random() % values};
        const auto prefix = std::span<const std::uint64_t>(key).first(random() % 4);
        const auto lower = std::partition_point(block.rows.begin(), block.rows.end(),
                                                [&](const Row& row) { return less(row, prefix); });
        const auto upper = std::partition_point(lower, block.rows.end(), [&](const Row& row) {
          return std::equal(prefix.begin(), prefix.end(), row.begin()) || less(row, prefix);
        });
        CHECK(reader.lower_bound(prefix) == static_cast<std::size_t>(lower - block.rows.begin()));
        CHECK(reader.upper_bound(prefix) == static_cast<std::size_t>(upper - block.rows.begin()));
      }
    }
  }
}

TEST_CASE("bytes that cannot be a block are errors") {
  std::mt19937_64 random(5);
  const Sample block = sample(random, 600, 50);
  CHECK_THROWS_AS(BlockReader(std::string_view("")), const Error&);
  for (std::size_t size = 0; size < 60; ++size) {
    CHECK_THROWS_AS(BlockReader(std::string_view(block.bytes).substr(0, size)), const Error&);
  }
  for (int round = 0; round < 2000; ++round) {
    std::vector<char> damaged(block.bytes.begin(), block.bytes.end());
    damaged[random() % (round % 2 == 0 ? 80 : damaged.size())] ^= static_cast<char>(1U << random() % 8);
    try {
      BlockReader reader({damaged.data(), damaged.size()});
      std::vector<std::uint64_t> values(reader.rows());
      for (std::size_t i = 0; i < reader.columns(); ++i) reader.decode(i, 0, reader.rows(), values);
      const std::array<std::uint64_t, 3> key = {random() % 50, random() % 50, random() % 50};
      CHECK(reader.lower_bound(std::span(key).first(std::min<std::size_t>(3, reader.columns()))) <= reader.rows());
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::corruption);
    }
  }
}

}  // namespace
}  // namespace akyn::storage

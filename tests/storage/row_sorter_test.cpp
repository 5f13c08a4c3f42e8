#include "engine/storage/row_sorter.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <akyn/error.h>
#include <doctest/doctest.h>
#include "engine/storage/block.h"
#include "engine/storage/spill_file.h"

namespace akyn::storage {
namespace {

using Row = std::vector<std::uint64_t>;

SortLimits limits(std::size_t bytes) {
  return {bytes, std::filesystem::temp_directory_path().string()};
}

std::vector<Row> drain(RowSorter& sorter, std::size_t columns, std::size_t max_rows) {
  std::vector<Row> rows;
  RowBatch batch;
  sorter.finish();
  while (sorter.next(batch, max_rows)) {
    REQUIRE(batch.rows() > 0);
    REQUIRE(batch.rows() <= max_rows);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      Row& values = rows.emplace_back();
      for (std::size_t i = 0; i < columns; ++i) values.push_back(batch.column(i)[row]);
    }
  }
  CHECK(batch.rows() == 0);
  return rows;
}

TEST_CASE("rows come out sorted, each once, whatever the memory") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 60; ++round) {
    const std::size_t columns = 1 + random() % kMaxColumns;
    const std::size_t count = random() % 3000;
    const std::uint64_t values = 1 + random() % 40;
    const std::size_t memory = round % 3 == 0 ? std::size_t{1} << 20U : columns * 8 * (1 + random() % 500);
    RowSorter sorter(columns, round % 4 == 0 ? SortLimits{memory, ""} : limits(memory));
    std::set<Row> model;
    std::uint64_t added = 0;
    while (added < count) {
      std::vector<std::vector<std::uint64_t>> batch(columns);
      const std::size_t rows = 1 + random() % 700;
      for (std::size_t row = 0; row < rows; ++row) {
        Row drawn;
        for (std::size_t i = 0; i < columns; ++i) drawn.push_back((random() % values) << (random() % 2 * 60));
        model.insert(drawn);
        for (std::size_t i = 0; i < columns; ++i) batch[i].push_back(drawn[i]);
      }
      if (rows == 1) {
        sorter.add_row(*model.begin());
        sorter.add_row(*model.rbegin());
        added += 2;
      }
      const std::vector<std::span<const std::uint64_t>> spans(batch.begin(), batch.end());
      sorter.add(spans);
      added += rows;
    }
    CHECK(sorter.rows() == added);
    CHECK(drain(sorter, columns, 1 + random() % 600) == std::vector<Row>(model.begin(), model.end()));
  }
}

TEST_CASE("many more chunks than are merged at a time") {
  RowSorter sorter(2, limits(1));
  constexpr std::uint64_t kRows = 9000;  // 4,500 chunks: two joins of joined ones
  for (std::uint64_t i = 0; i < kRows; ++i) sorter.add_row(std::array{i * 7919 % kRows, i});
  const std::vector<Row> rows = drain(sorter, 2, kBatchRows);
  REQUIRE(rows.size() == kRows);
  bool sorted = true;
  for (std::uint64_t i = 0; i < kRows; ++i) sorted = sorted && rows[i][0] == i;
  CHECK(sorted);
}

TEST_CASE("a sort without rows") {
  RowSorter sorter(3, limits(100));
  CHECK(drain(sorter, 3, 10).empty());
}

TEST_CASE("a directory that is not there") {
  RowSorter sorter(1, {1, "/nowhere/at/all"});
  try {
    for (std::uint64_t i = 0; i < 10; ++i) sorter.add_row(std::array{i});
    FAIL("wrote to nowhere");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::io);
    CHECK(error.message().find("/nowhere/at/all") != std::string::npos);
  }
}

// The file descriptor of the one open temporary file of a sort.
int spill_descriptor() {
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    if (target.find("/sort-") != std::string::npos) return std::stoi(entry.path().filename().string());
  }
  return -1;
}

TEST_CASE("damage of a temporary file is noticed") {
  if (!std::filesystem::exists("/proc/self/fd")) {
    MESSAGE("skipped: there is no /proc");
    return;
  }
  std::mt19937_64 random(4);
  for (int round = 0; round < 50; ++round) {
    RowSorter sorter(2, limits(16 * 100));
    for (std::uint64_t i = 0; i < 1000; ++i) sorter.add_row(std::array<std::uint64_t, 2>{random(), random()});
    // Reading anything writes the whole file.
    const int file = spill_descriptor();
    REQUIRE(file >= 0);
    sorter.finish();
    const auto size = static_cast<std::uint64_t>(::lseek(file, 0, SEEK_END));
    REQUIRE(size > 8000);
    if (round % 4 == 0) {
      REQUIRE(::ftruncate(file, static_cast<off_t>(random() % size)) == 0);
    } else {
      char byte = 0;
      const auto place = static_cast<off_t>(random() % size);
      REQUIRE(::pread(file, &byte, 1, place) == 1);
      byte = static_cast<char>(byte ^ (1 << random() % 8));
      REQUIRE(::pwrite(file, &byte, 1, place) == 1);
    }
    // What has been read already is still good.
    try {
      RowBatch batch;
      std::uint64_t rows = 0;
      while (sorter.next(batch)) rows += batch.rows();
      CHECK(rows == 1000);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::corruption);
    }
  }
}

}  // namespace
}  // namespace akyn::storage

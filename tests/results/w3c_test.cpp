// The result documents of the W3C suites: all of them read, and what is written from them reads back as the same.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <akyn/error.h>
#include "engine/results/reader.h"
#include "tests/results/common.h"

namespace akyn::results {
namespace {

std::filesystem::path suites() {
  if (const char* directory = std::getenv("AKYN_W3C_TESTS")) return directory;
  return std::filesystem::path(AKYN_SOURCE_DIR) / "../shared/w3c";
}

TEST_CASE("the result documents of the W3C suites") {
  const std::filesystem::path root = suites() / "sparql";
  if (!std::filesystem::is_directory(root)) {
    MESSAGE("skipped: there are no W3C suites; AKYN_W3C_TESTS can say where they are");
    return;
  }
  std::size_t documents = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string extension = entry.path().extension().string();
    const bool json = extension == ".srj";
    if (!json && extension != ".srx" && extension != ".tsv") continue;
    const ResultFormat format = json ? ResultFormat::json : extension == ".srx" ? ResultFormat::xml : ResultFormat::tsv;
    const std::string name = entry.path().string();
    CAPTURE(name);
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    ++documents;
    try {
      const ResultSet set = read_results(text, format, name);
      if (set.boolean) continue;
      const ResultSet again = read_results(written(format, set.variables, set.rows), format);
      CHECK(again.variables == set.variables);
      CHECK(again.rows == set.rows);
    } catch (const Error& error) {
      FAIL_CHECK(error.what());
    }
  }
  CHECK(documents > 0);
}

}  // namespace
}  // namespace akyn::results

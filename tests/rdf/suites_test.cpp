// Every file of the W3C suites, where they are: streams read as texts do, and what is read can be written and read
// again.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "parser/rdf/writer.h"
#include "tests/rdf/support.h"
#include "tests/w3c/isomorphism.h"

namespace akyn::rdf {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> suite_files() {
  const char* chosen = std::getenv("AKYN_W3C_TESTS");
  const fs::path root = chosen != nullptr && *chosen != '\0' ? fs::path(chosen) : fs::path(AKYN_W3C_DEFAULT);
  std::vector<fs::path> files;
  if (!fs::is_directory(root / "rdf")) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / "rdf")) {
    if (entry.is_regular_file() && format_of(entry.path().string()) != RdfFormat::automatic)
      files.push_back(entry.path());
  }
  return files;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST_CASE("the W3C suites' files read the same from streams, and survive writing") {
  const std::vector<fs::path> files = suite_files();
  if (files.empty()) {
    MESSAGE("skipped: no W3C test suites; set AKYN_W3C_TESTS to where they are");
    return;
  }
  const Prefixes prefixes = {{"", "http://example/"}, {"ex", "http://example.org/"}};
  for (const fs::path& path : files) {
    CAPTURE(path.string());
    const std::string text = read_file(path);
    const RdfFormat format = format_of(path.string());
    const std::string whole_mistake = mistake(format, text);
    for (const std::size_t block : {3, 61}) {
      if (text.size() > 20000) continue;  // manifests
      Collector streamed;
      CHECK(stream_in_blocks(format, text, block, streamed) == whole_mistake);
      if (whole_mistake.empty()) CHECK(streamed.lines == lines(format, text));
    }
    if (!whole_mistake.empty()) continue;
    const std::vector<Quad> quads = collect(format, text).quads;
    std::ostringstream out;
    const auto writer = make_writer(out, RdfFormat::trig, prefixes);
    for (const Quad& quad : quads) {
      writer->quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
    }
    writer->finish();
    CAPTURE(out.str());
    CHECK(mistake(RdfFormat::trig, out.str()) == "");
    CHECK(w3c::isomorphic(collect(RdfFormat::trig, out.str()).quads, quads));
  }
}

}  // namespace akyn::rdf

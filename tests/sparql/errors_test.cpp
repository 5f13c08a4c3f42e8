// Runs errors/*.txt: wrong queries, each with the message a person gets to read.
//
//     ### update: a title            "update: " for updates
//     INSERT DATA { ... }            the text, of any number of lines
//     ---
//     query:1:15: error: ...         what() of the error, in full
//
// With AKYN_UPDATE_EXPECTED set in the environment the files are rewritten with what came out, to be
// read before they are committed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <akyn/error.h>
#include "parser/sparql/parse.h"

namespace {

struct Case {
  std::string title;
  std::string text;
  std::string expected;
};

std::vector<Case> read_cases(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  bool in_expected = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) {
      cases.push_back({line.substr(4), {}, {}});
      in_expected = false;
    } else if (line == "---") {
      in_expected = true;
    } else if (!cases.empty() && !(in_expected && line.empty())) {
      (in_expected ? cases.back().expected : cases.back().text) += line + '\n';
    }
  }
  return cases;
}

std::string actual_message(const Case& wrong) {
  const bool is_update = wrong.title.starts_with("update: ");
  akyn::sparql::ParseOptions options;
  options.source_name = is_update ? "update" : "query";
  options.prefixes = {{"", "http://example.org/"}, {"foaf", "http://xmlns.com/foaf/0.1/"}};
  try {
    if (is_update) {
      (void)akyn::sparql::parse_update(wrong.text, options);
    } else {
      (void)akyn::sparql::parse_query(wrong.text, options);
    }
  } catch (const akyn::Error& error) {
    const std::string what = error.what();
    return what.ends_with('\n') ? what : what + '\n';
  }
  return "no error\n";
}

}  // namespace

TEST_CASE("messages for wrong queries") {
  const bool rewrite = std::getenv("AKYN_UPDATE_EXPECTED") != nullptr;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(AKYN_SPARQL_ERRORS)) {
    CAPTURE(entry.path().filename().string());
    std::ostringstream rewritten;
    for (const Case& wrong : read_cases(entry.path())) {
      CAPTURE(wrong.title);
      const std::string actual = actual_message(wrong);
      if (!rewrite) CHECK(actual == wrong.expected);
      rewritten << "### " << wrong.title << '\n' << wrong.text << "---\n" << actual << '\n';
      ++count;
    }
    if (rewrite) std::ofstream(entry.path()) << rewritten.str();
  }
  CHECK(count >= 60);
}

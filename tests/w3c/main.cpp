// w3c: runs the tests of W3C manifests.
//
//     w3c [--failures] [--rewritten] MANIFEST...
//     w3c [--failures] [--rewritten] --suites MANIFEST...     paths within the suites' directory
//
// --rewritten: each SELECT and ASK query is run as the text that SERVICE would send for it, and without the optimizer.
//
// The suites are looked for in $AKYN_W3C_TESTS, then in ../shared/w3c beside the sources.
// Exit: 0 all passed, 1 some failed, 2 wrong usage, 77 --suites and there are no suites.
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/w3c/manifest.h"
#include "tests/w3c/runner.h"
#include "tests/w3c/sparql_tests.h"

namespace {

namespace fs = std::filesystem;
using akyn::w3c::Outcome;

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr std::size_t kMaxExceptions = 10;
constexpr int kNoSuites = 77;

struct Arguments {
  bool failures = false;
  akyn::w3c::Reading reading = akyn::w3c::Reading::as_written;
  bool in_suites = false;
  std::vector<fs::path> manifests;
};

fs::path suites_directory() {
  if (const char* chosen = std::getenv("AKYN_W3C_TESTS"); chosen != nullptr && *chosen != '\0') return chosen;
  return AKYN_W3C_DEFAULT;
}

int usage() {
  std::cerr << "usage: w3c [--failures] [--rewritten] [--suites] MANIFEST...\n";
  return kUsage;
}

// Labels of the tests that tests/w3c-exceptions.txt explains.
std::set<std::string> read_exceptions() {
  std::set<std::string> labels;
  std::ifstream in(AKYN_W3C_EXCEPTIONS);
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty() && line.front() != '#') labels.insert(line.substr(0, line.find(' ')));
  }
  if (labels.size() > kMaxExceptions) throw std::runtime_error("there are too many exceptions");
  return labels;
}

int run(const Arguments& arguments) {
  akyn::w3c::Suite suite;
  std::set<fs::path> seen;
  for (const fs::path& manifest : arguments.manifests) {
    if (!fs::exists(manifest)) {
      std::cerr << "w3c: there is no manifest '" << manifest.string() << "'\n";
      return kUsage;
    }
    akyn::w3c::load_manifest(manifest, suite, seen);
  }

  akyn::w3c::Registry registry;
  akyn::w3c::add_rdf_tests(registry);
  akyn::w3c::add_sparql_tests(registry, arguments.reading);
  const std::set<std::string> exceptions = read_exceptions();

  std::size_t passed = 0;
  std::size_t failed = suite.mistakes.size();
  std::size_t skipped = suite.missing.size();
  std::size_t excepted = 0;
  if (arguments.failures) {
    for (const std::string& mistake : suite.mistakes) std::cout << "FAILED  manifest: " << mistake << '\n';
    for (const std::string& path : suite.missing) std::cout << "skipped " << path << ": this manifest does not exist\n";
  }
  for (const akyn::w3c::Test& test : suite.tests) {
    Outcome outcome = registry.run(test);
    if (exceptions.contains(test.label())) {
      if (outcome.status == Outcome::Status::failed) {
        ++excepted;
        continue;
      }
      if (outcome.status == Outcome::Status::passed) outcome = Outcome::fail("passes; it is no exception any more");
    }
    switch (outcome.status) {
      case Outcome::Status::passed:
        ++passed;
        break;
      case Outcome::Status::failed:
        ++failed;
        if (arguments.failures)
          std::cout << "FAILED  " << test.label() << " (" << test.name << "): " << outcome.message << '\n';
        break;
      case Outcome::Status::skipped:
        ++skipped;
        if (arguments.failures) std::cout << "skipped " << test.label() << ": " << outcome.message << '\n';
        break;
    }
  }
  std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped";
  if (excepted > 0) std::cout << ", " << excepted << " failed as tests/w3c-exceptions.txt explains";
  std::cout << '\n';
  return failed == 0 ? 0 : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--failures") {
      arguments.failures = true;
    } else if (argument == "--rewritten") {
      arguments.reading = akyn::w3c::Reading::rewritten;
    } else if (argument == "--suites") {
      arguments.in_suites = true;
    } else if (argument.starts_with("-")) {
      return usage();
    } else {
      arguments.manifests.emplace_back(argument);
    }
  }
  if (arguments.manifests.empty()) return usage();
  try {
    if (arguments.in_suites) {
      const fs::path root = suites_directory();
      if (!fs::is_directory(root)) {
        std::cout << "skipped: there are no W3C test suites in '" << root.lexically_normal().string()
                  << "'; set AKYN_W3C_TESTS to where they are\n";
        return kNoSuites;
      }
      for (fs::path& manifest : arguments.manifests) manifest = root / manifest;
    }
    return run(arguments);
  } catch (const std::exception& error) {
    std::cerr << "w3c: " << error.what() << '\n';
    return kFailed;
  }
}

// w3c: runs the tests of W3C manifests.
//
//     w3c [--failures] MANIFEST...
//     w3c [--failures] --suites MANIFEST...     paths within the suites' directory
//
// The suites are looked for in $AKYN_W3C_TESTS, then in ../shared/w3c beside the sources.
// Exit: 0 all passed, 1 some failed, 2 wrong usage, 77 --suites and there are no suites.
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <set>
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
constexpr int kNoSuites = 77;

struct Arguments {
  bool failures = false;
  bool in_suites = false;
  std::vector<fs::path> manifests;
};

fs::path suites_directory() {
  if (const char* chosen = std::getenv("AKYN_W3C_TESTS"); chosen != nullptr && *chosen != '\0') return chosen;
  return AKYN_W3C_DEFAULT;
}

int usage() {
  std::cerr << "usage: w3c [--failures] [--suites] MANIFEST...\n";
  return kUsage;
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
  akyn::w3c::add_sparql_tests(registry);

  std::size_t passed = 0;
  std::size_t failed = suite.mistakes.size();
  std::size_t skipped = suite.missing.size();
  if (arguments.failures) {
    for (const std::string& mistake : suite.mistakes) std::cout << "FAILED  manifest: " << mistake << '\n';
    for (const std::string& path : suite.missing) std::cout << "skipped " << path << ": this manifest does not exist\n";
  }
  for (const akyn::w3c::Test& test : suite.tests) {
    const Outcome outcome = registry.run(test);
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
  std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped\n";
  return failed == 0 ? 0 : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--failures") {
      arguments.failures = true;
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

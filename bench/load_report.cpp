// How fast files are loaded: akyn_load_report [--memory BYTES] [--queries] STORE FILE...
//
// Loads the files into a new store, or into one that is there, one after another, and prints a line for each:
// statements a second, seconds, processor seconds, the most memory that the process has had so far. With --queries,
// also how long a few look-ups and counts take after each load.
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <akyn/akyn.h>

namespace {

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double most_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// The rows of a predicate and the statements about some of its subjects, so that runs of rows and of terms are read.
double query_milliseconds(const akyn::Store& store) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<akyn::Term> subjects;
  std::uint64_t rows = 0;
  for (const akyn::Quad& quad : store.match({}, {}, {})) {
    if (++rows % 1000 == 0) subjects.push_back(quad.subject);
    if (rows == 300'000) break;
  }
  for (const akyn::Term& subject : subjects) {
    for (const akyn::Quad& quad : store.match(subject, {}, {})) {
      rows += store.count({}, quad.predicate, quad.object);
    }
  }
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  akyn::LoadOptions options;
  bool queries = false;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--memory" && i + 1 < words.size()) {
      options.memory = std::strtoull(words[++i].c_str(), nullptr, 10);
    } else if (words[i] == "--queries") {
      queries = true;
    } else {
      names.push_back(words[i]);
    }
  }
  if (names.size() < 2) {
    std::fputs("usage: akyn_load_report [--memory BYTES] [--queries] STORE FILE...\n", stderr);
    return 2;
  }
  try {
    akyn::Store store = akyn::Store::open(names[0]);
    for (std::size_t i = 1; i < names.size(); ++i) {
      const double before = processor_seconds();
      const akyn::LoadReport report = store.load(names[i], options);
      const double processor = processor_seconds() - before;
      const double seconds = report.elapsed.count();
      fmt::print("akyn: {} statements, {} new, {:.2f} s, {:.0f} a second, {:.2f} s of processors, {:.0f} MB\n",
                 report.read, report.inserted, seconds, static_cast<double>(report.read) / seconds, processor,
                 most_megabytes());
      if (queries) fmt::print("akyn: queries {:.0f} ms\n", query_milliseconds(store));
    }
  } catch (const akyn::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

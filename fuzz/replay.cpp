// Runs the fuzz targets over the files of their corpora and over mutations of these.
//
//     fuzz_replay [--mutations N] [--seed S] [--target NAME] CORPUS
//
// CORPUS has a folder for each target. N is for the cheapest target, the others have fewer. The same seed and corpus
// make the same inputs. An input that breaks something is written to the file crash-TARGET, for the corpus.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "fuzz/targets.h"

namespace akyn::fuzz {
namespace {

namespace fs = std::filesystem;

// What is being run, for the handler of signals.
struct Running {
  std::string name;
  std::string input;
};
Running running;

void write_input() {
  const int file = ::open(running.name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return;
  static_cast<void>(!::write(file, running.input.data(), running.input.size()));
  ::close(file);
}

void on_signal(int signal) {
  write_input();
  constexpr std::string_view kText = "the process was about to end; the input is in a file named crash-...\n";
  static_cast<void>(!::write(STDERR_FILENO, kText.data(), kText.size()));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

std::vector<std::string> corpus_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const fs::path& path : files) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

class Mutator {
 public:
  Mutator(std::uint64_t seed, const Target& target, const std::vector<std::string>& corpus)
      : random_(seed), target_(target), corpus_(corpus) {}

  [[nodiscard]] std::string next() {
    std::string input = any_input();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(input);
    return input;
  }

 private:
  static constexpr std::size_t kLongest = std::size_t{1} << 16;

  // Not a distribution: those differ from one library to another.
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(random_() % bound); }
  const std::string& any_input() { return corpus_[below(corpus_.size())]; }
  // Where words begin and end, in texts: changes there are more often well formed.
  std::size_t place(const std::string& input) {
    std::size_t place = below(input.size() + 1);
    if (!target_.is_text || below(2) == 0) return place;
    while (place < input.size() && input[place] != ' ' && input[place] != '\n') ++place;
    return place;
  }
  std::string part(const std::string& input) {
    const std::size_t from = place(input);
    return input.substr(from, std::min<std::size_t>(1 + below(below(4) == 0 ? 200 : 20), input.size() - from));
  }

  void change(std::string& input) {
    switch (below(8)) {
      case 0:
        if (!input.empty()) input[below(input.size())] ^= static_cast<char>(1U << below(8));
        break;
      case 1:
        if (!input.empty()) input[below(input.size())] = static_cast<char>(below(256));
        break;
      case 2:
        input.insert(place(input), 1 + below(4), static_cast<char>(below(target_.is_text ? 128 : 256)));
        break;
      case 3: {
        const std::size_t from = place(input);
        input.erase(from, 1 + below(20));
        break;
      }
      case 4: {
        const std::string copy = part(input);
        input.insert(place(input), copy);
        break;
      }
      case 5:
        input.insert(place(input), part(any_input()));
        break;
      case 6: {
        const std::string& other = any_input();
        input = input.substr(0, place(input)) + other.substr(std::min(place(other), other.size()));
        break;
      }
      default:
        number(input);
        break;
    }
    if (input.size() > kLongest) input.resize(kLongest);
  }

  // Sizes and counts that are at the edge of something.
  void number(std::string& input) {
    constexpr std::array<std::uint64_t, 8> kEdges = {0,      1,          0x7f,       0x80,
                                                     0xffff, 0x7fffffff, 0xffffffff, ~std::uint64_t{0}};
    const std::uint64_t value = kEdges[below(kEdges.size())];
    if (target_.is_text) {
      input.insert(place(input), std::to_string(value));
      return;
    }
    const std::size_t width = std::size_t{1} << below(4);
    if (input.size() < width) return;
    const std::size_t at = below(input.size() - width + 1);
    for (std::size_t i = 0; i < width; ++i) input[at + i] = static_cast<char>(value >> (8 * i));
  }

  std::mt19937_64 random_;
  const Target& target_;
  const std::vector<std::string>& corpus_;
};

// False when something is broken.
bool run(const Target& target, const std::string& input, std::string_view what) {
  running.input = input;
  try {
    target.run(input);
    return true;
  } catch (const std::exception& error) {
    write_input();
    fmt::print(stderr, "{}: {}: {}\n  the input is in {}\n", target.name, what, error.what(), running.name);
    return false;
  }
}

int usage() {
  fmt::print(stderr, "usage: fuzz_replay [--mutations N] [--seed S] [--target NAME] CORPUS\n");
  return 2;
}

}  // namespace

int replay(int argc, char** argv) {
  std::uint64_t mutations = 0;
  std::uint64_t seed = std::random_device()() % 1'000'000'000U;
  std::string only;
  fs::path corpus;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--mutations" && i + 1 < argc) {
      mutations = std::strtoull(argv[++i], nullptr, 10);
    } else if (argument == "--seed" && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (argument == "--target" && i + 1 < argc) {
      only = argv[++i];
    } else if (!argument.starts_with("--") && corpus.empty()) {
      corpus = argument;
    } else {
      return usage();
    }
  }
  if (corpus.empty()) return usage();
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) std::signal(signal, on_signal);

  bool whole = true;
  fmt::print("seed {}\n", seed);
  for (const Target& target : kTargets) {
    if (!only.empty() && only != target.name) continue;
    running.name = fmt::format("crash-{}", target.name);
    const std::vector<std::string> inputs = corpus_of(corpus / target.name);
    for (std::size_t i = 0; i < inputs.size(); ++i) whole &= run(target, inputs[i], fmt::format("file {}", i));
    Mutator mutator(seed, target, inputs);
    const std::uint64_t count = mutations / target.cost;
    for (std::uint64_t i = 0; i < count && whole; ++i) {
      whole &= run(target, mutator.next(), fmt::format("seed {}, mutation {}", seed, i));
    }
    fmt::print("{}: {} files, {} mutations\n", target.name, inputs.size(), count);
  }
  return whole ? 0 : 1;
}

}  // namespace akyn::fuzz

int main(int argc, char** argv) {
  try {
    return akyn::fuzz::replay(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "fuzz_replay: {}\n", error.what());
    return 2;
  }
}

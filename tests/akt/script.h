// .akt files (README.md) as data.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace akyn::akt {

struct Step {
  enum class Kind : std::uint8_t { data, update, query, bind, answer, ordered_answer, graph, expressions, error };
  Kind kind{};
  std::string argument;  // what follows the word on its line
  std::string text;      // the lines below
  std::size_t line = 0;  // of the text's first line, from 1
};

struct Script {
  std::string title;
  std::size_t line = 0;
  std::vector<Step> steps;
};

// Throws std::runtime_error naming file and line when the file is not such a one.
[[nodiscard]] std::vector<Script> read_scripts(const std::filesystem::path& file);

// The words of an answer's line: separated by white space outside of strings, IRIs and triple terms.
[[nodiscard]] std::vector<std::string> words_of(const std::string& line);

}  // namespace akyn::akt

#include "tests/akt/script.h"

#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace akyn::akt {

namespace {

using Kind = Step::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 9> kSections = {{{"data", Kind::data},
                                                                         {"update", Kind::update},
                                                                         {"query", Kind::query},
                                                                         {"bind", Kind::bind},
                                                                         {"answer in order", Kind::ordered_answer},
                                                                         {"answer", Kind::answer},
                                                                         {"graph", Kind::graph},
                                                                         {"expressions", Kind::expressions},
                                                                         {"error", Kind::error}}};

bool starts_section(const std::string& line) {
  return line.starts_with("--- ");
}

}  // namespace

std::vector<Script> read_scripts(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file.string() + ": cannot be read");
  std::vector<Script> scripts;
  std::string line;
  std::size_t number = 0;
  const auto fail = [&](const std::string& message) {
    throw std::runtime_error(file.string() + ':' + std::to_string(number) + ": " + message);
  };
  Step* open = nullptr;
  while (std::getline(in, line)) {
    ++number;
    if (line.starts_with("=== ")) {
      scripts.push_back({line.substr(4), number, {}});
      open = nullptr;
    } else if (starts_section(line)) {
      if (scripts.empty()) fail("a section before the first '=== title'");
      const std::string_view rest = std::string_view(line).substr(4);
      Step step;
      bool known = false;
      for (const auto& [word, kind] : kSections) {
        if (!rest.starts_with(word) || (rest.size() > word.size() && rest[word.size()] != ' ')) continue;
        step.kind = kind;
        if (rest.size() > word.size()) step.argument = rest.substr(word.size() + 1);
        known = true;
        break;
      }
      if (!known) fail("unknown section '" + std::string(rest) + "'");
      step.line = number + 1;
      scripts.back().steps.push_back(std::move(step));
      open = &scripts.back().steps.back();
    } else if (open != nullptr) {
      open->text += line + '\n';
    } else if (!line.empty() && line.front() != '#') {
      fail("expected '=== title', '--- section' or '# comment'");
    }
  }
  return scripts;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_string = false;
  bool in_iri = false;
  int depth = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string) {
      word += c;
      if (c == '\\' && i + 1 < line.size()) word += line[++i];
      if (c == '"') in_string = false;
      continue;
    }
    const std::string_view rest = std::string_view(line).substr(i);
    if (!in_iri && (c == ' ' || c == '\t')) {
      if (depth > 0) {
        if (!word.ends_with(' ')) word += ' ';
      } else if (!word.empty()) {
        words.push_back(std::exchange(word, {}));
      }
      continue;
    }
    if (rest.starts_with("<<(")) {
      ++depth;
      word += "<<(";
      i += 2;
      continue;
    }
    if (rest.starts_with(")>>")) {
      --depth;
      word += ")>>";
      i += 2;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '<') in_iri = true;
    if (c == '>') in_iri = false;
    word += c;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace akyn::akt

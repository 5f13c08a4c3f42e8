// The mapping file of include/akyn/facts.h.
#include <akyn/facts.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>

#include <akyn/error.h>
#include "parser/facts/fact_value.h"
#include "parser/text/location.h"

namespace akyn {
namespace {

// Removes a leading word and the white space behind it; false when the text begins otherwise.
bool accept_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word) || text.size() == word.size() ||
      (text[word.size()] != ' ' && text[word.size()] != '\t')) {
    return false;
  }
  text = facts::trimmed(text.substr(word.size()));
  return true;
}

bool read_line(std::string_view line, FactOptions& options) {
  // The last " = ", as a column's name may have others.
  const std::size_t equals = line.rfind('=');
  if (equals == std::string_view::npos) return false;
  std::string_view key = facts::trimmed(line.substr(0, equals));
  const std::string value(facts::trimmed(line.substr(equals + 1)));
  if (key.empty() || value.empty()) return false;
  if (key == "base") {
    options.base_iri = value;
  } else if (key == "text") {
    options.texts.insert(value);
  } else if (accept_word(key, "prefix")) {
    if (key.ends_with(':')) key.remove_suffix(1);
    options.prefixes[std::string(key)] = value;
  } else if (accept_word(key, "column")) {
    options.columns[std::string(key)] = value;
  } else {
    return false;
  }
  return true;
}

}  // namespace

FactOptions read_fact_options(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) throw Error(ErrorCode::not_found, file.string() + ": no such file");
  errno = 0;
  std::ifstream input(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(input), {});
  if (!input || input.bad()) {
    throw Error(ErrorCode::io, file.string() + ": cannot be read: " + std::strerror(errno));
  }
  FactOptions options;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = facts::trimmed(std::string_view(text).substr(at, end - at));
    if (!line.empty() && line.front() != '#' && !read_line(line, options)) {
      throw Error(ErrorCode::syntax,
                  "expected 'base = IRI', 'prefix NAME = IRI', 'column NAME = MEANING' or 'text = PREDICATE'",
                  locate(text, at, end - at, file.string()));
    }
    at = end + 1;
  }
  return options;
}

}  // namespace akyn

#include <akyn/error.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/term/printable.h"

namespace akyn {
namespace {

std::string printable(std::string_view text) {
  std::string result;
  append_printable(result, text);
  return result;
}

// The line, and below it the caret. A tab is repeated there, so that the caret stands below its
// character at any tab width.
std::string excerpt(const SourceLocation& location) {
  const std::string number = std::to_string(location.line);
  std::string line;
  std::string margin;
  std::uint64_t seen = 0;  // code points, which are what the location counts
  std::size_t underlined = 0;
  const std::string_view text = location.line_text;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t bytes = character_at(text, i).bytes;
    const bool is_tab = text[i] == '\t';
    const std::string shown = is_tab ? "\t" : printable(text.substr(i, bytes));
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) ++seen;
    const std::size_t width = is_tab ? 1 : display_width(shown);
    if (seen <= location.caret) {
      margin += is_tab ? shown : std::string(width, ' ');
    } else if (seen <= location.caret + location.length) {
      underlined += width;
    }
    line += shown;
    i += bytes;
  }
  if (seen < location.caret) margin.append(location.caret - seen, ' ');
  return fmt::format("\n{} | {}\n{:{}} | {}^{}", number, line, "", number.size(), margin,
                     std::string(std::max<std::size_t>(underlined, 1) - 1, '~'));
}

std::string diagnostic(const std::string& message, const SourceLocation& location) {
  return fmt::format("{}:{}:{}: error: {}{}", printable(location.source), location.line, location.column,
                     printable(message), location.line == 0 ? std::string() : excerpt(location));
}

}  // namespace

Error::Error(ErrorCode code, std::string message)
    : std::runtime_error(printable(message)), code_(code), message_(std::move(message)) {}

Error::Error(ErrorCode code, std::string message, SourceLocation location)
    : std::runtime_error(diagnostic(message, location)),
      code_(code),
      message_(std::move(message)),
      location_(std::move(location)) {}

}  // namespace akyn

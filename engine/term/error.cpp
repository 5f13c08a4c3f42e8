#include <akyn/error.h>

#include <fmt/format.h>

#include <utility>

namespace akyn {
namespace {

std::string diagnostic(const std::string& message, const SourceLocation& location) {
  std::string text = fmt::format("{}:{}:{}: error: {}", location.source, location.line, location.column, message);
  if (location.line == 0) return text;
  const std::string number = std::to_string(location.line);
  text += fmt::format("\n{} | {}\n{:{}} | ", number, location.line_text, "", number.size());
  // A tab before the caret is repeated, so that the caret stands below its character at any tab width.
  std::uint64_t column = 0;
  for (std::size_t i = 0; i < location.line_text.size() && column < location.caret; ++i) {
    const auto byte = static_cast<unsigned char>(location.line_text[i]);
    if ((byte & 0xC0U) == 0x80U) continue;
    text += byte == '\t' ? '\t' : ' ';
    ++column;
  }
  text.append(location.caret - column, ' ');
  text += '^';
  if (location.length > 1) text.append(location.length - 1, '~');
  return text;
}

}  // namespace

Error::Error(ErrorCode code, std::string message)
    : std::runtime_error(message), code_(code), message_(std::move(message)) {}

Error::Error(ErrorCode code, std::string message, SourceLocation location)
    : std::runtime_error(diagnostic(message, location)),
      code_(code),
      message_(std::move(message)),
      location_(std::move(location)) {}

}  // namespace akyn

#include "parser/text/location.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace akyn {
namespace {

constexpr std::size_t kBefore = 100;  // bytes of a very long line shown before the caret ...
constexpr std::size_t kAfter = 60;    // ... and after it
constexpr std::string_view kEllipsis = "…";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::uint64_t code_points(std::string_view text) {
  return static_cast<std::uint64_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

std::size_t code_point_start(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && is_continuation(text[at])) --at;
  return at;
}

}  // namespace

SourceLocation locate(std::string_view text, std::size_t offset, std::size_t length, std::string source) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t line_break = before.find_last_of("\n\r");
  const std::size_t line_start = line_break == std::string_view::npos ? 0 : line_break + 1;
  const std::size_t line_end = std::min(text.find_first_of("\n\r", offset), text.size());

  SourceLocation location;
  location.source = std::move(source);
  location.line = 1;
  for (std::size_t i = 0; i < line_start; ++i) {
    if (before[i] == '\n' || (before[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) ++location.line;
  }
  location.column = code_points(text.substr(line_start, offset - line_start)) + 1;

  std::size_t shown_start = line_start;
  std::size_t shown_end = line_end;
  if (offset - line_start > kBefore) shown_start = code_point_start(text, offset - kBefore);
  if (line_end - offset > kAfter && line_end - shown_start > kBefore + kAfter) {
    shown_end = code_point_start(text, offset + kAfter);
  }
  if (shown_start > line_start) {
    location.line_text = kEllipsis;
    location.caret = 1;
  }
  location.line_text += text.substr(shown_start, shown_end - shown_start);
  location.caret += code_points(text.substr(shown_start, offset - shown_start));
  if (shown_end < line_end) location.line_text += kEllipsis;
  const std::size_t underlined = std::min(length, shown_end - std::min(offset, shown_end));
  location.length = std::max<std::uint64_t>(1, code_points(text.substr(offset, underlined)));
  return location;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({substituted, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string too_long(std::size_t bytes) {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20U;
  const bool large = bytes >= kMegabyte;
  return " goes on for more than " + std::to_string(large ? bytes / kMegabyte : bytes) + (large ? " MB" : " bytes") +
         "; is its end missing?";
}

}  // namespace akyn

#include "shell/query_list.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::shell {
namespace {

constexpr int kEnd = std::char_traits<char>::eof();

}  // namespace

QueryList::QueryList(std::istream& input, Kind kind, std::string source)
    : input_(input),
      source_(std::move(source)),
      separator_(kind == Kind::csv ? ',' : '\t'),
      has_header_(kind == Kind::csv) {}

std::optional<NamedQuery> QueryList::next() {
  if (has_header_) read_header();
  std::optional<Record> fields = record();
  if (!fields) return std::nullopt;
  const std::size_t needed = std::max(name_column_, query_column_) + 1;
  if (fields->size() < needed) {
    fail(record_line_, fmt::format("expected a name and a query, {} fields at least; there {} {}", needed,
                                   fields->size() == 1 ? "is" : "are", fields->size()));
  }
  if (separator_ == '\t' && fields->size() > needed) {
    fail(record_line_, "expected a name and a query; a query that holds a tab is put in quotation marks");
  }
  return NamedQuery{std::move((*fields)[name_column_]), std::move((*fields)[query_column_])};
}

void QueryList::read_header() {
  has_header_ = false;
  const std::optional<Record> header = record();
  if (!header) return;
  const auto column = [&](std::initializer_list<std::string_view> names) {
    return static_cast<std::size_t>(std::find_first_of(header->begin(), header->end(), names.begin(), names.end()) -
                                    header->begin());
  };
  name_column_ = column({"name", "description"});
  query_column_ = column({"query"});
  if (std::max(name_column_, query_column_) == header->size()) {
    fail(record_line_, "the header must name a column 'query' and a column 'name' or 'description'");
  }
}

std::optional<QueryList::Record> QueryList::record() {
  while (true) {
    record_line_ = line_;
    Record fields;
    int end = separator_;
    while (end == separator_) end = field(fields.emplace_back());
    if (fields.size() > 1 || !fields.front().empty()) return fields;
    if (end == kEnd) return std::nullopt;
  }
}

int QueryList::field(std::string& text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  const bool is_first = at_begin_;
  at_begin_ = false;
  int c = take();
  if (c == '"') {
    text = quoted_text();
    c = take();
    if (c == '\r') c = take();
    if (c == separator_ || c == '\n' || c == kEnd) return c;
    fail(line_, "expected the end of the field after its closing quotation mark");
  }
  for (; c != separator_ && c != '\n' && c != kEnd; c = take()) text += static_cast<char>(c);
  if (c != separator_ && text.ends_with('\r')) text.pop_back();
  if (is_first && text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  return c;
}

std::string QueryList::quoted_text() {
  const std::uint64_t begun = line_;
  std::string text;
  for (int c = take(); c != kEnd; c = take()) {
    if (c == '"') {
      if (input_.peek() != '"') return text;
      c = take();
    }
    text += static_cast<char>(c);
  }
  fail(begun, "a quotation mark that is never closed");
}

int QueryList::take() {
  const int c = input_.get();
  if (c == '\n') ++line_;
  return c;
}

void QueryList::fail(std::uint64_t line, const std::string& message) const {
  throw Error(ErrorCode::syntax, fmt::format("{}: line {}: {}", source_, line, message));
}

}  // namespace akyn::shell

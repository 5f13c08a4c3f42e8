// Named queries from a file, one after the other.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

namespace akyn::shell {

struct NamedQuery {
  std::string name;
  std::string text;
};

// Reads either of
//
//     csv   a header, which names a column `query` and a column `name` or `description`; other columns do not matter
//     tsv   no header: a name, a tab, a query
//
// Fields that begin with a quotation mark are quoted as in RFC 4180, in both: a query may take several lines. Lines
// without anything are skipped. A query is read no earlier than it is asked for, so that a pipe can give one after
// seeing the answer to the other.
class QueryList {
 public:
  enum class Kind : std::uint8_t { csv, tsv };

  // `source` is what errors call the input, which must outlive this. Nothing is read yet.
  QueryList(std::istream& input, Kind kind, std::string source);

  // Nothing at the end. Throws Error(syntax) with the place of a mistake, and what the input throws.
  [[nodiscard]] std::optional<NamedQuery> next();

 private:
  using Record = std::vector<std::string>;

  void read_header();
  // The next record that holds anything.
  [[nodiscard]] std::optional<Record> record();
  // Reads a field; returns what ended it: the separator, a line feed or the end of the input.
  int field(std::string& text);
  // What follows an opening quotation mark, up to the closing one.
  [[nodiscard]] std::string quoted_text();
  [[nodiscard]] int take();
  [[noreturn]] void fail(std::uint64_t line, const std::string& message) const;

  std::istream& input_;
  std::string source_;
  char separator_;
  bool has_header_;  // and it is still to be read
  bool at_begin_ = true;
  std::size_t name_column_ = 0;
  std::size_t query_column_ = 1;
  std::uint64_t line_ = 1;         // of what is read next
  std::uint64_t record_line_ = 1;  // where the current record began
};

}  // namespace akyn::shell

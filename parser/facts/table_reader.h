// CSV as RFC 4180 has it, and the same with tabs: cells with quotation marks around them may hold separators, line
// breaks and, doubled, quotation marks; any line break ends a row; empty lines are none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parser/facts/fact_statements.h"
#include "parser/rdf/input.h"

namespace akyn::facts {

class TableReader {
 public:
  // All must outlive the reader.
  TableReader(ByteSource& bytes, const rdf::ReadOptions& options, const FactOptions& facts, rdf::StatementSink& sink,
              char separator)
      : input_(bytes, options.source_name, rdf::Input::kBlockSize, options.longest_token),
        options_(options),
        facts_(facts),
        statements_(input_, options, facts, sink),
        separator_(separator) {}

  void read();

 private:
  struct RawCell {
    [[nodiscard]] std::string_view text() const { return has_quotes ? std::string_view(unquoted) : in_input; }

    std::string_view in_input;
    std::string unquoted;  // what is in the input, doubled quotation marks as one
    bool has_quotes = false;
    std::uint64_t offset = 0;
  };

  void read_header();
  void read_fact();
  // Reads a row into cells_; false at the end. When it throws, the reader is where it was.
  [[nodiscard]] bool next_row();
  // From `at`; false when the window had to be moved.
  [[nodiscard]] bool read_row(const char*& at);
  [[nodiscard]] bool quoted_cell(const char*& at, RawCell& cell);
  [[nodiscard]] RawCell& new_cell(const char* at);
  void check_utf8(const char* begin, const char* end);
  [[nodiscard]] bool is_row_end(char c) const { return c == '\n' || c == '\r'; }
  [[nodiscard]] bool extend() { return input_.extend(at_); }
  void skip_line();
  [[noreturn]] void fail_at(const char* at, std::size_t length, std::string message);

  rdf::Input input_;
  const rdf::ReadOptions& options_;
  const FactOptions& facts_;
  FactStatements statements_;
  char separator_;
  const char* at_ = nullptr;
  std::uint64_t row_start_ = 0;
  std::uint64_t row_end_ = 0;
  std::vector<Column> columns_;
  std::vector<RawCell> cells_;  // the first cell_count_ are of the row
  std::size_t cell_count_ = 0;
};

}  // namespace akyn::facts

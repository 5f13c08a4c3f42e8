// JSON Lines: a JSON object (RFC 8259) a line, whose keys are columns. Empty lines are none.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "parser/facts/fact_statements.h"
#include "parser/rdf/input.h"

namespace akyn::facts {

class JsonLinesReader {
 public:
  // All must outlive the reader.
  JsonLinesReader(ByteSource& bytes, const rdf::ReadOptions& options, const FactOptions& facts,
                  rdf::StatementSink& sink)
      : input_(bytes, options.source_name, rdf::Input::kBlockSize, options.longest_token),
        options_(options),
        facts_(facts),
        statements_(input_, options, facts, sink) {}

  void read();

 private:
  class Handler;

  // The line at the current place, without its line break; false at the end.
  [[nodiscard]] bool next_line(std::string_view& line);
  void read_fact(std::string_view line);
  [[nodiscard]] const Column& column(std::string_view key);

  rdf::Input input_;
  const rdf::ReadOptions& options_;
  const FactOptions& facts_;
  FactStatements statements_;
  const char* at_ = nullptr;
  std::uint64_t line_start_ = 0;
  std::uint64_t line_end_ = 0;
  std::unordered_map<std::string, Column> columns_;  // by key
};

}  // namespace akyn::facts

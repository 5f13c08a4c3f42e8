// Readers for the W3C result formats, whole documents at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/results.h>
#include <akyn/term.h>

namespace akyn::results {

// What a result document says.
struct ResultSet {
  std::vector<std::string> variables;   // without '?'
  std::vector<std::vector<Term>> rows;  // as many terms as variables; no term where unbound
  std::optional<bool> boolean;          // set for an ASK answer, which has neither of the above
};

// Throws Error(syntax), located in `source_name`, when the text is not such a document;
// Error(invalid_argument) for a table, which nothing reads back.
//
// CSV does not say what a value is: _:x is read as a blank node, nothing as unbound, and all else as
// a plain string. In CSV and TSV a document of the one word true or false is an ASK answer.
[[nodiscard]] ResultSet read_results(std::string_view text, ResultFormat format,
                                     const std::string& source_name = "results");

// The formats one by one, for read_results.
[[nodiscard]] ResultSet read_json(std::string_view text, const std::string& source_name);
[[nodiscard]] ResultSet read_xml(std::string_view text, const std::string& source_name);
[[nodiscard]] ResultSet read_csv(std::string_view text, const std::string& source_name);
[[nodiscard]] ResultSet read_tsv(std::string_view text, const std::string& source_name);

}  // namespace akyn::results

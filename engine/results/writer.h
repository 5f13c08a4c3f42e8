// Streaming writers for the answers of SELECT and ASK.
//
// A writer is used once: begin, rows, end; or boolean alone. It keeps no more than some kilobytes of text in memory, a
// table's first 1,000 rows aside. Writers do not look at the state of the stream; whoever feeds them does.
#pragma once

#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/results.h>
#include <akyn/term.h>

namespace akyn::results {

class ResultWriter {
 public:
  virtual ~ResultWriter() = default;
  // Names without '?'.
  virtual void begin(const std::vector<std::string>& variables) = 0;
  // One solution: as many terms as there are variables. An unbound one is null or no term.
  virtual void row(std::span<const Term* const> terms) = 0;
  // The same in two steps, for those who meet a term in many rows: the text that the writer makes of a term, for its
  // own use, and a solution of such texts. That of an unbound variable is empty.
  virtual void append_text(std::string& out, const TermView& term) const = 0;
  virtual void row(std::span<const std::string_view> texts) = 0;
  virtual void end() = 0;
  virtual void boolean(bool answer) = 0;
  // Gives the stream all that is written so far; end() and boolean() do.
  virtual void flush() = 0;
};

// `out` must outlive the writer.
[[nodiscard]] std::unique_ptr<ResultWriter> make_writer(ResultFormat format, std::ostream& out,
                                                        const ResultOptions& options = {});

// The formats one by one, for make_writer.
[[nodiscard]] std::unique_ptr<ResultWriter> make_json_writer(std::ostream& out);
[[nodiscard]] std::unique_ptr<ResultWriter> make_xml_writer(std::ostream& out);
[[nodiscard]] std::unique_ptr<ResultWriter> make_csv_writer(std::ostream& out);
[[nodiscard]] std::unique_ptr<ResultWriter> make_tsv_writer(std::ostream& out);
[[nodiscard]] std::unique_ptr<ResultWriter> make_table_writer(std::ostream& out, const ResultOptions& options);
[[nodiscard]] std::unique_ptr<ResultWriter> make_dot_writer(std::ostream& out, const ResultOptions& options);

}  // namespace akyn::results

// Streaming writers for the answers of SELECT and ASK.
//
// A writer is used once: begin, row*, end; or boolean alone. It keeps no more than a few rows in
// memory, a table's first 1,000 aside. Writers do not look at the state of the stream; whoever feeds
// them does.
#pragma once

#include <iosfwd>
#include <memory>
#include <span>
#include <string>
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
  virtual void end() = 0;
  virtual void boolean(bool answer) = 0;
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

}  // namespace akyn::results

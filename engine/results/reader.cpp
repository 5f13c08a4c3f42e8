#include "engine/results/reader.h"

#include <akyn/error.h>

namespace akyn::results {

ResultSet read_results(std::string_view text, ResultFormat format, const std::string& source_name) {
  switch (format) {
    case ResultFormat::json:
      return read_json(text, source_name);
    case ResultFormat::xml:
      return read_xml(text, source_name);
    case ResultFormat::csv:
      return read_csv(text, source_name);
    case ResultFormat::tsv:
      return read_tsv(text, source_name);
    case ResultFormat::table:
    case ResultFormat::dot:
      break;
  }
  throw Error(ErrorCode::invalid_argument, "a table is for people; it cannot be read back");
}

}  // namespace akyn::results

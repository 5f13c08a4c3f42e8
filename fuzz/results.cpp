#include "engine/results/reader.h"
#include "fuzz/targets.h"

namespace akyn::fuzz {

void results(std::string_view bytes) {
  for (const ResultFormat format : {ResultFormat::json, ResultFormat::xml, ResultFormat::csv, ResultFormat::tsv}) {
    accepts(
        [&] {
          const akyn::results::ResultSet answer = akyn::results::read_results(bytes, format);
          for (const auto& row : answer.rows) {
            expect(row.size() == answer.variables.size(), "a row has as many terms as there are variables");
          }
          expect(!answer.boolean || (answer.rows.empty() && answer.variables.empty()), "yes or no has no rows");
        },
        {ErrorCode::syntax, ErrorCode::limit});
  }
}

}  // namespace akyn::fuzz

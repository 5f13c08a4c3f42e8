// What the tests of result formats share.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include <akyn/term.h>
#include "engine/results/writer.h"

namespace akyn::results {

using Solutions = std::vector<std::vector<Term>>;

inline std::string written(ResultFormat format, const std::vector<std::string>& variables, const Solutions& rows,
                           const ResultOptions& options = {}) {
  std::ostringstream out;
  const auto writer = make_writer(format, out, options);
  writer->begin(variables);
  for (const std::vector<Term>& row : rows) {
    std::vector<const Term*> terms;
    for (const Term& term : row) terms.push_back(term ? &term : nullptr);
    writer->row(terms);
  }
  writer->end();
  return out.str();
}

inline std::string written(ResultFormat format, bool answer) {
  std::ostringstream out;
  make_writer(format, out)->boolean(answer);
  return out.str();
}

}  // namespace akyn::results

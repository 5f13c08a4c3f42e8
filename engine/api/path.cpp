#include <akyn/path.h>

#include <optional>
#include <string>

#include <akyn/error.h>
#include <akyn/query.h>
#include "engine/term/path_text.h"

namespace akyn {

bool is_path(const Term& term) {
  return term.is_literal() && term.datatype() == kPathDatatype && path_length(term.value()).has_value();
}

Path to_path(const Term& term) {
  const bool typed = term.is_literal() && term.datatype() == kPathDatatype;
  const std::optional<PathText> text = typed ? read_path(term.value()) : std::nullopt;
  if (!text) {
    throw Error(ErrorCode::invalid_argument, (term ? term.to_string() : std::string("an unbound variable")) +
                                                 " is no path; PATH ?p = ... binds one");
  }
  Path path;
  path.nodes.push_back(path_term(text->start));
  for (const PathText::Edge& edge : text->edges) {
    path.edges.push_back({path_term(edge.predicate), edge.inverse, edge.is_step});
    path.nodes.push_back(path_term(edge.to));
  }
  return path;
}

Path Row::path(std::string_view variable) const {
  return to_path((*this)[variable]);
}

}  // namespace akyn

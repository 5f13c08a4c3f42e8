// What Akyn can say about a text without a store, and which prefixes a text may take for granted.

#include <akyn/query.h>

#include <map>

#include "engine/api/state.h"
#include "parser/sparql/parse.h"

namespace akyn {

namespace api {

std::vector<sparql::PrefixDeclaration> known_prefixes(const Source& source, const QueryOptions& options) {
  std::map<std::string, std::string> known = options.prefixes;
  if (options.stored_prefixes) known.merge(source.snapshot()->prefixes());
  std::vector<sparql::PrefixDeclaration> declarations;
  declarations.reserve(known.size());
  for (const auto& [name, iri] : known) declarations.push_back({name, iri});
  return declarations;
}

}  // namespace api

bool is_update(std::string_view text) {
  return api::guarded([&] { return sparql::looks_like_update(text); });
}

void check_syntax(std::string_view text, const QueryOptions& options) {
  api::guarded([&] {
    sparql::ParseOptions parse_options;
    parse_options.source_name = options.source_name;
    parse_options.base_iri = options.base_iri;
    for (const auto& [name, iri] : options.prefixes) parse_options.prefixes.push_back({name, iri});
    if (sparql::looks_like_update(text)) {
      (void)sparql::parse_update(text, parse_options);
    } else {
      (void)sparql::parse_query(text, parse_options);
    }
  });
}

}  // namespace akyn

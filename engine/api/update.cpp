#include "engine/update/update.h"

#include "engine/api/state.h"
#include "parser/sparql/parse.h"

namespace akyn::api {

void update(const std::shared_ptr<OpenTransaction>& transaction, std::string_view text, const QueryOptions& options,
            const CancelToken& token) {
  sparql::ParseOptions parse_options;
  parse_options.source_name = options.source_name;
  parse_options.base_iri = options.base_iri;
  parse_options.prefixes = known_prefixes(Source{nullptr, transaction}, options);
  const sparql::Update request = sparql::parse_update(text, parse_options);
  exec::Environment environment;
  environment.limits.cancelled = token.flag();
  environment.union_default_graph = options.union_default_graph;
  environment.base_iri = options.base_iri;
  akyn::update::run(request, transaction->writer(), environment);
}

}  // namespace akyn::api

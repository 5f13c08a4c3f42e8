#include "engine/update/update.h"

#include "engine/api/state.h"
#include "parser/sparql/parse.h"

namespace akyn::api {

void update(const std::shared_ptr<OpenTransaction>& transaction, std::string_view text, const QueryOptions& options,
            const CancelToken& token) {
  const Source source{nullptr, transaction, transaction->extensions()};
  const auto functions = source.extensions->functions();
  const sparql::Update request = sparql::parse_update(text, parse_options(source, options, functions));
  const RunSettings settings(source, options, functions, options.base_iri);
  akyn::update::LoadAccess access = source.extensions->load_access();
  access.timeout = options.service_timeout;
  akyn::update::run(request, transaction->writer(), settings.environment(token), access);
}

}  // namespace akyn::api

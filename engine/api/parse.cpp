// What Akyn can say about a text without a store; how texts are read and run.

#include <akyn/query.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "engine/api/state.h"
#include "engine/service/http_services.h"
#include "parser/sparql/parse.h"

namespace akyn {

namespace api {

sparql::ParseOptions parse_options(const Source& source, const QueryOptions& options,
                                   std::shared_ptr<const expr::FunctionRegistry> functions) {
  std::map<std::string, std::string> known = options.prefixes;
  if (options.stored_prefixes) known.merge(source.snapshot()->prefixes());
  sparql::ParseOptions result;
  result.source_name = options.source_name;
  result.base_iri = options.base_iri;
  result.strict = options.strict;
  for (const auto& [name, iri] : known) result.prefixes.push_back({name, iri});
  result.is_aggregate = [functions = std::move(functions)](std::string_view iri) {
    return functions->aggregates.contains(std::string(iri));
  };
  return result;
}

RunSettings::RunSettings(const Source& source, const QueryOptions& options,
                         std::shared_ptr<const expr::FunctionRegistry> functions, std::string base_iri)
    : timeout(options.timeout),
      memory_limit(options.memory_limit),
      row_limit(options.row_limit),
      threads(options.threads),
      base_iri_(std::move(base_iri)),
      union_default_graph_(options.union_default_graph),
      functions_(std::move(functions)) {
  if (options.allow_service.value_or(source.extensions->allow_service())) {
    services_ = std::make_shared<service::HttpServices>(options.service_timeout);
  }
}

runtime::Environment RunSettings::environment(const CancelToken& token) const {
  runtime::Environment result;
  result.limits.cancelled = token.flag();
  if (timeout.count() > 0) result.limits.deadline = std::chrono::steady_clock::now() + timeout;
  result.limits.max_bytes = memory_limit;
  result.limits.max_rows = row_limit;
  result.threads = threads;
  result.union_default_graph = union_default_graph_;
  result.base_iri = base_iri_;
  result.functions = functions_.get();
  result.services = services_.get();
  return result;
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
    parse_options.strict = options.strict;
    for (const auto& [name, iri] : options.prefixes) parse_options.prefixes.push_back({name, iri});
    if (sparql::looks_like_update(text)) {
      (void)sparql::parse_update(text, parse_options);
    } else {
      (void)sparql::parse_query(text, parse_options);
    }
  });
}

}  // namespace akyn

#include <akyn/store.h>

#include <chrono>
#include <utility>

#include "engine/api/state.h"
#include "engine/load/bulk.h"
#include "engine/load/input.h"

namespace akyn {
namespace {

using api::guarded;

api::Source source(const std::shared_ptr<api::StoreState>& state) {
  return {state->database, nullptr, state->extensions};
}

LoadReport load_alone(const std::shared_ptr<storage::Database>& database, load::Input& input,
                      const LoadOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  load::Bulk bulk(database, options.memory, options.threads);
  static_cast<void>(bulk.read(input, options));
  const load::Counts counts = bulk.commit(options.on_progress);
  return {counts.read, counts.inserted, counts.skipped, std::chrono::steady_clock::now() - start};
}

}  // namespace

std::string_view version() noexcept {
  return AKYN_VERSION;
}

Store::Store(std::shared_ptr<api::StoreState> state) : state_(std::move(state)) {}

Store Store::open(const std::filesystem::path& directory, const StoreOptions& options) {
  return guarded([&] {
    return Store(std::make_shared<api::StoreState>(
        api::StoreState{storage::Database::open(directory, options), std::make_shared<api::Extensions>(options)}));
  });
}

Store Store::in_memory(const StoreOptions& options) {
  return guarded([&] {
    return Store(std::make_shared<api::StoreState>(
        api::StoreState{storage::Database::in_memory(options), std::make_shared<api::Extensions>(options)}));
  });
}

LoadReport Store::load(const std::filesystem::path& file, const LoadOptions& options) {
  return guarded([&] {
    load::Input input(file, options);
    return load_alone(state_->database, input, options);
  });
}

LoadReport Store::load(std::istream& input, const LoadOptions& options) {
  return guarded([&] {
    load::Input opened(input, options);
    return load_alone(state_->database, opened, options);
  });
}

Appender Store::append(const AppendOptions& options) {
  return guarded([&] { return Appender(std::make_unique<api::AppenderState>(state_->database, options)); });
}

Transaction Store::begin() {
  return guarded([&] {
    auto state = std::make_unique<api::TransactionState>();
    state->open = std::make_shared<api::OpenTransaction>(*state_);
    return Transaction(std::move(state));
  });
}

bool Store::insert(const Quad& quad) {
  Transaction transaction = begin();
  const bool changed = transaction.insert(quad);
  if (changed) transaction.commit();
  return changed;
}

bool Store::remove(const Quad& quad) {
  Transaction transaction = begin();
  const bool changed = transaction.remove(quad);
  if (changed) transaction.commit();
  return changed;
}

void Store::update(std::string_view text, const QueryOptions& options, CancelToken token) {
  Transaction transaction = begin();
  transaction.update(text, options, std::move(token));
  transaction.commit();
}

Query Store::prepare(std::string_view text, const QueryOptions& options) const {
  return guarded([&] { return api::prepare(source(state_), text, options); });
}

Quads Store::match(const Term& subject, const Term& predicate, const Term& object, const Graph& graph) const {
  return guarded([&] { return api::match(source(state_), subject, predicate, object, graph); });
}

std::uint64_t Store::count(const Term& subject, const Term& predicate, const Term& object, const Graph& graph) const {
  return guarded([&] { return api::count(source(state_), subject, predicate, object, graph); });
}

std::vector<Term> Store::graphs() const {
  return guarded([&] { return api::graphs(source(state_)); });
}

std::map<std::string, std::string> Store::prefixes() const {
  return guarded([&] { return api::prefixes(source(state_)); });
}

void Store::define_function(std::string_view iri, Function function, ArgumentCount count) {
  guarded([&] { state_->extensions->define_function(iri, std::move(function), count); });
}

void Store::define_aggregate(std::string_view iri, AggregateFactory make) {
  guarded([&] { state_->extensions->define_aggregate(iri, std::move(make)); });
}

}  // namespace akyn

#include <akyn/transaction.h>

#include <chrono>
#include <utility>

#include "engine/api/state.h"
#include "engine/load/load.h"

namespace akyn {
namespace {

using api::guarded;

api::OpenTransaction& open(const std::unique_ptr<api::TransactionState>& state) {
  if (!state) throw Error(ErrorCode::closed, "the transaction was moved away");
  return *state->open;
}

api::Source source(const std::unique_ptr<api::TransactionState>& state) {
  open(state).check();
  return {nullptr, state->open, state->open->extensions()};
}

template <class Load>
LoadReport timed(const Load& load) {
  const auto start = std::chrono::steady_clock::now();
  const load::Counts counts = load();
  LoadReport report;
  report.read = counts.read;
  report.inserted = counts.inserted;
  report.skipped = counts.skipped;
  report.elapsed = std::chrono::steady_clock::now() - start;
  return report;
}

}  // namespace

Transaction::Transaction(std::unique_ptr<api::TransactionState> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;

Transaction& Transaction::operator=(Transaction&& other) noexcept {
  if (this != &other) {
    rollback();
    state_ = std::move(other.state_);
  }
  return *this;
}

Transaction::~Transaction() {
  rollback();
}

bool Transaction::insert(const Quad& quad) {
  return guarded([&] { return api::insert(open(state_), quad); });
}

bool Transaction::insert(const Term& subject, const Term& predicate, const Term& object, const Term& graph) {
  return insert(Quad{subject, predicate, object, graph});
}

bool Transaction::remove(const Quad& quad) {
  return guarded([&] { return api::remove(open(state_), quad); });
}

bool Transaction::remove(const Term& subject, const Term& predicate, const Term& object, const Term& graph) {
  return remove(Quad{subject, predicate, object, graph});
}

void Transaction::update(std::string_view text, const QueryOptions& options, CancelToken token) {
  guarded([&] {
    open(state_).check();
    api::update(state_->open, text, options, token);
  });
}

LoadReport Transaction::load(const std::filesystem::path& file, const LoadOptions& options) {
  return guarded([&] { return timed([&] { return load::load_file(file, options, open(state_).writer()); }); });
}

LoadReport Transaction::load(std::istream& input, const LoadOptions& options) {
  return guarded([&] { return timed([&] { return load::load_stream(input, options, open(state_).writer()); }); });
}

Query Transaction::prepare(std::string_view text, const QueryOptions& options) const {
  return guarded([&] { return api::prepare(source(state_), text, options); });
}

Quads Transaction::match(const Term& subject, const Term& predicate, const Term& object, const Graph& graph) const {
  return guarded([&] { return api::match(source(state_), subject, predicate, object, graph); });
}

std::uint64_t Transaction::count(const Term& subject, const Term& predicate, const Term& object,
                                 const Graph& graph) const {
  return guarded([&] { return api::count(source(state_), subject, predicate, object, graph); });
}

std::vector<Term> Transaction::graphs() const {
  return guarded([&] { return api::graphs(source(state_)); });
}

std::map<std::string, std::string> Transaction::prefixes() const {
  return guarded([&] { return api::prefixes(source(state_)); });
}

void Transaction::commit() {
  guarded([&] { open(state_).commit(); });
}

void Transaction::rollback() noexcept {
  if (state_) state_->open->rollback();
}

}  // namespace akyn

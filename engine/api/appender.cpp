#include <akyn/appender.h>

#include <utility>

#include "engine/api/state.h"

namespace akyn {
namespace {

using api::guarded;

load::Bulk& open(const std::unique_ptr<api::AppenderState>& state) {
  if (!state) throw Error(ErrorCode::closed, "the appender was moved away");
  if (!state->bulk) throw Error(ErrorCode::closed, "the appender has ended");
  return *state->bulk;
}

// Runs a call that, when it fails, leaves nothing but the end.
template <class Call>
auto ending(const std::unique_ptr<api::AppenderState>& state, const Call& call) {
  return guarded([&] {
    load::Bulk& bulk = open(state);
    try {
      return call(bulk);
    } catch (...) {
      state->bulk = nullptr;
      throw;
    }
  });
}

LoadReport report(const load::Counts& counts, std::chrono::steady_clock::time_point start) {
  return {counts.read, counts.inserted, counts.skipped, std::chrono::steady_clock::now() - start};
}

}  // namespace

Appender::Appender(std::unique_ptr<api::AppenderState> state) : state_(std::move(state)) {}
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;
Appender::~Appender() = default;

void Appender::append(const Quad& quad) {
  guarded([&] { api::check_places(quad); });
  ending(state_, [&](load::Bulk& bulk) {
    bulk.add({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
  });
}

void Appender::append(const Term& subject, const Term& predicate, const Term& object, const Term& graph) {
  append(Quad{subject, predicate, object, graph});
}

LoadReport Appender::load(const std::filesystem::path& file, const LoadOptions& options) {
  return ending(state_, [&](load::Bulk& bulk) {
    const auto start = std::chrono::steady_clock::now();
    load::Input input(file, options);
    return report(bulk.read(input, options), start);
  });
}

LoadReport Appender::load(std::istream& input, const LoadOptions& options) {
  return ending(state_, [&](load::Bulk& bulk) {
    const auto start = std::chrono::steady_clock::now();
    load::Input opened(input, options);
    return report(bulk.read(opened, options), start);
  });
}

LoadReport Appender::commit() {
  return ending(state_, [&](load::Bulk& bulk) {
    const load::Counts counts = bulk.commit(state_->options.on_progress);
    state_->bulk = nullptr;
    return report(counts, state_->start);
  });
}

void Appender::rollback() noexcept {
  if (state_) state_->bulk = nullptr;
}

}  // namespace akyn

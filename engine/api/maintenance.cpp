// What keeps a store well, and says how it is.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>
#include <akyn/store.h>
#include "engine/api/state.h"
#include "engine/storage/backup.h"

namespace akyn {
namespace {

storage::WorkProgress progress(const WorkOptions& options) {
  if (!options.on_progress) return {};
  return [&options](std::string_view phase, std::uint64_t done, std::uint64_t total) {
    if (!options.on_progress({phase, done, total})) throw Error(ErrorCode::cancelled, "cancelled by the caller");
  };
}

// Adds what another partition has of a predicate. Subjects and objects may be the same there and here.
void add(PredicateStatistics& sum, const storage::PredicateStatistics& part) {
  sum.exact = sum.statements == 0 ? part.exact : false;
  sum.statements += part.rows;
  sum.subjects += part.subjects;
  sum.objects += part.objects;
}

// By name where there are as many.
template <class Statistics>
void most_frequent_first(std::vector<Statistics>& all, Term Statistics::*name) {
  std::sort(all.begin(), all.end(), [name](const Statistics& a, const Statistics& b) {
    return a.statements != b.statements ? a.statements > b.statements : (a.*name).to_string() < (b.*name).to_string();
  });
}

}  // namespace

StoreStatistics Store::statistics() const {
  return api::guarded([&] {
    const std::shared_ptr<const storage::Snapshot> snapshot = state_->database->snapshot();
    StoreStatistics statistics;
    statistics.statements = snapshot->count({}, storage::GraphScope::all());
    statistics.default_graph = snapshot->count({}, storage::GraphScope::default_graph());
    statistics.graphs = snapshot->named_graphs().size();
    statistics.terms = snapshot->terms();
    std::map<Id, PredicateStatistics> predicates;
    std::map<Id, std::uint64_t> classes;
    for (const storage::Partition partition : {storage::Partition::default_graph, storage::Partition::named_graphs}) {
      const storage::PartitionStatistics part = snapshot->statistics(partition, true);
      for (const storage::PredicateStatistics& predicate : part.predicates) {
        add(predicates[predicate.predicate], predicate);
      }
      for (const storage::ClassStatistics& type : part.classes) classes[type.type] += type.rows;
    }
    for (auto& [id, predicate] : predicates) {
      predicate.predicate = snapshot->term(id);
      statistics.predicates.push_back(std::move(predicate));
    }
    for (const auto& [id, statements] : classes) statistics.classes.push_back({snapshot->term(id), statements});
    most_frequent_first(statistics.predicates, &PredicateStatistics::predicate);
    most_frequent_first(statistics.classes, &ClassStatistics::type);
    return statistics;
  });
}

void Store::verify(const WorkOptions& options) const {
  api::guarded([&] { state_->database->verify(progress(options)); });
}

void Store::optimize(const WorkOptions& options) {
  api::guarded([&] { state_->database->optimize(progress(options)); });
}

void Store::finish_merges(const WorkOptions& options) {
  api::guarded([&] { state_->database->finish_merges(progress(options)); });
}

void Store::restore(const std::filesystem::path& backup, const std::filesystem::path& directory,
                    const WorkOptions& options) {
  api::guarded([&] {
    const auto check = [&](const std::filesystem::path& copy) {
      StoreOptions reading;
      reading.read_only = true;
      try {
        storage::Database::open(copy, reading)->verify(progress(options));
      } catch (const Error& error) {
        if (error.code() == ErrorCode::cancelled) throw;
        // What it says is of the copy, which goes.
        throw Error(error.code(), fmt::format("backup '{}' cannot be restored: {}", backup.string(), error.what()));
      }
    };
    storage::copy_backup(backup, directory, check, progress(options));
  });
}

void Store::backup(const std::filesystem::path& directory) const {
  api::guarded([&] { state_->database->back_up(directory); });
}

}  // namespace akyn

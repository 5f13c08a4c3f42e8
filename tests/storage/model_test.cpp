// Random histories of a store against a std::set.
#include <array>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "engine/storage/keys.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

using Model = std::set<QuadIds>;

constexpr std::array<GraphScope::Kind, 4> kKinds = {GraphScope::Kind::default_graph, GraphScope::Kind::named,
                                                    GraphScope::Kind::all_named, GraphScope::Kind::all};

bool in_scope(const QuadIds& quad, GraphScope graphs) {
  switch (graphs.kind) {
    case GraphScope::Kind::default_graph:
      return quad.graph == kDefaultGraph;
    case GraphScope::Kind::named:
      return quad.graph == graphs.graph && quad.graph != kDefaultGraph;
    case GraphScope::Kind::all_named:
      return quad.graph != kDefaultGraph;
    case GraphScope::Kind::all:
      return true;
  }
  return false;
}

std::vector<QuadIds> expected_rows(const Model& model, const TriplePattern& pattern, GraphScope graphs,
                                   Permutation order) {
  std::vector<QuadIds> found;
  for (const QuadIds& quad : model) {
    if (pattern.subject.is_bound() && quad.subject != pattern.subject) continue;
    if (pattern.predicate.is_bound() && quad.predicate != pattern.predicate) continue;
    if (pattern.object.is_bound() && quad.object != pattern.object) continue;
    if (in_scope(quad, graphs)) found.push_back(quad);
  }
  const ColumnOrder columns = columns_of(order);
  std::sort(found.begin(), found.end(),
            [&](const QuadIds& a, const QuadIds& b) { return permuted(a, columns) < permuted(b, columns); });
  return found;
}

class History {
 public:
  History(std::uint32_t seed, bool on_disk, const Tuning& tuning) : random_(seed), on_disk_(on_disk), tuning_(tuning) {
    reopen();
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      CAPTURE(step);
      take_step();
      check_committed();
      if (writer_ != nullptr) check_view(*writer_->snapshot(), pending_);
      database_->verify();
    }
  }

 private:
  std::uint32_t below(std::uint32_t bound) {
    return std::uniform_int_distribution<std::uint32_t>(0, bound - 1)(random_);
  }

  void reopen() {
    held_.clear();
    if (!on_disk_) {
      if (database_ == nullptr) database_ = open_database_in_memory(fast(), tuning_);
      return;
    }
    database_ = nullptr;
    database_ = open_database(directory_ / "store", fast(), tuning_);
  }

  // Few terms, so that quads meet again; some inlined, some not, one a triple term.
  Term term(std::uint32_t number) {
    switch (number % 8) {
      case 0:
        return ex("n" + std::to_string(number));
      case 1:
        return integer(number);
      case 2:
        return literal("text " + std::to_string(number));
      case 3:
        return lang_literal("text", number % 3 == 0 ? "en" : "ky");
      case 4:
        return typed_literal(std::to_string(number), "http://example.org/type");
      case 5:
        return triple_term(ex("s"), ex("p"), literal(std::to_string(number)));
      case 6:
        return blank("node" + std::to_string(number));
      default:
        return typed_literal("0" + std::to_string(number), "http://www.w3.org/2001/XMLSchema#integer");
    }
  }

  QuadIds random_quad() {
    if (!pending_.empty() && below(3) == 0) {
      auto it = pending_.begin();
      std::advance(it, below(static_cast<std::uint32_t>(pending_.size())));
      return *it;
    }
    return intern(*writer_, ex("n" + std::to_string(below(6))), ex("p" + std::to_string(below(3))), term(below(24)),
                  below(2) == 0 ? Term() : ex("g" + std::to_string(below(3))));
  }

  void change() {
    const QuadIds quad = random_quad();
    if (below(5) < 3) {
      CHECK(writer_->insert(quad) == pending_.insert(quad).second);
    } else {
      CHECK(writer_->remove(quad) == (pending_.erase(quad) == 1));
    }
  }

  void take_step() {
    if (writer_ == nullptr) {
      if (below(6) == 0) reopen();
      writer_ = database_->begin();
      pending_ = committed_;
      savepoints_.clear();
    }
    switch (below(12)) {
      case 0:
        writer_->commit();
        writer_ = nullptr;
        committed_ = pending_;
        committed_prefixes_ = prefixes_;
        break;
      case 1:
        writer_ = nullptr;
        prefixes_ = committed_prefixes_;
        break;
      case 2:
        savepoints_.push_back({writer_->savepoint(), pending_, prefixes_});
        break;
      case 3:
        if (!savepoints_.empty()) {
          savepoints_.resize(1 + below(static_cast<std::uint32_t>(savepoints_.size())));
          std::size_t number = 0;
          std::tie(number, pending_, prefixes_) = savepoints_.back();
          writer_->rollback_to(number);
        }
        break;
      case 4: {
        const std::string name = "p" + std::to_string(below(3));
        const std::string target = "http://example.org/" + std::to_string(below(10)) + "#";
        writer_->add_prefix(name, target);
        prefixes_[name] = target;
        break;
      }
      case 5:
        if (held_.size() < 4) held_.emplace_back(database_->snapshot(), committed_);
        break;
      default:
        for (std::uint32_t i = below(8) + 1; i > 0; --i) change();
    }
  }

  void check_committed() {
    const std::shared_ptr<const Snapshot> now = database_->snapshot();
    CHECK(now->prefixes() == committed_prefixes_);
    check_view(*now, committed_);
    for (const auto& [snapshot, model] : held_)
      CHECK(in_order(rows(*snapshot), Permutation::spo) ==
            expected_rows(model, {}, GraphScope::all(), Permutation::spo));
  }

  void check_view(const Snapshot& snapshot, const Model& model) {
    std::set<Id> graphs;
    for (const QuadIds& quad : model) {
      if (quad.graph != kDefaultGraph) graphs.insert(quad.graph);
    }
    CHECK(snapshot.named_graphs() == std::vector<Id>(graphs.begin(), graphs.end()));
    for (const GraphScope::Kind kind : kKinds) {
      GraphScope scope;
      scope.kind = kind;
      if (kind == GraphScope::Kind::named && !graphs.empty()) scope.graph = *graphs.begin();
      check_pattern(snapshot, model, {}, scope);
      if (model.empty()) continue;
      // A pattern that matches something, with a random choice of its places bound.
      auto it = model.begin();
      std::advance(it, below(static_cast<std::uint32_t>(model.size())));
      const std::uint32_t bound = below(8);
      check_pattern(snapshot, model,
                    {(bound & 1U) != 0 ? it->subject : Id(), (bound & 2U) != 0 ? it->predicate : Id(),
                     (bound & 4U) != 0 ? it->object : Id()},
                    scope);
      CHECK(snapshot.contains(*it));
      for (const Id id : {it->subject, it->predicate, it->object}) {
        const Term term = snapshot.term(id);
        CHECK(snapshot.find(term.view()) == id);
      }
    }
  }

  void check_pattern(const Snapshot& snapshot, const Model& model, const TriplePattern& pattern, GraphScope graphs) {
    const Permutation order = kQuadOrders[below(kQuadOrders.size())];
    CAPTURE(static_cast<int>(order));
    CAPTURE(static_cast<int>(graphs.kind));
    const std::vector<QuadIds> expected = expected_rows(model, pattern, graphs, order);
    CHECK(in_order(rows(*snapshot.scan(pattern, graphs, order)), order) == expected);
    CHECK(snapshot.count(pattern, graphs) == expected.size());
  }

  std::mt19937 random_;
  bool on_disk_;
  Tuning tuning_;
  TempDirectory directory_;
  std::shared_ptr<Database> database_;
  std::unique_ptr<Writer> writer_;
  Model committed_;
  Model pending_;
  std::map<std::string, std::string> committed_prefixes_;
  std::map<std::string, std::string> prefixes_;
  std::vector<std::tuple<std::size_t, Model, std::map<std::string, std::string>>> savepoints_;
  std::vector<std::pair<std::shared_ptr<const Snapshot>, Model>> held_;
};

TEST_CASE("random histories agree with a model") {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    // In memory and on disk, reopened now and then; with records alone and through runs and merges.
    History(seed, seed % 2 == 0, seed % 3 == 0 ? Tuning() : tiny()).run(100);
  }
}

}  // namespace
}  // namespace akyn::storage::test

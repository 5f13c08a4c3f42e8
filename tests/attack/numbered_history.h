// Numbered transactions, and what a store holds after each of them.
#pragma once

#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/storage/support.h"

namespace akyn::storage::test {

// Transactions 1, 2, 3, ... that are made of a seed: inserts and removals of one and of many quads, short and long
// texts, graphs that are cleared and moved. Each also replaces the one triple that says how many there have been, so
// that a store tells which state it is in. One thread at a time, but for states that have been asked for before.
class NumberedHistory {
 public:
  using State = std::set<std::string>;  // quads as text, long ones shortened

  // Long texts fill what RocksDB has in memory, so that it writes files and begins new logs.
  explicit NumberedHistory(unsigned seed, bool long_texts = true) : seed_(seed), long_texts_(long_texts) {}

  // Commits transaction `number` to a store that has those before it, or leaves it pending in `writer`.
  void commit(Database& database, int number) const {
    const auto writer = database.begin();
    run(*writer, number);
    writer->commit();
  }
  void run(Writer& writer, int number) const {
    for (const Step& step : steps(number)) {
      switch (step.kind) {
        case Step::Kind::insert:
          writer.insert(intern(writer, step.quad[0], step.quad[1], step.quad[2], step.quad[3]));
          break;
        case Step::Kind::remove:
          writer.remove(intern(writer, step.quad[0], step.quad[1], step.quad[2], step.quad[3]));
          break;
        case Step::Kind::clear:
          writer.clear_graph(intern(writer, step.quad[3]));
          break;
        case Step::Kind::move:
          writer.move_graph(intern(writer, step.quad[0]), intern(writer, step.quad[3]));
          break;
      }
    }
  }

  // After the first `number` transactions.
  const State& state(int number) {
    while (states_.size() <= static_cast<std::size_t>(number)) {
      State next = states_.back();
      for (const Step& step : steps(static_cast<int>(states_.size()))) apply(step, next);
      states_.push_back(std::move(next));
    }
    return states_[static_cast<std::size_t>(number)];
  }

  // What a store says: the number of transactions, and what it holds. -1 when it says several numbers.
  static int number_in(const Snapshot& snapshot) {
    const Id subject = snapshot.find(ex("history").view());
    const Id predicate = snapshot.find(ex("transactions").view());
    if (!subject.is_bound() || !predicate.is_bound()) return 0;
    const std::vector<QuadIds> found = rows(snapshot, {subject, predicate, Id()});
    if (found.empty()) return 0;
    return found.size() == 1 ? std::stoi(snapshot.term(found.front().object).value()) : -1;
  }
  static State state_in(const Snapshot& snapshot) {
    State state;
    for (const QuadIds& quad : rows(snapshot)) {
      state.insert(text_of({snapshot.term(quad.subject), snapshot.term(quad.predicate), snapshot.term(quad.object),
                            quad.graph.is_bound() ? snapshot.term(quad.graph) : Term()}));
    }
    return state;
  }

 private:
  using QuadTerms = std::array<Term, 4>;  // no graph: the default graph
  struct Step {
    enum class Kind : std::uint8_t { insert, remove, clear, move };
    Kind kind = Kind::insert;
    QuadTerms quad;  // of a move: from the first to the last
  };

  static std::string graph_text(const Term& graph) { return graph ? " " + graph.to_string() : std::string(); }
  static std::string text_of(const QuadTerms& quad) {
    std::string object = quad[2].to_string();
    if (object.size() > 100) object = object.substr(0, 60) + "... of " + std::to_string(object.size());
    return quad[0].to_string() + " " + quad[1].to_string() + " " + object + graph_text(quad[3]);
  }

  std::vector<Step> steps(int number) const {
    std::mt19937 random(seed_ * 7919U + static_cast<unsigned>(number));
    const auto any = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
    const auto name = [&](const char* kind, unsigned bound) { return ex(kind + std::to_string(any(bound))); };
    std::vector<Step> steps;
    if (number % 13 == 12) steps.push_back({Step::Kind::clear, {Term(), Term(), Term(), name("g", 3)}});
    if (number % 17 == 16) steps.push_back({Step::Kind::move, {name("g", 3), Term(), Term(), name("g", 3)}});
    const unsigned changes = number % 9 == 8 ? 30 + any(60) : 1 + any(4);
    for (unsigned i = 0; i < changes; ++i) {
      Term object = any(4) == 0
                        ? integer(static_cast<std::int64_t>(any(20)))
                        : literal("the text of number " + std::to_string(any(40 + static_cast<unsigned>(number))));
      if (long_texts_ && i == 0 && number % 6 == 5) object = literal(std::string(100'000 + any(100'000), 'x'));
      steps.push_back({any(3) == 0 ? Step::Kind::remove : Step::Kind::insert,
                       {name("s", 8), name("p", 3), std::move(object), any(2) == 0 ? Term() : name("g", 3)}});
    }
    steps.push_back({Step::Kind::remove, {ex("history"), ex("transactions"), integer(number - 1), Term()}});
    steps.push_back({Step::Kind::insert, {ex("history"), ex("transactions"), integer(number), Term()}});
    return steps;
  }

  static void apply(const Step& step, State& state) {
    const auto take_graph = [&](const Term& graph) {
      const std::string end = graph_text(graph);
      State taken;
      for (auto it = state.begin(); it != state.end();) {
        if (it->ends_with(end)) {
          taken.insert(it->substr(0, it->size() - end.size()));
          it = state.erase(it);
        } else {
          ++it;
        }
      }
      return taken;
    };
    switch (step.kind) {
      case Step::Kind::insert:
        state.insert(text_of(step.quad));
        break;
      case Step::Kind::remove:
        state.erase(text_of(step.quad));
        break;
      case Step::Kind::clear:
        static_cast<void>(take_graph(step.quad[3]));
        break;
      case Step::Kind::move:
        if (step.quad[0] == step.quad[3]) break;
        static_cast<void>(take_graph(step.quad[3]));
        for (const std::string& triple : take_graph(step.quad[0])) state.insert(triple + graph_text(step.quad[3]));
        break;
    }
  }

  unsigned seed_;
  bool long_texts_;
  std::vector<State> states_ = {{}};
};

}  // namespace akyn::storage::test

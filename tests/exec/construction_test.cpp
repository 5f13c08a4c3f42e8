// CONSTRUCT as its pattern's solutions come, compared with the oracle's.
#include <algorithm>
#include <functional>
#include <set>

#include "engine/exec/construction.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {
namespace {

// The solutions of a pattern in batches of so many rows, equal neighbours as one counted row if asked for.
class Pieces final : public Answer {
 public:
  Pieces(Solutions solutions, std::size_t rows, bool counted)
      : Answer(solutions.slots(), solutions.variables()),
        solutions_(std::move(solutions)),
        rows_(rows),
        counted_(counted) {}

  bool next(Batch& out) override {
    ++pulls;
    out.reset(slots().size());
    while (position_ < solutions_.size() && out.rows() < rows_) {
      const std::span<const Id> row = solutions_.row(position_);
      std::uint64_t count = 1;
      while (counted_ && position_ + count < solutions_.size() &&
             std::ranges::equal(row, solutions_.row(position_ + count))) {
        ++count;
      }
      for (std::size_t i = 0; i < row.size(); ++i) out.values(i).push_back(row[i].bits());
      if (counted_) out.count_values().push_back(count);
      out.set_rows(out.rows() + 1);
      position_ += count;
    }
    return out.rows() > 0;
  }

  std::size_t pulls = 0;

 private:
  Solutions solutions_;
  std::size_t rows_;
  bool counted_;
  std::size_t position_ = 0;
};

std::vector<TripleIds> read(Answer& answer) {
  std::vector<TripleIds> triples;
  Batch batch;
  while (answer.next(batch)) {
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      triples.push_back(
          {Id::from_bits(batch.column(0)[i]), Id::from_bits(batch.column(1)[i]), Id::from_bits(batch.column(2)[i])});
    }
  }
  return triples;
}

const std::string kData = ":a :p 1, 2, 3 . :b :p 2 . :c :p 'x', 1 . :d :q :a .";

TEST_CASE("the oracle's triples, in its order") {
  TestStore store(kData);
  for (const char* text : {"CONSTRUCT { ?s :r ?o . ?o :r ?s . :all :has ?s } WHERE { ?s :p ?o }",
                           "CONSTRUCT { ?s :r <<( ?s ?q ?o )>> } WHERE { ?s ?q ?o }",
                           "CONSTRUCT { ?s :r ?none } WHERE { ?s :p ?o }", "CONSTRUCT {} WHERE { ?s :p ?o }"}) {
    CAPTURE(text);
    for (const bool counted : {false, true}) {
      LocalTerms terms = store.terms();
      const algebra::Query query = translated(text);
      const std::vector<TripleIds> expected = evaluate_construct(query, terms, store.environment);
      Budget budget(store.environment.limits, terms);
      Construction construction(
          query.construct,
          std::make_unique<Pieces>(oracle::evaluate_pattern(query, terms, store.environment), 2, counted), terms,
          budget);
      CHECK(read(construction) == expected);
    }
  }
}

TEST_CASE("every solution has blank nodes of its own, equal ones too") {
  TestStore store(kData);
  const algebra::Query query =
      translated("CONSTRUCT { _:n :of ?o ; :again ?o } WHERE { { ?o :q :a } UNION { ?o :q :a } UNION { ?o :q :a } }");
  for (const bool counted : {false, true}) {
    LocalTerms terms = store.terms();
    Budget budget(store.environment.limits, terms);
    Construction construction(
        query.construct,
        std::make_unique<Pieces>(oracle::evaluate_pattern(query, terms, store.environment), 10, counted), terms,
        budget);
    const std::vector<TripleIds> triples = read(construction);
    CHECK(triples.size() == 6);
    std::set<Id> nodes;
    for (const TripleIds& triple : triples) nodes.insert(triple.subject);
    CHECK(nodes.size() == 3);
  }
}

TEST_CASE("triples come before all solutions are there, and are counted against the limits") {
  TestStore store(kData);
  LocalTerms terms = store.terms();
  const algebra::Query query = translated("CONSTRUCT { ?s :r ?o } WHERE { ?s :p ?o }");
  const Solutions solutions = oracle::evaluate_pattern(query, terms, store.environment);
  const auto pieces = [&] { return std::make_unique<Pieces>(solutions, 1, false); };
  Batch batch;
  {
    Budget budget(store.environment.limits, terms);
    auto pattern = pieces();
    const Pieces& watched = *pattern;
    Construction construction(query.construct, std::move(pattern), terms, budget);
    CHECK(watched.pulls == 0);
    REQUIRE(construction.next(batch));
    CHECK(batch.rows() == 1);
    CHECK(watched.pulls == 1);
  }
  ExecutionLimits limits;
  limits.max_rows = 2;
  Budget few(limits, terms);
  Construction construction(query.construct, pieces(), terms, few);
  REQUIRE(construction.next(batch));
  REQUIRE(construction.next(batch));
  CHECK(error_of([&] { (void)construction.next(batch); }) == "the answer has more than its limit of 2 triples");

  limits.max_rows = 0;
  limits.max_bytes = 100;
  Budget small(limits, terms);
  Construction large(query.construct, pieces(), terms, small);
  CHECK(error_of([&] { (void)read(large); }).find("memory limit") != std::string::npos);
}

TEST_CASE("computed triples come in batches") {
  std::vector<TripleIds> triples(kBatchRows + 1, {Id(IdType::iri, 1), Id(IdType::iri, 2), Id(IdType::iri, 3)});
  ComputedTriples answer(triples);
  CHECK(read(answer) == triples);
}

}  // namespace
}  // namespace akyn::exec::test

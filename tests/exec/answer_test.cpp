// Answers as they are read: one batch at a time, counted rows, limits, errors.
#include <functional>
#include <optional>

#include "engine/exec/answer_cursor.h"
#include "engine/exec/column_reader.h"
#include "engine/exec/operator_answer.h"
#include "engine/exec/packed_term.h"
#include "engine/exec/term_cells.h"
#include "engine/term/inline_id.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {
namespace {

std::uint64_t bits(std::int64_t number) {
  return inline_id(integer(number).view())->bits();
}

// Batches that a function makes, by their number from 0, until it makes none.
class MadeAnswer final : public Answer {
 public:
  using Make = std::function<bool(std::size_t number, Batch& out)>;
  MadeAnswer(std::vector<std::string> variables, Make make)
      : Answer(std::vector<algebra::Slot>(variables.size()), std::move(variables)), make_(std::move(make)) {}

  bool next(Batch& out) override {
    out.reset(variables().size());
    return make_(number_++, out);
  }

 private:
  Make make_;
  std::size_t number_ = 0;
};

void fill(Batch& out, const std::vector<std::uint64_t>& values, const std::vector<std::uint64_t>& counts = {}) {
  out.values(0) = values;
  if (!counts.empty()) out.count_values() = counts;
  out.set_rows(values.size());
}

// The batches [1 2] [3 4] ..., without end, and how many were asked for.
std::unique_ptr<Answer> endless(std::size_t& pulls) {
  return std::make_unique<MadeAnswer>(std::vector<std::string>{"x"}, [&pulls](std::size_t number, Batch& out) {
    ++pulls;
    const auto first = static_cast<std::int64_t>(2 * number + 1);
    fill(out, {bits(first), bits(first + 1)});
    return true;
  });
}

TEST_CASE("an answer is computed as far as it is read") {
  std::size_t pulls = 0;
  AnswerCursor cursor(endless(pulls), 0);
  CHECK(pulls == 1);
  CHECK_FALSE(cursor.at_row());
  for (int i = 1; i <= 5; ++i) {
    CHECK(cursor.ready() == (i % 2 == 0 || i == 1));
    REQUIRE(cursor.next());
    CHECK(cursor.at_row());
    CHECK(cursor.column(0)[cursor.row()] == bits(i));
    CHECK(pulls == static_cast<std::size_t>(i + 1) / 2);
  }
}

TEST_CASE("a counted row is given as often as it counts, with its term") {
  const TestStore store;
  const LocalTerms terms = store.terms();
  AnswerCursor cursor(std::make_unique<MadeAnswer>(std::vector<std::string>{"x"},
                                                   [](std::size_t number, Batch& out) {
                                                     if (number == 0) fill(out, {bits(7), 0}, {3, 1});
                                                     if (number == 1) fill(out, {bits(8)}, {std::uint64_t{1} << 60});
                                                     return number < 2;
                                                   }),
                      0);
  TermCells cells(cursor, terms);
  std::string read;
  for (int i = 0; i < 6; ++i) {
    REQUIRE(cursor.next());
    read += text_of(cells[0]) + ' ';
  }
  CHECK(read == "7 7 7 - 8 8 ");
  CHECK(cursor.ready());
}

TEST_CASE("the end of an answer stays the end") {
  AnswerCursor cursor(
      std::make_unique<MadeAnswer>(std::vector<std::string>{}, [](std::size_t, Batch&) { return false; }), 0);
  CHECK_FALSE(cursor.ready());
  CHECK_FALSE(cursor.next());
  CHECK_FALSE(cursor.next());
  CHECK_FALSE(cursor.at_row());
}

TEST_CASE("solutions of no variables count, too") {
  const auto make = [](std::size_t number, Batch& out) {
    if (number > 0) return false;
    out.set_rows(3);
    return true;
  };
  AnswerCursor cursor(std::make_unique<MadeAnswer>(std::vector<std::string>{}, make), 0);
  for (int i = 0; i < 3; ++i) CHECK(cursor.next());
  CHECK_FALSE(cursor.next());
}

TEST_CASE("more rows than the limit are an error when they are found") {
  std::size_t pulls = 0;
  CHECK(error_of([&] { AnswerCursor(endless(pulls), 1); }) == "the answer has more than its limit of 1 rows");
  AnswerCursor cursor(endless(pulls), 4);
  for (int i = 0; i < 4; ++i) REQUIRE(cursor.next());
  CHECK(error_of([&] { (void)cursor.next(); }) == "the answer has more than its limit of 4 rows");
  CHECK_FALSE(cursor.at_row());
  // Solutions count, not rows.
  const auto counted = [](std::size_t, Batch& out) {
    fill(out, {bits(1)}, {5});
    return true;
  };
  CHECK(error_of([&] { AnswerCursor(std::make_unique<MadeAnswer>(std::vector<std::string>{"x"}, counted), 4); }) ==
        "the answer has more than its limit of 4 rows");
}

TEST_CASE("an answer that failed is not asked again and fails again") {
  std::size_t pulls = 0;
  AnswerCursor cursor(std::make_unique<MadeAnswer>(std::vector<std::string>{"x"},
                                                   [&pulls](std::size_t number, Batch& out) {
                                                     ++pulls;
                                                     if (number == 1) throw Error(ErrorCode::timeout, "too late");
                                                     fill(out, {bits(1)});
                                                     return true;
                                                   }),
                      0);
  REQUIRE(cursor.next());
  for (int i = 0; i < 2; ++i) {
    CHECK(error_of([&] { (void)cursor.next(); }) == "too late");
    CHECK_FALSE(cursor.at_row());
    CHECK_FALSE(cursor.ready());
  }
  CHECK(pulls == 2);
}

TEST_CASE("a computed answer comes in batches") {
  constexpr std::size_t kRows = 2 * kBatchRows + 1;
  std::vector<Id> cells;
  for (std::size_t i = 0; i < kRows; ++i) {
    cells.push_back(Id::from_bits(bits(static_cast<std::int64_t>(i))));
    cells.push_back(Id());
  }
  ComputedAnswer answer(Solutions({4, 2}, {"x", "y"}, cells, kRows));
  CHECK(answer.slots() == std::vector<algebra::Slot>{4, 2});
  CHECK(answer.variables() == std::vector<std::string>{"x", "y"});
  Batch batch;
  std::size_t rows = 0;
  while (answer.next(batch)) {
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      REQUIRE(batch.column(0)[i] == bits(static_cast<std::int64_t>(rows + i)));
      REQUIRE(batch.column(1)[i] == 0);
    }
    rows += batch.rows();
  }
  CHECK(rows == kRows);
  CHECK(batch.rows() == 0);
}

// ---------------------------------------------------------------- operators

// One batch of [1 2] and [3 4], counted; the deadline as the run has it when asked.
class Pairs final : public Operator {
 public:
  Pairs(Run& run, std::vector<Slot> columns) : Operator(run, std::move(columns)) {}

  std::vector<std::chrono::steady_clock::time_point> deadlines;

 protected:
  bool produce(Batch& out) override {
    deadlines.push_back(*run().budget().limits().deadline);
    if (deadlines.size() > 2) return false;
    out.values(0) = {bits(1), bits(3)};
    out.values(1) = {bits(2), bits(4)};
    out.count_values() = {1, 2};
    out.set_rows(2);
    return true;
  }
};

TEST_CASE("columns of operators in the order asked for, parameters as constants, the rest unbound") {
  TestStore store;
  LocalTerms terms = store.terms();
  store.environment.limits.deadline = std::chrono::steady_clock::now() + std::chrono::hours(1);
  const algebra::Query query =
      translated("SELECT ?b ?none ?p ?a { ?a ?b ?c FILTER(?p = 5) }", {{"p", literal("five")}});
  auto run = std::make_unique<Run>(query, terms, store.environment);
  auto root = std::make_unique<Pairs>(*run, std::vector<Slot>{*query.variables.find("a"), *query.variables.find("b")});
  const Pairs& pairs = *root;
  OperatorAnswer answer(query, query.columns, *run, std::move(root));
  CHECK(answer.variables() == std::vector<std::string>{"b", "none", "p", "a"});

  Batch batch;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(answer.next(batch));
    REQUIRE(batch.rows() == 2);
    CHECK(batch.column(0)[1] == bits(4));
    CHECK(batch.column(1)[1] == 0);
    CHECK(terms.term(Id::from_bits(batch.column(2)[1])) == literal("five"));
    CHECK(batch.column(3)[1] == bits(3));
    CHECK(batch.solutions() == 3);
  }
  CHECK_FALSE(answer.next(batch));
  // What the reader takes between two batches is not the run's time.
  CHECK(pairs.deadlines[0] == *store.environment.limits.deadline);
  CHECK(pairs.deadlines[1] > pairs.deadlines[0]);
}

// ---------------------------------------------------------------- columns

TEST_CASE("columns nobody looks at are not decoded, others from where somebody does") {
  const TestStore store;
  const LocalTerms terms = store.terms();
  const auto make = [](std::size_t number, Batch& out) {
    if (number == 3) return false;
    for (std::size_t i = 0; i < 1000; ++i) {
      out.values(0).push_back(bits(static_cast<std::int64_t>(number * 1000 + i)));
    }
    out.set_rows(1000);
    return true;
  };
  AnswerCursor cursor(std::make_unique<MadeAnswer>(std::vector<std::string>{"x"}, make), 0);
  std::size_t written = 0;
  ColumnReader column(cursor, 0, terms, [&](std::string& out, const TermView& term) {
    ++written;
    out += term.value;
  });
  for (int i = 0; i < 500; ++i) REQUIRE(cursor.next());
  CHECK(column.text() == "499");
  const std::size_t first = written;
  CHECK(first < 100);
  CHECK(column.text() == "499");
  CHECK(written == first);
  while (cursor.next()) {
    REQUIRE(column.text() == std::to_string((cursor.batch_number() - 1) * 1000 + cursor.row()));
  }
  CHECK(written == 2501);
}

TEST_CASE("columns of long terms are decoded a few rows at a time") {
  const TestStore store;
  const LocalTerms terms = store.terms();
  const auto make = [](std::size_t number, Batch& out) {
    if (number > 0) return false;
    for (std::size_t i = 0; i < 4000; ++i) out.values(0).push_back(bits(static_cast<std::int64_t>(i)));
    out.set_rows(4000);
    return true;
  };
  AnswerCursor cursor(std::make_unique<MadeAnswer>(std::vector<std::string>{"x"}, make), 0);
  std::size_t written = 0;
  ColumnReader column(cursor, 0, terms, [&](std::string& out, const TermView&) {
    ++written;
    out.append(std::size_t{1} << 20, 'x');
  });
  std::size_t read = 0;
  std::size_t ahead = 0;
  while (read < 60 && cursor.next()) {
    CHECK(column.text().size() == std::size_t{1} << 20);
    ++read;
    ahead = std::max(ahead, written - read);
  }
  CHECK(ahead < 16);
}

TEST_CASE("packed terms") {
  const Term inner = triple_term(blank("b"), iri("http://example/p"), lang_literal("x", "ar", Direction::rtl));
  const std::vector<Term> all = {iri("http://example/a"),
                                 blank("label"),
                                 literal(""),
                                 literal(std::string("zero \0 byte", 11)),
                                 lang_literal("Жаңы", "ky"),
                                 typed_literal("5", "http://example/" + std::string(300, 'd')),
                                 integer(5),
                                 inner,
                                 triple_term(iri("http://example/s"), iri("http://example/q"), inner)};
  for (const Term& term : all) {
    std::string packed;
    append_packed(packed, term.view());
    CHECK(unpack_term(packed) == term);
    CHECK(unpack_term(packed).to_string() == term.to_string());
  }
  CHECK_FALSE(unpack_term(""));
}

}  // namespace
}  // namespace akyn::exec::test

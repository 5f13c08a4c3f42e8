// Terms of columns, fetched many at a time, as every result format writes them one by one.
#include <random>
#include <sstream>

#include "engine/exec/answer_cursor.h"
#include "engine/exec/column_reader.h"
#include "engine/exec/packed_term.h"
#include "engine/exec/term_cells.h"
#include "engine/results/writer.h"
#include "tests/exec/support.h"

namespace akyn::exec::test {
namespace {

using Random = std::mt19937;
const std::string kXsd = "http://www.w3.org/2001/XMLSchema#";

// Text of characters that some format has to escape and of those around them.
std::string random_text(Random& random) {
  static const std::vector<std::string> kPieces = {"a",    "bc", " ",        "\"", "\\", "\n", "\r",           "\t",
                                                   ",",    "&",  "<",        ">",  "'",  "é",  "\xEF\xBC\x81", "😀",
                                                   "\x7F", "0",  "long text"};
  std::string text;
  for (auto left = random() % 12; left > 0; --left) text += kPieces[random() % kPieces.size()];
  return text;
}

Term random_term(Random& random, int depth = 0) {
  const std::string number = std::to_string(random() % 50);
  switch (random() % (depth < 2 ? 14 : 13)) {
    case 0:
    case 1:
      return iri("http://example/item" + number);
    case 2:
      return literal(random_text(random));
    case 3:
      return lang_literal(random_text(random), random() % 2 == 0 ? "en" : "ky-KG");
    case 4:
      return lang_literal(random_text(random), "ar", random() % 2 == 0 ? Direction::rtl : Direction::ltr);
    case 5:
      return typed_literal(random_text(random), "http://example/type" + number);
    case 6:
      return integer(static_cast<std::int64_t>(random() % 100) - 50);
    case 7:
      return typed_literal("0" + number, kXsd + "integer");
    case 8:
      return decimal(number + ".50");
    case 9:
      return number == "0" ? akyn::number(0.25) : typed_literal(number + "e3", kXsd + "double");
    case 10:
      return date_time("2020-10-05T10:00:" + std::to_string(10 + random() % 50) + "Z");
    case 11:
      return boolean(random() % 2 == 0);
    case 12:
      return typed_literal(number, kXsd + "int");
    default:
      return triple_term(iri("http://example/s" + number), iri("http://example/p"), random_term(random, depth + 1));
  }
}

void add_terms(TestStore& store, Random& random) {
  const auto writer = store.database().begin();
  const Id subject = writer->intern(iri("http://example/subject").view());
  for (int i = 0; i < 600; ++i) {
    const Id id = i % 20 == 0 ? writer->new_blank() : writer->intern(random_term(random).view());
    writer->insert({subject, subject, id, storage::kDefaultGraph});
  }
  writer->commit();
}

// Stored terms of all kinds, computed ones, blank nodes of both, and unbound.
std::vector<Id> random_ids(LocalTerms& terms, Random& random) {
  std::vector<Id> stored;
  const auto scan = terms.snapshot().scan({}, storage::GraphScope::all());
  storage::ScanBatch batch;
  while (scan->next(batch)) stored.insert(stored.end(), batch.objects.begin(), batch.objects.end());
  std::vector<Id> ids;
  for (int i = 0; i < 3000; ++i) {
    switch (random() % 12) {
      case 0:
        ids.emplace_back();
        break;
      case 1:
        ids.push_back(terms.id(random_term(random)));
        break;
      case 2:
        ids.push_back(random() % 8 == 0 || ids.empty() ? terms.new_blank() : ids.back());
        break;
      default:
        ids.push_back(stored[random() % stored.size()]);
    }
  }
  return ids;
}

TEST_CASE("rows of texts are the rows of terms, in every format") {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    Random random(seed);
    TestStore store;
    add_terms(store, random);
    if (seed % 2 == 0) store.database().optimize();
    LocalTerms terms = store.terms();
    const std::vector<Id> cells = random_ids(terms, random);
    const std::size_t rows = cells.size() / 3;
    const std::vector<std::string> names = {"x", "y", "z"};
    const auto answer = [&] { return std::make_unique<ComputedAnswer>(Solutions({0, 1, 2}, names, cells, rows)); };

    AnswerCursor cursor(answer(), 0);
    TermCells current(cursor, terms);
    for (std::size_t row = 0; row < rows; ++row) {
      REQUIRE(cursor.next());
      for (std::size_t i = 0; i < 3; ++i) {
        const Term expected = terms.term(cells[row * 3 + i]);
        REQUIRE(current[i] == expected);
        REQUIRE(current[i].to_string() == expected.to_string());
        REQUIRE(current[i].value() == expected.value());
      }
    }

    for (const ResultFormat format :
         {ResultFormat::table, ResultFormat::json, ResultFormat::xml, ResultFormat::csv, ResultFormat::tsv}) {
      CAPTURE(static_cast<int>(format));
      const ResultOptions options{.table_width = seed * 30, .prefixes = {{"e", "http://example/"}}};
      std::ostringstream one_by_one;
      const auto plain = results::make_writer(format, one_by_one, options);
      plain->begin(names);
      for (std::size_t row = 0; row < rows; ++row) {
        std::vector<Term> owned;
        for (std::size_t i = 0; i < 3; ++i) owned.push_back(terms.term(cells[row * 3 + i]));
        const std::vector<const Term*> pointers = {&owned[0], owned[1] ? &owned[1] : nullptr, &owned[2]};
        plain->row(pointers);
      }
      plain->end();

      std::ostringstream by_column;
      const auto writer = results::make_writer(format, by_column, options);
      AnswerCursor again(answer(), 0);
      const auto write = [&](std::string& out, const TermView& term) { writer->append_text(out, term); };
      std::vector<ColumnReader> columns;
      for (std::size_t i = 0; i < 3; ++i) columns.emplace_back(again, i, terms, write);
      writer->begin(names);
      while (again.next()) {
        const std::vector<std::string_view> texts = {columns[0].text(), columns[1].text(), columns[2].text()};
        writer->row(texts);
      }
      writer->end();
      CHECK(by_column.str() == one_by_one.str());
    }
  }
}

TEST_CASE("a term is written once, however often it comes, as long as it is remembered") {
  const TestStore store(":a :b :c, :d, 1, 'x' .");
  LocalTerms terms = store.terms();
  std::size_t written = 0;
  TermTexts texts(terms, [&](std::string& out, const TermView& term) {
    ++written;
    append_ntriples(out, term);
  });
  const std::uint64_t c = terms.id(iri("http://example/c")).bits();
  const std::uint64_t d = terms.id(iri("http://example/d")).bits();
  const std::uint64_t one = terms.id(integer(1)).bits();
  texts.decode(std::vector<std::uint64_t>{c, d, c, 0, one, one, c});
  CHECK(written == 3);
  CHECK(texts.size() == 7);
  CHECK(texts[0] == "<http://example/c>");
  CHECK(texts[1] == "<http://example/d>");
  CHECK(texts[3].empty());
  CHECK(texts[5] == "\"1\"^^<" + kXsd + "integer>");
  CHECK(texts[6] == texts[0]);
  texts.decode(std::vector<std::uint64_t>{one, d});
  CHECK(written == 3);
  CHECK(texts[1] == "<http://example/d>");

  // Memory has bounds: what was remembered goes, and comes back when asked for.
  std::vector<std::uint64_t> many;
  for (std::int64_t i = 0; i < 20'000; ++i) many.push_back(terms.id(integer(1'000'000 + i)).bits());
  texts.decode(many);
  CHECK(texts[19'999] == "\"1019999\"^^<" + kXsd + "integer>");
  const std::size_t before = written;
  texts.decode(std::vector<std::uint64_t>{d, many[0]});
  CHECK(written == before + 2);
  CHECK(texts[0] == "<http://example/d>");
}

TEST_CASE("a writer that refuses a term leaves no texts") {
  const TestStore store;
  LocalTerms terms = store.terms();
  bool refuse = true;
  TermTexts texts(terms, [&](std::string& out, const TermView& term) {
    if (refuse && term.value == "2") throw Error(ErrorCode::unsupported, "not that");
    out += term.value;
  });
  const std::vector<std::uint64_t> ids = {terms.id(integer(1)).bits(), terms.id(integer(2)).bits()};
  CHECK(error_of([&] { texts.decode(ids); }) == "not that");
  CHECK(texts.size() == 0);
  refuse = false;
  texts.decode(ids);
  CHECK(texts[1] == "2");
}

}  // namespace
}  // namespace akyn::exec::test

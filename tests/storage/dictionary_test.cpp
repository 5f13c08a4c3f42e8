#include "engine/storage/term_codec.h"
#include "tests/storage/support.h"

namespace akyn::storage::test {
namespace {

const std::string kXsd = "http://www.w3.org/2001/XMLSchema#";

std::vector<Term> odd_terms() {
  return {
      iri("http://example.org/"),
      iri("urn:x:\u043a\u044b\u0440\u0433\u044b\u0437"),
      literal(""),
      literal(std::string("nul \0 and more", 14)),
      literal("line\nbreak \"quoted\" \\ \U0001F600"),
      literal(std::string(kLongestPlainKey, 'x')),
      literal(std::string(kLongestPlainKey + 1, 'x')),
      literal(std::string(3'000'000, 'y')),
      iri("http://example.org/" + std::string(5000, 'z')),
      lang_literal("text", "en"),
      lang_literal("text", "en-GB"),
      lang_literal("text", "ar", Direction::rtl),
      lang_literal("text", "ar", Direction::ltr),
      lang_literal("text", "ar"),
      lang_literal("", "ky"),
      typed_literal("1", kXsd + "integer"),
      typed_literal("01", kXsd + "integer"),
      typed_literal("+1", kXsd + "integer"),
      typed_literal("-0", kXsd + "integer"),
      typed_literal("123456789012345678901234567890", kXsd + "integer"),
      typed_literal("1", kXsd + "int"),
      typed_literal("one", kXsd + "integer"),
      typed_literal("1.0", kXsd + "decimal"),
      typed_literal("1.50", kXsd + "decimal"),
      typed_literal("1.0E0", kXsd + "double"),
      typed_literal("1e0", kXsd + "double"),
      typed_literal("0.1", kXsd + "double"),
      typed_literal("NaN", kXsd + "double"),
      typed_literal("1.5", kXsd + "float"),
      typed_literal("true", kXsd + "boolean"),
      typed_literal("1", kXsd + "boolean"),
      typed_literal("2020-10-15", kXsd + "date"),
      typed_literal("2020-10-15Z", kXsd + "date"),
      typed_literal("2020-10-15+06:00", kXsd + "date"),
      typed_literal("2020-10-15T12:00:00", kXsd + "dateTime"),
      typed_literal("2020-10-15T12:00:00.000Z", kXsd + "dateTime"),
      typed_literal("2020-13-45", kXsd + "date"),
      typed_literal("", "http://example.org/type"),
      typed_literal("text", "http://example.org/type"),
      typed_literal("e/typetext", "http://example.org/typ"),
      triple_term(ex("s"), ex("p"), ex("o")),
      triple_term(ex("s"), ex("p"), integer(5)),
      triple_term(ex("s"), ex("p"), triple_term(ex("s"), ex("p"), lang_literal("inner", "en"))),
  };
}

TEST_CASE("terms come back exactly as they were written, after reopening too") {
  const TempDirectory directory;
  const std::vector<Term> terms = odd_terms();
  std::vector<Id> ids;
  {
    const auto database = Database::open(directory / "store", fast());
    auto writer = database->begin();
    for (const Term& term : terms) {
      ids.push_back(intern(*writer, term));
      writer->insert({intern(*writer, ex("s")), intern(*writer, ex("p")), ids.back(), Id()});
      CHECK(writer->snapshot()->term(ids.back()) == term);
      CHECK(writer->snapshot()->find(term.view()) == ids.back());
    }
    writer->commit();
    database->verify();
  }
  const auto database = Database::open(directory / "store", fast());
  const auto snapshot = database->snapshot();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    CHECK(snapshot->find(terms[i].view()) == ids[i]);
    const Term term = snapshot->term(ids[i]);
    CHECK(term == terms[i]);
    CHECK(term.to_string() == terms[i].to_string());
    CHECK(term.datatype() == terms[i].datatype());
    CHECK(term.direction() == terms[i].direction());
    for (std::size_t other = 0; other < i; ++other) CHECK(ids[other] != ids[i]);
  }
  auto writer = database->begin();
  for (std::size_t i = 0; i < terms.size(); ++i) CHECK(intern(*writer, terms[i]) == ids[i]);
  database->verify();
}

TEST_CASE("language tags compare without case and keep the form first written") {
  const auto database = memory();
  auto writer = database->begin();
  const Id id = intern(*writer, lang_literal("colour", "en-GB"));
  CHECK(intern(*writer, lang_literal("colour", "EN-gb")) == id);
  CHECK(intern(*writer, lang_literal("COLOUR", "en-gb")) != id);
  const Id in_triple = intern(*writer, triple_term(ex("s"), ex("p"), lang_literal("colour", "en-GB")));
  writer->insert({intern(*writer, ex("s")), intern(*writer, ex("p")), in_triple, Id()});
  CHECK(writer->snapshot()->term(id).language() == "en-GB");
  writer->commit();
  const auto snapshot = database->snapshot();
  CHECK(snapshot->find(lang_literal("colour", "en-gb").view()) == id);
  CHECK(snapshot->find(triple_term(ex("s"), ex("p"), lang_literal("colour", "en-gb")).view()) == in_triple);
  CHECK(snapshot->term(id).language() == "en-GB");
  writer = database->begin();
  CHECK(intern(*writer, lang_literal("colour", "en-gb")) == id);
}

TEST_CASE("terms that no committed quad uses leave no trace") {
  const auto database = memory();
  auto writer = database->begin();
  const QuadIds kept = intern(*writer, ex("s"), ex("p"), triple_term(ex("a"), ex("b"), literal("inside")));
  const QuadIds undone = intern(*writer, ex("s"), ex("p"), literal("undone"));
  CHECK(intern(*writer, literal("never used")).is_bound());
  writer->insert(kept);
  const std::size_t savepoint = writer->savepoint();
  writer->insert(undone);
  writer->rollback_to(savepoint);
  writer->commit();
  const auto snapshot = database->snapshot();
  CHECK(snapshot->find(literal("inside").view()).is_bound());
  CHECK(snapshot->find(ex("a").view()).is_bound());
  CHECK_FALSE(snapshot->find(literal("undone").view()).is_bound());
  CHECK_FALSE(snapshot->find(literal("never used").view()).is_bound());
  database->verify();
}

TEST_CASE("inlined Ids are found in an empty store") {
  const auto snapshot = memory()->snapshot();
  const Id id = snapshot->find(integer(42).view());
  REQUIRE(id.is_inlined());
  CHECK(snapshot->term(id) == integer(42));
  CHECK_FALSE(snapshot->find(TermView()).is_bound());
}

TEST_CASE("a blank node's label in the store leads back to it") {
  const auto database = memory();
  auto writer = database->begin();
  const Id made = writer->new_blank();
  CHECK(writer->new_blank() != made);
  writer->insert({made, intern(*writer, ex("p")), made, Id()});
  const Term term = writer->snapshot()->term(made);
  CHECK(term == blank("akyn1"));
  CHECK(writer->snapshot()->find(term.view()) == made);
  CHECK_FALSE(database->snapshot()->find(term.view()).is_bound());
  writer->commit();
  CHECK(database->snapshot()->find(term.view()) == made);
  CHECK(database->snapshot()->term(made) == term);
  writer = database->begin();
  CHECK(intern(*writer, term) == made);
  CHECK(intern(*writer, triple_term(term, ex("p"), term)).type() == IdType::triple);
}

TEST_CASE("a label people write is one node in a transaction and another in the next") {
  const auto database = memory();
  auto writer = database->begin();
  const Id predicate = intern(*writer, ex("p"));
  const Id first = intern(*writer, blank("x"));
  CHECK(intern(*writer, blank("x")) == first);
  CHECK(intern(*writer, blank("y")) != first);
  CHECK(writer->snapshot()->find(blank("x").view()) == first);
  writer->insert({first, predicate, first, Id()});
  writer->commit();
  CHECK_FALSE(database->snapshot()->find(blank("x").view()).is_bound());
  writer = database->begin();
  CHECK_FALSE(writer->snapshot()->find(blank("x").view()).is_bound());
  CHECK(intern(*writer, blank("x")) != first);
}

TEST_CASE("labels that only look like a stored node's are labels like any other") {
  const auto database = memory();
  auto writer = database->begin();
  // Not known to the store: a new node, whose own label is another; and the same one ever after.
  const Id foreign = intern(*writer, blank("akyn3"));
  CHECK(writer->snapshot()->term(foreign) == blank("akyn1"));
  CHECK(writer->new_blank() == Id(IdType::blank, 2));
  // Not 3, whose label means the first.
  CHECK(writer->new_blank() == Id(IdType::blank, 4));
  CHECK(intern(*writer, blank("akyn3")) == foreign);
  CHECK(intern(*writer, blank("akyn2")) == Id(IdType::blank, 2));
  for (const char* label : {"akyn", "akyn0", "akyn02", "akyn2x", "Akyn2", "b2", "akyn99999999999999999999"}) {
    CAPTURE(label);
    CHECK_FALSE(writer->snapshot()->find(blank(label).view()).is_bound());
    CHECK(intern(*writer, blank(label)).payload() > 3);
  }
}

TEST_CASE("blank nodes of a transaction rolled back are not made again") {
  const auto database = memory();
  Id lost;
  {
    const auto writer = database->begin();
    lost = writer->new_blank();
  }
  auto writer = database->begin();
  CHECK(writer->new_blank() != lost);
  CHECK(intern(*writer, blank("akyn1")) != lost);
  const Id kept = writer->new_blank();
  writer->insert({kept, intern(*writer, ex("p")), kept, Id()});
  writer->commit();
  database->verify();
}

}  // namespace
}  // namespace akyn::storage::test

#include "engine/storage/dictionary_commit.h"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <akyn/error.h>
#include <doctest/doctest.h>
#include "engine/storage/dictionary.h"
#include "engine/storage/triple_numbering.h"
#include "tests/storage/dictionary_store.h"

namespace akyn::storage {
namespace {

using test::below;
using test::DictionaryStore;
using test::TermMaker;
using test::TermText;

// The Id of what has been committed under a text.
using Model = std::map<TermText, Id>;

// Finds a term again by its own body.
Id find_again(const Dictionary& dictionary, Id id) {
  std::string body;
  dictionary.append_body(id, body);
  fold_body(id.type(), body);
  return dictionary.find(id.type(), body);
}

void check_model(const Dictionary& dictionary, const Model& model, std::mt19937& random) {
  std::vector<Id> ids;
  std::vector<TermText> texts;
  for (const auto& [text, id] : model) {
    CHECK(test::text_of(dictionary, id) == text);
    if (Dictionary::is_stored(id)) CHECK(find_again(dictionary, id) == id);
    for (std::size_t times = below(random, 3); times > 0; --times) {
      ids.push_back(id);
      texts.push_back(text);
    }
  }
  for (std::size_t i = ids.size(); i > 1; --i) {
    const std::size_t other = below(random, i);
    std::swap(ids[i - 1], ids[other]);
    std::swap(texts[i - 1], texts[other]);
  }
  std::vector<int> visits(ids.size());
  dictionary.visit(ids, [&](std::size_t index, std::string_view body) {
    ++visits[index];
    if (ids[index].type() == IdType::triple) return;
    std::string folded(body);
    fold_body(ids[index].type(), folded);
    CHECK(texts[index].substr(texts[index].find(':') + 1) == folded);
  });
  for (std::size_t i = 0; i < ids.size(); ++i) CHECK(visits[i] == (Dictionary::is_stored(ids[i]) ? 1 : 0));
}

TEST_CASE("terms of many commits are found both ways, in every version") {
  std::mt19937 random(11);
  for (int round = 0; round < 6; ++round) {
    DictionaryStore store;
    Model model;
    std::vector<std::pair<std::shared_ptr<const Dictionary>, Model>> versions;
    for (int commit = 0; commit < 10; ++commit) {
      TermMaker maker(*store.now);
      std::vector<Id> made;
      for (std::size_t i = below(random, 250); i > 0; --i) made.push_back(maker.random_term(random, 4));
      std::vector<Id> used;
      for (const Id id : made) {
        if (below(random, 3) != 0) used.push_back(id);
      }
      const auto before = store.now;
      const std::vector<Id> ids = test::commit_terms(store, maker, used, below(random, 2) == 0);
      for (std::size_t i = 0; i < used.size(); ++i) {
        const auto [place, is_new] = model.emplace(maker.text(used[i]), ids[i]);
        CHECK(place->second == ids[i]);
        // The version before does not know it.
        if (maker.pending.owns(used[i]) && ids[i].type() != IdType::triple) {
          std::string body(maker.pending.body(used[i]));
          fold_body(ids[i].type(), body);
          CHECK_FALSE(before->find(ids[i].type(), body).is_bound());
        }
      }
      versions.emplace_back(store.now, model);
    }
    for (const auto& [dictionary, state] : versions) {
      check_model(*dictionary, state, random);
      check_model(*Dictionary::open(dictionary->description(), store.sources()), state, random);
    }
    std::uint64_t outside = 0;
    for (const TermRange range : store.now->numbers_outside_runs()) outside += range.size();
    std::uint64_t in_runs = 0;
    for (const auto& run : store.now->runs()) in_runs += run->meta().terms;
    CHECK(outside + in_runs + 1 == store.now->next_number());
    CHECK(store.now->terms() == in_runs + store.now->tail_terms());
  }
}

TEST_CASE("what no row uses is not written, the parts of a triple term are") {
  DictionaryStore store;
  TermMaker maker(*store.now);
  const Id a = maker.intern(IdType::iri, "a");
  const Id b = maker.intern(IdType::iri, "b");
  const Id unused = maker.intern(IdType::iri, "c");
  const Id inner = maker.intern(IdType::triple, triple_body({a, b, a}));
  const Id outer = maker.intern(IdType::triple, triple_body({b, b, inner}));
  CHECK(maker.pending.owns(unused));
  for (const bool as_run : {false, true}) {
    DictionaryStore copy;
    const std::vector<Id> ids = test::commit_terms(copy, maker, {outer}, as_run);
    CHECK(copy.now->terms() == 4);
    CHECK(copy.now->find(IdType::iri, "a").is_bound());
    CHECK_FALSE(copy.now->find(IdType::iri, "c").is_bound());
    CHECK(test::text_of(*copy.now, ids[0]) == "(2:b 2:b (2:a 2:b 2:a))");
  }
}

TEST_CASE("long texts are found by their hash") {
  DictionaryStore store;
  std::vector<std::string> bodies;
  for (int i = 0; i < 20; ++i) bodies.push_back(std::string(600 + i % 3, 'x') + std::to_string(i));
  TermMaker maker(*store.now);
  std::vector<Id> used;
  for (const std::string& body : bodies) used.push_back(maker.intern(IdType::string, body));
  test::commit_terms(store, maker, used, false);
  for (std::size_t i = 0; i < bodies.size(); ++i) CHECK(store.now->find(IdType::string, bodies[i]) == used[i]);
  CHECK_FALSE(store.now->find(IdType::iri, bodies[0]).is_bound());
  for (const auto& [key, value] : store.tail->values()) CHECK(key.size() <= 4 + 1 + 1 + 32);
}

TEST_CASE("deeply nested triple terms") {
  DictionaryStore store;
  TermMaker maker(*store.now);
  const Id a = maker.intern(IdType::iri, "a");
  Id inner = a;
  TermText text = "2:a";
  for (int depth = 0; depth < 300; ++depth) {
    inner = maker.intern(IdType::triple, triple_body({a, a, inner}));
    text = "(2:a 2:a " + text + ")";
  }
  const std::vector<Id> ids = test::commit_terms(store, maker, {inner}, true);
  CHECK(store.now->terms() == 301);
  CHECK(test::text_of(*store.now, ids[0]) == text);
  // The order is that of the parts.
  for (Id id = ids[0];;) {
    std::string body;
    store.now->append_body(id, body);
    const Id part = parse_triple_body(body)->object;
    CHECK(part < id);
    if (part.type() != IdType::triple) break;
    id = part;
  }
}

TEST_CASE("triple terms that cannot be") {
  const auto number = [](const std::map<std::uint64_t, TripleIds>& terms) {
    std::map<std::uint64_t, std::uint64_t> numbers;
    TripleTerms triples;
    triples.for_each = [&](const TripleTerms::Visitor& visit) {
      for (const auto& [key, parts] : terms) visit(key, parts);
    };
    triples.new_id = [&](Id id) {
      if (id.type() != IdType::triple) return id;
      const auto found = numbers.find(id.payload());
      return found == numbers.end() ? Id() : Id(IdType::triple, found->second);
    };
    triples.key_of = [](Id id) { return id.payload(); };
    triples.assign = [&](std::uint64_t key, std::uint64_t value) { numbers[key] = value; };
    triples.write = [](const TripleIds&) {};
    number_triples(triples, 100, SortLimits());
  };
  const Id a(IdType::iri, 1);
  const auto triple = [](std::uint64_t n) { return Id(IdType::triple, n); };
  CHECK_NOTHROW(number({{1, {a, a, a}}, {2, {a, a, triple(3)}}, {3, {a, a, triple(1)}}}));
  for (const auto& terms :
       std::vector<std::map<std::uint64_t, TripleIds>>{{{1, {a, a, triple(1)}}},
                                                       {{1, {a, a, triple(2)}}, {2, {a, a, triple(1)}}, {3, {a, a, a}}},
                                                       {{1, {a, a, triple(7)}}},
                                                       {{1, {a, a, a}}, {2, {a, a, a}}}}) {
    try {
      number(terms);
      FAIL("numbered what cannot be");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::corruption);
    }
  }
}

TEST_CASE("damage is reported as such") {
  std::mt19937 random(12);
  DictionaryStore store;
  std::vector<Id> all;
  for (int commit = 0; commit < 4; ++commit) {
    TermMaker maker(*store.now);
    std::vector<Id> used;
    for (int i = 0; i < 60; ++i) used.push_back(maker.random_term(random, 3));
    const std::vector<Id> ids = test::commit_terms(store, maker, used, commit == 0);
    all.insert(all.end(), ids.begin(), ids.end());
  }
  const auto intact = store.tail->values();
  for (int round = 0; round < 200; ++round) {
    store.tail->values() = intact;
    auto victim = store.tail->values().begin();
    std::advance(victim, static_cast<std::ptrdiff_t>(below(random, intact.size())));
    if (round % 5 == 0) {
      store.tail->values().erase(victim);
    } else {
      victim->second = test::damaged(random, victim->second);
    }
    test::survives([&] { store.now->visit(all, [](std::size_t, std::string_view) {}); });
    for (const Id id : all) {
      if (!Dictionary::is_stored(id)) continue;
      test::survives([&] { static_cast<void>(find_again(*store.now, id)); });
    }
  }
  store.tail->values() = intact;
  const std::uint64_t next = store.now->next_number();
  for (const Id id : {Id(IdType::iri, next), Id(IdType::iri, 0), Id(IdType::iri, Id::kLocalBit - 1)}) {
    std::string body;
    CHECK_THROWS_AS(store.now->append_body(id, body), Error);
  }
  for (int round = 0; round < 300; ++round) {
    DictionaryDescription description = store.now->description();
    std::uint64_t& number = below(random, 2) == 0 ? description.runs[0].first : description.runs[0].terms;
    (below(random, 3) == 0 ? description.next_number : number) = below(random, 1000);
    test::survives([&] { static_cast<void>(Dictionary::open(description, store.sources())); });
  }
}

}  // namespace
}  // namespace akyn::storage

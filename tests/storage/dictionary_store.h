// A dictionary in memory with a model of it, for tests.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/storage/dictionary.h"
#include "engine/storage/dictionary_commit.h"
#include "engine/storage/key_value.h"
#include "engine/storage/pending_terms.h"
#include "engine/storage/term_codec.h"
#include "engine/term/id.h"
#include "tests/storage/dictionary_support.h"

namespace akyn::storage::test {

// What a term is, independent of Ids: type and folded body, or the parts of a triple term.
using TermText = std::string;

class DictionaryStore {
 public:
  static constexpr std::uint32_t kTail = 5;

  DictionaryStore()
      : terms(std::make_shared<MemoryKeyValues>()),
        tail(std::make_shared<MemoryKeyValues>()),
        cache(std::make_shared<PinnedCache>(std::size_t{1} << 20U)) {
    DictionaryDescription nothing;
    nothing.tail = kTail;
    now = Dictionary::open(nothing, sources());
  }

  [[nodiscard]] DictionarySources sources() const { return {terms, tail, cache}; }

  std::shared_ptr<MemoryKeyValues> terms;
  std::shared_ptr<MemoryKeyValues> tail;
  std::shared_ptr<PinnedCache> cache;
  std::shared_ptr<const Dictionary> now;
  std::uint32_t next_run = 10;
};

[[nodiscard]] inline TermText text_of(const Dictionary& dictionary, Id id) {
  if (!Dictionary::is_stored(id)) return "#" + std::to_string(id.bits());
  std::string body;
  dictionary.append_body(id, body);
  if (id.type() == IdType::triple) {
    const auto parts = parse_triple_body(body);
    REQUIRE(parts.has_value());
    return "(" + text_of(dictionary, parts->subject) + " " + text_of(dictionary, parts->predicate) + " " +
           text_of(dictionary, parts->object) + ")";
  }
  fold_body(id.type(), body);
  return std::to_string(static_cast<int>(id.type())) + ":" + body;
}

// A transaction: new terms over a dictionary.
class TermMaker {
 public:
  explicit TermMaker(const Dictionary& dictionary) : dictionary_(dictionary), pending(dictionary.next_number(), 1) {}

  Id intern(IdType type, const std::string& body) {
    std::string folded = body;
    fold_body(type, folded);
    if (const Id id = dictionary_.find(type, folded); id.is_bound()) return id;
    if (const Id id = pending.find(type, folded); id.is_bound()) return id;
    return pending.add(type, folded, body);
  }

  // Any term that may stand as an object; triple terms of up to `depth` levels.
  Id random_term(std::mt19937& random, std::size_t depth) {
    const std::string text = random_text(random);
    TermView term;
    term.kind = TermKind::literal;
    term.value = text;
    IdType type = IdType::string;
    switch (below(random, depth > 0 ? 9 : 6)) {
      case 0:
        return Id(IdType::integer, below(random, 10));
      case 1:
        return Id(IdType::blank, 1 + below(random, 10));
      case 2:
        term.language = below(random, 2) == 0 ? "ky" : "KY";
        type = IdType::lang_string;
        break;
      case 3: {
        const std::string number = std::to_string(below(random, 500)) + "." + std::to_string(below(random, 50)) + "e0";
        std::string body;
        term.value = number;
        term.datatype = "http://www.w3.org/2001/XMLSchema#double";
        append_body(body, IdType::valued, term);
        return intern(IdType::valued, body);
      }
      case 4:
        break;
      case 5:
        return random_iri(random);
      default: {
        // Few different parts, so that many triple terms differ in the innermost one only.
        const Id subject = small_iri(random);
        const Id predicate = small_iri(random);
        Id object = small_iri(random);
        if (below(random, 4) != 0) object = random_term(random, depth - 1);
        return intern(IdType::triple, triple_body({subject, predicate, object}));
      }
    }
    std::string body;
    append_body(body, type, term);
    return intern(type, body);
  }
  Id random_iri(std::mt19937& random) { return intern(IdType::iri, "http://example.org/" + random_text(random)); }
  Id small_iri(std::mt19937& random) {
    return intern(IdType::iri, std::string("http://example.org/") + static_cast<char>('a' + below(random, 4)));
  }

  // What a pending or stored Id stands for.
  [[nodiscard]] TermText text(Id id) const {
    if (!pending.owns(id) && id.type() != IdType::triple) return text_of(dictionary_, id);
    std::string body;
    if (pending.owns(id)) {
      body = pending.body(id);
    } else {
      dictionary_.append_body(id, body);
    }
    if (id.type() == IdType::triple) {
      const auto parts = parse_triple_body(body);
      REQUIRE(parts.has_value());
      return "(" + text(parts->subject) + " " + text(parts->predicate) + " " + text(parts->object) + ")";
    }
    fold_body(id.type(), body);
    return std::to_string(static_cast<int>(id.type())) + ":" + body;
  }

 private:
  const Dictionary& dictionary_;

 public:
  PendingTerms pending;
};

// Commits the terms that are `used` and gives their Ids afterwards.
inline std::vector<Id> commit_terms(DictionaryStore& store, const TermMaker& maker, const std::vector<Id>& used,
                                    bool as_run) {
  UsedTerms marked(maker.pending);
  for (const Id id : used) marked.mark(id);
  marked.finish();
  std::vector<Id> ids = used;
  if (as_run) {
    const WrittenRun written = write_as_run(store.next_run, marked, *store.terms);
    CHECK(written.meta.terms == marked.count());
    CHECK(written.meta.first == maker.pending.next_term());
    for (Id& id : ids) id = written.ids(id);
    store.now = store.now->with_run(std::make_shared<const DictionaryRun>(store.next_run++, store.terms, store.cache));
  } else {
    write_to_tail(DictionaryStore::kTail, marked, *store.tail);
    store.now = store.now->with_tail(marked.count(), maker.pending.next_term());
  }
  return ids;
}

}  // namespace akyn::storage::test

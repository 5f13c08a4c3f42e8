#include "engine/storage/dictionary_run.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "engine/storage/bloom_filter.h"
#include "engine/storage/body_order.h"
#include "engine/storage/dictionary_run_writer.h"
#include "engine/storage/term_codec.h"
#include "tests/storage/dictionary_support.h"

namespace akyn::storage {
namespace {

using test::below;

constexpr std::uint32_t kRun = 7;
constexpr std::uint64_t kFirst = 1000;
constexpr IdType kTypes[] = {IdType::iri,   IdType::string, IdType::lang_string,
                             IdType::typed, IdType::valued, IdType::triple};

std::string folded(IdType type, std::string body) {
  fold_body(type, body);
  return body;
}

std::string random_body(std::mt19937& random, IdType type) {
  const std::string text = test::random_text(random);
  std::string body;
  TermView term;
  term.kind = TermKind::literal;
  term.value = text;
  switch (type) {
    case IdType::lang_string:
      term.language = std::vector<std::string_view>{"en", "EN", "ky-KG", "ru"}[below(random, 4)];
      break;
    case IdType::typed:
      term.datatype = "http://example.org/datatype";
      break;
    case IdType::valued: {
      std::string number = std::to_string(below(random, 1000)) + "." + std::to_string(below(random, 1000));
      if (below(random, 4) == 0) number = "-" + number;
      if (below(random, 4) == 0) number += "e" + std::to_string(below(random, 40));
      term.value = number;
      term.datatype =
          below(random, 2) == 0 ? "http://www.w3.org/2001/XMLSchema#double" : "http://www.w3.org/2001/XMLSchema#float";
      append_body(body, type, term);
      return body;
    }
    case IdType::triple:
      return triple_body({Id(IdType::iri, below(random, 50)), Id(IdType::iri, below(random, 50)),
                          Id(IdType::string, below(random, 1000))});
    default:
      break;
  }
  append_body(body, type, term);
  return body;
}

struct Fixture {
  struct Entry {
    IdType type;
    std::string body;
  };

  // `counts` terms of each of kTypes.
  Fixture(unsigned seed, const std::vector<std::size_t>& counts, std::size_t cache_bytes = 1U << 24) {
    std::mt19937 random(seed);
    std::vector<std::string> sample;
    for (std::size_t t = 0; t < counts.size(); ++t) {
      const IdType type = kTypes[t];
      const auto less = [type](const std::string& a, const std::string& b) { return compare_bodies(type, a, b) < 0; };
      std::set<std::string, decltype(less)> bodies(less);
      while (bodies.size() < counts[t]) bodies.insert(random_body(random, type));
      for (const std::string& body : bodies) {
        terms.push_back({type, body});
        if (below(random, 4) == 0) sample.push_back(body);
      }
    }
    const StringEncoder encoder(test::trained_table(sample));
    DictionaryRunWriter writer(kRun, kFirst, encoder, *store);
    for (std::size_t i = 0; i < terms.size(); ++i) CHECK(writer.add(terms[i].type, terms[i].body) == kFirst + i);
    meta = writer.finish();
    cache = std::make_shared<PinnedCache>(cache_bytes);
  }

  [[nodiscard]] DictionaryRun open() const { return DictionaryRun(kRun, store, cache); }

  // The model's partition point.
  template <class Before>
  [[nodiscard]] std::uint64_t bound(IdType type, const Before& before) const {
    std::uint64_t number = kFirst;
    for (const Entry& term : terms) {
      if (term.type > type || (term.type == type && !before(folded(type, term.body)))) break;
      ++number;
    }
    return number;
  }

  std::vector<Entry> terms;
  std::shared_ptr<MemoryKeyValues> store = std::make_shared<MemoryKeyValues>();
  std::shared_ptr<PinnedCache> cache;
  DictionaryMeta meta;
};

TEST_CASE("every term is found by text and by number") {
  const Fixture fixture(1, {1500, 700, 600, 300, 500, 256});
  const DictionaryRun run = fixture.open();
  CHECK(run.range() == TermRange{kFirst, kFirst + fixture.terms.size()});
  for (std::size_t i = 0; i < fixture.terms.size(); ++i) {
    const auto& [type, body] = fixture.terms[i];
    CHECK(run.find(type, folded(type, body)) == kFirst + i);
    CHECK(run.range(type).contains(kFirst + i));
    std::string text = "> ";
    run.append_body(type, kFirst + i, text);
    CHECK(text == "> " + body);
  }
  std::size_t bytes = 0;
  for (const auto& [key, value] : fixture.store->values()) bytes += value.size();
  const std::string meta_key(dictionary_key(kRun, kMetaPage).view());
  CHECK(run.meta().bytes == bytes - fixture.store->values().at(meta_key).size());
}

TEST_CASE("what is not there is not found, and bounds agree with the sorted list") {
  const Fixture fixture(2, {900, 300, 700, 0, 600, 300});
  const DictionaryRun run = fixture.open();
  std::mt19937 random(20);
  for (int i = 0; i < 1500; ++i) {
    const IdType type = kTypes[below(random, std::size(kTypes))];
    std::string body = folded(type, random_body(random, type));
    if (i % 3 == 0 && type != IdType::valued) body.resize(below(random, body.size() + 1));
    const auto is = [&](const Fixture::Entry& term) { return term.type == type && folded(type, term.body) == body; };
    const auto found = std::find_if(fixture.terms.begin(), fixture.terms.end(), is);
    if (found == fixture.terms.end()) {
      CHECK_FALSE(run.find(type, body));
    } else {
      CHECK(run.find(type, body) == kFirst + static_cast<std::uint64_t>(found - fixture.terms.begin()));
    }
    CHECK(run.lower_bound(type, body) ==
          fixture.bound(type, [&](const std::string& other) { return compare_bodies(type, other, body) < 0; }));
    if (type == IdType::valued) {
      const BodyValue value(body);
      const auto up_to = [&](std::string_view other) { return compare_values(BodyValue(other), value) <= 0; };
      CHECK(run.partition_point(type, up_to) == fixture.bound(type, up_to));
    } else {
      const std::string prefix = body.substr(0, below(random, body.size() + 1));
      const TermRange range = run.prefix_range(type, prefix);
      CHECK(range.first == fixture.bound(type, [&](const std::string& other) { return other < prefix; }));
      CHECK(range.last ==
            fixture.bound(type, [&](const std::string& other) { return other < prefix || other.starts_with(prefix); }));
    }
  }
  CHECK_FALSE(run.find(IdType::typed, "x"));
  CHECK_FALSE(run.find(IdType::unbound, ""));
  CHECK(run.range(IdType::typed).empty());
}

TEST_CASE("language tags are found in any case") {
  const Fixture fixture(3, {0, 0, 400, 0, 0, 0});
  const DictionaryRun run = fixture.open();
  TermView term;
  term.kind = TermKind::literal;
  for (std::size_t i = 0; i < fixture.terms.size(); ++i) {
    term = *parse_body(IdType::lang_string, fixture.terms[i].body);
    std::string upper(term.language);
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    term.language = upper;
    std::string body;
    append_body(body, IdType::lang_string, term);
    fold_body(IdType::lang_string, body);
    CHECK(run.find(IdType::lang_string, body) == kFirst + i);
  }
}

TEST_CASE("terms are visited in batches and ranges") {
  const Fixture fixture(4, {2000, 100, 300, 0, 700, 0});
  const DictionaryRun run = fixture.open();
  std::mt19937 random(40);
  const auto body_of = [&](std::uint64_t number) { return fixture.terms[number - kFirst].body; };
  for (const IdType type : kTypes) {
    const TermRange all = run.range(type);
    for (const std::size_t step : {1, 7, 300}) {
      std::vector<std::uint64_t> numbers;
      for (std::uint64_t number = all.first; number < all.last; number += below(random, step + 1)) {
        numbers.push_back(number);
      }
      std::size_t next = 0;
      run.visit(type, numbers, [&](std::uint64_t number, std::string_view body) {
        CHECK(number == numbers[next++]);
        CHECK(body == body_of(number));
      });
      CHECK(next == numbers.size());
    }
    for (int i = 0; i < 30; ++i) {
      TermRange part{all.first + below(random, all.size() + 1), all.last};
      part.last = part.first + below(random, part.size() + 1);
      std::uint64_t next = part.first;
      run.for_each(type, part, [&](std::uint64_t number, std::string_view body) {
        CHECK(number == next++);
        CHECK(body == body_of(number));
      });
      CHECK(next == part.last);
    }
  }
  std::string text;
  CHECK_THROWS_AS(run.append_body(IdType::iri, run.range(IdType::iri).last, text), Error);
  CHECK_THROWS_AS(run.append_body(IdType::typed, kFirst, text), Error);
}

TEST_CASE("an empty run") {
  const Fixture fixture(5, {});
  const DictionaryRun run = fixture.open();
  CHECK(run.range().empty());
  CHECK_FALSE(run.find(IdType::iri, "x"));
  CHECK(run.lower_bound(IdType::iri, "x") == kFirst);
}

TEST_CASE("keys ascend and terms out of order are refused") {
  class Ascending final : public KeyValueSink {
   public:
    void put(std::string_view key, std::string_view) override {
      CHECK(key > last_);
      last_ = key;
    }
    std::string last_;
  } sink;
  const StringEncoder encoder(std::make_shared<const SymbolTable>());
  DictionaryRunWriter writer(1, 1, encoder, sink);
  char text[16];
  for (int i = 0; i < 10'000; ++i) {
    std::snprintf(text, sizeof text, "%08d", i);
    writer.add(IdType::string, text);
  }
  CHECK_THROWS_AS(writer.add(IdType::string, text), Error);
  CHECK_THROWS_AS(writer.add(IdType::string, "0"), Error);
  CHECK_THROWS_AS(writer.add(IdType::iri, "z"), Error);
  writer.add(IdType::typed, "z");
  CHECK(writer.finish().terms == 10'001);
}

// Several records of separators and of filters.
TEST_CASE("a run of half a million terms and many pages") {
  const StringEncoder encoder(std::make_shared<const SymbolTable>());
  const auto store = std::make_shared<MemoryKeyValues>();
  DictionaryRunWriter writer(kRun, kFirst, encoder, *store);
  const auto text_of = [](std::uint64_t i) {
    char text[16];
    std::snprintf(text, sizeof text, "%07u", static_cast<unsigned>(i));
    return std::string(text);
  };
  constexpr std::uint64_t kIris = 300'001;
  constexpr std::uint64_t kTerms = 820'000;
  for (std::uint64_t i = 0; i < kTerms; ++i) writer.add(i < kIris ? IdType::iri : IdType::string, text_of(i));
  CHECK(writer.finish().separators.size() == 2);
  CHECK(store->values().contains(std::string(dictionary_filter_key(kRun, kFilterPages - 1).view())));
  const DictionaryRun run(kRun, store, std::make_shared<PinnedCache>(1U << 20));
  std::mt19937 random(6);
  for (int i = 0; i < 5000; ++i) {
    const std::uint64_t index = below(random, kTerms);
    const IdType type = index < kIris ? IdType::iri : IdType::string;
    CHECK(run.find(type, text_of(index)) == kFirst + index);
    CHECK(run.lower_bound(type, text_of(index)) == kFirst + index);
    CHECK_FALSE(run.find(type, text_of(index) + "0"));
    CHECK_FALSE(run.find(type == IdType::iri ? IdType::string : IdType::iri, text_of(index)));
    std::string body;
    run.append_body(type, kFirst + index, body);
    CHECK(body == text_of(index));
  }
}

TEST_CASE("a filter answers yes for its own hashes and seldom for others") {
  for (const std::size_t count : {0, 1, 100, 50'000}) {
    std::vector<std::uint64_t> hashes;
    for (std::size_t i = 0; i < count; ++i) hashes.push_back(hash_bytes(std::to_string(i), 3));
    const std::string bytes = BloomFilter::build(hashes);
    CHECK(bytes.size() <= count * 10 / 8 + 64);
    const BloomFilter filter(bytes);
    for (const std::uint64_t hash : hashes) CHECK(filter.may_contain(hash));
    int wrong = 0;
    for (int i = 0; i < 20'000; ++i) wrong += filter.may_contain(hash_bytes(std::to_string(i), 4)) ? 1 : 0;
    CHECK(wrong < 20'000 * 2 / 100);
  }
  // Part of the format.
  CHECK(hash_bytes("", 0) != hash_bytes("", 1));
  CHECK(hash_bytes(std::string(1, '\0'), 0) != hash_bytes(std::string(2, '\0'), 0));
}

TEST_CASE("the cache keeps to its budget and scans leave it alone") {
  const Fixture fixture(7, {3000, 3000});
  {
    const DictionaryRun run = fixture.open();
    std::string body;
    run.for_each(IdType::iri, run.range(IdType::iri), [](std::uint64_t, std::string_view) {});
    CHECK(fixture.cache->used() == 0);
    for (std::uint64_t n = run.range().first; n < run.range(IdType::iri).last; ++n)
      run.append_body(IdType::iri, n, body);
    const std::size_t all = fixture.cache->used();
    CHECK(all > 10'000);
    fixture.cache->set_limit(all / 2);
    CHECK(fixture.cache->used() <= all / 2);
    CHECK(fixture.cache->used() > 0);
    for (std::uint64_t n = run.range().first; n < run.range(IdType::iri).last; ++n)
      run.append_body(IdType::iri, n, body);
    CHECK(fixture.cache->used() <= all / 2 + all / 10);  // one pinned page may be over
  }
  CHECK(fixture.cache->used() == 0);
}

TEST_CASE("threads share a run whose pages come and go") {
  for (const std::size_t budget : {0, 20'000, 1 << 24}) {
    const Fixture fixture(8, {1200, 600, 300, 0, 300, 0}, budget);
    const DictionaryRun run = fixture.open();
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 4; ++seed) {
      threads.emplace_back([&, seed] {
        std::mt19937 random(seed);
        std::string body;
        for (int i = 0; i < 800; ++i) {
          const std::size_t index = below(random, fixture.terms.size());
          const auto& [type, expected] = fixture.terms[index];
          body.clear();
          run.append_body(type, kFirst + index, body);
          if (body != expected) ++wrong;
          if (i % 4 == 0 && run.find(type, folded(type, body)) != kFirst + index) ++wrong;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == 0);
  }
}

TEST_CASE("damaged and missing records are reported or read as something else") {
  const Fixture fixture(9, {600, 300, 200, 100, 300, 50});
  std::mt19937 random(90);
  const auto values = fixture.store->values();
  for (int i = 0; i < 400; ++i) {
    auto record = values.begin();
    std::advance(record, below(random, values.size()));
    if (i % 10 == 0) {
      fixture.store->values().erase(record->first);
    } else {
      fixture.store->values()[record->first] = test::damaged(random, record->second);
    }
    test::survives([&] {
      const DictionaryRun run = [&] {
        try {
          return fixture.open();
        } catch (const Error& error) {
          CHECK((error.code() == ErrorCode::corruption || error.code() == ErrorCode::format_version));
          throw Error(ErrorCode::corruption, "not opened");
        }
      }();
      for (std::size_t index = i % 7; index < fixture.terms.size(); index += 7) {
        const auto& [type, body] = fixture.terms[index];
        std::string text;
        test::survives([&, t = type] { run.append_body(t, kFirst + index, text); });
        test::survives([&, t = type, &b = body] { (void)run.find(t, folded(t, b)); });
      }
      for (const IdType type : kTypes) {
        test::survives([&] { run.for_each(type, run.range(type), [](std::uint64_t, std::string_view) {}); });
        test::survives([&] { (void)run.lower_bound(type, fixture.terms[0].body); });
      }
    });
    fixture.store->values() = values;
  }
}

}  // namespace
}  // namespace akyn::storage

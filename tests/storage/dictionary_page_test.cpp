#include "engine/storage/dictionary_page.h"

#include <algorithm>

#include "tests/storage/dictionary_support.h"

namespace akyn::storage {
namespace {

using test::below;

std::string page_of(const StringEncoder& encoder, const std::vector<std::string>& texts) {
  DictionaryPageWriter writer(encoder);
  for (const std::string& text : texts) writer.add(text);
  return writer.finish();
}

TEST_CASE("pages of every size give back their strings, one by one and together") {
  std::mt19937 random(1);
  const std::vector<std::string> pool = test::sorted_texts(random, 3000);
  const auto table = test::trained_table(pool);
  const StringEncoder encoder(table);
  for (const std::size_t size : {1, 2, 15, 16, 17, 31, 32, 33, 255, 256}) {
    const std::size_t start = below(random, pool.size() - size);
    const std::vector<std::string> texts(pool.begin() + static_cast<std::ptrdiff_t>(start),
                                         pool.begin() + static_cast<std::ptrdiff_t>(start + size));
    const std::string bytes = page_of(encoder, texts);
    const DictionaryPage page(bytes, *table);
    REQUIRE(page.size() == size);
    for (std::size_t i = 0; i < size; ++i) {
      std::string text = "before ";
      page.append(i, text);
      CHECK(text == "before " + texts[i]);
    }
    for (int i = 0; i < 20; ++i) {
      const std::size_t first = below(random, size + 1);
      const std::size_t last = first + below(random, size - first + 1);
      std::size_t next = first;
      page.for_each(first, last, [&](std::size_t index, std::string_view text) {
        CHECK(index == next);
        CHECK(text == texts[next++]);
      });
      CHECK(next == last);
    }
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t n = below(random, 3); n > 0; --n) numbers.push_back(1000 + i);
    }
    auto next = numbers.begin();
    page.visit(numbers, 1000, [&](std::uint64_t number, std::string_view text) {
      CHECK(number == *next++);
      CHECK(text == texts[number - 1000]);
    });
    CHECK(next == numbers.end());
  }
}

TEST_CASE("bounds are those of the sorted strings") {
  std::mt19937 random(2);
  const std::vector<std::string> pool = test::sorted_texts(random, 4000);
  const auto table = test::trained_table(pool);
  const StringEncoder encoder(table);
  for (int round = 0; round < 40; ++round) {
    const std::size_t size = 1 + below(random, kPageTerms);
    const std::size_t start = below(random, pool.size() - size);
    const std::vector<std::string> texts(pool.begin() + static_cast<std::ptrdiff_t>(start),
                                         pool.begin() + static_cast<std::ptrdiff_t>(start + size));
    const std::string bytes = page_of(encoder, texts);
    const DictionaryPage page(bytes, *table);
    for (int i = 0; i < 200; ++i) {
      std::string sought = i % 2 == 0 ? texts[below(random, size)] : pool[below(random, pool.size())];
      if (i % 3 == 0) sought.resize(below(random, sought.size() + 1));
      if (i % 5 == 0) sought += static_cast<char>(random() & 0xFF);
      const auto bound = std::lower_bound(texts.begin(), texts.end(), sought);
      const DictionaryPage::Place place = page.lower_bound(sought);
      CHECK(place.index == static_cast<std::size_t>(bound - texts.begin()));
      CHECK(place.equal == (bound != texts.end() && *bound == sought));
      CHECK(page.partition_point([&](std::string_view text) { return text < sought; }) == place.index);
    }
  }
}

TEST_CASE("a writer is empty again after a page") {
  const auto table = std::make_shared<const SymbolTable>();
  const StringEncoder encoder(table);
  DictionaryPageWriter writer(encoder);
  for (int i = 0; i < 256; ++i) writer.add(std::to_string(i));
  CHECK(writer.full());
  (void)writer.finish();
  CHECK(writer.size() == 0);
  writer.add("one");
  const std::string bytes = writer.finish();
  std::string text;
  DictionaryPage(bytes, *table).append(0, text);
  CHECK(text == "one");
}

TEST_CASE("damaged pages are reported or read as something else") {
  std::mt19937 random(3);
  const std::vector<std::string> texts = test::sorted_texts(random, 200);
  const auto table = test::trained_table(texts);
  const StringEncoder encoder(table);
  const std::string good = page_of(encoder, texts);
  for (int i = 0; i < 2000; ++i) {
    const std::string bytes = test::damaged(random, good);
    test::survives([&] {
      const DictionaryPage page(bytes, *table);
      std::string text;
      test::survives([&] { page.append(below(random, page.size()), text); });
      test::survives([&] { (void)page.lower_bound(texts[below(random, texts.size())]); });
      test::survives([&] { (void)page.partition_point([&](std::string_view other) { return other < texts[99]; }); });
      test::survives([&] { page.for_each(0, page.size(), [](std::size_t, std::string_view) {}); });
    });
  }
}

}  // namespace
}  // namespace akyn::storage

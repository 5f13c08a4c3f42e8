#include "engine/storage/string_codec.h"

#include <algorithm>

#include "tests/storage/dictionary_support.h"

namespace akyn::storage {
namespace {

using test::below;

std::string encoded(const StringEncoder& encoder, std::string_view text) {
  std::string codes;
  encoder.encode(text, codes);
  return codes;
}

std::string decoded(const SymbolTable& table, std::string_view codes) {
  std::string text;
  table.decode(codes, text);
  return text;
}

TEST_CASE("every string comes back, with an untrained and a trained table") {
  std::mt19937 random(1);
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back(test::random_text(random));
  texts.emplace_back(100'000, 'x');
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  texts.push_back(all);
  for (const auto& table : {std::make_shared<const SymbolTable>(), test::trained_table(texts)}) {
    const StringEncoder encoder(table);
    for (const std::string& text : texts) {
      const std::string codes = encoded(encoder, text);
      REQUIRE(decoded(*table, codes) == text);
      CHECK(table->decoded_size(codes) == text.size());
    }
  }
}

TEST_CASE("encode and decode append") {
  const auto table = test::trained_table({"abcabcabcabc", "abcabc"});
  const StringEncoder encoder(table);
  std::string codes = encoded(encoder, "abc");
  encoder.encode("xyz", codes);
  std::string text = "> ";
  table->decode(codes, text);
  CHECK(text == "> abcxyz");
}

TEST_CASE("training finds what repeats") {
  std::mt19937 random(2);
  std::vector<std::string> texts;
  std::size_t size = 0;
  for (int i = 0; i < 20'000; ++i) {
    texts.push_back("http://example.org/" + test::random_word(random) + "/" + test::random_word(random));
    size += texts.back().size();
  }
  const auto table = test::trained_table(texts);
  CHECK(test::trained_table(texts)->serialize() == table->serialize());
  const StringEncoder encoder(table);
  std::size_t codes = 0;
  for (const std::string& text : texts) codes += encoded(encoder, text).size();
  CHECK(codes * 2 < size);
}

TEST_CASE("the longest symbol is taken, of 2 to 16 bytes") {
  SymbolTable table;
  const std::string letters = "abcdefghijklmnop";
  for (std::size_t length = 2; length <= letters.size(); ++length) table.add(letters.substr(0, length));
  const StringEncoder encoder(std::make_shared<const SymbolTable>(table));
  for (std::size_t length = 1; length <= letters.size(); ++length) {
    CHECK(encoded(encoder, letters.substr(0, length)).size() == 2);
    CHECK(encoded(encoder, letters.substr(0, length) + "!").size() == 4);
  }
  CHECK(encoded(encoder, letters + letters).size() == 4);
}

TEST_CASE("thousands of symbols that begin alike") {
  std::mt19937 random(6);
  std::vector<std::string> texts;
  std::size_t size = 0;
  for (int i = 0; i < 30'000; ++i) {
    texts.push_back("00000000" + std::to_string(1'000'000 + below(random, 9'000'000)));
    size += texts.back().size();
  }
  const auto table = test::trained_table(texts);
  const StringEncoder encoder(table);
  std::size_t codes = 0;
  for (const std::string& text : texts) {
    const std::string code = encoded(encoder, text);
    codes += code.size();
    REQUIRE(decoded(*table, code) == text);
  }
  CHECK(codes * 2 < size);
}

TEST_CASE("a stored table is the same table") {
  std::mt19937 random(3);
  const auto table = test::trained_table(test::sorted_texts(random, 2000));
  const SymbolTable again = SymbolTable::deserialize(table->serialize());
  REQUIRE(again.size() == table->size());
  for (std::size_t code = 0; code < table->size(); ++code) CHECK(again.symbol(code) == table->symbol(code));
  CHECK(SymbolTable::deserialize(SymbolTable().serialize()).size() == 256);
  CHECK_THROWS_AS((void)SymbolTable::deserialize(table->serialize() + "x"), Error);
}

TEST_CASE("codes compare as the strings they spell") {
  std::mt19937 random(4);
  const std::vector<std::string> texts = test::sorted_texts(random, 1500);
  const auto table = test::trained_table(texts);
  const StringEncoder encoder(table);
  for (int i = 0; i < 30'000; ++i) {
    const std::string& left = texts[below(random, texts.size())];
    std::string right = texts[below(random, texts.size())];
    if (i % 3 == 0) right = left.substr(0, below(random, left.size() + 1));
    if (i % 6 == 0) right += static_cast<char>(random() & 0xFF);
    const SymbolTable::Comparison compared = table->compare(encoded(encoder, left), right);
    CHECK(compared.order == (left.compare(right) <=> 0));
    const auto [at, _] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    CHECK(compared.common == static_cast<std::size_t>(at - left.begin()));
  }
}

TEST_CASE("damaged tables and codes are reported or read as something else") {
  std::mt19937 random(5);
  const std::vector<std::string> texts = test::sorted_texts(random, 300);
  const auto table = test::trained_table(texts);
  const StringEncoder encoder(table);
  const std::string stored = table->serialize();
  std::string codes;
  for (const std::string& text : texts) encoder.encode(text, codes);
  for (int i = 0; i < 300; ++i) {
    test::survives([&] {
      const SymbolTable other = SymbolTable::deserialize(test::damaged(random, stored));
      (void)decoded(other, codes.substr(0, 2000));
    });
    test::survives([&] { (void)decoded(*table, test::damaged(random, codes.substr(0, 200))); });
    test::survives([&] { (void)table->compare(test::damaged(random, codes.substr(0, 200)), texts.back()); });
  }
  std::string text;
  CHECK_THROWS_AS(table->decode("\xff\xff", text), Error);
  CHECK_THROWS_AS(table->decode("a", text), Error);
}

}  // namespace
}  // namespace akyn::storage

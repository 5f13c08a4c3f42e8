// Strings like those of real dictionaries, the same in every run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include <doctest/doctest.h>
#include "engine/storage/string_codec.h"

namespace akyn::storage::test {

// std::uniform_int_distribution differs between libraries.
inline std::size_t below(std::mt19937& random, std::size_t bound) {
  return random() % bound;
}

inline std::string random_word(std::mt19937& random) {
  static constexpr std::string_view kParts[] = {"ak", "yn", "ala", "too", "ysyk", "köl", "ma", "nas", "bish", "kek"};
  std::string word;
  for (std::size_t i = 1 + below(random, 4); i > 0; --i) word += kParts[below(random, std::size(kParts))];
  return word;
}

// An IRI, a sentence, some bytes of any kind, or nothing.
inline std::string random_text(std::mt19937& random) {
  std::string text;
  switch (below(random, 8)) {
    case 0:
      return text;
    case 1:
      for (std::size_t i = below(random, 40); i > 0; --i) text += static_cast<char>(random() & 0xFF);
      return text;
    case 2:
    case 3:
      for (std::size_t i = 1 + below(random, 30); i > 0; --i) text += random_word(random) + ' ';
      return text;
    default:
      text = "http://example.org/" + random_word(random) + "/" + random_word(random) + "/";
      return text + std::to_string(below(random, 100'000));
  }
}

// In byte order, each once.
inline std::vector<std::string> sorted_texts(std::mt19937& random, std::size_t count) {
  std::set<std::string> texts;
  while (texts.size() < count) texts.insert(random_text(random));
  return {texts.begin(), texts.end()};
}

inline std::shared_ptr<const SymbolTable> trained_table(const std::vector<std::string>& texts) {
  const std::vector<std::string_view> sample(texts.begin(), texts.end());
  return std::make_shared<const SymbolTable>(train_symbols(sample));
}

// Damages a few bytes: changes some, or cuts or lengthens the end.
inline std::string damaged(std::mt19937& random, std::string bytes) {
  if (below(random, 8) == 0) {
    bytes.resize(below(random, bytes.size() + 20));
    return bytes;
  }
  for (std::size_t i = 1 + below(random, 3); i > 0 && !bytes.empty(); --i) {
    bytes[below(random, bytes.size())] = static_cast<char>(random() & 0xFF);
  }
  return bytes;
}

// Runs what works on damaged bytes: any result will do, but of errors only Error(corruption).
inline void survives(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::corruption);
  }
}

}  // namespace akyn::storage::test

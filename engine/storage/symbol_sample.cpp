#include "engine/storage/symbol_sample.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <utility>

namespace akyn::storage {
namespace {

// Of a long text the beginning is enough: there are others.
constexpr std::size_t kLongest = 2048;

}  // namespace

void SymbolSample::add(std::string_view body) {
  const auto [at, _] = std::mismatch(body.begin(), body.end(), previous_.begin(), previous_.end());
  const std::string_view rest = body.substr(static_cast<std::size_t>(at - body.begin())).substr(0, kLongest);
  previous_.assign(body.substr(0, kLongest));
  if (rest.size() >= 2) texts_.emplace_back(rest);
}

void SymbolSample::join(SymbolSample other) {
  texts_.insert(texts_.end(), std::make_move_iterator(other.texts_.begin()),
                std::make_move_iterator(other.texts_.end()));
}

std::shared_ptr<const SymbolTable> SymbolSample::train() {
  std::mt19937_64 random(1);
  // Not std::shuffle, whose result differs between libraries.
  for (std::size_t i = texts_.size(); i > 1; --i) std::swap(texts_[i - 1], texts_[random() % i]);
  std::vector<std::string_view> sample;
  std::size_t bytes = 0;
  for (const std::string& text : texts_) {
    if (bytes >= kBytes) break;
    sample.push_back(text);
    bytes += text.size();
  }
  return std::make_shared<const SymbolTable>(train_symbols(sample));
}

}  // namespace akyn::storage

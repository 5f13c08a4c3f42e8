#include "engine/storage/dictionary_tail.h"

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/keys.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

constexpr char kByNumber = 'i';
constexpr char kByTerm = 't';

std::string tail_key(std::uint32_t tail, char direction) {
  std::string key;
  append_u32(key, tail);
  return key += direction;
}

}  // namespace

std::string tail_number_key(std::uint32_t tail, std::uint64_t number) {
  std::string key = tail_key(tail, kByNumber);
  append_u64(key, number);
  return key;
}

std::string tail_term_key(std::uint32_t tail, IdType type, std::string_view folded_body) {
  return tail_key(tail, kByTerm) += term_key(type, folded_body);
}

void write_tail_body(std::uint32_t tail, Id id, std::string_view body, KeyValueSink& sink) {
  std::string value(1, static_cast<char>(id.type()));
  value += body;
  sink.put(tail_number_key(tail, id.payload()), value);
}

void write_tail_number(std::uint32_t tail, Id id, std::string_view folded_body, KeyValueSink& sink) {
  std::string value;
  append_u64(value, id.payload());
  sink.put(tail_term_key(tail, id.type(), folded_body), value);
}

std::optional<std::uint64_t> DictionaryTail::find(IdType type, std::string_view folded_body, std::uint64_t end) const {
  PinnedValue value;
  if (!source_->get(tail_term_key(tail_, type, folded_body), value)) return std::nullopt;
  if (value.view().size() != 8) {
    throw Error(ErrorCode::corruption, "the dictionary is damaged: the number of a term has a wrong length");
  }
  const std::uint64_t number = load_u64(value.view().data());
  if (number == 0 || number >= Id::kLocalBit) {
    throw Error(ErrorCode::corruption, "the dictionary is damaged: the number of a term is out of range");
  }
  if (number >= end) return std::nullopt;
  return number;
}

std::string_view DictionaryTail::body(Id id, PinnedValue& value) const {
  if (!source_->get(tail_number_key(tail_, id.payload()), value)) {
    throw Error(ErrorCode::corruption, fmt::format("the dictionary is damaged: there is no term {} of type {}",
                                                   id.payload(), static_cast<int>(id.type())));
  }
  const std::string_view stored = value.view();
  if (stored.empty() || stored.front() != static_cast<char>(id.type())) {
    throw Error(ErrorCode::corruption, fmt::format("the dictionary is damaged: term {} is of another type than {}",
                                                   id.payload(), static_cast<int>(id.type())));
  }
  return stored.substr(1);
}

}  // namespace akyn::storage

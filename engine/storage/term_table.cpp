#include "engine/storage/term_table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "engine/storage/keys.h"
#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {

Id TermTable::find(IdType type, std::string_view folded_body, std::uint64_t end) const {
  rocksdb::PinnableSlice value;
  if (!rocks_->get(rocksdb::ReadOptions(), Family::term_ids, term_key(type, folded_body), value)) return Id();
  if (value.size() != 8) throw_corruption(rocks_->name(), "a dictionary entry does not hold an Id");
  const Id id = load_id(value.data());
  return id.payload() < end ? id : Id();
}

void TermTable::read_body(Id id, std::string& body) const {
  std::array<char, 8> key{};
  store_u64(key.data(), id.bits());
  rocksdb::PinnableSlice value;
  if (!rocks_->get(rocksdb::ReadOptions(), Family::terms, {key.data(), key.size()}, value)) {
    throw_corruption(rocks_->name(), fmt::format("the dictionary has no term for Id {:#x}", id.bits()));
  }
  body.assign(value.data(), value.size());
}

void write_terms(const PendingTerms& terms, const std::vector<bool>& used, KeyValueSink& term_ids,
                 KeyValueSink& bodies) {
  std::vector<std::uint32_t> plain;                           // terms whose key is their text
  std::vector<std::pair<std::string, std::uint32_t>> hashed;  // keys of the others, which sort behind all of those
  std::vector<std::uint32_t> all;
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    const auto index = static_cast<std::uint32_t>(i);
    all.push_back(index);
    if (terms.folded_body_at(i).size() <= kLongestPlainKey) {
      plain.push_back(index);
    } else {
      hashed.emplace_back(term_key(terms.id_at(i).type(), terms.folded_body_at(i)), index);
    }
  }
  std::sort(plain.begin(), plain.end(), [&](std::uint32_t a, std::uint32_t b) {
    const IdType type_a = terms.id_at(a).type();
    const IdType type_b = terms.id_at(b).type();
    return type_a != type_b ? type_a < type_b : terms.folded_body_at(a) < terms.folded_body_at(b);
  });
  std::sort(hashed.begin(), hashed.end());
  std::string id;
  const auto id_bytes = [&](std::uint32_t index) -> const std::string& {
    id.clear();
    append_id(id, terms.id_at(index));
    return id;
  };
  for (const std::uint32_t index : plain) {
    term_ids.put(term_key(terms.id_at(index).type(), terms.folded_body_at(index)), id_bytes(index));
  }
  for (const auto& [key, index] : hashed) term_ids.put(key, id_bytes(index));

  std::sort(all.begin(), all.end(), [&](std::uint32_t a, std::uint32_t b) { return terms.id_at(a) < terms.id_at(b); });
  for (const std::uint32_t index : all) bodies.put(id_bytes(index), terms.body_at(index));
}

}  // namespace akyn::storage

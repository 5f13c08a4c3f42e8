#include "engine/exec/term_values.h"

#include <utility>

#include <akyn/error.h>
#include "engine/exec/batch.h"
#include "engine/storage/term_codec.h"

namespace akyn::exec {
namespace {

// A value in the map, with its text's own allocation.
constexpr std::size_t kValueBytes = 200;
// Held from one batch to the next.
constexpr std::size_t kKeptValues = 2 * kBatchRows;
// Of the query's memory, whatever that is.
constexpr std::size_t kLargestPart = 16;

// Whether visit() gives the body of the whole term: those of triple terms hold Ids again.
bool has_plain_body(Id id) {
  return id.is_dictionary() && !id.is_local() && id.type() != IdType::blank && id.type() != IdType::triple;
}

}  // namespace

void TermValues::clear() {
  values_.clear();
  bytes_ = 0;
  charge_.clear();
}

void TermValues::trim() {
  if (values_.size() > 4 * kKeptValues || bytes_ > run_.budget().limits().max_bytes / kLargestPart) clear();
}

void TermValues::start() {
  if (values_.size() > kKeptValues || bytes_ > run_.budget().limits().max_bytes / kLargestPart) clear();
  stored_.clear();
  last_wanted_ = 0;
}

void TermValues::want(std::uint64_t bits) {
  if (bits == last_wanted_) return;
  last_wanted_ = bits;
  const Id id = Id::from_bits(bits);
  if (values_.contains(bits)) return;
  if (has_plain_body(id)) {
    stored_.push_back(id);
  } else {
    static_cast<void>(value(bits));
  }
}

void TermValues::finish() {
  if (stored_.empty()) return;
  run_.snapshot().visit(stored_, [&](std::size_t place, std::string_view body) {
    const Id id = stored_[place];
    if (values_.contains(id.bits())) return;
    const std::optional<TermView> term = storage::parse_body(id.type(), body);
    if (!term) throw Error(ErrorCode::corruption, "a term of the dictionary is damaged");
    keep(id.bits(), expr::Value::of(*term));
  });
}

const expr::Value& TermValues::value(std::uint64_t bits) {
  if (const auto known = values_.find(bits); known != values_.end()) return known->second;
  const Id id = Id::from_bits(bits);
  return keep(bits, id.is_inlined() ? expr::Value::of_inlined(id) : expr::Value::of(run_.terms().term(id)));
}

const expr::Value& TermValues::keep(std::uint64_t bits, expr::Value value) {
  const bool has_text = value.is_iri() || value.is_blank() || value.is_string_literal();
  bytes_ += kValueBytes + (has_text ? value.text().size() : 0);
  charge_.set(bytes_);
  return values_.emplace(bits, std::move(value)).first->second;
}

}  // namespace akyn::exec

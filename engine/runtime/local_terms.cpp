#include "engine/runtime/local_terms.h"

#include <array>
#include <charconv>
#include <string>

#include <akyn/error.h>
#include "engine/expr/system_random.h"
#include "engine/term/inline_id.h"

namespace akyn::runtime {

namespace {

// A term in its maps, apart from its text.
constexpr std::size_t kTermOverhead = sizeof(Term) + 128;
constexpr std::size_t kValueOverhead = sizeof(expr::Value) + 96;
constexpr std::size_t kPartsOverhead = sizeof(TripleIds) + 64;

std::size_t memory_of(const Term& term) {
  return kTermOverhead + term.value().size();
}

template <class Passing>
auto& entry_of(Passing& passing, Id id) {
  const auto found = passing.find(id);
  if (found == passing.end()) throw Error(ErrorCode::internal, "a term of earlier rows is gone");
  return found->second;
}

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

}  // namespace

LocalTerms::LocalTerms(std::shared_ptr<const storage::Snapshot> snapshot)
    : snapshot_(std::move(snapshot)), blank_seed_(expr::system_random<1>()[0]) {}

Id LocalTerms::known(const TermView& term) const {
  if (!term) return {};
  if (const std::optional<Id> inlined = inline_id(term)) return *inlined;
  // Stored first: a writer's snapshot may have got the term since it was made here.
  return snapshot_->find(term);
}

Id LocalTerms::id(const TermView& term) {
  if (const Id id = known(term); id.is_bound() || !term) return id;
  const auto [place, is_new] = ids_.try_emplace(Term(term));
  if (is_new) {
    place->second = Id::local(dictionary_type(term), terms_.size());
    terms_.push_back(&place->first);
    memory_ += memory_of(place->first);
  } else if (is_passing(place->second)) {
    ++entry_of(passing_, place->second).holders;  // for good
  }
  return place->second;
}

Id LocalTerms::passing_id(const TermView& term) {
  if (const Id id = known(term); id.is_bound() || !term) return id;
  const auto [place, is_new] = ids_.try_emplace(Term(term));
  if (is_new) {
    place->second = Id::local(dictionary_type(term), kPassingBit | next_passing_++);
    passing_.emplace(place->second, Passing{&place->first, 1});
    memory_ += memory_of(place->first);
  } else if (is_passing(place->second)) {
    ++entry_of(passing_, place->second).holders;
  }
  return place->second;
}

const Term& LocalTerms::computed(Id id) const {
  if (!is_passing(id)) return *terms_[id.local_index()];
  return *entry_of(passing_, id).term;
}

void LocalTerms::hold(std::span<const std::uint64_t> ids) {
  if (passing_.empty()) return;
  for (const std::uint64_t bits : ids) {
    if (const Id id = Id::from_bits(bits); is_passing(id)) ++entry_of(passing_, id).holders;
  }
}

void LocalTerms::release(std::span<const std::uint64_t> ids) {
  for (const std::uint64_t bits : ids) {
    const Id id = Id::from_bits(bits);
    if (!is_passing(id)) continue;
    auto& entry = entry_of(passing_, id);
    if (--entry.holders > 0) continue;
    memory_ -= memory_of(*entry.term);
    ids_.erase(ids_.find(*entry.term));
    passing_.erase(id);
    if (values_.erase(id) != 0) memory_ -= kValueOverhead;
    if (parts_.erase(id) != 0) memory_ -= kPartsOverhead;
  }
}

Id LocalTerms::id(const expr::Value& value) {
  return id(value.term());
}

Id LocalTerms::new_blank() {
  return id(blank("q" + hexadecimal(blank_seed_) + "x" + std::to_string(blanks_++)));
}

std::optional<Term> LocalTerms::triple(const TripleIds& triple) const {
  if (triple.predicate.type() != IdType::iri) return std::nullopt;
  if (triple.subject.type() != IdType::iri && triple.subject.type() != IdType::blank) return std::nullopt;
  if (!triple.object.is_bound()) return std::nullopt;
  return triple_term(term(triple.subject), term(triple.predicate), term(triple.object));
}

std::optional<Id> LocalTerms::triple_id(const TripleIds& triple) {
  const std::optional<Term> term = this->triple(triple);
  return term ? std::optional(id(*term)) : std::nullopt;
}

Term LocalTerms::term(Id id) const {
  if (!id.is_bound()) return {};
  if (id.is_inlined()) return inlined_term(id);
  if (id.is_local()) return computed(id);
  return snapshot_->term(id);
}

const expr::Value& LocalTerms::value(Id id) {
  if (const auto known = values_.find(id); known != values_.end()) return known->second;
  expr::Value value = id.is_inlined() ? expr::Value::of_inlined(id) : expr::Value::of(term(id));
  memory_ += kValueOverhead;
  return values_.emplace(id, std::move(value)).first->second;
}

TripleIds LocalTerms::parts(Id id) {
  if (const auto known = parts_.find(id); known != parts_.end()) return known->second;
  const Term whole = term(id);
  const Triple& triple = whole.triple();
  const TripleIds result{this->id(triple.subject), this->id(triple.predicate), this->id(triple.object)};
  memory_ += kPartsOverhead;
  parts_.emplace(id, result);
  return result;
}

}  // namespace akyn::runtime

#include "engine/runtime/local_terms.h"

#include <charconv>

#include "engine/expr/system_random.h"
#include "engine/term/inline_id.h"

namespace akyn::runtime {

namespace {

// A term in two maps and a vector, apart from its text.
constexpr std::size_t kTermOverhead = 3 * sizeof(Term) + 64;
constexpr std::size_t kValueOverhead = sizeof(expr::Value) + 96;

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return {digits.data(), end};
}

}  // namespace

LocalTerms::LocalTerms(std::shared_ptr<const storage::Snapshot> snapshot)
    : snapshot_(std::move(snapshot)), blank_seed_(expr::system_random<1>()[0]) {}

Id LocalTerms::id(const TermView& term) {
  if (!term) return {};
  if (const std::optional<Id> inlined = inline_id(term)) return *inlined;
  // Stored first: a writer's snapshot may have got the term since it was made here.
  if (const Id stored = snapshot_->find(term); stored.is_bound()) return stored;
  const auto [place, is_new] = ids_.try_emplace(Term(term), Id());
  if (is_new) {
    place->second = Id::local(dictionary_type(term), terms_.size());
    terms_.push_back(place->first);
    memory_ += kTermOverhead + 2 * term.value.size();
  }
  return place->second;
}

Id LocalTerms::id(const expr::Value& value) {
  return id(value.term());
}

Id LocalTerms::new_blank() {
  return id(blank("q" + hexadecimal(blank_seed_) + "x" + std::to_string(blanks_++)));
}

std::optional<Id> LocalTerms::triple_id(const TripleIds& triple) {
  if (triple.predicate.type() != IdType::iri) return std::nullopt;
  if (triple.subject.type() != IdType::iri && triple.subject.type() != IdType::blank) return std::nullopt;
  if (!triple.object.is_bound()) return std::nullopt;
  return id(triple_term(term(triple.subject), term(triple.predicate), term(triple.object)));
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
  memory_ += sizeof(TripleIds) + 64;
  parts_.emplace(id, result);
  return result;
}

}  // namespace akyn::runtime

#include "engine/runtime/instantiator.h"

#include <algorithm>
#include <memory>
#include <variant>

namespace akyn::runtime {

void Instantiator::next_solution(std::span<const Id> solution) {
  solution_ = solution;
  blanks_.clear();
}

Id Instantiator::term(const algebra::PatternTerm& pattern) {
  if (const auto* constant = std::get_if<algebra::Constant>(&pattern)) {
    return constant->id.is_bound() ? constant->id : terms_.id(constant->term);
  }
  if (const auto* variable = std::get_if<algebra::Variable>(&pattern)) {
    const auto place = std::find(slots_.begin(), slots_.end(), variable->slot);
    if (place == slots_.end()) return {};
    return solution_[static_cast<std::size_t>(place - slots_.begin())];
  }
  if (const auto* blank = std::get_if<algebra::TemplateBlank>(&pattern)) {
    if (blanks_.size() <= blank->index) blanks_.resize(blank->index + 1);
    if (!blanks_[blank->index].is_bound()) blanks_[blank->index] = terms_.new_blank();
    return blanks_[blank->index];
  }
  const std::optional<TripleIds> parts = triple(*std::get<std::shared_ptr<const algebra::TripleTerm>>(pattern));
  return parts ? terms_.triple_id(*parts).value_or(Id()) : Id();
}

std::optional<TripleIds> Instantiator::triple(const algebra::Triple& pattern) {
  const TripleIds result{term(pattern.subject), term(pattern.predicate), term(pattern.object)};
  const bool is_subject = result.subject.type() == IdType::iri || result.subject.type() == IdType::blank;
  if (!is_subject || result.predicate.type() != IdType::iri || !result.object.is_bound()) return std::nullopt;
  return result;
}

}  // namespace akyn::runtime

#include "engine/exec/triple_parts.h"

#include <algorithm>

namespace akyn::exec {

TriplePartsOperator::TriplePartsOperator(Run& run, OperatorPtr input, const plan::TripleParts& parts,
                                         std::vector<Slot> columns)
    : Operator(run, std::move(columns)), input_(std::move(input)), term_is_bound_(parts.term_is_bound) {
  const auto make = [&](Slot slot) {
    made_slots_.push_back(slot);
    return made_slots_.size() - 1;
  };
  if (term_is_bound_) {
    term_ = input_->column_of(parts.term).value();
  } else {
    make(parts.term);
  }
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const plan::Position& position = parts.parts[i];
    parts_[i].constant = position.id;
    if (position.is_constant()) continue;
    parts_[i].column = input_->column_of(*position.slot);
    if (parts_[i].column) continue;
    const auto found = std::find(made_slots_.begin(), made_slots_.end(), *position.slot);
    parts_[i].repeats = found != made_slots_.end();
    parts_[i].made = parts_[i].repeats ? static_cast<std::size_t>(found - made_slots_.begin()) : make(*position.slot);
  }
  made_.resize(made_slots_.size());
  for (const Slot slot : this->columns()) {
    const auto found = std::find(made_slots_.begin(), made_slots_.end(), slot);
    if (found != made_slots_.end()) {
      sources_.push_back({true, static_cast<std::size_t>(found - made_slots_.begin())});
    } else {
      sources_.push_back({false, input_->column_of(slot).value()});
    }
  }
}

bool TriplePartsOperator::take_apart(std::size_t row) {
  const Id term = Id::from_bits(batch_.column(term_)[row]);
  if (term.type() != IdType::triple) return false;
  const runtime::TripleIds ids = run().terms().parts(term);
  const std::array<Id, 3> values = {ids.subject, ids.predicate, ids.object};
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    if (part.constant.is_bound()) {
      if (part.constant != values[i]) return false;
    } else if (part.column) {
      if (batch_.column(*part.column)[row] != values[i].bits()) return false;
    } else if (part.repeats) {
      if (made_[part.made] != values[i].bits()) return false;
    } else {
      made_[part.made] = values[i].bits();
    }
  }
  return true;
}

bool TriplePartsOperator::put_together(std::size_t row) {
  std::array<Id, 3> values;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    values[i] = part.constant.is_bound() ? part.constant : Id::from_bits(batch_.column(part.column.value())[row]);
    if (values[i].is_local()) return false;
  }
  const bool is_triple = values[1].type() == IdType::iri &&
                         (values[0].type() == IdType::iri || values[0].type() == IdType::blank) && values[2].is_bound();
  if (!is_triple) return false;
  LocalTerms& terms = run().terms();
  const Term term = triple_term(terms.term(values[0]), terms.term(values[1]), terms.term(values[2]));
  made_[0] = run().snapshot().find(term.view()).bits();
  return made_[0] != 0;
}

bool TriplePartsOperator::produce(Batch& out) {
  while (out.rows() == 0) {
    if (!input_->next(batch_)) return false;
    std::size_t rows = 0;
    for (std::size_t row = 0; row < batch_.rows(); ++row) {
      run().budget().step();
      if (!(term_is_bound_ ? take_apart(row) : put_together(row))) continue;
      for (std::size_t i = 0; i < sources_.size(); ++i) {
        out.values(i).push_back(sources_[i].made ? made_[sources_[i].place] : batch_.column(sources_[i].place)[row]);
      }
      out.append_count(batch_, row);
      ++rows;
    }
    out.set_rows(rows);
  }
  return true;
}

}  // namespace akyn::exec

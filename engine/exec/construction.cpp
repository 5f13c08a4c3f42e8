#include "engine/exec/construction.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <akyn/error.h>

namespace akyn::exec {
namespace {

void reset(Batch& out) {
  out.reset(3);
  out.set_rows(0);
}

void append(Batch& out, const runtime::TripleIds& triple) {
  out.values(0).push_back(triple.subject.bits());
  out.values(1).push_back(triple.predicate.bits());
  out.values(2).push_back(triple.object.bits());
  out.set_rows(out.values(0).size());
}

bool makes_blanks(const algebra::Triple& triple);

bool makes_blanks(const algebra::PatternTerm& term) {
  if (const auto* nested = std::get_if<std::shared_ptr<const algebra::TripleTerm>>(&term)) {
    return makes_blanks(**nested);
  }
  return std::holds_alternative<algebra::TemplateBlank>(term);
}

bool makes_blanks(const algebra::Triple& triple) {
  return makes_blanks(triple.subject) || makes_blanks(triple.predicate) || makes_blanks(triple.object);
}

}  // namespace

bool ComputedTriples::next(Batch& out) {
  reset(out);
  const std::size_t end = std::min(triples_.size(), position_ + kBatchRows);
  for (; position_ < end; ++position_) append(out, triples_[position_]);
  return out.rows() > 0;
}

Construction::Construction(const std::vector<algebra::Triple>& triples, std::unique_ptr<Answer> pattern,
                           runtime::LocalTerms& terms, runtime::Budget& budget)
    : template_(triples),
      pattern_(std::move(pattern)),
      budget_(budget),
      instantiator_(pattern_->slots(), terms),
      makes_blanks_(std::any_of(triples.begin(), triples.end(),
                                [](const algebra::Triple& triple) { return makes_blanks(triple); })),
      seen_(budget, 3),
      solution_(pattern_->slots().size()) {}

bool Construction::next(Batch& out) {
  do {
    reset(out);
    fill(out);
    if (out.rows() == 0) return false;
    drop_seen(out);
  } while (out.rows() == 0);
  return true;
}

void Construction::fill(Batch& out) {
  while (out.rows() < kBatchRows) {
    if (row_ == batch_.rows()) {
      // What there is goes out before more is computed.
      if (out.rows() > 0) return;
      row_ = 0;
      if (!pattern_->next(batch_)) return;
    }
    instantiate(out);
    if (++repeated_ < batch_.count(row_) && makes_blanks_) continue;
    repeated_ = 0;
    ++row_;
  }
}

void Construction::instantiate(Batch& out) {
  for (std::size_t i = 0; i < solution_.size(); ++i) solution_[i] = Id::from_bits(batch_.column(i)[row_]);
  instantiator_.next_solution(solution_);
  for (const algebra::Triple& pattern : template_) {
    budget_.step();
    if (const std::optional<runtime::TripleIds> triple = instantiator_.triple(pattern)) append(out, *triple);
  }
}

void Construction::drop_seen(Batch& out) {
  columns_.clear();
  for (std::size_t c = 0; c < out.width(); ++c) columns_.push_back(out.column(c));
  fresh_.clear();
  seen_.add(columns_, out.rows(), numbers_, fresh_);
  const std::uint64_t most = budget_.limits().max_rows;
  if (most != 0 && seen_.size() > most) {
    throw Error(ErrorCode::limit, "the answer has more than its limit of " + std::to_string(most) + " triples");
  }
  out.select(fresh_);
}

}  // namespace akyn::exec

#include "engine/exec/unnest_operator.h"

#include <algorithm>
#include <utility>

#include "engine/exec/expand_operator.h"
#include "engine/exec/expression_facts.h"

namespace akyn::exec {

UnnestOperator::UnnestOperator(Run& run, OperatorPtr input, algebra::Unnest unnest, ExistsEvaluator* exists,
                               bool pass_edges, std::vector<Slot> columns)
    : Operator(run, std::move(columns)),
      input_(expanded_if(!is_deterministic(*unnest.expression), run, std::move(input))),
      unnest_(std::move(unnest)),
      expressions_(run, input_->columns(), exists),
      numbered_(!is_deterministic(*unnest_.expression)),
      reader_(run.terms(), run.budget()),
      with_edges_(column_of(unnest_.edge) || input_->column_of(unnest_.edge)) {
  if (pass_edges && with_edges_) {
    edges_.emplace(run.terms());
    set_passing();
  }
  const std::array<Slot, 4> set = {unnest_.position, unnest_.from, unnest_.edge, unnest_.to};
  for (std::size_t part = 0; part < set.size(); ++part) agrees_[part] = input_->column_of(set[part]);
  for (const Slot slot : this->columns()) {
    Source source;
    source.input = input_->column_of(slot);
    const auto place = std::find(set.begin(), set.end(), slot);
    if (place != set.end()) source.part = static_cast<std::size_t>(place - set.begin());
    sources_.push_back(source);
  }
}

Id UnnestOperator::edge_of(const PathText& path, std::size_t position) {
  if (!with_edges_) return {};
  if (known_edges_.size() >= kBatchRows) known_edges_.clear();
  const runtime::TripleIds triple = reader_.edge(path, position);
  const auto [known, is_new] = known_edges_.try_emplace(triple);
  if (!is_new) return known->second;
  if (const std::optional<Term> edge = run().terms().triple(triple)) {
    known->second = edges_ ? edges_->id(edge->view()) : run().terms().id(*edge);
  }
  return known->second;
}

bool UnnestOperator::produce(Batch& out) {
  if (edges_) {
    known_edges_.clear();
    edges_->release();
  }
  while (out.rows() < kBatchRows) {
    if (row_ >= batch_.rows()) {
      if (input_->is_passing() && out.rows() != 0) break;
      if (!input_->next(batch_)) break;
      if (numbered_) expressions_.number_from(run().number_solutions(batch_.rows()));
      expressions_.evaluate(*unnest_.expression, batch_, paths_);
      row_ = 0;
    }
    const Id id = Id::from_bits(paths_[row_]);
    // Paths are literals of a datatype that the engine's Ids do not know.
    if (id.type() == IdType::typed) {
      const Term term = run().terms().term(id);
      const auto path = term.datatype() == kPathDatatype ? read_path(term.value()) : std::nullopt;
      for (std::size_t i = 0; path && i < path->edges.size(); ++i) {
        run().budget().step();
        const Id position = run().terms().id(expr::Value::integer(static_cast<std::int64_t>(i)));
        const auto [from, to] = reader_.ends(*path, i);
        emit(out, row_, {position, from, edge_of(*path, i), to});
      }
    }
    ++row_;
  }
  return out.rows() != 0;
}

void UnnestOperator::emit(Batch& out, std::size_t row, const std::array<Id, 4>& parts) {
  for (std::size_t part = 0; part < parts.size(); ++part) {
    if (!agrees_[part] || !parts[part].is_bound()) continue;
    const std::uint64_t known = batch_.column(*agrees_[part])[row];
    if (known != 0 && known != parts[part].bits()) return;
  }
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Source& source = sources_[i];
    std::uint64_t cell = source.part ? parts[*source.part].bits() : 0;
    if (cell == 0 && source.input) cell = batch_.column(*source.input)[row];
    out.values(i).push_back(cell);
  }
  out.append_count(batch_, row);
  out.set_rows(out.rows() + 1);
}

}  // namespace akyn::exec

#include "engine/exec/scalar_node.h"

#include <algorithm>
#include <numeric>

#include "engine/exec/expression_facts.h"
#include "engine/storage/dictionary.h"

namespace akyn::exec {
namespace {

// Ids with a body of text.
bool has_body(Id id) {
  return storage::Dictionary::is_stored(id) && id.type() != IdType::triple;
}

// While a batch is looked through: the number of a miss. No Id, not kAsk, not kAbsent.
constexpr std::uint64_t kPending = Id::kLocalBit;

}  // namespace

ScalarNode::ScalarNode(const algebra::ExpressionNode& expression, ColumnContext& context)
    : ColumnNode(facts_of(expression, context.columns).needed), context_(context) {
  const ExpressionFacts facts = facts_of(expression, context.columns);
  variables_ = facts.variables;
  exists_ = facts.has_exists;
  row_by_row_ = exists_ || !facts.deterministic;
  std::vector<Slot> slots;
  for (const std::size_t column : variables_) slots.push_back(context.columns[column]);
  scalar_ = compile_scalar(expression, slots, context.scalar);
}

void ScalarNode::truths(const Frame& frame, TruthColumn& out) {
  evaluate(Kind::truths, frame, truth_bits_);
  out.resize(frame.rows);
  std::transform(truth_bits_.begin(), truth_bits_.end(), out.begin(),
                 [](std::uint64_t bits) { return static_cast<Truths>(bits); });
}

std::uint64_t ScalarNode::result(Kind kind, const Datum& value) {
  switch (kind) {
    case Kind::truths: {
      const std::optional<bool> truth = effective_boolean(value);
      return !truth ? kError : *truth ? kTrue : kFalse;
    }
    case Kind::ids:
      return to_id(value, context_.scalar.run.terms());
    case Kind::values:
      break;
  }
  return to_id_cheaply(value).value_or(kAsk);
}

void ScalarNode::evaluate(Kind kind, const Frame& frame, IdColumn& out) {
  const auto which = static_cast<std::size_t>(kind);
  out.resize(frame.rows);
  if (frame.rows == 0) return;
  if (variables_.empty() && !row_by_row_) {
    std::optional<std::uint64_t>& constant = constants_[which];
    if (!constant) {
      context_.scalar.texts.clear();
      constant = result(kind, scalar_->evaluate({}));
    }
    std::fill(out.begin(), out.end(), *constant);
    return;
  }
  if (row_by_row_) {
    all_rows_.resize(frame.rows);
    std::iota(all_rows_.begin(), all_rows_.end(), 0U);
    evaluate_rows(frame, all_rows_, [&](std::size_t place, const Datum& value) { out[place] = result(kind, value); });
    return;
  }

  IdMemo* memo = nullptr;
  if (variables_.size() <= kMostMemoized && !goes_on_sorted(frame)) {
    if (!memos_[which]) {
      memos_[which] = std::make_unique<IdMemo>(variables_.size(), context_.scalar.run.budget());
    }
    memo = memos_[which].get();
  }
  // Neighbours are often the same; what is left of the rows is looked up.
  misses_.clear();
  std::array<std::uint64_t, kMostMemoized> key{};
  for (std::size_t row = 0; row < frame.rows; ++row) {
    bool same = row > 0;
    for (std::size_t i = 0; same && i < variables_.size(); ++i) {
      const std::span<const std::uint64_t> column = frame.columns[variables_[i]];
      same = column[row] == column[row - 1];
    }
    if (same) {
      out[row] = out[row - 1];
      continue;
    }
    std::uint64_t* known = nullptr;
    if (memo != nullptr) {
      for (std::size_t i = 0; i < variables_.size(); ++i) key[i] = frame.columns[variables_[i]][row];
      known = memo->find(key.data());
      if (known != nullptr && *known != IdMemo::kAbsent) {
        out[row] = *known;
        continue;
      }
    }
    out[row] = kPending | misses_.size();
    if (known != nullptr) *known = out[row];
    misses_.push_back(static_cast<std::uint32_t>(row));
  }
  if (misses_.empty()) return;

  results_.resize(misses_.size());
  evaluate_rows(frame, misses_, [&](std::size_t place, const Datum& value) { results_[place] = result(kind, value); });
  for (std::uint64_t& bits : out) {
    if ((bits & kPending) != 0 && Id::from_bits(bits).type() == IdType::unbound) bits = results_[bits & ~kPending];
  }
  if (memo == nullptr) return;
  for (std::size_t i = 0; i < misses_.size() && !memo->has_given_up(); ++i) {
    for (std::size_t j = 0; j < variables_.size(); ++j) key[j] = frame.columns[variables_[j]][misses_[i]];
    memo->set(key.data(), results_[i]);
  }
}

bool ScalarNode::goes_on_sorted(const Frame& frame) {
  if (variables_.size() != 1) return false;
  const std::span<const std::uint64_t> column = frame.columns[variables_.front()];
  const bool sorted = column.front() >= last_sorted_ && std::is_sorted(column.begin(), column.end());
  // A column that is not sorted is not looked at again.
  last_sorted_ = sorted ? column.back() : ~std::uint64_t{0};
  return sorted;
}

void ScalarNode::visit(const Frame& frame, const Use& use) {
  all_rows_.resize(frame.rows);
  std::iota(all_rows_.begin(), all_rows_.end(), 0U);
  evaluate_rows(frame, all_rows_, use);
}

template <class Give>
void ScalarNode::evaluate_rows(const Frame& frame, std::span<const std::uint32_t> rows, const Give& give) {
  if (variables_.size() == 1 && !row_by_row_) {
    evaluate_terms(frame, rows, give);
  } else {
    evaluate_combinations(frame, rows, give);
  }
}

void ScalarNode::set_unstored(Datum& value, Id id) {
  if (!id.is_bound()) {
    value.set_none();
  } else if (id.is_inlined()) {
    value.set_inlined(id);
  } else {
    LocalTerms& terms = context_.scalar.run.terms();
    // Blank nodes are many, and cheap to make.
    value.set_value(id.type() == IdType::blank ? expr::Value::of(terms.term(id)) : terms.value(id));
    value.id = id.bits();
  }
}

template <class Give>
void ScalarNode::evaluate_terms(const Frame& frame, std::span<const std::uint32_t> rows, const Give& give) {
  const std::span<const std::uint64_t> column = frame.columns[variables_.front()];
  data_.resize(1);
  Datum& value = data_.front();
  const ScalarRow scalar_row{data_, {}, nullptr};
  Budget& budget = context_.scalar.run.budget();
  const auto evaluate_value = [&](std::size_t place) {
    budget.step();
    context_.scalar.texts.clear();
    give(place, scalar_->evaluate(scalar_row));
  };
  wanted_.resize(rows.size());
  bool any_bodies = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    wanted_[i] = Id::from_bits(column[rows[i]]);
    if (has_body(wanted_[i])) {
      any_bodies = true;
      continue;
    }
    set_unstored(value, wanted_[i]);
    evaluate_value(i);
  }
  if (!any_bodies) return;
  context_.scalar.run.snapshot().visit(wanted_, [&](std::size_t place, std::string_view body) {
    if (!has_body(wanted_[place])) return;
    value.set_body(wanted_[place], body);
    evaluate_value(place);
  });
}

// Sets data_ to the values of the rows, variable by variable.
void ScalarNode::load(const Frame& frame, std::span<const std::uint32_t> rows) {
  constexpr std::size_t kNoBody = ~std::size_t{0};
  data_.resize(variables_.size() * rows.size());
  wanted_.clear();
  for (const std::size_t variable : variables_) {
    for (const std::uint32_t row : rows) wanted_.push_back(Id::from_bits(frame.columns[variable][row]));
  }
  bodies_.clear();
  places_.assign(wanted_.size(), {kNoBody, 0});
  if (std::any_of(wanted_.begin(), wanted_.end(), has_body)) {
    context_.scalar.run.snapshot().visit(wanted_, [&](std::size_t place, std::string_view body) {
      places_[place] = {bodies_.size(), body.size()};
      bodies_ += body;
    });
    context_.scalar.run.budget().check_room(bodies_.size());
  }
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    // A row has its values side by side.
    Datum& value = data_[i % rows.size() * variables_.size() + i / rows.size()];
    if (!has_body(wanted_[i])) {
      set_unstored(value, wanted_[i]);
    } else {
      value.set_body(wanted_[i], std::string_view(bodies_).substr(places_[i].first, places_[i].second));
    }
  }
}

template <class Give>
void ScalarNode::evaluate_combinations(const Frame& frame, std::span<const std::uint32_t> rows, const Give& give) {
  Run& run = context_.scalar.run;
  for (std::size_t first = 0; first < rows.size(); first += kChunkRows) {
    const std::span<const std::uint32_t> chunk = rows.subspan(first, std::min(kChunkRows, rows.size() - first));
    load(frame, chunk);
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      run.budget().step();
      run.functions().solution = frame.solution(chunk[i]);
      context_.scalar.texts.clear();
      ScalarRow scalar_row{
          std::span<const Datum>(data_).subspan(i * variables_.size(), variables_.size()), {}, nullptr};
      if (exists_) {
        row_.clear();
        for (const auto& column : frame.columns) row_.push_back(Id::from_bits(column[chunk[i]]));
        scalar_row.row = row_;
        scalar_row.columns = &context_.columns;
      }
      give(first + i, scalar_->evaluate(scalar_row));
    }
  }
}

}  // namespace akyn::exec

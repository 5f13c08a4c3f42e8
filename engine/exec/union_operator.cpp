#include "engine/exec/union_operator.h"

#include <algorithm>

#include "engine/exec/project_operator.h"
#include "engine/storage/gallop.h"

namespace akyn::exec {
namespace {

std::vector<std::optional<std::size_t>> places_in(const Operator& input, const std::vector<Slot>& columns) {
  std::vector<std::optional<std::size_t>> places;
  for (const Slot slot : columns) places.push_back(input.column_of(slot));
  return places;
}

}  // namespace

UnionOperator::UnionOperator(Run& run, std::vector<OperatorPtr> inputs, std::vector<Slot> columns)
    : Operator(run, std::move(columns)), inputs_(std::move(inputs)) {}

bool UnionOperator::produce(Batch& out) {
  while (current_ < inputs_.size()) {
    if (inputs_[current_]->next(batch_)) {
      append_rows(batch_, places_in(*inputs_[current_], columns()), 0, batch_.rows(), out);
      return true;
    }
    ++current_;
  }
  return false;
}

SortedUnionOperator::SortedUnionOperator(Run& run, std::vector<OperatorPtr> inputs, Slot key, std::vector<Slot> columns)
    : Operator(run, std::move(columns)) {
  for (OperatorPtr& rows : inputs) {
    Input& input = inputs_.emplace_back();
    input.key = rows->column_of(key).value();
    input.places = places_in(*rows, this->columns());
    input.rows = std::move(rows);
  }
}

void SortedUnionOperator::skip_to(std::uint64_t value) {
  for (Input& input : inputs_) input.rows->skip_to(value);
}

bool SortedUnionOperator::fill(Input& input) {
  if (input.row < input.batch.rows()) return true;
  if (input.ended) return false;
  input.row = 0;
  input.ended = !input.rows->next(input.batch);
  return !input.ended;
}

bool SortedUnionOperator::produce(Batch& out) {
  while (out.rows() < kBatchRows) {
    Input* least = nullptr;
    constexpr std::uint64_t kNone = ~std::uint64_t{0};
    std::uint64_t before = kNone;  // the smallest value of the inputs before it
    std::uint64_t after = kNone;   // of those after it
    for (Input& input : inputs_) {
      if (!fill(input)) continue;
      if (least == nullptr || input.value() < least->value()) {
        before = std::min(before, after);
        if (least != nullptr) before = std::min(before, least->value());
        after = kNone;
        least = &input;
      } else {
        after = std::min(after, input.value());
      }
    }
    if (least == nullptr) break;
    // Of rows with the same value those of earlier inputs come first, wherever batches begin and end.
    const auto values = least->batch.column(least->key);
    const std::size_t until = storage::gallop(least->row + 1, least->batch.rows(), [&](std::size_t row) {
      return values[row] <= after && (values[row] < before || before == kNone);
    });
    append_rows(least->batch, least->places, least->row, until, out);
    least->row = until;
  }
  return out.rows() != 0;
}

}  // namespace akyn::exec

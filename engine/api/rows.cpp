#include "engine/api/rows.h"

#include <utility>

#include <fmt/format.h>

namespace akyn {
namespace api {

RowsState::RowsState(const QueryState& state)
    : run(state), cursor(evaluate_select(run), run.settings.row_limit), cells(cursor, run.terms) {}

const Term& RowsState::cell(std::size_t column) const {
  if (column >= cells.size()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("column {} of a row that has {}", column, cells.size()));
  }
  if (!cursor.at_row()) {
    throw Error(ErrorCode::invalid_argument, "there is no current row: next() comes first, and must be true");
  }
  run.source.check();
  return cells[column];
}

std::size_t RowsState::column_of(std::string_view name) const {
  const std::vector<std::string>& names = cursor.variables();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  std::string known;
  for (const std::string& known_name : names) known += (known.empty() ? "" : ", ") + known_name;
  throw Error(ErrorCode::not_found, fmt::format("the answer has no column '{}'; it has: {}", name, known));
}

}  // namespace api

using api::guarded;

std::size_t Row::size() const noexcept {
  return state_ == nullptr ? 0 : state_->cells.size();
}

const Term& Row::operator[](std::string_view variable) const {
  return guarded([&]() -> const Term& {
    if (state_ == nullptr) throw Error(ErrorCode::invalid_argument, "an empty Row has no columns");
    return state_->cell(state_->column_of(variable));
  });
}

const Term& Row::operator[](std::size_t column) const {
  return guarded([&]() -> const Term& {
    if (state_ == nullptr) throw Error(ErrorCode::invalid_argument, "an empty Row has no columns");
    return state_->cell(column);
  });
}

Rows::Rows(std::unique_ptr<api::RowsState> state) : state_(std::move(state)) {
  row_.state_ = state_.get();
}
Rows::Rows(Rows&& other) noexcept : state_(std::move(other.state_)), row_(std::exchange(other.row_, Row())) {}
Rows& Rows::operator=(Rows&& other) noexcept {
  state_ = std::move(other.state_);
  row_ = std::exchange(other.row_, Row());
  return *this;
}
Rows::~Rows() = default;

const std::vector<std::string>& Rows::variables() const noexcept {
  static const std::vector<std::string> kNone;
  return state_ ? state_->cursor.variables() : kNone;
}

bool Rows::next() {
  return guarded([&] { return state_ && state_->next(); });
}

}  // namespace akyn

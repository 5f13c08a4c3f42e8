#include "engine/exec/operator_answer.h"

#include <algorithm>
#include <string>
#include <utility>

namespace akyn::exec {
namespace {

std::vector<std::string> names_of(const std::vector<Slot>& slots, const algebra::VariableTable& variables) {
  std::vector<std::string> names;
  names.reserve(slots.size());
  for (const Slot slot : slots) names.push_back(variables.name(slot));
  return names;
}

}  // namespace

OperatorAnswer::OperatorAnswer(const algebra::Query& query, std::vector<Slot> columns, Run& run, OperatorPtr root)
    : Answer(columns, names_of(columns, query.variables)), run_(run), root_(std::move(root)) {
  for (const Slot slot : columns) {
    const auto parameter = std::find_if(query.parameters.begin(), query.parameters.end(),
                                        [&](const auto& bound) { return bound.first == slot; });
    Source source;
    if (parameter != query.parameters.end()) {
      source.value = run_.terms().id(parameter->second).bits();
    } else {
      source.column = root_->column_of(slot);
      for (std::size_t i = 0; i < sources_.size() && source.column; ++i) {
        if (sources_[i].column == source.column && !source.again) source.again = i;
      }
    }
    sources_.push_back(source);
  }
}

bool OperatorAnswer::next(Batch& out) {
  run_.budget().resume();
  const bool more = root_->next(batch_);
  out.reset(sources_.size());
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].again) {
      const auto first = out.values(*sources_[i].again).begin();
      out.values(i).assign(first, first + static_cast<std::ptrdiff_t>(batch_.rows()));
    } else if (sources_[i].column) {
      out.values(i).swap(batch_.values(*sources_[i].column));
    } else {
      out.values(i).assign(batch_.rows(), sources_[i].value);
    }
  }
  if (batch_.counted()) out.count_values().swap(batch_.count_values());
  out.set_rows(batch_.rows());
  run_.budget().pause();
  return more;
}

}  // namespace akyn::exec

#include "engine/api/extensions.h"

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::api {

namespace {

// Runs code of the program's own. What it throws is an error of the expression, or ends the query with a message
// that names the culprit.
template <class Call>
expr::Result outcome(const std::string& name, const Call& call) {
  try {
    const Term value = call();
    if (!value) return std::nullopt;
    return expr::Value::of(value);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::invalid_argument) return std::nullopt;
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::invalid_argument, fmt::format("the function <{}> failed: {}", name, error.what()));
  }
}

std::string expected(ArgumentCount count) {
  if (count.most == ArgumentCount::kAnyNumber) return fmt::format("at least {}", count.least);
  return count.least == count.most ? std::to_string(count.least) : fmt::format("{} to {}", count.least, count.most);
}

class AdaptedAggregate final : public expr::CustomAggregate {
 public:
  AdaptedAggregate(std::string name, std::unique_ptr<Aggregate> aggregate)
      : name_(std::move(name)), aggregate_(std::move(aggregate)) {}

  void add(std::span<const expr::Result> arguments) override {
    terms_.clear();
    for (const expr::Result& value : arguments) terms_.push_back(value ? value->term() : Term());
    if (failed_) return;
    const expr::Result added = outcome(name_, [&] {
      aggregate_->add(terms_);
      return boolean(true);
    });
    failed_ = !added;
  }
  [[nodiscard]] expr::Result result() override {
    if (failed_) return std::nullopt;
    return outcome(name_, [&] { return aggregate_->result(); });
  }

 private:
  std::string name_;
  std::unique_ptr<Aggregate> aggregate_;
  std::vector<Term> terms_;
  bool failed_ = false;
};

std::string checked_name(std::string_view name, bool defined) {
  const Term checked = iri(name);
  if (expr::find_function_by_iri(name) != nullptr) {
    throw Error(ErrorCode::invalid_argument, fmt::format("<{}> is a cast of SPARQL's own", name));
  }
  if (!defined) throw Error(ErrorCode::invalid_argument, fmt::format("there is no function to define <{}>", name));
  return checked.value();
}

}  // namespace

std::shared_ptr<const expr::FunctionRegistry> Extensions::functions() const {
  const std::lock_guard lock(mutex_);
  return functions_;
}

void Extensions::define_function(std::string_view iri, Function function, ArgumentCount count) {
  std::string name = checked_name(iri, static_cast<bool>(function));
  expr::CustomFunction adapted = [name, count, function = std::move(function)](std::span<const expr::Value> arguments) {
    if (arguments.size() < count.least || arguments.size() > count.most) {
      throw Error(ErrorCode::invalid_argument, fmt::format("<{}> takes {} argument{}, not {}", name, expected(count),
                                                           count.most == 1 ? "" : "s", arguments.size()));
    }
    std::vector<Term> terms;
    terms.reserve(arguments.size());
    for (const expr::Value& value : arguments) terms.push_back(value.term());
    return outcome(name, [&] { return function(terms); });
  };
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<expr::FunctionRegistry>(*functions_);
  changed->aggregates.erase(name);
  changed->functions.insert_or_assign(std::move(name), std::move(adapted));
  functions_ = std::move(changed);
}

void Extensions::define_aggregate(std::string_view iri, AggregateFactory make) {
  std::string name = checked_name(iri, static_cast<bool>(make));
  expr::AggregateFactory adapted = [name, make = std::move(make)] {
    std::unique_ptr<Aggregate> aggregate = make();
    if (!aggregate) throw Error(ErrorCode::invalid_argument, fmt::format("<{}> made no aggregate", name));
    return std::make_unique<AdaptedAggregate>(name, std::move(aggregate));
  };
  const std::lock_guard lock(mutex_);
  auto changed = std::make_shared<expr::FunctionRegistry>(*functions_);
  changed->functions.erase(name);
  changed->aggregates.insert_or_assign(std::move(name), std::move(adapted));
  functions_ = std::move(changed);
}

}  // namespace akyn::api

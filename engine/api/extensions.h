// What a program adds to a store it has open: functions, aggregates, leave to ask other endpoints.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include <akyn/functions.h>
#include "engine/expr/functions.h"

namespace akyn::api {

// Thread-safe. Queries keep the functions there were when they were prepared.
class Extensions {
 public:
  explicit Extensions(bool allow_service) : allow_service_(allow_service) {}

  [[nodiscard]] bool allow_service() const noexcept { return allow_service_; }
  [[nodiscard]] std::shared_ptr<const expr::FunctionRegistry> functions() const;

  // Both throw Error(invalid_argument) when the name is not an IRI or is that of a cast, or there is no function.
  void define_function(std::string_view iri, Function function, ArgumentCount count);
  void define_aggregate(std::string_view iri, AggregateFactory make);

 private:
  bool allow_service_;
  mutable std::mutex mutex_;
  std::shared_ptr<const expr::FunctionRegistry> functions_ = std::make_shared<expr::FunctionRegistry>();
};

}  // namespace akyn::api

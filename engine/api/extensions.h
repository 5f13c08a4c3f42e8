// What a program adds to a store it has open: functions, aggregates, leave to reach for what is outside of it.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include <akyn/functions.h>
#include <akyn/options.h>
#include "engine/expr/functions.h"
#include "engine/update/document.h"

namespace akyn::api {

// Thread-safe. Queries keep the functions there were when they were prepared.
class Extensions {
 public:
  explicit Extensions(const StoreOptions& options)
      : allow_service_(options.allow_service), load_access_{options.allow_load_files, options.allow_load_urls} {}

  [[nodiscard]] bool allow_service() const noexcept { return allow_service_; }
  [[nodiscard]] const update::LoadAccess& load_access() const noexcept { return load_access_; }
  [[nodiscard]] std::shared_ptr<const expr::FunctionRegistry> functions() const;

  // Both throw Error(invalid_argument) when the name is not an IRI or is that of a cast, or there is no function.
  void define_function(std::string_view iri, Function function, ArgumentCount count);
  void define_aggregate(std::string_view iri, AggregateFactory make);

 private:
  bool allow_service_;
  update::LoadAccess load_access_;
  mutable std::mutex mutex_;
  std::shared_ptr<const expr::FunctionRegistry> functions_ = std::make_shared<expr::FunctionRegistry>();
};

}  // namespace akyn::api

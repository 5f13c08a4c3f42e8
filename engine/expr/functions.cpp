#include "engine/expr/functions.h"

#include <array>
#include <chrono>

#include "engine/expr/builtins.h"
#include "engine/expr/system_random.h"
#include "engine/expr/text.h"
#include "engine/term/date_time.h"

namespace akyn::expr {
namespace {

Value current_time() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t millis = duration_cast<milliseconds>(since_epoch).count();
  return Value::date_time(ValueKind::date_time,
                          {millis / 1000, millis % 1000 * (kAttosPerSecond / 1000), std::int16_t{0}});
}

using Table = std::unordered_map<std::string, const Function*>;

Table by_name() {
  Table table;
  for (const std::span<const Function> group :
       {term_functions(), string_functions(), numeric_functions(), time_functions(), hash_functions()}) {
    for (const Function& function : group) table.emplace(upper_case(function.name), &function);
  }
  return table;
}

Table by_iri() {
  Table table;
  for (const std::span<const Function> group : {cast_functions(), path_functions()}) {
    for (const Function& function : group) table.emplace(function.name, &function);
  }
  return table;
}

const Function* look_up(const Table& table, std::string_view key) {
  const auto found = table.find(std::string(key));
  return found == table.end() ? nullptr : found->second;
}

}  // namespace

Context::Context() : now(current_time()), random(system_random<1>()[0]), blank_seed(system_random<2>()) {}

const Function* find_function(std::string_view upper_case_name) {
  static const Table table = by_name();
  return look_up(table, upper_case_name);
}

const Function* find_function_by_iri(std::string_view iri) {
  static const Table table = by_iri();
  return look_up(table, iri);
}

Result call_by_iri(std::string_view iri, std::span<const Value> arguments, Context& context) {
  if (const Function* known = find_function_by_iri(iri)) {
    if (arguments.size() < known->min_args || arguments.size() > known->max_args) return std::nullopt;
    return known->call(arguments, context);
  }
  if (context.functions == nullptr) return std::nullopt;
  const auto found = context.functions->functions.find(std::string(iri));
  if (found == context.functions->functions.end()) return std::nullopt;
  return found->second(arguments);
}

}  // namespace akyn::expr

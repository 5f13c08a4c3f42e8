// Short ways to write values in the tests of expressions.
#pragma once

#include <initializer_list>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expr/functions.h"
#include "engine/expr/value.h"

namespace akyn::expr::testing {

inline Value string(std::string_view text) {
  return Value::string(std::string(text));
}
inline Value lang(std::string_view text, std::string_view tag, Direction direction = Direction::none) {
  return Value::lang_string(std::string(text), std::string(tag), direction);
}
// typed("5", "integer"): a datatype of XML Schema; any other by its full IRI.
inline Value typed(std::string_view text, std::string_view type) {
  const std::string iri = type.find(':') == std::string_view::npos
                              ? "http://www.w3.org/2001/XMLSchema#" + std::string(type)
                              : std::string(type);
  return Value::literal(std::string(text), iri);
}
inline Value integer(std::int64_t number) {
  return Value::integer(number);
}
inline Value decimal(std::string_view text) {
  return typed(text, "decimal");
}
inline Value number(std::string_view text) {
  return typed(text, "double");
}
inline Value date_time(std::string_view text) {
  return typed(text, "dateTime");
}
inline Value iri(std::string_view text) {
  return Value::iri(std::string(text));
}
inline Value blank(std::string_view label) {
  return Value::blank(std::string(label));
}

// N-Triples with xsd: shortened; "error" for no value.
inline std::string show(const Result& result) {
  if (!result) return "error";
  std::string text = result->term().to_string();
  const std::string_view kNamespace = "<http://www.w3.org/2001/XMLSchema#";
  for (std::size_t at = text.find(kNamespace); at != std::string::npos; at = text.find(kNamespace, at)) {
    text.replace(at, kNamespace.size(), "xsd:");
    text.erase(text.find('>', at), 1);
  }
  return text;
}

inline std::string call(Context& context, std::string_view name, std::initializer_list<Value> arguments) {
  const Function* function = find_function(name);
  if (function == nullptr) return "no such function";
  const std::vector<Value> values(arguments);
  if (values.size() < function->min_args || values.size() > function->max_args) return "wrong number of arguments";
  return show(function->call(values, context));
}

inline std::string call(std::string_view name, std::initializer_list<Value> arguments) {
  Context context;
  context.base_iri = "http://example.org/dir/file";
  return call(context, name, arguments);
}

inline std::string cast(std::string_view type, const Value& value) {
  Context context;
  return show(call_by_iri("http://www.w3.org/2001/XMLSchema#" + std::string(type), std::vector<Value>{value}, context));
}

}  // namespace akyn::expr::testing

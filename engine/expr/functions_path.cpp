// Functions of paths: PREFIX path: <urn:akyn:path#> (docs/paths.md). Positions count from 0.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/expr/builtins.h"
#include "engine/expr/operators.h"
#include "engine/term/decimal.h"
#include "engine/term/path_text.h"

namespace akyn::expr {
namespace {

std::optional<PathText> path_of(const Value& value) {
  if (value.kind() != ValueKind::path) return std::nullopt;
  return read_path(value.text());
}

Value value_of(std::string_view term) {
  return Value::of(path_term(term));
}

// A position below `end`; nothing for any other value.
std::optional<std::size_t> position(const Value& value, std::size_t end) {
  if (value.kind() != ValueKind::integer) return std::nullopt;
  const std::optional<std::int64_t> number = value.as_int64();
  if (!number || *number < 0 || static_cast<std::uint64_t>(*number) >= end) return std::nullopt;
  return static_cast<std::size_t>(*number);
}

// An edge as it is stored, whichever way it was travelled.
struct StoredEdge {
  std::string_view subject;
  std::string_view predicate;
  std::string_view object;
};
StoredEdge stored_edge(const PathText& path, std::size_t i) {
  const PathText::Edge& edge = path.edges[i];
  const std::string_view from = path.node(i);
  return edge.inverse ? StoredEdge{edge.to, edge.predicate, from} : StoredEdge{from, edge.predicate, edge.to};
}

Result length(Arguments arguments, Context&) {
  if (arguments[0].kind() != ValueKind::path) return std::nullopt;
  return Value::integer(arguments[0].path_length());
}

// Stored edges cost 1. What a STEP's edge costs is known in the query that found it.
Result cost(Arguments arguments, Context& context) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  Result sum = Value::decimal(Decimal());
  for (std::size_t i = 0; sum && i < path->edges.size(); ++i) {
    if (!path->edges[i].is_step) {
      sum = add(*sum, Value::integer(1));
      continue;
    }
    const StoredEdge edge = stored_edge(*path, i);
    const auto known = context.step_costs.find(step_text(edge.subject, edge.predicate, edge.object));
    if (known == context.step_costs.end()) return std::nullopt;
    sum = add(*sum, known->second);
  }
  return sum;
}

Result start(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  return value_of(path->start);
}

Result end(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  return value_of(path->node(path->edges.size()));
}

Result node(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  const auto place = path ? position(arguments[1], path->edges.size() + 1) : std::nullopt;
  if (!place) return std::nullopt;
  return value_of(path->node(*place));
}

Result edge(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  const auto place = path ? position(arguments[1], path->edges.size()) : std::nullopt;
  if (!place) return std::nullopt;
  const StoredEdge stored = stored_edge(*path, *place);
  Value subject = value_of(stored.subject);
  // The edge of a STEP may begin at a literal, which no triple term does.
  if (!subject.is_iri() && !subject.is_blank()) return std::nullopt;
  return Value::triple(std::move(subject), value_of(stored.predicate), value_of(stored.object));
}

Result predicate(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  const auto place = path ? position(arguments[1], path->edges.size()) : std::nullopt;
  if (!place) return std::nullopt;
  return value_of(path->edges[*place].predicate);
}

Result inverse(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  const auto place = path ? position(arguments[1], path->edges.size()) : std::nullopt;
  if (!place) return std::nullopt;
  return Value::boolean(path->edges[*place].inverse);
}

// Whether a term is one of its nodes.
Result contains(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  for (std::size_t i = 0; i <= path->edges.size(); ++i) {
    if (same_term(value_of(path->node(i)), arguments[1])) return Value::boolean(true);
  }
  return Value::boolean(false);
}

// Whether an IRI is the predicate, or the name of the STEP, of one of its edges.
Result uses(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path || !arguments[1].is_iri()) return std::nullopt;
  const std::string iri = '<' + std::string(arguments[1].text()) + '>';
  return Value::boolean(
      std::ranges::any_of(path->edges, [&](const PathText::Edge& each) { return each.predicate == iri; }));
}

// The first path, then the second one, which begins where the first one ends.
Result concat(Arguments arguments, Context&) {
  const auto first = path_of(arguments[0]);
  const auto second = path_of(arguments[1]);
  if (!first || !second || first->node(first->edges.size()) != second->start) return std::nullopt;
  std::string text(arguments[0].text());
  text += arguments[1].text().substr(second->start.size());
  return Value::literal(std::move(text), kPathDatatype);
}

Result is_trail(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  std::set<std::tuple<bool, std::string_view, std::string_view, std::string_view>> seen;
  for (std::size_t i = 0; i < path->edges.size(); ++i) {
    const StoredEdge stored = stored_edge(*path, i);
    const bool is_new = seen.emplace(path->edges[i].is_step, stored.subject, stored.predicate, stored.object).second;
    if (!is_new) return Value::boolean(false);
  }
  return Value::boolean(true);
}

// Whether no node comes twice among those from `first` on.
bool all_different(const PathText& path, std::size_t first) {
  std::set<std::string_view> seen;
  for (std::size_t i = first; i <= path.edges.size(); ++i) {
    if (!seen.insert(path.node(i)).second) return false;
  }
  return true;
}

Result is_acyclic(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  return Value::boolean(all_different(*path, 0));
}

Result is_simple(Arguments arguments, Context&) {
  const auto path = path_of(arguments[0]);
  if (!path) return std::nullopt;
  const bool closed = !path->edges.empty() && path->start == path->node(path->edges.size());
  return Value::boolean(all_different(*path, closed ? 1 : 0));
}

constexpr std::array<Function, 14> kFunctions = {{
    {"urn:akyn:path#length", 1, 1, length},
    {"urn:akyn:path#cost", 1, 1, cost},
    {"urn:akyn:path#start", 1, 1, start},
    {"urn:akyn:path#end", 1, 1, end},
    {"urn:akyn:path#node", 2, 2, node},
    {"urn:akyn:path#edge", 2, 2, edge},
    {"urn:akyn:path#predicate", 2, 2, predicate},
    {"urn:akyn:path#inverse", 2, 2, inverse},
    {"urn:akyn:path#contains", 2, 2, contains},
    {"urn:akyn:path#uses", 2, 2, uses},
    {"urn:akyn:path#concat", 2, 2, concat},
    {"urn:akyn:path#isTrail", 1, 1, is_trail},
    {"urn:akyn:path#isAcyclic", 1, 1, is_acyclic},
    {"urn:akyn:path#isSimple", 1, 1, is_simple},
}};

}  // namespace

std::span<const Function> path_functions() noexcept {
  return kFunctions;
}

}  // namespace akyn::expr

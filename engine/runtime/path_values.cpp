#include "engine/runtime/path_values.h"

#include <cmath>
#include <optional>

#include <akyn/error.h>
#include "engine/term/floating.h"

namespace akyn::runtime {

namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kTextOverhead = sizeof(std::string) + 48;

// Floating-point numbers as people write them: 0.1 is a tenth.
std::optional<Decimal> number_of(const expr::Value& value) {
  if (!value.is_numeric()) return std::nullopt;
  if (value.kind() == expr::ValueKind::integer || value.kind() == expr::ValueKind::decimal) return value.as_decimal();
  const double number = value.as_double();
  if (!std::isfinite(number)) return std::nullopt;
  const std::string text =
      value.kind() == expr::ValueKind::double_ ? format_double(number) : format_float(value.as_float());
  const std::size_t exponent = text.find('E');
  std::optional<Decimal> digits = Decimal::parse(text.substr(0, exponent));
  if (!digits || exponent == std::string::npos) return digits;
  const int power = std::stoi(text.substr(exponent + 1));
  std::string factor = "1";
  factor.append(static_cast<std::size_t>(std::abs(power)), '0');
  const Decimal scale = *Decimal::parse(factor, true);
  return power >= 0 ? Decimal::multiply(*digits, scale) : Decimal::divide(*digits, scale);
}

}  // namespace

Decimal step_cost(Id cost, const algebra::PathSearch::Step& step, LocalTerms& terms) {
  const std::string subject = "the COST of STEP " + step.label.to_string();
  if (!cost.is_bound()) {
    throw Error(ErrorCode::invalid_argument,
                subject +
                    " has no value for an edge; write COST(COALESCE(..., 1)), or leave such solutions out of its "
                    "pattern with FILTER",
                step.place);
  }
  std::optional<Decimal> number = number_of(terms.value(cost));
  if (!number) {
    throw Error(ErrorCode::invalid_argument,
                subject + " is " + terms.term(cost).to_string() + " for an edge, and must be a number from 0 on",
                step.place);
  }
  if (number->sign() < 0) {
    throw Error(ErrorCode::invalid_argument,
                subject + " is " + number->to_string() +
                    " for an edge, and must not be negative; write COST(ABS(...)), or leave such solutions out of its "
                    "pattern with FILTER",
                step.place);
  }
  return *std::move(number);
}

Id PathReader::id(std::string_view text) {
  std::string key(text);
  if (const auto known = ids_.find(key); known != ids_.end()) return known->second;
  if (charge_.held() > kMostBytes) {
    ids_.clear();
    charge_.clear();
  }
  const Id id = terms_.id(path_term(text));
  charge_.add(kTextOverhead + key.size());
  ids_.emplace(std::move(key), id);
  return id;
}

PathReader::Ends PathReader::ends(const PathText& path, std::size_t position) {
  return {id(path.node(position)), id(path.edges[position].to)};
}

TripleIds PathReader::edge(const PathText& path, std::size_t position) {
  const PathText::Edge& edge = path.edges[position];
  const auto [from, to] = ends(path, position);
  const Id predicate = id(edge.predicate);
  return edge.inverse ? TripleIds{to, predicate, from} : TripleIds{from, predicate, to};
}

const std::string& PathWriter::text(Id id) {
  if (const auto known = texts_.find(id); known != texts_.end()) return known->second;
  if (charge_.held() > kMostBytes) {
    texts_.clear();
    charge_.clear();
  }
  const std::string& made = texts_.emplace(id, terms_.term(id).to_string()).first->second;
  charge_.add(kTextOverhead + made.size());
  return made;
}

void PathWriter::add(Id predicate, bool inverse, bool is_step, Id to) {
  const std::string name = text(predicate);
  append_path_edge(path_, inverse, is_step, name, text(to));
}

TermView PathWriter::path() const noexcept {
  TermView path;
  path.kind = TermKind::literal;
  path.value = path_;
  path.datatype = kPathDatatype;
  return path;
}

}  // namespace akyn::runtime

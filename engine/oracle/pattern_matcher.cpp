#include "engine/oracle/pattern_matcher.h"

#include <algorithm>

namespace akyn::oracle {

using algebra::PatternTerm;
using algebra::Slot;

namespace {

// How many times fewer rows a pattern gives for each of its variables that already has a value.
constexpr std::uint64_t kBoundVariableFactor = 50;

void collect_slots(const PatternTerm& term, std::vector<Slot>& out) {
  if (const auto* variable = std::get_if<algebra::Variable>(&term)) {
    out.push_back(variable->slot);
  } else if (const auto* nested = std::get_if<std::shared_ptr<const algebra::TripleTerm>>(&term)) {
    collect_slots((*nested)->subject, out);
    collect_slots((*nested)->predicate, out);
    collect_slots((*nested)->object, out);
  }
}

std::vector<Slot> slots_of(const algebra::Triple& triple) {
  std::vector<Slot> result;
  collect_slots(triple.subject, result);
  collect_slots(triple.predicate, result);
  collect_slots(triple.object, result);
  return result;
}

}  // namespace

PatternMatcher::Part PatternMatcher::compile(const PatternTerm& term, std::vector<Slot>& columns) {
  if (const auto* constant = std::get_if<algebra::Constant>(&term)) {
    return constant->id.is_bound() ? constant->id : terms_.id(constant->term);
  }
  if (const auto* variable = std::get_if<algebra::Variable>(&term)) {
    const auto place = std::find(columns.begin(), columns.end(), variable->slot);
    const auto index = static_cast<std::size_t>(place - columns.begin());
    if (place == columns.end()) columns.push_back(variable->slot);
    return Column{index};
  }
  const auto& nested = *std::get<std::shared_ptr<const algebra::TripleTerm>>(term);
  TriplePart parts{compile(nested.subject, columns), compile(nested.predicate, columns),
                   compile(nested.object, columns)};
  const TripleIds constants = constants_of(parts);
  if (constants.subject.is_bound() && constants.predicate.is_bound() && constants.object.is_bound()) {
    if (const std::optional<Id> whole = terms_.triple_id(constants)) return *whole;
  }
  return std::make_shared<const TriplePart>(std::move(parts));
}

TripleIds PatternMatcher::constants_of(const TriplePart& triple) {
  const auto constant = [](const Part& part) {
    const Id* id = std::get_if<Id>(&part);
    return id == nullptr ? Id() : *id;
  };
  return {constant(triple.subject), constant(triple.predicate), constant(triple.object)};
}

Id PatternMatcher::resolve(const Part& part, const std::vector<Id>& row, bool& impossible) {
  if (const Id* id = std::get_if<Id>(&part)) return *id;
  if (const auto* column = std::get_if<Column>(&part)) return row[column->index];
  const TriplePart& nested = *std::get<std::shared_ptr<const TriplePart>>(part);
  const TripleIds triple{resolve(nested.subject, row, impossible), resolve(nested.predicate, row, impossible),
                         resolve(nested.object, row, impossible)};
  if (impossible || !triple.subject.is_bound() || !triple.predicate.is_bound() || !triple.object.is_bound()) return {};
  const std::optional<Id> id = terms_.triple_id(triple);
  if (!id) impossible = true;
  return id.value_or(Id());
}

bool PatternMatcher::unify(const Part& part, Id id, std::vector<Id>& row) {
  if (const Id* constant = std::get_if<Id>(&part)) return *constant == id;
  if (const auto* column = std::get_if<Column>(&part)) {
    Id& cell = row[column->index];
    if (!cell.is_bound()) cell = id;
    return cell == id;
  }
  if (id.type() != IdType::triple) return false;
  return unify(*std::get<std::shared_ptr<const TriplePart>>(part), terms_.parts(id), row);
}

bool PatternMatcher::unify(const TriplePart& part, const TripleIds& triple, std::vector<Id>& row) {
  return unify(part.subject, triple.subject, row) && unify(part.predicate, triple.predicate, row) &&
         unify(part.object, triple.object, row);
}

// The pattern that promises the fewest rows comes next, one that shares a variable with what is
// bound before one that does not.
Table PatternMatcher::extend(Table table, const algebra::BasicGraph& pattern, std::size_t goal) {
  struct Pending {
    const algebra::Triple* triple;
    std::vector<Slot> slots;
    std::uint64_t estimate;
  };
  std::vector<Pending> pending;
  for (const algebra::Triple& triple : pattern.triples) {
    std::vector<Slot> ignored;
    const TriplePart part{compile(triple.subject, ignored), compile(triple.predicate, ignored),
                          compile(triple.object, ignored)};
    pending.push_back({&triple, slots_of(triple), graph_.estimate(constants_of(part), terms_)});
  }
  while (!pending.empty()) {
    const auto cost = [&](const Pending& candidate) {
      std::uint64_t rows = candidate.estimate;
      std::size_t bound = 0;
      for (const Slot slot : candidate.slots) bound += table.column_of(slot) ? 1U : 0U;
      for (std::size_t i = 0; i < bound; ++i) rows /= kBoundVariableFactor;
      const bool is_product = bound == 0 && table.width() != 0 && !candidate.slots.empty();
      return std::pair(is_product, rows);
    };
    auto best = pending.begin();
    for (auto candidate = std::next(best); candidate != pending.end(); ++candidate) {
      if (cost(*candidate) < cost(*best)) best = candidate;
    }
    table = extend(table, *best->triple, best->estimate, pending.size() == 1 ? goal : kAllRows);
    pending.erase(best);
  }
  return table;
}

// Looks the rows up one by one, or reads the pattern's matches once and hashes, whichever reads less.
Table PatternMatcher::extend(const Table& table, const algebra::Triple& pattern, std::uint64_t estimate,
                             std::size_t goal) {
  std::vector<Slot> columns = table.columns();
  const TriplePart part{compile(pattern.subject, columns), compile(pattern.predicate, columns),
                        compile(pattern.object, columns)};
  if (goal != kAllRows || table.size() <= estimate / 4 + 1) return look_up(table, part, std::move(columns), goal);
  std::vector<Slot> own_columns;
  const TriplePart own{compile(pattern.subject, own_columns), compile(pattern.predicate, own_columns),
                       compile(pattern.object, own_columns)};
  return join(table, look_up(Table::unit(budget_), own, std::move(own_columns), kAllRows));
}

Table PatternMatcher::look_up(const Table& table, const TriplePart& part, std::vector<Slot> columns, std::size_t goal) {
  Table result(std::move(columns), budget_);
  std::vector<Id> row;
  std::vector<Id> extended;
  for (std::size_t i = 0; i < table.size() && result.size() < goal; ++i) {
    const Row source = table.row(i);
    row.assign(source.begin(), source.end());
    row.resize(result.width());
    bool impossible = false;
    const TripleIds bound{resolve(part.subject, row, impossible), resolve(part.predicate, row, impossible),
                          resolve(part.object, row, impossible)};
    if (impossible) continue;
    graph_.match(bound, terms_, budget_, [&](const TripleIds& triple) {
      extended = row;
      if (unify(part, triple, extended)) result.append(extended);
      return result.size() < goal;
    });
  }
  return result;
}

}  // namespace akyn::oracle

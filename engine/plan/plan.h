// The physical plan of a query: a tree of operators as exec runs them, with what the planner knows and expects of each.
//
// Plans are made for one run over one snapshot: constants are Ids, graphs are known. Nodes are immutable and shared.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/algebra/algebra.h"
#include "engine/plan/id_ranges.h"
#include "engine/runtime/active_graph.h"
#include "engine/storage/database.h"
#include "engine/term/id.h"

namespace akyn::plan {

using algebra::Slot;

struct Node;
using NodePtr = std::shared_ptr<const Node>;

// ------------------------------------------------------------------ sources

// One solution that binds nothing, the unit of joins.
struct Unit {};
// No solutions.
struct Empty {};

// Constant rows; unbound Ids for UNDEF.
struct Rows {
  std::vector<Slot> slots;
  std::vector<std::vector<Id>> rows;
};

// A position of a triple pattern: an Id, a variable, or (neither) anything.
struct Position {
  Id id;
  std::optional<Slot> slot;

  [[nodiscard]] bool is_constant() const noexcept { return id.is_bound(); }
  friend bool operator==(const Position&, const Position&) = default;
};

// Matches of a triple pattern in one order, sorted by it. A variable that stands in several positions binds them to
// each other. Variables that are not among the node's columns are counted over.
struct Scan {
  std::array<Position, 3> triple;  // subject, predicate, object
  runtime::ActiveGraph graph;      // where `graph_name` is not given
  // GRAPH ?g: every named graph (of `names`, where given), bound to this variable.
  std::optional<Slot> graph_name;
  std::shared_ptr<const std::vector<Id>> names;
  // One of the six orders of triples. The constants come first in it, but for those that are filtered by (graphs other
  // than the default graph, whose rows do not come in all orders).
  storage::Permutation order = storage::Permutation::spo;
  // Of the first column behind the leading constants: only rows with Ids in these.
  std::optional<std::vector<IdRange>> ranges;  // ascending, with gaps between them

  // Whether a variable stands in several positions.
  [[nodiscard]] bool has_repeated_variable() const noexcept {
    const auto same = [](const std::optional<Slot>& a, const std::optional<Slot>& b) { return a && a == b; };
    const auto& [subject, predicate, object] = triple;
    return same(subject.slot, predicate.slot) || same(subject.slot, object.slot) || same(predicate.slot, object.slot) ||
           same(graph_name, subject.slot) || same(graph_name, predicate.slot) || same(graph_name, object.slot);
  }
};

// A repetition or a negated set of predicates between two ends. With an input, ends may be columns of it.
struct Path {
  algebra::PathPattern pattern;
  runtime::ActiveGraph graph;
};

// PATH. With an input, ends may be columns of it.
struct PathSearch {
  std::shared_ptr<const algebra::PathSearch> search;  // its ends are constants and variables
  runtime::ActiveGraph graph;
  enum class Wanted : std::uint8_t {
    whether,  // nobody looks at the path, nor counts how many there are between two ends
    number,   // nobody looks at the paths
    length,   // nobody looks at more than their lengths, which stand where the paths would
    path,
  };
  Wanted wanted = Wanted::path;
};

// --- What is computed once and read several times.

// Rows that a Keep with this number has gathered: distinct values of `slots`, ascending.
struct KeptKeys {
  std::uint32_t number = 0;
};
// All rows of it.
struct KeptRows {
  std::uint32_t number = 0;
};

// ------------------------------------------------------------------ joins

enum class JoinKind : std::uint8_t {
  inner,
  left,  // OPTIONAL: rows of the left input without a match stay
  semi,  // rows of the left input that have a match
  anti,  // those that have none
};

// Two inputs. `keys`: variables that both sides bind in every row. `loose`: other common variables; they agree where
// both sides bind them. `conditions` hold for the merged row, or it is no match.
struct Join {
  enum class Method : std::uint8_t {
    merge,   // both inputs sorted by the keys, in this sequence
    hash,    // the right input in a hash table
    lookup,  // the right input, a Scan, is searched for the keys of each batch of the left one
  };
  JoinKind kind = JoinKind::inner;
  Method method = Method::hash;
  std::vector<Slot> keys;
  std::vector<Slot> loose;
  std::vector<algebra::Expression> conditions;
  // MINUS: rows that have no bound variable in common are no match (18.5).
  bool needs_common = false;
};

// All inputs at once, which are two or more: bound variable by variable, in this sequence. Each input is sorted by all
// of its columns, which come in this sequence, and binds them in every row.
struct Leapfrog {
  std::vector<Slot> variables;
};

// A variable that stands for a triple term, and its parts: binds the parts where the term is bound, and the other way
// round. One input.
struct TripleParts {
  Slot term = 0;
  std::array<Position, 3> parts;
  bool term_is_bound = true;
};

// ------------------------------------------------------------------ other operators

struct Union {               // two inputs or more
  std::vector<Slot> sorted;  // not empty: inputs are sorted by these, and so is the result
};
struct Filter {
  std::vector<algebra::Expression> conditions;
};
// BINDs about the same solutions, each seeing those before it.
struct Extend {
  std::vector<std::pair<Slot, algebra::Expression>> bindings;
};
struct Unnest {
  algebra::Unnest unnest;
};
struct Service {  // no inputs, or one whose values narrow the request
  algebra::Service service;
  algebra::NodePtr pattern;
};
// GRAPH ?g over a pattern that is planned for each graph by itself.
struct GraphLoop {
  Slot name = 0;
  algebra::NodePtr pattern;
};
// Its input as it is, with the active graph that EXISTS in it are about.
struct InGraph {
  runtime::ActiveGraph graph;
};
struct Group {
  std::vector<Slot> keys;
  struct Aggregate {
    algebra::Aggregate aggregate;  // its arguments are columns of the input
    std::vector<Slot> arguments;   // COUNT(DISTINCT *): what makes solutions different
    bool sorted = false;           // with DISTINCT: equal arguments of a group are neighbours
  };
  std::vector<Aggregate> aggregates;
  bool sorted = false;   // the input is sorted by the keys
  bool partial = false;  // a group may come several times: somebody takes them together later on
};
struct Distinct {
  bool sorted = false;   // equal rows are neighbours
  bool ordered = false;  // the sequence of the input's rows has a meaning
};
struct Reduced {};
struct Sort {
  struct Key {
    Slot slot = 0;
    bool descending = false;
  };
  std::vector<Key> keys;
  std::optional<std::uint64_t> limit;  // no more rows than this are asked for
};
struct Slice {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit;
};
struct Project {};  // onto the node's columns
// Gathers the rows of its first input, then is its second input, in which KeptRows and KeptKeys read them.
struct Keep {
  std::uint32_t number = 0;
};

// The rows of its input, which may be computed in parts by several threads: each part is the input with some of its
// scans reading no more than a range of Ids in their first column behind the constants. One after the other the parts
// give the rows of the whole, in their order.
struct Parallel {
  std::vector<IdRange> parts;         // ascending, together everything
  std::vector<const Node*> narrowed;  // the scans; nodes of the input
};

// ------------------------------------------------------------------ the tree

struct Node {
  using Operator = std::variant<Unit, Empty, Rows, Scan, Path, PathSearch, KeptKeys, KeptRows, Join, Leapfrog,
                                TripleParts, Union, Filter, Extend, Unnest, Service, GraphLoop, InGraph, Group,
                                Distinct, Reduced, Sort, Slice, Project, Keep, Parallel>;
  Operator op;
  std::vector<NodePtr> inputs;

  std::vector<Slot> columns;     // of its batches
  std::vector<Slot> certain;     // those that every row binds; a subset
  std::vector<Slot> sorted;      // rows ascend by the Ids of these, the first one first
  double solutions = 0;          // expected
  double rows = 0;               // expected: fewer than solutions where rows are counted
  std::vector<double> distinct;  // expected different values, column by column
  double cost = 0;               // expected, inputs included; nanoseconds, about

  [[nodiscard]] bool has(Slot slot) const noexcept;
  [[nodiscard]] bool is_certain(Slot slot) const noexcept;
  [[nodiscard]] double distinct_of(Slot slot) const noexcept;
};

}  // namespace akyn::plan

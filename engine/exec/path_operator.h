// Property paths that are searched for: SPARQL 1.1 Query 18.4.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "engine/exec/operator.h"
#include "engine/path/automaton.h"
#include "engine/path/ends.h"
#include "engine/path/graph.h"
#include "engine/path/search.h"

namespace akyn::exec {

// A term, of which query-local ones are fine, or a variable.
using PathEnd = std::variant<Id, Slot>;

enum class PathJoin : std::uint8_t {
  inner,
  left,  // OPTIONAL: a row without solutions stays, what the path would bind unbound
  semi,  // EXISTS: rows that have solutions, once
  anti,  // NOT EXISTS: rows that have none
  minus  // MINUS: the same, but rows that bind no variable of the path's stay whatever it gives
};

// Joins the solutions of its input with those of a path between two ends. These are distinct, one for each pair of
// nodes that some matching walk connects; of a negated set they are one for each triple. Without an input it gives the
// path's own solutions.
//
// Gives the input's columns, then for `inner` and `left` those of ends that the input does not have, the subject's
// first. Rows come in the order of the input, and the solutions of a row whose ends are both open in ascending order of
// the subject; counts stay what they are.
//
// Ends that are bound, by a term or by a row, are where searches start, many rows' at once, and each different end is
// searched from once as long as memory lasts. Where both are bound, searches from both sides meet. An end that a row
// leaves unbound is open in that row.
class PathOperator final : public Operator {
 public:
  // `graph` may be shared by operators of the run. `input` may be null. Paths are those of algebra::PathPattern: a
  // PathRepeat, or a PathNegated of one direction.
  PathOperator(Run& run, std::shared_ptr<path::Graph> graph, const sparql::PathNode& path, const PathEnd& subject,
               const PathEnd& object, OperatorPtr input, PathJoin join = PathJoin::inner);

 protected:
  bool produce(Batch& out) override;

 private:
  // What rows have bound, which is where their searches start.
  enum class Mode : std::uint8_t { subject, object, both, none };
  struct End {
    Id term;                            // when it is one
    std::optional<std::size_t> input;   // else a column of the input,
    std::optional<std::size_t> column;  // or one of its own
  };

  [[nodiscard]] static std::vector<Slot> columns_of(const PathEnd& subject, const PathEnd& object,
                                                    const Operator* input, PathJoin join);
  [[nodiscard]] End end_of(const PathEnd& end) const;
  [[nodiscard]] Id value(const End& end, std::size_t row) const;
  [[nodiscard]] Mode mode_of(std::size_t row) const;
  [[nodiscard]] bool shares_variables(std::size_t row) const;
  [[nodiscard]] Id key(std::size_t row) const;
  [[nodiscard]] bool filters() const noexcept { return join_ != PathJoin::inner && join_ != PathJoin::left; }

  [[nodiscard]] bool pull();
  // Gathers the next rows that can be answered together, and searches for them.
  void open_window();
  void open_lists();
  void open_pairs();
  void open_all();
  // Emits what there is until `out` has `goal` rows or the window is done.
  void emit_window(Batch& out, std::size_t goal);
  [[nodiscard]] std::size_t triples_between(Id subject, Id object);
  // Of the one start that is being searched from; false when there are no more.
  [[nodiscard]] bool emit_more(Batch& out, Mode mode, Id key);
  void emit_all(Batch& out, std::size_t goal);
  [[nodiscard]] bool next_group();
  // Solutions of the current row that begin, or end, with `key`: those of `others` from at_ on.
  void emit_list(Batch& out, std::size_t goal, Mode mode, Id key, std::span<const Id> others);
  void emit(Batch& out, std::size_t row, Id subject, Id object, std::size_t count);
  void finish_row(Batch& out);
  [[nodiscard]] path::Ends& ends(Mode mode);
  [[nodiscard]] path::Search& pair_search(bool backward);
  void forget_if_large();

  OperatorPtr input_;
  PathJoin join_;
  std::shared_ptr<path::Graph> graph_;
  path::Automaton forward_;
  path::Automaton backward_;
  bool distinct_;          // not a negated set
  bool graph_nodes_only_;  // both ends are variables: a walk of no edges stands at nodes of the graph alone
  bool one_variable_;      // the same at both ends
  std::size_t input_width_;
  End subject_;
  End object_;
  std::unique_ptr<path::Ends> from_subject_;
  std::unique_ptr<path::Ends> from_object_;
  std::optional<path::Search> pairs_forward_;
  std::optional<path::Search> pairs_backward_;

  std::optional<path::Graph::Use> use_;  // while a window is open
  Batch batch_;                          // of the input
  bool input_ended_ = false;
  std::size_t goal_;
  std::size_t group_size_ = 1;

  // The window: rows [row_, window_end_) of batch_ are still to be answered.
  std::size_t row_ = 0;
  std::size_t window_end_ = 0;
  Mode mode_ = Mode::none;
  bool streaming_ = false;  // one start, whose ends come out while the search goes on
  std::size_t at_ = 0;      // solutions of the row's current list that are out
  bool row_matched_ = false;
  std::vector<bool> connected_;  // Mode::both: by row of the window
  std::size_t window_begin_ = 0;
  // Mode::none: places in graph_starts_, of the group at hand and behind it.
  std::size_t next_start_ = 0;
  std::size_t group_begin_ = 0;
  std::size_t group_at_ = 0;
  std::optional<std::vector<Id>> graph_starts_;
  std::vector<Id> scratch_;
  runtime::Charge charge_;
};

}  // namespace akyn::exec

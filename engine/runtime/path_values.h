// Paths as terms of a running query.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/algebra/algebra.h"
#include "engine/runtime/limits.h"
#include "engine/runtime/local_terms.h"
#include "engine/term/decimal.h"
#include "engine/term/id.h"
#include "engine/term/path_text.h"

namespace akyn::runtime {

// What an edge of a STEP costs, from the value of its COST, unbound when that is an error. Throws
// Error(invalid_argument), with the STEP's place, for what is no finite number or below 0.
[[nodiscard]] Decimal step_cost(Id cost, const algebra::PathSearch::Step& step, LocalTerms& terms);

// Takes them apart for UNNEST. Ids of nodes and predicates are kept, as many as take little memory. One thread at a
// time; `terms` and `budget` must outlive it.
class PathReader {
 public:
  PathReader(LocalTerms& terms, Budget& budget) : terms_(terms), charge_(budget) {}

  // Where an edge was travelled from, and where to.
  struct Ends {
    Id from;
    Id to;
  };
  [[nodiscard]] Ends ends(const PathText& path, std::size_t position);
  // The edge in the direction in which it is stored; its subject may be a literal.
  [[nodiscard]] TripleIds edge(const PathText& path, std::size_t position);

 private:
  [[nodiscard]] Id id(std::string_view text);

  LocalTerms& terms_;
  std::unordered_map<std::string, Id> ids_;
  Charge charge_;
};

// Makes the literals. Texts of nodes and predicates are kept, as many as take little memory. One thread at a time;
// `terms` and `budget` must outlive it.
class PathWriter {
 public:
  PathWriter(LocalTerms& terms, Budget& budget) : terms_(terms), charge_(budget) {}

  // N-Triples. Valid until the next call of anything here.
  [[nodiscard]] const std::string& text(Id id);

  void begin(Id start) { path_ = text(start); }
  void add(Id predicate, bool inverse, bool is_step, Id to);
  // The path since begin(). Valid until it is called again.
  [[nodiscard]] TermView path() const noexcept;

 private:
  LocalTerms& terms_;
  std::unordered_map<Id, std::string> texts_;
  std::string path_;
  Charge charge_;
};

}  // namespace akyn::runtime

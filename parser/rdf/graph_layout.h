// Where each subject of a graph is written: as a block of its own, or inside another.
//
//     :a :p [ :q 1 ] .           a blank node used once, as an object     placed in :a
//     :a :p ( 1 2 ) .            cells of a list                          each placed in the one before
//     :a :p :b {| :q 1 |} .      a reifier of an asserted triple          placed in :a
//     << :a :p :b >> :q 1 .      a reifier of another triple              a block of its own
//
// Invariants: following "placed in" never comes back to where it started and is at most kMaxDepth steps
// long, list cells not counted; so that writing is a recursion of bounded depth.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "parser/rdf/numbered_terms.h"

namespace akyn::rdf {

// How the blank nodes of a whole dataset are used, which decides who needs a label.
struct BlankUse {
  std::uint32_t as_object = 0;  // in how many statements
  bool elsewhere = false;       // as a graph's name or inside a triple term
  bool in_several_graphs = false;
  bool seen = false;
  TermNumber graph = kNoTerm;  // where it was seen first
};

// Terms of the RDF vocabulary; kNoTerm when the dataset has none of it.
struct KnownTerms {
  TermNumber type = kNoTerm;
  TermNumber first = kNoTerm;
  TermNumber rest = kNoTerm;
  TermNumber nil = kNoTerm;
  TermNumber reifies = kNoTerm;
};

struct LayoutObject {
  TermNumber term = kNoTerm;
  std::vector<TermNumber> reifiers;  // placed here, as annotations
};

struct LayoutProperty {
  TermNumber predicate = kNoTerm;
  std::vector<LayoutObject> objects;
};

enum class Placement : std::uint8_t { block, nested, list, annotation };

struct LayoutSubject {
  TermNumber term = kNoTerm;
  std::vector<LayoutProperty> properties;  // rdf:type first
  Placement placement = Placement::block;
  std::uint32_t owner = 0;       // index of the subject it is placed in
  TermNumber reified = kNoTerm;  // the only triple term it reifies, when the short form can say so

  [[nodiscard]] const LayoutProperty* find(TermNumber predicate) const;
};

class GraphLayout {
 public:
  static constexpr std::uint32_t kMaxDepth = 30;

  // `uses` is by term number. `triples` are distinct and all in one graph.
  GraphLayout(const NumberedTerms& terms, const KnownTerms& known, const std::vector<BlankUse>& uses,
              const std::vector<NumberedTriple>& triples);
  GraphLayout(const GraphLayout&) = delete;
  GraphLayout& operator=(const GraphLayout&) = delete;

  [[nodiscard]] const std::vector<LayoutSubject>& subjects() const { return subjects_; }
  // The subject of that term; nothing when the graph says nothing of it.
  [[nodiscard]] const LayoutSubject* find(TermNumber term) const;
  // True for a blank node that occurs once as an object, here, and nowhere else but as a subject.
  [[nodiscard]] bool is_nestable(TermNumber term) const;
  // True for a blank node that nothing refers to.
  [[nodiscard]] bool is_unused(TermNumber term) const;

 private:
  void group(const std::vector<NumberedTriple>& triples);
  void place_annotations();
  void place_nested();
  void place_lists();
  void break_cycles();
  void unplace(LayoutSubject& subject);
  [[nodiscard]] LayoutSubject* subject_of(TermNumber term);
  [[nodiscard]] bool looks_like_cell(const LayoutSubject& subject) const;

  const NumberedTerms& terms_;
  const KnownTerms& known_;
  const std::vector<BlankUse>& uses_;
  std::vector<LayoutSubject> subjects_;
  std::unordered_map<TermNumber, std::uint32_t> index_;
  // Every triple's place in subjects_; empty when nothing in the graph reifies.
  std::unordered_map<NumberedTriple, LayoutObject*, NumberedTripleHash> places_;
};

}  // namespace akyn::rdf

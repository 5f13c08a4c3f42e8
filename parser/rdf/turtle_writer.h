// Turtle and TriG the way a person would write them.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "parser/rdf/graph_layout.h"
#include "parser/rdf/numbered_terms.h"
#include "parser/rdf/writer.h"

namespace akyn::rdf {

// Terms in Turtle's short forms. Remembers which prefixes were used.
class TurtleTerms {
 public:
  explicit TurtleTerms(const Prefixes& prefixes);

  // One more prefix, unless there is one of that name.
  void add_prefix(std::string_view name, std::string_view iri);

  // Labels of all blank nodes to come, so that labels made up for unwritable ones meet none of them.
  void reserve_label(std::string_view label);

  void append(std::string& out, const TermView& term);
  void append_iri(std::string& out, std::string_view iri);
  void append_predicate(std::string& out, std::string_view iri);  // 'a' for rdf:type
  void append_label(std::string& out, std::string_view label);

  // From now on labels are made up without knowing those to come.
  void forget_labels() { knows_labels_ = false; }

  // PREFIX lines by name: for the prefixes that were used, or for all.
  [[nodiscard]] std::string declarations(bool all = false) const;

 private:
  struct Prefix {
    std::string name;
    std::string iri;
    bool used = false;
  };
  void append_literal(std::string& out, const TermView& term);

  std::vector<Prefix> prefixes_;  // the longest IRI first
  std::unordered_set<std::string> reserved_labels_;
  std::unordered_map<std::string, std::string> made_labels_;
  std::size_t labels_made_ = 0;
  bool knows_labels_ = true;
};

class TurtleWriter final : public Writer {
 public:
  // With `graphs` the language is TriG. `part` is how many statements are held; see Writer.
  TurtleWriter(std::ostream& out, const Prefixes& prefixes, bool graphs, std::size_t part = kWholeDocument)
      : out_(out), turtle_(prefixes), graphs_(graphs), part_(part) {}

  void quad(const QuadView& quad) override;
  void finish() override;
  void prefix(std::string_view name, std::string_view iri) override;

 private:
  struct GraphStatements {
    TermNumber name = kNoTerm;
    std::vector<NumberedTriple> triples;
    std::unordered_set<NumberedTriple, NumberedTripleHash> known;
  };

  static constexpr std::size_t kHeldBytes = std::size_t{64} << 20;

  // Writes the statements held, as one part of several, and lets go of them.
  void write_part();
  void write_graphs();
  void note_use(TermNumber term, TermNumber graph, bool as_object);
  void note_inside(TermNumber triple_term);
  BlankUse& use_of(TermNumber term);

  void write_graph(const GraphStatements& graph);
  void write_block(const GraphLayout& layout, const LayoutSubject& subject, std::size_t indent);
  // The properties that `subject`'s place does not say already, one a line, the first on this line.
  void write_properties(const GraphLayout& layout, const LayoutSubject& subject, std::size_t indent);
  void write_object(const GraphLayout& layout, const LayoutObject& object, std::size_t indent);
  void write_node(const GraphLayout& layout, TermNumber node, std::size_t indent);
  void write_list(const GraphLayout& layout, const LayoutSubject& first, std::size_t indent);
  // Properties between brackets: on one line when there is one of them, else on lines of their own.
  void write_enclosed(const GraphLayout& layout, const LayoutSubject& subject, std::size_t indent,
                      std::string_view open, std::string_view close);
  // Whether rdf:reifies of this subject is said by the form it has.
  [[nodiscard]] bool implies_reifies(const LayoutSubject& subject) const;
  [[nodiscard]] std::size_t properties_to_write(const LayoutSubject& subject) const;
  void new_line(std::size_t indent);

  std::ostream& out_;
  TurtleTerms turtle_;
  NumberedTerms terms_;
  std::size_t held_ = 0;        // statements
  std::size_t held_bytes_ = 0;  // of their objects
  bool in_parts_ = false;
  std::vector<GraphStatements> graph_list_;
  std::unordered_map<TermNumber, std::size_t> graph_index_;
  std::vector<BlankUse> uses_;
  KnownTerms known_;
  std::string text_;
  bool graphs_;
  std::size_t part_;
};

}  // namespace akyn::rdf

// One extracted fact with its annotations, as statements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/facts.h>
#include <akyn/term.h>
#include "parser/rdf/input.h"
#include "parser/rdf/reader.h"

namespace akyn::facts {

enum class Role : std::uint8_t { subject, predicate, object, graph, language, datatype, annotation, ignored };

struct Column {
  std::string name;  // in the file
  Role role = Role::annotation;
  std::string meaning;  // of an annotation: its name, IRI or prefixed name
};

// What a column of this name is.
[[nodiscard]] Column column_named(std::string_view name, const FactOptions& options);

struct Cell {
  std::string_view text;      // without white space at both ends; empty: nothing is said
  std::string_view datatype;  // known already, from JSON; empty: by what the text looks like
  std::uint64_t offset = 0;   // in the input, for mistakes
};

struct Annotation {
  const Column* column = nullptr;
  Cell cell;
};

struct Fact {
  Cell subject;
  Cell predicate;
  Cell object;
  Cell graph;
  Cell language;
  Cell datatype;
  std::vector<Annotation> annotations;
};

// Hands statements to the sink: labels of names not seen lately, the fact, its reifier and what that says.
class FactStatements {
 public:
  // All must outlive this object. The input is asked for the places of mistakes.
  FactStatements(rdf::Input& input, const rdf::ReadOptions& options, const FactOptions& facts,
                 rdf::StatementSink& sink);

  // Throws Error(syntax) at the cell that is wrong; then nothing of the fact was handed over.
  void add(const Fact& fact);
  // Reports progress, in the input's bytes.
  void report(std::uint64_t offset);

  [[noreturn]] void fail(std::uint64_t offset, std::size_t length, std::string message) const;

 private:
  enum class Otherwise : std::uint8_t { name, text };  // what a cell is that looks like nothing in particular

  // An IRI or a blank node, when the cell says so; no term otherwise.
  [[nodiscard]] Term reference(const Cell& cell) const;
  [[nodiscard]] Term node(const Cell& cell);  // a reference or a name
  [[nodiscard]] Term value(const Cell& cell, Otherwise otherwise);
  [[nodiscard]] Term object(const Fact& fact);
  [[nodiscard]] Term named(std::string_view name, const Cell& cell);
  [[nodiscard]] Term checked_iri(std::string text, const Cell& cell) const;
  [[nodiscard]] bool is_text_predicate(std::string_view cell) const { return texts_.contains(std::string(cell)); }
  [[nodiscard]] Term reifier_of(const Quad& fact, const std::vector<Quad>& annotations, const Cell& cell) const;
  void emit(const Quad& quad);

  // A name's label goes out when the name is not among those seen lately; the store drops what it has.
  struct Label {
    Term iri;
    std::string text;
  };
  static constexpr std::size_t kRecent = std::size_t{1} << 16;

  rdf::Input& input_;
  rdf::StatementSink& sink_;
  std::string base_;
  const std::map<std::string, std::string>& prefixes_;
  const std::set<std::string>& texts_;
  bool base_announced_ = false;
  std::vector<Label> labels_;        // of the fact at hand
  std::vector<std::size_t> recent_;  // hashes of names and graphs
};

}  // namespace akyn::facts

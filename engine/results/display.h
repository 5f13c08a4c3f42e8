// Terms as a person reads them in a terminal.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/term.h>

namespace akyn::results {

// IRIs as prefixed names.
class PrefixNames {
 public:
  // Prefix name (without ':') to IRI.
  explicit PrefixNames(const std::map<std::string, std::string>& prefixes);

  // Appends name:local for the longest matching prefix whose local part needs no escape in Turtle
  // and SPARQL, else <iri>.
  void append_iri(std::string& out, std::string_view iri) const;
  // For drawings, which nobody reads back: the same with any local part, and without the ':' of the prefix that has no
  // name.
  void append_name(std::string& out, std::string_view iri) const;

 private:
  struct Entry {
    std::string iri;
    std::string name;
  };
  std::vector<Entry> entries_;  // longest IRI first
};

// Appends a term for a table cell: strings bare ("" when empty), language tags as @tag, numbers,
// dates and other XSD values bare, paths drawn, other datatypes as ^^name. Inside triple terms strings are quoted.
void append_cell(std::string& out, const TermView& term, const PrefixNames& prefixes);

// A node or predicate of a path, as it stands in a drawing.
void append_path_part(std::string& out, std::string_view ntriples, const PrefixNames& prefixes);

// A literal whose datatype is numeric, derived ones included.
[[nodiscard]] bool is_numeric(const TermView& term);

}  // namespace akyn::results

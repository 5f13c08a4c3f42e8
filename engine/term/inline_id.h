// Literals that live inside the Id, with no dictionary entry.
//
// A literal is inlined only when decoding gives back its exact lexical form and datatype:
// "01"^^xsd:integer, "+5"^^xsd:integer, xsd:int, or a double the compact form cannot hold go to the
// dictionary. Forms of one value that are common in data ("1.5" and "1.50" as xsd:decimal; "1e6",
// "1.0E6" and "1000000" as xsd:double) are different Ids, next to each other: a range of values is a
// range of Ids, but one value may have several. Payloads: inline_number.h and inline_time.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <akyn/term.h>
#include "engine/term/id.h"

namespace akyn {

// The Id of a term whose exact form fits into one; nothing for every other term.
[[nodiscard]] std::optional<Id> inline_id(const TermView& term);

// The term behind an inlined Id. Precondition: id.is_inlined().
[[nodiscard]] Term inlined_term(Id id);
// Its two halves: the lexical form, and the datatype's IRI, which lives for ever. Likewise.
[[nodiscard]] std::string inlined_form(Id id);
[[nodiscard]] std::string_view inlined_datatype(Id id) noexcept;

// The type bits under which a dictionary stores a term that inline_id() refused.
// Precondition: term.kind is not none.
[[nodiscard]] IdType dictionary_type(const TermView& term);

}  // namespace akyn

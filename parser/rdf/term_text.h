// Terms as N-Triples and Turtle text.
#pragma once

#include <string>
#include <string_view>

#include <akyn/term.h>

namespace akyn::rdf {

// A string between quotation marks with the escapes of canonical N-Triples (RDF 1.2 N-Triples, section 3).
void append_quoted(std::string& out, std::string_view text);

// An IRI between angle brackets. Characters that IRIREF refuses, which no IRI has, come out escaped.
void append_iri(std::string& out, std::string_view iri);

// "_:" and a label that every language can read. A label that can be written as it is stays so; any
// other, as readers make for [] and lists, gets one of its own: different labels stay different.
void append_blank(std::string& out, std::string_view label);

// True when the label can be written as it is (BLANK_NODE_LABEL).
[[nodiscard]] bool is_blank_label(std::string_view label);

enum class LanguageCase : bool { as_written, lower };

// A term in N-Triples form.
void append_term(std::string& out, const TermView& term, LanguageCase language_case = LanguageCase::as_written);

// One line of N-Triples, or of N-Quads when the statement has a graph, with its line break.
// `lower` makes it the canonical form of RDF 1.2.
void append_line(std::string& out, const QuadView& quad, LanguageCase language_case = LanguageCase::as_written);

// True for PN_LOCAL without escapes, and for nothing at all.
[[nodiscard]] bool is_plain_local_name(std::string_view local);
// True for PN_PREFIX, and for nothing at all.
[[nodiscard]] bool is_prefix_name(std::string_view prefix);
// True when a literal of this datatype can be written bare, as 5, 1.5, 1e0 or true, with the same meaning.
[[nodiscard]] bool has_bare_form(std::string_view lexical_form, std::string_view datatype);

}  // namespace akyn::rdf

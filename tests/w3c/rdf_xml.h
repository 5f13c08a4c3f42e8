// Enough of RDF/XML for the files of the SPARQL suites: node and property elements, rdf:about, rdf:ID,
// rdf:nodeID, rdf:resource, rdf:datatype, rdf:parseType="Resource" and "Collection", property
// attributes, xml:lang, xml:base. Not for anything else.
#pragma once

#include <string>
#include <vector>

#include <akyn/term.h>

namespace akyn::w3c {

// Throws Error(syntax) for what is not XML, Error(unsupported) for what is beyond the above.
[[nodiscard]] std::vector<Quad> read_rdf_xml(const std::string& text, const std::string& base_iri);

}  // namespace akyn::w3c

// Extracted facts: tables (CSV, TSV) and JSON Lines as RDF.
//
//     subject,predicate,object,source,date,confidence
//     Arsen Tolu,holds,Presidency of Kaldora,Kaldora Herald,2031-04-02,0.93
//     Kaldora,population,6.5 million,https://stat.example/2031,,0.99
//
// is, with the base http://ex.org/ and the prefix : for it,
//
//     :Arsen_Tolu :holds :Presidency_of_Kaldora {| :source :Kaldora_Herald ; :date "2031-04-02"^^xsd:date ; ... |} .
//     :Kaldora :population 6500000 {| :source <https://stat.example/2031> ; :confidence 0.99 |} .
//     :Arsen_Tolu rdfs:label "Arsen Tolu" .        and so for every name
//
// **Columns** go by the names in the first row, or by the keys of each JSON object; their order does not matter, nor
// does the case of the names here:
//
//     subject, predicate, object     the fact; every row needs them
//     graph                          the named graph it goes to
//     lang, datatype                 of the object: "en"; "date", "xsd:date" or an IRI; or "name", or "text"
//     anything else                  an annotation of the fact: source, date, confidence, extractor, ...
//
// FactOptions::columns gives other names these meanings. An empty cell, null and a missing key say nothing.
//
// **Cells become terms** by what they look like, white space around them aside:
//
//     <http://ex.org/a>, https://ex.org/a, urn:x:y     that IRI
//     ex:a, where ex is one of FactOptions::prefixes   that IRI
//     _:x                                              a blank node, the same throughout the input
//     true, false                                      xsd:boolean
//     42   -1.5   1,234,567   6.5 million   1e6        xsd:integer, xsd:decimal, xsd:double; thousand, million, billion
//                                                      and trillion are multiplied out
//     2031-04-02   2 April 2031   April 2, 2031        xsd:date
//     2031-04-02T10:00:00Z   2031-04-02 10:00          xsd:dateTime
//     2031-04   April 2031                             xsd:gYearMonth
//     anything else                                    a name, or a text
//
// Subjects, predicates, graphs and sources are never numbers or dates. What else is neither: a text where `lang` is
// given or `datatype` says so, where the predicate is in FactOptions::texts, where it has a line break or more than
// 120 characters, and in annotations other than source; a name otherwise. In JSON, numbers and booleans are what
// JSON says, and an annotation may be an array of values.
//
// **Names** become IRIs under the base (LoadOptions::base_iri): spaces become '_', and what Turtle could not write
// after a prefix is percent-encoded. "Arsen  Tolu" and "Arsen_Tolu" are one name, whose rdfs:label is "Arsen Tolu".
// Text is normalized to NFC for the IRI, as RDF asks.
//
// **Facts from several sources** are one fact: each row adds a reifier (RDF 1.2) that holds its annotations together,
// so that a source keeps the date and confidence that it came with. The reifier's IRI is made from the row's content:
// loading a row again adds nothing.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <akyn/export.h>

namespace akyn {

struct FactOptions {
  // What columns mean: the name in the file to one of the names above, to "ignore", or to an annotation's own
  // name or IRI. Names that are not here stand for themselves.
  std::map<std::string, std::string> columns = {};
  // Prefix names (without ':') that cells may use, to IRIs.
  std::map<std::string, std::string> prefixes = {};
  // Predicates, as cells have them, whose objects are texts and not names.
  std::set<std::string> texts = {};
  // Where names become IRIs, when LoadOptions::base_iri does not say.
  std::string base_iri = {};
};

// Reads options from a mapping file: one of these a line, empty lines and what follows a '#' at a line's start aside.
//
//     base = http://ex.org/
//     prefix ex = http://other.example/
//     column head = subject
//     column para id = ignore
//     text = description
//
// Throws Error: syntax with the place, not_found, io.
[[nodiscard]] AKYN_EXPORT FactOptions read_fact_options(const std::filesystem::path& file);

}  // namespace akyn

// The news graph: actors, offices, events, sources and articles as an extraction pipeline would leave them, made up.
//
// Everything is in the default graph; subjects are <http://news.example.org/KIND/NUMBER>, predicates and classes
// <http://news.example.org/v/NAME>, written `:name` here. Per five million statements there are about
//
//     kind       how many  what is said of it
//     country         200  a :Country; rdfs:label in several languages; :population (integer), :area (decimal,
//     thousands
//                          of km2), :borders other countries, both ways
//     city          1,000  a :City or :Capital; rdfs:label; :inCountry; :population
//     org          20,000  a :Organization, :Party or :Company; :name; :founded (date); :basedIn a city; some :partOf
//     an
//                          older one, a forest; :allied to others, of the same block for the most part
//     person       81,000  a :Person, :Politician or :Journalist; :name; rdfs:label in one or two languages; :born
//     (date),
//                          some :died; :birthPlace a city; :citizenOf a country, a few of two; :memberOf an org; :knows
//                          others
//     office        2,500  a :Office; rdfs:label; :ofCountry; :rank 1 ... 9; :reportsTo another one, a forest
//     tenure       16,000  a :Tenure of an :office by a :holder; :since and, when over, :until (dates); :succeeds the
//                          tenure before it
//     event       125,000  a :Election, :Protest, :Summit ...; rdfs:label in one or two languages; :date; :place a
//     city;
//                          :participant persons; some :casualties (integer), :cost (double), :severity (decimal); some
//                          :partOf or :causes a later event
//     source        1,000  a :Source; :name; :inCountry; :language; :reliability (decimal, 0.0 ... 1.0); :founded
//     (gYear) article   the rest:  a :Article or :Report; :title, with a language; :published (dateTime); :source;
//     :about an
//                 265,000  event; :mentions persons; :author a journalist; :words (integer); for one in ten the :body
//                 of some
//                          hundred characters; for a third a :sentiment (double)
//
// and the classes as a small hierarchy (rdfs:subClassOf): a politician and a journalist are persons, a person and an
// organization agents, an election, a summit ... events, an article and a report documents. Only the narrowest class of
// a thing is stated.
//
// Who is mentioned, known, asked, reported of: few very often, most hardly ever (Zipf), independent of the order of
// the numbers. No statement is made twice.
//
// With `claims` a quarter of the tenures and of the participations are said by somebody: a blank node that rdf:reifies
// the statement (RDF 1.2), its :source, :saidOn (date) and :confidence (decimal).
#pragma once

#include <cstdint>
#include <cstdio>

namespace akyn::newsgraph {

struct Options {
  std::uint64_t triples = 1'000'000;  // exactly so many are written
  std::uint64_t seed = 1;
  bool claims = false;
};

// Writes N-Triples: the same ones for the same options, on every machine. False when the file cannot take them.
[[nodiscard]] bool generate(std::FILE* file, const Options& options);

}  // namespace akyn::newsgraph

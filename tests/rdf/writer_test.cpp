#include "parser/rdf/writer.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "tests/rdf/support.h"

namespace akyn::rdf {
namespace {

std::string rewritten(RdfFormat from, std::string_view text, RdfFormat to, const Prefixes& prefixes = {}) {
  std::ostringstream out;
  const std::unique_ptr<Writer> writer = make_writer(out, to, prefixes);
  for (const Quad& quad : collect(from, text).quads) {
    writer->quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
  }
  writer->finish();
  return out.str();
}

const Prefixes kPrefixes = {{"", "http://e/"}, {"xsd", "http://www.w3.org/2001/XMLSchema#"}, {"unused", "http://u/"}};

}  // namespace

TEST_CASE("Turtle is grouped, shortened and nested") {
  CHECK(rewritten(RdfFormat::turtle,
                  "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
                  ":s :p 1, 2.50, 1e3, true, '01'^^xsd:int, 'x'@en--ltr ; a :T ; :q [ :a :b ], [ :a 1 ; :b 2 ], (), ( "
                  "1 [] ( :x ) ) .\n"
                  ":t :p :s . _:x :p _:x . [] :p <http://e/a/b> .",
                  RdfFormat::turtle, kPrefixes) ==
        "PREFIX : <http://e/>\n"
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        "\n"
        ":s a :T ;\n"
        "  :p 1, 2.50, 1e3, true, \"01\"^^xsd:int, \"x\"@en--ltr ;\n"
        "  :q [ :a :b ], [\n"
        "    :a 1 ;\n"
        "    :b 2\n"
        "  ], (), ( 1 [] ( :x ) ) .\n"
        ":t :p :s .\n"
        "_:x :p _:x .\n"
        "[] :p <http://e/a/b> .\n");
}

TEST_CASE("reifiers of asserted triples become annotations") {
  CHECK(rewritten(RdfFormat::turtle,
                  "PREFIX : <http://e/>\n"
                  ":s :p :o {| :confidence 0.9 |}, :o2 ~ :r {| :source :x ; :date 'd' |}, :o3 ~ .\n"
                  "<< :a :b :c >> :says :d . << :a :b :c2 ~ :r2 >> . :z :of :r .",
                  RdfFormat::turtle, kPrefixes) ==
        "PREFIX : <http://e/>\n"
        "\n"
        ":s :p :o {| :confidence 0.9 |}, :o2 ~ :r {|\n"
        "    :source :x ;\n"
        "    :date \"d\"\n"
        "  |}, :o3 ~ .\n"
        "<< :a :b :c >> :says :d .\n"
        "<< :a :b :c2 ~ :r2 >> .\n"
        ":z :of :r .\n");
}

TEST_CASE("TriG has a block for each graph, the default graph first") {
  CHECK(rewritten(RdfFormat::trig, "PREFIX : <http://e/>\n:g { :s :p _:shared } _:shared { [ :p 1 ] :q 2 } :s :p 'd' .",
                  RdfFormat::trig, kPrefixes) ==
        "PREFIX : <http://e/>\n"
        "\n"
        ":s :p \"d\" .\n"
        "\n"
        ":g {\n"
        "  :s :p _:shared .\n"
        "}\n"
        "\n"
        "_:shared {\n"
        "  [] :p 1 ;\n"
        "    :q 2 .\n"
        "}\n");
}

TEST_CASE("strings with line breaks are written long") {
  const std::string text =
      rewritten(RdfFormat::ntriples, "<a:s> <a:p> \"a\\n\\\"\\\"\\\"\\\\ \\r\\n\\\"b\\\"\" .", RdfFormat::turtle);
  CHECK(text == "<a:s> <a:p> \"\"\"a\n\\\"\\\"\"\\\\ \\r\n\"b\\\"\"\"\" .\n");
  CHECK(lines(RdfFormat::turtle, text) == "<a:s> <a:p> \"a\\n\\\"\\\"\\\"\\\\ \\r\\n\\\"b\\\"\" .\n");
}

TEST_CASE("lines are written as they come") {
  const std::string text = "_:b <a:p> \"x\\t\\u0001\"@en-GB <a:g> .\n<a:s> <a:p> <<( _:b <a:q> \"1\"^^<a:d> )>> .\n";
  CHECK(rewritten(RdfFormat::nquads, text, RdfFormat::nquads) == text);
}

TEST_CASE("canonical lines have language tags in lower case") {
  std::ostringstream out;
  const auto writer = make_writer(out, RdfFormat::nquads, {}, true);
  const Quad quad = {iri("a:s"), iri("a:p"),
                     triple_term(iri("a:x"), iri("a:y"), lang_literal("é\t", "en-GB", Direction::ltr)), iri("a:g")};
  writer->quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
  writer->finish();
  CHECK(out.str() == "<a:s> <a:p> <<( <a:x> <a:y> \"é\\t\"@en-gb--ltr )>> <a:g> .\n");
}

TEST_CASE("prefixes may come while statements do") {
  std::ostringstream out;
  const auto writer = make_writer(out, RdfFormat::turtle, {{"", "http://e/"}});
  writer->quad({iri("http://e/s").view(), iri("http://f/p").view(), iri("http://g/o").view(), {}});
  writer->prefix("f", "http://f/");
  writer->prefix("", "http://g/");
  writer->finish();
  CHECK(out.str() == "PREFIX : <http://e/>\nPREFIX f: <http://f/>\n\n:s f:p <http://g/o> .\n");
}

TEST_CASE("labels that cannot be written get others, each its own") {
  std::ostringstream out;
  const auto writer = make_writer(out, RdfFormat::ntriples);
  for (const char* label : {"b 1", "genid-1", "a b", "1", "x."})
    writer->quad({blank(label).view(), iri("a:p").view(), iri("a:o").view(), {}});
  writer->finish();
  CHECK(out.str() ==
        "_:genid-1 <a:p> <a:o> .\n_:genid-x67656E69642D31 <a:p> <a:o> .\n_:genid-x612062 <a:p> <a:o> .\n"
        "_:1 <a:p> <a:o> .\n_:genid-x782E <a:p> <a:o> .\n");
}

TEST_CASE("a format without graphs refuses them") {
  for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::turtle}) {
    CHECK_THROWS_AS(static_cast<void>(rewritten(RdfFormat::nquads, "<a:s> <a:p> <a:o> <a:g> .", format)), Error);
  }
  std::ostringstream out;
  CHECK_THROWS_AS(static_cast<void>(make_writer(out, RdfFormat::automatic)), Error);
}

TEST_CASE("names are shortened only where no escape is needed") {
  const Prefixes prefixes = {{"a", "http://a/"}, {"ab", "http://a/b/"}, {"bad.", "http://c/"}, {"r", "relative"}};
  CHECK(rewritten(RdfFormat::ntriples,
                  "<http://a/b/x> <http://a/b.c> <http://a/b/> .\n<http://a/-x> <http://a/x.> <http://c/d> .",
                  RdfFormat::turtle, prefixes) ==
        "PREFIX a: <http://a/>\nPREFIX ab: <http://a/b/>\n\n"
        "ab:x a:b.c ab: .\n<http://a/-x> <http://a/x.> <http://c/d> .\n");
}

TEST_CASE("a stream that cannot be written to is an error") {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  for (const RdfFormat format : {RdfFormat::nquads, RdfFormat::trig}) {
    const auto writer = make_writer(out, format);
    writer->quad({iri("a:s").view(), iri("a:p").view(), iri("a:o").view(), {}});
    CHECK_THROWS_AS(writer->finish(), Error);
  }
}

}  // namespace akyn::rdf

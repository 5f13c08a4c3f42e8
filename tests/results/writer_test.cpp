#include <doctest/doctest.h>

#include <akyn/error.h>
#include "tests/results/common.h"

namespace akyn::results {
namespace {

const std::vector<std::string> kNames = {"x", "y"};

Solutions one_of_each() {
  return {{iri("http://ex.org/a"), literal("plain")},
          {blank("b1"), Term()},
          {lang_literal("bonjour", "fr"), integer(42)},
          {lang_literal("שלום", "he", Direction::rtl),
           triple_term(iri("http://ex.org/s"), iri("http://ex.org/p"), literal("o"))}};
}

TEST_CASE("JSON, byte for byte") {
  CHECK(written(ResultFormat::json, kNames, one_of_each()) ==
        R"({"head":{"vars":["x","y"]},"results":{"bindings":[
{"x":{"type":"uri","value":"http://ex.org/a"},"y":{"type":"literal","value":"plain"}},
{"x":{"type":"bnode","value":"b1"}},
{"x":{"type":"literal","value":"bonjour","xml:lang":"fr"},"y":{"type":"literal","value":"42","datatype":"http://www.w3.org/2001/XMLSchema#integer"}},
{"x":{"type":"literal","value":"שלום","xml:lang":"he","its:dir":"rtl"},"y":{"type":"triple","value":{"subject":{"type":"uri","value":"http://ex.org/s"},"predicate":{"type":"uri","value":"http://ex.org/p"},"object":{"type":"literal","value":"o"}}}}
]}}
)");
  CHECK(written(ResultFormat::json, kNames, {}) ==
        "{\"head\":{\"vars\":[\"x\",\"y\"]},\"results\":{\"bindings\":[]}}\n");
  CHECK(written(ResultFormat::json, true) == "{\"head\":{},\"boolean\":true}\n");
  CHECK(written(ResultFormat::json, {"v"}, {{literal("a\"\\\b\n\x1F\x7F")}}) ==
        "{\"head\":{\"vars\":[\"v\"]},\"results\":{\"bindings\":[\n"
        "{\"v\":{\"type\":\"literal\",\"value\":\"a\\\"\\\\\\u0008\\n\\u001F\x7F\"}}\n]}}\n");
}

TEST_CASE("XML, byte for byte") {
  CHECK(written(ResultFormat::xml, kNames, one_of_each()) == R"(<?xml version="1.0" encoding="UTF-8"?>
<sparql xmlns="http://www.w3.org/2005/sparql-results#">
  <head>
    <variable name="x"/>
    <variable name="y"/>
  </head>
  <results>
    <result>
      <binding name="x"><uri>http://ex.org/a</uri></binding>
      <binding name="y"><literal>plain</literal></binding>
    </result>
    <result>
      <binding name="x"><bnode>b1</bnode></binding>
    </result>
    <result>
      <binding name="x"><literal xml:lang="fr">bonjour</literal></binding>
      <binding name="y"><literal datatype="http://www.w3.org/2001/XMLSchema#integer">42</literal></binding>
    </result>
    <result>
      <binding name="x"><literal xml:lang="he" xmlns:its="http://www.w3.org/2005/11/its" its:version="2.0" its:dir="rtl">שלום</literal></binding>
      <binding name="y"><triple><subject><uri>http://ex.org/s</uri></subject><predicate><uri>http://ex.org/p</uri></predicate><object><literal>o</literal></object></triple></binding>
    </result>
  </results>
</sparql>
)");
  CHECK(written(ResultFormat::xml, false) == R"(<?xml version="1.0" encoding="UTF-8"?>
<sparql xmlns="http://www.w3.org/2005/sparql-results#">
  <head/>
  <boolean>false</boolean>
</sparql>
)");
}

TEST_CASE("XML refuses characters it has no form for") {
  for (const char* text : {"a\x01", "\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    CAPTURE(text);
    CHECK_THROWS_AS((void)written(ResultFormat::xml, {"v"}, {{literal(text)}}), Error);
  }
  CHECK_NOTHROW((void)written(ResultFormat::xml, {"v"}, {{literal("\xEF\xBF\xBD\t\r\n")}}));
}

TEST_CASE("CSV, byte for byte") {
  CHECK(written(ResultFormat::csv, kNames, one_of_each()) ==
        "x,y\r\n"
        "http://ex.org/a,plain\r\n"
        "_:b1,\r\n"
        "bonjour,42\r\n"
        "שלום,\"<<( http://ex.org/s http://ex.org/p \"\"o\"\" )>>\"\r\n");
  CHECK(written(ResultFormat::csv, {"v"}, {{literal("a,b")}, {literal("say \"hi\"")}, {literal("two\nlines")}}) ==
        "v\r\n\"a,b\"\r\n\"say \"\"hi\"\"\"\r\n\"two\nlines\"\r\n");
  CHECK(written(ResultFormat::csv, true) == "true\r\n");
  const Term inner = triple_term(blank("b"), iri("http://ex.org/p"), literal("say \"hi\""));
  CHECK(written(ResultFormat::csv, {"v"}, {{triple_term(iri("http://ex.org/s"), iri("http://ex.org/p"), inner)}}) ==
        "v\r\n\"<<( http://ex.org/s http://ex.org/p <<( _:b http://ex.org/p \"\"say \"\"\"\"hi\"\"\"\"\"\" )>> "
        ")>>\"\r\n");
  CHECK(written(ResultFormat::csv, {"v"}, {{triple_term(blank("b"), iri("http://ex.org/p"), blank("c"))}}) ==
        "v\r\n<<( _:b http://ex.org/p _:c )>>\r\n");
}

TEST_CASE("TSV, byte for byte") {
  CHECK(written(ResultFormat::tsv, kNames, one_of_each()) ==
        "?x\t?y\n"
        "<http://ex.org/a>\t\"plain\"\n"
        "_:b1\t\n"
        "\"bonjour\"@fr\t42\n"
        "\"שלום\"@he--rtl\t<<( <http://ex.org/s> <http://ex.org/p> \"o\" )>>\n");
  CHECK(written(ResultFormat::tsv, {"v"}, {{literal("tab\tline\nend")}}) == "?v\n\"tab\\tline\\nend\"\n");
}

TEST_CASE("TSV writes a number without quotes only where Turtle reads the same term back") {
  const auto cell = [](const Term& term) {
    const std::string text = written(ResultFormat::tsv, {"v"}, {{term}});
    return text.substr(3, text.size() - 4);
  };
  const std::string xsd = "http://www.w3.org/2001/XMLSchema#";
  CHECK(cell(typed_literal("-007", xsd + "integer")) == "-007");
  CHECK(cell(typed_literal("1.50", xsd + "decimal")) == "1.50");
  CHECK(cell(typed_literal(".5", xsd + "decimal")) == ".5");
  CHECK(cell(typed_literal("1.0e6", xsd + "double")) == "1.0e6");
  CHECK(cell(typed_literal("1.", xsd + "decimal")) == "\"1.\"^^<" + xsd + "decimal>");
  CHECK(cell(typed_literal("15", xsd + "decimal")) == "\"15\"^^<" + xsd + "decimal>");
  CHECK(cell(typed_literal("INF", xsd + "double")) == "\"INF\"^^<" + xsd + "double>");
  CHECK(cell(typed_literal("1.5", xsd + "double")) == "\"1.5\"^^<" + xsd + "double>");
  CHECK(cell(typed_literal("", xsd + "integer")) == "\"\"^^<" + xsd + "integer>");
  CHECK(cell(typed_literal("5", xsd + "int")) == "\"5\"^^<" + xsd + "int>");
}

TEST_CASE("formats have names") {
  CHECK(result_format("json") == ResultFormat::json);
  CHECK(result_format("table") == ResultFormat::table);
  CHECK_FALSE(result_format("JSON-LD"));
  CHECK(rdf_format("ttl") == RdfFormat::turtle);
  CHECK(rdf_format("nquads") == RdfFormat::nquads);
  CHECK_FALSE(rdf_format(""));
}

}  // namespace
}  // namespace akyn::results

// RDF/XML beyond what the W3C suites look at: places of mistakes, streams, RDF 1.2.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/rdf/support.h"

namespace akyn::rdf {
namespace {

const std::string kStart =
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e/' "
    "xmlns:its='http://www.w3.org/2005/11/its' xml:base='http://e/doc'";

std::string document(std::string_view inside, std::string_view attributes = "") {
  return kStart + ' ' + std::string(attributes) + ">\n" + std::string(inside) + "</rdf:RDF>\n";
}

std::string sorted_lines(const std::string& text) {
  std::string all = lines(RdfFormat::rdfxml, text);
  std::vector<std::string> list;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = all.find('\n', at) + 1;
    list.push_back(all.substr(at, end - at));
    at = end;
  }
  std::sort(list.begin(), list.end());
  std::string text_of_list;
  for (const std::string& line : list) text_of_list += line;
  return text_of_list;
}

}  // namespace

TEST_CASE("a document in pieces of any size reads the same") {
  const std::string text = document(
      "<e:Person rdf:about='#é' e:name='x' xml:lang='en-GB'>\n"
      " <e:knows><rdf:Description rdf:nodeID='n'><rdf:li>1 &amp; 2</rdf:li></rdf:Description></e:knows>\n"
      " <e:list rdf:parseType='Collection'><e:A/><rdf:Description rdf:about=''/></e:list>\n"
      " <e:xml rdf:parseType='Literal'><b c='&lt;' a=\"d\">x<!-- y --><?z w?></b></e:xml>\n"
      "</e:Person>\n");
  const std::string whole = lines(RdfFormat::rdfxml, text);
  CHECK(whole.find("<http://e/doc#é> <http://e/name> \"x\"@en-GB .\n") != std::string::npos);
  CHECK(whole.find("_:n <http://www.w3.org/1999/02/22-rdf-syntax-ns#_1> \"1 & 2\"@en-GB .\n") != std::string::npos);
  CHECK(whole.find("\"<b a=\\\"d\\\" c=\\\"&lt;\\\">x<!-- y --><?z w?></b>\"^^<") != std::string::npos);
  for (const std::size_t size : {1, 2, 3, 7, 64}) {
    Pieces pieces(text, size);
    Collector sink;
    read(pieces, options_for(RdfFormat::rdfxml), sink);
    CHECK(sink.lines == whole);
    CHECK(sink.prefixes.find("e=http://e/ ") != std::string::npos);
    CHECK(sink.bases == "http://e/doc ");
  }
}

TEST_CASE("RDF 1.2 in XML") {
  const std::string version = "rdf:version='1.2'";
  CHECK(sorted_lines(document("<rdf:Description rdf:about='http://e/s'><e:p rdf:annotation='http://e/r' "
                              "rdf:resource='http://e/o'/></rdf:Description>")) ==
        "<http://e/r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <http://e/s> <http://e/p> <http://e/o> "
        ")>> "
        ".\n<http://e/s> <http://e/p> <http://e/o> .\n");
  CHECK(sorted_lines(
            document("<rdf:Description rdf:about='http://e/s' e:p='x'/>", version + " its:dir='rtl' xml:lang='ar'")) ==
        "<http://e/s> <http://e/p> \"x\"@ar--rtl .\n");
  const std::string triple =
      "<rdf:Description rdf:about='http://e/s'><e:p rdf:parseType='Triple'><rdf:Description rdf:about='http://e/a' "
      "e:b='c'/></e:p></rdf:Description>";
  CHECK(sorted_lines(document(triple, version)) ==
        "<http://e/s> <http://e/p> <<( <http://e/a> <http://e/b> \"c\" )>> .\n");
  CHECK(sorted_lines(document(triple, "rdf:version='1.1'")).empty());
  CHECK(sorted_lines(document(triple + "<rdf:Description rdf:about='http://e/t' e:p='after'/>")) ==
        "<http://e/t> <http://e/p> \"after\" .\n");
}

TEST_CASE("mistakes in RDF/XML are named with their place") {
  const struct {
    std::string inside;
    std::string place;
    std::string message;
  } kExamples[] = {
      {"<e:A>\n  <e:p>x</e:q>\n</e:A>", "3:11", "this is not well-formed XML: mismatched tag"},
      {"<e:A rdf:about='a b'/>", "2:1", "not an IRI"},
      {"<e:A>\n  <e:p rdf:resource='a' rdf:nodeID='b'/></e:A>", "3:3", "one of rdf:resource, rdf:nodeID"},
      {"<e:A rdf:ID='x'/>\n<e:A rdf:ID='x'/>", "3:1", "the rdf:ID 'x' was given before"},
      {"<e:A rdf:ID='1x'/>", "2:1", "'1x' is no name"},
      {"<e:A rdf:bagID='x'/>", "2:1", "rdf:bagID cannot be an attribute"},
      {"<e:A about='x' rdf:about='y'/>", "2:1", "rdf:about is there twice"},
      {"<e:A name='x'/>", "2:1", "'name' has no namespace"},
      {"<e:A>text</e:A>", "2:6", "text cannot stand here, between the properties"},
      {"<e:A><e:p>text<e:B/></e:p></e:A>", "2:15", "text and an element cannot both"},
      {"<e:A><e:p><e:B/><e:B/></e:p></e:A>", "2:17", "this is the second"},
      {"<e:A><e:p rdf:resource='x'>y</e:p></e:A>", "2:28", "so it must be empty"},
      {"<rdf:li/>", "2:1", "rdf:li cannot be a node's element"},
      {"<e:A><rdf:Description/></e:A>", "2:6", "rdf:Description cannot be a property's element"},
      {"<e:A><e:p xml:lang='waytoolong'>x</e:p></e:A>", "2:6", "not a well-formed language tag"},
      {"<e:A><e:p rdf:version='1.2' rdf:parseType='Triple'></e:p></e:A>", "2:52",
       "must hold one statement, this holds 0"},
      {"<e:A><e:p rdf:version='1.2' its:dir='up'>x</e:p></e:A>", "2:6", "its:dir is 'ltr', 'rtl' or empty"},
      {"<e:A><e:p>&nope;</e:p></e:A>", "2:11", "undefined entity"},
  };
  for (const auto& example : kExamples) {
    CAPTURE(example.inside);
    const std::string said = mistake(RdfFormat::rdfxml, document(example.inside));
    CAPTURE(said);
    CHECK(said.starts_with("test:" + example.place + ": error: "));
    CHECK(said.find(example.message) != std::string::npos);
  }
  CHECK(
      mistake(RdfFormat::rdfxml, document("<e:A rdf:about='a b'/>")).find("\n2 | <e:A rdf:about='a b'/></rdf:RDF>\n") !=
      std::string::npos);
  CHECK(mistake(RdfFormat::rdfxml, "").find("no element found") != std::string::npos);
  CHECK(mistake(RdfFormat::rdfxml, "<a/>", "").find("'a' has no namespace") != std::string::npos);
}

TEST_CASE("a document cannot harm") {
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "<e:A><e:p>";
  CHECK(mistake(RdfFormat::rdfxml, document(deep)).find("nested deeper than 4000 levels") != std::string::npos);
  std::string bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>";
  for (char c = 'b'; c <= 'k'; ++c) {
    const std::string inner = std::string("&") + static_cast<char>(c - 1) + ';';
    bomb += std::string("<!ENTITY ") + c + " '" + inner + inner + inner + inner + inner + inner + inner + inner + "'>";
  }
  bomb += "]>" + document("<e:A><e:p>&k;</e:p></e:A>");
  CHECK(mistake(RdfFormat::rdfxml, bomb).find("limit on input amplification") != std::string::npos);
  CHECK(mistake(RdfFormat::rdfxml, "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>" +
                                       document("<e:A><e:p>&f;</e:p></e:A>")) == "");
}

}  // namespace akyn::rdf

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "tests/rdf/support.h"

namespace akyn::rdf {
namespace {

struct Example {
  RdfFormat format;
  std::string text;
  std::string place;    // line:column
  std::string message;  // a part of it
};

const std::vector<Example>& examples() {
  constexpr RdfFormat kNt = RdfFormat::ntriples;
  constexpr RdfFormat kTtl = RdfFormat::turtle;
  static const std::vector<Example> kExamples = {
      {kNt, "<a:s> <a:p> \"x .\n<a:s>", "1:13", "this string has no closing \""},
      {kNt, "<a:s> <a:p> <a:o>\n", "1:18", "expected '.' at the end of the statement, found the end of the line"},
      {kNt, "<a:s> <a:p> <a:o> . <a:s>", "1:21", "expected the end of the line, found '<a:s>'"},
      {kNt, "<a:s> <p> <a:o> .", "1:7", "'p' is not an absolute IRI"},
      {kNt, "<a:s b> <a:p> <a:o> .", "1:5", "a space is not allowed in an IRI; is a '>' missing before it?"},
      {kNt, "<a:\\u0020> <a:p> <a:o> .", "1:4", "not even escaped"},
      {kNt, "<a:s> <a:p> \"\\ud800\" .", "1:14", "half of a surrogate pair"},
      {kNt, "<a:s> <a:p> \"\\U00110000\" .", "1:14", "the last is U+10FFFF"},
      {kNt, "<a:s> <a:p> \"\\u12\" .", "1:14", "four hexadecimal digits"},
      {kNt, "<a:s> <a:p> \"\\x\" .", "1:14", "unknown escape"},
      {kNt, "<a:s> <a:p> \"\xC3(\" .", "1:14", "not valid UTF-8"},
      {kNt, "# \xFF\n", "1:3", "not valid UTF-8"},
      {kNt, "<a:s> <a:p> \"\xED\xA0\x80\" .", "1:14", "not valid UTF-8"},
      {kNt, "<a:s> <a:p> \"x\"@en--up .", "1:19", "'ltr' or 'rtl'"},
      {kNt, "<a:s> <a:p> \"x\"@toolonglang .", "1:17", "not a well-formed language tag"},
      {kNt, "<a:s> <a:p> \"x\"@ .", "1:16", "expected a language tag"},
      {kNt, "<a:s> <a:p> \"x\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .", "1:18",
       "with its language tag"},
      {kNt, "<a:s> <a:p> _:-a .", "1:13", "label starts with"},
      {kNt, "_::a <a:p> <a:o> .", "1:1", "label starts with"},
      {kNt, "<< <a:s> <a:p> <a:o> >> <a:p> <a:o> .", "1:1", "no reified triples"},
      {kNt, "<<( <a:s> <a:p> <a:o> )>> <a:p> <a:o> .", "1:1", "can only be an object"},
      {kNt, "<a:s> <a:p> <a:o> <a:g> .", "1:19", "expected '.'"},
      {kNt, "VERSION '1.2'", "1:9", "version label"},
      {RdfFormat::nquads, "<a:s> <a:p> <a:o> \"g\" .", "1:19", "expected a graph name or '.'"},
      {kTtl, "PREFIX foaf: <a:>\n<a:s>\n  foa:name 'x' .", "3:3", "unknown prefix 'foa'; did you mean 'foaf'?"},
      {kTtl, ":s :p :o .", "1:1", "the empty prefix is not declared"},
      {kTtl, "<a:s> <a:p> True .", "1:13", "found 'True'; did you mean 'true'?"},
      {kTtl, "PREFX : <a:>", "1:1", "did you mean 'PREFIX'?"},
      {kTtl, "@prefx : <a:> .", "1:1", "no directive '@prefx'; did you mean '@prefix'?"},
      {kTtl, "@prefix : <a:>\n<a:s> <a:p> 1 .", "2:1", "expected '.' at the end of the directive"},
      {kTtl, "@prefix a:b <a:> .", "1:9", "a prefix ends with its ':'"},
      {kTtl, "<a:s> <a:p> <a:o>\n<a:t> <a:p> <a:o> .", "2:1",
       "expected '.', ';' or ',' after the object, found '<a:t>'"},
      {kTtl, "<a:s> <a:p> .", "1:13", "expected an object"},
      {kTtl, "<a:s> <a:p> <a:o>", "1:18", "found the end of the text"},
      {kTtl, "<a:s> 'p' 1 .", "1:7", "expected a predicate"},
      {kTtl, "<a:s> _:p 1 .", "1:7", "expected a predicate"},
      {kTtl, "'s' <a:p> 1 .", "1:1", "expected a subject"},
      {kTtl, "[] .", "1:4", "expected a predicate"},
      {kTtl, "<a:s> <a:p> [ <a:q> 1 .", "1:23", "',', ';' or ']'"},
      {kTtl, "<a:s> <a:p> ( 1 2 .", "1:19", "expected an object"},
      {kTtl, "<a:s> <a:p> '''x'' .", "1:13", "no closing '''"},
      {kTtl, "<a:s> <a:p> <a:o> {| |} .", "1:22", "expected a predicate"},
      {kTtl, "<< <a:s> <a:p> () >> <a:q> 1 .", "1:16", "the object of the reified triple"},
      {kTtl, "<< <a:s> <a:p> [ <a:q> 1 ] >> .", "1:18", "only an empty '[]'"},
      {kTtl, "<a:s> <a:p> <<( <a:s> <a:p> << <a:s> <a:p> 1 >> )>> .", "1:29", "the object of the triple term"},
      {kTtl, "VERSION 1.2", "1:9", "the version's label"},
      {RdfFormat::trig, "<a:g> { <a:s> <a:p> 1 ", "1:23", "'}' at the end of the graph"},
      {RdfFormat::trig, "GRAPH [ <a:p> 1 ] { }", "1:9", "only an empty '[]'"},
      {RdfFormat::trig, "<a:g> { @prefix : <a:> . }", "1:9", "expected a subject"},
      {RdfFormat::trig, "() { }", "1:4", "expected a predicate"},
  };
  return kExamples;
}

}  // namespace

TEST_CASE("mistakes are named with their place") {
  for (const Example& example : examples()) {
    CAPTURE(example.text);
    const std::string said = mistake(example.format, example.text);
    CHECK(said.starts_with("test:" + example.place + ": error: "));
    CHECK(said.find(example.message) != std::string::npos);
    CAPTURE(said);
  }
}

TEST_CASE("a stream in small blocks reports the same mistakes at the same places") {
  for (const Example& example : examples()) {
    for (const std::size_t block : {1, 2, 3, 7, 16, 64}) {
      CAPTURE(example.text);
      CAPTURE(block);
      Collector sink;
      CHECK(stream_in_blocks(example.format, example.text, block, sink) == mistake(example.format, example.text));
    }
  }
}

TEST_CASE("the line is shown with a caret") {
  CHECK(mistake(RdfFormat::turtle, "PREFIX foaf: <a:>\n\n<a:é> foa:name 'x' .") ==
        "test:3:7: error: unknown prefix 'foa'; did you mean 'foaf'?\n"
        "3 | <a:é> foa:name 'x' .\n"
        "  |       ^~~");
}

TEST_CASE("lines and columns are right far into a stream") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "<a:s> <a:p> \"é\", 'x' .\r\n";
  const std::string longest(3000, 'y');
  text += "<a:s> <a:p> \"" + longest + "é\" oops .";
  const std::string whole = mistake(RdfFormat::turtle, text);
  CHECK(whole.starts_with("test:5001:3017: error: "));
  for (const std::size_t block : {100, 4096, 65536}) {
    CAPTURE(block);
    Collector sink;
    const std::string streamed = stream_in_blocks(RdfFormat::turtle, text, block, sink);
    CHECK(streamed.substr(0, streamed.find('\n')) == whole.substr(0, whole.find('\n')));
    CHECK(sink.quads.size() == 10000);
  }
}

TEST_CASE("what goes on and on is an error, not all of the memory") {
  const std::string longest(std::size_t{3} << 20, 'y');
  const auto error_of = [](RdfFormat format, const std::string& text, std::size_t longest_token) {
    ReadOptions options = options_for(format);
    options.longest_token = longest_token;
    Collector sink;
    const std::unique_ptr<ByteSource> source = text_source(text);
    try {
      read(*source, options, sink);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::limit);
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string head =
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e/'>\n<rdf:Description>";
  const std::string tail = "</rdf:Description></rdf:RDF>";
  const std::vector<std::tuple<RdfFormat, std::string, std::string>> endless = {
      {RdfFormat::ntriples, "<a:s> <a:p> <a:o> .\n<a:s> <a:p> \"" + longest + "\" .", "test:2:13"},
      {RdfFormat::turtle, "<a:s> <a:p> <a:o> .\n<a:s> <a:p> \"\"\"" + longest + "\"\"\" .", "test:2:13"},
      {RdfFormat::trig, "<a:s> <a:p> <" + longest + "> .", "test:1:13"},
      {RdfFormat::rdfxml, head + "<e:p>" + longest + "</e:p>" + tail, "test:2:"},
      {RdfFormat::rdfxml, head + "<e:p e:q='" + longest + "'/>" + tail, "test:2:18"},
      {RdfFormat::rdfxml, head + "<e:p rdf:parseType='Literal'><b>" + longest + "</b></e:p>" + tail, "test:2:"},
      {RdfFormat::rdfxml, "<!-- " + longest + " -->" + head + tail, "test:1:1"}};
  for (const auto& [format, text, place] : endless) {
    CAPTURE(text.substr(0, 200));
    const std::string error = error_of(format, text, std::size_t{2} << 20);
    CHECK(error.starts_with(place));
    CHECK(error.find("goes on for more than 2 MB") != std::string::npos);
    CHECK(error_of(format, text, std::size_t{4} << 20) == "");
  }
}

TEST_CASE("a relative IRI needs a base") {
  CHECK(mistake(RdfFormat::turtle, "<s> <a:p> 1 .", "").find("'s' is relative, and no base is known") !=
        std::string::npos);
  CHECK(mistake(RdfFormat::turtle, "BASE <http://x/> <s> <a:p> 1 .", "") == "");
  Collector sink;
  CHECK_THROWS_AS(read("", options_for(RdfFormat::turtle, "relative"), sink), Error);
}

TEST_CASE("deep nesting is an error, not a crash") {
  const auto repeated = [](std::string_view piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
  };
  const struct {
    RdfFormat format;
    std::string text;
  } kDeep[] = {
      {RdfFormat::turtle, "<a:s> <a:p> " + repeated("(", 10000)},
      {RdfFormat::turtle, "<a:s> <a:p> " + repeated("[ <a:p> ", 10000)},
      {RdfFormat::turtle, repeated("<< ", 10000)},
      {RdfFormat::turtle, "<a:s> <a:p> " + repeated("<<( <a:s> <a:p> ", 10000)},
      {RdfFormat::turtle, "<a:s> <a:p> 1 " + repeated("{| <a:p> 1 ", 10000)},
      {RdfFormat::trig, "{ " + repeated("[ <a:p> (", 10000)},
      {RdfFormat::ntriples, "<a:s> <a:p> " + repeated("<<( <a:s> <a:p> ", 10000)},
  };
  for (const auto& example : kDeep) {
    try {
      Collector sink;
      read(example.text, options_for(example.format), sink);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::limit);
      CHECK(error.location().has_value());
    }
  }
  CHECK(mistake(RdfFormat::turtle, "<a:s> <a:p> " + repeated("( ", 1000) + repeated(")", 1000) + " .") == "");
}

}  // namespace akyn::rdf

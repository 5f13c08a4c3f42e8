// Reading on after mistakes.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/rdf/support.h"

namespace akyn::rdf {
namespace {

struct Read {
  std::string lines;
  std::vector<std::string> places;  // line:column of each mistake
};

Read leniently(RdfFormat format, std::string_view text, std::size_t block_size = Input::kBlockSize) {
  Read result;
  ReadOptions options = options_for(format);
  options.on_mistake = [&](const Error& mistake) {
    REQUIRE(mistake.location().has_value());
    result.places.push_back(std::to_string(mistake.location()->line) + ":" +
                            std::to_string(mistake.location()->column));
  };
  Collector sink;
  Pieces pieces(text, block_size);
  if (format == RdfFormat::rdfxml) {
    read(pieces, options, sink);
  } else {
    Lexer lexer(pieces, "test", block_size);
    if (format == RdfFormat::ntriples || format == RdfFormat::nquads) {
      NTriplesReader(lexer, sink, options, format == RdfFormat::nquads).read();
    } else {
      TurtleReader(lexer, sink, options, format == RdfFormat::trig).read();
    }
  }
  result.lines = sink.lines;
  return result;
}

using Places = std::vector<std::string>;

// What is read of a text with mistakes, whatever blocks it comes in.
void check(RdfFormat format, const std::string& text, const std::string& expected, const Places& places) {
  CAPTURE(text);
  for (const std::size_t block : {std::size_t{1}, std::size_t{5}, std::size_t{64}, Input::kBlockSize}) {
    const Read result = leniently(format, text, block);
    CHECK(result.lines == expected);
    CHECK(result.places == places);
  }
}

const std::string kGood = "<a:s> <a:p> <a:o> .\n";
const std::string kNext = "<a:s> <a:p> <a:o2> .\n";

}  // namespace

TEST_CASE("a line with a mistake is skipped") {
  for (const char* bad : {"<a:s> <a:p> .", "<a:s> <a:p> \"x .", "<a:s b> <a:p> <a:o> .", "<a:s> <a:p> \"\\x\" .",
                          "junk", "<a:s> <a:p> \"\xFF\" .", "<a:s> <a:p> <a:o>", "<s> <a:p> <a:o> .", "\"", "VERSION 1",
                          "<a:s> <a:p> \"x\"@verylongtag .", "\xC3"}) {
    for (const char* line_end : {"\n", "\r\n", "\r"}) {
      const Read result = leniently(RdfFormat::ntriples, kGood + bad + line_end + kNext, 7);
      CAPTURE(bad);
      CHECK(result.lines == kGood + kNext);
      REQUIRE(result.places.size() == 1);
      CHECK(result.places[0].starts_with("2:"));
    }
  }
  check(RdfFormat::nquads, "x\n\ny\n" + kGood + "z", kGood, {"1:1", "3:1", "5:1"});
  check(RdfFormat::ntriples, "<a:s> <a:p> <a:o> . junk\n" + kNext, kGood + kNext, {"1:21"});
}

TEST_CASE("a Turtle statement with a mistake is skipped to its end") {
  const auto turtle = [](const std::string& bad, const Places& places) {
    check(RdfFormat::turtle, kGood + bad + "\n" + kNext, kGood + kNext, places);
  };
  turtle("<a:s> <a:p> nope:x .", {"2:13"});
  turtle("<a:s> a:b <a:o> ;\n  <a:q> 'x. y', 1.5 .", {"2:7"});
  turtle("<a:s> <a:p> 1968-12-06 .", {"2:17"});
  turtle("<a:s> nope:x \"a . b\", '''long . \n string . ''', <a:x#y> . # a . b", {"2:7"});
  turtle("<a:s b#c> <a:p> \"z\" .", {"2:5"});
  turtle("<a:s> <a:p> \"\\x . \" .", {"2:14"});
  turtle("<a:s> nope:p [ <a:q> 1 ; <a:r> ( 1 2 ) ] .", {"2:7"});
  // A string that is not closed ends with its line.
  turtle("<a:s> <a:p> \"unterminated .", {"2:13"});
  turtle("<a:s> <a:p> \"\"\"unterminated .", {"2:13"});
}

TEST_CASE("what a Turtle statement said before the mistake stays") {
  check(RdfFormat::turtle, "<a:s> <a:p> <a:o> ;\n  <a:q> nope:x ;\n  <a:r> 1 .\n" + kNext, kGood + kNext, {"2:9"});
}

TEST_CASE("a statement after a forgotten '.' is read") {
  check(RdfFormat::turtle, "<a:s> <a:p> <a:o>, <a:x>\n<a:s> <a:p> <a:o2> .\n" + kGood, kGood + kNext + kGood, {"2:1"});
  check(RdfFormat::turtle, "<a:s> <a:p>\n@prefix : <a:> .\n:s :p :o .\n", kGood, {"2:1"});
  check(RdfFormat::turtle, "<a:s> <a:p> <a:o> ;; oops\n@prefix:<a:>.\n:s :p :o .\n", kGood + kGood, {"1:22"});
  check(RdfFormat::turtle, "oops oops\n@base<a:b/>.\n<c> <a:p> <a:o> .\n", "<a:b/c> <a:p> <a:o> .\n", {"1:1"});
  check(RdfFormat::turtle, "oops oops\nPREFIX : <a:>\n:s :p :o .\n", kGood, {"1:1"});
}

TEST_CASE("mistakes within a graph leave the graph as it is") {
  const std::string good = "<a:s> <a:p> <a:o> <a:g> .\n";
  const std::string next = "<a:s> <a:p> <a:o2> <a:g> .\n";
  check(RdfFormat::trig, "<a:g> { <a:s> <a:p> <a:o> . x:y <a:p> 1 . <a:s> <a:p> <a:o2> }\n" + kGood,
        good + next + kGood, {"1:29"});
  check(RdfFormat::trig, "<a:g> { <a:s> <a:p> <a:o> . x:y <a:p> 1 }\n" + kGood, good + kGood, {"1:29"});
  check(
      RdfFormat::trig, "<a:g> { <a:s> <a:p> <a:o> {| x:y 1 |} . <a:s> <a:p> <a:o2> }",
      "<a:s> <a:p> <a:o> <a:g> .\n_:genid-1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <a:s> <a:p> <a:o> "
      ")>> <a:g> .\n" +
          next,
      {"1:30"});
  // A graph whose name is wrong is skipped whole: its statements belong to no other.
  check(RdfFormat::trig, "GRAPH x:g { <a:s> <a:p> 1 . <a:s> <a:p> 2 . }\n" + kGood, kGood, {"1:7"});
  check(RdfFormat::trig, kGood + "<a:g> { <a:s> <a:p> <a:o>, <a:cut>", kGood + good, {"2:35"});
}

TEST_CASE("nothing but mistakes comes to an end") {
  for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::turtle, RdfFormat::trig}) {
    for (const char* text : {"}", "} } }", "....", "\"", "'''", "a", "<", "<<(", "[ [ [", "( (", "@", "{| |}", "{ {",
                             "\n}\n}\n.", "<a:s> <a:p> 1 }\n}", "\xFF\xFF. \xFF", "<a:g> { <a:g> {", "# \xFF\n"}) {
      CAPTURE(text);
      for (const std::size_t block : {1, 100}) CHECK(leniently(format, text, block).places.size() <= 6);
    }
  }
}

TEST_CASE("an element of RDF/XML with a mistake is skipped") {
  const std::string start = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e/'>\n";
  const Read result =
      leniently(RdfFormat::rdfxml, start +
                                       "<rdf:Description rdf:about='a:s'><e:p rdf:resource='a:o'/>\n"
                                       "<e:q rdf:resource='not an iri'/><e:q rdf:resource='a:x'/>\n"
                                       "<e:q name='1'><rdf:Description e:z='1'/></e:q>text<e:q>2</e:q>\n"
                                       "</rdf:Description></rdf:RDF>");
  CHECK(result.lines == "<a:s> <http://e/p> <a:o> .\n<a:s> <http://e/q> <a:x> .\n<a:s> <http://e/q> \"2\" .\n");
  CHECK(result.places == Places{"3:1", "4:1", "4:47"});
  CHECK_THROWS_AS(static_cast<void>(leniently(RdfFormat::rdfxml, start + "<e:A>")), Error);
}

TEST_CASE("a source that fails is an error in a lenient reader too") {
  class Cut final : public ByteSource {
   public:
    std::size_t read(char* out, std::size_t capacity) override {
      if (given_) throw Error(ErrorCode::syntax, "the gzip data is cut short");
      given_ = true;
      return (kGood + kNext).copy(out, capacity);
    }
    std::uint64_t consumed() const noexcept override { return 0; }

   private:
    bool given_ = false;
  };
  for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::turtle, RdfFormat::trig}) {
    Cut source;
    Collector sink;
    ReadOptions options = options_for(format);
    options.on_mistake = [](const Error& /*mistake*/) { FAIL("taken for a mistake"); };
    CHECK_THROWS_AS(read(source, options, sink), Error);
    CHECK(sink.lines.starts_with(kGood));
  }
}

}  // namespace akyn::rdf

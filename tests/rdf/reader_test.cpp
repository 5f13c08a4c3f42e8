#include <doctest/doctest.h>

#include <string>

#include "tests/rdf/support.h"

namespace akyn::rdf {

TEST_CASE("N-Triples: terms of every kind") {
  CHECK(lines(RdfFormat::ntriples,
              "# a comment\n"
              "<http://e/s><http://e/p>\"x\"@en-GB.# another\r\n"
              "_:a.b <http://e/p> \"\\u00E9\\n\"^^<http://e/d> .\n\n"
              "VERSION \"1.2\"\n"
              "<http://e/s> <http://e/p> <<( _:x <http://e/p> \"y\"@ar--rtl )>> .") ==
        "<http://e/s> <http://e/p> \"x\"@en-GB .\n"
        "_:a.b <http://e/p> \"é\\n\"^^<http://e/d> .\n"
        "<http://e/s> <http://e/p> <<( _:x <http://e/p> \"y\"@ar--rtl )>> .\n");
}

TEST_CASE("an xsd:string datatype is dropped") {
  const Collector read_in =
      collect(RdfFormat::ntriples, "<a:s> <a:p> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .");
  CHECK(read_in.quads.front().object == literal("x"));
}

TEST_CASE("N-Quads: an optional graph name") {
  CHECK(lines(RdfFormat::nquads, "<a:s> <a:p> <a:o> .\n<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> <a:o> _:g.") ==
        "<a:s> <a:p> <a:o> .\n<a:s> <a:p> <a:o> <a:g> .\n<a:s> <a:p> <a:o> _:g .\n");
}

TEST_CASE("Turtle: prefixes, base and names") {
  const Collector read_in = collect(RdfFormat::turtle,
                                    "@prefix e: <http://x/> . PREFIX : <#>\n"
                                    "e:a%20\\~b.c e:p.q <r>.base <http://y/z/>\n<r> a :, e:.");
  CHECK(read_in.lines ==
        "<http://x/a%20~b.c> <http://x/p.q> <http://e/r> .\n"
        "<http://y/z/r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/#> .\n"
        "<http://y/z/r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://x/> .\n");
  CHECK(read_in.prefixes == "e=http://x/ =http://e/# ");
  CHECK(read_in.bases == "http://y/z/ ");
  CHECK(lines(RdfFormat::turtle, "@prefix:<a:>.:s :p :o.@base<b:>.<c>:p :o.") ==
        "<a:s> <a:p> <a:o> .\n<b:c> <a:p> <a:o> .\n");
}

TEST_CASE("Turtle: strings and shorthand literals") {
  CHECK(lines(RdfFormat::turtle, R"(<a:s> <a:p> 'its', "", """a"b""c
d""", '''x\'''y''', 1, -1.5, +.5, 1.e3, 2E-1, true, false .)") ==
        "<a:s> <a:p> \"its\" .\n<a:s> <a:p> \"\" .\n<a:s> <a:p> \"a\\\"b\\\"\\\"c\\nd\" .\n<a:s> <a:p> \"x'''y\" .\n"
        "<a:s> <a:p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"
        "<a:s> <a:p> \"-1.5\"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n"
        "<a:s> <a:p> \"+.5\"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n"
        "<a:s> <a:p> \"1.e3\"^^<http://www.w3.org/2001/XMLSchema#double> .\n"
        "<a:s> <a:p> \"2E-1\"^^<http://www.w3.org/2001/XMLSchema#double> .\n"
        "<a:s> <a:p> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n"
        "<a:s> <a:p> \"false\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n");
}

TEST_CASE("Turtle: blank nodes the reader makes have labels nobody can write") {
  const Collector read_in = collect(RdfFormat::turtle, "[] <a:p> [ <a:q> ( 1 ) ], _:b1 .");
  for (const Quad& quad : read_in.quads) {
    const Term& subject = quad.subject;
    CHECK(subject.is_blank());
    CHECK(subject.value().find(' ') != std::string::npos);
  }
  CHECK(read_in.quads.back().object == blank("b1"));
}

TEST_CASE("Turtle: lists, also empty and nested") {
  CHECK(lines(RdfFormat::turtle, "PREFIX : <a:>\n( :x () ) :p ( ( 1 ) ) .").find("<a:x>") != std::string::npos);
  CHECK(collect(RdfFormat::turtle, "PREFIX : <a:>\n( :x () ) :p ( ( 1 ) ) .").quads.size() == 9);
  CHECK(lines(RdfFormat::turtle, "<a:s> <a:p> () .") ==
        "<a:s> <a:p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .\n");
}

TEST_CASE("Turtle: reified triples, reifiers and annotations") {
  const std::string reifies = " <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> ";
  CHECK(lines(RdfFormat::turtle,
              "PREFIX : <a:>\n"
              "<< :s :p :o ~ :r >> :says true .\n"
              ":s :p :o ~ :x ~ :y {| :q :z |} .\n") ==
        "<a:r>" + reifies + "<<( <a:s> <a:p> <a:o> )>> .\n" +
            "<a:r> <a:says> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean> .\n"
            "<a:s> <a:p> <a:o> .\n"
            "<a:x>" +
            reifies + "<<( <a:s> <a:p> <a:o> )>> .\n" + "<a:y>" + reifies +
            "<<( <a:s> <a:p> <a:o> )>> .\n<a:y> <a:q> <a:z> .\n");
  CHECK(collect(RdfFormat::turtle, "PREFIX : <a:>\n<< << :s :p :o >> :p <<( :a :b 1 )>> >> .").quads.size() == 2);
  CHECK(collect(RdfFormat::turtle, "PREFIX : <a:>\n:s :p :o {| :q 1 |} {| :q 2 |} ~, :o2 ~ .").quads.size() == 8);
}

TEST_CASE("TriG: graphs by every kind of name") {
  CHECK(lines(RdfFormat::trig,
              "PREFIX : <a:>\n:s :p 'd' . { :s :p 'e' } :g { :s :p 'f'. } GRAPH _:b { :s :p 'g', 'h' ; :q 'i' }"
              "<< :s :p :o ~ :r >> . [ :p 'j' ] . _:b {}") ==
        "<a:s> <a:p> \"d\" .\n<a:s> <a:p> \"e\" .\n<a:s> <a:p> \"f\" <a:g> .\n<a:s> <a:p> \"g\" _:b .\n"
        "<a:s> <a:p> \"h\" _:b .\n<a:s> <a:q> \"i\" _:b .\n"
        "<a:r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <a:s> <a:p> <a:o> )>> .\n"
        "_:genid-1 <a:p> \"j\" .\n");
}

TEST_CASE("a byte order mark is no text") {
  CHECK(lines(RdfFormat::turtle, "\xEF\xBB\xBF<a:s> <a:p> <a:o> .") == "<a:s> <a:p> <a:o> .\n");
}

TEST_CASE("the format goes by the extension") {
  CHECK(format_of("a/b.nt") == RdfFormat::ntriples);
  CHECK(format_of("b.NQ") == RdfFormat::nquads);
  CHECK(format_of("b.x.ttl") == RdfFormat::turtle);
  CHECK(format_of("b.trig") == RdfFormat::trig);
  CHECK(format_of("b.rdf") == RdfFormat::rdfxml);
  CHECK(format_of("b.json") == RdfFormat::automatic);
}

TEST_CASE("progress can stop the reader") {
  class Stopper : public StatementSink {
   public:
    void quad(const QuadView& /*quad*/) override {}
    bool progress(std::uint64_t bytes) override { return bytes < 1000; }
  };
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "<a:s> <a:p> <a:o> .\n";
  for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::turtle}) {
    Stopper sink;
    try {
      read(text, options_for(format), sink);
      FAIL("not stopped");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::cancelled);
    }
  }
}

TEST_CASE("a stream reads the same in blocks of any size") {
  const std::string turtle =
      "PREFIX : <http://x/> # a comment with é in it\r\n"
      ":s :päth 'lo\\u00e9ng', \"\"\"x\"\"y\n\"\"\" ; :q 1.5e10, -2 , true ; a <rel/../ative> .\n"
      "<< :a :b [] ~ _:r.x >> :c ( 1 ( :d\\-e ) 'x'@en--ltr \"y\" ^^ :dt ) .\n"
      ":s :p :o ~ :r {| :q 'z' ; :r [ :t <<( :a :b <<( :c a 1 )>> )>> ] |} .\n"
      "_:a :p _:b.c , :%41 .\n";
  const std::string quads =
      "<a:s> <a:p> \"\xF0\x9F\x98\x80 \\U0001F600\"@en .\n"
      "_:x <a:p> <<( <a:s> <a:\\u00e9> \"1\"^^<a:t> )>> <a:g> . # ok\r\n\r\nVERSION \"1.2\"\n<a:s> <a:p> _:y.z _:g .";
  const std::string expected_turtle = lines(RdfFormat::turtle, turtle);
  const std::string expected_quads = lines(RdfFormat::nquads, quads);
  CHECK_FALSE(expected_turtle.empty());
  for (std::size_t block = 1; block < 80; ++block) {
    CAPTURE(block);
    Collector from_turtle;
    CHECK(stream_in_blocks(RdfFormat::turtle, turtle, block, from_turtle) == "");
    CHECK(from_turtle.lines == expected_turtle);
    Collector from_quads;
    CHECK(stream_in_blocks(RdfFormat::nquads, quads, block, from_quads) == "");
    CHECK(from_quads.lines == expected_quads);
  }
}

TEST_CASE("a stream that fails is an error") {
  class Failing : public std::streambuf {
   protected:
    int_type underflow() override { throw std::runtime_error("device gone"); }
  };
  Failing buffer;
  std::istream stream(&buffer);
  const std::unique_ptr<ByteSource> bytes = stream_source(stream);
  Collector sink;
  try {
    read(*bytes, options_for(RdfFormat::ntriples), sink);
    FAIL("not noticed");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::io);
  }
}

}  // namespace akyn::rdf

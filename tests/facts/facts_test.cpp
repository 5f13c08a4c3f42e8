// Tables and JSON Lines as statements.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "parser/facts/reader.h"
#include "tests/rdf/support.h"

namespace akyn::facts {
namespace {

using rdf::Collector;
using rdf::Pieces;

rdf::ReadOptions options_for(RdfFormat format) {
  rdf::ReadOptions options;
  options.format = format;
  options.source_name = "facts";
  options.base_iri = "http://e/";
  return options;
}

Collector collect(RdfFormat format, std::string_view text, const FactOptions& facts = {}, std::size_t piece = 1 << 20) {
  Collector sink;
  Pieces pieces(text, piece);
  read(pieces, options_for(format), facts, sink);
  return sink;
}

// Statements, one a line, sorted, each once, without labels; the reifiers' names shortened to "fact-".
std::string facts_of(RdfFormat format, std::string_view text, const FactOptions& facts = {}) {
  std::vector<std::string> lines;
  for (const Quad& quad : collect(format, text, facts).quads) {
    if (quad.predicate.value().ends_with("#label")) continue;
    std::string line;
    rdf::append_line(line, {quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
    if (const std::size_t at = line.find("fact-"); at != std::string::npos) line.erase(at + 5, 32);
    for (const std::string_view long_form :
         {"http://www.w3.org/2001/XMLSchema#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}) {
      for (std::size_t at; (at = line.find(long_form)) != std::string::npos;) line.erase(at, long_form.size());
    }
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line;
  return all;
}

std::string mistake(RdfFormat format, std::string_view text, const FactOptions& facts = {},
                    std::string base = "http://e/") {
  try {
    Collector sink;
    rdf::ReadOptions options = options_for(format);
    options.base_iri = std::move(base);
    Pieces pieces(text, 1 << 20);
    read(pieces, options, facts, sink);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

constexpr RdfFormat kCsv = RdfFormat::csv;
const std::string kHeader = "subject,predicate,object\n";

}  // namespace

TEST_CASE("cells become terms by what they look like") {
  CHECK(facts_of(kCsv, kHeader + "Arsen Tolu,holds,Presidency of Kaldora\n"
                                 "Kaldora,population,6.5 million\n"
                                 "Kaldora,founded,2 April 1931\n"
                                 "Kaldora,member,true\r\n"
                                 "<http://x/a>,https://x/p,urn:x:o\n"
                                 "_:b,knows,_:b\n"
                                 "2031,follows,\"\"\"2030\"\"\"\n"
                                 "Kaldora,motto,\"Two\nlines, said \"\"he\"\"\"\n") ==
        "<http://e/2031> <http://e/follows> <http://e/%222030%22> .\n"
        "<http://e/Arsen_Tolu> <http://e/holds> <http://e/Presidency_of_Kaldora> .\n"
        "<http://e/Kaldora> <http://e/founded> \"1931-04-02\"^^<date> .\n"
        "<http://e/Kaldora> <http://e/member> \"true\"^^<boolean> .\n"
        "<http://e/Kaldora> <http://e/motto> \"Two\\nlines, said \\\"he\\\"\" .\n"
        "<http://e/Kaldora> <http://e/population> \"6500000\"^^<integer> .\n"
        "<http://x/a> <https://x/p> <urn:x:o> .\n"
        "_:b <http://e/knows> _:b .\n");
}

TEST_CASE("names of columns may have quotation marks in them, however many there are") {
  const std::string message = mistake(kCsv, "\"a\"\"1\",\"b\"\"2\",\"c\"\"3\",\"d\"\"4\",\"e\"\"5\",last\n");
  CAPTURE(message);
  CHECK(message.find("(there are: a\"1, b\"2, c\"3, d\"4, e\"5, last)") != std::string::npos);
}

TEST_CASE("names have labels, once, where they are used") {
  const Collector all = collect(kCsv, "subject,predicate,object,graph\nA  b,p,A_b,\nA b,p,C,G 1\n");
  CHECK(all.lines ==
        "<http://e/A_b> <http://www.w3.org/2000/01/rdf-schema#label> \"A b\" .\n"
        "<http://e/p> <http://www.w3.org/2000/01/rdf-schema#label> \"p\" .\n"
        "<http://e/A_b> <http://e/p> <http://e/A_b> .\n"
        "<http://e/A_b> <http://www.w3.org/2000/01/rdf-schema#label> \"A b\" <http://e/G_1> .\n"
        "<http://e/p> <http://www.w3.org/2000/01/rdf-schema#label> \"p\" <http://e/G_1> .\n"
        "<http://e/C> <http://www.w3.org/2000/01/rdf-schema#label> \"C\" <http://e/G_1> .\n"
        "<http://e/G_1> <http://www.w3.org/2000/01/rdf-schema#label> \"G 1\" <http://e/G_1> .\n"
        "<http://e/A_b> <http://e/p> <http://e/C> <http://e/G_1> .\n");
  CHECK(all.prefixes.starts_with("=http://e/ rdfs=http://"));
}

TEST_CASE("language and datatype columns are honoured") {
  CHECK(facts_of(kCsv,
                 "Subject,PREDICATE,object,lang,datatype\n"
                 "a,p,Kaldora,en-GB,\na,p,5,,text\na,p,5,,name\na,p,5,,xsd:byte\na,p,5,,double\na,p,5,,http://x/t\n"
                 "a,p,5,de,\na,p,b,,string\n") ==
        "<http://e/a> <http://e/p> \"5\" .\n"
        "<http://e/a> <http://e/p> \"5\"@de .\n"
        "<http://e/a> <http://e/p> \"5\"^^<byte> .\n"
        "<http://e/a> <http://e/p> \"5\"^^<double> .\n"
        "<http://e/a> <http://e/p> \"5\"^^<http://x/t> .\n"
        "<http://e/a> <http://e/p> \"Kaldora\"@en-GB .\n"
        "<http://e/a> <http://e/p> \"b\" .\n"
        "<http://e/a> <http://e/p> <http://e/5> .\n");
}

TEST_CASE("annotations are one reifier a row; a fact of several sources is one fact") {
  const std::string header = "subject,predicate,object,source,date,confidence,note\n";
  const std::string row = "a,p,b,Kaldora Herald,2031-04-02,0.9,seen on 3 May\n";
  CHECK(facts_of(kCsv, header + row) ==
        "<http://e/a> <http://e/p> <http://e/b> .\n"
        "<http://e/fact-> <http://e/confidence> \"0.9\"^^<decimal> .\n"
        "<http://e/fact-> <http://e/date> \"2031-04-02\"^^<date> .\n"
        "<http://e/fact-> <http://e/note> \"seen on 3 May\" .\n"
        "<http://e/fact-> <http://e/source> <http://e/Kaldora_Herald> .\n"
        "<http://e/fact-> <reifies> <<( <http://e/a> <http://e/p> <http://e/b> )>> .\n");
  const auto reifiers = [&](const std::string& rows) {
    std::vector<std::string> found;
    for (const Quad& quad : collect(kCsv, header + rows).quads) {
      if (quad.predicate.value().ends_with("#reifies")) found.push_back(quad.subject.value());
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found.size();
  };
  CHECK(reifiers(row + row) == 1);
  CHECK(reifiers(row + "a,p,b,Kaldora Post,2031-04-02,0.9,seen on 3 May\n") == 2);
  CHECK(reifiers(row + "a,p,b,Kaldora Herald,2031-04-03,0.9,seen on 3 May\n") == 2);
  CHECK(reifiers("a,p,b,,,,\n") == 0);
}

TEST_CASE("columns are renamed and left out, prefixes known, objects of some predicates texts") {
  FactOptions facts;
  facts.columns = {{"head", "subject"}, {"rel", "predicate"},    {"tail", "object"},
                   {"id", "ignore"},    {"score", "confidence"}, {"seen", "ex:seen"}};
  facts.prefixes = {{"ex", "http://x/"}};
  facts.texts = {"motto"};
  CHECK(
      facts_of(RdfFormat::tsv, "tail\thead\trel\tid\tscore\tseen\nFreedom\tex:a\tmotto\t17\t1\tApril 2031\n", facts) ==
      "<http://e/fact-> <http://e/confidence> \"1\"^^<integer> .\n"
      "<http://e/fact-> <http://x/seen> \"2031-04\"^^<gYearMonth> .\n"
      "<http://e/fact-> <reifies> <<( <http://x/a> <http://e/motto> \"Freedom\" )>> .\n"
      "<http://x/a> <http://e/motto> \"Freedom\" .\n");
}

TEST_CASE("JSON Lines say what values are") {
  CHECK(facts_of(
            RdfFormat::jsonl,
            "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": 6500000}\n\n"
            "{\"object\": 1.50, \"subject\": \"a\", \"predicate\": \"p\"}\r\n"
            "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": \"6.5 million\", \"source\": null}\n"
            "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": true}\n"
            "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": 123456789012345678901234567890}\n"
            "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": 1e3}\n"
            "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": \"\\u00e9t\\u00e9\", \"lang\": \"fr\", \"source\": "
            "[\"X\", \"urn:y\"], \"confidence\": 0.5}") ==
        "<http://e/a> <http://e/p> \"1.50\"^^<decimal> .\n"
        "<http://e/a> <http://e/p> \"123456789012345678901234567890\"^^<integer> .\n"
        "<http://e/a> <http://e/p> \"1e3\"^^<double> .\n"
        "<http://e/a> <http://e/p> \"6500000\"^^<integer> .\n"
        "<http://e/a> <http://e/p> \"true\"^^<boolean> .\n"
        "<http://e/a> <http://e/p> \"été\"@fr .\n"
        "<http://e/fact-> <http://e/confidence> \"0.5\"^^<decimal> .\n"
        "<http://e/fact-> <http://e/source> <http://e/X> .\n"
        "<http://e/fact-> <http://e/source> <urn:y> .\n"
        "<http://e/fact-> <reifies> <<( <http://e/a> <http://e/p> \"été\"@fr )>> .\n");
}

TEST_CASE("an input in pieces reads the same") {
  const std::string csv = "\xEF\xBB\xBFsubject,predicate,object,source\r\n\r\n\"a \"\"x\"\"\",p,\"é\r\ny\",s\r\nb,p,c,";
  const std::string json =
      "{\"subject\":\"a\",\"predicate\":\"p\",\"object\":\"é\"}\n{\"subject\":\"b\",\"predicate\":\"p\",\"object\":2}";
  for (const auto& [format, text] : {std::pair{kCsv, csv}, {RdfFormat::jsonl, json}}) {
    const std::string whole = collect(format, text).lines;
    CHECK_FALSE(whole.empty());
    for (const std::size_t piece : {1, 2, 3, 7}) CHECK(collect(format, text, {}, piece).lines == whole);
  }
}

TEST_CASE("mistakes in tables and JSON are named with their place") {
  const struct {
    RdfFormat format;
    std::string text;
    std::string place;
    std::string message;
  } kExamples[] = {
      {kCsv, kHeader + "a,p,b\na,p\n", "3:1", "this row has 2 cells, but there are 3 columns"},
      {kCsv, kHeader + "a,p,b,c\n", "2:1", "this row has 4 cells"},
      {kCsv, kHeader + "a,,b\n", "2:3", "the predicate is empty"},
      {kCsv, kHeader + "a,p,\"b\n", "2:5", "no closing quotation mark"},
      {kCsv, kHeader + "a,p,\"b\"c\n", "2:8", "goes on behind its closing quotation mark"},
      {kCsv, kHeader + "a,p,<http://x/a b>\n", "2:5", "IRI"},
      {kCsv, kHeader + "a,p,https://x/a b\n", "2:5", "IRI"},
      {kCsv, kHeader + "a,p,b\xFF\n", "2:6", "not valid UTF-8"},
      {kCsv, kHeader + "a,_:p,b\n", "2:3", "a predicate is no blank node"},
      {kCsv, "subject,predicat,object\n", "1:1",
       "no column is the predicate (there are: subject, predicat, object); is it 'predicat'?"},
      {kCsv, "subject,predicate,object,Subject\n", "1:1", "more than one column is the subject"},
      {kCsv, "", "1:1", "the first row must name the columns"},
      {kCsv, "subject,predicate,object,lang\na,p,b,notatagatall\n", "2:7", "not a well-formed language tag"},
      {RdfFormat::jsonl, "{\"subject\": \"a\",\n", "1:", "this is not JSON: "},
      {RdfFormat::jsonl, "\n{\"subject\": \"a\" \"b\"}\n", "2:", "this is not JSON: "},
      {RdfFormat::jsonl, "[1]\n", "1:1", "a line must be an object"},
      {RdfFormat::jsonl, "7\n", "1:1", "a line must be an object"},
      {RdfFormat::jsonl, "{\"subject\": {}}\n", "1:1", "an object cannot be a value here"},
      {RdfFormat::jsonl, "{\"subject\": [\"a\"]}\n", "1:1", "has one value, not an array"},
      {RdfFormat::jsonl, "{\"subject\": \"a\", \"object\": 1}\n", "1:1", "the predicate is empty"},
  };
  for (const auto& example : kExamples) {
    CAPTURE(example.text);
    const std::string said = mistake(example.format, example.text);
    CAPTURE(said);
    CHECK(said.starts_with("facts:" + example.place));
    CHECK(said.find(example.message) != std::string::npos);
  }
  CHECK(mistake(kCsv, kHeader + "a,p,b\n", {}, "").find("'a' is a name, which needs a base") != std::string::npos);
}

TEST_CASE("a lenient reader skips rows with mistakes") {
  const auto leniently = [](RdfFormat format, const std::string& text, std::size_t piece) {
    Collector sink;
    rdf::ReadOptions options = options_for(format);
    int mistakes = 0;
    options.on_mistake = [&](const Error& /*mistake*/) { ++mistakes; };
    Pieces pieces(text, piece);
    read(pieces, options, {}, sink);
    int facts = 0;
    for (const Quad& quad : sink.quads) facts += quad.predicate.value() == "http://e/p" ? 1 : 0;
    return std::pair(facts, mistakes);
  };
  for (const std::size_t piece : {1, 3, 1000}) {
    CHECK(leniently(kCsv, kHeader + "a,p\na,p,1\na,p,\"2\"x\na,,3\na,p,\xFF\na,p,4\na,p,\"5\n", piece) ==
          std::pair(2, 5));
    CHECK(leniently(RdfFormat::jsonl,
                    "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": 1}\noops\n{\"subject\": \"a\"}\n"
                    "{\"subject\": \"a\", \"predicate\": \"p\", \"object\": 2}\n{",
                    piece) == std::pair(2, 3));
  }
}

}  // namespace akyn::facts

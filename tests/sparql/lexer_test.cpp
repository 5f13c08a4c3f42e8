#include "parser/sparql/lexer.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <akyn/error.h>

using namespace akyn::sparql;

namespace {

// The tokens, separated by spaces.
std::string tokens(std::string_view text) {
  Lexer lexer(text, "test");
  std::string all;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (!all.empty()) all += ' ';
    all += token.kind == TokenKind::invalid ? "INVALID" : std::string(token.text(text));
  }
  return all;
}

TokenKind kind(std::string_view text) {
  const Token token = Lexer(text, "test").next();
  return token.end == text.size() ? token.kind : TokenKind::invalid;
}

}  // namespace

TEST_CASE("the longest token wins") {
  CHECK(tokens("?a<?b&&?c>?d") == "?a <?b&&?c> ?d");
  CHECK(tokens("?a<?b &&?c>?d") == "?a < ?b && ?c > ?d");
  CHECK(tokens("?a<= ?b>=?c!=?d") == "?a <= ?b >= ?c != ?d");
  CHECK(tokens("<<(?s:p:o)>>") == "<<( ?s :p:o )>>");
  CHECK(tokens("<< <a><b><c>>>") == "<< <a> <b> <c> >>");
  CHECK(tokens("1-1+1.5e0-.5") == "1 -1 +1.5e0 -.5");
  CHECK(tokens("1.?x") == "1 . ?x");
  CHECK(tokens(":p?") == ":p ?");
  CHECK(tokens("?x:b") == "?x :b");
  CHECK(tokens("_:az:b") == "_:az :b");
  CHECK(tokens("ex:a.b. ex:c") == "ex:a.b . ex:c");
  CHECK(tokens("a.b:c true.x") == "a.b:c true . x");
  CHECK(tokens("\"a\"@en--ltr^^<x>") == "\"a\" @en--ltr ^^ <x>");
  CHECK(tokens("{||}") == "{| |}");
  CHECK(tokens("\"\"\"a\"b\"\"c\"\"\" ''''''") == "\"\"\"a\"b\"\"c\"\"\" ''''''");
  CHECK(tokens("a # comment ?x\n b #") == "a b");
  CHECK(tokens("\xef\xbb\xbf"
               "ASK{}") == "ASK { }");
  CHECK(tokens("<a#b>#c") == "<a#b>");
}

TEST_CASE("kinds of tokens") {
  CHECK(kind("<http://example.org/>") == TokenKind::iri);
  CHECK(kind("<\\u0078>") == TokenKind::iri);
  CHECK(kind("foaf:") == TokenKind::prefix_name);
  CHECK(kind(":") == TokenKind::prefix_name);
  CHECK(kind("foaf:name") == TokenKind::prefixed_name);
  CHECK(kind(":1%3Dx\\~z\\.") == TokenKind::prefixed_name);
  CHECK(kind("ключ:значение") == TokenKind::prefixed_name);
  CHECK(kind("_:1a.b") == TokenKind::blank_label);
  CHECK(kind("$x1") == TokenKind::variable);
  CHECK(kind("?имя") == TokenKind::variable);
  CHECK(kind("12") == TokenKind::integer);
  CHECK(kind("1.5") == TokenKind::decimal);
  CHECK(kind("1.e5") == TokenKind::real);
  CHECK(kind("+1") == TokenKind::signed_integer);
  CHECK(kind("-1.5") == TokenKind::signed_decimal);
  CHECK(kind("-.5E-1") == TokenKind::signed_real);
  CHECK(kind("'a\\tb'") == TokenKind::string);
  CHECK(kind("'''a\nb'''") == TokenKind::long_string);
  CHECK(kind("@de-AT") == TokenKind::language);
  CHECK(kind("SELECT") == TokenKind::word);
}

TEST_CASE("keywords in any case") {
  CHECK(find_keyword("select") == find_keyword("SELECT"));
  CHECK(find_keyword("sameTerm") == find_keyword("SAMETERM"));
  CHECK(find_keyword("SELEKT") == kNoKeyword);
  CHECK(find_keyword("a_word_that_is_longer_than_any_keyword") == kNoKeyword);
}

TEST_CASE("values") {
  CHECK(iri_value("<a\\u005F\\U0001F47E>") == "a_\xf0\x9f\x91\xbe");
  CHECK(string_value("\"a\\n\\\"\\u0416\"") == "a\n\"\u0416");
  // Replaced once, from left to right (SPARQL 1.2, 19.2).
  CHECK(string_value(R"("\\u005C")") == R"(\u005C)");
  CHECK(string_value(R"("\u005Cn")") == R"(\n)");
  CHECK(string_value("''''a'b'''") == "'a'b");
  CHECK(local_value("c\\~z\\.%3D") == "c~z.%3D");
}

TEST_CASE("text that is not UTF-8") {
  CHECK_THROWS_AS(Lexer("ASK {} # \xff", "test"), akyn::Error);
  CHECK_THROWS_AS(Lexer("ASK {} # \xed\xa0\x80", "test"), akyn::Error);
  CHECK_THROWS_AS(Lexer("ASK {} # \xc0\x80", "test"), akyn::Error);
  CHECK_THROWS_AS(Lexer("ASK {} # \xe2\x82", "test"), akyn::Error);
}

#include "engine/expr/regex.h"

#include <doctest/doctest.h>

#include "engine/expr/regex_cache.h"
#include "tests/expr/testing.h"

using namespace akyn::expr;
using namespace akyn::expr::testing;

namespace {

// '+' for a match, '-' for none, 'E' for an error.
char match(std::string_view text, std::string_view pattern, std::string_view flags = "") {
  const auto regex = Regex::compile(pattern, flags);
  return !regex ? 'E' : regex->matches(text) ? '+' : '-';
}

std::string replace(std::string_view text, std::string_view pattern, std::string_view replacement,
                    std::string_view flags = "") {
  return call("REPLACE", {string(text), string(pattern), string(replacement), string(flags)});
}

}  // namespace

TEST_CASE("anchors and flags") {
  CHECK(match("abracadabra", "bra") == '+');
  CHECK(match("abracadabra", "^a.*a$") == '+');
  CHECK(match("abracadabra", "^bra") == '-');
  CHECK(match("a\n", "^a$") == '-');
  CHECK(match("x\na\ny", "^a$") == '-');
  CHECK(match("x\na\ny", "^a$", "m") == '+');
  CHECK(match("a\nb", "a.b") == '-');
  CHECK(match("a\rb", "a.b") == '-');
  CHECK(match("a\nb", "a.b", "s") == '+');
  CHECK(match("HELLO", "hello") == '-');
  CHECK(match("HELLO", "hello", "i") == '+');
  CHECK(match("helloworld", "hello world", "x") == '+');
  CHECK(match("hello world", "hello[ ]world", "x") == '+');
  CHECK(match("hello world", "hello\\ sworld", "x") == '+');
  CHECK(match("hello", "\\p{ Is Basic Latin }+", "x") == '+');
  CHECK(match("a[b", "a \\ [ b", "x") == '+');
  CHECK(match("a ]b", "[\\] ]{2} b", "x") == '+');
  CHECK(match("a] b", "a [\\] ] { 2 } b", "x") == '+');
  CHECK(match("alpha", "alp^?ha") == '+');
  CHECK(match("alpha", "^*alpha${1,2}") == '+');
  CHECK(match("xalpha", "^+alpha") == '-');
  CHECK(match("a.b", "a.b", "q") == '+');
  CHECK(match("aXb", "a.b", "q") == '-');
  CHECK(match("A.B", "a.b", "qi") == '+');
  CHECK(match("a", "a", "z") == 'E');
  CHECK(match("a", "a", "iiii") == '+');
}

TEST_CASE("classes, escapes and properties") {
  CHECK(match("5", "\\d") == '+');
  CHECK(match("٣", "^\\d$") == '+');  // ARABIC-INDIC DIGIT THREE
  CHECK(match("é", "^\\w$") == '+');
  CHECK(match("_", "^\\w$") == '-');  // connector punctuation is punctuation
  CHECK(match("\xC2\xA0", "^\\s$") == '-');
  CHECK(match("a:b", "^\\i\\c*$") == '+');
  CHECK(match("1a", "^\\i") == '-');
  CHECK(match("Ж", "^\\p{Lu}$") == '+');
  CHECK(match("ж", "^\\p{Lu}$", "i") == '-');
  CHECK(match("ж", "^\\P{Lu}$") == '+');
  CHECK(match("ж", "^\\p{IsCyrillic}$") == '+');
  CHECK(match("x", "\\p{IsKlingon}") == 'E');
  CHECK(match("\xF4\x80\x80\x80", "^\\p{IsSupplementaryPrivateUseArea-B}$") == '+');
  CHECK(match("x", "\\p{Xx}") == 'E');
  CHECK(match("e", "^[a-z-[aeiou]]$") == '-');
  CHECK(match("f", "^[a-z-[aeiou]]$") == '+');
  CHECK(match("O", "^[A-Z-[OI]]$", "i") == '-');
  CHECK(match("o", "^[A-Z-[OI]]$", "i") == '-');
  CHECK(match("b", "^[A-Z-[OI]]$", "i") == '+');
  CHECK(match("q", "^[^Q]$", "i") == '-');
  CHECK(match("-", "^[a-]$") == '+');
  CHECK(match("-", "^[-a]$") == '+');
  CHECK(match("]", "^[\\]]$") == '+');
  CHECK(match("\\", "^\\\\$") == '+');
  CHECK(match("x", "[b-a]") == 'E');
  CHECK(match("x", "[]") == 'E');
  CHECK(match("x", "[a") == 'E');
  CHECK(match("the cat", "\\bcat\\b") == '+');
}

TEST_CASE("quantifiers and groups") {
  CHECK(match("aaa", "^a{3}$") == '+');
  CHECK(match("aaa", "^a{4,}$") == '-');
  CHECK(match("aaa", "^a{1,2}?a$") == '+');
  CHECK(match("abab", "^(?:ab)+$") == '+');
  CHECK(match("", "") == '+');
  CHECK(match("x", "a||b") == '+');
  for (const char* wrong : {"*a", "a**", "a{2,1}", "a{,2}", "(", ")", "a)", "(?i)a", "(?=a)", "\\1", "a{1001}", "\\q",
                            "\\", "a]", "(?P<n>a)", "\\Aa", "\\x41", "[[:alpha:]]"}) {
    CAPTURE(wrong);
    CHECK(match("a", wrong) == 'E');
  }
  CHECK(match("a", std::string(5000, '(') + "a" + std::string(5000, ')')) == 'E');
  CHECK(match("a", "((a{1000}){1000}){1000}") == 'E');        // beyond the memory limit
  CHECK(match(std::string(100000, 'a'), "^(a+)+b$") == '-');  // linear time
}

TEST_CASE("REPLACE: W3C and XPath expectations") {
  CHECK(replace("banana", "ana", "*") == "\"b*na\"");
  CHECK(replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") == "\"[1=ab][2=]cd\"");
  CHECK(replace("aAbBaC", "a", "~/", "i") == "\"~/~/bB~/C\"");
  CHECK(replace("français", "[^a-z0-9]", "-") == "\"fran-ais\"");
  CHECK(replace("abracadabra", "a.*?a", "*") == "\"*c*bra\"");
  CHECK(replace("abracadabra", "a(.)", "a$1$1") == "\"abbraccaddabbra\"");
  CHECK(replace("abracadabra", "bra", "$0$0") == "\"abrabracadabrabra\"");
  CHECK(replace("AAAA", "A+?", "b") == "\"bbbb\"");
  CHECK(replace("darted", "^(.*?)d(.*)$", "$1c$2") == "\"carted\"");
  CHECK(replace("abc", "b", "\\$\\\\") == "\"a$\\\\c\"");
  CHECK(replace("abc", "(b)", "$12") == "\"ab2c\"");
  CHECK(replace("abc", "b", "$7x") == "\"axc\"");
  CHECK(replace("a.c", ".", "$1\\", "q") == "\"a$1\\\\c\"");
  CHECK(replace("abc", "x*", "-") == "error");
  CHECK(replace("abc", "b", "$") == "error");
  CHECK(replace("abc", "b", "\\n") == "error");
  CHECK(replace("abc", "(", "-") == "error");
  CHECK(call("REPLACE", {lang("abc", "en"), string("b"), string("Z")}) == "\"aZc\"@en");
  CHECK(call("REPLACE", {integer(1), string("b"), string("Z")}) == "error");
  CHECK(call("REPLACE", {string("abc"), lang("b", "en"), string("Z")}) == "error");
  CHECK(call("REGEX", {lang("abc", "en"), string("B"), string("i")}) == "\"true\"^^xsd:boolean");
  CHECK(call("REGEX", {iri("urn:abc"), string("b")}) == "error");
}

TEST_CASE("the cache keeps recent patterns") {
  RegexCache cache;
  const auto first = cache.get("a", "");
  CHECK(cache.get("a", "") == first);
  CHECK(cache.get("a", "i") != first);
  CHECK(cache.get("(", "") == nullptr);
  for (std::size_t i = 0; i < 2 * RegexCache::kCapacity; ++i) CHECK(cache.get("a" + std::to_string(i), "") != nullptr);
  CHECK(cache.get("a", "") != nullptr);
  CHECK(first->matches("a"));
  RegexCache moved = std::move(cache);
  CHECK(moved.get("a", "")->matches("a"));
}

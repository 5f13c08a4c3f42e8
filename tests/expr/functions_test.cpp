#include "engine/expr/functions.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

#include <akyn/error.h>

#include "engine/expr/operators.h"
#include "tests/expr/testing.h"

using akyn::Direction;
using namespace akyn::expr;
using namespace akyn::expr::testing;

namespace {
constexpr const char* kTrue = "\"true\"^^xsd:boolean";
constexpr const char* kFalse = "\"false\"^^xsd:boolean";
}  // namespace

TEST_CASE("the table") {
  CHECK(find_function("STRLEN")->name == "STRLEN");
  CHECK(find_function("ISIRI")->name == "isIRI");
  CHECK(find_function("SAMETERM")->min_args == 2);
  CHECK(find_function("CONCAT")->max_args == kAnyNumber);
  CHECK(find_function("strlen") == nullptr);
  CHECK(find_function("COALESCE") == nullptr);
  CHECK_FALSE(find_function("RAND")->deterministic);
  CHECK(find_function_by_iri("http://www.w3.org/2001/XMLSchema#integer") != nullptr);
  CHECK(find_function_by_iri("urn:x") == nullptr);
}

TEST_CASE("accessors") {
  CHECK(call("STR", {iri("urn:x")}) == "\"urn:x\"");
  CHECK(call("STR", {lang("x", "en")}) == "\"x\"");
  CHECK(call("STR", {typed("01", "integer")}) == "\"01\"");
  CHECK(call("STR", {blank("b")}) == "error");
  CHECK(call("LANG", {lang("x", "en-GB")}) == "\"en-GB\"");
  CHECK(call("LANG", {integer(1)}) == "\"\"");
  CHECK(call("LANG", {iri("urn:x")}) == "error");
  CHECK(call("LANGDIR", {lang("x", "en")}) == "\"\"");
  CHECK(call("LANGDIR", {lang("x", "ar", Direction::rtl)}) == "\"rtl\"");
  CHECK(call("LANGDIR", {iri("urn:x")}) == "error");
  CHECK(call("HASLANG", {lang("x", "ar", Direction::rtl)}) == kTrue);
  CHECK(call("HASLANG", {iri("urn:x")}) == kFalse);
  CHECK(call("HASLANGDIR", {lang("x", "ar", Direction::rtl)}) == kTrue);
  CHECK(call("HASLANGDIR", {lang("x", "ar")}) == kFalse);
  CHECK(call("DATATYPE", {string("x")}) == "xsd:string");
  CHECK(call("DATATYPE", {lang("x", "en")}) == "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>");
  CHECK(call("DATATYPE", {lang("x", "en", Direction::ltr)}) ==
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString>");
  CHECK(call("DATATYPE", {typed("5", "byte")}) == "xsd:byte");
  CHECK(call("DATATYPE", {typed("5", "urn:t")}) == "<urn:t>");
  CHECK(call("DATATYPE", {iri("urn:x")}) == "error");
}

TEST_CASE("language ranges") {
  const auto matches = [](const char* tag, const char* range) {
    return call("LANGMATCHES", {string(tag), string(range)});
  };
  CHECK(matches("en-GB", "en") == kTrue);
  CHECK(matches("en-GB", "EN-gb") == kTrue);
  CHECK(matches("en", "en-GB") == kFalse);
  CHECK(matches("eng", "en") == kFalse);
  CHECK(matches("fr", "*") == kTrue);
  CHECK(matches("", "*") == kFalse);
  CHECK(matches("en", "") == kFalse);
  CHECK(call("LANGMATCHES", {integer(1), string("en")}) == "error");
}

TEST_CASE("constructors of terms") {
  CHECK(call("IRI", {string("iri")}) == "<http://example.org/dir/iri>");
  CHECK(call("URI", {iri("urn:x")}) == "<urn:x>");
  CHECK(call("IRI", {string("a b")}) == "error");
  CHECK(call("IRI", {lang("iri", "en")}) == "error");
  CHECK(call("IRI", {integer(1)}) == "error");
  CHECK(call("STRDT", {string("1"), iri("http://www.w3.org/2001/XMLSchema#integer")}) == "\"1\"^^xsd:integer");
  CHECK(call("STRDT", {string("1"), iri("http://www.w3.org/2001/XMLSchema#string")}) == "\"1\"");
  CHECK(call("STRDT", {lang("1", "en"), iri("urn:t")}) == "error");
  CHECK(call("STRDT", {integer(1), iri("urn:t")}) == "error");
  CHECK(call("STRDT", {string("1"), iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")}) == "error");
  CHECK(call("STRLANG", {string("x"), string("en-US")}) == "\"x\"@en-US");
  CHECK(call("STRLANG", {string("x"), string("")}) == "error");
  CHECK(call("STRLANG", {string("x"), string("en us")}) == "error");
  CHECK(call("STRLANG", {lang("x", "en"), string("en-US")}) == "error");
  CHECK(call("STRLANG", {integer(7), string("en-US")}) == "error");
  CHECK(call("STRLANGDIR", {string("abc"), string("en"), string("ltr")}) == "\"abc\"@en--ltr");
  for (const char* wrong : {"LTR", "", "auto"}) {
    CHECK(call("STRLANGDIR", {string("abc"), string("en"), string(wrong)}) == "error");
  }
  CHECK(call("STRLANGDIR", {string("abc"), string(""), string("ltr")}) == "error");
  CHECK(call("STRLANGDIR", {iri("urn:x"), string("en"), string("ltr")}) == "error");
}

TEST_CASE("blank nodes per label and solution") {
  Context context;
  context.solution = 1;
  const std::string first = call(context, "BNODE", {string("a")});
  CHECK(first.starts_with("_:"));
  CHECK(call(context, "BNODE", {string("a")}) == first);
  CHECK(call(context, "BNODE", {string("b")}) != first);
  context.solution = 2;
  CHECK(call(context, "BNODE", {string("a")}) != first);
  CHECK(call(context, "BNODE", {}) != call(context, "BNODE", {}));
  CHECK(call(context, "BNODE", {integer(1)}) == "error");
  Context other;
  other.solution = 1;
  CHECK(call(other, "BNODE", {string("a")}) != first);
}

TEST_CASE("tests of terms") {
  const Value triple = Value::triple(iri("urn:a"), iri("urn:b"), integer(1));
  CHECK(call("ISIRI", {iri("urn:x")}) == kTrue);
  CHECK(call("ISURI", {string("urn:x")}) == kFalse);
  CHECK(call("ISBLANK", {blank("b")}) == kTrue);
  CHECK(call("ISLITERAL", {integer(1)}) == kTrue);
  CHECK(call("ISLITERAL", {triple}) == kFalse);
  CHECK(call("ISNUMERIC", {typed("5", "unsignedByte")}) == kTrue);
  CHECK(call("ISNUMERIC", {typed("-5", "unsignedByte")}) == kFalse);
  CHECK(call("ISNUMERIC", {string("5")}) == kFalse);
  CHECK(call("ISTRIPLE", {triple}) == kTrue);
  CHECK(call("SAMETERM", {integer(1), typed("01", "integer")}) == kFalse);
  CHECK(call("SAMETERM", {lang("a", "en"), lang("a", "EN")}) == kTrue);
  CHECK(call("SAMETERM", {string("foo"), typed("foo", "string")}) == kTrue);
}

TEST_CASE("triple terms") {
  const Value triple = Value::triple(iri("urn:a"), iri("urn:b"), integer(1));
  CHECK(call("TRIPLE", {iri("urn:a"), iri("urn:b"), integer(1)}) == show(triple));
  CHECK(call("TRIPLE", {blank("a"), iri("urn:b"), triple}) != "error");
  CHECK(call("TRIPLE", {string("a"), iri("urn:b"), integer(1)}) == "error");
  CHECK(call("TRIPLE", {iri("urn:a"), blank("b"), integer(1)}) == "error");
  CHECK(call("TRIPLE", {triple, iri("urn:b"), integer(1)}) == "error");
  CHECK(call("SUBJECT", {triple}) == "<urn:a>");
  CHECK(call("PREDICATE", {triple}) == "<urn:b>");
  CHECK(call("OBJECT", {triple}) == "\"1\"^^xsd:integer");
  CHECK(call("OBJECT", {iri("urn:a")}) == "error");
}

TEST_CASE("string functions count code points") {
  CHECK(call("STRLEN", {string("食べ物")}) == "\"3\"^^xsd:integer");
  CHECK(call("STRLEN", {string("\xF0\x9F\x91\xAA")}) == "\"1\"^^xsd:integer");
  CHECK(call("STRLEN", {lang("bar", "en")}) == "\"3\"^^xsd:integer");
  CHECK(call("STRLEN", {integer(5)}) == "error");
  CHECK(call("SUBSTR", {string("食べ物"), integer(2)}) == "\"べ物\"");
  CHECK(call("SUBSTR", {lang("foobar", "en"), integer(4), integer(1)}) == "\"b\"@en");
  CHECK(call("SUBSTR", {string("foobar"), integer(0), integer(3)}) == "\"fo\"");
  CHECK(call("SUBSTR", {string("foobar"), integer(-5)}) == "\"foobar\"");
  CHECK(call("SUBSTR", {string("foobar"), integer(9)}) == "\"\"");
  CHECK(call("SUBSTR", {string("foobar"), integer(2), integer(-1)}) == "\"\"");
  CHECK(call("SUBSTR", {string("12345"), decimal("1.5"), decimal("2.6")}) == "\"234\"");
  CHECK(call("SUBSTR", {string("12345"), number("NaN")}) == "\"\"");
  CHECK(call("SUBSTR", {string("12345"), number("-INF"), number("INF")}) == "\"\"");
  CHECK(call("SUBSTR", {string("x"), string("1")}) == "error");
}

TEST_CASE("case mapping is Unicode's full one") {
  CHECK(call("UCASE", {lang("bar", "en")}) == "\"BAR\"@en");
  CHECK(call("UCASE", {string("straße")}) == "\"STRASSE\"");
  CHECK(call("UCASE", {string("ﬁn")}) == "\"FIN\"");
  CHECK(call("LCASE", {string("ΟΔΟΣ ΣΑΣ Σ")}) == "\"οδος σας σ\"");
  CHECK(call("LCASE", {string("İ")}) == "\"i̇\"");
  CHECK(call("LCASE", {string("КЫРГЫЗ")}) == "\"кыргыз\"");
  CHECK(call("UCASE", {integer(1)}) == "error");
}

TEST_CASE("search in strings obeys argument compatibility") {
  CHECK(call("STRSTARTS", {string("foobar"), string("foo")}) == kTrue);
  CHECK(call("STRSTARTS", {lang("foobar", "en"), string("foo")}) == kTrue);
  CHECK(call("STRSTARTS", {lang("foobar", "en"), lang("foo", "EN")}) == kTrue);
  CHECK(call("STRSTARTS", {string("foobar"), lang("foo", "en")}) == "error");
  CHECK(call("STRENDS", {lang("foobar", "en"), lang("bar", "fr")}) == "error");
  CHECK(call("STRENDS", {string("foobar"), string("bar")}) == kTrue);
  CHECK(call("CONTAINS", {string("foobar"), string("oob")}) == kTrue);
  CHECK(call("CONTAINS", {string("foobar"), string("")}) == kTrue);
  CHECK(call("CONTAINS", {string("foobar"), integer(1)}) == "error");
  CHECK(call("CONTAINS", {lang("a", "en", Direction::ltr), lang("a", "en")}) == "error");
}

TEST_CASE("STRBEFORE and STRAFTER: W3C strafter02") {
  CHECK(call("STRBEFORE", {string("abc"), string("b")}) == "\"a\"");
  CHECK(call("STRBEFORE", {lang("abc", "en"), string("bc")}) == "\"a\"@en");
  CHECK(call("STRBEFORE", {lang("abc", "en"), lang("b", "cy")}) == "error");
  CHECK(call("STRBEFORE", {lang("abc", "en"), string("")}) == "\"\"@en");
  CHECK(call("STRBEFORE", {string("abc"), string("xyz")}) == "\"\"");
  CHECK(call("STRBEFORE", {lang("abc", "en"), string("xyz")}) == "\"\"");
  CHECK(call("STRAFTER", {lang("abc", "en"), lang("ab", "en")}) == "\"c\"@en");
  CHECK(call("STRAFTER", {lang("abc", "en"), string("")}) == "\"abc\"@en");
  CHECK(call("STRAFTER", {lang("abc", "en"), string("z")}) == "\"\"");
  CHECK(call("STRAFTER", {string("abc"), lang("b", "en")}) == "error");
}

TEST_CASE("CONCAT keeps a common language and direction") {
  const auto ltr = [](const char* text) { return lang(text, "en", Direction::ltr); };
  CHECK(call("CONCAT", {}) == "\"\"");
  CHECK(call("CONCAT", {ltr("a"), ltr("b")}) == "\"ab\"@en--ltr");
  CHECK(call("CONCAT", {ltr("a"), lang("b", "en", Direction::rtl)}) == "\"ab\"");
  CHECK(call("CONCAT", {ltr("a"), lang("b", "en")}) == "\"ab\"");
  CHECK(call("CONCAT", {ltr("a"), string("b"), ltr("c")}) == "\"abc\"");
  CHECK(call("CONCAT", {lang("a", "en"), lang("b", "en")}) == "\"ab\"@en");
  CHECK(call("CONCAT", {string("a"), integer(7)}) == "error");
}

TEST_CASE("ENCODE_FOR_URI") {
  CHECK(call("ENCODE_FOR_URI", {string("100%")}) == "\"100%25\"");
  CHECK(call("ENCODE_FOR_URI", {string("食 a-_.~")}) == "\"%E9%A3%9F%20a-_.~\"");
  CHECK(call("ENCODE_FOR_URI", {lang("Los Angeles", "en")}) == "\"Los%20Angeles\"");
}

TEST_CASE("rounding keeps the type") {
  CHECK(call("ROUND", {decimal("2.5")}) == "\"3\"^^xsd:decimal");
  CHECK(call("ROUND", {decimal("-2.5")}) == "\"-2\"^^xsd:decimal");
  CHECK(call("ROUND", {decimal("-1.6")}) == "\"-2\"^^xsd:decimal");
  CHECK(call("ROUND", {number("-2.5")}) == "\"-2.0E0\"^^xsd:double");
  CHECK(call("ROUND", {number("0.49999999999999994")}) == "\"0.0E0\"^^xsd:double");
  CHECK(call("ROUND", {number("-0.2")}) == "\"-0.0E0\"^^xsd:double");
  CHECK(call("ROUND", {number("INF")}) == "\"INF\"^^xsd:double");
  CHECK(call("CEIL", {decimal("1.1")}) == "\"2\"^^xsd:decimal");
  CHECK(call("CEIL", {decimal("-1.6")}) == "\"-1\"^^xsd:decimal");
  CHECK(call("FLOOR", {decimal("-1.6")}) == "\"-2\"^^xsd:decimal");
  CHECK(call("FLOOR", {typed("2.5", "float")}) == "\"2.0E0\"^^xsd:float");
  CHECK(call("FLOOR", {integer(-2)}) == "\"-2\"^^xsd:integer");
  CHECK(call("ABS", {integer(-2)}) == "\"2\"^^xsd:integer");
  CHECK(call("ABS", {decimal("-1.6")}) == "\"1.6\"^^xsd:decimal");
  CHECK(call("ABS", {string("1")}) == "error");
}

TEST_CASE("parts of dates and times") {
  const Value moment = date_time("2010-12-21T15:38:02-08:00");
  CHECK(call("YEAR", {moment}) == "\"2010\"^^xsd:integer");
  CHECK(call("MONTH", {moment}) == "\"12\"^^xsd:integer");
  CHECK(call("DAY", {moment}) == "\"21\"^^xsd:integer");
  CHECK(call("HOURS", {moment}) == "\"15\"^^xsd:integer");
  CHECK(call("MINUTES", {moment}) == "\"38\"^^xsd:integer");
  CHECK(call("SECONDS", {moment}) == "\"2\"^^xsd:decimal");
  CHECK(call("SECONDS", {date_time("2010-12-21T15:38:02.050")}) == "\"2.05\"^^xsd:decimal");
  CHECK(call("TIMEZONE", {moment}) == "\"-PT8H\"^^xsd:dayTimeDuration");
  CHECK(call("TIMEZONE", {date_time("2010-06-21T11:28:01Z")}) == "\"PT0S\"^^xsd:dayTimeDuration");
  CHECK(call("TIMEZONE", {date_time("2010-06-21T11:28:01")}) == "error");
  CHECK(call("TZ", {moment}) == "\"-08:00\"");
  CHECK(call("TZ", {date_time("2010-06-21T11:28:01Z")}) == "\"Z\"");
  CHECK(call("TZ", {date_time("2010-06-21T11:28:01")}) == "\"\"");
  CHECK(call("YEAR", {date_time("-0044-03-15T00:00:00")}) == "\"-44\"^^xsd:integer");
  CHECK(call("YEAR", {typed("2020-10-15", "date")}) == "\"2020\"^^xsd:integer");
  CHECK(call("HOURS", {typed("2020-10-15", "date")}) == "error");
  CHECK(call("YEAR", {string("2020")}) == "error");
}

TEST_CASE("NOW is one moment per query; RAND, UUID and STRUUID are not") {
  Context context;
  CHECK(call(context, "NOW", {}) == call(context, "NOW", {}));
  CHECK(context.now.kind() == ValueKind::date_time);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Result random = find_function("RAND")->call({}, context);
    CHECK(random->as_double() >= 0);
    CHECK(random->as_double() < 1);
    seen.insert(call(context, "UUID", {}));
    seen.insert(call(context, "STRUUID", {}));
  }
  CHECK(seen.size() == 200);
  const std::string uuid = call(context, "UUID", {});
  CHECK(uuid.starts_with("<urn:uuid:"));
  CHECK(uuid.size() == 47);
  CHECK(uuid[24] == '4');
}

TEST_CASE("hashes: W3C expectations") {
  CHECK(call("MD5", {string("foo")}) == "\"acbd18db4cc2f85cedef654fccc4a4d8\"");
  CHECK(call("SHA1", {string("foo")}) == "\"0beec7b5ea3f0fdbc95d0dd47f3c5bc275da8a33\"");
  CHECK(call("SHA256", {string("foo")}) == "\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"");
  CHECK(call("SHA256", {string("食")}) == "\"0fbe868d1df356ca9df7ebff346da3a56280e059a7ea81186ef885b140d254ee\"");
  CHECK(call("SHA384", {string("")}).size() == 98);
  CHECK(call("SHA512", {string("")}).size() == 130);
  CHECK(call("MD5", {lang("foo", "en")}) == "error");
  CHECK(call("MD5", {integer(1)}) == "error");
}

TEST_CASE("custom functions are called by IRI") {
  FunctionRegistry registry;
  registry.functions["urn:twice"] = [](std::span<const Value> arguments) { return add(arguments[0], arguments[0]); };
  Context context;
  const std::vector<Value> arguments = {integer(21)};
  CHECK(show(call_by_iri("urn:twice", arguments, context)) == "error");
  context.functions = &registry;
  CHECK(show(call_by_iri("urn:twice", arguments, context)) == "\"42\"^^xsd:integer");
  CHECK(show(call_by_iri("urn:thrice", arguments, context)) == "error");
}

TEST_CASE("long strings ask for room before they are built") {
  Context context;
  std::vector<std::size_t> asked;
  constexpr std::size_t kRoom = 100'000;
  context.check_room = [&](std::size_t bytes) {
    asked.push_back(bytes);
    if (bytes > kRoom) throw akyn::Error(akyn::ErrorCode::limit, "no room");
  };
  const Value text = string(std::string(90'000, 'x'));
  const auto refuses = [&](std::string_view name, std::initializer_list<Value> arguments) {
    CAPTURE(name);
    CHECK_THROWS_AS(static_cast<void>(call(context, name, arguments)), akyn::Error);
  };
  refuses("CONCAT", {text, text});
  refuses("REPLACE", {text, string("x"), string("yyyy")});
  refuses("ENCODE_FOR_URI", {string(std::string(90'000, '/'))});
  refuses("UCASE", {string(std::string(45'000, '\xC3') + "\xC3\xA9")});
  CHECK(std::ranges::all_of(asked, [](std::size_t bytes) { return bytes < 1'000'000; }));
  SUBCASE("and short ones do not") {
    asked.clear();
    static_cast<void>(call(context, "CONCAT", {string("a"), string("b")}));
    static_cast<void>(call(context, "REPLACE", {string("abc"), string("b"), string("d")}));
    CHECK(asked.empty());
  }
  SUBCASE("and what fits is built") {
    asked.clear();
    static_cast<void>(call(context, "STRDT", {text, iri("http://example.org/type")}));
    static_cast<void>(call(context, "SUBSTR", {text, integer(2)}));
    CHECK(asked == std::vector<std::size_t>{90'000, 89'999});
  }
}

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

#include "parser/text/iri.h"

namespace akyn {

TEST_CASE("references are resolved as in RFC 3986, section 5.4") {
  constexpr std::string_view kBase = "http://a/b/c/d;p?q";
  constexpr std::pair<std::string_view, std::string_view> kExamples[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x?y#s", "http://a/b/c/g;x?y#s"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
      {"http:g", "http:g"},
  };
  for (const auto& [reference, expected] : kExamples) {
    CAPTURE(reference);
    CHECK(resolve_iri(kBase, reference) == expected);
  }
}

TEST_CASE("bases without authority or path resolve too") {
  CHECK(resolve_iri("http://a", "g") == "http://a/g");
  CHECK(resolve_iri("urn:a:b", "g") == "urn:g");
  CHECK(resolve_iri("file:///x/y", "z") == "file:///x/z");
  CHECK(resolve_iri("http://a/b#f", "") == "http://a/b");
  CHECK(resolve_iri("", "g") == "g");
  CHECK(resolve_iri("http://a/b", "http://x/../y") == "http://x/../y");
}

TEST_CASE("an absolute IRI has a scheme") {
  CHECK(is_absolute_iri("a:"));
  CHECK(is_absolute_iri("x-1.+:y"));
  CHECK_FALSE(is_absolute_iri(""));
  CHECK_FALSE(is_absolute_iri(":a"));
  CHECK_FALSE(is_absolute_iri("1a:b"));
  CHECK_FALSE(is_absolute_iri("a/b:c"));
}

}  // namespace akyn

#include <doctest/doctest.h>

#include "parser/rdf/language_tag.h"

namespace akyn::rdf {

TEST_CASE("language tags follow the grammar of RFC 5646") {
  for (const char* tag :
       {"en", "EN-gb", "de-Latn-DE-1996", "zh-yue-HK", "sl-rozaj-biske", "es-419", "x-whatever", "en-a-bbb-x-a-ccc",
        "be-x-old", "i-klingon", "sgn-BE-FR", "zh-min-nan", "simple", "en-GB-oed"}) {
    CAPTURE(tag);
    CHECK(is_well_formed_language_tag(tag));
  }
  for (const char* tag :
       {"a", "abcdefghi", "en-", "en-abcdefghi", "x", "x-", "en-a", "en-x", "i-unknown", "en--us", "12", "de-419-DE"}) {
    CAPTURE(tag);
    CHECK_FALSE(is_well_formed_language_tag(tag));
  }
}

}  // namespace akyn::rdf

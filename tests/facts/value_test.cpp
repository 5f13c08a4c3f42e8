// What cells look like.
#include <doctest/doctest.h>

#include <string>

#include "parser/facts/fact_value.h"

namespace akyn::facts {
namespace {

// "lexical form^^datatype's local name", or "name".
std::string value(std::string_view text) {
  const std::optional<TypedText> typed = typed_value(text);
  if (!typed) return "name";
  return typed->text + "^^" + std::string(typed->datatype.substr(typed->datatype.find('#') + 1));
}

}  // namespace

TEST_CASE("numbers") {
  CHECK(value("42") == "42^^integer");
  CHECK(value("-7") == "-7^^integer");
  CHECK(value("+7") == "7^^integer");
  CHECK(value("007") == "007^^integer");
  CHECK(value("1.50") == "1.50^^decimal");
  CHECK(value(".5") == ".5^^decimal");
  CHECK(value("1e6") == "1e6^^double");
  CHECK(value("-1.5E-3") == "-1.5E-3^^double");
  CHECK(value("1,234,567") == "1234567^^integer");
  CHECK(value("12,345.75") == "12345.75^^decimal");
  CHECK(value("6.5 million") == "6500000^^integer");
  CHECK(value("-6.5 Million") == "-6500000^^integer");
  CHECK(value("0.0000015 million") == "1.5^^decimal");
  CHECK(value("1,200 thousand") == "1200000^^integer");
  CHECK(value("2 billion") == "2000000000^^integer");
  CHECK(value("0.25 trillion") == "250000000000^^integer");
  CHECK(value("0 million") == "0^^integer");
  for (const char* name : {"1,23", "1,2345", ",123", "1.", "12%", "6.5million", "million", "1 dozen", "-", "+", ".",
                           "1e", "1.2.3", "10/04/2031", "1e6 million", "5 million people"}) {
    CAPTURE(name);
    CHECK(value(name) == "name");
  }
}

TEST_CASE("dates") {
  CHECK(value("2031-04-02") == "2031-04-02^^date");
  CHECK(value("2031-04") == "2031-04^^gYearMonth");
  CHECK(value("2031-04-02T10:00:00Z") == "2031-04-02T10:00:00Z^^dateTime");
  CHECK(value("2031-04-02 10:00") == "2031-04-02T10:00:00^^dateTime");
  CHECK(value("2031-04-02T10:00+06:00") == "2031-04-02T10:00:00+06:00^^dateTime");
  CHECK(value("2 April 2031") == "2031-04-02^^date");
  CHECK(value("April 2, 2031") == "2031-04-02^^date");
  CHECK(value("Sept. 12 2031") == "2031-09-12^^date");
  CHECK(value("apr 2031") == "2031-04^^gYearMonth");
  for (const char* name :
       {"2031-13-02", "2031-02-30", "31 April 2031", "May", "May 3", "Marching 2031", "2031-4-2", "Room 2031"}) {
    CAPTURE(name);
    CHECK(value(name) == "name");
  }
  CHECK(value("true") == "true^^boolean");
  CHECK(value("True") == "name");
}

TEST_CASE("names") {
  const auto local = [](std::string_view name) { return local_name_of(label_of(name)); };
  CHECK(local("Arsen Tolu") == "Arsen_Tolu");
  CHECK(local("Arsen \t Tolu ") == "Arsen_Tolu");
  CHECK(label_of("head_of_state") == "head of state");
  CHECK(local("O'Hara (actor)") == "O%27Hara_%28actor%29");
  CHECK(local("Washington D.C.") == "Washington_D.C%2E");
  CHECK(local("-x") == "%2Dx");
  CHECK(local("Бишкек") == "Бишкек");
  CHECK(local("e\xCC\x81") == "\xC3\xA9");  // NFC
  CHECK(local("A/B: 50% #1") == "A%2FB%3A_50%25_%231");
  CHECK(local("_") == "_");
}

}  // namespace akyn::facts

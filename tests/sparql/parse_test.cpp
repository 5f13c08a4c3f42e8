#include "parser/sparql/parse.h"

#include <doctest/doctest.h>

TEST_CASE("a query") {
  const auto query = akyn::sparql::parse_query("SELECT * { ?s ?p ?o }");
  CHECK(std::get<akyn::sparql::SelectForm>(query.form).select.all);
}

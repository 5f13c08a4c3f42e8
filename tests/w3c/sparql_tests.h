// Which types of test SPARQL's suites have.
#pragma once

#include "tests/w3c/runner.h"

namespace akyn::w3c {

// Query and update evaluation, syntax, and the reasons why the tests of the protocols are not run.
void add_sparql_tests(Registry& registry);

}  // namespace akyn::w3c

// Which types of test SPARQL's suites have.
#pragma once

#include <cstdint>

#include "tests/w3c/runner.h"

namespace akyn::w3c {

enum class Reading : std::uint8_t {
  as_written,
  rewritten,  // SELECT and ASK as SERVICE would send them, run without the optimizer
};

// Query and update evaluation, syntax, and the reasons why the tests of the protocols are not run.
void add_sparql_tests(Registry& registry, Reading reading);

}  // namespace akyn::w3c

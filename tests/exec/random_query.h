// Random graphs and random queries over them, as text.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace akyn::exec::test {

// TriG: a default graph and two named ones over few terms, so that patterns match.
[[nodiscard]] std::string random_data(std::mt19937_64& random);

struct RandomQuery {
  std::string text;
  bool limited = false;  // which rows come is open; how many is not
};
// A SELECT; now and then one that the parser refuses.
[[nodiscard]] RandomQuery random_query(std::mt19937_64& random);

}  // namespace akyn::exec::test

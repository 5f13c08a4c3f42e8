// How the statements of a store are spread.
#pragma once

#include <cstdint>
#include <vector>

#include <akyn/term.h>

namespace akyn {

struct PredicateStatistics {
  Term predicate;
  std::uint64_t statements = 0;  // exact; a triple counts once for each graph that holds it
  std::uint64_t subjects = 0;    // different ones
  std::uint64_t objects = 0;
  // Whether the last two are. They are sums, too high rather than too low, when the predicate is in the default graph
  // and in named ones.
  bool exact = false;
};

struct ClassStatistics {
  Term type;                     // the object of rdf:type
  std::uint64_t statements = 0;  // exact
};

struct StoreStatistics {
  std::uint64_t statements = 0;
  std::uint64_t default_graph = 0;              // statements in it
  std::uint64_t graphs = 0;                     // named ones
  std::uint64_t terms = 0;                      // IRIs, texts and other values that are kept in the dictionary
  std::vector<PredicateStatistics> predicates;  // the most frequent first
  std::vector<ClassStatistics> classes;         // likewise
};

}  // namespace akyn

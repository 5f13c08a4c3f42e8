// Many Ids to values at once.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/exec/run.h"
#include "engine/expr/value.h"

namespace akyn::exec {

// Values of a batch's terms, each made once; stored ones are read from the dictionary together. Unlike those of
// LocalTerms they are given back, so that a query that looks at every term of a store holds few of them at a time.
// One thread at a time; the Run must outlive it.
class TermValues {
 public:
  explicit TermValues(Run& run) : run_(run), charge_(run.budget()) {}

  // Forgets what is held when that is much; then makes the values of those Ids of `ids` for which wanted(bits) holds.
  // Unbound ones are passed over.
  template <class Wanted>
  void load(std::span<const std::uint64_t> ids, Wanted wanted) {
    start();
    for (const std::uint64_t bits : ids) {
      if (bits != 0 && wanted(bits)) want(bits);
    }
    finish();
  }
  void load(std::span<const std::uint64_t> ids) {
    load(ids, [](std::uint64_t) { return true; });
  }

  // Forgets what is held when that is very much: for those who ask for single values again and again.
  void trim();

  // Read alone when load() has not. Valid until the next call of load() or trim(). Precondition: bound.
  [[nodiscard]] const expr::Value& value(std::uint64_t bits);

 private:
  void start();
  void clear();
  void want(std::uint64_t bits);
  void finish();
  const expr::Value& keep(std::uint64_t bits, expr::Value value);

  Run& run_;
  Charge charge_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::uint64_t, expr::Value> values_;
  std::uint64_t last_wanted_ = 0;
  std::vector<Id> stored_;  // to be read
};

}  // namespace akyn::exec

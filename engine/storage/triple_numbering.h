// Sorts and numbers the triple terms of a new dictionary run.
//
// A run holds triple terms sorted by their bodies, the Ids of their parts; a part may be a triple term of the same run,
// whose Id follows from where it sorts. The order is well defined all the same: two triple terms that differ in more
// than such parts are ordered by what differs, and otherwise as their parts are, which nest less deep. So those that
// are made of others, and these, are sorted level by level: first the ones without such parts, then again with those
// made of them, and so on; each time all get numbers that are in the right order among those that have one. These
// numbers stand for the parts when in the end all triple terms are sorted.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/storage/spill_file.h"
#include "engine/storage/term_codec.h"
#include "engine/term/id.h"

namespace akyn::storage {

// What it works on.
struct TripleTerms {
  // Visits all triple terms by what their owner knows them by, and the parts by their old Ids. Called up to four times.
  using Visitor = std::function<void(std::uint64_t key, const TripleIds& parts)>;
  std::function<void(const Visitor&)> for_each;
  // The new Id of a part; unbound for a triple term that assign() has not been called for.
  std::function<Id(Id)> new_id;
  // What the owner knows such a triple term by.
  std::function<std::uint64_t(Id)> key_of;
  // Gives a triple term a number, which is final when write() follows.
  std::function<void(std::uint64_t key, std::uint64_t number)> assign;
  // Called in the order of the run with the parts' new Ids.
  std::function<void(const TripleIds& parts)> write;
};

// Numbers from `first` on. Throws Error(corruption) when a triple term is part of itself or of two the parts are the
// same, what the functions throw, and what RowSorter throws. Takes about 100 bytes for each triple term that is made of
// others or part of one, besides the limits.
void number_triples(const TripleTerms& triples, std::uint64_t first, const SortLimits& limits);

}  // namespace akyn::storage

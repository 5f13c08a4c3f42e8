// MIN and MAX over a scan, from the ends of its rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/runtime/limits.h"
#include "engine/storage/version.h"
#include "engine/term/id.h"

namespace akyn::plan {

// Which ends somebody asks for.
struct Ends {
  bool least = false;
  bool greatest = false;
};

// Values that one position (0 subject, 1 predicate, 2 object) has among the scan's matches, with the least or the
// greatest of all by expr::order_compare among them: of numbers of one type, of IRIs of one run of the dictionary, ...
// those at that end of their Ids. None where nothing matches. Nothing where the store has no order with that position
// behind the constants, where it takes too many searches - the values are of many kinds, or of such whose Ids are not
// in the order of values, or in many graphs - and for all named graphs while there are rows of dead ones: then whoever
// wants to know reads all matches.
//
// By the budget's thread. Throws what Budget::check() does, Error(io), Error(corruption).
[[nodiscard]] std::optional<std::vector<Id>> scan_extremes(const Scan& scan, std::size_t position, Ends ends,
                                                           std::shared_ptr<const storage::Version> version,
                                                           runtime::Budget& budget);

}  // namespace akyn::plan

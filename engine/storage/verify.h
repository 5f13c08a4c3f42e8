// Checking a store against itself.
#pragma once

#include "engine/storage/view.h"

namespace akyn::storage {

// Reads the whole store and checks that
//   - the permutations of each partition hold the same quads, with Ids that may stand in their places;
//   - every Id in a quad or a triple term is known: to the dictionary, or as a blank node that was made;
//   - the dictionary's two directions are inverse, each Id has the type its term asks for, and no
//     term that fits into an Id is among them;
//   - the counters, and the sizes of the named graphs, are those of what is there.
// Terms that nothing refers to any more are allowed.
//
// Throws Error(corruption) saying what disagrees, Error(io).
void verify_store(const View& view);

}  // namespace akyn::storage

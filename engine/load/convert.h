// RDF text to RDF text, as include/akyn/convert.h says.
#pragma once

#include <iosfwd>

#include <akyn/convert.h>
#include "engine/load/input.h"
#include "engine/load/load.h"

namespace akyn::load {

// `input` was opened with options.input.
Counts convert(Input& input, std::ostream& out, const ConvertOptions& options);

}  // namespace akyn::load

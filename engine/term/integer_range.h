// The ranges of the datatypes that XML Schema derives from xsd:integer.
#pragma once

#include "engine/term/datatype.h"
#include "engine/term/decimal.h"

namespace akyn {

// Precondition: is_integer_type(datatype) and value.is_whole().
[[nodiscard]] bool in_range(Datatype datatype, const Decimal& value);

}  // namespace akyn

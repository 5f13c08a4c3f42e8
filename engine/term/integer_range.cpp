#include "engine/term/integer_range.h"

#include <limits>

namespace akyn {
namespace {

template <class Integer>
bool fits(const Decimal& value) {
  return value.digits() >= std::numeric_limits<Integer>::min() && value.digits() <= std::numeric_limits<Integer>::max();
}

}  // namespace

bool in_range(Datatype datatype, const Decimal& value) {
  switch (datatype) {
    case Datatype::long_:
      return fits<std::int64_t>(value);
    case Datatype::int_:
      return fits<std::int32_t>(value);
    case Datatype::short_:
      return fits<std::int16_t>(value);
    case Datatype::byte:
      return fits<std::int8_t>(value);
    case Datatype::unsigned_long:
      return fits<std::uint64_t>(value);
    case Datatype::unsigned_int:
      return fits<std::uint32_t>(value);
    case Datatype::unsigned_short:
      return fits<std::uint16_t>(value);
    case Datatype::unsigned_byte:
      return fits<std::uint8_t>(value);
    case Datatype::non_negative_integer:
      return value.sign() >= 0;
    case Datatype::positive_integer:
      return value.sign() > 0;
    case Datatype::non_positive_integer:
      return value.sign() <= 0;
    case Datatype::negative_integer:
      return value.sign() < 0;
    default:
      return true;
  }
}

}  // namespace akyn

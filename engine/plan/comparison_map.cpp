#include "engine/plan/comparison_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "engine/algebra/apply.h"
#include "engine/expr/operators.h"
#include "engine/plan/inlined_order.h"
#include "engine/storage/body_order.h"
#include "engine/storage/dictionary.h"
#include "engine/storage/term_codec.h"
#include "engine/storage/version.h"
#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/floating.h"

namespace akyn::plan {
namespace {

using expr::Value;
using expr::ValueKind;
using sparql::BinaryOperator;
using storage::BodyValue;
using storage::DictionaryRun;
using storage::TermRange;
using storage::ValueClass;

// How a term lies with regard to the constant. Sets of these say what is known.
using Relations = std::uint8_t;
constexpr Relations kLess = 1;
constexpr Relations kEqual = 2;
constexpr Relations kGreater = 4;
constexpr Relations kUnordered = 8;  // a time zone is missing on one side
constexpr Relations kNan = 16;

Truths truth_of(BinaryOperator op, bool less, bool equal, bool greater) {
  bool truth = false;
  switch (op) {
    case BinaryOperator::equal:
      truth = equal;
      break;
    case BinaryOperator::not_equal:
      truth = !equal;
      break;
    case BinaryOperator::less:
      truth = less;
      break;
    case BinaryOperator::greater:
      truth = greater;
      break;
    case BinaryOperator::less_equal:
      truth = less || equal;
      break;
    default:
      truth = greater || equal;
      break;
  }
  return truth ? kTrue : kFalse;
}

Truths truths_of(BinaryOperator op, Relations relations) {
  Truths truths = 0;
  if ((relations & kLess) != 0) truths |= truth_of(op, true, false, false);
  if ((relations & kEqual) != 0) truths |= truth_of(op, false, true, false);
  if ((relations & kGreater) != 0) truths |= truth_of(op, false, false, true);
  if ((relations & kUnordered) != 0) truths |= kError;
  if ((relations & kNan) != 0) truths |= truth_of(op, false, false, false);
  return truths;
}

bool is_nan(const Value& value) {
  return (value.kind() == ValueKind::double_ || value.kind() == ValueKind::float_) && std::isnan(value.as_double());
}

// A value of a type, for comparisons that turn out the same with all of them.
Value example_of(IdType type) {
  switch (type) {
    case IdType::blank:
      return Value::blank("b");
    case IdType::iri:
      return Value::iri("x:");
    case IdType::string:
      return Value::string("x");
    case IdType::lang_string:
      return Value::lang_string("x", "en");
    case IdType::boolean:
      return Value::boolean(true);
    case IdType::date:
    case IdType::date_zoned:
      return Value::date_time(ValueKind::date, {});
    case IdType::date_time:
    case IdType::date_time_zoned:
      return Value::date_time(ValueKind::date_time, {});
    case IdType::triple:
      return Value::triple(Value::iri("x:"), Value::iri("x:"), Value::iri("x:"));
    default:
      return Value::integer(1);
  }
}

class Comparisons {
 public:
  Comparisons(BinaryOperator op, const Value& value, runtime::LocalTerms& terms)
      : op_(op),
        equality_(op == BinaryOperator::equal || op == BinaryOperator::not_equal),
        value_(value),
        terms_(terms),
        version_(terms.snapshot().version()) {}

  [[nodiscard]] TruthMap map() {
    map_.set(0, 0, kError);
    for (auto type = static_cast<std::uint8_t>(IdType::blank); type <= static_cast<std::uint8_t>(IdType::triple);
         ++type) {
      set(static_cast<IdType>(type));
    }
    return std::move(map_);
  }

 private:
  void set(IdType type) {
    switch (type) {
      case IdType::integer:
      case IdType::decimal:
      case IdType::double_:
        if (value_.is_numeric()) return set_numbers(type);
        break;
      case IdType::date:
      case IdType::date_zoned:
        if (value_.kind() == ValueKind::date) return set_moments(type);
        break;
      case IdType::date_time:
      case IdType::date_time_zoned:
        if (value_.kind() == ValueKind::date_time) return set_moments(type);
        break;
      case IdType::boolean:
        if (value_.kind() == ValueKind::boolean) return set_booleans();
        break;
      case IdType::string:
        if (value_.kind() == ValueKind::string) return equality_ ? set_identity(type) : set_strings();
        break;
      case IdType::iri:
        if (value_.is_iri() && equality_) return set_identity(type);
        break;
      case IdType::blank:
        if (value_.is_blank() && equality_) return set_identity(type);
        break;
      case IdType::lang_string:
        // In order among those of the same language.
        if (value_.kind() == ValueKind::lang_string) return equality_ ? set_identity(type) : map_.set(type, kAnyTruth);
        break;
      case IdType::triple:
        if (value_.is_triple()) return map_.set(type, kAnyTruth);
        break;
      case IdType::typed:
        return set_typed();
      case IdType::valued:
        if (value_.is_numeric() || value_.is_temporal()) return set_valued();
        if (value_.is_duration()) return map_.set(type, kAnyTruth);
        break;
      case IdType::unbound:
        return;
    }
    map_.set(type, compare(example_of(type)));
  }

  [[nodiscard]] Truths compare(const Value& left) const {
    const std::optional<bool> truth = algebra::apply_comparison(op_, left, value_);
    if (!truth) return kError;
    return *truth ? kTrue : kFalse;
  }
  [[nodiscard]] Truths truths(Relations relations) const { return truths_of(op_, relations); }

  // Types of which equal terms alone are equal.
  void set_identity(IdType type) {
    map_.set(type, truths(kNan));
    const std::uint64_t id = terms_.id(value_).bits();
    map_.set(id, id, truths(kEqual));
  }

  void set_booleans() {
    const std::uint64_t no = first_bits(IdType::boolean);
    map_.set(no, no, compare(Value::boolean(false)));
    map_.set(no + 1, last_bits(IdType::boolean), compare(Value::boolean(true)));
  }

  // Literals of other datatypes, durations, paths, ill-typed forms, "1"^^xsd:boolean.
  void set_typed() {
    if (value_.kind() == ValueKind::boolean || value_.kind() == ValueKind::path || value_.is_duration()) {
      return map_.set(IdType::typed, kAnyTruth);
    }
    if (!equality_ || !value_.is_literal() || value_.kind() == ValueKind::lang_string) {
      return map_.set(IdType::typed, compare(Value::literal("x", "x:")));
    }
    if (value_.kind() != ValueKind::other) {
      return map_.set(IdType::typed, kError | (op_ == BinaryOperator::equal ? kFalse : kTrue));
    }
    map_.set(IdType::typed, kError);
    const std::uint64_t id = terms_.id(value_).bits();
    map_.set(id, id, truths(kEqual));
  }

  // [first, middle) are less, [middle, greater) are as `relations` says, [greater, last] are greater.
  void set_ordered(std::uint64_t first, std::uint64_t middle, std::uint64_t greater, std::uint64_t last,
                   Relations relations) {
    if (first < middle) map_.set(first, middle - 1, truths(kLess));
    if (middle < greater) map_.set(middle, greater - 1, truths(relations));
    map_.set(greater, last, truths(kGreater));
  }

  void set_numbers(IdType type) {
    map_.set(type, truths(kNan));
    if (is_nan(value_)) return;
    const InlinedOrder order = order_around(type, value_);
    set_ordered(first_bits(type), order.middle, order.greater, order.last, kEqual);
  }

  void set_moments(IdType type) {
    const InlinedOrder order = order_around(type, value_);
    const bool zoned = type == IdType::date_zoned || type == IdType::date_time_zoned;
    set_ordered(first_bits(type), order.middle, order.greater, last_bits(type), relation_of_moments(zoned));
  }
  [[nodiscard]] Relations relation_of_moments(bool zoned) const {
    return zoned == value_.as_date_time().zone.has_value() ? kEqual : kUnordered;
  }

  void set_strings() {
    map_.set(IdType::string, kTrue | kFalse);
    const std::string text(value_.text());
    for (const auto& run : version_->dictionary->runs()) {
      const TermRange range = run->range(IdType::string);
      if (range.empty()) continue;
      const std::uint64_t place = run->lower_bound(IdType::string, text);
      const bool held = place < range.last && run->find(IdType::string, text).has_value();
      set_ordered(bits(IdType::string, range.first), bits(IdType::string, place),
                  bits(IdType::string, place + (held ? 1 : 0)), bits(IdType::string, range.last) - 1, kEqual);
    }
  }

  [[nodiscard]] static std::uint64_t bits(IdType type, std::uint64_t number) { return Id(type, number).bits(); }

  void set_valued() {
    map_.set(IdType::valued, kAnyTruth);
    for (const auto& run : version_->dictionary->runs()) {
      const TermRange range = run->range(IdType::valued);
      if (range.empty()) continue;
      if (value_.is_numeric()) {
        set_valued_numbers(*run, range);
      } else {
        set_valued_moments(*run, range);
      }
    }
  }

  [[nodiscard]] static std::uint64_t end_of_class(const DictionaryRun& run, ValueClass value_class) {
    return run.partition_point(
        IdType::valued, [value_class](std::string_view body) { return BodyValue(body).value_class() <= value_class; });
  }

  // A run has its numbers by their exact values, while a comparison may round one side to xsd:float first. So next to
  // the constant all is possible: a bit more than what rounds to the same float.
  void set_valued_numbers(const DictionaryRun& run, TermRange range) {
    const std::uint64_t nans = end_of_class(run, ValueClass::number);
    const std::uint64_t others = end_of_class(run, ValueClass::not_a_number);
    const auto at = [](std::uint64_t number) { return bits(IdType::valued, number); };
    if (others < range.last) {
      map_.set(
          at(others), at(range.last) - 1,
          compare(Value::date_time(ValueKind::time, {})) | compare(Value::duration(ValueKind::day_time_duration, {})));
    }
    if (nans < others) map_.set(at(nans), at(others) - 1, truths(kNan));
    if (nans == range.first) return;
    if (is_nan(value_)) return map_.set(at(range.first), at(nans) - 1, truths(kNan));
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const auto nearest = static_cast<float>(value_.as_double());
    const float below = std::nextafter(std::nextafter(nearest, -kInfinity), -kInfinity);
    const float above = std::nextafter(std::nextafter(nearest, kInfinity), kInfinity);
    const std::string low_body = body_of(below);
    const std::string high_body = body_of(above);
    const BodyValue low(low_body);
    const BodyValue high(high_body);
    const std::uint64_t middle = run.partition_point(
        IdType::valued, [&](std::string_view body) { return compare_values(BodyValue(body), low) < 0; });
    const std::uint64_t greater = run.partition_point(
        IdType::valued, [&](std::string_view body) { return compare_values(BodyValue(body), high) <= 0; });
    set_ordered(at(range.first), at(middle), at(greater), at(nans) - 1, kLess | kEqual | kGreater);
  }

  [[nodiscard]] static std::string body_of(float number) {
    const std::string form = format_double(static_cast<double>(number));
    TermView view;
    view.kind = TermKind::literal;
    view.value = form;
    view.datatype = datatype_iri(Datatype::double_);
    std::string body;
    storage::append_body(body, IdType::valued, view);
    return body;
  }

  void set_valued_moments(const DictionaryRun& run, TermRange range) {
    const auto at = [](std::uint64_t number) { return bits(IdType::valued, number); };
    // Other classes: numbers and durations, times of other kinds.
    map_.set(at(range.first), at(range.last) - 1, compare(Value::integer(1)));
    const auto kind = static_cast<unsigned>(value_.kind()) - static_cast<unsigned>(ValueKind::date_time);
    const auto local = static_cast<ValueClass>(static_cast<unsigned>(ValueClass::date_time) + 2 * kind);
    const auto zoned = static_cast<ValueClass>(static_cast<unsigned>(local) + 1);
    std::uint64_t first = end_of_class(run, static_cast<ValueClass>(static_cast<unsigned>(local) - 1));
    for (const ValueClass value_class : {local, zoned}) {
      const std::uint64_t end = end_of_class(run, value_class);
      if (first == end) continue;
      const auto before = [&](bool or_middle) {
        return run.partition_point(IdType::valued, [&](std::string_view body) {
          const ValueClass other = BodyValue(body).value_class();
          if (other != value_class) return other < value_class;
          const std::optional<TermView> term = storage::parse_body(IdType::valued, body);
          const std::optional<std::partial_ordering> order = expr::compare(Value::of(*term), value_);
          return or_middle ? !order || *order <= 0 : order && *order < 0;
        });
      };
      set_ordered(at(first), at(before(false)), at(before(true)), at(end) - 1,
                  relation_of_moments(value_class == zoned));
      first = end;
    }
  }

  BinaryOperator op_;
  bool equality_;
  const Value& value_;
  runtime::LocalTerms& terms_;
  std::shared_ptr<const storage::Version> version_;
  TruthMap map_;
};

}  // namespace

TruthMap comparison_map(BinaryOperator op, const Value& value, runtime::LocalTerms& terms) {
  return Comparisons(op, value, terms).map();
}

BinaryOperator mirrored(BinaryOperator op) noexcept {
  switch (op) {
    case BinaryOperator::less:
      return BinaryOperator::greater;
    case BinaryOperator::greater:
      return BinaryOperator::less;
    case BinaryOperator::less_equal:
      return BinaryOperator::greater_equal;
    case BinaryOperator::greater_equal:
      return BinaryOperator::less_equal;
    default:
      return op;
  }
}

void set_valued_numbers(TruthMap& map, Truths numbers, Truths others, runtime::LocalTerms& terms) {
  const std::shared_ptr<const storage::Version> version = terms.snapshot().version();
  for (const auto& run : version->dictionary->runs()) {
    const TermRange range = run->range(IdType::valued);
    if (range.empty()) continue;
    const std::uint64_t end = run->partition_point(IdType::valued, [](std::string_view body) {
      return BodyValue(body).value_class() <= ValueClass::not_a_number;
    });
    const std::uint64_t first = Id(IdType::valued, range.first).bits();
    const std::uint64_t middle = Id(IdType::valued, end).bits();
    if (range.first < end) map.set(first, middle - 1, numbers);
    if (end < range.last) map.set(middle, Id(IdType::valued, range.last).bits() - 1, others);
  }
}

}  // namespace akyn::plan

#include "engine/exec/datum.h"

#include <cmath>
#include <memory>

#include <akyn/error.h>
#include "engine/expr/operators.h"
#include "engine/plan/inlined_order.h"
#include "engine/storage/term_codec.h"
#include "engine/term/floating.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {

using expr::Value;
using expr::ValueKind;

namespace {

constexpr std::int64_t kInlinedIntegers = std::int64_t{1} << 59;

std::optional<std::uint64_t> inlined_integer(std::int64_t number) {
  if (number < -kInlinedIntegers || number >= kInlinedIntegers) return std::nullopt;
  return Id(IdType::integer, static_cast<std::uint64_t>(number + kInlinedIntegers)).bits();
}

std::optional<std::uint64_t> inlined_double(double number) {
  const std::optional<std::uint64_t> payload = encode_double(format_double(number));
  if (!payload) return std::nullopt;
  return Id(IdType::double_, *payload).bits();
}

}  // namespace

std::optional<std::int64_t> Datum::as_int64() const noexcept {
  switch (kind) {
    case Kind::integer:
      return number;
    case Kind::inlined:
      if (const Id inlined = Id::from_bits(id); inlined.type() == IdType::integer) {
        return integer_payload_value(inlined.payload());
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<double> Datum::as_double() const noexcept {
  switch (kind) {
    case Kind::integer:
      return static_cast<double>(number);
    case Kind::double_:
      return real;
    case Kind::inlined:
      if (const Id inlined = Id::from_bits(id);
          inlined.type() >= IdType::integer && inlined.type() <= IdType::double_) {
        return plan::inlined_double(inlined);
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

void Datum::set_boolean(bool truth) noexcept {
  kind = Kind::boolean;
  id = 0;
  number = truth ? 1 : 0;
}

void Datum::set_truth(std::optional<bool> truth) noexcept {
  if (truth) {
    set_boolean(*truth);
  } else {
    set_none();
  }
}

void Datum::set_integer(std::int64_t integer) noexcept {
  kind = Kind::integer;
  id = 0;
  number = integer;
}

void Datum::set_double(double computed) noexcept {
  kind = Kind::double_;
  id = 0;
  real = computed;
}

void Datum::set_iri(std::string_view iri) noexcept {
  kind = Kind::iri;
  id = 0;
  text = iri;
}

void Datum::set_string(std::string_view string) noexcept {
  kind = Kind::string;
  id = 0;
  text = string;
}

void Datum::set_like(const Datum& like, std::string_view string) noexcept {
  kind = like.kind;
  language = like.language;
  direction = like.direction;
  id = 0;
  text = string;
}

void Datum::set_value(Value computed) {
  value = std::move(computed);
  id = 0;
  switch (value->kind()) {
    case ValueKind::iri:
      return set_iri(value->text());
    case ValueKind::string:
      return set_string(value->text());
    case ValueKind::lang_string:
      kind = Kind::lang_string;
      text = value->text();
      language = value->language();
      direction = value->direction();
      return;
    default:
      kind = Kind::value;
      return;
  }
}

void Datum::set_result(expr::Result computed) {
  if (computed) {
    set_value(*std::move(computed));
  } else {
    set_none();
  }
}

void Datum::set_inlined(Id inlined) noexcept {
  kind = Kind::inlined;
  id = inlined.bits();
}

void Datum::set_body(Id stored, std::string_view body) {
  id = stored.bits();
  if (stored.type() == IdType::iri || stored.type() == IdType::string) {
    kind = stored.type() == IdType::iri ? Kind::iri : Kind::string;
    text = body;
    return;
  }
  const std::optional<TermView> term = storage::parse_body(stored.type(), body);
  if (!term) throw Error(ErrorCode::corruption, "the dictionary is damaged: a term is malformed");
  if (stored.type() == IdType::lang_string) {
    kind = Kind::lang_string;
    text = term->value;
    language = term->language;
    direction = term->direction;
    return;
  }
  kind = Kind::value;
  value = Value::of(*term);
}

Value to_value(const Datum& datum) {
  switch (datum.kind) {
    case Datum::Kind::inlined:
      return Value::of_inlined(Id::from_bits(datum.id));
    case Datum::Kind::boolean:
      return Value::boolean(datum.number != 0);
    case Datum::Kind::integer:
      return Value::integer(datum.number);
    case Datum::Kind::double_:
      return Value::double_(datum.real);
    case Datum::Kind::iri:
      return Value::iri(std::string(datum.text));
    case Datum::Kind::string:
      return Value::string(std::string(datum.text));
    case Datum::Kind::lang_string:
      return Value::lang_string(std::string(datum.text), std::string(datum.language), datum.direction);
    default:
      return *datum.value;
  }
}

std::optional<bool> effective_boolean(const Datum& datum) {
  switch (datum.kind) {
    case Datum::Kind::none:
    case Datum::Kind::iri:
    case Datum::Kind::lang_string:
      return std::nullopt;
    case Datum::Kind::boolean:
    case Datum::Kind::integer:
      return datum.number != 0;
    case Datum::Kind::double_:
      return !(datum.real == 0 || std::isnan(datum.real));
    case Datum::Kind::string:
      return !datum.text.empty();
    case Datum::Kind::inlined: {
      const Id id = Id::from_bits(datum.id);
      if (id.type() == IdType::boolean) return id.payload() != 0;
      const std::optional<double> number = datum.as_double();
      if (!number) return std::nullopt;
      return !(*number == 0 || std::isnan(*number));  // no inlined number is so small that it becomes zero
    }
    case Datum::Kind::value:
      break;
  }
  return expr::effective_boolean(*datum.value);
}

std::optional<std::uint64_t> to_id_cheaply(const Datum& datum) {
  if (datum.kind == Datum::Kind::none) return 0;
  if (datum.id != 0) return datum.id;
  switch (datum.kind) {
    case Datum::Kind::boolean:
      return Id(IdType::boolean, datum.number != 0 ? 1 : 0).bits();
    case Datum::Kind::integer:
      return inlined_integer(datum.number);
    case Datum::Kind::double_:
      return inlined_double(datum.real);
    default:
      return std::nullopt;
  }
}

std::uint64_t to_id(const Datum& datum, runtime::LocalTerms& terms) {
  if (const std::optional<std::uint64_t> known = to_id_cheaply(datum)) return *known;
  TermView view;
  view.value = datum.text;
  switch (datum.kind) {
    case Datum::Kind::iri:
      view.kind = TermKind::iri;
      return terms.id(view).bits();
    case Datum::Kind::string:
      view.kind = TermKind::literal;
      return terms.id(view).bits();
    case Datum::Kind::lang_string:
      view.kind = TermKind::literal;
      view.language = datum.language;
      view.direction = datum.direction;
      return terms.id(view).bits();
    default:
      return terms.id(to_value(datum)).bits();
  }
}

std::string& TextArena::next() {
  if (used_ == texts_.size()) texts_.push_back(std::make_unique<std::string>());
  std::string& text = *texts_[used_++];
  text.clear();
  return text;
}

}  // namespace akyn::exec

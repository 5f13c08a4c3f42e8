#include "engine/expr/value.h"

#include <array>
#include <cmath>
#include <utility>
#include <variant>

#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/decimal.h"
#include "engine/term/floating.h"
#include "engine/term/inline_id.h"
#include "engine/term/inline_number.h"
#include "engine/term/integer_range.h"
#include "engine/term/path_text.h"
#include "engine/term/vocabulary.h"

namespace akyn::expr {
namespace {

DateTimeKind date_time_kind(ValueKind kind) {
  constexpr auto kFirst = static_cast<std::uint8_t>(ValueKind::date_time);
  return static_cast<DateTimeKind>(static_cast<std::uint8_t>(kind) - kFirst);
}
static_assert(static_cast<int>(ValueKind::g_day) - static_cast<int>(ValueKind::date_time) ==
              static_cast<int>(DateTimeKind::g_day));

DurationKind duration_kind(ValueKind kind) {
  constexpr auto kFirst = static_cast<std::uint8_t>(ValueKind::duration);
  return static_cast<DurationKind>(static_cast<std::uint8_t>(kind) - kFirst);
}

Datatype datatype_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::date_time:
      return Datatype::date_time;
    case ValueKind::date:
      return Datatype::date;
    case ValueKind::time:
      return Datatype::time;
    case ValueKind::g_year:
      return Datatype::g_year;
    case ValueKind::g_year_month:
      return Datatype::g_year_month;
    case ValueKind::g_month:
      return Datatype::g_month;
    case ValueKind::g_month_day:
      return Datatype::g_month_day;
    case ValueKind::g_day:
      return Datatype::g_day;
    case ValueKind::duration:
      return Datatype::duration;
    case ValueKind::day_time_duration:
      return Datatype::day_time_duration;
    case ValueKind::year_month_duration:
      return Datatype::year_month_duration;
    default:
      return Datatype::unknown;
  }
}

ValueKind temporal_kind(Datatype datatype) {
  switch (datatype) {
    case Datatype::date:
      return ValueKind::date;
    case Datatype::time:
      return ValueKind::time;
    case Datatype::g_year:
      return ValueKind::g_year;
    case Datatype::g_year_month:
      return ValueKind::g_year_month;
    case Datatype::g_month:
      return ValueKind::g_month;
    case Datatype::g_month_day:
      return ValueKind::g_month_day;
    case Datatype::g_day:
      return ValueKind::g_day;
    case Datatype::duration:
      return ValueKind::duration;
    case Datatype::day_time_duration:
      return ValueKind::day_time_duration;
    case Datatype::year_month_duration:
      return ValueKind::year_month_duration;
    default:
      return ValueKind::date_time;
  }
}

}  // namespace

// What does not fit into the value itself. `text` is the lexical form, the IRI or the label, unless
// `computed`: then the form is made on demand.
struct Value::Data {
  std::string text;
  std::string qualifier;  // language tag; datatype IRI of Datatype::unknown
  Direction direction = Direction::none;
  bool computed = false;
  std::variant<std::monostate, Decimal, DateTime, Duration, std::array<Value, 3>> big;
};

Value Value::of(const Term& term) {
  return of(term.view());
}

Value Value::of(const TermView& term) {
  switch (term.kind) {
    case TermKind::iri:
      return iri(std::string(term.value));
    case TermKind::triple:
      return triple(of(term.triple->subject), of(term.triple->predicate), of(term.triple->object));
    case TermKind::literal:
      break;
    default:
      return blank(std::string(term.value));
  }
  if (!term.language.empty()) return lang_string(std::string(term.value), std::string(term.language), term.direction);
  return literal(std::string(term.value), term.datatype);
}

Value Value::of_inlined(Id id) {
  switch (id.type()) {
    case IdType::boolean:
      return boolean(id.payload() != 0);
    case IdType::integer:
      return integer(integer_payload_value(id.payload()));
    default:
      return of(inlined_term(id));
  }
}

Value Value::iri(std::string text) {
  Value value;
  value.kind_ = ValueKind::iri;
  value.data_ = std::make_shared<const Data>(Data{std::move(text), {}, Direction::none, false, {}});
  return value;
}

Value Value::blank(std::string label) {
  Value value = iri(std::move(label));
  value.kind_ = ValueKind::blank;
  return value;
}

Value Value::string(std::string text) {
  Value value = iri(std::move(text));
  value.kind_ = ValueKind::string;
  value.datatype_ = Datatype::string;
  return value;
}

Value Value::lang_string(std::string text, std::string language, Direction direction) {
  Value value;
  value.kind_ = ValueKind::lang_string;
  value.datatype_ = direction == Direction::none ? Datatype::lang_string : Datatype::dir_lang_string;
  value.data_ = std::make_shared<const Data>(Data{std::move(text), std::move(language), direction, false, {}});
  return value;
}

Value Value::literal(std::string text, std::string_view iri_of_datatype) {
  const Datatype datatype = find_datatype(iri_of_datatype);
  if (datatype == Datatype::string) return string(std::move(text));

  Value value;
  value.datatype_ = datatype;
  Data data;
  if (datatype == Datatype::boolean) {
    const bool yes = text == "true" || text == "1";
    if (yes || text == "false" || text == "0") {
      value.kind_ = ValueKind::boolean;
      value.scalar_.boolean = yes;
      if (text.size() > 1) return value;  // canonical
    }
  } else if (is_integer_type(datatype)) {
    if (const std::optional<std::uint64_t> payload = encode_integer(text);
        payload && (datatype == Datatype::integer || in_range(datatype, Decimal(integer_payload_value(*payload))))) {
      value.kind_ = ValueKind::integer;
      value.small_ = true;
      value.scalar_.integer = integer_payload_value(*payload);
      if (datatype == Datatype::integer) return value;
    } else if (std::optional<Decimal> number = Decimal::parse(text, true); number && in_range(datatype, *number)) {
      value.kind_ = ValueKind::integer;
      if (const std::optional<std::int64_t> small = number->to_int64()) {
        value.small_ = true;
        value.scalar_.integer = *small;
      } else {
        data.big = std::move(*number);
      }
    }
  } else if (datatype == Datatype::decimal) {
    if (std::optional<Decimal> number = Decimal::parse(text)) {
      value.kind_ = ValueKind::decimal;
      data.big = std::move(*number);
    }
  } else if (datatype == Datatype::float_) {
    if (const std::optional<float> number = parse_float(text)) {
      value.kind_ = ValueKind::float_;
      value.scalar_.single = *number;
    }
  } else if (datatype == Datatype::double_) {
    if (const std::optional<double> number = parse_double(text)) {
      value.kind_ = ValueKind::double_;
      value.scalar_.number = *number;
    }
  } else if (is_temporal_type(datatype)) {
    const ValueKind kind = temporal_kind(datatype);
    if (const std::optional<DateTime> moment = parse_date_time(date_time_kind(kind), text);
        moment && (datatype != Datatype::date_time_stamp || moment->zone)) {
      value.kind_ = kind;
      data.big = *moment;
    }
  } else if (is_duration_type(datatype)) {
    const ValueKind kind = temporal_kind(datatype);
    if (const std::optional<Duration> length = parse_duration(duration_kind(kind), text)) {
      value.kind_ = kind;
      data.big = *length;
    }
  } else if (datatype == Datatype::unknown) {
    data.qualifier = iri_of_datatype;
    if (iri_of_datatype == kPathDatatype) {
      if (const std::optional<std::size_t> edges = akyn::path_length(text)) {
        value.kind_ = ValueKind::path;
        value.scalar_.integer = static_cast<std::int64_t>(*edges);
      }
    }
  }
  data.text = std::move(text);
  value.data_ = std::make_shared<const Data>(std::move(data));
  return value;
}

Value Value::boolean(bool truth) noexcept {
  Value value;
  value.kind_ = ValueKind::boolean;
  value.datatype_ = Datatype::boolean;
  value.scalar_.boolean = truth;
  return value;
}

Value Value::integer(std::int64_t number) noexcept {
  Value value;
  value.kind_ = ValueKind::integer;
  value.datatype_ = Datatype::integer;
  value.small_ = true;
  value.scalar_.integer = number;
  return value;
}

Value Value::integer(const Decimal& number) {
  if (const std::optional<std::int64_t> small = number.to_int64()) return integer(*small);
  Value value = decimal(number);
  value.kind_ = ValueKind::integer;
  value.datatype_ = Datatype::integer;
  return value;
}

Value Value::decimal(const Decimal& number) {
  Value value;
  value.kind_ = ValueKind::decimal;
  value.datatype_ = Datatype::decimal;
  value.data_ = std::make_shared<const Data>(Data{{}, {}, Direction::none, true, number});
  return value;
}

Value Value::float_(float number) noexcept {
  Value value;
  value.kind_ = ValueKind::float_;
  value.datatype_ = Datatype::float_;
  value.scalar_.single = number;
  return value;
}

Value Value::double_(double number) noexcept {
  Value value;
  value.kind_ = ValueKind::double_;
  value.datatype_ = Datatype::double_;
  value.scalar_.number = number;
  return value;
}

Value Value::date_time(ValueKind kind, const DateTime& moment) {
  Value value;
  value.kind_ = kind;
  value.datatype_ = datatype_of(kind);
  value.data_ = std::make_shared<const Data>(Data{{}, {}, Direction::none, true, moment});
  return value;
}

Value Value::duration(ValueKind kind, const Duration& length) {
  Value value;
  value.kind_ = kind;
  value.datatype_ = datatype_of(kind);
  value.data_ = std::make_shared<const Data>(Data{{}, {}, Direction::none, true, length});
  return value;
}

Value Value::triple(Value subject, Value predicate, Value object) {
  Value value;
  value.kind_ = ValueKind::triple;
  value.data_ = std::make_shared<const Data>(
      Data{{},
           {},
           Direction::none,
           true,
           std::array<Value, 3>{std::move(subject), std::move(predicate), std::move(object)}});
  return value;
}

Term Value::term() const {
  TermView view;
  switch (kind_) {
    case ValueKind::triple:
      return triple_term(subject().term(), predicate().term(), object().term());
    case ValueKind::iri:
      view.kind = TermKind::iri;
      view.value = data_->text;
      return Term(view);
    case ValueKind::blank:
      view.kind = TermKind::blank;
      view.value = data_->text;
      return Term(view);
    default:
      break;
  }
  view.kind = TermKind::literal;
  std::string form;
  if (data_ && !data_->computed) {
    view.value = data_->text;
  } else {
    form = lexical_form();
    view.value = form;
  }
  if (kind_ == ValueKind::lang_string) {
    view.language = data_->qualifier;
    view.direction = data_->direction;
  } else if (kind_ != ValueKind::string) {
    view.datatype = datatype_iri();
  }
  return Term(view);
}

std::string_view Value::text() const noexcept {
  return data_->text;
}

std::string Value::lexical_form() const {
  if (data_ && !data_->computed) return data_->text;
  switch (kind_) {
    case ValueKind::boolean:
      return scalar_.boolean ? "true" : "false";
    case ValueKind::integer:
      if (small_) return std::to_string(scalar_.integer);
      [[fallthrough]];
    case ValueKind::decimal:
      return std::get<Decimal>(data_->big).to_string();
    case ValueKind::float_:
      return format_float(scalar_.single);
    case ValueKind::double_:
      return format_double(scalar_.number);
    default:
      break;
  }
  if (is_temporal()) return format_date_time(date_time_kind(kind_), as_date_time());
  return format_duration(duration_kind(kind_), as_duration());
}

std::string_view Value::datatype_iri() const noexcept {
  if (!is_literal()) return {};
  return datatype_ == Datatype::unknown ? std::string_view(data_->qualifier) : akyn::datatype_iri(datatype_);
}

std::string_view Value::language() const noexcept {
  return kind_ == ValueKind::lang_string ? std::string_view(data_->qualifier) : std::string_view();
}

Direction Value::direction() const noexcept {
  return kind_ == ValueKind::lang_string ? data_->direction : Direction::none;
}

std::optional<std::int64_t> Value::as_int64() const noexcept {
  if (!small_) return std::nullopt;
  return scalar_.integer;
}

double Value::as_double() const {
  switch (kind_) {
    case ValueKind::float_:
      return static_cast<double>(scalar_.single);
    case ValueKind::double_:
      return scalar_.number;
    default:
      if (small_) return static_cast<double>(scalar_.integer);
      return std::get<Decimal>(data_->big).to_double();
  }
}

Decimal Value::as_decimal() const {
  if (small_) return Decimal(scalar_.integer);
  return std::get<Decimal>(data_->big);
}

const DateTime& Value::as_date_time() const noexcept {
  return *std::get_if<DateTime>(&data_->big);
}
const Duration& Value::as_duration() const noexcept {
  return *std::get_if<Duration>(&data_->big);
}
const Value& Value::subject() const noexcept {
  return (*std::get_if<4>(&data_->big))[0];
}
const Value& Value::predicate() const noexcept {
  return (*std::get_if<4>(&data_->big))[1];
}
const Value& Value::object() const noexcept {
  return (*std::get_if<4>(&data_->big))[2];
}

}  // namespace akyn::expr

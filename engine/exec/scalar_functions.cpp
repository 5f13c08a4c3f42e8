// The functions that are worth doing without full values (17.4); all others are calls by way of expr::Value.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/exec/scalar_expression.h"
#include "engine/exec/text_search.h"
#include "engine/expr/operators.h"
#include "engine/expr/regex.h"
#include "engine/expr/text.h"
#include "engine/plan/inlined_order.h"
#include "engine/term/datatype.h"
#include "engine/term/date_time.h"
#include "engine/term/floating.h"
#include "engine/term/inline_id.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {
namespace {

using expr::Value;
using Kind = Datum::Kind;
using Arguments = std::span<const Datum* const>;

// The regular expression that a call had last: mostly its only one.
struct LastRegex {
  std::string pattern;
  std::string flags;
  std::shared_ptr<const expr::Regex> compiled;  // null: none yet, or not valid
};

// What a function may use besides its arguments, none of which is an error.
struct Call {
  Arguments arguments;
  TextArena& texts;
  expr::Context& functions;
  Datum& result;  // none until set
  LastRegex& last_regex;

  [[nodiscard]] const Datum& operator[](std::size_t i) const { return *arguments[i]; }
};

// Argument compatibility rules, 17.4.3.1.2: the second is a plain string, or of the first one's language.
bool are_compatible(const Datum& left, const Datum& right) {
  if (!left.is_string_literal() || !right.is_string_literal()) return false;
  if (right.kind == Kind::string) return true;
  return left.kind == Kind::lang_string && left.direction == right.direction &&
         expr::compare_ignoring_ascii_case(left.language, right.language) == 0;
}

bool is_literal(const Datum& datum) {
  return datum.kind != Kind::iri && (datum.kind != Kind::value || datum.value->is_literal());
}

bool is_numeric(const Datum& datum) {
  switch (datum.kind) {
    case Kind::integer:
    case Kind::double_:
      return true;
    case Kind::inlined: {
      const IdType type = Id::from_bits(datum.id).type();
      return type >= IdType::integer && type <= IdType::double_;
    }
    case Kind::value:
      return datum.value->is_numeric();
    default:
      return false;
  }
}

// --- strings

void strlen(Call& call) {
  if (!call[0].is_string_literal()) return;
  const std::string_view text = call[0].text;
  call.result.set_integer(static_cast<std::int64_t>(is_ascii(text) ? text.size() : expr::count_code_points(text)));
}

void str_starts(Call& call) {
  if (are_compatible(call[0], call[1])) call.result.set_boolean(call[0].text.starts_with(call[1].text));
}

void str_ends(Call& call) {
  if (are_compatible(call[0], call[1])) call.result.set_boolean(call[0].text.ends_with(call[1].text));
}

void contains(Call& call) {
  if (!are_compatible(call[0], call[1])) return;
  call.result.set_boolean(contains_text(call[0].text, call[1].text));
}

void str_before(Call& call) {
  if (!are_compatible(call[0], call[1])) return;
  const std::size_t at = call[0].text.find(call[1].text);
  if (at == std::string_view::npos) return call.result.set_string({});
  call.result.set_like(call[0], call[0].text.substr(0, at));
}

void str_after(Call& call) {
  if (!are_compatible(call[0], call[1])) return;
  const std::size_t at = call[0].text.find(call[1].text);
  if (at == std::string_view::npos) return call.result.set_string({});
  call.result.set_like(call[0], call[0].text.substr(at + call[1].text.size()));
}

// fn:substring: the characters at positions p, from 1, with round(start) <= p < round(start) + round(length).
void substr(Call& call) {
  if (!call[0].is_string_literal()) return;
  std::array<double, 2> numbers{};
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    if (!is_numeric(call[i])) return;
    const std::optional<double> number = call[i].as_double();
    numbers[i - 1] = number ? *number : to_value(call[i]).as_double();
  }
  const double length = call.arguments.size() > 2 ? numbers[1] : HUGE_VAL;
  call.result.set_like(call[0], expr::substring(call[0].text, numbers[0], length));
}

void ucase(Call& call) {
  if (!call[0].is_string_literal()) return;
  std::string& text = call.texts.next();
  if (is_ascii(call[0].text)) {
    text = call[0].text;
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  } else {
    text = expr::upper_case(call[0].text);
  }
  call.result.set_like(call[0], text);
}

void lcase(Call& call) {
  if (!call[0].is_string_literal()) return;
  std::string& text = call.texts.next();
  if (is_ascii(call[0].text)) {
    text = call[0].text;
    for (char& c : text) c = expr::ascii_lower(c);
  } else {
    text = expr::lower_case(call[0].text);
  }
  call.result.set_like(call[0], text);
}

void concat(Call& call) {
  std::string& text = call.texts.next();
  bool one_language = !call.arguments.empty();
  for (const Datum* argument : call.arguments) {
    if (!argument->is_string_literal()) return;
    text += argument->text;
    one_language = one_language && argument->kind == Kind::lang_string && are_compatible(call[0], *argument);
  }
  if (one_language) return call.result.set_like(call[0], text);
  call.result.set_string(text);
}

void regex(Call& call) {
  if (!call[0].is_string_literal() || call[1].kind != Kind::string) return;
  const bool flags = call.arguments.size() > 2;
  if (flags && call[2].kind != Kind::string) return;
  const std::string_view flag_text = flags ? call[2].text : std::string_view();
  LastRegex& last = call.last_regex;
  if (!last.compiled || last.pattern != call[1].text || last.flags != flag_text) {
    last = {std::string(call[1].text), std::string(flag_text), call.functions.regexes.get(call[1].text, flag_text)};
  }
  if (last.compiled) call.result.set_boolean(last.compiled->matches(call[0].text));
}

// --- terms

void datatype(Call& call) {
  const Datum& value = call[0];
  switch (value.kind) {
    case Kind::inlined:
      return call.result.set_iri(inlined_datatype(Id::from_bits(value.id)));
    case Kind::boolean:
      return call.result.set_iri(datatype_iri(Datatype::boolean));
    case Kind::integer:
      return call.result.set_iri(datatype_iri(Datatype::integer));
    case Kind::double_:
      return call.result.set_iri(datatype_iri(Datatype::double_));
    case Kind::string:
      return call.result.set_iri(datatype_iri(Datatype::string));
    case Kind::lang_string:
      return call.result.set_iri(
          datatype_iri(value.direction == Direction::none ? Datatype::lang_string : Datatype::dir_lang_string));
    case Kind::value:
      if (value.value->is_literal()) call.result.set_iri(value.value->datatype_iri());
      return;
    default:
      return;
  }
}

void str(Call& call) {
  const Datum& value = call[0];
  switch (value.kind) {
    case Kind::iri:
    case Kind::string:
    case Kind::lang_string:
      call.result.set_string(value.text);
      if (value.kind == Kind::string) call.result.id = value.id;
      return;
    case Kind::boolean:
      return call.result.set_string(value.number != 0 ? "true" : "false");
    case Kind::value:
      if (!value.value->is_literal()) return;
      break;
    default:
      break;
  }
  std::string& text = call.texts.next();
  if (value.kind == Kind::inlined) {
    text = inlined_term(Id::from_bits(value.id)).value();
  } else {
    text = to_value(value).lexical_form();
  }
  call.result.set_string(text);
}

void lang(Call& call) {
  if (!is_literal(call[0])) return;
  call.result.set_string(call[0].kind == Kind::lang_string ? call[0].language : std::string_view());
}

void lang_matches(Call& call) {
  if (call[0].kind != Kind::string || call[1].kind != Kind::string) return;
  call.result.set_boolean(expr::language_matches(call[0].text, call[1].text));
}

void has_lang(Call& call) {
  call.result.set_boolean(call[0].kind == Kind::lang_string);
}

void has_lang_dir(Call& call) {
  call.result.set_boolean(call[0].kind == Kind::lang_string && call[0].direction != Direction::none);
}

void is_iri(Call& call) {
  call.result.set_boolean(call[0].kind == Kind::iri);
}

void is_blank(Call& call) {
  call.result.set_boolean(call[0].kind == Kind::value && call[0].value->is_blank());
}

void is_literal_function(Call& call) {
  call.result.set_boolean(is_literal(call[0]));
}

void is_numeric_function(Call& call) {
  call.result.set_boolean(is_numeric(call[0]));
}

void is_triple(Call& call) {
  call.result.set_boolean(call[0].kind == Kind::value && call[0].value->is_triple());
}

void same_term(Call& call) {
  const Datum& left = call[0];
  const Datum& right = call[1];
  const bool known = left.id != 0 && right.id != 0;
  call.result.set_boolean(known ? left.id == right.id : expr::same_term(to_value(left), to_value(right)));
}

// --- numbers and times. What is not handled here is left to the full function: `false`.

bool abs(Call& call) {
  const std::optional<std::int64_t> number = call[0].as_int64();
  if (!number || *number == INT64_MIN) return false;
  call.result.set_integer(*number < 0 ? -*number : *number);
  return true;
}

// CEIL, FLOOR and ROUND of an integer, and its cast to one.
bool integer_as_it_is(Call& call) {
  const std::optional<std::int64_t> number = call[0].as_int64();
  if (!number) return false;
  call.result.set_integer(*number);
  return true;
}

// The cast; what has no double at hand, or is no number, is left to the full one.
bool to_double(Call& call) {
  const std::optional<double> number = call[0].as_double();
  if (!number) return false;
  call.result.set_double(*number);
  return true;
}

bool to_string(Call& call) {
  if (const std::optional<std::int64_t> number = call[0].as_int64()) {
    call.result.set_string(call.texts.next() = std::to_string(*number));
    return true;
  }
  if (call[0].kind != Kind::iri && call[0].kind != Kind::string && call[0].kind != Kind::lang_string) return false;
  call.result.set_string(call[0].text);
  return true;
}

template <bool kDates, bool kTimes, class Part>
bool part_of_moment(Call& call, const Part& part) {
  if (call[0].kind != Kind::inlined) return false;
  const Id id = Id::from_bits(call[0].id);
  const bool is_date = id.type() == IdType::date || id.type() == IdType::date_zoned;
  const bool is_date_time = id.type() == IdType::date_time || id.type() == IdType::date_time_zoned;
  if (!(kDates && is_date) && !(kTimes && is_date_time)) return false;
  call.result.set_integer(part(civil_time(plan::inlined_moment(id).seconds)));
  return true;
}

bool year(Call& call) {
  return part_of_moment<true, true>(call, [](const CivilTime& civil) { return civil.year; });
}
bool month(Call& call) {
  return part_of_moment<true, true>(call, [](const CivilTime& civil) { return std::int64_t{civil.month}; });
}
bool day(Call& call) {
  return part_of_moment<true, true>(call, [](const CivilTime& civil) { return std::int64_t{civil.day}; });
}
bool hours(Call& call) {
  return part_of_moment<false, true>(call, [](const CivilTime& civil) { return std::int64_t{civil.hour}; });
}
bool minutes(Call& call) {
  return part_of_moment<false, true>(call, [](const CivilTime& civil) { return std::int64_t{civil.minute}; });
}

template <void (*kFunction)(Call&)>
bool always(Call& call) {
  kFunction(call);
  return true;
}

struct LightFunction {
  std::string_view name;
  bool (*call)(Call&);  // false: not for these arguments
};

constexpr std::array kFunctions = {
    LightFunction{"STRLEN", always<strlen>},
    LightFunction{"STRSTARTS", always<str_starts>},
    LightFunction{"STRENDS", always<str_ends>},
    LightFunction{"CONTAINS", always<contains>},
    LightFunction{"STRBEFORE", always<str_before>},
    LightFunction{"STRAFTER", always<str_after>},
    LightFunction{"SUBSTR", always<substr>},
    LightFunction{"UCASE", always<ucase>},
    LightFunction{"LCASE", always<lcase>},
    LightFunction{"CONCAT", always<concat>},
    LightFunction{"REGEX", always<regex>},
    LightFunction{"DATATYPE", always<datatype>},
    LightFunction{"STR", always<str>},
    LightFunction{"LANG", always<lang>},
    LightFunction{"LANGMATCHES", always<lang_matches>},
    LightFunction{"hasLANG", always<has_lang>},
    LightFunction{"hasLANGDIR", always<has_lang_dir>},
    LightFunction{"isIRI", always<is_iri>},
    LightFunction{"isURI", always<is_iri>},
    LightFunction{"isBLANK", always<is_blank>},
    LightFunction{"isLITERAL", always<is_literal_function>},
    LightFunction{"isNUMERIC", always<is_numeric_function>},
    LightFunction{"isTRIPLE", always<is_triple>},
    LightFunction{"sameTerm", always<same_term>},
    LightFunction{"ABS", abs},
    LightFunction{"CEIL", integer_as_it_is},
    LightFunction{"FLOOR", integer_as_it_is},
    LightFunction{"ROUND", integer_as_it_is},
    LightFunction{"YEAR", year},
    LightFunction{"MONTH", month},
    LightFunction{"DAY", day},
    LightFunction{"HOURS", hours},
    LightFunction{"MINUTES", minutes},
    LightFunction{"http://www.w3.org/2001/XMLSchema#integer", integer_as_it_is},
    LightFunction{"http://www.w3.org/2001/XMLSchema#double", to_double},
    LightFunction{"http://www.w3.org/2001/XMLSchema#string", to_string},
};

class LightCall final : public ScalarExpression {
 public:
  LightCall(const LightFunction& light, const expr::Function& full, std::vector<ScalarPtr> arguments,
            ScalarContext& context)
      : light_(light),
        full_(full),
        arguments_(std::move(arguments)),
        context_(context),
        steps_(context.run.budget()),
        held_(context.run.budget()) {}

  const Datum& evaluate(const ScalarRow& row) override {
    values_.clear();
    result_.set_none();
    for (const ScalarPtr& argument : arguments_) {
      const Datum& value = argument->evaluate(row);
      if (value.is_none()) return result_;
      steps_.add(value);
      values_.push_back(&value);
    }
    steps_.call();
    Call call{values_, context_.texts, context_.run.functions(), result_, last_regex_};
    if (!light_.call(call)) call_full();
    held_.hold(result_);
    return result_;
  }

 private:
  void call_full() {
    std::vector<Value> arguments;
    arguments.reserve(values_.size());
    for (const Datum* value : values_) arguments.push_back(to_value(*value));
    result_.set_result(full_.call(arguments, context_.run.functions()));
  }

  const LightFunction& light_;
  const expr::Function& full_;
  std::vector<ScalarPtr> arguments_;
  ScalarContext& context_;
  std::vector<const Datum*> values_;
  Datum result_;
  CallSteps steps_;
  HeldText held_;
  LastRegex last_regex_;
};

}  // namespace

ScalarPtr compile_light_call(const algebra::CallOperator& op, std::vector<ScalarPtr>& arguments,
                             ScalarContext& context) {
  const expr::Function* full = op.function != nullptr ? op.function : expr::find_function_by_iri(op.name);
  if (full == nullptr || arguments.size() < full->min_args || arguments.size() > full->max_args) return nullptr;
  const auto* const light = std::find_if(kFunctions.begin(), kFunctions.end(),
                                         [&](const LightFunction& function) { return function.name == full->name; });
  if (light == kFunctions.end()) return nullptr;
  return std::make_unique<LightCall>(*light, *full, std::move(arguments), context);
}

}  // namespace akyn::exec

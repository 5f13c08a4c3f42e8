// SUM and AVG.
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "engine/exec/accumulator.h"
#include "engine/exec/term_values.h"
#include "engine/expr/operators.h"
#include "engine/term/decimal.h"
#include "engine/term/inline_number.h"

namespace akyn::exec {
namespace {

__extension__ using Wide = __int128;

// Sums of decimals are kept in units of 10^-kScale, as long as that holds them.
constexpr int kScale = 12;
constexpr std::int64_t kUnit = 1'000'000'000'000;
constexpr int kPowers = 19;

constexpr std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

// What the sum so far is, as expr::add has it: an integer until a decimal comes, exact until a double comes.
enum class Stage : std::uint8_t {
  integer,  // `exact`
  decimal,  // `exact`, in units
  double_,  // `nearest`
  value,    // an expr::Value: floats, and what is too large or too fine
  failed,
};

struct SumState {
  union {
    Wide exact = 0;
    double nearest;
  };
  std::uint64_t count = 0;  // of the values added
  Stage stage = Stage::integer;
  std::uint32_t value = 0;  // place among the values
};

BigInteger big(Wide number) {
  return BigInteger(number);
}

// In units of 10^-kScale; nothing when it is too large or too fine.
std::optional<std::int64_t> in_units(const ScaledInteger& number) {
  const int power = kScale - number.scale;
  std::int64_t units = number.significand;
  if (power >= 0) {
    if (power >= kPowers || __builtin_mul_overflow(units, power_of_ten(power), &units)) return std::nullopt;
    return units;
  }
  if (-power >= kPowers || units % power_of_ten(-power) != 0) return std::nullopt;
  return units / power_of_ten(-power);
}

class Sum final : public Accumulator {
 public:
  Sum(Run& run, std::size_t argument, bool average)
      : run_(run), argument_(argument), average_(average), states_(run), terms_(run), charge_(run.budget()) {}

  void resize(std::size_t groups) override { states_.resize(groups); }

  void add(const GroupedRows& rows) override {
    const std::span<const std::uint64_t> cells = rows.batch.column(argument_);
    std::uint64_t least = ~std::uint64_t{0};
    std::uint64_t greatest = 0;
    for (const std::uint64_t cell : cells) {
      least = std::min(least, cell);
      greatest = std::max(greatest, cell);
    }
    const bool integers =
        Id::from_bits(least).type() == IdType::integer && Id::from_bits(greatest).type() == IdType::integer;
    if (integers && !rows.batch.counted()) {
      for_each_row(rows, states_, [&](SumState& state, std::size_t row) {
        ++state.count;
        if (state.stage == Stage::integer) {
          state.exact += integer_payload_value(Id::from_bits(cells[row]).payload());
        } else {
          add_cell(state, cells[row], 1);
        }
      });
      return;
    }
    if (Id::from_bits(least).type() <= IdType::valued) {
      terms_.load(cells, [](std::uint64_t cell) { return Id::from_bits(cell).type() == IdType::valued; });
    }
    for_each_row(rows, states_, [&](SumState& state, std::size_t row) {
      const std::uint64_t count = rows.batch.count(row);
      state.count = add_counts(state.count, count);
      add_cell(state, cells[row], count);
    });
    charge_.set(values_.capacity() * sizeof(expr::Result));
  }

  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) {
      run_.budget().step();
      out.push_back(result(states_[group]));
    }
  }

  void drop(std::size_t groups) override {
    for (std::size_t group = 0; group < groups; ++group) {
      if (states_[group].stage == Stage::value) release(states_[group]);
    }
    states_.drop(groups);
  }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return sizeof(SumState); }

 private:
  void add_cell(SumState& state, std::uint64_t cell, std::uint64_t count) {
    if (state.stage == Stage::failed) return;
    const Id id = Id::from_bits(cell);
    switch (id.type()) {
      case IdType::integer:
        return add_integer(state, id, count);
      case IdType::decimal:
        return add_decimal(state, id, count);
      case IdType::double_:
        return add_double(state, double_payload_value(id.payload()), count);
      case IdType::valued:
        return add_value(state, terms_.value(cell), count);
      default:
        return fail(state);
    }
  }

  static bool times(std::int64_t number, std::uint64_t count, Wide& product) noexcept {
    return !__builtin_mul_overflow(static_cast<Wide>(number), static_cast<Wide>(count), &product);
  }

  void add_integer(SumState& state, Id id, std::uint64_t count) {
    const std::int64_t number = integer_payload_value(id.payload());
    Wide product = 0;
    Wide sum = 0;
    switch (state.stage) {
      case Stage::integer:
        if (times(number, count, product) && !__builtin_add_overflow(state.exact, product, &sum)) {
          state.exact = sum;
          return;
        }
        break;
      case Stage::decimal:
        if (times(number, count, product) && !__builtin_mul_overflow(product, kUnit, &product) &&
            !__builtin_add_overflow(state.exact, product, &sum)) {
          state.exact = sum;
          return;
        }
        break;
      case Stage::double_:
        return add_double(state, static_cast<double>(number), count);
      default:
        break;
    }
    add_value(state, expr::Value::integer(number), count);
  }

  void add_decimal(SumState& state, Id id, std::uint64_t count) {
    if (state.stage == Stage::double_) return add_double(state, decimal_payload_nearest(id.payload()), count);
    if (state.stage == Stage::integer || state.stage == Stage::decimal) {
      const std::optional<std::int64_t> units = in_units(decimal_payload_value(id.payload()));
      Wide sum = state.exact;
      Wide product = 0;
      if (units && times(*units, count, product) &&
          (state.stage == Stage::decimal || !__builtin_mul_overflow(sum, kUnit, &sum)) &&
          !__builtin_add_overflow(sum, product, &sum)) {
        state.exact = sum;
        state.stage = Stage::decimal;
        return;
      }
    }
    add_value(state, expr::Value::of_inlined(id), count);
  }

  void add_double(SumState& state, double number, std::uint64_t count) {
    if (state.stage != Stage::double_) {
      const double before = value_of(state)->as_double();
      if (state.stage == Stage::value) release(state);
      state.stage = Stage::double_;
      state.nearest = before;
    }
    state.nearest += count == 1 ? number : number * static_cast<double>(count);
  }

  // What is not a number is an error.
  void add_value(SumState& state, const expr::Value& value, std::uint64_t count) {
    if (!value.is_numeric()) return fail(state);
    if (value.kind() == expr::ValueKind::double_) return add_double(state, value.as_double(), count);
    if (state.stage == Stage::double_) return add_double(state, value.as_double(), count);
    expr::Result more = value;
    if (count != 1) more = expr::multiply(value, expr::Value::integer(Decimal(BigInteger(count))));
    expr::Result sum = more ? expr::add(*value_of(state), *more) : std::nullopt;
    if (!sum) return fail(state);
    if (state.stage != Stage::value) {
      state.stage = Stage::value;
      if (free_.empty()) {
        state.value = static_cast<std::uint32_t>(values_.size());
        values_.emplace_back();
      } else {
        state.value = free_.back();
        free_.pop_back();
      }
    }
    values_[state.value] = std::move(sum);
  }

  void fail(SumState& state) {
    if (state.stage == Stage::value) release(state);
    state.stage = Stage::failed;
  }
  void release(SumState& state) {
    values_[state.value].reset();
    free_.push_back(state.value);
  }

  [[nodiscard]] expr::Result value_of(SumState& state) const {
    switch (state.stage) {
      case Stage::integer: {
        const auto small = static_cast<std::int64_t>(state.exact);
        return small == state.exact ? expr::Value::integer(small) : expr::Value::integer(Decimal(big(state.exact)));
      }
      case Stage::decimal:
        return expr::Value::decimal(Decimal(big(state.exact), kScale));
      case Stage::double_:
        return expr::Value::double_(state.nearest);
      case Stage::value:
        return values_[state.value];
      case Stage::failed:
        break;
    }
    return std::nullopt;
  }

  std::uint64_t result(SumState& state) {
    constexpr std::int64_t kInlined = std::int64_t{1} << 59;
    if (state.stage == Stage::integer && !average_ && state.exact < kInlined && state.exact >= -kInlined) {
      return Id(IdType::integer, static_cast<std::uint64_t>(static_cast<std::int64_t>(state.exact) + kInlined)).bits();
    }
    expr::Result value = value_of(state);
    if (value && average_ && state.count != 0) {
      value = expr::divide(*value, expr::Value::integer(Decimal(BigInteger(state.count))));
    }
    return value ? run_.terms().id(*value).bits() : 0;
  }

  Run& run_;
  std::size_t argument_;
  bool average_;
  GroupStates<SumState> states_;
  TermValues terms_;
  Charge charge_;
  std::vector<expr::Result> values_;  // of groups at Stage::value
  std::vector<std::uint32_t> free_;   // places among them
};

}  // namespace

std::unique_ptr<Accumulator> make_sum(Run& run, std::size_t argument, bool average) {
  return std::make_unique<Sum>(run, argument, average);
}

}  // namespace akyn::exec

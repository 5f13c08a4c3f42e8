// COUNT, SAMPLE, GROUP_CONCAT and the program's own aggregates.
#include "engine/exec/accumulator.h"

#include <algorithm>
#include <utility>

#include "engine/exec/term_values.h"
#include "engine/term/decimal.h"

namespace akyn::exec {
namespace {

using expr::AggregateKind;

// A program's accumulator, of which nobody knows what it holds.
constexpr std::size_t kCustomBytes = 128;

class CountRows final : public Accumulator {
 public:
  explicit CountRows(Run& run) : run_(run), counts_(run) {}
  void resize(std::size_t groups) override { counts_.resize(groups); }
  void add(const GroupedRows& rows) override {
    if (rows.batch.counted()) {
      const auto counts = rows.batch.counts();
      for_each_row(rows, counts_, [&](std::uint64_t& sum, std::size_t row) { sum = add_counts(sum, counts[row]); });
    } else if (rows.runs.empty()) {
      for (const std::uint32_t group : rows.groups) ++counts_[group];
    } else {
      for (const GroupedRun& run : rows.runs) counts_[run.group] += run.last - run.first;
    }
  }
  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) out.push_back(id_of_count(run_, counts_[group]));
  }
  void drop(std::size_t groups) override { counts_.drop(groups); }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return sizeof(std::uint64_t); }

 private:
  Run& run_;
  GroupStates<std::uint64_t> counts_;
};

class CountBound final : public Accumulator {
 public:
  CountBound(Run& run, std::size_t argument) : run_(run), argument_(argument), counts_(run) {}
  void resize(std::size_t groups) override { counts_.resize(groups); }
  void add(const GroupedRows& rows) override {
    const std::uint64_t* cells = rows.batch.column(argument_).data();
    if (rows.batch.counted()) {
      const auto counts = rows.batch.counts();
      for_each_row(rows, counts_, [&](std::uint64_t& sum, std::size_t row) {
        if (cells[row] != 0) sum = add_counts(sum, counts[row]);
      });
    } else {
      for_each_row(rows, counts_, [&](std::uint64_t& sum, std::size_t row) { sum += cells[row] != 0 ? 1 : 0; });
    }
  }
  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) out.push_back(id_of_count(run_, counts_[group]));
  }
  void drop(std::size_t groups) override { counts_.drop(groups); }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return sizeof(std::uint64_t); }

 private:
  Run& run_;
  std::size_t argument_;
  GroupStates<std::uint64_t> counts_;
};

class Sample final : public Accumulator {
 public:
  Sample(Run& run, std::size_t argument) : argument_(argument), samples_(run) {}
  void resize(std::size_t groups) override { samples_.resize(groups); }
  void add(const GroupedRows& rows) override {
    const std::uint64_t* cells = rows.batch.column(argument_).data();
    for_each_row(rows, samples_, [&](std::uint64_t& sample, std::size_t row) {
      if (sample == 0) sample = cells[row];
    });
  }
  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) out.push_back(samples_[group]);
  }
  void drop(std::size_t groups) override { samples_.drop(groups); }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return sizeof(std::uint64_t); }

 private:
  std::size_t argument_;
  GroupStates<std::uint64_t> samples_;
};

// A group of one plain string is that string, whose text need not even be read.
class GroupConcat final : public Accumulator {
 public:
  GroupConcat(Run& run, std::size_t argument, std::string separator)
      : run_(run),
        argument_(argument),
        separator_(std::move(separator)),
        texts_(run),
        values_(run),
        charge_(run.budget()) {}
  void resize(std::size_t groups) override { texts_.resize(groups); }
  void add(const GroupedRows& rows) override {
    const std::span<const std::uint64_t> cells = rows.batch.column(argument_);
    note_single(rows);
    if (wanted_.empty()) return;
    values_.load(wanted_);
    for_each_row(rows, texts_, [&](Text& text, std::size_t row) {
      run_.budget().step();
      if (text.failed || is_single_[row] != 0) return;
      const expr::Value* value = cells[row] == 0 ? nullptr : &values_.value(cells[row]);
      if (value == nullptr || !(value->is_literal() || value->is_iri())) {
        bytes_ -= heap_bytes(text.text);
        text = {{}, 0, true, true, true};
        return;
      }
      const std::string form = value->lexical_form();
      if (text.single != 0) append(text, values_.value(std::exchange(text.single, 0)).lexical_form(), 1);
      append(text, form, rows.batch.count(row));
    });
    charge_.set(bytes_);
  }
  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) {
      run_.budget().step();
      Text& text = texts_[group];
      bytes_ -= heap_bytes(text.text);
      if (text.failed || text.single != 0) {
        out.push_back(text.single);
      } else {
        out.push_back(run_.terms().id(expr::Value::string(std::move(text.text))).bits());
      }
      text = {};
    }
    charge_.set(bytes_);
  }
  void drop(std::size_t groups) override { texts_.drop(groups); }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return sizeof(Text); }

 private:
  struct Text {
    std::string text;
    std::uint64_t single = 0;  // the only string so far, not in `text` yet; 0 of a group that failed
    bool begun = false;        // there has been a row
    bool empty = true;         // nothing is in `text` yet
    bool failed = false;
  };

  // Sets is_single_ to the rows that are all of their group so far, and wanted_ to the terms that have to be read for
  // the others.
  void note_single(const GroupedRows& rows) {
    const std::span<const std::uint64_t> cells = rows.batch.column(argument_);
    is_single_.assign(cells.size(), 0);
    wanted_.clear();
    for_each_row(rows, texts_, [&](Text& text, std::size_t row) {
      if (text.failed) return;
      if (!text.begun && Id::from_bits(cells[row]).type() == IdType::string && rows.batch.count(row) == 1) {
        text.single = cells[row];
        is_single_[row] = 1;
      } else {
        if (text.single != 0) wanted_.push_back(text.single);
        wanted_.push_back(cells[row]);
      }
      text.begun = true;
    });
  }
  static std::size_t heap_bytes(const std::string& text) noexcept {
    return text.capacity() < sizeof(std::string) ? 0 : text.capacity() + 1;
  }
  void append(Text& text, const std::string& form, std::uint64_t count) {
    const std::size_t before = heap_bytes(text.text);
    for (; count > 0; --count) {
      run_.budget().step();
      const std::size_t more = form.size() + separator_.size();
      if (text.text.size() + more > text.text.capacity()) {
        run_.budget().check_room(2 * text.text.capacity() + more + (bytes_ - charge_.held()));
      }
      if (!text.empty) text.text += separator_;
      text.empty = false;
      text.text += form;
    }
    bytes_ += heap_bytes(text.text) - before;
    if (bytes_ > charge_.held() + kStepBytes) charge_.set(bytes_);
  }

  static constexpr std::size_t kStepBytes = std::size_t{64} << 10;

  Run& run_;
  std::size_t argument_;
  std::string separator_;
  GroupStates<Text> texts_;
  TermValues values_;
  Charge charge_;
  std::size_t bytes_ = 0;  // of all texts
  // Of one batch.
  std::vector<std::uint8_t> is_single_;
  std::vector<std::uint64_t> wanted_;
};

class Custom final : public Accumulator {
 public:
  Custom(Run& run, std::vector<std::size_t> arguments, const std::string& iri)
      : run_(run), arguments_(std::move(arguments)), states_(run), charge_(run.budget()) {
    const expr::FunctionRegistry* registry = run.functions().functions;
    if (registry == nullptr) return;
    const auto found = registry->aggregates.find(iri);
    if (found != registry->aggregates.end()) factory_ = &found->second;
    for (std::size_t i = 0; i < arguments_.size(); ++i) values_.push_back(std::make_unique<TermValues>(run));
  }
  void resize(std::size_t groups) override {
    states_.resize(groups);
    charge_.set(groups * kCustomBytes);
  }
  void add(const GroupedRows& rows) override {
    if (factory_ == nullptr) return;
    for (std::size_t a = 0; a < arguments_.size(); ++a) values_[a]->load(rows.batch.column(arguments_[a]));
    std::vector<expr::Result> arguments(arguments_.size());
    for_each_row(rows, states_, [&](State& state, std::size_t row) {
      if (!state.values) state.values = (*factory_)();
      for (std::size_t a = 0; a < arguments_.size(); ++a) {
        const std::uint64_t cell = rows.batch.column(arguments_[a])[row];
        arguments[a] = cell == 0 ? expr::Result() : expr::Result(values_[a]->value(cell));
      }
      for (std::uint64_t count = rows.batch.count(row); count > 0; --count) {
        run_.budget().step();
        state.values->add(arguments);
      }
    });
  }
  void results(std::size_t first, std::size_t last, std::vector<std::uint64_t>& out) override {
    for (std::size_t group = first; group < last; ++group) {
      run_.budget().step();
      out.push_back(result(states_[group]));
    }
  }
  void drop(std::size_t groups) override {
    states_.drop(groups);
    charge_.set(states_.size() * kCustomBytes);
  }
  [[nodiscard]] std::size_t bytes_per_group() const noexcept override { return kCustomBytes; }

 private:
  struct State {
    std::unique_ptr<expr::CustomAggregate> values;  // null before the first row
  };

  // What the program has not registered has no value.
  std::uint64_t result(State& state) {
    if (factory_ == nullptr) return 0;
    if (!state.values) state.values = (*factory_)();
    const expr::Result value = state.values->result();
    state.values.reset();
    return value ? run_.terms().id(*value).bits() : 0;
  }

  Run& run_;
  std::vector<std::size_t> arguments_;
  const expr::AggregateFactory* factory_ = nullptr;
  GroupStates<State> states_;
  std::vector<std::unique_ptr<TermValues>> values_;  // by argument
  Charge charge_;
};

std::unique_ptr<Accumulator> make_plain(Run& run, const AccumulatorSpec& spec) {
  switch (spec.kind) {
    case AggregateKind::count:
      if (spec.rows) return std::make_unique<CountRows>(run);
      return std::make_unique<CountBound>(run, spec.arguments.front());
    case AggregateKind::sum:
      return make_sum(run, spec.arguments.front(), false);
    case AggregateKind::avg:
      return make_sum(run, spec.arguments.front(), true);
    case AggregateKind::min:
      return make_extreme(run, spec.arguments.front(), false);
    case AggregateKind::max:
      return make_extreme(run, spec.arguments.front(), true);
    case AggregateKind::sample:
      return std::make_unique<Sample>(run, spec.arguments.front());
    case AggregateKind::group_concat:
      return std::make_unique<GroupConcat>(run, spec.arguments.front(), spec.separator.value_or(" "));
    case AggregateKind::custom:
      break;
  }
  return std::make_unique<Custom>(run, spec.arguments, spec.iri);
}

}  // namespace

std::uint64_t id_of_count(Run& run, std::uint64_t count) {
  constexpr std::uint64_t kBias = std::uint64_t{1} << 59;
  if (count < kBias) return Id(IdType::integer, count + kBias).bits();
  return run.terms().id(expr::Value::integer(Decimal(BigInteger(count)))).bits();
}

std::unique_ptr<Accumulator> make_accumulator(Run& run, const AccumulatorSpec& spec) {
  // The extremes and a sample are the same with and without duplicates.
  const bool matters =
      spec.kind != AggregateKind::min && spec.kind != AggregateKind::max && spec.kind != AggregateKind::sample;
  std::unique_ptr<Accumulator> aggregate = make_plain(run, spec);
  if (spec.distinct && matters) return make_distinct(run, spec, std::move(aggregate));
  return aggregate;
}

}  // namespace akyn::exec

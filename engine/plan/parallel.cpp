#include "engine/plan/parallel.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "engine/plan/node_parts.h"
#include "engine/plan/nodes.h"
#include "engine/plan/scan_quantiles.h"
#include "engine/storage/keys.h"

namespace akyn::plan {

namespace {

// Expected nanoseconds a row: unlike costs, which are compared with each other, these are compared with what it takes
// to start threads.
constexpr double kReadRow = 4;
constexpr double kCountedRow = 1;  // where equal neighbours are taken together
constexpr double kFewerRow = 10;   // that is left of them
constexpr double kMergedRow = 8;
constexpr double kHashedPair = 20;
constexpr double kFoundRow = 300;  // by look-up
constexpr double kComparedRow = 10;
constexpr double kTextRow = 1'000;  // a call that needs the text of a term
constexpr double kGroupedRow = 15;
constexpr double kHandedText = 1'000;  // a computed term that goes from one thread to another

constexpr double kWorkOfPart = 2.5e6;    // from which on parts are small enough
constexpr double kWorkOfThread = 1.5e6;  // that is worth one more thread
constexpr std::size_t kMostRounds = 4;   // parts for each thread
constexpr double kLargestPart = 0.75;    // of all rows
constexpr double kRepeatedRows = 65'536;
constexpr double kRepeatedShare = 0.5;  // at most, of the work that is shared: what all parts repeat

// ------------------------------------------------------------------ expressions

// Whether any thread may evaluate it, at any time and any number of times.
bool is_pure(const algebra::ExpressionNode& expression) {
  if (std::holds_alternative<algebra::ExistsOperator>(expression.op)) return false;
  if (const auto* call = std::get_if<algebra::CallOperator>(&expression.op)) {
    // What steps of paths cost is known to the run alone.
    if (call->function == nullptr || !call->function->deterministic ||
        call->function->name.starts_with("urn:akyn:path#")) {
      return false;
    }
  }
  if (const auto* constant = std::get_if<algebra::ConstantOperator>(&expression.op)) {
    if (constant->constant.id.is_bound() && constant->constant.id.is_local()) return false;
  }
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [](const algebra::Expression& argument) { return is_pure(*argument); });
}

double work_of(const algebra::ExpressionNode& expression) {
  double work = kComparedRow;
  if (const auto* call = std::get_if<algebra::CallOperator>(&expression.op)) {
    // isIRI and the like look at Ids.
    if (!std::string_view(call->function->name).starts_with("is")) work = kTextRow;
  }
  for (const algebra::Expression& argument : expression.arguments) work = std::max(work, work_of(*argument));
  return work;
}

bool has_custom(const Group& group) {
  return std::any_of(group.aggregates.begin(), group.aggregates.end(),
                     [](const Group::Aggregate& each) { return each.aggregate.kind == expr::AggregateKind::custom; });
}

// Whether its values are integers, or errors.
bool is_integer(const algebra::ExpressionNode& expression) {
  if (const auto* constant = std::get_if<algebra::ConstantOperator>(&expression.op)) {
    return constant->value.kind() == expr::ValueKind::integer;
  }
  if (const auto* call = std::get_if<algebra::CallOperator>(&expression.op)) {
    return call->function != nullptr &&
           (call->function->name == "STRLEN" || call->function->name == "http://www.w3.org/2001/XMLSchema#integer");
  }
  if (const auto* sum = std::get_if<algebra::ArithmeticOperator>(&expression.op)) {
    if (std::find(sum->ops.begin(), sum->ops.end(), sparql::BinaryOperator::divide) != sum->ops.end()) return false;
  } else if (!std::holds_alternative<algebra::NegateOperator>(expression.op) &&
             !std::holds_alternative<algebra::PlusOperator>(expression.op)) {
    return false;
  }
  return std::all_of(expression.arguments.begin(), expression.arguments.end(),
                     [](const algebra::Expression& argument) { return is_integer(*argument); });
}

// The same of a column that is computed right below.
bool is_integer(const Node& node, Slot slot) {
  if (const auto* extend = std::get_if<Extend>(&node.op)) {
    for (const auto& [bound, expression] : extend->bindings) {
      if (bound == slot) return is_integer(*expression);
    }
  } else if (!std::holds_alternative<Project>(node.op)) {
    return false;
  }
  return is_integer(*node.inputs.front(), slot);
}

// Whether an aggregate depends on more of the sequence of the rows than which ones come first: doubles are rounded as
// they are added.
bool needs_sequence(const Node& node, const Group& op) {
  return std::any_of(op.aggregates.begin(), op.aggregates.end(), [&](const Group::Aggregate& each) {
    switch (each.aggregate.kind) {
      case expr::AggregateKind::sum:
      case expr::AggregateKind::avg:
        return !is_integer(*node.inputs.front(), each.arguments.front());
      case expr::AggregateKind::group_concat:
      case expr::AggregateKind::custom:
        return true;
      default:
        return false;
    }
  });
}

// Whether a scan gives equal neighbours as one row: where there are cuts it does so less often. Joined with two rows,
// one row that stands for two solutions gives them in another sequence than two rows do.
bool counts(const Node& node, const Scan& scan) {
  SlotSet variables;
  bool unnamed = false;
  for (const Position& position : scan.triple) {
    if (position.slot) variables.add(*position.slot);
    unnamed = unnamed || (!position.slot && !position.is_constant());
  }
  if (scan.graph_name) variables.add(*scan.graph_name);
  return unnamed || node.columns.size() < variables.slots().size();
}

// ------------------------------------------------------------------ what can be cut

struct Cut {
  std::optional<Slot> by;  // the column of the node by which its scans are cut; nothing when it is none of them
  double work = 0;         // expected nanoseconds
  bool worth = false;      // rows are few beside what they cost
  bool counts = false;     // some of the scans count
  SlotSet texts{};         // variables with computed terms, which may have no inlined form
};

// Nodes that can be cut, each looked at once.
class Cuts {
 public:
  explicit Cuts(const ParallelOptions& options)
      : forced_(options.work == 0), most_parts_(static_cast<double>(options.threads * kMostRounds)) {}

  [[nodiscard]] const std::optional<Cut>& of(const Node& node) {
    // Inputs first, and not by recursion: plans can be thousands of operators deep.
    std::vector<const Node*> open = {&node};
    while (!open.empty()) {
      const Node& next = *open.back();
      const std::size_t before = open.size();
      if (!known_.contains(&next)) {
        for (const NodePtr& input : next.inputs) {
          if (!known_.contains(input.get())) open.push_back(input.get());
        }
        if (open.size() > before) continue;
        std::optional<Cut> cut = std::visit([&](const auto& op) { return find(next, op); }, next.op);
        if (cut && cut->by && !next.has(*cut->by)) cut->by.reset();
        known_.emplace(&next, std::move(cut));
      }
      open.pop_back();
    }
    return known_.at(&node);
  }

  // The scans of a node that can be cut, which are narrowed. None where one of them is read as a whole, too.
  [[nodiscard]] std::vector<const Node*> scans_of(const Node& node) const {
    std::vector<const Node*> narrowed;
    std::vector<const Node*> whole;
    add_scans(node, true, narrowed, whole);
    for (const Node* const scan : whole) {
      if (std::find(narrowed.begin(), narrowed.end(), scan) != narrowed.end()) return {};
    }
    return narrowed;
  }

 private:
  void add_scans(const Node& node, bool is_narrowed, std::vector<const Node*>& narrowed,
                 std::vector<const Node*>& whole) const {
    if (std::holds_alternative<Scan>(node.op)) (is_narrowed ? narrowed : whole).push_back(&node);
    const auto* join = std::get_if<Join>(&node.op);
    const bool looks_up = join != nullptr && join->method == Join::Method::lookup;
    for (std::size_t i = 0; i < (looks_up ? 1 : node.inputs.size()); ++i) {
      add_scans(*node.inputs[i], is_narrowed && !(i == 1 && repeats_.contains(&node)), narrowed, whole);
    }
  }

  // Whether each part computes the right side of a hash join for itself: little beside the left one.
  [[nodiscard]] bool is_repeated(const Node& right, double work_of_left) const {
    const bool pays = right.rows <= kRepeatedRows && right.cost * most_parts_ <= kRepeatedShare * work_of_left;
    return (forced_ || pays) && is_repeatable(right);
  }
  // What the planner's costs leave out is what expressions take.
  [[nodiscard]] bool is_repeatable(const algebra::Expression& expression) const {
    return is_pure(*expression) && (forced_ || work_of(*expression) < kTextRow);
  }
  // Whether the rows are the same, in the same order, whenever and wherever they are computed.
  [[nodiscard]] bool is_repeatable(const Node& node) const {
    bool result = std::holds_alternative<Scan>(node.op) || std::holds_alternative<Join>(node.op) ||
                  std::holds_alternative<Leapfrog>(node.op) || std::holds_alternative<Union>(node.op) ||
                  std::holds_alternative<Project>(node.op) || std::holds_alternative<Distinct>(node.op);
    const auto are_repeatable = [this](const std::vector<algebra::Expression>& expressions) {
      return std::all_of(expressions.begin(), expressions.end(),
                         [this](const algebra::Expression& each) { return is_repeatable(each); });
    };
    if (const auto* join = std::get_if<Join>(&node.op)) result = are_repeatable(join->conditions);
    if (const auto* filter = std::get_if<Filter>(&node.op)) result = are_repeatable(filter->conditions);
    if (const auto* extend = std::get_if<Extend>(&node.op)) {
      result = std::all_of(extend->bindings.begin(), extend->bindings.end(),
                           [this](const auto& binding) { return is_repeatable(binding.second); });
    }
    if (const auto* group = std::get_if<Group>(&node.op)) result = !has_custom(*group);
    return result && std::all_of(node.inputs.begin(), node.inputs.end(),
                                 [this](const NodePtr& input) { return is_repeatable(*input); });
  }

  template <class Other>
  std::optional<Cut> find(const Node& /*node*/, const Other& /*op*/) {
    return std::nullopt;
  }

  std::optional<Cut> find(const Node& node, const Scan& scan) {
    const auto order = storage::columns_of(scan.order);
    std::size_t first = 0;
    while (first < 3 && scan.triple[order[first]].is_constant()) ++first;
    if (first == 3) return std::nullopt;
    const bool counted = counts(node, scan);
    return Cut{.by = scan.triple[order[first]].slot,
               .work = counted ? node.solutions * kCountedRow + node.rows * kFewerRow : node.solutions * kReadRow,
               .worth = 2 * node.rows < node.solutions,
               .counts = counted};
  }

  std::optional<Cut> find_in_input(const Node& node, double work_of_row, bool worth = true) {
    std::optional<Cut> cut = of(*node.inputs.front());
    if (!cut) return std::nullopt;
    cut->work += node.inputs.front()->rows * work_of_row;
    cut->worth = cut->worth || worth;
    return cut;
  }

  std::optional<Cut> find(const Node& node, const Project& /*op*/) { return find_in_input(node, 0, false); }

  std::optional<Cut> find(const Node& node, const Filter& op) {
    double work = 0;
    for (const algebra::Expression& condition : op.conditions) {
      if (!is_pure(*condition)) return std::nullopt;
      work = std::max(work, work_of(*condition));
    }
    return find_in_input(node, work);
  }

  std::optional<Cut> find(const Node& node, const Extend& op) {
    double work = 0;
    bool computes = false;
    SlotSet texts;
    for (const auto& [slot, expression] : op.bindings) {
      if (!is_pure(*expression)) return std::nullopt;
      work = std::max(work, work_of(*expression));
      computes = computes || !std::holds_alternative<algebra::VariableOperator>(expression->op);
      if (work_of(*expression) >= kTextRow && !is_integer(*expression)) texts.add(slot);
    }
    std::optional<Cut> cut = find_in_input(node, work, computes);
    if (cut) cut->texts.add(texts);
    return cut;
  }

  std::optional<Cut> find(const Node& node, const Join& op) {
    if (!op.conditions.empty()) return std::nullopt;
    std::optional<Cut> cut = of(*node.inputs[0]);
    if (!cut) return std::nullopt;
    cut->worth = true;
    if (op.method == Join::Method::lookup) {
      cut->work += node.inputs[0]->rows * kFoundRow;
      return cut;
    }
    const double left_rows = node.inputs[0]->rows;
    const double right_rows = node.inputs[1]->rows;
    const std::optional<Cut>& right = of(*node.inputs[1]);
    if (!right || !cut->by || cut->by != right->by || !contains(op.keys, *cut->by)) {
      if (op.method != Join::Method::hash || !is_repeated(*node.inputs[1], cut->work)) return std::nullopt;
      repeats_.insert(&node);
      cut->work += left_rows * kHashedPair;
      return cut;
    }
    // Rows that match are in parts of the same number.
    const double rows = left_rows + right_rows;
    cut->work += right->work;
    cut->counts = cut->counts || right->counts;
    cut->texts.add(right->texts);
    if (op.method == Join::Method::merge) {
      // Both are sorted by the keys, and each skips much of the other where it is small.
      if (op.keys.front() != *cut->by) return std::nullopt;
      const double read = std::min(rows, 32 * std::min(left_rows, right_rows));
      cut->work = (cut->work + rows * kMergedRow) * (rows > 0 ? read / rows : 1);
    } else {
      cut->work += rows * kHashedPair;
    }
    return cut;
  }

  std::optional<Cut> find(const Node& node, const Union& op) {
    if (op.sorted.empty()) return std::nullopt;
    Cut all{.by = op.sorted.front(), .worth = true};
    for (const NodePtr& input : node.inputs) {
      const std::optional<Cut>& cut = of(*input);
      if (!cut || cut->by != all.by) return std::nullopt;
      all.work += cut->work + input->rows * kMergedRow;
      all.counts = all.counts || cut->counts;
      all.texts.add(cut->texts);
    }
    return all;
  }

  std::optional<Cut> find(const Node& node, const Group& op) {
    if (has_custom(op)) return std::nullopt;
    double work = kGroupedRow;
    SlotSet concatenations;
    for (const Group::Aggregate& each : op.aggregates) {
      if (each.aggregate.kind != expr::AggregateKind::group_concat) continue;
      work = kTextRow;
      concatenations.add(each.aggregate.slot);
    }
    std::optional<Cut> cut = find_in_input(node, work);
    if (!cut || (!op.partial && !(cut->by && contains(op.keys, *cut->by)))) return std::nullopt;
    if (cut->counts && needs_sequence(node, op)) return std::nullopt;
    cut->texts.add(concatenations);
    cut->counts = false;
    return cut;
  }

  std::optional<Cut> find(const Node& node, const Distinct& /*op*/) {
    std::optional<Cut> cut = find_in_input(node, kGroupedRow);
    if (!cut || !cut->by || !contains(node.columns, *cut->by)) return std::nullopt;
    cut->counts = false;
    return cut;
  }

  bool forced_;        // whatever that costs
  double most_parts_;  // of one plan
  std::unordered_map<const Node*, std::optional<Cut>> known_;
  std::unordered_set<const Node*> repeats_;  // joins whose right side is
};

// ------------------------------------------------------------------ the plan

// What becomes of the rows of a node.
struct Reader {
  bool skips = false;                // some of them are not asked for
  bool sequence = true;              // matters, beyond which rows come first
  std::optional<double> limit = {};  // no more are asked for
};

class Parallelizer {
 public:
  Parallelizer(const storage::Version& version, const ParallelOptions& options)
      : version_(version), options_(options), cuts_(options) {}

  [[nodiscard]] NodePtr plan(const NodePtr& node, const Reader& reader) {
    if (NodePtr made = shared_out(node, reader)) return made;
    if (NodePtr made = grouped_twice(node, reader)) return made;
    std::shared_ptr<Node> copy;
    for (std::size_t i = 0; i < node->inputs.size(); ++i) {
      const std::optional<Reader> reads = reader_of(*node, i, reader);
      if (!reads) continue;
      const auto* group = std::get_if<Group>(&node->op);
      const NodePtr before = group != nullptr ? without_unread(node->inputs[i], *group) : node->inputs[i];
      kept_.push_back(before);
      NodePtr input = plan(before, *reads);
      if (input == before) continue;
      if (copy == nullptr) copy = std::make_shared<Node>(*node);
      copy->inputs[i] = std::move(input);
    }
    return copy == nullptr ? node : copy;
  }

 private:
  // Nothing: the input is to stay as it is.
  static std::optional<Reader> reader_of(const Node& node, std::size_t input, const Reader& reader) {
    Reader all{.sequence = reader.sequence};
    Reader some = reader;
    if (const auto* join = std::get_if<Join>(&node.op)) {
      if (join->method == Join::Method::lookup && input == 1) return std::nullopt;
      if (!join->conditions.empty() && input == 0) return std::nullopt;
      some.skips = some.skips || join->method == Join::Method::merge;
      return join->method == Join::Method::hash && input == 1 ? all : some;
    }
    if (const auto* merged = std::get_if<Union>(&node.op)) {
      some.skips = some.skips || !merged->sorted.empty();
      return some;
    }
    // What they give of a batch comes in another sequence, which other batches would not.
    if (std::holds_alternative<Path>(node.op) || std::holds_alternative<PathSearch>(node.op) ||
        std::holds_alternative<Service>(node.op)) {
      return std::nullopt;
    }
    if (std::holds_alternative<Reduced>(node.op)) return Reader{.skips = reader.skips, .limit = reader.limit};
    if (const auto* slice = std::get_if<Slice>(&node.op)) {
      some.sequence = true;
      if (slice->limit) {
        const double last = static_cast<double>(*slice->limit) + static_cast<double>(slice->offset);
        some.limit = std::min(last, some.limit.value_or(last));
      }
      return some;
    }
    if (const auto* group = std::get_if<Group>(&node.op)) {
      (group->sorted ? some : all).sequence = needs_sequence(node, *group);
      return group->sorted ? some : all;
    }
    if (std::holds_alternative<Distinct>(node.op)) {
      some.sequence = false;
      return some;
    }
    if (std::holds_alternative<Keep>(node.op) && input == 0) return Reader{};
    if (std::holds_alternative<Sort>(node.op) || std::holds_alternative<Leapfrog>(node.op)) return all;
    return reader;
  }

  // Few groups of many rows: threads group their parts, and their groups are grouped again. Null when that is another
  // result, not possible, or does not pay.
  [[nodiscard]] NodePtr grouped_twice(const NodePtr& node, const Reader& reader) {
    const bool few = options_.work == 0 || (!node->inputs.empty() && 8 * node->solutions < node->inputs[0]->rows);
    if (!few || node->columns.empty()) return nullptr;
    Group first;
    Node::Operator last = node->op;
    if (const auto* distinct = std::get_if<Distinct>(&node->op)) {
      if (distinct->sorted || distinct->ordered) return nullptr;
      first.keys = node->columns;
    } else if (const auto* group = std::get_if<Group>(&node->op)) {
      if (group->sorted || group->keys.empty()) return nullptr;
      first = *group;
      auto& merged = std::get<Group>(last).aggregates;
      for (std::size_t i = 0; i < merged.size(); ++i) {
        if (!merge(*node->inputs[0], first.aggregates[i], merged[i])) return nullptr;
      }
    } else {
      return nullptr;
    }
    first.partial = true;
    NodePtr input = std::get_if<Group>(&node->op) ? without_unread(node->inputs[0], first) : node->inputs[0];
    const NodePtr partial = make_group(std::move(input), std::move(first));
    kept_.push_back(partial);
    NodePtr made = shared_out(
        partial,
        {.sequence = false, .limit = std::holds_alternative<Distinct>(node->op) ? reader.limit : std::nullopt});
    if (made == nullptr) return nullptr;
    auto copy = std::make_shared<Node>(*node);
    copy->op = std::move(last);
    copy->inputs = {std::move(made)};
    return copy;
  }

  // Makes of an aggregate the one that takes its results for parts of the rows together; false when there is none. Of
  // MIN, MAX and SAMPLE one that is DISTINCT, or may rely on the sequence, is no other than one that is not.
  static bool merge(const Node& input, const Group::Aggregate& part, Group::Aggregate& whole) {
    const algebra::Aggregate& aggregate = part.aggregate;
    switch (aggregate.kind) {
      case expr::AggregateKind::count:
        if (aggregate.distinct) return false;
        whole.aggregate.kind = expr::AggregateKind::sum;
        break;
      case expr::AggregateKind::sum:
        if (aggregate.distinct || !is_integer(input, part.arguments.front())) return false;
        break;
      case expr::AggregateKind::min:
      case expr::AggregateKind::max:
      case expr::AggregateKind::sample:
        break;
      default:
        return false;
    }
    whole.aggregate.arguments = {algebra::make_expression(algebra::VariableOperator{aggregate.slot})};
    whole.arguments = {aggregate.slot};
    return true;
  }

  // Columns that nobody reads need not go from one thread to another.
  static NodePtr without_unread(NodePtr input, const Group& group) {
    std::vector<Slot> read;
    for (const Slot slot : input->columns) {
      const bool is_argument =
          std::any_of(group.aggregates.begin(), group.aggregates.end(),
                      [&](const Group::Aggregate& each) { return contains(each.arguments, slot); });
      if (is_argument || contains(group.keys, slot)) read.push_back(slot);
    }
    return read.size() == input->columns.size() ? input : make_project(std::move(input), read);
  }

  // As a Parallel; null when that is not possible, or does not pay.
  [[nodiscard]] NodePtr shared_out(const NodePtr& node, const Reader& reader) {
    if (reader.skips || (reader.limit && 2 * *reader.limit < node->solutions)) return nullptr;
    const std::optional<Cut>& cut = cuts_.of(*node);
    if (!cut || cut->work < options_.work || (cut->counts && reader.sequence)) return nullptr;
    const bool forced = options_.work == 0;
    if (!forced && (!cut->worth || 2 * handing_on(*node, *cut) > cut->work)) return nullptr;
    std::size_t threads = options_.threads;
    std::size_t rounds = kMostRounds;
    if (!forced) {
      threads = within(cut->work / kWorkOfThread, 2, threads);
      rounds = within(cut->work / (kWorkOfPart * static_cast<double>(threads)), 1, kMostRounds);
    }
    std::vector<const Node*> scans = cuts_.scans_of(*node);
    if (scans.empty()) return nullptr;
    std::vector<IdRange> parts = parts_of(scans, threads * rounds, forced ? 1 : kLargestPart);
    if (parts.size() < 2) return nullptr;
    auto made = std::make_shared<Node>(*node);
    made->op = Parallel{std::move(parts), std::move(scans)};
    made->inputs = {node};
    return made;
  }

  // What it takes to give the rows of one thread to another, where that is much.
  static double handing_on(const Node& node, const Cut& cut) {
    const auto texts =
        std::count_if(node.columns.begin(), node.columns.end(), [&](Slot slot) { return cut.texts.has(slot); });
    return node.rows * static_cast<double>(texts) * kHandedText;
  }

  static std::size_t within(double number, std::size_t least, std::size_t most) {
    return static_cast<std::size_t>(std::clamp(number, static_cast<double>(least), static_cast<double>(most)));
  }

  // None where one part would have more than `largest` of all rows.
  [[nodiscard]] std::vector<IdRange> parts_of(const std::vector<const Node*>& scans, std::size_t count,
                                              double largest) const {
    const Node& scan_node = **std::max_element(
        scans.begin(), scans.end(), [](const Node* a, const Node* b) { return a->solutions < b->solutions; });
    const auto& scan = std::get<Scan>(scan_node.op);
    IdRange all{0, ~std::uint64_t{0}};
    if (scan.ranges) {
      if (scan.ranges->empty()) return {};
      all = {scan.ranges->front().first, scan.ranges->back().last};
    }
    const std::vector<std::uint64_t> cuts = scan_quantiles(scan, version_, all, count);
    std::vector<IdRange> parts = {{0, ~std::uint64_t{0}}};
    std::size_t since = 0;  // quantiles in the last part
    std::size_t most = 0;
    for (const std::uint64_t value : cuts) {
      ++since;
      if (value <= std::max(parts.back().first, all.first)) continue;
      most = std::max(most, std::exchange(since, 0));
      parts.back().last = value - 1;
      parts.push_back({value, ~std::uint64_t{0}});
    }
    most = std::max(most, since + 1);
    if (static_cast<double>(most) > largest * static_cast<double>(cuts.size() + 1)) return {};
    return parts;
  }

  const storage::Version& version_;
  const ParallelOptions& options_;
  Cuts cuts_;
  std::vector<NodePtr> kept_;  // of which cuts_ knows
};

}  // namespace

NodePtr parallelized(NodePtr plan, const storage::Version& version, const ParallelOptions& options,
                     std::optional<std::uint64_t> limit) {
  if (options.threads < 2) return plan;
  Reader reader;
  if (limit) reader.limit = static_cast<double>(*limit);
  return Parallelizer(version, options).plan(plan, reader);
}

}  // namespace akyn::plan

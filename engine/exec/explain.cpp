#include "engine/exec/explain.h"

#include <array>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "engine/algebra/print.h"
#include "engine/exec/path_search_operator.h"

namespace akyn::exec {

namespace {

constexpr std::size_t kFigures = 72;  // the column in which figures begin

// One operator in words.
struct Line {
  std::string name;
  std::string details;
};

class Describer {
 public:
  explicit Describer(Run& run) : run_(run) {}

  [[nodiscard]] std::string variable(Slot slot) const {
    return slot < run_.variables().size() ? "?" + run_.variables().name(slot) : fmt::format("?.{}", slot);
  }
  [[nodiscard]] std::string variables(const std::vector<Slot>& slots) const {
    std::string text;
    for (const Slot slot : slots) text += (text.empty() ? "" : " ") + variable(slot);
    return text;
  }
  [[nodiscard]] std::string term(Id id) const { return id.is_bound() ? run_.terms().term(id).to_string() : "UNDEF"; }
  [[nodiscard]] std::string position(const plan::Position& position) const {
    if (position.is_constant()) return term(position.id);
    return position.slot ? variable(*position.slot) : "*";
  }
  [[nodiscard]] std::string expressions(const std::vector<algebra::Expression>& conditions) const {
    std::string text;
    for (const algebra::Expression& condition : conditions) {
      text += (text.empty() ? "" : " && ") + algebra::to_string(*condition, run_.variables());
    }
    return text;
  }

  Line operator()(const plan::Unit&) const { return {"unit", ""}; }
  Line operator()(const plan::Empty&) const { return {"nothing", ""}; }
  Line operator()(const plan::Rows& op) const {
    if (op.rows.size() != 1) return {"values", fmt::format("{} rows of {}", op.rows.size(), variables(op.slots))};
    std::string text;
    for (std::size_t i = 0; i < op.slots.size(); ++i) {
      text += (i == 0 ? "" : ", ") + variable(op.slots[i]) + " = " + term(op.rows[0][i]);
    }
    return {"values", text};
  }
  Line operator()(const plan::Scan& op) const {
    static constexpr std::array<std::string_view, 9> kOrders = {"SPO", "SOP",  "PSO",  "POS", "OSP",
                                                                "OPS", "GSPO", "GPOS", "GOSP"};
    std::string text = std::string(kOrders[static_cast<std::size_t>(op.order)]) + "  " + position(op.triple[0]) + ' ' +
                       position(op.triple[1]) + ' ' + position(op.triple[2]);
    if (op.graph_name) text += " in " + variable(*op.graph_name);
    if (op.ranges) text += fmt::format(", in {} range{} of Ids", op.ranges->size(), op.ranges->size() == 1 ? "" : "s");
    return {"scan", text};
  }
  Line operator()(const plan::Path& op) const {
    const auto end = [&](const algebra::PatternTerm& term) {
      if (const auto* constant = std::get_if<algebra::Constant>(&term)) return constant->term.to_string();
      return variable(std::get<algebra::Variable>(term).slot);
    };
    return {"path",
            end(op.pattern.subject) + ' ' + algebra::to_string(*op.pattern.path) + ' ' + end(op.pattern.object)};
  }
  Line operator()(const plan::PathSearch& op) const {
    std::string text = algebra::to_string(*op.search, run_.variables());
    text.erase(0, text.find(' ') + 1);
    using Wanted = plan::PathSearch::Wanted;
    if (op.wanted == Wanted::whether) text += ", ends only";
    if (op.wanted == Wanted::number) text += ", without paths";
    if (op.wanted == Wanted::length) text += ", lengths only";
    return {"search paths", text};
  }
  Line operator()(const plan::Unnest& op) const {
    return {"unnest", algebra::to_string(*op.unnest.expression, run_.variables()) + " as " +
                          variables({op.unnest.position, op.unnest.from, op.unnest.edge, op.unnest.to})};
  }
  Line operator()(const plan::KeptKeys& op) const { return {"keys of kept rows", fmt::format("#{}", op.number)}; }
  Line operator()(const plan::KeptRows& op) const { return {"kept rows", fmt::format("#{}", op.number)}; }
  Line operator()(const plan::Keep& op) const { return {"keep", fmt::format("#{}", op.number)}; }
  Line operator()(const plan::Join& op) const {
    static constexpr std::array<std::string_view, 4> kKinds = {"join", "left join", "semi join", "anti join"};
    static constexpr std::array<std::string_view, 3> kMethods = {"merge ", "hash ", "look-up "};
    Line line;
    line.name = std::string(kMethods[static_cast<std::size_t>(op.method)]) +
                std::string(kKinds[static_cast<std::size_t>(op.kind)]);
    if (!op.keys.empty()) line.details = "on " + variables(op.keys);
    if (!op.loose.empty()) line.details += (line.details.empty() ? "with " : " with ") + variables(op.loose);
    if (!op.conditions.empty()) line.details += " where " + expressions(op.conditions);
    return line;
  }
  Line operator()(const plan::Leapfrog& op) const { return {"leapfrog join", "on " + variables(op.variables)}; }
  Line operator()(const plan::TripleParts& op) const {
    return {"triple term", variable(op.term) + " = <<( " + position(op.parts[0]) + ' ' + position(op.parts[1]) + ' ' +
                               position(op.parts[2]) + " )>>"};
  }
  Line operator()(const plan::Union& op) const {
    return {"union", op.sorted.empty() ? "" : "sorted by " + variables(op.sorted)};
  }
  Line operator()(const plan::Filter& op) const { return {"filter", expressions(op.conditions)}; }
  Line operator()(const plan::Extend& op) const {
    std::string text;
    for (const auto& [slot, expression] : op.bindings) {
      text += (text.empty() ? "" : ", ") + variable(slot) + " = " + algebra::to_string(*expression, run_.variables());
    }
    return {"bind", text};
  }
  Line operator()(const plan::Service& op) const {
    const auto* constant = std::get_if<algebra::Constant>(&op.service.endpoint);
    return {"service", constant != nullptr ? constant->term.to_string()
                                           : variable(std::get<algebra::Variable>(op.service.endpoint).slot)};
  }
  Line operator()(const plan::GraphLoop& op) const { return {"for each graph", variable(op.name)}; }
  Line operator()(const plan::InGraph&) const { return {"in a graph", ""}; }
  Line operator()(const plan::Group& op) const {
    std::string text = op.keys.empty() ? "" : "by " + variables(op.keys);
    for (const plan::Group::Aggregate& aggregate : op.aggregates) {
      text += (text.empty() ? "" : ", ") + std::string("for ") + variable(aggregate.aggregate.slot);
    }
    return {op.sorted ? "group sorted rows" : op.partial ? "group some rows" : "group", text};
  }
  Line operator()(const plan::Distinct& op) const { return {op.sorted ? "distinct of sorted rows" : "distinct", ""}; }
  Line operator()(const plan::Reduced&) const { return {"reduced", ""}; }
  Line operator()(const plan::Sort& op) const {
    std::string text;
    for (const plan::Sort::Key& key : op.keys) {
      text += (text.empty() ? "by " : ", ") + variable(key.slot) + (key.descending ? " descending" : "");
    }
    if (op.limit) text += fmt::format(", first {}", *op.limit);
    return {"sort", text};
  }
  Line operator()(const plan::Slice& op) const {
    std::string text = op.limit ? fmt::format("{} rows", *op.limit) : "all rows";
    if (op.offset != 0) text += fmt::format(" after {}", op.offset);
    return {"slice", text};
  }
  Line operator()(const plan::Project&) const { return {"project", ""}; }
  Line operator()(const plan::Parallel& op) const { return {"parallel", fmt::format("{} parts", op.parts.size())}; }

 private:
  Run& run_;
};

std::string number(double value) {
  return fmt::format("{:.0f}", std::round(value));
}

double milliseconds(const OperatorProfile& profile) {
  return std::chrono::duration<double, std::milli>(profile.time).count();
}

class Explanation {
 public:
  Explanation(Evaluation& evaluation, bool analyzed)
      : evaluation_(evaluation), describer_(evaluation.run()), analyzed_(analyzed) {
    if (analyzed) evaluation.finish();
  }

  void text(const plan::Node& node, std::size_t depth, std::string& out) {
    const Line line = line_of(node);
    std::string row(2 * depth, ' ');
    row += line.name;
    if (!line.details.empty()) row += "  " + line.details;
    if (node.inputs.empty() == false && std::holds_alternative<plan::Project>(node.op)) {
      row += "  " + describer_.variables(node.columns);
    }
    if (row.size() < kFigures) row.resize(kFigures, ' ');
    row += "  expected " + number(node.solutions);
    if (const OperatorProfile* profile = profile_of(node)) {
      row += fmt::format(", got {}", profile->solutions);
      if (profile->rows != profile->solutions) row += fmt::format(" in {} rows", profile->rows);
      row += fmt::format(", {:.3f} ms", milliseconds(*profile));
      if (profile->scan.blocks_read + profile->scan.blocks_skipped != 0) {
        row += fmt::format(", blocks {} read, {} skipped", profile->scan.blocks_read, profile->scan.blocks_skipped);
      }
    }
    out += row + '\n';
    for (const plan::NodePtr& input : node.inputs) text(*input, depth + 1, out);
  }

  void json(const plan::Node& node, std::string& out) {
    const Line line = line_of(node);
    out += "{\"operator\":" + quoted(line.name);
    if (!line.details.empty()) out += ",\"details\":" + quoted(line.details);
    out += ",\"columns\":" + list(node.columns) + ",\"sorted\":" + list(node.sorted);
    out += ",\"expected_solutions\":" + number(node.solutions) + ",\"expected_rows\":" + number(node.rows) +
           ",\"cost\":" + number(node.cost);
    if (const OperatorProfile* profile = profile_of(node)) {
      out += fmt::format(",\"solutions\":{},\"rows\":{},\"milliseconds\":{:.3f}", profile->solutions, profile->rows,
                         milliseconds(*profile));
      if (profile->scan.blocks_read + profile->scan.blocks_skipped != 0) {
        out += fmt::format(",\"blocks_read\":{},\"blocks_skipped\":{}", profile->scan.blocks_read,
                           profile->scan.blocks_skipped);
      }
    }
    out += ",\"inputs\":[";
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (i != 0) out += ',';
      json(*node.inputs[i], out);
    }
    out += "]}";
  }

 private:
  [[nodiscard]] Line line_of(const plan::Node& node) {
    Line line = std::visit(describer_, node.op);
    if (std::holds_alternative<plan::PathSearch>(node.op)) {
      const auto& operators = evaluation_.builder().operators();
      const auto found = operators.find(&node);
      const auto* search =
          found == operators.end() ? nullptr : dynamic_cast<const PathSearchOperator*>(found->second.front());
      if (search != nullptr) line.details += fmt::format(", {}", search->method());
    }
    return line;
  }
  [[nodiscard]] const OperatorProfile* profile_of(const plan::Node& node) {
    if (!analyzed_) return nullptr;
    const auto& operators = evaluation_.builder().operators();
    const auto found = operators.find(&node);
    if (found == operators.end()) return nullptr;
    profile_ = {};
    for (const Operator* const each : found->second) profile_ += each->profile();
    return &profile_;
  }
  [[nodiscard]] std::string list(const std::vector<Slot>& slots) const {
    std::string text = "[";
    for (std::size_t i = 0; i < slots.size(); ++i) text += (i == 0 ? "" : ",") + quoted(describer_.variable(slots[i]));
    return text + "]";
  }
  [[nodiscard]] static std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        result += '\\';
        result += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
      } else {
        result += c;
      }
    }
    return result + '"';
  }

  Evaluation& evaluation_;
  Describer describer_;
  bool analyzed_;
  OperatorProfile profile_;
};

}  // namespace

std::string explain_text(Evaluation& evaluation, bool analyzed) {
  std::string out;
  Explanation(evaluation, analyzed).text(evaluation.plan(), 0, out);
  return out;
}

std::string explain_json(Evaluation& evaluation, bool analyzed) {
  std::string out;
  Explanation(evaluation, analyzed).json(evaluation.plan(), out);
  return out + '\n';
}

}  // namespace akyn::exec

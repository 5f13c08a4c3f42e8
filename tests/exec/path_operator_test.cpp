// Searches for paths against the oracle.
#include "engine/exec/path_operator.h"

#include <array>
#include <deque>
#include <map>
#include <random>

#include "tests/exec/support.h"

namespace akyn::exec::test {

namespace {

using Rows = std::vector<std::vector<std::uint64_t>>;
using Multiset = std::map<std::vector<std::uint64_t>, std::uint64_t>;

using runtime::Solutions;

class LiteralRows final : public Operator {
 public:
  LiteralRows(Run& run, std::vector<Slot> columns, Rows rows, std::size_t batch_rows, bool counted)
      : Operator(run, std::move(columns)), rows_(std::move(rows)), batch_rows_(batch_rows), counted_(counted) {}

 protected:
  bool produce(Batch& out) override {
    const bool counted = counted_ && batches_++ % 2 == 0;  // as a UNION of counted and other rows gives them
    for (; at_ < rows_.size() && out.rows() < batch_rows_; ++at_) {
      for (std::size_t i = 0; i < rows_[at_].size(); ++i) out.values(i).push_back(rows_[at_][i]);
      if (counted) out.count_values().push_back(1);
      out.set_rows(out.rows() + 1);
    }
    return out.rows() != 0;
  }

 private:
  Rows rows_;
  std::size_t batch_rows_;
  bool counted_;
  std::size_t batches_ = 0;
  std::size_t at_ = 0;
};

// A random number source with the draws that tests of paths need.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] std::size_t below(std::size_t end) { return random_() % end; }
  [[nodiscard]] bool one_in(std::size_t chances) { return below(chances) == 0; }
  template <class Range>
  [[nodiscard]] const auto& of(const Range& range) {
    return range[below(range.size())];
  }

  [[nodiscard]] std::string node() { return std::string(of(kNodes)); }
  [[nodiscard]] std::string term() { return one_in(6) ? std::string(of(kStrangers)) : node(); }
  [[nodiscard]] std::string triple() {
    std::string subject = node();
    while (subject.front() != ':') subject = node();
    return subject + ' ' + std::string(of(kPredicates)) + ' ' + node();
  }
  [[nodiscard]] std::string negated() {
    std::string members;
    for (std::size_t i = 0, count = 1 + below(3); i < count; ++i) {
      members += (i == 0 ? "" : "|") + std::string(one_in(3) ? "^" : "") + predicate();
    }
    return "!(" + members + ")";
  }
  [[nodiscard]] std::string negated_one_way() {
    const std::string mark = one_in(2) ? "^" : "";
    return one_in(2) ? "!" + mark + predicate() : "!(" + mark + predicate() + "|" + mark + predicate() + ")";
  }
  [[nodiscard]] std::string repeated(std::size_t depth) {
    return "(" + path(depth) + ")" + std::string(of(kModifiers));
  }
  [[nodiscard]] std::string path(std::size_t depth) {
    const std::size_t kind = depth == 0 ? below(3) : below(9);
    if (kind == 0) return "^" + predicate();
    if (kind == 1) return negated();
    if (kind <= 3) return predicate();
    if (kind == 4) return "(" + path(depth - 1) + "/" + path(depth - 1) + ")";
    if (kind == 5) return "(" + path(depth - 1) + "|" + path(depth - 1) + ")";
    if (kind == 6) return "^(" + path(depth - 1) + ")";
    return repeated(depth - 1);
  }

 private:
  [[nodiscard]] std::string predicate() { return one_in(12) ? ":z" : std::string(of(kPredicates)); }

  static constexpr std::array<std::string_view, 12> kNodes = {":n0", ":n1", ":n2", ":n3",    ":n4", ":n5",
                                                              ":n6", ":n7", ":p",  "'text'", "5",   "1.5e0"};
  static constexpr std::array<std::string_view, 4> kStrangers = {":nowhere", "77", "'strange'", ":g1"};
  static constexpr std::array<std::string_view, 3> kPredicates = {":p", ":q", ":r"};
  static constexpr std::array<std::string_view, 3> kModifiers = {"*", "+", "?"};

  std::mt19937_64 random_;
};

void find_paths(const algebra::NodePtr& node, std::vector<const algebra::PathPattern*>& out) {
  if (const auto* path = std::get_if<algebra::PathPattern>(&node->op)) out.push_back(path);
  for (const algebra::NodePtr& input : node->inputs) find_paths(input, out);
}

PathEnd end_of(const algebra::PatternTerm& term, LocalTerms& terms) {
  if (const auto* variable = std::get_if<algebra::Variable>(&term)) return variable->slot;
  const auto& constant = std::get<algebra::Constant>(term);
  return constant.id.is_bound() ? constant.id : terms.id(constant.term);
}

Multiset rows_of(Operator& source) {
  Multiset rows;
  Batch batch;
  while (source.next(batch)) {
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      std::vector<std::uint64_t> row;
      for (std::size_t column = 0; column < batch.width(); ++column) row.push_back(batch.column(column)[i]);
      rows[row] += batch.count(i);
    }
  }
  return rows;
}

Multiset rows_of(const Solutions& solutions, const std::vector<Slot>& columns) {
  Multiset rows;
  for (std::size_t i = 0; i < solutions.size(); ++i) {
    std::vector<std::uint64_t> row;
    for (const Slot column : columns) {
      const auto place = std::find(solutions.slots().begin(), solutions.slots().end(), column);
      const auto at = static_cast<std::size_t>(place - solutions.slots().begin());
      row.push_back(place == solutions.slots().end() ? 0 : solutions.row(i)[at].bits());
    }
    ++rows[row];
  }
  return rows;
}

std::string listing(const Multiset& rows, const LocalTerms& terms) {
  std::string text;
  for (const auto& [row, count] : rows) {
    for (const std::uint64_t bits : row) text += test::text_of(terms.term(Id::from_bits(bits))) + ' ';
    text += "x" + std::to_string(count) + "\n";
  }
  return text;
}

// What the active graph of a pattern is, in words of SPARQL.
struct Scope {
  std::string clauses;
  std::string graph;  // of a GRAPH around the pattern
  bool union_default = false;
};

Scope random_scope(Draw& draw) {
  switch (draw.below(6)) {
    case 0:
      return {"", ":g1", false};
    case 1:
      return {"FROM :g1 FROM :g2", "", false};
    case 2:
      return {"FROM :g1 FROM :g2 FROM :g3 FROM :g4 FROM :g5 FROM :nowhere", "", false};
    case 3:
      return {"", "", true};
    case 4:
      return {"FROM NAMED :g1 FROM NAMED :g2", ":g2", false};
    default:
      return {};
  }
}

struct Case {
  Scope scope;
  std::string path;
  std::string subject;
  std::string object;
  PathJoin join = PathJoin::inner;
  std::vector<std::string> variables;          // of VALUES; none: no input
  std::vector<std::vector<std::string>> rows;  // UNDEF among them
};

Case random_case(Draw& draw) {
  Case result;
  result.scope = random_scope(draw);
  result.path = draw.one_in(6) ? draw.negated_one_way() : draw.repeated(2);
  result.subject = draw.one_in(3) ? draw.term() : "?x";
  result.object = draw.one_in(3) ? draw.term() : draw.one_in(5) ? "?x" : "?y";
  const bool has_rows = draw.below(3) != 0;
  if (!has_rows) return result;
  result.join = draw.of(
      std::array{PathJoin::inner, PathJoin::inner, PathJoin::left, PathJoin::semi, PathJoin::anti, PathJoin::minus});
  result.variables = draw.of(std::array<std::vector<std::string>, 4>{
      std::vector<std::string>{"?x"}, {"?y", "?other"}, {"?x", "?y"}, {"?other", "?y", "?x"}});
  for (std::size_t i = 0, count = draw.one_in(8) ? 150 : draw.below(8); i < count; ++i) {
    std::vector<std::string>& row = result.rows.emplace_back();
    for (std::size_t column = 0; column < result.variables.size(); ++column) {
      row.push_back(draw.one_in(10) ? "UNDEF" : draw.term());
    }
  }
  return result;
}

std::string query_of(const Case& c) {
  std::string pattern = c.subject + ' ' + c.path + ' ' + c.object;
  std::string values;
  if (!c.variables.empty()) {
    values = "VALUES (";
    for (const std::string& variable : c.variables) values += variable + ' ';
    values += ") {";
    for (const auto& row : c.rows) {
      values += " (";
      for (const std::string& term : row) values += term + ' ';
      values += ")";
    }
    values += " } ";
  }
  switch (c.join) {
    case PathJoin::inner:
      break;
    case PathJoin::left:
      pattern = "OPTIONAL { " + pattern + " }";
      break;
    case PathJoin::semi:
      pattern = "FILTER EXISTS { " + pattern + " }";
      break;
    case PathJoin::anti:
      pattern = "FILTER NOT EXISTS { " + pattern + " }";
      break;
    case PathJoin::minus:
      pattern = "MINUS { " + pattern + " }";
      break;
  }
  const std::string graph = c.scope.graph.empty() ? "" : "GRAPH " + c.scope.graph;
  return "SELECT * " + c.scope.clauses + " WHERE { " + graph + " { " + values + pattern + " } }";
}

// The path of a query inside the pattern of an EXISTS is found by asking for the pattern alone.
std::string pattern_query_of(Case c) {
  c.join = PathJoin::inner;
  c.rows.clear();
  return query_of(c);
}

// `lookup_cost` 0: edges are read node by node only.
void check_case(TestStore& store, const Case& c, std::size_t batch_rows, bool counted, std::uint64_t lookup_cost) {
  const std::string text = query_of(c);
  INFO(text);
  LocalTerms terms = store.terms();
  Environment environment;
  environment.union_default_graph = c.scope.union_default;
  const algebra::Query query = translated(text);
  const algebra::Query own = translated(pattern_query_of(c));
  Run run(own, terms, environment);

  std::vector<const algebra::PathPattern*> paths;
  find_paths(own.root, paths);
  REQUIRE(paths.size() == 1);
  runtime::ActiveGraph active = run.dataset().default_graph();
  if (!c.scope.graph.empty()) {
    const auto named = run.dataset().named(terms.id(iri("http://example/" + c.scope.graph.substr(1))), run.budget());
    if (!named) return;
    active = *named;
  }
  const auto slot_of = [](const algebra::Query& in, const std::string& variable) {
    for (Slot slot = 0;; ++slot) {
      if (in.variables.name(slot) == variable.substr(1)) return slot;
    }
  };
  OperatorPtr input;
  if (!c.variables.empty()) {
    std::vector<Slot> columns;
    for (const std::string& variable : c.variables) columns.push_back(slot_of(own, variable));
    // The terms themselves, by way of the parser.
    Rows rows;
    std::string values = "SELECT * { VALUES (?a) {";
    for (const auto& row : c.rows) {
      for (const std::string& term : row) values += "(" + term + ")";
    }
    const Solutions cells = oracle::evaluate_pattern(translated(values + " } }"), terms, environment);
    for (std::size_t i = 0; i < c.rows.size(); ++i) {
      auto& row = rows.emplace_back();
      for (std::size_t column = 0; column < columns.size(); ++column) {
        row.push_back(cells.row(i * columns.size() + column)[0].bits());
      }
    }
    input = std::make_unique<LiteralRows>(run, columns, std::move(rows), batch_rows, counted);
  }

  PathOperator paths_operator(run, std::make_shared<path::Graph>(active, terms, run.budget(), lookup_cost),
                              *paths[0]->path, end_of(paths[0]->subject, terms), end_of(paths[0]->object, terms),
                              std::move(input), c.join);
  std::vector<Slot> expected_columns;
  for (const Slot slot : paths_operator.columns()) {
    expected_columns.push_back(slot_of(query, '?' + own.variables.name(slot)));
  }
  const Multiset expected = rows_of(oracle::evaluate_pattern(query, terms, environment), expected_columns);
  const Multiset actual = rows_of(paths_operator);
  CHECK(listing(actual, terms) == listing(expected, terms));
}

std::string random_data(Draw& draw) {
  std::string data;
  for (std::size_t i = 0, count = 2 + draw.below(16); i < count; ++i) data += draw.triple() + " . ";
  for (const char* graph : {":g1", ":g2", ":g3", ":g4", ":g5"}) {
    data += std::string(graph) + " { ";
    for (std::size_t i = 0, count = draw.below(8); i < count; ++i) data += draw.triple() + " . ";
    data += "} ";
  }
  return data;
}

// A few commits that insert and delete.
void change(TestStore& store, Draw& draw) {
  for (std::size_t i = 0, count = 1 + draw.below(3); i < count; ++i) {
    store.update("INSERT DATA { " + draw.triple() + " . GRAPH :g1 { " + draw.triple() + " } GRAPH :g2 { " +
                 draw.triple() + " } }");
    store.update("DELETE WHERE { ?s " + std::string(draw.one_in(2) ? ":p " : ":q ") + draw.node() + " }");
    if (draw.one_in(3)) store.update("CLEAR SILENT GRAPH :g3");
  }
}

}  // namespace

TEST_CASE("path searches give what the oracle gives") {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Draw draw(seed);
    TestStore store(random_data(draw));
    if (draw.one_in(2)) change(store, draw);
    for (int i = 0; i < 50; ++i) {
      check_case(store, random_case(draw), draw.of(std::array<std::size_t, 3>{1, 3, 1000}), draw.one_in(2),
                 draw.of(std::array<std::uint64_t, 3>{0, 8, path::Graph::kLookupCost}));
    }
  }
}

namespace {

// :n0 :p :n1 . :n1 :p :n2 ... and back to :n0 when `closed`.
std::string chain(std::size_t nodes, bool closed) {
  std::string data;
  for (std::size_t i = 0; i + (closed ? 0 : 1) < nodes; ++i) {
    data += ":n" + std::to_string(i) + " :p :n" + std::to_string((i + 1) % nodes) + " . ";
  }
  return data;
}

// A run of `SELECT * { ?x PATH ?y }`.
struct PathRun {
  PathRun(TestStore& store, const std::string& path, const Environment& environment = {})
      : query(translated("SELECT * { ?x " + path + " ?y }")),
        terms(store.terms()),
        run(query, terms, environment),
        graph(std::make_shared<path::Graph>(run.dataset().default_graph(), terms, run.budget())) {
    std::vector<const algebra::PathPattern*> paths;
    find_paths(query.root, paths);
    pattern = paths.at(0);
    x = std::get<algebra::Variable>(pattern->subject).slot;
    y = std::get<algebra::Variable>(pattern->object).slot;
  }
  [[nodiscard]] Id node(std::size_t i) { return terms.id(iri("http://example/n" + std::to_string(i))); }
  [[nodiscard]] std::unique_ptr<PathOperator> search(const PathEnd& subject, const PathEnd& object,
                                                     OperatorPtr input = nullptr) {
    return std::make_unique<PathOperator>(run, graph, *pattern->path, subject, object, std::move(input));
  }

  algebra::Query query;
  LocalTerms terms;
  Run run;
  std::shared_ptr<path::Graph> graph;
  const algebra::PathPattern* pattern = nullptr;
  Slot x = 0;
  Slot y = 0;
};

}  // namespace

TEST_CASE("pairs of a path come in ascending order of the subject") {
  TestStore store(chain(300, false));
  PathRun paths(store, ":p+");
  const auto search = paths.search(paths.x, paths.y);
  Batch batch;
  std::uint64_t last = 0;
  std::size_t rows = 0;
  while (search->next(batch)) {
    rows += batch.rows();
    for (const std::uint64_t subject : batch.column(0)) {
      CHECK(subject >= last);
      last = subject;
    }
  }
  CHECK(rows == 300 * 299 / 2);
}

TEST_CASE("the first ends of a path come before the last are found") {
  TestStore store(chain(2000, false));
  PathRun paths(store, ":p+");
  Batch batch;
  REQUIRE(paths.search(paths.node(0), paths.y)->next(batch));
  CHECK(batch.rows() < 100);
  CHECK(paths.graph->nodes() < 1000);
}

TEST_CASE("a path keeps the order and the counts of its input") {
  TestStore store(chain(9000, true));
  PathRun paths(store, ":p+");
  // Every node reaches all of them: far more than is kept of a group of starts.
  Rows rows;
  for (std::size_t i = 0; i < 70; ++i) rows.push_back({paths.node(i * 13 % 70).bits()});
  auto input = std::make_unique<LiteralRows>(paths.run, std::vector{paths.x}, rows, 1000, true);
  const auto search = paths.search(paths.x, paths.y, std::move(input));
  Batch batch;
  std::vector<std::uint64_t> subjects;
  std::uint64_t solutions = 0;
  while (search->next(batch)) {
    REQUIRE(batch.counted());
    solutions += batch.solutions();
    for (const std::uint64_t subject : batch.column(0)) {
      if (subjects.empty() || subjects.back() != subject) subjects.push_back(subject);
    }
  }
  CHECK(solutions == 70 * 9000);
  REQUIRE(subjects.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(subjects[i] == rows[i][0]);
}

TEST_CASE("nodes on cycles") {
  TestStore store(chain(50, true) + ":n1 :p :x . :x :p :y . :z :p :z . :n7 :p :n7 .");
  PathRun paths(store, ":p+");
  const auto search = paths.search(paths.x, paths.x);
  CHECK(rows_of(*search).size() == 51);
}

TEST_CASE("a path search needs memory within the limit") {
  TestStore store(chain(5000, true));
  Environment environment;
  environment.limits.max_bytes = 100'000;
  PathRun paths(store, ":p+", environment);
  const auto search = paths.search(paths.node(0), paths.y);
  CHECK(error_of([&] { static_cast<void>(rows_of(*search)); }).find("memory limit") != std::string::npos);
}

TEST_CASE("a graph forgets edges that take too much memory, unless it is in use") {
  TestStore store(chain(500, true));
  Environment environment;
  environment.limits.max_bytes = 40'000;
  PathRun paths(store, ":p+", environment);
  path::Graph& graph = *paths.graph;
  const Id p = paths.terms.id(iri("http://example/p"));
  const path::Graph::LabelNumber label = graph.label({false, false, {p}});
  const auto next_of = [&](std::size_t i) {
    const path::Node node = graph.node(paths.node(i));
    graph.load(label, {&node, 1});
    const auto next = graph.neighbours(label, node);
    return next.size() == 1 ? graph.id(next[0]) : Id();
  };
  for (std::size_t i = 0; i < 300; ++i) REQUIRE(next_of(i) == paths.node(i + 1));
  {
    const path::Graph::Use use(graph);
    graph.forget_if_large();
    CHECK(graph.nodes() > 300);
  }
  graph.forget_if_large();
  CHECK(graph.nodes() == 0);
  CHECK(next_of(7) == paths.node(8));
}

}  // namespace akyn::exec::test

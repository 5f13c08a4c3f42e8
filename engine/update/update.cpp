#include "engine/update/update.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/algebra/translate.h"
#include "engine/runtime/instantiator.h"
#include "engine/update/modify.h"

namespace akyn::update {

using storage::GraphScope;
using storage::kDefaultGraph;
using storage::QuadIds;
using storage::TriplePattern;

namespace {

GraphScope scope_of(Id graph) {
  return graph.is_bound() ? GraphScope::named(graph) : GraphScope::default_graph();
}

class Request {
 public:
  Request(storage::Writer& writer, const runtime::Environment& environment, const LoadAccess& load_access)
      : writer_(writer), environment_(environment), load_access_(load_access), budget_(writer, environment.limits) {}

  void run(const sparql::UpdateOperation& operation) {
    const std::size_t savepoint = writer_.savepoint();
    try {
      budget_.check();
      std::visit([&](const auto& node) { execute(node); }, operation.node);
    } catch (const UnreadableDocument&) {
      if (!is_silent(operation)) throw;
      writer_.rollback_to(savepoint);
    } catch (const Error& error) {
      const bool stopped = error.code() == ErrorCode::cancelled || error.code() == ErrorCode::timeout ||
                           error.code() == ErrorCode::limit || error.code() == ErrorCode::corruption ||
                           error.code() == ErrorCode::io || error.code() == ErrorCode::internal;
      if (stopped || !is_silent(operation)) throw;
      writer_.rollback_to(savepoint);
    }
  }

 private:
  [[nodiscard]] static bool is_silent(const sparql::UpdateOperation& operation) {
    return std::visit(
        [](const auto& node) {
          if constexpr (requires { node.silent; }) return node.silent;
          return false;
        },
        operation.node);
  }

  // ---------------------------------------------------------------- graph management (3.2)

  void execute(const sparql::LoadOperation& operation) {
    load_document(operation.source, operation.into, load_access_, writer_, environment_.limits, budget_);
  }
  void execute(const sparql::CreateOperation& operation) {
    if (graph_exists(operation.graph)) {
      throw Error(ErrorCode::invalid_argument, "the graph " + operation.graph.to_string() + " exists already");
    }
  }
  void execute(const sparql::ClearOperation& operation) { clear(operation.target); }
  void execute(const sparql::DropOperation& operation) { clear(operation.target); }
  void execute(const sparql::TransferOperation& operation) {
    const std::optional<Id> from = existing(operation.from);
    if (!from) missing(operation.from.iri);
    const Id to =
        operation.to.kind == sparql::GraphTarget::Kind::graph ? writer_.intern(operation.to.iri.view()) : kDefaultGraph;
    if (*from == to) return;
    if (operation.kind == sparql::TransferOperation::Kind::move) return writer_.move_graph(*from, to, check_);
    if (operation.kind == sparql::TransferOperation::Kind::copy) writer_.clear_graph(to, check_);
    for_each_quad(scope_of(*from), [&](QuadIds quad) {
      quad.graph = to;
      writer_.insert(quad);
    });
  }

  // A store that does not record empty graphs has none that is missing (3.1.5, 3.2.2).
  void clear(const sparql::GraphTarget& target) {
    switch (target.kind) {
      case sparql::GraphTarget::Kind::default_graph:
        writer_.clear_graph(kDefaultGraph, check_);
        return;
      case sparql::GraphTarget::Kind::all_named:
        return clear_named_graphs();
      case sparql::GraphTarget::Kind::all:
        writer_.clear_graph(kDefaultGraph, check_);
        return clear_named_graphs();
      case sparql::GraphTarget::Kind::graph:
        break;
    }
    if (const std::optional<Id> graph = existing(target)) writer_.clear_graph(*graph, check_);
  }
  void clear_named_graphs() {
    for (const Id graph : writer_.snapshot()->named_graphs()) writer_.clear_graph(graph, check_);
  }

  [[noreturn]] static void missing(const Term& graph) {
    throw Error(ErrorCode::not_found, "there is no graph " + graph.to_string());
  }

  // The Id of a single graph; nothing for a named one that is not there.
  [[nodiscard]] std::optional<Id> existing(const sparql::GraphTarget& target) const {
    if (target.kind != sparql::GraphTarget::Kind::graph) return kDefaultGraph;
    if (!graph_exists(target.iri)) return std::nullopt;
    return writer_.snapshot()->find(target.iri.view());
  }
  [[nodiscard]] bool graph_exists(const Term& name) const {
    const auto snapshot = writer_.snapshot();
    const Id graph = snapshot->find(name.view());
    if (!graph.is_bound()) return false;
    storage::ScanBatch batch;
    return snapshot->scan(TriplePattern{}, GraphScope::named(graph))->next(batch);
  }

  template <class Use>
  void for_each_quad(GraphScope scope, Use use) {
    const auto scan = writer_.snapshot()->scan(TriplePattern{}, scope);
    storage::ScanBatch batch;
    while (scan->next(batch)) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        budget_.step();
        use(batch.row(i));
      }
    }
  }

  // ---------------------------------------------------------------- data (3.1.1, 3.1.2)

  void execute(const sparql::InsertData& operation) {
    for (const sparql::QuadPattern& pattern : operation.quads) {
      budget_.step();
      const Id subject = data_term(pattern.triple.subject);
      const Id predicate = data_term(verb_term(pattern.triple.verb));
      const Id object = data_term(pattern.triple.object);
      writer_.insert({subject, predicate, object, data_graph(pattern)});
    }
  }

  // Without interning: what the store does not hold cannot be deleted from it.
  void execute(const sparql::DeleteData& operation) {
    runtime::LocalTerms terms(writer_.snapshot());
    algebra::VariableTable variables;
    for (const sparql::QuadPattern& pattern : operation.quads) {
      budget_.step();
      std::vector<std::string> labels;
      runtime::Instantiator instantiator({}, terms);
      const auto triple = instantiator.triple(algebra::translate_template(pattern.triple, variables, labels));
      Id graph = kDefaultGraph;
      if (pattern.graph) graph = terms.id(std::get<sparql::Constant>(*pattern.graph).term);
      if (!triple) continue;
      const QuadIds quad{triple->subject, triple->predicate, triple->object, graph};
      if (quad.is_stored()) writer_.remove(quad);
    }
  }

  [[nodiscard]] static sparql::TermPattern verb_term(const sparql::Verb& verb) {
    if (const auto* constant = std::get_if<sparql::Constant>(&verb)) return *constant;
    throw Error(ErrorCode::syntax, "data holds a variable or a property path as predicate");
  }
  [[nodiscard]] Id data_graph(const sparql::QuadPattern& pattern) {
    if (!pattern.graph) return kDefaultGraph;
    return writer_.intern(std::get<sparql::Constant>(*pattern.graph).term.view());
  }
  [[nodiscard]] Id data_term(const sparql::TermPattern& pattern) { return writer_.intern(data_value(pattern).view()); }
  // As a term in which blank nodes carry the labels of their new nodes.
  [[nodiscard]] Term data_value(const sparql::TermPattern& pattern) {
    if (const auto* constant = std::get_if<sparql::Constant>(&pattern)) return constant->term;
    if (const auto* blank = std::get_if<sparql::BlankNode>(&pattern)) {
      const auto [place, is_new] = blanks_.try_emplace(blank->label);
      if (is_new) place->second = writer_.snapshot()->term(writer_.new_blank());
      return place->second;
    }
    if (const auto* nested = std::get_if<sparql::Box<sparql::TripleTermPattern>>(&pattern)) {
      return triple_term(data_value((*nested)->subject), data_value((*nested)->predicate),
                         data_value((*nested)->object));
    }
    throw Error(ErrorCode::syntax, "data holds a variable");
  }

  // ---------------------------------------------------------------- DELETE / INSERT ... WHERE (3.1.3)

  void execute(const sparql::ModifyOperation& operation) { modify(operation, writer_, environment_, budget_); }

  storage::Writer& writer_;
  const runtime::Environment& environment_;
  const LoadAccess& load_access_;
  ChangeBudget budget_;
  const storage::WorkCheck check_ = [this] { budget_.check(); };
  // New nodes by label, as written or made by the parser.
  std::unordered_map<std::string, Term> blanks_;
};

}  // namespace

void run(const sparql::Update& request, storage::Writer& writer, const runtime::Environment& environment,
         const LoadAccess& load_access) {
  const std::size_t savepoint = writer.savepoint();
  try {
    Request running(writer, environment, load_access);
    for (const sparql::UpdateOperation& operation : request.operations) running.run(operation);
  } catch (...) {
    writer.rollback_to(savepoint);
    throw;
  }
}

}  // namespace akyn::update

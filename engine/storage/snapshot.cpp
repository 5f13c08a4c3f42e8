#include "engine/storage/snapshot.h"

#include <fmt/format.h>

#include "engine/storage/scan.h"
#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {
namespace {

bool is_any(const TriplePattern& pattern) {
  return !pattern.subject.is_bound() && !pattern.predicate.is_bound() && !pattern.object.is_bound();
}

class CommittedSnapshot final : public Snapshot, private TermReader {
 public:
  explicit CommittedSnapshot(std::shared_ptr<const View> view) : view_(std::move(view)) {}

  [[nodiscard]] Id find(const TermView& term) const override { return find_term(term); }
  [[nodiscard]] Term term(Id id) const override { return make_term(id); }

  using Snapshot::scan;
  [[nodiscard]] std::unique_ptr<Scan> scan(const TriplePattern& pattern, GraphScope graphs,
                                           Permutation order) const override {
    return make_scan(view_, Selection(pattern, graphs), order, {});
  }

  [[nodiscard]] std::uint64_t count(const TriplePattern& pattern, GraphScope graphs) const override {
    return view_->count(pattern, graphs);
  }
  [[nodiscard]] bool contains(const QuadIds& quad) const override { return view_->contains(quad); }

  [[nodiscard]] std::vector<Id> named_graphs() const override {
    std::vector<Id> graphs;
    for (const auto& [graph, size] : view_->graphs()) graphs.push_back(graph);
    return graphs;
  }

  [[nodiscard]] std::map<std::string, std::string> prefixes() const override { return view_->prefixes(); }

 private:
  [[nodiscard]] Id find_body(IdType type, std::string_view folded_body) const override {
    return view_->find_term(type, folded_body);
  }
  void read_body(Id id, std::string& body) const override { view_->read_body(id, body); }
  [[nodiscard]] Id find_blank(std::string_view label) const override {
    const auto payload = parse_blank_label(label);
    return payload && *payload < view_->counters().next_blank ? Id(IdType::blank, *payload) : Id();
  }
  [[nodiscard]] const std::string& store_name() const override { return view_->rocks().name(); }

  std::shared_ptr<const View> view_;
};

}  // namespace

Id TermReader::find_term(const TermView& term) const {
  if (!term) return Id();
  if (const std::optional<Id> inlined = inline_id(term)) return *inlined;
  if (term.kind == TermKind::blank) return find_blank(term.value);
  if (term.kind == TermKind::triple) {
    const TripleIds ids{find_term(term.triple->subject), find_term(term.triple->predicate),
                        find_term(term.triple->object)};
    if (!ids.subject.is_bound() || !ids.predicate.is_bound() || !ids.object.is_bound()) return Id();
    return find_body(IdType::triple, triple_body(ids));
  }
  const IdType type = dictionary_type(term);
  std::string body;
  append_body(body, type, term);
  fold_body(type, body);
  return find_body(type, body);
}

Term TermReader::make_term(Id id) const {
  if (id.is_inlined()) return inlined_term(id);
  if (id.type() == IdType::blank) {
    const std::string label = blank_label(id);
    TermView view;
    view.kind = TermKind::blank;
    view.value = label;
    return Term(view);
  }
  std::string body;
  read_body(id, body);
  if (id.type() == IdType::triple) {
    const std::optional<TripleIds> ids = parse_triple_body(body);
    if (!ids) throw_corruption(store_name(), fmt::format("the triple term of Id {:#x} is cut short", id.bits()));
    const Term subject = make_term(ids->subject);
    const Term predicate = make_term(ids->predicate);
    const Term object = make_term(ids->object);
    const TripleView triple{subject.view(), predicate.view(), object.view()};
    TermView view;
    view.kind = TermKind::triple;
    view.triple = &triple;
    return Term(view);
  }
  const std::optional<TermView> view = parse_body(id.type(), body);
  if (!view) throw_corruption(store_name(), fmt::format("the term of Id {:#x} is malformed", id.bits()));
  return Term(*view);
}

std::shared_ptr<const Snapshot> make_snapshot(std::shared_ptr<const View> view) {
  return std::make_shared<CommittedSnapshot>(std::move(view));
}

std::unique_ptr<Scan> PendingSnapshot::scan(const TriplePattern& pattern, GraphScope graphs, Permutation order) const {
  const Selection selection(pattern, graphs);
  return make_scan(pending_->base, selection, order, pending_->quads.collect(selection, order));
}

std::uint64_t PendingSnapshot::count(const TriplePattern& pattern, GraphScope graphs) const {
  // Unsigned arithmetic wraps, so that differences below zero add up right.
  std::uint64_t count = pending_->base->count(pattern, graphs);
  const Selection selection(pattern, graphs);
  if (is_any(pattern)) {
    for (const auto& [graph, difference] : pending_->quads.graph_sizes()) {
      if (selection.matches({Id(), Id(), Id(), graph})) count += static_cast<std::uint64_t>(difference);
    }
    return count;
  }
  for (const Change& change : pending_->quads.collect(selection, best_permutation(pattern, graphs))) {
    count += change.inserted ? 1 : ~std::uint64_t{0};
  }
  return count;
}

bool PendingSnapshot::contains(const QuadIds& quad) const {
  const std::optional<PendingQuads::State> touched = pending_->quads.find(quad);
  return touched ? touched->held : pending_->base->contains(quad);
}

std::vector<Id> PendingSnapshot::named_graphs() const {
  std::map<Id, std::uint64_t> sizes = pending_->base->graphs();
  for (const auto& [graph, difference] : pending_->quads.graph_sizes()) {
    if (graph != kDefaultGraph) sizes[graph] += static_cast<std::uint64_t>(difference);
  }
  std::vector<Id> graphs;
  for (const auto& [graph, size] : sizes) {
    if (size != 0) graphs.push_back(graph);
  }
  return graphs;
}

std::map<std::string, std::string> PendingSnapshot::prefixes() const {
  std::map<std::string, std::string> prefixes = pending_->base->prefixes();
  for (const auto& [prefix, iri] : pending_->prefixes) prefixes.insert_or_assign(prefix, iri);
  return prefixes;
}

Id PendingSnapshot::find_body(IdType type, std::string_view folded_body) const {
  const Id added = pending_->terms.find(type, folded_body);
  return added.is_bound() ? added : pending_->base->find_term(type, folded_body);
}

void PendingSnapshot::read_body(Id id, std::string& body) const {
  if (pending_->terms.owns(id)) {
    body = pending_->terms.body(id);
  } else {
    pending_->base->read_body(id, body);
  }
}

Id PendingSnapshot::find_blank(std::string_view label) const {
  return blank_of_label(*pending_, label);
}

Id blank_of_label(const Pending& pending, std::string_view label) {
  if (const Id id = pending.terms.labelled(label); id.is_bound()) return id;
  const std::optional<std::uint64_t> payload = parse_blank_label(label);
  if (!payload) return Id();
  const bool stored = *payload < pending.base->counters().next_blank;
  const bool made = *payload >= pending.terms.first_blank() && *payload < pending.terms.next_blank();
  return stored || made ? Id(IdType::blank, *payload) : Id();
}

}  // namespace akyn::storage

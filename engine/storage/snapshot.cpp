#include "engine/storage/snapshot.h"

#include <optional>

#include <fmt/format.h>

#include "engine/storage/scan.h"
#include "engine/storage/statistics.h"
#include "engine/storage/status.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {

Id VersionSnapshot::find(const TermView& term) const {
  if (!term) return Id();
  if (const std::optional<Id> inlined = inline_id(term)) return *inlined;
  if (term.kind == TermKind::blank) return find_blank(term.value);
  if (term.kind == TermKind::triple) {
    const TripleIds ids{find(term.triple->subject), find(term.triple->predicate), find(term.triple->object)};
    if (!ids.subject.is_bound() || !ids.predicate.is_bound() || !ids.object.is_bound()) return Id();
    return find_body(IdType::triple, triple_body(ids));
  }
  const IdType type = dictionary_type(term);
  std::string body;
  storage::append_body(body, type, term);
  fold_body(type, body);
  return find_body(type, body);
}

Term VersionSnapshot::term(Id id) const {
  if (id.is_inlined()) return inlined_term(id);
  if (id.type() == IdType::blank) {
    const std::string label = blank_label(id);
    TermView view;
    view.kind = TermKind::blank;
    view.value = label;
    return Term(view);
  }
  std::string body;
  append_body(id, body);
  if (id.type() == IdType::triple) {
    const std::optional<TripleIds> ids = parse_triple_body(body);
    if (!ids) throw_corruption(store_name(), fmt::format("the triple term of Id {:#x} is cut short", id.bits()));
    const Term subject = term(ids->subject);
    const Term predicate = term(ids->predicate);
    const Term object = term(ids->object);
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

std::unique_ptr<Scan> VersionSnapshot::scan(const TriplePattern& pattern, GraphScope graphs, Permutation order) const {
  return make_scan(version(), Selection(pattern, graphs), order);
}

std::uint64_t VersionSnapshot::count(const TriplePattern& pattern, GraphScope graphs) const {
  return version()->count(pattern, graphs);
}

bool VersionSnapshot::contains(const QuadIds& quad) const {
  return version()->contains(quad);
}

std::vector<Id> VersionSnapshot::named_graphs() const {
  std::vector<Id> names;
  for (const GraphMap::Named& graph : version()->graphs.all()) names.push_back(graph.name);
  return names;
}

std::map<std::string, std::string> VersionSnapshot::prefixes() const {
  return *version()->prefixes;
}

PartitionStatistics VersionSnapshot::statistics(Partition partition, bool exactly) const {
  return statistics_of(version(), partition, exactly);
}

std::uint64_t VersionSnapshot::terms() const {
  return version()->dictionary->terms();
}

Id CommittedSnapshot::find_body(IdType type, std::string_view folded_body) const {
  return version_->dictionary->find(type, folded_body);
}

void CommittedSnapshot::append_body(Id id, std::string& body) const {
  version_->dictionary->append_body(id, body);
}

void CommittedSnapshot::visit(std::span<const Id> ids, const BodyVisitor& visitor) const {
  version_->dictionary->visit(ids, visitor);
}

Id CommittedSnapshot::find_blank(std::string_view label) const {
  const auto payload = parse_blank_label(label);
  return payload && *payload < version_->counters.next_blank ? Id(IdType::blank, *payload) : Id();
}

Id PendingSnapshot::find_body(IdType type, std::string_view folded_body) const {
  const Id added = pending_->terms().find(type, folded_body);
  return added.is_bound() ? added : pending_->base().dictionary->find(type, folded_body);
}

void PendingSnapshot::append_body(Id id, std::string& body) const {
  if (pending_->terms().owns(id)) {
    body += pending_->terms().body(id);
  } else {
    pending_->base().dictionary->append_body(id, body);
  }
}

void PendingSnapshot::visit(std::span<const Id> ids, const BodyVisitor& visitor) const {
  std::vector<Id> stored;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!Dictionary::is_stored(ids[i])) continue;
    if (pending_->terms().owns(ids[i])) {
      visitor(i, pending_->terms().body(ids[i]));
    } else {
      stored.push_back(ids[i]);
      places.push_back(i);
    }
  }
  pending_->base().dictionary->visit(stored,
                                     [&](std::size_t place, std::string_view body) { visitor(places[place], body); });
}

Id PendingSnapshot::find_blank(std::string_view label) const {
  return blank_of_label(*pending_, label);
}

Id blank_of_label(const Pending& pending, std::string_view label) {
  const PendingTerms& terms = pending.terms();
  if (const Id id = terms.labelled(label); id.is_bound()) return id;
  const std::optional<std::uint64_t> payload = parse_blank_label(label);
  if (!payload) return Id();
  const bool stored = *payload < pending.base().counters.next_blank;
  const bool made = *payload >= terms.first_blank() && *payload < terms.next_blank();
  return stored || made ? Id(IdType::blank, *payload) : Id();
}

}  // namespace akyn::storage

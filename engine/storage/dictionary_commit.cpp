#include "engine/storage/dictionary_commit.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/dictionary_run_writer.h"
#include "engine/storage/dictionary_tail.h"
#include "engine/storage/string_codec.h"
#include "engine/storage/symbol_sample.h"
#include "engine/storage/term_codec.h"
#include "engine/storage/term_sorter.h"
#include "engine/storage/triple_numbering.h"

namespace akyn::storage {
namespace {

TripleIds parts_of(const PendingTerms& terms, std::size_t index) {
  const std::optional<TripleIds> parts = parse_triple_body(terms.body_at(index));
  if (!parts) throw Error(ErrorCode::internal, "a new triple term is not made of three terms");
  return *parts;
}

// By IdType.
using SortedBodies = std::array<std::vector<BodyEntry>, 16>;

SortedBodies sorted_bodies(const UsedTerms& used) {
  const PendingTerms& terms = used.terms();
  SortedBodies sorted;
  std::array<std::size_t, 16> counts{};
  const auto for_each = [&](const auto& visit) {
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (used.contains(i)) visit(i, terms.id_at(i).type());
    }
  };
  for_each([&](std::size_t, IdType type) { ++counts[static_cast<std::size_t>(type)]; });
  for (std::size_t type = 0; type < sorted.size(); ++type) sorted[type].reserve(counts[type]);
  for_each([&](std::size_t index, IdType type) {
    sorted[static_cast<std::size_t>(type)].push_back({terms.folded_body_at(index), index});
  });
  for (std::size_t type = 0; type < sorted.size(); ++type) {
    if (static_cast<IdType>(type) != IdType::triple) sort_bodies(static_cast<IdType>(type), sorted[type]);
  }
  return sorted;
}

// Triple terms stand in it with the Ids they have as yet: types and leading zeros, which is what they have in common,
// stay.
std::shared_ptr<const SymbolTable> train(const PendingTerms& terms, const SortedBodies& sorted, std::size_t count) {
  SymbolSample sample;
  const std::size_t step = std::max(SymbolSample::kNeighbours, count / SymbolSample::kPlaces);
  for (const std::vector<BodyEntry>& entries : sorted) {
    for (std::size_t first = 0; first < entries.size(); first += step) {
      sample.start_place();
      const std::size_t last = std::min(entries.size(), first + SymbolSample::kNeighbours);
      for (std::size_t i = first; i < last; ++i) sample.add(terms.body_at(static_cast<std::size_t>(entries[i].number)));
    }
  }
  return sample.train();
}

}  // namespace

void UsedTerms::finish() {
  count_ = 0;
  // The parts of a triple term were made before it.
  for (std::size_t i = used_.size(); i-- > 0;) {
    if (!used_[i]) continue;
    ++count_;
    if (terms_->id_at(i).type() != IdType::triple) continue;
    const TripleIds parts = parts_of(*terms_, i);
    for (const Id part : {parts.subject, parts.predicate, parts.object}) {
      if (!terms_->owns(part)) continue;
      if (terms_->index_of(part) >= i) throw Error(ErrorCode::internal, "a triple term is older than one of its parts");
      mark(part);
    }
  }
}

void write_to_tail(std::uint32_t tail, const UsedTerms& used, KeyValueSink& sink) {
  const PendingTerms& terms = used.terms();
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (used.contains(i)) write_tail_body(tail, terms.id_at(i), terms.body_at(i), sink);
  }
  for (const std::vector<BodyEntry>& entries : sorted_bodies(used)) {
    for (const BodyEntry& entry : entries) {
      write_tail_number(tail, terms.id_at(static_cast<std::size_t>(entry.number)), entry.folded, sink);
    }
  }
}

WrittenRun write_as_run(std::uint32_t run, const UsedTerms& used, KeyValueSink& sink) {
  const PendingTerms& terms = used.terms();
  PendingRenumbering ids(terms);
  SortedBodies sorted = sorted_bodies(used);
  const StringEncoder encoder(train(terms, sorted, used.count()));
  const std::uint64_t first = terms.next_term();
  if (first + used.count() > Id::kLocalBit) throw Error(ErrorCode::limit, "the store has no numbers left for terms");
  DictionaryRunWriter writer(run, first, encoder, sink);

  std::vector<BodyEntry>& triple_terms = sorted[static_cast<std::size_t>(IdType::triple)];
  std::uint64_t next = first;
  for (std::size_t type = 0; type < sorted.size(); ++type) {
    if (static_cast<IdType>(type) == IdType::triple) continue;
    for (const BodyEntry& entry : sorted[type]) {
      const auto index = static_cast<std::size_t>(entry.number);
      next = writer.add(static_cast<IdType>(type), terms.body_at(index)) + 1;
      ids.set(index, next - 1);
    }
    std::vector<BodyEntry>().swap(sorted[type]);
  }
  if (!triple_terms.empty()) {
    TripleTerms triples;
    triples.for_each = [&](const TripleTerms::Visitor& visit) {
      for (const BodyEntry& entry : triple_terms) {
        visit(entry.number, parts_of(terms, static_cast<std::size_t>(entry.number)));
      }
    };
    triples.new_id = [&](Id id) {
      const Id renumbered = ids(id);
      return renumbered.payload() == 0 && terms.owns(id) ? Id() : renumbered;
    };
    triples.key_of = [&](Id id) { return terms.index_of(id); };
    triples.assign = [&](std::uint64_t key, std::uint64_t number) { ids.set(static_cast<std::size_t>(key), number); };
    triples.write = [&](const TripleIds& parts) { writer.add(IdType::triple, triple_body(parts)); };
    // In memory, as the terms are.
    number_triples(triples, next, SortLimits());
  }
  return {writer.finish(), std::move(ids)};
}

}  // namespace akyn::storage

#include "engine/storage/bulk_lane.h"

#include <algorithm>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/byte_reader.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kFrame = std::size_t{64} << 10U;
// Bytes of a segment that symbols are trained on.
constexpr std::size_t kSampleBytes = std::size_t{4} << 20U;

void sample_terms(const BulkVocabulary& vocabulary, const std::array<std::vector<BodyEntry>, 16>& sorted,
                  SymbolSample& sample) {
  std::uint64_t bytes = 0;
  std::uint64_t terms = 0;
  for (std::size_t type = static_cast<std::size_t>(IdType::iri); type < sorted.size(); ++type) {
    terms += sorted[type].size();
    // Some tell how long they are.
    const std::size_t step = 1 + sorted[type].size() / 1000;
    for (std::size_t i = 0; i < sorted[type].size(); i += step) bytes += sorted[type][i].folded.size() * step;
  }
  if (terms == 0) return;
  const std::uint64_t places = std::clamp<std::uint64_t>(kSampleBytes * terms / (bytes + 1) / SymbolSample::kNeighbours,
                                                         16, SymbolSample::kPlaces);
  const std::uint64_t step = std::max<std::uint64_t>(SymbolSample::kNeighbours, terms / places);
  std::string body;
  for (std::size_t type = static_cast<std::size_t>(IdType::iri); type < sorted.size(); ++type) {
    const std::vector<BodyEntry>& entries = sorted[type];
    for (std::uint64_t first = 0; first < entries.size(); first += step) {
      sample.start_place();
      const std::size_t last = std::min<std::size_t>(entries.size(), first + SymbolSample::kNeighbours);
      for (std::size_t i = first; i < last; ++i) {
        body.clear();
        vocabulary.append_body(static_cast<std::uint32_t>(entries[i].number), body);
        sample.add(body);
      }
    }
  }
}

}  // namespace

const SortedTerm* SegmentTerms::next() {
  return segment_.vocabulary != nullptr ? next_in_memory() : next_in_file();
}

const SortedTerm* SegmentTerms::next_in_memory() {
  while (index_ == segment_.sorted[type_].size()) {
    if (type_ + 1 == segment_.sorted.size()) return nullptr;
    ++type_;
    index_ = 0;
  }
  const BodyEntry& entry = segment_.sorted[type_][index_++];
  const auto type = static_cast<IdType>(type_);
  term_ = {type, entry.number, entry.folded, entry.folded};
  if (type == IdType::lang_string) {
    body_.clear();
    segment_.vocabulary->append_body(static_cast<std::uint32_t>(entry.number), body_);
    term_.body = body_;
    place_ = segment_.vocabulary->place_of(static_cast<std::uint32_t>(entry.number));
  }
  return &term_;
}

const SortedTerm* SegmentTerms::next_in_file() {
  while (rest_.empty()) {
    if (frame_ >= segment_.last_frame) return nullptr;
    segment_.file->read(frame_, bytes_);
    rest_ = bytes_;
  }
  ByteReader reader(rest_, "a temporary file of a load");
  term_.type = static_cast<IdType>(reader.fixed<std::uint8_t>());
  term_.number = reader.varint();
  term_.body = reader.sized();
  term_.folded = term_.body;
  if (term_.type == IdType::lang_string) {
    place_ = reader.fixed<std::uint64_t>();
    folded_ = term_.body;
    fold_body(term_.type, folded_);
    term_.folded = folded_;
  }
  rest_ = reader.rest();
  return &term_;
}

void BulkLane::set_place(std::uint32_t document, std::uint64_t place) {
  document_ = document;
  place_ = place;
  document_head_.clear();
  append_varint(document_head_, document);
  last_subject_number_ = kNoNumber;
}

BulkSegment& BulkLane::segment() {
  if (segments_.empty() || segments_.back()->vocabulary == nullptr) {
    auto& added = segments_.emplace_back(std::make_unique<BulkSegment>());
    added->vocabulary = std::make_unique<BulkVocabulary>();
    last_subject_number_ = last_predicate_number_ = kNoNumber;
  }
  return *segments_.back();
}

void BulkLane::add(const QuadView& quad) {
  ++statements_;
  BulkSegment& into = segment();
  BulkVocabulary& terms = *into.vocabulary;
  if (last_subject_number_ == kNoNumber || quad.subject.kind != TermKind::iri || quad.subject.value != last_subject_) {
    last_subject_number_ = number(quad.subject);
    if (quad.subject.kind == TermKind::iri) {
      last_subject_ = quad.subject.value;
    } else {
      last_subject_.clear();  // no IRI
    }
  }
  const std::uint32_t subject = last_subject_number_;
  if (last_predicate_number_ == kNoNumber || quad.predicate.value != last_predicate_) {
    last_predicate_number_ = number(quad.predicate);
    last_predicate_ = quad.predicate.value;
    terms.mark_predicate(last_predicate_number_);
  }
  const std::uint32_t object = number(quad.object);
  if (!quad.graph) {
    into.rows.add({subject, last_predicate_number_, object});
  } else {
    const std::uint32_t graph = number(quad.graph);
    terms.mark_graph(graph);
    into.named_rows.add({subject, last_predicate_number_, object, graph});
  }
  ++place_;
  if (limits_.directory.empty() || (statements_ & 63U) != 0) return;
  if (terms.memory_bytes() > limits_.term_bytes) put_away(into);
  std::size_t row_bytes = 0;
  for (const auto& segment : segments_) row_bytes += segment->rows.memory_bytes() + segment->named_rows.memory_bytes();
  if (row_bytes <= limits_.row_bytes) return;
  for (const auto& segment : segments_) {
    segment->rows.spill(file());
    segment->named_rows.spill(file());
  }
}

std::uint32_t BulkLane::number(const TermView& term) {
  BulkVocabulary& terms = *segments_.back()->vocabulary;
  switch (term.kind) {
    case TermKind::iri:
      return terms.number(IdType::iri, {}, term.value);
    case TermKind::literal:
      return number_literal(term);
    case TermKind::blank: {
      if (document_ == 0) {
        const std::optional<std::uint64_t> stored = parse_blank_label(term.value);
        if (stored && *stored != 0 && *stored < next_blank_) return terms.number(Id(IdType::blank, *stored));
      }
      return terms.number(IdType::blank, document_head_, term.value);
    }
    case TermKind::triple: {
      const std::uint32_t subject = number(term.triple->subject);
      const std::uint32_t predicate = number(term.triple->predicate);
      const std::uint32_t object = number(term.triple->object);
      return terms.number_triple(subject, predicate, object);
    }
    case TermKind::none:
      break;
  }
  throw Error(ErrorCode::invalid_argument, "no term where a term is needed");
}

std::uint32_t BulkLane::number_literal(const TermView& term) {
  BulkVocabulary& terms = *segments_.back()->vocabulary;
  if (term.datatype.empty() && term.language.empty()) return terms.number(IdType::string, {}, term.value);
  if (term.language.empty()) {
    if (const std::optional<Id> inlined = inline_id(term)) return terms.number(*inlined);
  }
  const IdType type = dictionary_type(term);
  if (type == IdType::string) return terms.number(type, {}, term.value);
  head_.clear();
  if (type != IdType::lang_string) {
    append_sized(head_, term.datatype);
    return terms.number(type, head_, term.value);
  }
  head_ += static_cast<char>(term.direction);
  append_sized(head_, term.language);
  folded_head_ = head_;
  fold_body(type, folded_head_);
  return terms.number_tagged(folded_head_, head_, term.value, place_);
}

void BulkLane::sort(BulkSegment& segment) {
  const BulkVocabulary& terms = *segment.vocabulary;
  segment.terms = terms.size();
  segment.predicates = terms.predicates();
  segment.graphs = terms.graphs();
  segment.triples = terms.triples();
  segment.sorted = segment.vocabulary->sort();
  sample_terms(terms, segment.sorted, samples_.emplace_back());
}

void BulkLane::put_away(BulkSegment& segment) {
  sort(segment);
  segment.file = &file();
  segment.first_frame = segment.file->end();
  std::string frame;
  std::string body;
  for (std::size_t type = 0; type < segment.sorted.size(); ++type) {
    for (const BodyEntry& entry : segment.sorted[type]) {
      const auto number = static_cast<std::uint32_t>(entry.number);
      body.clear();
      segment.vocabulary->append_body(number, body);
      append_fixed(frame, static_cast<std::uint8_t>(type));
      append_varint(frame, number);
      append_sized(frame, body);
      if (static_cast<IdType>(type) == IdType::lang_string) append_fixed(frame, segment.vocabulary->place_of(number));
      if (frame.size() < kFrame) continue;
      segment.file->append(frame);
      frame.clear();
    }
    std::vector<BodyEntry>().swap(segment.sorted[type]);
  }
  if (!frame.empty()) segment.file->append(frame);
  segment.last_frame = segment.file->end();
  segment.vocabulary.reset();
}

void BulkLane::finish() {
  if (!segments_.empty() && segments_.back()->vocabulary != nullptr) sort(*segments_.back());
}

SpillFile& BulkLane::file() {
  if (file_ == nullptr) file_ = std::make_unique<SpillFile>(limits_.directory);
  return *file_;
}

}  // namespace akyn::storage

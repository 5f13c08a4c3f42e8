#include "engine/storage/bulk_lane.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/byte_reader.h"
#include "engine/storage/keys.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::storage {
namespace {

constexpr const char* kWhat = "a temporary file of a load";
constexpr std::size_t kFrame = std::size_t{64} << 10U;
// Terms whose bodies are fetched before they are asked for.
constexpr std::size_t kAhead = 16;
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

void for_each_triple(const BulkSegment& segment, const std::function<void(const BulkTriple&)>& visit) {
  for (const BulkTriple& triple : segment.triples) visit(triple);
  std::string bytes;
  for (std::uint64_t frame = segment.first_triple_frame; frame < segment.last_triple_frame;) {
    segment.file->read(frame, bytes);
    ByteReader reader(bytes, kWhat);
    while (!reader.empty()) {
      BulkTriple triple;
      for (std::uint32_t* const part :
           {&triple.number, &triple.subject, &triple.predicate, &triple.object, &triple.depth}) {
        *part = static_cast<std::uint32_t>(reader.varint());
      }
      visit(triple);
    }
  }
}

const SortedTerm* SegmentTerms::next() {
  return segment_.vocabulary != nullptr ? next_in_memory() : next_in_file();
}

const SortedTerm* SegmentTerms::next_in_memory() {
  while (index_ == segment_.sorted[type_].size()) {
    if (type_ + 1 == segment_.sorted.size()) return nullptr;
    ++type_;
    index_ = 0;
  }
  // Terms stand where they came from, all over the memory.
  const std::vector<BodyEntry>& entries = segment_.sorted[type_];
  if (index_ + kAhead < entries.size()) __builtin_prefetch(entries[index_ + kAhead].folded.data());
  const BodyEntry& entry = entries[index_++];
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
  ByteReader reader(rest_, kWhat);
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
}

BulkSegment& BulkLane::segment() {
  if (segments_.empty() || segments_.back()->vocabulary == nullptr) {
    auto& added = segments_.emplace_back(std::make_unique<BulkSegment>());
    added->vocabulary = std::make_unique<BulkVocabulary>();
  }
  return *segments_.back();
}

void BulkLane::add(const QuadView& quad) {
  ++statements_;
  // What is before a triple term comes before it in the vocabulary, too.
  std::uint32_t object = kNoNumber;
  if (quad.object.kind == TermKind::triple) {
    number_queue();
    object = queue_.add(number(quad.object));
  }
  if (subject_ == kNoNumber || quad.subject.kind != TermKind::iri || quad.subject.value != last_subject_) {
    subject_ = queue(quad.subject);
    if (quad.subject.kind == TermKind::iri) {
      last_subject_ = quad.subject.value;
    } else {
      last_subject_.clear();  // no IRI
    }
  }
  if (predicate_ == kNoNumber || quad.predicate.value != last_predicate_) {
    predicate_ = queue(quad.predicate);
    last_predicate_ = quad.predicate.value;
  }
  if (object == kNoNumber) object = queue(quad.object);
  waiting_.push_back({subject_, predicate_, object, quad.graph ? queue(quad.graph) : kNoNumber});
  ++place_;
  if (queue_.is_full()) number_queue();
}

void BulkLane::number_queue() {
  if (queue_.is_empty()) return;
  BulkSegment& into = segment();
  BulkVocabulary& terms = *into.vocabulary;
  queue_.number_by(terms);
  for (const std::array<std::uint32_t, 4>& row : waiting_) {
    const std::uint32_t subject = queue_.number_at(row[0]);
    const std::uint32_t predicate = queue_.number_at(row[1]);
    const std::uint32_t object = queue_.number_at(row[2]);
    terms.mark_predicate(predicate);
    if (row[3] == kNoNumber) {
      into.rows.add({subject, predicate, object});
    } else {
      const std::uint32_t graph = queue_.number_at(row[3]);
      terms.mark_graph(graph);
      into.named_rows.add({subject, predicate, object, graph});
    }
  }
  queue_.clear();
  waiting_.clear();
  subject_ = predicate_ = kNoNumber;
  keep_to_limits(into);
}

void BulkLane::keep_to_limits(BulkSegment& into) {
  if (limits_.directory.empty()) return;
  if (into.vocabulary->memory_bytes() > limits_.term_bytes) put_away(into);
  std::size_t row_bytes = 0;
  for (const auto& segment : segments_) row_bytes += segment->rows.memory_bytes() + segment->named_rows.memory_bytes();
  if (row_bytes <= limits_.row_bytes) return;
  for (const auto& segment : segments_) {
    segment->rows.spill(file());
    segment->named_rows.spill(file());
  }
}

std::uint32_t BulkLane::number(const TermView& term) {
  BulkVocabulary& terms = *segment().vocabulary;
  if (term.kind == TermKind::triple) {
    const std::uint32_t subject = number(term.triple->subject);
    const std::uint32_t predicate = number(term.triple->predicate);
    const std::uint32_t object = number(term.triple->object);
    return terms.number_triple(subject, predicate, object);
  }
  const std::uint32_t place = queue(term);
  queue_.number_by(terms);
  const std::uint32_t number = queue_.number_at(place);
  queue_.clear();
  return number;
}

std::uint32_t BulkLane::queue(const TermView& term) {
  switch (term.kind) {
    case TermKind::iri:
      return queue_.add(IdType::iri, {}, term.value);
    case TermKind::literal:
      return queue_literal(term);
    case TermKind::blank: {
      if (document_ == 0) {
        const std::optional<std::uint64_t> stored = parse_blank_label(term.value);
        if (stored && *stored != 0 && *stored < next_blank_) return queue(Id(IdType::blank, *stored));
      }
      return queue_.add(IdType::blank, document_head_, term.value);
    }
    default:
      break;
  }
  throw Error(ErrorCode::invalid_argument, "no term where a term is needed");
}

std::uint32_t BulkLane::queue(Id id) {
  std::array<char, 8> body{};
  store_u64(body.data(), id.bits());
  return queue_.add(kIdAsItIs, {}, {body.data(), body.size()});
}

std::uint32_t BulkLane::queue_literal(const TermView& term) {
  if (term.datatype.empty() && term.language.empty()) return queue_.add(IdType::string, {}, term.value);
  if (term.language.empty()) {
    if (const std::optional<Id> inlined = inline_id(term)) return queue(*inlined);
  }
  const IdType type = dictionary_type(term);
  if (type == IdType::string) return queue_.add(type, {}, term.value);
  head_.clear();
  if (type != IdType::lang_string) {
    append_sized(head_, term.datatype);
    return queue_.add(type, head_, term.value);
  }
  head_ += static_cast<char>(term.direction);
  append_sized(head_, term.language);
  folded_head_ = head_;
  fold_body(type, folded_head_);
  append_fixed(head_, place_);
  return queue_.add(type, folded_head_, term.value, head_);
}

void BulkLane::sort(BulkSegment& segment) {
  const BulkVocabulary& terms = *segment.vocabulary;
  segment.terms = terms.size();
  segment.predicates = terms.predicates();
  segment.graphs = terms.graphs();
  segment.triples = segment.vocabulary->take_triples();
  for (const BulkTriple& triple : segment.triples) segment.deepest = std::max(segment.deepest, triple.depth);
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
  segment.last_frame = segment.first_triple_frame = segment.file->end();
  frame.clear();
  for (const BulkTriple& triple : segment.triples) {
    for (const std::uint32_t part : {triple.number, triple.subject, triple.predicate, triple.object, triple.depth}) {
      append_varint(frame, part);
    }
    if (frame.size() < kFrame) continue;
    segment.file->append(frame);
    frame.clear();
  }
  if (!frame.empty()) segment.file->append(frame);
  segment.last_triple_frame = segment.file->end();
  std::vector<BulkTriple>().swap(segment.triples);
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

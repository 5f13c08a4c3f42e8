#include "engine/storage/bulk_terms.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/block.h"
#include "engine/storage/dictionary_run_writer.h"
#include "engine/storage/keys.h"
#include "engine/storage/ordered_work.h"
#include "engine/storage/row_sorter.h"
#include "engine/storage/term_codec.h"
#include "engine/storage/triple_numbering.h"

namespace akyn::storage {

SegmentIds::SegmentIds(std::vector<std::uint32_t> terms, const SortLimits& limits) : terms_(std::move(terms)) {
  std::uint64_t bytes = 0;
  for (const std::uint32_t count : terms_) bytes += std::uint64_t{count} * 8;
  if (limits.directory.empty() || bytes <= limits.memory_bytes) {
    for (const std::uint32_t count : terms_) ids_.emplace_back(std::size_t{count} * 8);
  } else {
    file_ = std::make_unique<SpillFile>(limits.directory);
    pending_.resize(terms_.size());
  }
}

void SegmentIds::set(std::size_t segment, std::uint32_t number, Id id) {
  if (file_ == nullptr) {
    ids_[segment].as<std::uint64_t>()[number] = id.bits();
    return;
  }
  Pending& pending = pending_[segment];
  pending.numbers.push_back(number);
  pending.ids.push_back(id.bits());
  if (pending.ids.size() == kBlockRows) flush(pending);
}

void SegmentIds::flush(Pending& pending) {
  if (pending.ids.empty()) return;
  std::string bytes;
  const std::array<std::span<const std::uint64_t>, 2> columns = {pending.numbers, pending.ids};
  encode_block(columns, bytes);
  pending.frames.push_back(file_->end());
  file_->append(bytes);
  pending.numbers.clear();
  pending.ids.clear();
}

void SegmentIds::finish(PageMemory& ids, std::size_t count) const {
  if (triples_.empty()) return;
  auto* const values = ids.as<std::uint64_t>();
  for (std::size_t i = 0; i < count; ++i) {
    const Id id = Id::from_bits(values[i]);
    if (id.type() == IdType::triple && id.is_local()) values[i] = Id(IdType::triple, triples_[id.local_index()]).bits();
  }
}

PageMemory SegmentIds::copy(std::size_t segment) {
  PageMemory ids(std::size_t{terms_[segment]} * 8);
  auto* const values = ids.as<std::uint64_t>();
  if (file_ == nullptr) {
    std::copy_n(ids_[segment].as<std::uint64_t>(), terms_[segment], values);
  } else {
    flush(pending_[segment]);
    std::string bytes;
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint64_t> found;
    for (std::uint64_t frame : pending_[segment].frames) {
      file_->read(frame, bytes);
      const BlockReader block(bytes);
      numbers.resize(block.rows());
      found.resize(block.rows());
      block.decode(0, 0, block.rows(), numbers);
      block.decode(1, 0, block.rows(), found);
      for (std::size_t i = 0; i < numbers.size(); ++i) values[numbers[i]] = found[i];
    }
  }
  finish(ids, terms_[segment]);
  return ids;
}

std::vector<std::uint64_t> SegmentIds::pick(std::size_t segment, std::span<const std::uint32_t> numbers) {
  std::vector<std::uint64_t> picked;
  if (numbers.empty()) return picked;
  const PageMemory read = file_ == nullptr ? PageMemory() : copy(segment);
  const auto* const ids = (file_ == nullptr ? ids_[segment] : read).as<std::uint64_t>();
  for (const std::uint32_t number : numbers) picked.push_back(ids[number]);
  return picked;
}

PageMemory SegmentIds::load(std::size_t segment) {
  if (file_ != nullptr) return copy(segment);
  finish(ids_[segment], terms_[segment]);
  return std::move(ids_[segment]);
}

namespace {

constexpr std::size_t kBatchTerms = 512;
constexpr std::size_t kBatchBytes = std::size_t{256} << 10U;

// Different terms, in order, and who has them.
struct TermBatch {
  struct Entry {
    IdType type;
    std::size_t begin;   // of the body as written, in `bytes`
    std::size_t folded;  // of the folded one; the same place when they do not differ
    std::size_t size;
    std::size_t owners;  // the end, in `owners`
    Id found;
  };
  std::string bytes;
  std::vector<Entry> entries;
  std::vector<std::uint64_t> owners;  // segment and number

  [[nodiscard]] std::string_view body(const Entry& entry) const {
    return std::string_view(bytes).substr(entry.begin, entry.size);
  }
  [[nodiscard]] std::string_view folded(const Entry& entry) const {
    return std::string_view(bytes).substr(entry.folded, entry.size);
  }
};

// The terms of a segment, with its number in the upper half of theirs.
class OwnedTerms final : public TermStream {
 public:
  OwnedTerms(BulkSegment& segment, std::size_t number) : terms_(segment), number_(number) {}
  const SortedTerm* next() override {
    const SortedTerm* const next = terms_.next();
    if (next == nullptr) return nullptr;
    term_ = *next;
    term_.number |= static_cast<std::uint64_t>(number_) << 32U;
    return &term_;
  }
  [[nodiscard]] std::uint64_t place() const noexcept { return terms_.place(); }

 private:
  SegmentTerms terms_;
  std::size_t number_;
  SortedTerm term_;
};

class TermMerger {
 public:
  explicit TermMerger(const BulkTermsInput& input)
      : input_(input),
        encoder_(input.symbols),
        writer_(input.run, input.first_term, encoder_, input.sink, input.threads),
        look_up_(
            input.base.terms() == 0 ? 1 : input.threads, [this](TermBatch& batch) { find(batch); },
            [this](TermBatch& batch) { number(batch); }) {
    std::vector<std::uint32_t> terms;
    for (const BulkSegment* segment : input.segments) {
      terms.push_back(segment->terms);
      total_ += segment->terms;
    }
    SortLimits limits = input.limits;
    limits.memory_bytes /= 2;
    result_.ids = std::make_unique<SegmentIds>(std::move(terms), limits);
    result_.next_blank = input.first_blank;
    result_.next_term = input.first_term;
  }

  BulkTerms run() {
    merge();
    for (BulkSegment* segment : input_.segments) {
      segment->vocabulary.reset();
      for (auto& entries : segment->sorted) std::vector<BodyEntry>().swap(entries);
    }
    number_triples();
    for (const auto& [id, body] : result_.few) result_.other.push_back(id.bits());
    std::sort(result_.other.begin(), result_.other.end());
    result_.other.erase(std::unique(result_.other.begin(), result_.other.end()), result_.other.end());
    if (writing_) {
      result_.meta = writer_.finish();
    } else {
      result_.meta.first = input_.first_term;
    }
    return std::move(result_);
  }

 private:
  void merge() {
    std::vector<std::unique_ptr<TermStream>> streams;
    std::vector<const OwnedTerms*> owned;
    for (std::size_t i = 0; i < input_.segments.size(); ++i) {
      auto stream = std::make_unique<OwnedTerms>(*input_.segments[i], i);
      owned.push_back(stream.get());
      streams.push_back(std::move(stream));
    }
    MergedTerms merged(std::move(streams));
    TermBatch batch;
    std::uint64_t place = 0;
    while (const SortedTerm* term = merged.next()) {
      ++done_;
      const bool tagged = term->type == IdType::lang_string;
      const std::uint64_t here = tagged ? owned[term->number >> 32U]->place() : 0;
      if (!batch.entries.empty()) {
        TermBatch::Entry& last = batch.entries.back();
        if (last.type == term->type && batch.folded(last) == term->folded) {
          batch.owners.push_back(term->number);
          last.owners = batch.owners.size();
          if (tagged && here < place) {
            batch.bytes.replace(last.begin, last.size, term->body);
            place = here;
          }
          continue;
        }
        if (batch.entries.size() >= kBatchTerms || batch.bytes.size() >= kBatchBytes) {
          hand_on(batch);
          report();
        }
      }
      place = here;
      TermBatch::Entry& entry = batch.entries.emplace_back();
      entry.type = term->type;
      entry.begin = entry.folded = batch.bytes.size();
      entry.size = term->body.size();
      batch.bytes += term->body;
      if (tagged) {
        entry.folded = batch.bytes.size();
        batch.bytes += term->folded;
      }
      batch.owners.push_back(term->number);
      entry.owners = batch.owners.size();
    }
    if (!batch.entries.empty()) hand_on(batch);
    look_up_.finish();
  }

  // Terms that are equal come one after another, so that a batch ends between two that differ.
  void hand_on(TermBatch& batch) {
    look_up_.add(std::move(batch));
    batch = std::exchange(spare_, {});
  }

  void report() const {
    if (input_.progress) input_.progress("merging terms", done_, total_);
  }

  void find(TermBatch& batch) const {
    if (input_.base.terms() == 0) return;
    for (TermBatch::Entry& entry : batch.entries) {
      if (entry.type != kIdAsItIs && entry.type != IdType::blank) {
        entry.found = input_.base.find(entry.type, batch.folded(entry));
      }
    }
  }

  void number(TermBatch& batch) {
    std::size_t owner = 0;
    for (const TermBatch::Entry& entry : batch.entries) {
      Id id = entry.found;
      if (entry.type == kIdAsItIs) {
        id = load_id(batch.body(entry).data());
        result_.other.push_back(id.bits());
      } else if (entry.type == IdType::blank) {
        id = Id(IdType::blank, result_.next_blank++);
      } else if (id.is_bound()) {
        result_.other.push_back(id.bits());
      } else {
        id = Id(entry.type, add(entry.type, batch.body(entry)));
      }
      for (; owner < entry.owners; ++owner) {
        const std::uint64_t of = batch.owners[owner];
        result_.ids->set(static_cast<std::size_t>(of >> 32U), static_cast<std::uint32_t>(of), id);
      }
    }
    batch.bytes.clear();
    batch.entries.clear();
    batch.owners.clear();
    spare_ = std::move(batch);
  }

  std::uint64_t add(IdType type, std::string_view body) {
    const std::uint64_t number = result_.next_term++;
    if (result_.next_term >= Id::kLocalBit) throw Error(ErrorCode::limit, "the store has no numbers left for terms");
    if (!writing_) {
      result_.few.emplace_back(Id(type, number), body);
      if (result_.few.size() < input_.fewest_run_terms) return number;
      writing_ = true;
      for (const auto& [id, kept] : result_.few) writer_.add(id.type(), kept);
      result_.few.clear();
      return number;
    }
    writer_.add(type, body);
    return number;
  }

  // Level by level, those that nest less deep first: their Ids, or what stands for these, are parts of the others.
  void number_triples() {
    std::uint32_t deepest = 0;
    for (const BulkSegment* segment : input_.segments) deepest = std::max(deepest, segment->deepest);
    if (deepest == 0) return;
    std::vector<TripleIds> added;  // those the store does not have
    for (std::uint32_t level = 1; level <= deepest; ++level) {
      RowSorter sorter(5, input_.limits);
      for (std::size_t i = 0; i < input_.segments.size(); ++i) {
        if (input_.segments[i]->deepest < level) continue;
        const PageMemory ids = result_.ids->copy(i);
        const auto* const of = ids.as<std::uint64_t>();
        for_each_triple(*input_.segments[i], [&](const BulkTriple& triple) {
          if (triple.depth != level) return;
          const std::array<std::uint64_t, 5> row = {of[triple.subject], of[triple.predicate], of[triple.object], i,
                                                    triple.number};
          sorter.add_row(row);
        });
      }
      sorter.finish();
      number_level(sorter, deepest, added);
    }
    if (deepest == 1) return;
    std::vector<std::uint64_t> numbers(added.size());
    TripleTerms triples;
    triples.for_each = [&](const TripleTerms::Visitor& visit) {
      for (std::size_t i = 0; i < added.size(); ++i) visit(i, added[i]);
    };
    triples.new_id = [&](Id id) {
      if (id.type() != IdType::triple || !id.is_local()) return id;
      const std::uint64_t number = numbers[id.local_index()];
      return number == 0 ? Id() : Id(IdType::triple, number);
    };
    triples.key_of = [](Id id) { return id.local_index(); };
    triples.assign = [&](std::uint64_t key, std::uint64_t number) { numbers[key] = number; };
    triples.write = [&](const TripleIds& parts) { static_cast<void>(add(IdType::triple, triple_body(parts))); };
    storage::number_triples(triples, result_.next_term, input_.limits);
    result_.ids->set_triples(std::move(numbers));
  }

  void number_level(RowSorter& sorter, std::uint32_t deepest, std::vector<TripleIds>& added) {
    RowBatch batch;
    std::optional<std::array<std::uint64_t, 3>> last;
    Id id;
    while (sorter.next(batch)) {
      if (input_.progress) input_.progress("triple terms", 0, 1);
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        const std::array<std::uint64_t, 3> body = {batch.column(0)[row], batch.column(1)[row], batch.column(2)[row]};
        if (last != body) {
          last = body;
          id = number_triple({Id::from_bits(body[0]), Id::from_bits(body[1]), Id::from_bits(body[2])}, deepest, added);
        }
        result_.ids->set(static_cast<std::size_t>(batch.column(3)[row]),
                         static_cast<std::uint32_t>(batch.column(4)[row]), id);
      }
    }
  }

  // Sorted by Ids that are final when nothing nests: then they come in the order of the run.
  Id number_triple(const TripleIds& parts, std::uint32_t deepest, std::vector<TripleIds>& added) {
    const bool all_old = is_old(parts.subject) && is_old(parts.predicate) && is_old(parts.object);
    if (all_old) {
      const Id found = input_.base.find(IdType::triple, triple_body(parts));
      if (found.is_bound()) {
        result_.other.push_back(found.bits());
        return found;
      }
    }
    if (deepest == 1) return Id(IdType::triple, add(IdType::triple, triple_body(parts)));
    added.push_back(parts);
    return Id::local(IdType::triple, added.size() - 1);
  }

  // Whether the store may have a triple term with this part.
  [[nodiscard]] bool is_old(Id id) const {
    if (id.type() == IdType::blank) return id.payload() < input_.first_blank;
    return id.is_inlined() || (!id.is_local() && id.payload() < input_.first_term);
  }

  const BulkTermsInput& input_;
  StringEncoder encoder_;
  DictionaryRunWriter writer_;
  OrderedWork<TermBatch> look_up_;
  BulkTerms result_;
  TermBatch spare_;       // whose memory is used again
  bool writing_ = false;  // there are enough new terms for a run
  std::uint64_t total_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace

BulkTerms merge_bulk_terms(const BulkTermsInput& input) {
  return TermMerger(input).run();
}

}  // namespace akyn::storage

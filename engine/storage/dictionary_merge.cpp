#include "engine/storage/dictionary_merge.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/body_order.h"
#include "engine/storage/dictionary_run_writer.h"
#include "engine/storage/string_codec.h"
#include "engine/storage/symbol_sample.h"
#include "engine/storage/term_codec.h"
#include "engine/storage/term_sorter.h"
#include "engine/storage/term_stream.h"
#include "engine/storage/triple_numbering.h"

namespace akyn::storage {
namespace {

// Terms that are read from a run at a time, and steps between calls of the progress function.
constexpr std::uint64_t kPart = 2048;

[[noreturn]] void fail(std::string_view what) {
  throw Error(ErrorCode::corruption, fmt::format("the dictionary is damaged: {}", what));
}

class Counter {
 public:
  Counter(const MergeOptions& options, std::string_view phase, std::uint64_t total)
      : progress_(options.progress), phase_(phase), total_(total) {}
  void step(std::uint64_t steps = 1) {
    const std::uint64_t before = done_;
    done_ += steps;
    if (progress_ && done_ / kPart != before / kPart) progress_(phase_, done_, std::max(done_, total_));
  }

 private:
  const WorkProgress& progress_;
  std::string_view phase_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
};

// Calls visit(number, body) for the marked terms of one type, reading those parts of the run that have any.
template <class Visit>
void for_each_marked(const DictionaryRun& run, IdType type, TermRange range, const Renumbering& terms, Visit visit) {
  while (!range.empty()) {
    const TermRange part = {range.first, std::min(range.last, range.first + kPart)};
    range.first = part.last;
    TermRange used = part;
    while (!used.empty() && !terms.is_marked(used.first)) ++used.first;
    while (!used.empty() && !terms.is_marked(used.last - 1)) --used.last;
    run.for_each(type, used, [&](std::uint64_t number, std::string_view body) {
      if (terms.is_marked(number)) visit(number, body);
    });
  }
}

// The marked terms of a run, triple terms aside.
class RunTerms final : public TermStream {
 public:
  RunTerms(const DictionaryRun& run, const Renumbering& terms) : run_(run), terms_(terms), rest_(run.range(type_)) {}

  const SortedTerm* next() override {
    while (next_ == entries_.size()) {
      if (!load()) return nullptr;
    }
    const Entry& entry = entries_[next_++];
    term_.type = type_;
    term_.number = entry.number;
    term_.body = std::string_view(bytes_).substr(entry.begin, entry.size);
    term_.folded = term_.body;
    if (type_ == IdType::lang_string) {
      folded_ = term_.body;
      fold_body(type_, folded_);
      term_.folded = folded_;
    }
    return &term_;
  }

 private:
  struct Entry {
    std::uint64_t number;
    std::size_t begin;
    std::size_t size;
  };

  // Reads the next part, of which there may be nothing to give; false behind the last one.
  bool load() {
    next_ = 0;
    entries_.clear();
    bytes_.clear();
    while (rest_.empty()) {
      type_ = static_cast<IdType>(static_cast<int>(type_) + 1);
      if (type_ >= IdType::triple) {
        type_ = IdType::valued;  // stays at the end
        return false;
      }
      rest_ = run_.range(type_);
    }
    const TermRange part = {rest_.first, std::min(rest_.last, rest_.first + kPart)};
    rest_.first = part.last;
    for_each_marked(run_, type_, part, terms_, [&](std::uint64_t number, std::string_view body) {
      if (!terms_.awaits_number(Id(type_, number))) fail(fmt::format("term {} is used with a wrong type", number));
      entries_.push_back({number, bytes_.size(), body.size()});
      bytes_ += body;
    });
    return true;
  }

  const DictionaryRun& run_;
  const Renumbering& terms_;
  IdType type_ = IdType::iri;
  TermRange rest_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;
  std::string bytes_;
  std::string folded_;
  SortedTerm term_;
};

TripleIds parts_of(std::string_view body) {
  const auto parts = parse_triple_body(body);
  if (!parts) fail("a triple term is not made of three terms");
  return *parts;
}

// Calls visit(Id) for what has been marked and is in no run.
template <class Visit>
void for_each_outside(const Dictionary& dictionary, const Renumbering& terms, Visit visit) {
  for (const TermRange range : dictionary.numbers_outside_runs()) {
    for (std::uint64_t number = std::max(range.first, terms.first()); number < range.last; ++number) {
      const IdType type = terms.marked_type(number);
      if (type != IdType::unbound) visit(Id(type, number));
    }
  }
}

const DictionaryRun* largest_run(const Dictionary& dictionary) {
  const auto largest = std::max_element(dictionary.runs().begin(), dictionary.runs().end(),
                                        [](const auto& a, const auto& b) { return a->meta().terms < b->meta().terms; });
  return largest == dictionary.runs().end() ? nullptr : largest->get();
}

void sample_runs(const Dictionary& dictionary, SymbolSample& sample) {
  const std::uint64_t step =
      std::max<std::uint64_t>(SymbolSample::kNeighbours, dictionary.terms() / SymbolSample::kPlaces);
  for (const auto& run : dictionary.runs()) {
    for (int type = static_cast<int>(IdType::iri); type <= static_cast<int>(IdType::triple); ++type) {
      const TermRange range = run->range(static_cast<IdType>(type));
      for (std::uint64_t first = range.first; first < range.last; first += step) {
        sample.start_place();
        const TermRange place = {first, std::min(range.last, first + SymbolSample::kNeighbours)};
        run->for_each(static_cast<IdType>(type), place,
                      [&](std::uint64_t, std::string_view body) { sample.add(body); });
      }
    }
  }
}

}  // namespace

void mark_parts(const Dictionary& dictionary, Renumbering& terms, const MergeOptions& options) {
  Counter counter(options, "triple terms", 0);
  // Triple terms whose parts have to be marked; those that this marks are next.
  std::vector<Id> open;
  const auto mark = [&](std::string_view body) {
    const TripleIds parts = parts_of(body);
    for (const Id part : {parts.subject, parts.predicate, parts.object}) {
      const bool is_new = Dictionary::is_stored(part) && !terms.is_marked(part.payload());
      terms.mark(part);
      if (is_new && part.type() == IdType::triple) open.push_back(part);
    }
    counter.step();
  };
  // One that is marked on the way and still to come is done twice, which does no harm.
  for (const auto& run : dictionary.runs()) {
    for_each_marked(*run, IdType::triple, run->range(IdType::triple), terms,
                    [&](std::uint64_t number, std::string_view body) {
                      if (!terms.awaits_number(Id(IdType::triple, number))) {
                        fail(fmt::format("triple term {} is used with a wrong type", number));
                      }
                      mark(body);
                    });
  }
  for_each_outside(dictionary, terms, [&](Id id) {
    if (id.type() == IdType::triple) open.push_back(id);
  });
  while (!open.empty()) {
    const std::vector<Id> now = std::exchange(open, {});
    for (std::size_t first = 0; first < now.size(); first += kPart) {
      const std::size_t count = std::min<std::size_t>(kPart, now.size() - first);
      dictionary.visit(std::span(now).subspan(first, count), [&](std::size_t, std::string_view body) { mark(body); });
    }
  }
}

DictionaryMeta merge_dictionary(const Dictionary& dictionary, Renumbering& terms, std::uint32_t run, KeyValueSink& sink,
                                const MergeOptions& options) {
  // The tail, sorted, and its triple terms apart.
  SymbolSample sample;
  auto tail = std::make_unique<TermSorter>(options.limits);
  std::vector<Id> tail_triples;
  bool any_in_tail = false;
  {
    Counter counter(options, "tail", dictionary.tail_terms());
    const std::uint64_t step = 1 + dictionary.terms() / (SymbolSample::kPlaces * SymbolSample::kNeighbours);
    std::uint64_t count = 0;
    PinnedValue value;
    for_each_outside(dictionary, terms, [&](Id id) {
      any_in_tail = true;
      counter.step();
      if (id.type() == IdType::triple) {
        tail_triples.push_back(id);
        return;
      }
      const std::string_view body = dictionary.tail()->body(id, value);
      tail->add(id.type(), body, id.payload());
      sample.start_place();
      if (count++ % step == 0) sample.add(body);
    });
    tail->finish();
  }
  sample_runs(dictionary, sample);

  const StringEncoder encoder(sample.train());
  DictionaryRunWriter writer(run, terms.first(), encoder, sink);
  std::uint64_t next = terms.first();
  {
    std::vector<std::unique_ptr<TermStream>> streams;
    for (const auto& part : dictionary.runs()) streams.push_back(std::make_unique<RunTerms>(*part, terms));
    streams.push_back(std::move(tail));
    MergedTerms merged(std::move(streams));
    Counter counter(options, "terms", dictionary.terms());
    IdType last_type = IdType::unbound;
    std::string last;
    while (const SortedTerm* term = merged.next()) {
      if (term->type == last_type && compare_bodies(last_type, last, term->folded) >= 0) {
        fail("it has a term twice, or terms out of order");
      }
      last_type = term->type;
      last = term->folded;
      next = writer.add(term->type, term->body) + 1;
      terms.set(term->number, next - 1);
      counter.step();
    }
  }

  const DictionaryRun* const largest = largest_run(dictionary);
  if (largest != nullptr) terms.set_steady(largest->range());
  std::uint64_t triple_terms = 0;
  Counter counter(options, "triple terms", 0);
  TripleTerms triples;
  triples.for_each = [&](const TripleTerms::Visitor& visit) {
    for (const auto& part : dictionary.runs()) {
      for_each_marked(*part, IdType::triple, part->range(IdType::triple), terms,
                      [&](std::uint64_t number, std::string_view body) {
                        counter.step();
                        visit(number, parts_of(body));
                      });
    }
    for (std::size_t from = 0; from < tail_triples.size(); from += kPart) {
      const auto some = std::span(tail_triples).subspan(from, std::min<std::size_t>(kPart, tail_triples.size() - from));
      dictionary.visit(some, [&](std::size_t index, std::string_view body) {
        counter.step();
        visit(some[index].payload(), parts_of(body));
      });
    }
  };
  triples.new_id = [&](Id id) { return terms(id); };
  triples.key_of = [](Id id) { return id.payload(); };
  triples.assign = [&](std::uint64_t key, std::uint64_t number) { terms.set(key, number); };
  triples.write = [&](const TripleIds& parts) {
    writer.add(IdType::triple, triple_body(parts));
    ++triple_terms;
  };
  number_triples(triples, next, options.limits);
  terms.set_all_steady(!any_in_tail && triple_terms == 0 && dictionary.runs().size() <= 1);
  return writer.finish();
}

}  // namespace akyn::storage

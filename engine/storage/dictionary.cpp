#include "engine/storage/dictionary.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

struct Wanted {
  std::uint64_t id;
  std::size_t index;
};

// By Id. Columns of a query hold thousands of Ids in no order, and comparing them costs more than decoding their terms:
// large ones are sorted by digits, of which only those that differ matter.
void sort_by_id(std::vector<Wanted>& wanted) {
  const auto by_id = [](const Wanted& a, const Wanted& b) { return a.id < b.id; };
  if (std::is_sorted(wanted.begin(), wanted.end(), by_id)) return;
  constexpr std::size_t kFewToCompare = 512;
  if (wanted.size() < kFewToCompare) {
    std::sort(wanted.begin(), wanted.end(), by_id);
    return;
  }
  constexpr unsigned kDigitBits = 11;
  constexpr std::uint64_t kDigit = (1U << kDigitBits) - 1;
  std::uint64_t differing = 0;
  for (const Wanted& one : wanted) differing |= one.id ^ wanted.front().id;
  std::vector<Wanted> sorted(wanted.size());
  for (unsigned shift = 0; shift < 64; shift += kDigitBits) {
    if ((differing >> shift & kDigit) == 0) continue;
    std::array<std::size_t, kDigit + 1> places{};
    for (const Wanted& one : wanted) ++places[one.id >> shift & kDigit];
    std::size_t before = 0;
    for (std::size_t& place : places) before += std::exchange(place, before);
    for (const Wanted& one : wanted) sorted[places[one.id >> shift & kDigit]++] = one;
    wanted.swap(sorted);
  }
}

}  // namespace

Dictionary::Dictionary(Runs runs, std::shared_ptr<const DictionaryTail> tail, std::uint64_t tail_terms,
                       std::uint64_t next_number)
    : runs_(std::move(runs)), tail_(std::move(tail)), tail_terms_(tail_terms), next_number_(next_number) {
  std::uint64_t end = 1;
  for (const auto& run : runs_) {
    if (run->range().first < end) {
      throw Error(ErrorCode::corruption,
                  fmt::format("the dictionary is damaged: numbers of run {} are those of another", run->run()));
    }
    end = run->range().last;
  }
  if (next_number_ < end || next_number_ > Id::kLocalBit || tail_terms_ >= next_number_) {
    throw Error(ErrorCode::corruption, "the dictionary is damaged: its counters are out of range");
  }
}

std::shared_ptr<const Dictionary> Dictionary::open(const DictionaryDescription& description, const OpenRun& open_run,
                                                   const OpenTail& open_tail) {
  Runs runs;
  for (const DictionaryDescription::Run& described : description.runs) {
    std::shared_ptr<const DictionaryRun> run = open_run(described.run);
    if (run->meta().first != described.first || run->meta().terms != described.terms) {
      throw Error(ErrorCode::corruption,
                  fmt::format("the dictionary is damaged: run {} has other terms than the manifest says", run->run()));
    }
    runs.push_back(std::move(run));
  }
  return std::make_shared<const Dictionary>(std::move(runs), open_tail(description.tail), description.tail_terms,
                                            description.next_number);
}

std::shared_ptr<const Dictionary> Dictionary::open(const DictionaryDescription& description,
                                                   const DictionarySources& sources) {
  return open(
      description,
      [&](std::uint32_t run) { return std::make_shared<const DictionaryRun>(run, sources.terms, sources.cache); },
      [&](std::uint32_t tail) { return std::make_shared<const DictionaryTail>(tail, sources.tail); });
}

DictionaryDescription Dictionary::description() const {
  DictionaryDescription description;
  for (const auto& run : runs_) description.runs.push_back({run->run(), run->meta().first, run->meta().terms});
  description.tail = tail_->tail();
  description.tail_terms = tail_terms_;
  description.next_number = next_number_;
  return description;
}

std::uint64_t Dictionary::terms() const noexcept {
  std::uint64_t terms = tail_terms_;
  for (const auto& run : runs_) terms += run->meta().terms;
  return terms;
}

std::vector<TermRange> Dictionary::numbers_outside_runs() const {
  std::vector<TermRange> ranges;
  std::uint64_t next = 1;
  const auto add_until = [&](std::uint64_t last) {
    if (next < last) ranges.push_back({next, last});
  };
  for (const auto& run : runs_) {
    add_until(run->range().first);
    next = run->range().last;
  }
  add_until(next_number_);
  return ranges;
}

std::shared_ptr<const Dictionary> Dictionary::with_tail(std::uint64_t new_terms, std::uint64_t next_number) const {
  return std::make_shared<const Dictionary>(runs_, tail_, tail_terms_ + new_terms, next_number);
}

std::shared_ptr<const Dictionary> Dictionary::with_run(std::shared_ptr<const DictionaryRun> run) const {
  if (run->range().first < next_number_) {
    throw Error(ErrorCode::internal, "a dictionary run has numbers that have been given out");
  }
  const std::uint64_t next = run->range().last;
  Runs runs = runs_;
  runs.push_back(std::move(run));
  return std::make_shared<const Dictionary>(std::move(runs), tail_, tail_terms_, next);
}

std::shared_ptr<const Dictionary> Dictionary::from(std::uint64_t first) const {
  Runs runs;
  for (const auto& run : runs_) {
    if (run->range().first >= first) runs.push_back(run);
  }
  return std::make_shared<const Dictionary>(std::move(runs), tail_, tail_terms_, next_number_);
}

Id Dictionary::find(IdType type, std::string_view folded_body) const {
  for (const auto& run : runs_) {
    if (const auto number = run->find(type, folded_body)) return Id(type, *number);
  }
  if (tail_terms_ > 0) {
    if (const auto number = tail_->find(type, folded_body, next_number_)) return Id(type, *number);
  }
  return Id();
}

const DictionaryRun* Dictionary::run_of(std::uint64_t number) const noexcept {
  const auto after = std::upper_bound(
      runs_.begin(), runs_.end(), number,
      [](std::uint64_t value, const std::shared_ptr<const DictionaryRun>& run) { return value < run->meta().first; });
  if (after == runs_.begin()) return nullptr;
  const DictionaryRun& run = **std::prev(after);
  return run.range().contains(number) ? &run : nullptr;
}

void Dictionary::check_number(Id id) const {
  if (!is_stored(id) || id.payload() == 0 || id.payload() >= next_number_) {
    throw Error(ErrorCode::corruption, fmt::format("the store is damaged: there is no term {} of type {}", id.payload(),
                                                   static_cast<int>(id.type())));
  }
}

void Dictionary::append_body(Id id, std::string& out) const {
  check_number(id);
  if (const DictionaryRun* run = run_of(id.payload())) {
    run->append_body(id.type(), id.payload(), out);
    return;
  }
  PinnedValue value;
  out += tail_->body(id, value);
}

void Dictionary::visit(std::span<const Id> ids, const Visitor& visitor) const {
  // By Id, which is by type and number: the order of the runs' pages.
  std::vector<Wanted> wanted;
  wanted.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!is_stored(ids[i])) continue;
    check_number(ids[i]);
    wanted.push_back({ids[i].bits(), i});
  }
  sort_by_id(wanted);

  auto next = wanted.begin();
  // Gives a body to all that want it.
  const auto give = [&](std::string_view body) {
    for (const std::uint64_t id = next->id; next != wanted.end() && next->id == id; ++next) visitor(next->index, body);
  };
  std::vector<std::uint64_t> numbers;
  while (next != wanted.end()) {
    const Id id = Id::from_bits(next->id);
    const DictionaryRun* const run = run_of(id.payload());
    if (run == nullptr) {
      PinnedValue value;
      give(tail_->body(id, value));
      continue;
    }
    numbers.clear();
    const std::uint64_t end = Id(id.type(), run->range().last).bits();
    for (auto at = next; at != wanted.end() && at->id < end; ++at) {
      const std::uint64_t number = Id::from_bits(at->id).payload();
      if (numbers.empty() || numbers.back() != number) numbers.push_back(number);
    }
    run->visit(id.type(), numbers, [&](std::uint64_t, std::string_view body) { give(body); });
  }
}

}  // namespace akyn::storage

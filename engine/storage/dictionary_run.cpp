#include "engine/storage/dictionary_run.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/storage/bloom_filter.h"
#include "engine/storage/body_order.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

// Makes the object behind `place` if nobody has yet.
template <class Object, class Make>
const Object& once(std::atomic<const Object*>& place, const Make& make) {
  if (const Object* made = place.load(std::memory_order_acquire)) return *made;
  std::unique_ptr<const Object> mine = make();
  const Object* first = nullptr;
  if (place.compare_exchange_strong(first, mine.get(), std::memory_order_acq_rel, std::memory_order_acquire)) {
    return *mine.release();
  }
  return *first;
}

constexpr bool sorted_by_bytes(IdType type) {
  return type != IdType::valued && type != IdType::lang_string;
}

}  // namespace

struct DictionaryRun::Page final : CachedValue {
  Page(PinnedValue value, const SymbolTable& table) : stored(std::move(value)), terms(stored.view(), table) {}
  [[nodiscard]] std::size_t cost() const noexcept override { return stored.view().size() + sizeof(Page); }

  PinnedValue stored;
  DictionaryPage terms;
};

struct DictionaryRun::Filter final : CachedValue {
  explicit Filter(PinnedValue value) : stored(std::move(value)), terms(stored.view()) {}
  [[nodiscard]] std::size_t cost() const noexcept override { return stored.view().size() + sizeof(Filter); }

  PinnedValue stored;
  BloomFilter terms;
};

DictionaryRun::DictionaryRun(std::uint32_t run, std::shared_ptr<const KeyValueSource> source,
                             std::shared_ptr<PinnedCache> cache)
    : run_(run), source_(std::move(source)), cache_(std::move(cache)) {
  meta_ = DictionaryMeta::parse(read(dictionary_key(run_, kMetaPage), "the table of contents").view());
  separators_ = std::vector<std::atomic<const SeparatorRecord*>>(meta_.separators.size());
  slots_ = std::vector<CacheSlot>(std::size_t{meta_.pages} + (meta_.pages + kFilterPages - 1) / kFilterPages);
}

DictionaryRun::~DictionaryRun() {
  cache_->remove(slots_);
  delete symbols_.load();
  for (const auto& record : separators_) delete record.load();
}

PinnedValue DictionaryRun::read(const DictionaryKey& key, const char* what) const {
  PinnedValue value;
  if (!source_->get(key.view(), value)) {
    throw Error(ErrorCode::corruption, fmt::format("the dictionary is damaged: {} of run {} is missing", what, run_));
  }
  return value;
}

const SymbolTable& DictionaryRun::symbols() const {
  return once(symbols_, [this] {
    const PinnedValue stored = read(dictionary_key(run_, kSymbolsPage), "the symbol table");
    return std::make_unique<const SymbolTable>(SymbolTable::deserialize(stored.view()));
  });
}

const Separators& DictionaryRun::separators(std::uint32_t record) const {
  return once(separators_[record],
              [&] {
                PinnedValue stored =
                    read(dictionary_key(run_, kFirstSeparatorsPage + record), "part of the page index");
                const Separators parsed(stored.view());
                if (parsed.size() != std::min(kSeparatorPages, meta_.pages - record * kSeparatorPages)) {
                  throw Error(ErrorCode::corruption, "the dictionary is damaged: wrong number of separators");
                }
                return std::make_unique<const SeparatorRecord>(SeparatorRecord{std::move(stored), parsed});
              })
      .separators;
}

std::unique_ptr<const DictionaryRun::Page> DictionaryRun::load_page(std::uint32_t page) const {
  auto loaded = std::make_unique<const Page>(read(dictionary_key(run_, page), "a page"), symbols());
  const auto owner = std::find_if(meta_.types.begin(), meta_.types.end(), [&](const DictionaryType& type) {
    return page >= type.first_page && page - type.first_page < type.pages;
  });
  const std::uint64_t before = std::uint64_t{page - owner->first_page} * kPageTerms;
  if (loaded->terms.size() != std::min<std::uint64_t>(kPageTerms, owner->terms - before)) {
    throw Error(ErrorCode::corruption, fmt::format("the dictionary is damaged: page {} of run {} has {} terms instead "
                                                   "of {}",
                                                   page, run_, loaded->terms.size(), owner->terms - before));
  }
  return loaded;
}

CachePin<DictionaryRun::Page> DictionaryRun::page(std::uint32_t page) const {
  if (auto pin = PinnedCache::find<Page>(slots_[page])) return pin;
  return cache_->insert(slots_[page], load_page(page));
}

CachePin<DictionaryRun::Filter> DictionaryRun::filter(std::uint32_t page) const {
  const std::uint32_t which = page / kFilterPages;
  CacheSlot& slot = slots_[meta_.pages + which];
  if (auto pin = PinnedCache::find<Filter>(slot)) return pin;
  const std::uint32_t last = std::min(meta_.pages, (which + 1) * kFilterPages) - 1;
  return cache_->insert(slot, std::make_unique<const Filter>(read(dictionary_filter_key(run_, last), "a filter")));
}

TermRange DictionaryRun::range(IdType type) const noexcept {
  const DictionaryType& entry = meta_.of(type);
  return {meta_.first + entry.first_index, meta_.first + entry.first_index + entry.terms};
}

std::uint32_t DictionaryRun::page_of(IdType type, std::uint64_t index) const noexcept {
  return meta_.of(type).first_page + static_cast<std::uint32_t>(index / kPageTerms);
}

std::uint64_t DictionaryRun::first_number_of(IdType type, std::uint32_t page) const noexcept {
  const DictionaryType& entry = meta_.of(type);
  return meta_.first + entry.first_index + std::uint64_t{page - entry.first_page} * kPageTerms;
}

std::uint64_t DictionaryRun::checked_index(IdType type, std::uint64_t number) const {
  const TermRange all = range(type);
  if (!all.contains(number)) {
    throw Error(ErrorCode::corruption,
                fmt::format("the store is damaged: there is no term {} of type {}", number, static_cast<int>(type)));
  }
  return number - all.first;
}

template <class Before>
std::uint32_t DictionaryRun::locate(IdType type, const Before& before) const {
  const DictionaryType& entry = meta_.of(type);
  const std::uint32_t end = entry.first_page + entry.pages;
  // The records that begin after the type's first page tell which record to look into.
  std::uint32_t low = entry.first_page / kSeparatorPages;
  std::uint32_t high = (end - 1) / kSeparatorPages;
  while (low < high) {
    const std::uint32_t middle = low + (high - low + 1) / 2;
    if (before(meta_.separators[middle])) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const Separators& record = separators(low);
  const std::uint32_t start = low * kSeparatorPages;
  std::uint32_t first = std::max(entry.first_page, start);
  std::uint32_t last = std::min(end, start + kSeparatorPages) - 1;
  while (first < last) {
    const std::uint32_t middle = first + (last - first + 1) / 2;
    if (before(record[middle - start])) {
      first = middle;
    } else {
      last = middle - 1;
    }
  }
  return first;
}

std::optional<std::uint64_t> DictionaryRun::find(IdType type, std::string_view folded_body) const {
  if (meta_.of(type).terms == 0) return std::nullopt;
  // Here a page's separator may be the term itself.
  std::optional<BodyValue> value;
  if (type == IdType::valued) value.emplace(folded_body);
  const std::uint32_t number = locate(type, [&](std::string_view separator) {
    return value ? BodyValue(separator) <= *value : separator <= folded_body;
  });
  if (!filter(number)->terms.may_contain(hash_bytes(folded_body, static_cast<std::uint64_t>(type)))) {
    return std::nullopt;
  }
  const CachePin<Page> pin = page(number);
  DictionaryPage::Place place;
  if (sorted_by_bytes(type)) {
    place = pin->terms.lower_bound(folded_body);
  } else {
    std::string folded;
    const auto fold = [&](std::string_view body) -> const std::string& {
      folded = body;
      fold_body(type, folded);
      return folded;
    };
    place.index = pin->terms.partition_point(
        [&](std::string_view body) { return value ? BodyValue(body) < *value : fold(body) < folded_body; });
    pin->terms.for_each(place.index, std::min(place.index + 1, pin->terms.size()),
                        [&](std::size_t, std::string_view body) { place.equal = fold(body) == folded_body; });
  }
  if (!place.equal) return std::nullopt;
  return first_number_of(type, number) + place.index;
}

std::uint64_t DictionaryRun::partition_point(IdType type, const std::function<bool(std::string_view)>& before) const {
  const TermRange all = range(type);
  if (all.empty()) return all.first;
  const std::uint32_t number = locate(type, before);
  std::string folded;
  const std::size_t index = page(number)->terms.partition_point([&](std::string_view body) {
    if (type != IdType::lang_string) return before(body);
    folded = body;
    fold_body(type, folded);
    return before(folded);
  });
  return first_number_of(type, number) + index;
}

std::uint64_t DictionaryRun::lower_bound(IdType type, std::string_view folded_body) const {
  if (type == IdType::valued) {
    const BodyValue value(folded_body);
    return partition_point(type, [&](std::string_view body) { return BodyValue(body) < value; });
  }
  if (type == IdType::lang_string || meta_.of(type).terms == 0) {
    return partition_point(type, [&](std::string_view body) { return body < folded_body; });
  }
  const std::uint32_t number = locate(type, [&](std::string_view separator) { return separator <= folded_body; });
  return first_number_of(type, number) + page(number)->terms.lower_bound(folded_body).index;
}

TermRange DictionaryRun::prefix_range(IdType type, std::string_view prefix) const {
  return {lower_bound(type, prefix),
          partition_point(type, [&](std::string_view body) { return body.substr(0, prefix.size()) <= prefix; })};
}

void DictionaryRun::append_body(IdType type, std::uint64_t number, std::string& out) const {
  const std::uint64_t index = checked_index(type, number);
  page(page_of(type, index))->terms.append(static_cast<std::size_t>(index % kPageTerms), out);
}

void DictionaryRun::visit(IdType type, std::span<const std::uint64_t> numbers, const Visitor& visitor) const {
  while (!numbers.empty()) {
    const std::uint32_t which = page_of(type, checked_index(type, numbers.front()));
    const std::uint64_t first = first_number_of(type, which);
    const CachePin<Page> pin = page(which);
    const auto end = std::find_if(numbers.begin(), numbers.end(), [&](std::uint64_t number) {
      return number < first || number - first >= pin->terms.size();
    });
    const auto here = static_cast<std::size_t>(end - numbers.begin());
    pin->terms.visit(numbers.first(here), first, visitor);
    numbers = numbers.subspan(here);
  }
}

void DictionaryRun::for_each(IdType type, TermRange range, const Visitor& visitor) const {
  if (range.empty()) return;
  const std::uint32_t last_page = page_of(type, checked_index(type, range.last - 1));
  for (std::uint32_t which = page_of(type, checked_index(type, range.first)); which <= last_page; ++which) {
    const std::uint64_t first = first_number_of(type, which);
    const auto scan = [&](const DictionaryPage& terms) {
      const auto begin = static_cast<std::size_t>(std::max(range.first, first) - first);
      const auto end = static_cast<std::size_t>(std::min<std::uint64_t>(range.last - first, terms.size()));
      terms.for_each(begin, end, [&](std::size_t index, std::string_view body) { visitor(first + index, body); });
    };
    if (const auto pin = PinnedCache::find<Page>(slots_[which])) {
      scan(pin->terms);
    } else {
      scan(load_page(which)->terms);
    }
  }
}

}  // namespace akyn::storage

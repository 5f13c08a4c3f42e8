// Reads a dictionary run: the terms of a store, sorted, by number and by text.
//
// Opening reads one record. Symbol table, separators, filters and pages are read when first needed. Separators and
// symbols (a tenth of a byte a term and one megabyte) stay; pages and filters are kept within the budget of a
// PinnedCache, so that a warm look-up reads nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/storage/dictionary_page.h"
#include "engine/storage/dictionary_run_format.h"
#include "engine/storage/key_value.h"
#include "engine/storage/pinned_cache.h"
#include "engine/storage/string_codec.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Numbers [first, last) of terms.
struct TermRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  [[nodiscard]] std::uint64_t size() const noexcept { return last - first; }
  [[nodiscard]] bool empty() const noexcept { return first == last; }
  [[nodiscard]] bool contains(std::uint64_t number) const noexcept { return number >= first && number < last; }
  friend bool operator==(const TermRange&, const TermRange&) = default;
};

// Immutable and thread-safe. Everything may throw Error(corruption) for damaged records and what the source throws.
//
// `body` is as in term_codec.h; the run gives bodies as they were written and looks folded ones up.
class DictionaryRun {
 public:
  // Calls with a term's number and body as written; the body is valid during the call.
  using Visitor = std::function<void(std::uint64_t number, std::string_view body)>;

  // `run` is the number under which the run was written. What `source` gives must stay as it is.
  DictionaryRun(std::uint32_t run, std::shared_ptr<const KeyValueSource> source, std::shared_ptr<PinnedCache> cache);
  ~DictionaryRun();
  DictionaryRun(const DictionaryRun&) = delete;
  DictionaryRun& operator=(const DictionaryRun&) = delete;

  [[nodiscard]] std::uint32_t run() const noexcept { return run_; }
  [[nodiscard]] const DictionaryMeta& meta() const noexcept { return meta_; }
  // All numbers of the run.
  [[nodiscard]] TermRange range() const noexcept { return {meta_.first, meta_.first + meta_.terms}; }
  // Those of one type.
  [[nodiscard]] TermRange range(IdType type) const noexcept;

  // The number of the term; nothing when the run does not hold it.
  [[nodiscard]] std::optional<std::uint64_t> find(IdType type, std::string_view folded_body) const;

  // Appends the body of one term. A number outside of range(type) is damage.
  void append_body(IdType type, std::uint64_t number, std::string& out) const;
  // Visits terms of one type by ascending numbers (the same one may come again), opening each page once.
  void visit(IdType type, std::span<const std::uint64_t> numbers, const Visitor& visitor) const;
  // Visits all terms of a range, which lies within range(type). Leaves the cache as it is: a scan through the whole
  // dictionary drives nothing out. Call it for parts of a range to be able to stop.
  void for_each(IdType type, TermRange range, const Visitor& visitor) const;

  // The number of the first term not before `folded_body`, which need not be a whole body but for IdType::valued.
  // range(type).last when there is none.
  [[nodiscard]] std::uint64_t lower_bound(IdType type, std::string_view folded_body) const;
  // The terms whose folded bodies begin with `prefix`. Precondition: type is not valued.
  [[nodiscard]] TermRange prefix_range(IdType type, std::string_view prefix) const;
  // The number of the first term for which `before`, called with folded bodies, is false. Precondition: it is true for
  // a first part of all bodies in the order of body_order.h, and false for the rest. Of types sorted by bytes,
  // `before` is also called with prefixes of bodies.
  [[nodiscard]] std::uint64_t partition_point(IdType type, const std::function<bool(std::string_view)>& before) const;

 private:
  struct Page;    // a loaded page
  struct Filter;  // a loaded filter
  // A record of separators, read when first needed.
  struct SeparatorRecord {
    PinnedValue stored;
    Separators separators;
  };

  [[nodiscard]] PinnedValue read(const DictionaryKey& key, const char* what) const;
  [[nodiscard]] const SymbolTable& symbols() const;
  [[nodiscard]] const Separators& separators(std::uint32_t record) const;
  [[nodiscard]] std::unique_ptr<const Page> load_page(std::uint32_t page) const;
  [[nodiscard]] CachePin<Page> page(std::uint32_t page) const;
  [[nodiscard]] CachePin<Filter> filter(std::uint32_t page) const;
  [[nodiscard]] std::uint64_t checked_index(IdType type, std::uint64_t number) const;
  [[nodiscard]] std::uint32_t page_of(IdType type, std::uint64_t index) const noexcept;
  [[nodiscard]] std::uint64_t first_number_of(IdType type, std::uint32_t page) const noexcept;
  // The last page of the type whose separator is before the boundary; the type's first one when there is none.
  template <class Before>
  [[nodiscard]] std::uint32_t locate(IdType type, const Before& before) const;

  std::uint32_t run_;
  std::shared_ptr<const KeyValueSource> source_;
  std::shared_ptr<PinnedCache> cache_;
  DictionaryMeta meta_;
  // Set once, by whichever thread is first.
  mutable std::atomic<const SymbolTable*> symbols_{nullptr};
  mutable std::vector<std::atomic<const SeparatorRecord*>> separators_;
  // Of the pages, then of the filters.
  mutable std::vector<CacheSlot> slots_;
};

}  // namespace akyn::storage

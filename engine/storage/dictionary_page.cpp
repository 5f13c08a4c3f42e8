#include "engine/storage/dictionary_page.h"

#include <algorithm>
#include <limits>
#include <optional>

#include <akyn/error.h>
#include "engine/storage/byte_reader.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kHeaderBytes = 4;
constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kPrefetched = 2048;
constexpr const char* kWhat = "the dictionary";

[[noreturn]] void corrupt(const char* what) {
  throw Error(ErrorCode::corruption, std::string(kWhat) + " is damaged: " + what);
}

std::uint32_t load32(const char* at) {
  return load_fixed<std::uint32_t>(at);
}

}  // namespace

void DictionaryPageWriter::add(std::string_view text) {
  codes_.clear();
  if (count_ % kGroupTerms == 0) {
    if (count_ > 0) ends_.push_back(static_cast<std::uint32_t>(groups_.size()));
    head_ = text;
    encoder_->encode(text, codes_);
  } else {
    const auto [at, _] = std::mismatch(text.begin(), text.end(), head_.begin(), head_.end());
    const auto shared = static_cast<std::size_t>(at - text.begin());
    append_varint(groups_, shared);
    encoder_->encode(text.substr(shared), codes_);
  }
  append_sized(groups_, codes_);
  if (groups_.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::limit, "too many literals of more than ten megabytes");
  }
  ++count_;
}

std::string DictionaryPageWriter::finish() {
  ends_.push_back(static_cast<std::uint32_t>(groups_.size()));
  std::string page;
  page.reserve(kHeaderBytes + ends_.size() * 4 + groups_.size());
  append_fixed(page, static_cast<std::uint16_t>(count_));
  append_fixed(page, std::uint16_t{0});
  for (const std::uint32_t end : ends_) append_fixed(page, end);
  page += groups_;
  count_ = 0;
  ends_.clear();
  groups_.clear();
  return page;
}

struct DictionaryPage::Group {
  ByteReader rest;         // after the head
  std::string_view codes;  // of the head
  std::size_t size;        // strings, the head included
};

DictionaryPage::DictionaryPage(std::string_view bytes, const SymbolTable& table) : table_(&table), count_(0) {
  if (bytes.size() < kHeaderBytes) corrupt("page cut short");
  count_ = load_fixed<std::uint16_t>(bytes.data());
  const std::size_t groups = (count_ + kGroupTerms - 1) / kGroupTerms;
  if (count_ == 0 || count_ > kPageTerms || bytes.size() < kHeaderBytes + groups * 4) corrupt("wrong page header");
  ends_ = bytes.substr(kHeaderBytes, groups * 4);
  groups_ = bytes.substr(kHeaderBytes + groups * 4);
  std::uint32_t previous = 0;
  for (std::size_t group = 0; group < groups; ++group) {
    const std::uint32_t end = load32(ends_.data() + group * 4);
    if (end <= previous || end > groups_.size()) corrupt("group out of range");
    previous = end;
  }
}

DictionaryPage::Group DictionaryPage::open_group(std::size_t group) const {
  const std::size_t start = group == 0 ? 0 : load32(ends_.data() + (group - 1) * 4);
  const std::string_view bytes = groups_.substr(start, load32(ends_.data() + group * 4) - start);
  // All of it will be needed, and waiting for one cache line after the other takes longer than everything else.
  for (std::size_t at = 0; at < std::min(bytes.size(), kPrefetched); at += kCacheLine) {
    __builtin_prefetch(bytes.data() + at);
  }
  ByteReader rest(bytes, kWhat);
  const std::string_view codes = rest.sized();
  return {rest, codes, std::min(kGroupTerms, count_ - group * kGroupTerms)};
}

DictionaryPage::Group DictionaryPage::open_group(std::size_t group, std::string& head) const {
  Group opened = open_group(group);
  head.clear();
  table_->decode(opened.codes, head);
  return opened;
}

void DictionaryPage::append(std::size_t index, std::string& out) const {
  Group group = open_group(index / kGroupTerms);
  std::size_t shared = 0;
  std::string_view codes = group.codes;
  for (std::size_t i = index % kGroupTerms; i > 0; --i) {
    shared = static_cast<std::size_t>(group.rest.varint());
    codes = group.rest.sized();
  }
  if (shared > 0) {
    const std::size_t at = out.size();
    table_->decode(group.codes, out);
    if (out.size() - at < shared) corrupt("shared bytes beyond the head");
    out.resize(at + shared);
  }
  table_->decode(codes, out);
}

void DictionaryPage::for_each(std::size_t first, std::size_t last,
                              const std::function<void(std::size_t, std::string_view)>& visit) const {
  std::string head;
  std::string text;
  for (std::size_t group = first / kGroupTerms; group * kGroupTerms < last; ++group) {
    Group opened = open_group(group, head);
    for (std::size_t i = 0; i < opened.size; ++i) {
      const std::size_t index = group * kGroupTerms + i;
      if (index >= last) return;
      if (i == 0) {
        if (index >= first) visit(index, head);
        continue;
      }
      const std::uint64_t shared = opened.rest.varint();
      const std::string_view codes = opened.rest.sized();
      if (index < first) continue;
      if (shared > head.size()) corrupt("shared bytes beyond the head");
      text.assign(head, 0, static_cast<std::size_t>(shared));
      table_->decode(codes, text);
      visit(index, text);
    }
  }
}

void DictionaryPage::visit(std::span<const std::uint64_t> numbers, std::uint64_t base,
                           const std::function<void(std::uint64_t, std::string_view)>& visit) const {
  std::string head;
  std::string text;
  std::optional<Group> group;
  std::size_t opened = 0;  // the number of `group`
  std::size_t read = 0;    // strings read of it
  for (const std::uint64_t number : numbers) {
    const auto index = static_cast<std::size_t>(number - base);
    const std::size_t wanted = index % kGroupTerms + 1;
    if (!group || opened != index / kGroupTerms || read > wanted) {
      opened = index / kGroupTerms;
      group.emplace(open_group(opened, head));
      text = head;
      read = 1;
    }
    if (read < wanted) {
      std::uint64_t shared = 0;
      std::string_view codes;
      for (; read < wanted; ++read) {
        shared = group->rest.varint();
        codes = group->rest.sized();
      }
      if (shared > head.size()) corrupt("shared bytes beyond the head");
      text.assign(head, 0, static_cast<std::size_t>(shared));
      table_->decode(codes, text);
    }
    visit(number, text);
  }
}

std::size_t DictionaryPage::partition_point(const std::function<bool(std::string_view)>& before) const {
  // The last group whose head is before the boundary holds it.
  std::string head;
  std::size_t low = 0;
  std::size_t high = ends_.size() / 4;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    open_group(middle, head);
    if (before(head)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return 0;
  Group group = open_group(low - 1, head);
  std::string text;
  std::size_t i = 1;
  for (; i < group.size; ++i) {
    const std::uint64_t shared = group.rest.varint();
    if (shared > head.size()) corrupt("shared bytes beyond the head");
    text.assign(head, 0, static_cast<std::size_t>(shared));
    table_->decode(group.rest.sized(), text);
    if (!before(text)) break;
  }
  return (low - 1) * kGroupTerms + i;
}

DictionaryPage::Place DictionaryPage::lower_bound(std::string_view text) const {
  std::size_t low = 0;
  std::size_t high = ends_.size() / 4;
  std::size_t common = 0;  // bytes that `text` and the head of group low - 1 begin with
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    const SymbolTable::Comparison head = table_->compare(open_group(middle).codes, text);
    if (head.order == 0) return {middle * kGroupTerms, true};
    if (head.order < 0) {
      low = middle + 1;
      common = head.common;
    } else {
      high = middle;
    }
  }
  if (low == 0) return {};
  Group group = open_group(low - 1);
  std::size_t i = 1;
  for (; i < group.size; ++i) {
    const std::uint64_t shared = group.rest.varint();
    const std::string_view codes = group.rest.sized();
    // Sharing more with the head than `text` does, a string compares to it as the head does. Sharing less, it is
    // greater than the head in a byte that `text` has in common with the head.
    if (shared > common) continue;
    if (shared < common) break;
    const std::strong_ordering order = table_->compare(codes, text.substr(common)).order;
    if (order == 0) return {(low - 1) * kGroupTerms + i, true};
    if (order > 0) break;
  }
  return {(low - 1) * kGroupTerms + i, false};
}

}  // namespace akyn::storage

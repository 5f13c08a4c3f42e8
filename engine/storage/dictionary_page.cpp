#include "engine/storage/dictionary_page.h"

#include <algorithm>
#include <cstring>

#include <akyn/error.h>

namespace akyn::storage {
namespace {

constexpr std::size_t kHeaderBytes = 4;

[[noreturn]] void corrupt(const char* what) {
  throw Error(ErrorCode::corruption, std::string("the dictionary is damaged: ") + what);
}

void append_varint(std::string& out, std::size_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

std::size_t read_varint(std::string_view& from) {
  std::size_t value = 0;
  for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    value |= static_cast<std::size_t>(byte & 0x7FU) << shift;
    if (byte < 0x80) return value;
  }
  corrupt("wrong length");
}

std::string_view read_bytes(std::string_view& from) {
  const std::size_t size = read_varint(from);
  if (size > from.size()) corrupt("page cut short");
  const std::string_view bytes = from.substr(0, size);
  from.remove_prefix(size);
  return bytes;
}

std::uint32_t load32(const char* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
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
  append_varint(groups_, codes_.size());
  groups_ += codes_;
  ++count_;
}

std::string DictionaryPageWriter::finish() {
  ends_.push_back(static_cast<std::uint32_t>(groups_.size()));
  std::string page(kHeaderBytes + ends_.size() * 4, '\0');
  const auto count = static_cast<std::uint16_t>(count_);
  std::memcpy(page.data(), &count, sizeof count);
  std::memcpy(page.data() + kHeaderBytes, ends_.data(), ends_.size() * 4);
  page += groups_;
  count_ = 0;
  ends_.clear();
  groups_.clear();
  return page;
}

// What is left to read of a group.
struct DictionaryPage::Group {
  std::string_view rest;  // after the head
  std::size_t size = 0;   // strings, the head included
};

DictionaryPage::DictionaryPage(std::string_view bytes, const SymbolTable& table) : table_(&table), count_(0) {
  if (bytes.size() < kHeaderBytes) corrupt("page cut short");
  std::uint16_t count = 0;
  std::memcpy(&count, bytes.data(), sizeof count);
  count_ = count;
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

DictionaryPage::Group DictionaryPage::open_group(std::size_t group, std::string& head) const {
  const std::size_t start = group == 0 ? 0 : load32(ends_.data() + (group - 1) * 4);
  Group opened;
  opened.rest = groups_.substr(start, load32(ends_.data() + group * 4) - start);
  opened.size = std::min(kGroupTerms, count_ - group * kGroupTerms);
  head.clear();
  table_->decode(read_bytes(opened.rest), head);
  return opened;
}

void DictionaryPage::append(std::size_t index, std::string& out) const {
  const std::size_t group = index / kGroupTerms;
  const std::size_t start = group == 0 ? 0 : load32(ends_.data() + (group - 1) * 4);
  std::string_view rest = groups_.substr(start, load32(ends_.data() + group * 4) - start);
  const std::string_view head_codes = read_bytes(rest);
  std::size_t shared = 0;
  std::string_view codes = head_codes;
  for (std::size_t i = index % kGroupTerms; i > 0; --i) {
    shared = read_varint(rest);
    codes = read_bytes(rest);
  }
  const std::size_t at = out.size();
  if (shared > 0) {
    table_->decode(head_codes, out);
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
      const std::size_t shared = read_varint(opened.rest);
      const std::string_view codes = read_bytes(opened.rest);
      if (index < first) continue;
      if (shared > head.size()) corrupt("shared bytes beyond the head");
      text.assign(head, 0, shared);
      table_->decode(codes, text);
      visit(index, text);
    }
  }
}

std::size_t DictionaryPage::partition_point(const std::function<bool(std::string_view)>& before) const {
  // The last group whose head is before the boundary holds it.
  std::string text;
  std::size_t low = 0;
  std::size_t high = ends_.size() / 4;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    open_group(middle, text);
    if (before(text)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return 0;
  const std::size_t first = (low - 1) * kGroupTerms;
  const std::size_t last = std::min(count_, low * kGroupTerms);
  std::size_t result = last;
  for_each(first + 1, last, [&](std::size_t index, std::string_view candidate) {
    if (index < result && !before(candidate)) result = index;
  });
  return result;
}

}  // namespace akyn::storage

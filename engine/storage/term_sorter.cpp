#include "engine/storage/term_sorter.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/body_order.h"
#include "engine/storage/byte_reader.h"
#include "engine/storage/term_codec.h"

namespace akyn::storage {
namespace {

constexpr std::size_t kArena = std::size_t{1} << 20U;
constexpr std::size_t kFrame = std::size_t{64} << 10U;
constexpr std::size_t kFewEntries = 12;

// The eight bytes from `depth` on as a number that compares as they do; bytes behind the end are 0.
std::uint64_t key_at(std::string_view text, std::size_t depth) noexcept {
  std::uint64_t key = 0;
  if (depth == text.size()) return key;  // the text may be empty, and nowhere
  std::memcpy(&key, text.data() + depth, std::min<std::size_t>(8, text.size() - depth));
  return __builtin_bswap64(key);
}

// The bytes that key_at() has taken: they tell "a" from "a\0".
std::size_t taken_at(std::string_view text, std::size_t depth) noexcept {
  return std::min<std::size_t>(8, text.size() - depth);
}

void sort_by_text(std::span<BodyEntry> entries) {
  std::sort(entries.begin(), entries.end(), [](const BodyEntry& a, const BodyEntry& b) {
    const int order = a.folded.compare(b.folded);
    return order != 0 ? order < 0 : a.number < b.number;
  });
}

// Sorts by eight bytes, then what is still equal by the next eight: IRIs begin alike, and comparing them whole would
// read the same bytes again and again.
void sort_by_bytes(std::span<BodyEntry> all) {
  struct Part {
    std::span<BodyEntry> entries;
    std::size_t depth;
  };
  std::vector<Part> parts = {{all, 0}};
  while (!parts.empty()) {
    const auto [entries, depth] = parts.back();
    parts.pop_back();
    if (entries.size() <= kFewEntries) {
      sort_by_text(entries);
      continue;
    }
    bool alike = true;
    for (BodyEntry& entry : entries) {
      entry.key = key_at(entry.folded, depth);
      alike = alike && entry.key == entries.front().key &&
              taken_at(entry.folded, depth) == taken_at(entries.front().folded, depth);
    }
    const auto less = [depth = depth](const BodyEntry& a, const BodyEntry& b) {
      if (a.key != b.key) return a.key < b.key;
      const std::size_t taken_a = taken_at(a.folded, depth);
      const std::size_t taken_b = taken_at(b.folded, depth);
      return taken_a != taken_b ? taken_a < taken_b : a.number < b.number;
    };
    if (!alike || taken_at(entries.front().folded, depth) < 8) std::sort(entries.begin(), entries.end(), less);
    for (std::size_t first = 0; first < entries.size();) {
      const std::size_t taken = taken_at(entries[first].folded, depth);
      std::size_t last = first + 1;
      while (last < entries.size() && entries[last].key == entries[first].key &&
             taken_at(entries[last].folded, depth) == taken) {
        ++last;
      }
      if (taken == 8 && last - first > 1) parts.push_back({entries.subspan(first, last - first), depth + 8});
      first = last;
    }
  }
}

void sort_by_value(std::span<BodyEntry> entries) {
  struct Valued {
    BodyValue value;
    BodyEntry entry;
  };
  std::vector<Valued> values;
  values.reserve(entries.size());
  for (const BodyEntry& entry : entries) values.push_back({BodyValue(entry.folded), entry});
  std::sort(values.begin(), values.end(), [](const Valued& a, const Valued& b) {
    const std::strong_ordering order = a.value <=> b.value;
    return order != std::strong_ordering::equal ? order == std::strong_ordering::less : a.entry.number < b.entry.number;
  });
  for (std::size_t i = 0; i < values.size(); ++i) entries[i] = values[i].entry;
}

std::string_view body_of(IdType type, const BodyEntry& entry) noexcept {
  if (type != IdType::lang_string) return entry.folded;
  return {entry.folded.data() + entry.folded.size(), entry.folded.size()};
}

}  // namespace

void sort_bodies(IdType type, std::span<BodyEntry> entries) {
  if (type == IdType::valued) {
    sort_by_value(entries);
  } else {
    sort_by_bytes(entries);
  }
}

// Reads a sorted chunk of the file.
class TermSorter::Chunk final : public TermStream {
 public:
  Chunk(SpillFile& file, Range range) : file_(file), range_(range) {}

  const SortedTerm* next() override {
    while (rest_.empty()) {
      if (range_.first >= range_.last) return nullptr;
      file_.read(range_.first, frame_);
      rest_ = frame_;
    }
    ByteReader reader(rest_, "a temporary file of a sort");
    term_.type = static_cast<IdType>(reader.fixed<std::uint8_t>());
    term_.number = reader.varint();
    term_.body = reader.sized();
    term_.folded = term_.body;
    if (term_.type == IdType::lang_string) {
      folded_ = term_.body;
      fold_body(term_.type, folded_);
      term_.folded = folded_;
    }
    rest_ = reader.rest();
    return &term_;
  }

 private:
  SpillFile& file_;
  Range range_;
  std::string frame_;
  std::string_view rest_;
  std::string folded_;
  SortedTerm term_;
};

char* TermSorter::allocate(std::size_t size) {
  if (size > kArena / 8) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    used_ += size;
    return chunks_.back().get();
  }
  if (size > free_size_) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(kArena));
    used_ += kArena;
    free_ = chunks_.back().get();
    free_size_ = kArena;
  }
  char* const bytes = free_;
  free_ += size;
  free_size_ -= size;
  return bytes;
}

void TermSorter::add(IdType type, std::string_view body, std::uint64_t number) {
  if (used_ >= limits_.memory_bytes && !limits_.directory.empty()) spill();
  const bool two_forms = type == IdType::lang_string;
  char* const bytes = allocate(body.size() * (two_forms ? 2 : 1));
  if (two_forms) {
    std::string folded(body);
    fold_body(type, folded);
    std::memcpy(bytes, folded.data(), folded.size());
  }
  if (!body.empty()) std::memcpy(bytes + (two_forms ? body.size() : 0), body.data(), body.size());
  entries_[static_cast<std::size_t>(type)].push_back({{bytes, body.size()}, number});
  used_ += sizeof(BodyEntry);
}

void TermSorter::sort() {
  for (std::size_t type = 0; type < entries_.size(); ++type) sort_bodies(static_cast<IdType>(type), entries_[type]);
}

void TermSorter::spill() {
  sort();
  if (!file_) file_.emplace(limits_.directory);
  const std::uint64_t first = file_->end();
  std::string frame;
  for (std::size_t type = 0; type < entries_.size(); ++type) {
    for (const BodyEntry& entry : entries_[type]) {
      append_fixed(frame, static_cast<std::uint8_t>(type));
      append_varint(frame, entry.number);
      append_sized(frame, body_of(static_cast<IdType>(type), entry));
      if (frame.size() < kFrame) continue;
      file_->append(frame);
      frame.clear();
    }
    entries_[type].clear();
  }
  if (!frame.empty()) file_->append(frame);
  ranges_.push_back({first, file_->end()});
  chunks_.clear();
  free_size_ = 0;
  used_ = 0;
}

void TermSorter::finish() {
  if (ranges_.empty()) {
    sort();
    return;
  }
  if (used_ > 0) spill();
  for (auto& entries : entries_) std::vector<BodyEntry>().swap(entries);
  std::vector<std::unique_ptr<TermStream>> streams;
  for (const Range& range : ranges_) streams.push_back(std::make_unique<Chunk>(*file_, range));
  merged_.emplace(std::move(streams));
}

const SortedTerm* TermSorter::next() {
  if (merged_) return merged_->next();
  while (index_ == entries_[type_].size()) {
    if (type_ + 1 == entries_.size()) return nullptr;
    ++type_;
    index_ = 0;
  }
  const BodyEntry& entry = entries_[type_][index_++];
  const auto type = static_cast<IdType>(type_);
  term_ = {type, entry.number, body_of(type, entry), entry.folded};
  return &term_;
}

}  // namespace akyn::storage

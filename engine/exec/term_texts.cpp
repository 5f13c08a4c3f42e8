#include "engine/exec/term_texts.h"

#include <bit>
#include <optional>
#include <utility>

#include <akyn/error.h>
#include "engine/storage/database.h"
#include "engine/storage/term_codec.h"
#include "engine/term/inline_id.h"

namespace akyn::exec {
namespace {

constexpr std::size_t kFirstSlots = 64;
// What is kept from one column to the next at most; bytes also where hardly a term comes twice, so that they stay in
// the processor's cache.
constexpr std::size_t kKeptTexts = 8192;
constexpr std::size_t kKeptBytes = std::size_t{1} << 20;
constexpr std::size_t kKeptBytesOfNew = std::size_t{1} << 17;

}  // namespace

TermTexts::TermTexts(const runtime::LocalTerms& terms, Write write) : terms_(terms), write_(std::move(write)) {
  slots_.resize(kFirstSlots);
  forget();
}

void TermTexts::decode(std::span<const std::uint64_t> ids) {
  if (texts_.size() > kKeptTexts || bytes_.size() > (mostly_new_ ? kKeptBytesOfNew : kKeptBytes)) forget();
  const std::size_t bytes_before = bytes_.size();
  const std::size_t texts_before = texts_.size();
  places_.resize(ids.size());
  try {
    std::uint64_t last = 0;
    std::uint32_t place = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (ids[i] != last) {
        last = ids[i];
        place = last == 0 ? 0 : place_of(last);
      }
      places_[i] = place;
    }
    fetch_stored();
  } catch (...) {
    forget();
    throw;
  }
  bytes_written_ = bytes_.size() - bytes_before;
  mostly_new_ = (texts_.size() - texts_before) * 8 > ids.size() * 7;
}

std::size_t TermTexts::slot_of(std::uint64_t id) const noexcept {
  std::size_t slot = static_cast<std::size_t>((id * 0x9e3779b97f4a7c15ULL) >> shift_);
  while (slots_[slot] != 0 && texts_[slots_[slot]].id != id) slot = (slot + 1) & (slots_.size() - 1);
  return slot;
}

std::uint32_t TermTexts::place_of(std::uint64_t id) {
  std::size_t slot = slot_of(id);
  if (slots_[slot] != 0) return slots_[slot];
  if (texts_.size() * 2 >= slots_.size()) {
    grow();
    slot = slot_of(id);
  }
  const auto place = static_cast<std::uint32_t>(texts_.size());
  slots_[slot] = place;
  texts_.push_back({id});
  add(Id::from_bits(id), place);
  return place;
}

void TermTexts::add(Id id, std::uint32_t place) {
  TermView term;
  if (id.is_inlined()) {
    const std::string form = inlined_form(id);
    term.kind = TermKind::literal;
    term.value = form;
    term.datatype = inlined_datatype(id);
    write(place, term);
  } else if (id.is_local()) {
    write(place, terms_.computed(id).view());
  } else if (id.type() == IdType::blank) {
    const std::string label = storage::blank_label(id);
    term.kind = TermKind::blank;
    term.value = label;
    write(place, term);
  } else if (id.type() == IdType::triple) {
    write(place, terms_.term(id).view());
  } else {
    stored_.push_back(id);
    stored_places_.push_back(place);
  }
}

void TermTexts::fetch_stored() {
  if (stored_.empty()) return;
  terms_.snapshot().visit(stored_, [this](std::size_t i, std::string_view body) {
    const IdType type = stored_[i].type();
    if (type == IdType::iri || type == IdType::string) {
      TermView term;
      term.kind = type == IdType::iri ? TermKind::iri : TermKind::literal;
      term.value = body;
      write(stored_places_[i], term);
      return;
    }
    const std::optional<TermView> term = storage::parse_body(type, body);
    if (!term) throw Error(ErrorCode::corruption, "the store is damaged: a term of its dictionary is malformed");
    write(stored_places_[i], *term);
  });
  stored_.clear();
  stored_places_.clear();
}

void TermTexts::write(std::uint32_t place, const TermView& term) {
  const std::size_t begin = bytes_.size();
  write_(bytes_, term);
  texts_[place].begin = begin;
  texts_[place].size = bytes_.size() - begin;
}

void TermTexts::forget() {
  places_.clear();
  stored_.clear();
  stored_places_.clear();
  bytes_.clear();
  if (bytes_.capacity() > 4 * kKeptBytes) bytes_.shrink_to_fit();
  texts_.assign(1, Text());
  slots_.assign(slots_.size(), 0);
  shift_ = static_cast<unsigned>(64 - std::countr_zero(slots_.size()));
}

void TermTexts::grow() {
  slots_.assign(slots_.size() * 2, 0);
  --shift_;
  for (std::uint32_t place = 1; place < texts_.size(); ++place) slots_[slot_of(texts_[place].id)] = place;
}

}  // namespace akyn::exec

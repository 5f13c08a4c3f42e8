#include "engine/storage/dictionary_run_format.h"

#include <algorithm>
#include <limits>

#include <akyn/error.h>
#include "engine/storage/byte_reader.h"
#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::uint8_t kMetaVersion = 1;
constexpr char kFilterSuffix = 'f';

}  // namespace

DictionaryKey dictionary_key(std::uint32_t run, std::uint32_t page) noexcept {
  DictionaryKey key;
  store_u32(key.bytes.data(), run);
  store_u32(key.bytes.data() + 4, page);
  key.size = 8;
  return key;
}

DictionaryKey dictionary_filter_key(std::uint32_t run, std::uint32_t last_page) noexcept {
  DictionaryKey key = dictionary_key(run, last_page);
  key.bytes[key.size++] = kFilterSuffix;
  return key;
}

void DictionaryMeta::add_up() noexcept {
  pages = 0;
  terms = 0;
  for (DictionaryType& type : types) {
    type.first_page = pages;
    type.first_index = terms;
    pages += type.pages;
    terms += type.terms;
  }
}

std::string DictionaryMeta::serialize() const {
  std::string stored;
  append_fixed(stored, kMetaVersion);
  const auto present = std::count_if(types.begin(), types.end(), [](const DictionaryType& t) { return t.pages > 0; });
  append_fixed(stored, static_cast<std::uint8_t>(present));
  append_fixed(stored, pages);
  append_fixed(stored, first);
  append_fixed(stored, bytes);
  for (std::size_t type = 0; type < types.size(); ++type) {
    if (types[type].pages == 0) continue;
    append_fixed(stored, static_cast<std::uint8_t>(type));
    append_fixed(stored, types[type].pages);
    append_fixed(stored, types[type].terms);
  }
  for (const std::string& separator : separators) append_sized(stored, separator);
  return stored;
}

DictionaryMeta DictionaryMeta::parse(std::string_view stored) {
  ByteReader reader(stored, "the dictionary's table of contents");
  if (reader.fixed<std::uint8_t>() != kMetaVersion) {
    throw Error(ErrorCode::format_version, "the dictionary is of a format that this version does not know");
  }
  DictionaryMeta meta;
  const auto present = reader.fixed<std::uint8_t>();
  const auto all_pages = reader.fixed<std::uint32_t>();
  meta.first = reader.fixed<std::uint64_t>();
  meta.bytes = reader.fixed<std::uint64_t>();
  std::uint64_t pages = 0;
  int previous = -1;
  for (int i = 0; i < present; ++i) {
    const int type = reader.fixed<std::uint8_t>();
    if (type <= previous || type >= static_cast<int>(meta.types.size())) reader.fail("wrong type");
    previous = type;
    DictionaryType& entry = meta.types[static_cast<std::size_t>(type)];
    entry.pages = reader.fixed<std::uint32_t>();
    entry.terms = reader.fixed<std::uint64_t>();
    // All pages but the last are full.
    if (entry.pages == 0 || entry.terms > entry.pages * std::uint64_t{kPageTerms} ||
        entry.terms <= (entry.pages - 1) * std::uint64_t{kPageTerms}) {
      reader.fail("wrong counts");
    }
    pages += entry.pages;
  }
  if (pages != all_pages || pages > kMaxRunPages || meta.first > Id::kLocalBit) reader.fail("wrong counts");
  meta.add_up();
  const std::size_t records = (std::size_t{meta.pages} + kSeparatorPages - 1) / kSeparatorPages;
  for (std::size_t i = 0; i < records; ++i) meta.separators.emplace_back(reader.sized());
  if (!reader.empty()) reader.fail("too long");
  return meta;
}

Separators::Separators(std::string_view stored) {
  ByteReader reader(stored, "the dictionary's page index");
  const auto count = reader.fixed<std::uint32_t>();
  ends_ = reader.bytes(std::uint64_t{count} * 4);
  bytes_ = reader.rest();
  std::uint32_t previous = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto end = load_fixed<std::uint32_t>(ends_.data() + i * 4);
    if (end < previous || end > bytes_.size()) reader.fail("separator out of range");
    previous = end;
  }
}

std::string_view Separators::operator[](std::size_t i) const noexcept {
  const std::size_t start = i == 0 ? 0 : load_fixed<std::uint32_t>(ends_.data() + (i - 1) * 4);
  return bytes_.substr(start, load_fixed<std::uint32_t>(ends_.data() + i * 4) - start);
}

std::string serialize_separators(const std::vector<std::string>& separators) {
  std::string stored;
  append_fixed(stored, static_cast<std::uint32_t>(separators.size()));
  std::uint64_t end = 0;
  for (const std::string& separator : separators) {
    end += separator.size();
    append_fixed(stored, static_cast<std::uint32_t>(end));
  }
  if (end > std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::limit, "too many literals of more than a megabyte that begin alike");
  }
  for (const std::string& separator : separators) stored += separator;
  return stored;
}

std::string_view shortest_separator(std::string_view before, std::string_view first) noexcept {
  const auto [at, _] = std::mismatch(first.begin(), first.end(), before.begin(), before.end());
  // `before` is less: it ends here, or has a lesser byte. Either way one byte more of `first` tells them apart.
  return first.substr(0, std::min(first.size(), static_cast<std::size_t>(at - first.begin()) + 1));
}

}  // namespace akyn::storage

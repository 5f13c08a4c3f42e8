#include <vector>

#include "engine/storage/dictionary_page.h"
#include "engine/storage/dictionary_run_format.h"
#include "engine/storage/string_codec.h"
#include "engine/storage/term_codec.h"
#include "fuzz/targets.h"

namespace akyn::fuzz {
namespace {

using storage::DictionaryPage;
using storage::SymbolTable;

void read_page(std::string_view bytes, const SymbolTable& symbols) {
  const DictionaryPage page(bytes, symbols);
  std::vector<std::string> texts(page.size());
  for (std::size_t i = 0; i < page.size(); ++i) page.append(i, texts[i]);
  page.for_each(0, page.size(), [&](std::size_t i, std::string_view text) {
    expect(text == texts[i], "a string is the same alone and among others");
  });
  if (!texts.empty()) {
    expect(page.lower_bound(texts[texts.size() / 2]).index <= page.size(), "searches stay in the page");
    expect(page.partition_point([&](std::string_view text) { return text < texts.front(); }) <= page.size(),
           "searches stay in the page");
  }
}

// Any strings are what they were once they are in a page.
void round_trip(std::string_view bytes) {
  std::vector<std::string_view> texts;
  while (!bytes.empty() && texts.size() < storage::kPageTerms) {
    const std::size_t end = bytes.find('\n');
    texts.push_back(bytes.substr(0, end));
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  if (texts.empty()) return;
  const auto symbols = std::make_shared<const SymbolTable>(storage::train_symbols(texts));
  const SymbolTable stored = SymbolTable::deserialize(symbols->serialize());
  const storage::StringEncoder encoder(symbols);
  storage::DictionaryPageWriter writer(encoder);
  for (const std::string_view text : texts) writer.add(text);
  const std::string bytes_of_page = writer.finish();
  const DictionaryPage page(bytes_of_page, stored);
  expect(page.size() == texts.size(), "a page has the strings that were put into it");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string text;
    page.append(i, text);
    expect(text == texts[i], "a page has the strings that were put into it");
  }
}

}  // namespace

void dictionary(std::string_view bytes) {
  round_trip(bytes);
  const auto damaged = {ErrorCode::corruption};
  static const SymbolTable kSingleBytes;
  accepts([&] { read_page(bytes, kSingleBytes); }, damaged);
  accepts(
      [&] {
        const SymbolTable symbols = SymbolTable::deserialize(bytes);
        expect(symbols.serialize() == bytes, "a table of symbols says one thing");
      },
      damaged);
  accepts(
      [&] {
        std::string text;
        kSingleBytes.decode(bytes, text);
        expect(kSingleBytes.decoded_size(bytes) == text.size(), "the size is that of the string");
        expect(kSingleBytes.compare(bytes, text).order == std::strong_ordering::equal, "a string is equal to itself");
      },
      damaged);
  accepts(
      [&] {
        const storage::Separators separators(bytes);
        for (std::size_t i = 0; i < separators.size(); ++i) static_cast<void>(separators[i]);
      },
      damaged);
  accepts([&] { static_cast<void>(storage::DictionaryMeta::parse(bytes).serialize()); },
          {ErrorCode::corruption, ErrorCode::format_version});
  for (const IdType type : {IdType::iri, IdType::string, IdType::lang_string, IdType::typed, IdType::valued}) {
    const auto term = storage::parse_body(type, bytes);
    if (!term) continue;
    std::string folded(bytes);
    storage::fold_body(type, folded);
    expect(folded.size() == bytes.size(), "folding changes no sizes");
    static_cast<void>(Term(*term).to_string());
  }
  static_cast<void>(storage::parse_triple_body(bytes));
}

}  // namespace akyn::fuzz

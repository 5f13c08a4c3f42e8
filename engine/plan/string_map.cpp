#include "engine/plan/string_map.h"

#include <array>
#include <memory>

#include "engine/storage/dictionary.h"
#include "engine/storage/term_codec.h"
#include "engine/storage/version.h"

namespace akyn::plan {
namespace {

using storage::TermRange;

std::uint64_t bits(IdType type, std::uint64_t number) {
  return Id(type, number).bits();
}

}  // namespace

std::optional<Prefix> regex_prefix(std::string_view pattern) {
  if (!pattern.starts_with('^') || pattern.find('|') != std::string_view::npos) return std::nullopt;
  constexpr std::string_view kSpecial = "\\^$.|?*+()[]{}";
  const std::size_t end = std::min(pattern.find_first_of(kSpecial, 1), pattern.size());
  std::string_view text = pattern.substr(1, end - 1);
  const bool decides = end == pattern.size();
  // A quantifier is about the last character, which may be several bytes.
  if (!decides && std::string_view("?*+{").find(pattern[end]) != std::string_view::npos) {
    while (!text.empty()) {
      const bool continues = (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80;
      text.remove_suffix(1);
      if (!continues) break;
    }
  }
  if (text.empty()) return std::nullopt;
  return Prefix{std::string(text), decides};
}

void set_prefix(TruthMap& map, IdType type, const Prefix& prefix, runtime::LocalTerms& terms) {
  const std::shared_ptr<const storage::Version> version = terms.snapshot().version();
  for (const auto& run : version->dictionary->runs()) {
    const TermRange all = run->range(type);
    if (all.empty()) continue;
    const TermRange inside = run->prefix_range(type, prefix.text);
    map.set(bits(type, all.first), bits(type, all.last) - 1, kFalse);
    if (!inside.empty()) {
      map.set(bits(type, inside.first), bits(type, inside.last) - 1, prefix.decides ? kTrue : Truths{kTrue | kFalse});
    }
  }
}

void exclude_other_languages(TruthMap& map, std::string_view language, runtime::LocalTerms& terms) {
  const std::shared_ptr<const storage::Version> version = terms.snapshot().version();
  for (const auto& run : version->dictionary->runs()) {
    const TermRange all = run->range(IdType::lang_string);
    if (all.empty()) continue;
    map.set(bits(IdType::lang_string, all.first), bits(IdType::lang_string, all.last) - 1, kFalse);
    for (const Direction direction : {Direction::none, Direction::ltr, Direction::rtl}) {
      // A body without text is the prefix of all of its language.
      TermView view;
      view.kind = TermKind::literal;
      view.language = language;
      view.direction = direction;
      std::string body;
      storage::append_body(body, IdType::lang_string, view);
      storage::fold_body(IdType::lang_string, body);
      const TermRange inside = run->prefix_range(IdType::lang_string, body);
      // Tags are sorted regardless of case, which LANG keeps.
      if (!inside.empty()) {
        map.set(bits(IdType::lang_string, inside.first), bits(IdType::lang_string, inside.last) - 1, kTrue | kFalse);
      }
    }
  }
}

}  // namespace akyn::plan

#include "engine/expr/code_point_set.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace akyn::expr {
namespace {

struct Block {
  std::string_view name;
  char32_t first;
  char32_t last;
};

// The blocks that XML Schema names, and later ones of wide use; spaces are left out of a name.
constexpr std::array<Block, 110> kBlocks = {{
    {"BasicLatin", 0x0000, 0x007F},
    {"Latin-1Supplement", 0x0080, 0x00FF},
    {"LatinExtended-A", 0x0100, 0x017F},
    {"LatinExtended-B", 0x0180, 0x024F},
    {"IPAExtensions", 0x0250, 0x02AF},
    {"SpacingModifierLetters", 0x02B0, 0x02FF},
    {"CombiningDiacriticalMarks", 0x0300, 0x036F},
    {"GreekandCoptic", 0x0370, 0x03FF},
    {"Greek", 0x0370, 0x03FF},
    {"Cyrillic", 0x0400, 0x04FF},
    {"CyrillicSupplement", 0x0500, 0x052F},
    {"Armenian", 0x0530, 0x058F},
    {"Hebrew", 0x0590, 0x05FF},
    {"Arabic", 0x0600, 0x06FF},
    {"Syriac", 0x0700, 0x074F},
    {"ArabicSupplement", 0x0750, 0x077F},
    {"Thaana", 0x0780, 0x07BF},
    {"NKo", 0x07C0, 0x07FF},
    {"Devanagari", 0x0900, 0x097F},
    {"Bengali", 0x0980, 0x09FF},
    {"Gurmukhi", 0x0A00, 0x0A7F},
    {"Gujarati", 0x0A80, 0x0AFF},
    {"Oriya", 0x0B00, 0x0B7F},
    {"Tamil", 0x0B80, 0x0BFF},
    {"Telugu", 0x0C00, 0x0C7F},
    {"Kannada", 0x0C80, 0x0CFF},
    {"Malayalam", 0x0D00, 0x0D7F},
    {"Sinhala", 0x0D80, 0x0DFF},
    {"Thai", 0x0E00, 0x0E7F},
    {"Lao", 0x0E80, 0x0EFF},
    {"Tibetan", 0x0F00, 0x0FFF},
    {"Myanmar", 0x1000, 0x109F},
    {"Georgian", 0x10A0, 0x10FF},
    {"HangulJamo", 0x1100, 0x11FF},
    {"Ethiopic", 0x1200, 0x137F},
    {"Cherokee", 0x13A0, 0x13FF},
    {"UnifiedCanadianAboriginalSyllabics", 0x1400, 0x167F},
    {"Ogham", 0x1680, 0x169F},
    {"Runic", 0x16A0, 0x16FF},
    {"Khmer", 0x1780, 0x17FF},
    {"Mongolian", 0x1800, 0x18AF},
    {"PhoneticExtensions", 0x1D00, 0x1D7F},
    {"LatinExtendedAdditional", 0x1E00, 0x1EFF},
    {"GreekExtended", 0x1F00, 0x1FFF},
    {"GeneralPunctuation", 0x2000, 0x206F},
    {"SuperscriptsandSubscripts", 0x2070, 0x209F},
    {"CurrencySymbols", 0x20A0, 0x20CF},
    {"CombiningDiacriticalMarksforSymbols", 0x20D0, 0x20FF},
    {"CombiningMarksforSymbols", 0x20D0, 0x20FF},
    {"LetterlikeSymbols", 0x2100, 0x214F},
    {"NumberForms", 0x2150, 0x218F},
    {"Arrows", 0x2190, 0x21FF},
    {"MathematicalOperators", 0x2200, 0x22FF},
    {"MiscellaneousTechnical", 0x2300, 0x23FF},
    {"ControlPictures", 0x2400, 0x243F},
    {"OpticalCharacterRecognition", 0x2440, 0x245F},
    {"EnclosedAlphanumerics", 0x2460, 0x24FF},
    {"BoxDrawing", 0x2500, 0x257F},
    {"BlockElements", 0x2580, 0x259F},
    {"GeometricShapes", 0x25A0, 0x25FF},
    {"MiscellaneousSymbols", 0x2600, 0x26FF},
    {"Dingbats", 0x2700, 0x27BF},
    {"MiscellaneousMathematicalSymbols-A", 0x27C0, 0x27EF},
    {"SupplementalArrows-A", 0x27F0, 0x27FF},
    {"BraillePatterns", 0x2800, 0x28FF},
    {"SupplementalArrows-B", 0x2900, 0x297F},
    {"MiscellaneousMathematicalSymbols-B", 0x2980, 0x29FF},
    {"SupplementalMathematicalOperators", 0x2A00, 0x2AFF},
    {"MiscellaneousSymbolsandArrows", 0x2B00, 0x2BFF},
    {"CJKRadicalsSupplement", 0x2E80, 0x2EFF},
    {"KangxiRadicals", 0x2F00, 0x2FDF},
    {"IdeographicDescriptionCharacters", 0x2FF0, 0x2FFF},
    {"CJKSymbolsandPunctuation", 0x3000, 0x303F},
    {"Hiragana", 0x3040, 0x309F},
    {"Katakana", 0x30A0, 0x30FF},
    {"Bopomofo", 0x3100, 0x312F},
    {"HangulCompatibilityJamo", 0x3130, 0x318F},
    {"Kanbun", 0x3190, 0x319F},
    {"BopomofoExtended", 0x31A0, 0x31BF},
    {"EnclosedCJKLettersandMonths", 0x3200, 0x32FF},
    {"CJKCompatibility", 0x3300, 0x33FF},
    {"CJKUnifiedIdeographsExtensionA", 0x3400, 0x4DBF},
    {"CJKUnifiedIdeographs", 0x4E00, 0x9FFF},
    {"YiSyllables", 0xA000, 0xA48F},
    {"YiRadicals", 0xA490, 0xA4CF},
    {"HangulSyllables", 0xAC00, 0xD7AF},
    {"PrivateUseArea", 0xE000, 0xF8FF},
    {"PrivateUse", 0xE000, 0xF8FF},
    {"CJKCompatibilityIdeographs", 0xF900, 0xFAFF},
    {"AlphabeticPresentationForms", 0xFB00, 0xFB4F},
    {"ArabicPresentationForms-A", 0xFB50, 0xFDFF},
    {"CombiningHalfMarks", 0xFE20, 0xFE2F},
    {"CJKCompatibilityForms", 0xFE30, 0xFE4F},
    {"SmallFormVariants", 0xFE50, 0xFE6F},
    {"ArabicPresentationForms-B", 0xFE70, 0xFEFF},
    {"HalfwidthandFullwidthForms", 0xFF00, 0xFFEF},
    {"Specials", 0xFFF0, 0xFFFF},
    {"OldItalic", 0x10300, 0x1032F},
    {"Gothic", 0x10330, 0x1034F},
    {"Deseret", 0x10400, 0x1044F},
    {"ByzantineMusicalSymbols", 0x1D000, 0x1D0FF},
    {"MusicalSymbols", 0x1D100, 0x1D1FF},
    {"MathematicalAlphanumericSymbols", 0x1D400, 0x1D7FF},
    {"MiscellaneousSymbolsandPictographs", 0x1F300, 0x1F5FF},
    {"Emoticons", 0x1F600, 0x1F64F},
    {"CJKUnifiedIdeographsExtensionB", 0x20000, 0x2A6DF},
    {"CJKCompatibilityIdeographsSupplement", 0x2F800, 0x2FA1F},
    {"Tags", 0xE0000, 0xE007F},
    {"SupplementaryPrivateUseArea-A", 0xF0000, 0xFFFFF},
    {"SupplementaryPrivateUseArea-B", 0x100000, 0x10FFFF},
}};

constexpr std::string_view kCategories =
    "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn L M N P S Z C";

bool is_category(std::string_view name) {
  if (name.empty() || name.size() > 2) return false;
  for (std::size_t at = 0; at < kCategories.size();) {
    const std::size_t end = std::min(kCategories.find(' ', at), kCategories.size());
    if (kCategories.substr(at, end - at) == name) return true;
    at = end + 1;
  }
  return false;
}

// NameStartChar and NameChar of XML 1.1, in which XML Schema 1.1 defines \i and \c.
constexpr std::array<std::pair<char32_t, char32_t>, 16> kNameStart = {{{':', ':'},
                                                                       {'A', 'Z'},
                                                                       {'_', '_'},
                                                                       {'a', 'z'},
                                                                       {0xC0, 0xD6},
                                                                       {0xD8, 0xF6},
                                                                       {0xF8, 0x2FF},
                                                                       {0x370, 0x37D},
                                                                       {0x37F, 0x1FFF},
                                                                       {0x200C, 0x200D},
                                                                       {0x2070, 0x218F},
                                                                       {0x2C00, 0x2FEF},
                                                                       {0x3001, 0xD7FF},
                                                                       {0xF900, 0xFDCF},
                                                                       {0xFDF0, 0xFFFD},
                                                                       {0x10000, 0xEFFFF}}};
constexpr std::array<std::pair<char32_t, char32_t>, 5> kNameMore = {
    {{'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}}};

// Code points from `first` up to the next run are of one general category.
struct CategoryRun {
  char32_t first;
  std::string_view category;
};

const std::vector<CategoryRun>& category_runs() {
  static const std::vector<CategoryRun> runs = [] {
    std::vector<CategoryRun> result;
    for (char32_t c = 0; c <= CodePointSet::kLast; ++c) {
      const std::string_view category = utf8proc_category_string(static_cast<utf8proc_int32_t>(c));
      if (result.empty() || result.back().category != category) result.push_back({c, category});
    }
    return result;
  }();
  return runs;
}

struct CaseVariants {
  char32_t self;
  char32_t upper;
  char32_t lower;
};

// Every code point that has another case.
const std::vector<CaseVariants>& case_variants() {
  static const std::vector<CaseVariants> variants = [] {
    std::vector<CaseVariants> result;
    for (char32_t c = 0; c <= CodePointSet::kLast; ++c) {
      const auto upper = static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
      const auto lower = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
      if (upper != c || lower != c) result.push_back({c, upper, lower});
    }
    return result;
  }();
  return variants;
}

}  // namespace

std::optional<CodePointSet> CodePointSet::property(std::string_view name) {
  if (name.starts_with("Is")) {
    for (const Block& block : kBlocks) {
      if (block.name == name.substr(2)) return CodePointSet(block.first, block.last);
    }
    return std::nullopt;
  }
  if (!is_category(name)) return std::nullopt;
  CodePointSet set;
  const std::vector<CategoryRun>& runs = category_runs();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!runs[i].category.starts_with(name)) continue;
    set.add(runs[i].first, i + 1 < runs.size() ? runs[i + 1].first - 1 : kLast);
  }
  return set;
}

CodePointSet CodePointSet::escape(char letter) {
  CodePointSet set;
  switch (letter) {
    case 's':
      for (const char32_t c : {0x20, 0x09, 0x0A, 0x0D}) set.add(c, c);
      break;
    case 'd':
      set = *property("Nd");
      break;
    case 'w':  // everything but punctuation, separators and others
      for (const std::string_view name : {"P", "Z", "C"}) set.add(*property(name));
      return set.complement();
    default:
      for (const auto& [first, last] : kNameStart) set.add(first, last);
      if (letter == 'c') {
        for (const auto& [first, last] : kNameMore) set.add(first, last);
      }
      break;
  }
  return set;
}

void CodePointSet::add_ignoring_case(char32_t first, char32_t last) {
  add(first, last);
  const auto inside = [first, last](char32_t c) { return c >= first && c <= last; };
  for (const CaseVariants& variants : case_variants()) {
    if (!inside(variants.self) && !inside(variants.upper) && !inside(variants.lower)) continue;
    for (const char32_t c : {variants.self, variants.upper, variants.lower}) add(c, c);
  }
}

void CodePointSet::add(const CodePointSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
}

std::vector<CodePointSet::Range> CodePointSet::sorted() const {
  std::vector<Range> in = ranges_;
  std::sort(in.begin(), in.end());
  std::vector<Range> out;
  for (const Range& range : in) {
    if (!out.empty() && range.first <= out.back().second + 1) {
      out.back().second = std::max(out.back().second, range.second);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

CodePointSet CodePointSet::complement() const {
  CodePointSet result;
  char32_t next = 0;
  for (const Range& range : sorted()) {
    if (range.first > next) result.add(next, range.first - 1);
    next = range.second + 1;
  }
  if (next <= kLast) result.add(next, kLast);
  return result;
}

CodePointSet CodePointSet::without(const CodePointSet& other) const {
  CodePointSet rest = complement();
  rest.add(other);
  return rest.complement();
}

std::string CodePointSet::to_re2() const {
  const std::vector<Range> ranges = sorted();
  if (ranges.empty()) return "[^\\x{0}-\\x{10FFFF}]";
  std::string out = "[";
  for (const Range& range : ranges) {
    out += fmt::format("\\x{{{:X}}}", static_cast<std::uint32_t>(range.first));
    if (range.second != range.first) out += fmt::format("-\\x{{{:X}}}", static_cast<std::uint32_t>(range.second));
  }
  return out += ']';
}

}  // namespace akyn::expr

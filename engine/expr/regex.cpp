#include "engine/expr/regex.h"

#include <re2/re2.h>

#include <utility>
#include <vector>

#include "engine/expr/regex_cache.h"
#include "engine/expr/regex_syntax.h"

namespace akyn::expr {
namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

std::optional<RegexFlags> parse_flags(std::string_view text) {
  RegexFlags flags;
  for (const char c : text) {
    switch (c) {
      case 's':
        flags.dot_all = true;
        break;
      case 'm':
        flags.multi_line = true;
        break;
      case 'i':
        flags.case_insensitive = true;
        break;
      case 'x':
        flags.skip_space = true;
        break;
      case 'q':
        flags.literal = true;
        break;
      default:
        return std::nullopt;
    }
  }
  return flags;
}

// A replacement, cut into literal text and numbers of groups.
struct Piece {
  std::string text;
  int group = -1;  // then `text` is empty
};

// fn:replace: a backslash must escape a backslash or dollar, a dollar must come before a digit. Of the
// digits as many belong to the group number as there are groups for.
std::optional<std::vector<Piece>> parse_replacement(std::string_view text, int groups) {
  std::vector<Piece> pieces(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      ++at;
      if (at == text.size() || (text[at] != '\\' && text[at] != '$')) return std::nullopt;
      pieces.back().text += text[at];
      continue;
    }
    if (c != '$') {
      pieces.back().text += c;
      continue;
    }
    const auto digit_at = [text](std::size_t i) {
      return i < text.size() && text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -1;
    };
    int group = digit_at(at + 1);
    if (group < 0) return std::nullopt;
    ++at;
    while (digit_at(at + 1) >= 0 && group * 10 + digit_at(at + 1) <= groups) group = group * 10 + digit_at(++at);
    if (group <= groups) pieces.push_back({{}, group});  // a group that is not there is empty
    pieces.emplace_back();
  }
  return pieces;
}

}  // namespace

Regex::Regex(std::unique_ptr<re2::RE2> program, bool literal) : program_(std::move(program)), literal_(literal) {}
Regex::~Regex() = default;

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, std::string_view flag_text) {
  const std::optional<RegexFlags> flags = parse_flags(flag_text);
  if (!flags) return nullptr;
  std::string translated;
  if (flags->literal) {
    translated = re2::RE2::QuoteMeta(piece(pattern));
  } else {
    std::optional<std::string> result = translate_regex(pattern, *flags);
    if (!result) return nullptr;
    translated = std::move(*result);
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!flags->case_insensitive);
  options.set_max_mem(kMaxMemory);
  auto program = std::make_unique<re2::RE2>(translated, options);
  if (!program->ok()) return nullptr;
  return std::shared_ptr<const Regex>(new Regex(std::move(program), flags->literal));
}

bool Regex::matches(std::string_view text) const {
  return program_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<std::string> Regex::replace(std::string_view text, std::string_view replacement,
                                          const RoomCheck& check_room) const {
  if (matches("")) return std::nullopt;
  const int groups = literal_ ? 0 : program_->NumberOfCapturingGroups();
  const std::optional<std::vector<Piece>> pieces =
      literal_ ? std::vector<Piece>{{std::string(replacement), -1}} : parse_replacement(replacement, groups);
  if (!pieces) return std::nullopt;

  std::vector<re2::StringPiece> found(static_cast<std::size_t>(groups) + 1);
  GrowingText out(check_room);
  std::size_t at = 0;
  while (at < text.size() &&
         program_->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, found.data(), groups + 1)) {
    const auto start = static_cast<std::size_t>(found[0].data() - text.data());
    out.append(text.substr(at, start - at));
    at = start + found[0].size();
    if (found[0].empty()) {  // an anchor or boundary inside the text: nothing to replace here
      if (at == text.size()) break;
      std::size_t next = at + 1;
      while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80) ++next;
      out.append(text.substr(at, next - at));
      at = next;
      continue;
    }
    for (const Piece& part : *pieces) {
      out.append(part.text);
      if (part.group >= 0) {
        const re2::StringPiece& captured = found[static_cast<std::size_t>(part.group)];
        out.append({captured.data(), captured.size()});
      }
    }
  }
  out.append(text.substr(at));
  return out.take();
}

RegexCache::RegexCache() = default;
RegexCache::~RegexCache() = default;
RegexCache::RegexCache(RegexCache&&) noexcept = default;
RegexCache& RegexCache::operator=(RegexCache&&) noexcept = default;

std::shared_ptr<const Regex> RegexCache::get(std::string_view pattern, std::string_view flags) {
  std::string key(flags);
  key += '/';  // no flag: the first one ends the flags
  key += pattern;
  if (const auto found = index_.find(key); found != index_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->regex;
  }
  entries_.push_front({std::move(key), Regex::compile(pattern, flags)});
  index_.emplace(entries_.front().key, entries_.begin());
  if (entries_.size() > kCapacity) {
    index_.erase(entries_.back().key);
    entries_.pop_back();
  }
  return entries_.front().regex;
}

}  // namespace akyn::expr

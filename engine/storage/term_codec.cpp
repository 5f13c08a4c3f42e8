#include "engine/storage/term_codec.h"

#include <openssl/sha.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::string_view kBlankLabel = "akyn";
constexpr unsigned char kHashedKeyBit = 0x80;

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

// Reads a varint and that many bytes off the front of `in`.
bool read_sized(std::string_view& in, std::string_view& out) noexcept {
  std::uint64_t size = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in.empty()) return false;
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    size |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) != 0) continue;
    if (size > in.size()) return false;
    out = in.substr(0, static_cast<std::size_t>(size));
    in.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }
  return false;
}

}  // namespace

void append_body(std::string& out, IdType type, const TermView& term) {
  switch (type) {
    case IdType::iri:
    case IdType::string:
      break;
    case IdType::lang_string:
      out.push_back(static_cast<char>(term.direction));
      append_varint(out, term.language.size());
      out += term.language;
      break;
    case IdType::typed:
    case IdType::valued:
      append_varint(out, term.datatype.size());
      out += term.datatype;
      break;
    default:
      throw std::logic_error("append_body: a term without a body of text");
  }
  out += term.value;
}

std::string triple_body(const TripleIds& triple) {
  std::string body;
  body.reserve(24);
  append_id(body, triple.subject);
  append_id(body, triple.predicate);
  append_id(body, triple.object);
  return body;
}

std::optional<TripleIds> parse_triple_body(std::string_view body) noexcept {
  if (body.size() != 24) return std::nullopt;
  return TripleIds{load_id(body.data()), load_id(body.data() + 8), load_id(body.data() + 16)};
}

void fold_body(IdType type, std::string& body) noexcept {
  if (type != IdType::lang_string || body.empty()) return;
  std::string_view rest = std::string_view(body).substr(1);
  std::string_view tag;
  if (!read_sized(rest, tag)) return;
  const auto begin = static_cast<std::size_t>(tag.data() - body.data());
  for (std::size_t i = begin; i < begin + tag.size(); ++i) {
    if (body[i] >= 'A' && body[i] <= 'Z') body[i] = static_cast<char>(body[i] + ('a' - 'A'));
  }
}

std::string term_key(IdType type, std::string_view folded_body) {
  std::string key;
  if (folded_body.size() <= kLongestPlainKey) {
    key.reserve(1 + folded_body.size());
    key.push_back(static_cast<char>(type));
    key += folded_body;
    return key;
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(folded_body.data()), folded_body.size(), digest.data());
  key.push_back(static_cast<char>(static_cast<unsigned char>(type) | kHashedKeyBit));
  key.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  return key;
}

std::optional<TermView> parse_body(IdType type, std::string_view body) noexcept {
  TermView term;
  term.kind = type == IdType::iri ? TermKind::iri : TermKind::literal;
  switch (type) {
    case IdType::iri:
    case IdType::string:
      break;
    case IdType::lang_string:
      if (body.empty() || body.front() < 0 || body.front() > static_cast<char>(Direction::rtl)) return std::nullopt;
      term.direction = static_cast<Direction>(body.front());
      body.remove_prefix(1);
      if (!read_sized(body, term.language) || term.language.empty()) return std::nullopt;
      break;
    case IdType::typed:
    case IdType::valued:
      if (!read_sized(body, term.datatype) || term.datatype.empty()) return std::nullopt;
      break;
    default:
      return std::nullopt;
  }
  term.value = body;
  return term;
}

std::string blank_label(Id id) {
  return std::string(kBlankLabel) + std::to_string(id.payload());
}

std::optional<std::uint64_t> parse_blank_label(std::string_view label) noexcept {
  if (!label.starts_with(kBlankLabel)) return std::nullopt;
  label.remove_prefix(kBlankLabel.size());
  if (label.empty() || label.front() < '1' || label.front() > '9') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
  if (error != std::errc() || end != label.data() + label.size() || number >= Id::kLocalBit) return std::nullopt;
  return number;
}

}  // namespace akyn::storage

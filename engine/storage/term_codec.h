// Bytes of dictionary entries.
//
// The *body* of a term, by the type of its Id; docs/format.md draws them:
//
//   iri, string     text
//   lang_string     direction:u8  length:varint  tag  text
//   typed, valued   length:varint  datatype-IRI  text
//   triple          subject:u64  predicate:u64  object:u64        (Ids)
//
// Two bodies of one term differ at most in the case of a language tag. The *folded* body has the tag
// in lower case: equal folded bodies of one type = same term.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <akyn/term.h>
#include "engine/term/id.h"

namespace akyn::storage {

// Appends the body as written. Precondition: a literal or an IRI.
void append_body(std::string& out, IdType type, const TermView& term);

struct TripleIds {
  Id subject;
  Id predicate;
  Id object;
};
[[nodiscard]] std::string triple_body(const TripleIds& triple);
// Nothing when the body is not that of a triple term.
[[nodiscard]] std::optional<TripleIds> parse_triple_body(std::string_view body) noexcept;

// Lower-cases the language tag of a body; leaves bodies of other types alone.
void fold_body(IdType type, std::string& body) noexcept;

// The term's key in Family::term_ids: type byte and folded body, or for a long body (keys are
// compared and cached whole) the type byte with its top bit set and the body's SHA-256.
[[nodiscard]] std::string term_key(IdType type, std::string_view folded_body);
inline constexpr std::size_t kLongestPlainKey = 512;

// A view of the term with that body, valid as long as it; nothing when the body is damaged.
// Precondition: type is iri, string, lang_string, typed or valued.
[[nodiscard]] std::optional<TermView> parse_body(IdType type, std::string_view body) noexcept;

// --- Blank nodes have no dictionary entry: the label is the Id's payload. ---

// "akyn" and the payload in decimal. The word is there so that a label people write ("b1", "x")
// is hardly ever taken for a stored node.
[[nodiscard]] std::string blank_label(Id id);
// The payload in such a label, nothing for any other label. Leading zeros do not pass.
[[nodiscard]] std::optional<std::uint64_t> parse_blank_label(std::string_view label) noexcept;

}  // namespace akyn::storage

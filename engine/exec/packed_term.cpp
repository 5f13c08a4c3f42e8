#include "engine/exec/packed_term.h"

#include "engine/storage/byte_reader.h"

namespace akyn::exec {

using storage::append_sized;

void append_packed(std::string& out, const TermView& term) {
  out += static_cast<char>(static_cast<unsigned>(term.kind) | static_cast<unsigned>(term.direction) << 3U);
  if (term.kind == TermKind::triple) {
    std::string part;
    append_packed(part, term.triple->subject);
    append_sized(out, part);
    part.clear();
    append_packed(part, term.triple->predicate);
    append_sized(out, part);
    append_packed(out, term.triple->object);
    return;
  }
  if (term.kind == TermKind::literal) {
    append_sized(out, term.datatype);
    append_sized(out, term.language);
  }
  out += term.value;
}

Term unpack_term(std::string_view packed) {
  if (packed.empty()) return {};
  TermView term;
  const auto head = static_cast<unsigned char>(packed.front());
  term.kind = static_cast<TermKind>(head & 7U);
  term.direction = static_cast<Direction>(head >> 3U);
  storage::ByteReader rest(packed.substr(1), "a packed term");
  if (term.kind == TermKind::triple) {
    Term subject = unpack_term(rest.sized());
    Term predicate = unpack_term(rest.sized());
    return triple_term(std::move(subject), std::move(predicate), unpack_term(rest.rest()));
  }
  if (term.kind == TermKind::literal) {
    term.datatype = rest.sized();
    term.language = rest.sized();
  }
  term.value = rest.rest();
  return Term(term);
}

}  // namespace akyn::exec

// A term in a string of bytes, within one process.
//
//     kind + 8 * direction : 1
//     iri, blank    text
//     literal       datatype and language, each as size:varint and bytes; text
//     triple        subject and predicate, each as size:varint and bytes; object
#pragma once

#include <string>
#include <string_view>

#include <akyn/term.h>

namespace akyn::exec {

// Precondition: a term.
void append_packed(std::string& out, const TermView& term);
// No term for an empty string. Precondition: what append_packed() made.
[[nodiscard]] Term unpack_term(std::string_view packed);

}  // namespace akyn::exec

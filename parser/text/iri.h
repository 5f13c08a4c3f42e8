// IRI references, absolute and relative (RFC 3986 and RFC 3987).
//
// Nothing here judges which characters an IRI may hold; callers have their grammar's own rule for
// that. Text passes through byte for byte: no case, percent or Unicode normalization, as RDF asks.
#pragma once

#include <string>
#include <string_view>

namespace akyn {

// True when the text starts with a scheme and a colon (RFC 3986 section 3.1).
[[nodiscard]] bool is_absolute_iri(std::string_view iri);

// The IRI that `reference` means where the base is `base` (RFC 3986 section 5.2, the strict form).
// A reference with a scheme comes back as it is: RDF resolves relative references only, so its dot
// segments stay. So does every reference when `base` is empty or not absolute.
[[nodiscard]] std::string resolve_iri(std::string_view base, std::string_view reference);

}  // namespace akyn

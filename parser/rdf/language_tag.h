// Well-formedness of language tags (BCP 47; RFC 5646, section 2.2.9).
#pragma once

#include <string_view>

namespace akyn::rdf {

// True when the tag matches the grammar of RFC 5646, section 2.1. Registration is not looked at.
[[nodiscard]] bool is_well_formed_language_tag(std::string_view tag);

}  // namespace akyn::rdf

#include "engine/term/datatype.h"

#include <array>

#include "engine/term/vocabulary.h"

namespace akyn {
namespace {

// Indexed by Datatype.
constexpr std::array<std::string_view, 33> kIris = {
    "",
    "http://www.w3.org/2001/XMLSchema#string",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString",
    "http://www.w3.org/2001/XMLSchema#boolean",
    "http://www.w3.org/2001/XMLSchema#integer",
    "http://www.w3.org/2001/XMLSchema#long",
    "http://www.w3.org/2001/XMLSchema#int",
    "http://www.w3.org/2001/XMLSchema#short",
    "http://www.w3.org/2001/XMLSchema#byte",
    "http://www.w3.org/2001/XMLSchema#nonNegativeInteger",
    "http://www.w3.org/2001/XMLSchema#positiveInteger",
    "http://www.w3.org/2001/XMLSchema#unsignedLong",
    "http://www.w3.org/2001/XMLSchema#unsignedInt",
    "http://www.w3.org/2001/XMLSchema#unsignedShort",
    "http://www.w3.org/2001/XMLSchema#unsignedByte",
    "http://www.w3.org/2001/XMLSchema#nonPositiveInteger",
    "http://www.w3.org/2001/XMLSchema#negativeInteger",
    "http://www.w3.org/2001/XMLSchema#decimal",
    "http://www.w3.org/2001/XMLSchema#float",
    "http://www.w3.org/2001/XMLSchema#double",
    "http://www.w3.org/2001/XMLSchema#dateTime",
    "http://www.w3.org/2001/XMLSchema#dateTimeStamp",
    "http://www.w3.org/2001/XMLSchema#date",
    "http://www.w3.org/2001/XMLSchema#time",
    "http://www.w3.org/2001/XMLSchema#gYear",
    "http://www.w3.org/2001/XMLSchema#gYearMonth",
    "http://www.w3.org/2001/XMLSchema#gMonth",
    "http://www.w3.org/2001/XMLSchema#gMonthDay",
    "http://www.w3.org/2001/XMLSchema#gDay",
    "http://www.w3.org/2001/XMLSchema#duration",
    "http://www.w3.org/2001/XMLSchema#dayTimeDuration",
    "http://www.w3.org/2001/XMLSchema#yearMonthDuration",
};
static_assert(kIris.size() == static_cast<std::size_t>(Datatype::year_month_duration) + 1);

}  // namespace

Datatype find_datatype(std::string_view iri) noexcept {
  if (iri.empty()) return Datatype::string;
  if (!iri.starts_with(xsd::kNamespace)) {
    if (iri == rdf_vocabulary::kLangString) return Datatype::lang_string;
    if (iri == rdf_vocabulary::kDirLangString) return Datatype::dir_lang_string;
    return Datatype::unknown;
  }
  const std::string_view name = iri.substr(xsd::kNamespace.size());
  for (std::size_t i = 1; i < kIris.size(); ++i) {
    // Lengths differ for most, so that this is a handful of integer comparisons.
    if (kIris[i].size() == iri.size() && kIris[i].substr(kIris[i].size() - name.size()) == name) {
      const auto datatype = static_cast<Datatype>(i);
      if (datatype != Datatype::lang_string && datatype != Datatype::dir_lang_string) return datatype;
    }
  }
  return Datatype::unknown;
}

std::string_view datatype_iri(Datatype datatype) noexcept {
  return kIris[static_cast<std::size_t>(datatype)];
}

}  // namespace akyn

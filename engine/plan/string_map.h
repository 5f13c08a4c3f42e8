// Prefixes and languages of strings, as functions of an Id.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/plan/truth_map.h"
#include "engine/runtime/local_terms.h"

namespace akyn::plan {

struct Prefix {
  std::string text;
  bool decides = false;  // whether what begins so makes the condition true; otherwise it only may
};

// What every text begins with that the regular expression matches, without flags: "^abc". Nothing when it has no such
// prefix, or perhaps.
[[nodiscard]] std::optional<Prefix> regex_prefix(std::string_view pattern);

// Sets what is known of the terms of sorted runs: false without the prefix, and true with it where it decides.
// Precondition: a type that runs have in the order of texts, IRIs or strings.
void set_prefix(TruthMap& map, IdType type, const Prefix& prefix, runtime::LocalTerms& terms);

// Sets LANG(?x) = language to false for the language-tagged strings of sorted runs that have another tag.
void exclude_other_languages(TruthMap& map, std::string_view language, runtime::LocalTerms& terms);

}  // namespace akyn::plan

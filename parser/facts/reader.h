// Extracted facts, in tables or as JSON Lines, to statements. What they look like and mean: include/akyn/facts.h.
#pragma once

#include <akyn/facts.h>
#include "parser/rdf/reader.h"

namespace akyn::facts {

[[nodiscard]] bool is_fact_format(RdfFormat format);

// Reads to the end. `options.format` is csv, tsv or jsonl; options.base_iri wins over the facts' own. Throws
// Error(syntax) with the place for a row that cannot be read: too few or too many cells, a key without a value, an IRI
// with a space, a name and no base for it. A lenient reader skips that row; a mistake in a table's first row is final.
// Memory does not grow with the input.
void read(ByteSource& input, const rdf::ReadOptions& options, const FactOptions& facts, rdf::StatementSink& sink);

}  // namespace akyn::facts

#include "parser/facts/reader.h"

#include "parser/facts/json_lines_reader.h"
#include "parser/facts/table_reader.h"

namespace akyn::facts {

bool is_fact_format(RdfFormat format) {
  return format == RdfFormat::csv || format == RdfFormat::tsv || format == RdfFormat::jsonl;
}

void read(ByteSource& input, const rdf::ReadOptions& options, const FactOptions& facts, rdf::StatementSink& sink) {
  if (options.format == RdfFormat::jsonl) {
    JsonLinesReader(input, options, facts, sink).read();
  } else {
    TableReader(input, options, facts, sink, options.format == RdfFormat::tsv ? '\t' : ',').read();
  }
}

}  // namespace akyn::facts

#include "engine/results/writer.h"

#include <utility>

#include <akyn/error.h>

namespace akyn::results {

std::unique_ptr<ResultWriter> make_writer(ResultFormat format, std::ostream& out, const ResultOptions& options) {
  switch (format) {
    case ResultFormat::table:
      return make_table_writer(out, options);
    case ResultFormat::json:
      return make_json_writer(out);
    case ResultFormat::xml:
      return make_xml_writer(out);
    case ResultFormat::csv:
      return make_csv_writer(out);
    case ResultFormat::tsv:
      return make_tsv_writer(out);
    case ResultFormat::dot:
      return make_dot_writer(out, options);
  }
  throw Error(ErrorCode::invalid_argument, "no such result format");
}

}  // namespace akyn::results

namespace akyn {

std::optional<ResultFormat> result_format(std::string_view name) {
  for (const auto& [known, format] : {std::pair<std::string_view, ResultFormat>{"table", ResultFormat::table},
                                      {"json", ResultFormat::json},
                                      {"xml", ResultFormat::xml},
                                      {"csv", ResultFormat::csv},
                                      {"tsv", ResultFormat::tsv},
                                      {"dot", ResultFormat::dot}}) {
    if (name == known) return format;
  }
  return std::nullopt;
}

std::optional<RdfFormat> rdf_format(std::string_view name) {
  for (const auto& [known, format] : {std::pair<std::string_view, RdfFormat>{"turtle", RdfFormat::turtle},
                                      {"ttl", RdfFormat::turtle},
                                      {"trig", RdfFormat::trig},
                                      {"ntriples", RdfFormat::ntriples},
                                      {"nt", RdfFormat::ntriples},
                                      {"nquads", RdfFormat::nquads},
                                      {"nq", RdfFormat::nquads},
                                      {"rdfxml", RdfFormat::rdfxml},
                                      {"rdf", RdfFormat::rdfxml},
                                      {"csv", RdfFormat::csv},
                                      {"tsv", RdfFormat::tsv},
                                      {"jsonl", RdfFormat::jsonl}}) {
    if (name == known) return format;
  }
  return std::nullopt;
}

}  // namespace akyn

#include "parser/rdf/statement_reader.h"

namespace akyn::rdf {

void StatementReader::emit(const TermView& subject, const TermView& predicate, const TermView& object,
                           const TermView& graph) {
  sink_.quad(QuadView{subject, predicate, object, graph});
  if ((++statements_ & kProgressMask) == 0) report_progress();
}

void StatementReader::emit_reifies(const TermView& reifier, const TripleView& triple, const TermView& graph) {
  TermView reifies;
  reifies.kind = TermKind::iri;
  reifies.value = rdf_vocabulary::kReifies;
  TermView term;
  term.kind = TermKind::triple;
  term.triple = &triple;
  emit(reifier, reifies, term, graph);
}

void StatementReader::report_progress() {
  if (!sink_.progress(lexer_.offset())) throw Error(ErrorCode::cancelled, "reading was cancelled");
}

bool StatementReader::forgives(const Error& mistake) const {
  // Mistakes have a place; what else goes wrong has none.
  if (!options_.on_mistake || !mistake.location() || lexer_.is_broken()) return false;
  options_.on_mistake(mistake);
  return true;
}

void StatementReader::set_datatype(TermSlot& slot, std::string_view datatype, std::uint64_t offset) {
  if (datatype == xsd::kString) return;
  if (datatype == rdf_vocabulary::kLangString || datatype == rdf_vocabulary::kDirLangString) {
    const bool directed = datatype == rdf_vocabulary::kDirLangString;
    lexer_.fail(offset, static_cast<std::size_t>(lexer_.offset() - offset),
                std::string("a literal of datatype rdf:") + (directed ? "dirLangString" : "langString") +
                    " is written with its language tag: \"...\"@en" + (directed ? "--ltr" : ""));
  }
  slot.view.datatype = datatype;
}

void StatementReader::too_deep(std::size_t bracket_length) {
  lexer_.fail(lexer_.offset(), bracket_length,
              "brackets are nested deeper than " + std::to_string(kMaxNesting) + " levels", ErrorCode::limit);
}

}  // namespace akyn::rdf

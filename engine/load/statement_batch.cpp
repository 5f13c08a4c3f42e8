#include "engine/load/statement_batch.h"

#include <algorithm>
#include <cstring>

namespace akyn::load {
namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10U;

}  // namespace

std::string_view StatementBatch::copy(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > free_size_) {
    free_size_ = std::max(kPiece, text.size());
    free_ = pieces_.emplace_back(std::make_unique_for_overwrite<char[]>(free_size_)).get();
  }
  std::memcpy(free_, text.data(), text.size());
  const std::string_view copied(free_, text.size());
  free_ += text.size();
  free_size_ -= text.size();
  bytes_ += text.size();
  return copied;
}

TermView StatementBatch::copy(const TermView& term) {
  TermView copied = term;
  copied.value = copy(term.value);
  copied.datatype = copy(term.datatype);
  copied.language = copy(term.language);
  if (term.triple != nullptr) {
    TripleView parts{copy(term.triple->subject), copy(term.triple->predicate), copy(term.triple->object)};
    copied.triple = &triples_.emplace_back(parts);
  }
  return copied;
}

TermView StatementBatch::copy(const TermView& term, const TermView& before) {
  const bool same = term.kind == before.kind && (term.kind == TermKind::iri || term.kind == TermKind::blank) &&
                    term.value == before.value;
  return same ? before : copy(term);
}

void StatementBatch::add(const QuadView& quad) {
  const QuadView before = quads_.empty() ? QuadView() : quads_.back();
  quads_.push_back({copy(quad.subject, before.subject), copy(quad.predicate, before.predicate), copy(quad.object),
                    copy(quad.graph, before.graph)});
  bytes_ += sizeof(QuadView);
}

}  // namespace akyn::load

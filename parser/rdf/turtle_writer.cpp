#include "parser/rdf/turtle_writer.h"

#include <algorithm>

#include <akyn/error.h>
#include "engine/term/vocabulary.h"
#include "parser/rdf/chars.h"
#include "parser/rdf/term_text.h"
#include "parser/text/iri.h"

namespace akyn::rdf {
namespace {

constexpr std::size_t kIndent = 2;

TermView iri_view(std::string_view iri) {
  TermView view;
  view.kind = TermKind::iri;
  view.value = iri;
  return view;
}

// Between """, so that line breaks stand for themselves. Quotes are escaped where they could end the string.
void append_long_quoted(std::string& out, std::string_view text) {
  out += "\"\"\"";
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\n') {
      out += '\n';
      ++i;
    } else if (text[i] == '"' && i + 1 < text.size() && text[i + 1] != '"') {
      out += '"';
      ++i;
    } else {
      std::size_t end = i + 1;
      if (text[i] != '"') end = std::min(text.find_first_of("\n\"", i), text.size());
      std::string piece;
      append_quoted(piece, text.substr(i, end - i));
      out.append(piece, 1, piece.size() - 2);
      i = end;
    }
  }
  out += "\"\"\"";
}

}  // namespace

// --- TurtleTerms ---

TurtleTerms::TurtleTerms(const Prefixes& prefixes) {
  for (const auto& [name, iri] : prefixes) add_prefix(name, iri);
}

void TurtleTerms::add_prefix(std::string_view name, std::string_view iri) {
  const bool writable = std::all_of(iri.begin(), iri.end(), [](char c) { return !is_ascii(c) || is(c, kIriChar); });
  if (!is_prefix_name(name) || !is_absolute_iri(iri) || !writable) return;
  const auto same_name = [name](const Prefix& prefix) { return prefix.name == name; };
  if (std::any_of(prefixes_.begin(), prefixes_.end(), same_name)) return;
  const auto place = std::find_if(prefixes_.begin(), prefixes_.end(),
                                  [iri](const Prefix& prefix) { return prefix.iri.size() < iri.size(); });
  prefixes_.insert(place, {std::string(name), std::string(iri), false});
}

void TurtleTerms::reserve_label(std::string_view label) {
  if (is_blank_label(label)) reserved_labels_.emplace(label);
}

void TurtleTerms::append_iri(std::string& out, std::string_view iri) {
  for (Prefix& prefix : prefixes_) {
    if (!iri.starts_with(prefix.iri)) continue;
    const std::string_view local = iri.substr(prefix.iri.size());
    if (!is_plain_local_name(local)) continue;
    prefix.used = true;
    out += prefix.name;
    out += ':';
    out += local;
    return;
  }
  rdf::append_iri(out, iri);
}

void TurtleTerms::append_predicate(std::string& out, std::string_view iri) {
  if (iri == rdf_vocabulary::kType) {
    out += 'a';
  } else {
    append_iri(out, iri);
  }
}

void TurtleTerms::append_label(std::string& out, std::string_view label) {
  if (!knows_labels_) return append_blank(out, label);
  out += "_:";
  if (is_blank_label(label)) {
    out += label;
    return;
  }
  std::string& made = made_labels_[std::string(label)];
  while (made.empty() || reserved_labels_.contains(made)) made = "b" + std::to_string(++labels_made_);
  out += made;
}

void TurtleTerms::append_literal(std::string& out, const TermView& term) {
  if (has_bare_form(term.value, term.datatype)) {
    out += term.value;
    return;
  }
  if (term.value.find('\n') != std::string_view::npos) {
    append_long_quoted(out, term.value);
  } else {
    append_quoted(out, term.value);
  }
  if (!term.language.empty()) {
    out += '@';
    out += term.language;
    if (term.direction != Direction::none) out += term.direction == Direction::ltr ? "--ltr" : "--rtl";
  } else if (!term.datatype.empty()) {
    out += "^^";
    append_iri(out, term.datatype);
  }
}

void TurtleTerms::append(std::string& out, const TermView& term) {
  switch (term.kind) {
    case TermKind::none:
      break;
    case TermKind::blank:
      append_label(out, term.value);
      break;
    case TermKind::iri:
      append_iri(out, term.value);
      break;
    case TermKind::literal:
      append_literal(out, term);
      break;
    case TermKind::triple:
      out += "<<( ";
      append(out, term.triple->subject);
      out += ' ';
      append_predicate(out, term.triple->predicate.value);
      out += ' ';
      append(out, term.triple->object);
      out += " )>>";
      break;
  }
}

std::string TurtleTerms::declarations(bool all) const {
  Prefixes used;
  for (const Prefix& prefix : prefixes_) {
    if (all || prefix.used) used.emplace(prefix.name, prefix.iri);
  }
  std::string lines;
  for (const auto& [name, iri] : used) lines += "PREFIX " + name + ": <" + iri + ">\n";
  return lines;
}

// --- Taking statements in ---

void TurtleWriter::quad(const QuadView& quad) {
  if (!graphs_ && quad.graph) {
    throw Error(ErrorCode::invalid_argument, "Turtle has no named graphs; write TriG or N-Quads");
  }
  const TermNumber name = terms_.number(quad.graph);
  const NumberedTriple triple{terms_.number(quad.subject), terms_.number(quad.predicate), terms_.number(quad.object)};
  const auto [position, is_new] = graph_index_.try_emplace(name, graph_list_.size());
  if (is_new) {
    graph_list_.emplace_back();
    graph_list_.back().name = name;
    if (terms_.term(name).is_blank()) use_of(name).elsewhere = true;
  }
  GraphStatements& graph = graph_list_[position->second];
  if (!graph.known.insert(triple).second) return;
  graph.triples.push_back(triple);
  note_use(triple.subject, name, false);
  note_use(triple.object, name, true);
  held_bytes_ += quad.object.value.size();
  if (++held_ >= part_ || held_bytes_ >= kHeldBytes) write_part();
}

void TurtleWriter::prefix(std::string_view name, std::string_view iri) {
  if (!in_parts_) turtle_.add_prefix(name, iri);
}

BlankUse& TurtleWriter::use_of(TermNumber term) {
  if (uses_.size() < terms_.size()) uses_.resize(terms_.size());
  return uses_[term];
}

void TurtleWriter::note_use(TermNumber term, TermNumber graph, bool as_object) {
  if (terms_.term(term).is_triple()) return note_inside(term);
  if (!terms_.term(term).is_blank()) return;
  BlankUse& use = use_of(term);
  if (use.seen && use.graph != graph) use.in_several_graphs = true;
  use.seen = true;
  use.graph = graph;
  if (as_object) ++use.as_object;
}

void TurtleWriter::note_inside(TermNumber triple_term) {
  const NumberedTriple parts = terms_.parts(triple_term);
  for (const TermNumber part : {parts.subject, parts.object}) {
    if (terms_.term(part).is_triple()) {
      note_inside(part);
    } else if (terms_.term(part).is_blank()) {
      use_of(part).elsewhere = true;
    }
  }
}

// --- Writing ---

void TurtleWriter::finish() {
  if (in_parts_) {
    write_part();
  } else {
    uses_.resize(terms_.size());
    for (TermNumber i = 0; i < terms_.size(); ++i) {
      if (terms_.term(i).is_blank()) turtle_.reserve_label(terms_.term(i).value());
    }
    write_graphs();
    const std::string declarations = turtle_.declarations();
    if (declarations.empty() && text_.starts_with('\n')) text_.erase(0, 1);
    out_ << declarations << text_;
  }
  out_.flush();
  if (!out_) throw Error(ErrorCode::io, "writing failed");
}

void TurtleWriter::write_part() {
  bool is_at_top = false;
  if (!in_parts_) {
    in_parts_ = true;
    turtle_.forget_labels();
    const std::string declarations = turtle_.declarations(true);
    out_ << declarations;
    is_at_top = declarations.empty();
  }
  // Other parts may speak of the same blank nodes.
  uses_.resize(terms_.size());
  for (BlankUse& use : uses_) use.elsewhere = true;
  write_graphs();
  if (is_at_top && text_.starts_with('\n')) text_.erase(0, 1);
  out_ << text_;
  if (!out_) throw Error(ErrorCode::io, "writing failed");
  text_.clear();
  terms_.clear();
  graph_list_.clear();
  graph_index_.clear();
  uses_.clear();
  held_ = 0;
  held_bytes_ = 0;
}

void TurtleWriter::write_graphs() {
  known_.type = terms_.find(iri_view(rdf_vocabulary::kType));
  known_.first = terms_.find(iri_view(rdf_vocabulary::kFirst));
  known_.rest = terms_.find(iri_view(rdf_vocabulary::kRest));
  known_.nil = terms_.find(iri_view(rdf_vocabulary::kNil));
  known_.reifies = terms_.find(iri_view(rdf_vocabulary::kReifies));
  std::stable_partition(graph_list_.begin(), graph_list_.end(),
                        [](const GraphStatements& graph) { return graph.name == kNoTerm; });
  for (const GraphStatements& graph : graph_list_) write_graph(graph);
}

void TurtleWriter::write_graph(const GraphStatements& graph) {
  const GraphLayout layout(terms_, known_, uses_, graph.triples);
  const std::size_t indent = graph.name == kNoTerm ? 0 : kIndent;
  if (graph.name != kNoTerm) {
    text_ += '\n';
    turtle_.append(text_, terms_.term(graph.name).view());
    text_ += " {";
  }
  for (const LayoutSubject& subject : layout.subjects()) {
    if (subject.placement != Placement::block) continue;
    new_line(indent);
    write_block(layout, subject, indent);
  }
  text_ += graph.name == kNoTerm ? "\n" : "\n}\n";
}

void TurtleWriter::write_block(const GraphLayout& layout, const LayoutSubject& subject, std::size_t indent) {
  const bool anonymous = layout.is_unused(subject.term);
  if (implies_reifies(subject)) {
    const NumberedTriple& triple = terms_.parts(subject.reified);
    text_ += "<< ";
    turtle_.append(text_, terms_.term(triple.subject).view());
    text_ += ' ';
    turtle_.append_predicate(text_, terms_.term(triple.predicate).value());
    text_ += ' ';
    turtle_.append(text_, terms_.term(triple.object).view());
    if (!anonymous) {
      text_ += " ~ ";
      turtle_.append(text_, terms_.term(subject.term).view());
    }
    text_ += " >>";
  } else if (anonymous) {
    text_ += "[]";
  } else {
    turtle_.append(text_, terms_.term(subject.term).view());
  }
  if (properties_to_write(subject) > 0) {
    text_ += ' ';
    write_properties(layout, subject, indent + kIndent);
  }
  text_ += " .";
}

bool TurtleWriter::implies_reifies(const LayoutSubject& subject) const {
  return subject.reified != kNoTerm &&
         (subject.placement == Placement::block || subject.placement == Placement::annotation);
}

std::size_t TurtleWriter::properties_to_write(const LayoutSubject& subject) const {
  return subject.properties.size() - (implies_reifies(subject) ? 1 : 0);
}

void TurtleWriter::write_properties(const GraphLayout& layout, const LayoutSubject& subject, std::size_t indent) {
  bool first = true;
  for (const LayoutProperty& property : subject.properties) {
    if (property.predicate == known_.reifies && implies_reifies(subject)) continue;
    if (!first) {
      text_ += " ;";
      new_line(indent);
    }
    first = false;
    turtle_.append_predicate(text_, terms_.term(property.predicate).value());
    const char* separator = " ";
    for (const LayoutObject& object : property.objects) {
      text_ += separator;
      separator = ", ";
      write_object(layout, object, indent);
    }
  }
}

void TurtleWriter::write_object(const GraphLayout& layout, const LayoutObject& object, std::size_t indent) {
  write_node(layout, object.term, indent);
  const auto needs_label = [&layout](TermNumber reifier) { return !layout.is_unused(reifier); };
  const auto block_alone = [&](TermNumber reifier) {
    return !needs_label(reifier) && properties_to_write(*layout.find(reifier)) > 0;
  };
  // A block belongs to the '~' before it, if any: those without one come first.
  std::vector<TermNumber> reifiers = object.reifiers;
  std::stable_partition(reifiers.begin(), reifiers.end(), block_alone);
  for (const TermNumber term : reifiers) {
    const LayoutSubject& reifier = *layout.find(term);
    if (!block_alone(term)) text_ += " ~";
    if (needs_label(term)) {
      text_ += ' ';
      turtle_.append(text_, terms_.term(term).view());
    }
    if (properties_to_write(reifier) == 0) continue;
    text_ += ' ';
    write_enclosed(layout, reifier, indent, "{|", "|}");
  }
}

void TurtleWriter::write_node(const GraphLayout& layout, TermNumber node, std::size_t indent) {
  if (node == known_.nil) {
    text_ += "()";
    return;
  }
  if (layout.is_nestable(node)) {
    const LayoutSubject* subject = layout.find(node);
    if (subject == nullptr) {
      text_ += "[]";
      return;
    }
    if (subject->placement == Placement::nested) return write_enclosed(layout, *subject, indent, "[", "]");
    if (subject->placement == Placement::list) return write_list(layout, *subject, indent);
  }
  turtle_.append(text_, terms_.term(node).view());
}

void TurtleWriter::write_list(const GraphLayout& layout, const LayoutSubject& first, std::size_t indent) {
  text_ += '(';
  const LayoutSubject* cell = &first;
  for (;;) {
    text_ += ' ';
    write_node(layout, cell->find(known_.first)->objects.front().term, indent);
    const TermNumber rest = cell->find(known_.rest)->objects.front().term;
    if (rest == known_.nil) break;
    cell = layout.find(rest);
  }
  text_ += " )";
}

void TurtleWriter::write_enclosed(const GraphLayout& layout, const LayoutSubject& subject, std::size_t indent,
                                  std::string_view open, std::string_view close) {
  const bool one_line = properties_to_write(subject) == 1;
  text_ += open;
  if (one_line) {
    text_ += ' ';
  } else {
    new_line(indent + kIndent);
  }
  write_properties(layout, subject, indent + kIndent);
  if (one_line) {
    text_ += ' ';
  } else {
    new_line(indent);
  }
  text_ += close;
}

void TurtleWriter::new_line(std::size_t indent) {
  text_ += '\n';
  text_.append(indent, ' ');
}

}  // namespace akyn::rdf

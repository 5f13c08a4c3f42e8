#include "engine/load/input_terms.h"

#include <memory>
#include <utility>
#include <vector>

namespace akyn::load {
namespace {

bool has_blank(const TermView& term) {
  if (term.kind == TermKind::blank) return true;
  return term.kind == TermKind::triple && (has_blank(term.triple->subject) || has_blank(term.triple->object));
}

// A triple term with other labels.
class Relabelled {
 public:
  // `label_of` gives labels that outlive this object.
  template <class LabelOf>
  TermView relabel(const TermView& term, const LabelOf& label_of) {
    TermView result = term;
    if (term.kind == TermKind::blank) {
      result.value = label_of(term.value);
    } else if (has_blank(term)) {
      auto triple = std::make_unique<TripleView>(*term.triple);
      triple->subject = relabel(term.triple->subject, label_of);
      triple->object = relabel(term.triple->object, label_of);
      result.triple = triple.get();
      triples_.push_back(std::move(triple));
    }
    return result;
  }

 private:
  std::vector<std::unique_ptr<TripleView>> triples_;
};

}  // namespace

InputTerms::Node& InputTerms::node(std::string_view label) {
  const auto found = nodes_.find(label);
  if (found != nodes_.end()) return found->second;
  return nodes_.emplace(label, Node{writer_.new_blank(), {}}).first->second;
}

std::string_view InputTerms::stored_label(Node& node) {
  if (node.label.empty()) node.label = writer_.snapshot()->term(node.id).value();
  return node.label;
}

Id InputTerms::intern(const TermView& term) {
  if (term.kind == TermKind::blank) return node(term.value).id;
  if (!has_blank(term)) return writer_.intern(term);
  // Writer::intern takes the label of a node of the store for that node.
  Relabelled relabelled;
  return writer_.intern(relabelled.relabel(term, [this](std::string_view label) { return stored_label(node(label)); }));
}

}  // namespace akyn::load

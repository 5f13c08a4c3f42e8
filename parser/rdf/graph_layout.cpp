#include "parser/rdf/graph_layout.h"

#include <algorithm>
#include <utility>

namespace akyn::rdf {

const LayoutProperty* LayoutSubject::find(TermNumber predicate) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [predicate](const LayoutProperty& p) { return p.predicate == predicate; });
  return found == properties.end() ? nullptr : &*found;
}

GraphLayout::GraphLayout(const NumberedTerms& terms, const KnownTerms& known, const std::vector<BlankUse>& uses,
                         const std::vector<NumberedTriple>& triples)
    : terms_(terms), known_(known), uses_(uses) {
  group(triples);
  place_annotations();
  place_nested();
  place_lists();
  break_cycles();
}

const LayoutSubject* GraphLayout::find(TermNumber term) const {
  const auto found = index_.find(term);
  return found == index_.end() ? nullptr : &subjects_[found->second];
}

LayoutSubject* GraphLayout::subject_of(TermNumber term) {
  const auto found = index_.find(term);
  return found == index_.end() ? nullptr : &subjects_[found->second];
}

bool GraphLayout::is_nestable(TermNumber term) const {
  if (!terms_.term(term).is_blank()) return false;
  const BlankUse& use = uses_[term];
  return use.as_object == 1 && !use.elsewhere && !use.in_several_graphs;
}

bool GraphLayout::is_unused(TermNumber term) const {
  if (!terms_.term(term).is_blank()) return false;
  const BlankUse& use = uses_[term];
  return use.as_object == 0 && !use.elsewhere && !use.in_several_graphs;
}

void GraphLayout::group(const std::vector<NumberedTriple>& triples) {
  std::unordered_map<NumberedTriple, std::uint32_t, NumberedTripleHash> properties;  // (subject, predicate, none)
  for (const NumberedTriple& triple : triples) {
    const auto [position, is_new] = index_.try_emplace(triple.subject, static_cast<std::uint32_t>(subjects_.size()));
    if (is_new) {
      subjects_.emplace_back();
      subjects_.back().term = triple.subject;
    }
    LayoutSubject& subject = subjects_[position->second];
    const auto [property, is_new_property] = properties.try_emplace(
        {triple.subject, triple.predicate, kNoTerm}, static_cast<std::uint32_t>(subject.properties.size()));
    if (is_new_property) subject.properties.push_back({triple.predicate, {}});
    subject.properties[property->second].objects.push_back({triple.object, {}});
  }
  for (LayoutSubject& subject : subjects_) {
    std::stable_partition(subject.properties.begin(), subject.properties.end(),
                          [this](const LayoutProperty& p) { return p.predicate == known_.type; });
  }
}

void GraphLayout::place_annotations() {
  if (known_.reifies == kNoTerm) return;
  for (LayoutSubject& subject : subjects_) {
    for (LayoutProperty& property : subject.properties) {
      for (LayoutObject& object : property.objects) {
        places_[{subject.term, property.predicate, object.term}] = &object;
      }
    }
  }
  for (LayoutSubject& reifier : subjects_) {
    const LayoutProperty* reifies = reifier.find(known_.reifies);
    if (reifies == nullptr || reifies->objects.size() != 1) continue;
    const TermNumber reified = reifies->objects.front().term;
    if (!terms_.term(reified).is_triple()) continue;
    reifier.reified = reified;
    const NumberedTriple& triple = terms_.parts(reified);
    if (!places_.contains(triple)) continue;
    reifier.placement = Placement::annotation;
    reifier.owner = index_.at(triple.subject);
  }
  // A reifying statement that is annotated itself must be written out, to carry its annotation.
  for (const LayoutSubject& outer : subjects_) {
    if (outer.placement != Placement::annotation) continue;
    const NumberedTriple& triple = terms_.parts(outer.reified);
    LayoutSubject* inner = subject_of(triple.subject);
    if (triple.predicate == known_.reifies && inner->reified == triple.object) {
      inner->reified = kNoTerm;
      inner->placement = Placement::block;
    }
  }
  for (const LayoutSubject& reifier : subjects_) {
    if (reifier.placement != Placement::annotation) continue;
    places_.at(terms_.parts(reifier.reified))->reifiers.push_back(reifier.term);
  }
}

void GraphLayout::place_nested() {
  for (std::uint32_t i = 0; i < subjects_.size(); ++i) {
    for (const LayoutProperty& property : subjects_[i].properties) {
      for (const LayoutObject& object : property.objects) {
        if (!is_nestable(object.term)) continue;
        LayoutSubject* nested = subject_of(object.term);
        if (nested == nullptr || nested->placement != Placement::block) continue;
        nested->placement = Placement::nested;
        nested->owner = i;
      }
    }
  }
}

bool GraphLayout::looks_like_cell(const LayoutSubject& subject) const {
  if (subject.placement != Placement::nested || subject.properties.size() != 2) return false;
  return std::all_of(subject.properties.begin(), subject.properties.end(), [this](const LayoutProperty& property) {
    return (property.predicate == known_.first || property.predicate == known_.rest) && property.objects.size() == 1 &&
           property.objects.front().reifiers.empty();
  });
}

// From the last cells towards the first, so that every cell of a list is known to end in rdf:nil.
void GraphLayout::place_lists() {
  if (known_.first == kNoTerm || known_.rest == kNoTerm || known_.nil == kNoTerm) return;
  for (LayoutSubject& last : subjects_) {
    LayoutSubject* cell = &last;
    if (!looks_like_cell(*cell) || cell->find(known_.rest)->objects.front().term != known_.nil) continue;
    for (;;) {
      cell->placement = Placement::list;
      LayoutSubject& before = subjects_[cell->owner];
      if (!looks_like_cell(before) || before.find(known_.rest)->objects.front().term != cell->term) break;
      cell = &before;
    }
  }
}

// Follows "placed in" from every subject; whatever comes back to itself, or lies too deep, becomes a
// block. A cell behind the first of its list is left in place, since the list would fall apart: a cycle always has
// another link.
void GraphLayout::break_cycles() {
  enum class State : std::uint8_t { unknown, on_path, done };
  std::vector<State> states(subjects_.size(), State::unknown);
  std::vector<std::uint32_t> depths(subjects_.size(), 0);
  std::vector<std::uint32_t> path;
  const auto follows_in_list = [this](const LayoutSubject& subject) {
    const LayoutSubject& owner = subjects_[subject.owner];
    return subject.placement == Placement::list && owner.placement == Placement::list &&
           owner.find(known_.rest)->objects.front().term == subject.term;
  };

  for (std::uint32_t start = 0; start < subjects_.size(); ++start) {
    path.clear();
    std::uint32_t at = start;
    while (states[at] == State::unknown) {
      states[at] = State::on_path;
      path.push_back(at);
      if (subjects_[at].placement == Placement::block) break;
      at = subjects_[at].owner;
    }
    if (states[at] == State::on_path && subjects_[at].placement != Placement::block) {
      auto in_cycle = std::find(path.begin(), path.end(), at);
      while (follows_in_list(subjects_[*in_cycle])) ++in_cycle;
      // The path runs on from the broken link; what lay on it before is placed below.
      unplace(subjects_[*in_cycle]);
      std::rotate(path.begin(), in_cycle + 1, path.end());
    }
    for (auto i = path.rbegin(); i != path.rend(); ++i) {
      LayoutSubject& subject = subjects_[*i];
      if (subject.placement != Placement::block) {
        depths[*i] = depths[subject.owner] + (follows_in_list(subject) ? 0 : 1);
        if (depths[*i] > kMaxDepth) unplace(subject);
      }
      if (subject.placement == Placement::block) depths[*i] = 0;
      states[*i] = State::done;
    }
  }
}

void GraphLayout::unplace(LayoutSubject& subject) {
  if (subject.placement == Placement::annotation) {
    std::erase(places_.at(terms_.parts(subject.reified))->reifiers, subject.term);
  }
  subject.placement = Placement::block;
}

}  // namespace akyn::rdf

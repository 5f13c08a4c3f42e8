// Terms by number, so that a set of statements can be looked at as a graph of small integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include <akyn/term.h>

namespace akyn::rdf {

using TermNumber = std::uint32_t;
inline constexpr TermNumber kNoTerm = 0;

struct NumberedTriple {
  TermNumber subject = kNoTerm;
  TermNumber predicate = kNoTerm;
  TermNumber object = kNoTerm;
  friend bool operator==(const NumberedTriple&, const NumberedTriple&) = default;
};

struct NumberedTripleHash {
  std::size_t operator()(const NumberedTriple& triple) const noexcept {
    std::uint64_t x = triple.subject;
    x = (x ^ (x >> 15)) * 0x9e3779b97f4a7c15ULL + triple.predicate;
    x = (x ^ (x >> 29)) * 0xbf58476d1ce4e5b9ULL + triple.object;
    return (x ^ (x >> 32)) * 0x94d049bb133111ebULL;
  }
};

class NumberedTerms {
 public:
  NumberedTerms() { add(Term(), NumberedTriple()); }
  NumberedTerms(const NumberedTerms&) = delete;
  NumberedTerms& operator=(const NumberedTerms&) = delete;

  // The number of a term, a new one at first sight. kNoTerm for no term.
  [[nodiscard]] TermNumber number(const TermView& term) {
    if (!term) return kNoTerm;
    if (const auto known = numbers_.find(term); known != numbers_.end()) return known->second;
    NumberedTriple parts;
    if (term.kind == TermKind::triple) {
      parts = {number(term.triple->subject), number(term.triple->predicate), number(term.triple->object)};
    }
    return add(Term(term), parts);
  }
  // The number of a term, kNoTerm when it never got one.
  [[nodiscard]] TermNumber find(const TermView& term) const {
    const auto known = numbers_.find(term);
    return known == numbers_.end() ? kNoTerm : known->second;
  }

  // Forgets all of them.
  void clear() {
    numbers_.clear();
    parts_.clear();
    terms_.clear();
    add(Term(), NumberedTriple());
  }

  [[nodiscard]] const Term& term(TermNumber number) const { return terms_[number]; }
  // The three terms of a triple term.
  [[nodiscard]] const NumberedTriple& parts(TermNumber number) const { return parts_[number]; }
  [[nodiscard]] std::size_t size() const { return terms_.size(); }

 private:
  struct Hash {
    std::size_t operator()(const TermView& term) const noexcept { return hash_value(term); }
  };
  struct Equal {
    bool operator()(const TermView& a, const TermView& b) const noexcept { return same_term(a, b); }
  };

  TermNumber add(Term term, const NumberedTriple& parts) {
    const auto number = static_cast<TermNumber>(terms_.size());
    terms_.push_back(std::move(term));
    parts_.push_back(parts);
    if (number != kNoTerm) numbers_.emplace(terms_.back().view(), number);
    return number;
  }

  std::deque<Term> terms_;  // their addresses stay, which the keys below rely on
  std::vector<NumberedTriple> parts_;
  std::unordered_map<TermView, TermNumber, Hash, Equal> numbers_;
};

}  // namespace akyn::rdf

// The terms of the rows that an operator gives, as long as these are looked at.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/runtime/local_terms.h"

namespace akyn::runtime {

// Passing terms of a LocalTerms, which must outlive it. One thread at a time.
class PassingTerms {
 public:
  explicit PassingTerms(LocalTerms& terms) : terms_(terms) {}
  PassingTerms(const PassingTerms&) = delete;
  PassingTerms& operator=(const PassingTerms&) = delete;
  ~PassingTerms() { release(); }

  [[nodiscard]] Id id(const TermView& term) {
    const Id id = terms_.passing_id(term);
    ids_.push_back(id.bits());
    return id;
  }
  void hold(std::span<const std::uint64_t> ids) {
    terms_.hold(ids);
    ids_.insert(ids_.end(), ids.begin(), ids.end());
  }
  void release() {
    terms_.release(ids_);
    ids_.clear();
  }
  // Takes over what another one holds.
  void take(PassingTerms& other) {
    ids_.insert(ids_.end(), other.ids_.begin(), other.ids_.end());
    other.ids_.clear();
  }

 private:
  LocalTerms& terms_;
  std::vector<std::uint64_t> ids_;
};

}  // namespace akyn::runtime

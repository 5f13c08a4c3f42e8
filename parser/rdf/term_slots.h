// Room for the terms of the statement being read, used again by the next one.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include <akyn/term.h>

namespace akyn::rdf {

// A term and the text it needs that the input does not hold as it is. The address never changes.
struct TermSlot {
  TermView view;
  std::string text;      // for view.value
  std::string datatype;  // for view.datatype
  TripleView parts;      // for view.triple

  void set(TermKind kind, std::string_view value) noexcept {
    view = TermView{};
    view.kind = kind;
    view.value = value;
  }
  // Makes an IRI or blank node independent of the input.
  void pin() {
    if (view.value.data() != text.data()) text.assign(view.value);
    view.value = text;
  }
};

// A stack of slots. Slots are taken one by one and given back by the Scope they were taken in.
class TermSlots {
 public:
  class Scope {
   public:
    explicit Scope(TermSlots& slots) noexcept : slots_(slots), mark_(slots.used_) {}
    ~Scope() { slots_.used_ = mark_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    TermSlots& slots_;
    std::size_t mark_;
  };

  [[nodiscard]] TermSlot& take() {
    if (used_ == slots_.size()) slots_.emplace_back();
    return slots_[used_++];
  }

 private:
  std::deque<TermSlot> slots_;
  std::size_t used_ = 0;
};

}  // namespace akyn::rdf

// What the readers of all four languages share: the terms whose form is the same in each, and
// handing statements to the sink.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <akyn/error.h>
#include <akyn/term.h>
#include "engine/term/vocabulary.h"
#include "parser/rdf/lexer.h"
#include "parser/rdf/reader.h"
#include "parser/rdf/term_slots.h"

namespace akyn::rdf {

class StatementReader {
 public:
  // Brackets of all kinds together; deeper ones are Error(limit). Reading is recursive; that
  // many levels fit into one megabyte of stack.
  static constexpr std::uint32_t kMaxNesting = 2000;

  // All three must outlive the reader.
  StatementReader(Lexer& lexer, StatementSink& sink, const ReadOptions& options)
      : lexer_(lexer), sink_(sink), options_(options) {}
  StatementReader(const StatementReader&) = delete;
  StatementReader& operator=(const StatementReader&) = delete;

 protected:
  // One level of brackets, for as long as it lives.
  class Nesting {
   public:
    Nesting(StatementReader& reader, std::size_t bracket_length) : reader_(reader) {
      if (reader.depth_ >= kMaxNesting) reader.too_deep(bracket_length);
      ++reader.depth_;
    }
    ~Nesting() { --reader_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    StatementReader& reader_;
  };

  ~StatementReader() = default;

  // Hands a statement over and now and then reports progress. Kept out of line, because the views it
  // makes would weigh on every level of the recursion.
  void emit(const TermView& subject, const TermView& predicate, const TermView& object, const TermView& graph);
  // The same for "reifier rdf:reifies triple".
  void emit_reifies(const TermView& reifier, const TripleView& triple, const TermView& graph);
  void report_progress();
  // Reports a mistake when the reader is lenient and can go on behind it; false when it cannot.
  [[nodiscard]] bool forgives(const Error& mistake) const;

  // Gives the literal in `slot`, whose value is set, its datatype. Throws for the datatypes that a
  // language tag stands for (RDF 1.2 Concepts, section 3.4), the IRI being at `offset`.
  void set_datatype(TermSlot& slot, std::string_view datatype, std::uint64_t offset);

  Lexer& lexer_;
  StatementSink& sink_;
  const ReadOptions& options_;
  TermSlots slots_;

 private:
  static constexpr std::uint64_t kProgressMask = 0xFFF;

  [[noreturn]] void too_deep(std::size_t bracket_length);

  std::uint64_t statements_ = 0;
  std::uint32_t depth_ = 0;
};

}  // namespace akyn::rdf

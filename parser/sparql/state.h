// What is known while a text is being parsed: the half-built tree, and what would have been allowed
// where the parse got furthest.
//
// The grammar is LL(1): an alternative that has consumed a token is the right one, so the actions
// (actions_*.h) may build as they go, and nothing is ever undone. What nests lives on stacks here.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "parser/sparql/ast.h"
#include "parser/sparql/lexer.h"
#include "parser/sparql/parse.h"
#include "parser/sparql/token.h"

namespace akyn::sparql {

// What a rule is called in "expected ...". A rule without a name of its own shows the names of what
// it begins with.
enum class Expected : std::uint8_t {
  nothing,  // hides what a rule begins with: true, but no help to the reader
  query_form,
  update_operation,
  projection,
  group,
  pattern,
  verb,
  object,
  subject,
  term,
  iri,
  iri_or_variable,
  variable,
  path,
  expression,
  operator_,
  constraint,
  data_value,
  data_variables,
  data_row,
  group_condition,
  order_condition,
  quad_pattern,
  template_,
  string,
  short_string,
  prefix_declaration,
  number,
  reifier,
  end,
};
inline constexpr std::size_t kExpectedNames = static_cast<std::size_t>(Expected::end) + 1;

// The tokens and rules that would have been taken at one place.
class Expectations {
 public:
  void expect_symbol(const Token* at, TokenId symbol) { note(at).symbols_[symbol] = true; }
  // A keyword that is not shown still serves to correct a misspelt one.
  void expect_keyword(const Token* at, TokenId keyword) {
    note(at);
    if (at == at_) keywords_[keyword] = shown_keywords_[keyword] = true;
  }
  void expect_name(const Token* at, Expected name) { note(at).names_[static_cast<std::size_t>(name)] = true; }

  // For a rule with a name, that failed where it began: what it noted there gives way to its name.
  struct Shown {
    const Token* at;
    std::bitset<kSymbols.size()> symbols;
    std::bitset<kKeywords.size()> keywords;
    std::bitset<kExpectedNames> names;
  };
  [[nodiscard]] Shown shown() const { return {at_, symbols_, shown_keywords_, names_}; }
  void rename(const Token* at, const Shown& before, Expected name) {
    if (at != at_) return;
    const bool same = before.at == at;
    symbols_ = same ? before.symbols : decltype(symbols_)();
    shown_keywords_ = same ? before.keywords : decltype(shown_keywords_)();
    names_ = same ? before.names : decltype(names_)();
    if (name != Expected::nothing) names_[static_cast<std::size_t>(name)] = true;
  }

  [[nodiscard]] const Token* at() const { return at_; }
  [[nodiscard]] bool symbol(TokenId id) const { return symbols_[id]; }
  [[nodiscard]] bool keyword(TokenId id) const { return keywords_[id]; }
  [[nodiscard]] bool keyword_shown(TokenId id) const { return shown_keywords_[id]; }
  [[nodiscard]] bool name(Expected name) const { return names_[static_cast<std::size_t>(name)]; }

 private:
  struct Sink {
    std::bitset<kSymbols.size()>& symbols_;
    std::bitset<kExpectedNames>& names_;
  };
  // Only the furthest place counts; notes of an earlier one are lost.
  Sink note(const Token* at) {
    if (at > at_) {
      at_ = at;
      symbols_.reset();
      keywords_.reset();
      shown_keywords_.reset();
      names_.reset();
    }
    return at == at_ ? Sink{symbols_, names_} : Sink{lost_symbols_, lost_names_};
  }

  const Token* at_ = nullptr;
  std::bitset<kSymbols.size()> symbols_, lost_symbols_;
  std::bitset<kKeywords.size()> keywords_, shown_keywords_;
  std::bitset<kExpectedNames> names_, lost_names_;
};

// An expression and the height of its tree, which is bounded so that nobody who walks it (a
// destructor among them) can run out of stack.
struct Operand {
  Expression expression;
  std::uint32_t height = 1;
};

// The triple being read, in the middle of its lists; and its reifier, between `~ r` and `{| |}`.
struct TripleFrame {
  TermPattern subject;
  Verb verb;
  TermPattern object;
  std::optional<TermPattern> reifier;
};

struct CollectionFrame {
  std::optional<BlankNode> head;
  BlankNode last;
};

struct GroupFrame {
  GroupPattern group;
  std::optional<std::size_t> basic;  // the element that further triples join
  std::uint32_t height = 1;
};

// A call, an aggregate or a list: where its arguments begin on the stack of expressions.
struct CallFrame {
  Token name;
  Term iri;  // of a function called by IRI
  std::size_t first = 0;
  bool distinct = false;
  bool star = false;
  std::optional<std::string> separator;
};

struct ParseState {
  ParseState(std::string_view text_, const ParseOptions& options_) : text(text_), options(options_) {}

  std::string_view text;
  const ParseOptions& options;

  // --- progress
  Expectations expectations;
  const Token* last = nullptr;     // the token matched last
  std::vector<const Token*> open;  // brackets not yet closed; as long as the nesting is deep
  LexicalProblem lexical_problem;  // of the invalid token, when there is one
  bool in_template = false;        // triples of a template or of data: no property paths
  bool is_update = false;

  // --- prologue
  std::string base;
  std::map<std::string, std::string, std::less<>> prefixes;  // of the options and of the text
  std::vector<PrefixDeclaration> declared;
  std::vector<std::string> declared_here;  // prefixes declared in this prologue
  Token prefix_token;

  // --- the term read last; `lexical` while its datatype is read
  Term term;
  Offset term_at = 0;
  std::string lexical;
  Offset literal_at = 0;

  // --- triples
  std::vector<TermPattern> nodes;
  std::vector<std::size_t> node_marks;  // where the parts of an unfinished reified triple begin
  bool subject_stands_alone = false;    // the node read last is a sentence of its own, as [ :p :o ]
  std::vector<TripleFrame> triple_frames;
  std::vector<CollectionFrame> collections;
  std::vector<TriplePattern> triples;  // read, and not yet given to a pattern, template or quad list
  std::uint64_t fresh_blanks = 0;

  // --- paths
  std::vector<Path> paths;
  std::vector<std::size_t> path_marks;
  PathNegated negated;
  std::vector<PathClause> path_clauses;  // unfinished ones: the condition of INNER may hold another
  bool selector_given = false;           // in the last of them
  std::vector<Variable> unnested;        // of UNNEST
  std::vector<Term> step_labels;         // of it, so far
  PathRepeat counts;                     // of {n,m}
  PathStep step;                         // being read; they do not nest
  bool in_path_clause = false;           // between the parentheses of PATH, where paths have more operators
  bool in_step = false;                  // in the pattern of a STEP, which is plain SPARQL again

  // --- expressions
  std::vector<Operand> operands;
  std::vector<std::size_t> chains;
  std::vector<BinaryOperator> operators;
  std::vector<CallFrame> calls;

  // --- patterns
  std::vector<GroupFrame> groups;
  GroupPattern group;  // closed last
  std::uint32_t group_height = 1;
  std::vector<std::vector<GroupPattern>> unions;
  std::vector<std::variant<Constant, Variable>> names;
  std::vector<bool> silences;  // of the enclosing SERVICEs
  std::vector<Offset> marks;   // where enclosing constructs begin
  InlineData data;
  std::vector<std::optional<Term>> row;
  Offset row_at = 0;
  std::vector<Term> data_terms;  // parts of unfinished triple terms

  // --- queries and updates
  std::vector<SelectQuery> selects;  // the modifiers and the WHERE of any query form collect here
  Query query;
  Update update;
  std::vector<QuadPattern> quads;
  std::optional<std::variant<Constant, Variable>> quad_graph;
  std::size_t quad_graph_begin = 0;                            // the first of `quads` that is within it
  std::vector<std::variant<Constant, Variable>> empty_graphs;  // of GRAPH blocks without quads
  GraphTarget target;
  bool silent = false;
  ModifyOperation modify;
  DatasetClause dataset;
  std::vector<TriplePattern> construct_template;
  Offset template_at = 0;
  std::vector<std::variant<Constant, Variable>> resources;  // of DESCRIBE
  bool where_given = false;
  GraphTarget transfer_from;
};

// How deep brackets may nest. A level takes up to 2 KiB of stack here, and several times that in
// builds with sanitizers or without optimization: an 8 MiB stack holds them all.
inline constexpr std::size_t kMaxNesting = 600;
// How high the tree of expressions and groups may grow, so that whoever walks it has stack enough: an
// EXISTS makes two levels, a chain of additions one.
inline constexpr std::size_t kMaxHeight = 1250;

// Throws Error(syntax) at these bytes of the text.
[[noreturn]] void fail(const ParseState& state, std::size_t offset, std::size_t length, const std::string& message);
[[noreturn]] void fail(const ParseState& state, const Token& at, const std::string& message);
// Throws Error(limit) at this token.
[[noreturn]] void fail_too_deep(const ParseState& state, const Token& at, std::string_view what, std::size_t limit);

}  // namespace akyn::sparql

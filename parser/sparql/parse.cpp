#include "parser/sparql/parse.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parser/sparql/characters.h"
#include "parser/sparql/diagnose.h"
#include "parser/sparql/grammar.h"
#include "parser/sparql/lexer.h"
#include "parser/sparql/state.h"
#include "parser/sparql/static_checks.h"

namespace akyn::sparql {

namespace {

std::vector<Token> all_tokens(std::string_view text, ParseState& state) {
  Lexer lexer(text, state.options.source_name);
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 4 + 2);
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().kind != TokenKind::end);
  state.lexical_problem = lexer.problem();
  return tokens;
}

// Throws unless the whole text is a `unit`.
template <class Rule>
void parse_unit(const Rule& unit, ParseState& state) {
  const std::vector<Token> tokens = all_tokens(state.text, state);
  state.base = state.options.base_iri;
  for (const PrefixDeclaration& known : state.options.prefixes) state.prefixes[known.prefix] = known.iri;
  grammar::Iterator first = tokens.data();
  const grammar::Iterator last = first + tokens.size();
  bool matched = false;
  try {
    matched = grammar::x3::parse(first, last, grammar::x3::with<grammar::StateTag>(state)[unit]);
  } catch (const grammar::x3::expectation_failure<grammar::Iterator>&) {
    // The state knows more about the failure than the exception does.
  }
  if (!matched) diagnose(state, tokens);
}

}  // namespace

Query parse_query(std::string_view text, const ParseOptions& options) {
  ParseState state(text, options);
  parse_unit(grammar::query_unit, state);
  state.query.base = std::move(state.base);
  state.query.prefixes = std::move(state.declared);
  check_query(state.query, text, options.source_name);
  return std::move(state.query);
}

Update parse_update(std::string_view text, const ParseOptions& options) {
  ParseState state(text, options);
  state.is_update = true;
  parse_unit(grammar::update_unit, state);
  state.update.prefixes = std::move(state.declared);
  check_update(state.update, text, options.source_name);
  return std::move(state.update);
}

bool looks_like_update(std::string_view text) {
  constexpr auto kUpdates = std::to_array<TokenId>(
      {keyword_id("INSERT"), keyword_id("DELETE"), keyword_id("LOAD"), keyword_id("CLEAR"), keyword_id("DROP"),
       keyword_id("CREATE"), keyword_id("ADD"), keyword_id("MOVE"), keyword_id("COPY"), keyword_id("WITH")});
  if (find_invalid_utf8(text) != std::string_view::npos) return false;
  Lexer lexer(text, {});
  Token token = lexer.next();
  while (token.kind == TokenKind::word) {
    if (token.id == keyword_id("PREFIX")) {
      (void)lexer.next();
    } else if (token.id != keyword_id("BASE") && token.id != keyword_id("VERSION")) {
      break;
    }
    (void)lexer.next();
    token = lexer.next();
  }
  return token.kind == TokenKind::word && std::ranges::find(kUpdates, token.id) != kUpdates.end();
}

}  // namespace akyn::sparql

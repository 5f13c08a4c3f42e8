#include "parser/sparql/diagnose.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>

#include <fmt/format.h>

#include <akyn/error.h>
#include "parser/sparql/characters.h"
#include "parser/text/location.h"

namespace akyn::sparql {

namespace {

// Several things are separated by bars.
std::string_view name_text(Expected name) {
  switch (name) {
    case Expected::nothing:
      return {};
    case Expected::query_form:
      return "SELECT|CONSTRUCT|DESCRIBE|ASK";
    case Expected::update_operation:
      return "an update operation such as INSERT, DELETE or LOAD";
    case Expected::projection:
      return "a variable|(expression AS ?variable)";
    case Expected::group:
    case Expected::template_:
    case Expected::quad_pattern:
      return "'{'";
    case Expected::subject:
      return "a triple";
    case Expected::pattern:
      return "a pattern such as OPTIONAL or FILTER";
    case Expected::verb:
      return "a predicate";
    case Expected::object:
      return "a variable|an IRI|a literal|a blank node";
    case Expected::term:
      return "a variable|an IRI|a literal";
    case Expected::iri:
      return "an IRI";
    case Expected::iri_or_variable:
      return "an IRI|a variable";
    case Expected::variable:
      return "a variable";
    case Expected::path:
      return "a property path";
    case Expected::expression:
      return "an expression";
    case Expected::operator_:
      return "an operator";
    case Expected::constraint:
      return "a condition in parentheses|a function call";
    case Expected::data_value:
      return "an IRI|a literal|UNDEF";
    case Expected::data_variables:
      return "a variable|variables in parentheses";
    case Expected::data_row:
      return "a row of values in parentheses";
    case Expected::group_condition:
      return "a variable|a function call|an expression in parentheses";
    case Expected::order_condition:
      return "a variable|ASC(...)|DESC(...)|an expression in parentheses";
    case Expected::string:
      return "a string";
    case Expected::short_string:
      return "a version in single-line quotes, such as \"1.2\"";
    case Expected::prefix_declaration:
      return "a prefix and a colon, such as foaf:";
    case Expected::number:
      return "a whole number without a sign";
    case Expected::reifier:
      return "an IRI|a blank node|a variable";
    case Expected::end:
      return "the end";
  }
  return {};
}

bool is_symbol(const Token& token, std::string_view symbol) {
  return token.kind == TokenKind::symbol && kSymbols[token.id] == symbol;
}

// What closes the bracket.
std::string_view closer_of(std::string_view open) {
  constexpr std::array<std::array<std::string_view, 2>, 6> kPairs = {
      {{"{", "}"}, {"(", ")"}, {"[", "]"}, {"<<", ">>"}, {"<<(", ")>>"}, {"{|", "|}"}}};
  return (*std::ranges::find(kPairs, open, [](const auto& pair) { return pair[0]; }))[1];
}

std::string upper_case(std::string_view word) {
  std::string upper(word);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return static_cast<char>(std::toupper(static_cast<unsigned char>(c))); });
  return upper;
}

std::string list_of(const std::vector<std::string>& items) {
  std::string list;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) list += i + 1 == items.size() ? " or " : ", ";
    list += items[i];
  }
  return list;
}

class Diagnosis {
 public:
  Diagnosis(const ParseState& state, const std::vector<Token>& tokens)
      : state_(state), expectations_(state.expectations), tokens_(tokens), at_(expectations_.at()) {}

  [[noreturn]] void report() const {
    if (at_->kind == TokenKind::invalid) {
      fail(state_, state_.lexical_problem.begin, state_.lexical_problem.length, state_.lexical_problem.message);
    }
    if (auto message = wrong_language()) fail(state_, *at_, *message);
    report_broken_iri();
    std::string message = at_->kind == TokenKind::end ? "unexpected end of " + what() : "unexpected " + found();
    if (const std::string help = advice(); !help.empty()) {
      message += "; " + help;
    } else if (const std::string wanted = list_of(expected()); !wanted.empty()) {
      message += "; expected " + wanted;
    }
    if (at_->kind == TokenKind::end && at_ == tokens_.data()) fail(state_, 0, 1, message);
    if (at_->kind == TokenKind::end) {
      // Just behind the last token rather than on an empty last line.
      fail(state_, at_[-1].end, 1, message);
    }
    fail(state_, *at_, message);
  }

 private:
  [[nodiscard]] std::string what() const { return state_.is_update ? "update" : "query"; }

  [[nodiscard]] std::string_view text() const { return at_->text(state_.text); }
  [[nodiscard]] std::string_view text(const Token& token) const { return token.text(state_.text); }
  [[nodiscard]] std::string upper() const { return upper_case(text()); }
  [[nodiscard]] bool is_word() const { return at_->kind == TokenKind::word; }
  // The tokens around; the first and the last stand in for what is not there.
  [[nodiscard]] const Token& before() const { return at_ == tokens_.data() ? *at_ : at_[-1]; }
  [[nodiscard]] const Token& after() const { return at_->kind == TokenKind::end ? *at_ : at_[1]; }

  [[nodiscard]] std::string found() const {
    constexpr std::size_t kLongest = 40;
    std::string shown(text());
    if (const std::size_t line_end = shown.find_first_of("\r\n"); line_end != std::string::npos) {
      shown = shown.substr(0, line_end) + "...";
    }
    if (shown.size() > kLongest) {
      std::size_t size = kLongest - 3;
      while ((static_cast<unsigned char>(shown[size]) & 0xc0) == 0x80) --size;
      shown = shown.substr(0, size) + "...";
    }
    const bool has_quotes = at_->kind == TokenKind::string || at_->kind == TokenKind::long_string;
    return has_quotes ? "string " + shown : "'" + shown + "'";
  }

  [[nodiscard]] std::size_t line_of(const Token& token) const {
    return static_cast<std::size_t>(std::ranges::count(state_.text.substr(0, token.begin), '\n')) + 1;
  }

  [[nodiscard]] std::string closing(std::string_view closer) const {
    const Token& open = *state_.open.back();
    const std::string_view bracket = text(open);
    std::string item = "'" + std::string(closer) + "' to close ";
    const bool is_group = bracket == "{" && !state_.in_template && !expectations_.name(Expected::data_value) &&
                          !expectations_.name(Expected::data_row);
    item += is_group ? "the group opened" : "the '" + std::string(bracket) + "'";
    const std::size_t line = line_of(open);
    if (is_group || line != line_of(*at_)) item += " at line " + std::to_string(line);
    return item;
  }

  [[nodiscard]] std::vector<std::string> expected() const {
    std::optional<std::string> last;
    if (!state_.open.empty()) {
      const std::string_view closer = closer_of(text(*state_.open.back()));
      const auto id = static_cast<TokenId>(std::ranges::find(kSymbols, closer) - kSymbols.begin());
      if (expectations_.symbol(id)) last = closing(closer);
    }
    // At the end of the text, what is missing is what must come, not what might.
    if (last && at_->kind == TokenKind::end) return {*last};

    std::vector<std::string> items;
    for (std::size_t i = 0; i < kExpectedNames; ++i) {
      const auto name = static_cast<Expected>(i);
      if (name == Expected::nothing || !expectations_.name(name)) continue;
      for (std::string_view rest = name_text(name); !rest.empty();) {
        const std::size_t bar = std::min(rest.find('|'), rest.size());
        std::string item(name == Expected::end ? "the end of the " + what() : rest.substr(0, bar));
        if (std::ranges::find(items, item) == items.end()) items.push_back(std::move(item));
        rest.remove_prefix(std::min(bar + 1, rest.size()));
      }
    }
    for (TokenId id = 0; id < kKeywords.size(); ++id) {
      if (expectations_.keyword_shown(id)) items.emplace_back(kKeywords[id].name);
    }
    for (TokenId id = 0; id < kSymbols.size(); ++id) {
      const bool closes = last && last->substr(1).starts_with(kSymbols[id]) && (*last)[1 + kSymbols[id].size()] == '\'';
      if (expectations_.symbol(id) && !closes) items.push_back("'" + std::string(kSymbols[id]) + "'");
    }
    if (last) items.push_back(*last);
    return items;
  }

  // An update given as a query, or the reverse.
  [[nodiscard]] std::optional<std::string> wrong_language() const {
    if (!is_word()) return std::nullopt;
    constexpr auto kQueries = std::to_array<std::string_view>({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"});
    constexpr auto kUpdates = std::to_array<std::string_view>(
        {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"});
    const std::string word = upper();
    if (expectations_.name(Expected::query_form) && std::ranges::find(kUpdates, word) != kUpdates.end()) {
      return word + " begins an update, and this must be a query";
    }
    if (expectations_.name(Expected::update_operation) && std::ranges::find(kQueries, word) != kQueries.end()) {
      return word + " begins a query, and this must be an update";
    }
    return std::nullopt;
  }

  // `<` where an IRI should be: what keeps it from being one?
  void report_broken_iri() const {
    if (!is_symbol(*at_, "<") && !is_symbol(*at_, "<<")) return;
    const std::string_view rest = state_.text.substr(at_->begin + 1);
    const char* at = rest.data();
    const char* const end = at + rest.size();
    while (at != end && is_iri_char(decode_utf8(at).code_point)) at += decode_utf8(at).size;
    const auto length = static_cast<std::size_t>(at - rest.data());
    if (length == 0) return;
    const std::size_t stop = at_->begin + 1 + length;
    if (at == end || *at == '\n' || *at == '\r' || *at == '<') {
      fail(state_, at_->begin, length + 1, "the IRI is not closed: expected '>'");
    }
    if (*at == '\\') fail(state_, stop, 1, "an IRI can hold '\\' only in \\uXXXX or \\UXXXXXXXX");
    const std::size_t line_end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::size_t closer = rest.substr(0, line_end).find('>');
    const std::string bad = *at == ' ' ? "a space" : *at == '\t' ? "a tab" : "'" + std::string(1, *at) + "'";
    if (closer == std::string_view::npos) fail(state_, stop, 1, "the IRI is not closed: expected '>' before " + bad);
    fail(state_, stop, 1, "an IRI cannot hold " + bad + "; is a '>' missing before it?");
  }

  // ---------------------------------------------------------------- advice

  [[nodiscard]] std::string advice() const {
    if (std::string help = advice_on_foreign_text(); !help.empty()) return help;
    if (std::string help = advice_on_bare_condition(); !help.empty()) return help;
    if (std::string help = advice_on_lists(); !help.empty()) return help;
    if (std::string help = advice_on_operators(); !help.empty()) return help;
    if (std::string help = advice_on_clauses(); !help.empty()) return help;
    return is_word() ? advice_on_word() : std::string();
  }

  // Habits from other languages.
  [[nodiscard]] std::string advice_on_foreign_text() const {
    const bool touches = at_ != tokens_.data() && before().end == at_->begin;
    const bool slashes = is_symbol(*at_, "/") && (is_symbol(after(), "/") || is_symbol(after(), "*"));
    const bool dashes = is_symbol(*at_, "-") && is_symbol(after(), "-");
    if ((slashes || dashes) && after().begin == at_->end) return "a comment begins with '#'";
    if (touches && is_word() && before().kind == TokenKind::string) {
      return "a quote within a string is written \\' or \\\"";
    }
    if (at_->kind == TokenKind::language && expectations_.name(Expected::query_form)) {
      return "a prefix is declared without '@' and '.': PREFIX foaf: <...>";
    }
    if (const std::string_view iri = bare_iri(state_.text, at_->begin); !iri.empty()) {
      return fmt::format("an IRI is written in angle brackets: <{}>", iri);
    }
    if (touches && is_symbol(*at_, "{") && expectations_.name(Expected::object)) {
      return "a property path repeats by ?, * or +; by numbers only in PATH ?p = (...)";
    }
    const bool begins_path = expectations_.name(Expected::verb) || expectations_.name(Expected::path);
    if (begins_path && is_symbol(*at_, "~")) {
      return "either direction of a predicate is (:p|^:p); ~:p stands for it only in PATH ?p = (...)";
    }
    if (begins_path && is_word() && upper_case(text(*at_)) == "STEP") {
      return "a STEP stands only in PATH ?p = (...)";
    }
    return {};
  }

  // After a function call that stands where only that or a condition in parentheses may.
  [[nodiscard]] std::string advice_on_bare_condition() const {
    if (!is_symbol(before(), ")")) return {};
    constexpr auto kOperators =
        std::to_array<std::string_view>({"=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||"});
    if (std::ranges::none_of(kOperators, [this](std::string_view op) { return is_symbol(*at_, op); })) return {};
    const bool after_condition = expectations_.name(Expected::constraint) || expectations_.name(Expected::pattern) ||
                                 expectations_.name(Expected::order_condition) ||
                                 expectations_.name(Expected::group_condition);
    return after_condition ? "an expression with operators needs parentheses here" : std::string();
  }

  // The word before the innermost bracket that is open, in upper case.
  [[nodiscard]] std::string bracketed_by() const {
    if (state_.open.empty() || state_.open.back() == tokens_.data()) return {};
    const Token& word = state_.open.back()[-1];
    return word.kind == TokenKind::word ? upper_case(text(word)) : std::string();
  }

  [[nodiscard]] std::string advice_on_lists() const {
    const std::string call = bracketed_by();
    const bool in_aggregate = call == "COUNT" || call == "SUM" || call == "MIN" || call == "MAX" || call == "AVG" ||
                              call == "SAMPLE" || call == "GROUP_CONCAT";
    if (is_symbol(*at_, ",")) {
      if (call == "GROUP_CONCAT") return "the separator is written GROUP_CONCAT(... ; SEPARATOR=\", \")";
      if (in_aggregate && expectations_.name(Expected::operator_)) return call + " takes one expression";
      if (expectations_.name(Expected::data_value)) return "values are separated by spaces";
      if (expectations_.name(Expected::order_condition)) return "the conditions of ORDER BY are separated by spaces";
      if (expectations_.name(Expected::group_condition)) return "the keys of GROUP BY are separated by spaces";
      if (expectations_.keyword(keyword_id("OFFSET"))) return "rows are skipped as in LIMIT 10 OFFSET 5";
    }
    if (is_symbol(*at_, "*") && in_aggregate && expectations_.name(Expected::expression)) {
      return "only COUNT takes '*'";
    }
    if (is_symbol(*at_, "(") && expectations_.name(Expected::data_value) && expectations_.symbol(symbol_id("}"))) {
      return "the values of one variable stand without parentheses: VALUES ?x { 1 2 }";
    }
    if (is_symbol(*at_, ")") && expectations_.keyword(keyword_id("AS")) && expectations_.name(Expected::operator_)) {
      return call == "BIND" ? "BIND needs a name: BIND(... AS ?name)"
                            : "an expression in SELECT needs a name: (... AS ?name)";
    }
    if (const std::string order = upper_case(text(before()));
        (order == "ASC" || order == "DESC") && expectations_.symbol(symbol_id("("))) {
      return order + " stands before what it orders by: " + order + "(?x)";
    }
    return {};
  }

  [[nodiscard]] bool wants_operand() const {
    return expectations_.name(Expected::expression) || expectations_.name(Expected::operator_);
  }

  [[nodiscard]] std::string advice_on_operators() const {
    if (!wants_operand()) return {};
    if (is_symbol(*at_, "=") && is_symbol(before(), "=")) return "equality is written with one '='";
    if (is_symbol(*at_, "=") && is_symbol(before(), "!")) return "'not equal' is written != without a space";
    if (at_->kind == TokenKind::iri && text() == "<>") return "'not equal' is written !=";
    if (is_symbol(*at_, "|")) return "'or' is written ||";
    if (is_symbol(*at_, "=") || is_symbol(*at_, "!=") || is_symbol(*at_, "<") || is_symbol(*at_, ">") ||
        is_symbol(*at_, "<=") || is_symbol(*at_, ">=")) {
      if (expectations_.name(Expected::operator_)) return "comparisons cannot be chained; join two of them with &&";
    }
    if (expectations_.name(Expected::expression)) {
      if (is_symbol(*at_, "<<")) return "a triple term is written <<( s p o )>>";
      if (at_->kind == TokenKind::blank_label || is_symbol(*at_, "[")) return "expressions hold no blank nodes";
    }
    if (!is_word()) return {};
    const std::string word = upper();
    if (word == "AND") return "'and' is written &&";
    if (word == "OR") return "'or' is written ||";
    if (word == "NULL") return "SPARQL has no NULL; test with BOUND(?variable)";
    if (word == "LIKE") return "test text with CONTAINS, STRSTARTS or REGEX";
    if (word == "BETWEEN") return "a range is written ?x >= 1 && ?x <= 2";
    if (word == "IS") return "test with a function such as BOUND, isIRI or isLITERAL";
    return {};
  }

  [[nodiscard]] std::string advice_on_clauses() const {
    const bool in_projection = expectations_.name(Expected::projection);
    if (in_projection && is_symbol(*at_, ",")) return "the variables of SELECT are separated by spaces";
    if (in_projection && is_word() && upper() == "AS") {
      return fmt::format("an expression in SELECT stands in parentheses: ({} AS {})", text(before()), text(after()));
    }
    if (in_projection && is_word() && upper() == "TOP") return "rows are limited at the end of the query: LIMIT 5";
    if (in_projection && is_word() && at_->id != kNoKeyword && is_symbol(after(), "(")) {
      return "an expression in SELECT needs parentheses and a name: (" + upper() + "(...) AS ?name)";
    }
    if (state_.in_template && (expectations_.name(Expected::verb) || is_path_operator_here())) {
      for (const std::string_view op : {"/", "|", "^", "*", "+", "?", "!", "("}) {
        if (is_symbol(*at_, op)) return "property paths are allowed in WHERE only, not in templates or data";
      }
    }
    if (at_->kind == TokenKind::variable && expectations_.name(Expected::path)) {
      return "a property path holds IRIs only, no variables";
    }
    if (expectations_.symbol(symbol_id(".")) && !expectations_.name(Expected::subject) && begins_triple()) {
      return "triples are separated by '.'";
    }
    if (state_.in_template && is_word()) {
      constexpr auto kPatterns = std::to_array<std::string_view>(
          {"FILTER", "OPTIONAL", "GRAPH", "UNION", "MINUS", "BIND", "VALUES", "SERVICE", "SELECT"});
      const std::string word = upper();
      if (word == "GRAPH" && state_.is_update) return "GRAPH cannot stand inside GRAPH here";
      if (std::ranges::find(kPatterns, word) != kPatterns.end()) {
        return "only triples may stand here, no " + word;
      }
    }
    if (expectations_.name(Expected::verb) && is_word() && text() == "A") {
      return "'a', short for rdf:type, is written in lower case";
    }
    if (expectations_.name(Expected::end) && is_word() && at_->id != kNoKeyword) {
      const std::string word = upper();
      if (word == "GROUP" || word == "HAVING" || word == "ORDER") {
        return "after WHERE the order is GROUP BY, HAVING, ORDER BY, LIMIT or OFFSET, VALUES";
      }
      if (word == "LIMIT" || word == "OFFSET") return "LIMIT and OFFSET may each be given once, before VALUES";
      if (word == "WHERE") return "there is a WHERE already";
      if (word == "SELECT" || word == "ASK" || word == "CONSTRUCT" || word == "DESCRIBE") {
        return "only one query may stand here";
      }
      if (word == "FROM") return "FROM comes before WHERE";
      if (word == "UNION") return "UNION stands inside the braces of WHERE: { { ... } UNION { ... } }";
      if (word == "FILTER" || word == "OPTIONAL" || word == "BIND" || word == "MINUS" || word == "SERVICE") {
        return word + " stands inside the braces of WHERE";
      }
      if (state_.is_update) return "operations are separated by ';'";
    }
    if (expectations_.name(Expected::end) && is_symbol(*at_, "}")) return "no '{' is open here";
    if (expectations_.name(Expected::end) && is_symbol(*at_, ";") && !state_.is_update) {
      return "a query ends without ';'";
    }
    if (is_word() && expectations_.name(Expected::pattern)) {
      const std::string word = upper();
      if (word == "PREFIX" || word == "BASE") return word + " comes before the " + what() + " itself";
      if (word == "SELECT") return "a sub-SELECT stands alone in braces of its own: { SELECT ... }";
      if (word == "UNION") return "both sides of UNION need braces: { ... } UNION { ... }";
      if (word == "ORDER" || word == "LIMIT" || word == "OFFSET" || word == "HAVING" || word == "GROUP") {
        return word + " comes after the '}' of WHERE";
      }
    }
    return {};
  }

  [[nodiscard]] bool begins_triple() const {
    switch (at_->kind) {
      case TokenKind::variable:
      case TokenKind::iri:
      case TokenKind::prefix_name:
      case TokenKind::prefixed_name:
      case TokenKind::blank_label:
        return true;
      default:
        return is_symbol(*at_, "[") || is_symbol(*at_, "<<");
    }
  }

  // After the predicate of a template's triple, where a path would go on.
  [[nodiscard]] bool is_path_operator_here() const {
    return expectations_.name(Expected::object) && !is_symbol(*at_, "(") && before().kind != TokenKind::symbol;
  }

  // A short word must be nearer than nearest_name asks for: most words are near some keyword.
  [[nodiscard]] static std::string nearest(const std::string& word, const std::vector<std::string_view>& keywords) {
    const std::string near = nearest_name(word, keywords);
    return edit_distance(word, near) <= 1 + word.size() / 5 ? near : std::string();
  }

  [[nodiscard]] std::string advice_on_word() const {
    const std::string word = upper();
    std::vector<std::string_view> keywords;
    for (TokenId id = 0; id < kKeywords.size(); ++id) {
      if (expectations_.keyword(id)) keywords.push_back(kKeywords[id].name);
    }
    if (at_->id == kNoKeyword) {
      const bool function_here = expectations_.name(Expected::expression) || expectations_.name(Expected::constraint) ||
                                 expectations_.name(Expected::group_condition) ||
                                 expectations_.name(Expected::order_condition);
      if (function_here && is_symbol(after(), "(")) {
        for (const KeywordInfo& keyword : kKeywords) {
          if (keyword.function) keywords.push_back(keyword.name);
        }
        const std::string near = nearest(word, keywords);
        return near.empty() ? "there is no function of this name; others are called by IRI, as prefix:name(...)"
                            : "did you mean '" + near + "'?";
      }
      if (const std::string near = nearest(word, keywords); !near.empty()) return "did you mean '" + near + "'?";
      return advice_on_bare_name();
    }
    return {};
  }

  [[nodiscard]] std::string advice_on_bare_name() const {
    const std::string name(text());
    if (expectations_.name(Expected::prefix_declaration)) return "a prefix is declared with its colon: " + name + ":";
    const bool iri_here = expectations_.name(Expected::iri) || expectations_.name(Expected::iri_or_variable) ||
                          expectations_.name(Expected::verb) || expectations_.name(Expected::object) ||
                          expectations_.name(Expected::subject) || expectations_.name(Expected::term) ||
                          expectations_.name(Expected::expression);
    const bool variable_here = expectations_.name(Expected::variable) || expectations_.name(Expected::projection);
    if (iri_here) return "a variable is written ?" + name + ", an IRI <" + name + "> or prefix:" + name;
    if (variable_here) return "a variable is written ?" + name;
    return {};
  }

  const ParseState& state_;
  const Expectations& expectations_;
  const std::vector<Token>& tokens_;
  const Token* at_;
};

}  // namespace

std::string_view bare_iri(std::string_view text, std::size_t at) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string_view rest = text.substr(at);
  const std::size_t scheme = rest.find_first_not_of(kLetters);
  if (scheme == 0 || scheme == std::string_view::npos || !rest.substr(scheme).starts_with("://")) return {};
  std::size_t length = std::min(rest.find_first_of(" \t\r\n<>\"{}|^`;,()[]'"), rest.size());
  while (rest[length - 1] == '.') --length;
  return rest.substr(0, length);
}

void fail(const ParseState& state, std::size_t offset, std::size_t length, const std::string& message) {
  throw Error(ErrorCode::syntax, message, locate(state.text, offset, length, state.options.source_name));
}

void fail(const ParseState& state, const Token& at, const std::string& message) {
  fail(state, at.begin, std::max<std::size_t>(at.end - at.begin, 1), message);
}

void fail_too_deep(const ParseState& state, const Token& at, std::string_view what, std::size_t limit) {
  throw Error(ErrorCode::limit, fmt::format("{} more than {} levels deep", what, limit),
              locate(state.text, at.begin, at.end - at.begin, state.options.source_name));
}

void diagnose(const ParseState& state, const std::vector<Token>& tokens) {
  Diagnosis(state, tokens).report();
}

}  // namespace akyn::sparql

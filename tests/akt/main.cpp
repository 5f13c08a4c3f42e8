// akt: runs tests written as text (README.md).
//
//     akt [--config NAME] FILE...
//
// Exit: 0 all passed, 1 some failed, 2 wrong usage.
#include <algorithm>
#include <array>
#include <cctype>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <akyn/akyn.h>
#include "tests/akt/configuration.h"
#include "tests/akt/script.h"

namespace {

using akyn::QueryForm;
using akyn::Term;
using akyn::akt::Configuration;
using akyn::akt::Script;
using akyn::akt::Step;
using Kind = Step::Kind;
using Lines = std::vector<std::string>;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPrefixes = {
    {{"", "http://example/"},
     {"ex", "http://ex.org/"},
     {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
     {"xsd", "http://www.w3.org/2001/XMLSchema#"}}};
constexpr std::string_view kXsd = "http://www.w3.org/2001/XMLSchema#";
constexpr const char* kBase = "http://example/base/";

struct Failure {
  std::size_t line;
  std::string message;
};

std::string text_of(const Term& term);

std::string text_of_iri(std::string_view iri) {
  for (const auto& [name, start] : kPrefixes) {
    if (!iri.starts_with(start)) continue;
    const std::string_view local = iri.substr(start.size());
    const bool plain =
        !local.empty() && std::all_of(local.begin(), local.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
    if (plain) return std::string(name) + ':' + std::string(local);
  }
  return '<' + std::string(iri) + '>';
}

// True when Turtle reads the bare form as this very literal.
bool stands_bare(const Term& term) {
  const std::string& form = term.value();
  if (!term.datatype().starts_with(kXsd) || form.empty()) return false;
  const std::string_view type = term.datatype().substr(kXsd.size());
  if (type == "boolean") return form == "true" || form == "false";
  const auto digits = [&](std::string_view allowed) {
    return form.find_first_not_of(allowed) == std::string::npos &&
           form.find_first_of("0123456789") != std::string::npos;
  };
  if (type == "integer") return digits("-0123456789");
  if (type == "decimal") return digits("-.0123456789") && form.find('.') != std::string::npos && form.back() != '.';
  return type == "double" && digits("-.+E0123456789") && form.find('E') != std::string::npos;
}

std::string text_of(const Term& term) {
  if (!term) return "-";
  if (term.is_blank()) return "_";
  if (term.is_iri()) return text_of_iri(term.value());
  if (term.is_triple()) {
    const akyn::Triple& triple = term.triple();
    return "<<( " + text_of(triple.subject) + ' ' + text_of(triple.predicate) + ' ' + text_of(triple.object) + " )>>";
  }
  if (stands_bare(term)) return term.value();
  const std::string text = akyn::literal(term.value()).to_string();
  if (!term.language().empty()) {
    const std::string_view direction = term.direction() == akyn::Direction::none  ? ""
                                       : term.direction() == akyn::Direction::ltr ? "--ltr"
                                                                                  : "--rtl";
    return text + '@' + std::string(term.language()) + std::string(direction);
  }
  return term.datatype() == std::string(kXsd) + "string" ? text : text + "^^" + text_of_iri(term.datatype());
}

std::string joined(const Lines& words) {
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : " ") + word;
  return result;
}

Lines expected_lines(const std::string& text) {
  Lines result;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = text.find('\n', begin);
    const Lines words = akyn::akt::words_of(text.substr(begin, end - begin));
    if (!words.empty()) result.push_back(joined(words));
    begin = end + 1;
  }
  return result;
}

// What a query answered, as the lines of an .akt file.
struct Outcome {
  Lines lines;
  std::optional<std::string> error;
};

class Runner {
 public:
  explicit Runner(Configuration configuration) : store_(configuration) {
    for (const auto& [name, iri] : kPrefixes) options_.prefixes.emplace(name, iri);
    options_.base_iri = kBase;
    for (const auto& [name, iri] : kPrefixes) {
      turtle_prologue_ += "PREFIX " + std::string(name) + ": <" + std::string(iri) + "> ";
    }
  }

  std::optional<Failure> run(const Script& script) {
    for (const Step& step : script.steps) {
      store_.begin_step();
      if (auto failure = carry_out(step)) return failure;
    }
    if (auto failure = unexpected_error(script.steps.empty() ? script.line : script.steps.back().line)) return failure;
    store_.finish();
    return std::nullopt;
  }

 private:
  std::optional<Failure> carry_out(const Step& step) {
    switch (step.kind) {
      case Kind::data:
      case Kind::update:
      case Kind::bind:
      case Kind::query:
        if (auto failure = unexpected_error(step.line)) return failure;
        prepare(step);
        return std::nullopt;
      case Kind::error:
        return check_error(step);
      case Kind::expressions:
        if (auto failure = unexpected_error(step.line)) return failure;
        return check_expressions(step);
      default:
        return check_answer(step);
    }
  }

  void prepare(const Step& step) {
    outcome_ = {};
    try {
      if (step.kind == Kind::data) {
        akyn::LoadOptions options;
        options.format = akyn::RdfFormat::trig;
        options.base_iri = kBase;
        store_.load(turtle_prologue_ + step.text, options);
      } else if (step.kind == Kind::update) {
        store_.update(step.text, options_);
      } else if (step.kind == Kind::bind) {
        bind(step.argument);
      } else {
        ask(step);
      }
    } catch (const akyn::Error& error) {
      outcome_.error = error.message();
    }
  }

  // ?x = TERM
  void bind(const std::string& argument) {
    const std::size_t equals = argument.find('=');
    std::string name = argument.substr(1, equals - 1);
    name.erase(name.find_last_not_of(' ') + 1);
    akyn::Query query = store_.prepare("SELECT ?t { VALUES ?t { " + argument.substr(equals + 1) + " } }", options_);
    akyn::Rows rows = query.select();
    if (!rows.next()) throw akyn::Error(akyn::ErrorCode::invalid_argument, "no value to bind");
    parameters_.emplace_back(std::move(name), rows.current()[0]);
  }

  void ask(const Step& step) {
    akyn::QueryOptions options = options_;
    options.union_default_graph = step.argument == "union";
    const auto parameters = std::exchange(parameters_, {});
    akyn::Query query = store_.prepare(step.text, options);
    for (const auto& [name, value] : parameters) query.bind(name, value);
    if (query.form() == QueryForm::ask) {
      outcome_.lines = {query.ask() ? "true" : "false"};
    } else if (query.form() == QueryForm::select) {
      akyn::Rows rows = query.select();
      Lines head;
      for (const std::string& name : rows.variables()) head.push_back('?' + name);
      outcome_.lines.push_back(joined(head));
      for (const akyn::Row& row : rows) {
        Lines words;
        for (std::size_t i = 0; i < row.size(); ++i) words.push_back(text_of(row[i]));
        outcome_.lines.push_back(joined(words));
      }
    } else {
      for (const akyn::Quad& quad : query.construct()) {
        outcome_.lines.push_back(text_of(quad.subject) + ' ' + text_of(quad.predicate) + ' ' + text_of(quad.object));
      }
    }
  }

  std::optional<Failure> unexpected_error(std::size_t line) const {
    if (!outcome_.error) return std::nullopt;
    return Failure{line, "unexpected error: " + *outcome_.error};
  }

  std::optional<Failure> check_error(const Step& step) {
    const std::optional<std::string> error = std::exchange(outcome_.error, std::nullopt);
    if (!error) return Failure{step.line, "an error was expected"};
    std::string expected = step.text;
    expected.erase(expected.find_last_not_of(" \n") + 1);
    if (*error == expected) return std::nullopt;
    return Failure{step.line, "expected the error\n    " + expected + "\n  got\n    " + *error};
  }

  std::optional<Failure> check_expressions(const Step& step) {
    std::string message;
    std::size_t begin = 0;
    while (begin < step.text.size()) {
      const std::size_t end = step.text.find('\n', begin);
      const std::string line = step.text.substr(begin, end - begin);
      begin = end + 1;
      if (line.find_first_not_of(' ') == std::string::npos || line.front() == '#') continue;
      const std::size_t arrow = line.rfind(" => ");
      if (arrow == std::string::npos) return Failure{step.line, "no ' => ' in: " + line};
      const std::string expected = joined(akyn::akt::words_of(line.substr(arrow + 4)));
      const std::string actual = value_of(line.substr(0, arrow));
      if (actual != expected) message += "\n    " + line + "\n      got " + actual;
    }
    if (message.empty()) return std::nullopt;
    return Failure{step.line, "expected" + message};
  }

  std::string value_of(const std::string& expression) {
    try {
      akyn::Query query = store_.prepare("SELECT (" + expression + " AS ?v) {}", options_);
      akyn::Rows rows = query.select();
      if (!rows.next() || !rows.current()[0]) return "error";
      return text_of(rows.current()[0]);
    } catch (const akyn::Error& error) {
      return "fails: " + error.message();
    }
  }

  std::optional<Failure> check_answer(const Step& step) const {
    if (auto failure = unexpected_error(step.line)) return failure;
    Lines expected = expected_lines(step.text);
    Lines actual = outcome_.lines;
    if (step.kind != Kind::ordered_answer) {
      const std::ptrdiff_t head = step.kind == Kind::answer && !expected.empty() ? 1 : 0;
      if (!expected.empty()) std::sort(expected.begin() + head, expected.end());
      if (!actual.empty()) std::sort(actual.begin() + head, actual.end());
    }
    if (actual == expected) return std::nullopt;
    std::string message = "expected";
    for (const std::string& line : expected) message += "\n    " + line;
    message += "\n  got";
    for (const std::string& line : actual) message += "\n    " + line;
    return Failure{step.line, message};
  }

  akyn::akt::TestedStore store_;
  akyn::QueryOptions options_;
  std::string turtle_prologue_;
  std::vector<std::pair<std::string, Term>> parameters_;
  Outcome outcome_;
};

std::optional<Failure> run(const Script& script, Configuration configuration) {
  try {
    return Runner(configuration).run(script);
  } catch (const std::exception& error) {
    return Failure{script.line, error.what()};
  }
}

int usage() {
  std::cerr << "usage: akt [--config NAME] FILE...\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> files(argv + 1, argv + argc);
  std::string wanted;
  if (files.size() >= 2 && files[0] == "--config") {
    wanted = files[1];
    files.erase(files.begin(), files.begin() + 2);
  }
  if (files.empty()) return usage();
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const std::string& file : files) {
    for (const Script& script : akyn::akt::read_scripts(file)) {
      for (const auto& [name, configuration] : akyn::akt::configurations()) {
        if (!wanted.empty() && wanted != name) continue;
        const std::optional<Failure> failure = run(script, configuration);
        ++(failure ? failed : passed);
        if (!failure) continue;
        std::cout << file << ':' << failure->line << ": " << script.title << " [" << name << "]\n  " << failure->message
                  << '\n';
      }
    }
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 && passed > 0 ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << "akt: " << error.what() << '\n';
  return 2;
}

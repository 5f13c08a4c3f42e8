#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "engine/algebra/translate.h"
#include "engine/exec/evaluate.h"
#include "engine/oracle/evaluate.h"
#include "engine/storage/database.h"
#include "fuzz/targets.h"
#include "parser/rdf/reader.h"
#include "parser/sparql/parse.h"

namespace akyn::fuzz {
namespace {

constexpr std::string_view kData = R"(
PREFIX : <http://example/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
:a :p :b, :c, 1, 2.5 ; :q :d, "x", "y"@en .
:b :p :c, :a ; :q 2, "xy", "x"@fr ; :r :b .
:c :p :d ; :r "2020-01-01"^^xsd:date, "01"^^xsd:integer, <<( :a :p :b )>> .
:d :p :a ; :q "z"^^:other, true, 1e3 .
_:x :p _:x, :a ; :r 10 .
:g { :a :p :b ; :q 1 . :b :r :c, "x" . :c :p _:x }
:h { :a :p :b . :d :q :a, "2020-01-01T10:00:00Z"^^xsd:dateTime ; :r 1, 2.0 }
)";

class Loader final : public akyn::rdf::StatementSink {
 public:
  explicit Loader(storage::Writer& writer) : writer_(writer) {}
  void quad(const QuadView& quad) override {
    const Id graph = quad.graph ? writer_.intern(quad.graph) : storage::kDefaultGraph;
    writer_.insert({writer_.intern(quad.subject), writer_.intern(quad.predicate), writer_.intern(quad.object), graph});
  }

 private:
  storage::Writer& writer_;
};

std::shared_ptr<storage::Database> loaded() {
  const auto database = storage::Database::in_memory({});
  const auto writer = database->begin();
  Loader loader(*writer);
  akyn::rdf::ReadOptions options;
  options.format = RdfFormat::trig;
  akyn::rdf::read(kData, options, loader);
  writer->commit();
  return database;
}

// Words that make an answer one of several right ones, or ask somebody else.
bool is_open(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {"RAND",   "UUID",         "NOW",          "BNODE",
                                                       "SAMPLE", "GROUP_CONCAT", "GROUP CONCAT", "LIMIT",
                                                       "OFFSET", "SERVICE",      "REDUCED"};
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return upper.find(word) != std::string::npos; });
}

using Rows = std::vector<std::string>;

// The solutions as text, sorted; nothing when they take too much.
template <class Evaluate>
std::optional<Rows> rows_of(const std::shared_ptr<storage::Database>& database, const Evaluate& evaluate) {
  runtime::LocalTerms terms(database->snapshot());
  runtime::Environment environment;
  environment.threads = 1;
  environment.limits.max_bytes = std::size_t{32} << 20;
  environment.limits.max_rows = 20'000;
  environment.limits.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  Rows rows;
  const bool answered = accepts(
      [&] {
        const runtime::Solutions solutions = evaluate(terms, environment);
        for (std::size_t i = 0; i < solutions.size(); ++i) {
          std::string row;
          for (const Id id : solutions.row(i)) {
            const Term term = terms.term(id);
            row += (term ? term.to_string() : std::string("-")) + " ";
          }
          rows.push_back(std::move(row));
        }
      },
      {ErrorCode::limit, ErrorCode::timeout});
  if (!answered) return std::nullopt;
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

void query(std::string_view bytes) {
  static const std::shared_ptr<storage::Database> kDatabase = loaded();
  if (bytes.size() > 2000 || is_open(bytes)) return;
  akyn::sparql::ParseOptions options;
  options.prefixes = {{"", "http://example/"}, {"xsd", "http://www.w3.org/2001/XMLSchema#"}};
  algebra::Query translated;
  const bool parsed = accepts([&] { translated = algebra::translate(akyn::sparql::parse_query(bytes, options)); },
                              {ErrorCode::syntax, ErrorCode::limit});
  if (!parsed || translated.form != QueryForm::select) return;
  const auto expected = rows_of(kDatabase, [&](runtime::LocalTerms& terms, const runtime::Environment& environment) {
    return oracle::evaluate_select(translated, terms, environment);
  });
  for (const bool optimize : {true, false}) {
    const auto answer = rows_of(kDatabase, [&](runtime::LocalTerms& terms, const runtime::Environment& environment) {
      return exec::evaluate_select(translated, terms, environment, {.optimize = optimize});
    });
    if (expected && answer) expect(*answer == *expected, "the answer is the oracle's");
  }
}

}  // namespace akyn::fuzz

// Queries and data that are made to do harm: each ends by its limits, as an answer or an error, while others are asked.
// AKYN_HOSTILE_BYTES sets the size of the long texts; the long form has 1 GiB.
#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/api/common.h"

using namespace akyn;
using namespace akyn::testing;
using namespace std::chrono_literals;

namespace {

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

std::size_t long_text_bytes() {
  const char* const text = std::getenv("AKYN_HOSTILE_BYTES");
  return text == nullptr ? std::size_t{16} << 20 : std::strtoull(text, nullptr, 10);
}

// Asks a small question again and again for as long as it lives.
class Bystander {
 public:
  explicit Bystander(const Store& store) : store_(store), thread_([this] { ask(); }) {}
  Bystander(const Bystander&) = delete;
  Bystander& operator=(const Bystander&) = delete;
  ~Bystander() { stop(); }

  // How often it got the wrong answer, or none.
  [[nodiscard]] int harm() {
    stop();
    return harm_;
  }

 private:
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  void ask() {
    do {
      try {
        if (column(store_, "SELECT ?n { :good :name ?n }") != std::vector<std::string>{"good"}) ++harm_;
      } catch (const std::exception&) {
        ++harm_;
      }
    } while (!stop_);
  }

  Store store_;
  std::atomic<bool> stop_{false};
  std::atomic<int> harm_{0};
  std::thread thread_;
};

QueryOptions limited() {
  QueryOptions options;
  options.timeout = 300ms;
  options.memory_limit = std::size_t{16} << 20;
  return options;
}

enum class End : std::uint8_t { answer, limits };

// Runs a query to its end within limits.
End end_of(const Store& store, const std::string& text) {
  try {
    Query query = store.prepare(kPrefix + text, limited());
    if (query.form() == QueryForm::ask) {
      static_cast<void>(query.ask());
    } else {
      for (const Row& row : query.select()) static_cast<void>(row.size());
    }
  } catch (const Error& error) {
    const bool limit = error.code() == ErrorCode::timeout || error.code() == ErrorCode::limit;
    CHECK_MESSAGE(limit, error.what());
    return End::limits;
  }
  return End::answer;
}

void load_numbers(Store& store) {
  std::string data = "PREFIX : <http://ex.org/>\n:good :name 'good' .\n";
  for (int i = 0; i < 2000; ++i) data += ":s" + std::to_string(i) + " :p " + std::to_string(i) + " .\n";
  load_turtle(store, data);
}

}  // namespace

TEST_CASE("regular expressions cannot hang a query") {
  Store store = Store::in_memory();
  load_turtle(store, "PREFIX : <http://ex.org/>\n:good :name 'good' .\n:a :text '" + repeat("a", 100'000) + "b' .");
  Bystander bystander(store);
  const std::string nested = repeat("(", 200) + "a" + repeat("*)*", 200);
  for (const std::string& pattern :
       {std::string("^(a+)+$"), std::string("^(a|a)*$"), std::string("(a*)*c"), std::string("(.*)(.*)(.*)(.*)(.*)c"),
        std::string("^(([a-z])+.)+[A-Z]([a-z])+$"), std::string("(a{0,1000}){0,1000}$"),
        repeat("a?", 1000) + repeat("a", 1000), std::string("((a{1,100}){1,100}){1,100}"), nested,
        repeat("(a|", 300) + repeat(")", 300), repeat("[^x]*", 2000) + "y"}) {
    CAPTURE(pattern);
    static_cast<void>(end_of(store, "SELECT ?s { ?s :text ?t FILTER REGEX(?t, '" + pattern + "') }"));
    static_cast<void>(end_of(store, "SELECT (STRLEN(REPLACE(?t, '" + pattern + "x', '$0$0')) AS ?n) { ?s :text ?t }"));
  }
  // Doubles with each step.
  CHECK(end_of(store, "SELECT (STRLEN(" + repeat("REPLACE(", 40) + "?t" + repeat(", 'a', 'aa')", 40) + ") AS ?n) " +
                          "{ ?s :text ?t }") == End::limits);
  CHECK(bystander.harm() == 0);
  store.verify();
}

TEST_CASE("cartesian products end by their limits") {
  Store store = Store::in_memory();
  load_numbers(store);
  Bystander bystander(store);
  const std::string products = "?a :p ?w . ?b :p ?x . ?c :p ?y . ?d :p ?z";
  for (const std::string& text :
       {"SELECT (COUNT(*) AS ?n) { " + products + " FILTER(?w + ?x = ?y * ?z) }",
        "SELECT * { " + products + " } ORDER BY ?z ?y ?x ?w", "SELECT DISTINCT ?a ?b ?c { " + products + " }",
        "SELECT ?a (COUNT(DISTINCT ?y) AS ?n) (GROUP_CONCAT(STR(?z)) AS ?t) { " + products + " } GROUP BY ?a ?b",
        "SELECT * { " + products + " MINUS { ?a :p ?x . ?c :p ?q . ?d :p ?r } FILTER(?w > ?x) } ORDER BY ?a",
        "ASK { " + products + " FILTER NOT EXISTS { ?e :p ?v . ?f :p ?u FILTER(?v + ?u > ?w - 5000) } }"}) {
    CAPTURE(text);
    CHECK(end_of(store, text) == End::limits);
  }
  CHECK(bystander.harm() == 0);
}

TEST_CASE("property paths over dense cycles end") {
  Store store = Store::in_memory();
  std::string data = "PREFIX : <http://ex.org/>\n:good :name 'good' .\n";
  for (int i = 0; i < 120; ++i) {
    data += ":n" + std::to_string(i) + " :p :n" + std::to_string(i);
    for (int j = 0; j < 120; ++j) data += ", :n" + std::to_string(j);
    data += " ; :q :n" + std::to_string((i + 1) % 120) + " .\n";
  }
  load_turtle(store, data);
  Bystander bystander(store);
  for (const std::string path : {":p*", "(:p/:p)*", "((:p|:q)+/:p*)+", "(:p*)*", "(((:p+)+)+)+", "(^:p|:q/:p)*",
                                 "!(:name)*", ":p/:p/:p/:p/:p/:p", "(:p|!:q)+/^:p*", "(:p?/:q?)*"}) {
    CAPTURE(path);
    static_cast<void>(end_of(store, "SELECT (COUNT(*) AS ?n) { ?x " + path + " ?y }"));
    static_cast<void>(end_of(store, "SELECT ?y { :n1 " + path + " ?y }"));
    static_cast<void>(end_of(
        store, "ASK { ?a " + path + " ?b . ?b " + path + " ?c . ?c " + path + " ?a FILTER(?a = ?b && ?a != ?c) }"));
  }
  // 120^6 ways, each of them a solution.
  CHECK(end_of(store, "SELECT ?x ?y { ?x :p/:p/:p/:p/:p/:p ?y }") == End::limits);
  CHECK(bystander.harm() == 0);
}

TEST_CASE("texts that nest deeply are errors or answers") {
  Store store = Store::in_memory();
  load_turtle(store, "PREFIX : <http://ex.org/>\n:good :name 'good' .");
  Bystander bystander(store);
  constexpr std::size_t kDeep = 200'000;
  struct Text {
    RdfFormat format;
    std::string text;
  };
  for (const Text& text :
       {Text{RdfFormat::turtle, "<a:s> <a:p> " + repeat("(", kDeep) + repeat(")", kDeep) + " ."},
        Text{RdfFormat::turtle, "<a:s> <a:p> " + repeat("[ <a:p> ", kDeep) + repeat("]", kDeep) + " ."},
        Text{RdfFormat::turtle,
             "<a:s> <a:p> " + repeat("<<( <a:s> <a:p> ", kDeep) + "1" + repeat(" )>>", kDeep) + " ."},
        Text{RdfFormat::turtle, "<a:s> <a:p> <a:o> " + repeat("{| <a:p> <a:o> ", kDeep) + repeat(" |}", kDeep) + " ."},
        Text{RdfFormat::trig, repeat("<a:g> {", kDeep)},
        Text{RdfFormat::ntriples,
             "<a:s> <a:p> " + repeat("<<( <a:s> <a:p> ", kDeep) + "<a:o>" + repeat(" )>>", kDeep) + " ."},
        Text{RdfFormat::rdfxml,
             "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e/'>" +
                 repeat("<rdf:Description><e:p>", kDeep) + repeat("</e:p></rdf:Description>", kDeep) + "</rdf:RDF>"},
        Text{RdfFormat::rdfxml,
             "<!DOCTYPE a [<!ENTITY a0 'aaaaaaaaaa'>" +
                 [] {
                   std::string entities;
                   for (int i = 1; i < 12; ++i) {
                     entities += "<!ENTITY a" + std::to_string(i) + " '" +
                                 repeat("&a" + std::to_string(i - 1) + ";", 10) + "'>";
                   }
                   return entities;
                 }() +
                 "]><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:e='http://e/'>"
                 "<rdf:Description rdf:about='http://e/s'><e:p>&a11;</e:p></rdf:Description></rdf:RDF>"},
        Text{RdfFormat::jsonl, "{\"a\": " + repeat("[", kDeep) + repeat("]", kDeep) + "}"},
        Text{RdfFormat::jsonl, repeat("{\"a\": ", kDeep) + "1" + repeat("}", kDeep)}}) {
    std::istringstream input(text.text);
    LoadOptions options;
    options.format = text.format;
    const auto error = error_of([&] { store.load(input, options); });
    CAPTURE(text.text.substr(0, 40));
    REQUIRE(error);
    CHECK((*error == ErrorCode::limit || *error == ErrorCode::syntax));
  }
  CHECK(bystander.harm() == 0);
  CHECK(store.count() == 1);
  store.verify();
}

TEST_CASE("texts of any length are stored whole or are an error") {
  const TemporaryDirectory directory;
  StoreOptions store_options;
  store_options.durability = Durability::async;
  store_options.memory_limit = std::size_t{64} << 20;
  Store store = Store::open(directory / "store", store_options);
  load_turtle(store, "PREFIX : <http://ex.org/>\n:good :name 'good' .");
  const std::size_t bytes = long_text_bytes();
  {
    Bystander bystander(store);
    const std::filesystem::path file = directory / "long.nt";
    {
      std::ofstream out(file, std::ios::binary);
      out << "<http://ex.org/long> <http://ex.org/text> \"";
      const std::string part = repeat("0123456789abcdef", 4096);
      for (std::size_t written = 0; written < bytes; written += part.size()) out << part;
      out << "\" .\n";
    }
    LoadOptions options;
    options.memory = std::size_t{64} << 20;
    const auto error = error_of([&] { store.load(file, options); });
    if (error) {
      CHECK(*error == ErrorCode::limit);
      CHECK(store.count() == 1);
    } else {
      CHECK(store.count() == 2);
      // What a query makes of it is within the query's limits.
      CHECK(end_of(store, "SELECT (CONCAT(" + repeat("?t, ", 20) + "?t) AS ?long) { :long :text ?t }") == End::limits);
      const auto length = error_of([&] {
        CHECK(column(store, "SELECT (STRLEN(?t) AS ?n) { :long :text ?t }") ==
              std::vector<std::string>{std::to_string(bytes)});
      });
      CHECK((!length || *length == ErrorCode::limit));
    }
    CHECK(bystander.harm() == 0);
  }
  store.verify();
}

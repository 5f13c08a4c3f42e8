// A program with a knowledge graph in it: what happened, and when.
//
// It takes the directory of a store, which it makes, and a file to load; without them it keeps
// everything in memory. Build it against akyn::akyn, installed or as a subdirectory.

#include <chrono>
#include <iostream>
#include <sstream>

#include <akyn/akyn.h>

namespace {

constexpr const char* kFacts = R"(
  PREFIX : <http://ex.org/>
  PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
  :election :name "Parliamentary election" ; :date "2020-10-04"^^xsd:date .
  :resignation :name "President Jeenbekov resigns" ; :date "2020-10-15"^^xsd:date .
)";

void ask_and_print(const akyn::Store& store) {
  using namespace std::chrono_literals;

  // The bound value is a term, never a piece of the text: nothing in it can change the query.
  auto query = store.prepare(R"(
    PREFIX : <http://ex.org/>
    SELECT ?what ?when { ?event :name ?what ; :date ?when FILTER(?when > $after) })");
  query.bind("after", akyn::date(2020, 10, 10)).timeout(5s);
  for (const akyn::Row& row : query.select()) {
    std::cout << row["when"].value() << ' ' << row["what"].value() << '\n';
  }
}

}  // namespace

int main(int count, char** words) {
  try {
    auto store = count > 1 ? akyn::Store::open(words[1]) : akyn::Store::in_memory();
    const akyn::LoadOptions options{
        .format = akyn::RdfFormat::turtle,
        .source_name = "facts",
        .on_progress = [](const akyn::LoadProgress& /*progress*/) { return true; },  // false cancels
    };
    if (count > 2) {
      store.load(words[2]);
    } else {
      std::istringstream facts(kFacts);
      store.load(facts, options);
    }

    auto txn = store.begin();  // rolls back unless committed
    txn.insert(akyn::iri("http://ex.org/japarov"), akyn::iri("http://ex.org/role"), akyn::literal("Prime Minister"));
    txn.commit();

    ask_and_print(store);
    std::cout << store.count() << " statements\n";
  } catch (const akyn::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

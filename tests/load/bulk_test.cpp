// Loads in bulk against the same loads in a transaction.
#include <chrono>
#include <random>
#include <thread>

#include "engine/storage/snapshot.h"
#include "tests/load/support.h"
#include "tests/source/compress.h"

namespace akyn::load::test {
namespace {

using storage::Database;

// Random N-Quads in which everything comes again now and then: terms of all kinds, nodes, nested triple terms.
class Dataset {
 public:
  explicit Dataset(std::uint32_t seed, int variety = 40) : random_(seed), variety_(variety) {}

  std::string text(int statements) {
    std::string text;
    for (int node = 0; node < kNodes; ++node) text += fmt::format("_:b{} <urn:name> \"node {}\" .\n", node, node);
    for (int i = 0; i < statements; ++i) {
      text += subject() + ' ' + predicate() + ' ' + object(0);
      if (below(3) == 0) text += ' ' + graph();
      text += " .\n";
      if (below(20) == 0) text += "# nothing\n\n";
    }
    return text;
  }

 private:
  static constexpr int kNodes = 5;

  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  std::string subject() { return below(6) == 0 ? fmt::format("_:b{}", below(kNodes)) : iri("s"); }
  std::string predicate() { return fmt::format("<urn:p:{}>", below(5)); }
  std::string iri(const char* kind) { return fmt::format("<http://example.org/{}/{}>", kind, below(variety_)); }
  std::string graph() {
    return below(4) == 0 ? fmt::format("_:b{}", below(kNodes)) : fmt::format("<urn:g:{}>", below(3));
  }
  std::string object(int depth) {
    const int number = below(variety_);
    switch (below(depth > 2 ? 11 : 13)) {
      case 0:
        return iri("s");
      case 1:
        return fmt::format("_:b{}", below(kNodes));
      case 2:
        return fmt::format("\"text {}\\n\\u00E9\"", number);
      case 3:  // one term, written in three ways
        return fmt::format("\"text {}\"@{}", number % 5,
                           std::array{"en", "EN", "En"}[static_cast<std::size_t>(below(3))]);
      case 4:
        return fmt::format("\"text {}\"@ar--rtl", number);
      case 5:
        return fmt::format("\"{}\"^^<http://www.w3.org/2001/XMLSchema#integer>", number);
      case 6:
        return fmt::format("\"0{}\"^^<http://www.w3.org/2001/XMLSchema#integer>", number);
      case 7:
        return fmt::format("\"{}.25\"^^<http://www.w3.org/2001/XMLSchema#decimal>", number);
      case 8:
        return fmt::format("\"2020-10-{:02}\"^^<http://www.w3.org/2001/XMLSchema#date>", 1 + number % 28);
      case 9:
        return fmt::format("\"{}\"^^<urn:own>", number);
      case 10:
        return fmt::format("\"{}\"^^<http://www.w3.org/2001/XMLSchema#byte>", number % 120);
      default:
        return fmt::format("<<( {} {} {} )>>", subject(), predicate(), object(depth + 1));
    }
  }

  std::mt19937 random_;
  int variety_;
};

storage::Tuning small_blocks() {
  storage::Tuning tuning = tiny();
  tuning.block_rows = 64;
  return tuning;
}

// The lines that no node is in.
std::string without_nodes(const std::string& text) {
  std::string kept;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("_:") == std::string::npos) kept += line + '\n';
  }
  return kept;
}

TEST_CASE("a load in bulk makes the store that a transaction makes") {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    // Few statements; many in little memory; many in enough.
    for (const auto& [statements, memory] : {std::pair{40, 64 << 10}, {9000, 64 << 10}, {9000, 64 << 20}}) {
      for (const std::size_t threads : {1U, 3U}) {
        CAPTURE(seed);
        CAPTURE(statements);
        CAPTURE(memory);
        CAPTURE(threads);
        const std::string text = Dataset(seed, statements / 3 + 10).text(statements);
        const LoadOptions options = options_for(RdfFormat::nquads);
        const auto expected = open_database_in_memory(fast(), storage::Tuning());
        const Counts expected_counts = load_in_transaction(*expected, text, options);
        const TempDirectory directory;
        {
          const auto database = open_database(directory / "store", fast(), small_blocks());
          Ways ways;
          ways.memory = static_cast<std::size_t>(memory);
          ways.threads = threads;
          const Counts counts = load_in_bulk(database, text, options, ways);
          CHECK(counts.read == expected_counts.read);
          CHECK(counts.inserted == expected_counts.inserted);
          database->verify();
          CHECK(lines_of(*database) == lines_of(*expected));
          CHECK(std::filesystem::is_empty(directory / "store" / "staging"));
        }
        const auto database = open_database(directory / "store", fast(), small_blocks());
        database->verify();
        CHECK(lines_of(*database) == lines_of(*expected));
      }
    }
  }
}

TEST_CASE("a load into a store that has data adds what is new") {
  for (const std::uint32_t seed : {1U, 2U, 3U, 4U}) {
    CAPTURE(seed);
    Dataset dataset(seed, 200);
    const LoadOptions options = options_for(RdfFormat::nquads);
    const auto expected = open_database_in_memory(fast(), storage::Tuning());
    const auto database = open_database_in_memory(fast(), small_blocks());
    for (const int statements : {2000, 100, 700, 5000, 30}) {
      const std::string text = dataset.text(statements);
      const Counts counts = load_in_bulk(database, text, options);
      const Counts wanted = load_in_transaction(*expected, text, options);
      CHECK(counts.inserted == wanted.inserted);
      database->verify();
      // Commits in between.
      for (Database* changed : {database.get(), expected.get()}) {
        const auto writer = changed->begin();
        writer->insert(intern(*writer, ex("s"), ex("p"), integer(statements), ex("g")));
        writer->remove(intern(*writer, iri("http://example.org/s/1"), iri("urn:p:1"), iri("http://example.org/s/2")));
        writer->commit();
      }
      // The nodes of the loads have the same names, and are not told apart by them.
      CHECK(lines_of(*database).size() == lines_of(*expected).size());
    }
    database->optimize();
    database->verify();
    CHECK(lines_of(*database).size() == lines_of(*expected).size());
  }
}

TEST_CASE("loads go on while the terms of earlier ones get new numbers") {
  for (const std::uint32_t seed : {1U, 2U}) {
    CAPTURE(seed);
    Dataset dataset(seed, 300);
    const LoadOptions options = options_for(RdfFormat::nquads);
    const auto expected = open_database_in_memory(fast(), storage::Tuning());
    const TempDirectory directory;
    const auto in_store = [&] { return open_database(directory / "store", fast(), restless()); };
    auto database = in_store();
    for (int night = 0; night < 12; ++night) {
      CAPTURE(night);
      if (night == 6) {
        database = nullptr;
        database = in_store();
      }
      const std::string text = dataset.text(night == 0 ? 1500 : 60);
      const Counts counts = load_in_bulk(database, text, options);
      CHECK(counts.inserted == load_in_transaction(*expected, text, options).inserted);
      const auto reader = database->snapshot();
      const std::size_t before = rows(*reader).size();
      for (storage::Database* changed : {database.get(), expected.get()}) {
        const auto writer = changed->begin();
        writer->insert(intern(*writer, ex("night"), ex("p"), integer(night)));
        writer->remove(intern(*writer, iri("http://example.org/s/1"), iri("urn:p:1"), iri("http://example.org/s/2")));
        writer->commit();
      }
      CHECK(rows(*reader).size() == before);
    }
    const auto term_runs = [&] {
      const auto snapshot = std::dynamic_pointer_cast<const storage::CommittedSnapshot>(database->snapshot());
      return snapshot->version()->dictionary->description().runs.size();
    };
    database->finish_merges();
    CHECK(term_runs() <= restless().most_term_runs);
    database->verify();
    CHECK(lines_of(*database).size() == lines_of(*expected).size());
  }
}

TEST_CASE("what is loaded twice is there once") {
  const std::string text = Dataset(7, 300).text(3000);
  const LoadOptions options = options_for(RdfFormat::nquads);
  const auto database = open_database_in_memory(fast(), small_blocks());
  const Counts first = load_in_bulk(database, text, options);
  const auto before = lines_of(*database);
  const Counts second = load_in_bulk(database, without_nodes(text), options);
  CHECK(first.inserted > 0);
  CHECK(second.read > 0);
  CHECK(second.inserted == 0);
  CHECK(lines_of(*database) == before);
  database->verify();
}

TEST_CASE("the form of a language tag that stands first is kept, whoever reads it") {
  std::string text;
  for (int i = 0; i < 400; ++i) {
    text += fmt::format("<urn:s{}> <urn:p> \"text {}\"@{} .\n", i, i % 100, i < 100 ? "eN" : i % 2 == 0 ? "en" : "EN");
  }
  for (const std::size_t threads : {1U, 4U}) {
    const auto database = open_database_in_memory(fast(), small_blocks());
    Ways ways;
    ways.threads = threads;
    load_in_bulk(database, text, options_for(RdfFormat::ntriples), ways);
    for (const std::string& line : lines_of(*database)) CHECK(mentions(line, "@eN"));
  }
}

TEST_CASE("labels of nodes mean the same throughout a document, and other nodes in the next") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += fmt::format("_:a <urn:p> \"{}\" .\n_:akyn{} <urn:q> _:a .\n", i, i);
  const auto database = open_database_in_memory(fast(), small_blocks());
  for (int i = 1; i <= 2; ++i) {
    CHECK(load_in_bulk(database, text, options_for(RdfFormat::ntriples)).inserted == 600);
    const auto snapshot = database->snapshot();
    const Id q = snapshot->find(iri("urn:q").view());
    std::set<Id> nodes;
    for (const storage::QuadIds& quad : rows(*snapshot, {Id(), q, Id()})) nodes.insert(quad.object);
    CHECK(nodes.size() == static_cast<std::size_t>(i));
  }
  database->verify();
}

TEST_CASE("other formats, compressed or not, go the same way, and prefixes are remembered") {
  std::string text = "@prefix : <http://example.org/> .\n";
  for (int i = 0; i < 500; ++i) {
    text += fmt::format(":s{} :p {} , [ :q \"text {}\"@en ] {{| :source :paper{} |}} .\n", i, i, i, i % 7);
  }
  text += "@prefix last: <urn:last:> .\n";
  const auto expected = open_database_in_memory(fast(), storage::Tuning());
  const LoadOptions options = options_for(RdfFormat::turtle);
  const Counts wanted = load_in_transaction(*expected, text, options);
  for (const std::string& packed : {text, testing::gzipped(text), testing::zstd_compressed(text)}) {
    const auto database = open_database_in_memory(fast(), small_blocks());
    const Counts counts = load_in_bulk(database, packed, options);
    CHECK(counts.read == wanted.read);
    CHECK(counts.inserted == wanted.inserted);
    CHECK(database->snapshot()->prefixes() == expected->snapshot()->prefixes());
    CHECK(lines_of(*database).size() == lines_of(*expected).size());
    database->verify();
  }
}

TEST_CASE("statistics of a loaded store are there at once, and right") {
  const std::string text = Dataset(9, 100).text(4000);
  const TempDirectory directory;
  const auto database = open_database(directory / "store", fast(), storage::Tuning{.large_commit = 0});
  load_in_bulk(database, text, options_for(RdfFormat::nquads));
  for (const storage::Partition partition : {storage::Partition::default_graph, storage::Partition::named_graphs}) {
    const auto snapshot = database->snapshot();
    const storage::PartitionStatistics known = snapshot->statistics(partition, false);
    CHECK(known.predicates.size() >= 5);
    for (const storage::PredicateStatistics& predicate : known.predicates) {
      CHECK(predicate.exact);
      std::set<Id> subjects;
      std::set<Id> objects;
      std::uint64_t count = 0;
      const storage::GraphScope graphs = partition == storage::Partition::default_graph
                                             ? storage::GraphScope::default_graph()
                                             : storage::GraphScope::all_named();
      for (const storage::QuadIds& quad : rows(*snapshot, {Id(), predicate.predicate, Id()}, graphs)) {
        subjects.insert(quad.subject);
        objects.insert(quad.object);
        ++count;
      }
      CHECK(predicate.rows == count);
      CHECK(predicate.subjects == subjects.size());
      CHECK(predicate.objects == objects.size());
    }
  }
}

TEST_CASE("readers go on during a load and other writers wait for it") {
  const auto database = open_database_in_memory(fast(), small_blocks());
  const LoadOptions options = options_for(RdfFormat::ntriples);
  load_in_bulk(database, "<urn:a> <urn:b> <urn:c> .\n", options);
  const auto before = database->snapshot();
  Bulk bulk(database, 1 << 20, 2);
  std::string text;
  for (int i = 0; i < 1000; ++i) text += fmt::format("<urn:s{}> <urn:b> <urn:c> .\n", i);
  std::istringstream stream(text);
  Input input(stream, options);
  static_cast<void>(bulk.read(input, options, Ways().sizes));
  CHECK(rows(*database->snapshot()).size() == 1);
  const auto refused = failure([&] { static_cast<void>(database->begin()); });
  REQUIRE(refused);
  CHECK(refused->code == ErrorCode::locked);
  CHECK(bulk.commit({}).inserted == 1000);
  CHECK(rows(*before).size() == 1);
  CHECK(rows(*database->snapshot()).size() == 1001);
  CHECK_NOTHROW(static_cast<void>(database->begin()));
}

TEST_CASE("statements of a program: its own nodes are new ones, the store's stay") {
  const auto database = open_database_in_memory(fast(), small_blocks());
  load_in_bulk(database, "_:x <urn:name> \"x\" .\n", options_for(RdfFormat::ntriples));
  const Term node = database->snapshot()->term(rows(*database->snapshot()).front().subject);
  const Term predicate = iri("urn:p");
  for (const int count : {5, 500}) {
    Bulk bulk(database, 64 << 10, 2);
    const Term other = blank("mine");
    for (int i = 0; i < count; ++i) {
      const Term number = integer(count * 1000 + i);
      const Term triple = triple_term(node, predicate, number);
      bulk.add({node.view(), predicate.view(), number.view(), {}});
      bulk.add({other.view(), predicate.view(), triple.view(), {}});
    }
    CHECK(bulk.commit({}).inserted == static_cast<std::uint64_t>(2 * count));
  }
  database->verify();
  const auto snapshot = database->snapshot();
  CHECK(rows(*snapshot, {snapshot->find(node.view()), Id(), Id()}).size() == 506);
  std::set<Id> subjects;
  for (const storage::QuadIds& quad : rows(*snapshot)) subjects.insert(quad.subject);
  CHECK(subjects.size() == 3);
}

TEST_CASE("a load that is large beside the store writes the store's rows with its own") {
  const LoadOptions options = options_for(RdfFormat::nquads);
  for (const int memory : {64 << 10, 64 << 20}) {
    CAPTURE(memory);
    Ways ways;
    ways.memory = static_cast<std::size_t>(memory);
    const TempDirectory directory;
    auto database = open_database(directory / "store", fast(), small_blocks());
    const auto expected = open_database_in_memory(fast(), storage::Tuning());
    for (const std::uint32_t round : {1U, 2U, 3U, 4U, 5U}) {
      CAPTURE(round);
      std::string text = without_nodes(Dataset(round, static_cast<int>(400 * round)).text(1500));
      // Nothing in named graphs: those of the store stay.
      for (char graph = '0'; round == 3 && graph <= '9'; ++graph) {
        const std::string end = std::string(" <urn:g:") + graph + "> .";
        for (std::size_t at = 0; (at = text.find(end, at)) != std::string::npos;) text.replace(at, end.size(), " .");
      }
      CHECK(load_in_bulk(database, text, options, ways).inserted ==
            load_in_transaction(*expected, text, options).inserted);
      database->verify();
      CHECK(lines_of(*database) == lines_of(*expected));
      for (Database* changed : {database.get(), expected.get()}) {
        const auto writer = changed->begin();
        const auto snapshot = writer->snapshot();
        for (const storage::QuadIds& quad : rows(*snapshot, {snapshot->find(iri("urn:p:1").view()), Id(), Id()})) {
          writer->remove(quad);
        }
        for (int i = 0; i < 20; ++i)
          writer->insert(intern(*writer, ex("s"), iri("urn:p:1"), integer(i), iri("urn:g:0")));
        writer->clear_graph(snapshot->find(iri(fmt::format("urn:g:{}", round % 3)).view()));
        writer->commit();
      }
      if (round == 3) {
        database = nullptr;
        database = open_database(directory / "store", fast(), small_blocks());
      }
    }
    CHECK(lines_of(*database) == lines_of(*expected));
    const auto known = database->snapshot()->statistics(storage::Partition::default_graph, true);
    const auto wanted = expected->snapshot()->statistics(storage::Partition::default_graph, true);
    CHECK(known.predicates.size() == wanted.predicates.size());
  }
}

}  // namespace
}  // namespace akyn::load::test

// Inputs that are wrong, disks that are full, loads that are cancelled: the store stays as it was.
#include <sys/resource.h>

#include <csignal>

#include "tests/load/support.h"
#include "tests/source/compress.h"
#include "tests/storage/full_disk.h"

namespace akyn::load::test {
namespace {

std::string good_lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("<urn:s{}> <urn:p> \"text {}\" .\n", i, i);
  return text;
}

// A store with one quad, whose load of `text` fails; what the error says in full.
std::string failed_load(const std::string& text, const LoadOptions& options, const Ways& ways = {}) {
  const TempDirectory directory;
  std::string message;
  {
    const auto database = open_database(directory / "store", fast(), tiny());
    load_in_bulk(database, "<urn:old> <urn:p> <urn:o> .\n", options_for(RdfFormat::ntriples));
    try {
      load_in_bulk(database, text, options, ways);
      FAIL("loaded");
    } catch (const Error& error) {
      message = error.what();
    }
    CHECK(lines_of(*database) == std::vector<std::string>{"<urn:old> <urn:p> <urn:o>"});
    CHECK(database->snapshot()->prefixes().empty());
    CHECK(std::filesystem::is_empty(directory / "store" / "staging"));
    // The next one goes as if nothing had been.
    CHECK(load_in_bulk(database, good_lines(100), options_for(RdfFormat::ntriples)).inserted == 100);
    database->verify();
  }
  open_database(directory / "store", fast(), tiny())->verify();
  return message;
}

TEST_CASE("the first mistake in the file is the error, with its line and column, whoever reads it") {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    for (const int lines : {0, 3, 250, 997}) {
      CAPTURE(threads);
      CAPTURE(lines);
      Ways ways;
      ways.threads = threads;
      const std::string text = good_lines(lines) + "<urn:s> <urn:p> <a b> .\n" + good_lines(20) + "oops\n" +
                               good_lines(1000 - lines) + "oops";
      const std::string message = failed_load(text, options_for(RdfFormat::ntriples), ways);
      CHECK(message.starts_with(fmt::format("data:{}:19: error: a space is not allowed in an IRI", lines + 1)));
      CHECK(mentions(message, fmt::format("\n{} | <urn:s> <urn:p> <a b> .\n", lines + 1)));
    }
  }
}

TEST_CASE("mistakes of all kinds have a place") {
  const auto message_of = [](const std::string& line) {
    return failed_load(good_lines(500) + line + good_lines(500), options_for(RdfFormat::nquads));
  };
  CHECK(message_of("<urn:s> <urn:p> \"\xC3\x28\" .\n").starts_with("data:501:18: error: this is not valid UTF-8"));
  CHECK(message_of("<urn:s> <urn:p> \"\\q\" .\n").starts_with("data:501:18: error: unknown escape"));
  CHECK(message_of("<urn:s> <urn:p> \"no end .\n").starts_with("data:501:17: error: this string has no closing"));
  CHECK(message_of("<urn:s> <urn:p> <urn:o\n").starts_with("data:501:23: error: "));
  CHECK(message_of("\xEF\xBB\xBF<urn:s> <urn:p> <urn:o> .\n").starts_with("data:501:1: error: expected a subject"));
  CHECK(message_of("\r\r\n<urn:s> <urn:p> .\n").starts_with("data:503:17: error: expected an object"));
}

TEST_CASE("a line without end, and data that is cut short") {
  Ways ways;
  ways.sizes.longest_line = 4000;
  CHECK(failed_load(good_lines(200) + "<urn:s> <urn:p> \"" + std::string(9000, 'x') + "\" .\n" + good_lines(200),
                    options_for(RdfFormat::ntriples), ways)
            .starts_with("data:201:1: error: this line goes on for more than 4000 bytes"));
  ways.memory = 1 << 20;
  ways.sizes = {};
  const std::string longest((std::size_t{2} << 20) + 9, 'x');
  CHECK(failed_load(good_lines(200) + "<urn:s> <urn:p> \"" + longest + "\" .\n" + good_lines(200),
                    options_for(RdfFormat::turtle), ways)
            .starts_with("data:201:17: error: what begins here goes on for more than 1 MB"));
  LoadOptions facts = options_for(RdfFormat::csv);
  facts.base_iri = "http://example.org/";
  CHECK(failed_load("subject,predicate,object\ns,p,1\ns,p,\"" + longest + "\"\n", facts, ways)
            .starts_with("data:3:1: error: what begins here goes on for more than 1 MB"));
  const std::string packed = testing::gzipped(good_lines(3000));
  const std::string gzip = failed_load(packed.substr(0, packed.size() / 2), options_for(RdfFormat::ntriples));
  CHECK(gzip.starts_with("data:"));
  CHECK(mentions(gzip, "error: the gzip data is cut short"));
  const std::string turtle = failed_load(packed.substr(0, packed.size() / 2), options_for(RdfFormat::turtle));
  CHECK(mentions(turtle, "the gzip data is cut short"));
  // Lines that nothing ends are whole at the end of the text, and CR alone ends one.
  const auto database = open_database_in_memory(fast(), tiny());
  std::string text = good_lines(300);
  std::replace(text.begin(), text.end(), '\n', '\r');
  CHECK(load_in_bulk(database, text + "<urn:s> <urn:p> <urn:o> .", options_for(RdfFormat::ntriples)).inserted == 301);
}

TEST_CASE("a row with too few columns") {
  LoadOptions options = options_for(RdfFormat::csv);
  options.base_iri = "http://example.org/";
  std::string text = "subject,predicate,object\n";
  for (int i = 0; i < 500; ++i) text += fmt::format("s{},p,{}\n", i, i);
  CHECK(failed_load(text + "a,b\n" + text, options).starts_with("data:502:1: error: this row has 2 cells"));
}

TEST_CASE("a lenient load tells of mistakes in their order and goes on") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += good_lines(3) + fmt::format("wrong {}\n", i);
  for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::turtle}) {
    LoadOptions options = options_for(format);
    options.lenient = true;
    std::vector<std::uint64_t> lines;
    options.on_skipped = [&](const Error& mistake) { lines.push_back(mistake.location()->line); };
    const auto database = open_database_in_memory(fast(), tiny());
    const Counts counts = load_in_bulk(database, text, options);
    CHECK(counts.skipped == lines.size());
    CHECK(std::is_sorted(lines.begin(), lines.end()));
    if (format == RdfFormat::ntriples) {
      CHECK(counts.read == 900);
      CHECK(counts.inserted == 3);
      REQUIRE(lines.size() == 300);
      CHECK(lines.front() == 4);
      CHECK(lines.back() == 1200);
    }
  }
}

TEST_CASE("a load can be cancelled in every phase") {
  LoadOptions options = options_for(RdfFormat::ntriples);
  std::vector<std::string> phases;
  options.on_progress = [&](const LoadProgress& progress) {
    CHECK(progress.fraction >= 0);
    CHECK(progress.fraction <= 1);
    if (phases.empty() || phases.back() != progress.phase) phases.emplace_back(progress.phase);
    return true;
  };
  const std::string text = good_lines(6000);
  load_in_bulk(open_database_in_memory(fast(), tiny()), text, options);
  CHECK(phases == std::vector<std::string>{"reading", "sorting terms", "merging terms", "writing rows", "publishing"});
  for (const std::string& phase : phases) {
    CAPTURE(phase);
    options.on_progress = [&](const LoadProgress& progress) { return progress.phase != phase; };
    CHECK(mentions(failed_load(text, options), "cancelled"));
  }
}

TEST_CASE("a disk that fills up ends the load and nothing else") {
  // While it reads; when it sorts; when it writes tables.
  for (const auto& [limit, memory] :
       {std::pair{10'000, 64 << 10}, {100'000, 64 << 10}, {10'000, 64 << 20}, {60'000, 64 << 20}}) {
    CAPTURE(limit);
    CAPTURE(memory);
    const TempDirectory directory;
    {
      const auto database = open_database(directory / "store", fast(), tiny());
      load_in_bulk(database, "<urn:old> <urn:p> <urn:o> .\n", options_for(RdfFormat::ntriples));
      Ways ways;
      ways.memory = static_cast<std::size_t>(memory);
      std::optional<Failure> failed;
      {
        const FullDisk full(static_cast<rlim_t>(limit));
        failed = failure([&] { load_in_bulk(database, good_lines(20'000), options_for(RdfFormat::ntriples), ways); });
      }
      REQUIRE(failed);
      CHECK(failed->code == ErrorCode::io);
      CHECK(rows(*database->snapshot()).size() == 1);
      CHECK(std::filesystem::is_empty(directory / "store" / "staging"));
    }
    const auto database = open_database(directory / "store", fast(), tiny());
    database->verify();
    CHECK(rows(*database->snapshot()).size() == 1);
  }
}

}  // namespace
}  // namespace akyn::load::test

// What changes cost: akyn_update_report DIRECTORY, where a store is made and removed.
//
// Prints a line for each kind of change. Statements are made before the clock starts, with news-like terms: subjects
// and objects that come again, texts that do not.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <akyn/akyn.h>

namespace {

constexpr int kTransactionRows = 10'000;
constexpr int kTransactions = 100;
constexpr int kSmallCommits = 500;
constexpr int kThreads = 8;
constexpr int kGraphRows = 100'000;
constexpr int kReplacements = 10;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The same in bench/oxigraph_update.py.
akyn::Quad statement(int number, const akyn::Term& graph = {}) {
  const akyn::Term subject = akyn::iri(fmt::format("http://example.org/event/{}", number / 5));
  switch (number % 5) {
    case 0:
      return {subject, akyn::iri("http://example.org/participant"),
              akyn::iri(fmt::format("http://example.org/actor/{}", number % 997)), graph};
    case 1:
      return {subject, akyn::iri("http://example.org/place"),
              akyn::iri(fmt::format("http://example.org/place/{}", number % 101)), graph};
    case 2:
      return {subject, akyn::iri("http://example.org/count"), akyn::integer(number), graph};
    case 3:
      return {subject, akyn::iri("http://example.org/title"),
              akyn::literal(fmt::format("What happened on occasion number {}", number)), graph};
    default:
      return {subject, akyn::iri("http://example.org/type"), akyn::iri("http://example.org/Meeting"), graph};
  }
}

std::vector<akyn::Quad> statements(int first, int count, const akyn::Term& graph = {}) {
  std::vector<akyn::Quad> result;
  result.reserve(static_cast<std::size_t>(count));
  for (int i = first; i < first + count; ++i) result.push_back(statement(i, graph));
  return result;
}

void commit(akyn::Store& store, const std::vector<akyn::Quad>& quads) {
  akyn::Transaction transaction = store.begin();
  for (const akyn::Quad& quad : quads) transaction.insert(quad);
  transaction.commit();
}

// Appending to a file and waiting for the device: what a durable commit cannot do without.
double device_seconds(const std::filesystem::path& file, int times) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const std::string bytes(200, 'x');
  const double seconds = seconds_of([&] {
    for (int i = 0; i < times; ++i) {
      if (::write(descriptor, bytes.data(), bytes.size()) < 0 || ::fdatasync(descriptor) != 0) std::perror("fdatasync");
    }
  });
  ::close(descriptor);
  return seconds;
}

void report(const std::filesystem::path& directory) {
  akyn::Store store = akyn::Store::open(directory / "store");
  int next = 0;
  const auto take = [&](int count) {
    next += count;
    return statements(next - count, count);
  };

  std::vector<akyn::Quad> quads = take(kSmallCommits);
  const double device = device_seconds(directory / "file", kSmallCommits);
  const double alone = seconds_of([&] {
    for (const akyn::Quad& quad : quads) store.insert(quad);
  });
  fmt::print("akyn: commits of one statement {:.0f} a second (the device alone: {:.0f})\n", kSmallCommits / alone,
             kSmallCommits / device);
  quads = take(kSmallCommits * kThreads);
  const double together = seconds_of([&] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kSmallCommits; ++i) store.insert(quads[static_cast<std::size_t>(t * kSmallCommits + i)]);
      });
    }
  });
  fmt::print("akyn: commits of one statement, {} threads {:.0f} a second\n", kThreads,
             kSmallCommits * kThreads / together);

  quads = take(kTransactionRows * kTransactions);
  std::vector<std::vector<akyn::Quad>> parts;
  for (auto part = quads.begin(); part != quads.end(); part += kTransactionRows) {
    parts.emplace_back(part, part + kTransactionRows);
  }
  const double transactions = seconds_of([&] {
    for (const auto& part : parts) commit(store, part);
  });
  fmt::print("akyn: transactions of {} statements {:.0f} statements a second\n", kTransactionRows,
             kTransactionRows * kTransactions / transactions);

  const akyn::Term graph = akyn::iri("http://example.org/graph");
  commit(store, statements(0, kGraphRows, graph));
  // One after the other, while what was committed before is being merged: of begin() it is the wait for that.
  std::vector<double> replaced;
  double waited = 0;
  for (int i = 0; i < kReplacements; ++i) {
    const std::vector<akyn::Quad> other = statements((i + 1) * kGraphRows / 2, kGraphRows, graph);
    replaced.push_back(seconds_of([&] {
      std::optional<akyn::Transaction> transaction;
      waited = std::max(waited, seconds_of([&] { transaction.emplace(store.begin()); }));
      transaction->update("CLEAR GRAPH <http://example.org/graph>");
      for (const akyn::Quad& quad : other) transaction->insert(quad);
      transaction->commit();
    }));
  }
  std::sort(replaced.begin(), replaced.end());
  fmt::print(
      "akyn: a graph of {} statements replaced {} times, in {:.2f} s in the middle and {:.2f} s at most, up to "
      "{:.2f} s of it before the transaction began\n",
      kGraphRows, kReplacements, replaced[replaced.size() / 2], replaced.back(), waited);
  const double moved =
      seconds_of([&] { store.update("MOVE <http://example.org/graph> TO <http://example.org/other>"); });
  const double cleared = seconds_of([&] { store.update("DROP GRAPH <http://example.org/other>"); });
  fmt::print("akyn: moved in {:.1f} ms, dropped in {:.1f} ms\n", moved * 1000, cleared * 1000);

  const std::uint64_t before = store.count();
  const double where = seconds_of([&] {
    store.update(
        "PREFIX : <http://example.org/> INSERT { ?actor :at ?place } WHERE { ?event :participant ?actor ; :place "
        "?place }");
  });
  fmt::print("akyn: INSERT WHERE over {} events in {:.2f} s, {} statements new\n", next / 5, where,
             store.count() - before);
  const double renamed = seconds_of([&] {
    store.update(
        "PREFIX : <http://example.org/> DELETE { ?s :title ?o } INSERT { ?s :label ?o } WHERE { ?s :title ?o }");
  });
  fmt::print("akyn: {} statements given another predicate in {:.2f} s\n", next / 5, renamed);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: akyn_update_report DIRECTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path directory = std::filesystem::path(argv[1]) / "akyn-update-report";
  int code = 0;
  try {
    std::filesystem::create_directories(directory);
    report(directory);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    code = 1;
  }
  std::filesystem::remove_all(directory);
  return code;
}

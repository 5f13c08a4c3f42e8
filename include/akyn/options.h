// What can be chosen when a store is opened, a file loaded or a query run.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <akyn/error.h>
#include <akyn/facts.h>

namespace akyn {

enum class Durability : std::uint8_t {
  sync,   // commit() returns when the data is on the device: nothing acknowledged is ever lost
  async,  // commit() returns when the operating system has the data: a power cut may lose the last commits, whole
};

struct StoreOptions {
  bool create_if_missing = true;
  bool read_only = false;  // works beside a writer and on read-only media
  // A store that this creates goes again, with the directories made for it, unless a transaction is
  // committed before it closes.
  bool discard_if_unused = false;
  Durability durability = Durability::sync;
  std::chrono::milliseconds busy_timeout{5000};       // how long begin() waits for another writer
  std::size_t memory_limit = std::size_t{512} << 20;  // bytes for caches and write buffers together
  bool allow_service = false;                         // QueryOptions::allow_service where that says nothing
  // What LOAD in an update may read: file: IRIs, with the rights of this process; http: and https: IRIs, of whatever
  // host the update says.
  bool allow_load_files = false;
  bool allow_load_urls = false;
};

// Formats of RDF text. `automatic` goes by the file's extension, before a .gz or .zst.
enum class RdfFormat : std::uint8_t {
  automatic,
  ntriples,  // .nt
  nquads,    // .nq
  turtle,    // .ttl
  trig,      // .trig
  rdfxml,    // .rdf, .owl; read, not written
  // Extracted facts, see akyn/facts.h; read, not written.
  csv,    // .csv
  tsv,    // .tsv
  jsonl,  // .jsonl, .ndjson
};

// For queries and for updates.
struct QueryOptions {
  std::string source_name = "query";  // what errors call the text
  std::string base_iri = {};          // for relative IRIs before any BASE; none when empty
  bool stored_prefixes = false;       // prefixes the store remembers (Store::prefixes) need no PREFIX line
  bool union_default_graph = false;   // the default graph is the merge of all graphs
  bool strict = false;                // SPARQL alone: PATH and UNNEST are syntax errors
  // Prefixes that need no PREFIX line either, name (without ':') to IRI. They win over stored ones.
  std::map<std::string, std::string> prefixes = {};
  // Lets SERVICE ask other endpoints over HTTP and HTTPS, by whatever address the query or the data say. Without a
  // value: what the store was opened with.
  std::optional<bool> allow_service = std::nullopt;
  std::chrono::milliseconds service_timeout{60'000};  // for each request of a SERVICE or LOAD; zero: none

  // What one run may use. Beyond it the run ends with Error(timeout) or Error(limit).
  std::chrono::milliseconds timeout{0};             // for the run, without its reader's own time; zero: no limit
  std::size_t memory_limit = std::size_t{4} << 30;  // bytes for intermediate results, computed terms, changes
  std::uint64_t row_limit = 0;                      // rows or triples of the answer; zero: no limit
  unsigned threads = 0;                             // that work on it at once; 0: all cores
};

struct LoadProgress {
  std::uint64_t quads = 0;             // statements read so far
  std::uint64_t bytes = 0;             // bytes of input read so far, compressed ones where it is compressed
  std::uint64_t total_bytes = 0;       // 0 when unknown
  std::string_view phase = "reading";  // what is being done, in a word or two
  double fraction = 0;                 // about what part of the load is done, 0 to 1; 0 while that is not known
};

struct LoadOptions {
  RdfFormat format = RdfFormat::automatic;
  std::string base_iri = {};     // for relative IRIs; the file's own URL when empty
  std::string graph_iri = {};    // load default-graph statements into this graph; the default graph when empty
  std::string source_name = {};  // what errors call the input; the path, or "stream", when empty
  // Skips statements that are wrong instead of giving up: the rest of the line in N-Triples and N-Quads, of the
  // statement in Turtle and TriG, of the element in RDF/XML, the row of a table. A file that is cut short is an error
  // all the same.
  bool lenient = false;
  FactOptions facts = {};  // how CSV, TSV and JSON Lines are read
  // What a load of its own (Store::load) may take; one within a transaction is that's business.
  std::size_t memory = 0;   // bytes, beside StoreOptions::memory_limit; 0: a quarter of the machine's
  std::size_t threads = 0;  // 0: one for each processor
  // Called from the loading thread for each mistake that a lenient load skips, in the order of the input.
  std::function<void(const Error&)> on_skipped = {};
  // Called every few thousand statements, by one thread at a time; return false to cancel, which
  // leaves the store unchanged and throws Error(cancelled).
  std::function<bool(const LoadProgress&)> on_progress = {};
};

// For Store::append.
struct AppendOptions {
  std::size_t memory = 0;   // as LoadOptions::memory
  std::size_t threads = 0;  // as LoadOptions::threads
  // Called now and then while Appender::commit works, as LoadOptions::on_progress.
  std::function<bool(const LoadProgress&)> on_progress = {};
};

// How far long work on a store is.
struct WorkProgress {
  std::string_view phase;  // what is being done, in a word or two
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // may be an estimate
};

struct WorkOptions {
  // Called every few thousand steps, by one thread at a time; return false to cancel, which leaves the store as it was
  // and throws Error(cancelled).
  std::function<bool(const WorkProgress&)> on_progress = {};
};

struct LoadReport {
  std::uint64_t read = 0;      // statements in the input
  std::uint64_t inserted = 0;  // statements the store did not hold before
  std::uint64_t skipped = 0;   // mistakes that a lenient load went past
  std::chrono::duration<double> elapsed{};
};

}  // namespace akyn

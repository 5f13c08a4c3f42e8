// What can be chosen when a store is opened, a file loaded or a query run.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

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
};

// Formats of RDF text. `automatic` goes by the file's extension.
enum class RdfFormat : std::uint8_t { automatic, ntriples, nquads, turtle, trig };

// For queries and for updates.
struct QueryOptions {
  std::string source_name = "query";  // what errors call the text
  std::string base_iri = {};          // for relative IRIs before any BASE; none when empty
  bool stored_prefixes = false;       // prefixes the store remembers (Store::prefixes) need no PREFIX line
  bool union_default_graph = false;   // the default graph is the merge of all graphs
  // Prefixes that need no PREFIX line either, name (without ':') to IRI. They win over stored ones.
  std::map<std::string, std::string> prefixes = {};
};

struct LoadProgress {
  std::uint64_t quads = 0;        // statements read so far
  std::uint64_t bytes = 0;        // bytes of input read so far
  std::uint64_t total_bytes = 0;  // 0 when unknown
};

struct LoadOptions {
  RdfFormat format = RdfFormat::automatic;
  std::string base_iri = {};     // for relative IRIs; the file's own URL when empty
  std::string graph_iri = {};    // load default-graph statements into this graph; the default graph when empty
  std::string source_name = {};  // what errors call the input; the path, or "stream", when empty
  // Called from the loading thread every few thousand statements; return false to cancel, which
  // leaves the store unchanged and throws Error(cancelled).
  std::function<bool(const LoadProgress&)> on_progress = {};
};

struct LoadReport {
  std::uint64_t read = 0;      // statements in the input
  std::uint64_t inserted = 0;  // statements the store did not hold before
  std::chrono::duration<double> elapsed{};
};

}  // namespace akyn

// RDF text into a store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>

#include <akyn/options.h>
#include "engine/storage/database.h"

namespace akyn::load {

struct Counts {
  std::uint64_t read = 0;      // statements in the input
  std::uint64_t inserted = 0;  // statements the store did not hold before
  std::uint64_t skipped = 0;   // mistakes that a lenient load went past
};

// What becomes of statements that name a graph of their own.
enum class NamedGraphs : std::uint8_t { kept, refused };

// Adds the statements of a file to the writer's pending changes and remembers the file's prefixes.
// Every blank-node label of the input is a new node, the same one throughout the input. What is compressed with
// gzip or zstd is decompressed.
//
// All or nothing: on an error the writer is as it was before the call. Throws Error: not_found (no such file),
// invalid_argument (a directory; an unknown extension without LoadOptions::format; a graph or base that is no IRI; a
// named graph where these are refused), io, syntax (with the place), cancelled (on_progress said so).
Counts load_file(const std::filesystem::path& file, const LoadOptions& options, storage::Writer& writer,
                 NamedGraphs named_graphs = NamedGraphs::kept);

// The same for a stream, read to its end. `options.format` must say what it holds.
Counts load_stream(std::istream& stream, const LoadOptions& options, storage::Writer& writer,
                   NamedGraphs named_graphs = NamedGraphs::kept);

}  // namespace akyn::load

// What the tests of loads share.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/load/bulk.h"
#include "engine/load/input.h"
#include "engine/load/load.h"
#include "tests/storage/support.h"

namespace akyn::load::test {

using namespace akyn::storage::test;  // NOLINT(google-build-using-namespace): one set of helpers

// What a load may take and how it cuts its input: so little that small inputs go through every stage.
struct Ways {
  std::size_t memory = std::size_t{64} << 10;
  std::size_t threads = 2;
  BulkInputSizes sizes = {.chunk_bytes = 300, .batch_statements = 7};
};

inline LoadOptions options_for(RdfFormat format) {
  LoadOptions options;
  options.format = format;
  options.source_name = "data";
  return options;
}

inline Counts load_in_bulk(const std::shared_ptr<storage::Database>& database, const std::string& text,
                           const LoadOptions& options, const Ways& ways = {}) {
  std::istringstream stream(text);
  Input input(stream, options);
  Bulk bulk(database, ways.memory, ways.threads);
  static_cast<void>(bulk.read(input, options, ways.sizes));
  return bulk.commit(options.on_progress);
}

inline Counts load_in_transaction(storage::Database& database, const std::string& text, const LoadOptions& options) {
  std::istringstream stream(text);
  const auto writer = database.begin();
  const Counts counts = load_stream(stream, options, *writer);
  writer->commit();
  return counts;
}

// Every quad of a store as a line of text, sorted. A node is called by what <urn:name> says of it, for two stores give
// it different labels.
inline std::vector<std::string> lines_of(const storage::Database& database) {
  const auto snapshot = database.snapshot();
  std::vector<std::string> lines;
  std::map<std::string, std::string> names;
  for (const storage::QuadIds& quad : rows(*snapshot)) {
    const Term subject = snapshot->term(quad.subject);
    const Term predicate = snapshot->term(quad.predicate);
    const Term object = snapshot->term(quad.object);
    if (subject.is_blank() && predicate.value() == "urn:name") names[subject.to_string()] = object.value();
    std::string line = subject.to_string() + ' ' + predicate.to_string() + ' ' + object.to_string();
    if (quad.graph.is_bound()) line += ' ' + snapshot->term(quad.graph).to_string();
    lines.push_back(std::move(line));
  }
  for (std::string& line : lines) {
    for (std::size_t at = line.find("_:akyn"); at != std::string::npos; at = line.find("_:akyn", at + 1)) {
      const std::size_t end = line.find_first_not_of("0123456789", at + 6);
      const auto name = names.find(line.substr(at, end - at));
      if (name != names.end()) line.replace(at, end == std::string::npos ? end : end - at, "_:" + name->second);
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace akyn::load::test

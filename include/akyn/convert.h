// From one RDF format to another, without a store.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>

#include <akyn/export.h>
#include <akyn/options.h>

namespace akyn {

struct ConvertOptions {
  RdfFormat to = RdfFormat::automatic;  // what to write; must be said
  bool canonical = false;               // ResultOptions::canonical
  // More prefixes for Turtle and TriG beside the input's own, name (without ':') to IRI.
  std::map<std::string, std::string> prefixes = {};
  LoadOptions input = {};
};

// Reads one input as Store::load does and writes what it says. N-Triples and N-Quads are written while the input is
// read; so are Turtle and TriG once there is much of it (see write_quads()). LoadReport::inserted counts what was
// written. Throws Error as Store::load and write_quads() do; what was written before stays written.
AKYN_EXPORT LoadReport convert(const std::filesystem::path& input, std::ostream& out, const ConvertOptions& options);
AKYN_EXPORT LoadReport convert(std::istream& input, std::ostream& out, const ConvertOptions& options);

}  // namespace akyn

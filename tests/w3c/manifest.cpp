#include "tests/w3c/manifest.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <akyn/error.h>
#include "engine/term/vocabulary.h"
#include "parser/rdf/chars.h"
#include "parser/rdf/reader.h"

namespace akyn::w3c {
namespace {

namespace fs = std::filesystem;

std::string mf(std::string_view name) {
  return std::string(kMf).append(name);
}

class GraphSink : public rdf::StatementSink {
 public:
  explicit GraphSink(ManifestGraph& graph) : graph_(graph) {}
  void quad(const QuadView& quad) override { graph_.add(quad); }

 private:
  ManifestGraph& graph_;
};

}  // namespace

const std::vector<Term>& ManifestGraph::all(const Term& subject, const std::string& property) const {
  static const std::vector<Term> kNone;
  const auto node = properties_.find(subject);
  if (node == properties_.end()) return kNone;
  const auto values = node->second.find(property);
  return values == node->second.end() ? kNone : values->second;
}

Term ManifestGraph::one(const Term& subject, const std::string& property) const {
  const std::vector<Term>& values = all(subject, property);
  return values.empty() ? Term() : values.front();
}

std::vector<Term> ManifestGraph::list(Term head) const {
  std::vector<Term> items;
  while (head && head.value() != rdf_vocabulary::kNil) {
    items.push_back(one(head, std::string(rdf_vocabulary::kFirst)));
    head = one(head, std::string(rdf_vocabulary::kRest));
  }
  return items;
}

std::vector<Term> ManifestGraph::having(const std::string& property) const {
  std::vector<Term> subjects;
  for (const auto& [subject, values] : properties_) {
    if (values.contains(property)) subjects.push_back(subject);
  }
  return subjects;
}

std::string Test::label() const {
  const std::string& iri = node.value();
  const std::size_t cut = iri.find_last_of("#/");
  const std::string last = cut == std::string::npos ? iri : iri.substr(cut + 1);
  return (manifest.parent_path().filename() / last).string();
}

void load_manifest(const fs::path& file, Suite& suite, std::set<fs::path>& seen) {
  const fs::path path = fs::weakly_canonical(file);
  if (!seen.insert(path).second) return;
  if (!fs::exists(path)) {
    suite.missing.push_back(path.string());
    return;
  }
  const auto graph = std::make_shared<ManifestGraph>();
  try {
    GraphSink sink(*graph);
    rdf::ReadOptions options;
    options.format = RdfFormat::turtle;
    options.source_name = path.string();
    options.base_iri = file_iri(path);
    rdf::read(read_file(path), options, sink);
  } catch (const Error& error) {
    suite.mistakes.emplace_back(error.what());
    return;
  }

  for (const Term& manifest : graph->having(mf("include"))) {
    for (const Term& value : graph->all(manifest, mf("include"))) {
      const bool is_list = value.is_blank() || value.value() == rdf_vocabulary::kNil;
      const std::vector<Term> included = is_list ? graph->list(value) : std::vector<Term>{value};
      for (const Term& other : included) load_manifest(file_path(other.value()), suite, seen);
    }
  }
  for (const Term& manifest : graph->having(mf("entries"))) {
    const std::vector<Term> bases = graph->having(mf("assumedTestBase"));
    for (const Term& entries : graph->all(manifest, mf("entries"))) {
      for (const Term& entry : graph->list(entries)) {
        Test test;
        test.node = entry;
        test.name = graph->one(entry, mf("name")).value();
        for (const Term& type : graph->all(entry, std::string(rdf_vocabulary::kType)))
          test.types.push_back(type.value());
        test.action = graph->one(entry, mf("action"));
        test.result = graph->one(entry, mf("result"));
        if (!bases.empty()) test.assumed_base = graph->one(bases.front(), mf("assumedTestBase")).value();
        test.manifest = path;
        test.graph = graph;
        if (test.name.empty()) test.name = test.label();
        suite.tests.push_back(std::move(test));
      }
    }
  }
}

std::string file_iri(const fs::path& file) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string iri = "file://";
  for (const char c : fs::absolute(file).lexically_normal().string()) {
    if (rdf::is(c, rdf::kIriChar) && c != '%' && c != '#' && c != '?') {
      iri += c;
    } else {
      const auto code = static_cast<unsigned char>(c);
      iri += '%';
      iri += kHex[code >> 4];
      iri += kHex[code & 0xFU];
    }
  }
  return iri;
}

fs::path file_path(std::string_view iri) {
  constexpr std::string_view kScheme = "file://";
  if (!iri.starts_with(kScheme)) throw Error(ErrorCode::not_found, "'" + std::string(iri) + "' is not a file's IRI");
  iri.remove_prefix(kScheme.size());
  iri = iri.substr(0, iri.find_first_of("#?"));
  std::string path;
  for (std::size_t i = 0; i < iri.size(); ++i) {
    const bool encoded =
        iri[i] == '%' && i + 2 < iri.size() && rdf::hex_value(iri[i + 1]) >= 0 && rdf::hex_value(iri[i + 2]) >= 0;
    path += encoded ? static_cast<char>(rdf::hex_value(iri[i + 1]) * 16 + rdf::hex_value(iri[i + 2])) : iri[i];
    if (encoded) i += 2;
  }
  return path;
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, "cannot open '" + file.string() + "'");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string base_of(const Test& test, const Term& file) {
  if (test.assumed_base.empty()) return file.value();
  const fs::path relative = file_path(file.value()).lexically_relative(test.manifest.parent_path());
  return test.assumed_base + relative.generic_string();
}

}  // namespace akyn::w3c

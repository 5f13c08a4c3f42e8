// Test manifests of the W3C suites (the mf: vocabulary), read into tests.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/term.h>

namespace akyn::w3c {

inline constexpr std::string_view kMf = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
inline constexpr std::string_view kQt = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
inline constexpr std::string_view kUt = "http://www.w3.org/2009/sparql/tests/test-update#";
inline constexpr std::string_view kRdft = "http://www.w3.org/ns/rdftest#";

// The statements of one manifest, for looking things up. Property names are full IRIs.
class ManifestGraph {
 public:
  void add(const QuadView& quad) {
    properties_[Term(quad.subject)][std::string(quad.predicate.value)].emplace_back(quad.object);
  }

  // All values, in the order of the file.
  [[nodiscard]] const std::vector<Term>& all(const Term& subject, const std::string& property) const;
  // The first value; no term when there is none.
  [[nodiscard]] Term one(const Term& subject, const std::string& property) const;
  // The members of an rdf:List.
  [[nodiscard]] std::vector<Term> list(Term head) const;
  // Subjects that have the property.
  [[nodiscard]] std::vector<Term> having(const std::string& property) const;

 private:
  std::map<Term, std::map<std::string, std::vector<Term>>> properties_;
};

struct Test {
  Term node;                       // what the manifest's graph says more about
  std::string name;                // mf:name, or the last part of the test's IRI
  std::vector<std::string> types;  // full IRIs
  Term action;                     // a file's IRI, or a node with more properties
  Term result;                     // no term when there is none
  std::string assumed_base;        // mf:assumedTestBase; may be empty
  std::filesystem::path manifest;
  std::shared_ptr<const ManifestGraph> graph;

  // "manifest's directory/fragment of the test's IRI": what a person looks for.
  [[nodiscard]] std::string label() const;
};

// What loading manifests came to, in the order of their entries.
struct Suite {
  std::vector<Test> tests;
  std::vector<std::string> missing;   // manifests that others include and that do not exist
  std::vector<std::string> mistakes;  // manifests that cannot be read, with the reason
};

// Adds the tests of a manifest and of those it includes; each file is read once, whoever asks.
void load_manifest(const std::filesystem::path& file, Suite& suite, std::set<std::filesystem::path>& seen);

// Files and the file: IRIs that stand for them.
[[nodiscard]] std::string file_iri(const std::filesystem::path& file);
[[nodiscard]] std::filesystem::path file_path(std::string_view iri);
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

// The base IRI a test's file is read with: where the suite says the files are, or the file's own IRI.
[[nodiscard]] std::string base_of(const Test& test, const Term& file);

}  // namespace akyn::w3c

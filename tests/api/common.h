// What the tests of the public interface share.
#pragma once

#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/akyn.h>

namespace akyn::testing {

inline const std::string kEx = "http://ex.org/";
inline Term ex(std::string_view name) {
  return iri(kEx + std::string(name));
}

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "akyn-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) FAIL("no temporary directory");
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  std::filesystem::path write(std::string_view name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline LoadReport load_turtle(Store& store, const std::string& text) {
  std::istringstream input(text);
  LoadOptions options;
  options.format = RdfFormat::turtle;
  return store.load(input, options);
}

// The facts most tests ask about.
inline Store offices() {
  Store store = Store::in_memory();
  load_turtle(store, R"(
    PREFIX : <http://ex.org/>
    PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    :jeenbekov :holds :presidency ; :name "Sooronbay Jeenbekov" .
    :presidency :since "2017-11-24"^^xsd:date .
    :japarov :holds :premiership ; :name "Sadyr Japarov" .
    :premiership :since "2020-10-14"^^xsd:date .)");
  return store;
}

inline const std::string kPrefix = "PREFIX : <http://ex.org/>\n";

// The values of a query's only column, in order.
inline std::vector<std::string> column(Query query) {
  std::vector<std::string> values;
  for (const Row& row : query.select()) values.push_back(row[std::size_t{0}].value());
  return values;
}
template <class Source>
std::vector<std::string> column(const Source& source, const std::string& text) {
  return column(source.prepare(kPrefix + text));
}

inline std::vector<Quad> all(Quads quads) {
  std::vector<Quad> found;
  for (const Quad& quad : quads) found.push_back(quad);
  return found;
}

// The code of the error that a call gives; nothing when it gives none.
template <class Call>
std::optional<ErrorCode> error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}
template <class Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace akyn::testing

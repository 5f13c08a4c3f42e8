// What is fuzzed: each target takes any bytes, and returns unless something is broken.
//
// An input that is refused is an Error with a code that such an input may have; anything else (another exception, a
// promise that is not kept) leaves the target as an exception. fuzzer.cpp makes a libFuzzer program of one target;
// replay.cpp runs all of them over their corpora, and over mutations of these.
#pragma once

#include <array>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

#include <akyn/error.h>

namespace akyn::fuzz {

// The SPARQL parser and the translation to the algebra.
void sparql(std::string_view bytes);
// The readers of RDF and of facts. The first byte chooses one and whether it is lenient.
void rdf(std::string_view bytes);
// The readers of SPARQL results, all of them.
void results(std::string_view bytes);
// Decoders of blocks of rows and of what is stored beside them.
void blocks(std::string_view bytes);
// Decoders of dictionary pages, symbols and terms.
void dictionary(std::string_view bytes);
// The files of a store: the input says which bytes of a small one are others. It is opened, checked and read.
void store(std::string_view bytes);
// A query, whose answer is that of the oracle.
void query(std::string_view bytes);

struct Target {
  std::string_view name;
  void (*run)(std::string_view bytes);
  bool is_text;
  unsigned cost;  // about how many times as long as the cheapest one takes
};
inline constexpr std::array<Target, 7> kTargets = {{{"sparql", sparql, true, 1},
                                                    {"rdf", rdf, true, 1},
                                                    {"results", results, true, 1},
                                                    {"blocks", blocks, false, 1},
                                                    {"dictionary", dictionary, false, 1},
                                                    {"store", store, false, 100},
                                                    {"query", query, true, 10}}};

// A promise that is not kept.
class Broken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};
inline void expect(bool kept, const std::string& promise) {
  if (!kept) throw Broken(promise);
}

// False when the action is refused with one of these codes.
inline bool accepts(const std::function<void()>& action, std::initializer_list<ErrorCode> codes) {
  try {
    action();
  } catch (const Error& error) {
    for (const ErrorCode code : codes) {
      if (error.code() == code) return false;
    }
    throw;
  }
  return true;
}

}  // namespace akyn::fuzz

// newsgraph --triples 5000000 > news.nt

#include <cstdio>
#include <exception>
#include <iostream>

#include <CLI/CLI.hpp>

#include "bench/newsgraph/generator.h"

int main(int count, char** words) {
  CLI::App app("Writes a made-up graph of news to standard output, as N-Triples.", "newsgraph");
  akyn::newsgraph::Options options;
  app.add_option("--triples", options.triples, "How many statements")->capture_default_str();
  app.add_option("--seed", options.seed, "Another number, another graph")->capture_default_str();
  app.add_flag("--claims", options.claims, "With claims about statements: triple terms, which are RDF 1.2");
  CLI11_PARSE(app, count, words);
  try {
    if (akyn::newsgraph::generate(stdout, options)) return 0;
    std::cerr << "newsgraph: standard output cannot be written\n";
  } catch (const std::exception& error) {
    std::cerr << "newsgraph: " << error.what() << '\n';
  }
  return 1;
}

// The text of an rdf:XMLLiteral: a piece of a document that stands on its own.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parser/rdf/xml_parser.h"

namespace akyn::rdf {

// Writes events as Exclusive XML Canonicalization 1.0 with comments does (the form in which RDF's test suites have
// them): start and end tags in full, namespaces declared where they are first used, declarations and
// attributes in order.
class XmlLiteral {
 public:
  void start(const XmlName& name, std::span<const XmlAttribute> attributes);
  void end();
  void text(std::string_view text);
  void comment(std::string_view text);
  void instruction(std::string_view target, std::string_view data);

  // How many elements are open.
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  // Bytes written.
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  // What was written; begins anew.
  [[nodiscard]] std::string take();

 private:
  struct Declaration {
    std::string prefix;
    std::string iri;
  };
  struct Element {
    std::string name;
    std::size_t declarations;  // how many were in force outside it
  };
  // Notes that the element being written uses the prefix, when nothing declares it yet.
  void use(std::string_view prefix, std::string_view iri);

  std::string text_;
  std::vector<Element> open_;
  std::vector<Declaration> declared_;
};

}  // namespace akyn::rdf

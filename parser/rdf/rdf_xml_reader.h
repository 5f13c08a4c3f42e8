// RDF/XML (RDF 1.2 XML Syntax, section 7), triple terms, annotations and base direction included.
//
// Written over expat and not taken from raptor2, which reads RDF 1.1 only: rdf:parseType="Triple",
// rdf:annotation and its:dir change what every other production makes, so they cannot be put on top of it.
//
// Where the specification and the W3C's tests leave a choice:
//   - rdf:parseType="Triple" and its:dir need rdf:version="1.2" (or 1.2-basic, or later) on the element or
//     around it; without it the former's element is skipped. rdf:annotation needs no version.
//   - XML literals are in Exclusive Canonical XML.
//   - An empty element with rdf:datatype is an empty literal of that datatype, as in RDF 1.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <akyn/term.h>
#include "parser/rdf/reader.h"
#include "parser/rdf/xml_literal.h"
#include "parser/rdf/xml_parser.h"

namespace akyn::rdf {

// Memory goes with the depth of the document, its longest literal, and the number of its rdf:ID attributes: no two
// may be the same.
class RdfXmlReader final : private XmlHandler {
 public:
  // The base IRI may be empty: then relative IRIs need an xml:base. All three must outlive the reader.
  RdfXmlReader(ByteSource& bytes, const ReadOptions& options, StatementSink& sink);

  void read();

 private:
  // What may stand inside an element.
  enum class Content : std::uint8_t {
    document,    // rdf:RDF or one node element
    nodes,       // node elements: rdf:RDF
    properties,  // property elements: a node element, or rdf:parseType="Resource"
    object,      // text or one node element: a property element
    nothing,     // a property element whose attributes say it all
    collection,  // node elements: rdf:parseType="Collection"
    triple,      // one node element: rdf:parseType="Triple"
    literal,     // any XML: rdf:parseType="Literal"
    skipped,     // anything, to no effect
  };
  // What an element passes on to those inside it.
  struct Scope {
    std::string base;
    std::string language;
    Direction direction = Direction::none;
    bool version_1_2 = false;
  };
  struct Element {
    Content content = Content::document;
    std::size_t scope = 0;      // index in scopes_
    Term subject;               // whose properties follow
    std::uint64_t members = 0;  // rdf:li seen
    // Of property elements:
    Term predicate;
    Term object;
    Term reification;  // by rdf:ID
    Term annotation;   // by rdf:annotation or rdf:annotationNodeID
    Term datatype;
    std::string text;
    Term last_cell;  // of a collection
  };
  // An element's attributes, sorted out.
  struct Attributes {
    std::optional<std::string_view> id, about, node_id, resource, datatype, parse_type, annotation, annotation_node_id;
    std::vector<XmlAttribute> properties;
  };

  void namespace_declared(std::string_view prefix, std::string_view iri) override;
  void start(const XmlName& name, std::span<const XmlAttribute> attributes) override;
  void end() override;
  void text(std::string_view text) override;
  void comment(std::string_view text) override;
  void instruction(std::string_view target, std::string_view data) override;

  // Runs what may find a mistake. True when it found one that a lenient reader passes over.
  template <class Step>
  [[nodiscard]] bool forgiven(const Step& step) const;
  void start_rdf_element(const XmlName& name, std::span<const XmlAttribute> attributes);
  void end_rdf_element();
  [[noreturn]] void refuse_text();
  [[noreturn]] void fail_too_long();
  void enter_scope(std::span<const XmlAttribute> attributes);
  [[nodiscard]] Attributes sorted_out(std::span<const XmlAttribute> attributes);
  void node_element(const XmlName& name, const Attributes& attributes);
  void place_node(const Term& node);
  void property_element(const XmlName& name, const Attributes& attributes);
  void check_property_attributes(const Attributes& attributes);
  void property_with_parse_type(Element& element, const Attributes& attributes);
  void property_attributes(const Term& subject, const Attributes& attributes);

  // The statement that the property element makes, with what reifies and annotates it.
  void state(const Element& element, const Term& object);
  void emit(const Term& subject, const Term& predicate, const Term& object);

  [[nodiscard]] const Scope& scope() const { return scopes_[elements_.back().scope]; }
  [[nodiscard]] Element& parent() { return elements_[elements_.size() - 2]; }
  [[nodiscard]] Term resolved(std::string_view reference);
  [[nodiscard]] Term checked_iri(std::string text);
  [[nodiscard]] Term name_iri(const XmlName& name);
  [[nodiscard]] Term named_by_id(std::string_view id);
  [[nodiscard]] Term node_named(std::string_view id);
  [[nodiscard]] Term plain_literal(std::string_view text);
  [[nodiscard]] Term fresh_blank();
  [[noreturn]] void fail(std::string message, ErrorCode code = ErrorCode::syntax);

  static constexpr std::size_t kMaxDepth = 4000;  // elements within elements

  ByteSource& bytes_;
  const ReadOptions& options_;
  StatementSink& sink_;
  XmlParser parser_;
  std::vector<Scope> scopes_;
  std::vector<Element> elements_;
  std::size_t skipped_depth_ = 0;
  XmlLiteral literal_;
  std::vector<std::vector<Triple>> graphs_;  // of the rdf:parseType="Triple" elements around
  std::unordered_set<std::string> ids_;
  std::uint64_t blanks_ = 0;
  std::uint64_t statements_ = 0;
};

}  // namespace akyn::rdf

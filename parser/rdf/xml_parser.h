// XML with namespaces as events, each with its place, over expat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <akyn/error.h>
#include "parser/source/byte_source.h"

struct XML_ParserStruct;

namespace akyn::rdf {

struct XmlName {
  std::string_view space;   // namespace IRI; empty for none
  std::string_view local;   // without prefix
  std::string_view prefix;  // as written; empty for none
};

struct XmlAttribute {
  XmlName name;
  std::string_view value;
};

// Receives what a document holds, in its order; entities are expanded and CDATA is text. Views are valid during
// the call only. What a function throws ends the parser and comes out of XmlParser::parse.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  // Before start() of the element that declares it; both empty where a declaration is taken back.
  virtual void namespace_declared(std::string_view prefix, std::string_view iri) = 0;
  virtual void start(const XmlName& name, std::span<const XmlAttribute> attributes) = 0;
  virtual void end() = 0;
  virtual void text(std::string_view text) = 0;  // one run of text may come in pieces
  virtual void comment(std::string_view text) = 0;
  virtual void instruction(std::string_view target, std::string_view data) = 0;
};

// Reads no external entities, and expat bounds how far internal ones may grow: a document can do no harm.
class XmlParser {
 public:
  // Tags, comments and the like that are longer than `longest_token` are errors; text comes in pieces.
  XmlParser(XmlHandler& handler, std::string source_name, std::size_t longest_token);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  // Reads the document. Throws Error(syntax) with its place when it is not well formed, and what the handler and
  // `bytes` throw; Error(limit) for what is too long.
  void parse(ByteSource& bytes);

  // An error at the event that the handler is being told of.
  [[nodiscard]] Error error(std::string message, ErrorCode code = ErrorCode::syntax) const;
  // Bytes before that event.
  [[nodiscard]] std::uint64_t offset() const;

 private:
  struct Callbacks;
  struct Free {
    void operator()(XML_ParserStruct* parser) const;
  };
  // Runs a call of the handler for expat, which knows no exceptions.
  template <class Call>
  void guarded(const Call& call) noexcept;

  XmlHandler& handler_;
  std::string source_name_;
  std::size_t longest_token_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::vector<XmlAttribute> attributes_;
  std::exception_ptr fault_;
};

}  // namespace akyn::rdf

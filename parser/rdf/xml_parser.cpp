#include "parser/rdf/xml_parser.h"

#include <expat.h>

#include <algorithm>
#include <new>
#include <utility>

#include "parser/text/location.h"

namespace akyn::rdf {
namespace {

constexpr int kPieceSize = 1 << 16;  // bytes handed to expat at a time
constexpr char kSeparator = '\n';    // between the parts of a name: in none of them

// "space LF local LF prefix", "space LF local" or "local".
XmlName split(const char* text) {
  XmlName name;
  const std::string_view whole(text);
  const std::size_t first = whole.find(kSeparator);
  if (first == std::string_view::npos) {
    name.local = whole;
    return name;
  }
  name.space = whole.substr(0, first);
  name.local = whole.substr(first + 1);
  if (const std::size_t second = name.local.find(kSeparator); second != std::string_view::npos) {
    name.prefix = name.local.substr(second + 1);
    name.local = name.local.substr(0, second);
  }
  return name;
}

std::string_view view(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

struct XmlParser::Callbacks {
  static XmlParser& self(void* data) { return *static_cast<XmlParser*>(data); }

  static void XMLCALL start(void* data, const char* name, const char** attributes) {
    XmlParser& parser = self(data);
    parser.guarded([&] {
      parser.attributes_.clear();
      for (; *attributes != nullptr; attributes += 2) {
        parser.attributes_.push_back({split(attributes[0]), attributes[1]});
      }
      parser.handler_.start(split(name), parser.attributes_);
    });
  }
  static void XMLCALL end(void* data, const char* /*name*/) {
    self(data).guarded([&] { self(data).handler_.end(); });
  }
  static void XMLCALL text(void* data, const char* text, int size) {
    self(data).guarded([&] { self(data).handler_.text({text, static_cast<std::size_t>(size)}); });
  }
  static void XMLCALL comment(void* data, const char* text) {
    self(data).guarded([&] { self(data).handler_.comment(text); });
  }
  static void XMLCALL instruction(void* data, const char* target, const char* text) {
    self(data).guarded([&] { self(data).handler_.instruction(target, view(text)); });
  }
  static void XMLCALL declared(void* data, const char* prefix, const char* iri) {
    self(data).guarded([&] { self(data).handler_.namespace_declared(view(prefix), view(iri)); });
  }
};

void XmlParser::Free::operator()(XML_ParserStruct* parser) const {
  XML_ParserFree(parser);
}

XmlParser::XmlParser(XmlHandler& handler, std::string source_name, std::size_t longest_token)
    : handler_(handler),
      source_name_(std::move(source_name)),
      longest_token_(longest_token),
      parser_(XML_ParserCreateNS(nullptr, kSeparator)) {
  if (!parser_) throw std::bad_alloc();
  XML_SetUserData(parser_.get(), this);
  XML_SetReturnNSTriplet(parser_.get(), 1);
  XML_SetElementHandler(parser_.get(), &Callbacks::start, &Callbacks::end);
  XML_SetCharacterDataHandler(parser_.get(), &Callbacks::text);
  XML_SetCommentHandler(parser_.get(), &Callbacks::comment);
  XML_SetProcessingInstructionHandler(parser_.get(), &Callbacks::instruction);
  XML_SetStartNamespaceDeclHandler(parser_.get(), &Callbacks::declared);
}

XmlParser::~XmlParser() = default;

template <class Call>
void XmlParser::guarded(const Call& call) noexcept {
  if (fault_) return;
  try {
    call();
  } catch (...) {
    fault_ = std::current_exception();
    XML_StopParser(parser_.get(), XML_FALSE);
  }
}

void XmlParser::parse(ByteSource& bytes) {
  std::uint64_t taken = 0;
  for (bool at_end = false; !at_end;) {
    void* piece = XML_GetBuffer(parser_.get(), kPieceSize);
    if (piece == nullptr) throw std::bad_alloc();
    std::size_t size = 0;
    try {
      size = bytes.read(static_cast<char*>(piece), kPieceSize);
    } catch (const Error& fault) {
      throw error(fault.message(), fault.code());
    }
    at_end = size == 0;
    const XML_Status status = XML_ParseBuffer(parser_.get(), static_cast<int>(size), at_end ? XML_TRUE : XML_FALSE);
    if (fault_) std::rethrow_exception(fault_);
    taken += size;
    if (status == XML_STATUS_OK) {
      // Nothing is told of what has begun and not ended.
      if (!at_end && taken - offset() > longest_token_ + kPieceSize) {
        throw error("what begins here" + too_long(longest_token_), ErrorCode::limit);
      }
      continue;
    }
    const XML_Error code = XML_GetErrorCode(parser_.get());
    if (code == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    throw error(std::string("this is not well-formed XML: ") + XML_ErrorString(code));
  }
}

Error XmlParser::error(std::string message, ErrorCode code) const {
  SourceLocation place;
  int offset = 0;
  int size = 0;
  if (const char* context = XML_GetInputContext(parser_.get(), &offset, &size); context != nullptr) {
    place = locate({context, static_cast<std::size_t>(size)}, static_cast<std::size_t>(offset), 1, source_name_);
  }
  const std::uint64_t column = XML_GetCurrentColumnNumber(parser_.get()) + 1;
  if (place.line == 1 && place.column < column && !place.line_text.starts_with("…")) {
    place.line_text.insert(0, "…");
    ++place.caret;
  }
  place.source = source_name_;
  place.line = XML_GetCurrentLineNumber(parser_.get());
  place.column = column;
  return {code, std::move(message), std::move(place)};
}

std::uint64_t XmlParser::offset() const {
  return static_cast<std::uint64_t>(std::max<XML_Index>(0, XML_GetCurrentByteIndex(parser_.get())));
}

}  // namespace akyn::rdf

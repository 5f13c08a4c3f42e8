#include "parser/rdf/rdf_xml_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

#include "engine/term/vocabulary.h"
#include "parser/rdf/chars.h"
#include "parser/rdf/language_tag.h"
#include "parser/rdf/term_text.h"
#include "parser/text/iri.h"
#include "parser/text/location.h"

namespace akyn::rdf {
namespace {

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kItsNamespace = "http://www.w3.org/2005/11/its";
constexpr std::uint64_t kProgressMask = 0xFFF;

std::string rdf(std::string_view name) {
  return std::string(rdf_vocabulary::kNamespace).append(name);
}

bool is_rdf(const XmlName& name, std::string_view local) {
  return name.space == rdf_vocabulary::kNamespace && name.local == local;
}

template <std::size_t N>
bool is_among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// coreSyntaxTerms and oldTerms: no elements have these names.
constexpr std::array<std::string_view, 13> kNoElements = {
    "RDF",    "ID",       "about",   "annotation", "annotationNodeID", "parseType", "resource",
    "nodeID", "datatype", "version", "aboutEach",  "aboutEachPrefix",  "bagID"};

bool is_reserved(std::string_view name) {
  return name.size() >= 3 && ascii_lower(name[0]) == 'x' && ascii_lower(name[1]) == 'm' && ascii_lower(name[2]) == 'l';
}

bool is_space(std::string_view text) {
  return skip(text.data(), text.data() + text.size(), kWhite) == text.data() + text.size();
}

// NCName (Namespaces in XML, section 3), whose characters are those of Turtle's names, '_' and '.' included.
bool is_nc_name(std::string_view text) {
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const Decoded c = decode_utf8(at, end);
    const bool starts = is_name_start(c.code_point) || c.code_point == '_';
    if (!starts && (at == text.data() || !(is_name_char(c.code_point) || c.code_point == '.'))) return false;
    at += c.length;
  }
  return !text.empty();
}

// "1.2", "1.2-basic" and what comes later.
bool is_version_1_2(std::string_view version) {
  if (version == "1.2-basic") return true;
  unsigned major = 0;
  unsigned minor = 0;
  const char* const end = version.data() + version.size();
  const auto [dot, failure] = std::from_chars(version.data(), end, major);
  if (failure != std::errc() || dot == end || *dot != '.') return false;
  if (std::from_chars(dot + 1, end, minor).ec != std::errc()) return false;
  return major > 1 || (major == 1 && minor >= 2);
}

const Term& rdf_type() {
  static const Term kTerm = iri(rdf_vocabulary::kType);
  return kTerm;
}

}  // namespace

RdfXmlReader::RdfXmlReader(ByteSource& bytes, const ReadOptions& options, StatementSink& sink)
    : bytes_(bytes), options_(options), sink_(sink), parser_(*this, options.source_name, options.longest_token) {
  scopes_.push_back({options.base_iri, {}, Direction::none, false});
  elements_.emplace_back();
}

void RdfXmlReader::read() {
  parser_.parse(bytes_);
  if (!sink_.progress(parser_.offset())) throw Error(ErrorCode::cancelled, "reading was cancelled");
}

// --- Events ---

void RdfXmlReader::namespace_declared(std::string_view prefix, std::string_view iri) {
  const bool is_outermost = elements_.size() == 1;
  if (is_outermost && prefix != "xml" && is_prefix_name(prefix) && is_absolute_iri(iri)) sink_.prefix(prefix, iri);
}

void RdfXmlReader::start(const XmlName& name, std::span<const XmlAttribute> attributes) {
  switch (elements_.back().content) {
    case Content::literal:
      literal_.start(name, attributes);
      break;
    case Content::skipped:
      ++skipped_depth_;
      break;
    default:
      if (forgiven([&] { start_rdf_element(name, attributes); })) elements_.back().content = Content::skipped;
  }
}

template <class Step>
bool RdfXmlReader::forgiven(const Step& step) const {
  try {
    step();
  } catch (const Error& mistake) {
    if (!options_.on_mistake || mistake.code() != ErrorCode::syntax || !mistake.location()) throw;
    options_.on_mistake(mistake);
    return true;
  }
  return false;
}

void RdfXmlReader::end() {
  if (elements_.back().content == Content::literal && literal_.depth() > 0) return literal_.end();
  if (elements_.back().content == Content::skipped && skipped_depth_ > 0) {
    --skipped_depth_;
    return;
  }
  static_cast<void>(forgiven([&] { end_rdf_element(); }));
  const std::size_t scope = elements_.back().scope;
  elements_.pop_back();
  if (elements_.back().scope != scope) scopes_.pop_back();
}

void RdfXmlReader::text(std::string_view text) {
  Element& element = elements_.back();
  switch (element.content) {
    case Content::literal:
      literal_.text(text);
      if (literal_.size() > options_.longest_token) fail_too_long();
      return;
    case Content::skipped:
      return;
    case Content::object:
      if (!element.object) {
        element.text += text;
        if (element.text.size() > options_.longest_token) fail_too_long();
        return;
      }
      break;
    default:
      break;
  }
  if (!is_space(text)) static_cast<void>(forgiven([&] { refuse_text(); }));
}

void RdfXmlReader::fail_too_long() {
  fail("this text" + too_long(options_.longest_token), ErrorCode::limit);
}

void RdfXmlReader::refuse_text() {
  switch (elements_.back().content) {
    case Content::properties:
      fail("text cannot stand here, between the properties of a node");
    case Content::nothing:
      fail("this element has its value in an attribute, so it must be empty");
    case Content::object:
      fail("text and an element cannot both be a property's value");
    default:
      fail("text cannot stand here, where a node's element is expected");
  }
}

void RdfXmlReader::comment(std::string_view text) {
  if (elements_.back().content == Content::literal) literal_.comment(text);
}

void RdfXmlReader::instruction(std::string_view target, std::string_view data) {
  if (elements_.back().content == Content::literal) literal_.instruction(target, data);
}

// --- Elements ---

void RdfXmlReader::start_rdf_element(const XmlName& name, std::span<const XmlAttribute> attributes) {
  if (elements_.size() > kMaxDepth) {
    fail("elements are nested deeper than " + std::to_string(kMaxDepth) + " levels", ErrorCode::limit);
  }
  const Content around = elements_.back().content;
  Element element;
  element.scope = elements_.back().scope;
  element.content = Content::skipped;
  elements_.push_back(std::move(element));
  enter_scope(attributes);

  if (around == Content::properties) return property_element(name, sorted_out(attributes));
  if (around == Content::nothing) fail("this element has its value in an attribute, so it must be empty");
  if (around == Content::document && is_rdf(name, "RDF")) {
    // Attributes of ITS may stand here whatever the version.
    std::vector<XmlAttribute> others;
    std::copy_if(attributes.begin(), attributes.end(), std::back_inserter(others),
                 [](const XmlAttribute& attribute) { return attribute.name.space != kItsNamespace; });
    const Attributes found = sorted_out(others);
    if (!found.properties.empty() || found.id || found.about || found.node_id || found.resource || found.datatype ||
        found.parse_type || found.annotation || found.annotation_node_id) {
      fail("rdf:RDF has no attributes of its own");
    }
    elements_.back().content = Content::nodes;
    return;
  }
  node_element(name, sorted_out(attributes));
}

void RdfXmlReader::end_rdf_element() {
  Element& element = elements_.back();
  switch (element.content) {
    case Content::object:
      if (!element.object) {
        state(element,
              element.datatype ? typed_literal(element.text, element.datatype.value()) : plain_literal(element.text));
      }
      break;
    case Content::literal:
      state(element, typed_literal(literal_.take(), rdf("XMLLiteral")));
      break;
    case Content::collection:
      if (element.last_cell) {
        emit(element.last_cell, iri(rdf_vocabulary::kRest), iri(rdf_vocabulary::kNil));
      } else {
        state(element, iri(rdf_vocabulary::kNil));
      }
      break;
    case Content::triple: {
      const std::vector<Triple> graph = std::move(graphs_.back());
      graphs_.pop_back();
      if (graph.size() != 1) {
        fail("rdf:parseType=\"Triple\" must hold one statement, this holds " + std::to_string(graph.size()));
      }
      state(element, triple_term(graph[0].subject, graph[0].predicate, graph[0].object));
      break;
    }
    default:
      break;
  }
}

void RdfXmlReader::enter_scope(std::span<const XmlAttribute> attributes) {
  Scope inner = scope();
  bool changed = false;
  for (const XmlAttribute& attribute : attributes) {
    const XmlName& name = attribute.name;
    const bool is_version = is_rdf(name, "version") || (name.space.empty() && name.local == "version");
    if (is_version) {
      inner.version_1_2 = is_version_1_2(attribute.value);
      changed = true;
    }
  }
  for (const XmlAttribute& attribute : attributes) {
    const XmlName& name = attribute.name;
    if (name.space == kXmlNamespace && name.local == "base") {
      inner.base = resolve_iri(inner.base, attribute.value);
      if (!is_absolute_iri(inner.base)) fail("the base '" + inner.base + "' is relative, and no other is known");
    } else if (name.space == kXmlNamespace && name.local == "lang") {
      if (!attribute.value.empty() && !is_well_formed_language_tag(attribute.value)) {
        fail("'" + std::string(attribute.value) + "' is not a well-formed language tag (BCP 47)");
      }
      inner.language = attribute.value;
    } else if (name.space == kItsNamespace && name.local == "dir" && inner.version_1_2) {
      if (attribute.value == "ltr") {
        inner.direction = Direction::ltr;
      } else if (attribute.value == "rtl") {
        inner.direction = Direction::rtl;
      } else if (attribute.value.empty()) {
        inner.direction = Direction::none;
      } else {
        fail("its:dir is 'ltr', 'rtl' or empty");
      }
    } else {
      continue;
    }
    changed = true;
  }
  if (!changed) return;
  if (elements_.size() == 2 && !inner.base.empty() && inner.base != scope().base) sink_.base(inner.base);
  scopes_.push_back(std::move(inner));
  elements_.back().scope = scopes_.size() - 1;
}

RdfXmlReader::Attributes RdfXmlReader::sorted_out(std::span<const XmlAttribute> attributes) {
  Attributes found;
  const auto set = [this](std::optional<std::string_view>& place, const XmlAttribute& attribute) {
    if (place) fail("the attribute rdf:" + std::string(attribute.name.local) + " is there twice");
    place = attribute.value;
  };
  for (XmlAttribute attribute : attributes) {
    XmlName& name = attribute.name;
    if (name.space == kXmlNamespace || is_reserved(name.prefix)) continue;
    if (name.space.empty()) {
      constexpr std::array<std::string_view, 6> kUnqualified = {"ID",       "about", "parseType",
                                                                "resource", "type",  "version"};
      if (is_reserved(name.local)) continue;
      if (!is_among(kUnqualified, name.local)) {
        fail("the attribute '" + std::string(name.local) + "' has no namespace; is a prefix missing?");
      }
      name.space = rdf_vocabulary::kNamespace;
    }
    if (name.space == kItsNamespace && scope().version_1_2 && (name.local == "dir" || name.local == "version"))
      continue;
    if (name.space != rdf_vocabulary::kNamespace) {
      found.properties.push_back(attribute);
    } else if (name.local == "version") {
      continue;
    } else if (name.local == "ID") {
      set(found.id, attribute);
    } else if (name.local == "about") {
      set(found.about, attribute);
    } else if (name.local == "nodeID") {
      set(found.node_id, attribute);
    } else if (name.local == "resource") {
      set(found.resource, attribute);
    } else if (name.local == "datatype") {
      set(found.datatype, attribute);
    } else if (name.local == "parseType") {
      set(found.parse_type, attribute);
    } else if (name.local == "annotation") {
      set(found.annotation, attribute);
    } else if (name.local == "annotationNodeID") {
      set(found.annotation_node_id, attribute);
    } else if (is_among(kNoElements, name.local) || name.local == "Description" || name.local == "li") {
      fail("rdf:" + std::string(name.local) + " cannot be an attribute");
    } else {
      found.properties.push_back(attribute);
    }
  }
  return found;
}

void RdfXmlReader::node_element(const XmlName& name, const Attributes& attributes) {
  if (name.space == rdf_vocabulary::kNamespace && (is_among(kNoElements, name.local) || name.local == "li")) {
    fail("rdf:" + std::string(name.local) + " cannot be a node's element");
  }
  if (attributes.resource || attributes.datatype || attributes.parse_type || attributes.annotation ||
      attributes.annotation_node_id) {
    fail(
        "a node's element has rdf:about, rdf:ID or rdf:nodeID, and properties; other rdf: attributes belong to "
        "properties");
  }
  if ((attributes.id ? 1 : 0) + (attributes.about ? 1 : 0) + (attributes.node_id ? 1 : 0) > 1) {
    fail("a node has one of rdf:about, rdf:ID and rdf:nodeID");
  }

  Term subject;
  if (attributes.id) {
    subject = named_by_id(*attributes.id);
  } else if (attributes.about) {
    subject = resolved(*attributes.about);
  } else if (attributes.node_id) {
    subject = node_named(*attributes.node_id);
  } else {
    subject = fresh_blank();
  }
  elements_.back().content = Content::properties;
  elements_.back().subject = subject;
  place_node(subject);
  if (!is_rdf(name, "Description")) emit(subject, rdf_type(), name_iri(name));
  property_attributes(subject, attributes);
}

// Says what a node is to the element around it.
void RdfXmlReader::place_node(const Term& node) {
  Element& around = parent();
  switch (around.content) {
    case Content::object:
      if (around.datatype) fail("a property with rdf:datatype holds text alone");
      if (!is_space(around.text)) fail("text and an element cannot both be a property's value");
      if (around.object) fail("a property's element holds one node; this is the second");
      around.object = node;
      state(around, node);
      break;
    case Content::collection: {
      const Term cell = fresh_blank();
      if (around.last_cell) {
        emit(around.last_cell, iri(rdf_vocabulary::kRest), cell);
      } else {
        state(around, cell);
      }
      emit(cell, iri(rdf_vocabulary::kFirst), node);
      around.last_cell = cell;
      break;
    }
    default:
      break;
  }
}

void RdfXmlReader::property_element(const XmlName& name, const Attributes& attributes) {
  Element& element = elements_.back();
  if (name.space == rdf_vocabulary::kNamespace && (is_among(kNoElements, name.local) || name.local == "Description")) {
    fail("rdf:" + std::string(name.local) + " cannot be a property's element");
  }
  check_property_attributes(attributes);
  element.predicate = is_rdf(name, "li") ? iri(rdf("_" + std::to_string(++parent().members))) : name_iri(name);
  element.subject = parent().subject;
  if (attributes.id) element.reification = named_by_id(*attributes.id);
  if (attributes.annotation) element.annotation = resolved(*attributes.annotation);
  if (attributes.annotation_node_id) element.annotation = node_named(*attributes.annotation_node_id);

  if (attributes.parse_type) return property_with_parse_type(element, attributes);
  if (!attributes.resource && !attributes.node_id && attributes.properties.empty()) {
    if (attributes.datatype) element.datatype = resolved(*attributes.datatype);
    const std::string& type = element.datatype.value();
    if (type == rdf_vocabulary::kLangString || type == rdf_vocabulary::kDirLangString) {
      fail("a literal with a language is written with xml:lang, without rdf:datatype");
    }
    element.content = Content::object;
    return;
  }
  const Term object = attributes.resource  ? resolved(*attributes.resource)
                      : attributes.node_id ? node_named(*attributes.node_id)
                                           : fresh_blank();
  element.content = Content::nothing;
  state(element, object);
  property_attributes(object, attributes);
}

void RdfXmlReader::check_property_attributes(const Attributes& attributes) {
  if (attributes.about) fail("rdf:about belongs to a node's element; a property has rdf:resource");
  const int values = (attributes.resource ? 1 : 0) + (attributes.node_id ? 1 : 0) + (attributes.datatype ? 1 : 0);
  if (values > 1) fail("a property has one of rdf:resource, rdf:nodeID and rdf:datatype");
  if (attributes.annotation && attributes.annotation_node_id) {
    fail("a property has one of rdf:annotation and rdf:annotationNodeID");
  }
  if (attributes.parse_type && (values > 0 || !attributes.properties.empty())) {
    fail("a property with rdf:parseType has its value inside, not in attributes");
  }
  if (attributes.datatype && !attributes.properties.empty()) {
    fail("a property with rdf:datatype holds text, which has no properties");
  }
}

void RdfXmlReader::property_with_parse_type(Element& element, const Attributes& attributes) {
  const std::string_view type = *attributes.parse_type;
  if (type == "Resource") {
    const Term node = fresh_blank();
    element.content = Content::properties;
    state(element, node);
    element.subject = node;
  } else if (type == "Collection") {
    element.content = Content::collection;
  } else if (type == "Triple") {
    if (!scope().version_1_2) return;
    element.content = Content::triple;
    graphs_.emplace_back();
  } else {
    element.content = Content::literal;
  }
}

void RdfXmlReader::property_attributes(const Term& subject, const Attributes& attributes) {
  for (const XmlAttribute& attribute : attributes.properties) {
    if (is_rdf(attribute.name, "type")) {
      emit(subject, rdf_type(), resolved(attribute.value));
    } else {
      emit(subject, name_iri(attribute.name), plain_literal(attribute.value));
    }
  }
}

// --- Statements ---

void RdfXmlReader::state(const Element& element, const Term& object) {
  emit(element.subject, element.predicate, object);
  if (element.reification) {
    emit(element.reification, rdf_type(), iri(rdf("Statement")));
    emit(element.reification, iri(rdf("subject")), element.subject);
    emit(element.reification, iri(rdf("predicate")), element.predicate);
    emit(element.reification, iri(rdf("object")), object);
  }
  if (element.annotation) {
    emit(element.annotation, iri(rdf_vocabulary::kReifies), triple_term(element.subject, element.predicate, object));
  }
}

void RdfXmlReader::emit(const Term& subject, const Term& predicate, const Term& object) {
  if (!graphs_.empty()) {
    graphs_.back().push_back({subject, predicate, object});
    return;
  }
  sink_.quad({subject.view(), predicate.view(), object.view(), {}});
  if ((++statements_ & kProgressMask) == 0 && !sink_.progress(parser_.offset())) {
    throw Error(ErrorCode::cancelled, "reading was cancelled");
  }
}

// --- Terms ---

Term RdfXmlReader::resolved(std::string_view reference) {
  if (is_absolute_iri(reference)) return checked_iri(std::string(reference));
  if (scope().base.empty()) {
    fail("the IRI '" + std::string(reference) + "' is relative, and no base is known; set one with xml:base");
  }
  return checked_iri(resolve_iri(scope().base, reference));
}

Term RdfXmlReader::checked_iri(std::string text) {
  try {
    return iri(text);
  } catch (const Error& error) {
    fail(error.message());
  }
}

Term RdfXmlReader::name_iri(const XmlName& name) {
  if (name.space.empty()) fail("'" + std::string(name.local) + "' has no namespace; is a prefix missing?");
  return checked_iri(std::string(name.space).append(name.local));
}

Term RdfXmlReader::named_by_id(std::string_view id) {
  if (!is_nc_name(id)) fail("'" + std::string(id) + "' is no name, so it cannot be an rdf:ID");
  Term term = resolved("#" + std::string(id));
  if (!ids_.insert(term.value()).second) fail("the rdf:ID '" + std::string(id) + "' was given before");
  return term;
}

// The space keeps labels that are made apart from those that are written.
Term RdfXmlReader::node_named(std::string_view id) {
  if (!is_nc_name(id)) fail("'" + std::string(id) + "' is no name, so it cannot be an rdf:nodeID");
  return blank(id);
}

Term RdfXmlReader::fresh_blank() {
  return blank("b " + std::to_string(++blanks_));
}

Term RdfXmlReader::plain_literal(std::string_view text) {
  return scope().language.empty() ? literal(text) : lang_literal(text, scope().language, scope().direction);
}

void RdfXmlReader::fail(std::string message, ErrorCode code) {
  throw parser_.error(std::move(message), code);
}

}  // namespace akyn::rdf

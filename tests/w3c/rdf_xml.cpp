#include "tests/w3c/rdf_xml.h"

#include <map>
#include <string_view>
#include <utility>

#include <pugixml.hpp>

#include <akyn/error.h>
#include "engine/term/vocabulary.h"
#include "parser/text/iri.h"

namespace akyn::w3c {

namespace {

std::string rdf(std::string_view name) {
  return std::string(rdf_vocabulary::kNamespace) + std::string(name);
}

// What an element inherits from those around it.
struct Scope {
  std::map<std::string, std::string> namespaces;
  std::string base;
  std::string language;
};

class Reader {
 public:
  explicit Reader(std::string base) { root_.base = std::move(base); }

  std::vector<Quad> read(const pugi::xml_document& document) {
    const pugi::xml_node top = document.document_element();
    const Scope scope = entered(root_, top);
    if (name_of(top.name(), scope) == rdf("RDF")) {
      for (const auto& child : top.children()) {
        if (child.type() == pugi::node_element) (void)node(child, scope);
      }
    } else {
      (void)node(top, root_);
    }
    return std::move(quads_);
  }

 private:
  static Scope entered(Scope scope, const pugi::xml_node& element) {
    for (const auto& attribute : element.attributes()) {
      const std::string_view name = attribute.name();
      if (name == "xmlns") scope.namespaces[""] = attribute.value();
      if (name.starts_with("xmlns:")) scope.namespaces[std::string(name.substr(6))] = attribute.value();
      if (name == "xml:base") scope.base = attribute.value();
      if (name == "xml:lang") scope.language = attribute.value();
    }
    return scope;
  }

  static std::string name_of(std::string_view name, const Scope& scope) {
    const std::size_t colon = name.find(':');
    const std::string prefix(colon == std::string_view::npos ? "" : name.substr(0, colon));
    const auto space = scope.namespaces.find(prefix);
    if (space == scope.namespaces.end()) throw Error(ErrorCode::syntax, "no namespace for " + std::string(name));
    return space->second + std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
  }

  static Term resolved(const Scope& scope, std::string_view reference) {
    return iri(resolve_iri(scope.base, reference));
  }

  Term fresh() { return blank("rdfxml " + std::to_string(blanks_++)); }
  void add(const Term& subject, const std::string& predicate, const Term& object) {
    quads_.push_back({subject, iri(predicate), object, Term()});
  }
  static Term text_of(const std::string& text, const Scope& scope) {
    return scope.language.empty() ? literal(text) : lang_literal(text, scope.language);
  }

  // Attributes that are neither XML's nor RDF's own, by IRI; rdf:type among them.
  static std::vector<std::pair<std::string, std::string>> properties_of(const pugi::xml_node& element,
                                                                        const Scope& scope) {
    std::vector<std::pair<std::string, std::string>> result;
    for (const auto& attribute : element.attributes()) {
      const std::string_view name = attribute.name();
      if (name.starts_with("xml") || name.find(':') == std::string_view::npos) continue;
      const std::string property = name_of(name, scope);
      const bool is_syntax = property.starts_with(rdf_vocabulary::kNamespace) && property != rdf_vocabulary::kType;
      if (!is_syntax) result.emplace_back(property, attribute.value());
    }
    return result;
  }
  void add_properties(const Term& subject, const pugi::xml_node& element, const Scope& scope) {
    for (const auto& [property, value] : properties_of(element, scope)) {
      add(subject, property, property == rdf_vocabulary::kType ? resolved(scope, value) : text_of(value, scope));
    }
  }
  static std::string attribute(const pugi::xml_node& element, const Scope& scope, std::string_view local, bool& found) {
    for (const auto& candidate : element.attributes()) {
      const std::string_view name = candidate.name();
      if (name.starts_with("xml") || name.find(':') == std::string_view::npos) continue;
      if (name_of(name, scope) != rdf(local)) continue;
      found = true;
      return candidate.value();
    }
    found = false;
    return {};
  }

  Term node(const pugi::xml_node& element, const Scope& outer) {
    const Scope scope = entered(outer, element);
    bool found = false;
    Term subject;
    if (const std::string about = attribute(element, scope, "about", found); found) {
      subject = resolved(scope, about);
    } else if (const std::string id = attribute(element, scope, "ID", found); found) {
      subject = resolved(scope, '#' + id);
    } else if (const std::string label = attribute(element, scope, "nodeID", found); found) {
      subject = blank(label);
    } else {
      subject = fresh();
    }
    const std::string type = name_of(element.name(), scope);
    if (type != rdf("Description")) add(subject, std::string(rdf_vocabulary::kType), iri(type));
    add_properties(subject, element, scope);
    properties(subject, element, scope);
    return subject;
  }

  void properties(const Term& subject, const pugi::xml_node& element, const Scope& scope) {
    int members = 0;
    for (const auto& child : element.children()) {
      if (child.type() != pugi::node_element) continue;
      const Scope inner = entered(scope, child);
      std::string predicate = name_of(child.name(), inner);
      if (predicate == rdf("li")) predicate = rdf("_" + std::to_string(++members));
      add(subject, predicate, object(child, inner));
    }
  }

  Term object(const pugi::xml_node& element, const Scope& scope) {
    bool found = false;
    if (const std::string kind = attribute(element, scope, "parseType", found); found) {
      if (kind == "Collection") return collection(element, scope);
      if (kind != "Resource") throw Error(ErrorCode::unsupported, "rdf:parseType=\"" + kind + '"');
      const Term node_of = fresh();
      properties(node_of, element, scope);
      return node_of;
    }
    if (const std::string datatype = attribute(element, scope, "datatype", found); found) {
      return typed_literal(element.child_value(), resolved(scope, datatype).value());
    }
    Term target;
    if (const std::string resource = attribute(element, scope, "resource", found); found) {
      target = resolved(scope, resource);
    } else if (const std::string label = attribute(element, scope, "nodeID", found); found) {
      target = blank(label);
    }
    for (const auto& child : element.children()) {
      if (child.type() == pugi::node_element) return node(child, scope);
    }
    if (!target && properties_of(element, scope).empty()) return text_of(element.child_value(), scope);
    if (!target) target = fresh();
    add_properties(target, element, scope);
    return target;
  }

  Term collection(const pugi::xml_node& element, const Scope& scope) {
    std::vector<Term> items;
    for (const auto& child : element.children()) {
      if (child.type() == pugi::node_element) items.push_back(node(child, scope));
    }
    Term rest = iri(rdf_vocabulary::kNil);
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
      const Term cell = fresh();
      add(cell, std::string(rdf_vocabulary::kFirst), *item);
      add(cell, std::string(rdf_vocabulary::kRest), rest);
      rest = cell;
    }
    return rest;
  }

  Scope root_;
  std::vector<Quad> quads_;
  int blanks_ = 0;
};

}  // namespace

std::vector<Quad> read_rdf_xml(const std::string& text, const std::string& base_iri) {
  pugi::xml_document document;
  const auto options = pugi::parse_default | pugi::parse_ws_pcdata_single;
  if (const auto result = document.load_string(text.c_str(), options); !result) {
    throw Error(ErrorCode::syntax, std::string("not XML: ") + result.description());
  }
  return Reader(base_iri).read(document);
}

}  // namespace akyn::w3c

// SPARQL 1.2 Query Results XML Format.

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <pugixml.hpp>

#include <akyn/error.h>
#include "engine/results/reader.h"
#include "parser/text/location.h"

namespace akyn::results {
namespace {

constexpr int kMaximalDepth = 500;

// The part after the namespace prefix: documents may bind any prefix to the result namespace.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class XmlReader {
 public:
  XmlReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  ResultSet read() {
    pugi::xml_document document;
    // Whitespace is part of a literal; an element that holds only whitespace too.
    const pugi::xml_parse_result parsed = document.load_buffer(
        text_.data(), text_.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8);
    if (!parsed) fail(static_cast<std::size_t>(parsed.offset), parsed.description());
    const pugi::xml_node root = document.document_element();
    if (local_name(root) != "sparql") fail(offset(root), "expected the element <sparql>");

    ResultSet set;
    const pugi::xml_node boolean = child(root, "boolean");
    if (boolean) {
      const std::string value = text_of(boolean);
      if (value != "true" && value != "false") fail(offset(boolean), "<boolean> must hold true or false");
      set.boolean = value == "true";
      return set;
    }
    for (const pugi::xml_node& variable : need(root, "head").children()) {
      if (local_name(variable) == "variable") set.variables.emplace_back(attribute(variable, "name"));
    }
    for (const pugi::xml_node& result : need(root, "results").children()) {
      if (local_name(result) != "result") continue;
      std::vector<Term>& row = set.rows.emplace_back(set.variables.size());
      for (const pugi::xml_node& binding : result.children()) {
        if (local_name(binding) != "binding") continue;
        const std::string_view name = attribute(binding, "name");
        const auto column = std::find(set.variables.begin(), set.variables.end(), name);
        if (column == set.variables.end()) {
          fail(offset(binding), fmt::format("'{}' is not among the variables of the head", name));
        }
        row[static_cast<std::size_t>(column - set.variables.begin())] = term(first_element(binding), 0);
      }
    }
    return set;
  }

 private:
  [[noreturn]] void fail(std::size_t at, const std::string& message) const {
    throw Error(ErrorCode::syntax, message, locate(text_, at, 1, source_));
  }

  static std::size_t offset(const pugi::xml_node& node) {
    return static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 0));
  }

  // Comments and CDATA sections split the text into several nodes.
  static std::string text_of(const pugi::xml_node& node) {
    std::string text;
    for (const pugi::xml_node& part : node.children()) {
      if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) text += part.value();
    }
    return text;
  }

  static pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
    return node.find_child([name](const pugi::xml_node& candidate) { return local_name(candidate) == name; });
  }

  pugi::xml_node need(const pugi::xml_node& node, std::string_view name) const {
    const pugi::xml_node found = child(node, name);
    if (!found) fail(offset(node), fmt::format("expected an element <{}> inside this one", name));
    return found;
  }

  pugi::xml_node first_element(const pugi::xml_node& node) const {
    const pugi::xml_node found =
        node.find_child([](const pugi::xml_node& candidate) { return candidate.type() == pugi::node_element; });
    if (!found) fail(offset(node), "expected a term inside this element");
    return found;
  }

  std::string_view attribute(const pugi::xml_node& node, const char* name) const {
    const pugi::xml_attribute found = node.attribute(name);
    if (!found) fail(offset(node), fmt::format("expected an attribute {}=\"...\"", name));
    return found.value();
  }

  Term term(const pugi::xml_node& node, int depth) const {
    if (depth > kMaximalDepth) fail(offset(node), "triple terms nest too deeply");
    try {
      const std::string_view kind = local_name(node);
      const std::string text = text_of(node);
      if (kind == "uri") return iri(text);
      if (kind == "bnode") return blank(text);
      if (kind == "literal") return literal_of(node, text);
      if (kind == "triple") {
        const auto part = [&](std::string_view name) { return term(first_element(need(node, name)), depth + 1); };
        return triple_term(part("subject"), part("predicate"), part("object"));
      }
    } catch (const Error& error) {
      if (error.location()) throw;
      fail(offset(node), error.message());
    }
    fail(offset(node), fmt::format("unknown term <{}>", node.name()));
  }

  Term literal_of(const pugi::xml_node& node, std::string_view text) const {
    if (const pugi::xml_attribute language = node.attribute("xml:lang")) {
      const std::string_view dir = node.attribute("its:dir").value();
      if (!dir.empty() && dir != "ltr" && dir != "rtl") fail(offset(node), "its:dir must be \"ltr\" or \"rtl\"");
      const Direction direction = dir.empty() ? Direction::none : dir == "ltr" ? Direction::ltr : Direction::rtl;
      return lang_literal(text, language.value(), direction);
    }
    if (const pugi::xml_attribute datatype = node.attribute("datatype")) return typed_literal(text, datatype.value());
    return literal(text);
  }

  std::string_view text_;
  const std::string& source_;
};

}  // namespace

ResultSet read_xml(std::string_view text, const std::string& source_name) {
  return XmlReader(text, source_name).read();
}

}  // namespace akyn::results

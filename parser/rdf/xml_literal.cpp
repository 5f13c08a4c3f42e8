#include "parser/rdf/xml_literal.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace akyn::rdf {
namespace {

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";

std::string written(const XmlName& name) {
  std::string text(name.prefix);
  if (!text.empty()) text += ':';
  return text.append(name.local);
}

void append_escaped(std::string& out, std::string_view text, bool in_attribute) {
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>' && !in_attribute) {
      out += "&gt;";
    } else if (c == '\r') {
      out += "&#xD;";
    } else if (c == '"' && in_attribute) {
      out += "&quot;";
    } else if (c == '\t' && in_attribute) {
      out += "&#x9;";
    } else if (c == '\n' && in_attribute) {
      out += "&#xA;";
    } else {
      out += c;
    }
  }
}

}  // namespace

void XmlLiteral::use(std::string_view prefix, std::string_view iri) {
  if (iri == kXmlNamespace) return;
  const auto known = std::find_if(declared_.rbegin(), declared_.rend(),
                                  [prefix](const Declaration& declaration) { return declaration.prefix == prefix; });
  const bool holds = known == declared_.rend() ? prefix.empty() && iri.empty() : known->iri == iri;
  if (!holds) declared_.push_back({std::string(prefix), std::string(iri)});
}

void XmlLiteral::start(const XmlName& name, std::span<const XmlAttribute> attributes) {
  const std::size_t before = declared_.size();
  use(name.prefix, name.space);
  for (const XmlAttribute& attribute : attributes) {
    if (!attribute.name.prefix.empty()) use(attribute.name.prefix, attribute.name.space);
  }
  std::sort(declared_.begin() + static_cast<std::ptrdiff_t>(before), declared_.end(),
            [](const Declaration& a, const Declaration& b) { return a.prefix < b.prefix; });

  open_.push_back({written(name), before});
  text_ += '<';
  text_ += open_.back().name;
  for (std::size_t i = before; i < declared_.size(); ++i) {
    text_ += declared_[i].prefix.empty() ? " xmlns" : " xmlns:";
    text_ += declared_[i].prefix;
    text_ += "=\"";
    append_escaped(text_, declared_[i].iri, true);
    text_ += '"';
  }
  std::vector<XmlAttribute> sorted(attributes.begin(), attributes.end());
  std::sort(sorted.begin(), sorted.end(), [](const XmlAttribute& a, const XmlAttribute& b) {
    return std::tie(a.name.space, a.name.local) < std::tie(b.name.space, b.name.local);
  });
  for (const XmlAttribute& attribute : sorted) {
    text_ += ' ';
    text_ += written(attribute.name);
    text_ += "=\"";
    append_escaped(text_, attribute.value, true);
    text_ += '"';
  }
  text_ += '>';
}

void XmlLiteral::end() {
  text_ += "</";
  text_ += open_.back().name;
  text_ += '>';
  declared_.resize(open_.back().declarations);
  open_.pop_back();
}

void XmlLiteral::text(std::string_view text) {
  append_escaped(text_, text, false);
}

void XmlLiteral::comment(std::string_view text) {
  text_ += "<!--";
  text_ += text;
  text_ += "-->";
}

void XmlLiteral::instruction(std::string_view target, std::string_view data) {
  text_ += "<?";
  text_ += target;
  if (!data.empty()) text_ += ' ';
  text_ += data;
  text_ += "?>";
}

std::string XmlLiteral::take() {
  return std::exchange(text_, {});
}

}  // namespace akyn::rdf

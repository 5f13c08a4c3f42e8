// SPARQL 1.2 Query Results XML Format.

#include <string>
#include <string_view>

#include <fmt/format.h>

#include <akyn/error.h>
#include "engine/results/buffered_writer.h"
#include "engine/term/byte_scan.h"

namespace akyn::results {
namespace {

[[noreturn]] void refuse(unsigned code_point) {
  throw Error(
      ErrorCode::unsupported,
      fmt::format("a value holds the character U+{:04X}, which XML cannot express; use another format", code_point));
}

// XML 1.0 section 2.2 and 2.11: a carriage return survives only as a reference, and so do tabs and
// line feeds in attributes; other controls, U+FFFE and U+FFFF have no form at all.
void append_text(std::string& out, std::string_view text, bool attribute) {
  const auto special = [](auto c) {
    return (c < 0x20) | (c == '&') | (c == '<') | (c == '>') | (c == '"') | (c == 0xEF);
  };
  std::size_t copied = 0;
  for (;;) {
    const std::size_t i = find_special(text, copied, special);
    out.append(text, copied, i - copied);
    if (i == text.size()) return;
    copied = i + 1;
    switch (const char c = text[i]; c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += attribute ? "&quot;" : "\"";
        break;
      case '\r':
        out += "&#xD;";
        break;
      case '\n':
        out += attribute ? "&#xA;" : "\n";
        break;
      case '\t':
        out += attribute ? "&#x9;" : "\t";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) refuse(byte);
        if (byte == 0xEF && text.substr(i, 2) == "\xEF\xBF" && i + 2 < text.size()) {
          const auto last = static_cast<unsigned char>(text[i + 2]);
          if (last >= 0xBE) refuse(0xFFC0U + last - 0x80U);
        }
        out += c;
      }
    }
  }
}

void append_element(std::string& out, std::string_view name, std::string_view text) {
  ((out += '<') += name) += '>';
  append_text(out, text, false);
  ((out += "</") += name) += '>';
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  ((out += ' ') += name) += "=\"";
  append_text(out, value, true);
  out += '"';
}

// Section 2.3.1, Variable Binding Results.
void append_term(std::string& out, const TermView& term) {
  switch (term.kind) {
    case TermKind::none:
      return;
    case TermKind::iri:
      append_element(out, "uri", term.value);
      return;
    case TermKind::blank:
      append_element(out, "bnode", term.value);
      return;
    case TermKind::triple:
      out += "<triple><subject>";
      append_term(out, term.triple->subject);
      out += "</subject><predicate>";
      append_term(out, term.triple->predicate);
      out += "</predicate><object>";
      append_term(out, term.triple->object);
      out += "</object></triple>";
      return;
    case TermKind::literal:
      break;
  }
  out += "<literal";
  if (!term.language.empty()) {
    append_attribute(out, "xml:lang", term.language);
    if (term.direction != Direction::none) {
      append_attribute(out, "xmlns:its", "http://www.w3.org/2005/11/its");
      append_attribute(out, "its:version", "2.0");
      append_attribute(out, "its:dir", term.direction == Direction::ltr ? "ltr" : "rtl");
    }
  } else if (!term.datatype.empty()) {
    append_attribute(out, "datatype", term.datatype);
  }
  out += '>';
  append_text(out, term.value, false);
  out += "</literal>";
}

class XmlWriter final : public BufferedWriter {
 public:
  using BufferedWriter::BufferedWriter;

  void begin(const std::vector<std::string>& variables) override {
    (text() += kOpen) += "  <head>\n";
    for (const std::string& name : variables) {
      std::string attribute;
      append_attribute(attribute, "name", name);
      ((text() += "    <variable") += attribute) += "/>\n";
      bindings_.push_back("      <binding" + attribute + '>');
    }
    text() += "  </head>\n  <results>\n";
  }

  void append_text(std::string& out, const TermView& term) const override { append_term(out, term); }

 private:
  static constexpr std::string_view kOpen =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sparql xmlns=\"http://www.w3.org/2005/sparql-results#\">\n";

  void write_row(std::span<const std::string_view> texts) override {
    text() += "    <result>\n";
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].empty()) continue;
      ((text() += bindings_[i]) += texts[i]) += "</binding>\n";
    }
    text() += "    </result>\n";
  }

  void write_end() override { text() += "  </results>\n</sparql>\n"; }

  void write_boolean(bool answer) override {
    (((text() += kOpen) += "  <head/>\n  <boolean>") += answer ? "true" : "false") += "</boolean>\n</sparql>\n";
  }

  std::vector<std::string> bindings_;  // the opening tag of each variable
};

}  // namespace

std::unique_ptr<ResultWriter> make_xml_writer(std::ostream& out) {
  return std::make_unique<XmlWriter>(out);
}

}  // namespace akyn::results

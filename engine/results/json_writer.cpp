// SPARQL 1.2 Query Results JSON Format.

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/results/buffered_writer.h"
#include "engine/term/byte_scan.h"

namespace akyn::results {
namespace {

// RFC 8259 section 7. UTF-8 passes as it is.
void append_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto special = [](auto c) { return (c < 0x20) | (c == '"') | (c == '\\'); };
  out += '"';
  std::size_t copied = 0;
  for (;;) {
    const std::size_t i = find_special(text, copied, special);
    out.append(text, copied, i - copied);
    if (i == text.size()) break;
    copied = i + 1;
    switch (text[i]) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(text[i]);
        out += "\\u00";
        out += kHex[byte >> 4];
        out += kHex[byte & 15];
      }
    }
  }
  out += '"';
}

// Section 3.2.2, Encoding RDF terms.
void append_term(std::string& out, const TermView& term) {
  switch (term.kind) {
    case TermKind::none:
      return;
    case TermKind::iri:
      out += R"({"type":"uri","value":)";
      append_string(out, term.value);
      break;
    case TermKind::blank:
      out += R"({"type":"bnode","value":)";
      append_string(out, term.value);
      break;
    case TermKind::triple:
      out += R"({"type":"triple","value":{"subject":)";
      append_term(out, term.triple->subject);
      out += R"(,"predicate":)";
      append_term(out, term.triple->predicate);
      out += R"(,"object":)";
      append_term(out, term.triple->object);
      out += '}';
      break;
    case TermKind::literal:
      out += R"({"type":"literal","value":)";
      append_string(out, term.value);
      if (!term.language.empty()) {
        out += R"(,"xml:lang":)";
        append_string(out, term.language);
        if (term.direction != Direction::none) {
          out += term.direction == Direction::ltr ? R"(,"its:dir":"ltr")" : R"(,"its:dir":"rtl")";
        }
      } else if (!term.datatype.empty()) {
        out += R"(,"datatype":)";
        append_string(out, term.datatype);
      }
      break;
  }
  out += '}';
}

class JsonWriter final : public BufferedWriter {
 public:
  using BufferedWriter::BufferedWriter;

  void begin(const std::vector<std::string>& variables) override {
    text() += R"({"head":{"vars":[)";
    for (const std::string& name : variables) {
      if (!keys_.empty()) text() += ',';
      std::string key;
      append_string(key, name);
      text() += key;
      keys_.push_back(key + ':');
    }
    text() += R"(]},"results":{"bindings":[)";
  }

  void append_text(std::string& out, const TermView& term) const override { append_term(out, term); }

 private:
  void write_row(std::span<const std::string_view> texts) override {
    text() += first_ ? "\n{" : ",\n{";
    first_ = false;
    bool first_binding = true;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].empty()) continue;
      if (!first_binding) text() += ',';
      first_binding = false;
      (text() += keys_[i]) += texts[i];
    }
    text() += '}';
  }

  void write_end() override { text() += first_ ? "]}}\n" : "\n]}}\n"; }

  void write_boolean(bool answer) override {
    ((text() += R"({"head":{},"boolean":)") += answer ? "true" : "false") += "}\n";
  }

  std::vector<std::string> keys_;  // quoted, with the colon
  bool first_ = true;
};

}  // namespace

std::unique_ptr<ResultWriter> make_json_writer(std::ostream& out) {
  return std::make_unique<JsonWriter>(out);
}

}  // namespace akyn::results

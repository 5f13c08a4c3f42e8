// SPARQL 1.2 Query Results JSON Format.

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "engine/results/writer.h"

namespace akyn::results {
namespace {

// RFC 8259 section 7. UTF-8 passes as it is.
void append_string(std::string& out, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  out += '"';
  for (const char c : text) {
    switch (c) {
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
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
          out += "\\u00";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
        } else {
          out += c;
        }
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

class JsonWriter final : public ResultWriter {
 public:
  explicit JsonWriter(std::ostream& out) : out_(out) {}

  void begin(const std::vector<std::string>& variables) override {
    std::string text = R"({"head":{"vars":[)";
    for (const std::string& name : variables) {
      if (!keys_.empty()) text += ',';
      std::string key;
      append_string(key, name);
      text += key;
      keys_.push_back(key + ':');
    }
    out_ << text << R"(]},"results":{"bindings":[)";
  }

  void row(std::span<const Term* const> terms) override {
    line_ = first_ ? "\n{" : ",\n{";
    first_ = false;
    bool first_binding = true;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (terms[i] == nullptr || !*terms[i]) continue;
      if (!first_binding) line_ += ',';
      first_binding = false;
      line_ += keys_[i];
      append_term(line_, terms[i]->view());
    }
    line_ += '}';
    out_ << line_;
  }

  void end() override { out_ << (first_ ? "]}}\n" : "\n]}}\n"); }

  void boolean(bool answer) override { out_ << R"({"head":{},"boolean":)" << (answer ? "true" : "false") << "}\n"; }

 private:
  std::ostream& out_;
  std::vector<std::string> keys_;  // quoted, with the colon
  std::string line_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<ResultWriter> make_json_writer(std::ostream& out) {
  return std::make_unique<JsonWriter>(out);
}

}  // namespace akyn::results

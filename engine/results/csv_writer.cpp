// SPARQL 1.2 Query Results CSV and TSV Formats.

#include <algorithm>
#include <string>
#include <string_view>

#include "engine/results/buffered_writer.h"
#include "engine/term/byte_scan.h"
#include "engine/term/vocabulary.h"

namespace akyn::results {
namespace {

// RFC 4180 section 2.
void append_csv(std::string& out, std::string_view text) {
  const auto special = [](auto c) { return (c == '"') | (c == ',') | (c == '\r') | (c == '\n'); };
  if (find_special(text, 0, special) == text.size()) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_value(std::string& out, const TermView& term);

// A literal stands between quotation marks, so that spaces in it separate nothing.
void append_object(std::string& out, const TermView& object) {
  if (object.kind != TermKind::literal) {
    append_value(out, object);
    return;
  }
  out += '"';
  for (const char c : object.value) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

// A value without what kind of term it is.
void append_value(std::string& out, const TermView& term) {
  if (term.kind == TermKind::triple) {
    const TripleView& triple = *term.triple;
    out += "<<( ";
    append_value(out, triple.subject);
    out += ' ';
    append_value(out, triple.predicate);
    out += ' ';
    append_object(out, triple.object);
    out += " )>>";
    return;
  }
  if (term.kind == TermKind::blank) out += "_:";
  out += term.value;
}

class CsvWriter final : public BufferedWriter {
 public:
  using BufferedWriter::BufferedWriter;

  void begin(const std::vector<std::string>& variables) override {
    for (const std::string& name : variables) {
      if (&name != variables.data()) text() += ',';
      append_csv(text(), name);
    }
    text() += "\r\n";
  }

  void append_text(std::string& out, const TermView& term) const override {
    if (term.kind == TermKind::triple) {
      std::string triple;
      append_value(triple, term);
      append_csv(out, triple);
      return;
    }
    if (term.kind == TermKind::blank) out += "_:";
    append_csv(out, term.value);
  }

 private:
  void write_row(std::span<const std::string_view> texts) override {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) text() += ',';
      text() += texts[i];
    }
    text() += "\r\n";
  }

  void write_end() override {}
  void write_boolean(bool answer) override { text() += answer ? "true\r\n" : "false\r\n"; }
};

// The lexical forms that Turtle reads back, without quotes, as the same term.
bool has_short_form(const TermView& term) {
  if (term.datatype.empty()) return false;
  std::string_view text = term.value;
  const auto skip_digits = [&text] {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(end);
    return end > 0;
  };
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  const bool whole = skip_digits();
  if (term.datatype == xsd::kInteger) return whole && text.empty();
  bool fraction = false;
  bool point = false;
  if (!text.empty() && text[0] == '.') {
    point = true;
    text.remove_prefix(1);
    fraction = skip_digits();
  }
  if (term.datatype == xsd::kDecimal) return point && fraction && text.empty();
  if (term.datatype != xsd::kDouble || !(whole || fraction)) return false;
  if (text.empty() || (text[0] != 'e' && text[0] != 'E')) return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return skip_digits() && text.empty();
}

class TsvWriter final : public BufferedWriter {
 public:
  using BufferedWriter::BufferedWriter;

  void begin(const std::vector<std::string>& variables) override {
    for (const std::string& name : variables) {
      if (&name != variables.data()) text() += '\t';
      (text() += '?') += name;
    }
    text() += '\n';
  }

  void append_text(std::string& out, const TermView& term) const override {
    if (term.kind == TermKind::literal && has_short_form(term)) {
      out += term.value;
    } else {
      append_ntriples(out, term);
    }
  }

 private:
  void write_row(std::span<const std::string_view> texts) override {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) text() += '\t';
      text() += texts[i];
    }
    text() += '\n';
  }

  void write_end() override {}
  void write_boolean(bool answer) override { text() += answer ? "true\n" : "false\n"; }
};

}  // namespace

std::unique_ptr<ResultWriter> make_csv_writer(std::ostream& out) {
  return std::make_unique<CsvWriter>(out);
}

std::unique_ptr<ResultWriter> make_tsv_writer(std::ostream& out) {
  return std::make_unique<TsvWriter>(out);
}

}  // namespace akyn::results

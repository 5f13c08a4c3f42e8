// SPARQL 1.2 Query Results CSV and TSV Formats.

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

#include "engine/results/writer.h"
#include "engine/term/vocabulary.h"

namespace akyn::results {
namespace {

// RFC 4180 section 2.
void append_csv(std::string& out, std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) {
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

void append_value(std::string& out, const Term& term);

// A literal stands between quotation marks, so that spaces in it separate nothing.
void append_object(std::string& out, const Term& object) {
  if (!object.is_literal()) {
    append_value(out, object);
    return;
  }
  out += '"';
  for (const char c : object.value()) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

// A value without what kind of term it is.
void append_value(std::string& out, const Term& term) {
  if (term.is_triple()) {
    const Triple& triple = term.triple();
    out += "<<( ";
    append_value(out, triple.subject);
    out += ' ';
    append_value(out, triple.predicate);
    out += ' ';
    append_object(out, triple.object);
    out += " )>>";
    return;
  }
  if (term.is_blank()) out += "_:";
  out += term.value();
}

class CsvWriter final : public ResultWriter {
 public:
  explicit CsvWriter(std::ostream& out) : out_(out) {}

  void begin(const std::vector<std::string>& variables) override {
    line_.clear();
    for (const std::string& name : variables) {
      if (&name != variables.data()) line_ += ',';
      append_csv(line_, name);
    }
    out_ << (line_ += "\r\n");
  }

  void row(std::span<const Term* const> terms) override {
    line_.clear();
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i > 0) line_ += ',';
      if (terms[i] == nullptr || !*terms[i]) continue;
      value_.clear();
      append_value(value_, *terms[i]);
      append_csv(line_, value_);
    }
    out_ << (line_ += "\r\n");
  }

  void end() override {}
  void boolean(bool answer) override { out_ << (answer ? "true\r\n" : "false\r\n"); }

 private:
  std::ostream& out_;
  std::string line_;
  std::string value_;
};

// The lexical forms that Turtle reads back, without quotes, as the same term.
bool has_short_form(const TermView& term) {
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

class TsvWriter final : public ResultWriter {
 public:
  explicit TsvWriter(std::ostream& out) : out_(out) {}

  void begin(const std::vector<std::string>& variables) override {
    line_.clear();
    for (const std::string& name : variables) {
      if (&name != variables.data()) line_ += '\t';
      (line_ += '?') += name;
    }
    out_ << (line_ += '\n');
  }

  void row(std::span<const Term* const> terms) override {
    line_.clear();
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i > 0) line_ += '\t';
      if (terms[i] == nullptr || !*terms[i]) continue;
      const TermView term = terms[i]->view();
      if (term.kind == TermKind::literal && has_short_form(term)) {
        line_ += term.value;
      } else {
        append_ntriples(line_, term);
      }
    }
    out_ << (line_ += '\n');
  }

  void end() override {}
  void boolean(bool answer) override { out_ << (answer ? "true\n" : "false\n"); }

 private:
  std::ostream& out_;
  std::string line_;
};

}  // namespace

std::unique_ptr<ResultWriter> make_csv_writer(std::ostream& out) {
  return std::make_unique<CsvWriter>(out);
}

std::unique_ptr<ResultWriter> make_tsv_writer(std::ostream& out) {
  return std::make_unique<TsvWriter>(out);
}

}  // namespace akyn::results

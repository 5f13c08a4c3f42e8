#include "parser/facts/fact_statements.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include <akyn/error.h>
#include "engine/term/vocabulary.h"
#include "parser/facts/fact_value.h"
#include "parser/rdf/chars.h"
#include "parser/rdf/language_tag.h"
#include "parser/rdf/term_text.h"
#include "parser/text/iri.h"

namespace akyn::facts {
namespace {

constexpr std::string_view kLabel = "http://www.w3.org/2000/01/rdf-schema#label";
constexpr std::size_t kLongestName = 120;  // code points

bool same_ignoring_case(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) { return rdf::ascii_lower(x) == y; });
}

bool is_long_text(std::string_view text) {
  if (text.find_first_of("\n\r") != std::string_view::npos) return true;
  const auto is_start = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return text.size() > kLongestName &&
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_start)) > kLongestName;
}

}  // namespace

Column column_named(std::string_view name, const FactOptions& options) {
  Column column;
  column.name = trimmed(name);
  const auto mapped = options.columns.find(column.name);
  const std::string_view meaning = mapped == options.columns.end() ? column.name : trimmed(mapped->second);
  constexpr std::array<std::pair<std::string_view, Role>, 8> kRoles = {{{"subject", Role::subject},
                                                                        {"predicate", Role::predicate},
                                                                        {"object", Role::object},
                                                                        {"graph", Role::graph},
                                                                        {"lang", Role::language},
                                                                        {"datatype", Role::datatype},
                                                                        {"ignore", Role::ignored},
                                                                        {"", Role::ignored}}};
  for (const auto& [word, role] : kRoles) {
    if (!same_ignoring_case(meaning, word)) continue;
    // "ignore" is a meaning, not a name.
    if (role == Role::ignored && mapped == options.columns.end() && !meaning.empty()) break;
    column.role = role;
    return column;
  }
  column.meaning = meaning;
  for (const std::string_view word : {"source", "date", "confidence"}) {
    if (same_ignoring_case(meaning, word)) column.meaning = word;
  }
  return column;
}

FactStatements::FactStatements(rdf::Input& input, const rdf::ReadOptions& options, const FactOptions& facts,
                               rdf::StatementSink& sink)
    : input_(input),
      sink_(sink),
      base_(options.base_iri.empty() ? facts.base_iri : options.base_iri),
      prefixes_(facts.prefixes),
      texts_(facts.texts),
      recent_(kRecent) {
  if (!base_.empty()) (void)iri(base_);
  for (const auto& [name, prefix_iri] : prefixes_) {
    (void)iri(prefix_iri);
    sink_.prefix(name, prefix_iri);
  }
}

void FactStatements::add(const Fact& fact) {
  labels_.clear();
  for (const auto& [cell, what] :
       {std::pair{&fact.subject, "subject"}, {&fact.predicate, "predicate"}, {&fact.object, "object"}}) {
    if (cell->text.empty()) fail(cell->offset, 1, std::string("the ") + what + " is empty");
  }
  Quad quad;
  quad.subject = node(fact.subject);
  quad.predicate = node(fact.predicate);
  if (!quad.predicate.is_iri()) fail(fact.predicate.offset, fact.predicate.text.size(), "a predicate is no blank node");
  quad.object = object(fact);
  if (!fact.graph.text.empty()) quad.graph = node(fact.graph);

  std::vector<Quad> annotations;
  for (const auto& [column, cell] : fact.annotations) {
    if (cell.text.empty()) continue;
    Cell meaning;
    meaning.text = column->meaning;
    meaning.offset = cell.offset;
    Quad annotation;
    annotation.predicate = node(meaning);
    annotation.object = value(cell, column->meaning == "source" ? Otherwise::name : Otherwise::text);
    annotation.graph = quad.graph;
    annotations.push_back(std::move(annotation));
  }
  const Term reifier = annotations.empty() ? Term() : reifier_of(quad, annotations, fact.subject);

  for (const Label& label : labels_) {
    const std::size_t hash = hash_value(label.iri.view()) * 31 + hash_value(quad.graph.view()) + 1;
    std::size_t& recent = recent_[hash % kRecent];
    if (recent == hash) continue;
    recent = hash;
    emit({label.iri, iri(kLabel), literal(label.text), quad.graph});
  }
  emit(quad);
  if (!reifier) return;
  emit({reifier, iri(rdf_vocabulary::kReifies), triple_term(quad.subject, quad.predicate, quad.object), quad.graph});
  for (Quad& annotation : annotations) {
    annotation.subject = reifier;
    emit(annotation);
  }
}

void FactStatements::emit(const Quad& quad) {
  sink_.quad({quad.subject.view(), quad.predicate.view(), quad.object.view(), quad.graph.view()});
}

void FactStatements::report(std::uint64_t offset) {
  if (!sink_.progress(offset)) throw Error(ErrorCode::cancelled, "reading was cancelled");
}

void FactStatements::fail(std::uint64_t offset, std::size_t length, std::string message) const {
  throw Error(ErrorCode::syntax, std::move(message), input_.location(offset, length));
}

// --- Terms ---

Term FactStatements::node(const Cell& cell) {
  Term term = reference(cell);
  return term ? term : named(cell.text, cell);
}

Term FactStatements::value(const Cell& cell, Otherwise otherwise) {
  if (!cell.datatype.empty()) return typed_literal(cell.text, cell.datatype);
  if (Term term = reference(cell)) return term;
  if (otherwise == Otherwise::name && !is_long_text(cell.text)) return named(cell.text, cell);
  if (std::optional<TypedText> typed = typed_value(cell.text)) return typed_literal(typed->text, typed->datatype);
  return literal(cell.text);
}

Term FactStatements::object(const Fact& fact) {
  const Cell& cell = fact.object;
  if (!fact.language.text.empty()) {
    if (!rdf::is_well_formed_language_tag(fact.language.text)) {
      fail(fact.language.offset, fact.language.text.size(),
           "'" + std::string(fact.language.text) + "' is not a well-formed language tag (BCP 47)");
    }
    return lang_literal(cell.text, fact.language.text);
  }
  const std::string_view datatype = fact.datatype.text;
  if (datatype == "name" || datatype == "iri") return node(cell);
  if (datatype == "text" || datatype == "string") return literal(cell.text);
  if (!datatype.empty()) {
    Term type = reference(fact.datatype);
    if (!type && datatype.starts_with("xsd:"))
      type = checked_iri(std::string(xsd::kNamespace).append(datatype.substr(4)), fact.datatype);
    if (!type) type = checked_iri(std::string(xsd::kNamespace).append(datatype), fact.datatype);
    try {
      return typed_literal(cell.text, type.value());
    } catch (const Error& error) {
      fail(fact.datatype.offset, datatype.size(), error.message());
    }
  }
  if (!cell.datatype.empty()) return typed_literal(cell.text, cell.datatype);
  if (Term term = reference(cell)) return term;
  if (is_text_predicate(fact.predicate.text) || is_long_text(cell.text)) return literal(cell.text);
  if (std::optional<TypedText> typed = typed_value(cell.text)) return typed_literal(typed->text, typed->datatype);
  return named(cell.text, cell);
}

Term FactStatements::reference(const Cell& cell) const {
  const std::string_view text = cell.text;
  if (text.starts_with('<') && text.ends_with('>') && text.size() > 2) {
    return checked_iri(std::string(text.substr(1, text.size() - 2)), cell);
  }
  if (text.starts_with("_:")) {
    if (!rdf::is_blank_label(text.substr(2))) fail(cell.offset, text.size(), "this is no label of a blank node");
    return blank(text.substr(2));
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  if (const auto prefix = prefixes_.find(std::string(text.substr(0, colon))); prefix != prefixes_.end()) {
    return checked_iri(prefix->second + std::string(text.substr(colon + 1)), cell);
  }
  const bool is_iri = (text.substr(colon).starts_with("://") || text.starts_with("urn:")) && is_absolute_iri(text);
  return is_iri ? checked_iri(std::string(text), cell) : Term();
}

Term FactStatements::checked_iri(std::string text, const Cell& cell) const {
  try {
    return iri(text);
  } catch (const Error& error) {
    fail(cell.offset, cell.text.size(), error.message());
  }
}

Term FactStatements::named(std::string_view name, const Cell& cell) {
  if (base_.empty()) {
    fail(cell.offset, cell.text.size(),
         "'" + std::string(name) + "' is a name, which needs a base to become an IRI (--base, LoadOptions::base_iri)");
  }
  if (!base_announced_) {
    sink_.prefix("", base_);
    sink_.prefix("rdfs", "http://www.w3.org/2000/01/rdf-schema#");
    sink_.prefix("xsd", xsd::kNamespace);
    base_announced_ = true;
  }
  std::string label = label_of(name);
  Term term = iri(base_ + local_name_of(label));
  labels_.push_back({term, std::move(label)});
  return term;
}

Term FactStatements::reifier_of(const Quad& fact, const std::vector<Quad>& annotations, const Cell& cell) const {
  std::string text;
  rdf::append_line(text, {fact.subject.view(), fact.predicate.view(), fact.object.view(), fact.graph.view()});
  std::vector<std::string> lines;
  for (const Quad& annotation : annotations) {
    std::string& line = lines.emplace_back();
    rdf::append_term(line, annotation.predicate.view());
    line += ' ';
    rdf::append_term(line, annotation.object.view());
    line += '\n';
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) text += line;

  constexpr std::size_t kUsed = 16;  // bytes of the digest: enough to tell any number of rows apart
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error(ErrorCode::internal, "SHA-256 is not to be had");
  }
  constexpr std::string_view kHex = "0123456789abcdef";
  if (base_.empty()) {
    fail(cell.offset, cell.text.size(),
         "a fact with annotations needs a base for its reifier (--base, LoadOptions::base_iri)");
  }
  std::string name = base_ + "fact-";
  for (std::size_t i = 0; i < kUsed; ++i) {
    name += kHex[digest[i] >> 4];
    name += kHex[digest[i] & 0xFU];
  }
  return iri(name);
}

}  // namespace akyn::facts

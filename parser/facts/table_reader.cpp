#include "parser/facts/table_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include <akyn/error.h>
#include "parser/facts/fact_value.h"
#include "parser/rdf/chars.h"
#include "parser/text/location.h"

namespace akyn::facts {
namespace {

constexpr std::uint64_t kProgressMask = 0x3FF;

}  // namespace

void TableReader::read() {
  at_ = input_.begin();
  read_header();
  for (std::uint64_t rows = 1;; ++rows) {
    bool has_row = false;
    try {
      if (!next_row()) break;
      has_row = true;
      read_fact();
    } catch (const Error& mistake) {
      if (!options_.on_mistake || !mistake.location() || input_.broken()) throw;
      options_.on_mistake(mistake);
      // Looking for the place may have moved the window.
      at_ = input_.at(has_row ? row_end_ : row_start_);
      if (!has_row) skip_line();
    }
    input_.release();
    if ((rows & kProgressMask) == 0) statements_.report(input_.offset(at_));
  }
  statements_.report(input_.offset(at_));
}

void TableReader::read_header() {
  while (input_.end() - at_ < 3 && extend()) {
  }
  if (std::string_view(at_, static_cast<std::size_t>(input_.end() - at_)).starts_with("\xEF\xBB\xBF")) at_ += 3;
  if (!next_row()) fail_at(at_, 1, "the first row must name the columns, and there is none");
  std::string names;
  for (std::size_t i = 0; i < cell_count_; ++i) {
    columns_.push_back(column_named(cells_[i].text(), facts_));
    names += (i == 0 ? "" : ", ") + columns_.back().name;
  }
  const auto has = [this](Role role) {
    return std::count_if(columns_.begin(), columns_.end(),
                         [role](const Column& column) { return column.role == role; });
  };
  constexpr std::array<std::pair<Role, std::string_view>, 6> kRoles = {{{Role::subject, "subject"},
                                                                        {Role::predicate, "predicate"},
                                                                        {Role::object, "object"},
                                                                        {Role::graph, "graph"},
                                                                        {Role::language, "lang"},
                                                                        {Role::datatype, "datatype"}}};
  for (const auto& [role, name] : kRoles) {
    const bool needed = role == Role::subject || role == Role::predicate || role == Role::object;
    if (needed && has(role) == 0) {
      std::vector<std::string> known;
      for (const Column& column : columns_) known.push_back(column.name);
      const std::string near = nearest_name(name, known);
      statements_.fail(row_start_, row_end_ - row_start_,
                       "no column is the " + std::string(name) + " (there are: " + names + ")" +
                           (near.empty() ? "" : "; is it '" + near + "'?") + "; --column NAME=" + std::string(name) +
                           " says which");
    }
    if (has(role) > 1) {
      statements_.fail(row_start_, row_end_ - row_start_, "more than one column is the " + std::string(name));
    }
  }
  input_.release();
}

void TableReader::read_fact() {
  if (cell_count_ != columns_.size()) {
    statements_.fail(
        row_start_, row_end_ - row_start_,
        "this row has " + std::to_string(cell_count_) + (cell_count_ == 1 ? " cell, " : " cells, ") + "but there are " +
            std::to_string(columns_.size()) + " columns" +
            (cell_count_ > columns_.size() ? "; a cell that holds a separator needs quotation marks" : ""));
  }
  Fact fact;
  for (std::size_t i = 0; i < cell_count_; ++i) {
    Cell cell;
    cell.text = trimmed(cells_[i].text());
    cell.offset = cells_[i].offset;
    switch (columns_[i].role) {
      case Role::subject:
        fact.subject = cell;
        break;
      case Role::predicate:
        fact.predicate = cell;
        break;
      case Role::object:
        fact.object = cell;
        break;
      case Role::graph:
        fact.graph = cell;
        break;
      case Role::language:
        fact.language = cell;
        break;
      case Role::datatype:
        fact.datatype = cell;
        break;
      case Role::annotation:
        fact.annotations.push_back({&columns_[i], cell});
        break;
      case Role::ignored:
        break;
    }
  }
  statements_.add(fact);
}

bool TableReader::next_row() {
  for (;;) {
    while (at_ != input_.end() && is_row_end(*at_)) ++at_;
    if (at_ != input_.end()) break;
    if (!extend()) return false;
  }
  row_start_ = input_.offset(at_);
  const char* at = at_;
  while (!read_row(at)) at = at_;
  row_end_ = input_.offset(at);
  check_utf8(at_, at);
  at_ = at;
  return true;
}

bool TableReader::read_row(const char*& at) {
  cell_count_ = 0;
  for (;;) {
    RawCell& cell = new_cell(at);
    if (at == input_.end() && extend()) return false;
    if (at != input_.end() && *at == '"') {
      if (!quoted_cell(at, cell)) return false;
    } else {
      const char* start = at;
      at = std::find_if(at, input_.end(), [this](char c) { return c == separator_ || is_row_end(c); });
      if (at == input_.end() && extend()) return false;
      cell.in_input = {start, static_cast<std::size_t>(at - start)};
    }
    if (at == input_.end() || is_row_end(*at)) return true;
    ++at;
  }
}

bool TableReader::quoted_cell(const char*& at, RawCell& cell) {
  const char* const opening = at++;
  const char* start = at;
  for (;;) {
    at = std::find(at, input_.end(), '"');
    if (input_.end() - at < 2 && extend()) return false;
    if (at == input_.end()) fail_at(opening, 1, "this cell has no closing quotation mark");
    if (input_.end() - at < 2 || at[1] != '"') break;
    if (!cell.has_quotes) cell.unquoted.clear();
    cell.has_quotes = true;
    cell.unquoted.append(start, at + 1);
    start = at += 2;
  }
  if (cell.has_quotes) cell.unquoted.append(start, at);
  cell.in_input = {start, static_cast<std::size_t>(at - start)};
  ++at;
  if (at != input_.end() && *at != separator_ && !is_row_end(*at)) {
    fail_at(at, 1, "the cell goes on behind its closing quotation mark; one within a cell is written twice");
  }
  return true;
}

TableReader::RawCell& TableReader::new_cell(const char* at) {
  if (cell_count_ == cells_.size()) cells_.emplace_back();
  RawCell& cell = cells_[cell_count_++];
  cell.has_quotes = false;
  cell.offset = input_.offset(at);
  return cell;
}

void TableReader::check_utf8(const char* begin, const char* end) {
  for (const char* at = begin; at != end;) {
    at = std::find_if_not(at, end, rdf::is_ascii);
    if (at == end) return;
    const rdf::Decoded c = rdf::decode_utf8(at, end);
    if (c.length == 0) fail_at(at, 1, "this is not valid UTF-8");
    at += c.length;
  }
}

void TableReader::skip_line() {
  for (;;) {
    at_ = std::find_if(at_, input_.end(), [this](char c) { return is_row_end(c); });
    if (at_ != input_.end() || !extend()) return;
    input_.release();
  }
}

void TableReader::fail_at(const char* at, std::size_t length, std::string message) {
  statements_.fail(input_.offset(at), length, std::move(message));
}

}  // namespace akyn::facts

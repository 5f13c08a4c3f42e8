#include "parser/facts/json_lines_reader.h"

#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include <akyn/error.h>
#include "engine/term/vocabulary.h"
#include "parser/facts/fact_value.h"

namespace akyn::facts {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kProgressMask = 0x3FF;

}  // namespace

// Takes an object's values as they come; nothing is built in between.
class JsonLinesReader::Handler final : public nlohmann::json_sax<Json> {
 public:
  Handler(JsonLinesReader& reader, Fact& fact) : reader_(reader), fact_(fact) {}

  bool null() override { return true; }
  bool boolean(bool value) override { return put(value ? "true" : "false", xsd::kBoolean); }
  bool number_integer(number_integer_t value) override { return put(std::to_string(value), xsd::kInteger); }
  bool number_unsigned(number_unsigned_t value) override { return put(std::to_string(value), xsd::kInteger); }
  // The text as written: an integer too large for 64 bits, a decimal or, with an exponent, a double.
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    if (text.find_first_of("eE") != string_t::npos) return put(text, xsd::kDouble);
    return put(text, text.find('.') == string_t::npos ? xsd::kInteger : xsd::kDecimal);
  }
  bool string(string_t& value) override { return put(std::move(value), {}); }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override {
    if (inside_) fail("an object cannot be a value here");
    inside_ = true;
    return true;
  }
  bool key(string_t& name) override {
    column_ = &reader_.column(name);
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*size*/) override {
    if (!inside_) fail("a line must be an object");
    if (column_->role != Role::annotation && column_->role != Role::ignored) {
      fail("'" + column_->name + "' has one value, not an array; annotations may have several");
    }
    if (in_array_) fail("an array cannot be a value within an array");
    in_array_ = true;
    return true;
  }
  bool end_array() override {
    in_array_ = false;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while ...": the end says what.
    std::string what = error.what();
    if (const std::size_t at = what.find(": "); at != std::string::npos) what.erase(0, at + 2);
    reader_.statements_.fail(reader_.line_start_ + (position == 0 ? 0 : position - 1), 1, "this is not JSON: " + what);
  }

 private:
  bool put(std::string text, std::string_view datatype) {
    if (!inside_) fail("a line must be an object");
    texts_.push_back(std::move(text));
    Cell cell;
    cell.text = trimmed(texts_.back());
    cell.datatype = datatype;
    cell.offset = reader_.line_start_;
    switch (column_->role) {
      case Role::subject:
        return once(fact_.subject, cell);
      case Role::predicate:
        return once(fact_.predicate, cell);
      case Role::object:
        return once(fact_.object, cell);
      case Role::graph:
        return once(fact_.graph, cell);
      case Role::language:
        return once(fact_.language, cell);
      case Role::datatype:
        return once(fact_.datatype, cell);
      case Role::annotation:
        fact_.annotations.push_back({column_, cell});
        return true;
      case Role::ignored:
        return true;
    }
    return true;
  }
  bool once(Cell& place, const Cell& cell) {
    if (!place.text.empty()) fail("'" + column_->name + "' is there twice");
    place = cell;
    return true;
  }
  [[noreturn]] void fail(std::string message) {
    reader_.statements_.fail(reader_.line_start_, reader_.line_end_ - reader_.line_start_, std::move(message));
  }

  JsonLinesReader& reader_;
  Fact& fact_;
  const Column* column_ = nullptr;
  bool inside_ = false;
  bool in_array_ = false;
  std::deque<std::string> texts_;  // what the fact's cells view
};

void JsonLinesReader::read() {
  at_ = input_.begin();
  while (input_.end() - at_ < 3 && input_.extend(at_)) {
  }
  if (std::string_view(at_, static_cast<std::size_t>(input_.end() - at_)).starts_with("\xEF\xBB\xBF")) at_ += 3;
  std::string_view line;
  for (std::uint64_t lines = 1; next_line(line); ++lines) {
    try {
      if (!trimmed(line).empty()) read_fact(line);
    } catch (const Error& mistake) {
      if (!options_.on_mistake || !mistake.location() || input_.broken()) throw;
      options_.on_mistake(mistake);
    }
    at_ = input_.at(line_end_);
    input_.release();
    if ((lines & kProgressMask) == 0) statements_.report(line_end_);
  }
  statements_.report(input_.offset(at_));
}

bool JsonLinesReader::next_line(std::string_view& line) {
  if (at_ != input_.end() && *at_ == '\n') ++at_;
  const char* end = at_;
  for (;;) {
    const std::ptrdiff_t seen = end - at_;
    end = std::find(at_ + seen, input_.end(), '\n');
    if (end != input_.end()) break;
    const std::ptrdiff_t all = input_.end() - at_;
    if (!input_.extend(at_)) break;
    end = at_ + all;
  }
  line = {at_, static_cast<std::size_t>(end - at_)};
  line_start_ = input_.offset(at_);
  line_end_ = input_.offset(end);
  return end != input_.end() || !line.empty();
}

void JsonLinesReader::read_fact(std::string_view line) {
  Fact fact;
  Handler handler(*this, fact);
  static_cast<void>(Json::sax_parse(line.begin(), line.end(), &handler));
  for (Cell* cell : {&fact.subject, &fact.predicate, &fact.object}) cell->offset = line_start_;
  statements_.add(fact);
}

const Column& JsonLinesReader::column(std::string_view key) {
  const auto [found, is_new] = columns_.try_emplace(std::string(key));
  if (is_new) found->second = column_named(key, facts_);
  return found->second;
}

}  // namespace akyn::facts

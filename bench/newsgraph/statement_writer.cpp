#include "bench/newsgraph/statement_writer.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>

namespace akyn::newsgraph {
namespace {

constexpr std::string_view kThings = "<http://news.example.org/";
constexpr std::string_view kVocabulary = "<http://news.example.org/v/";
constexpr std::string_view kRdf = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#";
constexpr std::string_view kRdfs = "<http://www.w3.org/2000/01/rdf-schema#";
constexpr std::string_view kXsd = "<http://www.w3.org/2001/XMLSchema#";
constexpr std::size_t kBufferSize = std::size_t{1} << 20;

}  // namespace

void StatementWriter::subject(const Name& name) {
  line_.clear();
  append(name);
  subject_.swap(line_);
}

void StatementWriter::blank_subject(std::uint64_t number) {
  subject_ = "_:c" + std::to_string(number);
}

void StatementWriter::subject_class(std::string_view class_name) {
  subject_.assign(kVocabulary).append(class_name) += '>';
}

void StatementWriter::type(std::string_view class_name) {
  line_.assign(subject_) += ' ';
  line_.append(kRdf).append("type> ").append(kVocabulary).append(class_name) += '>';
  end();
}

void StatementWriter::subclass_of(std::string_view super) {
  line_.assign(subject_) += ' ';
  line_.append(kRdfs).append("subClassOf> ").append(kVocabulary).append(super) += '>';
  end();
}

void StatementWriter::link(std::string_view predicate, const Name& object) {
  begin(predicate);
  append(object);
  end();
}

void StatementWriter::text(std::string_view predicate, std::string_view value, std::string_view language) {
  begin(predicate);
  (line_ += '"').append(value) += '"';
  if (!language.empty()) (line_ += '@').append(language);
  end();
}

void StatementWriter::integer(std::string_view predicate, std::int64_t value) {
  begin(predicate);
  line_ += '"';
  append_number(value);
  line_.append("\"^^").append(kXsd).append("integer>");
  end();
}

void StatementWriter::decimal(std::string_view predicate, std::int64_t hundredths) {
  begin(predicate);
  line_ += '"';
  append_number(hundredths / 100);
  line_ += '.';
  const std::int64_t fraction = hundredths % 100;
  line_ += static_cast<char>('0' + fraction / 10);
  if (fraction % 10 != 0) line_ += static_cast<char>('0' + fraction % 10);
  line_.append("\"^^").append(kXsd).append("decimal>");
  end();
}

void StatementWriter::real(std::string_view predicate, std::int64_t digits, int exponent) {
  begin(predicate);
  line_ += '"';
  append_number(digits / 10);
  line_ += '.';
  append_number(digits % 10);
  line_ += 'E';
  append_number(exponent + 1);
  line_.append("\"^^").append(kXsd).append("double>");
  end();
}

void StatementWriter::date(std::string_view predicate, Day day) {
  begin(predicate);
  line_ += '"';
  append_day(day);
  line_.append("\"^^").append(kXsd).append("date>");
  end();
}

void StatementWriter::date_time(std::string_view predicate, Day day, std::int64_t second) {
  begin(predicate);
  line_ += '"';
  append_day(day);
  line_ += 'T';
  append_padded(static_cast<std::uint64_t>(second / 3600), 2);
  line_ += ':';
  append_padded(static_cast<std::uint64_t>(second / 60 % 60), 2);
  line_ += ':';
  append_padded(static_cast<std::uint64_t>(second % 60), 2);
  line_.append("Z\"^^").append(kXsd).append("dateTime>");
  end();
}

void StatementWriter::year(std::string_view predicate, std::int64_t year) {
  begin(predicate);
  line_ += '"';
  append_padded(static_cast<std::uint64_t>(year), 4);
  line_.append("\"^^").append(kXsd).append("gYear>");
  end();
}

void StatementWriter::reifies(const Name& subject, std::string_view predicate, const Name& object) {
  line_.assign(subject_) += ' ';
  line_.append(kRdf).append("reifies> <<( ");
  append(subject);
  (line_ += ' ').append(kVocabulary).append(predicate).append("> ");
  append(object);
  line_.append(" )>>");
  end();
}

bool StatementWriter::finish() {
  failed_ = failed_ || std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size();
  buffer_.clear();
  return !failed_ && std::fflush(file_) == 0;
}

// `label` is that of RDF Schema, every other predicate is the graph's own.
void StatementWriter::begin(std::string_view predicate) {
  line_.assign(subject_) += ' ';
  line_.append(predicate == "label" ? kRdfs : kVocabulary).append(predicate).append("> ");
}

void StatementWriter::end() {
  if (full()) return;
  ++written_;
  buffer_.append(line_).append(" .\n");
  if (buffer_.size() < kBufferSize) return;
  failed_ = failed_ || std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size();
  buffer_.clear();
}

void StatementWriter::append(const Name& name) {
  line_.append(kThings).append(name.kind) += '/';
  append_number(static_cast<std::int64_t>(name.number));
  line_ += '>';
}

void StatementWriter::append_number(std::int64_t value) {
  std::array<char, 24> digits{};
  const std::to_chars_result result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  line_.append(digits.data(), static_cast<std::size_t>(result.ptr - digits.data()));
}

void StatementWriter::append_padded(std::uint64_t value, std::size_t width) {
  std::array<char, 24> digits{};
  const std::to_chars_result result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  const auto length = static_cast<std::size_t>(result.ptr - digits.data());
  if (length < width) line_.append(width - length, '0');
  line_.append(digits.data(), length);
}

void StatementWriter::append_day(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  append_padded(static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  line_ += '-';
  append_padded(static_cast<unsigned>(date.month()), 2);
  line_ += '-';
  append_padded(static_cast<unsigned>(date.day()), 2);
}

}  // namespace akyn::newsgraph

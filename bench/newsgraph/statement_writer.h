// N-Triples, quickly.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace akyn::newsgraph {

// What something is called: its kind as it stands in the IRI, and its number.
struct Name {
  std::string_view kind;
  std::uint64_t number;
};

// Days since 1970-01-01.
using Day = std::int64_t;

// Writes statements whose subject is set once for all that follow. Texts must need no escapes.
class StatementWriter {
 public:
  // Writes `limit` statements at most, and nothing after them.
  StatementWriter(std::FILE* file, std::uint64_t limit) : file_(file), limit_(limit) {}
  StatementWriter(const StatementWriter&) = delete;
  StatementWriter& operator=(const StatementWriter&) = delete;

  [[nodiscard]] bool full() const noexcept { return written_ >= limit_; }
  [[nodiscard]] std::uint64_t written() const noexcept { return written_; }

  void subject(const Name& name);
  void blank_subject(std::uint64_t number);

  void type(std::string_view class_name);
  void link(std::string_view predicate, const Name& object);
  void subclass_of(std::string_view super);
  void subject_class(std::string_view class_name);
  void text(std::string_view predicate, std::string_view value, std::string_view language = {});
  void integer(std::string_view predicate, std::int64_t value);
  // `hundredths` / 100, in the fewest digits of a decimal.
  void decimal(std::string_view predicate, std::int64_t hundredths);
  // `digits` x 10^`exponent`, the digits being 10 to 99.
  void real(std::string_view predicate, std::int64_t digits, int exponent);
  void date(std::string_view predicate, Day day);
  void date_time(std::string_view predicate, Day day, std::int64_t second);
  void year(std::string_view predicate, std::int64_t year);
  // What the subject reifies.
  void reifies(const Name& subject, std::string_view predicate, const Name& object);

  // Writes out what is buffered. False when the file could not take it, now or before.
  [[nodiscard]] bool finish();

 private:
  void begin(std::string_view predicate);
  void end();
  void typed(std::string_view predicate, std::string_view lexical, std::string_view datatype);
  void append(const Name& name);
  void append_number(std::int64_t value);
  void append_padded(std::uint64_t value, std::size_t width);
  void append_day(Day day);

  std::FILE* file_;
  std::uint64_t limit_;
  std::uint64_t written_ = 0;
  bool failed_ = false;
  std::string subject_;
  std::string line_;    // of the statement in the making
  std::string buffer_;  // statements to be written out
};

}  // namespace akyn::newsgraph

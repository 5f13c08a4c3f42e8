// akyn bench.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <streambuf>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "shell/commands.h"
#include "shell/interrupt.h"
#include "shell/query_list.h"

namespace akyn::shell {
namespace {

// Takes what is written and forgets it, but for the first two lines: the header and the first row of an answer.
class Discard final : public std::streambuf {
 public:
  Discard() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

  // What came after the first line, up to the end of the second.
  [[nodiscard]] std::string second_line() {
    drop();
    const std::size_t start = kept_.find('\n') + 1;
    return kept_.substr(start, kept_.find('\n', start) - start);
  }

 private:
  int_type overflow(int_type c) override {
    drop();
    if (c != traits_type::eof()) sputc(traits_type::to_char_type(c));
    return traits_type::not_eof(c);
  }

  void drop() {
    const std::string_view text(pbase(), static_cast<std::size_t>(pptr() - pbase()));
    for (std::size_t i = 0; i < text.size() && lines_ < 2; ++i) {
      kept_ += text[i];
      if (text[i] == '\n') ++lines_;
    }
    setp(buffer_.data(), buffer_.data() + buffer_.size());
  }

  std::array<char, 65536> buffer_{};
  std::string kept_;
  int lines_ = 0;
};

struct Answer {
  std::uint64_t rows = 0;
  std::string text;  // as the line of the query has it
};

struct Measured {
  std::vector<double> seconds;  // of each execution
  Answer answer;
  bool failed = false;
};

double best(const std::vector<double>& seconds) {
  return *std::ranges::min_element(seconds);
}

double median(std::vector<double> seconds) {
  std::ranges::sort(seconds);
  const std::size_t half = seconds.size() / 2;
  return seconds.size() % 2 == 1 ? seconds[half] : (seconds[half - 1] + seconds[half]) / 2;
}

// In one field of one line.
std::string flat(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }, ' ');
  return text;
}

std::string description_of(const Error& error) {
  const std::string place =
      error.location() ? fmt::format("{}:{}: ", error.location()->line, error.location()->column) : "";
  return "error: " + place + flat(error.message());
}

void make_directory(const std::string& name) {
  std::error_code failure;
  if (!name.empty()) std::filesystem::create_directories(name, failure);
  if (failure) throw Error(ErrorCode::io, name + ": cannot be made: " + failure.message());
}

class Bench {
 public:
  Bench(const Store& store, const BenchArguments& arguments, CancelToken token)
      : store_(store), arguments_(arguments), token_(std::move(token)) {
    options_.stored_prefixes = true;
    // Rounded up, since zero is no limit. A century is as good as none.
    constexpr double kLongest = 100.0 * 365 * 24 * 3600;
    const double milliseconds = std::ceil(1000 * std::min(arguments.timeout_seconds, kLongest));
    options_.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
    options_.threads = arguments.threads;
  }

  // Throws Error(cancelled) when that is why a query ends.
  [[nodiscard]] Measured measure(const NamedQuery& query) {
    ++number_;
    Measured measured;
    try {
      for (unsigned i = 0; i < arguments_.repeat; ++i) measured.seconds.push_back(timed(query, measured.answer));
      if (!arguments_.answers.empty()) keep_answer(query);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) throw;
      measured.seconds.push_back(since(start_));
      measured.answer = {0, error.code() == ErrorCode::timeout ? "timeout" : description_of(error)};
      measured.failed = true;
    }
    return measured;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

  // From the text of the query to the last byte of its answer.
  double timed(const NamedQuery& query, Answer& answer) {
    Discard discard;
    std::ostream out(&discard);
    start_ = Clock::now();
    const Written written = write(query, out);
    const double seconds = since(start_);
    answer.rows = written.rows;
    answer.text = written.is_value ? flat(discard.second_line()) : fmt::format("rows={}", written.rows);
    if (written.form == QueryForm::ask) answer.text = written.yes ? "true" : "false";
    return seconds;
  }

  struct Written {
    QueryForm form = QueryForm::select;
    std::uint64_t rows = 0;
    bool is_value = false;  // one row of one column
    bool yes = false;       // of ASK
  };

  // Nothing of a query is kept from one execution to the next.
  [[nodiscard]] Written write(const NamedQuery& query, std::ostream& out) const {
    Query prepared = store_.prepare(query.text, options_);
    prepared.cancel_with(token_);
    Written written{.form = prepared.form(), .rows = 1};
    if (written.form == QueryForm::ask) {
      written.yes = prepared.ask();
      write_answer(out, written.yes, ResultFormat::tsv);
    } else if (written.form == QueryForm::select) {
      Rows rows = prepared.select();
      written.rows = write_results(out, rows, ResultFormat::tsv);
      written.is_value = written.rows == 1 && rows.variables().size() == 1;
    } else {
      Quads quads = prepared.construct();
      written.rows = write_quads(out, quads, RdfFormat::ntriples);
    }
    return written;
  }

  void keep_answer(const NamedQuery& query) {
    const std::filesystem::path file = std::filesystem::path(arguments_.answers) / std::to_string(number_);
    std::ofstream out(file, std::ios::binary);
    start_ = Clock::now();
    (void)write(query, out);
    if (!out.flush()) throw Error(ErrorCode::io, file.string() + ": cannot be written");
  }

  const Store& store_;
  const BenchArguments& arguments_;
  CancelToken token_;
  QueryOptions options_;
  Clock::time_point start_;  // of the newest execution
  std::uint64_t number_ = 0;
};

// Says at the end, whatever that is, how much memory the run took.
class PeakMemory {
 public:
  PeakMemory() = default;
  PeakMemory(const PeakMemory&) = delete;
  PeakMemory& operator=(const PeakMemory&) = delete;
  ~PeakMemory() {
    // Not getrusage(): what that says may be the peak of the process that started this one.
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
      if (!line.starts_with("VmHWM:")) continue;
      constexpr unsigned long kKibibytesInMebibyte = 1024;
      const unsigned long kibibytes = std::strtoul(line.c_str() + line.find_first_of("0123456789"), nullptr, 10);
      std::cerr << fmt::format("peak memory: {} MiB\n", kibibytes / kKibibytesInMebibyte);
    }
  }
};

}  // namespace

bool run_bench(const BenchArguments& arguments, Output& out) {
  const CancelToken token;
  const Interrupt interrupt(token, true);
  const bool from_pipe = arguments.queries == "-";
  std::istringstream file(from_pipe ? "" : read_text(arguments.queries));
  Input pipe(token);
  QueryList queries(from_pipe ? static_cast<std::istream&>(pipe) : file,
                    arguments.queries.ends_with(".csv") ? QueryList::Kind::csv : QueryList::Kind::tsv,
                    from_pipe ? "stdin" : arguments.queries);
  const Store store = open_for_reading(arguments.store);
  make_directory(arguments.answers);
  const PeakMemory peak_memory;
  Bench bench(store, arguments, token);
  bool all_answered = true;
  while (const std::optional<NamedQuery> query = queries.next()) {
    const Measured measured = bench.measure(*query);
    all_answered = all_answered && !measured.failed;
    out << fmt::format("{}\t{:.6f}\t{:.6f}\t{}\t{}\n", flat(query->name), best(measured.seconds),
                       median(measured.seconds), measured.answer.rows, measured.answer.text)
        << std::flush;
  }
  return all_answered;
}

}  // namespace akyn::shell

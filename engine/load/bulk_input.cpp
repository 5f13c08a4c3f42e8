#include "engine/load/bulk_input.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <akyn/error.h>
#include "engine/load/statement_batch.h"
#include "parser/rdf/reader.h"
#include "parser/text/location.h"

namespace akyn::load {
namespace {

// Bits of a place that are for the statements of one piece.
constexpr unsigned kPlaceBits = 32;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

[[noreturn]] void throw_cancelled() {
  throw Error(ErrorCode::cancelled, "reading was cancelled");
}

// LF, CR LF and CR, as in locate().
std::uint64_t count_line_breaks(std::string_view text) {
  std::uint64_t lines = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) ++lines;
  for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') ++lines;
  }
  return lines;
}

// A part of the input: text to be parsed, or statements; and what came of it.
struct Piece {
  std::uint64_t number = 0;
  bool is_text = false;
  std::string buffer;  // holds the text, of whole lines
  std::size_t size = 0;
  StatementBatch batch;
  std::uint64_t consumed = 0;  // bytes of the input up to here
  // What is wrong at its end, if anything.
  std::exception_ptr fault;
  bool is_fault_placed = true;  // otherwise it belongs behind the text, the last line of which is incomplete
  bool is_line_too_long = false;

  // What came of it. Lines of text pieces count from the start of the piece.
  std::uint64_t statements = 0;
  std::uint64_t lines = 0;
  std::vector<std::pair<std::string, std::string>> prefixes;
  std::vector<Error> mistakes;
  std::exception_ptr error;
  bool done = false;

  [[nodiscard]] std::string_view text() const noexcept { return std::string_view(buffer).substr(0, size); }
};

Error moved(const Error& error, std::uint64_t lines) {
  if (!error.location() || lines == 0) return error;
  SourceLocation place = *error.location();
  place.line += lines;
  return Error(error.code(), error.message(), std::move(place));
}

// Statements into a lane.
class LaneSink final : public rdf::StatementSink {
 public:
  LaneSink(storage::BulkLane& lane, const TermView& graph, const std::atomic<bool>& stopped)
      : lane_(lane), graph_(graph), stopped_(stopped) {}

  void quad(const QuadView& quad) override {
    ++statements_;
    if (quad.graph || !graph_) return lane_.add(quad);
    QuadView placed = quad;
    placed.graph = graph_;
    lane_.add(placed);
  }
  void prefix(std::string_view name, std::string_view iri) override { prefixes.emplace_back(name, iri); }
  bool progress(std::uint64_t /*bytes*/) override {
    if (on_progress) return on_progress();
    return !stopped_;
  }
  [[nodiscard]] std::uint64_t statements() const noexcept { return statements_; }

  std::vector<std::pair<std::string, std::string>> prefixes;
  std::function<bool()> on_progress;

 private:
  storage::BulkLane& lane_;
  const TermView& graph_;
  const std::atomic<bool>& stopped_;
  std::uint64_t statements_ = 0;
};

// One thread makes pieces, each lane's thread works on them, the caller's takes them in order.
class Pipeline {
 public:
  Pipeline(Input& input, const LoadOptions& options, storage::BulkLoad& load, std::uint32_t document,
           std::uint64_t first_place, const std::function<bool(const LoadProgress&)>& on_progress,
           const BulkInputSizes& sizes)
      : input_(input),
        options_(options),
        load_(load),
        document_(document),
        first_place_(first_place),
        on_progress_(on_progress),
        sizes_(sizes) {
    if (!options.graph_iri.empty()) graph_ = iri(options.graph_iri);
    graph_view_ = graph_.view();
  }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;
  ~Pipeline() { stop(); }

  Counts run(std::uint64_t& next_place) {
    const RdfFormat format = input_.read_options().format;
    const bool by_line = format == RdfFormat::ntriples || format == RdfFormat::nquads;
    if (input_.is_shorter_than(sizes_.chunk_bytes)) {
      read_alone();
      next_place = first_place_ + (std::uint64_t{1} << kPlaceBits);
      return counts_;
    }
    if (!by_line && input_.is_compressed()) input_.read_ahead();
    threads_.emplace_back([this, by_line] { make_pieces(by_line); });
    for (std::size_t i = 0; i < load_.lanes(); ++i) threads_.emplace_back([this, i] { work(i); });
    take_pieces();
    stop();
    next_place = first_place_ + (made_ << kPlaceBits);
    return counts_;
  }

 private:
  [[nodiscard]] std::size_t most_pieces() const noexcept { return 2 * load_.lanes() + 2; }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  void report(std::uint64_t consumed) const {
    if (!on_progress_) return;
    LoadProgress progress;
    progress.quads = counts_.read;
    progress.bytes = consumed;
    progress.total_bytes = input_.total_bytes();
    if (!on_progress_(progress)) throw_cancelled();
  }

  // --- All by this thread ---

  void read_alone() {
    load_.lane(0).set_place(document_, first_place_);
    LaneSink sink(load_.lane(0), graph_view_, stopped_);
    sink.on_progress = [&] {
      counts_.read = sink.statements();
      report(input_.consumed());
      return true;
    };
    input_.read(sink);
    counts_.read = sink.statements();
    counts_.skipped = input_.skipped();
    for (const auto& [name, iri] : sink.prefixes) load_.add_prefix(name, iri);
  }

  // --- Making pieces ---

  // False when the work has been stopped.
  bool hand_on(std::unique_ptr<Piece> piece) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return pieces_.size() < most_pieces() || stopped_; });
    if (stopped_) return false;
    piece->number = made_++;
    waiting_.push_back(piece.get());
    pieces_.push_back(std::move(piece));
    changed_.notify_all();
    return true;
  }

  void make_pieces(bool by_line) noexcept {
    std::exception_ptr failure;
    try {
      if (by_line) {
        cut_lines();
      } else {
        read_statements();
      }
    } catch (...) {
      failure = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    all_made_ = true;
    changed_.notify_all();
  }

  void cut_lines() {
    std::string rest;  // of a line that has begun
    for (bool at_end = false; !at_end;) {
      auto piece = std::make_unique<Piece>();
      piece->is_text = true;
      piece->buffer = take_buffer();
      if (piece->buffer.size() < rest.size()) piece->buffer.resize(rest.size());
      std::copy(rest.begin(), rest.end(), piece->buffer.begin());
      piece->size = rest.size();
      std::size_t wanted = std::max(sizes_.chunk_bytes, rest.size() + 1);
      rest.clear();
      for (;;) {
        fill(*piece, wanted, at_end);
        if (at_end) break;
        const std::size_t cut = end_of_lines(piece->text());
        if (cut != 0) {
          rest.assign(piece->text().substr(cut));
          piece->size = cut;
          break;
        }
        if (piece->size > sizes_.longest_line) {
          piece->is_line_too_long = true;
          at_end = true;
          break;
        }
        wanted = std::min(2 * wanted, std::max(sizes_.longest_line, wanted) + 1);
      }
      piece->consumed = input_.consumed();
      if (!hand_on(std::move(piece))) return;
    }
  }

  // Reads until the piece has so many bytes, or the input ends.
  void fill(Piece& piece, std::size_t wanted, bool& at_end) {
    if (piece.buffer.size() < wanted) piece.buffer.resize(wanted);
    try {
      while (piece.size < wanted) {
        const std::size_t count = input_.bytes().read(piece.buffer.data() + piece.size, wanted - piece.size);
        at_end = count == 0;
        if (at_end) break;
        piece.size += count;
      }
    } catch (const Error&) {
      piece.fault = std::current_exception();
      piece.is_fault_placed = false;
      at_end = true;
    }
  }

  // Buffers are used again: the memory of new ones has to be cleared first.
  std::string take_buffer() {
    const std::lock_guard lock(mutex_);
    if (buffers_.empty()) return {};
    std::string buffer = std::move(buffers_.back());
    buffers_.pop_back();
    return buffer;
  }
  void give_back(std::string buffer) {
    const std::lock_guard lock(mutex_);
    if (buffer.size() <= 2 * sizes_.chunk_bytes) buffers_.push_back(std::move(buffer));
  }

  // Behind the last line end; 0 when there is none. A CR at the very end may be half of one.
  static std::size_t end_of_lines(std::string_view text) {
    const std::size_t feed = text.rfind('\n');
    if (feed != std::string_view::npos) return feed + 1;
    const std::size_t carriage = text.substr(0, text.size() - 1).rfind('\r');
    return carriage == std::string_view::npos ? 0 : carriage + 1;
  }

  // Statements of a reader, in batches.
  class BatchSink final : public rdf::StatementSink {
   public:
    explicit BatchSink(Pipeline& owner) : owner_(owner) {}

    void quad(const QuadView& quad) override {
      piece_->batch.add(quad);
      ++piece_->statements;
      if (piece_->statements < owner_.sizes_.batch_statements && piece_->batch.bytes() < owner_.sizes_.chunk_bytes)
        return;
      if (!hand_on()) throw_cancelled();
    }
    void prefix(std::string_view name, std::string_view iri) override { piece_->prefixes.emplace_back(name, iri); }
    bool progress(std::uint64_t /*bytes*/) override { return !owner_.stopped_; }
    void mistake(const Error& error) { piece_->mistakes.push_back(error); }
    void fail(std::exception_ptr error) { piece_->error = std::move(error); }

    bool hand_on() {
      piece_->consumed = owner_.input_.consumed();
      return owner_.hand_on(std::exchange(piece_, std::make_unique<Piece>()));
    }

   private:
    Pipeline& owner_;
    std::unique_ptr<Piece> piece_ = std::make_unique<Piece>();
  };

  void read_statements() {
    BatchSink sink(*this);
    try {
      input_.read(sink, [&](const Error& mistake) { sink.mistake(mistake); });
    } catch (...) {
      sink.fail(std::current_exception());
    }
    static_cast<void>(sink.hand_on());
  }

  // --- Working on them ---

  void work(std::size_t lane) noexcept {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return !waiting_.empty() || all_made_ || stopped_; });
      if (stopped_ || waiting_.empty()) return;
      Piece& piece = *waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      try {
        if (piece.is_text) {
          parse(piece, load_.lane(lane));
        } else {
          add(piece, load_.lane(lane));
        }
      } catch (...) {
        // Of a reader's own error, that what came before it could not be taken is the cause, or the first.
        piece.error = std::current_exception();
      }
      lock.lock();
      piece.done = true;
      changed_.notify_all();
    }
  }

  [[nodiscard]] std::uint64_t place_of(const Piece& piece) const noexcept {
    return first_place_ + (piece.number << kPlaceBits);
  }

  void add(const Piece& piece, storage::BulkLane& lane) const {
    lane.set_place(document_, place_of(piece));
    LaneSink sink(lane, graph_view_, stopped_);
    for (const QuadView& quad : piece.batch.quads()) sink.quad(quad);
  }

  void parse(Piece& piece, storage::BulkLane& lane) const {
    lane.set_place(document_, place_of(piece));
    LaneSink sink(lane, graph_view_, stopped_);
    rdf::ReadOptions read_options = input_.read_options();
    if (options_.lenient) {
      read_options.on_mistake = [&](const Error& mistake) { piece.mistakes.push_back(mistake); };
    }
    // What cannot be read on with is in no whole line.
    std::string_view text = piece.text();
    const bool is_cut = !piece.is_fault_placed || piece.is_line_too_long;
    if (is_cut) text = text.substr(0, text.empty() ? 0 : end_of_lines(text));
    // A mark of the encoding is one at the start of the input alone: within a line it is what it is.
    std::string shifted;
    const bool has_mark = piece.number != 0 && text.starts_with(kByteOrderMark);
    if (has_mark) text = shifted.append(1, '\n').append(text);
    try {
      rdf::read(text, read_options, sink);
    } catch (const Error& error) {
      piece.error = std::make_exception_ptr(has_mark ? line_back(error) : error);
    }
    if (has_mark) {
      for (Error& mistake : piece.mistakes) mistake = line_back(mistake);
    }
    piece.statements = sink.statements();
    piece.lines = count_line_breaks(piece.text());
    if (is_cut && piece.error == nullptr) piece.error = error_at_end(piece);
  }

  static Error line_back(const Error& error) {
    if (!error.location()) return error;
    SourceLocation place = *error.location();
    --place.line;
    return Error(error.code(), error.message(), std::move(place));
  }

  // What ends the reading, with the place it got to.
  [[nodiscard]] std::exception_ptr error_at_end(const Piece& piece) const {
    const std::string& name = input_.read_options().source_name;
    if (piece.is_line_too_long) {
      return std::make_exception_ptr(
          Error(ErrorCode::limit,
                "this line" + too_long(sizes_.longest_line) + " With more memory, lines of up to 128 MB are read",
                locate(piece.text(), 0, 1, name)));
    }
    try {
      std::rethrow_exception(piece.fault);
    } catch (const Error& error) {
      return std::make_exception_ptr(Error(error.code(), error.message(), locate(piece.text(), piece.size, 1, name)));
    }
  }

  // --- Taking them ---

  void take_pieces() {
    std::uint64_t lines = 0;
    for (;;) {
      std::unique_ptr<Piece> piece;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return pieces_.empty() ? all_made_ : pieces_.front()->done; });
        if (pieces_.empty()) {
          if (failure_ != nullptr) std::rethrow_exception(failure_);
          return;
        }
        piece = std::move(pieces_.front());
        pieces_.pop_front();
        changed_.notify_all();
      }
      counts_.read += piece->statements;
      counts_.skipped += piece->mistakes.size();
      if (options_.on_skipped) {
        for (const Error& mistake : piece->mistakes) options_.on_skipped(moved(mistake, lines));
      }
      for (const auto& [name, iri] : piece->prefixes) load_.add_prefix(name, iri);
      if (piece->error != nullptr) {
        try {
          std::rethrow_exception(piece->error);
        } catch (const Error& error) {
          throw moved(error, lines);
        }
      }
      lines += piece->lines;
      if (piece->is_text) give_back(std::move(piece->buffer));
      report(piece->consumed);
    }
  }

  Input& input_;
  const LoadOptions& options_;
  storage::BulkLoad& load_;
  std::uint32_t document_;
  std::uint64_t first_place_;
  const std::function<bool(const LoadProgress&)>& on_progress_;
  const BulkInputSizes& sizes_;
  Term graph_;
  TermView graph_view_;
  Counts counts_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Piece>> pieces_;  // in order
  std::deque<Piece*> waiting_;                 // those nobody works on
  std::vector<std::string> buffers_;           // not in use
  std::uint64_t made_ = 0;
  bool all_made_ = false;
  std::atomic<bool> stopped_ = false;
  std::exception_ptr failure_;  // of who makes them
  std::vector<std::thread> threads_;
};

}  // namespace

Counts read_in_bulk(Input& input, const LoadOptions& options, storage::BulkLoad& load, std::uint32_t document,
                    std::uint64_t& next_place, const std::function<bool(const LoadProgress&)>& on_progress,
                    const BulkInputSizes& sizes) {
  return Pipeline(input, options, load, document, next_place, on_progress, sizes).run(next_place);
}

}  // namespace akyn::load

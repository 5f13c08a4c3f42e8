#include "parser/rdf/reader.h"

#include <algorithm>
#include <array>
#include <memory>
#include <sstream>

#include "fuzz/targets.h"
#include "parser/facts/reader.h"
#include "parser/rdf/writer.h"

namespace akyn::fuzz {
namespace {

constexpr std::array kFormats = {RdfFormat::ntriples, RdfFormat::nquads, RdfFormat::turtle, RdfFormat::trig,
                                 RdfFormat::rdfxml,   RdfFormat::csv,    RdfFormat::tsv,    RdfFormat::jsonl};

// Writes what is read as N-Quads.
class Sink final : public akyn::rdf::StatementSink {
 public:
  void quad(const QuadView& quad) override { writer_->quad(quad); }
  [[nodiscard]] std::string text() {
    writer_->finish();
    return std::move(out_).str();
  }

 private:
  std::ostringstream out_;
  std::unique_ptr<akyn::rdf::Writer> writer_ = akyn::rdf::make_writer(out_, RdfFormat::nquads);
};

// Whatever comes between the pieces that a source gives.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string_view text, std::size_t size) : rest_(text), size_(size) {}
  [[nodiscard]] std::size_t read(char* out, std::size_t capacity) override {
    const std::size_t taken = rest_.copy(out, std::min(capacity, size_));
    rest_.remove_prefix(taken);
    consumed_ += taken;
    return taken;
  }
  [[nodiscard]] std::uint64_t consumed() const noexcept override { return consumed_; }

 private:
  std::string_view rest_;
  std::size_t size_;
  std::uint64_t consumed_ = 0;
};

}  // namespace

void rdf(std::string_view bytes) {
  if (bytes.empty()) return;
  const auto choice = static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  akyn::rdf::ReadOptions options;
  options.format = kFormats[choice % kFormats.size()];
  options.base_iri = "http://example.org/base/";
  // "0" to "7" are strict, "8" to "?" lenient.
  const bool lenient = (choice & 8U) != 0;
  if (lenient) options.on_mistake = [](const Error&) {};
  const auto read = [&](std::size_t piece, Sink& sink) {
    return accepts(
        [&] {
          Pieces pieces(bytes, piece);
          if (facts::is_fact_format(options.format)) {
            facts::read(pieces, options, {}, sink);
          } else {
            akyn::rdf::read(pieces, options, sink);
          }
        },
        {ErrorCode::syntax, ErrorCode::limit});
  };
  Sink whole;
  const bool accepted = read(std::size_t{1} << 20, whole);
  const std::string text = whole.text();
  Sink pieces;
  expect(read(7, pieces) == accepted, "a text is read alike in whatever pieces it comes");
  expect(pieces.text() == text, "a text says the same in whatever pieces it comes");
  // What is read can be written, and says the same when it is read again; but that labels which the writer makes for
  // those that no file can have are made anew.
  Sink again;
  akyn::rdf::ReadOptions nquads;
  nquads.format = RdfFormat::nquads;
  akyn::rdf::read(text, nquads, again);
  const std::string second = again.text();
  const bool same = text.find("_:genid-") == std::string::npos
                        ? second == text
                        : std::count(second.begin(), second.end(), '\n') == std::count(text.begin(), text.end(), '\n');
  expect(same, "what was read can be written and read again");
}

}  // namespace akyn::fuzz

#include "parser/rdf/writer.h"

#include <ostream>
#include <string>

#include <akyn/error.h>
#include "parser/rdf/term_text.h"
#include "parser/rdf/turtle_writer.h"

namespace akyn::rdf {
namespace {

class LineWriter final : public Writer {
 public:
  LineWriter(std::ostream& out, bool graphs, bool canonical)
      : out_(out), graphs_(graphs), case_(canonical ? LanguageCase::lower : LanguageCase::as_written) {}

  void quad(const QuadView& quad) override {
    if (!graphs_ && quad.graph) {
      throw Error(ErrorCode::invalid_argument, "N-Triples has no named graphs; write N-Quads or TriG");
    }
    append_line(buffer_, quad, case_);
    if (buffer_.size() >= kFlushAt) flush();
  }

  void finish() override {
    flush();
    out_.flush();
    if (!out_) throw Error(ErrorCode::io, "writing failed");
  }

 private:
  static constexpr std::size_t kFlushAt = std::size_t{1} << 16;  // bytes

  void flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    if (!out_) throw Error(ErrorCode::io, "writing failed");
    buffer_.clear();
  }

  std::ostream& out_;
  std::string buffer_;
  bool graphs_;
  LanguageCase case_;
};

}  // namespace

std::unique_ptr<Writer> make_writer(std::ostream& out, RdfFormat format, const Prefixes& prefixes, bool canonical) {
  switch (format) {
    case RdfFormat::ntriples:
    case RdfFormat::nquads:
      return std::make_unique<LineWriter>(out, format == RdfFormat::nquads, canonical);
    case RdfFormat::turtle:
    case RdfFormat::trig:
      return std::make_unique<TurtleWriter>(out, prefixes, format == RdfFormat::trig);
    case RdfFormat::automatic:
      throw Error(ErrorCode::invalid_argument, "name the format to write");
    default:
      throw Error(ErrorCode::unsupported, "this format is read, not written; write Turtle, TriG, N-Triples or N-Quads");
  }
}

}  // namespace akyn::rdf

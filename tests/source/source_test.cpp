#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>

#include <akyn/error.h>
#include "parser/rdf/reader.h"
#include "parser/source/byte_source.h"
#include "tests/source/compress.h"

namespace akyn {
namespace {

using testing::gzipped;
using testing::zstd_compressed;

// All that is in `data`, in pieces of at most `capacity` bytes, and then the message of what went wrong, if anything.
std::string unpacked(const std::string& data, Compression expected = Compression::by_content,
                     std::size_t capacity = 1000) {
  std::istringstream stream(data);
  std::string text;
  try {
    const std::unique_ptr<ByteSource> source = decompressed(stream_source(stream), expected);
    std::string piece(capacity, '\0');
    while (const std::size_t count = source->read(piece.data(), piece.size())) text.append(piece, 0, count);
    CHECK(source->consumed() == data.size());
  } catch (const Error& error) {
    text += "! " + error.message();
  }
  return text;
}

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "<urn:s> <urn:p> \"value " + std::to_string(i * 7919) + "\" .\n";
  return text;
}

class Nothing : public rdf::StatementSink {
 public:
  void quad(const QuadView& /*quad*/) override { ++count; }
  std::uint64_t count = 0;
};

}  // namespace

TEST_CASE("compressed data is known by its first bytes") {
  const std::string text = lines(20000);
  for (const std::size_t capacity : {1, 1000, 1 << 20}) {
    CHECK(unpacked(text, Compression::by_content, capacity) == text);
    CHECK(unpacked(gzipped(text), Compression::by_content, capacity) == text);
    CHECK(unpacked(zstd_compressed(text), Compression::by_content, capacity) == text);
  }
  for (const char* small : {"", "a", "abc"}) {
    CHECK(unpacked(small) == small);
    CHECK(unpacked(gzipped(small)) == small);
    CHECK(unpacked(zstd_compressed(small)) == small);
  }
}

TEST_CASE("members and frames one after another are one text") {
  CHECK(unpacked(gzipped("one\n") + gzipped("") + gzipped("two\n")) == "one\ntwo\n");
  CHECK(unpacked(zstd_compressed("one\n") + zstd_compressed("") + zstd_compressed("two\n")) == "one\ntwo\n");
  CHECK(unpacked(gzipped("one\n") + std::string(600, '\0')) == "one\n");
  const std::string skippable("\x50\x2A\x4D\x18\x02\x00\x00\x00zz", 10);
  CHECK(unpacked(skippable + zstd_compressed("one\n")) == "one\n");
}

TEST_CASE("data that is cut short, wherever, gives what it has and an error") {
  const std::string text = lines(500);
  for (const bool gzip : {true, false}) {
    const std::string whole = gzip ? gzipped(text) : zstd_compressed(text);
    const Compression kind = gzip ? Compression::gzip : Compression::zstd;
    for (std::size_t size = 0; size < whole.size(); size += size < 40 ? 1 : 37) {
      CAPTURE(size);
      const std::string got = unpacked(whole.substr(0, size), kind);
      CHECK(got.find(gzip ? "! the gzip data is cut short" : "! the zstd data is cut short") != std::string::npos);
      CHECK(text.starts_with(got.substr(0, got.find("! "))));
    }
    std::string more = unpacked((whole + whole).substr(0, whole.size() + whole.size() / 2));
    CHECK(more.starts_with(text));
    CHECK(more.find("cut short") != std::string::npos);
  }
}

TEST_CASE("damaged data and data of another kind are errors") {
  const std::string text = lines(500);
  std::string damaged = gzipped(text);
  damaged[damaged.size() - 5] ^= 0x55;  // of the checksum
  CHECK(unpacked(damaged).find("the gzip data is damaged") != std::string::npos);
  CHECK(unpacked(gzipped("one\n") + "two\n") ==
        "one\n! what follows the gzip data is no gzip data (after 26 bytes of it)");
  CHECK(unpacked(zstd_compressed("one\n") + "two and three\n").find("what follows the zstd data is no zstd data") !=
        std::string::npos);
  CHECK(unpacked("<urn:s>", Compression::gzip) == "! the file's name says gzip, its content is none");
  CHECK(unpacked(gzipped("a"), Compression::zstd) == "! the file's name says zstd, its content is none");
}

TEST_CASE("names") {
  CHECK(compression_of("a.nt.GZ") == Compression::gzip);
  CHECK(compression_of("a.zst") == Compression::zstd);
  CHECK(compression_of("a.gz.nt") == Compression::by_content);
  CHECK(uncompressed_name("dir/a.ttl.gz") == "dir/a.ttl");
  CHECK(uncompressed_name("a.trig.zst") == "a.trig");
  CHECK(uncompressed_name("a.nq") == "a.nq");
}

TEST_CASE("a reader says where the text of a cut file ends") {
  const std::string text = lines(30000);
  std::string cut = gzipped(text);
  cut.resize(cut.size() / 2);
  std::istringstream stream(cut);
  const std::unique_ptr<ByteSource> source = decompressed(stream_source(stream), Compression::gzip);
  rdf::ReadOptions options;
  options.format = RdfFormat::ntriples;
  options.source_name = "cut.nt.gz";
  Nothing sink;
  try {
    rdf::read(*source, options, sink);
    FAIL("not noticed");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::syntax);
    REQUIRE(error.location().has_value());
    CHECK(error.location()->source == "cut.nt.gz");
    CHECK(error.location()->line == sink.count + 1);
    CHECK(error.message().starts_with("the gzip data is cut short (after " + std::to_string(cut.size()) + " bytes"));
  }
  CHECK(sink.count > 10000);
}

TEST_CASE("long tokens take memory in proportion, and time too") {
  // A line of 40 MB comes through however small the pieces are that its source gives.
  class Drops final : public ByteSource {
   public:
    std::size_t read(char* out, std::size_t capacity) override {
      constexpr std::string_view kStart = "<urn:s> <urn:p> \"";
      constexpr std::uint64_t kLength = 40'000'000;
      std::size_t count = 0;
      for (; count < std::min<std::size_t>(capacity, 4096) && given_ < kLength; ++count, ++given_) {
        out[count] = given_ < kStart.size()  ? kStart[given_]
                     : given_ == kLength - 3 ? '"'
                     : given_ == kLength - 1 ? '.'
                                             : ' ';
      }
      return count;
    }
    std::uint64_t consumed() const noexcept override { return given_; }

   private:
    std::uint64_t given_ = 0;
  };
  class Length : public rdf::StatementSink {
   public:
    void quad(const QuadView& quad) override { length = quad.object.value.size(); }
    std::size_t length = 0;
  };
  for (const RdfFormat format : {RdfFormat::ntriples, RdfFormat::turtle}) {
    Drops source;
    Length sink;
    rdf::ReadOptions options;
    options.format = format;
    rdf::read(source, options, sink);
    CHECK(sink.length == 40'000'000 - 17 - 3);
  }
}

}  // namespace akyn

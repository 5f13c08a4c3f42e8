#include "engine/storage/manifest.h"

#include <cstddef>

#include <akyn/error.h>
#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::uint32_t kMarkedFlag = 1;

[[noreturn]] void corrupt(const char* what) {
  throw Error(ErrorCode::corruption, std::string("the list of runs is damaged: ") + what);
}

void append_counts(std::string& out, const RowCounts& counts) {
  append_u64(out, counts.inserts);
  append_u64(out, counts.deletes);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint32_t u32() { return load_u32(take(4)); }
  [[nodiscard]] std::uint64_t u64() { return load_u64(take(8)); }
  [[nodiscard]] RowCounts counts() {
    RowCounts counts;
    counts.inserts = u64();
    counts.deletes = u64();
    return counts;
  }
  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

 private:
  const char* take(std::size_t size) {
    if (bytes_.size() < size) corrupt("it is cut short");
    const char* const at = bytes_.data();
    bytes_.remove_prefix(size);
    return at;
  }
  std::string_view bytes_;
};

}  // namespace

std::set<std::uint32_t> Manifest::live_runs() const {
  std::set<std::uint32_t> live = {dictionary.tail};
  for (const Run& run : runs) live.insert(run.info.run);
  for (const DictionaryDescription::Run& run : dictionary.runs) live.insert(run.run);
  return live;
}

std::string Manifest::serialize() const {
  std::string out;
  append_u32(out, next_run);
  append_u32(out, static_cast<std::uint32_t>(runs.size()));
  for (const Run& run : runs) {
    append_u32(out, run.info.run);
    append_u32(out, run.info.marked ? kMarkedFlag : 0);
    append_u64(out, run.first);
    append_u64(out, run.last);
    append_u64(out, run.terms_end);
    append_counts(out, run.info.default_graph);
    append_counts(out, run.info.named_graphs);
  }
  append_u32(out, dictionary.tail);
  append_u32(out, static_cast<std::uint32_t>(dictionary.runs.size()));
  for (const DictionaryDescription::Run& run : dictionary.runs) {
    append_u32(out, run.run);
    append_u64(out, run.first);
    append_u64(out, run.terms);
  }
  return out;
}

Manifest Manifest::parse(std::string_view stored) {
  Manifest manifest;
  Reader reader(stored);
  manifest.next_run = reader.u32();
  std::uint64_t last = 0;
  for (std::uint32_t left = reader.u32(); left > 0; --left) {
    Run& run = manifest.runs.emplace_back();
    run.info.run = reader.u32();
    const std::uint32_t flags = reader.u32();
    run.info.marked = flags == kMarkedFlag;
    run.first = reader.u64();
    run.last = reader.u64();
    run.terms_end = reader.u64();
    run.info.default_graph = reader.counts();
    run.info.named_graphs = reader.counts();
    if (run.info.run >= manifest.next_run || flags > kMarkedFlag) corrupt("it names a run that cannot be");
    if (run.first <= last || run.last < run.first) corrupt("its runs overlap");
    last = run.last;
  }
  DictionaryDescription& dictionary = manifest.dictionary;
  dictionary.tail = reader.u32();
  if (dictionary.tail >= manifest.next_run) corrupt("it names a tail that cannot be");
  for (std::uint32_t left = reader.u32(); left > 0; --left) {
    DictionaryDescription::Run& run = dictionary.runs.emplace_back();
    run.run = reader.u32();
    run.first = reader.u64();
    run.terms = reader.u64();
    if (run.run >= manifest.next_run) corrupt("it names a dictionary run that cannot be");
  }
  if (!reader.at_end()) corrupt("it is too long");
  return manifest;
}

}  // namespace akyn::storage

#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::string_view kMagic = "akyn";

}  // namespace

std::string after_prefix(std::string_view prefix) {
  std::string bound(prefix);
  while (!bound.empty() && bound.back() == '\xff') bound.pop_back();
  if (!bound.empty()) bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
  return bound;
}

std::string delta_key(std::uint64_t commit) {
  std::string key;
  append_u64(key, commit);
  return key;
}

std::string format_key() {
  return std::string(1, kFormatTag);
}

std::string format_value(std::uint32_t version) {
  std::string value(kMagic);
  append_u64(value, version);
  return value;
}

std::uint32_t parse_format_value(std::string_view value) noexcept {
  if (value.size() != kMagic.size() + 8 || !value.starts_with(kMagic)) return 0;
  return static_cast<std::uint32_t>(load_u64(value.data() + kMagic.size()));
}

std::string counters_key() {
  return std::string(1, kCountersTag);
}

std::string manifest_key() {
  return std::string(1, kManifestTag);
}

std::string statistics_key() {
  return std::string(1, kStatisticsTag);
}

std::string graph_key(Id graph) {
  std::string key(1, kGraphTag);
  append_id(key, graph);
  return key;
}

std::string graph_value(const GraphEntry& entry) {
  std::string value;
  append_u64(value, entry.instance);
  append_u64(value, entry.rows);
  return value;
}

bool parse_graph(std::string_view value, GraphEntry& out) noexcept {
  if (value.size() != 16) return false;
  out.instance = load_u64(value.data());
  out.rows = load_u64(value.data() + 8);
  return true;
}

std::string prefix_key(std::string_view prefix) {
  std::string key(1, kPrefixTag);
  key += prefix;
  return key;
}

std::string dead_graph_key(std::uint64_t instance) {
  std::string key(1, kDeadGraphTag);
  append_u64(key, instance);
  return key;
}

std::string counters_value(const Counters& counters) {
  std::string value;
  value.reserve(kCountersSize);
  for (const std::uint64_t number :
       {counters.commits, counters.structure, counters.next_term, counters.tail_terms, counters.next_blank,
        counters.next_instance, counters.default_quads, counters.named_quads}) {
    append_u64(value, number);
  }
  return value;
}

bool parse_counters(std::string_view value, Counters& out) noexcept {
  if (value.size() != kCountersSize) return false;
  const char* at = value.data();
  for (std::uint64_t* number : {&out.commits, &out.structure, &out.next_term, &out.tail_terms, &out.next_blank,
                                &out.next_instance, &out.default_quads, &out.named_quads}) {
    *number = load_u64(at);
    at += 8;
  }
  return true;
}

}  // namespace akyn::storage

#include "engine/storage/keys.h"

namespace akyn::storage {
namespace {

constexpr std::string_view kMagic = "akyn";

}  // namespace

RowKey row_key(Partition partition, Permutation order, const Columns& columns) noexcept {
  RowKey key{};
  key.bytes[0] = static_cast<char>(row_tag(partition, order));
  key.size = row_size(partition);
  for (std::size_t i = 0; i < row_columns(partition); ++i) store_u64(key.bytes.data() + 1 + 8 * i, columns[i]);
  return key;
}

RowKey row_key(Permutation order, const QuadIds& quad) noexcept {
  return row_key(partition_of(quad), order, permuted(quad, columns_of(order)));
}

std::string after_prefix(std::string_view prefix) {
  std::string bound(prefix);
  while (!bound.empty() && bound.back() == '\xff') bound.pop_back();
  if (!bound.empty()) bound.back() = static_cast<char>(static_cast<unsigned char>(bound.back()) + 1);
  return bound;
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

std::string graph_key(Id graph) {
  std::string key(1, kGraphTag);
  append_id(key, graph);
  return key;
}

std::string prefix_key(std::string_view prefix) {
  std::string key(1, kPrefixTag);
  key += prefix;
  return key;
}

std::string counters_value(const Counters& counters) {
  std::string value;
  value.reserve(kCountersSize);
  append_u64(value, counters.commits);
  append_u64(value, counters.next_term);
  append_u64(value, counters.next_blank);
  append_u64(value, counters.default_quads);
  append_u64(value, counters.named_quads);
  return value;
}

bool parse_counters(std::string_view value, Counters& out) noexcept {
  if (value.size() != kCountersSize) return false;
  out.commits = load_u64(value.data());
  out.next_term = load_u64(value.data() + 8);
  out.next_blank = load_u64(value.data() + 16);
  out.default_quads = load_u64(value.data() + 24);
  out.named_quads = load_u64(value.data() + 32);
  return true;
}

}  // namespace akyn::storage

// Names, keys and fixed-size values of the store. docs/format.md draws them all.
//
// Numbers are big-endian, so that RocksDB's byte order is the order of Ids.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "engine/storage/database.h"
#include "engine/storage/graph_map.h"
#include "engine/storage/row_range.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Version of everything docs/format.md draws. A store of another version is not opened.
inline constexpr std::uint32_t kFormatVersion = 4;

// Column families, few because each costs milliseconds at open. The values index kFamilyNames.
enum class Family : std::uint8_t {
  metadata,   // format, counters, manifest, graphs, prefixes, statistics
  blocks,     // the blocks of runs of rows
  directory,  // what is known of each block without reading it
  delta,      // the rows of recent commits, a record each
  terms,      // the pages of dictionary runs
  tail,       // terms of recent commits, one by one
};
inline constexpr std::array<const char*, 6> kFamilyNames = {"default", "blocks", "directory", "delta", "terms", "tail"};
// Families whose keys begin with the number of the run, or tail, that they belong to.
inline constexpr std::array<Family, 4> kRunFamilies = {Family::directory, Family::blocks, Family::terms, Family::tail};

// --- Numbers ---

inline void store_u32(char* to, std::uint32_t value) noexcept {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap32(value);
  std::memcpy(to, &value, sizeof value);
}
[[nodiscard]] inline std::uint32_t load_u32(const char* from) noexcept {
  std::uint32_t value = 0;
  std::memcpy(&value, from, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap32(value);
  return value;
}
inline void append_u32(std::string& out, std::uint32_t value) {
  std::array<char, 4> bytes{};
  store_u32(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}
inline void store_u64(char* to, std::uint64_t value) noexcept {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(to, &value, sizeof value);
}
[[nodiscard]] inline std::uint64_t load_u64(const char* from) noexcept {
  std::uint64_t value = 0;
  std::memcpy(&value, from, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  return value;
}
inline void append_u64(std::string& out, std::uint64_t value) {
  std::array<char, 8> bytes{};
  store_u64(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}
[[nodiscard]] inline Id load_id(const char* from) noexcept {
  return Id::from_bits(load_u64(from));
}
inline void append_id(std::string& out, Id id) {
  append_u64(out, id.bits());
}

// --- Quads ---

[[nodiscard]] constexpr OrderTag order_tag(Partition partition, Permutation order) noexcept {
  return static_cast<OrderTag>((partition == Partition::named_graphs ? kNamedGraphTag : 0U) |
                               static_cast<unsigned>(order));
}
[[nodiscard]] constexpr Permutation permutation_of(OrderTag order) noexcept {
  return static_cast<Permutation>(order & 0x0FU);
}
[[nodiscard]] constexpr bool starts_with_graph(Permutation order) noexcept {
  return order >= Permutation::gspo;
}
// The order that has the same triples behind the graph; nothing when there is none.
[[nodiscard]] constexpr std::optional<Permutation> behind_graph(Permutation order) noexcept {
  switch (order) {
    case Permutation::spo:
      return Permutation::gspo;
    case Permutation::pos:
      return Permutation::gpos;
    case Permutation::osp:
      return Permutation::gosp;
    default:
      return std::nullopt;
  }
}
// The order of the triples alone: within one graph it is the same.
[[nodiscard]] constexpr Permutation without_graph(Permutation order) noexcept {
  switch (order) {
    case Permutation::gspo:
      return Permutation::spo;
    case Permutation::gpos:
      return Permutation::pos;
    case Permutation::gosp:
      return Permutation::osp;
    default:
      return order;
  }
}
// Columns of a row: the default graph has no graph column.
[[nodiscard]] constexpr std::size_t row_columns(Partition partition) noexcept {
  return order_columns(order_tag(partition, Permutation::spo));
}

inline constexpr std::array<Permutation, 6> kTripleOrders = {Permutation::spo, Permutation::sop, Permutation::pso,
                                                             Permutation::pos, Permutation::osp, Permutation::ops};
inline constexpr std::array<Permutation, 9> kQuadOrders = {Permutation::spo,  Permutation::sop,  Permutation::pso,
                                                           Permutation::pos,  Permutation::osp,  Permutation::ops,
                                                           Permutation::gspo, Permutation::gpos, Permutation::gosp};

// Which columns come first, second, ...: 0 subject, 1 predicate, 2 object, 3 graph.
using ColumnOrder = std::array<std::uint8_t, 4>;
// A quad's Ids in some ColumnOrder; compares as the permutation does.
using Columns = std::array<std::uint64_t, 4>;

[[nodiscard]] inline Columns permuted(const QuadIds& quad, const ColumnOrder& order) noexcept {
  const Columns spog = {quad.subject.bits(), quad.predicate.bits(), quad.object.bits(), quad.graph.bits()};
  return {spog[order[0]], spog[order[1]], spog[order[2]], spog[order[3]]};
}
[[nodiscard]] inline QuadIds unpermuted(const Columns& columns, const ColumnOrder& order) noexcept {
  Columns spog{};
  for (std::size_t i = 0; i < 4; ++i) spog[order[i]] = columns[i];
  return {Id::from_bits(spog[0]), Id::from_bits(spog[1]), Id::from_bits(spog[2]), Id::from_bits(spog[3])};
}

[[nodiscard]] constexpr Partition partition_of(const QuadIds& quad) noexcept {
  return quad.graph == kDefaultGraph ? Partition::default_graph : Partition::named_graphs;
}

// A quad as it is stored: with the instance of its graph (graph_map.h) in place of the name, 0 for the default graph.
struct QuadRow {
  Id subject;
  Id predicate;
  Id object;
  std::uint64_t instance = 0;
  friend constexpr auto operator<=>(const QuadRow&, const QuadRow&) noexcept = default;
};

// The smallest key greater than every key with this prefix; empty when there is none.
[[nodiscard]] std::string after_prefix(std::string_view prefix);

// --- Delta ---

// Of the record of a commit.
[[nodiscard]] std::string delta_key(std::uint64_t commit);

// --- Metadata ---

// First bytes of the metadata keys.
inline constexpr char kFormatTag = 0x00;  // the first key of the family
inline constexpr char kCountersTag = 0x01;
inline constexpr char kGraphTag = 0x02;   // + graph Id: its instance and its size
inline constexpr char kPrefixTag = 0x03;  // + prefix: its IRI
inline constexpr char kManifestTag = 0x04;
inline constexpr char kStatisticsTag = 0x05;
inline constexpr char kDeadGraphTag = 0x06;  // + instance: how many rows runs hold of it, about

[[nodiscard]] std::string format_key();
[[nodiscard]] std::string format_value(std::uint32_t version);
// The version in a format value; 0 when it is not one.
[[nodiscard]] std::uint32_t parse_format_value(std::string_view value) noexcept;
[[nodiscard]] std::string counters_key();
[[nodiscard]] std::string manifest_key();
[[nodiscard]] std::string statistics_key();
[[nodiscard]] std::string graph_key(Id graph);
[[nodiscard]] std::string graph_value(const GraphEntry& entry);
// False when the value has the wrong size.
[[nodiscard]] bool parse_graph(std::string_view value, GraphEntry& out) noexcept;
[[nodiscard]] std::string prefix_key(std::string_view prefix);
[[nodiscard]] std::string dead_graph_key(std::uint64_t instance);

// What changes with every commit.
struct Counters {
  std::uint64_t commits = 0;        // transactions that changed anything
  std::uint64_t structure = 0;      // changes of the manifest
  std::uint64_t next_term = 1;      // payload of the next dictionary Id; all types but blank nodes share it
  std::uint64_t tail_terms = 0;     // terms in the dictionary's tail
  std::uint64_t next_blank = 1;     // payload of the next blank node
  std::uint64_t next_instance = 1;  // of the next named graph
  std::uint64_t default_quads = 0;
  std::uint64_t named_quads = 0;
  friend bool operator==(const Counters&, const Counters&) = default;
};
inline constexpr std::size_t kCountersSize = 8 * 8;
[[nodiscard]] std::string counters_value(const Counters& counters);
// False when the value has the wrong size.
[[nodiscard]] bool parse_counters(std::string_view value, Counters& out) noexcept;

}  // namespace akyn::storage

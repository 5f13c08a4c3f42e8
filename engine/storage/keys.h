// Names, keys and fixed-size values of the store. docs/format.md draws them all.
//
// Numbers are big-endian, so that RocksDB's byte order is the order of Ids.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/storage/database.h"
#include "engine/term/id.h"

namespace akyn::storage {

// Version of everything docs/format.md draws. A store of another version is not opened.
inline constexpr std::uint32_t kFormatVersion = 1;

// Column families, few because each costs milliseconds at open. The values index kFamilyNames.
enum class Family : std::uint8_t { metadata, quads, term_ids, terms };
inline constexpr std::array<const char*, 4> kFamilyNames = {"default", "quads", "term_ids", "terms"};

// --- Numbers ---

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

// Rows of the default graph and of named graphs live apart, so that neither pays for the other.
enum class Partition : std::uint8_t { default_graph = 0, named_graphs = 1 };

// First byte of a row's key: partition in the high half, permutation in the low.
[[nodiscard]] constexpr std::uint8_t row_tag(Partition partition, Permutation order) noexcept {
  return static_cast<std::uint8_t>(static_cast<unsigned>(partition) << 4U | static_cast<unsigned>(order));
}
[[nodiscard]] constexpr bool starts_with_graph(Permutation order) noexcept {
  return order >= Permutation::gspo;
}
// Columns in a row's key: the default graph has no graph column.
[[nodiscard]] constexpr std::size_t row_columns(Partition partition) noexcept {
  return partition == Partition::default_graph ? 3 : 4;
}
[[nodiscard]] constexpr std::size_t row_size(Partition partition) noexcept {
  return 1 + 8 * row_columns(partition);
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

// The key of one row. `order` must be one that the partition stores.
struct RowKey {
  std::array<char, row_size(Partition::named_graphs)> bytes;
  std::size_t size;
  [[nodiscard]] std::string_view view() const noexcept { return {bytes.data(), size}; }
};
[[nodiscard]] RowKey row_key(Partition partition, Permutation order, const Columns& columns) noexcept;
[[nodiscard]] RowKey row_key(Permutation order, const QuadIds& quad) noexcept;

[[nodiscard]] constexpr Partition partition_of(const QuadIds& quad) noexcept {
  return quad.graph == kDefaultGraph ? Partition::default_graph : Partition::named_graphs;
}

// The smallest key greater than every key with this prefix. Precondition: not all bytes are 0xff.
[[nodiscard]] std::string after_prefix(std::string_view prefix);

// --- Metadata ---

// First bytes of the metadata keys.
inline constexpr char kFormatTag = 0x00;  // the first key of the family
inline constexpr char kCountersTag = 0x01;
inline constexpr char kGraphTag = 0x02;   // + graph Id: quads in that graph
inline constexpr char kPrefixTag = 0x03;  // + prefix: its IRI

[[nodiscard]] std::string format_key();
[[nodiscard]] std::string format_value(std::uint32_t version);
// The version in a format value; 0 when it is not one.
[[nodiscard]] std::uint32_t parse_format_value(std::string_view value) noexcept;
[[nodiscard]] std::string counters_key();
[[nodiscard]] std::string graph_key(Id graph);
[[nodiscard]] std::string prefix_key(std::string_view prefix);

struct Counters {
  std::uint64_t commits = 0;     // transactions that changed anything
  std::uint64_t next_term = 1;   // payload of the next dictionary Id; all types but blank nodes share it
  std::uint64_t next_blank = 1;  // payload of the next blank node
  std::uint64_t default_quads = 0;
  std::uint64_t named_quads = 0;
  friend bool operator==(const Counters&, const Counters&) = default;
};
inline constexpr std::size_t kCountersSize = 5 * 8;
[[nodiscard]] std::string counters_value(const Counters& counters);
// False when the value has the wrong size.
[[nodiscard]] bool parse_counters(std::string_view value, Counters& out) noexcept;

}  // namespace akyn::storage

// The 64-bit Id that stands for an RDF term inside the engine.
//
//     63    60 59                                                      0
//    +--------+---------------------------------------------------------+
//    |  type  |                        payload                          |
//    +--------+---------------------------------------------------------+
//
// Equal Id = same term, within one dictionary generation and one set of query-local terms.
// Unsigned comparison of Ids is:
//   - across types, the order of SPARQL's ORDER BY: unbound, blank nodes, IRIs, literals, triple terms;
//   - among inlined values of one type, value order;
//   - among dictionary terms of one type in one sorted run, code-point order of their text (value
//     order for IdType::valued).
//
// Payload of a dictionary type: bit 59 set for a query-local term (its index in exec's LocalTerms
// below it); otherwise the storage layer's own numbering.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace akyn {

enum class IdType : std::uint8_t {
  unbound = 0,
  blank = 1,
  iri = 2,
  string = 3,       // xsd:string
  lang_string = 4,  // rdf:langString, rdf:dirLangString
  typed = 5,        // any literal of none of the other types: unknown or derived datatypes, ill-typed forms
  valued = 6,       // numbers, dates and times that are not inlined, well-typed; the run sorts them by value
  boolean = 7,      // inlined from here ...
  integer = 8,
  decimal = 9,
  double_ = 10,
  date = 11,  // without time zone
  date_zoned = 12,
  date_time = 13,        // without time zone
  date_time_zoned = 14,  // ... to here
  triple = 15,
};

class Id {
 public:
  static constexpr int kPayloadBits = 60;
  static constexpr std::uint64_t kPayloadMask = (std::uint64_t{1} << kPayloadBits) - 1;
  static constexpr std::uint64_t kLocalBit = std::uint64_t{1} << (kPayloadBits - 1);

  constexpr Id() noexcept = default;  // unbound
  constexpr Id(IdType type, std::uint64_t payload) noexcept
      : bits_((static_cast<std::uint64_t>(type) << kPayloadBits) | (payload & kPayloadMask)) {}
  [[nodiscard]] static constexpr Id from_bits(std::uint64_t bits) noexcept {
    Id id;
    id.bits_ = bits;
    return id;
  }
  [[nodiscard]] static constexpr Id local(IdType type, std::uint64_t index) noexcept {
    return Id(type, kLocalBit | index);
  }

  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }
  [[nodiscard]] constexpr IdType type() const noexcept { return static_cast<IdType>(bits_ >> kPayloadBits); }
  [[nodiscard]] constexpr std::uint64_t payload() const noexcept { return bits_ & kPayloadMask; }

  [[nodiscard]] constexpr bool is_bound() const noexcept { return bits_ != 0; }
  [[nodiscard]] constexpr bool is_inlined() const noexcept {
    return type() >= IdType::boolean && type() <= IdType::date_time_zoned;
  }
  [[nodiscard]] constexpr bool is_literal() const noexcept {
    return type() >= IdType::string && type() <= IdType::date_time_zoned;
  }
  // Held by a dictionary: the store's, or the query's own.
  [[nodiscard]] constexpr bool is_dictionary() const noexcept { return is_bound() && !is_inlined(); }
  [[nodiscard]] constexpr bool is_local() const noexcept { return is_dictionary() && (bits_ & kLocalBit) != 0; }
  [[nodiscard]] constexpr std::uint64_t local_index() const noexcept { return payload() & ~kLocalBit; }

  friend constexpr auto operator<=>(Id, Id) noexcept = default;

 private:
  std::uint64_t bits_ = 0;
};

}  // namespace akyn

template <>
struct std::hash<akyn::Id> {
  std::size_t operator()(akyn::Id id) const noexcept {
    std::uint64_t x = id.bits();  // murmur3's finalizer: payloads are sequential, tables want spread
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdULL;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return x ^ (x >> 33);
  }
};

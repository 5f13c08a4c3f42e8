// Reading and writing of stored integers and strings. Fixed-size integers are little-endian; a varint has seven bits a
// byte, lowest first, the top bit set in all but the last.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <akyn/error.h>

namespace akyn::storage {

static_assert(std::endian::native == std::endian::little, "stored integers are copied as they are in memory");

template <std::unsigned_integral Integer>
void append_fixed(std::string& out, Integer value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

template <std::unsigned_integral Integer>
[[nodiscard]] Integer load_fixed(const char* from) noexcept {
  Integer value = 0;
  std::memcpy(&value, from, sizeof value);
  return value;
}

inline void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

inline void append_sized(std::string& out, std::string_view bytes) {
  append_varint(out, bytes.size());
  out += bytes;
}

// Takes values off the front of stored bytes. Every read throws Error(corruption), whose message says that `what` is
// damaged, when there is not enough left.
class ByteReader {
 public:
  ByteReader(std::string_view bytes, const char* what) noexcept : rest_(bytes), what_(what) {}

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }

  template <std::unsigned_integral Integer>
  [[nodiscard]] Integer fixed() {
    return load_fixed<Integer>(bytes(sizeof(Integer)).data());
  }

  [[nodiscard]] std::uint64_t varint() {
    if (!rest_.empty() && static_cast<unsigned char>(rest_.front()) < 0x80) {
      const auto value = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      return value;
    }
    return long_varint();
  }

  [[nodiscard]] std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) fail("cut short");
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return taken;
  }

  // A varint and that many bytes.
  [[nodiscard]] std::string_view sized() { return bytes(varint()); }

  [[noreturn]] void fail(const char* how) const {
    throw Error(ErrorCode::corruption, std::string(what_) + " is damaged: " + how);
  }

 private:
  std::uint64_t long_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    fail("wrong length");
  }

  std::string_view rest_;
  const char* what_;
};

}  // namespace akyn::storage

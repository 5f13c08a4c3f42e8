// Hash functions and UUIDs (SPARQL 1.1 Query 17.4.6, 17.4.2.12).
#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "engine/expr/builtins.h"

namespace akyn::expr {
namespace {

// The digest of the UTF-8 bytes in lower-case hexadecimal.
Result digest(Arguments arguments, const EVP_MD* algorithm) {
  if (arguments[0].kind() != ValueKind::string) return std::nullopt;
  const std::string_view text = arguments[0].text();
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &length, algorithm, nullptr) != 1) return std::nullopt;
  std::string hex;
  hex.reserve(2 * length);
  for (unsigned int i = 0; i < length; ++i) fmt::format_to(std::back_inserter(hex), "{:02x}", bytes[i]);
  return Value::string(std::move(hex));
}

Result md5(Arguments arguments, Context&) {
  return digest(arguments, EVP_md5());
}
Result sha1(Arguments arguments, Context&) {
  return digest(arguments, EVP_sha1());
}
Result sha256(Arguments arguments, Context&) {
  return digest(arguments, EVP_sha256());
}
Result sha384(Arguments arguments, Context&) {
  return digest(arguments, EVP_sha384());
}
Result sha512(Arguments arguments, Context&) {
  return digest(arguments, EVP_sha512());
}

// RFC 9562 version 4. The generator alone has 64 bits of chance for the whole query, the blank seed 128 more.
std::string random_uuid(Context& context) {
  const std::uint64_t first = context.random() ^ context.blank_seed[0];
  const std::uint64_t second = context.random() ^ context.blank_seed[1];
  const std::uint64_t high = (first & 0xFFFFFFFFFFFF0FFFULL) | 0x4000ULL;
  const std::uint64_t low = (second & 0x3FFFFFFFFFFFFFFFULL) | 0x8000000000000000ULL;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48,
                     low & 0xFFFFFFFFFFFFULL);
}

Result uuid(Arguments, Context& context) {
  return Value::iri("urn:uuid:" + random_uuid(context));
}
Result struuid(Arguments, Context& context) {
  return Value::string(random_uuid(context));
}

constexpr std::array kFunctions = {
    Function{"MD5", 1, 1, md5},
    Function{"SHA1", 1, 1, sha1},
    Function{"SHA256", 1, 1, sha256},
    Function{"SHA384", 1, 1, sha384},
    Function{"SHA512", 1, 1, sha512},
    Function{"UUID", 0, 0, uuid, false},
    Function{"STRUUID", 0, 0, struuid, false},
};

}  // namespace

std::span<const Function> hash_functions() noexcept {
  return kFunctions;
}

}  // namespace akyn::expr

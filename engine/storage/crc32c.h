// CRC-32C, the checksum of RocksDB's logs.
#pragma once

#include <boost/crc.hpp>

namespace akyn::storage {

// As boost::crc_32_type, of another polynomial.
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;

}  // namespace akyn::storage

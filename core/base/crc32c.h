// CRC-32C (Castagnoli), the checksum of iSCSI, TFRecord and our checkpoints.
//
// The reflected polynomial is 0x82F63B78; register and result are inverted. Every single flipped
// bit and every damaged run of up to 32 bits changes the result.
//
// Determinism: depends on the bytes alone. Cost: O(n), no allocation.
// Reference: RFC 3720, appendix B.4 (test vectors).

#ifndef SACCADE_CORE_BASE_CRC32C_H_
#define SACCADE_CORE_BASE_CRC32C_H_

#include <cstdint>
#include <string_view>

namespace saccade {

// The checksum of what gave `before` followed by `bytes`; 0 stands for nothing before.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace saccade

#endif  // SACCADE_CORE_BASE_CRC32C_H_

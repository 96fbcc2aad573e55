// SPDX-License-Identifier: Apache-2.0
//
// CRC32C (Castagnoli, polynomial 0x1EDC6F41, reflected): the checksum of every
// file (RFC 3720, appendix B.4). Crc32c of "123456789" is 0xe3069283.
#ifndef SEGUE_SIMD_CRC32C_H_
#define SEGUE_SIMD_CRC32C_H_

#include <cstddef>
#include <cstdint>

namespace segue {

// The checksum of (the bytes that gave `seed`) followed by `data`; start with 0.
// Safe from any thread. Uses the CPU's instruction where there is one.
uint32_t Crc32c(uint32_t seed, const void* data, size_t size);

// From crc_a = Crc32c(0, A) and crc_b = Crc32c(0, B), Crc32c(0, A followed by
// B), where B has length_b bytes. Logarithmic in length_b.
uint32_t Crc32cCombine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b);

// Crc32cCombine for one length_b, prepared: constant time per call.
class Crc32cCombiner {
 public:
  explicit Crc32cCombiner(uint64_t length_b);
  uint32_t Combine(uint32_t crc_a, uint32_t crc_b) const;

 private:
  uint32_t power_;  // x^(8 * length_b) modulo the polynomial
};

// The twins behind Crc32c, for tests and benchmarks.
namespace crc32c_internal {
uint32_t Portable(uint32_t seed, const void* data, size_t size);
// REQUIRES: HasHardware().
uint32_t Hardware(uint32_t seed, const void* data, size_t size);
bool HasHardware();
}  // namespace crc32c_internal

}  // namespace segue

#endif  // SEGUE_SIMD_CRC32C_H_

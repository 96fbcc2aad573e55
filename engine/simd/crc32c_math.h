// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on polynomials over GF(2) modulo the Castagnoli polynomial, in the reflected form that
// CRC32C uses: bit 31 is the coefficient of x^0, bit 0 that of x^31. All of it is constexpr, so
// that the kernels' constants are computed by the compiler.
//
// Appending n zero bytes to a message multiplies its remainder by x^(8n); that is all there is to
// joining checksums.
#ifndef SEGUE_SIMD_CRC32C_MATH_H_
#define SEGUE_SIMD_CRC32C_MATH_H_

#include <cstddef>
#include <cstdint>

namespace segue::crc32c_internal {

inline constexpr uint32_t kPolynomial = 0x82f63b78;
inline constexpr uint32_t kOne = 0x80000000;  // x^0
inline constexpr uint32_t kX = 0x40000000;    // x^1

constexpr uint32_t MultiplyByX(uint32_t a) {
  return (a & 1) != 0 ? (a >> 1) ^ kPolynomial : a >> 1;
}

constexpr uint32_t Multiply(uint32_t a, uint32_t b) {
  uint32_t product = 0;
  for (uint32_t bit = kOne; bit != 0; bit >>= 1) {
    if ((a & bit) != 0) product ^= b;
    b = MultiplyByX(b);
  }
  return product;
}

// x^exponent.
constexpr uint32_t Power(uint64_t exponent) {
  uint32_t result = kOne;
  for (uint32_t square = kX; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = Multiply(result, square);
    square = Multiply(square, square);
  }
  return result;
}

// Three neighbouring lanes are summed at once (crc32c_sse42.cc). Long lanes make joining rare;
// short ones keep what is left of a 64 KiB block off the slow chain.
inline constexpr size_t kLongLane = 4096;
inline constexpr size_t kShortLane = 256;

// What joins a lane with the one behind it, or with the two.
template <size_t kLane>
inline constexpr uint32_t kSkipOne = Power(8 * kLane - 33);
template <size_t kLane>
inline constexpr uint32_t kSkipTwo = Power(16 * kLane - 33);

}  // namespace segue::crc32c_internal

#endif  // SEGUE_SIMD_CRC32C_MATH_H_

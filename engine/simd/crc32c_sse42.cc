// SPDX-License-Identifier: Apache-2.0
//
// The crc32 instruction takes 8 bytes, may start every cycle and answers three cycles later. One
// chain of them would run at a third of that, so three neighbouring lanes are summed at once and
// joined by a carry-less multiplication with x^(8 * bytes that follow).
//
// The joining product has 63 bits; running it through the crc32 instruction once more reduces it
// and multiplies it by x^33 on the way, which the constants allow for.
#include "engine/simd/crc32c.h"
#include "engine/simd/crc32c_math.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

namespace segue::crc32c_internal {
namespace {

#define SEGUE_TARGET_SSE42 __attribute__((target("sse4.2,pclmul")))

SEGUE_TARGET_SSE42 inline uint64_t Load(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

SEGUE_TARGET_SSE42 inline uint32_t Shift(uint64_t crc, uint32_t constant) {
  const __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128(static_cast<int64_t>(crc)),
                                               _mm_cvtsi32_si128(static_cast<int>(constant)), 0);
  return static_cast<uint32_t>(_mm_crc32_u64(0, static_cast<uint64_t>(_mm_cvtsi128_si64(product))));
}

template <size_t kLane>
SEGUE_TARGET_SSE42 inline uint64_t ThreeLanes(uint64_t crc, const uint8_t* p) {
  uint64_t second = 0;
  uint64_t third = 0;
  for (size_t i = 0; i < kLane; i += 8) {
    crc = _mm_crc32_u64(crc, Load(p + i));
    second = _mm_crc32_u64(second, Load(p + kLane + i));
    third = _mm_crc32_u64(third, Load(p + 2 * kLane + i));
  }
  return Shift(crc, kSkipTwo<kLane>) ^ Shift(second, kSkipOne<kLane>) ^ third;
}

}  // namespace

bool HasHardware() {
  return __builtin_cpu_supports("sse4.2") != 0 && __builtin_cpu_supports("pclmul") != 0;
}

SEGUE_TARGET_SSE42 uint32_t Hardware(uint32_t seed, const void* data, size_t size) {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  uint64_t crc = static_cast<uint32_t>(~seed);
  for (; size >= 3 * kLongLane; p += 3 * kLongLane, size -= 3 * kLongLane) {
    crc = ThreeLanes<kLongLane>(crc, p);
  }
  for (; size >= 3 * kShortLane; p += 3 * kShortLane, size -= 3 * kShortLane) {
    crc = ThreeLanes<kShortLane>(crc, p);
  }
  for (; size >= 8; p += 8, size -= 8) crc = _mm_crc32_u64(crc, Load(p));
  uint32_t narrow = static_cast<uint32_t>(crc);
  for (; size > 0; ++p, --size) narrow = _mm_crc32_u8(narrow, *p);
  return ~narrow;
}

}  // namespace segue::crc32c_internal

#elif !(defined(__aarch64__) && defined(__linux__))  // crc32c_arm.cc

namespace segue::crc32c_internal {

bool HasHardware() { return false; }
uint32_t Hardware(uint32_t seed, const void* data, size_t size) {
  return Portable(seed, data, size);
}

}  // namespace segue::crc32c_internal

#endif

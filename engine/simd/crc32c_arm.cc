// SPDX-License-Identifier: Apache-2.0
//
// As crc32c_sse42.cc, with the CRC instructions of AArch64, which most such CPUs have, and the
// carry-less multiplication that comes with the cryptographic ones.
#include "engine/simd/crc32c.h"
#include "engine/simd/crc32c_math.h"

#if defined(__aarch64__) && defined(__linux__)

#include <arm_neon.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>

#include <cstring>

#if defined(__clang__)
#define SEGUE_TARGET_CRC __attribute__((target("crc,aes")))
#define SEGUE_CRC32C_U64 __builtin_arm_crc32cd
#define SEGUE_CRC32C_U8 __builtin_arm_crc32cb
#else
#define SEGUE_TARGET_CRC __attribute__((target("+crc+crypto")))
#define SEGUE_CRC32C_U64 __builtin_aarch64_crc32cx
#define SEGUE_CRC32C_U8 __builtin_aarch64_crc32cb
#endif

namespace segue::crc32c_internal {
namespace {

inline uint64_t Load(const uint8_t* p) {
  uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

SEGUE_TARGET_CRC inline uint32_t Shift(uint32_t crc, uint32_t constant) {
  const auto product = static_cast<uint64_t>(vmull_p64(crc, constant));
  return SEGUE_CRC32C_U64(0, product);
}

template <size_t kLane>
SEGUE_TARGET_CRC inline uint32_t ThreeLanes(uint32_t crc, const uint8_t* p) {
  uint32_t second = 0;
  uint32_t third = 0;
  for (size_t i = 0; i < kLane; i += 8) {
    crc = SEGUE_CRC32C_U64(crc, Load(p + i));
    second = SEGUE_CRC32C_U64(second, Load(p + kLane + i));
    third = SEGUE_CRC32C_U64(third, Load(p + 2 * kLane + i));
  }
  return Shift(crc, kSkipTwo<kLane>) ^ Shift(second, kSkipOne<kLane>) ^ third;
}

}  // namespace

bool HasHardware() {
  constexpr unsigned long kWanted = HWCAP_CRC32 | HWCAP_PMULL;
  return (getauxval(AT_HWCAP) & kWanted) == kWanted;
}

SEGUE_TARGET_CRC uint32_t Hardware(uint32_t seed, const void* data, size_t size) {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  uint32_t crc = ~seed;
  for (; size >= 3 * kLongLane; p += 3 * kLongLane, size -= 3 * kLongLane) {
    crc = ThreeLanes<kLongLane>(crc, p);
  }
  for (; size >= 3 * kShortLane; p += 3 * kShortLane, size -= 3 * kShortLane) {
    crc = ThreeLanes<kShortLane>(crc, p);
  }
  for (; size >= 8; p += 8, size -= 8) crc = SEGUE_CRC32C_U64(crc, Load(p));
  for (; size > 0; ++p, --size) crc = SEGUE_CRC32C_U8(crc, *p);
  return ~crc;
}

}  // namespace segue::crc32c_internal

#endif

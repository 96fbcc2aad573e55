// SPDX-License-Identifier: Apache-2.0
//
// The portable twin takes eight bytes a step: table t tells what a byte t places from the end of
// the step does to the remainder ("slicing by 8"). The instructions' twins are crc32c_sse42.cc and
// crc32c_arm.cc.
#include "engine/simd/crc32c.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "engine/simd/crc32c_math.h"

namespace segue {
namespace crc32c_internal {
namespace {

using Table = std::array<std::array<uint32_t, 256>, 8>;

constexpr Table MakeTable() {
  Table table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = MultiplyByX(crc);
    table[0][byte] = crc;
  }
  for (size_t place = 1; place < 8; ++place) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = table[place - 1][byte];
      table[place][byte] = before >> 8 ^ table[0][before & 0xff];
    }
  }
  return table;
}

constexpr Table kTable = MakeTable();

}  // namespace

uint32_t Portable(uint32_t seed, const void* data, size_t size) {
  const uint8_t* p = static_cast<const uint8_t*>(data);
  uint32_t crc = ~seed;
  for (; size >= 8; p += 8, size -= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    word ^= crc;
    crc = kTable[7][word & 0xff] ^ kTable[6][word >> 8 & 0xff] ^ kTable[5][word >> 16 & 0xff] ^
          kTable[4][word >> 24 & 0xff] ^ kTable[3][word >> 32 & 0xff] ^
          kTable[2][word >> 40 & 0xff] ^ kTable[1][word >> 48 & 0xff] ^ kTable[0][word >> 56];
  }
  for (; size > 0; ++p, --size) crc = crc >> 8 ^ kTable[0][(crc ^ *p) & 0xff];
  return ~crc;
}

}  // namespace crc32c_internal

namespace {

using Function = uint32_t (*)(uint32_t, const void*, size_t);

Function Choose() {
  // The same switch as the kernels', so that a forced scalar run is scalar everywhere.
  const char* forced = std::getenv("SEGUE_KERNELS");
  const bool scalar = forced != nullptr && std::string_view(forced) == "scalar";
  return !scalar && crc32c_internal::HasHardware() ? crc32c_internal::Hardware
                                                   : crc32c_internal::Portable;
}

}  // namespace

uint32_t Crc32c(uint32_t seed, const void* data, size_t size) {
  static const Function function = Choose();
  return function(seed, data, size);
}

uint32_t Crc32cCombine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b) {
  return Crc32cCombiner(length_b).Combine(crc_a, crc_b);
}

Crc32cCombiner::Crc32cCombiner(uint64_t length_b) : power_(crc32c_internal::Power(8 * length_b)) {}

uint32_t Crc32cCombiner::Combine(uint32_t crc_a, uint32_t crc_b) const {
  // The inversions before and after cancel out: both sides carry the same ones.
  return crc32c_internal::Multiply(crc_a, power_) ^ crc_b;
}

}  // namespace segue

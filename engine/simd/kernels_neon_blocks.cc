// SPDX-License-Identifier: Apache-2.0
//
// NEON kernels for posting blocks: packed integers, frequency fields, searching.
//
// The ways are those of the AVX2 kernels with two vectors of four lanes for one of eight: unpacking
// is generated per width, with constant shifts; documents are a running sum down the sixteen rows
// of codes, transposed four by four.

#include "engine/simd/kernels_internal.h"
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_NEON_KERNELS)

#include <array>
#include <utility>

namespace segue {
namespace {

// --- Packed blocks -----------------------------------------------------------

// The same element of all eight lanes.
struct Eight {
  uint32x4_t low, high;
};

inline Eight LoadEight(const uint32_t* p) { return {vld1q_u32(p), vld1q_u32(p + 4)}; }

inline Eight Add(Eight a, Eight b) { return {vaddq_u32(a.low, b.low), vaddq_u32(a.high, b.high)}; }

inline uint32x4_t LoadBytes(const uint8_t* p) { return vreinterpretq_u32_u8(vld1q_u8(p)); }

template <uint32_t kBits>
inline Eight LoadUnit(const uint8_t* packed, uint32_t unit) {
  const uint8_t* const at = packed + 32 * unit;
  if (2 * unit + 1 == kBits) {
    const uint16x8_t halves = vreinterpretq_u16_u8(vld1q_u8(at));
    return {vmovl_u16(vget_low_u16(halves)), vmovl_high_u16(halves)};
  }
  return {LoadBytes(at), LoadBytes(at + 16)};
}

template <uint32_t kBits>
void UnpackWidth(const uint8_t* packed, uint32_t* lanes) {
  if constexpr (kBits == 0) {
    for (int i = 0; i < 128; i += 4) vst1q_u32(lanes + i, vdupq_n_u32(0));
  } else {
    const uint32x4_t mask = vdupq_n_u32((1u << kBits) - 1);
    Eight unit = LoadUnit<kBits>(packed, 0);
#pragma GCC unroll 16
    for (uint32_t k = 0; k < 16; ++k) {
      const uint32_t shift = k * kBits % 32;
      Eight code = {unit.low >> shift, unit.high >> shift};
      if (shift + kBits > 32 || (shift + kBits == 32 && k < 15)) {
        unit = LoadUnit<kBits>(packed, k * kBits / 32 + 1);
        if (shift + kBits > 32) {
          code.low |= unit.low << (32 - shift);
          code.high |= unit.high << (32 - shift);
        }
      }
      vst1q_u32(lanes + 8 * k, vandq_u32(code.low, mask));
      vst1q_u32(lanes + 8 * k + 4, vandq_u32(code.high, mask));
    }
  }
}

using UnpackFunction = void (*)(const uint8_t*, uint32_t*);

template <uint32_t... kBits>
constexpr std::array<UnpackFunction, sizeof...(kBits)> UnpackTable(
    std::integer_sequence<uint32_t, kBits...>) {
  return {UnpackWidth<kBits>...};
}

constexpr std::array<UnpackFunction, 32> kUnpack =
    UnpackTable(std::make_integer_sequence<uint32_t, 32>());

void UnpackLanes(const uint8_t* packed, uint32_t bits, uint32_t* lanes) {
  kUnpack[bits & 31](packed, lanes);
}

// Stores the transpose of r[0..4): row l of the result to out + 16 l.
inline void StoreTransposed(uint32x4_t r0, uint32x4_t r1, uint32x4_t r2, uint32x4_t r3,
                            uint32_t* out) {
  const uint64x2_t even01 = vreinterpretq_u64_u32(vtrn1q_u32(r0, r1));
  const uint64x2_t odd01 = vreinterpretq_u64_u32(vtrn2q_u32(r0, r1));
  const uint64x2_t even23 = vreinterpretq_u64_u32(vtrn1q_u32(r2, r3));
  const uint64x2_t odd23 = vreinterpretq_u64_u32(vtrn2q_u32(r2, r3));
  vst1q_u32(out + 0 * 16, vreinterpretq_u32_u64(vtrn1q_u64(even01, even23)));
  vst1q_u32(out + 1 * 16, vreinterpretq_u32_u64(vtrn1q_u64(odd01, odd23)));
  vst1q_u32(out + 2 * 16, vreinterpretq_u32_u64(vtrn2q_u64(even01, even23)));
  vst1q_u32(out + 3 * 16, vreinterpretq_u32_u64(vtrn2q_u64(odd01, odd23)));
}

// element[i] = the sum of elements 0..i.
inline uint32x4_t RunningSums(uint32x4_t v) {
  const uint32x4_t zero = vdupq_n_u32(0);
  v = vaddq_u32(v, vextq_u32(zero, v, 3));
  return vaddq_u32(v, vextq_u32(zero, v, 2));
}

// Exclusive sums over the eight elements.
inline Eight ExclusiveSums(Eight v) {
  const uint32x4_t low = RunningSums(v.low), high = RunningSums(v.high);
  return {vsubq_u32(low, v.low), vaddq_u32(vsubq_u32(high, v.high), vdupq_laneq_u32(low, 3))};
}

void LanesToDocs(const uint32_t* lanes, uint32_t base, uint32_t* docs) {
  Eight total = LoadEight(lanes);
  for (int k = 1; k < 16; ++k) total = Add(total, LoadEight(lanes + 8 * k));
  const Eight before = ExclusiveSums(total);
  const uint32x4_t first = vmulq_n_u32(NeonNumbers(), 16);
  // One less, since every step below adds one more than its code.
  const uint32x4_t start = vaddq_u32(first, vdupq_n_u32(base - 1));
  Eight sum = Add(before, {start, vaddq_u32(start, vdupq_n_u32(64))});
  const Eight one = {vdupq_n_u32(1), vdupq_n_u32(1)};
  for (int k = 0; k < 16; k += 4) {
    Eight rows[4];
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) {
      sum = Add(sum, Add(LoadEight(lanes + 8 * (k + j)), one));
      rows[j] = sum;
    }
    StoreTransposed(rows[0].low, rows[1].low, rows[2].low, rows[3].low, docs + k);
    StoreTransposed(rows[0].high, rows[1].high, rows[2].high, rows[3].high, docs + 64 + k);
  }
}

// --- Frequency fields ----------------------------------------------------------

// Writes eight bytes plus one as integers.
inline void StoreWidened(uint8x8_t bytes, uint32_t* out) {
  const uint16x8_t shorts = vaddq_u16(vmovl_u8(bytes), vdupq_n_u16(1));
  vst1q_u32(out, vmovl_u16(vget_low_u16(shorts)));
  vst1q_u32(out + 4, vmovl_high_u16(shorts));
}

void UnpackFields(const uint8_t* fields, uint32_t bits, uint32_t* freqs) {
  const uint8x16_t mask = vdupq_n_u8(static_cast<uint8_t>((1u << bits) - 1));
  const uint32_t stride = 16 * bits;
  for (uint32_t row = 0; row < 8 / bits; ++row) {
    const int8x16_t right = vdupq_n_s8(static_cast<int8_t>(-static_cast<int>(row * bits)));
    uint32_t* const out = freqs + row * stride;
    for (uint32_t i = 0; i < stride; i += 16) {
      const uint8x16_t bytes = vandq_u8(vshlq_u8(vld1q_u8(fields + i), right), mask);
      StoreWidened(vget_low_u8(bytes), out + i);
      StoreWidened(vget_high_u8(bytes), out + i + 8);
    }
  }
}

// The sum of the fields in each byte.
template <uint32_t kBits>
inline uint8x16_t FieldsOfBytes(uint8x16_t v) {
  if constexpr (kBits == 1) return vcntq_u8(v);
  if constexpr (kBits == 2) {
    const uint8x16_t pairs = vdupq_n_u8(0x33);
    v = vaddq_u8(vandq_u8(v, pairs), vandq_u8(vshrq_n_u8(v, 2), pairs));
  }
  if constexpr (kBits <= 4) v = vaddq_u8(vandq_u8(v, vdupq_n_u8(0x0f)), vshrq_n_u8(v, 4));
  return v;
}

// The fields of the first `count` elements keep their bits: in row r = count / stride the bytes
// below count % stride, in the rows before all.
template <uint32_t kBits>
uint32_t SumFieldsOfWidth(const uint8_t* fields, uint32_t count) {
  constexpr uint32_t kStride = 16 * kBits;
  const uint32_t row = count / kStride;
  const uint8x16_t column = vdupq_n_u8(static_cast<uint8_t>(count % kStride));
  const uint8x16_t inside = vdupq_n_u8(static_cast<uint8_t>((1u << kBits << kBits * row) - 1));
  const uint8x16_t outside = vdupq_n_u8(static_cast<uint8_t>((1u << kBits * row) - 1));
  uint8x16_t numbers = NeonByteNumbers();
  uint32_t sum = 0;
  for (uint32_t i = 0; i < kStride; i += 16) {
    const uint8x16_t mask = vbslq_u8(vcltq_u8(numbers, column), inside, outside);
    sum += vaddlvq_u8(FieldsOfBytes<kBits>(vandq_u8(vld1q_u8(fields + i), mask)));
    numbers = vaddq_u8(numbers, vdupq_n_u8(16));
  }
  return sum;
}

uint32_t SumFields(const uint8_t* fields, uint32_t bits, uint32_t count) {
  switch (bits) {
    case 1:
      return SumFieldsOfWidth<1>(fields, count);
    case 2:
      return SumFieldsOfWidth<2>(fields, count);
    case 4:
      return SumFieldsOfWidth<4>(fields, count);
    default:
      return SumFieldsOfWidth<8>(fields, count);
  }
}

uint32_t SumExcesses(const uint8_t* indexes, const uint8_t* excesses, uint32_t count,
                     uint32_t below) {
  if (below == 0) return 0;
  const uint8x16_t last = vdupq_n_u8(static_cast<uint8_t>(below - 1 < 255 ? below - 1 : 255));
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; i += 16) {
    const uint8x16_t live = vdupq_n_u8(static_cast<uint8_t>(count - i < 16 ? count - i : 16));
    const uint8x16_t taken =
        vandq_u8(vcleq_u8(vld1q_u8(indexes + i), last), vcltq_u8(NeonByteNumbers(), live));
    sum += vaddlvq_u8(vandq_u8(vld1q_u8(excesses + i), taken));
    sum += vaddvq_u8(vshrq_n_u8(taken, 7));
  }
  return sum;
}

// --- Searching ---------------------------------------------------------------------

// How many of the eight values at p come before the first one above the target.
inline uint32_t CountAtMost(const uint8_t* p, uint32x4_t target) {
  const uint64_t above =
      NeonBytesOfEight(vcgtq_u32(LoadBytes(p), target), vcgtq_u32(LoadBytes(p + 16), target));
  return static_cast<uint32_t>(std::countr_zero(above)) / 8;
}

// As in the AVX2 version.
uint32_t FindLastAtMost(const uint8_t* values, uint32_t count, uint32_t from, uint32_t target) {
  const uint32x4_t wanted = vdupq_n_u32(target);
  uint32_t near = CountAtMost(values + 4 * size_t{from}, wanted);
  if (near < 8 || count - from <= 8) {
    // from + near - 1 is the last one, but `from` itself always counts.
    near += near == 0;
    return near < count - from ? from + near - 1 : count - 1;
  }
  uint32_t low = from + 7, high = count;
  uint32_t step = 8;
  while (step < count - low && LoadUnaligned32(values + 4 * size_t{low + step}) <= target) {
    low += step;
    step *= 2;
  }
  if (step < count - low) high = low + step;
  while (high - low > 8) {
    const uint32_t middle = low + (high - low) / 2;
    const bool at_most = LoadUnaligned32(values + 4 * size_t{middle}) <= target;
    low = at_most ? middle : low;
    high = at_most ? high : middle;
  }
  // At most eight candidates, `low` among them; those from `high` on are above the target or past
  // the end.
  const uint32_t within = CountAtMost(values + 4 * size_t{low}, wanted);
  const uint32_t kept = within < high - low ? within : high - low;
  return kept == 0 ? low : low + kept - 1;
}

// Four bits for each of the sixteen values at p: all ones if it equals `value`.
inline uint64_t EqualAmongSixteen(const uint32_t* p, uint32x4_t value) {
  const auto equal = [&](int i) { return vmovn_u32(vceqq_u32(vld1q_u32(p + i), value)); };
  const uint8x16_t bytes = vcombine_u8(vmovn_u16(vcombine_u16(equal(0), equal(4))),
                                       vmovn_u16(vcombine_u16(equal(8), equal(12))));
  const uint8x8_t nibbles = vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4);
  return vget_lane_u64(vreinterpret_u64_u8(nibbles), 0);
}

// The last values of the eight sixteenths tell in which one a value would be.
size_t FindInBlock(const uint32_t* block, const uint32_t* wanted, size_t count, uint32_t* indexes,
                   uint32_t* places) {
  // What is past the end would be in the last part, too.
  const uint32_t lasts[8] = {block[15], block[31], block[47],  block[63],
                             block[79], block[95], block[111], UINT32_MAX};
  const uint32x4_t low = vld1q_u32(lasts), high = vld1q_u32(lasts + 4);
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32x4_t value = vdupq_n_u32(wanted[i]);
    // A comparison gives minus one.
    const uint32_t part = 0 - vaddvq_u32(vaddq_u32(vcgtq_u32(value, low), vcgtq_u32(value, high)));
    const uint64_t equal = EqualAmongSixteen(block + 16 * part, value);
    indexes[found] = static_cast<uint32_t>(i);
    places[found] = 16 * part + static_cast<uint32_t>(std::countr_zero(equal)) / 4;
    found += equal != 0;
  }
  return found;
}

}  // namespace

void FillNeonBlocks(Kernels* table) {
  table->unpack_lanes = UnpackLanes;
  table->lanes_to_docs = LanesToDocs;
  table->unpack_fields = UnpackFields;
  table->sum_fields = SumFields;
  table->sum_excesses = SumExcesses;
  table->find_last_at_most = FindLastAtMost;
  table->find_in_block = FindInBlock;
}

}  // namespace segue

#endif  // SEGUE_HAVE_NEON_KERNELS

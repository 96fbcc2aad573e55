// SPDX-License-Identifier: Apache-2.0
//
// NEON kernels for bitmaps. Counting is what NEON is good at: AArch64 has no other instruction for
// it than the one that counts the ones of each byte of a vector. Setting and testing single bits
// stays scalar: that is one load, shift and store for each.

#include "engine/simd/kernels_internal.h"
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_NEON_KERNELS)

namespace segue {
namespace {

// --- Word operations -----------------------------------------------------------

struct And {
  static uint64x2_t Vector(uint64x2_t a, uint64x2_t b) { return vandq_u64(a, b); }
  static uint64_t Word(uint64_t a, uint64_t b) { return a & b; }
};
struct AndNot {
  static uint64x2_t Vector(uint64x2_t a, uint64x2_t b) { return vbicq_u64(a, b); }
};
struct Or {
  static uint64x2_t Vector(uint64x2_t a, uint64x2_t b) { return vorrq_u64(a, b); }
  static uint64_t Word(uint64_t a, uint64_t b) { return a | b; }
};
struct First {
  static uint64x2_t Vector(uint64x2_t a, uint64x2_t) { return a; }
  static uint64_t Word(uint64_t a, uint64_t) { return a; }
};

template <typename Operation>
void Combine(uint64_t* dst, const uint64_t* a, const uint64_t* b, size_t words) {
  size_t i = 0;
  for (; i + 4 <= words; i += 4) {
    const uint64x2_t low = Operation::Vector(vld1q_u64(a + i), vld1q_u64(b + i));
    const uint64x2_t high = Operation::Vector(vld1q_u64(a + i + 2), vld1q_u64(b + i + 2));
    vst1q_u64(dst + i, low);
    vst1q_u64(dst + i + 2, high);
  }
  for (; i < words; ++i) dst[i] = Operation::Word(a[i], b[i]);
}

// Ones of each byte.
inline uint8x16_t ByteOnes(uint64x2_t v) { return vcntq_u8(vreinterpretq_u8_u64(v)); }

inline uint32_t Ones(uint64_t word) { return static_cast<uint32_t>(std::popcount(word)); }

template <typename Operation>
uint64_t Count(const uint64_t* a, const uint64_t* b, size_t words) {
  uint64x2_t sums = vdupq_n_u64(0);
  size_t i = 0;
  for (; i + 16 <= words; i += 16) {
    uint8x16_t ones = vdupq_n_u8(0);  // at most 8 * 8 in a byte
#pragma GCC unroll 8
    for (size_t j = i; j < i + 16; j += 2) {
      ones = vaddq_u8(ones, ByteOnes(Operation::Vector(vld1q_u64(a + j), vld1q_u64(b + j))));
    }
    sums = vpadalq_u32(sums, vpaddlq_u16(vpaddlq_u8(ones)));
  }
  uint64_t count = vaddvq_u64(sums);
  for (; i < words; ++i) count += Ones(Operation::Word(a[i], b[i]));
  return count;
}

uint64_t CountOne(const uint64_t* a, size_t words) { return Count<First>(a, a, words); }

// --- Groups of eight words -------------------------------------------------------

void CountGroups(const uint64_t* words, size_t groups, uint32_t* counts) {
  for (size_t i = 0; i < groups; ++i) {
    const uint64_t* const group = words + 8 * i;
    const uint8x16_t low = vaddq_u8(ByteOnes(vld1q_u64(group)), ByteOnes(vld1q_u64(group + 2)));
    const uint8x16_t high =
        vaddq_u8(ByteOnes(vld1q_u64(group + 4)), ByteOnes(vld1q_u64(group + 6)));
    counts[i] = vaddlvq_u8(vaddq_u8(low, high));
  }
}

template <typename Operation>
void CombineGroups(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits) {
  for (size_t first = 0; first < groups; first += 64) {
    uint64_t kept = bits[first / 64];
    for (uint64_t rest = kept; rest != 0; rest &= rest - 1) {
      const size_t group = first + static_cast<size_t>(std::countr_zero(rest));
      uint64x2_t any = vdupq_n_u64(0);
#pragma GCC unroll 4
      for (size_t w = 8 * group; w < 8 * group + 8; w += 2) {
        const uint64x2_t left = Operation::Vector(vld1q_u64(words + w), vld1q_u64(other + w));
        vst1q_u64(words + w, left);
        any = vorrq_u64(any, left);
      }
      if (vmaxvq_u32(vreinterpretq_u32_u64(any)) == 0) kept &= ~(rest & -rest);
    }
    bits[first / 64] = kept;
  }
}

// --- Ranks -----------------------------------------------------------------------

// The number of set bits before word `word`, without a loop whose length nobody can predict.
inline uint32_t RankOfWord(const uint64_t* words, const uint8_t* ranks, size_t word) {
  // From 8 - n on: n words that count and 8 - n that do not.
  alignas(64) static constexpr uint64_t kCounted[16] = {UINT64_MAX, UINT64_MAX, UINT64_MAX,
                                                        UINT64_MAX, UINT64_MAX, UINT64_MAX,
                                                        UINT64_MAX, UINT64_MAX};
  const uint64_t* const group = words + (word & ~size_t{7});
  const uint64_t* const counted = kCounted + 8 - word % 8;
  uint8x16_t ones = vdupq_n_u8(0);
#pragma GCC unroll 4
  for (int i = 0; i < 8; i += 2) {
    ones = vaddq_u8(ones, ByteOnes(vandq_u64(vld1q_u64(group + i), vld1q_u64(counted + i))));
  }
  return LoadUnaligned32(ranks + 4 * (word / 8)) + vaddlvq_u8(ones);
}

inline uint32_t RankInWord(uint64_t word, uint32_t doc) {
  return Ones(word & ((uint64_t{1} << (doc % 64)) - 1));
}

uint32_t Rank(const uint64_t* words, const uint8_t* ranks, uint32_t doc) {
  return RankOfWord(words, ranks, doc / 64) + RankInWord(words[doc / 64], doc);
}

// Documents often share a word with the one before.
void Ranks(const uint64_t* words, const uint8_t* ranks, const uint32_t* docs, size_t count,
           uint32_t* out) {
  size_t word = SIZE_MAX;
  uint32_t before = 0;
  for (size_t i = 0; i < count; ++i) {
    if (docs[i] / 64 != word) {
      word = docs[i] / 64;
      before = RankOfWord(words, ranks, word);
    }
    out[i] = before + RankInWord(words[word], docs[i]);
  }
}

// Ranks and indexes are carried along from word to word, and both counts within a word are taken
// at once.
size_t SelectRanked(const uint64_t* words, const uint8_t* ranks, const uint64_t* mask,
                    size_t groups, uint32_t* indexes, uint32_t* selected, uint32_t* out_ranks) {
  uint32_t index = 0, rank = 0;
  size_t kept = 0;
  for (size_t w = 0; w < 8 * groups; ++w) {
    if (w % 8 == 0) rank = LoadUnaligned32(ranks + w / 2);
    const uint64_t word = words[w], wanted = mask[w];
    const uint64x2_t pair = vcombine_u64(vcreate_u64(wanted), vcreate_u64(word));
    for (uint64_t both = word & wanted; both != 0; both &= both - 1) {
      const uint64_t below = (both & -both) - 1;
      const uint64x2_t before =
          vpaddlq_u32(vpaddlq_u16(vpaddlq_u8(ByteOnes(vandq_u64(pair, vdupq_n_u64(below))))));
      indexes[kept] = index + static_cast<uint32_t>(vgetq_lane_u64(before, 0));
      selected[kept] =
          static_cast<uint32_t>(64 * w) + static_cast<uint32_t>(std::countr_zero(both));
      out_ranks[kept++] = rank + static_cast<uint32_t>(vgetq_lane_u64(before, 1));
    }
    index += Ones(wanted);
    rank += Ones(word);
  }
  return kept;
}

// --- Bits to documents -----------------------------------------------------------

// Writes base + the bits of `word`; up to eight entries more are overwritten. Words of few bits go
// bit by bit, others byte by byte through a table.
inline uint32_t* ExpandWord(uint64_t word, uint32_t base, uint32_t* out) {
  const uint8x8_t ones = vcnt_u8(vcreate_u8(word));
  uint32_t* const end = out + vaddv_u8(ones);
  if (end - out <= 8) {
    for (; word != 0; word &= word - 1) {
      *out++ = base + static_cast<uint32_t>(std::countr_zero(word));
    }
    return end;
  }
  uint64_t counts = vget_lane_u64(vreinterpret_u64_u8(ones), 0);
  uint32x4_t bases = vdupq_n_u32(base);
  for (int byte = 0; byte < 8; ++byte) {
    const uint16x8_t list = vmovl_u8(vld1_u8(kByteBits.list[word & 0xff]));
    vst1q_u32(out, vaddw_u16(bases, vget_low_u16(list)));
    vst1q_u32(out + 4, vaddw_high_u16(bases, list));
    out += counts & 0xff;
    bases = vaddq_u32(bases, vdupq_n_u32(8));
    word >>= 8;
    counts >>= 8;
  }
  return end;
}

size_t BitsToDocs(const uint64_t* words, size_t count, uint32_t base, uint32_t* out) {
  uint32_t* next = out;
  for (size_t i = 0; i < count; ++i) {
    // Masks are often empty for long.
    if (words[i] == 0) continue;
    next = ExpandWord(words[i], base + static_cast<uint32_t>(64 * i), next);
  }
  return static_cast<size_t>(next - out);
}

uint32_t FirstBits(const uint64_t* words, size_t word_count, uint64_t from, uint32_t count,
                   uint32_t* out) {
  size_t i = from / 64;
  if (i >= word_count || count == 0) return 0;
  // Room for a last word that starts below `count`, and for overwriting.
  uint32_t buffer[128 + 64 + 8];
  uint32_t* next = buffer;
  uint32_t* const wanted = buffer + count;
  uint64_t word = words[i] & (~uint64_t{0} << (from % 64));
  for (;;) {
    next = ExpandWord(word, static_cast<uint32_t>(64 * i), next);
    if (next >= wanted || ++i >= word_count) break;
    word = words[i];
  }
  const uint32_t found = static_cast<uint32_t>((next < wanted ? next : wanted) - buffer);
  std::memcpy(out, buffer, found * sizeof(uint32_t));
  return found;
}

}  // namespace

void FillNeonBitmaps(Kernels* table) {
  table->and_words = Combine<And>;
  table->or_words = Combine<Or>;
  table->count_words = CountOne;
  table->count_and = Count<And>;
  table->count_groups = CountGroups;
  table->and_groups = CombineGroups<And>;
  table->and_not_groups = CombineGroups<AndNot>;
  table->rank = Rank;
  table->ranks = Ranks;
  table->first_bits = FirstBits;
  table->select_ranked = SelectRanked;
  table->bits_to_docs = BitsToDocs;
}

}  // namespace segue

#endif  // SEGUE_HAVE_NEON_KERNELS

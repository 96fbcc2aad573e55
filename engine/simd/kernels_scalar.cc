// SPDX-License-Identifier: Apache-2.0
//
// The kernels in plain C++: the definition that every vector table is tested
// against, and what runs where there is none. Written to be read; the loops
// that matter on such machines are still branch-free.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/simd/kernels_internal.h"

namespace segue {
namespace {

// --- Packed blocks -----------------------------------------------------------

void UnpackLanes(const uint8_t* packed, uint32_t bits, uint32_t* lanes) {
  const uint32_t mask = (uint32_t{1} << bits) - 1;
  for (uint32_t lane = 0; lane < 8; ++lane) {
    uint64_t pending = 0;  // bits read from the lane's stream, not yet used
    uint32_t pending_bits = 0;
    uint32_t unit = 0;
    for (uint32_t k = 0; k < 16; ++k) {
      if (pending_bits < bits) {
        const bool half = 2 * unit + 1 == bits;
        uint32_t word = 0;
        if (half) {
          std::memcpy(&word, packed + 32 * unit + 2 * lane, 2);
        } else {
          std::memcpy(&word, packed + 32 * unit + 4 * lane, 4);
        }
        pending |= uint64_t{word} << pending_bits;
        pending_bits += half ? 16 : 32;
        ++unit;
      }
      lanes[8 * k + lane] = static_cast<uint32_t>(pending) & mask;
      pending >>= bits;
      pending_bits -= bits;
    }
  }
}

bool PatchLanes(const uint8_t* stream, uint32_t count, uint32_t high_bits, uint32_t shift,
                uint32_t* lanes) {
  const uint64_t high_mask = (uint64_t{1} << high_bits) - 1;
  uint64_t bit = 0;
  uint32_t least = 1;
  bool ordered = true;
  for (uint32_t i = 0; i < count; ++i, bit += 7 + high_bits) {
    const uint64_t word = LoadUnaligned64(stream + bit / 8) >> (bit % 8);
    const uint32_t index = static_cast<uint32_t>(word) & 127;
    ordered &= index >= least;
    least = index + 1;
    lanes[8 * (index & 15) + (index >> 4)] += static_cast<uint32_t>((word >> 7) & high_mask)
                                              << shift;
  }
  return ordered;
}

void LanesToDocs(const uint32_t* lanes, uint32_t base, uint32_t* docs) {
  uint32_t sum = base;
  for (uint32_t i = 0; i < 128; ++i) {
    sum += lanes[8 * (i & 15) + (i >> 4)];
    docs[i] = sum + i;
  }
}

// --- Frequency fields ----------------------------------------------------------

void UnpackFields(const uint8_t* fields, uint32_t bits, uint32_t* freqs) {
  const uint32_t stride = 16 * bits;
  const uint32_t mask = (1u << bits) - 1;
  uint32_t* out = freqs;
  for (uint32_t shift = 0; shift < 8; shift += bits) {
    for (uint32_t i = 0; i < stride; ++i) *out++ = ((fields[i] >> shift) & mask) + 1;
  }
}

bool PatchFreqs(const uint8_t* indexes, const uint8_t* excesses, uint32_t count, uint32_t greatest,
                uint32_t* freqs) {
  uint32_t least = 0;
  bool ordered = true;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t index = indexes[i];
    uint32_t& freq = freqs[index & 127];
    ordered &= (index >= least) & (freq == greatest);
    least = index + 1;
    freq += excesses[i] + 1u;
  }
  return ordered && least <= 128;
}

uint32_t SumFields(const uint8_t* fields, uint32_t bits, uint32_t count) {
  const uint32_t stride = 16 * bits;
  const uint32_t mask = (1u << bits) - 1;
  uint32_t sum = 0;
  uint32_t left = count;
  for (uint32_t shift = 0; left != 0; shift += bits) {
    const uint32_t row = left < stride ? left : stride;
    for (uint32_t i = 0; i < row; ++i) sum += (fields[i] >> shift) & mask;
    left -= row;
  }
  return sum;
}

uint32_t SumExcesses(const uint8_t* indexes, const uint8_t* excesses, uint32_t count,
                     uint32_t below) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < count; ++i) sum += indexes[i] < below ? excesses[i] + 1u : 0;
  return sum;
}

// --- Rice codes ------------------------------------------------------------------

uint64_t SkipOnes(const uint8_t* bits, uint64_t from, uint64_t end, uint64_t count) {
  if (count == 0) return from;
  uint64_t bit = from;
  while (bit < end) {
    uint64_t word = LoadUnaligned64(bits + bit / 8) >> (bit % 8);
    const uint64_t valid = 64 - bit % 8;
    const uint64_t ones = static_cast<uint64_t>(std::popcount(word));
    if (ones < count) {
      count -= ones;
      bit += valid;
      continue;
    }
    for (; count > 1; --count) word &= word - 1;
    bit += static_cast<uint64_t>(std::countr_zero(word)) + 1;
    return bit <= end ? bit : kNoBit;
  }
  return kNoBit;
}

// --- Searching ---------------------------------------------------------------------

uint32_t FindLastAtMost(const uint8_t* values, uint32_t count, uint32_t from, uint32_t target) {
  // Invariant: value[low] <= target, or low == from; value[high] > target, or
  // high == count.
  uint32_t low = from;
  uint32_t step = 1;
  while (step < count - low && LoadUnaligned32(values + 4 * size_t{low + step}) <= target) {
    low += step;
    step *= 2;
  }
  uint32_t high = step < count - low ? low + step : count;
  while (high - low > 1) {
    const uint32_t middle = low + (high - low) / 2;
    if (LoadUnaligned32(values + 4 * size_t{middle}) <= target) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

size_t FindInBlock(const uint32_t* block, const uint32_t* wanted, size_t count, uint32_t* indexes,
                   uint32_t* places) {
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    const uint32_t* const at = std::lower_bound(block, block + 127, wanted[i]);
    indexes[found] = static_cast<uint32_t>(i);
    places[found] = static_cast<uint32_t>(at - block);
    found += *at == wanted[i];
  }
  return found;
}

// --- Bitmaps -------------------------------------------------------------------------

void AndWords(uint64_t* dst, const uint64_t* a, const uint64_t* b, size_t words) {
  for (size_t i = 0; i < words; ++i) dst[i] = a[i] & b[i];
}

void OrWords(uint64_t* dst, const uint64_t* a, const uint64_t* b, size_t words) {
  for (size_t i = 0; i < words; ++i) dst[i] = a[i] | b[i];
}

uint64_t Ones(uint64_t word) { return static_cast<uint64_t>(std::popcount(word)); }

uint64_t CountWords(const uint64_t* a, size_t words) {
  uint64_t sum = 0;
  for (size_t i = 0; i < words; ++i) sum += Ones(a[i]);
  return sum;
}

uint64_t CountAnd(const uint64_t* a, const uint64_t* b, size_t words) {
  uint64_t sum = 0;
  for (size_t i = 0; i < words; ++i) sum += Ones(a[i] & b[i]);
  return sum;
}

uint32_t Rank(const uint64_t* words, const uint8_t* ranks, uint32_t doc) {
  uint32_t rank = LoadUnaligned32(ranks + 4 * size_t{doc / 512});
  const size_t last = doc / 64;
  for (size_t i = last & ~size_t{7}; i < last; ++i) rank += static_cast<uint32_t>(Ones(words[i]));
  return rank + static_cast<uint32_t>(Ones(words[last] & ((uint64_t{1} << (doc % 64)) - 1)));
}

void Ranks(const uint64_t* words, const uint8_t* ranks, const uint32_t* docs, size_t count,
           uint32_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = Rank(words, ranks, docs[i]);
}

uint32_t FirstBits(const uint64_t* words, size_t word_count, uint64_t from, uint32_t count,
                   uint32_t* out) {
  uint32_t found = 0;
  for (size_t i = from / 64; i < word_count && found < count; ++i) {
    uint64_t word = words[i];
    if (i == from / 64) word &= ~uint64_t{0} << (from % 64);
    for (; word != 0 && found < count; word &= word - 1) {
      out[found++] = static_cast<uint32_t>(64 * i + static_cast<size_t>(std::countr_zero(word)));
    }
  }
  return found;
}

uint64_t BitAt(const uint64_t* words, uint32_t bit) { return words[bit / 64] >> (bit % 64) & 1; }

void SetBits(uint64_t* words, uint32_t base, const uint32_t* docs, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t bit = docs[i] - base;
    words[bit / 64] |= uint64_t{1} << (bit % 64);
  }
}

size_t SelectSet(const uint64_t* words, const uint32_t* docs, size_t count, uint32_t* indexes,
                 uint32_t* selected) {
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    indexes[kept] = static_cast<uint32_t>(i);
    selected[kept] = docs[i];
    kept += BitAt(words, docs[i]);
  }
  return kept;
}

size_t SelectRanked(const uint64_t* words, const uint8_t* ranks, const uint64_t* mask,
                    size_t groups, uint32_t* indexes, uint32_t* selected, uint32_t* out_ranks) {
  uint32_t index = 0;
  size_t kept = 0;
  for (size_t w = 0; w < 8 * groups; ++w) {
    for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1, ++index) {
      const uint32_t doc =
          static_cast<uint32_t>(64 * w) + static_cast<uint32_t>(std::countr_zero(rest));
      if (BitAt(words, doc) == 0) continue;
      indexes[kept] = index;
      selected[kept] = doc;
      out_ranks[kept++] = Rank(words, ranks, doc);
    }
  }
  return kept;
}

size_t BitsToDocs(const uint64_t* words, size_t count, uint32_t base, uint32_t* out) {
  uint32_t* next = out;
  for (size_t i = 0; i < count; ++i) {
    for (uint64_t word = words[i]; word != 0; word &= word - 1) {
      *next++ = base + static_cast<uint32_t>(64 * i + static_cast<size_t>(std::countr_zero(word)));
    }
  }
  return static_cast<size_t>(next - out);
}

// --- Bound maps ------------------------------------------------------------------------

template <typename T>
T Scaled(uint8_t value, float scale, float bias) {
  constexpr auto kGreatest = static_cast<float>(std::numeric_limits<T>::max());
  if (value == 0) return 0;
  const float scaled = std::ceil(static_cast<float>(value) * scale + bias);
  return static_cast<T>(scaled < kGreatest ? scaled : kGreatest);
}

void ScaleU8(const uint8_t* values, float scale, float bias, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = Scaled<uint8_t>(values[i], scale, bias);
}

void AddScaledU16(uint16_t* sums, const uint8_t* values, float scale, float bias, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const uint32_t sum = uint32_t{sums[i]} + Scaled<uint16_t>(values[i], scale, bias);
    sums[i] = static_cast<uint16_t>(sum < 65535 ? sum : 65535);
  }
}

template <typename T>
void MaskAtLeast(const T* values, size_t count, T threshold, uint64_t* mask) {
  for (size_t i = 0; i < count; i += 64) {
    const size_t end = count - i < 64 ? count - i : 64;
    uint64_t word = 0;
    for (size_t j = 0; j < end; ++j) word |= uint64_t{values[i + j] >= threshold} << j;
    mask[i / 64] = word;
  }
}

template <typename T>
void GroupMaxima(const T* values, size_t count, T* out) {
  for (size_t i = 0; i < count; i += 64) {
    out[i / 64] = *std::max_element(values + i, values + std::min(count, i + 64));
  }
}

void MaxOfPairs(const uint8_t* values, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = std::max(values[2 * i], values[2 * i + 1]);
}

void RepeatBytes(const uint8_t* values, uint32_t shift, size_t count, uint8_t* out) {
  for (size_t i = 0; i < count; ++i) out[i] = values[i >> shift];
}

void KeepWhereNonzero(uint16_t* values, const uint8_t* other, size_t count) {
  for (size_t i = 0; i < count; ++i) values[i] = other[i] != 0 ? values[i] : 0;
}

// --- Scores ----------------------------------------------------------------------------

void ScoreBm25(const uint32_t* docs, const uint32_t* freqs, size_t count, const uint8_t* norms,
               const float* scale, float weight, float* scores) {
  for (size_t i = 0; i < count; ++i) {
    const float factor = scale[norms != nullptr ? norms[docs[i]] : 1];
    const float freq = freqs != nullptr ? static_cast<float>(freqs[i]) : 1.0f;
    const float product = freq * factor;
    scores[i] = weight - weight / (1.0f + product);
  }
}

void Reaches(const double* sums, const int32_t* rests, double unit, double most, double margin,
             size_t count, float* reaches) {
  for (size_t i = 0; i < count; ++i) {
    const double rest = static_cast<double>(rests[i]) * unit;
    reaches[i] = static_cast<float>((sums[i] + (rest < most ? rest : most)) * margin);
  }
}

size_t KeepWithinU8(const uint8_t* bytes, const uint32_t* docs, size_t count, uint8_t least,
                    uint8_t greatest, uint8_t* out_bytes, uint32_t* out_docs) {
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    out_bytes[kept] = bytes[i];
    out_docs[kept] = docs[i];
    kept += bytes[i] >= least && bytes[i] <= greatest;
  }
  return kept;
}

size_t FilterGreater(const float* values, size_t count, float threshold, uint32_t* out) {
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    out[kept] = static_cast<uint32_t>(i);
    kept += values[i] > threshold;
  }
  return kept;
}

size_t FilterAtLeast(const float* values, size_t count, float threshold, uint32_t* out) {
  size_t kept = 0;
  for (size_t i = 0; i < count; ++i) {
    out[kept] = static_cast<uint32_t>(i);
    kept += values[i] >= threshold;
  }
  return kept;
}

}  // namespace

namespace {

uint64_t DecodeRice(const uint8_t* bits, uint64_t from, uint64_t end, const uint8_t* low_end,
                    uint64_t low_first, uint32_t low_bits, uint32_t count, uint32_t* codes) {
  return DecodeRiceInline(bits, from, end, low_end, low_first, low_bits, count, codes);
}

constexpr Kernels kScalar = {
    .name = "scalar",
    .unpack_lanes = UnpackLanes,
    .patch_lanes = PatchLanes,
    .lanes_to_docs = LanesToDocs,
    .unpack_fields = UnpackFields,
    .patch_freqs = PatchFreqs,
    .sum_fields = SumFields,
    .sum_excesses = SumExcesses,
    .skip_ones = SkipOnes,
    .decode_rice = DecodeRice,
    .sum_rice = SumRiceScalar,
    .find_last_at_most = FindLastAtMost,
    .find_in_block = FindInBlock,
    .mask_fields_in_range = MaskFieldsInRangeScalar,
    .deposit_bits = DepositBitsScalar,
    .mask_front_coded = MaskFrontCodedScalar,
    .pick_tokens = PickTokensScalar,
    .code_positions = CodePositionsScalar,
    .and_words = AndWords,
    .or_words = OrWords,
    .count_words = CountWords,
    .count_and = CountAnd,
    .count_groups = CountGroupsScalar,
    .and_groups = AndGroupsScalar,
    .and_not_groups = AndNotGroupsScalar,
    .rank = Rank,
    .ranks = Ranks,
    .first_bits = FirstBits,
    .set_bits = SetBits,
    .select_set = SelectSet,
    .select_ranked = SelectRanked,
    .bits_to_docs = BitsToDocs,
    .keep_shifted = KeepShiftedScalar,
    .any_shifted = AnyShiftedScalar,
    .scale_u8 = ScaleU8,
    .add_scaled_u16 = AddScaledU16,
    .mask_at_least_u8 = MaskAtLeast<uint8_t>,
    .mask_at_least_u16 = MaskAtLeast<uint16_t>,
    .group_maxima_u8 = GroupMaxima<uint8_t>,
    .group_maxima_u16 = GroupMaxima<uint16_t>,
    .max_of_pairs = MaxOfPairs,
    .repeat_bytes = RepeatBytes,
    .keep_where_nonzero = KeepWhereNonzero,
    .keep_within_u8 = KeepWithinU8,
    .keep_sums_at_least = KeepSumsAtLeastScalar,
    .score_bm25 = ScoreBm25,
    .reaches = Reaches,
    .filter_greater = FilterGreater,
    .filter_at_least = FilterAtLeast,
};

}  // namespace

const Kernels* ScalarKernels() { return &kScalar; }

}  // namespace segue

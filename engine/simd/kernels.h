// SPDX-License-Identifier: Apache-2.0
//
// Kernels: the inner loops that have a vector form, as one table of functions.
//
//   const Kernels& kernels = ActiveKernels();
//   kernels.and_words(dst, a, b, count);
//
// Every table gives the same results bit for bit, floats included; the scalar
// table is the definition. A caller fetches the table once per query or list
// and pays an indirect call per block, never per posting.
//
// Rules for all of them: pointers need no alignment beyond their type's (bytes
// and `const uint8_t*` tables none at all); inputs and outputs may not overlap
// unless said so; counts may be 0; nothing is written past the promised output;
// inputs marked "slack 64" may be read up to 64 bytes past their end.

#ifndef SEGUE_SIMD_KERNELS_H_
#define SEGUE_SIMD_KERNELS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace segue {

// "There is no such bit".
inline constexpr uint64_t kNoBit = UINT64_MAX;

// Sums of Rice codes stay below it.
inline constexpr uint64_t kRiceSumLimit = uint64_t{1} << 31;

// What Kernels::code_positions found beside the codes.
struct CodedPositions {
  size_t documents = 0;
  uint32_t union_of_positions = 0;  // their bits
  bool repeats = false;             // some posting is equal to the one before it
};

// Where Kernels::pick_tokens is in a log of tokens, whose units are of 16 bits: those below
// `two_units` are a term each, those from there to `control` are the high half of a term, less
// `two_units`, with the low half in the unit behind.
struct TokenPick {
  const uint16_t* units = nullptr;   // the next token begins here
  const uint64_t* wanted = nullptr;  // a bit for each term
  uint64_t doc_bits = 0;             // added to each posting
  uint32_t position = 0;             // of the token before; modulo 2^32
  uint16_t two_units = 0, control = 0;
};

struct Kernels {
  std::string_view name;  // "scalar", "neon", "avx2", "avx512"

  // --- Packed blocks of 128 integers (lane layout) -------------------------
  // Element i = 16 l + k is code k of lane l, 0 <= l < 8. Lane l is a bit
  // stream of 32-bit units, low bits first; unit r of lane l is at byte
  // 32 r + 4 l. If `bits` is odd the last unit has 16 bits and is at byte
  // 16 (bits - 1) + 2 l. So a block takes exactly 16 * bits bytes.

  // Writes code k of lane l to lanes[8 k + l]. REQUIRES: bits <= 31.
  void (*unpack_lanes)(const uint8_t* packed, uint32_t bits, uint32_t* lanes);

  // Adds exceptions to codes in lane order. The bit stream (low bits of each
  // byte first; slack 64) has 7 bits of element number and `high_bits` <= 31
  // bits to be added above bit `shift` for each. False unless the element
  // numbers ascend strictly from 1 on.
  bool (*patch_lanes)(const uint8_t* stream, uint32_t count, uint32_t high_bits, uint32_t shift,
                      uint32_t* lanes);

  // With codes in lane order: docs[i] = base + i + (sum of codes 0..i), in
  // element order, modulo 2^32.
  void (*lanes_to_docs)(const uint32_t* lanes, uint32_t base, uint32_t* docs);

  // --- Frequency fields of 128 elements (byte-strided) ----------------------
  // With stride = 16 * bits bytes, element i is in byte i % stride, at bit
  // bits * (i / stride). REQUIRES: bits is 1, 2, 4 or 8.

  // freqs[i] = field i + 1, for all 128.
  void (*unpack_fields)(const uint8_t* fields, uint32_t bits, uint32_t* freqs);
  // freqs[indexes[i]] += excesses[i] + 1 for every i < count. False, with 128
  // unspecified freqs, unless the indexes ascend strictly, are below 128 and
  // name frequencies that are `greatest`.
  bool (*patch_freqs)(const uint8_t* indexes, const uint8_t* excesses, uint32_t count,
                      uint32_t greatest, uint32_t* freqs);
  // Sum of the first `count` <= 128 fields (without the ones).
  uint32_t (*sum_fields)(const uint8_t* fields, uint32_t bits, uint32_t count);

  // Sum of excesses[i] + 1 over the i < count with indexes[i] < below. Slack 64.
  uint32_t (*sum_excesses)(const uint8_t* indexes, const uint8_t* excesses, uint32_t count,
                           uint32_t below);

  // --- Rice codes in two streams (position_block.h) --------------------------
  // Both read bits of `bits`, low bits of each byte first, up to bit `end`, and
  // return kNoBit when the stream ends before. Slack 64 after `end`.

  // The bit after the count-th one at or after bit `from`; `from` if count = 0.
  uint64_t (*skip_ones)(const uint8_t* bits, uint64_t from, uint64_t end, uint64_t count);
  // Decodes `count` codes: zeros before a one, times 2^low_bits, plus the low
  // field. Field j of the low stream is bits [j * low_bits, (j + 1) * low_bits)
  // counted down from the end of the byte before `low_end`; the codes take
  // fields low_first on. Returns the bit after the last one; kNoBit also when a
  // code passes 2^32. REQUIRES: low_bits <= 31; 64 readable bytes before the
  // last field.
  uint64_t (*decode_rice)(const uint8_t* bits, uint64_t from, uint64_t end, const uint8_t* low_end,
                          uint64_t low_first, uint32_t low_bits, uint32_t count, uint32_t* codes);
  // The same codes, summed up: sums[i] = (sum of codes 0..i) + (i + 1) * step. kNoBit, with
  // unspecified sums, also when the last one is 2^31 or more. `sums` has room for count and 16
  // more. REQUIRES: step <= 1.
  uint64_t (*sum_rice)(const uint8_t* bits, uint64_t from, uint64_t end, const uint8_t* low_end,
                       uint64_t low_first, uint32_t low_bits, uint32_t step, uint32_t count,
                       uint32_t* sums);

  // --- Searching -------------------------------------------------------------
  // In ascending u32 values (unaligned bytes, slack 64): the last i in
  // [from, count) with value i <= target, or `from` if there is none. Gallops
  // from `from`. Some i in [from, count) if they do not ascend.
  // REQUIRES: from < count.
  uint32_t (*find_last_at_most)(const uint8_t* values, uint32_t count, uint32_t from,
                                uint32_t target);

  // Of `wanted`, ascending, those that are among the 128 values of `block`, which ascend, not
  // strictly: their indexes, and the places in the block (of equal values, the first). Returns how
  // many. Both outputs have room for count. REQUIRES: all values are below 2^31.
  size_t (*find_in_block)(const uint32_t* block, const uint32_t* wanted, size_t count,
                          uint32_t* indexes, uint32_t* places);

  // --- Bit fields ------------------------------------------------------------
  // Field i is bits [bits * i, bits * (i + 1)) of a stream, low bits of each byte
  // first; slack 64. Bit i % 64 of mask word i / 64 = (least <= field i <=
  // greatest). Writes ceil(count / 64) words; bits past count are 0.
  // REQUIRES: bits <= 57.
  void (*mask_fields_in_range)(const uint8_t* fields, uint32_t bits, uint64_t least,
                               uint64_t greatest, size_t count, uint64_t* mask);
  // `out` gets the set bits of `places` (u64, unaligned), the k-th of them, from
  // 0, if bit k of `bits` is set. `bits` has a bit for each.
  void (*deposit_bits)(const uint64_t* bits, const uint8_t* places, size_t words, uint64_t* out);

  // --- Front-coded terms (dictionary_block.h) ---------------------------------
  // Of 32 terms, of which `heads` and `nexts` have a byte each: bit 32 + i of the result says that
  // heads[i] >> 4 is at most `shared`, bit i that it is so and, if it is equal, nexts[i] is not in
  // the set of 16 bytes that `ascii` is: bit h of byte l stands for byte 16 h + l, and none for
  // those from 128 on. REQUIRES: shared < 16.
  uint64_t (*mask_front_coded)(const uint8_t* heads, const uint8_t* nexts, uint32_t shared,
                               const uint8_t* ascii);

  // --- Logs of tokens (write/token_log.h) --------------------------------------
  // Reads the tokens that begin in the next `count` units, up to the first that begins with a unit
  // from `control` on, and moves *pick behind them. Of those whose terms are wanted: the terms, and
  // doc_bits | position. Returns how many. Slack 64 after the units, and after the first one from
  // `control` on; both outputs have room for count and 16 more.
  size_t (*pick_tokens)(TokenPick* pick, size_t count, uint32_t* terms, uint64_t* postings);

  // --- Positions to be encoded (position_block.h) -------------------------------
  // Of `count` ascending postings, document << 32 | position: the codes, which are a document's
  // first position, and for the others the distance from the one before, less `less`; and for each
  // document `base` and the place of its first posting. The latter has slack for 8 more.
  // REQUIRES: count > 0.
  CodedPositions (*code_positions)(const uint64_t* postings, size_t count, uint32_t less,
                                   uint32_t base, uint32_t* codes, uint32_t* firsts);

  // --- Bitmaps: words of 64 documents ---------------------------------------
  // dst may be a or b.
  void (*and_words)(uint64_t* dst, const uint64_t* a, const uint64_t* b, size_t words);
  void (*or_words)(uint64_t* dst, const uint64_t* a, const uint64_t* b, size_t words);
  // Number of one bits, of a and of a & b.
  uint64_t (*count_words)(const uint64_t* a, size_t words);
  uint64_t (*count_and)(const uint64_t* a, const uint64_t* b, size_t words);
  // counts[i] = number of one bits of words[8 i] .. words[8 i + 7].
  void (*count_groups)(const uint64_t* words, size_t groups, uint32_t* counts);
  // For each group of eight words, group i having bit i % 64 of bits[i / 64], that has its bit set:
  // words &= other (and_not_groups: words &= ~other), and the bit goes if nothing is left of the
  // group. Other groups are not looked at.
  void (*and_groups)(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits);
  void (*and_not_groups)(uint64_t* words, const uint64_t* other, size_t groups, uint64_t* bits);

  // The number of set bits before bit `doc`, and the same for each of `docs`,
  // given the number before every 512 bits (u32, unaligned). Words come in whole
  // groups of eight.
  uint32_t (*rank)(const uint64_t* words, const uint8_t* ranks, uint32_t doc);
  void (*ranks)(const uint64_t* words, const uint8_t* ranks, const uint32_t* docs, size_t count,
                uint32_t* out);
  // Writes the numbers of the first `count` <= 128 set bits at or after bit
  // `from`; returns how many there are before bit 64 * words.
  uint32_t (*first_bits)(const uint64_t* words, size_t word_count, uint64_t from, uint32_t count,
                         uint32_t* out);

  // Sets bit docs[i] - base for every i. REQUIRES: it is inside `words`.
  void (*set_bits)(uint64_t* words, uint32_t base, const uint32_t* docs, size_t count);
  // The docs[i] whose bit is set, and their indexes i; returns how many. Both outputs have room for
  // count.
  size_t (*select_set)(const uint64_t* words, const uint32_t* docs, size_t count, uint32_t* indexes,
                       uint32_t* selected);
  // Of the bits of `mask`, in whole groups of eight words, those that are set in `words`, too:
  // their indexes among those of the mask, their numbers, and how many bits of `words` come before
  // each, given that for every group (u32, unaligned). Returns how many. The outputs have room for
  // that many and 8 more.
  size_t (*select_ranked)(const uint64_t* words, const uint8_t* ranks, const uint64_t* mask,
                          size_t groups, uint32_t* indexes, uint32_t* selected,
                          uint32_t* out_ranks);
  // Writes base + (number of each set bit), ascending; returns how many. `out`
  // has room for that many and 16 more.
  size_t (*bits_to_docs)(const uint64_t* words, size_t count, uint32_t base, uint32_t* out);

  // --- Sorted arrays ---------------------------------------------------------
  // Writes to `out`, in order, the values v with v + shift (modulo 2^32) in `others`, and returns
  // how many. The v + shift ascend and so do `others`, neither strictly; these stay below 2^32 - 1.
  // Slack 64 after both. `out` has room for count and 16 more.
  size_t (*keep_shifted)(const uint32_t* values, size_t count, const uint32_t* others,
                         size_t other_count, uint32_t shift, uint32_t* out);
  // Whether there is such a value.
  bool (*any_shifted)(const uint32_t* values, size_t count, const uint32_t* others,
                      size_t other_count, uint32_t shift);

  // --- Bound maps (bytes) ----------------------------------------------------
  // out[i] = 0 where values[i] is 0, else min(255, ceil(values[i] * scale + bias)), in floats.
  // scale and bias are 0 or more; `out` may be `values`.
  void (*scale_u8)(const uint8_t* values, float scale, float bias, size_t count, uint8_t* out);
  // The same added to sums, up to 65535.
  void (*add_scaled_u16)(uint16_t* sums, const uint8_t* values, float scale, float bias,
                         size_t count);
  // Bit i % 64 of mask word i / 64 = (values[i] >= threshold). Writes
  // ceil(count / 64) words; bits past count are 0.
  void (*mask_at_least_u8)(const uint8_t* values, size_t count, uint8_t threshold, uint64_t* mask);
  void (*mask_at_least_u16)(const uint16_t* values, size_t count, uint16_t threshold,
                            uint64_t* mask);
  // out[i] = the greatest of values[64 i] .. values[64 i + 63], those below `count`.
  void (*group_maxima_u8)(const uint8_t* values, size_t count, uint8_t* out);
  void (*group_maxima_u16)(const uint16_t* values, size_t count, uint16_t* out);
  // out[i] = max(values[2 i], values[2 i + 1]).
  void (*max_of_pairs)(const uint8_t* values, size_t count, uint8_t* out);
  // out[i] = values[i >> shift], for `count` of them. Slack 64 after the values.
  void (*repeat_bytes)(const uint8_t* values, uint32_t shift, size_t count, uint8_t* out);
  // values[i] = 0 where other[i] is 0.
  void (*keep_where_nonzero)(uint16_t* values, const uint8_t* other, size_t count);
  // Copies, in order, docs[i] and bytes[i] where least <= bytes[i] <= greatest; returns how many.
  // Both outputs have room for count and 16 more. REQUIRES: least <= greatest.
  size_t (*keep_within_u8)(const uint8_t* bytes, const uint32_t* docs, size_t count, uint8_t least,
                           uint8_t greatest, uint8_t* out_bytes, uint32_t* out_docs);
  // For words of 64 documents: keeps those bits of mask[w] whose document has
  //   min(255, sum of bounds[i][w] over the lists i with its bit in members[i][w]) >= least,
  // writes that number for each of them to `sums`, ascending, and returns how many there are.
  size_t (*keep_sums_at_least)(const uint64_t* const* members, const uint8_t* const* bounds,
                               size_t lists, size_t words, uint8_t least, uint64_t* mask,
                               uint8_t* sums);

  // --- Scores ----------------------------------------------------------------
  // scores[i] = weight - weight / (1 + freqs[i] * scale[norms[docs[i]]]), each
  // operation rounded to float, in this order (Lucene's BM25). freqs may be
  // null (all 1), norms may be null (all norm bytes 1). `scale` has 256 floats.
  void (*score_bm25)(const uint32_t* docs, const uint32_t* freqs, size_t count,
                     const uint8_t* norms, const float* scale, float weight, float* scores);
  // reaches[i] = (sums[i] + min(rests[i] * unit, most)) * margin in doubles, rounded to float.
  void (*reaches)(const double* sums, const int32_t* rests, double unit, double most, double margin,
                  size_t count, float* reaches);
  // Keeps, in order, the indexes i with values[i] > threshold (>= threshold);
  // returns how many. `out` has room for count and 16 more.
  size_t (*filter_greater)(const float* values, size_t count, float threshold, uint32_t* out);
  size_t (*filter_at_least)(const float* values, size_t count, float threshold, uint32_t* out);
};

namespace kernels_internal {
extern std::atomic<const Kernels*> active;  // null before the first use
const Kernels& ChooseActive();
}  // namespace kernels_internal

// The table in use: the best that the CPU has, or the one that the environment
// variable SEGUE_KERNELS names (scalar, neon, avx2, avx512); naming one that the
// CPU lacks gives the best below it. Chosen at the first call; later calls cost
// a load.
inline const Kernels& ActiveKernels() {
  const Kernels* kernels = kernels_internal::active.load(std::memory_order_acquire);
  return kernels != nullptr ? *kernels : kernels_internal::ChooseActive();
}

// The tables themselves, for tests and benchmarks. Null where the compiler
// target or the CPU has no such instructions.
const Kernels* ScalarKernels();
const Kernels* NeonKernels();
const Kernels* Avx2Kernels();
const Kernels* Avx512Kernels();

// What ActiveKernels() does, without the environment: the table for a wish
// ("" = the best). Never null.
const Kernels* SelectKernels(std::string_view wish);

}  // namespace segue

#endif  // SEGUE_SIMD_KERNELS_H_

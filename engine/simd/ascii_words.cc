// SPDX-License-Identifier: Apache-2.0
//
// Two look-ups of 16 entries, by low and by high half of a byte, and their AND give eight bits that
// name the class of an ASCII byte. AVX-512 looks up 64 bytes at once, AVX2 32 and NEON 16 (a byte
// of 0x80 and above looks up zero), then each bit of all bytes is gathered into a mask; the scalar
// version does the same with a table of 256 entries.
#include "engine/simd/ascii_words.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/simd/kernels.h"
#include "engine/simd/kernels_avx512.h"
#include "engine/simd/kernels_neon.h"

#if defined(SEGUE_HAVE_AVX2_KERNELS)
#include <immintrin.h>
#endif

namespace segue {
namespace {

// The bits of a byte's class. Letters need two, one for each pair of rows of the ASCII chart.
constexpr uint8_t kLetterFirst = 0x80;   // @A-O, `a-o
constexpr uint8_t kLetterSecond = 0x40;  // P-Z, p-z
constexpr uint8_t kDigit = 0x20;
constexpr uint8_t kFullStopOrQuote = 0x10;  // . '
constexpr uint8_t kColon = 0x08;
constexpr uint8_t kComma = 0x04;
constexpr uint8_t kSemicolon = 0x02;
constexpr uint8_t kConnector = 0x01;

constexpr uint8_t ClassOf(uint8_t c) {
  if ((c >= 'A' && c <= 'O') || (c >= 'a' && c <= 'o')) return kLetterFirst;
  if ((c >= 'P' && c <= 'Z') || (c >= 'p' && c <= 'z')) return kLetterSecond;
  if (c >= '0' && c <= '9') return kDigit;
  if (c == '.' || c == '\'') return kFullStopOrQuote;
  if (c == ':') return kColon;
  if (c == ',') return kComma;
  if (c == ';') return kSemicolon;
  if (c == '_') return kConnector;
  return 0;
}

// Each class fills a rectangle of the chart (rows by columns), so the AND of what its rows and its
// columns allow is exact. Checked below.
struct HalfTables {
  alignas(16) uint8_t low[16] = {};
  alignas(16) uint8_t high[16] = {};
};

constexpr HalfTables MakeHalfTables() {
  HalfTables tables;
  for (int c = 0; c < 128; ++c) {
    tables.low[c & 15] |= ClassOf(static_cast<uint8_t>(c));
    tables.high[c >> 4] |= ClassOf(static_cast<uint8_t>(c));
  }
  return tables;
}

constexpr HalfTables kHalfTables = MakeHalfTables();

constexpr bool HalfTablesAreExact() {
  for (int c = 0; c < 128; ++c) {
    if ((kHalfTables.low[c & 15] & kHalfTables.high[c >> 4]) != ClassOf(static_cast<uint8_t>(c))) {
      return false;
    }
  }
  return true;
}
static_assert(HalfTablesAreExact());

constexpr bool IsOpenEnded(uint8_t c) { return c == '"' || c == '#' || c == '*'; }

// A row of bits, one for each member of AsciiWordBlock.
constexpr std::array<uint8_t, 256> MakeScalarTable() {
  std::array<uint8_t, 256> table = {};
  for (int c = 0; c < 128; ++c) {
    const uint8_t kind = ClassOf(static_cast<uint8_t>(c));
    uint8_t bits = 0;
    if (kind & (kLetterFirst | kLetterSecond)) bits |= 1;
    if (kind & kDigit) bits |= 2;
    if (kind & kConnector) bits |= 4;
    if (kind & (kFullStopOrQuote | kColon)) bits |= 8;
    if (kind & (kFullStopOrQuote | kComma | kSemicolon)) bits |= 16;
    if (kind == 0 && !IsOpenEnded(static_cast<uint8_t>(c))) bits |= 64;
    if (c == ' ') bits |= 128;
    table[c] = bits;
  }
  for (int c = 128; c < 256; ++c) table[c] = 32;
  return table;
}

constexpr std::array<uint8_t, 256> kScalarTable = MakeScalarTable();

void ClassifyScalar(const uint8_t* text, size_t blocks, AsciiWordBlock* out) {
  for (size_t b = 0; b < blocks; ++b, text += 64) {
    AsciiWordBlock block = {};
    for (int i = 63; i >= 0; --i) {
      const uint64_t bits = kScalarTable[text[i]];
      block.letters = block.letters << 1 | (bits & 1);
      block.digits = block.digits << 1 | (bits >> 1 & 1);
      block.connectors = block.connectors << 1 | (bits >> 2 & 1);
      block.between_letters = block.between_letters << 1 | (bits >> 3 & 1);
      block.between_digits = block.between_digits << 1 | (bits >> 4 & 1);
      block.high = block.high << 1 | (bits >> 5 & 1);
      block.separators = block.separators << 1 | (bits >> 6 & 1);
      block.blanks = block.blanks << 1 | bits >> 7;
    }
    out[b] = block;
  }
}

void LowerScalar(uint8_t* text, size_t bytes) {
  for (size_t i = 0; i < bytes; ++i) {
    const uint8_t c = text[i];
    text[i] = static_cast<uint8_t>(c + ((c >= 'A' && c <= 'Z') ? 32 : 0));
  }
}

#if defined(SEGUE_HAVE_AVX2_KERNELS)

#define SEGUE_TARGET_AVX2 __attribute__((target("avx2")))

struct HalfMasks {
  uint32_t letters, digits, connectors, between_letters, between_digits, high, open_ended, blanks;
};

SEGUE_TARGET_AVX2 inline uint32_t Bits(__m256i bytes) {
  return static_cast<uint32_t>(_mm256_movemask_epi8(bytes));
}

// Which bytes have one of the bits `any` of their class.
SEGUE_TARGET_AVX2 inline uint32_t Having(__m256i classes, int any) {
  const __m256i some = _mm256_and_si256(classes, _mm256_set1_epi8(static_cast<char>(any)));
  return ~Bits(_mm256_cmpeq_epi8(some, _mm256_setzero_si256()));
}

SEGUE_TARGET_AVX2 inline HalfMasks ClassifyHalf(const uint8_t* text) {
  const __m256i low_table = _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(kHalfTables.low)));
  const __m256i high_table = _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(kHalfTables.high)));
  const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i high_half = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0f));
  // The shuffle by the bytes themselves: it uses four bits, and gives zero where the top bit is
  // set.
  const __m256i classes = _mm256_and_si256(_mm256_shuffle_epi8(low_table, bytes),
                                           _mm256_shuffle_epi8(high_table, high_half));
  const __m256i open_ended =
      _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"')),
                      _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('#')),
                                      _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('*'))));
  HalfMasks masks;
  masks.letters = Bits(_mm256_or_si256(classes, _mm256_slli_epi16(classes, 1)));
  masks.digits = Bits(_mm256_slli_epi16(classes, 2));
  masks.connectors = Bits(_mm256_slli_epi16(classes, 7));
  masks.between_letters = Having(classes, kFullStopOrQuote | kColon);
  masks.between_digits = Having(classes, kFullStopOrQuote | kComma | kSemicolon);
  masks.high = Bits(bytes);
  masks.open_ended = Bits(open_ended);
  masks.blanks = Bits(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' ')));
  return masks;
}

inline uint64_t Join(uint32_t low, uint32_t high) { return low | uint64_t{high} << 32; }

SEGUE_TARGET_AVX2 void ClassifyAvx2(const uint8_t* text, size_t blocks, AsciiWordBlock* out) {
  for (size_t b = 0; b < blocks; ++b, text += 64) {
    const HalfMasks low = ClassifyHalf(text);
    const HalfMasks high = ClassifyHalf(text + 32);
    AsciiWordBlock& block = out[b];
    block.letters = Join(low.letters, high.letters);
    block.digits = Join(low.digits, high.digits);
    block.connectors = Join(low.connectors, high.connectors);
    block.between_letters = Join(low.between_letters, high.between_letters);
    block.between_digits = Join(low.between_digits, high.between_digits);
    block.high = Join(low.high, high.high);
    block.separators = ~(block.letters | block.digits | block.connectors | block.between_letters |
                         block.between_digits | block.high | Join(low.open_ended, high.open_ended));
    block.blanks = Join(low.blanks, high.blanks);
  }
}

SEGUE_AVX512 inline uint64_t Having(__m512i classes, int any) {
  return _mm512_test_epi8_mask(classes, _mm512_set1_epi8(static_cast<char>(any)));
}

SEGUE_AVX512 void ClassifyAvx512(const uint8_t* text, size_t blocks, AsciiWordBlock* out) {
  const __m512i low_table =
      _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(kHalfTables.low)));
  const __m512i high_table =
      _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(kHalfTables.high)));
  for (size_t b = 0; b < blocks; ++b, text += 64) {
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i high_half = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0f));
    const __m512i classes = _mm512_and_si512(_mm512_shuffle_epi8(low_table, bytes),
                                             _mm512_shuffle_epi8(high_table, high_half));
    const uint64_t open_ended = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')) |
                                _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('#')) |
                                _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('*'));
    AsciiWordBlock& block = out[b];
    block.letters = Having(classes, kLetterFirst | kLetterSecond);
    block.digits = Having(classes, kDigit);
    block.connectors = Having(classes, kConnector);
    block.between_letters = Having(classes, kFullStopOrQuote | kColon);
    block.between_digits = Having(classes, kFullStopOrQuote | kComma | kSemicolon);
    block.high = _mm512_movepi8_mask(bytes);
    block.separators = ~(_mm512_test_epi8_mask(classes, classes) | block.high | open_ended);
    block.blanks = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(' '));
  }
}

SEGUE_TARGET_AVX2 void LowerAvx2(uint8_t* text, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 32) {
    __m256i* const at = reinterpret_cast<__m256i*>(text + i);
    const __m256i before = _mm256_loadu_si256(at);
    // Signed comparison: bytes of 0x80 and above are below 'A'.
    const __m256i upper = _mm256_and_si256(_mm256_cmpgt_epi8(before, _mm256_set1_epi8('A' - 1)),
                                           _mm256_cmpgt_epi8(_mm256_set1_epi8('Z' + 1), before));
    _mm256_storeu_si256(at, _mm256_add_epi8(before, _mm256_and_si256(upper, _mm256_set1_epi8(32))));
  }
}

#elif defined(SEGUE_HAVE_NEON_KERNELS)

struct Classified {
  uint8x16_t bytes, classes;
};

inline Classified ClassifyQuarter(const uint8_t* text) {
  const uint8x16_t bytes = vld1q_u8(text);
  const uint8x16_t low = vqtbl1q_u8(vld1q_u8(kHalfTables.low), vandq_u8(bytes, vdupq_n_u8(0x0f)));
  const uint8x16_t high = vqtbl1q_u8(vld1q_u8(kHalfTables.high), vshrq_n_u8(bytes, 4));
  return {bytes, vandq_u8(low, high)};
}

// Which of the 64 bytes have one of the bits `any` of their class.
inline uint64_t Having(const Classified (&quarters)[4], uint8_t any) {
  const auto has = [&](int q) { return vtstq_u8(quarters[q].classes, vdupq_n_u8(any)); };
  return NeonBitsOfBytes(has(0), has(1), has(2), has(3));
}

inline uint64_t High(const Classified (&quarters)[4]) {
  const auto high = [&](int q) { return vcgeq_u8(quarters[q].bytes, vdupq_n_u8(0x80)); };
  return NeonBitsOfBytes(high(0), high(1), high(2), high(3));
}

inline uint64_t Blanks(const Classified (&quarters)[4]) {
  const auto blanks = [&](int q) { return vceqq_u8(quarters[q].bytes, vdupq_n_u8(' ')); };
  return NeonBitsOfBytes(blanks(0), blanks(1), blanks(2), blanks(3));
}

inline uint64_t OpenEnded(const Classified (&quarters)[4]) {
  const auto open_ended = [&](int q) {
    const uint8x16_t bytes = quarters[q].bytes;
    return vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('"')),
                    vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('#')), vceqq_u8(bytes, vdupq_n_u8('*'))));
  };
  return NeonBitsOfBytes(open_ended(0), open_ended(1), open_ended(2), open_ended(3));
}

void ClassifyNeon(const uint8_t* text, size_t blocks, AsciiWordBlock* out) {
  for (size_t b = 0; b < blocks; ++b, text += 64) {
    const Classified quarters[4] = {ClassifyQuarter(text), ClassifyQuarter(text + 16),
                                    ClassifyQuarter(text + 32), ClassifyQuarter(text + 48)};
    AsciiWordBlock& block = out[b];
    block.letters = Having(quarters, kLetterFirst | kLetterSecond);
    block.digits = Having(quarters, kDigit);
    block.connectors = Having(quarters, kConnector);
    block.between_letters = Having(quarters, kFullStopOrQuote | kColon);
    block.between_digits = Having(quarters, kFullStopOrQuote | kComma | kSemicolon);
    block.high = High(quarters);
    // Without a class, and none of the others.
    block.separators = ~(Having(quarters, 0xff) | block.high | OpenEnded(quarters));
    block.blanks = Blanks(quarters);
  }
}

void LowerNeon(uint8_t* text, size_t bytes) {
  for (size_t i = 0; i < bytes; i += 16) {
    const uint8x16_t before = vld1q_u8(text + i);
    const uint8x16_t upper = vcltq_u8(vsubq_u8(before, vdupq_n_u8('A')), vdupq_n_u8(26));
    vst1q_u8(text + i, vaddq_u8(before, vandq_u8(upper, vdupq_n_u8(32))));
  }
}

#endif

}  // namespace

const AsciiWordKernels& ScalarAsciiWordKernels() { return AllAsciiWordKernels().front(); }

std::span<const AsciiWordKernels> AllAsciiWordKernels() {
  static const std::vector<AsciiWordKernels> kernels = [] {
    std::vector<AsciiWordKernels> all = {{"scalar", ClassifyScalar, LowerScalar}};
#if defined(SEGUE_HAVE_AVX2_KERNELS)
    if (Avx2Kernels() != nullptr) all.push_back({"avx2", ClassifyAvx2, LowerAvx2});
    if (Avx512Kernels() != nullptr) all.push_back({"avx512", ClassifyAvx512, LowerAvx2});
#elif defined(SEGUE_HAVE_NEON_KERNELS)
    all.push_back({"neon", ClassifyNeon, LowerNeon});
#endif
    return all;
  }();
  return kernels;
}

const AsciiWordKernels& ActiveAsciiWordKernels() {
  static const AsciiWordKernels& kernels =
      *std::ranges::find(AllAsciiWordKernels(), ActiveKernels().name, &AsciiWordKernels::name);
  return kernels;
}

}  // namespace segue

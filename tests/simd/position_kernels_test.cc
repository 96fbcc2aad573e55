// SPDX-License-Identifier: Apache-2.0
//
// Kernels over positions: making codes of them, the two streams of Rice codes, and positions of one
// word beside those of another; against the plainest code.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/guarded.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class PositionKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, PositionKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(PositionKernelsTest, SkipOnes) {
  SeededRandom random(4);
  for (int round = 0; round < 300; ++round) {
    const uint64_t size = random.Between(1, 60);
    Exact<uint8_t> bits(size, 64);
    std::vector<uint64_t> ones;
    for (uint64_t i = 0; i < size + 64; ++i) {
      bits[i] = static_cast<uint8_t>(random.Next() & random.Next());
      if (round % 3 == 0 && !random.OneIn(20)) bits[i] = 0;
    }
    const uint64_t end = 8 * size - random.Below(8);
    const uint64_t from = random.Below(end);
    for (uint64_t bit = from; bit < end; ++bit) {
      if (bits[bit / 8] >> (bit % 8) & 1) ones.push_back(bit);
    }
    for (uint64_t count = 0; count <= ones.size() + 2; ++count) {
      const uint64_t want =
          count == 0 ? from : (count <= ones.size() ? ones[count - 1] + 1 : kNoBit);
      ASSERT_EQ(kernels().skip_ones(bits.data(), from, end, count), want)
          << "from " << from << " end " << end << " count " << count;
    }
  }
}

TEST_P(PositionKernelsTest, CodePositions) {
  SeededRandom random(6);
  for (int round = 0; round < 1000; ++round) {
    const size_t count = random.Between(1, random.OneIn(3) ? 200 : 20);
    const uint64_t one_in = random.Between(1, 12);  // a document
    const auto less = static_cast<uint32_t>(random.Below(2));
    const auto base = static_cast<uint32_t>(random.Below(1000));
    Exact<uint64_t> postings(count);
    std::vector<uint32_t> codes, firsts;
    uint64_t document = random.Below(3);
    uint32_t position = 0, bits = 0;
    bool repeats = false;
    for (size_t i = 0; i < count; ++i) {
      const bool is_first = i == 0 || random.OneIn(one_in);
      const auto step = static_cast<uint32_t>(random.Below(random.OneIn(9) ? 1u << 31 : 3));
      if (is_first) document += i == 0 ? 0 : random.Between(1, random.OneIn(9) ? 1u << 20 : 2);
      position = is_first ? step : position + step;
      postings[i] = document << 32 | position;
      codes.push_back(is_first ? position : step - less);
      if (is_first) firsts.push_back(base + static_cast<uint32_t>(i));
      bits |= position;
      repeats |= !is_first && step == 0;
    }
    Guarded<uint32_t> out(count), places(count, 8);
    const CodedPositions coded =
        kernels().code_positions(postings.data(), count, less, base, out.data(), places.data());
    ASSERT_EQ(out.First(count), codes) << "round " << round;
    ASSERT_EQ(places.First(coded.documents), firsts) << "round " << round;
    ASSERT_EQ(coded.union_of_positions, bits) << "round " << round;
    ASSERT_EQ(coded.repeats, repeats) << "round " << round;
    ASSERT_TRUE(out.IsIntact() && places.IsIntact());
  }
}

// Writes codes as position_block.h says, into low and unary bit vectors.
struct RiceStreams {
  std::vector<bool> low;    // counted down from the boundary
  std::vector<bool> unary;  // counted up

  void Put(uint32_t code, uint32_t k) {
    unary.insert(unary.end(), code >> k, false);
    unary.push_back(true);
    // The highest bit of a field lies nearest to the boundary.
    for (uint32_t bit = k; bit-- > 0;) low.push_back(code >> bit & 1);
  }
  // 64 bytes of slack around; the boundary is at 64 + low bytes.
  size_t Lay(std::vector<uint8_t>* bytes) const {
    const size_t low_bytes = (low.size() + 7) / 8;
    const size_t boundary = 64 + low_bytes;
    bytes->assign(boundary + (unary.size() + 7) / 8 + 64, 0);
    for (size_t i = 0; i < low.size(); ++i) {
      if (low[i]) (*bytes)[boundary - 1 - i / 8] |= static_cast<uint8_t>(0x80 >> (i % 8));
    }
    for (size_t i = 0; i < unary.size(); ++i) {
      if (unary[i]) (*bytes)[boundary + i / 8] |= static_cast<uint8_t>(1 << (i % 8));
    }
    return boundary;
  }
};

TEST_P(PositionKernelsTest, DecodeRice) {
  SeededRandom random(5);
  for (uint32_t k = 0; k <= 31; ++k) {
    for (int round = 0; round < 10; ++round) {
      RiceStreams streams;
      std::vector<uint32_t> codes(random.Between(1, 200));
      std::vector<uint64_t> starts;
      for (uint32_t& code : codes) {
        const uint64_t high = random.OneIn(10) ? random.Below(300) : random.Below(3);
        const uint64_t value = (high << k) | (random.Next() & ((uint64_t{1} << k) - 1));
        code = static_cast<uint32_t>(std::min<uint64_t>(value, UINT32_MAX));
        starts.push_back(streams.unary.size());
        streams.Put(code, k);
      }
      starts.push_back(streams.unary.size());
      std::vector<uint8_t> bytes;
      const size_t boundary = streams.Lay(&bytes);
      const uint64_t end = 8 * ((streams.unary.size() + 7) / 8);
      for (int slice = 0; slice < 10; ++slice) {
        const size_t first = random.Below(codes.size());
        const size_t count = random.Between(0, codes.size() - first);
        Exact<uint32_t> out(count);
        const uint64_t bit =
            kernels().decode_rice(&bytes[boundary], starts[first], end, &bytes[boundary], first, k,
                                  static_cast<uint32_t>(count), out.data());
        ASSERT_EQ(bit, starts[first + count]) << "k " << k;
        for (size_t i = 0; i < count; ++i) ASSERT_EQ(out[i], codes[first + i]) << "k " << k;

        const uint32_t step = slice % 2;
        uint64_t sum = 0;
        std::vector<uint32_t> want;
        for (size_t i = first; i < first + count; ++i) {
          sum += uint64_t{codes[i]} + step;
          want.push_back(static_cast<uint32_t>(sum));
        }
        Exact<uint32_t> sums(count + 16);
        const uint64_t sums_end =
            kernels().sum_rice(&bytes[boundary], starts[first], end, &bytes[boundary], first, k,
                               step, static_cast<uint32_t>(count), sums.data());
        ASSERT_EQ(sums_end, sum < kRiceSumLimit ? starts[first + count] : kNoBit) << "k " << k;
        for (size_t i = 0; i < count && sum < kRiceSumLimit; ++i) {
          ASSERT_EQ(sums[i], want[i]) << "k " << k << ", " << i << " of " << count;
        }
      }
      Exact<uint32_t> out(codes.size() + 8);
      EXPECT_EQ(kernels().decode_rice(&bytes[boundary], 0, end, &bytes[boundary], 0, k,
                                      static_cast<uint32_t>(codes.size() + 8), out.data()),
                kNoBit);
      Exact<uint32_t> sums(codes.size() + 24);
      EXPECT_EQ(kernels().sum_rice(&bytes[boundary], 0, end, &bytes[boundary], 0, k, 1,
                                   static_cast<uint32_t>(codes.size() + 8), sums.data()),
                kNoBit);
    }
  }
}

TEST_P(PositionKernelsTest, DecodeRiceRefusesCodesAbove32Bits) {
  std::vector<uint8_t> bytes(64 + 8 + 64, 0);
  bytes[64 + 7] = 0x80;  // 63 zeros, a one: 63 << 31
  uint32_t code;
  EXPECT_EQ(kernels().decode_rice(&bytes[64], 0, 64, &bytes[64], 0, 31, 1, &code), kNoBit);
  EXPECT_EQ(kernels().decode_rice(&bytes[64], 0, 64, &bytes[64], 0, 26, 1, &code), 64u);
  EXPECT_EQ(code, 63u << 26);
}

TEST_P(PositionKernelsTest, SumRiceRefusesSumsFromTheLimitOn) {
  // Zeros, a one, zeros, a one: of many zeros, even those above bit 32 count.
  for (const uint32_t k : {0u, 4u, 20u, 24u, 25u, 31u}) {
    for (const uint64_t zeros :
         {uint64_t{1}, (kRiceSumLimit >> k) / 2 - 1, (kRiceSumLimit >> k) / 2, kRiceSumLimit >> k,
          (kRiceSumLimit >> k) * 2 + 1, (kRiceSumLimit >> k) * 4}) {
      if (zeros > 1u << 24 || zeros == UINT64_MAX) continue;
      std::vector<uint8_t> bytes(64 + zeros / 4 + 2 + 64, 0);
      for (const uint64_t bit : {zeros, 2 * zeros + 1}) {
        bytes[64 + bit / 8] = static_cast<uint8_t>(bytes[64 + bit / 8] | 1 << bit % 8);
      }
      Exact<uint32_t> sums(2 + 16);
      const uint64_t end = 8 * (zeros / 4 + 2);
      const bool below = 2 * (zeros << k) + 2 < kRiceSumLimit;
      EXPECT_EQ(kernels().sum_rice(&bytes[64], 0, end, &bytes[64], 0, k, 1, 2, sums.data()),
                below ? 2 * zeros + 2 : kNoBit)
          << zeros << " zeros, k " << k;
      if (below) {
        EXPECT_EQ(sums[1], 2 * (zeros << k) + 2);
      }
    }
  }
}

TEST_P(PositionKernelsTest, ShiftedPositions) {
  SeededRandom random(23);
  for (int round = 0; round < 2000; ++round) {
    const uint64_t range = 1 + random.Below(random.OneIn(3) ? 400 : 60);
    const auto ascending = [&](size_t count) {
      std::vector<uint32_t> values(count);
      for (uint32_t& value : values) value = static_cast<uint32_t>(random.Below(range));
      std::sort(values.begin(), values.end());
      return values;
    };
    std::vector<uint32_t> values = ascending(random.Below(random.OneIn(5) ? 100 : 24));
    if (random.OneIn(2)) values.erase(std::unique(values.begin(), values.end()), values.end());
    std::vector<uint32_t> others = ascending(random.Below(random.OneIn(5) ? 100 : 24));
    const auto shift = static_cast<uint32_t>(random.Below(random.OneIn(9) ? 1u << 31 : 8));
    std::vector<uint32_t> want;
    for (const uint32_t value : values) {
      if (std::binary_search(others.begin(), others.end(), value + shift)) want.push_back(value);
    }
    const size_t count = others.size();
    // What follows would match.
    others.resize(count + 16, values.empty() ? 0 : values[0] + shift);
    const size_t values_count = values.size();
    values.resize(values_count + 16, count == 0 ? 0 : others[0] - shift);
    // Only sums count, modulo 2^32.
    const uint32_t offset = random.OneIn(2) ? 0 : random.U32();
    for (uint32_t& value : values) value += offset;
    for (uint32_t& value : want) value += offset;
    ASSERT_EQ(
        kernels().any_shifted(values.data(), values_count, others.data(), count, shift - offset),
        !want.empty());
    std::vector<uint32_t> kept(values_count + 16);
    kept.resize(kernels().keep_shifted(values.data(), values_count, others.data(), count,
                                       shift - offset, kept.data()));
    ASSERT_EQ(kept, want);
  }
}

}  // namespace
}  // namespace segue

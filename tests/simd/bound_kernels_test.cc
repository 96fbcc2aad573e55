// SPDX-License-Identifier: Apache-2.0
//
// Kernels over bound bytes and groups of words, against the plainest code.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class BoundKernelsTest : public testing::TestWithParam<const Kernels*> {};

INSTANTIATE_TEST_SUITE_P(AllTables, BoundKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(BoundKernelsTest, SumsOfMembersBounds) {
  SeededRandom random(21);
  for (int round = 0; round < 400; ++round) {
    const size_t lists = random.Below(7), words = random.Below(20);
    std::vector<std::vector<uint64_t>> members(lists);
    std::vector<std::vector<uint8_t>> bounds(lists);
    std::vector<const uint64_t*> member_rows;
    std::vector<const uint8_t*> bound_rows;
    const uint64_t greatest = 1 + random.Below(256);
    for (size_t i = 0; i < lists; ++i) {
      for (size_t w = 0; w < words; ++w) {
        members[i].push_back(random.Next() & random.Next());
        bounds[i].push_back(static_cast<uint8_t>(random.Below(greatest)));
      }
      member_rows.push_back(members[i].data());
      bound_rows.push_back(bounds[i].data());
    }
    std::vector<uint64_t> mask(words), want(words);
    std::vector<uint8_t> sums(64 * words), want_sums;
    const auto least = static_cast<uint8_t>(random.Below(256));
    for (size_t w = 0; w < words; ++w) {
      mask[w] = random.OneIn(4) ? 0 : random.Next();
      for (uint64_t bit = 1; bit != 0; bit <<= 1) {
        uint32_t sum = 0;
        for (size_t i = 0; i < lists; ++i) sum += (members[i][w] & bit) != 0 ? bounds[i][w] : 0;
        sum = std::min(sum, 255u);
        if ((mask[w] & bit) == 0 || sum < least) continue;
        want[w] |= bit;
        want_sums.push_back(static_cast<uint8_t>(sum));
      }
    }
    sums.resize(GetParam()->keep_sums_at_least(member_rows.data(), bound_rows.data(), lists, words,
                                               least, mask.data(), sums.data()));
    ASSERT_EQ(mask, want) << lists << " lists, " << words << " words, at least " << int{least};
    ASSERT_EQ(sums, want_sums);
  }
}

TEST_P(BoundKernelsTest, ShiftedPositions) {
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
        GetParam()->any_shifted(values.data(), values_count, others.data(), count, shift - offset),
        !want.empty());
    std::vector<uint32_t> kept(values_count + 16);
    kept.resize(GetParam()->keep_shifted(values.data(), values_count, others.data(), count,
                                         shift - offset, kept.data()));
    ASSERT_EQ(kept, want);
  }
}

TEST_P(BoundKernelsTest, BitsOfGroups) {
  SeededRandom random(22);
  for (size_t groups : {0u, 1u, 2u, 5u, 128u}) {
    std::vector<uint64_t> words(8 * groups);
    std::vector<uint32_t> want(groups), got(groups);
    for (size_t i = 0; i < words.size(); ++i) {
      words[i] = random.OneIn(9) ? ~uint64_t{0} : random.Next() & random.Next();
      want[i / 8] += static_cast<uint32_t>(std::popcount(words[i]));
    }
    GetParam()->count_groups(words.data(), groups, got.data());
    EXPECT_EQ(got, want);

    for (size_t i = 0; i < groups; ++i) {
      if (random.OneIn(2)) std::fill_n(words.begin() + static_cast<ptrdiff_t>(8 * i), 8, 0);
      if (random.OneIn(3)) words[8 * i + random.Below(8)] = 1;
    }
    std::vector<uint64_t> nonzero((groups + 63) / 64, ~uint64_t{0}), wanted(nonzero.size());
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] != 0) wanted[i / 512] |= uint64_t{1} << (i / 8 % 64);
    }
    GetParam()->nonzero_groups(words.data(), groups, nonzero.data());
    EXPECT_EQ(nonzero, wanted);

    for (const bool negated : {false, true}) {
      std::vector<uint64_t> other(words.size()), left = words, bits = wanted;
      for (uint64_t& word : other) word = random.OneIn(3) ? 0 : random.Next();
      // Groups without their bit stay as they are.
      for (uint64_t& word : bits) word &= random.Next();
      auto narrow = negated ? GetParam()->and_not_groups : GetParam()->and_groups;
      std::vector<uint64_t> got_bits = bits;
      narrow(left.data(), other.data(), groups, got_bits.data());
      for (size_t i = 0; i < groups; ++i) {
        const bool chosen = (bits[i / 64] >> (i % 64) & 1) != 0;
        uint64_t any = 0;
        for (size_t w = 8 * i; w < 8 * i + 8; ++w) {
          const uint64_t kept = words[w] & (negated ? ~other[w] : other[w]);
          ASSERT_EQ(left[w], chosen ? kept : words[w]);
          any |= kept;
        }
        ASSERT_EQ((got_bits[i / 64] >> (i % 64) & 1) != 0, chosen && any != 0);
      }
    }
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Kernels over bound bytes and groups of words, against the plainest code.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/guarded.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class BoundKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, BoundKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(BoundKernelsTest, BytesWithin) {
  SeededRandom random(14);
  for (size_t count = 0; count < 210; ++count) {
    std::vector<uint8_t> bytes(count);
    std::vector<uint32_t> docs(count);
    for (uint8_t& byte : bytes) {
      byte = static_cast<uint8_t>(random.OneIn(3) ? random.Below(3) * 127 : random.Next());
    }
    for (uint32_t& doc : docs) doc = static_cast<uint32_t>(random.Next());
    for (const int least : {0, 1, 127, 128, 255, static_cast<int>(random.Below(256))}) {
      for (const int greatest : {0, 126, 127, 254, 255, static_cast<int>(random.Below(256))}) {
        if (least > greatest) continue;
        std::vector<uint8_t> kept_bytes;
        std::vector<uint32_t> kept_docs;
        for (size_t i = 0; i < count; ++i) {
          if (bytes[i] < least || bytes[i] > greatest) continue;
          kept_bytes.push_back(bytes[i]);
          kept_docs.push_back(docs[i]);
        }
        Guarded<uint8_t> out_bytes(count, 16, count % 16);
        Guarded<uint32_t> out_docs(count, 16, count % 16);
        ASSERT_EQ(kernels().keep_within_u8(
                      bytes.data(), docs.data(), count, static_cast<uint8_t>(least),
                      static_cast<uint8_t>(greatest), out_bytes.data(), out_docs.data()),
                  kept_docs.size());
        ASSERT_EQ(out_bytes.First(kept_docs.size()), kept_bytes);
        ASSERT_EQ(out_docs.First(kept_docs.size()), kept_docs);
        ASSERT_TRUE(out_bytes.IsIntact());
        ASSERT_TRUE(out_docs.IsIntact());
      }
    }
  }
}

TEST_P(BoundKernelsTest, BoundMaps) {
  SeededRandom random(13);
  const Kernels& scalar = *ScalarKernels();
  constexpr uint16_t kThresholds[] = {0, 1, 128, 32767, 32768, 65535};
  for (size_t count = 0; count < 210; ++count) {
    std::vector<uint8_t> values(count);
    std::vector<uint16_t> sums(count);
    for (uint8_t& v : values) v = random.OneIn(3) ? 0 : static_cast<uint8_t>(random.Next());
    for (uint16_t& v : sums) {
      v = random.OneIn(4) ? kThresholds[random.Below(6)] : static_cast<uint16_t>(random.Next());
    }

    for (float scale : {0.0f, 0.004f, 0.37f, 1.0f, 3.3f, 300.0f, 1e9f, 1e30f}) {
      const float bias = random.OneIn(3) ? 0 : 0.5f * static_cast<float>(random.Below(400));
      std::vector<uint8_t> bytes(count);
      std::vector<uint16_t> got = sums;
      kernels().scale_u8(values.data(), scale, bias, count, bytes.data());
      kernels().add_scaled_u16(got.data(), values.data(), scale, bias, count);
      for (size_t i = 0; i < count; ++i) {
        const float product = static_cast<float>(values[i]) * scale;
        const float add = values[i] == 0 ? 0 : std::ceil(product + bias);
        ASSERT_EQ(bytes[i], std::min(add, 255.0f));
        ASSERT_EQ(got[i],
                  std::min(65535.0f, static_cast<float>(sums[i]) + std::min(add, 65535.0f)));
      }
    }

    for (const uint16_t threshold : kThresholds) {
      std::vector<uint64_t> mask((count + 63) / 64, 7);
      kernels().mask_at_least_u16(sums.data(), count, threshold, mask.data());
      for (size_t i = 0; i < 64 * mask.size(); ++i) {
        const bool want = i < count && sums[i] >= threshold;
        ASSERT_EQ((mask[i / 64] >> (i % 64) & 1) != 0, want);
      }
    }

    for (uint8_t threshold : {0, 1, 128, 255}) {
      std::vector<uint64_t> mask((count + 63) / 64, 7), want(mask.size(), 7);
      kernels().mask_at_least_u8(values.data(), count, threshold, mask.data());
      scalar.mask_at_least_u8(values.data(), count, threshold, want.data());
      EXPECT_EQ(mask, want);
      for (size_t i = 0; i < count; ++i) {
        ASSERT_EQ((mask[i / 64] >> (i % 64) & 1) != 0, values[i] >= threshold);
      }
    }

    std::vector<uint16_t> got = sums;
    kernels().keep_where_nonzero(got.data(), values.data(), count);
    for (size_t i = 0; i < count; ++i) ASSERT_EQ(got[i], values[i] != 0 ? sums[i] : 0);
  }
}

TEST_P(BoundKernelsTest, MapsOfOtherGrains) {
  SeededRandom random(22);
  for (int round = 0; round < 200; ++round) {
    const size_t count = 2 * random.Below(200);
    Exact<uint8_t> bytes(count, 64);
    std::vector<uint16_t> shorts(count);
    const uint64_t greatest = 1 + random.Below(256);
    for (size_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(random.Below(greatest));
    for (uint16_t& value : shorts) value = static_cast<uint16_t>(random.Below(256 * greatest));

    const size_t groups = (count + 63) / 64;
    Exact<uint8_t> of_bytes(groups);
    Exact<uint16_t> of_shorts(groups);
    kernels().group_maxima_u8(bytes.data(), count, of_bytes.data());
    kernels().group_maxima_u16(shorts.data(), count, of_shorts.data());
    for (size_t i = 0; i < groups; ++i) {
      uint8_t byte = 0;
      uint16_t number = 0;
      for (size_t j = 64 * i; j < std::min(count, 64 * i + 64); ++j) {
        byte = std::max(byte, bytes[j]);
        number = std::max(number, shorts[j]);
      }
      ASSERT_EQ(of_bytes[i], byte);
      ASSERT_EQ(of_shorts[i], number);
    }

    Exact<uint8_t> pairs(count / 2);
    kernels().max_of_pairs(bytes.data(), count / 2, pairs.data());
    for (size_t i = 0; i < count / 2; ++i) {
      ASSERT_EQ(pairs[i], std::max(bytes[2 * i], bytes[2 * i + 1]));
    }

    const auto shift = static_cast<uint32_t>(random.Below(8));
    Exact<uint8_t> repeated(count << shift);
    kernels().repeat_bytes(bytes.data(), shift, count << shift, repeated.data());
    for (size_t i = 0; i < (count << shift); ++i) ASSERT_EQ(repeated[i], bytes[i >> shift]);
  }
}

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
    sums.resize(kernels().keep_sums_at_least(member_rows.data(), bound_rows.data(), lists, words,
                                             least, mask.data(), sums.data()));
    ASSERT_EQ(mask, want) << lists << " lists, " << words << " words, at least " << int{least};
    ASSERT_EQ(sums, want_sums);
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
    kernels().count_groups(words.data(), groups, got.data());
    EXPECT_EQ(got, want);

    for (size_t i = 0; i < groups; ++i) {
      if (random.OneIn(2)) std::fill_n(words.begin() + static_cast<ptrdiff_t>(8 * i), 8, 0);
      if (random.OneIn(3)) words[8 * i + random.Below(8)] = 1;
    }
    std::vector<uint64_t> wanted((groups + 63) / 64);
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] != 0) wanted[i / 512] |= uint64_t{1} << (i / 8 % 64);
    }

    for (const bool negated : {false, true}) {
      std::vector<uint64_t> other(words.size()), left = words, bits = wanted;
      for (uint64_t& word : other) word = random.OneIn(3) ? 0 : random.Next();
      // Groups without their bit stay as they are.
      for (uint64_t& word : bits) word &= random.Next();
      auto narrow = negated ? kernels().and_not_groups : kernels().and_groups;
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

// SPDX-License-Identifier: Apache-2.0
//
// Kernels over arrays of bytes, sums and scores against the loop that the header writes: each
// length from none to more than any vector takes at once, at every alignment, with nothing written
// past what the header allows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/guarded.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr size_t kMost = 130;

class ArrayKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }

  // Ends with its last element, and the bytes that may be read past it.
  template <typename T>
  static Exact<T> Copy(const std::vector<T>& values, size_t misaligned, size_t slack_bytes = 0) {
    Exact<T> copy(values.size(), slack_bytes, misaligned * sizeof(T));
    if (!values.empty()) std::memcpy(copy.data(), values.data(), values.size() * sizeof(T));
    return copy;
  }
};

INSTANTIATE_TEST_SUITE_P(AllTables, ArrayKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

template <typename T>
std::vector<T> RandomValues(SeededRandom* random, size_t count) {
  std::vector<T> values(count);
  for (T& value : values) {
    const uint64_t kind = random->Below(4);
    value = kind == 0   ? T{0}
            : kind == 1 ? std::numeric_limits<T>::max()
                        : static_cast<T>(random->Next());
  }
  return values;
}

TEST_P(ArrayKernelsTest, ScaledBytes) {
  SeededRandom random(411);
  for (size_t count = 0; count <= kMost; ++count) {
    const auto values = RandomValues<uint8_t>(&random, count);
    const auto before = RandomValues<uint16_t>(&random, count);
    constexpr float kScales[] = {0, 0.01F, 0.7F, 1, 3.9F, 1e9F};
    const float scale = kScales[random.Below(6)], bias = kScales[random.Below(6)];
    std::vector<uint8_t> scaled(count);
    std::vector<uint16_t> sums = before;
    for (size_t i = 0; i < count; ++i) {
      if (values[i] == 0) continue;
      const float exact = std::ceil(static_cast<float>(values[i]) * scale + bias);
      scaled[i] = exact >= 255 ? 255 : static_cast<uint8_t>(exact);
      const float sum = static_cast<float>(sums[i]) + std::min(exact, 65535.0F);
      sums[i] = sum >= 65535 ? 65535 : static_cast<uint16_t>(sum);
    }
    auto in = Copy(values, count % 32);
    Guarded<uint8_t> out(count, 0, 31 - count % 32);
    kernels().scale_u8(in.data(), scale, bias, count, out.data());
    ASSERT_EQ(out.First(count), scaled) << "scale " << scale << " bias " << bias;
    ASSERT_TRUE(out.IsIntact());
    out.Fill(values);
    kernels().scale_u8(out.data(), scale, bias, count, out.data());
    ASSERT_EQ(out.First(count), scaled) << "in place";
    Guarded<uint16_t> added(count, 0, count % 16);
    added.Fill(before);
    kernels().add_scaled_u16(added.data(), in.data(), scale, bias, count);
    ASSERT_EQ(added.First(count), sums) << "scale " << scale << " bias " << bias;
    ASSERT_TRUE(out.IsIntact() && added.IsIntact());
  }
}

template <typename T>
std::vector<uint64_t> MaskOf(const std::vector<T>& values, T threshold) {
  std::vector<uint64_t> mask((values.size() + 63) / 64);
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i] >= threshold) mask[i / 64] |= uint64_t{1} << (i % 64);
  }
  return mask;
}

template <typename T>
std::vector<T> MaximaOf(const std::vector<T>& values) {
  std::vector<T> maxima((values.size() + 63) / 64);
  for (size_t i = 0; i < values.size(); ++i) maxima[i / 64] = std::max(maxima[i / 64], values[i]);
  return maxima;
}

TEST_P(ArrayKernelsTest, MasksAndMaxima) {
  SeededRandom random(412);
  for (size_t count = 0; count <= 2 * kMost; ++count) {
    const auto bytes = RandomValues<uint8_t>(&random, count);
    const auto shorts = RandomValues<uint16_t>(&random, count);
    auto in_bytes = Copy(bytes, count % 32);
    auto in_shorts = Copy(shorts, count % 16);
    const size_t words = (count + 63) / 64;
    for (const uint32_t threshold : {0U, 1U, 128U, 255U, 256U, 32768U, 65535U}) {
      Guarded<uint64_t> mask(words, 0, count % 8);
      if (threshold <= 255) {
        const auto least = static_cast<uint8_t>(threshold);
        kernels().mask_at_least_u8(in_bytes.data(), count, least, mask.data());
        ASSERT_EQ(mask.First(words), MaskOf(bytes, least)) << count << " from " << threshold;
      }
      const auto least = static_cast<uint16_t>(threshold);
      kernels().mask_at_least_u16(in_shorts.data(), count, least, mask.data());
      ASSERT_EQ(mask.First(words), MaskOf(shorts, least)) << count << " from " << threshold;
      ASSERT_TRUE(mask.IsIntact());
    }
    Guarded<uint8_t> of_bytes(words, 0, count % 32);
    kernels().group_maxima_u8(in_bytes.data(), count, of_bytes.data());
    ASSERT_EQ(of_bytes.First(words), MaximaOf(bytes));
    Guarded<uint16_t> of_shorts(words, 0, count % 16);
    kernels().group_maxima_u16(in_shorts.data(), count, of_shorts.data());
    ASSERT_EQ(of_shorts.First(words), MaximaOf(shorts));
    ASSERT_TRUE(of_bytes.IsIntact() && of_shorts.IsIntact());
  }
}

TEST_P(ArrayKernelsTest, BytesOfOtherGrains) {
  SeededRandom random(413);
  for (size_t count = 0; count <= 2 * kMost; ++count) {
    const auto values = RandomValues<uint8_t>(&random, 2 * count);
    auto in = Copy(values, count % 32, /*slack_bytes=*/64);
    std::vector<uint8_t> want(count);
    for (size_t i = 0; i < count; ++i) want[i] = std::max(values[2 * i], values[2 * i + 1]);
    Guarded<uint8_t> out(count, 0, count % 32);
    kernels().max_of_pairs(in.data(), count, out.data());
    ASSERT_EQ(out.First(count), want);
    for (uint32_t shift = 0; shift <= 6; ++shift) {
      const std::vector<uint8_t> some(
          values.begin(), values.begin() + static_cast<ptrdiff_t>((count >> shift) + (count > 0)));
      auto coarse = Copy(some, shift, /*slack_bytes=*/64);
      for (size_t i = 0; i < count; ++i) want[i] = some[i >> shift];
      kernels().repeat_bytes(coarse.data(), shift, count, out.data());
      ASSERT_EQ(out.First(count), want) << "shift " << shift;
    }
    ASSERT_TRUE(out.IsIntact());
    const auto other = RandomValues<uint8_t>(&random, count);
    const auto sums = RandomValues<uint16_t>(&random, count);
    std::vector<uint16_t> kept = sums;
    for (size_t i = 0; i < count; ++i) kept[i] = other[i] == 0 ? 0 : sums[i];
    auto in_other = Copy(other, 31 - count % 32);
    Guarded<uint16_t> got(count, 0, count % 16);
    got.Fill(sums);
    kernels().keep_where_nonzero(got.data(), in_other.data(), count);
    ASSERT_EQ(got.First(count), kept);
    ASSERT_TRUE(got.IsIntact());
  }
}

// --- Scores --------------------------------------------------------------------------------------

TEST_P(ArrayKernelsTest, Bm25OfEachPosting) {
  SeededRandom random(414);
  constexpr uint32_t kDocs = 700;
  const auto norms = RandomValues<uint8_t>(&random, kDocs);
  std::vector<float> scale(256);
  for (float& of_norm : scale) of_norm = static_cast<float>(random.Below(1000)) / 300;
  auto in_norms = Copy(norms, 1);
  for (size_t count = 0; count <= kMost; ++count) {
    std::vector<uint32_t> docs, freqs;
    for (size_t i = 0; i < count; ++i) {
      docs.push_back(static_cast<uint32_t>(random.Below(kDocs)));
      freqs.push_back(random.OneIn(9) ? random.U32() >> 1 : 1 + random.U32() % 50);
    }
    auto in_docs = Copy(docs, count % 16);
    auto in_freqs = Copy(freqs, count % 8);
    const float weight = static_cast<float>(1 + random.Below(900)) / 70;
    for (const bool has_freqs : {true, false}) {
      for (const bool has_norms : {true, false}) {
        Guarded<float> scores(count, 0, count % 16);
        kernels().score_bm25(in_docs.data(), has_freqs ? in_freqs.data() : nullptr, count,
                             has_norms ? in_norms.data() : nullptr, scale.data(), weight,
                             scores.data());
        for (size_t i = 0; i < count; ++i) {
          const float freq = has_freqs ? static_cast<float>(freqs[i]) : 1.0F;
          const float inverse = scale[has_norms ? norms[docs[i]] : 1];
          const float want = weight - weight / (1.0F + freq * inverse);
          ASSERT_EQ(scores[i], want) << "freq " << freq;
        }
        ASSERT_TRUE(scores.IsIntact());
      }
    }
  }
}

TEST_P(ArrayKernelsTest, WhatScoresCanReach) {
  SeededRandom random(415);
  constexpr double kMargin = 1 + 0x1p-40;
  for (size_t count = 0; count <= kMost; ++count) {
    std::vector<double> sums;
    std::vector<int32_t> rests;
    for (size_t i = 0; i < count; ++i) {
      sums.push_back(static_cast<double>(random.Below(1 << 20)) / 77);
      rests.push_back(random.OneIn(5) ? 1 << 30 : static_cast<int32_t>(random.Below(256)));
    }
    const double unit = random.OneIn(4) ? std::numeric_limits<double>::infinity() : 0.013;
    // Nothing times infinity is no number.
    for (int32_t& rest : rests) rest = std::isinf(unit) ? std::max(rest, 1) : rest;
    const double most = static_cast<double>(random.Below(100)) / 7;
    auto in_sums = Copy(sums, count % 8);
    auto in_rests = Copy(rests, count % 16);
    Guarded<float> reaches(count, 0, count % 16);
    kernels().reaches(in_sums.data(), in_rests.data(), unit, most, kMargin, count, reaches.data());
    for (size_t i = 0; i < count; ++i) {
      const double rest = std::min(static_cast<double>(rests[i]) * unit, most);
      ASSERT_EQ(reaches[i], static_cast<float>((sums[i] + rest) * kMargin));
    }
    ASSERT_TRUE(reaches.IsIntact());
  }
}

TEST_P(ArrayKernelsTest, IndexesOfGreatScores) {
  SeededRandom random(416);
  for (size_t count = 0; count <= kMost; ++count) {
    std::vector<float> values;
    for (size_t i = 0; i < count; ++i) {
      values.push_back(random.OneIn(9) ? -std::numeric_limits<float>::infinity()
                                       : static_cast<float>(random.Below(5)));
    }
    auto in = Copy(values, count % 16);
    for (const float threshold : {-std::numeric_limits<float>::infinity(), -0.5F, 0.0F, 2.0F, 4.0F,
                                  std::numeric_limits<float>::infinity()}) {
      std::vector<uint32_t> greater, at_least;
      for (uint32_t i = 0; i < count; ++i) {
        if (values[i] > threshold) greater.push_back(i);
        if (values[i] >= threshold) at_least.push_back(i);
      }
      Guarded<uint32_t> out(count, 16, count % 16);
      ASSERT_EQ(kernels().filter_greater(in.data(), count, threshold, out.data()), greater.size());
      ASSERT_EQ(out.First(greater.size()), greater);
      ASSERT_EQ(kernels().filter_at_least(in.data(), count, threshold, out.data()),
                at_least.size());
      ASSERT_EQ(out.First(at_least.size()), at_least);
      ASSERT_TRUE(out.IsIntact());
    }
  }
}

// --- Sorted arrays -------------------------------------------------------------------------------

TEST_P(ArrayKernelsTest, ValuesThatOthersHaveShifted) {
  SeededRandom random(417);
  for (size_t count = 0; count <= kMost; ++count) {
    const auto shift = static_cast<uint32_t>(random.OneIn(4) ? random.Next() : random.Below(5));
    const uint64_t span = 1 + random.Below(600);
    std::vector<uint32_t> shifted, others;
    for (size_t i = 0; i < count; ++i) shifted.push_back(static_cast<uint32_t>(random.Below(span)));
    for (uint64_t i = random.Below(kMost); i > 0; --i) {
      others.push_back(static_cast<uint32_t>(random.Below(span)));
    }
    std::sort(shifted.begin(), shifted.end());
    std::sort(others.begin(), others.end());
    std::vector<uint32_t> values, want;
    for (const uint32_t value : shifted) {
      values.push_back(value - shift);
      if (std::binary_search(others.begin(), others.end(), value)) want.push_back(values.back());
    }
    auto in = Copy(values, count % 16, 64);
    auto in_others = Copy(others, 15 - count % 16, 64);
    Guarded<uint32_t> out(count, 16, count % 16);
    ASSERT_EQ(kernels().keep_shifted(in.data(), count, in_others.data(), others.size(), shift,
                                     out.data()),
              want.size());
    ASSERT_EQ(out.First(want.size()), want);
    ASSERT_TRUE(out.IsIntact());
    ASSERT_EQ(kernels().any_shifted(in.data(), count, in_others.data(), others.size(), shift),
              !want.empty());
  }
}

TEST_P(ArrayKernelsTest, FindsTheLastAtMost) {
  SeededRandom random(418);
  for (uint32_t count = 1; count <= kMost; ++count) {
    std::vector<uint32_t> values;
    for (uint32_t i = 0; i < count; ++i) values.push_back(static_cast<uint32_t>(random.Below(300)));
    if (random.OneIn(3)) values.back() = UINT32_MAX;
    std::sort(values.begin(), values.end());
    Exact<uint8_t> bytes(4 * values.size(), 64, count % 4);
    std::memcpy(bytes.data(), values.data(), 4 * values.size());
    for (int i = 0; i < 20; ++i) {
      const auto from = static_cast<uint32_t>(random.Below(count));
      const uint32_t target =
          random.OneIn(9) ? UINT32_MAX : static_cast<uint32_t>(random.Below(320));
      uint32_t want = from;
      for (uint32_t j = from; j < count; ++j) {
        if (values[j] <= target) want = j;
      }
      ASSERT_EQ(kernels().find_last_at_most(bytes.data(), count, from, target), want);
    }
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The kernel over front-coded terms, against what is said of each term.
#include <gtest/gtest.h>

#include <bitset>
#include <string>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class FrontCodeKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, FrontCodeKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

TEST_P(FrontCodeKernelsTest, MaskFrontCoded) {
  constexpr size_t kTerms = 32;
  SeededRandom random(1);
  for (int round = 0; round < 2000; ++round) {
    std::bitset<128> set;
    const uint64_t one_in = random.Between(1, 8);
    for (size_t c = 0; c < set.size(); ++c) set[c] = random.OneIn(one_in);
    Exact<uint8_t> ascii(16);
    for (size_t c = 0; c < set.size(); ++c) {
      ascii[c % 16] |= static_cast<uint8_t>(set[c] << (c / 16));
    }
    Exact<uint8_t> heads(kTerms), nexts(kTerms);
    const auto shared = static_cast<uint32_t>(random.Below(16));
    for (size_t i = 0; i < kTerms; ++i) {
      const uint64_t near = random.OneIn(2) ? shared : random.Below(16);
      heads[i] = static_cast<uint8_t>(near << 4 | random.Below(16));
      nexts[i] = static_cast<uint8_t>(random.Below(random.OneIn(2) ? 128 : 256));
    }
    const uint64_t mask =
        kernels().mask_front_coded(heads.data(), nexts.data(), shared, ascii.data());
    for (size_t i = 0; i < kTerms; ++i) {
      const uint32_t shares = heads[i] >> 4;
      const bool in_set = nexts[i] < 128 && set[nexts[i]];
      ASSERT_EQ(mask >> i & 1, shares < shared || (shares == shared && !in_set) ? 1u : 0u)
          << "term " << i << " shares " << shares << " of " << shared << " and has byte "
          << int{nexts[i]};
      ASSERT_EQ(mask >> (32 + i) & 1, shares <= shared ? 1u : 0u)
          << "term " << i << " shares " << shares << " of " << shared;
    }
  }
}

}  // namespace
}  // namespace segue

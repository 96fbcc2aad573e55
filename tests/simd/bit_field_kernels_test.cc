// SPDX-License-Identifier: Apache-2.0
//
// Kernels over bit fields of any width, against fields that are written bit by bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/simd/kernels.h"
#include "tests/simd/exact.h"
#include "tests/simd/tables.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

class BitFieldKernelsTest : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(AllTables, BitFieldKernelsTest, testing::ValuesIn(Tables()),
                         [](const auto& info) { return std::string(info.param->name); });

constexpr uint64_t GreatestOf(uint32_t bits) { return (uint64_t{1} << bits) - 1; }

Exact<uint8_t> Written(const std::vector<uint64_t>& fields, uint32_t bits) {
  Exact<uint8_t> bytes((fields.size() * bits + 7) / 8, 64);
  for (size_t i = 0; i < fields.size() * bits; ++i) {
    bytes[i / 8] |= static_cast<uint8_t>((fields[i / bits] >> (i % bits) & 1) << (i % 8));
  }
  return bytes;
}

TEST_P(BitFieldKernelsTest, MaskFieldsInRangeOfEveryWidth) {
  SeededRandom random(1);
  for (uint32_t bits = 0; bits <= 57; ++bits) {
    for (int round = 0; round < 40; ++round) {
      const uint64_t greatest = GreatestOf(bits);
      std::vector<uint64_t> fields(round == 0 ? 0 : random.Below(300));
      for (uint64_t& field : fields) {
        field = random.OneIn(4) ? greatest - random.Below(2) : random.Next();
        field &= greatest;
      }
      Exact<uint8_t> bytes = Written(fields, bits);
      const auto bound = [&]() -> uint64_t {
        if (fields.empty() || random.OneIn(6)) return random.OneIn(2) ? random.Next() : greatest;
        return fields[random.Below(fields.size())];
      };
      const uint64_t low = random.OneIn(5) ? 0 : bound(), high = bound();
      Exact<uint64_t> mask((fields.size() + 63) / 64);
      kernels().mask_fields_in_range(bytes.data(), bits, low, high, fields.size(), mask.data());
      for (size_t i = 0; i < 64 * ((fields.size() + 63) / 64); ++i) {
        const bool want = i < fields.size() && low <= fields[i] && fields[i] <= high;
        ASSERT_EQ(mask[i / 64] >> (i % 64) & 1, want ? 1u : 0u)
            << "field " << i << " of " << fields.size() << ", " << bits << " bits, " << low
            << " to " << high;
      }
    }
  }
}

TEST_P(BitFieldKernelsTest, DepositBits) {
  SeededRandom random(2);
  for (int round = 0; round < 400; ++round) {
    const size_t words = random.Below(20);
    Exact<uint8_t> places(8 * words, 0, 1);
    std::vector<size_t> set;
    for (size_t w = 0; w < words; ++w) {
      uint64_t word = random.Next();
      if (random.OneIn(3)) word &= random.Next() & random.Next();
      if (random.OneIn(5)) word = random.OneIn(2) ? 0 : UINT64_MAX;
      for (size_t bit = 0; bit < 64; ++bit) {
        if ((word >> bit & 1) == 0) continue;
        set.push_back(64 * w + bit);
        places[8 * w + bit / 8] |= static_cast<uint8_t>(1 << (bit % 8));
      }
    }
    Exact<uint64_t> bits((set.size() + 63) / 64);
    for (size_t i = 0; i < (set.size() + 63) / 64; ++i) bits[i] = random.Next();
    std::vector<uint64_t> want(words, 0);
    for (size_t i = 0; i < set.size(); ++i) {
      want[set[i] / 64] |= (bits[i / 64] >> (i % 64) & 1) << (set[i] % 64);
    }
    Exact<uint64_t> out(words);
    kernels().deposit_bits(bits.data(), places.data(), words, out.data());
    for (size_t w = 0; w < words; ++w) ASSERT_EQ(out[w], want[w]) << "word " << w;
  }
}

}  // namespace
}  // namespace segue

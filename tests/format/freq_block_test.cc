// SPDX-License-Identifier: Apache-2.0

#include "engine/format/freq_block.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

struct Encoded {
  explicit Encoded(const std::vector<uint32_t>& freqs)
      : count(static_cast<uint32_t>(freqs.size())) {
    shape = EncodeFreqs(freqs, &bytes);
    size = bytes.size();
    bytes.append(64, '\x77');
  }
  bool Open(FreqBlock* block, size_t cut = 0) const {
    const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
    return block->Open(shape, count, data, data + size - cut);
  }
  std::string bytes;
  size_t size = 0;
  uint32_t count;
  FreqShape shape;
};

void ExpectFreqs(const std::vector<uint32_t>& freqs) {
  const Encoded encoded(freqs);
  FreqBlock block;
  ASSERT_TRUE(encoded.Open(&block));
  ASSERT_EQ(block.byte_size(), encoded.size);
  std::vector<uint32_t> decoded(kBlockPostings);
  ASSERT_TRUE(block.Decode(decoded.data()));
  decoded.resize(freqs.size());
  ASSERT_EQ(decoded, freqs);
  uint64_t sum = 0;
  for (uint32_t i = 0; i < freqs.size(); ++i) {
    ASSERT_EQ(block.At(i), freqs[i]) << i;
    ASSERT_EQ(block.SumBefore(i), sum) << i;
    sum += freqs[i];
  }
  ASSERT_EQ(block.SumBefore(block.count()), sum);
  FreqBlock cut;
  if (encoded.size != 0) {
    EXPECT_FALSE(encoded.Open(&cut, 1)) << "one byte short";
  }
}

TEST(FreqBlockTest, EveryCountAndMix) {
  SeededRandom random(1);
  for (uint32_t count = 1; count <= kBlockPostings; ++count) {
    for (int mix = 0; mix < 12; ++mix) {
      std::vector<uint32_t> freqs(count);
      for (uint32_t& freq : freqs) {
        freq = static_cast<uint32_t>(random.Between(1, 1u << (mix % 9)));
        if (mix > 4 && random.OneIn(9)) freq += random.U32() >> random.Between(1, 31);
      }
      ExpectFreqs(freqs);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(FreqBlockTest, WidthsTurnUpWhereTheyAreSmallest) {
  const auto codec = [](uint32_t a, uint32_t every, uint32_t b) {
    std::vector<uint32_t> freqs(kBlockPostings, a);
    for (size_t i = 0; i < freqs.size(); i += every) freqs[i] = b;
    std::string bytes;
    return EncodeFreqs(freqs, &bytes).codec;
  };
  EXPECT_EQ(codec(1, 1, 1), FreqCodec::kAllOne);
  EXPECT_EQ(codec(1, 100, 9), FreqCodec::kExceptions);
  EXPECT_EQ(codec(2, 60, 9), FreqCodec::kBits1);
  EXPECT_EQ(codec(4, 60, 9), FreqCodec::kBits2);
  EXPECT_EQ(codec(13, 60, 90), FreqCodec::kBits4);
  EXPECT_EQ(codec(200, 60, 1000), FreqCodec::kBits8);
}

TEST(FreqBlockTest, EscapesAtTheEdge) {
  for (const uint32_t greatest : {1u, 2u, 4u, 16u, 256u}) {
    for (const uint32_t excess : {1u, 254u, 255u, 256u, 257u, 70000u}) {
      std::vector<uint32_t> freqs(kBlockPostings, greatest);
      freqs[17] = greatest + excess;
      ExpectFreqs(freqs);
      freqs[18] = greatest + 300;
      freqs[127] = UINT32_MAX;
      ExpectFreqs(freqs);
    }
  }
}

TEST(FreqBlockTest, AllEqualNeedsNoBytes) {
  const FreqBlock block = FreqBlock::AllEqual(5, 1000000007);
  EXPECT_EQ(block.At(4), 1000000007u);
  EXPECT_EQ(block.SumBefore(5), 5000000035u);
  uint32_t freqs[kBlockPostings];
  EXPECT_TRUE(block.Decode(freqs));
  EXPECT_EQ(freqs[0], 1000000007u);
  EXPECT_FALSE(block.all_one());
  EXPECT_TRUE(FreqBlock::AllEqual(5, 1).all_one());
}

TEST(FreqBlockTest, ShapesThatNoWriterMakes) {
  const std::string bytes(512, '\xff');
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  FreqBlock block;
  const auto opens = [&](FreqShape shape, uint32_t count) {
    return block.Open(shape, count, data, data + 400);
  };
  EXPECT_FALSE(opens({static_cast<FreqCodec>(6), 0, 0, 0}, 128));
  EXPECT_FALSE(opens({FreqCodec::kAllOne, 0, 1, 0}, 128));
  EXPECT_FALSE(opens({FreqCodec::kAllOne, 1, 0, 0}, 128));
  EXPECT_FALSE(opens({FreqCodec::kBits2, 0, 11, 0}, 10)) << "more exceptions than elements";
  EXPECT_FALSE(opens({FreqCodec::kBits2, 5, 6, 0}, 10)) << "more of both than elements";
  EXPECT_FALSE(opens({FreqCodec::kBits2, 0, 2, 3}, 128)) << "more wide values than exceptions";
  EXPECT_FALSE(opens({FreqCodec::kBits2, 0, 2, 1}, 128)) << "two bytes escape";
  EXPECT_TRUE(opens({FreqCodec::kBits2, 0, 2, 2}, 128));
  uint32_t freqs[kBlockPostings];
  EXPECT_FALSE(block.Decode(freqs)) << "element 255";
  EXPECT_EQ(block.At(127), 4u);
  EXPECT_EQ(block.SumBefore(128), 128u * 4);
  EXPECT_TRUE(opens({FreqCodec::kBits2, 2, 0, 0}, 128));
  EXPECT_FALSE(block.Decode(freqs)) << "an increment of element 255";
}

TEST(FreqBlockTest, IncrementsAndExceptionsOfOtherElements) {
  const auto decodes = [](std::vector<uint8_t> elements, uint8_t increments) {
    std::vector<uint8_t> bytes = elements;
    const auto exceptions = static_cast<uint8_t>(elements.size() - increments);
    bytes.insert(bytes.end(), exceptions, 3);  // excesses
    const size_t size = bytes.size();
    bytes.resize(size + 64);
    FreqBlock block;
    uint32_t freqs[kBlockPostings];
    EXPECT_TRUE(block.Open({FreqCodec::kExceptions, increments, exceptions, 0}, 100, bytes.data(),
                           bytes.data() + size));
    return block.Decode(freqs);
  };
  EXPECT_TRUE(decodes({1, 9, 5, 99}, 2));
  EXPECT_FALSE(decodes({9, 1, 5, 99}, 2)) << "increments out of order";
  EXPECT_FALSE(decodes({1, 100, 5, 99}, 2)) << "an increment behind the last element";
  EXPECT_FALSE(decodes({1, 9, 5, 100}, 2));
  EXPECT_FALSE(decodes({1, 9, 9, 99}, 2)) << "an element that is both";
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Position blocks in both forms: every order of reading, uneven codes, the
// limits, and blocks that end too early.

#include "engine/format/position_block.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

using Documents = std::vector<std::vector<uint32_t>>;

std::vector<uint64_t> PostingsOf(const Documents& documents) {
  std::vector<uint64_t> postings;
  for (size_t doc = 0; doc < documents.size(); ++doc) {
    for (const uint32_t position : documents[doc]) postings.push_back(doc << 32 | position);
  }
  return postings;
}

// A block's bytes with slack on both sides, and a view of it.
struct Laid {
  std::string bytes;
  PositionBlock block;
  bool ok = false;

  Laid(const Documents& documents, bool long_form, uint64_t bytes_cut = 0) {
    PositionBlockEncoder encoder;
    uint64_t codes = 0;
    for (const auto& positions : documents) {
      EXPECT_TRUE(encoder.Add(positions));
      codes += positions.size();
    }
    PositionBlockEncoder all_at_once, one_by_one;
    EXPECT_TRUE(all_at_once.Add(PostingsOf(documents)));
    for (const auto& positions : documents) EXPECT_TRUE(one_by_one.Add(PostingsOf({positions})));
    bytes.assign(64, '\x55');
    size_t boundary = 0;
    if (long_form) {
      boundary = encoder.EncodeLong(&bytes);
    } else {
      encoder.EncodeShort(&bytes);
    }
    for (PositionBlockEncoder* other : {&all_at_once, &one_by_one}) {
      std::string same(64, '\x55');
      if (long_form) {
        EXPECT_EQ(other->EncodeLong(&same), boundary);
      } else {
        other->EncodeShort(&same);
      }
      EXPECT_TRUE(same == bytes);
    }
    size = bytes.size() - 64 - bytes_cut;
    bytes.resize(64 + size);
    bytes.append(64, '\xff');
    const auto* begin = reinterpret_cast<const uint8_t*>(bytes.data()) + 64;
    ok = long_form ? block.OpenLong(begin, begin + boundary, begin + size)
                   : block.OpenShort(begin, begin + size, codes);
  }
  size_t size = 0;
};

void ExpectDocument(Laid* laid, const Documents& documents, size_t index) {
  uint64_t before = 0;
  for (size_t i = 0; i < index; ++i) before += documents[i].size();
  const std::vector<uint32_t>& want = documents[index];
  std::vector<uint32_t> got(want.size());
  ASSERT_TRUE(laid->block.Decode(before, static_cast<uint32_t>(want.size()), got.data()));
  ASSERT_EQ(got, want);
}

void ExpectRoundTrip(const Documents& documents, SeededRandom* random) {
  for (const bool long_form : {true, false}) {
    Laid laid(documents, long_form);
    ASSERT_TRUE(laid.ok);
    for (size_t i = 0; i < documents.size(); ++i) ExpectDocument(&laid, documents, i);
    for (int i = 0; i < 10; ++i) ExpectDocument(&laid, documents, random->Below(documents.size()));
  }
}

TEST(PositionBlockTest, RandomBlocksInAnyOrder) {
  SeededRandom random(1);
  for (int round = 0; round < 400; ++round) {
    Documents documents(random.Between(1, 128));
    for (auto& positions : documents) {
      positions.resize(random.OneIn(3) ? random.Between(1, 20) : 1);
      uint64_t at = random.Below(1u << random.Below(20));
      for (uint32_t& position : positions) {
        position = static_cast<uint32_t>(at);
        at += random.Between(round % 3 == 0 ? 0 : 1, 1u << (round % 15));
      }
    }
    ExpectRoundTrip(documents, &random);
    if (HasFatalFailure()) return;
  }
}

TEST(PositionBlockTest, Limits) {
  SeededRandom random(2);
  constexpr uint32_t kLast = 0x7fffffff;
  ExpectRoundTrip({{0}}, &random);
  ExpectRoundTrip({{kLast}}, &random);
  ExpectRoundTrip({{kLast}, {kLast}, {kLast}, {kLast}, {kLast}}, &random);
  ExpectRoundTrip({{0, kLast}, {0}, {0}, {0}, {0}, {kLast}}, &random);
  ExpectRoundTrip({{kLast, kLast, kLast, kLast, kLast}}, &random);
  ExpectRoundTrip({{0, 0, 0, 0, 0, 0}, {1}}, &random);
  Documents uneven(128, std::vector<uint32_t>{3});
  uneven[77] = {kLast - 1};
  ExpectRoundTrip(uneven, &random);
  std::vector<uint32_t> many(100000);
  for (uint32_t i = 0; i < many.size(); ++i) many[i] = i * 3;
  ExpectRoundTrip({{5}, many, {9, 10}}, &random);
}

TEST(PositionBlockTest, UnevenCodesStayAffordable) {
  // One code of 2^31 among small ones: the best k keeps the unary part short.
  Documents documents(128, std::vector<uint32_t>{1});
  documents[5] = {0x7fffffff};
  const Laid laid(documents, true);
  EXPECT_LT(laid.size, 128u * 33 / 8);
}

TEST(PositionBlockTest, FewPositionsArePlainVarints) {
  const Laid one({{5}}, false);
  EXPECT_EQ(one.size, 1u);
  const Laid four({{5, 5}, {300, 301}}, false);
  EXPECT_EQ(four.size, 5u);
  const Laid five({{5, 6}, {7, 8, 9}}, false);
  EXPECT_EQ(static_cast<uint8_t>(five.bytes[64]) >> 5,
            static_cast<int>(PositionCodec::kRiceStrict));
}

TEST(PositionBlockTest, BlocksThatEndEarlyFail) {
  SeededRandom random(3);
  for (int round = 0; round < 200; ++round) {
    Documents documents(random.Between(1, 50));
    uint64_t codes = 0;
    for (auto& positions : documents) {
      positions.resize(random.Between(1, 5));
      for (uint32_t i = 0; i < positions.size(); ++i) positions[i] = 7 * i + 2;
      codes += positions.size();
    }
    for (const bool long_form : {true, false}) {
      Laid cut(documents, long_form, 1);
      std::vector<uint32_t> out(codes);
      // The last document's codes are not all there.
      const uint32_t count = static_cast<uint32_t>(documents.back().size());
      EXPECT_FALSE(cut.ok && cut.block.Decode(codes - count, count, out.data()));
      Laid whole(documents, long_form);
      ASSERT_TRUE(whole.ok);
      EXPECT_FALSE(whole.block.Decode(codes + 8, 1, out.data()));
      EXPECT_FALSE(whole.block.Decode(0, 0, out.data())) << "a document has a position";
      EXPECT_FALSE(whole.block.Decode(UINT64_MAX, 2, out.data()));
    }
  }
}

TEST(PositionBlockTest, PlainPositionsStayBelow31BitsAndWithinTheList) {
  // The gaps 2^31 - 1, 1, 7.
  const std::string bytes = std::string("\xff\xff\xff\xff\x07\x01\x07", 7) + std::string(64, '\0');
  const auto* begin = reinterpret_cast<const uint8_t*>(bytes.data());
  PositionBlock block;
  ASSERT_TRUE(block.OpenShort(begin, begin + 7, 3));
  uint32_t out[3];
  ASSERT_TRUE(block.Decode(0, 1, out));
  EXPECT_EQ(out[0], 0x7fffffffu);
  EXPECT_FALSE(block.Decode(0, 2, out)) << "a position of 2^31";
  ASSERT_TRUE(block.Decode(1, 2, out));
  EXPECT_EQ(out[1], 8u);
  EXPECT_FALSE(block.Decode(1, 3, out)) << "four positions of three";
  EXPECT_FALSE(block.Decode(4, 1, out));
}

TEST(PositionBlockTest, UnknownCodecsAndBoundariesAreRefused) {
  std::string bytes(64 + 64 + 64, '\xff');
  const auto* begin = reinterpret_cast<const uint8_t*>(bytes.data()) + 64;
  PositionBlock block;
  EXPECT_FALSE(block.OpenLong(begin, begin + 3, begin + 64));
  EXPECT_FALSE(block.OpenShort(begin, begin + 64, 10));
  bytes[64 + 63] = 0;
  EXPECT_TRUE(block.OpenLong(begin, begin + 63, begin + 64));
  EXPECT_FALSE(block.OpenLong(begin, begin + 64, begin + 64)) << "no codec byte";
  EXPECT_FALSE(block.OpenLong(begin, begin - 1, begin + 64)) << "a boundary before the streams";
  EXPECT_FALSE(block.OpenShort(begin, begin, 1)) << "no bytes";
}

}  // namespace
}  // namespace segue

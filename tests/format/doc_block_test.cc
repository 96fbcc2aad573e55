// SPDX-License-Identifier: Apache-2.0

#include "engine/format/doc_block.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue {
namespace {

struct Encoded {
  explicit Encoded(const std::vector<DocId>& docs) : count(static_cast<uint32_t>(docs.size())) {
    shape = EncodeDocs(docs, &bytes);
    size = bytes.size();
    bytes.append(64, '\xee');
  }
  bool Decode(DocId first, DocId limit, DocId* out, size_t cut = 0) const {
    const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
    return DecodeDocBlock(shape, count, first, limit, data, data + (size - cut), out);
  }
  std::string bytes;
  size_t size = 0;
  uint32_t count;
  DocShape shape;
};

TEST(DocBlockTest, EveryCountAndGapWidth) {
  SeededRandom random(1);
  for (uint32_t count = 1; count <= kBlockPostings; ++count) {
    for (uint32_t bits = 0; bits < 24; ++bits) {
      std::vector<DocId> docs(count);
      DocId doc = static_cast<DocId>(random.Below(1000));
      for (DocId& out : docs) {
        out = doc;
        doc += 1 + static_cast<DocId>(random.Next() & ((1u << bits) - 1));
        if (random.OneIn(30)) doc += static_cast<DocId>(random.Below(1u << (bits / 2)));
      }
      const Encoded encoded(docs);
      EXPECT_EQ(encoded.shape.codec == DocCodec::kLanes, count == kBlockPostings);
      const DocId limit = docs.back() + 1;
      DocId out[kBlockPostings];
      ASSERT_TRUE(encoded.Decode(docs[0], limit, out)) << count << " " << bits;
      ASSERT_TRUE(std::equal(docs.begin(), docs.end(), out)) << count << " " << bits;
      ASSERT_FALSE(encoded.Decode(docs[0], limit - 1, out)) << "the last is at the limit";
      if (encoded.size != 0) {
        ASSERT_FALSE(encoded.Decode(docs[0], limit, out, 1)) << "a byte short";
      }
      ASSERT_FALSE(encoded.Decode(docs[0], limit, out, SIZE_MAX)) << "a byte too many";
      // A block's bytes do not depend on where it stands.
      if (limit + 99 < 0x7fffffff) {
        ASSERT_TRUE(encoded.Decode(docs[0] + 99, limit + 99, out));
        ASSERT_EQ(out[count - 1], docs.back() + 99);
      }
    }
  }
}

TEST(DocBlockTest, ConsecutiveDocumentsTakeNoBytes) {
  std::vector<DocId> docs(kBlockPostings);
  for (uint32_t i = 0; i < docs.size(); ++i) docs[i] = 1000 + i;
  EXPECT_EQ(Encoded(docs).size, 0u);
}

TEST(DocBlockTest, OneLongGapIsAnException) {
  std::vector<DocId> docs(kBlockPostings);
  for (uint32_t i = 0; i < docs.size(); ++i) docs[i] = 3 * i + (i > 60 ? 1u << 30 : 0);
  const Encoded encoded(docs);
  EXPECT_EQ(encoded.shape.exception_count, 1);
  EXPECT_LE(encoded.size, 16u * 2 + 5);
  DocId out[kBlockPostings];
  ASSERT_TRUE(encoded.Decode(0, docs.back() + 1, out));
  EXPECT_TRUE(std::equal(docs.begin(), docs.end(), out));
}

TEST(DocBlockTest, SumsThatPass32BitsFail) {
  const std::string bytes(600 + 64, '\xff');
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  DocId out[kBlockPostings];
  for (const DocCodec codec : {DocCodec::kLanes, DocCodec::kPacked}) {
    for (uint8_t bits = 0; bits <= 31; ++bits) {
      const DocShape shape = {codec, bits, static_cast<uint8_t>(31 - bits), 0};
      const bool zero = bits == 0;
      const uint32_t size = codec == DocCodec::kLanes ? 16 * bits : (127 * bits + 7) / 8;
      EXPECT_EQ(DecodeDocBlock(shape, 128, 5, 0x7fffffff, data, data + size, out),
                zero || (codec == DocCodec::kPacked && bits <= 24))
          << static_cast<int>(bits);
    }
  }
}

TEST(DocBlockTest, DamagedExceptionsFail) {
  // Two exceptions for the same element, then for element 0.
  std::string bytes = {'\x05', '\x05'};
  bytes.append(64, '\0');
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  DocId out[kBlockPostings];
  EXPECT_FALSE(DecodeDocBlock({DocCodec::kLanes, 0, 1, 2}, 128, 0, 1000, data, data + 2, out));
  EXPECT_TRUE(DecodeDocBlock({DocCodec::kLanes, 0, 1, 1}, 128, 0, 1000, data, data + 1, out));
  bytes[0] = 0;
  EXPECT_FALSE(DecodeDocBlock({DocCodec::kPacked, 0, 1, 1}, 100, 0, 1000, data, data + 1, out));
  bytes[0] = 99;
  EXPECT_TRUE(DecodeDocBlock({DocCodec::kPacked, 0, 1, 1}, 100, 0, 1000, data, data + 1, out));
  EXPECT_FALSE(DecodeDocBlock({DocCodec::kPacked, 0, 1, 1}, 99, 0, 1000, data, data + 1, out));
}

TEST(DocBlockTest, CodesAndTheirExceptionsHave31Bits) {
  const std::string bytes(600, '\0');
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  DocId out[kBlockPostings];
  for (const auto& [codec, count, size] : {std::tuple{DocCodec::kLanes, 128u, 16 * 20},
                                           {DocCodec::kPacked, 100u, (99 * 20 + 7) / 8}}) {
    EXPECT_TRUE(DecodeDocBlock({codec, 20, 11, 0}, count, 0, 1000, data, data + size, out));
    EXPECT_FALSE(DecodeDocBlock({codec, 20, 12, 0}, count, 0, 1000, data, data + size, out));
  }
}

TEST(DocBlockTest, OverlongVarintsFail) {
  const std::string bytes = std::string("\xff\xff\xff\xff\xff\x01", 6) + std::string(64, '\0');
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  DocId out[kBlockPostings];
  const DocShape varint;
  EXPECT_FALSE(DecodeDocBlock(varint, 2, 0, 0x7fffffff, data, data + 6, out));
  EXPECT_FALSE(DecodeDocBlock(varint, 2, 0, 0x7fffffff, data, data + 3, out));
  EXPECT_FALSE(DecodeDocBlock(varint, 1, 7, 8, data, data + 1, out)) << "a byte too many";
  EXPECT_FALSE(DecodeDocBlock(varint, 1, 7, 7, data, data, out)) << "first at the limit";
  EXPECT_TRUE(DecodeDocBlock(varint, 1, 7, 8, data, data, out));
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Norms: written and read back for any number of documents, padded, constant or not, damaged.
#include <gtest/gtest.h>

#include <vector>

#include "engine/format/norms_reader.h"
#include "engine/format/norms_writer.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

std::vector<uint8_t> RandomNorms(size_t doc_count, uint64_t values, SeededRandom* random) {
  std::vector<uint8_t> norms(doc_count);
  for (uint8_t& norm : norms) norm = static_cast<uint8_t>(3 + random->Below(values));
  return norms;
}

TEST(Norms, ComeBackForAnyNumberOfDocuments) {
  SeededRandom random(20);
  for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
    TestFile file;
    NormsWriter writer(file.file());
    std::vector<std::vector<uint8_t>> fields;
    std::vector<NormsMeta> metas;
    for (size_t docs : {0, 1, 2, 255, 256, 257, 512, 1000, 70000}) {
      for (uint64_t values : {1, 200}) {
        fields.push_back(RandomNorms(docs, values, &random));
        const auto meta = writer.Add(fields.back());
        ASSERT_TRUE(meta.ok()) << meta.status();
        metas.push_back(*meta);
      }
    }
    const Section body = file.Body(mode);
    for (size_t i = 0; i < fields.size(); ++i) {
      const auto norms = Norms::Open(body, metas[i]);
      ASSERT_TRUE(norms.ok()) << norms.status();
      ASSERT_EQ(norms->doc_count(), fields[i].size());
      EXPECT_TRUE(std::equal(fields[i].begin(), fields[i].end(), norms->data()));
      // The promised padding can be read.
      uint32_t sum = 0;
      for (uint64_t b = 0; b < PaddedNormBytes(norms->doc_count()); ++b) sum += norms->data()[b];
      EXPECT_GE(sum, fields[i].size());
    }
  }
}

TEST(Norms, ConstantFieldsTakeNoBytesAndShareTheirMemory) {
  TestFile file;
  NormsWriter writer(file.file());
  const auto large = writer.Add(std::vector<uint8_t>(100000, 1));
  const auto small = writer.Add(std::vector<uint8_t>(5, 1));
  const auto other = writer.Add(std::vector<uint8_t>(5, 2));
  EXPECT_EQ(file.file()->offset(), 0u);
  ASSERT_TRUE(large.ok() && small.ok() && other.ok());
  EXPECT_EQ(large->codec, NormCodec::kConstant);
  const Section body = file.Body();
  const auto large_norms = Norms::Open(body, *large);
  const auto small_norms = Norms::Open(body, *small);
  const auto other_norms = Norms::Open(body, *other);
  ASSERT_TRUE(large_norms.ok() && small_norms.ok() && other_norms.ok());
  EXPECT_TRUE(large_norms->constant());
  EXPECT_EQ(large_norms->data(), small_norms->data());
  EXPECT_EQ(other_norms->data()[4], 2);
  EXPECT_EQ(large_norms->data()[99999], 1);
}

TEST(Norms, AConstantArrayGrowsForALargerSegment) {
  const auto open = [](DocId docs) {
    return Norms::Open(Section(), {NormCodec::kConstant, 77, docs, 0, 0}).value();
  };
  const Norms small = open(5);
  const Norms large = open(100000);
  EXPECT_EQ(large.data()[99999], 77);
  EXPECT_EQ(small.data()[4], 77) << "whose array is another one";
}

TEST(Norms, OutliveWhatTheyWereReadFrom) {
  const auto open = [] {
    TestFile file;
    NormsWriter writer(file.file());
    const auto meta = writer.Add(std::vector<uint8_t>{1, 2, 3});
    return Norms::Open(file.Body(), *meta);
  };
  const auto norms = open();
  ASSERT_TRUE(norms.ok());
  const Norms copy = *norms;
  EXPECT_EQ(copy.data()[2], 3);
}

TEST(NormsMeta, SurvivesEncodingAndRefusesWhatCannotBe) {
  NormsMeta written{NormCodec::kLuceneByte, 0, 300, 64, PaddedNormBytes(300)};
  NormsMeta constant{NormCodec::kConstant, 9, 300, 0, 0};
  for (const NormsMeta& meta : {written, constant}) {
    ByteWriter out;
    meta.Encode(&out);
    ByteReader in(out.view());
    const auto decoded = NormsMeta::Decode(&in);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, meta);
    for (size_t n = 0; n < out.size(); ++n) {
      ByteReader cut(out.view().substr(0, n));
      EXPECT_EQ(CodeOf(NormsMeta::Decode(&cut).status()), ErrorCode::kDataLoss);
    }
  }
  const auto code = [](const NormsMeta& meta) {
    ByteWriter out;
    meta.Encode(&out);
    ByteReader in(out.view());
    return CodeOf(NormsMeta::Decode(&in).status());
  };
  written.bytes -= 1;
  EXPECT_EQ(code(written), ErrorCode::kDataLoss);
  constant.doc_count = kMaxConstantNormDocs + 1;
  EXPECT_EQ(code(constant), ErrorCode::kDataLoss) << "too much memory for so few bytes";
  EXPECT_EQ(CodeOf(Norms::Open(Section(), constant).status()), ErrorCode::kDataLoss);
  const DocId too_many = kEndOfDocs + 1;
  EXPECT_EQ(code({NormCodec::kLuceneByte, 0, too_many, 64, PaddedNormBytes(too_many)}),
            ErrorCode::kDataLoss);
  written.codec = static_cast<NormCodec>(2);
  EXPECT_EQ(code(written), ErrorCode::kVersion);
}

TEST(Norms, AFileTooShortIsDataLoss) {
  NormsMeta meta{NormCodec::kLuceneByte, 0, 300, 0, PaddedNormBytes(300)};
  const std::string bytes(PaddedNormBytes(300), '\1');
  EXPECT_TRUE(Norms::Open(Section::FromBytes(bytes), meta).ok());
  meta.offset = 1;
  EXPECT_EQ(CodeOf(Norms::Open(Section::FromBytes(bytes), meta).status()), ErrorCode::kDataLoss);
  meta.offset = UINT64_MAX;
  EXPECT_EQ(CodeOf(Norms::Open(Section::FromBytes(bytes), meta).status()), ErrorCode::kDataLoss);
  meta = {NormCodec::kLuceneByte, 0, 1u << 30, 0, PaddedNormBytes(300)};
  EXPECT_EQ(CodeOf(Norms::Open(Section::FromBytes(bytes), meta).status()), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue

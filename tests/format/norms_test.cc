// SPDX-License-Identifier: Apache-2.0
//
// Norms: written and read back for any number of documents, padded, constant or not, damaged.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <thread>
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

// The norms of a field that one document in about `rarity` has.
std::vector<uint8_t> RareNorms(size_t doc_count, uint64_t rarity, SeededRandom* random) {
  std::vector<uint8_t> norms(doc_count);
  for (uint8_t& norm : norms) {
    if (random->Below(rarity) == 0) norm = static_cast<uint8_t>(1 + random->Below(255));
  }
  return norms;
}

TEST(Norms, OfFewDocumentsComeBackSpreadOutAndOneByOne) {
  SeededRandom random(21);
  for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
    TestFile file;
    NormsWriter writer(file.file());
    std::vector<std::vector<uint8_t>> fields;
    std::vector<NormsMeta> metas;
    int sparse = 0;
    for (size_t docs : {16, 17, 1000, 70000, 200000}) {
      for (uint64_t rarity : {3, 12, 20, 400, 90000}) {
        fields.push_back(RareNorms(docs, rarity, &random));
        fields.back()[random.Below(docs)] = 9;  // not constant
        const auto meta = writer.Add(fields.back());
        ASSERT_TRUE(meta.ok()) << meta.status();
        metas.push_back(*meta);
        const auto lacking = std::count(fields.back().begin(), fields.back().end(), uint8_t{0});
        const bool few = (docs - static_cast<size_t>(lacking)) * kSparseNormDocs <= docs;
        EXPECT_EQ(meta->codec, few ? NormCodec::kSparse : NormCodec::kLuceneByte);
        sparse += few;
      }
    }
    EXPECT_GE(sparse, 10);
    const Section body = file.Body(mode);
    for (size_t i = 0; i < fields.size(); ++i) {
      const auto norms = Norms::Open(body, metas[i]);
      ASSERT_TRUE(norms.ok()) << norms.status();
      EXPECT_FALSE(norms->constant());
      std::vector<uint8_t> visited(fields[i].size());
      norms->ForEach([&](DocId doc, uint8_t norm) { visited.at(doc) = norm; });
      EXPECT_EQ(visited, fields[i]);
      const Norms copy = *norms;
      EXPECT_TRUE(std::equal(fields[i].begin(), fields[i].end(), norms->data()));
      EXPECT_EQ(copy.data(), norms->data()) << "spread out once";
      // The promised padding can be read.
      uint32_t sum = 0;
      for (uint64_t b = 0; b < PaddedNormBytes(norms->doc_count()); ++b) sum += norms->data()[b];
      EXPECT_GT(sum, 0u);
    }
  }
}

TEST(Norms, OfFewDocumentsAreSpreadOutByOneOfManyThreads) {
  std::vector<uint8_t> written(100000);
  written[77777] = 5;
  TestFile file;
  const auto meta = NormsWriter(file.file()).Add(written);
  ASSERT_TRUE(meta.ok()) << meta.status();
  const auto norms = Norms::Open(file.Body(), *meta);
  ASSERT_TRUE(norms.ok()) << norms.status();
  std::vector<const uint8_t*> seen(4);
  std::vector<std::thread> threads;
  for (const uint8_t*& data : seen) threads.emplace_back([&] { data = norms->data(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<const uint8_t*>(seen.begin(), seen.end()).size(), 1u);
  EXPECT_EQ(seen[0][77777], 5);
}

TEST(Norms, DamagedEntriesOfFewDocumentsAreDataLoss) {
  const auto open = [](std::string_view entries) {
    const NormsMeta meta{NormCodec::kSparse, 0, 300, 0, entries.size()};
    return CodeOf(Norms::Open(Section::FromBytes(entries), meta).status());
  };
  using std::string_view_literals::operator""sv;
  const std::string_view written = "\xc8\x01\x07\x00\x01"sv;  // of the specification
  ASSERT_TRUE(Norms::Open(Section::FromBytes(written), {NormCodec::kSparse, 0, 300, 0, 5}).ok());
  EXPECT_EQ(open(written.substr(0, 4)), ErrorCode::kDataLoss) << "no norm";
  EXPECT_EQ(open(written.substr(0, 1)), ErrorCode::kDataLoss) << "half a number";
  EXPECT_EQ(open("\x05\x00"sv), ErrorCode::kDataLoss) << "a norm of 0";
  EXPECT_EQ(open("\xac\x02\x07"sv), ErrorCode::kDataLoss) << "document 300";
  EXPECT_EQ(open("\x05\x07\xff\xff\xff\xff\x0f\x07"sv), ErrorCode::kDataLoss)
      << "a sum above 32 bits";
  const NormsMeta beyond{NormCodec::kSparse, 0, 300, 1, 5};
  EXPECT_EQ(CodeOf(Norms::Open(Section::FromBytes(written), beyond).status()),
            ErrorCode::kDataLoss);
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
  NormsMeta sparse{NormCodec::kSparse, 0, 300, 64, 7};
  for (const NormsMeta& meta : {written, constant, sparse}) {
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
  sparse.doc_count = kMaxSparseNormDocs + 1;
  EXPECT_EQ(code(sparse), ErrorCode::kDataLoss) << "too much memory for so few bytes";
  EXPECT_EQ(CodeOf(Norms::Open(Section(), sparse).status()), ErrorCode::kDataLoss);
  const DocId too_many = kEndOfDocs + 1;
  EXPECT_EQ(code({NormCodec::kLuceneByte, 0, too_many, 64, PaddedNormBytes(too_many)}),
            ErrorCode::kDataLoss);
  written.codec = static_cast<NormCodec>(3);
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

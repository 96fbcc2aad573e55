// SPDX-License-Identifier: Apache-2.0
//
// What the writer refuses, and what it promises about size.
#include "engine/format/dictionary_writer.h"

#include <gtest/gtest.h>

#include "engine/base/limits.h"
#include "tests/format/dictionary_test_util.h"

namespace segue {
namespace {

TermMeta OneDocument(DocId doc) {
  TermMeta meta;
  meta.doc_freq = 1;
  meta.total_freq = 1;
  meta.single_doc = doc;
  return meta;
}

TermMeta SomeDocuments(uint32_t doc_freq, uint64_t post_offset, uint64_t post_bytes) {
  TermMeta meta;
  meta.doc_freq = doc_freq;
  meta.total_freq = doc_freq;
  meta.post_offset = post_offset;
  meta.post_bytes = post_bytes;
  return meta;
}

TEST(DictionaryWriter, RefusesTermsOutOfOrder) {
  TestFile file;
  DictionaryWriter writer(file.file());
  ASSERT_TRUE(writer.StartField(0).ok());
  ASSERT_TRUE(writer.Add("b", OneDocument(0)).ok());
  EXPECT_EQ(CodeOf(writer.Add("b", OneDocument(0))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(writer.Add("a", OneDocument(0))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(writer.Add("", OneDocument(0))), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(writer.Add("\xff", OneDocument(0)).ok()) << "bytes are unsigned";
  EXPECT_EQ(writer.FinishField()->term_count, 2u);
}

TEST(DictionaryWriter, RefusesImpossibleTerms) {
  TestFile file;
  DictionaryWriter writer(file.file());
  ASSERT_TRUE(writer.StartField(0).ok());
  const std::string longest(kMaxTermBytes, 'a');
  EXPECT_EQ(CodeOf(writer.Add(longest + 'a', OneDocument(0))), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(writer.Add(longest, OneDocument(0)).ok());
  EXPECT_EQ(CodeOf(writer.Add("b", TermMeta{})), ErrorCode::kInvalidArgument);
  TermMeta meta = SomeDocuments(3, 0, 5);
  meta.total_freq = 2;
  EXPECT_EQ(CodeOf(writer.Add("b", meta)), ErrorCode::kInvalidArgument);
  meta = OneDocument(kEndOfDocs);
  EXPECT_EQ(CodeOf(writer.Add("b", meta)), ErrorCode::kInvalidArgument);
  meta = OneDocument(1);
  meta.post_bytes = 1;
  EXPECT_EQ(CodeOf(writer.Add("b", meta)), ErrorCode::kInvalidArgument);
}

TEST(DictionaryWriter, RefusesListsWithGaps) {
  TestFile file;
  DictionaryWriter writer(file.file());
  ASSERT_TRUE(writer.StartField(0).ok());
  ASSERT_TRUE(writer.Add("a", SomeDocuments(2, 100, 10)).ok());
  EXPECT_EQ(CodeOf(writer.Add("b", SomeDocuments(2, 111, 10))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(writer.Add("b", SomeDocuments(2, 100, 10))), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(writer.Add("b", OneDocument(3)).ok()) << "no list, no place";
  EXPECT_TRUE(writer.Add("c", SomeDocuments(2, 110, 10)).ok());
}

TEST(DictionaryWriter, KnowsWhetherAFieldIsOpen) {
  TestFile file;
  DictionaryWriter writer(file.file());
  EXPECT_EQ(CodeOf(writer.Add("a", OneDocument(0))), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(writer.FinishField().status()), ErrorCode::kFailedPrecondition);
  ASSERT_TRUE(writer.StartField(0).ok());
  EXPECT_EQ(CodeOf(writer.StartField(1)), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(writer.FinishField().ok());
  EXPECT_TRUE(writer.StartField(1).ok());
}

TEST(DictionaryWriter, ReportsTheGreatestFrequencyAndDocument) {
  TestFile file;
  DictionaryWriter writer(file.file());
  ASSERT_TRUE(writer.StartField(0).ok());
  ASSERT_TRUE(writer.Add("a", OneDocument(77)).ok());
  ASSERT_TRUE(writer.Add("b", SomeDocuments(9, 0, 1)).ok());
  ASSERT_TRUE(writer.Add("c", OneDocument(5)).ok());
  const auto meta = writer.FinishField();
  ASSERT_TRUE(meta.ok());
  EXPECT_EQ(meta->max_single_doc, 77u);
  EXPECT_EQ(meta->max_doc_freq, 9u);
}

// One frequent term among rare ones must not widen the others' columns.
TEST(DictionaryWriter, OneFrequentTermCostsOneRecord) {
  Vocabulary rare;
  for (int i = 0; i < 32; ++i) {
    TermMeta meta = SomeDocuments(2, 0, 3);
    meta.pos_bytes = 3;
    rare["t" + std::to_string(100 + i)] = meta;
  }
  Vocabulary mixed = rare;
  TermMeta frequent = SomeDocuments(100000, 0, 100000);
  frequent.total_freq = 10000000;
  frequent.pos_bytes = 5000000;
  mixed["t116"] = frequent;
  PlaceLists(0, 0, 0, &rare);
  PlaceLists(0, 0, 0, &mixed);
  EXPECT_LE(Build(mixed).meta.blocks_bytes, Build(rare).meta.blocks_bytes + 20);
}

TEST(DictionaryFieldMeta, SurvivesEncoding) {
  DictionaryFieldMeta meta;
  meta.term_count = 1000;
  meta.blocks_offset = 1 << 20;
  meta.blocks_bytes = 12345;
  meta.index_offset = uint64_t{1} << 40;
  meta.index_bytes = 777;
  meta.max_doc_freq = 5;
  meta.max_single_doc = kEndOfDocs - 1;
  ByteWriter out;
  meta.Encode(&out);
  const std::string bytes = out.Take();
  ByteReader in{std::string_view(bytes)};
  const auto decoded = DictionaryFieldMeta::Decode(&in);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, meta);
  EXPECT_TRUE(in.done());
  for (size_t n = 0; n < bytes.size(); ++n) {
    ByteReader cut{std::string_view(bytes).substr(0, n)};
    EXPECT_EQ(CodeOf(DictionaryFieldMeta::Decode(&cut).status()), ErrorCode::kDataLoss);
  }
}

TEST(DictionaryFieldMeta, RefusesMoreTermsThanBytes) {
  DictionaryFieldMeta meta;
  meta.term_count = UINT64_MAX;
  meta.blocks_bytes = 100;
  meta.index_bytes = 100;
  ByteWriter out;
  meta.Encode(&out);
  ByteReader in(out.view());
  EXPECT_EQ(CodeOf(DictionaryFieldMeta::Decode(&in).status()), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue

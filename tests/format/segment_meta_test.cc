// SPDX-License-Identifier: Apache-2.0
//
// Segment metadata: round trips, every promise of the header, and damage.
#include "engine/format/segment_meta.h"

#include <gtest/gtest.h>

#include <functional>

#include "engine/base/limits.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

std::span<const uint8_t> AsBytes(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

SegmentFieldMeta TextField(FieldId id, std::string name) {
  SegmentFieldMeta field;
  field.field = id;
  field.name = std::move(name);
  field.type = ValueType::kText;
  field.indexed = field.freqs = field.positions = true;
  field.doc_count = 90;
  field.sum_total_freq = 5000;
  field.sum_doc_freq = 3000;
  field.min_length = 1;
  field.max_length = 200;
  field.analyzer_fingerprint = 0x0123456789abcdef;
  field.bounds = {1.2f, 0.75f, 55.5f};
  field.dictionary = {700, 0, 9000, 9008, 400, 80, 99};
  field.norms = NormsMeta{NormCodec::kLuceneByte, 0, 100, 0, PaddedNormBytes(100)};
  return field;
}

SegmentMeta Sample() {
  SegmentMeta meta;
  meta.segment = SegmentId{0xfedc};
  meta.doc_count = 100;
  meta.fields.push_back(TextField(2, "text"));
  SegmentFieldMeta number;
  number.field = 5;
  number.name = "year";
  number.type = ValueType::kInt64;
  number.stored = number.multi = true;
  number.column = {ValueType::kInt64, true, 100, 50, 60, 0, 111, 32};
  meta.fields.push_back(number);
  meta.fields.push_back(TextField(9, "title"));
  meta.stored = StoredMeta{StoredCodec::kSnappy, 100, 3, 0, 1000, 1000, 44};
  meta.keys = KeyColumnMeta{100, 2, 0, 800, 800};
  return meta;
}

TEST(SegmentMeta, SurvivesEncoding) {
  SegmentMeta none;
  none.segment = SegmentId{1};
  for (const SegmentMeta& meta : {Sample(), none}) {
    const auto bytes = meta.Encode();
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto decoded = SegmentMeta::Decode(AsBytes(*bytes));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_TRUE(*decoded == meta);
  }
}

TEST(SegmentMeta, FindsFields) {
  const SegmentMeta meta = Sample();
  EXPECT_EQ(meta.Find(5)->name, "year");
  EXPECT_EQ(meta.Find(9)->name, "title");
  EXPECT_EQ(meta.Find(3), nullptr);
  EXPECT_EQ(meta.Find(10), nullptr);
  EXPECT_EQ(meta.FindByName("text")->field, 2u);
  EXPECT_EQ(meta.FindByName("tex"), nullptr);
}

TEST(SegmentMeta, KeepsItsPromisesInBothDirections) {
  const std::vector<std::pair<const char*, std::function<void(SegmentMeta*)>>> breaks = {
      {"too many documents", [](auto* m) { m->doc_count = kEndOfDocs; }},
      {"order of ids", [](auto* m) { m->fields[1].field = 2; }},
      {"order of ids", [](auto* m) { m->fields[2].field = 1; }},
      {"unique names", [](auto* m) { m->fields[2].name = "text"; }},
      {"no name", [](auto* m) { m->fields[0].name = ""; }},
      {"long name", [](auto* m) { m->fields[0].name = std::string(256, 'n'); }},
      {"documents", [](auto* m) { m->fields[0].doc_count = 101; }},
      {"frequencies", [](auto* m) { m->fields[0].sum_total_freq = 2999; }},
      {"frequencies", [](auto* m) { m->fields[0].sum_doc_freq = 89; }},
      {"lengths", [](auto* m) { m->fields[0].max_length = 0; }},
      {"bounds", [](auto* m) { m->fields[0].bounds->b = 1.5f; }},
      {"bounds", [](auto* m) { m->fields[0].bounds->k1 = -1; }},
      {"bounds", [](auto* m) { m->fields[0].bounds->average_length = 1.0f / 0.0f; }},
      {"positions without freqs", [](auto* m) { m->fields[0].freqs = false; }},
      {"no dictionary", [](auto* m) { m->fields[0].dictionary.reset(); }},
      {"not indexed", [](auto* m) { m->fields[0].indexed = false; }},
      {"frequent", [](auto* m) { m->fields[0].dictionary->max_doc_freq = 91; }},
      {"single", [](auto* m) { m->fields[0].dictionary->max_single_doc = 100; }},
      {"terms", [](auto* m) { m->fields[0].dictionary->term_count = 3001; }},
      {"norms",
       [](auto* m) {
         m->fields[0].norms = NormsMeta{NormCodec::kConstant, 1, 99, 0, 0};
       }},
      {"column", [](auto* m) { m->fields[1].column->doc_count = 101; }},
      {"column type", [](auto* m) { m->fields[1].column->type = ValueType::kBool; }},
      {"stored", [](auto* m) { m->stored->doc_count = 99; }},
      {"keys", [](auto* m) { m->keys->doc_count = 101; }},
      {"too many fields", [](auto* m) { m->fields.resize(kMaxFields + 1); }},
      {"no type", [](auto* m) { m->fields[0].type = static_cast<ValueType>(0); }},
  };
  for (const auto& [name, change] : breaks) {
    SegmentMeta meta = Sample();
    change(&meta);
    const auto bytes = meta.Encode();
    EXPECT_EQ(CodeOf(bytes.status()), ErrorCode::kInvalidArgument) << name;
  }
}

TEST(SegmentMeta, ALongNameIsDataLoss) {
  SegmentMeta meta = Sample();
  meta.fields[0].name = std::string(kMaxFieldNameBytes, 'n');
  std::string bytes = *meta.Encode();
  ASSERT_TRUE(SegmentMeta::Decode(AsBytes(bytes)).ok());
  const size_t length = bytes.find("\xff\x01n");
  ASSERT_NE(length, bytes.npos);
  bytes.replace(length, 2, "\x80\x02n");  // one more
  const absl::Status status = SegmentMeta::Decode(AsBytes(bytes)).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(status).find("a name of 256 bytes"), std::string_view::npos) << status;
}

TEST(SegmentMeta, RefusesOtherVersions) {
  std::string bytes = *Sample().Encode();
  bytes[0] = 2;
  EXPECT_EQ(CodeOf(SegmentMeta::Decode(AsBytes(bytes)).status()), ErrorCode::kVersion);
}

TEST(SegmentMeta, EveryTruncationIsDataLoss) {
  const std::string bytes = *Sample().Encode();
  for (size_t n = 0; n < bytes.size(); ++n) {
    const std::string cut = bytes.substr(0, n);
    EXPECT_EQ(CodeOf(SegmentMeta::Decode(AsBytes(cut)).status()), ErrorCode::kDataLoss) << n;
  }
  EXPECT_EQ(CodeOf(SegmentMeta::Decode(AsBytes(bytes + "x")).status()), ErrorCode::kDataLoss);
}

// What is decoded from damaged bytes keeps every promise: it can be encoded again.
TEST(SegmentMeta, WhatDecodesKeepsThePromises) {
  SeededRandom random(70);
  const std::string bytes = *Sample().Encode();
  int decoded_count = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = Damaged(bytes, &random);
    if (random.OneIn(4)) damaged = Damaged(damaged, &random);
    const auto decoded = SegmentMeta::Decode(AsBytes(damaged));
    if (!decoded.ok()) {
      const ErrorCode code = CodeOf(decoded.status());
      EXPECT_TRUE(code == ErrorCode::kDataLoss || code == ErrorCode::kVersion) << decoded.status();
      continue;
    }
    ++decoded_count;
    const auto again = decoded->Encode();
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_TRUE(*SegmentMeta::Decode(AsBytes(*again)) == *decoded);
  }
  EXPECT_GT(decoded_count, 100);
}

}  // namespace
}  // namespace segue

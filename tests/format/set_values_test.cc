// SPDX-License-Identifier: Apache-2.0
//
// Files of set values: round trips, and every way in which a file can contradict its segment.
#include "engine/format/set_values.h"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/format/set_values_writer.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

constexpr SegmentId kId{7};

using Values = std::vector<std::optional<int64_t>>;  // of each document

SegmentFieldMeta FieldOf(FieldId id, std::string name, ValueType type) {
  SegmentFieldMeta meta;
  meta.field = id;
  meta.name = std::move(name);
  meta.type = type;
  meta.stored = true;
  return meta;
}

absl::Status AddAll(const Values& values, AddColumnValue add) {
  for (size_t doc = 0; doc < values.size(); ++doc) {
    if (!values[doc]) continue;
    SEGUE_RETURN_IF_ERROR(add(static_cast<DocId>(doc), *values[doc]));
  }
  return absl::OkStatus();
}

Section BodyOf(const std::vector<std::pair<SegmentFieldMeta, Values>>& fields, size_t doc_count) {
  TestFile file;
  SetValuesWriter writer(file.file(), kId, static_cast<DocId>(doc_count));
  for (const auto& [meta, values] : fields) {
    const absl::Status status = writer.AddField(
        meta, [&values = values](AddColumnValue add) { return AddAll(values, add); });
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_TRUE(writer.Finish().ok());
  return file.Body();
}

Values RandomValues(size_t doc_count, uint64_t below, SeededRandom* random) {
  Values values(doc_count);
  for (std::optional<int64_t>& value : values) {
    if (!random->OneIn(4)) value = static_cast<int64_t>(random->Below(below));
  }
  return values;
}

// The bytes of a file whose metadata says what `change` makes of it.
std::string Forged(const std::string& bytes, void (*change)(SegmentMeta* meta)) {
  uint64_t length = 0;
  std::memcpy(&length, bytes.data() + bytes.size() - 8, 8);
  const size_t at = bytes.size() - 8 - length;
  SegmentMeta meta = *SegmentMeta::Decode(
      std::span<const uint8_t>(reinterpret_cast<const uint8_t*>(bytes.data()) + at, length));
  change(&meta);
  const std::string encoded = *meta.Encode();
  const uint64_t new_length = encoded.size();
  return bytes.substr(0, at) + encoded + std::string(reinterpret_cast<const char*>(&new_length), 8);
}

TEST(SetValues, ComeBack) {
  SeededRandom random(91);
  for (const size_t docs : {1, 1023, 1024, 1025, 5000}) {
    const Values plays = RandomValues(docs, 100000, &random);
    const Values hidden = RandomValues(docs, 2, &random);
    const Section body = BodyOf({{FieldOf(2, "plays", ValueType::kInt64), plays},
                                 {FieldOf(5, "hidden", ValueType::kBool), hidden}},
                                docs);
    const auto read = ReadSetValues(body, kId, static_cast<DocId>(docs));
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_EQ(read->columns.size(), 2u);
    EXPECT_EQ(read->meta.fields[0].name, "plays");
    EXPECT_EQ(read->meta.fields[1].type, ValueType::kBool);
    EXPECT_TRUE(read->meta.fields[1].stored);
    for (DocId doc = 0; doc < docs; ++doc) {
      ASSERT_EQ(*read->columns[0].Get(doc), plays[doc]) << doc;
      ASSERT_EQ(*read->columns[1].Get(doc), hidden[doc]) << doc;
    }
    EXPECT_TRUE(read->columns[0].order().empty());
  }
}

TEST(SetValues, AColumnMayHaveLostAllItsValues) {
  const Section body = BodyOf({{FieldOf(0, "plays", ValueType::kInt64), Values(2000)}}, 2000);
  const auto read = ReadSetValues(body, kId, 2000);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->columns[0].value_count(), 0u);
  EXPECT_EQ(*read->columns[0].Get(1999), std::nullopt);
}

TEST(SetValues, AValueOutsideItsTypeIsRefused) {
  TestFile file;
  SetValuesWriter writer(file.file(), kId, 1);
  EXPECT_EQ(CodeOf(writer.AddField(FieldOf(0, "hidden", ValueType::kBool),
                                   [](AddColumnValue add) { return add(0, 2); })),
            ErrorCode::kInvalidArgument);
}

TEST(SetValues, ContradictionsAreDataLoss) {
  const std::string bytes(
      BodyOf({{FieldOf(3, "plays", ValueType::kInt64), {1, std::nullopt, 3}}}, 3).PinAll()->view());
  const auto expect_loss = [](const std::string& damaged, std::string_view why, SegmentId id = kId,
                              DocId docs = 3) {
    const absl::Status status = ReadSetValues(Section::FromBytes(damaged), id, docs).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << why << ": " << status;
    EXPECT_NE(std::string(status.message()).find(why), std::string::npos) << status;
  };
  ASSERT_TRUE(ReadSetValues(Section::FromBytes(bytes), kId, 3).ok());
  expect_loss(bytes, "segment 0000000000000007", SegmentId{8});
  expect_loss(bytes, "of 3 documents", kId, 4);
  expect_loss("", "bytes of set values");
  expect_loss(bytes.substr(0, 7), "bytes of set values");
  expect_loss(std::string(8, '\xff'), "metadata of");
  expect_loss(Forged(bytes, [](SegmentMeta* meta) { meta->fields[0].column.reset(); }),
              "\"plays\" of set values has no column");
  expect_loss(Forged(bytes, [](SegmentMeta* meta) { meta->fields[0].multi = true; }),
              "several values");
  expect_loss(Forged(bytes, [](SegmentMeta* meta) { meta->fields[0].column->multi = true; }),
              "several values");
  expect_loss(Forged(bytes,
                     [](SegmentMeta* meta) {
                       meta->fields[0].indexed = true;
                       meta->fields[0].dictionary.emplace();
                     }),
              "has terms");
  expect_loss(Forged(bytes, [](SegmentMeta* meta) { meta->fields[0].column->offset = 1000; }), "");
}

// Metadata that begins in a block of the file which is damaged, and ends in one that is not.
TEST(SetValues, DamagedMetadataIsDataLoss) {
  const std::string bytes(
      BodyOf({{FieldOf(3, "plays", ValueType::kInt64), {1, 2, 3}}}, 3).PinAll()->view());
  uint64_t length = 0;
  std::memcpy(&length, bytes.data() + bytes.size() - 8, 8);
  const size_t at = bytes.size() - 8 - length;
  constexpr size_t kBlock = 65536;
  const std::string body =
      bytes.substr(0, at) + std::string(kBlock - 10 - at, '\0') + bytes.substr(at);
  ASSERT_TRUE(ReadSetValues(Section::FromBytes(body), kId, 3).ok());
  const absl::Status status = ReadSetValues(WithBadBlockAt(body, kBlock - 5), kId, 3).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss) << status;
}

// Whatever a bit turns into, it is a result or damage that is told, and no crash.
TEST(SetValues, AnyDamageIsAResultOrDataLoss) {
  SeededRandom random(92);
  const std::string bytes(
      BodyOf({{FieldOf(1, "plays", ValueType::kInt64), RandomValues(1500, 50, &random)}}, 1500)
          .PinAll()
          ->view());
  int lost = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::string damaged = Damaged(bytes, &random);
    const auto read = ReadSetValues(Section::FromBytes(damaged), kId, 1500);
    lost += !read.ok();
    if (!read.ok()) {
      const ErrorCode code = CodeOf(read.status());
      ASSERT_TRUE(code == ErrorCode::kDataLoss || code == ErrorCode::kVersion) << read.status();
      continue;
    }
    ColumnBlock block;
    for (const Column& column : read->columns) {
      for (uint32_t number = 0; number < column.block_count(); ++number) {
        const absl::Status status = column.DecodeBlock(number, &block);
        ASSERT_TRUE(status.ok() || CodeOf(status) == ErrorCode::kDataLoss) << status;
      }
    }
  }
  EXPECT_GT(lost, 100);
}

}  // namespace
}  // namespace segue

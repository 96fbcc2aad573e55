// SPDX-License-Identifier: Apache-2.0
//
// The key column: round trips over widths of the offset table, and damage.
#include "engine/format/key_column.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/base/limits.h"
#include "engine/io/fault_env.h"
#include "tests/format/format_test_util.h"

namespace segue {
namespace {

struct BuiltKeys {
  Section body;
  KeyColumnMeta meta;
};

BuiltKeys Build(const std::vector<std::string>& keys, ReadMode mode = ReadMode::kMmap) {
  TestFile file;
  EXPECT_TRUE(file.file()->Append("before").ok());
  KeyColumnWriter writer(file.file());
  for (const std::string& key : keys) EXPECT_TRUE(writer.Add(key).ok());
  const auto meta = writer.Finish();
  EXPECT_TRUE(meta.ok()) << meta.status();
  return {file.Body(mode), meta.ok() ? *meta : KeyColumnMeta{}};
}

void ExpectComesBack(const std::vector<std::string>& keys, ReadMode mode) {
  const BuiltKeys built = Build(keys, mode);
  const auto column = KeyColumn::Open(built.body, built.meta);
  ASSERT_TRUE(column.ok()) << column.status();
  ASSERT_EQ(column->doc_count(), keys.size());
  std::string key;
  for (DocId doc = 0; doc < keys.size(); ++doc) {
    ASSERT_TRUE(column->Get(doc, &key).ok());
    ASSERT_EQ(key, keys[doc]);
  }
  EXPECT_EQ(CodeOf(column->Get(column->doc_count()).status()), ErrorCode::kInvalidArgument);
}

TEST(KeyColumn, ComesBackWhateverTheWidthOfItsOffsets) {
  SeededRandom random(40);
  for (const ReadMode mode : {ReadMode::kMmap, ReadMode::kPread}) {
    for (const auto& [docs, max_bytes] : std::vector<std::pair<size_t, size_t>>{
             {0, 1}, {1, 9}, {20, 10}, {3000, 20}, {600, 32767}}) {
      std::vector<std::string> keys(docs);
      for (std::string& key : keys) {
        key.resize(random.Below(max_bytes + 1));
        for (char& c : key) c = static_cast<char>(random.Next());
      }
      ExpectComesBack(keys, mode);
    }
  }
  ExpectComesBack(std::vector<std::string>(300), ReadMode::kMmap);  // nobody has a key
}

TEST(KeyColumn, UsesNarrowOffsets) {
  EXPECT_EQ(Build(std::vector<std::string>(10, "12345")).meta.offset_width, 1);
  EXPECT_EQ(Build(std::vector<std::string>(1000, "12345")).meta.offset_width, 2);
  EXPECT_EQ(Build(std::vector<std::string>(100000, "12345")).meta.offset_width, 3);
}

TEST(KeyColumn, RefusesKeysThatNoTermCanHold) {
  TestFile file;
  KeyColumnWriter writer(file.file());
  EXPECT_EQ(CodeOf(writer.Add(std::string(kMaxTermBytes + 1, 'k'))), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(writer.Add(std::string(kMaxTermBytes, 'k')).ok());
  EXPECT_EQ(writer.Finish()->doc_count, 1u);
}

// Into a file that has a room of so many bytes before its buffer goes to the disk, which is full.
TEST(KeyColumn, WhatCannotBeWrittenIsTold) {
  struct Case {
    size_t room, keys, key_bytes;
    bool by_add;  // or by Finish
  };
  for (const Case& c : {Case{80000, 3, 30000, true}, Case{500, 1, 1000, false},
                        Case{150, 100, 1, false}}) {  // the table is what does not fit
    FaultEnv env;
    const auto file = FramedWriter::Create(&env, "file", FileKind::Of("test"), 1, SegmentId{7});
    ASSERT_TRUE(file.ok()) << file.status();
    const size_t header_bytes = 64;
    ASSERT_TRUE((*file)->Append(std::string(kWriteBufferBytes - header_bytes - c.room, 'x')).ok());
    env.ClearOps();
    env.FailFrom(0, FaultEnv::DiskFull());
    KeyColumnWriter writer(file->get());
    absl::Status status;
    for (size_t i = 0; i < c.keys; ++i) {
      ASSERT_TRUE(status.ok()) << status;
      status = writer.Add(std::string(c.key_bytes, 'k'));
    }
    EXPECT_EQ(status.ok(), !c.by_add) << status;
    const absl::Status finished = writer.Finish().status();
    EXPECT_EQ(CodeOf(finished), ErrorCode::kIo);
    EXPECT_TRUE(MessageOf(finished).starts_with("file: No space left on device")) << finished;
  }
}

TEST(KeyColumn, AnyDamageIsAResultOrDataLoss) {
  SeededRandom random(41);
  std::vector<std::string> keys(200);
  for (size_t i = 0; i < keys.size(); ++i) keys[i] = "key" + std::to_string(random.Below(100000));
  const BuiltKeys built = Build(keys);
  const std::string bytes(built.body.PinAll()->view());
  for (int round = 0; round < 3000; ++round) {
    KeyColumnMeta meta = built.meta;
    if (random.OneIn(4)) meta.keys_offset = random.Next() >> random.Below(64);
    if (random.OneIn(4)) meta.table_offset = random.Next() >> random.Below(64);
    if (random.OneIn(4)) meta.keys_bytes = random.Next() >> random.Below(64);
    if (random.OneIn(8)) meta.offset_width = static_cast<uint8_t>(random.Next());
    if (random.OneIn(8)) meta.doc_count = random.U32() >> random.Below(32);
    const auto column = KeyColumn::Open(Section::FromBytes(Damaged(bytes, &random)), meta);
    if (!column.ok()) {
      EXPECT_EQ(CodeOf(column.status()), ErrorCode::kDataLoss) << column.status();
      continue;
    }
    for (DocId doc = 0; doc < std::min<DocId>(200, column->doc_count()); ++doc) {
      const auto key = column->Get(doc);
      if (key.ok()) {
        EXPECT_LE(key->size(), kMaxTermBytes);
      } else {
        EXPECT_EQ(CodeOf(key.status()), ErrorCode::kDataLoss) << key.status();
      }
    }
  }
}

TEST(KeyColumn, AKeyLongerThanATermIsDataLoss) {
  const BuiltKeys built = Build({std::string(20000, 'a'), std::string(20000, 'b')});
  ASSERT_EQ(built.meta.offset_width, 2);
  std::string bytes(built.body.PinAll()->view());
  // The first key takes the second's bytes, too.
  bytes.replace(built.meta.table_offset + 2, 2, bytes.substr(built.meta.table_offset + 4, 2));
  const absl::Status status =
      KeyColumn::Open(Section::FromBytes(bytes), built.meta)->Get(0).status();
  EXPECT_EQ(CodeOf(status), ErrorCode::kDataLoss);
  EXPECT_NE(MessageOf(status).find("the key of document 0 from byte 0 to 40000 of 40000"),
            std::string_view::npos)
      << status;
}

TEST(KeyColumn, BlocksThatCannotBeReadAreDataLoss) {
  const BuiltKeys built = Build(std::vector<std::string>(6, std::string(20000, 'k')));
  const std::string bytes(built.body.PinAll()->view());
  const auto keys_unread = KeyColumn::Open(WithBadBlockAt(bytes, 100), built.meta);
  EXPECT_EQ(CodeOf(keys_unread->Get(0).status()), ErrorCode::kDataLoss);
  EXPECT_TRUE(keys_unread->Get(5).ok());
  const auto table_unread =
      KeyColumn::Open(WithBadBlockAt(bytes, built.meta.table_offset), built.meta);
  EXPECT_EQ(CodeOf(table_unread->Get(0).status()), ErrorCode::kDataLoss);
}

TEST(KeyColumnMeta, SurvivesEncoding) {
  const KeyColumnMeta meta{100, 3, 64, 5000, 5064};
  ByteWriter out;
  meta.Encode(&out);
  ByteReader in(out.view());
  const auto decoded = KeyColumnMeta::Decode(&in);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, meta);
  for (size_t n = 0; n < out.size(); ++n) {
    ByteReader cut(out.view().substr(0, n));
    EXPECT_EQ(CodeOf(KeyColumnMeta::Decode(&cut).status()), ErrorCode::kDataLoss);
  }
  out.Clear();
  KeyColumnMeta{kEndOfDocs + 1, 3, 64, 5000, 5064}.Encode(&out);
  ByteReader too_many(out.view());
  EXPECT_EQ(CodeOf(KeyColumnMeta::Decode(&too_many).status()), ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace segue

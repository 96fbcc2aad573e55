// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/corpus/loading.h"
#include "tests/corpus/temp_folder.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

TEST(JsonlReader, KeepsTypesOrderAndLines) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write(
      "a.jsonl",
      "{\"id\":1,\"x\":1.5,\"ok\":true,\"big\":9007199254740993}\n\n  \n{\"id\":\"two\"}\r\n")});
  EXPECT_TRUE(loaded.final.ok());
  EXPECT_EQ(loaded.records,
            (Strings{R"({"id":1,"x":1.5,"ok":true,"big":9007199254740993})", R"({"id":"two"})"}));
  EXPECT_EQ(loaded.lines, (std::vector<uint64_t>{1, 4}));
}

TEST(JsonlReader, FlattensObjectsAndArrays) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write(
      "a.jsonl", R"({"_id":"d","metadata":{"url":"u","deep":{"n":1}},"tags":["a","b"],"none":null,)"
                 R"("authors":[{"name":"x"},{"name":"y"}],"empty":{},"nothing":[]})")});
  EXPECT_EQ(loaded.records,
            (Strings{R"({"_id":"d","metadata.url":"u","metadata.deep.n":1,"tags":["a","b"],)"
                     R"("authors.name":["x","y"]})"}));
}

TEST(JsonlReader, BadLinesAreOneBadRecordEach) {
  TempFolder folder;
  const std::string file = folder.Write("a.jsonl",
                                        "{\"id\":1}\n"
                                        "{\"id\":\n"
                                        "[1,2]\n"
                                        "{\"id\":\"\xff\xfe\"}\n"
                                        "{\"id\":2} {\"id\":3}\n"
                                        "{\"id\":4}");
  const Loaded loaded = Load({file});
  EXPECT_EQ(loaded.records, (Strings{R"({"id":1})", R"({"id":4})"}));
  ASSERT_EQ(loaded.bad.size(), 4u);
  EXPECT_EQ(loaded.bad[0].rfind(file + ":2: not JSON", 0), 0u) << loaded.bad[0];
  EXPECT_NE(loaded.bad[1].find(":3: not a JSON object"), std::string::npos) << loaded.bad[1];
  EXPECT_NE(loaded.bad[2].find(":4: not valid UTF-8"), std::string::npos) << loaded.bad[2];
  EXPECT_NE(loaded.bad[3].find(":5: "), std::string::npos) << loaded.bad[3];
}

TEST(JsonlReader, RefusesBottomlessNesting) {
  TempFolder folder;
  std::string line = "{\"a\":";
  for (int i = 0; i < 100; ++i) line += "[";
  for (int i = 0; i < 100; ++i) line += "]";
  const Loaded loaded = Load({folder.Write("a.jsonl", line + "}\n{\"b\":1}\n")});
  EXPECT_EQ(loaded.bad.size(), 1u);
  EXPECT_EQ(loaded.records, (Strings{R"({"b":1})"}));
}

TEST(JsonlReader, AnOverlongLineIsOneBadRecord) {
  TempFolder folder;
  std::string content = "{\"id\":1}\n{\"text\":\"";
  content.append(kMaxRecordBytes + 5, 'x');
  content += "\"}\n{\"id\":2}\n";
  const Loaded loaded = Load({folder.Write("a.jsonl", content)});
  EXPECT_EQ(loaded.records, (Strings{R"({"id":1})", R"({"id":2})"}));
  ASSERT_EQ(loaded.bad.size(), 1u);
  EXPECT_NE(loaded.bad[0].find(":2: longer than a record may be"), std::string::npos);
  EXPECT_EQ(loaded.lines, (std::vector<uint64_t>{1, 3}));
}

TEST(JsonlReader, LongLinesAcrossBufferRefills) {
  TempFolder folder;
  std::string content;
  for (int i = 0; i < 40; ++i) {
    content +=
        "{\"text\":\"" + std::string(static_cast<size_t>(i) * 20'011, 'a' + i % 26) + "\"}\n";
  }
  const Loaded loaded = Load({folder.Write("a.jsonl", content)});
  ASSERT_EQ(loaded.records.size(), 40u);
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(loaded.records[i].size(), 11u + static_cast<size_t>(i) * 20'011);
  }
  EXPECT_EQ(loaded.text_bytes, content.size());
}

}  // namespace
}  // namespace segue

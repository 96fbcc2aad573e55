// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/corpus/loading.h"
#include "tests/corpus/temp_folder.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

TEST(CsvReader, QuotesSeparatorsAndLineEnds) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("a.csv",
                                           "\xef\xbb\xbfid,title,year\r\n"
                                           "1,\"Blue, \"\"Kind\"\" of\",1959\r\n"
                                           "2,\"two\nlines\",\n"
                                           "\n"
                                           "3,plain,1965\n")});
  EXPECT_TRUE(loaded.final.ok()) << loaded.final;
  EXPECT_EQ(loaded.records, (Strings{R"({"id":"1","title":"Blue, \"Kind\" of","year":"1959"})",
                                     R"({"id":"2","title":"two\nlines"})",
                                     R"({"id":"3","title":"plain","year":"1965"})"}));
  EXPECT_EQ(loaded.lines, (std::vector<uint64_t>{2, 3, 6}));
}

TEST(CsvReader, WrongNumberOfCellsIsABadRecord) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("a.csv", "a,b\n1,2\n1\n1,2,3\n4,5\n")});
  EXPECT_EQ(loaded.records, (Strings{R"({"a":"1","b":"2"})", R"({"a":"4","b":"5"})"}));
  ASSERT_EQ(loaded.bad.size(), 2u);
  EXPECT_NE(loaded.bad[0].find(":3: 1 cells where the header has 2"), std::string::npos)
      << loaded.bad[0];
}

TEST(CsvReader, AnOpenQuoteIsABadRecord) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("a.csv", "a,b\n1,2\n3,\"4\n5,6\n")});
  EXPECT_EQ(loaded.records, (Strings{R"({"a":"1","b":"2"})"}));
  ASSERT_EQ(loaded.bad.size(), 1u);
  EXPECT_NE(loaded.bad[0].find(":3: a quote is opened"), std::string::npos) << loaded.bad[0];
}

TEST(CsvReader, ALongQuotedCellIsLinear) {
  TempFolder folder;
  std::string content = "a,b\n1,\"";
  for (int i = 0; i < 200'000; ++i) content += "line\n";
  content += "\"\n";
  const Loaded loaded = Load({folder.Write("a.csv", content)});
  ASSERT_EQ(loaded.records.size(), 1u);
  EXPECT_GT(loaded.records[0].size(), 1'000'000u);
}

TEST(TsvReader, QuotesAreOrdinaryUnlessTheyEncloseTheCell) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("a.tsv",
                                           "id\ttext\n"
                                           "1\t\"in quotes\"\n"
                                           "2\t\"Blue\" by day\n"
                                           "3\t5\" records\n"
                                           "4\t\"open\n")});
  EXPECT_EQ(loaded.records,
            (Strings{R"({"id":"1","text":"in quotes"})", R"({"id":"2","text":"\"Blue\" by day"})",
                     R"({"id":"3","text":"5\" records"})", R"({"id":"4","text":"\"open"})"}));
  EXPECT_TRUE(loaded.bad.empty());
}

TEST(TsvReader, ColumnsCanBeNamed) {
  TempFolder folder;
  const Loaded loaded =
      Load({folder.Write("a.tsv", "7\thello\n")}, {.format = {}, .columns = {"id", "text"}});
  EXPECT_EQ(loaded.records, (Strings{R"({"id":"7","text":"hello"})"}));
}

TEST(CsvReader, HeaderMistakesAreFinal) {
  TempFolder folder;
  for (const char* header : {"a,a\n1,2\n", "a,\n1,2\n"}) {
    const Loaded loaded = Load({folder.Write("a.csv", header)});
    EXPECT_FALSE(loaded.final.ok());
    EXPECT_NE(MessageOf(loaded.final).find("--columns"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace segue

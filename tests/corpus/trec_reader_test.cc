// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/corpus/loading.h"
#include "tests/corpus/temp_folder.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;

TEST(TrecReader, NewsAndAbstracts) {
  TempFolder folder;
  const Loaded loaded =
      Load({folder.Write("a.sgml",
                         "<DOC>\n<DOCNO> FT911-3 </DOCNO>\n"
                         "<HEADLINE>\nR&amp;D &#233; up\n</HEADLINE>\n"
                         "<TEXT>\nProfits < costs, a<b & c.\n<P>More.</P>\n"
                         "</TEXT>\n</DOC>\n"
                         "noise between documents\n"
                         "<doc><docno>2</docno><title>Small</title>tags</doc>\n")});
  EXPECT_TRUE(loaded.final.ok());
  ASSERT_EQ(loaded.records.size(), 2u);
  EXPECT_EQ(loaded.records[0],
            R"({"id":"FT911-3","title":"R&D é up","text":"Profits < costs, a<b & c.\n More."})");
  EXPECT_EQ(loaded.records[1], R"({"id":"2","title":"Small","text":"tags"})");
  EXPECT_EQ(loaded.lines, (std::vector<uint64_t>{1, 12}));
}

TEST(TrecReader, BrokenDocumentsAreBadRecords) {
  TempFolder folder;
  const Loaded loaded = Load({folder.Write("a.trec",
                                           "<DOC>\n<TEXT>nameless</TEXT>\n</DOC>\n"
                                           "<DOC>\n<DOCNO>open</DOCNO>\n"
                                           "<DOC>\n<DOCNO>3</DOCNO>\nfine\n</DOC>\n"
                                           "<DOC>\n<DOCNO>cut</DOCNO>\n")});
  EXPECT_EQ(loaded.records, (Strings{R"({"id":"3","text":"fine"})"}));
  ASSERT_EQ(loaded.bad.size(), 3u);
  EXPECT_NE(loaded.bad[0].find(":1: a document without <DOCNO>"), std::string::npos);
  EXPECT_NE(loaded.bad[1].find(":4: a document without </DOC>"), std::string::npos);
  EXPECT_NE(loaded.bad[2].find(":10: a document without </DOC>"), std::string::npos)
      << loaded.bad[2];
}

}  // namespace
}  // namespace segue

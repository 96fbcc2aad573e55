// SPDX-License-Identifier: Apache-2.0
//
// What is searched while a text is still being typed.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/schema.h"

namespace segue {
namespace {

std::vector<std::string> Read(std::string_view text) {
  std::vector<std::string> read;
  for (const Query& query : ParseInstant(text)) read.push_back(query.ToString());
  return read;
}

using Texts = std::vector<std::string>;

TEST(InstantQueryTest, TheLastWordIsABeginning) {
  EXPECT_EQ(Read("kin"), Texts{"((kin | kin*^0.8))@1"});
  EXPECT_EQ(Read("kin "), Texts{"(kin)@1"});
  EXPECT_EQ(Read("so wh")[0], "(so (wh | wh*^0.8))@2");
}

TEST(InstantQueryTest, TyposByLength) {
  EXPECT_EQ(Read("jazz ")[0], "(jazz)@1");
  EXPECT_EQ(Read("blues ")[0], "((blues | blues~1^0.5))@1");
  EXPECT_EQ(Read("coltrane ")[0], "((coltrane | coltrane~1^0.5))@1");
  EXPECT_EQ(Read("coltranes ")[0], "((coltranes | coltranes~2^0.5))@1");
  EXPECT_EQ(Read("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 ").size(), 1u);  // four characters
  EXPECT_EQ(Read("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 ")[0].find('~'), std::string::npos);
  EXPECT_EQ(Read("coltr")[0], "((coltr | coltr*^0.8 | coltr~1^0.5))@1");
}

TEST(InstantQueryTest, FewerWordsIfNothingMatches) {
  EXPECT_EQ(Read("a b ").size(), 2u);
  EXPECT_EQ(Read("a b "), (Texts{"(a b)@2", "(a b)@1"}));
  EXPECT_EQ(Read("a b c d e f "),
            (Texts{"(a b c d e f)@6", "(a b c d e f)@4", "(a b c d e f)@2", "(a b c d e f)@1"}));
}

TEST(InstantQueryTest, EveryCharacterIsText) {
  EXPECT_EQ(Read("+a \"b (c^2 AND ")[0],
            "(text(\"+a\") text(\"\\\"b\") text(\"(c^2\") text(\"AND\"))@4");
}

TEST(InstantQueryTest, NothingTyped) {
  ASSERT_EQ(ParseInstant("").size(), 1u);
  EXPECT_TRUE(ParseInstant(" \xe3\x80\x80 ")[0].clauses().empty());
}

// Whatever is typed, and however many fields there are, the queries are within the limits.
TEST(InstantQueryTest, LongTexts) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += Cat("something", i, " ");
  const std::vector<Query> queries = ParseInstant(text + "last");
  ASSERT_EQ(queries.size(), 4u);
  EXPECT_EQ(queries[0].clauses().size(), 32u);
  EXPECT_NE(queries[0].ToString().find("last*"), std::string::npos);
  EXPECT_TRUE(queries[0].Validate().ok());
  Schema schema;
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(schema.AddField(Cat("f", i), {}).ok());
  EXPECT_EQ(ParseInstant(text + "last", {.schema = &schema})[0].pattern_count(), 1u);
  EXPECT_TRUE(ParseInstant(std::string(60000, 'x'))[0].Validate().ok());
  EXPECT_FALSE(ParseInstant(std::string(70000, 'x'))[0].Validate().ok());
}

}  // namespace
}  // namespace segue

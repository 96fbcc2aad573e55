// SPDX-License-Identifier: Apache-2.0
#include "corpus/passages.h"

#include <gtest/gtest.h>

namespace segue {
namespace {

std::string Words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i > 0 ? " w" : "w") + std::to_string(i);
  return text;
}

TEST(Passages, ShortParagraphsAreLeftOut) {
  const std::string long_enough(40, 'x'), too_short(39, 'y');
  const std::string text = too_short + "\n" + long_enough + "  \n\n" + too_short;
  EXPECT_EQ(SplitPassages(text, {}), std::vector<std::string_view>{long_enough});
  // Characters, not bytes.
  std::string umlauts;
  for (int i = 0; i < 39; ++i) umlauts += "ü";
  EXPECT_TRUE(SplitPassages(umlauts, {}).empty());
  EXPECT_EQ(SplitPassages(umlauts + "ü", {}).size(), 1u);
}

TEST(Passages, LongParagraphsAreCutAtWords) {
  EXPECT_EQ(SplitPassages(Words(250), {}).size(), 1u);
  const std::string text = Words(501);
  const std::vector<std::string_view> passages = SplitPassages(text, {});
  ASSERT_EQ(passages.size(), 3u);
  EXPECT_EQ(passages[0], Words(250));
  EXPECT_TRUE(passages[1].starts_with("w250 "));
  EXPECT_EQ(passages[2], "w500");
}

TEST(Passages, Records) {
  Record article;
  article.fields = {{"id", int64_t{7}}, {"title", "T"}, {"text", Words(20) + "\n" + Words(30)}};
  const std::vector<Record> passages = PassagesOf(article, {});
  ASSERT_EQ(passages.size(), 2u);
  EXPECT_EQ(passages[1].Text("id"), "7#2");
  EXPECT_EQ(passages[1].Text("title"), "T");
  EXPECT_EQ(passages[1].Text("text"), Words(30));
  EXPECT_TRUE(PassagesOf(Record(), {}).empty());
}

}  // namespace
}  // namespace segue

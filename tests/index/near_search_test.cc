// SPDX-License-Identifier: Apache-2.0
//
// Words near each other in an index, as users write them. Hits and scores over random documents are
// compared in tests/oracle.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/io/memory_env.h"
#include "segue/index.h"
#include "segue/query.h"
#include "segue/query_parser.h"
#include "segue/status.h"

namespace segue {
namespace {

class NearSearchTest : public ::testing::Test {
 protected:
  void Make(const std::vector<std::string>& texts) {
    Schema schema;
    ASSERT_TRUE(schema.AddField("text", {.type = FieldType::kText}).ok());
    const Index index = *Index::Create("index", schema, {.env = env_.get()});
    auto writer = *index.OpenWriter();
    for (const std::string& text : texts) {
      ASSERT_TRUE(writer->Add(Document().Add("text", text)).ok());
    }
    ASSERT_TRUE(writer->Commit().ok());
    snapshot_ = *index.OpenSnapshot();
  }

  std::vector<uint64_t> DocsOf(std::string_view text) {
    const absl::StatusOr<SearchResult> result = snapshot_->Search(ParseQuery(text).query);
    EXPECT_TRUE(result.ok()) << text << ": " << result.status();
    std::vector<uint64_t> docs;
    for (const Hit& hit : result->hits) docs.push_back(hit.doc);
    return docs;
  }

  std::unique_ptr<Env> env_ = NewMemoryEnv();
  std::shared_ptr<const Snapshot> snapshot_;
};

using Numbers = std::vector<uint64_t>;

TEST_F(NearSearchTest, TheNearestComesFirst) {
  Make({"kind x x blue", "kind blue x x", "blue kind x x", "kind x blue x", "kind x x x"});
  EXPECT_EQ(DocsOf("\"kind blue\"~1"), (Numbers{1, 3}));
  EXPECT_EQ(DocsOf("\"kind blue\"~2"), (Numbers{1, 3, 0, 2}));
  EXPECT_EQ(DocsOf("NEAR(blue kind, 0)"), (Numbers{1, 2}));
  EXPECT_EQ(DocsOf("NEAR(blue kind)"), (Numbers{1, 2, 3, 0}));
  EXPECT_EQ(DocsOf("ORDERED(blue kind)"), (Numbers{2}));
  EXPECT_EQ(DocsOf("ORDERED(kind blue, 1)"), (Numbers{1, 3}));
  EXPECT_EQ(DocsOf("\"kind bl\"*"), (Numbers{1}));
  EXPECT_EQ(DocsOf("PHRASE(ki?d (blue y))"), (Numbers{1}));
  EXPECT_EQ(DocsOf("PHRASE(kimd~ x)"), (Numbers{0, 2, 3, 4}));
  EXPECT_EQ(DocsOf("PHRASE(absent* x)"), (Numbers{}));
}

TEST_F(NearSearchTest, SomeOfThem) {
  Make({"a x b", "a b c", "a x x x x c", "b x c x a", "c"});
  EXPECT_EQ(DocsOf("ATLEAST(2, a b c, 1)"), (Numbers{1, 3, 0}));
  EXPECT_EQ(DocsOf("ATLEAST(3, a b c, 1)"), (Numbers{1}));
  EXPECT_EQ(DocsOf("ATLEAST(1, a b c, 0)").size(), 5u);
  EXPECT_EQ(DocsOf("ATLEAST(2, absent b c, 1)"), (Numbers{1, 3}));
  EXPECT_EQ(DocsOf("ATLEAST(2, a a, 9)"), (Numbers{}));  // different places
}

TEST_F(NearSearchTest, WithinAndAround) {
  Make({"so a x b end", "so x b a end x", "a b", "so end a b", "so a end so b end"});
  EXPECT_EQ(DocsOf("CONTAINING(ORDERED(so end, 3), NEAR(a b, 1))"), (Numbers{0, 1}));
  EXPECT_EQ(DocsOf("NOT_CONTAINING(ORDERED(so end, 3), NEAR(a b, 1))"), (Numbers{3, 4}));
  EXPECT_EQ(DocsOf("WITHIN(NEAR(a b, 1), ORDERED(so end, 3))"), (Numbers{1, 0}));
  EXPECT_EQ(DocsOf("NOT_WITHIN(NEAR(a b, 1), ORDERED(so end, 3))"), (Numbers{2, 3}));
  EXPECT_EQ(DocsOf("WITHIN(a, ORDERED(so end, 3))"), (Numbers{0, 1, 4}));
  EXPECT_EQ(DocsOf("NOT_WITHIN(a, \"a x\")"), (Numbers{2, 3, 1, 4}));
  EXPECT_EQ(DocsOf("NOT_WITHIN(a, absent)").size(), 5u);
  EXPECT_EQ(DocsOf("WITHIN(a, absent)"), (Numbers{}));
  const Query query = ParseQuery("CONTAINING(ORDERED(so end, 3), a)").query;
  const auto spans = snapshot_->Matches(query, 4);
  ASSERT_TRUE(spans.ok());
  ASSERT_EQ(spans->size(), 1u);
  EXPECT_EQ((*spans)[0].begin_position, 0u);
  EXPECT_EQ((*spans)[0].end_position, 3u);
  const auto result = snapshot_->Search(query);
  ASSERT_TRUE(result.ok());
  ASSERT_EQ(result->hits.size(), 3u);
  for (const Hit& hit : result->hits) {
    const auto why = snapshot_->Explain(query, hit.doc);
    ASSERT_TRUE(why.ok());
    EXPECT_EQ(why->value, hit.score);
  }
}

// Rare words in windows far apart, so that windows are left out.
TEST_F(NearSearchTest, ManyWindows) {
  std::vector<std::string> texts(20000, "x");
  texts[5000] = "a b";
  texts[9500] = "b c";
  texts[14000] = "c x b";
  Make(texts);
  EXPECT_EQ(DocsOf("ATLEAST(2, a b c, 0)"), (Numbers{5000, 9500}));
  EXPECT_EQ(DocsOf("ATLEAST(2, x c b, 1)"), (Numbers{14000, 9500}));
  EXPECT_EQ(DocsOf("ATLEAST(1, a c, 0)"), (Numbers{5000, 9500, 14000}));
  EXPECT_EQ(DocsOf("WITHIN(x, NEAR(b c, 1))"), (Numbers{14000}));
  EXPECT_EQ(DocsOf("WITHIN(b, ATLEAST(2, a b c, 0))"), (Numbers{5000, 9500}));
  EXPECT_EQ(DocsOf("NOT_CONTAINING(NEAR(b c, 1), x)"), (Numbers{9500}));
}

// A word on every place of a long document, asked for in many ways.
TEST_F(NearSearchTest, AWordOnEveryPlace) {
  std::string same;
  for (int i = 0; i < 65000; ++i) same += "same ";
  Make({same, "same other"});
  std::string parts;
  for (int i = 0; i < 250; ++i) parts += "same ";
  EXPECT_EQ(DocsOf("ATLEAST(100, " + parts + ", 0)"), (Numbers{0}));
  EXPECT_EQ(DocsOf("WITHIN(same, NEAR(" + parts + ", 5))"), (Numbers{0}));
  EXPECT_EQ(DocsOf("NOT_CONTAINING(NEAR(" + parts + ", 5), same)"), (Numbers{}));
}

TEST_F(NearSearchTest, ExplainAndMatchesNameThePlaces) {
  Make({"kind of x blue", "y"});
  const Query query = ParseQuery("NEAR(blue kind of, 2)").query;
  const absl::StatusOr<Explanation> why = snapshot_->Explain(query, 0);
  ASSERT_TRUE(why.ok());
  EXPECT_EQ(why->value, snapshot_->Search(query)->hits[0].score);
  const std::string text = why->ToText();
  for (const char* part : {"weight(text:NEAR(blue kind of, 2) in 0)", "phraseFreq=0.5"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(*snapshot_->Matches(query, 0),
            (std::vector<MatchSpan>{{"text", "text:NEAR(blue kind of, 2)", 0, 4}}));
  EXPECT_NE(snapshot_->Explain(ParseQuery("NEAR(blue kind, 1)").query, 0)
                ->ToText()
                .find("not near enough"),
            std::string::npos);
  EXPECT_TRUE(snapshot_->Matches(query, 1)->empty());
}

TEST_F(NearSearchTest, CutPatternsAreFlagged) {
  std::vector<std::string> texts;
  for (int i = 0; i < 1100; ++i) texts.push_back("p" + std::to_string(i) + " q");
  Make(texts);
  const absl::StatusOr<SearchResult> found = snapshot_->Search(ParseQuery("\"q p\"*~2").query);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(found->total->value, 1024u);
  EXPECT_TRUE(found->expansions_cut);
  ASSERT_EQ(found->diagnostics.size(), 1u);
  EXPECT_NE(found->diagnostics[0].message.find("'text:p*' stands for more than 1024 terms"),
            std::string::npos)
      << found->diagnostics[0].message;
}

}  // namespace
}  // namespace segue

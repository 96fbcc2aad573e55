// SPDX-License-Identifier: Apache-2.0
//
// Queries whose analyzer gives a graph: synonyms of several words, words by parts and as one.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/query/rewrite.h"
#include "segue/query_parser.h"

namespace segue {
namespace {

// The query as it is rewritten for a field `t` with this analyzer.
std::string Rewritten(std::string_view analyzer, std::string_view text,
                      std::string_view field = R"({"type":"text"})") {
  const absl::StatusOr<Schema> schema =
      Schema::FromJson(R"({"fields":{"t":)" + std::string(field) + "}}");
  EXPECT_TRUE(schema.ok()) << schema.status();
  const auto made = AnalyzerRegistry::BuiltIn().Make(analyzer);
  EXPECT_TRUE(made.ok()) << made.status();
  RewriteContext context;
  context.schema = &*schema;
  context.analyzer = [&](std::string_view) { return made->get(); };
  std::vector<Diagnostic> diagnostics;
  const auto query = Rewrite(ParseQuery(text).query, context, &diagnostics);
  EXPECT_TRUE(query.ok()) << query.status();
  return query.ok() ? query->ToString() : "";
}

constexpr std::string_view kSynonyms = R"({"tokenizer":"standard","filters":["lowercase",
    {"type":"synonym","rules":["dns, domain name service","tv, telly"]}]})";

TEST(SynonymQueryTest, PhrasesTakeEveryPath) {
  EXPECT_EQ(Rewritten(kSynonyms, "\"DNS server\""),
            "t:\"dns server\" t:\"domain name service server\"");
  EXPECT_EQ(Rewritten(kSynonyms, "\"domain name service server\""),
            "t:\"domain name service server\" t:\"dns server\"");
  EXPECT_EQ(Rewritten(kSynonyms, "\"the tv show\""), "t:\"the tv show\" t:\"the telly show\"");
}

TEST(SynonymQueryTest, AWordIsItselfOrThePhrase) {
  EXPECT_EQ(Rewritten(kSynonyms, "dns"), "t:dns t:\"domain name service\"");
  EXPECT_EQ(Rewritten(kSynonyms, "+dns +server"), "+(t:dns t:\"domain name service\") +t:server");
  EXPECT_EQ(Rewritten(kSynonyms, "tv"), "t:tv t:telly");
  EXPECT_EQ(Rewritten(kSynonyms, "dns", R"({"type":"text","positions":false})"),
            "t:dns (+t:domain +t:name +t:service)");
}

// A slop has no paths: the words as they were written.
TEST(SynonymQueryTest, NearTakesTheFirstPath) {
  EXPECT_EQ(Rewritten(kSynonyms, "\"dns server\"~2"), "t:PHRASE(dns server, 2)");
  EXPECT_EQ(Rewritten(kSynonyms, "\"x domain name service server\"~2"),
            "t:PHRASE(x domain name service server, 2)");
}

TEST(SynonymQueryTest, WordsByPartsAndAsOne) {
  constexpr std::string_view kDelimiter =
      R"({"tokenizer":"whitespace","filters":["word_delimiter","lowercase"]})";
  EXPECT_EQ(Rewritten(kDelimiter, "wi-fi"), "t:wifi t:wi t:fi");
  EXPECT_EQ(Rewritten(kDelimiter, "\"wi-fi router\""), "t:\"wifi router\" t:\"wi fi router\"");
}

TEST(SynonymQueryTest, PairsOfCharactersAreNoReadings) {
  const auto cjk = AnalyzerRegistry::BuiltIn().Get("cjk");
  ASSERT_TRUE(cjk.ok());
  const std::string query = Rewritten((*cjk)->Definition(), "\"東京都庁前駅構内図\"");
  // One phrase of nine characters.
  EXPECT_TRUE(query.starts_with("t:\"")) << query;
  EXPECT_EQ(query.find("t:", 1), std::string::npos) << query;
  EXPECT_EQ(std::count(query.begin(), query.end(), ' '), 8) << query;
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/text/metaphone_filter.h"
#include "engine/text/synonym_map.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

std::string WithRules(std::string_view rules, std::string_view options = "") {
  return Cat(R"({"tokenizer":"whitespace","filters":[{"type":"synonym","rules":[)", rules, "]",
             options, "}]}");
}

// term@position+length, and ! where the type is SYNONYM
std::string Graph(std::string_view analyzer, std::string_view text) {
  std::string out;
  for (const AnalyzedToken& token : Analyze(analyzer, text)) {
    CatTo(&out, out.empty() ? "" : " ", token.term, token.type == TokenType::kSynonym ? "!" : "",
          "@", token.position, "+", token.position_length);
  }
  return out;
}

TEST(SynonymTest, SingleWords) {
  const std::string analyzer = WithRules(R"("tv, television","usa => america")");
  EXPECT_EQ(Graph(analyzer, "a tv in usa"), "a@0+1 tv@1+1 television!@1+1 in@2+1 america!@3+1");
  EXPECT_EQ(Graph(analyzer, "television"), "television@0+1 tv!@0+1");
  EXPECT_EQ(Graph(analyzer, "america"), "america@0+1");
}

TEST(SynonymTest, OneWordForMany) {
  const std::string analyzer = WithRules(R"("dns, domain name service")");
  EXPECT_EQ(Graph(analyzer, "dns server"), "dns@0+3 domain!@0+1 name!@1+1 service!@2+1 server@3+1");
  EXPECT_EQ(Graph(analyzer, "domain name service x"),
            "domain@0+1 dns!@0+3 name@1+1 service@2+1 x@3+1");
  EXPECT_EQ(Graph(analyzer, "domain name x"), "domain@0+1 name@1+1 x@2+1");
}

TEST(SynonymTest, ManyForManyHaveNodesOfTheirOwn) {
  EXPECT_EQ(Graph(WithRules(R"("x => a b, c d")"), "x z"), "a!@0+1 c!@0+2 b!@1+2 d!@2+1 z@3+1");
  EXPECT_EQ(Graph(WithRules(R"("x y => x y, a b")"), "x y z"), "x@0+1 a!@0+2 y@1+2 b!@2+1 z@3+1");
  EXPECT_EQ(Graph(WithRules(R"("x y => z")"), "x y q"), "z!@0+1 q@1+1");
}

TEST(SynonymTest, TheLongestRuleIsTaken) {
  const std::string analyzer = WithRules(R"("a => 1","a b => 2","a b c d => 4","c => 3")");
  EXPECT_EQ(Graph(analyzer, "a b c d"), "4!@0+1");
  EXPECT_EQ(Graph(analyzer, "a b c x"), "2!@0+1 3!@1+1 x@2+1");
  EXPECT_EQ(Graph(analyzer, "a a b"), "1!@0+1 2!@1+1");
  EXPECT_EQ(Graph(analyzer, "a b c"), "2!@0+1 3!@1+1");
}

TEST(SynonymTest, OffsetsAreThoseOfTheWholeSequence) {
  const auto tokens = Analyze(WithRules(R"("big apple => new york city, nyc")"), "the big  apple");
  ASSERT_EQ(tokens.size(), 5u);
  for (size_t i = 1; i < tokens.size(); ++i) {
    EXPECT_EQ(tokens[i].start_byte, 4u);
    EXPECT_EQ(tokens[i].end_byte, 14u);
  }
}

TEST(SynonymTest, GapsAndTokensOnTopEndASequence) {
  EXPECT_EQ(Graph(R"({"tokenizer":"whitespace","filters":[{"type":"stop","words":["of"]},
                      {"type":"synonym","rules":["king spain => felipe","king => ruler"]}]})",
                  "king of spain"),
            "ruler!@0+1 spain@2+1");
  // wi-fi became two words and the joined one: no graph is put into another.
  EXPECT_EQ(Graph(R"({"tokenizer":"whitespace","filters":["word_delimiter",
                      {"type":"synonym","rules":["wifi, wlan","fi router => x y"]}]})",
                  "wi-fi router"),
            "wifi@0+2 wi@0+1 x!@1+1 y!@2+1");
}

TEST(SynonymTest, WithoutExpansionTheFirstStandsForAll) {
  const std::string analyzer = WithRules(R"("tv, television set, telly")", R"(,"expand":false)");
  EXPECT_EQ(Graph(analyzer, "tv telly television set"), "tv@0+1 tv!@1+1 tv!@2+1");
}

TEST(SynonymTest, RulesOfOneSequenceAdd) {
  EXPECT_EQ(Graph(WithRules(R"("a => b","a => c","a, d")"), "a"), "a@0+1 b!@0+1 c!@0+1 d!@0+1");
}

TEST(SynonymTest, SolrSyntax) {
  EXPECT_EQ(Graph(WithRules(R"("# a, b",""," x\\, y ,  z ")"), "x, y a"),
            "x,@0+1 z!@0+2 y@1+1 a@2+1");
  EXPECT_EQ(Graph(WithRules(R"(" x\\,y ,  z ")"), "x,y"), "x,y@0+1 z!@0+1");
  EXPECT_EQ(Graph(WithRules(R"("a\\=>b, c\\ d")"), "a=>b"), "a=>b@0+1 c d!@0+1");
  for (const char* wrong : {R"("a, ,b")", R"("=> a")", R"("a =>")", R"("a => b => c")", R"(",")"}) {
    EXPECT_NE(MistakeOf(WithRules(wrong)).find("synonym rule"), std::string::npos) << wrong;
  }
  EXPECT_NE(MistakeOf(WithRules(R"("a")", R"(,"format":"csv")")), "");
}

TEST(SynonymTest, WordNetFormat) {
  EXPECT_EQ(Graph(WithRules(R"("s(100000001,1,'woods',n,1,0).","s(100000001,2,'forest',n,1,0).",
                               "s(100000002,1,'o''clock time',n,1,0).","s(100000002,2,'hour',n,1,0).")",
                            R"(,"format":"wordnet")"),
                  "woods hour"),
            "woods@0+1 forest!@0+1 hour@1+2 o'clock!@1+1 time!@2+1");
  EXPECT_NE(MistakeOf(WithRules(R"("woods, forest")", R"(,"format":"wordnet")")).find("Prolog"),
            std::string::npos);
}

TEST(SynonymTest, Limits) {
  std::string words, alternatives = "a => x0";
  for (size_t i = 0; i < kMaxSynonymWords; ++i) words += "w ";
  for (size_t i = 1; i < kMaxSynonymsOfOne; ++i) CatTo(&alternatives, ", x", i);
  EXPECT_EQ(MistakeOf(WithRules(Cat("\"", words, "=> b\""))), "");
  EXPECT_NE(MistakeOf(WithRules(Cat("\"w ", words, "=> b\""))), "");
  EXPECT_EQ(MistakeOf(WithRules(Cat("\"", alternatives, "\""))), "");
  EXPECT_NE(MistakeOf(WithRules(Cat("\"", alternatives, ", y\""))), "");
}

// A path through the graph for each reading: what was there, or one of the alternatives.
TEST(SynonymTest, EveryAlternativeIsAPath) {
  SeededRandom random(51);
  for (int round = 0; round < 200; ++round) {
    SynonymMap map;
    std::string rule = "a";
    const uint64_t alternatives = random.Between(1, 5);
    for (uint64_t n = 1; n < random.Between(1, 3); ++n) rule += " a";
    const std::string sequence = rule;
    rule += random.OneIn(2) ? " => " : " => " + sequence + ", ";
    std::vector<Strings> expected;
    if (rule.ends_with(", ")) expected.push_back(Strings((sequence.size() + 1) / 2, "a"));
    for (uint64_t n = 0; n < alternatives; ++n) {
      Strings words;
      for (uint64_t w = random.Between(1, 4); w > 0; --w) words.push_back(Cat("w", n, "_", w));
      for (const std::string& word : words) CatTo(&rule, word, " ");
      if (n + 1 < alternatives) rule += ", ";
      expected.push_back(words);
    }
    const auto tokens =
        Analyze(WithRules(Cat("\"", rule, "\"")), Cat("before ", sequence, " after"));
    ASSERT_EQ(tokens.back().term, "after") << rule;
    const uint32_t end = tokens.back().position;
    for (const Strings& words : expected) {
      uint32_t node = 1;
      for (const std::string& word : words) {
        const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const auto& token) {
          return token.term == word && token.position == node;
        });
        ASSERT_NE(found, tokens.end()) << rule << ": " << word << " at " << node;
        node += found->position_length;
      }
      ASSERT_EQ(node, end) << rule;
    }
  }
}

std::string Sound(std::string_view word) { return std::string(MetaphoneEncoder().Encode(word)); }

TEST(MetaphoneTest, WordsThatSoundAlike) {
  for (const auto& [a, b] : std::vector<std::pair<std::string, std::string>>{{"knight", "night"},
                                                                             {"write", "right"},
                                                                             {"phone", "fone"},
                                                                             {"thumb", "thum"},
                                                                             {"smith", "Smyth"},
                                                                             {"cat", "kat"},
                                                                             {"edge", "ej"}}) {
    EXPECT_EQ(Sound(a), Sound(b)) << a;
    EXPECT_FALSE(Sound(a).empty());
  }
}

TEST(MetaphoneTest, Codes) {
  for (const auto& [word, code] :
       std::vector<std::pair<std::string, std::string>>{{"metaphone", "MTFN"},
                                                        {"Thompson", "0MPSN"},
                                                        {"wrack", "RK"},
                                                        {"xylophone", "SLFN"},
                                                        {"school", "SKL"},
                                                        {"church", "XRX"},
                                                        {"science", "SNS"},
                                                        {"nation", "NXN"},
                                                        {"vision", "FXN"},
                                                        {"which", "WX"},
                                                        {"hedge", "HJ"},
                                                        {"sign", "SN"},
                                                        {"aeon", "EN"},
                                                        {"hello", "HL"},
                                                        {"box", "BKS"},
                                                        {"42", ""}}) {
    EXPECT_EQ(Sound(word), code) << word;
  }
}

TEST(MetaphoneTest, Filter) {
  EXPECT_EQ(Terms(R"({"tokenizer":"whitespace","filters":["metaphone"]})", "phone 42 é"),
            (Strings{"phone", "FN", "42", "é"}));
  EXPECT_EQ(Terms(R"({"tokenizer":"whitespace","filters":[
                      {"type":"metaphone","preserve_original":false}]})",
                  "phone 42"),
            (Strings{"FN", "42"}));
}

}  // namespace
}  // namespace segue

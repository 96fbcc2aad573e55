// SPDX-License-Identifier: Apache-2.0
//
// What cuts, joins and chooses words.
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/text/compound_filter.h"
#include "tests/text/text_test_util.h"

namespace segue {
namespace {

// term@position+length:start-end
std::string Described(std::string_view analyzer, std::string_view text) {
  std::string out;
  for (const AnalyzedToken& token : Analyze(analyzer, text)) {
    CatTo(&out, out.empty() ? "" : " ", token.term, "@", token.position, "+", token.position_length,
          ":", token.start_byte, "-", token.end_byte);
  }
  return out;
}

// --- N-grams ---

TEST(GramTest, TokenizerCutsEverything) {
  EXPECT_EQ(Described(R"({"tokenizer":"ngram"})", "añ c"),
            "añ@0+1:0-3 añ @0+1:0-4 ñ @1+1:1-4 ñ c@1+1:1-5  c@2+1:3-5");
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"edge_ngram","min":2,"max":4}})", "segue"),
            (Strings{"se", "seg", "segu"}));
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"edge_ngram","min":3,"max":4}})", "se"), Strings());
}

TEST(GramTest, FilterStaysAtThePositionOfTheToken) {
  EXPECT_EQ(Described(WithFilter(R"("ngram")"), "x abc"), "ab@1+1:2-4 abc@1+1:2-5 bc@1+1:3-5");
  EXPECT_EQ(Described(WithFilter(R"({"type":"edge_ngram","max":2})"), "été x"),
            "é@0+1:0-2 ét@0+1:0-3 x@1+1:6-7");
}

TEST(GramTest, OriginalsAreKeptIfTheyAreNoGram) {
  EXPECT_EQ(Terms(WithFilter(R"({"type":"ngram","preserve_original":true})"), "a ab abc abcd"),
            (Strings{"a", "ab", "ab", "abc", "bc", "ab", "abc", "bc", "bcd", "cd", "abcd"}));
  EXPECT_EQ(Terms(WithFilter(R"({"type":"edge_ngram","min":1,"max":2,"preserve_original":true})"),
                  "ab abc"),
            (Strings{"a", "ab", "a", "ab", "abc"}));
}

TEST(GramTest, OffsetsAreTheTokensWhereItWasChanged) {
  EXPECT_EQ(Described(WithFilter(R"("casefold",{"type":"ngram","min":3,"max":3})"), "Groß"),
            "gro@0+1:0-5 ros@0+1:0-5 oss@0+1:0-5");
}

// A long token does not make a batch of its size squared.
TEST(GramTest, LongTokensComePieceByPiece) {
  const auto stream =
      MakeAnalyzer(R"({"tokenizer":"keyword","filters":[{"type":"ngram","min":1,"max":32}]})")
          ->NewStream();
  const std::string text(100000, 'x');
  ASSERT_TRUE(stream->Start(text).ok());
  size_t tokens = 0, greatest = 0;
  while (const TokenBatch* batch = stream->Next()) {
    tokens += batch->size();
    greatest = std::max(greatest, batch->size());
  }
  EXPECT_EQ(tokens, 32 * text.size() - 31 * 32 / 2);
  EXPECT_LE(greatest, TokenBatch::kTargetTokens + 32);
}

// --- Shingles ---

TEST(ShingleTest, WordsAndPairs) {
  EXPECT_EQ(Described(WithFilter(R"("shingle")"), "to be or"),
            "to@0+1:0-2 to be@0+2:0-5 be@1+1:3-5 be or@1+2:3-8 or@2+1:6-8");
  EXPECT_EQ(Terms(WithFilter(R"({"type":"shingle","min":2,"max":3,"unigrams":false,
                                 "separator":"+"})"),
                  "a b c d"),
            (Strings{"a+b", "a+b+c", "b+c", "b+c+d", "c+d"}));
  EXPECT_EQ(Terms(WithFilter(R"({"type":"shingle","unigrams":false})"), "a"), Strings());
}

TEST(ShingleTest, GapsAreFilled) {
  EXPECT_EQ(Described(WithFilter(R"({"type":"stop","words":["the"]},
                                    {"type":"shingle","min":2,"max":3})"),
                      "over the hill the the end"),
            "over@0+1:0-4 over _ hill@0+3:0-13 hill@2+1:9-13 end@5+1:22-25");
}

TEST(ShingleTest, TokensOnTopStayBeside) {
  EXPECT_EQ(
      Terms(WithFilter(R"({"type":"compound","words":["schiff"]},"shingle")"), "dampfschiff fährt"),
      (Strings{"dampfschiff", "dampfschiff fährt", "schiff", "fährt"}));
}

TEST(ShingleTest, ManyWords) {
  std::string text;
  for (int i = 0; i < 5000; ++i) CatTo(&text, "w", i, " ");
  const auto terms = Terms(WithFilter(R"({"type":"shingle","unigrams":false,"max":3})"), text);
  ASSERT_EQ(terms.size(), 4999u + 4998u);
  for (size_t i = 0; i < 4998; ++i) {
    ASSERT_EQ(terms[2 * i], Cat("w", i, " w", i + 1));
    ASSERT_EQ(terms[2 * i + 1], Cat("w", i, " w", i + 1, " w", i + 2));
  }
}

// --- Paths and groups ---

TEST(PathTest, LevelsFromTheFront) {
  EXPECT_EQ(Described(R"({"tokenizer":"path_hierarchy"})", "/usr/lib//x/"),
            "/usr@0+1:0-4 /usr/lib@0+1:0-8 /usr/lib//x/@0+1:0-12");
  EXPECT_EQ(Terms(R"({"tokenizer":"path_hierarchy"})", "a/b/c"), (Strings{"a", "a/b", "a/b/c"}));
  EXPECT_EQ(Terms(R"({"tokenizer":"path_hierarchy"})", ""), Strings());
}

TEST(PathTest, LevelsFromTheEnd) {
  EXPECT_EQ(Described(R"({"tokenizer":{"type":"path_hierarchy","delimiter":".","reverse":true}})",
                      "www.a.org"),
            "www.a.org@0+1:0-9 a.org@0+1:4-9 org@0+1:6-9");
}

TEST(PathTest, LevelsAreLimited) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "/a";
  EXPECT_EQ(Terms(R"({"tokenizer":"path_hierarchy"})", text).size(), kMaxPathLevels);
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"path_hierarchy","reverse":true}})", text).size(),
            kMaxPathLevels);
}

TEST(CharGroupTest, CutsAtWhatIsNamed) {
  EXPECT_EQ(Described(R"({"tokenizer":{"type":"char_group","separators":["-","é","digit"]}})",
                      "a-bé c1\xff٣d"),
            "a@0+1:0-1 b@1+1:2-3  c@2+1:5-7 d@3+1:11-12");
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"char_group","separators":["punctuation","symbol"]}})",
                  "a,b+c“d"),
            (Strings{"a", "b", "c", "d"}));
  EXPECT_EQ(Terms(R"({"tokenizer":{"type":"char_group","separators":["letter"],
                                   "max_token_length":2}})",
                  "12345a6"),
            (Strings{"12", "34", "5", "6"}));
}

// --- Sets of words ---

TEST(KeepTest, KeepsTheWordsAndTheGaps) {
  EXPECT_EQ(Described(WithFilter(R"({"type":"keep","words":["fox","dog"]})"), "the fox and dog"),
            "fox@1+1:4-7 dog@3+1:12-15");
}

TEST(KeywordMarkerTest, StemmersLeaveThemAlone) {
  for (const char* stemmer : {"\"porter\"", "\"snowball\""}) {
    EXPECT_EQ(Terms(WithFilter(Cat(R"({"type":"keyword_marker","words":["running"]},)", stemmer)),
                    "running jumping"),
              (Strings{"running", "jump"}));
  }
  // The mark is forgotten with the token.
  const auto stream =
      MakeAnalyzer(WithFilter(R"({"type":"keyword_marker","words":["running"]})"))->NewStream();
  for (const auto& [word, marked] : {std::pair("running", 1), std::pair("jumping", 0)}) {
    ASSERT_TRUE(stream->Start(word).ok());
    EXPECT_EQ((*stream->Next())[0].is_keyword, marked);
  }
}

// --- Word delimiter ---

TEST(WordDelimiterTest, PartsAndJoined) {
  EXPECT_EQ(Described(WithFilter(R"("word_delimiter")"), "AC/DC Wi-Fi iPhone13 x"),
            "ACDC@0+2:0-5 AC@0+1:0-2 DC@1+1:3-5 "
            "WiFi@2+2:6-11 Wi@2+1:6-8 Fi@3+1:9-11 "
            "iPhone13@4+3:12-20 i@4+1:12-13 Phone@5+1:13-18 13@6+1:18-20 x@7+1:21-22");
}

TEST(WordDelimiterTest, Options) {
  const auto terms = [](std::string_view options, std::string_view text) {
    return Terms(WithFilter(Cat(R"({"type":"word_delimiter",)", options, "}")), text);
  };
  EXPECT_EQ(terms(R"("preserve_original":true)", "AC/DC"), (Strings{"AC/DC", "ACDC", "AC", "DC"}));
  EXPECT_EQ(terms(R"("parts":false)", "AC/DC P!nk plain"), (Strings{"ACDC", "Pnk", "plain"}));
  EXPECT_EQ(terms(R"("joined":false,"split_case":false)", "iPhone13"), (Strings{"iPhone", "13"}));
  EXPECT_EQ(terms(R"("joined":false,"split_numbers":false)", "iPhone13"),
            (Strings{"i", "Phone13"}));
  EXPECT_EQ(terms(R"("preserve_original":true)", "iPhone"), (Strings{"iPhone", "i", "Phone"}));
  EXPECT_NE(MistakeOf(WithFilter(R"({"type":"word_delimiter","parts":false,"joined":false})")), "");
}

TEST(WordDelimiterTest, WordsOfNothingButSigns) {
  EXPECT_EQ(Described(WithFilter(R"("word_delimiter")"), "a -- (b) ..."), "a@0+1:0-1 b@2+1:6-7");
  EXPECT_EQ(Terms(WithFilter(R"({"type":"word_delimiter","preserve_original":true})"), "-- (b)"),
            (Strings{"--", "(b)", "b"}));
}

TEST(WordDelimiterTest, DataStaysWhole) {
  std::string text;
  for (size_t i = 0; i <= kMaxWordParts; ++i) text += "a-";
  EXPECT_EQ(Terms(WithFilter(R"("word_delimiter")"), text), Strings{text});
  EXPECT_EQ(
      Terms(WithFilter(R"({"type":"keyword_marker","words":["AC/DC"]},"word_delimiter")"), "AC/DC"),
      Strings{"AC/DC"});
}

TEST(WordDelimiterTest, OffsetsAreTheTokensWhereItWasChanged) {
  EXPECT_EQ(Described(WithFilter(R"("casefold","word_delimiter")"), "Groß-Ad"),
            "grossad@0+2:0-8 gross@0+1:0-8 ad@1+1:0-8");
  EXPECT_EQ(Described(WithFilter(R"("lowercase","word_delimiter")"), "ÄX-É"),
            "äxé@0+2:0-6 äx@0+1:0-3 é@1+1:4-6");
}

// --- Compounds ---

TEST(CompoundTest, WordsOfTheDictionary) {
  EXPECT_EQ(Described(WithFilter(R"({"type":"compound","words":["dampf","schiff","fahrt"]})"),
                      "dampfschifffahrt schiff"),
            "dampfschifffahrt@0+1:0-16 dampf@0+1:0-5 schiff@0+1:5-11 fahrt@0+1:11-16 "
            "schiff@1+1:17-23");
  EXPECT_EQ(Terms(WithFilter(R"({"type":"compound","words":["da","dam","damp","über"],"min_part":3,
                                 "only_longest":true})"),
                  "dampfüber damp"),
            (Strings{"dampfüber", "damp", "über", "damp"}));
}

TEST(GramTest, Mistakes) {
  for (const char* part : {"ngram", "edge_ngram"}) {
    EXPECT_NE(MistakeOf(WithFilter(Cat(R"({"type":")", part, R"(","min":3,"max":2})"))), "");
    EXPECT_NE(MistakeOf(WithFilter(Cat(R"({"type":")", part, R"(","max":33})"))), "");
    EXPECT_NE(MistakeOf(Cat(R"({"tokenizer":{"type":")", part, R"(","min":0}})")), "");
  }
  EXPECT_NE(MistakeOf(WithFilter(R"({"type":"shingle","min":3})")), "");
  EXPECT_NE(MistakeOf(WithFilter(R"({"type":"shingle","max":9})")), "");
  EXPECT_NE(MistakeOf(R"({"tokenizer":{"type":"path_hierarchy","delimiter":"::"}})"), "");
  EXPECT_NE(MistakeOf(R"({"tokenizer":{"type":"path_hierarchy","delimiter":"é"}})"), "");
  EXPECT_NE(MistakeOf(R"({"tokenizer":{"type":"char_group","separators":["letters"]}})"), "");
}

TEST(AnalyzerLimitsTest, ManyParts) {
  std::string filters = R"("lowercase")";
  for (size_t i = 1; i < kMaxAnalyzerParts; ++i) filters += R"(,"lowercase")";
  EXPECT_EQ(MistakeOf(WithFilter(filters)), "");
  EXPECT_NE(MistakeOf(WithFilter(filters + R"(,"lowercase")")), "");
}

}  // namespace
}  // namespace segue

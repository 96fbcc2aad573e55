// SPDX-License-Identifier: Apache-2.0
//
// Rules of synonyms: what lines of both formats say, which are refused and why, and what a text
// becomes by rules of one word each.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "engine/text/synonym_map.h"
#include "segue/status.h"
#include "tests/text/naive_tokens.h"

namespace segue {
namespace {

using Words = SynonymMap::Words;

// The rule of a sequence of words, as "*" if they stay, and the alternatives in their order.
std::string RuleOf(const SynonymMap& map, const Words& words) {
  SynonymMap::Node at = SynonymMap::kRoot;
  for (const std::string& word : words) {
    at = map.Step(at, word);
    if (at == SynonymMap::kNone) return "no path";
  }
  const SynonymMap::Rule* const rule = map.RuleAt(at);
  if (rule == nullptr) return "no rule";
  std::string out = rule->keeps_words ? "*" : "";
  for (const Words& alternative : rule->alternatives) {
    out += "[";
    for (size_t i = 0; i < alternative.size(); ++i) CatTo(&out, i == 0 ? "" : "|", alternative[i]);
    out += "]";
  }
  return out;
}

std::string SolrRule(std::string_view line, const Words& words, bool expand = true) {
  SynonymMap map;
  const absl::Status status = map.AddSolrLine(line, expand);
  EXPECT_TRUE(status.ok()) << line << ": " << status;
  return RuleOf(map, words);
}

TEST(SynonymMapTest, SolrLines) {
  const struct {
    const char* line;
    Words words;
    const char* rule;
  } cases[] = {
      {"a, b, c", {"a"}, "*[b][c]"},
      {"a, b, c", {"b"}, "*[a][c]"},
      {"a, b, c", {"d"}, "no path"},
      {"a", {"a"}, "*"},           // alone: it stays
      {"a, a, b", {"a"}, "*[b]"},  // each once
      {"a, b, b", {"a"}, "*[b]"},
      {"a b, c", {"a", "b"}, "*[c]"},
      {"a b, c", {"a"}, "no rule"},  // the front of one is none
      {"a b, c", {"c"}, "*[a|b]"},
      {"a => b", {"a"}, "[b]"},  // it goes
      {"a => b", {"b"}, "no path"},
      {"a => a, b", {"a"}, "*[b]"},  // unless it is named again
      {"a, b => c d, e", {"a"}, "[c|d][e]"},
      {"a, b => c d, e", {"b"}, "[c|d][e]"},
      {"a=>b", {"a"}, "[b]"},            // no blank is needed
      {"\t a \t=>\tb\r", {"a"}, "[b]"},  // and any is dropped
      {"a  b => c", {"a", "b"}, "[c]"},
      {"a\\,b => c", {"a,b"}, "[c]"},
      {"a\\ b => c", {"a b"}, "[c]"},
      {"a\\=>b => c", {"a=>b"}, "[c]"},
      {"a\\\\b => c", {"a\\b"}, "[c]"},
      {"a\\x => c", {"ax"}, "[c]"},  // of what needs none
      {"a\\ => c", {"a =>", "c"}, "no path"},
      {"a = b => c", {"a", "=", "b"}, "[c]"},  // half an arrow is a word
      {"a > b, c", {"c"}, "*[a|>|b]"},
      {"größe, 日本", {"größe"}, "*[日本]"},
      {"A, b", {"a"}, "no path"},       // case counts
      {"a # b, c", {"c"}, "*[a|#|b]"},  // a comment is a line
      {"\\# a, b", {"#", "a"}, "*[b]"},
  };
  for (const auto& [line, words, rule] : cases) EXPECT_EQ(SolrRule(line, words), rule) << line;
}

TEST(SynonymMapTest, WithoutExpansion) {
  EXPECT_EQ(SolrRule("a, b, c d", {"a"}, false), "*");
  EXPECT_EQ(SolrRule("a, b, c d", {"b"}, false), "[a]");
  EXPECT_EQ(SolrRule("a, b, c d", {"c", "d"}, false), "[a]");
  // An arrow says itself what stands for what.
  EXPECT_EQ(SolrRule("a, b => c, d", {"a"}, false), "[c][d]");
}

TEST(SynonymMapTest, LinesThatSayNothing) {
  SynonymMap map;
  for (const char* line : {"", " ", "\t\r", "# a, b", "  # a => b", "#"}) {
    EXPECT_TRUE(map.AddSolrLine(line, true).ok()) << line;
  }
  EXPECT_FALSE(map.HasMore(SynonymMap::kRoot)) << "nothing came in";
  EXPECT_EQ(map.RuleAt(SynonymMap::kRoot), nullptr);
}

TEST(SynonymMapTest, LinesAddUp) {
  SynonymMap map;
  for (const char* line : {"a => b", "a, c", "a b => d", "a => c, e"}) {
    ASSERT_TRUE(map.AddSolrLine(line, true).ok()) << line;
  }
  EXPECT_EQ(RuleOf(map, {"a"}), "*[b][c][e]");
  EXPECT_EQ(RuleOf(map, {"a", "b"}), "[d]");
  EXPECT_EQ(RuleOf(map, {"c"}), "*[a]");
  const SynonymMap::Node a = map.Step(SynonymMap::kRoot, "a");
  EXPECT_TRUE(map.HasMore(a));
  EXPECT_FALSE(map.HasMore(map.Step(a, "b")));
  EXPECT_EQ(map.Step(a, "c"), SynonymMap::kNone);
}

void ExpectWrong(const absl::Status& status, std::string_view line, const std::string& why) {
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << line;
  EXPECT_NE(status.message().find(why), std::string::npos) << line << "\n" << status;
  EXPECT_NE(status.message().find("the synonym rule "), std::string::npos) << status;
  EXPECT_NE(status.message().find(std::string(line.substr(0, 20))), std::string::npos)
      << "the line is quoted: " << status;
}

TEST(SynonymMapTest, SolrLinesThatAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"a,", "has a side without words"},      {",a", "has a side without words"},
      {"a,,b", "has a side without words"},    {"a, , b", "has a side without words"},
      {"=>", "has a side without words"},      {"a =>", "has a side without words"},
      {"=> a", "has a side without words"},    {"a => b,", "has a side without words"},
      {"a => b => c", "has two arrows"},       {"a =>=> b", "has two arrows"},
      {"a, => b", "has a side without words"},
  };
  for (const auto& [line, why] : cases) {
    for (const bool expand : {true, false}) {
      SynonymMap map;
      ExpectWrong(map.AddSolrLine(line, expand), line, why);
    }
  }
}

TEST(SynonymMapTest, LimitsOfOneSideAndOfOneSequence) {
  std::string words = "w";
  for (size_t i = 1; i < kMaxSynonymWords; ++i) words += " w";
  SynonymMap map;
  EXPECT_TRUE(map.AddSolrLine(words + ", a", true).ok());
  EXPECT_TRUE(map.AddSolrLine("b => " + words, true).ok());
  const std::string why = Cat("has a side of more than ", kMaxSynonymWords, " words");
  ExpectWrong(map.AddSolrLine(words + " w, a", true), words, why);
  EXPECT_EQ(CodeOf(map.AddSolrLine("b => w " + words, true)), ErrorCode::kInvalidArgument);
  // One after another, too.
  for (size_t i = 0; i < kMaxSynonymsOfOne; ++i) {
    ASSERT_TRUE(map.AddSolrLine(Cat("many => m", i), true).ok()) << i;
  }
  EXPECT_TRUE(map.AddSolrLine("many => m0", true).ok()) << "known already";
  const absl::Status status = map.AddSolrLine("many => one more", true);
  EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument);
  EXPECT_NE(status.message().find(Cat("has more than ", kMaxSynonymsOfOne, " synonyms")),
            std::string::npos)
      << status;
}

// --- WordNet ---

TEST(SynonymMapTest, WordNetLines) {
  SynonymMap map;
  const std::vector<std::string> lines = {
      "s(100000001,1,'dog',n,1,0).",
      "",
      "s(100000002,1,'cat',n,1,0).",
      "s(100000001,2,'domestic_dog',n,1,0).",
      "s(100000001,3,'Canis familiaris',n,1,0).",
      "s(100000003,1,'o''clock',r,1,0).",
      "s(100000003,2,'a, b => c',r,1,0).",
  };
  ASSERT_TRUE(map.AddWordNetLines(lines, true).ok());
  EXPECT_EQ(RuleOf(map, {"dog"}), "*[domestic|dog][Canis|familiaris]");
  EXPECT_EQ(RuleOf(map, {"domestic", "dog"}), "*[dog][Canis|familiaris]");
  EXPECT_EQ(RuleOf(map, {"cat"}), "*") << "a set of its own";
  // Commas and arrows have no meaning here.
  EXPECT_EQ(RuleOf(map, {"o'clock"}), "*[a,|b|=>|c]");
}

TEST(SynonymMapTest, WordNetWithoutExpansion) {
  SynonymMap map;
  ASSERT_TRUE(map.AddWordNetLines({"s(1,1,'a',n,1,0).", "s(1,2,'b',n,1,0)."}, false).ok());
  EXPECT_EQ(RuleOf(map, {"a"}), "*");
  EXPECT_EQ(RuleOf(map, {"b"}), "[a]");
}

TEST(SynonymMapTest, WordNetLinesThatAreRefused) {
  const char* const no_line = "is no line of WordNet's Prolog file, s(NUMBER,1,'WORD',...)";
  for (const char* line :
       {"g(100000001,'a gloss').", "s(100000001,1,dog,n,1,0).", "s(", "s(100000001,1,'dog,n,1,0).",
        "s('dog',1).", "dog, cat", " s(1,1,'a').", "s(100000001)", "S(1,1,'a',n,1,0)."}) {
    SynonymMap map;
    ExpectWrong(map.AddWordNetLines({"s(1,1,'fine',n,1,0).", line}, true), line, no_line);
  }
  for (const char* line : {"s(1,1,'',n,1,0).", "s(1,1,'_ _',n,1,0)."}) {
    SynonymMap map;
    ExpectWrong(map.AddWordNetLines({line}, true), line,
                Cat("must have 1 to ", kMaxSynonymWords, " words"));
  }
}

// --- The filter with rules of one word each: what stands at each position ---

TEST(SynonymModelTest, SingleWordsAndTheirAlternatives) {
  SeededRandom random(801);
  const Strings words = {"a", "b", "c", "d", "é"};
  for (int round = 0; round < 150; ++round) {
    std::map<std::string, Strings> alternatives;
    std::map<std::string, bool> keeps;
    std::string rules;
    for (uint64_t left = random.Between(1, 5); left > 0; --left) {
      const std::string from = words[random.Below(words.size())];
      std::string line = from + " =>";
      const uint64_t sides = random.Between(1, 3);
      for (uint64_t i = 0; i < sides; ++i) {
        const std::string to = words[random.Below(words.size())];
        CatTo(&line, i == 0 ? " " : ", ", to);
        Strings& known = alternatives[from];
        if (to == from) {
          keeps[from] = true;
        } else if (std::find(known.begin(), known.end(), to) == known.end()) {
          known.push_back(to);
        }
      }
      CatTo(&rules, rules.empty() ? "" : ",", "\"", line, "\"");
    }
    const std::string definition = WithFilter(Cat(R"({"type":"synonym","rules":[)", rules, "]}"));
    const std::string text = RandomOf(&random, {"a ", "b ", "c ", "d ", "é ", "x "}, 0, 20);
    Tokens wanted;
    for (const AnalyzedToken& word : NaiveWords(text)) {
      const auto found = alternatives.find(word.term);
      if (found == alternatives.end() || keeps[word.term]) wanted.push_back(word);
      if (found == alternatives.end()) continue;
      for (const std::string& to : found->second) {
        wanted.push_back(NaiveToken(to, word.position, word.start_byte, word.end_byte));
        wanted.back().type = TokenType::kSynonym;
      }
    }
    ASSERT_EQ(Analyze(definition, text), wanted) << definition << "\n" << text;
  }
}

// A definition says its rules as they were given, so that it makes the same analyzer again.
TEST(SynonymModelTest, DefinitionsComeBack) {
  const auto analyzer = MakeAnalyzer(
      WithFilter(R"({"type":"synonym","rules":["a, b","# no rule","c\\,d => e"],"expand":false})"));
  const auto again = MakeAnalyzer(analyzer->Definition());
  EXPECT_EQ(again->Definition(), analyzer->Definition());
  EXPECT_EQ(*again->Analyze("b c,d a"), *analyzer->Analyze("b c,d a"));
}

}  // namespace
}  // namespace segue

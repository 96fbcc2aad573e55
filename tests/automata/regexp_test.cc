// SPDX-License-Identifier: Apache-2.0
#include "engine/pattern/regexp.h"

#include <memory>
#include <string>
#include <vector>

#include "engine/automata/pattern_matcher.h"
#include "segue/status.h"
#include "tests/automata/naive_matching.h"
#include "tests/automata/walk_test_util.h"

namespace segue {
namespace {

PatternMatcher MatcherOf(std::string_view pattern) {
  absl::StatusOr<PatternProgram> program = CompileRegexp(pattern);
  EXPECT_TRUE(program.ok()) << pattern << ": " << program.status();
  return PatternMatcher(std::make_shared<const PatternProgram>(*std::move(program)));
}

std::string Found(const TestDictionary& terms, std::string_view pattern) {
  PatternMatcher matcher = MatcherOf(pattern);
  std::string found;
  for (const std::string& term : TermsOf(WalkAll(terms, &matcher))) found += term + ",";
  return found;
}

TEST(RegexpTest, ByHand) {
  const TestDictionary terms({"", "a", "aa", "aaa", "ab", "abab", "b", "c", "a.c", "axc", "a c",
                              "7", "é", "éé", "[", "a{2}"});
  EXPECT_EQ(Found(terms, "a*"), ",a,aa,aaa,");
  EXPECT_EQ(Found(terms, "a+"), "a,aa,aaa,");
  EXPECT_EQ(Found(terms, "a?b?"), ",a,ab,b,");
  EXPECT_EQ(Found(terms, "a{2}"), "aa,");
  EXPECT_EQ(Found(terms, "a{2,}"), "aa,aaa,");
  EXPECT_EQ(Found(terms, "a{0,2}"), ",a,aa,");
  EXPECT_EQ(Found(terms, "a{0}"), ",");
  EXPECT_EQ(Found(terms, "(ab)+"), "ab,abab,");
  EXPECT_EQ(Found(terms, "a|b|c"), "a,b,c,");
  EXPECT_EQ(Found(terms, "a(|b)"), "a,ab,");
  EXPECT_EQ(Found(terms, "a.c"), "a c,a.c,axc,");
  EXPECT_EQ(Found(terms, "a\\.c"), "a.c,");
  EXPECT_EQ(Found(terms, "a[x.]c"), "a.c,axc,");
  EXPECT_EQ(Found(terms, "a[^x]c"), "a c,a.c,");
  EXPECT_EQ(Found(terms, "[a-c]"), "a,b,c,");
  EXPECT_EQ(Found(terms, "\\d|a\\sc"), "7,a c,");
  EXPECT_EQ(Found(terms, ".{1}"), "7,[,a,b,c,é,");
  EXPECT_EQ(Found(terms, "é+"), "é,éé,");
  EXPECT_EQ(Found(terms, "\\[|a\\{2\\}"), "[,a{2},");
  EXPECT_EQ(Found(terms, "^ab$"), "ab,");
  EXPECT_EQ(Found(terms, ""), ",");
  EXPECT_EQ(Found(terms, "(a*)*b"), "ab,b,");
  EXPECT_EQ(Found(terms, "[\\d\\s\\-a]"), "7,a,");
  EXPECT_EQ(Found(terms, "[--a]"), "a,") << "a minus, and an a";
  EXPECT_EQ(Found(terms, "[b-]"), "b,") << "a b, and a minus";
}

TEST(RegexpTest, WhatIsWrongIsSaid) {
  const std::pair<const char*, const char*> kWrong[] = {
      {"a)", "byte 1: no '('"},
      {"(a", "byte 0: no ')'"},
      {"*a", "byte 0: there is nothing"},
      {"a|+", "byte 2: there is nothing"},
      {"[a", "byte 0: no ']'"},
      {"[]", "byte 0: there is nothing between"},
      {"[b-a]", "byte 1: this range"},
      {"[a-\\d]", "byte 1: a range"},
      {"a{", "byte 1: a repetition"},
      {"a{x}", "byte 1: a repetition"},
      {"a{3,2}", "byte 1: the first"},
      {"a{1001}", "byte 1: a repetition"},
      {"a\\", "byte 1: nothing"},
      {"\\b", "byte 0: this escape"},
      {"\\1", "byte 0: this escape"},
      {"a^", "byte 1: the whole"},
      {"$a", "byte 0: the whole"},
      {"]", "byte 0: nothing is open"},
      {"[^\\d\\D]", "byte 0: there is nothing between"},
      {"}", "byte 0: nothing is open"},
      {"a{1", "byte 1: a repetition"},
      {"a{1,", "byte 1: a repetition"},
      {"a{1,x}", "byte 1: a repetition"},
      {"a{1x}", "byte 1: a repetition"},
      {"[", "byte 0: no ']'"},
      {"[\\b]", "byte 1: this escape"},
      {"[a-\\b]", "byte 3: this escape"},
      {"[\\d-z]", "byte 1: a range"},
      {"[\\w-z]", "byte 1: a range"}};
  for (const auto& [pattern, message] : kWrong) {
    const absl::Status status = CompileRegexp(pattern).status();
    EXPECT_EQ(CodeOf(status), ErrorCode::kInvalidArgument) << pattern;
    EXPECT_NE(status.message().find(message), std::string_view::npos)
        << pattern << ": " << status.message();
  }
}

TEST(RegexpTest, RepetitionsOfRepetitionsAreLimited) {
  EXPECT_TRUE(CompileRegexp("(.{40}){40}").ok());
  for (const char* pattern :
       {"((a{100}){100}){100}", "(.{0,1000}){0,1000}", "((((a|b){9}){9}){9}){9}"}) {
    EXPECT_EQ(CodeOf(CompileRegexp(pattern).status()), ErrorCode::kResourceExhausted) << pattern;
  }
  // What joins alternatives counts too, also of the last ones.
  EXPECT_TRUE(CompileRegexp("a|b", 4).ok());
  EXPECT_EQ(CodeOf(CompileRegexp("a|b", 3).status()), ErrorCode::kResourceExhausted);
}

TEST(RegexpTest, DeepGroupsDoNotRecurse) {
  const std::string deep =
      std::string(kMaxPatternBytes / 2, '(') + std::string(kMaxPatternBytes / 2, ')');
  EXPECT_TRUE(CompileRegexp(deep).ok());
}

TEST(RegexpTest, RandomPatternsGiveWhatSetsOfPlacesGive) {
  SeededRandom random(6);
  size_t found = 0;
  for (int round = 0; round < 40; ++round) {
    const TestDictionary terms(RandomTerms(random, 200));
    for (int i = 0; i < 12; ++i) {
      const std::string pattern = RandomRegexp(random, 2);
      std::vector<std::string> wanted;
      for (const auto& [term, meta] : terms.vocabulary) {
        if (NaiveRegexp(pattern, term)) wanted.push_back(term);
      }
      PatternMatcher matcher = MatcherOf(pattern);
      const Walked walked = WalkAll(terms, &matcher);
      ASSERT_TRUE(walked.status.ok()) << walked.status;
      ASSERT_EQ(TermsOf(walked), wanted) << pattern;
      found += wanted.size();
    }
  }
  EXPECT_GT(found, 1000u);
}

}  // namespace
}  // namespace segue

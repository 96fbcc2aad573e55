// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include "engine/automata/pattern_matcher.h"
#include "engine/pattern/pattern_program.h"
#include "engine/pattern/wildcard.h"
#include "segue/status.h"
#include "tests/automata/naive_matching.h"
#include "tests/automata/walk_test_util.h"

namespace segue {
namespace {

PatternMatcher Wildcard(std::string_view pattern) {
  return PatternMatcher(std::make_shared<const PatternProgram>(CompileWildcard(pattern)));
}

TEST(CharacterSetTest, RangesMergeAndTurnRound) {
  CharacterSet set;
  set.Add('d', 'f');
  set.Add('a', 'b');
  set.Add('z', 'z');
  EXPECT_EQ(set.ranges().size(), 3u);
  set.Add('c', 'c');  // touches both
  EXPECT_EQ(set.ranges(), (std::vector<CharacterSet::Range>{{'a', 'f'}, {'z', 'z'}}));
  EXPECT_TRUE(set.Contains('a') && set.Contains('f') && set.Contains('z'));
  EXPECT_FALSE(set.Contains('g') || set.Contains('y') || set.Contains('{'));
  const CharacterSet others = set.Complement();
  for (char32_t c = 0; c < 300; ++c) EXPECT_NE(set.Contains(c), others.Contains(c));
  EXPECT_EQ(others.Complement(), set);
  EXPECT_TRUE(CharacterSet::Any().Complement().empty());
  EXPECT_EQ(CharacterSet().Complement(), CharacterSet::Any());
}

TEST(WildcardTest, ByHand) {
  const TestDictionary terms({"", "a", "ab", "abc", "a*c", "a?c", "aéc", "bac", "\\", "ac"});
  const auto found = [&](std::string_view pattern) {
    PatternMatcher matcher = Wildcard(pattern);
    return TermsOf(WalkAll(terms, &matcher));
  };
  using Terms = std::vector<std::string>;
  EXPECT_EQ(found("a?c"), (Terms{"a*c", "a?c", "abc", "aéc"}));
  EXPECT_EQ(found("a*c"), (Terms{"a*c", "a?c", "abc", "ac", "aéc"}));
  EXPECT_EQ(found("a\\*c"), (Terms{"a*c"}));
  EXPECT_EQ(found("a\\?c"), (Terms{"a?c"}));
  EXPECT_EQ(found("\\"), (Terms{"\\"}));
  EXPECT_EQ(found(""), (Terms{""}));
  EXPECT_EQ(found("*").size(), 10u);
  EXPECT_EQ(found("**").size(), 10u);
  EXPECT_EQ(found("??"), (Terms{"ab", "ac"}));
  EXPECT_EQ(found(EscapeWildcard("a*c")), (Terms{"a*c"}));
  EXPECT_EQ(found(EscapeWildcard("a?c")), (Terms{"a?c"}));
  EXPECT_EQ(found(EscapeWildcard("\\")), (Terms{"\\"}));
}

TEST(WildcardTest, RandomPatternsGiveWhatThePlainTableGives) {
  SeededRandom random(4);
  size_t found = 0;
  for (int round = 0; round < 60; ++round) {
    const TestDictionary terms(RandomTerms(random, 400));
    for (int i = 0; i < 12; ++i) {
      std::string pattern;
      for (uint64_t pieces = random.Between(1, 5); pieces > 0; --pieces) {
        switch (random.Below(4)) {
          case 0:
            pattern += '*';
            break;
          case 1:
            pattern += '?';
            break;
          default:
            pattern += EscapeWildcard(RandomTerms(random, 1)[0].substr(0, 4));
        }
      }
      std::vector<std::string> wanted;
      for (const auto& [term, meta] : terms.vocabulary) {
        if (NaiveWildcard(pattern, term)) wanted.push_back(term);
      }
      PatternMatcher matcher = Wildcard(pattern);
      const Walked walked = WalkAll(terms, &matcher);
      ASSERT_TRUE(walked.status.ok()) << walked.status;
      ASSERT_EQ(TermsOf(walked), wanted) << Quoted(pattern);
      found += wanted.size();
    }
  }
  EXPECT_GT(found, 1000u);
}

// Many stars and a hostile dictionary: states stay few, as a set of them is one.
TEST(WildcardTest, ManyStarsStayCheap) {
  std::string pattern;
  while (pattern.size() < kMaxPatternBytes) pattern += "*a";
  std::vector<std::string> words;
  for (size_t i = 1; i < 600; i += 7) words.push_back(std::string(i, 'a') + "b");
  const TestDictionary terms(words);
  PatternMatcher matcher = Wildcard(pattern);
  const Walked walked = WalkAll(terms, &matcher);
  EXPECT_TRUE(walked.status.ok()) << walked.status;
  EXPECT_TRUE(walked.found.empty());
}

// (a|b)*a and a tail of any characters doubles its states with each of them.
TEST(PatternMatcherTest, TooManyStatesAreAnErrorNotAHang) {
  using Kind = PatternInstruction::Kind;
  PatternCode code = {{.kind = Kind::kSplit, .jumps = {1, 3}},
                      {.kind = Kind::kSet, .set = 0},
                      {.kind = Kind::kJump, .jumps = {-2, 0}},
                      {.kind = Kind::kSet, .set = 1}};
  for (int i = 0; i < 40; ++i) code.push_back({.kind = Kind::kSet, .set = 0});
  const auto program = std::make_shared<const PatternProgram>(
      code, std::vector<CharacterSet>{CharacterSet::Any(), CharacterSet::Of('a')});
  SeededRandom random(5);
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i) {
    std::string word(100, 'b');
    for (char& c : word) c = random.OneIn(2) ? 'a' : 'b';
    words.push_back(word);
  }
  PatternMatcher matcher(program);
  const Walked walked = WalkAll(TestDictionary(words), &matcher);
  EXPECT_EQ(CodeOf(walked.status), ErrorCode::kResourceExhausted) << walked.status;
}

}  // namespace
}  // namespace segue

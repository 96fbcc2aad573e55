// SPDX-License-Identifier: Apache-2.0
//
// That a walk finds what it should is in the tests of the matchers; here: what it passes over.
#include "engine/automata/dictionary_walk.h"

#include <memory>
#include <string>
#include <vector>

#include "engine/automata/fuzzy_matcher.h"
#include "engine/automata/pattern_matcher.h"
#include "engine/pattern/wildcard.h"
#include "tests/automata/walk_test_util.h"

namespace segue {
namespace {

// aaaa, aaab, … zzzz over ten letters: 10,000 terms.
const TestDictionary& FourLetters() {
  static const auto* terms = [] {
    std::vector<std::string> words;
    for (char a = 'a'; a < 'k'; ++a) {
      for (char b = 'a'; b < 'k'; ++b) {
        for (char c = 'a'; c < 'k'; ++c) {
          for (char d = 'a'; d < 'k'; ++d) words.push_back({a, b, c, d});
        }
      }
    }
    return new TestDictionary(words);
  }();
  return *terms;
}

uint64_t SeenBy(TermMatcher* matcher, size_t found) {
  const Walked walked = WalkAll(FourLetters(), matcher);
  EXPECT_TRUE(walked.status.ok());
  EXPECT_EQ(walked.found.size(), found);
  return walked.terms_seen;
}

TEST(DictionaryWalkTest, PassesOverWhatCannotMatch) {
  const auto wildcard = [](std::string_view pattern) {
    return PatternMatcher(std::make_shared<const PatternProgram>(CompileWildcard(pattern)));
  };
  // A block has 32 terms, and counts whole.
  PatternMatcher literal = wildcard("efgh");
  EXPECT_LT(SeenBy(&literal, 1), 100u);
  PatternMatcher prefix = wildcard("ef*");
  EXPECT_LT(SeenBy(&prefix, 100), 200u);
  PatternMatcher middle = wildcard("e?gh");
  EXPECT_LT(SeenBy(&middle, 10), 800u);  // `?` may be an ill-formed piece, which sorts anywhere
  PatternMatcher absent = wildcard("x*");
  EXPECT_LT(SeenBy(&absent, 0), 50u);
  FuzzyMatcher exact("efgh", 0, 0);
  EXPECT_LT(SeenBy(&exact, 1), 100u);
  FuzzyMatcher near("efgh", 1, 0);
  EXPECT_LT(SeenBy(&near, 1 + 4 * 9 + 3), 4000u);
  FuzzyMatcher near_with_prefix("efgh", 1, 2);
  EXPECT_LT(SeenBy(&near_with_prefix, 1 + 2 * 9 + 1), 300u);
}

TEST(DictionaryWalkTest, PausesForTheClock) {
  std::vector<std::string> words;
  for (int i = 0; i < 10000; ++i) words.push_back("w" + std::to_string(i));
  const TestDictionary terms(words);
  PatternMatcher matcher(std::make_shared<const PatternProgram>(CompileWildcard("*x")));
  DictionaryWalk walk(*terms.dictionary, &matcher);
  int pauses = 0;
  while (walk.Next() == DictionaryWalk::Outcome::kPaused) ++pauses;
  EXPECT_EQ(pauses, 10000 / DictionaryWalk::kTermsPerStep);
}

TEST(DictionaryWalkTest, AnEmptyDictionaryHasNoTerms) {
  const TestDictionary terms({});
  FuzzyMatcher matcher("word", 2, 0);
  EXPECT_TRUE(WalkAll(terms, &matcher).found.empty());
}

// Seeks must not pass over bytes that are no UTF-8: they read as U+FFFD and sort anywhere.
TEST(DictionaryWalkTest, IllFormedBytesAreFoundWhereverTheySort) {
  const TestDictionary terms({"a", "b\x80", "b\xc3", "b\xc3\xa9", "b\xe6\x97", "b\xe6\x97\xa5",
                              "b\xef\xbf\xbd", "b\xff", "c"});
  PatternMatcher matcher(std::make_shared<const PatternProgram>(CompileWildcard("b\xef\xbf\xbd")));
  EXPECT_EQ(TermsOf(WalkAll(terms, &matcher)),
            (std::vector<std::string>{"b\x80", "b\xc3", "b\xe6\x97", "b\xef\xbf\xbd", "b\xff"}));
  PatternMatcher last(std::make_shared<const PatternProgram>(CompileWildcard("b\xe6\x97\xa5")));
  EXPECT_EQ(TermsOf(WalkAll(terms, &last)), std::vector<std::string>{"b\xe6\x97\xa5"});
}

}  // namespace
}  // namespace segue

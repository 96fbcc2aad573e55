// SPDX-License-Identifier: Apache-2.0
//
// Wildcards: their programs against a matcher that recurses over the characters.
#include "engine/pattern/wildcard.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "tests/automata/naive_matching.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

// By recursion over characters, which is slow and plain.
bool Matches(std::u32string_view pattern, std::u32string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return Matches(pattern.substr(1), text) || (!text.empty() && Matches(pattern, text.substr(1)));
  }
  if (text.empty()) return false;
  if (pattern[0] == '?') return Matches(pattern.substr(1), text.substr(1));
  const size_t at = pattern[0] == '\\' && pattern.size() > 1 ? 1 : 0;
  return pattern[at] == text[0] && Matches(pattern.substr(at + 1), text.substr(1));
}

// One state after another: a wildcard's code has no loops but over one instruction.
bool Runs(const PatternProgram& program, std::u32string_view text, size_t at = 0) {
  using Kind = PatternInstruction::Kind;
  const PatternInstruction& instruction = program.code()[at];
  const auto next = [&](int jump) {
    return static_cast<size_t>(static_cast<int64_t>(at) + instruction.jumps[jump]);
  };
  switch (instruction.kind) {
    case Kind::kMatch:
      return text.empty();
    case Kind::kJump:
      return Runs(program, text, next(0));
    case Kind::kSplit:
      return Runs(program, text, next(0)) || Runs(program, text, next(1));
    case Kind::kSet:
      return !text.empty() && program.set(instruction).Contains(text[0]) &&
             Runs(program, text.substr(1), at + 1);
  }
  return false;
}

std::string RandomOf(SeededRandom* random, const std::vector<std::string>& parts, size_t most) {
  std::string text;
  for (uint64_t left = random->Below(most + 1); left > 0; --left) {
    text += parts[random->Below(parts.size())];
  }
  return text;
}

TEST(WildcardProgramTest, RandomPatternsAndTexts) {
  SeededRandom random(721);
  // Texts have the signs too: what is escaped, is itself.
  const std::vector<std::string> parts = {"a", "b", "*", "?", "\\", "é", "*", "?"};
  size_t matched = 0, not_matched = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::string pattern = RandomOf(&random, parts, 6);
    const PatternProgram program = CompileWildcard(pattern);
    for (int i = 0; i < 8; ++i) {
      const std::u32string text = NaiveCharacters(RandomOf(&random, parts, 5));
      const bool wanted = Matches(NaiveCharacters(pattern), text);
      ASSERT_EQ(Runs(program, text), wanted) << pattern;
      ++(wanted ? matched : not_matched);
    }
  }
  EXPECT_GT(matched, 500u);
  EXPECT_GT(not_matched, 500u);
}

TEST(WildcardProgramTest, OnlyTheTextMatchesItsEscapedForm) {
  SeededRandom random(722);
  const std::vector<std::string> parts = {"a", "*", "?", "\\", "é", "\n"};
  for (int round = 0; round < 1000; ++round) {
    const std::string text = RandomOf(&random, parts, 5);
    const PatternProgram program = CompileWildcard(EscapeWildcard(text));
    EXPECT_TRUE(Runs(program, NaiveCharacters(text))) << text;
    const std::string other = RandomOf(&random, parts, 5);
    EXPECT_EQ(Runs(program, NaiveCharacters(other)), text == other) << text << "\n" << other;
    // There is no star in it: one instruction a character, and the end.
    EXPECT_EQ(program.code().size(), NaiveCharacters(text).size() + 1);
  }
}

TEST(WildcardProgramTest, ByHand) {
  const struct {
    const char* pattern;
    const char* text;
    bool matches;
  } cases[] = {
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"?", "", false},
      {"?", "é", true},  // a character, not a byte
      {"??", "é", false},
      {"?", "😀", true},
      {"a*", "a", true},
      {"a*", "ba", false},
      {"*a", "ba", true},
      {"*a*", "bab", true},
      {"a*b*c", "abc", true},
      {"a*b*c", "axxbyyc", true},
      {"a*b*c", "axxcyyb", false},
      {"?*", "", false},
      {"*?", "a", true},
      {"*?*?", "a", false},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"\\a", "a", true},  // of what needs none
      {"\\\\", "\\", true},
      {"a\\", "a\\", true},  // the last one is itself
      {"\\\\*", "\\abc", true},
      {"\\é*", "éa", true},
      {"A", "a", false},  // terms are bytes: case counts
  };
  for (const auto& [pattern, text, matches] : cases) {
    EXPECT_EQ(Runs(CompileWildcard(pattern), NaiveCharacters(text)), matches)
        << pattern << " and " << text;
  }
}

// Stars side by side are one: a user's `a***` is no more work than `a*`.
TEST(WildcardProgramTest, StarsSideBySideAreOne) {
  EXPECT_EQ(CompileWildcard(std::string(500, '*')).code().size(),
            CompileWildcard("*").code().size());
  EXPECT_EQ(CompileWildcard("a***b").code().size(), CompileWildcard("a*b").code().size());
  EXPECT_GT(CompileWildcard("a*?*b").code().size(), CompileWildcard("a*b").code().size());
}

// What a term may end with, so that others are not looked at.
TEST(WildcardProgramTest, Ends) {
  EXPECT_TRUE(CompileWildcard("a*").FindAsciiEnds()[0].all());
  EXPECT_TRUE(CompileWildcard("a?").FindAsciiEnds()[0].all());
  EXPECT_EQ(CompileWildcard("*a").FindAsciiEnds()[0].count(), 1u);
  EXPECT_TRUE(CompileWildcard("*\\*").FindAsciiEnds()[0]['*']);
  EXPECT_TRUE(CompileWildcard("*é").FindAsciiEnds()[0].none()) << "no byte of é is ASCII";
  EXPECT_TRUE(CompileWildcard("").FindAsciiEnds()[0].none());
}

}  // namespace
}  // namespace segue

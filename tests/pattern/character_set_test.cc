// SPDX-License-Identifier: Apache-2.0
//
// Sets of characters against a plain table of what is in them, and the classes that a program makes
// of its sets.
#include <gtest/gtest.h>

#include <algorithm>
#include <bitset>
#include <cctype>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/pattern/pattern_program.h"
#include "engine/pattern/regexp.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

constexpr size_t kTableSize = 300;
using Table = std::bitset<kTableSize>;

// Characters below kTableSize, so that ranges often touch and overlap.
char32_t RandomCharacter(SeededRandom* random) {
  return static_cast<char32_t>(random->Below(kTableSize));
}

// Ranges ascend, and between any two of them a character is missing.
void ExpectCanonical(const CharacterSet& set) {
  const auto& ranges = set.ranges();
  for (size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_LE(ranges[i].first, ranges[i].last);
    if (i > 0) {
      EXPECT_LT(ranges[i - 1].last + 1, ranges[i].first) << "they touch";
    }
  }
}

void ExpectHolds(const CharacterSet& set, const Table& table) {
  ExpectCanonical(set);
  for (char32_t c = 0; c < kTableSize; ++c) ASSERT_EQ(set.Contains(c), table[c]) << uint32_t{c};
}

TEST(CharacterSetTableTest, RangesInAnyOrderAreWhatTheyHold) {
  SeededRandom random(701);
  for (int round = 0; round < 200; ++round) {
    CharacterSet set;
    Table table;
    for (uint64_t left = random.Between(1, 12); left > 0; --left) {
      const char32_t first = RandomCharacter(&random);
      const char32_t last = static_cast<char32_t>(
          random.OneIn(3) ? first : std::min<uint64_t>(first + random.Below(40), kTableSize - 1));
      set.Add(first, last);
      for (char32_t c = first; c <= last; ++c) table.set(c);
      ExpectHolds(set, table);
    }
    ExpectHolds(set.Complement(), ~table);
    EXPECT_EQ(set.Complement().Complement(), set);
    // Behind the table there is nothing but in the complement.
    EXPECT_FALSE(set.Contains(kLastCharacter));
    EXPECT_TRUE(set.Complement().Contains(kLastCharacter));
  }
}

TEST(CharacterSetTableTest, TwoSetsTogether) {
  SeededRandom random(702);
  for (int round = 0; round < 100; ++round) {
    CharacterSet sets[2];
    Table tables[2];
    for (int which = 0; which < 2; ++which) {
      for (int i = 0; i < 6; ++i) {
        const char32_t c = RandomCharacter(&random);
        sets[which].Add(c, c);
        tables[which].set(c);
      }
    }
    CharacterSet both = sets[0];
    both.Add(sets[1]);
    ExpectHolds(both, tables[0] | tables[1]);
    // The order does not count, and one set is one list of ranges.
    CharacterSet other_way = sets[1];
    other_way.Add(sets[0]);
    EXPECT_EQ(both, other_way);
    // What two sets share, by their complements.
    CharacterSet neither = sets[0].Complement();
    neither.Add(sets[1].Complement());
    ExpectHolds(neither.Complement(), tables[0] & tables[1]);
  }
}

// The last character has none behind it: one more would wrap, or make a range of nothing.
TEST(CharacterSetTableTest, TheEndsOfUnicode) {
  CharacterSet last = CharacterSet::Of(kLastCharacter);
  EXPECT_TRUE(last.Contains(kLastCharacter));
  EXPECT_FALSE(last.Contains(kLastCharacter - 1));
  EXPECT_EQ(last.Complement().ranges(),
            (std::vector<CharacterSet::Range>{{0, kLastCharacter - 1}}));
  const CharacterSet nul = CharacterSet::Of(0);
  EXPECT_EQ(nul.Complement().ranges(), (std::vector<CharacterSet::Range>{{1, kLastCharacter}}));
  last.Add(0, kLastCharacter - 1);
  EXPECT_EQ(last, CharacterSet::Any());
  CharacterSet any = CharacterSet::Any();
  any.Add('a', 'z');
  EXPECT_EQ(any, CharacterSet::Any());
}

PatternProgram ProgramOf(std::string_view pattern) {
  absl::StatusOr<PatternProgram> program = CompileRegexp(pattern);
  EXPECT_TRUE(program.ok()) << pattern << ": " << program.status();
  return *std::move(program);
}

std::vector<const CharacterSet*> SetsOf(const PatternProgram& program) {
  std::vector<const CharacterSet*> sets;
  for (const PatternInstruction& instruction : program.code()) {
    if (instruction.kind == PatternInstruction::Kind::kSet) {
      sets.push_back(&program.set(instruction));
    }
  }
  return sets;
}

// What a matcher relies on: it looks at the class of a character only.
TEST(PatternClassesTest, CharactersOfOneClassAreAlikeForEverySet) {
  SeededRandom random(703);
  for (const std::string pattern :
       {"a", "[a-m][g-z]", "[^a]b|.", "\\w\\W\\d\\D", "[é-ü][α-ω]ß", ".*", "", "😀|[一-龠]",
        "[\\d\\s]x{2,3}", "[\u0001-\u007f]|\u0080"}) {
    const PatternProgram program = ProgramOf(pattern);
    ASSERT_GT(program.class_count(), 0u);
    EXPECT_EQ(program.ClassBegin(0), 0u);
    const auto check = [&](char32_t character) {
      const size_t of = program.ClassOf(character);
      ASSERT_LT(of, program.class_count());
      // The class is the last one that begins at or before the character.
      EXPECT_LE(program.ClassBegin(of), character);
      if (of + 1 < program.class_count()) {
        EXPECT_GT(program.ClassBegin(of + 1), character);
      }
      for (const CharacterSet* set : SetsOf(program)) {
        EXPECT_EQ(set->Contains(character), set->Contains(program.ClassBegin(of)))
            << pattern << " " << uint32_t{character};
      }
    };
    for (char32_t c = 0; c < 1200; ++c) check(c);
    for (int i = 0; i < 200; ++i) {
      check(static_cast<char32_t>(random.Below(kLastCharacter + uint64_t{1})));
    }
    for (size_t i = 0; i < program.class_count(); ++i) {
      EXPECT_EQ(program.ClassOf(program.ClassBegin(i)), i);
      if (i > 0) {
        EXPECT_EQ(program.ClassOf(program.ClassBegin(i) - 1), i - 1);
      }
    }
    check(kLastCharacter);
  }
}

TEST(PatternClassesTest, NoMoreClassesThanTheSetsNeed) {
  const std::pair<const char*, size_t> cases[] = {
      {"", 1},                 // nothing is told apart
      {".*", 1},               // nor here
      {"a", 3},                // before, it, behind
      {"aaaa", 3},             // the same one
      {"[a-z]", 3},            //
      {"[a-z]|[^a-z]", 3},     // as the complement
      {"ab", 4},               // they touch
      {"ac", 5},               // one is between them
      {"[^b-\U0010ffff]", 2},  // nothing is before
  };
  for (const auto& [pattern, classes] : cases) {
    EXPECT_EQ(ProgramOf(pattern).class_count(), classes) << pattern;
  }
}

// The one set of a pattern that is one piece.
const CharacterSet& OneSet(const PatternProgram& program) { return *SetsOf(program).front(); }

// \d \w \s are of ASCII, whatever the locale, and the capitals are all the rest of Unicode.
TEST(RegexpSetsTest, NamedSetsAndTheirOpposites) {
  const struct {
    char name;
    bool (*holds)(int c);
  } named[] = {{'d', [](int c) { return c >= '0' && c <= '9'; }},
               {'w', [](int c) { return std::isalnum(c) != 0 || c == '_'; }},
               {'s', [](int c) { return c == ' ' || (c >= '\t' && c <= '\r'); }}};
  for (const auto& [name, holds] : named) {
    const auto opposite = static_cast<char>(name - 'a' + 'A');
    const PatternProgram plain = ProgramOf(Cat("\\", name)),
                         capital = ProgramOf(Cat("\\", opposite));
    const PatternProgram listed = ProgramOf(Cat("[\\", name, "]"));
    const PatternProgram negated = ProgramOf(Cat("[^\\", name, "]"));
    for (int c = 0; c < 0x80; ++c) {
      EXPECT_EQ(OneSet(plain).Contains(static_cast<char32_t>(c)), holds(c)) << name << " " << c;
    }
    for (const char32_t beyond : {U'\u00aa', U'\u0660', U'\u00a0', U'é', U'\u2028', U'𝟘'}) {
      EXPECT_FALSE(OneSet(plain).Contains(beyond)) << name << " " << uint32_t{beyond};
    }
    EXPECT_EQ(OneSet(capital), OneSet(plain).Complement());
    EXPECT_EQ(OneSet(listed), OneSet(plain));
    EXPECT_EQ(OneSet(negated), OneSet(capital));
  }
}

// A backslash makes any sign stand for itself, in brackets too; letters and digits are kept for
// meanings to come, so that they are refused and not taken for themselves.
TEST(RegexpSetsTest, EscapesOfEveryAsciiCharacter) {
  for (int i = 1; i < 0x80; ++i) {
    const auto c = static_cast<char>(i);
    const bool is_named = std::string_view("dDwWsS").find(c) != std::string_view::npos;
    if (is_named) continue;
    for (const std::string& pattern : {Cat("\\", c), Cat("[\\", c, "]"), Cat("[x\\", c, "]")}) {
      const absl::StatusOr<PatternProgram> program = CompileRegexp(pattern);
      if (std::isalnum(i) != 0) {
        EXPECT_FALSE(program.ok()) << pattern;
        continue;
      }
      ASSERT_TRUE(program.ok()) << pattern << ": " << program.status();
      EXPECT_TRUE(OneSet(*program).Contains(static_cast<char32_t>(i))) << pattern;
      EXPECT_FALSE(OneSet(*program).Contains('\\') && c != '\\') << pattern;
    }
  }
  // Beyond ASCII there is nothing to escape; it is allowed.
  EXPECT_EQ(OneSet(ProgramOf("\\é")), CharacterSet::Of(U'é'));
}

TEST(RegexpSetsTest, Brackets) {
  const struct {
    const char* pattern;
    const char* holds;  // of ASCII
    const char* not_this;
  } cases[] = {
      {"[abc]", "abc", "d`"},
      {"[a-c]", "abc", "d`"},
      {"[a-cx-z]", "abcxyz", "dw"},
      {"[^a-c]", "d`", "abc"},
      {"[a^]", "a^", "b"},  // a hat that is not the first is one
      {"[-a]", "-a", "b"},  // a minus where no range can be
      {"[a-]", "-a", "b"},
      {"[a-c-e]", "abc-e", "d"},            // behind a range
      {"[.*+?|(){}$]", ".*+?|(){}$", "a"},  // no meaning between brackets
      {"[[]", "[", "]"},
      {"[\\]]", "]", "["},
      {"[\\^a]", "^a", "b"},
      {"[\\--0]", "-./0", "1,"},  // a range from an escaped minus
      {"[+-\\-]", "+,-", "*."},   // and to one
      {"[\\d-]", "0159-", "a"},
      {"[^\\d-]", "a", "0159-"},
      {"[\\da-f]", "09af", "g"},
  };
  for (const auto& [pattern, holds, not_this] : cases) {
    const PatternProgram program = ProgramOf(pattern);
    for (const char* c = holds; *c != 0; ++c) {
      EXPECT_TRUE(OneSet(program).Contains(static_cast<char32_t>(*c))) << pattern << " " << *c;
    }
    for (const char* c = not_this; *c != 0; ++c) {
      EXPECT_FALSE(OneSet(program).Contains(static_cast<char32_t>(*c))) << pattern << " " << *c;
    }
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// Which terms a pattern stands for, and how near each is, against definitions that are written out
// the slow way; names of fields with stars; and intervals of bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/strings.h"
#include "engine/base/utf8.h"
#include "engine/query/field_pattern.h"
#include "engine/query/term_pattern.h"
#include "segue/status.h"
#include "tests/automata/naive_matching.h"
#include "tests/support/seeded_random.h"

namespace segue {
namespace {

const std::vector<std::string> kCharacters = {"a", "b", "c", "é", "日", "😀", "*", "?", "."};

std::string RandomWord(SeededRandom* random, uint64_t least, uint64_t most) {
  std::string word;
  for (uint64_t left = random->Between(least, most); left > 0; --left) {
    word += kCharacters[random->Below(kCharacters.size())];
  }
  return word;
}

// How near a pattern says that a term is; nothing: it is not wanted.
std::optional<float> ClosenessOf(const Query& leaf, std::string_view term) {
  const absl::StatusOr<TermPattern> pattern = TermPattern::Of(leaf);
  EXPECT_TRUE(pattern.ok()) << leaf.ToString() << pattern.status();
  TermPattern::Test test(*pattern);
  const std::optional<float> closeness = test(term);
  EXPECT_TRUE(test.status().ok()) << test.status();
  // A term before it, wanted or not, changes nothing.
  TermPattern::Test again(*pattern);
  again(std::string(term) + "a");
  again("");
  EXPECT_EQ(again(term), closeness) << leaf.ToString() << " " << term;
  return closeness;
}

TEST(TermPatternModel, Prefixes) {
  SeededRandom random(871);
  for (int round = 0; round < 500; ++round) {
    const std::string prefix = RandomWord(&random, 0, 3), term = RandomWord(&random, 0, 4);
    const std::optional<float> found = ClosenessOf(Query::Prefix("f", prefix), term);
    ASSERT_EQ(found.has_value(), term.starts_with(prefix)) << prefix << " " << term;
    // The very word is nearer than any longer one, and those are all alike.
    if (!found) continue;
    EXPECT_EQ(*found, term == prefix ? 1.0f : 0.8f);
  }
  // The end of an interval of bytes that no byte can follow.
  EXPECT_TRUE(ClosenessOf(Query::Prefix("f", "\xff\xff"), "\xff\xff\xff").has_value());
  EXPECT_FALSE(ClosenessOf(Query::Prefix("f", "\xff\xff"), "\xff\xfe").has_value());
  EXPECT_TRUE(ClosenessOf(Query::Prefix("f", "a\xff"), "a\xff").has_value());
  EXPECT_FALSE(ClosenessOf(Query::Prefix("f", "a\xff"), "b").has_value());
}

TEST(TermPatternModel, WildcardsAndRegularExpressions) {
  SeededRandom random(872);
  size_t found = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string wildcard = RandomWord(&random, 0, 4), regexp = RandomRegexp(random, 1);
    for (int i = 0; i < 5; ++i) {
      const std::string term = RandomWord(&random, 0, 4);
      const auto by_wildcard = ClosenessOf(Query::Wildcard("f", wildcard), term);
      ASSERT_EQ(by_wildcard.has_value(), NaiveWildcard(wildcard, term)) << wildcard << " " << term;
      const auto by_regexp = ClosenessOf(Query::Regexp("f", regexp), term);
      ASSERT_EQ(by_regexp.has_value(), NaiveRegexp(regexp, term)) << regexp << " " << term;
      for (const auto& closeness : {by_wildcard, by_regexp}) {
        if (!closeness) continue;
        EXPECT_EQ(*closeness, 1.0f) << "what a pattern describes is what was asked for";
        ++found;
      }
    }
  }
  EXPECT_GT(found, 50u);
}

TEST(TermPatternModel, FuzzyWords) {
  SeededRandom random(873);
  size_t found = 0;
  for (int round = 0; round < 800; ++round) {
    const std::string word = RandomWord(&random, 0, 7);
    // Often the word itself with a character changed.
    std::string term = random.OneIn(3) ? RandomWord(&random, 0, 7) : word;
    if (random.OneIn(2)) {
      std::u32string characters = NaiveCharacters(term);
      const size_t at = random.Below(characters.size() + 1);
      characters.replace(at, random.Below(2), NaiveCharacters(RandomWord(&random, 0, 1)));
      term.clear();
      for (const char32_t character : characters) AppendUtf8(character, &term);
    }
    FuzzyOptions options;
    if (random.OneIn(2)) options.edits = static_cast<uint32_t>(random.Below(3));
    options.prefix_length = static_cast<uint32_t>(random.Below(3));
    const uint32_t edits = EditsOf(word, options);
    const auto wanted = NaiveFuzzy(word, term, edits, options.prefix_length);
    const auto closeness = ClosenessOf(Query::Fuzzy("f", word, options), term);
    ASSERT_EQ(closeness.has_value(), wanted.has_value()) << word << " " << term << " " << edits;
    if (!wanted) continue;
    ++found;
    const size_t shorter = std::min(NaiveCharacters(word).size(), NaiveCharacters(term).size());
    const float nearness =
        *wanted == 0 ? 1 : 1 - static_cast<float>(*wanted) / static_cast<float>(shorter);
    EXPECT_FLOAT_EQ(*closeness, nearness) << word << " " << term;
    EXPECT_GT(*closeness, 0) << "nothing that is found counts nothing";
  }
  EXPECT_GT(found, 200u);
}

// By characters, not bytes: 2 of them none, 3 to 5 one, more two.
TEST(TermPatternModel, EditsByLength) {
  for (const char* character : {"a", "é", "日", "😀"}) {
    std::string word;
    for (uint32_t length = 0; length < 12; ++length, word += character) {
      EXPECT_EQ(EditsOf(word, {}), length < 3 ? 0u : length < 6 ? 1u : 2u) << word;
      for (const uint32_t edits : {0u, 1u, 2u}) EXPECT_EQ(EditsOf(word, {.edits = edits}), edits);
    }
  }
}

// --- Intervals ---

std::string RandomBytes(SeededRandom* random) {
  constexpr std::string_view kBytes(
      "\0\x01"
      "ab\xfe\xff",
      6);
  std::string bytes;
  for (uint64_t left = random->Below(4); left > 0; --left) bytes += kBytes[random->Below(6)];
  return bytes;
}

bool IsWithin(const TermBounds& bounds, const std::string& term) {
  const bool above =
      !bounds.from || term > *bounds.from || (bounds.include_from && term == *bounds.from);
  const bool below = !bounds.to || term < *bounds.to || (bounds.include_to && term == *bounds.to);
  return above && below;
}

TEST(TermPatternModel, RangesByBytes) {
  SeededRandom random(874);
  size_t within = 0;
  for (int round = 0; round < 2000; ++round) {
    TermBounds bounds;
    if (!random.OneIn(4)) bounds.from = RandomBytes(&random);
    if (!random.OneIn(4)) bounds.to = RandomBytes(&random);
    bounds.include_from = random.OneIn(2);
    bounds.include_to = random.OneIn(2);
    const std::string term = RandomBytes(&random);
    const bool wanted = IsWithin(bounds, term);
    within += wanted;
    const TermInterval interval = IntervalOf(bounds);
    const bool in_interval = term >= interval.from && (interval.to.empty() || term < interval.to);
    ASSERT_EQ(in_interval, wanted) << Query::TermRange("f", bounds).ToString() << Quoted(term);
    const auto closeness = ClosenessOf(Query::TermRange("f", bounds), term);
    ASSERT_EQ(closeness.has_value(), wanted);
    if (!closeness) continue;
    EXPECT_EQ(*closeness, 1.0f);
  }
  EXPECT_GT(within, 300u);
}

TEST(TermPatternModel, OtherKindsAreNoPatterns) {
  for (const Query& query :
       {Query::Term("f", "a"), Query::All(), Query::Or({Query::Prefix("f", "a")}),
        Query::Range("f", {}), Query::Exists("f")}) {
    EXPECT_EQ(CodeOf(TermPattern::Of(query).status()), ErrorCode::kInternal);
  }
}

// What a pattern may take is what its query says, shared with the others of it.
TEST(TermPatternModel, StatesAreLimitedAsTheProgramSays) {
  const Query wide = Query::Regexp("f", "(a|b|c){20}");
  EXPECT_TRUE(TermPattern::Of(wide).ok());
  EXPECT_EQ(CodeOf(TermPattern::Of(wide, 1, {.pattern_states = 10}).status()),
            ErrorCode::kResourceExhausted);
  // A walk that would need more states than it may have stops with an error, not with fewer terms.
  const Query many = Query::Wildcard("f", "*a????????????b");
  const absl::StatusOr<TermPattern> poor = TermPattern::Of(many, 1, {.pattern_work = 1});
  ASSERT_TRUE(poor.ok());
  TermPattern::Test test(*poor);
  test("aaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
  EXPECT_EQ(CodeOf(test.status()), ErrorCode::kResourceExhausted);
}

// --- Names of fields ---

bool NaiveNameMatches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*') {
    return NaiveNameMatches(pattern.substr(1), name) ||
           (!name.empty() && NaiveNameMatches(pattern, name.substr(1)));
  }
  return !name.empty() && pattern[0] == name[0] &&
         NaiveNameMatches(pattern.substr(1), name.substr(1));
}

TEST(FieldPatternModel, StarsStandForAnyBytes) {
  SeededRandom random(875);
  size_t matched = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string pattern, name;
    for (uint64_t left = random.Below(7); left > 0; --left) pattern += "ab*"[random.Below(3)];
    for (uint64_t left = random.Below(8); left > 0; --left) name += "ab"[random.Below(2)];
    const bool wanted = NaiveNameMatches(pattern, name);
    matched += wanted;
    ASSERT_EQ(FieldNameMatches(pattern, name), wanted) << pattern << " " << name;
  }
  EXPECT_GT(matched, 200u);
  // The product of the lengths at most, where trying every split would take years.
  const std::string stars = [] {
    std::string all;
    for (int i = 0; i < 100; ++i) all += "a*";
    return all;
  }();
  EXPECT_FALSE(FieldNameMatches(stars + "b", std::string(250, 'a')));
  EXPECT_TRUE(FieldNameMatches(stars, std::string(250, 'a')));
}

}  // namespace
}  // namespace segue

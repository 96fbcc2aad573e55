// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_pattern_queries.h"

#include <gtest/gtest.h>
#include <regex.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "corpus/game_bands.h"
#include "corpus/game_line.h"
#include "engine/base/check.h"
#include "tests/corpus/game_testing.h"

namespace segue {
namespace {

using Sign = GameClause::Sign;

const GameModel& Model() {
  static const GameModel model = ModelOfMadeUpWords();
  return model;
}

const std::vector<GameQuery>& Queries() {
  static const std::vector<GameQuery> queries = DrawPatternQueries(Model(), {.count = 450});
  return queries;
}

// A regular expression of POSIX, for whole texts.
class Expression {
 public:
  explicit Expression(const std::string& text) {
    EXPECT_EQ(regcomp(&compiled_, ("^(" + text + ")$").c_str(), REG_EXTENDED | REG_NOSUB), 0);
  }
  ~Expression() { regfree(&compiled_); }
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;
  bool Matches(const std::string& text) const {
    return regexec(&compiled_, text.c_str(), 0, nullptr, 0) == 0;
  }

 private:
  regex_t compiled_;
};

std::string TagOf(const GameQuery& query, std::string_view begins) {
  for (const std::string& tag : query.tags) {
    if (tag.starts_with(begins)) return tag.substr(begins.size());
  }
  return "";
}

// Edits with neighbours swapped, no part twice.
size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      d[i][j] = i == 0 ? j : j == 0 ? i : std::min(d[i - 1][j], d[i][j - 1]) + 1;
      if (i == 0 || j == 0) continue;
      d[i][j] = std::min(d[i][j], d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

// The words of the corpus that a pattern stands for, by other means than an engine's.
std::set<std::string> WordsOf(const std::string& pattern) {
  std::set<std::string> found;
  const size_t tilde = pattern.find('~');
  const bool is_regexp = pattern.front() == '/';
  const Expression regexp(is_regexp ? pattern.substr(1, pattern.size() - 2) : "");
  for (uint32_t number = 0; number < Model().words().size(); ++number) {
    const std::string word(Model().words().Word(number));
    const bool matches =
        is_regexp ? regexp.Matches(word)
        : tilde != pattern.npos
            ? Distance(word, pattern.substr(0, tilde)) <= size_t(pattern[tilde + 1] - '0')
            : word.starts_with(pattern.substr(0, pattern.size() - 1));
    if (matches) found.insert(word);
  }
  return found;
}

bool AnyDocumentHas(const std::string& word, const std::set<std::string>& any) {
  const uint32_t number = Model().words().Find(word);
  for (size_t i = 0; i < Model().documents(); ++i) {
    const std::span<const uint32_t> document = Model().Document(i);
    if (std::find(document.begin(), document.end(), number) == document.end()) continue;
    for (const uint32_t other : document) {
      if (any.contains(std::string(Model().words().Word(other)))) return true;
    }
  }
  return false;
}

TEST(PatternQueries, AllClassesEvenlyWithoutDuplicates) {
  std::map<std::string, size_t> classes;
  std::set<std::string> seen;
  for (const GameQuery& query : Queries()) {
    ++classes[query.tags.at(0)];
    EXPECT_TRUE(seen.insert(QueryText(query) + "\t" + query.filter).second) << QueryText(query);
  }
  EXPECT_EQ(classes.size(), 9u);
  for (const auto& [name, count] : classes) EXPECT_EQ(count, 50u) << name;
}

TEST(PatternQueries, DependOnTheSeed) {
  EXPECT_EQ(DrawPatternQueries(Model(), {.count = 450}), Queries());
  EXPECT_NE(DrawPatternQueries(Model(), {.count = 450, .seed = 2}), Queries());
}

TEST(PatternQueries, FormsAreThoseOfTheirClasses) {
  const std::map<std::string, std::string> forms = {
      {"prefix", "[a-z0-9]{2,5}\\*"},
      {"prefix_and", "\\+[a-z0-9]+ \\+[a-z0-9]{2,5}\\*"},
      {"fuzzy1", "[a-z0-9]{4,}~1"},
      {"fuzzy2", "[a-z0-9]{6,}~2"},
      {"fuzzy_and", "\\+[a-z0-9]+ \\+([a-z0-9]{4,}~1|[a-z0-9]{6,}~2)"},
      {"regexp", "/[^/ ]+/"},
      {"regexp_and", "\\+[a-z0-9]+ \\+/[^/ ]+/"},
      {"range", "number:\\[[0-9]+ TO [0-9]+\\]"},
      {"range_filter", "[a-z0-9]+"}};
  for (const GameQuery& query : Queries()) {
    const std::string& form = forms.at(query.tags[0]);
    EXPECT_TRUE(Expression(form).Matches(QueryText(query))) << QueryText(query);
    EXPECT_EQ(query.filter.empty(), query.tags[0] != "range_filter") << QueryText(query);
  }
}

TEST(PatternQueries, EachHasMatches) {
  // Finding them out with regular expressions of others takes minutes in slow builds.
  size_t next = 0;
  for (const GameQuery& query : Queries()) {
    if (SEGUE_CHECKS_ON && ++next % 8 != 0) continue;
    const std::string& pattern = query.clauses.back().pattern;
    if (query.tags[0].starts_with("range")) continue;
    const std::set<std::string> words = WordsOf(pattern);
    EXPECT_FALSE(words.empty()) << QueryText(query);
    if (query.clauses.size() == 1) continue;
    EXPECT_TRUE(AnyDocumentHas(query.clauses[0].words[0], words)) << QueryText(query);
  }
}

TEST(PatternQueries, EveryBandAndFormComes) {
  std::map<std::string, std::set<std::string>> bands, forms;
  for (const GameQuery& query : Queries()) {
    bands[query.tags[0]].insert(TagOf(query, "bands:"));
    forms[query.tags[0]].insert(query.tags.back());
  }
  EXPECT_EQ(bands["prefix"].size(), 4u);
  EXPECT_EQ(bands["fuzzy1"].size(), 4u);
  EXPECT_GE(bands["fuzzy2"].size(), 2u);  // long words of this corpus are seldom frequent
  EXPECT_GE(bands["regexp_and"].size(), 6u);
  EXPECT_EQ(forms["prefix"].size(), 4u);
  EXPECT_EQ(forms["fuzzy1"], (std::set<std::string>{"edits:1", "edits:1 misspelt"}));
  EXPECT_EQ(forms["fuzzy_and"].size(), 4u);
  EXPECT_EQ(forms["regexp"],
            (std::set<std::string>{"any", "set", "gap", "ending", "either", "length"}));
}

TEST(PatternQueries, RangesPassTheirShare) {
  std::map<std::string, size_t> shares;
  for (const GameQuery& query : Queries()) {
    if (!query.tags[0].starts_with("range")) continue;
    const std::string& range = query.filter.empty() ? query.clauses[0].pattern : query.filter;
    unsigned from = 0, to = 0;
    ASSERT_EQ(std::sscanf(range.c_str(), "number:[%u TO %u]", &from, &to), 2) << range;
    EXPECT_LT(to, kGameNumbers);
    const std::string percent = TagOf(query, "percent:");
    EXPECT_EQ(to - from + 1, std::stod(percent) * 10'000) << range;
    ++shares[percent];
  }
  EXPECT_EQ(shares.size(), 4u);
  for (const auto& [percent, count] : shares) EXPECT_GE(count, 20u) << percent;
}

TEST(PatternQueries, LinesHoldThem) {
  GameQuery query;
  query.clauses.push_back({.sign = Sign::kMust, .words = {"new"}, .pattern = {}});
  query.clauses.push_back({.sign = Sign::kMust, .words = {}, .pattern = "yo*"});
  query.tags = {"prefix_and"};
  query.filter = "number:[1 TO 9]";
  EXPECT_EQ(QueryLine(query),
            R"({"query":"+new +yo*","tags":["prefix_and"],"filter":"number:[1 TO 9]"})");
}

TEST(PatternQueries, SmallCorporaGiveWhatTheyHave) {
  for (const GameQuery& query : DrawPatternQueries(ModelOf({"a"}), {.count = 90})) {
    EXPECT_EQ(query.tags[0], "range");  // needs no word
  }
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
#include "corpus/game_queries.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "corpus/catalogue_words.h"
#include "corpus/game_bands.h"
#include "corpus/game_given.h"
#include "corpus/game_line.h"
#include "corpus/game_query_maker.h"
#include "tests/corpus/game_testing.h"

namespace segue {
namespace {

using Strings = std::vector<std::string>;
using Sign = GameClause::Sign;

TEST(Bands, Edges) {
  constexpr uint64_t kDocuments = 1'000'000;
  EXPECT_EQ(BandOf(1, kDocuments), Band::kNone);
  EXPECT_EQ(BandOf(2, kDocuments), Band::kRare);
  EXPECT_EQ(BandOf(99, kDocuments), Band::kRare);
  EXPECT_EQ(BandOf(100, kDocuments), Band::kLow);
  EXPECT_EQ(BandOf(5000, kDocuments), Band::kLow);
  EXPECT_EQ(BandOf(5001, kDocuments), Band::kMiddle);
  EXPECT_EQ(BandOf(50'000, kDocuments), Band::kMiddle);
  EXPECT_EQ(BandOf(50'001, kDocuments), Band::kHigh);
  EXPECT_EQ(BandOf(kDocuments, kDocuments), Band::kHigh);
  EXPECT_EQ(BandOf(2, 3), Band::kHigh);
}

TEST(Bands, Tags) {
  const GameModel model = ModelOf({"a b", "b", "b"});
  EXPECT_EQ(BandsTag(model, std::vector<uint32_t>{0, 1}), "bands:high+none");
  GameQuery query;
  query.clauses = *ParseGameQuery("+\"a b\" +unknown");
  AddBandsTag(model, &query);
  EXPECT_EQ(query.tags, Strings{"bands:high+none+none"});
}

TEST(Bands, Combinations) {
  EXPECT_EQ(BandCombinations(1), (std::vector<std::vector<Band>>{
                                     {Band::kRare}, {Band::kLow}, {Band::kMiddle}, {Band::kHigh}}));
  EXPECT_EQ(BandCombinations(2).size(), 10u);
  EXPECT_EQ(BandCombinations(3).size(), 20u);
  EXPECT_EQ(BandCombinations(8).size(), 165u);
  for (const std::vector<Band>& bands : BandCombinations(3)) {
    EXPECT_TRUE(std::is_sorted(bands.begin(), bands.end()));
  }
}

const GameModel& Model() {
  static const GameModel model = ModelOfMadeUpWords();
  return model;
}

bool StandsIn(std::span<const uint32_t> document, const GameClause& clause) {
  std::vector<uint32_t> words;
  for (const std::string& word : clause.words) words.push_back(Model().words().Find(word));
  return std::search(document.begin(), document.end(), words.begin(), words.end()) !=
         document.end();
}

bool Matches(std::span<const uint32_t> document, const GameQuery& query) {
  bool any = false, must = false;
  for (const GameClause& clause : query.clauses) {
    const bool found = StandsIn(document, clause);
    if (clause.sign == Sign::kMust && !found) return false;
    if (clause.sign == Sign::kMustNot && found) return false;
    must |= clause.sign == Sign::kMust;
    any |= clause.sign == Sign::kMay && found;
  }
  return must || any;
}

bool HasResults(const GameQuery& query) {
  for (size_t i = 0; i < Model().documents(); ++i) {
    if (Matches(Model().Document(i), query)) return true;
  }
  return false;
}

const std::vector<GameQuery>& Thousand() {
  static const std::vector<GameQuery> queries = DrawGameQueries(Model(), {});
  return queries;
}

bool HasTag(const GameQuery& query, std::string_view tag) {
  return std::find(query.tags.begin(), query.tags.end(), tag) != query.tags.end();
}

TEST(GameQueries, AllClassesEvenlyWithoutDuplicates) {
  std::map<std::string, size_t> classes;
  std::set<std::string> seen;
  for (const GameQuery& query : Thousand()) {
    ++classes[query.tags.at(0)];
    EXPECT_TRUE(seen.insert(QueryText(query) + "\t" + query.filter).second) << QueryText(query);
  }
  EXPECT_EQ(Thousand().size(), 1000u);
  EXPECT_EQ(classes.size(), 16u);
  for (const auto& [name, count] : classes) EXPECT_TRUE(count == 62 || count == 63) << name;
}

TEST(GameQueries, DependOnTheSeed) {
  EXPECT_EQ(DrawGameQueries(Model(), {.count = 1000, .seed = 1}), Thousand());
  EXPECT_NE(DrawGameQueries(Model(), {.count = 1000, .seed = 2}), Thousand());
  // More of them begin with the same of each class.
  const std::vector<GameQuery> few = DrawGameQueries(Model(), {.count = 16, .seed = 1});
  ASSERT_EQ(few.size(), 16u);
  for (const GameQuery& query : few) {
    EXPECT_NE(std::find(Thousand().begin(), Thousand().end(), query), Thousand().end());
  }
}

TEST(GameQueries, WhatMustOccurTogetherDoes) {
  for (const GameQuery& query : Thousand()) EXPECT_TRUE(HasResults(query)) << QueryText(query);
}

// Sizes of the clauses, in the order must, may, must not; phrases count their words.
std::string FormOf(const GameQuery& query) {
  std::string must, may, must_not;
  for (const GameClause& clause : query.clauses) {
    std::string& form = clause.sign == Sign::kMust  ? must
                        : clause.sign == Sign::kMay ? may
                                                    : must_not;
    form += clause.words.size() == 1 ? "w" : std::to_string(clause.words.size());
  }
  return must + "|" + may + "|" + must_not;
}

TEST(GameQueries, Forms) {
  std::map<std::string, std::set<std::string>> forms;
  for (const GameQuery& query : Thousand()) forms[query.tags[0]].insert(FormOf(query));
  using Forms = std::set<std::string>;
  EXPECT_EQ(forms["term"], (Forms{"|w|"}));
  EXPECT_EQ(forms["and2"], (Forms{"ww||"}));
  EXPECT_EQ(forms["and3"], (Forms{"www||"}));
  EXPECT_EQ(forms["and_more"], (Forms{"wwww||", "wwwww||", "wwwwww||"}));
  EXPECT_EQ(forms["or2"], (Forms{"|ww|"}));
  EXPECT_EQ(forms["or3"], (Forms{"|www|"}));
  EXPECT_EQ(forms["or_more"], (Forms{"|wwww|", "|wwwww|", "|wwwwww|", "|wwwwwww|", "|wwwwwwww|"}));
  EXPECT_EQ(forms["phrase"], (Forms{"|2|", "|3|", "|4|", "|5|"}));
  EXPECT_EQ(forms["must_should"], (Forms{"w|w|", "w|ww|", "w|www|"}));
  EXPECT_EQ(forms["negated"], (Forms{"w||w", "ww||w"}));
  EXPECT_EQ(forms["two_phase"], (Forms{"2w||"}));
  EXPECT_EQ(forms["stop_words"].size(), 18u);  // 3 to 8 words, three ways
  for (const std::string& form : forms["long_or"]) {
    EXPECT_TRUE(form.size() >= 12 && form.size() <= 32) << form;
  }
  for (const char* filter : {"half", "twentieth", "rare"}) {
    EXPECT_EQ(forms[std::string("filtered_") + filter], (Forms{"ww||", "|ww|"}));
  }
}

TEST(GameQueries, FiltersBelongToTheirClassesAlone) {
  for (const GameQuery& query : Thousand()) {
    const bool filtered = query.tags[0].starts_with("filtered_");
    EXPECT_EQ(query.filter, filtered ? query.tags[0].substr(9) : "");
    EXPECT_EQ(filtered, !query.filter.empty() && IsFilterWord(query.filter));
    if (filtered) {
      EXPECT_EQ(query.tags[1], ClassOf(query.clauses));
    }
  }
}

TEST(GameQueries, EveryCombinationOfBandsComes) {
  std::map<std::string, std::set<std::string>> bands;
  for (const GameQuery& query : Thousand()) {
    std::vector<uint32_t> words;
    for (const GameClause& clause : query.clauses) {
      for (const std::string& word : clause.words) words.push_back(Model().words().Find(word));
    }
    for (const uint32_t word : words) {
      const bool any = query.tags[0] == "long_or";
      EXPECT_TRUE(any || Model().DocumentFrequency(word) >= 2) << QueryText(query);
    }
    for (const std::string& tag : query.tags) {
      if (!tag.starts_with("bands:")) continue;
      EXPECT_EQ(tag, BandsTag(Model(), words)) << QueryText(query);
      bands[query.tags[0]].insert(tag);
    }
  }
  EXPECT_EQ(bands["term"].size(), 4u);
  EXPECT_EQ(bands["and2"].size(), 10u);
  EXPECT_EQ(bands["or2"].size(), 10u);
  EXPECT_EQ(bands["or3"].size(), 20u);
  EXPECT_GE(bands["and3"].size(), 18u);
}

TEST(GameQueries, UnionsOfOneDocumentAndOfSeveral) {
  size_t apart = 0, all = 0;
  for (const GameQuery& query : Thousand()) {
    if (query.tags[0] != "or3") continue;
    ++all;
    if (HasTag(query, "apart")) {
      ++apart;
      continue;
    }
    GameQuery conjunction = query;
    for (GameClause& clause : conjunction.clauses) clause.sign = Sign::kMust;
    EXPECT_TRUE(HasResults(conjunction)) << QueryText(query);
  }
  EXPECT_NEAR(static_cast<double>(apart), static_cast<double>(all) / 2, 6);
}

TEST(GameQueries, StopWordsAreTwoThirds) {
  const StopWords stop_words(Model());
  size_t count = 0;
  for (uint32_t word = 0; word < Model().words().size(); ++word) {
    count += stop_words.Contains(word);
  }
  EXPECT_EQ(count, StopWords::kCount);
  std::map<std::string, size_t> shapes;
  for (const GameQuery& query : Thousand()) {
    if (query.tags[0] != "stop_words") continue;
    ++shapes[query.tags[1]];
    size_t found = 0, words = 0;
    for (const GameClause& clause : query.clauses) {
      for (const std::string& word : clause.words) {
        ++words;
        found += stop_words.Contains(Model().words().Find(word));
      }
    }
    EXPECT_GE(3 * found, 2 * words) << QueryText(query);
  }
  EXPECT_EQ(shapes.size(), 3u);
  for (const auto& [shape, queries] : shapes) EXPECT_GE(queries, 15u) << shape;
}

TEST(GameQueries, NegatedWordsStandBesideTheFirstOrAnywhere) {
  size_t beside = 0;
  for (const GameQuery& query : Thousand()) {
    if (query.tags[0] != "negated") continue;
    EXPECT_NE(HasTag(query, "beside"), HasTag(query, "anywhere"));
    if (!HasTag(query, "beside")) continue;
    ++beside;
    GameQuery both;
    both.clauses = {query.clauses.front(), query.clauses.back()};
    both.clauses.back().sign = Sign::kMust;
    EXPECT_TRUE(HasResults(both)) << QueryText(query);
  }
  EXPECT_GT(beside, 20u);
}

TEST(GameQueries, SmallCorporaGiveWhatTheyHave) {
  EXPECT_TRUE(DrawGameQueries(ModelOf({"a"}), {}).empty());
  const std::vector<GameQuery> queries =
      DrawGameQueries(ModelOf({"a b c", "c b a", "a c b d"}), {.count = 1000, .seed = 1});
  EXPECT_FALSE(queries.empty());
  EXPECT_LT(queries.size(), 200u);
  EXPECT_TRUE(DrawGameQueries(Model(), {.count = 0, .seed = 1}).empty());
}

}  // namespace
}  // namespace segue

// SPDX-License-Identifier: Apache-2.0
//
// The sweep over places against the definition: every pair of ends tried, every choice of places.
#include "engine/exec/proximity_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "tests/support/seeded_random.h"

namespace segue::exec {
namespace {

using Part = ProximityMatcher::Part;
using Places = std::vector<std::vector<uint32_t>>;  // by part
using Taken = std::set<std::pair<uint32_t, int64_t>>;

struct Query {
  std::vector<Part> parts;
  Proximity proximity;
  uint32_t slop;
};

bool Fits(const Query& query, const Places& places, size_t part, int64_t first, int64_t last,
          Taken* taken) {
  if (part == query.parts.size()) return true;
  for (const uint32_t place : places[part]) {
    const int64_t number = int64_t{place} - query.parts[part].position;
    if (number < first || number > last) continue;
    if (!taken->emplace(query.parts[part].words, place).second) continue;
    const int64_t next = query.proximity == Proximity::kOrdered ? number + 1 : first;
    if (Fits(query, places, part + 1, next, last, taken)) return true;
    taken->erase({query.parts[part].words, place});
  }
  return false;
}

float NaiveFreq(const Query& query, const Places& places) {
  std::set<int64_t> numbers;
  for (size_t i = 0; i < places.size(); ++i) {
    for (const uint32_t place : places[i]) {
      numbers.insert(int64_t{place} - query.parts[i].position);
    }
  }
  const auto fits = [&](int64_t first, int64_t last) {
    Taken taken;
    return Fits(query, places, 0, first, last, &taken);
  };
  float freq = 0;
  for (const int64_t first : numbers) {
    for (const int64_t last : numbers) {
      if (last < first || !fits(first, last)) continue;
      if (fits(first + 1, last) || fits(first, last - 1)) continue;
      int64_t excess = last - first;
      if (query.proximity != Proximity::kPhrase) {
        excess = std::max<int64_t>(0, excess + 1 - static_cast<int64_t>(places.size()));
      }
      if (excess <= query.slop) freq += 1.0f / (1.0f + static_cast<float>(excess));
    }
  }
  return freq;
}

float Freq(const Query& query, const Places& places, ProximityMatcher::Spans* spans = nullptr) {
  ProximityMatcher matcher(query.parts, query.proximity, query.slop);
  const std::vector<std::span<const uint32_t>> views(places.begin(), places.end());
  const float freq = matcher.Freq(views, spans);
  EXPECT_EQ(matcher.Freq(views, nullptr), freq);  // starts afresh
  return freq;
}

std::vector<uint32_t> RandomPlaces(SeededRandom& random) {
  std::set<uint32_t> places;
  for (uint64_t i = random.Between(1, 7); i > 0; --i) {
    places.insert(static_cast<uint32_t>(random.Below(16)));
  }
  return {places.begin(), places.end()};
}

TEST(ProximityMatcherTest, FindsWhatTheDefinitionSays) {
  SeededRandom random(70);
  int matching = 0;
  for (int round = 0; round < 4000; ++round) {
    Query query{.parts = {},
                .proximity = static_cast<Proximity>(random.Below(3)),
                .slop = static_cast<uint32_t>(random.Below(8))};
    Places places;
    for (uint64_t i = random.Between(1, 4); i > 0; --i) {
      const auto number = static_cast<uint32_t>(places.size());
      // Often the words of a part before, sometimes other words with some of the same places.
      const uint32_t like =
          random.OneIn(3) ? static_cast<uint32_t>(random.Below(number + 1)) : number;
      const uint32_t words = like < number ? query.parts[like].words : number;
      const uint32_t position =
          query.proximity == Proximity::kPhrase ? static_cast<uint32_t>(random.Below(5)) : 0;
      query.parts.push_back({.position = position, .words = words});
      places.push_back(words < number ? Places::value_type(places[words]) : RandomPlaces(random));
    }
    const float freq = Freq(query, places);
    ASSERT_EQ(freq, NaiveFreq(query, places)) << "round " << round;
    size_t sum = 0, least = SIZE_MAX;
    for (const std::vector<uint32_t>& part : places) {
      sum += part.size();
      least = std::min(least, part.size());
    }
    const ProximityMatcher matcher(query.parts, query.proximity, query.slop);
    ASSERT_LE(freq, static_cast<float>(matcher.is_strict() ? least : sum)) << "round " << round;
    matching += freq > 0;
  }
  EXPECT_GT(matching, 1000);
}

TEST(ProximityMatcherTest, Examples) {
  const std::vector<Part> two = {{0, 0}, {1, 1}};
  EXPECT_EQ(Freq({two, Proximity::kPhrase, 0}, {{3, 9}, {4, 7}}), 1.0f);
  EXPECT_EQ(Freq({two, Proximity::kPhrase, 2}, {{3}, {6}}), 1.0f / 3);
  EXPECT_EQ(Freq({two, Proximity::kPhrase, 2}, {{4}, {3}}), 1.0f / 3);  // swapped
  EXPECT_EQ(Freq({two, Proximity::kPhrase, 1}, {{4}, {3}}), 0.0f);
  const std::vector<Part> same = {{0, 0}, {1, 0}};
  EXPECT_EQ(Freq({same, Proximity::kPhrase, 5}, {{4}, {4}}), 0.0f);
  EXPECT_EQ(Freq({same, Proximity::kPhrase, 0}, {{4, 5, 6}, {4, 5, 6}}), 2.0f);
  const std::vector<Part> anywhere = {{0, 0}, {0, 1}};
  EXPECT_EQ(Freq({anywhere, Proximity::kNear, 1}, {{2, 10}, {4, 9}}), 0.5f + 1.0f);
  EXPECT_EQ(Freq({anywhere, Proximity::kOrdered, 1}, {{2, 10}, {4, 9}}), 0.5f);
}

TEST(ProximityMatcherTest, SpansAreThePlacesOfMatches) {
  ProximityMatcher::Spans spans;
  Freq({{{0, 0}, {2, 1}}, Proximity::kPhrase, 1}, {{1, 5}, {4, 7}}, &spans);
  EXPECT_EQ(spans, (ProximityMatcher::Spans{{1, 5}, {5, 8}}));
  spans.clear();
  Freq({{{0, 0}, {0, 1}}, Proximity::kOrdered, 3}, {{1, 5}, {4}}, &spans);
  EXPECT_EQ(spans, (ProximityMatcher::Spans{{1, 5}}));
}

}  // namespace
}  // namespace segue::exec

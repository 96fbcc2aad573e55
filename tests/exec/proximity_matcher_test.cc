// SPDX-License-Identifier: Apache-2.0
//
// The sweep over places against the definition: every pair of ends tried, every choice of places.
#include "engine/exec/proximity_matcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "engine/exec/span_filter.h"
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
  uint32_t at_least = 0;

  size_t wanted() const { return at_least == 0 ? parts.size() : at_least; }
};

bool Fits(const Query& query, const Places& places, size_t part, size_t left_out, int64_t first,
          int64_t last, Taken* taken) {
  if (part == query.parts.size()) return true;
  for (const uint32_t place : places[part]) {
    const int64_t number = int64_t{place} - query.parts[part].position;
    if (number < first || number > last) continue;
    if (!taken->emplace(query.parts[part].words, place).second) continue;
    const int64_t next = query.proximity == Proximity::kOrdered ? number + 1 : first;
    if (Fits(query, places, part + 1, left_out, next, last, taken)) return true;
    taken->erase({query.parts[part].words, place});
  }
  return left_out > 0 && Fits(query, places, part + 1, left_out - 1, first, last, taken);
}

// Of kNear and kOrdered *spans are the windows.
float NaiveFreq(const Query& query, const Places& places, Spans* spans) {
  std::set<int64_t> numbers;
  for (size_t i = 0; i < places.size(); ++i) {
    for (const uint32_t place : places[i]) {
      numbers.insert(int64_t{place} - query.parts[i].position);
    }
  }
  const auto fits = [&](int64_t first, int64_t last) {
    Taken taken;
    return Fits(query, places, 0, places.size() - query.wanted(), first, last, &taken);
  };
  float freq = 0;
  for (const int64_t first : numbers) {
    for (const int64_t last : numbers) {
      if (last < first || !fits(first, last)) continue;
      if (fits(first + 1, last) || fits(first, last - 1)) continue;
      int64_t excess = last - first;
      if (query.proximity != Proximity::kPhrase) {
        excess = std::max<int64_t>(0, excess + 1 - static_cast<int64_t>(query.wanted()));
      }
      if (excess > query.slop) continue;
      freq += 1.0f / (1.0f + static_cast<float>(excess));
      spans->emplace_back(first, last + 1);
    }
  }
  return freq;
}

float Freq(const Query& query, const Places& places, Spans* spans = nullptr) {
  ProximityMatcher matcher(query.parts, query.proximity, query.slop, query.at_least);
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
    const uint64_t count = random.Between(1, 5);
    if (query.proximity == Proximity::kNear && random.OneIn(2)) {
      query.at_least = static_cast<uint32_t>(random.Between(1, count));
    }
    for (uint64_t i = count; i > 0; --i) {
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
    Spans spans, naive_spans;
    const float freq = Freq(query, places, &spans);
    ASSERT_EQ(freq, NaiveFreq(query, places, &naive_spans)) << "round " << round;
    if (query.proximity != Proximity::kPhrase) {
      ASSERT_EQ(spans, naive_spans) << "round " << round;
    }
    size_t sum = 0, least = SIZE_MAX;
    for (const std::vector<uint32_t>& part : places) {
      sum += part.size();
      least = std::min(least, part.size());
    }
    const ProximityMatcher matcher(query.parts, query.proximity, query.slop, query.at_least);
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
  const std::vector<Part> three = {{0, 0}, {0, 1}, {0, 2}};
  EXPECT_EQ(Freq({three, Proximity::kNear, 3, 2}, {{1}, {3}, {10}}), 0.5f);
  EXPECT_EQ(Freq({three, Proximity::kNear, 0, 2}, {{1}, {}, {2}}), 1.0f);  // one has no place
  EXPECT_EQ(Freq({three, Proximity::kNear, 0, 1}, {{1, 7}, {1}, {2}}), 3.0f);
  EXPECT_EQ(Freq({anywhere, Proximity::kOrdered, 1}, {{2, 10}, {4, 9}}), 0.5f);
}

// Every relation against the definition, over spans of all kinds.
TEST(SpanFilterTest, AcceptsWhatTheDefinitionSays) {
  SeededRandom random(71);
  int accepted = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto relation = static_cast<SpanRelation>(random.Below(4));
    const bool around =
        relation == SpanRelation::kContaining || relation == SpanRelation::kNotContaining;
    SpanFilter filter(relation);
    filter.Clear()->emplace_back(0, 1);  // of the document before
    Spans* const others = filter.Clear();
    for (uint64_t i = random.Below(6); i > 0; --i) {
      const auto begin = static_cast<uint32_t>(random.Below(20));
      others->emplace_back(begin, begin + 1 + static_cast<uint32_t>(random.Below(6)));
    }
    const Spans copy = *others;
    filter.Arrange();
    for (uint32_t begin = 0; begin < 22; ++begin) {
      for (uint32_t end = begin + 1; end < begin + 8; ++end) {
        const bool any = std::any_of(copy.begin(), copy.end(), [&](const auto& other) {
          return around ? begin <= other.first && other.second <= end
                        : other.first <= begin && end <= other.second;
        });
        ASSERT_EQ(filter.Accepts(begin, end), any == filter.needs_others()) << "round " << round;
        accepted += filter.Accepts(begin, end) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(accepted, 1000);
}

TEST(ProximityMatcherTest, OnlyWhatAFilterAcceptsCounts) {
  SpanFilter filter(SpanRelation::kContaining);
  *filter.Clear() = {{3, 4}};
  filter.Arrange();
  ProximityMatcher matcher({{0, 0}, {0, 1}}, Proximity::kNear, 9);
  const std::vector<uint32_t> a = {2, 10}, b = {4, 11};
  const std::vector<std::span<const uint32_t>> places = {a, b};
  Spans spans;
  EXPECT_EQ(matcher.Freq(places, &spans, &filter), 0.5f);
  EXPECT_EQ(spans, (Spans{{2, 5}}));
}

TEST(ProximityMatcherTest, SpansAreThePlacesOfMatches) {
  Spans spans;
  Freq({{{0, 0}, {2, 1}}, Proximity::kPhrase, 1}, {{1, 5}, {4, 7}}, &spans);
  EXPECT_EQ(spans, (Spans{{1, 5}, {5, 8}}));
  spans.clear();
  Freq({{{0, 0}, {0, 1}}, Proximity::kOrdered, 3}, {{1, 5}, {4}}, &spans);
  EXPECT_EQ(spans, (Spans{{1, 5}}));
}

}  // namespace
}  // namespace segue::exec

// SPDX-License-Identifier: Apache-2.0
//
// More than a thousand queries that nobody means well with: each is answered, and then rightly, or
// refused with one of two codes, within 100 ms, 64 MiB and a stack of 256 KiB.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>

#include "engine/base/limits.h"
#include "engine/base/strings.h"
#include "segue/query_parser.h"
#include "segue/status.h"
#include "tests/hostile/hostile_world.h"
#include "tests/hostile/measured.h"
#include "tests/hostile/query_families.h"

namespace segue {
namespace {

// On a machine that is busy a call may take longer than it costs; its best time of a few counts.
constexpr int kTries = 4;

const Snapshot& World() {
  static const HostileWorld world;
  return world.snapshot();
}

// Options that are hostile themselves, now and then.
SearchOptions DrawOptions(SeededRandom& random) {
  SearchOptions options;
  // The query itself and its plan come on top.
  options.memory_limit_bytes = size_t{56} << 20;
  constexpr uint32_t kCounts[] = {0, 1, 10, 10, 10, 1000, 10000, 10001, UINT32_MAX};
  options.k = kCounts[random.Below(std::size(kCounts))];
  options.count = static_cast<CountMode>(random.Below(3));
  if (random.OneIn(8)) options.count_at_least = random.OneIn(2) ? 0 : UINT64_MAX;
  constexpr float kNumbers[] = {0,
                                1,
                                -1,
                                1e38f,
                                std::numeric_limits<float>::infinity(),
                                std::numeric_limits<float>::quiet_NaN()};
  if (random.OneIn(16)) options.k1 = kNumbers[random.Below(std::size(kNumbers))];
  if (random.OneIn(16)) options.b = kNumbers[random.Below(std::size(kNumbers))];
  if (random.OneIn(4)) options.similarity = static_cast<Similarity>(random.Below(8));
  if (random.OneIn(16)) options.delta = kNumbers[random.Below(std::size(kNumbers))];
  if (random.OneIn(16)) options.mu = kNumbers[random.Below(std::size(kNumbers))];
  if (random.OneIn(30)) options.memory_limit_bytes = random.Below(100000);
  return options;
}

// What is wrong with an answer; nothing if it is right.
std::string WrongIn(const Query& query, const SearchOptions& options,
                    const absl::StatusOr<SearchResult>& result) {
  if (!result.ok()) {
    const ErrorCode code = CodeOf(result.status());
    const bool refused =
        code == ErrorCode::kInvalidArgument || code == ErrorCode::kResourceExhausted;
    if (refused && !result.status().message().empty()) return {};
    return result.status().ToString();
  }
  for (size_t i = 0; i < result->hits.size(); ++i) {
    const Hit& hit = result->hits[i];
    if (hit.doc >= World().doc_count()) return Cat("document ", hit.doc);
    if (std::isnan(hit.score) || hit.score < 0) return Cat("a score of ", hit.score);
    if (i > 0 && !RanksBefore(result->hits[i - 1], hit)) return Cat("hit ", i, " is out of order");
  }
  SearchOptions all = options;
  all.exhaustive = true;
  const auto expected = World().Search(query, all);
  // What skips less may need more.
  if (CodeOf(expected.status()) == ErrorCode::kResourceExhausted) return {};
  if (!expected.ok()) return expected.status().ToString();
  if (result->hits != expected->hits) {
    return Cat("other hits than those of all documents: the first ", options.k, " of ",
               query.ToString());
  }
  if (options.count == CountMode::kExact && result->total != expected->total) return "other total";
  return {};
}

class HostileQueries : public ::testing::Test {
 protected:
  using MakeQuery = std::function<absl::StatusOr<Query>()>;

  static void SetUpTestSuite() { World(); }

  // Makes the query, searches, and looks at one document; all of it on a small stack.
  void Ask(const char* family, uint64_t number, const MakeQuery& make,
           const SearchOptions& options) {
    RunOnSmallStack([&] {
      SCOPED_TRACE(Cat(family, " ", number));
      const auto one = [&](const char* call, const std::function<void()>& run) {
        Cost cost = Measure(run);
        for (int i = 1; i < kTries && !IsWithin(cost, kHostileCost); ++i) cost = Measure(run);
        EXPECT_TRUE(IsWithin(cost, kHostileCost)) << call << " took " << cost.ToString();
        Note(family, cost);
      };
      absl::StatusOr<Query> query = Query();
      one("making it", [&] { query = make(); });
      if (!query.ok()) {
        const ErrorCode code = CodeOf(query.status());
        EXPECT_TRUE(code == ErrorCode::kInvalidArgument || code == ErrorCode::kResourceExhausted)
            << query.status();
        ++refused_;
        return;
      }
      absl::StatusOr<SearchResult> result = SearchResult();
      one("the search", [&] { result = World().Search(*query, options); });
      EXPECT_EQ(WrongIn(*query, options, result), "");
      ++(result.ok() ? answered_ : refused_);
      const uint64_t doc = number * 7919 % World().doc_count();
      one("Explain", [&] { (void)World().Explain(*query, doc, options); });
      one("Matches", [&] { (void)World().Matches(*query, doc); });
      one("Suggest", [&] { (void)World().Suggest(*query, kMaxSuggestedTerms); });
      if (query->Validate().ok()) one("printing", [&] { (void)query->ToString(); });
    });
  }

  void Note(const char* family, const Cost& cost) {
    Cost& most = most_[family];
    most.milliseconds = std::max(most.milliseconds, cost.milliseconds);
    most.peak_bytes = std::max(most.peak_bytes, cost.peak_bytes);
  }

  void TearDown() override {
    for (const auto& [family, cost] : most_) {
      std::printf("%-20s at most %s\n", family, cost.ToString().c_str());
    }
    std::printf("%zu answered, %zu refused\n", answered_, refused_);
  }

  std::map<const char*, Cost> most_;
  size_t answered_ = 0;
  size_t refused_ = 0;
};

TEST_F(HostileQueries, Typed) {
  SeededRandom random(10);
  for (const TextFamily& family : QueryTextFamilies()) {
    for (uint64_t i = 0; i < kQueriesInFamily; ++i) {
      const std::string text = family.draw(random, i);
      if (!random.OneIn(kShare)) continue;
      const Schema& schema = World().schema();
      ParseOptions parse;
      parse.default_operator = random.OneIn(2) ? DefaultOperator::kOr : DefaultOperator::kAnd;
      if (random.OneIn(2)) parse.schema = &schema;
      const bool strict = random.OneIn(4);
      const auto make = [&]() -> absl::StatusOr<Query> {
        if (strict) return ParseQueryStrict(text, parse);
        return ParseQuery(text, parse).query;
      };
      Ask(family.name, i, make, DrawOptions(random));
    }
  }
  if (kShare == 1) {  // of few, any number may be refused
    EXPECT_GE(answered_ + refused_, 500u);
    EXPECT_GT(answered_, 50u);
    EXPECT_GT(refused_, 25u);
  } else {
    EXPECT_GT(answered_ + refused_, 20u);
  }
}

TEST_F(HostileQueries, AsJson) {
  SeededRandom random(11);
  for (const TextFamily& family : QueryJsonFamilies()) {
    for (uint64_t i = 0; i < kQueriesInFamily; ++i) {
      const std::string json = family.draw(random, i);
      if (!random.OneIn(kShare)) continue;
      Ask(
          family.name, i, [&] { return Query::FromJson(json); }, DrawOptions(random));
    }
  }
  if (kShare == 1) {  // of few, any number may be refused
    EXPECT_GE(answered_ + refused_, 300u);
    EXPECT_GT(answered_, 15u);
    EXPECT_GT(refused_, 50u);
  } else {
    EXPECT_GT(answered_ + refused_, 20u);
  }
}

TEST_F(HostileQueries, Built) {
  SeededRandom random(12);
  for (const QueryFamily& family : BuiltQueryFamilies()) {
    for (uint64_t i = 0; i < kQueriesInFamily; ++i) {
      if (!random.OneIn(kShare)) continue;
      const SeededRandom start = random;
      const auto make = [&]() -> absl::StatusOr<Query> {
        random = start;
        return family.draw(random, i);
      };
      Ask(family.name, i, make, DrawOptions(random));
    }
  }
  if (kShare == 1) {  // of few, any number may be refused
    EXPECT_GE(answered_ + refused_, 250u);
    EXPECT_GT(answered_, 25u);
    EXPECT_GT(refused_, 25u);
  } else {
    EXPECT_GT(answered_ + refused_, 20u);
  }
}

}  // namespace
}  // namespace segue

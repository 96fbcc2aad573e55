// SPDX-License-Identifier: Apache-2.0
#include "segue/statistics.h"

#include <gtest/gtest.h>

#include "segue/status.h"

namespace segue {
namespace {

Statistics Sample() {
  Statistics statistics;
  statistics.AddField("text", {.doc_count = 10, .sum_total_freq = 100});
  statistics.AddTerm("text", "jazz", 3, 7);
  statistics.AddTerm("text", std::string("\0\xff", 2), 1);
  statistics.AddTerm("title", "jazz", 2);
  return statistics;
}

TEST(StatisticsTest, LookUp) {
  Statistics statistics = Sample();
  EXPECT_EQ(statistics.Field("text"), (FieldStatistics{.doc_count = 10, .sum_total_freq = 100}));
  EXPECT_EQ(statistics.Field("other"), FieldStatistics());
  EXPECT_EQ(statistics.DocFreq("text", "jazz"), 3u);
  EXPECT_EQ(statistics.Term("text", "jazz"), (TermStatistics{.doc_freq = 3, .total_freq = 7}));
  EXPECT_EQ(statistics.DocFreq("title", "jazz"), 2u);
  EXPECT_EQ(statistics.DocFreq("title", "blues"), 0u);
}

TEST(StatisticsTest, MergeAddsAndCommutes) {
  Statistics a = Sample();
  Statistics b;
  b.AddField("text", {.doc_count = 1, .sum_total_freq = 7});
  b.AddTerm("text", "jazz", 1, 5);
  b.AddTerm("text", "blues", 4);
  Statistics ab = a;
  ab.Merge(b);
  Statistics ba = b;
  ba.Merge(a);
  EXPECT_EQ(ab, ba);
  EXPECT_EQ(ab.Serialize(), ba.Serialize());
  EXPECT_EQ(ab.Term("text", "jazz"), (TermStatistics{.doc_freq = 4, .total_freq = 12}));
  EXPECT_EQ(ab.Field("text").sum_total_freq, 107u);
  a.Merge(a);
  EXPECT_EQ(a.DocFreq("text", "jazz"), 6u);
}

TEST(StatisticsTest, SumsSaturate) {
  Statistics statistics;
  statistics.AddTerm("f", "t", UINT64_MAX, UINT64_MAX);
  statistics.AddTerm("f", "t", 5, 5);
  EXPECT_EQ(statistics.Term("f", "t"), (TermStatistics{UINT64_MAX, UINT64_MAX}));
}

TEST(StatisticsTest, RoundTrip) {
  for (const Statistics& statistics : {Statistics(), Sample()}) {
    absl::StatusOr<Statistics> back = Statistics::Parse(statistics.Serialize());
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, statistics);
  }
}

TEST(StatisticsTest, DamageIsRefused) {
  std::string bytes = Sample().Serialize();
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(CodeOf(Statistics::Parse(bytes.substr(0, length)).status()),
              ErrorCode::kInvalidArgument);
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_FALSE(Statistics::Parse(damaged).ok()) << i;
    }
  }
  EXPECT_FALSE(Statistics::Parse(bytes + "x").ok());
}

}  // namespace
}  // namespace segue

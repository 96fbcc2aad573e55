// SPDX-License-Identifier: Apache-2.0
//
// ColumnScorer against looking at every value, by blocks and by the order of values; and score
// functions of a column's values around another scorer.
#include "engine/exec/column_scorer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/exec/column_function.h"
#include "engine/exec/function_scorer.h"
#include "engine/format/column_format.h"
#include "engine/rank/value_function.h"
#include "tests/exec/grudging_scorer.h"
#include "tests/exec/scorer_contract.h"
#include "tests/exec/small_column.h"

namespace segue::exec {
namespace {

// Values of documents: of all or some of them, one or several, that follow the documents or not.
SmallColumn RandomColumn(SeededRandom* random, uint32_t doc_count, ValueType type, bool multi) {
  SmallColumn::Values values(doc_count);
  const uint64_t without = random->Below(4);  // in so many of 4 documents
  const bool follows = random->OneIn(3), empty_blocks = random->OneIn(3);
  for (DocId doc = 0; doc < doc_count; ++doc) {
    if (random->Below(4) < without || (empty_blocks && doc / 1024 % 2 == 1)) continue;
    for (uint64_t i = multi ? random->Between(1, 3) : 1; i > 0; --i) {
      auto value = static_cast<int64_t>(random->Below(2000)) - 1000;
      if (follows) value = doc + static_cast<int64_t>(random->Below(100));
      if (type == ValueType::kBool) value &= 1;
      if (type == ValueType::kFloat64) value = OrderedFromDouble(static_cast<double>(value) / 8);
      values[doc].push_back(value);
    }
  }
  return SmallColumn(std::move(values), type, multi);
}

constexpr ValueType kTypes[] = {ValueType::kInt64, ValueType::kFloat64, ValueType::kBool,
                                ValueType::kTimestamp};

bool IsWanted(const std::vector<int64_t>& values, const ValueRanges& wanted) {
  return std::any_of(values.begin(), values.end(), [&](int64_t value) {
    return std::any_of(
        wanted.ranges().begin(), wanted.ranges().end(),
        [&](const ValueRange& range) { return range.low <= value && value <= range.high; });
  });
}

// Around values that there are, or nothing at all.
ValueRanges RandomRanges(SeededRandom* random, const SmallColumn& column) {
  std::vector<int64_t> some = {0};
  for (int i = 0; i < 4; ++i) {
    const auto& values = column.of(static_cast<DocId>(random->Below(column.doc_count())));
    some.insert(some.end(), values.begin(), values.end());
  }
  switch (random->Below(5)) {
    case 0:
      return ValueRanges::Of(some);
    case 1:
      return ValueRanges::All();
    case 2:
      return {some.back(), some.back()};
    case 3:
      return {1, 0};
    default:
      return {*std::min_element(some.begin(), some.end()),
              *std::max_element(some.begin(), some.end())};
  }
}

DocScores ScoresOf(const SmallColumn& column, const ValueRanges& wanted, float score) {
  DocScores scores;
  for (DocId doc = 0; doc < column.doc_count(); ++doc) {
    if (IsWanted(column.of(doc), wanted)) scores[doc] = score;
  }
  return scores;
}

TEST(ColumnScorerTest, KeepsTheContract) {
  SeededRandom random(251);
  for (int round = 0; round < 40; ++round) {
    constexpr uint32_t kDocCounts[] = {1, 1024, 1025, 4097, 20000};
    const uint32_t doc_count = kDocCounts[round % 5];
    const SmallColumn column =
        RandomColumn(&random, doc_count, kTypes[random.Below(4)], /*multi=*/random.OneIn(3));
    const WantedValues wanted{.sure = RandomRanges(&random, column)};
    const DocScores want = ScoresOf(column, wanted.sure, 1.5F);
    const uint64_t asked = random.OneIn(3) ? 0 : doc_count;
    const MakeScorer make = [&](SearchContext* context) {
      auto scorer = std::make_unique<ColumnScorer>(column.column(), &wanted, 1.5F, "n", context);
      const bool by_order = asked != 0;
      EXPECT_TRUE(!by_order || scorer->UseOrder(asked).ok());
      return scorer;
    };
    SCOPED_TRACE(testing::Message()
                 << "round " << round << " of " << doc_count << ", asked " << asked);
    ExpectScorer(make, want, doc_count, &random);
    ExpectExplained(make, want, doc_count, &random);
    if (HasFailure()) return;
  }
}

// A column of many values in no order has the documents by value. A narrow range is taken from
// there, and known to be so narrow at once.
class OrderedColumnTest : public ::testing::Test {
 protected:
  // So many values of no order: see value_order_test.
  static constexpr uint32_t kDocs = 18000;

  explicit OrderedColumnTest() {
    SeededRandom random(252);
    SmallColumn::Values values(kDocs);
    for (auto& of_doc : values) of_doc.push_back(static_cast<int64_t>(random.Next() >> 20));
    column_ = std::make_unique<SmallColumn>(std::move(values), ValueType::kInt64, false);
    EXPECT_FALSE(column_->column()->order().empty());
    for (DocId doc = 0; doc < kDocs; ++doc) sorted_.emplace_back(column_->of(doc).front(), doc);
    std::sort(sorted_.begin(), sorted_.end());
  }

  // Of the values from the first-th least on, so many.
  ValueRanges Range(size_t first, size_t count) const {
    return {sorted_[first].first, sorted_[first + count - 1].first};
  }
  std::vector<DocId> DocsOf(size_t first, size_t count) const {
    std::vector<DocId> docs;
    for (size_t i = first; i < first + count; ++i) docs.push_back(sorted_[i].second);
    std::sort(docs.begin(), docs.end());
    return docs;
  }

  const SearchOptions options_ = {};
  SearchContext context_{options_};
  std::unique_ptr<SmallColumn> column_;
  std::vector<std::pair<int64_t, DocId>> sorted_;
};

TEST_F(OrderedColumnTest, KnowsHowManyMatchAndWhichIfTheyAreFew) {
  for (const size_t count : {1, 2, 60, 500}) {
    for (const size_t first : {size_t{0}, size_t{511}, size_t{512}, kDocs - count}) {
      const WantedValues wanted{.sure = Range(first, count)};
      ColumnScorer scorer(column_->column(), &wanted, 1, "n", &context_);
      EXPECT_EQ(scorer.MatchCount(), std::nullopt);
      ASSERT_TRUE(scorer.UseOrder(kDocs).ok());
      EXPECT_EQ(scorer.MatchCount(), count);
      EXPECT_EQ(scorer.Cost(), count);
      EXPECT_EQ(scorer.FewMatches(count - 1), std::nullopt);
      EXPECT_EQ(scorer.FewMatches(count), DocsOf(first, count));
    }
  }
}

TEST_F(OrderedColumnTest, AWideRangeIsCountedButNotTakenFromTheOrder) {
  const WantedValues wanted{.sure = Range(10, 17000)};
  ColumnScorer scorer(column_->column(), &wanted, 1, "n", &context_);
  ASSERT_TRUE(scorer.UseOrder(kDocs).ok());
  EXPECT_EQ(scorer.MatchCount(), 17000U);
  EXPECT_EQ(scorer.FewMatches(kDocs), std::nullopt);
  EXPECT_EQ(scorer.NextCandidate(0), 0U) << "every block may have some";
}

// Whoever asks about few documents looks these up; the order would be more work.
TEST_F(OrderedColumnTest, IsNotUsedForFewDocuments) {
  const WantedValues wanted{.sure = Range(100, 50)};
  ColumnScorer scorer(column_->column(), &wanted, 1, "n", &context_);
  ASSERT_TRUE(scorer.UseOrder(1).ok());
  EXPECT_EQ(scorer.MatchCount(), std::nullopt);
  EXPECT_EQ(scorer.FewMatches(kDocs), std::nullopt);
}

TEST_F(OrderedColumnTest, WithoutMemoryItGoesByBlocks) {
  SearchOptions options;
  options.memory_limit_bytes = 8;
  SearchContext context(options);
  const WantedValues wanted{.sure = Range(100, 50)};
  ColumnScorer scorer(column_->column(), &wanted, 1, "n", &context);
  ASSERT_TRUE(scorer.UseOrder(kDocs).ok());
  EXPECT_EQ(scorer.FewMatches(kDocs), std::nullopt);
  DocMask all, out;
  std::vector<DocId> found;
  for (DocId begin = 0; begin < kDocs; begin += kWindowDocs) {
    const Window window = WindowOf(begin, kDocs);
    all.Fill(window.size());
    scorer.Match(window, all, &out);
    out.ForEach([&](uint32_t offset) { found.push_back(begin + offset); });
  }
  EXPECT_EQ(found, DocsOf(100, 50));
  EXPECT_TRUE(context.ok()) << context.status();
}

// --- Functions of values -------------------------------------------------------------------------

ScoreFunction RandomFunction(SeededRandom* random, ValueType type) {
  const auto value = [&](double number) {
    return type == ValueType::kFloat64 ? Value(number) : Value(static_cast<int64_t>(number));
  };
  ScoreFunction function;
  function.kind = static_cast<ScoreFunctionKind>(random->Below(8));
  function.field = "n";
  function.factor = random->OneIn(2) ? 1 : 0.01;
  function.pivot = static_cast<double>(random->Between(1, 50));
  if (IsDecay(function.kind)) function.origin = value(static_cast<double>(random->Below(900)));
  function.offset = static_cast<double>(random->Below(20));
  function.scale = static_cast<double>(random->Between(1, 300));
  function.decay = static_cast<double>(random->Between(1, 9)) / 10;
  function.weight = static_cast<double>(random->Below(5)) / 2;
  function.bias = static_cast<double>(random->Below(3)) / 2;
  function.combination = static_cast<ScoreCombination>(random->Below(5));
  if (random->OneIn(2)) function.missing = value(static_cast<double>(random->Below(100)));
  return function;
}

// What the header of ScoreFunction says of a document's values.
std::optional<double> NaiveOf(const ValueFunction& function, const std::vector<int64_t>& values,
                              bool doubles) {
  const auto number = [&](int64_t ordered) {
    return doubles ? DoubleFromOrdered(ordered) : static_cast<double>(ordered);
  };
  const auto of_number = [&](double v) {
    const ScoreFunction& of = function.function();
    if (!IsDecay(of.kind)) return function.OfValue(v);
    const double origin =
        doubles ? std::get<double>(*of.origin) : static_cast<double>(std::get<int64_t>(*of.origin));
    return function.OfDistance(std::abs(v - origin));
  };
  if (values.empty()) {
    const std::optional<Value>& missing = function.function().missing;
    if (!missing.has_value()) return std::nullopt;
    return of_number(doubles ? std::get<double>(*missing)
                             : static_cast<double>(std::get<int64_t>(*missing)));
  }
  double best = 0;
  for (const int64_t value : values) best = std::max(best, of_number(number(value)));
  return best;
}

TEST(ColumnFunctionTest, KnowsEachDocumentsValueAndWhatAWordHasAtMost) {
  SeededRandom random(253);
  for (int round = 0; round < 60; ++round) {
    const uint32_t doc_count = round % 3 == 0 ? 700 : 9000;
    const ValueType type = kTypes[random.Below(2)];
    const SmallColumn column = RandomColumn(&random, doc_count, type, random.OneIn(3));
    const ValueFunction function(RandomFunction(&random, type));
    const SearchOptions options;
    SearchContext context(options);
    ColumnFunction of_column(&function, column.column(), &context);
    for (DocId begin = 0; begin < doc_count; begin += kWindowDocs) {
      const Window window = WindowOf(begin, doc_count);
      const ColumnFunction::WordMost most = of_column.MostOf(window);
      for (int part = 0; part < 3; ++part) {
        DocMask docs;
        for (uint32_t i = 0; i < window.size(); ++i) {
          if (random.OneIn(4)) docs.Set(i);
        }
        of_column.Load(window, docs);
        docs.ForEach([&](uint32_t offset) {
          const std::optional<double> want =
              NaiveOf(function, column.of(begin + offset), type == ValueType::kFloat64);
          ASSERT_EQ(of_column.Of(offset), want) << "document " << begin + offset;
          const ColumnFunction::Most& of_word = most[offset / kWordDocs];
          ASSERT_TRUE(want.has_value() || of_word.any_without);
          ASSERT_TRUE(!want.has_value() || *want <= of_word.g.value_or(-1)) << *want;
        });
        if (HasFatalFailure()) return;
      }
    }
    EXPECT_TRUE(context.ok()) << context.status();
  }
}

TEST(FunctionScorerTest, KeepsTheContract) {
  SeededRandom random(254);
  for (int round = 0; round < 24; ++round) {
    const uint32_t doc_count = round % 3 == 0 ? 1000 : 9000;
    const ValueType type = kTypes[random.Below(2)];
    const SmallColumn column = RandomColumn(&random, doc_count, type, random.OneIn(3));
    const bool has_column = !random.OneIn(6);
    const ValueFunction function(RandomFunction(&random, type));
    const float boost = random.OneIn(2) ? 1 : 0.7F;
    const DocScores inner = RandomScores(&random, doc_count, doc_count / 3);
    DocScores want;
    for (const auto& [doc, score] : inner) {
      const std::vector<int64_t> none;
      want[doc] = function.Combine(
          score, NaiveOf(function, has_column ? column.of(doc) : none, type == ValueType::kFloat64),
          boost);
    }
    const MakeScorer make = [&](SearchContext* context) {
      return std::make_unique<FunctionScorer>(
          std::make_unique<GrudgingScorer>(&inner, "inner", &random), &function,
          has_column ? column.column() : nullptr, boost, "a function of n", context);
    };
    SCOPED_TRACE(testing::Message()
                 << "round " << round << ": kind " << static_cast<int>(function.function().kind)
                 << " combined by " << static_cast<int>(function.function().combination));
    ExpectScorer(make, want, doc_count, &random);
    ExpectExplained(make, want, doc_count, &random);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace segue::exec
